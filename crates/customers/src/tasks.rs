//! Tasks about a customer: what is to be done, by whom, by when.

use access::{Actor, Details, Target};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Outcome;
use kernel::names::PersonName;
use serde::Serialize;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use crate::board::Move;
use crate::model::{CustomerId, TaskId};
use crate::{Customers, Error, Result, events, permissions, profile};

/// Longest title, in characters.
pub const LONGEST: usize = 200;

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Task {
    /// Identity.
    #[schema(value_type = Uuid)]
    pub id: TaskId,
    /// What is to be done.
    pub title: String,
    /// By the end of this day.
    pub due_on: Option<NaiveDate>,
    /// By whom; nobody yet when absent.
    pub assignee_id: Option<Uuid>,
    /// Who asked for it.
    pub created_by: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: Uuid,
    title: String,
    due_on: Option<NaiveDate>,
    assignee_id: Option<Uuid>,
    created_by: Uuid,
    created_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
}

impl From<TaskRow> for Task {
    fn from(row: TaskRow) -> Self {
        Self {
            id: row.id.into(),
            title: row.title,
            due_on: row.due_on,
            assignee_id: row.assignee_id,
            created_by: row.created_by,
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}

/// A task to be made.
#[derive(Clone, Debug, Default)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// By whom.
    pub assignee_id: Option<Uuid>,
}

/// Tasks of a customer: open ones by due day, then the newest done ones.
pub(crate) async fn of(tx: &mut Tx, customer: CustomerId, limit: i64) -> Result<Vec<Task>> {
    let rows: Vec<TaskRow> = tx
        .all(
            sql("SELECT id, title, due_on, assignee_id, created_by, created_at, done_at
                 FROM customer_task WHERE customer_id = $1
                 ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, due_on NULLS LAST,
                    done_at DESC NULLS LAST, id LIMIT $2")
            .bind(customer.uuid())
            .bind(limit),
        )
        .await?;
    Ok(rows.into_iter().map(Task::from).collect())
}

/// Who is to do a task.
///
/// # Errors
/// When the database fails.
pub async fn assignee(tx: &mut Tx, task: TaskId) -> store::Result<Option<Uuid>> {
    let found: Option<Option<Uuid>> = tx
        .value_maybe(sql("SELECT assignee_id FROM customer_task WHERE id = $1").bind(task.uuid()))
        .await?;
    Ok(found.flatten())
}

/// Tasks made before a moment, newest first, for the timeline.
pub(crate) async fn made_before(
    tx: &mut Tx,
    customer: CustomerId,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Task>> {
    let mut query = SqlBuilder::new(
        "SELECT id, title, due_on, assignee_id, created_by, created_at, done_at
         FROM customer_task WHERE customer_id = ",
    );
    query.bind(customer.uuid());
    if let Some((at, id)) = before {
        query.push(" AND (created_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(limit);
    let rows: Vec<TaskRow> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Task::from).collect())
}

/// An open task and whom it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct MyTask {
    /// What is to be done.
    pub title: String,
    /// By the end of this day.
    pub due_on: Option<NaiveDate>,
    /// About whom.
    pub customer_id: CustomerId,
    /// Their name.
    pub name: PersonName,
}

#[derive(sqlx::FromRow)]
struct MyTaskRow {
    title: String,
    due_on: Option<NaiveDate>,
    customer_id: Uuid,
    name_native: String,
    surname: String,
    given: String,
}

impl Customers {
    /// The open tasks of the one who asks, the most urgent first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn my_tasks(&self, actor: &Actor, limit: i64) -> Result<Vec<MyTask>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<MyTaskRow> = tx
            .all(
                sql("SELECT t.title, t.due_on, t.customer_id, c.name_native, c.surname, c.given
                     FROM customer_task t JOIN customer c ON c.id = t.customer_id
                     WHERE t.assignee_id = $1 AND t.done_at IS NULL AND c.trashed_at IS NULL
                     ORDER BY t.due_on NULLS LAST, t.id LIMIT $2")
                .bind(actor.id)
                .bind(limit.clamp(1, 200)),
            )
            .await?;
        let task = |row: MyTaskRow| MyTask {
            title: row.title,
            due_on: row.due_on,
            customer_id: row.customer_id.into(),
            name: profile::row::name_of(row.name_native, row.surname, row.given),
        };
        Ok(rows.into_iter().map(task).collect())
    }

    /// The tasks of a customer, open ones first.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn tasks(&self, actor: &Actor, id: CustomerId) -> Result<Vec<Task>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        profile::load(&mut tx, id).await?;
        of(&mut tx, id, 200).await
    }

    /// Makes a task.
    ///
    /// # Errors
    /// [`Error::Text`], [`Error::NotFound`], [`Error::Denied`].
    pub async fn add_task(&self, actor: &Actor, id: CustomerId, new: NewTask) -> Result<TaskId> {
        let mut tx = self.db().begin().await?;
        let task = self.add_task_in(&mut tx, actor, id, new).await?;
        tx.commit().await?;
        Ok(task)
    }

    /// [`Customers::add_task`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn add_task_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CustomerId,
        new: NewTask,
    ) -> Result<TaskId> {
        actor.may(permissions::EDIT)?;
        let title = new.title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || title.chars().count() > LONGEST {
            return Err(Error::Text(LONGEST));
        }
        profile::load(tx, id).await?;
        let now = self.now();
        let task = TaskId::new(now);
        tx.exec(
            sql("INSERT INTO customer_task (id, customer_id, title, due_on, assignee_id,
                    created_by, created_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 1)")
            .bind(task.uuid())
            .bind(id.uuid())
            .bind(title)
            .bind(new.due_on)
            .bind(new.assignee_id)
            .bind(actor.id)
            .bind(now),
        )
        .await?;
        self.say_task(tx, actor, id, task, "added").await?;
        Ok(task)
    }

    /// Marks a task done, or open again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn finish_task(
        &self,
        actor: &Actor,
        id: CustomerId,
        task: TaskId,
        done: bool,
    ) -> Result<Outcome<()>> {
        let to = |due_on| if done { Move::Done } else { Move::Due(due_on) };
        Ok(self.turn_task(actor, task, Some(id), to).await?.map(|_| ()))
    }

    pub(crate) async fn say_task(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CustomerId,
        task: TaskId,
        what: &str,
    ) -> Result<()> {
        let data = events::Attached {
            customer: id,
            id: task.uuid(),
            what: what.to_owned(),
            actor: actor.id,
        };
        let event = events::about(events::TASK_CHANGED, id, self.now(), &data)?;
        store::outbox::say(tx, &event).await?;
        let target = Target::new(CustomerId::KIND, id);
        let details = Details::new().code("what", what).id("task", task.uuid());
        self.access().record(tx, actor, "customers.task-changed", &target, details).await?;
        Ok(())
    }
}
