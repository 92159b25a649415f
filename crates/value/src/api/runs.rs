use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value as Object;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::body;
use crate::run::RunParams;
use crate::{Result, Rooms, Run};

/// Runs, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Runs {
    /// Identity, status, parameters and, once finished, the whole result.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Object>,
}

/// Work that has been begun.
#[derive(Serialize, ToSchema)]
pub(super) struct Begun {
    /// The job; for a new run also the identity of the run.
    id: uuid::Uuid,
    /// Whether it was under way already.
    already: bool,
}

fn whole(run: &Run) -> Result<Object> {
    Ok(serde_json::to_value(run).map_err(store::Error::from)?)
}

/// List runs
///
/// The newest hundred.
#[utoipa::path(get, path = "/api/v1/value/runs", tag = "value",
    responses((status = 200, body = Runs), (status = 401), (status = 403)))]
pub(super) async fn list(who: ApiActor, State(rooms): State<Rooms>) -> Result<Json<Runs>, Problem> {
    let runs = rooms.value.list(&who.actor, 100).await?;
    Ok(Json(Runs { items: runs.iter().map(whole).collect::<Result<_>>()? }))
}

/// Start a run
///
/// It is performed in the background. While one is under way, asking again returns that one.
#[utoipa::path(post, path = "/api/v1/value/runs", tag = "value", request_body = RunParams,
    responses((status = 202, body = Begun), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn start(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let params: RunParams = if bytes.is_empty() { RunParams::default() } else { body(&bytes)? };
    let begun = rooms.value.start_run(&who.actor, &params).await?;
    let already = begun.is_repeat();
    let begun = Begun { id: begun.into_inner(), already };
    Ok((StatusCode::ACCEPTED, Json(begun)).into_response())
}

/// Read a run
///
/// `latest` is the newest finished one.
#[utoipa::path(get, path = "/api/v1/value/runs/{id}", tag = "value",
    params(("id" = String, Path, description = "Identity, or `latest`")),
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn show(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<Object>, Problem> {
    let run = rooms.value.show_word(&who.actor, &id).await?;
    Ok(Json(whole(&run)?))
}

/// Publish a run
///
/// Customers then show its groups, scores and lifecycle states. Performed in the background.
#[utoipa::path(post, path = "/api/v1/value/runs/{id}/publish", tag = "value",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = Begun), (status = 401), (status = 403), (status = 404),
        (status = 409)))]
pub(super) async fn publish(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let run = rooms.value.show_word(&who.actor, &id).await?.id;
    let begun = rooms.value.start_publish(&who.actor, run).await?;
    let already = begun.is_repeat();
    let begun = Begun { id: begun.into_inner(), already };
    Ok((StatusCode::ACCEPTED, Json(begun)).into_response())
}

/// Read the groups customers show
///
/// The groups of the published run: members, shares, centres, quantiles, lifecycle states.
#[utoipa::path(get, path = "/api/v1/value/groups", tag = "value",
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn groups(
    who: ApiActor,
    State(rooms): State<Rooms>,
) -> Result<Json<Object>, Problem> {
    let run = rooms.value.published(&who.actor).await?;
    let run = run.ok_or(crate::Error::NothingPublished)?;
    let report = run.report()?;
    Ok(Json(serde_json::json!({
        "run": run.id, "observed_on": report.observed_on, "groups": report.groups,
    })))
}
