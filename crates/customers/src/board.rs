//! Tasks of all customers on one board, by when they are due.
//!
//! Columns follow from the due day and today; nothing is stored about them. Each shows its first
//! cards and the number of all.

use access::Actor;
use chrono::{Days, NaiveDate};
use kernel::Outcome;
use kernel::names::PersonName;
use serde::{Deserialize, Serialize};
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use crate::model::{CustomerId, TaskId};
use crate::{Customers, Error, Result, permissions, profile};

/// Cards shown in a column.
pub const CARDS: i64 = 40;

/// Done tasks stay on the board for this many days.
const DONE_DAYS: u64 = 7;

/// Days from today that count as this week, today not among them.
const WEEK_DAYS: u64 = 6;

/// Whose tasks are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// One's own.
    #[default]
    Mine,
    /// Those nobody has taken yet.
    Nobody,
    /// Everybody's.
    Everybody,
}

/// A column of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Due before today.
    Overdue,
    /// Due today.
    Today,
    /// Due in the six days after today.
    Week,
    /// Due later.
    Later,
    /// Without a day.
    Undated,
    /// Done in the last seven days.
    Done,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 6] =
        [Self::Overdue, Self::Today, Self::Week, Self::Later, Self::Undated, Self::Done];

    /// As in addresses and text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "week",
            Self::Later => "later",
            Self::Undated => "undated",
            Self::Done => "done",
        }
    }

    /// Where a card goes that is put into this column. None: nothing can be put there.
    #[must_use]
    pub fn target(self, today: NaiveDate) -> Option<Move> {
        let in_days = |days| today.checked_add_days(Days::new(days));
        match self {
            Self::Overdue => None,
            Self::Today => Some(Move::Due(Some(today))),
            Self::Week => Some(Move::Due(in_days(WEEK_DAYS))),
            Self::Later => Some(Move::Due(in_days(2 * (WEEK_DAYS + 1)))),
            Self::Undated => Some(Move::Due(None)),
            Self::Done => Some(Move::Done),
        }
    }
}

/// What is done to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Open, and due on this day or without one.
    Due(Option<NaiveDate>),
    /// Done.
    Done,
}

impl Move {
    /// Reads `2026-11-30`, `undated` or `done`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "done" => Some(Self::Done),
            "undated" => Some(Self::Due(None)),
            day => day.parse().ok().map(|day| Self::Due(Some(day))),
        }
    }

    /// As [`Move::read`] reads it.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::Due(None) => "undated".to_owned(),
            Self::Due(Some(day)) => day.to_string(),
        }
    }
}

/// A task and whom it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The task.
    pub id: TaskId,
    /// What is to be done.
    pub title: String,
    /// By the end of this day.
    pub due_on: Option<NaiveDate>,
    /// About whom.
    pub customer_id: CustomerId,
    /// Their name.
    pub name: PersonName,
    /// By whom; nobody yet when absent.
    pub assignee_id: Option<Uuid>,
}

/// A column with its first cards.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which.
    pub column: Column,
    /// All its tasks.
    pub total: i64,
    /// The first [`CARDS`] of them.
    pub cards: Vec<Card>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    title: String,
    due_on: Option<NaiveDate>,
    customer_id: Uuid,
    assignee_id: Option<Uuid>,
    name_native: String,
    surname: String,
    given: String,
}

impl From<Row> for Card {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            title: row.title,
            due_on: row.due_on,
            customer_id: row.customer_id.into(),
            name: profile::row::name_of(row.name_native, row.surname, row.given),
            assignee_id: row.assignee_id,
        }
    }
}

