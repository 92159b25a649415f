use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::Rooms;

/// Work in the background.
#[derive(Serialize, ToSchema)]
pub(super) struct Started {
    /// The job: see `/jobs` in the console.
    job: Uuid,
}

/// Make members of customers with a number
///
/// In the background, of all customers whom a feed brought with a member number and who have no
/// membership in the programme. They keep the number, the day of joining and, for a year, the tier;
/// what they flew is credited. Asked again while it runs, the same job is answered.
#[utoipa::path(post, path = "/api/v1/programmes/{code}/adoption", tag = "programmes",
    params(("code" = String, Path)),
    responses((status = 202, body = Started), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn start(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(code): Path<String>,
) -> Result<(StatusCode, Json<Started>), Problem> {
    let job = rooms.loyalty.start_adoption(&who.actor, &code).await?;
    Ok((StatusCode::ACCEPTED, Json(Started { job })))
}
