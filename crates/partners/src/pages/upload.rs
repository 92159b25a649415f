//! Handing in an activity file: streamed to disk, checked at once.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::{Explain, Kind, Outcome};
use web::form::{Errors, Guard};
use web::{Ctx, PageError, PageResult, Toast};

use crate::activity::{FileId, PartnerFile, Status};
use crate::agreements::{Partner, PartnerId};
use crate::{Error, Rooms, permissions};

/// Bytes gathered before they go to the disk.
const CHUNK: usize = 1 << 20;

#[derive(Template)]
#[template(path = "partners/upload.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    partner: &'a Partner,
    name: String,
    errors: Errors,
}

async fn show(ctx: &Ctx, rooms: &Rooms, id: PartnerId, errors: Errors) -> PageResult {
    let partner = rooms.partners.partner(&ctx.actor, id).await?;
    let wrong = !errors.is_empty();
    let name = partner.name(ctx.lang).to_owned();
    let page = Show { ctx, partner: &partner, name, errors };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

/// `GET /partners/{id}/files`
pub(super) async fn ask(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::RECEIVE)?;
    show(&ctx, &rooms, super::id(&id)?, Errors::none()).await
}

/// `POST /partners/{id}/files`
pub(super) async fn send(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    guard: Guard,
    form: Multipart,
) -> PageResult {
    ctx.actor.may(permissions::RECEIVE)?;
    let id: PartnerId = super::id(&id)?;
    let received = match receive(&ctx, &rooms, id, &guard, form).await? {
        Some(Ok(received)) => received,
        Some(Err(error)) => {
            let mut errors = Errors::none();
            errors.add("file", super::refusal(&ctx, &error));
            return show(&ctx, &rooms, id, errors).await;
        }
        None => {
            let mut errors = Errors::none();
            errors.add("file", ctx.t("partners-fault-empty"));
            return show(&ctx, &rooms, id, errors).await;
        }
    };
    let said = match &received {
        Outcome::AlreadyDone(_) => Toast::info(ctx.t("partners-file-before")),
        Outcome::Done(file) if file.status == Status::Refused => {
            Toast::bad(ctx.t("partners-file-refused"))
        }
        Outcome::Done(_) => Toast::good(ctx.t("partners-file-taken")),
    };
    let file = received.into_inner();
    Ok(ctx.see(&format!("/partners/{id}/files/{}", file.id)).toast(said).into_response())
}

type Received = Option<Result<Outcome<PartnerFile>, Error>>;

async fn receive(
    ctx: &Ctx,
    rooms: &Rooms,
    id: PartnerId,
    guard: &Guard,
    mut form: Multipart,
) -> Result<Received, PageError> {
    let broken = |_| PageError::new(Kind::Invalid, "form");
    let (partners, mut checked) = (&rooms.partners, false);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "csrf" => {
                guard.check(&field.text().await.map_err(broken)?)?;
                checked = true;
            }
            "file" if checked => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let file = partners.begin_file(&ctx.actor, id).await?;
                let (mut at, mut buffer) = (0, Vec::with_capacity(CHUNK));
                loop {
                    let chunk = match field.chunk().await {
                        Ok(chunk) => chunk,
                        Err(_) => {
                            partners.drop_file(file).await?;
                            return Err(PageError::new(Kind::Invalid, "form"));
                        }
                    };
                    buffer.extend_from_slice(chunk.as_deref().unwrap_or_default());
                    if chunk.is_none() || buffer.len() >= CHUNK {
                        match partners.append_file(file, at, &buffer).await {
                            Ok(to) => at = to,
                            Err(error @ Error::Refused(_)) => return Ok(Some(Err(error))),
                            Err(other) => return Err(other.into()),
                        }
                        buffer.clear();
                    }
                    if chunk.is_none() {
                        break;
                    }
                }
                return Ok(Some(finish(ctx, rooms, (id, file), &name).await));
            }
            _ => {}
        }
    }
    Ok(None)
}

async fn finish(
    ctx: &Ctx,
    rooms: &Rooms,
    (id, file): (PartnerId, FileId),
    name: &str,
) -> Result<Outcome<PartnerFile>, Error> {
    let received = rooms.partners.finish_file(&ctx.actor, id, file, name).await;
    if let Err(error) = &received {
        tracing::warn!(code = error.code(), "a partner's file could not be taken");
    }
    received
}
