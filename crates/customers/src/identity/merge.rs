//! Merging, splitting, and taking either back.

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use kernel::{Outcome, ids};
use serde::Serialize;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::refold::{self, By, MERGE, SPLIT};
use crate::model::{CustomerId, Profile, RecordId};
use crate::profile::{load, row};
use crate::{Customers, Error, Result, events, permissions};

/// A merge or a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Step {
    /// Identity; what undo names.
    pub id: Uuid,
    /// `merge` or `split`.
    pub kind: String,
    /// The customer merged away, or the one records were split from.
    pub from_id: Uuid,
    /// The customer that stays, or the one made for the records split off.
    pub to_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The member of staff; `None` for the machine.
    pub actor_id: Option<Uuid>,
    /// Records that moved at the time.
    pub moved: i64,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// By whom.
    pub undone_by: Option<Uuid>,
}

const COLUMNS: &str =
    "e.id, e.kind, e.from_id, e.to_id, e.at, e.actor_id, e.moved, e.undone_at, e.undone_by";

impl Customers {
    /// Says that two customers are one person. The older one stays; the other's page leads to it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InTrash`]; [`Error::Denied`] without `identity.review`.
    /// Customers who are one already are [`Outcome::AlreadyDone`] with the customer.
    pub async fn merge(
        &self,
        actor: &Actor,
        one: CustomerId,
        other: CustomerId,
    ) -> Result<Outcome<(Option<Uuid>, CustomerId)>> {
        actor.may(permissions::REVIEW)?;
        let mut tx = self.db().begin().await?;
        let merged = self.merge_in(&mut tx, actor, one, other).await?;
        tx.commit().await?;
        Ok(merged)
    }

