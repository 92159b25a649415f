//! The things of a programme's shop as they are offered, with their stock.
//!
//! Names, prices and tiers are the rules'. Here stands what the rules do not know: whether it is a
//! voucher or is sent, how many there are, for how long. What is neither reserved nor issued is left,
//! and there is never less than nothing: a check of the table holds it whatever the callers do.

use access::{Actor, Details, Target};
use chrono::NaiveDate;
use store::{SqlBuilder, Tx, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::words;
use crate::{Awards, Error, Result, permissions};

words!(
    /// What a member gets.
    Form {
        /// Single-use codes.
        Voucher = "voucher",
        /// A thing that is sent.
        Goods = "goods",
        /// Something done for the member: a card made again.
        Service = "service",
    }
);

/// Most put in or taken out at once, and in all.
const MOST: i64 = 10_000_000;
/// Longest life of a voucher.
const LONGEST: i64 = 3_660;

/// How a thing is offered.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What a member gets.
    pub form: Form,
    /// Code of the partner who is paid with the miles; empty for the airline's own.
    #[serde(default)]
    pub partner: String,
    /// Where a voucher is good, as the counters know it: `lounge`; empty for wherever it is shown.
    #[serde(default)]
    pub scope: String,
    /// Days a voucher is good for, the day of issue included; 1 to 3,660.
    pub voucher_days: i64,
    /// Whether somebody else may use a voucher.
    pub is_transferable: bool,
    /// Whether it can be redeemed.
    pub is_offered: bool,
    /// Last day of the offer.
    #[serde(default)]
    pub last_day: Option<NaiveDate>,
    /// Whether only so many are there.
    pub is_limited: bool,
}

/// A thing of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Code of the programme.
    pub programme: String,
    /// Its stock-keeping code, as in the rules.
    pub sku: String,
    /// What a member gets.
    pub form: Form,
    /// Code of the partner, or empty.
    pub partner: String,
    /// How it is offered.
    pub settings: Settings,
    /// All that was ever put in; `None` without limit.
    pub stocked: Option<i64>,
    /// Held for redemptions that are not confirmed.
    pub reserved: i64,
    /// Gone to members.
    pub issued: i64,
}

impl Item {
    /// How many are left; `None` without limit.
    #[must_use]
    pub fn left(&self) -> Option<i64> {
        self.stocked.map(|stocked| stocked - self.reserved - self.issued)
    }

    /// Whether it can be redeemed on a day, as far as the offer goes.
    #[must_use]
    pub fn is_offered(&self, day: NaiveDate) -> bool {
        self.settings.is_offered && self.settings.last_day.is_none_or(|last| day <= last)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    programme: String,
    sku: String,
    form: String,
    partner: String,
    scope: String,
    voucher_days: i64,
    is_transferable: bool,
    is_offered: bool,
    last_day: Option<NaiveDate>,
    stocked: Option<i64>,
    reserved: i64,
    issued: i64,
}

impl TryFrom<Row> for Item {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let form = row.form.parse()?;
        Ok(Self {
            programme: row.programme,
            sku: row.sku,
            form,
            partner: row.partner.clone(),
            settings: Settings {
                form,
                partner: row.partner,
                scope: row.scope,
                voucher_days: row.voucher_days,
                is_transferable: row.is_transferable,
                is_offered: row.is_offered,
                last_day: row.last_day,
                is_limited: row.stocked.is_some(),
            },
            stocked: row.stocked,
            reserved: row.reserved,
            issued: row.issued,
        })
    }
}

async fn some(tx: &mut Tx, of: Option<(&str, &str)>) -> Result<Vec<Item>> {
    let mut query = SqlBuilder::new(
        "SELECT programme, sku, form, partner, scope, voucher_days, is_transferable, is_offered,
            last_day, stocked, reserved, issued FROM award_item",
    );
    if let Some((programme, sku)) = of {
        query.push(" WHERE programme = ").bind(programme).push(" AND sku = ").bind(sku);
    }
    query.push(" ORDER BY programme, sku");
    let rows: Vec<Row> = tx.all(query.build()).await?;
    rows.into_iter().map(Item::try_from).collect()
}

pub(crate) async fn find(tx: &mut Tx, of: (&str, &str)) -> Result<Option<Item>> {
    Ok(some(tx, Some(of)).await?.pop())
}

/// The thing, if so many of it can be redeemed today.
pub(crate) async fn offered(
    tx: &mut Tx,
    of: (&str, &str),
    quantity: i64,
    today: NaiveDate,
) -> Result<Item> {
    let item = find(tx, of).await?.filter(|item| item.is_offered(today));
    let item = item.ok_or(Error::Refused("awards-item-not-offered"))?;
    if item.left().is_some_and(|left| left < quantity) {
        return Err(Error::Refused("awards-sold-out"));
    }
    Ok(item)
}

async fn moved(tx: &mut Tx, text: &'static str, of: (&str, &str), quantity: i64) -> Result<bool> {
    let changed = tx.exec(sql(text).bind(of.0).bind(of.1).bind(quantity)).await?;
    Ok(changed == 1)
}

/// Takes things from the shelf for a hold. Of two who want the last one, one is told it is gone.
pub(crate) async fn reserve(tx: &mut Tx, of: (&str, &str), quantity: i64) -> Result<()> {
    let text = "UPDATE award_item SET reserved = reserved + $3
        WHERE programme = $1 AND sku = $2
          AND (stocked IS NULL OR stocked - reserved - issued >= $3)";
    if moved(tx, text, of, quantity).await? {
        Ok(())
    } else {
        Err(Error::Refused("awards-sold-out"))
    }
}

