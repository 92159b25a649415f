use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, named};
use crate::activity::{FileId, Located, PartnerFile, RowOut, Status};
use crate::permissions;

/// A file and what became of it.
#[derive(Serialize, ToSchema)]
pub(super) struct FileOut {
    id: Uuid,
    partner: Uuid,
    name: String,
    batch: String,
    status: Status,
    /// Why it was refused: code, line, what it says and what was found.
    #[schema(value_type = Object)]
    fault: Option<Located>,
    rows: i64,
    rows_done: i64,
    posted: i64,
    rejected: i64,
    waiting: i64,
    issued: i64,
    reversed: i64,
    redeemed: i64,
}

impl From<PartnerFile> for FileOut {
    fn from(file: PartnerFile) -> Self {
        Self {
            id: file.id.into(),
            partner: file.partner.into(),
            name: file.name,
            batch: file.batch,
            status: file.status,
            fault: file.fault,
            rows: file.rows_total,
            rows_done: file.rows_done,
            posted: file.posted,
            rejected: file.rejected,
            waiting: file.waiting,
            issued: file.issued,
            reversed: file.reversed,
            redeemed: file.redeemed,
        }
    }
}

/// What the file is called.
#[derive(Deserialize)]
pub(super) struct Called {
    name: Option<String>,
}

/// Hand in an activity file
///
/// The body is the file, at most 16 MiB. It is checked whole at once and posted in the background;
/// a file that does not add up is kept as `refused`. The same bytes again are the first, with
/// status 200.
#[utoipa::path(post, path = "/api/v1/partners/{id}/files", tag = "partners",
    params(("id" = Uuid, Path), ("name" = Option<String>, Query)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 202, body = FileOut), (status = 200, body = FileOut), (status = 401),
        (status = 403), (status = 404), (status = 413)))]
pub(super) async fn receive(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Query(called): Query<Called>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<FileOut>), Problem> {
    who.actor.may(permissions::RECEIVE)?;
    let id = named(&id, "partner")?;
    let name = called.name.unwrap_or_else(|| "activity.csv".to_owned());
    let received = rooms.partners.receive_file(&who.actor, id, &name, &bytes).await?;
    let status = match &received {
        Outcome::Done(_) => StatusCode::ACCEPTED,
        Outcome::AlreadyDone(_) => StatusCode::OK,
    };
    Ok((status, Json(received.into_inner().into())))
}

/// Read a file's state
#[utoipa::path(get, path = "/api/v1/partners/files/{id}", tag = "partners",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = FileOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn read(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<FileOut>, Problem> {
    who.actor.may(permissions::READ)?;
    Ok(Json(rooms.partners.file(&who.actor, named(&id, "file")?).await?.into()))
}

/// Which rows.
#[derive(Deserialize)]
pub(super) struct Which {
    outcome: Option<String>,
    after: Option<i64>,
    n: Option<i64>,
}

/// Read a file's rows
///
/// In the order of the file, after a row's number.
#[utoipa::path(get, path = "/api/v1/partners/files/{id}/rows", tag = "partners",
    params(("id" = Uuid, Path),
        ("outcome" = Option<String>, Query, description = "posted, rejected or waiting"),
        ("after" = Option<i64>, Query, description = "Row number of the page before's last"),
        ("n" = Option<i64>, Query, description = "Rows, 1–1,000, usually 100")),
    responses((status = 200, body = Vec<RowOut>), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn rows(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<RowOut>>, Problem> {
    who.actor.may(permissions::READ)?;
    let id: FileId = named(&id, "file")?;
    let (after, n) = (which.after.unwrap_or(0), which.n.unwrap_or(100).clamp(1, 1_000));
    let outcome = which.outcome.as_deref();
    Ok(Json(rooms.partners.rows(&who.actor, id, outcome, after, n).await?))
}

/// Read a file's acknowledgement
#[utoipa::path(get, path = "/api/v1/partners/files/{id}/acknowledgement", tag = "partners",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401),
        (status = 403), (status = 404), (status = 409)))]
pub(super) async fn acknowledgement(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    who.actor.may(permissions::EXPORT)?;
    let (_, text) = rooms.partners.acknowledgement(&who.actor, named(&id, "file")?).await?;
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}