    /// [`Customers::merge`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn merge_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        one: CustomerId,
        other: CustomerId,
    ) -> Result<Outcome<(Option<Uuid>, CustomerId)>> {
        let (one, other) = (current(tx, one).await?, current(tx, other).await?);
        if one == other {
            return Ok(Outcome::AlreadyDone((None, one)));
        }
        let (a, b) = (load(tx, one).await?, load(tx, other).await?);
        if a.trashed_at.is_some() || b.trashed_at.is_some() {
            return Err(Error::InTrash);
        }
        let older = (a.created_at, a.id.uuid()) <= (b.created_at, b.id.uuid());
        let (stays, goes) = if older { (a, b) } else { (b, a) };
        let event = self.step(tx, actor, MERGE, goes.id, stays.id).await?;
        self.carry_out(tx, actor, event, &[stays.id, goes.id], "customers.merged").await?;
        Ok(Outcome::Done((Some(event), stays.id)))
    }

    /// Makes a customer of some records of another: they are of somebody else.
    ///
    /// All versions of what a source calls by one key go together. The machine does not join the
    /// two again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a record that is not the customer's; [`Error::NothingSelected`]
    /// for none; [`Error::WholeCustomer`] when nothing would be left.
    pub async fn split(
        &self,
        actor: &Actor,
        customer: CustomerId,
        records: &[RecordId],
    ) -> Result<(Uuid, CustomerId)> {
        let mut tx = self.db().begin().await?;
        let split = self.split_in(&mut tx, actor, customer, records).await?;
        tx.commit().await?;
        Ok(split)
    }

    /// [`Customers::split`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn split_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        customer: CustomerId,
        records: &[RecordId],
    ) -> Result<(Uuid, CustomerId)> {
        actor.may(permissions::REVIEW)?;
        let id = current(tx, customer).await?;
        let from = load(tx, id).await?;
        if from.trashed_at.is_some() {
            return Err(Error::InTrash);
        }
        let records = mention(tx, from.id, records).await?;
        if rest(tx, from.id).await? <= records.len() as i64 && from.profile.member_no.is_empty() {
            return Err(Error::WholeCustomer);
        }
        let now = self.now();
        let to = CustomerId::new(now);
        row::insert(tx, vec![row::written(to, 1, now, now, &Profile::default())]).await?;
        events::made(tx, now, &[to]).await?;
        let event = self.step(tx, actor, SPLIT, from.id, to).await?;
        let rows: Vec<Vec<Value>> =
            records.iter().map(|record| vec![(*record).into(), event.into()]).collect();
        let columns = [Col::uuid("record_id"), Col::uuid("event_id")];
        tx.bulk("identity_split", &columns, rows, "").await?;
        part(tx, from.id, to, now).await?;
        self.carry_out(tx, actor, event, &[from.id, to], "customers.split").await?;
        Ok((event, to))
    }

    /// Takes a merge or a split back, whatever happened since: the records, notes, tags and tasks
    /// go back where they were, with those that followed them.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]. Taking back twice is [`Outcome::AlreadyDone`].
    pub async fn undo_step(&self, actor: &Actor, event: Uuid) -> Result<Outcome<Step>> {
        actor.may(permissions::REVIEW)?;
        let mut tx = self.db().begin().await?;
        let undone = self.undo_step_in(&mut tx, actor, event).await?;
        tx.commit().await?;
        Ok(undone)
    }

    /// [`Customers::undo_step`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn undo_step_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        event: Uuid,
    ) -> Result<Outcome<Step>> {
        let step = read(tx, event).await?;
        if step.undone_at.is_some() {
            return Ok(Outcome::AlreadyDone(step));
        }
        let now = self.now();
        lock(tx, &[step.from_id, step.to_id]).await?;
        let undone = tx
            .exec(
                sql("UPDATE identity_event SET undone_at = $2, undone_by = $3
                     WHERE id = $1 AND undone_at IS NULL")
                .bind(event)
                .bind(now)
                .bind(by_whom(actor)),
            )
            .await?;
        if undone == 0 {
            return Ok(Outcome::AlreadyDone(read(tx, event).await?));
        }
        if step.kind == SPLIT {
            tx.exec(
                sql("DELETE FROM identity_apart WHERE (one_id = $1 AND other_id = $2)
                     OR (one_id = $2 AND other_id = $1)")
                .bind(step.from_id)
                .bind(step.to_id),
            )
            .await?;
        }
        let about = [step.from_id.into(), step.to_id.into()];
        let action =
            if step.kind == MERGE { "customers.merge-undone" } else { "customers.split-undone" };
        self.carry_out(tx, actor, event, &about, action).await?;
        super::review::reopen(tx, event).await?;
        Ok(Outcome::Done(read(tx, event).await?))
    }

    /// Merges and splits of a customer, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn steps(&self, actor: &Actor, id: CustomerId, limit: i64) -> Result<Vec<Step>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        load(&mut tx, id).await?;
        steps_of(&mut tx, id, None, limit.clamp(1, 200)).await
    }

    /// Who a customer is now: itself, or the one it was merged into.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn current(&self, actor: &Actor, id: CustomerId) -> Result<CustomerId> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        current(&mut tx, id).await
    }

    async fn step(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        kind: &str,
        from: CustomerId,
        to: CustomerId,
    ) -> Result<Uuid> {
        lock(tx, &[from.uuid(), to.uuid()]).await?;
        let now = self.now();
        let id = ids::v7(now);
        tx.exec(
            sql("INSERT INTO identity_event (id, seq, kind, from_id, to_id, at, actor_kind,
                    actor_id, moved)
                 SELECT $1, CAST(COALESCE(MAX(seq), 0) + 1 AS BIGINT), $2, $3, $4, $5, $6, $7, 0
                 FROM identity_event")
            .bind(id)
            .bind(kind)
            .bind(from.uuid())
            .bind(to.uuid())
            .bind(now)
            .bind(actor.kind.as_str())
            .bind(by_whom(actor)),
        )
        .await?;
        Ok(id)
    }

    /// Works the links out anew, writes down how many moved; the audit row is the last write.
    async fn carry_out(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        event: Uuid,
        about: &[CustomerId],
        action: &'static str,
    ) -> Result<()> {
        let by = By { actor: by_whom(actor), now: self.now() };
        let moved = refold::refold(self, tx, by, about).await?;
        let moved = i64::try_from(moved).unwrap_or(i64::MAX);
        tx.exec(
            sql("UPDATE identity_event SET moved = $2 WHERE id = $1 AND undone_at IS NULL")
                .bind(event)
                .bind(moved),
        )
        .await?;
        let Some(first) = about.first() else { return Ok(()) };
        let details = Details::new().id("step", event).count("records", moved);
        let target = Target::new(CustomerId::KIND, *first);
        self.access().record(tx, actor, action, &target, details).await?;
        Ok(())
    }
}

