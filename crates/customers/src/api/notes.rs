use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::{body, named};
use crate::Rooms;
use crate::notes::Note;
use web::once::{self, Begun};

/// Notes, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Notes {
    items: Vec<Note>,
}

/// A note to be written.
#[derive(Deserialize, ToSchema)]
pub(super) struct NoteIn {
    /// 1–4,000 characters.
    body: String,
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    pub id: String,
}

/// Read a customer's notes
#[utoipa::path(get, path = "/api/v1/customers/{id}/notes", tag = "customers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Notes), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn notes(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<Notes>, Problem> {
    let items = rooms.customers.notes(&who.actor, named(&path)?, 200).await?;
    Ok(Json(Notes { items }))
}

/// Write a note
#[utoipa::path(post, path = "/api/v1/customers/{id}/notes", tag = "customers",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NoteIn,
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
    let given: NoteIn = body(&bytes)?;
    let mut tx = rooms.customers.db().begin().await?;
    let what = format!("note {id}");
    let (status, made) = match once::begin(&mut tx, &rooms.web, &who, &headers, &what, &bytes)
        .await?
    {
        Begun::Before(status, made) => (status, made),
        Begun::Go(key) => {
            let note = rooms.customers.add_note_in(&mut tx, &who.actor, id, &given.body).await?;
            let made = note.to_string();
            once::finish(tx, &who, key, StatusCode::CREATED, &made).await?;
            (StatusCode::CREATED, made)
        }
    };
    Ok((status, Json(Made { id: made })))
}
