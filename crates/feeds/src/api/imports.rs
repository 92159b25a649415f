//! Imports over HTTP: announce a file, send it in parts, map, check, start, cancel, undo.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::{FinishIn, ImportOut, ImportsOut, JobOut, MapIn, UploadIn, UploadOut};
use crate::imports::{MappingRef, Run, StoredIssue, policy};
use crate::mapping::suggest::{Suggestion, suggest};
use crate::pages::Rooms;
use crate::{Error, permissions};

type Answer<T> = Result<Json<T>, Problem>;

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
    limit: Option<i64>,
}

/// Imports, newest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports",
    params(("after" = Option<String>, Query, description = "Cursor of the page before"),
        ("limit" = Option<i64>, Query, description = "1–200, 50 by default")),
    responses((status = 200, body = ImportsOut)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(query): Query<After>,
) -> Answer<ImportsOut> {
    let limit = query.limit.unwrap_or(50);
    let page = rooms.feeds.imports(&who.actor, query.after.as_deref(), limit).await?;
    let items = page.items.into_iter().map(ImportOut::from).collect();
    Ok(Json(ImportsOut { items, next: page.next }))
}

/// Announces a file. Send its bytes to `/api/v1/imports/{id}/content`.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", request_body = UploadIn,
    responses((status = 201, body = UploadOut)))]
pub(super) async fn create(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Json(file): Json<UploadIn>,
) -> Result<(StatusCode, Json<UploadOut>), Problem> {
    let id = rooms.feeds.begin_upload(&who.actor, &file.name, file.size).await?;
    Ok((StatusCode::CREATED, Json(UploadOut { id: id.uuid(), offset: 0 })))
}

/// One import with its counts, reasons and check.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 200, body = ImportOut), (status = 404)))]
pub(super) async fn get(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Answer<ImportOut> {
    Ok(Json(rooms.feeds.import(&who.actor, id.into()).await?.into()))
}

/// Throws away an import that has written nothing.
#[utoipa::path(delete, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 204), (status = 409)))]
pub(super) async fn delete(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    rooms.feeds.throw_away(&who.actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct At {
    offset: u64,
}

/// Adds bytes of the file that begin at `offset`, up to 16 MB at a time. After a lost connection
/// the conflict's detail says where the upload stands.
#[utoipa::path(put, path = "/api/v1/imports/{id}/content", tag = "imports",
    params(("id" = Uuid, Path, description = "Import"),
        ("offset" = u64, Query, description = "First byte of this part")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = UploadOut), (status = 409), (status = 413)))]
pub(super) async fn append(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(at): Query<At>,
    bytes: Bytes,
) -> Answer<UploadOut> {
    let offset = rooms.feeds.append(&who.actor, id.into(), at.offset, &bytes).await?;
    Ok(Json(UploadOut { id, offset }))
}

/// Ends the upload and looks at the file.
#[utoipa::path(post, path = "/api/v1/imports/{id}/finish", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")), request_body = FinishIn,
    responses((status = 200, body = ImportOut), (status = 409), (status = 422)))]
pub(super) async fn finish(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Json(asked): Json<FinishIn>,
) -> Answer<ImportOut> {
    Ok(Json(rooms.feeds.finish_upload(&who.actor, id.into(), asked.kind).await?.into()))
}

/// What each column probably is, and why.
#[utoipa::path(get, path = "/api/v1/imports/{id}/suggestions", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 200, body = Vec<Suggestion>)))]
pub(super) async fn suggestions(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Answer<Vec<Suggestion>> {
    let import = rooms.feeds.import(&who.actor, id.into()).await?;
    let facts = rooms.feeds.facts(&who.actor, &import, true).await?;
    let earlier = rooms.feeds.earlier_mapping(&facts.header).await?;
    Ok(Json(suggest(&facts, import.kind, earlier.as_ref())))
}

/// Decides how the import is read, and what it does with members already known.
#[utoipa::path(put, path = "/api/v1/imports/{id}/mapping", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")), request_body = MapIn,
    responses((status = 200, body = ImportOut), (status = 409), (status = 422)))]
pub(super) async fn set_mapping(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Json(asked): Json<MapIn>,
) -> Answer<ImportOut> {
    let mapping = match (asked.mapping, asked.name) {
        (Some(mapping), _) => mapping,
        (None, Some(name)) => rooms.feeds.mapping(&MappingRef::Name(name)).await?,
        (None, None) => return Err(Error::Unmapped.into()),
    };
    let policy = policy(asked.policy.as_deref().unwrap_or_default());
    Ok(Json(rooms.feeds.set_mapping(&who.actor, id.into(), &mapping, policy).await?.into()))
}

/// Has all rows checked in the background; nothing is written.
#[utoipa::path(post, path = "/api/v1/imports/{id}/check", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 202, body = JobOut), (status = 409)))]
pub(super) async fn check(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<JobOut>), Problem> {
    let job = rooms.feeds.start_check(&who.actor, id.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(JobOut { job })))
}

/// Has the import run in the background, from where it stands.
#[utoipa::path(post, path = "/api/v1/imports/{id}/start", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 202, body = JobOut), (status = 409)))]
pub(super) async fn start(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<JobOut>), Problem> {
    let job = rooms.feeds.start_import(&who.actor, id.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(JobOut { job })))
}

/// Asks the work on an import to stop. Rows already in stay until the import is undone.
#[utoipa::path(post, path = "/api/v1/imports/{id}/cancel", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 204), (status = 409)))]
pub(super) async fn cancel(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    rooms.feeds.cancel(&who.actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has the whole import undone in the background, for 30 days after it ended.
#[utoipa::path(post, path = "/api/v1/imports/{id}/revert", tag = "imports",
    params(("id" = Uuid, Path, description = "Import")),
    responses((status = 202, body = JobOut), (status = 409)))]
pub(super) async fn revert(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<JobOut>), Problem> {
    let job = rooms.feeds.start_revert(&who.actor, id.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(JobOut { job })))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    run: Option<String>,
    code: Option<String>,
    after: Option<i64>,
    limit: Option<i64>,
}

/// What is wrong, row by row.
#[utoipa::path(get, path = "/api/v1/imports/{id}/issues", tag = "imports",
    params(("id" = Uuid, Path, description = "Import"),
        ("run" = Option<String>, Query, description = "`import` (default) or `check`"),
        ("code" = Option<String>, Query, description = "One reason only"),
        ("after" = Option<i64>, Query, description = "`n` of the last one known"),
        ("limit" = Option<i64>, Query, description = "1–10,000, 1,000 by default")),
    responses((status = 200, body = Vec<StoredIssue>)))]
pub(super) async fn issues(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Answer<Vec<StoredIssue>> {
    who.actor.may(permissions::READ)?;
    let run = if asked.run.as_deref() == Some("check") { Run::Check } else { Run::Import };
    let page = (asked.after.unwrap_or(-1), asked.limit.unwrap_or(1_000));
    let code = asked.code.as_deref();
    Ok(Json(rooms.feeds.issues(&who.actor, id.into(), run, code, page).await?))
}
