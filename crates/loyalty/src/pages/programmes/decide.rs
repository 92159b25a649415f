//! Four eyes: proposing a draft, approving or refusing what another person proposed.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use kernel::Outcome;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::{href, said, show, version};
use crate::{Error, Rooms};

pub async fn propose(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    let (note, hash) = (fields.get("note"), fields.get("base"));
    let note = Some(note.trim()).filter(|note| !note.is_empty());
    let hash = Some(hash).filter(|hash| !hash.is_empty());
    match rooms.loyalty.propose_programme_as(&ctx.actor, version.id, note, hash).await {
        Ok(_) => {
            let toast = Toast::good(ctx.t("programme-proposed"));
            Ok(ctx.see(&href(&version)).toast(toast).into_response())
        }
        Err(error) => again(&ctx, &rooms, &version, &text, error).await,
    }
}

pub async fn decide(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    let approve = fields.get("decision") == "approve";
    let note = fields.get("note");
    match rooms.loyalty.decide_programme(&ctx.actor, version.id, approve, note).await {
        Ok(outcome) => {
            let key = match (outcome, approve) {
                (Outcome::AlreadyDone(()), _) => "programme-decided-before",
                (_, true) => "programme-approved",
                (_, false) => "programme-refused",
            };
            let toast = Toast::good(ctx.t(key));
            Ok(ctx.see(&href(&version)).toast(toast).into_response())
        }
        Err(error) => again(&ctx, &rooms, &version, &text, error).await,
    }
}

/// The version's page with the reason; what is no matter of the version is a page of its own.
async fn again(
    ctx: &Ctx,
    rooms: &Rooms,
    version: &crate::programmes::Version,
    text: &str,
    error: Error,
) -> PageResult {
    let mut errors = Errors::none();
    match error {
        Error::Refused(_) | Error::Contradictory(_) => errors.add("", said(ctx, &error)),
        Error::Invalid(_) => errors.add("note", ctx.t("error-loyalty-note")),
        error => return Err(error.into()),
    }
    show::render(ctx, rooms, version, text, &errors).await
}
