use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::notes::Made;
use super::{body, named};
use crate::tasks::{NewTask, Task};
use crate::{Error, Rooms};
use web::once::{self, Begun};

/// Tasks, open ones first.
#[derive(Serialize, ToSchema)]
pub(super) struct Tasks {
    items: Vec<Task>,
}

/// A task to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct TaskIn {
    /// 1–200 characters.
    title: String,
    /// By when.
    #[serde(default)]
    due_on: Option<NaiveDate>,
    /// By whom.
    #[serde(default)]
    assignee_id: Option<Uuid>,
}

/// How a task stands.
#[derive(Deserialize, ToSchema)]
pub(super) struct DoneIn {
    /// `false` opens it again.
    done: bool,
}

/// Read a customer's tasks
#[utoipa::path(get, path = "/api/v1/customers/{id}/tasks", tag = "customers",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Tasks), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn tasks(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<Tasks>, Problem> {
    let items = rooms.customers.tasks(&who.actor, named(&path)?).await?;
    Ok(Json(Tasks { items }))
}

/// Make a task
#[utoipa::path(post, path = "/api/v1/customers/{id}/tasks", tag = "customers",
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = TaskIn,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn add(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Made>), Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let id = named(&path)?;
    let given: TaskIn = body(&bytes)?;
    let mut tx = rooms.customers.db().begin().await?;
    let what = format!("task {id}");
    let (status, made) =
        match once::begin(&mut tx, &rooms.web, &who, &headers, &what, &bytes).await? {
            Begun::Before(status, made) => (status, made),
            Begun::Go(key) => {
                let new = NewTask {
                    title: given.title,
                    due_on: given.due_on,
                    assignee_id: given.assignee_id,
                };
                let task = rooms.customers.add_task_in(&mut tx, &who.actor, id, new).await?;
                let made = task.to_string();
                once::finish(tx, &who, key, StatusCode::CREATED, &made).await?;
                (StatusCode::CREATED, made)
            }
        };
    Ok((status, Json(Made { id: made })))
}

/// Mark a task done, or open again
///
/// Twice is the same as once.
#[utoipa::path(patch, path = "/api/v1/customers/{id}/tasks/{task}", tag = "customers",
    params(("id" = Uuid, Path), ("task" = Uuid, Path)), request_body = DoneIn,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn finish(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((id, task)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let given: DoneIn = body(&bytes)?;
    let task = task.parse().map_err(|_| Error::NotFound("task"))?;
    let id = named(&Path(id))?;
    let _ = rooms.customers.finish_task(&who.actor, id, task, given.done).await?;
    Ok(StatusCode::NO_CONTENT)
}
