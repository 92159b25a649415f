//! The programme editor, four eyes and the time machine: rules as tables and as text, what a draft
//! changes, a flight tried out, who decides, and what it would have made of the base.

mod compare;
mod decide;
mod flight;
mod history;
mod liability;
mod list;
mod machine;
mod new;
mod result;
mod row;
mod show;
mod tables;
mod text;
mod words;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use web::{Ctx, PageError};

use crate::programmes::{Version, VersionId};
use crate::{Error, Rooms, permissions};

/// Largest form with a whole document in it: the longest document, of characters that take three.
const LONGEST: usize = 3 * programme::Programme::MOST_BYTES + (64 << 10);

/// The routes.
pub fn router() -> Router<Rooms> {
    let version = "/programmes/{code}/versions/{id}";
    let at = |rest: &str| format!("{version}{rest}");
    Router::new()
        .route("/programmes", get(list::page))
        .route("/programmes/new", get(new::form).post(new::begin))
        .route("/programmes/upload", post(new::upload).layer(DefaultBodyLimit::max(LONGEST)))
        .route("/programmes/{code}", get(history::page))
        .route(version, get(show::page))
        .route(&at("/text"), get(text::page).post(text::save).layer(DefaultBodyLimit::max(LONGEST)))
        .route(&at("/toml"), get(text::download))
        .route(&at("/changes"), get(compare::page))
        .route(&at("/flight"), get(flight::page))
        .route(&at("/propose"), post(decide::propose))
        .route(&at("/decision"), post(decide::decide))
        .route(&at("/tables/{place}"), post(row::quick))
        .route(&at("/tables/{place}/add"), post(row::add))
        .route(&at("/rows/{place}/{row}"), get(row::form).post(row::save))
        .route(&at("/rows/{place}/{row}/remove"), post(row::remove))
        .route("/programmes/{code}/liability", get(liability::page).post(liability::save))
        .route("/programmes/{code}/liability/now", post(liability::again))
        .route("/programmes/{code}/liability/export", get(liability::export))
        .route("/programmes/{code}/time-machine", get(machine::page).post(machine::start))
        .route("/programmes/{code}/time-machine/{run}", get(result::page))
        .route("/programmes/{code}/time-machine/{run}/stop", post(machine::stop))
        .route("/programmes/{code}/time-machine/{run}/export", get(result::export))
}

/// The version of a path with its text.
async fn version(
    ctx: &Ctx,
    rooms: &Rooms,
    (code, id): (&str, &str),
) -> Result<(Version, String), PageError> {
    let id: VersionId = id.parse::<uuid::Uuid>().map_err(|_| PageError::not_found())?.into();
    let (version, text) = rooms.loyalty.programme_version(&ctx.actor, id).await?;
    if version.programme == code { Ok((version, text)) } else { Err(PageError::not_found()) }
}

/// A draft of a path that the reader may change.
async fn draft(
    ctx: &Ctx,
    rooms: &Rooms,
    path: (&str, &str),
) -> Result<(Version, String), PageError> {
    ctx.actor.may(permissions::PROGRAMME)?;
    let (version, text) = version(ctx, rooms, path).await?;
    if version.state != crate::programmes::VersionState::Draft {
        return Err(Error::Refused("loyalty-version-kept").into());
    }
    Ok((version, text))
}

fn href(version: &Version) -> String {
    format!("/programmes/{}/versions/{}", version.programme, version.id)
}

/// An error as a sentence with its remedy.
fn said(ctx: &Ctx, error: &Error) -> String {
    use kernel::Explain;
    let args: Vec<(&str, String)> = error.args();
    let key = format!("error-{}", error.code());
    format!("{} {}", ctx.tv(&key, &args), ctx.tv(&format!("{key}-hint"), &args))
}
