//! `/api/v1/grades`: gradings of simulated days, for programs.

use axum::Json;
use axum::extract::{Path, State};
use kernel::Uuid;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{ApiActor, Problem};

use crate::{Error, Rooms, permissions};

/// All operations, with their documentation.
pub(crate) fn api(rooms: Rooms) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).with_state(rooms)
}

fn json(of: &impl serde::Serialize) -> Result<Json<Value>, Problem> {
    let value = serde_json::to_value(of).map_err(store::Error::from).map_err(Error::from)?;
    Ok(Json(value))
}

/// List gradings
///
/// The newest fifty: days, mentions, F1 of pairs, share of customers that hold several people, share
/// of right outcomes.
#[utoipa::path(get, path = "/api/v1/grades", tag = "grades",
    responses((status = 200, body = Value), (status = 401), (status = 403)))]
async fn list(who: ApiActor, State(rooms): State<Rooms>) -> Result<Json<Value>, Problem> {
    who.actor.may(permissions::SYSTEM_READ)?;
    let (lines, _) = super::list(&rooms.app, None).await?;
    json(&serde_json::json!({ "items": lines }))
}

/// Read a grading
///
/// Everything: identity with its worst errors, outcomes, segments, legs.
#[utoipa::path(get, path = "/api/v1/grades/{id}", tag = "grades",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Value), (status = 401), (status = 403), (status = 404)))]
async fn show(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    who.actor.may(permissions::SYSTEM_READ)?;
    let id = id.parse::<Uuid>().map_err(|_| Error::NoGrade)?;
    let run = super::get(&rooms.app, id).await?.ok_or(Error::NoGrade)?;
    json(&run)
}
