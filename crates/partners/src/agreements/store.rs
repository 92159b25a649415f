//! Agreements in SQL.

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Currency;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::{Kind, NewPrice, NewRate, Partner, PartnerId, Price, Rate};
use crate::words::UnknownWord;
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    code: String,
    programme: String,
    name_en: String,
    name_zh: String,
    kinds: Json<Vec<Kind>>,
    currency: String,
    mailbox: String,
    window_days: i64,
    shortfall: String,
    account_id: Uuid,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Partner {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            code: row.code,
            programme: row.programme,
            name_en: row.name_en,
            name_zh: row.name_zh,
            kinds: row.kinds.0,
            currency: Currency::parse(&row.currency).map_err(|_| UnknownWord)?,
            mailbox: row.mailbox,
            window_days: row.window_days,
            shortfall: row.shortfall.parse().map_err(|_| UnknownWord)?,
            account: row.account_id.into(),
            created_at: row.created_at,
        })
    }
}

const SELECT: &str = "SELECT id, code, programme, name_en, name_zh, kinds, currency, mailbox,
    window_days, shortfall, account_id, created_at FROM partner";

/// The partner, or `None`.
pub(crate) async fn by_id(tx: &mut Tx, id: PartnerId) -> Result<Option<Partner>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE id = ").bind(id.uuid());
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(Partner::try_from).transpose()
}

pub(crate) async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Partner>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE code = ").bind(code);
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(Partner::try_from).transpose()
}

pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Partner>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" ORDER BY code");
    let rows: Vec<Row> = tx.all(query.build()).await?;
    rows.into_iter().map(Partner::try_from).collect()
}

/// The partner, held until the end of the transaction: whoever writes about it waits.
pub(crate) async fn lock(tx: &mut Tx, id: PartnerId) -> Result<Partner> {
    tx.exec(sql("UPDATE partner SET code = code WHERE id = $1").bind(id.uuid())).await?;
    by_id(tx, id).await?.ok_or(Error::NotFound("partner"))
}

pub(super) async fn insert(tx: &mut Tx, partner: &Partner, actor: &Actor) -> Result<()> {
    tx.exec(
        sql("INSERT INTO partner (id, code, programme, name_en, name_zh, kinds, currency, mailbox,
                window_days, shortfall, account_id, created_at, created_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(partner.id.uuid())
        .bind(&partner.code)
        .bind(&partner.programme)
        .bind(&partner.name_en)
        .bind(&partner.name_zh)
        .bind(serde_json::to_value(&partner.kinds)?)
        .bind(partner.currency.as_str())
        .bind(&partner.mailbox)
        .bind(partner.window_days)
        .bind(partner.shortfall.as_str())
        .bind(partner.account.uuid())
        .bind(partner.created_at)
        .bind(actor.id),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_rate(
    tx: &mut Tx,
    id: PartnerId,
    new: &NewRate,
    now: DateTime<Utc>,
) -> Result<bool> {
    let written = tx
        .exec(
            sql("INSERT INTO partner_rate (partner_id, kind, valid_from, per, milli, most, added_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (partner_id, kind, valid_from) DO NOTHING")
            .bind(id.uuid())
            .bind(new.kind.as_str())
            .bind(new.valid_from)
            .bind(new.per.as_str())
            .bind(new.milli)
            .bind(new.most)
            .bind(now),
        )
        .await?;
    Ok(written > 0)
}

pub(super) async fn insert_price(
    tx: &mut Tx,
    id: PartnerId,
    new: &NewPrice,
    now: DateTime<Utc>,
) -> Result<bool> {
    let written = tx
        .exec(
            sql("INSERT INTO partner_price (partner_id, valid_from, sell_minor, buy_minor, added_at)
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partner_id, valid_from) DO NOTHING")
            .bind(id.uuid())
            .bind(new.valid_from)
            .bind(new.sell_minor)
            .bind(new.buy_minor)
            .bind(now),
        )
        .await?;
    Ok(written > 0)
}

pub(super) async fn rates(tx: &mut Tx, id: PartnerId) -> Result<Vec<Rate>> {
    let rows: Vec<(String, NaiveDate, String, i64, i64)> = tx
        .all(
            sql("SELECT kind, valid_from, per, milli, most FROM partner_rate
                 WHERE partner_id = $1 ORDER BY kind, valid_from DESC")
            .bind(id.uuid()),
        )
        .await?;
    let read = |(kind, valid_from, per, milli, most): (String, NaiveDate, String, i64, i64)| {
        Ok(Rate { kind: kind.parse()?, valid_from, per: per.parse()?, milli, most })
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn prices(tx: &mut Tx, id: PartnerId) -> Result<Vec<Price>> {
    let rows: Vec<(NaiveDate, i64, i64)> = tx
        .all(
            sql("SELECT valid_from, sell_minor, buy_minor FROM partner_price
                 WHERE partner_id = $1 ORDER BY valid_from DESC")
            .bind(id.uuid()),
        )
        .await?;
    let read = |(valid_from, sell_minor, buy_minor)| Price { valid_from, sell_minor, buy_minor };
    Ok(rows.into_iter().map(read).collect())
}
