use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Lang;
use programme::say;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, body, member};
use crate::Error;
use crate::promotions::{Effect, Phase, Promotion};

/// The promotions of a programme.
#[derive(Serialize, ToSchema)]
pub(super) struct PromotionsOut {
    items: Vec<PromotionOut>,
}

/// A promotion.
#[derive(Serialize, ToSchema)]
pub(super) struct PromotionOut {
    id: String,
    /// Number of the version that holds it.
    version: u32,
    name_en: String,
    name_zh: String,
    /// What it gives, in a sentence.
    gives_en: String,
    gives_zh: String,
    /// First day of flying.
    valid_from: NaiveDate,
    /// Last day of flying.
    valid_to: Option<NaiveDate>,
    /// Whether members must register.
    asks_to_register: bool,
    /// `open`, `coming` or `ended`.
    phase: &'static str,
    /// Members who registered.
    registered: i64,
    /// What it did, once that was worked out.
    effect: Option<EffectOut>,
}

/// What a promotion did.
#[derive(Serialize, ToSchema)]
pub(super) struct EffectOut {
    worked_out_at: DateTime<Utc>,
    /// Members who had miles by it.
    members: i64,
    /// Flights that had miles by it.
    flights: i64,
    /// Miles it gave, after corrections.
    miles: i64,
    /// Flights a member more than among others, against a year before; absent below 30 members a
    /// side. A comparison, no proof.
    difference: Option<f64>,
}

/// Which promotion.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterIn {
    /// Of the member's programme.
    promotion: String,
}

/// That a member registered.
#[derive(Serialize, ToSchema)]
pub(super) struct RegistrationOut {
    /// The membership that registered: of merged ones any.
    member: Uuid,
    promotion: String,
    registered_at: DateTime<Utc>,
    /// In the portal, by the member.
    by_member: bool,
}

fn shape(one: &Promotion, registered: i64, kept: Option<&(Effect, DateTime<Utc>)>) -> PromotionOut {
    let (rules, row) = (one.engine.programme(), &one.row);
    PromotionOut {
        id: row.id.to_string(),
        version: rules.version,
        name_en: row.name.get(Lang::En).to_owned(),
        name_zh: row.name.get(Lang::ZhCn).to_owned(),
        gives_en: say::promotion(rules, row, Lang::En),
        gives_zh: say::promotion(rules, row, Lang::ZhCn),
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        asks_to_register: one.asks_to_register(),
        phase: match one.phase {
            Phase::Open => "open",
            Phase::Coming => "coming",
            Phase::Ended => "ended",
        },
        registered,
        effect: kept.map(|(effect, at)| EffectOut {
            worked_out_at: *at,
            members: effect.members,
            flights: effect.flights,
            miles: effect.miles,
            difference: effect.comparison.and_then(|it| it.difference()),
        }),
    }
}

/// List a programme's promotions
///
/// Of the version in force and of those approved for later, with how many registered and what each
/// did.
#[utoipa::path(get, path = "/api/v1/programmes/{code}/promotions", tag = "programmes",
    params(("code" = String, Path)),
    responses((status = 200, body = PromotionsOut), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn promotions(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(code): Path<String>,
) -> Result<Json<PromotionsOut>, Problem> {
    let loyalty = &rooms.loyalty;
    let counts = loyalty.registered_counts(&who.actor, &code).await?;
    let effects = loyalty.promotion_effects(&who.actor, &code).await?;
    if !loyalty.approved_programmes().await?.contains(&code) {
        return Err(Error::NotFound("programme").into());
    }
    let all = loyalty.promotions(&code).await?;
    let items = all.iter().map(|one| {
        let id = one.row.id.as_str();
        shape(one, counts.get(id).copied().unwrap_or(0), effects.get(id))
    });
    Ok(Json(PromotionsOut { items: items.collect() }))
}

/// Register a member for a promotion
///
/// It counts for flights of that day and later ones. Again answers the first registration; a merged
/// member is registered as the one it was merged into.
#[utoipa::path(post, path = "/api/v1/members/{id}/promotions", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    request_body = RegisterIn,
    responses((status = 200, body = RegistrationOut), (status = 401), (status = 403),
        (status = 404), (status = 409), (status = 422)))]
pub(super) async fn register(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    bytes: Bytes,
) -> Result<Json<RegistrationOut>, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let id = member(&path)?;
    let given: RegisterIn = body(&bytes)?;
    let done = rooms.loyalty.register(&who.actor, id, &given.promotion).await?.into_inner();
    Ok(Json(RegistrationOut {
        member: done.member.uuid(),
        promotion: done.promotion,
        registered_at: done.registered_at,
        by_member: done.by_member,
    }))
}
