//! Redemptions in the database.

use access::Actor;
use chrono::{DateTime, Utc};
use loyalty::MemberId;
use loyalty::ledger::TransferId;
use sqlx::types::Json;
use store::{Col, SqlBuilder, Tx, sql};
use uuid::Uuid;

use crate::model::{Hold, Redemption, Step, StepRow};
use crate::{Error, RedemptionId, Result};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    member_id: Uuid,
    programme: String,
    version: i64,
    kind: String,
    state: String,
    wish: Json<serde_json::Value>,
    nominee_id: Option<Uuid>,
    sku: String,
    quantity: i64,
    miles: i64,
    minor: i64,
    priced: Json<serde_json::Value>,
    hash: Vec<u8>,
    departs_at: Option<DateTime<Utc>>,
    made_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    review_id: Option<Uuid>,
    goes_on: bool,
    reference: String,
    payment: String,
    settled_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    fee_miles: i64,
    fee_minor: i64,
    fee_row: String,
}

const COLUMNS: &str = "id, member_id, programme, version, kind, state, wish, nominee_id, sku,
    quantity, miles, minor, priced, hash, departs_at, made_at, due_at, review_id, goes_on,
    reference, payment, settled_at, ended_at, fee_miles, fee_minor, fee_row";

impl TryFrom<Row> for Redemption {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            member: row.member_id.into(),
            programme: row.programme,
            version: row.version,
            kind: row.kind.parse()?,
            state: row.state.parse()?,
            wish: serde_json::from_value(row.wish.0)?,
            nominee: row.nominee_id,
            sku: row.sku,
            quantity: row.quantity,
            miles: row.miles,
            minor: row.minor,
            offer: serde_json::from_value(row.priced.0)?,
            departs_at: row.departs_at,
            made_at: row.made_at,
            due_at: row.due_at,
            review: row.review_id,
            goes_on: row.goes_on,
            reference: row.reference,
            payment: row.payment,
            settled_at: row.settled_at,
            ended_at: row.ended_at,
            fee_miles: row.fee_miles,
            fee_minor: row.fee_minor,
            fee_row: row.fee_row,
            hash: row.hash,
        })
    }
}

async fn some(tx: &mut Tx, query: SqlBuilder) -> Result<Vec<Redemption>> {
    let rows: Vec<Row> = tx.all(query.build()).await?;
    rows.into_iter().map(Redemption::try_from).collect()
}

fn select() -> SqlBuilder {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM award_redemption WHERE ");
    query
}

/// The redemption, if there is one.
pub(crate) async fn find(tx: &mut Tx, id: RedemptionId) -> Result<Option<Redemption>> {
    let mut query = select();
    query.push("id = ").bind(id.uuid());
    Ok(some(tx, query).await?.pop())
}

/// The redemption, held until the end of the transaction.
pub(crate) async fn hold(tx: &mut Tx, id: RedemptionId) -> Result<Redemption> {
    // A row written is a row locked, on either engine.
    tx.exec(sql("UPDATE award_redemption SET programme = programme WHERE id = $1").bind(id.uuid()))
        .await?;
    find(tx, id).await?.ok_or(Error::NotFound("redemption"))
}

