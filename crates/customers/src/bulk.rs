//! One action on many customers: ticked rows or everything a filter matches. Counted first, carried
//! out by a job with progress, taken back for 30 days.

use access::{Actor, Details, Target};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use sqlx::types::Json as Column;
use store::jobs::{self, JobCtx, JobError};
use store::{Col, Tx, Value, sql};
use uuid::Uuid;
use web::list::{ListSpec, Picked, Today};

use crate::changes::{self, Author, Change, UNDO_DAYS};
use crate::model::{Customer, CustomerId};
use crate::pages::lists;
use crate::profile::{draft, row};
use crate::{Customers, Error, Result, events, permissions, tags};

/// Job that carries an action out.
pub const JOB: &str = "customers.bulk";
/// Job that takes one back.
pub const UNDO_JOB: &str = "customers.bulk_undo";
/// Customers per transaction.
const CHUNK: i64 = 2_000;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    /// Hang a tag on each.
    Tag {
        /// The tag.
        tag: String,
    },
    /// Give each an owner, or none.
    Assign {
        /// Staff user.
        owner: Option<Uuid>,
    },
    /// Into the trash.
    Trash,
    /// Out of the trash.
    Restore,
}

impl Action {
    /// Name in addresses, texts and events.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Tag { .. } => "tag",
            Self::Assign { .. } => "assign",
            Self::Trash => "trash",
            Self::Restore => "restore",
        }
    }

    fn allowed(&self, actor: &Actor) -> Result<()> {
        actor.may(permissions::BULK)?;
        Ok(actor.may(match self {
            Self::Tag { .. } | Self::Assign { .. } => permissions::EDIT,
            Self::Trash | Self::Restore => permissions::TRASH,
        })?)
    }
}

/// Whom it is for. Keeps the day, so that "in the last 30 days" means the same to the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// `customers`, or `customers-trash`.
    pub list: String,
    /// Ids, or the list's query.
    pub picked: Picked,
    /// Today, where the reader is.
    pub today: NaiveDate,
    /// The reader's time zone.
    pub zone: String,
}

impl Selection {
    fn spec(&self) -> &'static ListSpec {
        if self.list == lists::TRASH.key { &lists::TRASH } else { &lists::LIST }
    }

    fn today(&self) -> Today {
        Today { date: self.today, zone: self.zone.parse().unwrap_or(chrono_tz::UTC) }
    }

    fn ids(&self) -> Result<store::SqlBuilder> {
        self.picked.sql(self.spec(), None, self.today()).map_err(|_| Error::BadList("filter"))
    }

    async fn count(&self, tx: &mut Tx) -> Result<i64> {
        let picked = self.picked.count(tx, self.spec(), None, self.today()).await;
        picked.map_err(|_| Error::BadList("filter"))
    }
}

/// A bulk action as kept.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Identity.
    pub id: Uuid,
    /// What.
    pub action: Action,
    /// How many it was meant for.
    pub counted: i64,
    /// How many it changed.
    pub touched: i64,
    /// Who asked.
    pub created_by: Uuid,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was through.
    pub finished_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    selection: Selection,
}

impl Bulk {
    /// Whether it can be taken back at `now`.
    #[must_use]
    pub fn undoable(&self, now: DateTime<Utc>) -> bool {
        self.finished_at.is_some()
            && self.undone_at.is_none()
            && now - self.created_at <= Duration::days(UNDO_DAYS)
    }
}

#[derive(sqlx::FromRow)]
struct BulkRow {
    id: Uuid,
    args: Column<Action>,
    selection: Column<Selection>,
    counted: i64,
    touched: i64,
    created_by: Uuid,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
struct Args {
    bulk: Uuid,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Reached {
    last: Option<Uuid>,
    done: u64,
    touched: i64,
}

impl Customers {
    /// How many customers a selection means, exactly.
    ///
    /// # Errors
    /// [`Error::BadList`], [`Error::Denied`].
    pub async fn count_selection(&self, actor: &Actor, selection: &Selection) -> Result<i64> {
        actor.may(permissions::BULK)?;
        let mut tx = self.db().read().await?;
        selection.count(&mut tx).await
    }

