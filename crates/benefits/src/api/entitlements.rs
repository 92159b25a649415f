use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::shape::{FlightOut, FlightQuery, ReplyOut, WhoIn, moment};
use super::{body, member};
use crate::{Asked, Error, Rooms, Who, permissions};

/// Most members of one question.
const MOST: usize = 1_000;

/// Replies for one flight.
#[derive(Serialize, ToSchema)]
pub(super) struct RepliesOut {
    flight: FlightOut,
    items: Vec<ReplyOut>,
}

/// One reply.
#[derive(Serialize, ToSchema)]
pub(super) struct OneOut {
    flight: FlightOut,
    #[serde(flatten)]
    reply: ReplyOut,
}

/// Members, or everybody booked, and a flight.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionIn {
    flight: Asked,
    /// The moment of asking; now when left out.
    at: Option<DateTime<Utc>>,
    /// At most 1,000. Every member booked on a flight that is known here, when left out.
    members: Option<Vec<WhoIn>>,
}

/// What a member is entitled to on a flight
///
/// With the reason of each benefit, what is left and until when. A flight that is not known here needs
/// `from` and `to`. A member who was merged is answered for by the one it was merged into.
#[utoipa::path(get, path = "/api/v1/members/{id}/entitlements", tag = "benefits",
    params(("id" = uuid::Uuid, Path), ("flight" = String, Query), ("date" = String, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("departs_at" = Option<String>, Query), ("operating" = Option<String>, Query),
        ("cabin" = Option<String>, Query), ("at" = Option<String>, Query)),
    responses((status = 200, body = OneOut), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn of_member(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    Query(query): Query<FlightQuery>,
) -> Result<Json<OneOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let id = [Who::Id(member(&path)?)];
    let at = moment(query.at.as_ref(), "at")?;
    let asked = query.asked()?;
    let (flight, mut replies) = rooms.benefits.entitlements(&who.actor, &id, &asked, at).await?;
    let reply = replies.pop().filter(|reply| reply.outcome != crate::Outcome::Unknown);
    let reply = reply.ok_or(Error::NotFound("member"))?;
    Ok(Json(OneOut { flight: (&flight).into(), reply: reply.into() }))
}

/// What many members are entitled to on a flight
///
/// In the order asked, each with its outcome: an unknown number does not fail the others. For check-in:
/// the whole list in one call.
#[utoipa::path(post, path = "/api/v1/entitlements", tag = "benefits",
    request_body = QuestionIn,
    responses((status = 200, body = RepliesOut), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn of_many(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Json<RepliesOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let given: QuestionIn = body(&bytes)?;
    let benefits = &rooms.benefits;
    let Some(members) = given.members else {
        let aboard = benefits.entitlements_aboard(&who.actor, &given.flight, given.at).await?;
        let items = aboard.1.into_iter().map(Into::into).collect();
        return Ok(Json(RepliesOut { flight: (&aboard.0).into(), items }));
    };
    if members.is_empty() || members.len() > MOST {
        return Err(Error::Invalid("members", "benefits-members").into());
    }
    let asked = members.iter().map(WhoIn::who).collect::<Result<Vec<_>, _>>()?;
    let replies = benefits.entitlements(&who.actor, &asked, &given.flight, given.at).await?;
    let items = replies
        .1
        .into_iter()
        .zip(&members)
        .map(|(reply, asked)| ReplyOut { asked: Some(asked.as_asked()), ..reply.into() });
    Ok(Json(RepliesOut { flight: (&replies.0).into(), items: items.collect() }))
}
