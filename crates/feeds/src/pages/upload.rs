//! Receiving a file: in parts from the upload element, or whole from a plain form.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Explain, Kind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web::form::{Errors, Fields, Guard};
use web::{Ctx, PageError, PageResult};

use super::{Rooms, new};
use crate::imports::ImportId;
use crate::mapping::fields::FileKind;
use crate::{Error, permissions};

/// Bytes gathered before they go to the disk.
const CHUNK: usize = 1 << 20;

#[derive(Serialize)]
struct Begun {
    id: Uuid,
    offset: u64,
}

#[derive(Serialize)]
struct Stands {
    offset: u64,
    size: u64,
}

#[derive(Serialize)]
struct Reached {
    offset: u64,
}

#[derive(Serialize)]
struct Ended {
    href: String,
}

#[derive(Deserialize)]
pub struct At {
    offset: u64,
}

pub async fn begin(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let size = fields.get("size").parse().unwrap_or(0);
    let id = rooms.feeds.begin_upload(&ctx.actor, fields.get("name"), size).await?;
    Ok((StatusCode::CREATED, Json(Begun { id: id.uuid(), offset: 0 })).into_response())
}

pub async fn state(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    let (offset, size) = rooms.feeds.upload_state(&ctx.actor, id.into()).await?;
    Ok(Json(Stands { offset, size }).into_response())
}

pub async fn part(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(at): Query<At>,
    guard: Guard,
    bytes: Bytes,
) -> PageResult {
    guard.header()?;
    match rooms.feeds.append(&ctx.actor, id.into(), at.offset, &bytes).await {
        Ok(offset) => Ok(Json(Reached { offset }).into_response()),
        Err(Error::Store(store::Error::Offset { at, .. })) => {
            Ok((StatusCode::CONFLICT, Json(Reached { offset: at })).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn finish(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> PageResult {
    let kind = FileKind::parse(fields.get("kind"));
    let import = rooms.feeds.finish_upload(&ctx.actor, id.into(), kind).await?;
    Ok(Json(Ended { href: format!("/imports/{}/map", import.id) }).into_response())
}

/// The whole file in one form, for browsers without scripts.
pub async fn plain(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    guard: Guard,
    form: Multipart,
) -> PageResult {
    ctx.actor.may(permissions::IMPORT)?;
    match receive(&ctx, &rooms, &guard, form).await {
        Ok(id) => Ok(ctx.see(&format!("/imports/{id}/map")).into_response()),
        Err(Refused::Page(error)) => Err(error),
        Err(Refused::File(error)) => Ok(refused(&ctx, &error)),
    }
}

enum Refused {
    Page(PageError),
    File(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::File(error)
    }
}

impl From<PageError> for Refused {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

async fn receive(
    ctx: &Ctx,
    rooms: &Rooms,
    guard: &Guard,
    mut form: Multipart,
) -> Result<ImportId, Refused> {
    let broken = |_| Refused::Page(PageError::new(Kind::Invalid, "form"));
    let (mut checked, mut kind, mut import) = (false, None, None);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "csrf" => {
                guard.check(&field.text().await.map_err(broken)?)?;
                checked = true;
            }
            "kind" => kind = FileKind::parse(&field.text().await.map_err(broken)?),
            "file" if checked => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let id = rooms.feeds.begin_upload(&ctx.actor, &name, u64::MAX >> 1).await?;
                let (mut at, mut buffer) = (0, Vec::with_capacity(CHUNK));
                while let Some(bytes) = field.chunk().await.map_err(broken)? {
                    buffer.extend_from_slice(&bytes);
                    if buffer.len() >= CHUNK {
                        at = rooms.feeds.append(&ctx.actor, id, at, &buffer).await?;
                        buffer.clear();
                    }
                }
                rooms.feeds.append(&ctx.actor, id, at, &buffer).await?;
                rooms.feeds.announce_late(&ctx.actor, id).await?;
                import = Some(id);
            }
            _ => {}
        }
    }
    let id = import.ok_or(Error::File(crate::file::FileError::Empty))?;
    rooms.feeds.finish_upload(&ctx.actor, id, kind).await?;
    Ok(id)
}

/// The page again, with what is wrong with the file.
fn refused(ctx: &Ctx, error: &Error) -> Response {
    let args: Vec<(&str, String)> = error.args();
    let key = format!("error-{}", error.code());
    let mut errors = Errors::none();
    let sentence = format!("{} {}", ctx.tv(&key, &args), ctx.tv(&format!("{key}-hint"), &args));
    errors.add("file", sentence);
    new::render(ctx, StatusCode::UNPROCESSABLE_ENTITY, errors)
}