impl Customers {
    /// The board of tasks as of `today`. Tasks about customers in the trash are not on it.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn board(&self, actor: &Actor, whose: Whose, today: NaiveDate) -> Result<Vec<Shown>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let mut shown = Vec::with_capacity(Column::ALL.len());
        for column in Column::ALL {
            shown.push(read(&mut tx, actor, whose, column, today).await?);
        }
        Ok(shown)
    }

    /// Moves a card. Returns where it was, for putting it back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn move_task(&self, actor: &Actor, task: TaskId, to: Move) -> Result<Outcome<Move>> {
        self.turn_task(actor, task, None, |_| to).await
    }

    /// Puts a task, of one customer where one is named, where `to` says; it is given the day on
    /// which the task is due.
    pub(crate) async fn turn_task(
        &self,
        actor: &Actor,
        task: TaskId,
        of: Option<CustomerId>,
        to: impl FnOnce(Option<NaiveDate>) -> Move + Send,
    ) -> Result<Outcome<Move>> {
        actor.may(permissions::EDIT)?;
        let mut tx = self.db().begin().await?;
        let found: Option<(Uuid, Option<NaiveDate>, bool)> = tx
            .maybe(
                sql("SELECT customer_id, due_on,
                        CASE WHEN done_at IS NULL THEN FALSE ELSE TRUE END
                     FROM customer_task WHERE id = $1")
                .bind(task.uuid()),
            )
            .await?;
        let found = found.filter(|(customer, ..)| of.is_none_or(|of| of.uuid() == *customer));
        let (customer, due_on, done) = found.ok_or(Error::NotFound("task"))?;
        let (was, to) = (if done { Move::Done } else { Move::Due(due_on) }, to(due_on));
        if was == to {
            return Ok(Outcome::AlreadyDone(was));
        }
        let (due_on, is_done) = match to {
            Move::Due(day) => (day, false),
            Move::Done => (due_on, true),
        };
        tx.exec(
            sql("UPDATE customer_task SET due_on = $2, done_at = $3, done_by = $4,
                    version = version + 1 WHERE id = $1")
            .bind(task.uuid())
            .bind(due_on)
            .bind(is_done.then(|| self.now()))
            .bind(is_done.then_some(actor.id)),
        )
        .await?;
        let what = match (done, is_done) {
            (false, true) => "done",
            (true, false) => "reopened",
            _ => "edited",
        };
        self.say_task(&mut tx, actor, customer.into(), task, what).await?;
        tx.commit().await?;
        Ok(Outcome::Done(was))
    }
}

async fn read(
    tx: &mut Tx,
    actor: &Actor,
    whose: Whose,
    column: Column,
    today: NaiveDate,
) -> Result<Shown> {
    let mut count = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT)");
    within(&mut count, actor, whose, column, today);
    let total: i64 = tx.value(count.build()).await?;
    let mut query = SqlBuilder::new(
        "SELECT t.id, t.title, t.due_on, t.customer_id, t.assignee_id, c.name_native, c.surname,
            c.given",
    );
    within(&mut query, actor, whose, column, today);
    let order = match column {
        Column::Done => " ORDER BY t.done_at DESC NULLS LAST, t.id DESC LIMIT ",
        _ => " ORDER BY t.due_on NULLS LAST, t.id LIMIT ",
    };
    query.push(order).bind(CARDS);
    let rows: Vec<Row> = if total == 0 { Vec::new() } else { tx.all(query.build()).await? };
    Ok(Shown { column, total, cards: rows.into_iter().map(Card::from).collect() })
}

