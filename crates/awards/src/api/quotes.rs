use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, body};
use crate::price::Offer;
use crate::{Wish, permissions};

/// What is to be priced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuoteIn {
    member: Uuid,
    wish: Wish,
    /// Pay so many miles and the rest in money.
    part: Option<i64>,
}

/// A quote.
#[derive(Serialize, ToSchema)]
pub(super) struct QuoteOut {
    wish: Wish,
    programme: String,
    version: u32,
    /// ISO 4217, of `minor`.
    currency: String,
    /// Miles the member can spend now.
    available: i64,
    /// Last day of what expires first.
    expires_on: Option<NaiveDate>,
    /// How many of a thing are left; none without limit.
    left: Option<i64>,
    valid_until: DateTime<Utc>,
    /// Ways to pay, most miles first.
    offers: Vec<OfferOut>,
}

/// A way to pay.
#[derive(Serialize, ToSchema)]
struct OfferOut {
    price: Offer,
    /// Miles the member lacks.
    missing: i64,
    /// Miles left afterwards.
    after: i64,
    /// Redeems at this price until the quote ends.
    quote: String,
}

/// Quote an award
///
/// Nothing is kept. Each way to pay carries a `quote` that redeems at exactly this price.
#[utoipa::path(post, path = "/api/v1/awards/quotes", tag = "awards",
    request_body = QuoteIn,
    responses((status = 200, body = QuoteOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn quote(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Json<QuoteOut>, Problem> {
    who.actor.may(permissions::REDEEM)?;
    let asked: QuoteIn = body(&bytes)?;
    let member = asked.member.into();
    let quote = rooms.awards.quote(&who.actor, member, asked.wish, asked.part).await?;
    let rules = quote.rules.programme();
    let offers = quote.offers.iter().map(|one| OfferOut {
        price: one.offer.clone(),
        missing: one.missing,
        after: one.after,
        quote: one.token.clone(),
    });
    Ok(Json(QuoteOut {
        programme: rules.code.to_string(),
        version: rules.version,
        currency: rules.currency.as_str().to_owned(),
        available: quote.available,
        expires_on: quote.expiring.map(|it| it.0),
        left: quote.left,
        valid_until: quote.valid_until,
        offers: offers.collect(),
        wish: quote.wish.clone(),
    }))
}
