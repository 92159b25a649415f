use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, body};
use crate::catalogue::{Item, Settings};
use crate::permissions;

/// The catalogue.
#[derive(Serialize, ToSchema)]
pub(super) struct ItemsOut {
    items: Vec<ItemOut>,
}

/// A thing as it is offered.
#[derive(Serialize, ToSchema)]
pub(super) struct ItemOut {
    programme: String,
    sku: String,
    settings: Settings,
    /// All that was ever put in; none without limit.
    stocked: Option<i64>,
    /// Held for redemptions that are not confirmed.
    reserved: i64,
    /// Gone to members.
    issued: i64,
    left: Option<i64>,
}

impl From<&Item> for ItemOut {
    fn from(item: &Item) -> Self {
        Self {
            programme: item.programme.clone(),
            sku: item.sku.clone(),
            settings: item.settings.clone(),
            stocked: item.stocked,
            reserved: item.reserved,
            issued: item.issued,
            left: item.left(),
        }
    }
}

/// List the catalogue
///
/// What was set up. Names and prices are in the programme's rules.
#[utoipa::path(get, path = "/api/v1/awards/items", tag = "awards",
    responses((status = 200, body = ItemsOut), (status = 401), (status = 403)))]
pub(super) async fn items(
    who: ApiActor,
    State(rooms): State<Rooms>,
) -> Result<Json<ItemsOut>, Problem> {
    let items = rooms.awards.items(&who.actor).await?;
    Ok(Json(ItemsOut { items: items.iter().map(Into::into).collect() }))
}

/// Set up how a thing is offered
///
/// For a code that today's rules of the programme have.
#[utoipa::path(put, path = "/api/v1/awards/items/{programme}/{sku}", tag = "awards",
    params(("programme" = String, Path), ("sku" = String, Path)),
    request_body = Settings,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn set(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((programme, sku)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(permissions::CATALOGUE)?;
    let settings: Settings = body(&bytes)?;
    rooms.awards.set_item(&who.actor, (&programme, &sku), &settings).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of stock.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StockIn {
    /// The caller's: the same again changes nothing.
    id: Uuid,
    /// Put in; below zero taken out.
    change: i64,
}

/// Put things into stock
#[utoipa::path(post, path = "/api/v1/awards/items/{programme}/{sku}/stock", tag = "awards",
    params(("programme" = String, Path), ("sku" = String, Path)),
    request_body = StockIn,
    responses((status = 200, body = ItemOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn stock(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((programme, sku)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json<ItemOut>, Problem> {
    who.actor.may(permissions::CATALOGUE)?;
    let StockIn { id, change } = body(&bytes)?;
    let item = rooms.awards.stock_item(&who.actor, (&programme, &sku), id, change).await?;
    Ok(Json((&item).into()))
}
