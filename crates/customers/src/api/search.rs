use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::NameOut;
use crate::{Rooms, Tier, ValueGroup, Why};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    n: Option<usize>,
}

/// A customer found.
#[derive(Serialize, ToSchema)]
pub(super) struct HitOut {
    id: Uuid,
    name: NameOut,
    member_no: Option<String>,
    tier: Option<Tier>,
    city: String,
    value_group: Option<ValueGroup>,
    /// Why this one.
    why: Why,
}

/// Customers found, best first.
#[derive(Serialize, ToSchema)]
pub(super) struct Hits {
    items: Vec<HitOut>,
}

/// Search customers
///
/// By name in Chinese characters, pinyin (either order, initials, slips forgiven), member number
/// with or without blanks, phone, e-mail or document number (whole).
#[utoipa::path(get, path = "/api/v1/customers/search", tag = "customers",
    params(("q" = String, Query), ("n" = Option<usize>, Query, description = "1–100, usually 20")),
    responses((status = 200, body = Hits), (status = 401), (status = 403)))]
pub(super) async fn search(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> Result<Json<Hits>, Problem> {
    let hits = rooms.customers.search(&who.actor, &asked.q, asked.n.unwrap_or(20)).await?;
    let items = hits
        .into_iter()
        .map(|hit| HitOut {
            id: hit.id.uuid(),
            name: NameOut::of(&hit.name, who.lang),
            member_no: Some(hit.member_no).filter(|number| !number.is_empty()),
            tier: hit.tier,
            city: hit.city,
            value_group: hit.value_group,
            why: hit.why,
        })
        .collect();
    Ok(Json(Hits { items }))
}