    /// Starts a bulk action: returns it and its job.
    ///
    /// # Errors
    /// [`Error::NothingSelected`], [`Error::Denied`], [`Error::Text`] for a bad tag.
    pub async fn start_bulk(
        &self,
        actor: &Actor,
        action: Action,
        selection: Selection,
    ) -> Result<(Uuid, Uuid)> {
        action.allowed(actor)?;
        let action = match action {
            Action::Tag { tag } => Action::Tag { tag: tags::tidy(&tag)? },
            other => other,
        };
        let mut tx = self.db().begin().await?;
        let counted = selection.count(&mut tx).await?;
        if counted == 0 {
            return Err(Error::NothingSelected);
        }
        let now = self.now();
        let id = kernel::ids::v7(now);
        let name = action.as_str();
        tx.exec(
            sql("INSERT INTO customer_bulk (id, action, args, selection, counted, touched,
                    created_by, created_at)
                 VALUES ($1, $2, $3, $4, $5, 0, $6, $7)")
            .bind(id)
            .bind(name)
            .bind(serde_json::to_value(&action)?)
            .bind(serde_json::to_value(&selection)?)
            .bind(counted)
            .bind(actor.id)
            .bind(now),
        )
        .await?;
        let job = jobs::New::now(JOB, json!({"bulk": id}), now)
            .key(format!("customers.bulk/{id}"))
            .owner(actor.id);
        let job = jobs::enqueue(&mut tx, job, now).await?;
        let details = Details::new().code("action", name).count("customers", counted);
        let target = Target::new("bulk", id);
        self.access().record(&mut tx, actor, "customers.bulk-started", &target, details).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok((id, job))
    }

    /// A bulk action.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn bulk(&self, actor: &Actor, id: Uuid) -> Result<Bulk> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        load(&mut tx, id).await
    }

    /// Starts taking a bulk action back. Returns its job.
    ///
    /// # Errors
    /// [`Error::NotUndoable`] after 30 days, twice, or before it was through.
    pub async fn undo_bulk(&self, actor: &Actor, id: Uuid) -> Result<Outcome<Uuid>> {
        let mut tx = self.db().begin().await?;
        let bulk = load(&mut tx, id).await?;
        bulk.action.allowed(actor)?;
        let now = self.now();
        if !bulk.undoable(now) {
            return Err(Error::NotUndoable);
        }
        let job = jobs::New::now(UNDO_JOB, json!({"bulk": id}), now)
            .key(format!("customers.bulk-undo/{id}"))
            .owner(actor.id);
        let job = jobs::enqueue(&mut tx, job, now).await?;
        let details = Details::new().code("action", bulk.action.as_str());
        let target = Target::new("bulk", id);
        self.access().record(&mut tx, actor, "customers.bulk-undone", &target, details).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(Outcome::Done(job))
    }

    /// The job [`JOB`].
    pub(crate) async fn run_bulk(&self, job: JobCtx) -> Result<Json, JobError> {
        let args: Args = job.args()?;
        let mut reached: Reached = job.last_checkpoint().await?.unwrap_or_default();
        let bulk = {
            let mut tx = self.db().read().await?;
            load(&mut tx, args.bulk).await.map_err(failed)?
        };
        let total = u64::try_from(bulk.counted).ok();
        loop {
            job.progress(reached.done, total, "customers-bulk-phase").await?;
            let mut tx = self.db().begin().await?;
            let ids = next_ids(&mut tx, &bulk, reached.last).await.map_err(failed)?;
            let Some(last) = ids.last() else { break };
            reached.last = Some(last.uuid());
            reached.done += ids.len() as u64;
            reached.touched += self.apply_bulk(&mut tx, &bulk, &ids).await.map_err(failed)?;
            job.checkpoint_in(&mut tx, &reached).await?;
            tx.commit().await?;
        }
        self.end_bulk(&bulk, reached.touched, events::BULK_APPLIED, "finished_at")
            .await
            .map_err(failed)?;
        Ok(json!({"href": format!("/customers/bulk/{}", bulk.id), "touched": reached.touched}))
    }

