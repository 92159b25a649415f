use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, body, member, named};
use crate::members::nominees::NewNominee;
use web::once::{self, Begun};

/// A member's nominees.
#[derive(Serialize, ToSchema)]
pub(super) struct NomineesOut {
    items: Vec<NomineeOut>,
}

/// A nominee.
#[derive(Serialize, ToSchema)]
pub(super) struct NomineeOut {
    id: Uuid,
    /// In the order of the asker's language.
    name: String,
    /// Masked.
    document: String,
    added_at: DateTime<Utc>,
    /// First day on which miles can be redeemed for them.
    effective_on: NaiveDate,
}

/// Nominees to be added, all or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NomineesIn {
    nominees: Vec<NomineeIn>,
}

/// Somebody to be named.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NomineeIn {
    /// In Hanzi, or `Surname Given`.
    name: String,
    birth_date: NaiveDate,
    /// Number of the travel or identity document.
    document: String,
    /// Needed under fourteen.
    #[serde(default)]
    guardian_consent: bool,
}

/// Read a member's nominees
#[utoipa::path(get, path = "/api/v1/members/{id}/nominees", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = NomineesOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn nominees(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<NomineesOut>, Problem> {
    let id = member(&path)?;
    rooms.loyalty.member(&who.actor, id).await?;
    let nominees = rooms.loyalty.nominees(&who.actor, id).await?;
    let items = nominees.into_iter().map(|nominee| NomineeOut {
        id: nominee.id.into(),
        name: nominee.name.display(who.lang),
        document: nominee.document,
        added_at: nominee.added_at,
        effective_on: nominee.effective_on,
    });
    Ok(Json(NomineesOut { items: items.collect() }))
}

/// Add nominees
///
/// At most ten in all; they take effect after thirty days, the first of an elite member at once.
#[utoipa::path(post, path = "/api/v1/members/{id}/nominees", tag = "members",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NomineesIn,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409),
        (status = 422)))]
pub(super) async fn add(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let id = member(&path)?;
    let given: NomineesIn = body(&bytes)?;
    let new: Vec<NewNominee> = given
        .nominees
        .into_iter()
        .map(|it| NewNominee {
            name: PersonName::parse(&it.name),
            birth_date: it.birth_date.into(),
            document: it.document.into(),
            guardian_consent: it.guardian_consent,
        })
        .collect();
    let mut tx = rooms.loyalty.db().begin().await?;
    let what = format!("nominees {id}");
    if let Begun::Go(key) = once::begin(&mut tx, &rooms.web, &who, &headers, &what, &bytes).await? {
        rooms.loyalty.add_nominees_in(&mut tx, &who.actor, id, &new).await?;
        once::finish(tx, &who, key, StatusCode::NO_CONTENT, "").await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a nominee
///
/// At once; what was known of the person is erased. Twice is the same as once.
#[utoipa::path(delete, path = "/api/v1/members/{id}/nominees/{nominee}", tag = "members",
    params(("id" = uuid::Uuid, Path), ("nominee" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn remove(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((id, nominee)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let (id, nominee) = (named(&id, "member")?, named(&nominee, "nominee")?);
    let _ = rooms.loyalty.remove_nominee(&who.actor, id, nominee).await?;
    Ok(StatusCode::NO_CONTENT)
}