/// Redemptions newest first after a place: of one member, or of all.
pub(crate) async fn page(
    tx: &mut Tx,
    member: Option<MemberId>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Redemption>> {
    let mut query = select();
    match member {
        Some(member) => query.push("member_id = ").bind(member.uuid()),
        None => query.push("1 = 1"),
    };
    if let Some((at, id)) = after {
        query.push(" AND (made_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY made_at DESC, id DESC LIMIT ").bind(limit);
    some(tx, query).await
}

/// Holds whose time is over, the earliest first.
pub(crate) async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<RedemptionId>> {
    let ids: Vec<Uuid> = tx
        .values(
            sql("SELECT id FROM award_redemption
                 WHERE state IN ('held', 'review') AND due_at <= $1 ORDER BY due_at, id LIMIT $2")
            .bind(now)
            .bind(limit),
        )
        .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Writes a new redemption.
pub(crate) async fn insert(tx: &mut Tx, new: &Redemption) -> Result<()> {
    tx.exec(
        sql("INSERT INTO award_redemption (id, member_id, programme, version, kind, state, wish,
                nominee_id, sku, quantity, miles, minor, priced, hash, departs_at, made_at, due_at,
                review_id, goes_on, reference, payment, settled_at, ended_at, fee_miles, fee_minor,
                fee_row)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, '', '', NULL, NULL, 0, 0, '')")
        .bind(new.id.uuid())
        .bind(new.member.uuid())
        .bind(&new.programme)
        .bind(new.version)
        .bind(new.kind.as_str())
        .bind(new.state.as_str())
        .bind(serde_json::to_value(&new.wish)?)
        .bind(new.nominee)
        .bind(&new.sku)
        .bind(new.quantity)
        .bind(new.miles)
        .bind(new.minor)
        .bind(serde_json::to_value(&new.offer)?)
        .bind(new.hash.clone())
        .bind(new.departs_at)
        .bind(new.made_at)
        .bind(new.due_at)
        .bind(new.review)
        .bind(new.goes_on),
    )
    .await?;
    Ok(())
}

/// Writes what may change of a redemption.
pub(crate) async fn update(tx: &mut Tx, of: &Redemption) -> Result<()> {
    tx.exec(
        sql(
            "UPDATE award_redemption SET state = $2, reference = $3, payment = $4, settled_at = $5,
                ended_at = $6, fee_miles = $7, fee_minor = $8, fee_row = $9
             WHERE id = $1",
        )
        .bind(of.id.uuid())
        .bind(of.state.as_str())
        .bind(&of.reference)
        .bind(&of.payment)
        .bind(of.settled_at)
        .bind(of.ended_at)
        .bind(of.fee_miles)
        .bind(of.fee_minor)
        .bind(&of.fee_row),
    )
    .await?;
    Ok(())
}

/// What was paid from where, in the order it was taken.
pub(crate) async fn holds(tx: &mut Tx, id: RedemptionId) -> Result<Vec<Hold>> {
    let rows: Vec<(Uuid, i64, Option<Uuid>, Option<Uuid>)> = tx
        .all(
            sql("SELECT hold_id, amount, settle_id, back_id FROM award_hold
                 WHERE redemption_id = $1 ORDER BY place")
            .bind(id.uuid()),
        )
        .await?;
    let hold = |(hold, amount, settle, back): (Uuid, i64, Option<Uuid>, Option<Uuid>)| Hold {
        hold: hold.into(),
        amount,
        settle: settle.map(TransferId::from),
        back: back.map(TransferId::from),
    };
    Ok(rows.into_iter().map(hold).collect())
}

/// Writes the holds of a new redemption.
pub(crate) async fn insert_holds(tx: &mut Tx, id: RedemptionId, holds: &[Hold]) -> Result<()> {
    let columns =
        [Col::uuid("redemption_id"), Col::i64("place"), Col::uuid("hold_id"), Col::i64("amount")];
    let rows = (0_i64..).zip(holds).map(|(place, hold)| {
        vec![id.uuid().into(), place.into(), hold.hold.uuid().into(), hold.amount.into()]
    });
    tx.bulk("award_hold", &columns, rows.collect(), "").await?;
    Ok(())
}

/// Writes what settled holds and gave them back.
pub(crate) async fn update_holds(tx: &mut Tx, id: RedemptionId, holds: &[Hold]) -> Result<()> {
    let columns = [
        Col::uuid("redemption_id"),
        Col::uuid("hold_id"),
        Col::uuid("settle_id"),
        Col::uuid("back_id"),
    ];
    let of = |id: Option<TransferId>| id.map(Uuid::from).into();
    let rows = holds.iter().map(|hold| {
        vec![id.uuid().into(), hold.hold.uuid().into(), of(hold.settle), of(hold.back)]
    });
    tx.with_rows(
        &columns,
        rows.collect(),
        "UPDATE award_hold SET settle_id = input.settle_id, back_id = input.back_id FROM input
         WHERE award_hold.redemption_id = input.redemption_id
           AND award_hold.hold_id = input.hold_id",
    )
    .await?;
    Ok(())
}

/// Adds a step to the history.
pub(crate) async fn step(
    tx: &mut Tx,
    (id, at): (RedemptionId, DateTime<Utc>),
    actor: &Actor,
    step: Step,
    detail: serde_json::Value,
) -> Result<()> {
    tx.exec(
        sql("INSERT INTO award_step (redemption_id, seq, step, at, actor_id, actor_kind, detail)
             SELECT $1, 1 + (SELECT CAST(COUNT(*) AS BIGINT) FROM award_step
                WHERE redemption_id = $2), $3, $4, $5, $6, $7")
        .bind(id.uuid())
        .bind(id.uuid())
        .bind(step.as_str())
        .bind(at)
        .bind(actor.id)
        .bind(actor.kind.as_str())
        .bind(detail),
    )
    .await?;
    Ok(())
}

/// The history, oldest first.
pub(crate) async fn steps(tx: &mut Tx, id: RedemptionId) -> Result<Vec<StepRow>> {
    type StepTuple = (String, DateTime<Utc>, Uuid, String, Json<serde_json::Value>);
    let rows: Vec<StepTuple> = tx
        .all(
            sql("SELECT step, at, actor_id, actor_kind, detail FROM award_step
                 WHERE redemption_id = $1 ORDER BY seq")
            .bind(id.uuid()),
        )
        .await?;
    let row = |(step, at, actor, actor_kind, detail): StepTuple| {
        Ok(StepRow { step: step.parse::<Step>()?, at, actor, actor_kind, detail: detail.0 })
    };
    rows.into_iter().map(row).collect()
}
