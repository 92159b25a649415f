use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, body, named};
use crate::agreements::{Kind, NewPartner, NewPrice, NewRate, Partner, PartnerId};
use crate::permissions;

/// A partner to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerIn {
    /// The caller's: asking again with it finds the first.
    id: Option<Uuid>,
    /// The agreement.
    partner: NewPartner,
}

/// A partner.
#[derive(Serialize, ToSchema)]
pub(super) struct PartnerOut {
    id: Uuid,
    code: String,
    programme: String,
    name_en: String,
    name_zh: String,
    kinds: Vec<Kind>,
    currency: String,
    window_days: i64,
    /// Its account in the books.
    account: Uuid,
}

impl From<&Partner> for PartnerOut {
    fn from(partner: &Partner) -> Self {
        Self {
            id: partner.id.into(),
            code: partner.code.clone(),
            programme: partner.programme.clone(),
            name_en: partner.name_en.clone(),
            name_zh: partner.name_zh.clone(),
            kinds: partner.kinds.clone(),
            currency: partner.currency.to_string(),
            window_days: partner.window_days,
            account: partner.account.into(),
        }
    }
}

/// List partners
#[utoipa::path(get, path = "/api/v1/partners", tag = "partners",
    responses((status = 200, body = Vec<PartnerOut>), (status = 401), (status = 403)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
) -> Result<Json<Vec<PartnerOut>>, Problem> {
    let all = rooms.partners.partners(&who.actor).await?;
    Ok(Json(all.iter().map(PartnerOut::from).collect()))
}

/// Add a partner
#[utoipa::path(post, path = "/api/v1/partners", tag = "partners",
    request_body = PartnerIn,
    responses((status = 201, body = PartnerOut), (status = 200, body = PartnerOut),
        (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn add(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<PartnerOut>), Problem> {
    who.actor.may(permissions::AGREE)?;
    let given: PartnerIn = body(&bytes)?;
    let id = given.id.map_or_else(|| PartnerId::new(rooms.partners.now()), PartnerId::from);
    let made = rooms.partners.add_partner(&who.actor, id, given.partner).await?;
    let status = match &made {
        Outcome::Done(_) => StatusCode::CREATED,
        Outcome::AlreadyDone(_) => StatusCode::OK,
    };
    Ok((status, Json(PartnerOut::from(&made.into_inner()))))
}

/// Read a partner
#[utoipa::path(get, path = "/api/v1/partners/{id}", tag = "partners",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = PartnerOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn read(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<PartnerOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let partner = rooms.partners.partner(&who.actor, named(&id, "partner")?).await?;
    Ok(Json(PartnerOut::from(&partner)))
}

/// Add a rate
///
/// Of those that have begun the latest holds for an activity's day.
#[utoipa::path(post, path = "/api/v1/partners/{id}/rates", tag = "partners",
    params(("id" = Uuid, Path)), request_body = NewRate,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409),
        (status = 422)))]
pub(super) async fn rate(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(permissions::AGREE)?;
    rooms.partners.add_rate(&who.actor, named(&id, "partner")?, body(&bytes)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add prices of 1,000 miles
#[utoipa::path(post, path = "/api/v1/partners/{id}/prices", tag = "partners",
    params(("id" = Uuid, Path)), request_body = NewPrice,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409),
        (status = 422)))]
pub(super) async fn price(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(permissions::AGREE)?;
    rooms.partners.add_price(&who.actor, named(&id, "partner")?, body(&bytes)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