/// What was reserved goes to the member.
pub(crate) async fn issue(tx: &mut Tx, of: (&str, &str), quantity: i64) -> Result<()> {
    let text = "UPDATE award_item SET reserved = reserved - $3, issued = issued + $3
        WHERE programme = $1 AND sku = $2";
    moved(tx, text, of, quantity).await.map(drop)
}

/// What was reserved goes back.
pub(crate) async fn unreserve(tx: &mut Tx, of: (&str, &str), quantity: i64) -> Result<()> {
    let text = "UPDATE award_item SET reserved = reserved - $3 WHERE programme = $1 AND sku = $2";
    moved(tx, text, of, quantity).await.map(drop)
}

/// What a member had comes back.
pub(crate) async fn return_issued(tx: &mut Tx, of: (&str, &str), quantity: i64) -> Result<()> {
    let text = "UPDATE award_item SET issued = issued - $3 WHERE programme = $1 AND sku = $2";
    moved(tx, text, of, quantity).await.map(drop)
}

impl Awards {
    /// The whole catalogue, by programme and code: what was ever set up.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn items(&self, actor: &Actor) -> Result<Vec<Item>> {
        if actor.kind != access::ActorKind::Member {
            actor.may(permissions::READ)?;
        }
        some(&mut self.db().read().await?, None).await
    }

    /// Sets up how a thing of the rules is offered. What has no limit any more forgets its stock; a
    /// new limit begins with what is out, so that nothing is left until some are put in.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when no rules of today know the code;
    /// [`Error::Invalid`] naming `partner`, `scope` or `voucher_days`.
    pub async fn set_item(
        &self,
        actor: &Actor,
        (programme, sku): (&str, &str),
        new: &Settings,
    ) -> Result<()> {
        actor.may(permissions::CATALOGUE)?;
        let word = |text: &str| {
            text.len() <= 20 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !word(&new.partner) {
            return Err(Error::invalid("partner", "awards-partner"));
        }
        if !word(&new.scope) {
            return Err(Error::invalid("scope", "awards-scope"));
        }
        if !(1..=LONGEST).contains(&new.voucher_days) {
            return Err(Error::invalid("voucher_days", "awards-voucher-days"));
        }
        let mut tx = self.db().begin().await?;
        let rules = self.loyalty().rulebook(&mut tx).await?.remove(programme);
        let known = rules
            .is_some_and(|it| it.programme().redemption.shop.iter().any(|row| row.sku == *sku));
        if !known {
            return Err(Error::NotFound("item"));
        }
        tx.exec(
            sql("INSERT INTO award_item (programme, sku, form, partner, scope, voucher_days,
                    is_transferable, is_offered, last_day, stocked, reserved, issued, changed_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10 = TRUE THEN 0 END, 0, 0,
                    $11)
                 ON CONFLICT (programme, sku) DO UPDATE SET form = excluded.form,
                    partner = excluded.partner, scope = excluded.scope,
                    voucher_days = excluded.voucher_days,
                    is_transferable = excluded.is_transferable, is_offered = excluded.is_offered,
                    last_day = excluded.last_day, changed_at = excluded.changed_at,
                    stocked = CASE WHEN excluded.stocked IS NULL THEN NULL
                        ELSE COALESCE(award_item.stocked, award_item.reserved + award_item.issued)
                        END")
            .bind(programme)
            .bind(sku)
            .bind(new.form.as_str())
            .bind(&new.partner)
            .bind(&new.scope)
            .bind(new.voucher_days)
            .bind(new.is_transferable)
            .bind(new.is_offered)
            .bind(new.last_day)
            .bind(new.is_limited)
            .bind(self.now()),
        )
        .await?;
        let target = Target::new("award-item", format!("{programme}/{sku}"));
        let details = Details::new().code("form", new.form.as_str());
        self.access().record(&mut tx, actor, "awards.item-set", &target, details).await?;
        Ok(tx.commit().await?)
    }

    /// Puts things into stock, or takes some out (below zero). The same `id` again changes nothing.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when the thing is not set up; [`Error::Invalid`] naming
    /// `change` (not zero, ten million at most); [`Error::Refused`] `awards-no-limit` for one without
    /// limit, `awards-stock-short` when fewer are left than are taken out.
    pub async fn stock_item(
        &self,
        actor: &Actor,
        of: (&str, &str),
        id: Uuid,
        change: i64,
    ) -> Result<Item> {
        actor.may(permissions::CATALOGUE)?;
        if change == 0 || !(-MOST..=MOST).contains(&change) {
            return Err(Error::invalid("change", "awards-change"));
        }
        let mut tx = self.db().begin().await?;
        let new = tx
            .exec(
                sql("INSERT INTO award_stock (id, programme, sku, change, at, actor_id)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING")
                .bind(id)
                .bind(of.0)
                .bind(of.1)
                .bind(change)
                .bind(self.now())
                .bind(actor.id),
            )
            .await?;
        let item = find(&mut tx, of).await?.ok_or(Error::NotFound("item"))?;
        if new == 0 {
            return Ok(item);
        }
        if item.stocked.is_none() {
            return Err(Error::Refused("awards-no-limit"));
        }
        let text = "UPDATE award_item SET stocked = stocked + $3 WHERE programme = $1 AND sku = $2
            AND stocked + $3 >= reserved + issued";
        if !moved(&mut tx, text, of, change).await? {
            return Err(Error::Refused("awards-stock-short"));
        }
        let item = find(&mut tx, of).await?.ok_or(Error::NotFound("item"))?;
        let target = Target::new("award-item", format!("{}/{}", of.0, of.1));
        let details = Details::new().count("change", change);
        self.access().record(&mut tx, actor, "awards.stocked", &target, details).await?;
        tx.commit().await?;
        Ok(item)
    }
}