    async fn apply_bulk(&self, tx: &mut Tx, bulk: &Bulk, ids: &[CustomerId]) -> Result<i64> {
        let now = self.now();
        if let Action::Tag { tag } = &bulk.action {
            let rows = ids
                .iter()
                .map(|id| {
                    vec![
                        tag.into(),
                        id.uuid().into(),
                        bulk.created_by.into(),
                        now.into(),
                        bulk.id.into(),
                    ]
                })
                .collect();
            let columns = [
                Col::text("tag"),
                Col::uuid("customer_id"),
                Col::uuid("added_by"),
                Col::time("added_at"),
                Col::uuid("batch_id"),
            ];
            let then = "ON CONFLICT (tag, customer_id) DO NOTHING";
            let added = tx.bulk("customer_tag", &columns, rows, then).await?;
            return Ok(i64::try_from(added).unwrap_or(0));
        }
        let mut all: Vec<Customer> = row::by_ids(tx, ids).await?.into_values().collect();
        all.retain(|customer| concerns(&bulk.action, customer));
        let mut changes = Vec::with_capacity(all.len());
        for customer in &mut all {
            let (field, before) = match &bulk.action {
                Action::Assign { owner } => {
                    let before = draft::keep(&customer.profile, &["owner_id"]);
                    customer.profile.owner_id = *owner;
                    ("owner_id", before)
                }
                Action::Trash => {
                    customer.trashed_at = Some(now);
                    ("trashed", Map::new())
                }
                _ => {
                    customer.trashed_at = None;
                    ("restored", Map::new())
                }
            };
            customer.version += 1;
            let (id, version) = (customer.id, customer.version);
            changes.push(Change { customer: id, version, fields: vec![field], before });
        }
        let touched = changes.len();
        write_owner_and_trash(tx, &all, now).await?;
        let author = Author { kind: "staff", id: Some(bulk.created_by), batch: Some(bulk.id) };
        changes::write(tx, author, now, changes).await?;
        Ok(i64::try_from(touched).unwrap_or(0))
    }

    /// The job [`UNDO_JOB`].
    pub(crate) async fn run_undo(&self, job: JobCtx) -> Result<Json, JobError> {
        let args: Args = job.args()?;
        let mut reached: Reached = job.last_checkpoint().await?.unwrap_or_default();
        let bulk = {
            let mut tx = self.db().read().await?;
            load(&mut tx, args.bulk).await.map_err(failed)?
        };
        let total = u64::try_from(bulk.touched).ok();
        loop {
            job.progress(reached.done, total, "customers-bulk-undo-phase").await?;
            let mut tx = self.db().begin().await?;
            let (seen, undone) = self.undo_part(&mut tx, &bulk).await.map_err(failed)?;
            reached.done += seen;
            reached.touched += undone;
            job.checkpoint_in(&mut tx, &reached).await?;
            tx.commit().await?;
            if seen == 0 {
                break;
            }
        }
        self.end_bulk(&bulk, reached.touched, events::BULK_UNDONE, "undone_at")
            .await
            .map_err(failed)?;
        let kept = bulk.touched - reached.touched;
        let href = format!("/customers/bulk/{}", bulk.id);
        Ok(json!({"href": href, "undone": reached.touched, "kept": kept}))
    }

