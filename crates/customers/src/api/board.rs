use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::body;
use crate::board::{Card, Column, Move, Shown, Whose};
use crate::{Error, Rooms, TaskId};

/// The board of tasks.
#[derive(Serialize, ToSchema)]
pub(super) struct Board {
    /// From overdue to done.
    columns: Vec<ColumnOut>,
}

/// A column of the board.
#[derive(Serialize, ToSchema)]
pub(super) struct ColumnOut {
    column: Column,
    /// All its tasks.
    total: i64,
    /// The first 40 of them, the most urgent first.
    tasks: Vec<CardOut>,
}

/// A task and whom it is about.
#[derive(Serialize, ToSchema)]
pub(super) struct CardOut {
    #[schema(value_type = Uuid)]
    id: TaskId,
    /// What is to be done.
    title: String,
    /// By the end of this day.
    due_on: Option<NaiveDate>,
    /// About whom.
    customer_id: Uuid,
    /// By whom; nobody yet when absent.
    assignee_id: Option<Uuid>,
}

impl From<Card> for CardOut {
    fn from(card: Card) -> Self {
        Self {
            id: card.id,
            title: card.title,
            due_on: card.due_on,
            customer_id: card.customer_id.uuid(),
            assignee_id: card.assignee_id,
        }
    }
}

/// Whose tasks.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    whose: Whose,
}

/// Where a task is moved.
#[derive(Deserialize, ToSchema)]
pub(super) struct MoveIn {
    /// A day (`2026-11-30`), `undated` or `done`.
    to: String,
}

/// Read the board of tasks
#[utoipa::path(get, path = "/api/v1/tasks", tag = "customers",
    params(("whose" = Option<Whose>, Query, description = "`mine` when left out")),
    responses((status = 200, body = Board), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn board(
    who: ApiActor,
    State(rooms): State<Rooms>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Board>, Problem> {
    who.actor.may(crate::permissions::READ)?;
    let Query(asked) = asked.map_err(|_| Problem::new(kernel::Kind::Invalid, "form"))?;
    let zone = who.web.config.time_zone;
    let today = rooms.customers.now().with_timezone(&zone).date_naive();
    let column = |shown: Shown| ColumnOut {
        column: shown.column,
        total: shown.total,
        tasks: shown.cards.into_iter().map(CardOut::from).collect(),
    };
    let board = rooms.customers.board(&who.actor, asked.whose, today).await?;
    Ok(Json(Board { columns: board.into_iter().map(column).collect() }))
}

/// Move a task to a day, or mark it done
///
/// A done task that is moved to a day is open again. Twice is the same as once.
#[utoipa::path(patch, path = "/api/v1/tasks/{task}", tag = "customers",
    params(("task" = Uuid, Path)), request_body = MoveIn,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn patch(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(task): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let given: MoveIn = body(&bytes)?;
    let to = Move::read(&given.to).ok_or_else(|| Problem::new(kernel::Kind::Invalid, "form"))?;
    let task: TaskId = task.parse().map_err(|_| Error::NotFound("task"))?;
    let _ = rooms.customers.move_task(&who.actor, task, to).await?;
    Ok(StatusCode::NO_CONTENT)
}