fn by_whom(actor: &Actor) -> Option<Uuid> {
    (actor.kind != access::ActorKind::System).then_some(actor.id)
}

/// Waits for whoever moves these customers' records, so that two do not work from one state.
async fn lock(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for id in ids {
        tx.exec(sql("UPDATE customer SET version = version + 1 WHERE id = $1").bind(id)).await?;
    }
    Ok(())
}

/// Who a customer is now.
pub(crate) async fn current(tx: &mut Tx, id: CustomerId) -> Result<CustomerId> {
    let found: Option<(Option<Uuid>,)> =
        tx.maybe(sql("SELECT merged_into FROM customer WHERE id = $1").bind(id.uuid())).await?;
    match found {
        Some((into,)) => Ok(into.map_or(id, CustomerId::from)),
        None => Err(Error::NotFound("customer")),
    }
}

async fn read(tx: &mut Tx, event: Uuid) -> Result<Step> {
    let mut query = store::SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM identity_event e WHERE e.id = ").bind(event);
    tx.maybe(query.build()).await?.ok_or(Error::NotFound("step"))
}

/// Steps that moved a customer's records, newest first, older than a place.
pub(crate) async fn steps_of(
    tx: &mut Tx,
    id: CustomerId,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Step>> {
    let mut query = store::SqlBuilder::new("SELECT * FROM (");
    for (at, side) in ["from_id", "to_id"].into_iter().enumerate() {
        query.push(if at > 0 { " UNION " } else { "" }).push("SELECT ").push(COLUMNS);
        query.push(" FROM identity_event e WHERE e.").push(side).push(" = ").bind(id.uuid());
    }
    query.push(") AS taken");
    if let Some((at, id)) = before {
        query.push(" WHERE (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").bind(limit);
    Ok(tx.all(query.build()).await?)
}

/// The machine does not join these two again.
pub(super) async fn part(
    tx: &mut Tx,
    one: CustomerId,
    other: CustomerId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (a, b) = (one.uuid().min(other.uuid()), one.uuid().max(other.uuid()));
    tx.exec(
        sql("INSERT INTO identity_apart (one_id, other_id, at) VALUES ($1, $2, $3)
             ON CONFLICT (one_id, other_id) DO NOTHING")
        .bind(a)
        .bind(b)
        .bind(now),
    )
    .await?;
    Ok(())
}

/// All versions of the mentions these records are of, which must be the customer's.
async fn mention(tx: &mut Tx, customer: CustomerId, records: &[RecordId]) -> Result<Vec<Uuid>> {
    if records.is_empty() {
        return Err(Error::NothingSelected);
    }
    let rows = records.iter().map(|id| vec![id.uuid().into(), customer.uuid().into()]).collect();
    let found: Vec<(Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::uuid("customer")],
            rows,
            "SELECT input.id, o.id FROM input
             JOIN source_record r ON r.id = input.id
             JOIN source_record o ON o.source = r.source AND o.source_key = r.source_key
             JOIN customer_link l ON l.source_record_id = o.id AND l.customer_id = input.customer",
        )
        .await?;
    let mut all: Vec<Uuid> = found.iter().map(|(_, record)| *record).collect();
    all.sort_unstable();
    all.dedup();
    let known = records.iter().all(|id| found.iter().any(|(asked, _)| *asked == id.uuid()));
    if known { Ok(all) } else { Err(Error::NotFound("record")) }
}

/// How many records a customer has.
async fn rest(tx: &mut Tx, customer: CustomerId) -> Result<i64> {
    Ok(tx
        .value(
            sql("SELECT CAST(COUNT(*) AS BIGINT) FROM customer_link
                 WHERE customer_id = $1 AND unlinked_at IS NULL")
            .bind(customer.uuid()),
        )
        .await?)
}