/// The tasks of a column.
fn within(query: &mut SqlBuilder, actor: &Actor, whose: Whose, column: Column, today: NaiveDate) {
    let week_ends = today.checked_add_days(Days::new(WEEK_DAYS)).unwrap_or(today);
    query.push(
        " FROM customer_task t JOIN customer c ON c.id = t.customer_id WHERE c.trashed_at IS NULL",
    );
    match whose {
        Whose::Mine => {
            query.push(" AND t.assignee_id = ").bind(actor.id);
        }
        Whose::Nobody => {
            query.push(" AND t.assignee_id IS NULL");
        }
        Whose::Everybody => {}
    }
    if column != Column::Done {
        query.push(" AND t.done_at IS NULL");
    }
    match column {
        Column::Overdue => query.push(" AND t.due_on < ").bind(today),
        Column::Today => query.push(" AND t.due_on = ").bind(today),
        Column::Week => {
            query.push(" AND t.due_on > ").bind(today).push(" AND t.due_on <= ").bind(week_ends)
        }
        Column::Later => query.push(" AND t.due_on > ").bind(week_ends),
        Column::Undated => query.push(" AND t.due_on IS NULL"),
        Column::Done => {
            let since = today.checked_sub_days(Days::new(DONE_DAYS)).unwrap_or(today);
            query.push(" AND t.done_at >= ").bind(since.and_time(chrono::NaiveTime::MIN).and_utc())
        }
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use access::Role;

    use super::*;
    use crate::tasks::NewTask;
    use crate::testing::{actor, apply, both, import, member, service};
    use crate::{Applied, Policy};

    fn of(board: &[Shown], column: Column) -> Vec<String> {
        let shown = board.iter().find(|shown| shown.column == column).unwrap();
        assert_eq!(shown.total, shown.cards.len() as i64);
        shown.cards.iter().map(|card| card.title.clone()).collect()
    }

    #[test]
    fn moves_are_read_as_they_are_written() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 30);
        for one in [Move::Done, Move::Due(None), Move::Due(day)] {
            assert_eq!(Move::read(&one.text()), Some(one));
        }
        assert_eq!(Move::read("2026-02-30"), None);
    }

    #[tokio::test]
    async fn tasks_stand_by_their_day_and_move_there_and_back() {
        both(async |house| {
            let customers = service(&house);
            let agent = actor(&house, Role::Agent).await;
            let rows = [member("1", "6218045731", "周启明")];
            let applied = apply(&customers, import(&house), &rows, Policy::Create).await;
            let Applied::Created(zhou) = applied[0] else { panic!("{applied:?}") };
            let today = customers.now().date_naive();
            let day = |away: i64| today.checked_add_signed(chrono::Duration::days(away));
            let add = async |title: &str, due_on, assignee_id| {
                let new = NewTask { title: title.into(), due_on, assignee_id };
                customers.add_task(&agent, zhou, new).await.unwrap()
            };
            let mine = Some(agent.id);
            add("yesterday", day(-1), mine).await;
            let call = add("today", day(0), mine).await;
            add("in six days", day(6), mine).await;
            add("in seven days", day(7), mine).await;
            add("some day", None, None).await;
            let board = customers.board(&agent, Whose::Mine, today).await.unwrap();
            assert_eq!(of(&board, Column::Overdue), ["yesterday"]);
            assert_eq!(of(&board, Column::Today), ["today"]);
            assert_eq!(of(&board, Column::Week), ["in six days"]);
            assert_eq!(of(&board, Column::Later), ["in seven days"]);
            assert!(of(&board, Column::Undated).is_empty());
            let board = customers.board(&agent, Whose::Nobody, today).await.unwrap();
            assert_eq!(of(&board, Column::Undated), ["some day"]);

            let was = customers.move_task(&agent, call, Move::Done).await.unwrap();
            assert!(matches!(&was, Outcome::Done(to) if *to == Move::Due(day(0))));
            let again = customers.move_task(&agent, call, Move::Done).await.unwrap();
            assert!(again.is_repeat());
            let board = customers.board(&agent, Whose::Everybody, today).await.unwrap();
            assert_eq!(of(&board, Column::Done), ["today"]);
            assert!(of(&board, Column::Today).is_empty());
            let _ = customers.move_task(&agent, call, was.into_inner()).await.unwrap();
            let board = customers.board(&agent, Whose::Everybody, today).await.unwrap();
            assert_eq!(of(&board, Column::Today), ["today"]);

            let analyst = actor(&house, Role::Analyst).await;
            assert!(customers.board(&analyst, Whose::Mine, today).await.is_ok());
            assert!(customers.move_task(&analyst, call, Move::Done).await.is_err());
        })
        .await;
    }
}