    /// Takes one chunk back. Returns how many changes were looked at and how many undone.
    async fn undo_part(&self, tx: &mut Tx, bulk: &Bulk) -> Result<(u64, i64)> {
        if matches!(bulk.action, Action::Tag { .. }) {
            let gone = tx
                .exec(
                    sql("DELETE FROM customer_tag WHERE batch_id = $1 AND customer_id IN
                         (SELECT customer_id FROM customer_tag WHERE batch_id = $1 LIMIT $2)")
                    .bind(bulk.id)
                    .bind(CHUNK),
                )
                .await?;
            return Ok((gone, i64::try_from(gone).unwrap_or(0)));
        }
        let changes = changes::of_batch(tx, bulk.id, CHUNK).await?;
        let ids: Vec<CustomerId> = changes.iter().map(|c| c.customer_id.into()).collect();
        let mut current = row::by_ids(tx, &ids).await?;
        let now = self.now();
        let (mut back, mut kept, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for change in &changes {
            let id = CustomerId::from(change.customer_id);
            let Some(mut customer) =
                current.remove(&id).filter(|customer| customer.version == change.version)
            else {
                kept.push(vec![change.id.into()]);
                continue;
            };
            draft::restore(&mut customer.profile, &change.before.0)?;
            match bulk.action {
                Action::Trash => customer.trashed_at = None,
                Action::Restore => customer.trashed_at = Some(bulk.created_at),
                _ => {}
            }
            customer.version += 1;
            back.push(customer);
            gone.push(vec![change.id.into()]);
        }
        write_owner_and_trash(tx, &back, now).await?;
        changes::drop_rows(tx, gone).await?;
        changes::untie_rows(tx, kept).await?;
        let undone = i64::try_from(back.len()).unwrap_or(0);
        Ok((changes.len() as u64, undone))
    }

    async fn end_bulk(
        &self,
        bulk: &Bulk,
        touched: i64,
        event: &str,
        column: &'static str,
    ) -> Result<()> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let statement = if column == "finished_at" {
            sql("UPDATE customer_bulk SET finished_at = $2, touched = $3 WHERE id = $1")
                .bind(bulk.id)
                .bind(now)
                .bind(touched)
        } else {
            sql("UPDATE customer_bulk SET undone_at = $2 WHERE id = $1").bind(bulk.id).bind(now)
        };
        tx.exec(statement).await?;
        let data = events::BulkDone {
            bulk: bulk.id,
            action: bulk.action.as_str().to_owned(),
            touched,
            actor: bulk.created_by,
        };
        store::outbox::say(&mut tx, &events::about_bulk(event, bulk.id, now, &data)?).await?;
        let details = Details::new().code("action", bulk.action.as_str()).count("touched", touched);
        let target = Target::new("bulk", bulk.id);
        let system = Actor::system("customers.bulk");
        self.access().record(&mut tx, &system, "customers.bulk-ended", &target, details).await?;
        tx.commit().await?;
        self.forget_total();
        Ok(())
    }
}

fn failed(error: Error) -> JobError {
    match error {
        Error::Store(error) => JobError::Store(error),
        other => JobError::from_explain(other),
    }
}

/// Whether the action changes anything about this customer.
fn concerns(action: &Action, customer: &Customer) -> bool {
    match action {
        Action::Tag { .. } => true,
        Action::Assign { owner } => customer.profile.owner_id != *owner,
        Action::Trash => customer.trashed_at.is_none(),
        Action::Restore => customer.trashed_at.is_some() && customer.merged_into.is_none(),
    }
}

async fn load(tx: &mut Tx, id: Uuid) -> Result<Bulk> {
    let row: Option<BulkRow> = tx
        .maybe(
            sql("SELECT id, args, selection, counted, touched, created_by, created_at,
                    finished_at, undone_at FROM customer_bulk WHERE id = $1")
            .bind(id),
        )
        .await?;
    let row = row.ok_or(Error::NotFound("bulk"))?;
    Ok(Bulk {
        id: row.id,
        action: row.args.0,
        selection: row.selection.0,
        counted: row.counted,
        touched: row.touched,
        created_by: row.created_by,
        created_at: row.created_at,
        finished_at: row.finished_at,
        undone_at: row.undone_at,
    })
}

/// The next customers of the selection in the order of their ids. What the action itself changes
/// lies behind `last`, so a filter that stops matching them loses none.
async fn next_ids(tx: &mut Tx, bulk: &Bulk, last: Option<Uuid>) -> Result<Vec<CustomerId>> {
    let mut query = bulk.selection.ids()?;
    if let Some(last) = last {
        query.push(" AND c.id > ").bind(last);
    }
    query.push(" ORDER BY c.id LIMIT ").bind(CHUNK);
    let ids: Vec<Uuid> = tx.values(query.build()).await?;
    Ok(ids.into_iter().map(CustomerId::from).collect())
}

async fn write_owner_and_trash(
    tx: &mut Tx,
    customers: &[Customer],
    now: DateTime<Utc>,
) -> Result<()> {
    let rows: Vec<Vec<Value>> = customers
        .iter()
        .map(|customer| {
            vec![
                customer.id.uuid().into(),
                customer.version.into(),
                row::owner_text(customer.profile.owner_id).into(),
                customer.trashed_at.into(),
                now.into(),
            ]
        })
        .collect();
    let columns = [
        Col::uuid("id"),
        Col::i64("version"),
        Col::text("owner"),
        Col::time("trashed_at"),
        Col::time("changed_at"),
    ];
    tx.with_rows(
        &columns,
        rows,
        "UPDATE customer SET version = input.version, owner = input.owner,
            trashed_at = input.trashed_at, changed_at = input.changed_at
         FROM input WHERE customer.id = input.id",
    )
    .await?;
    Ok(())
}
