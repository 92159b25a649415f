use axum::Json;
use axum::extract::{RawQuery, State};
use kernel::page::Page;
use serde::Serialize;
use utoipa::ToSchema;
use web::list::{ListQuery, Today};
use web::{ApiActor, Problem};

use super::shape::CustomerOut;
use crate::pages::lists;
use crate::profile::row;
use crate::{CustomerId, Error, Rooms, permissions};

/// A page of customers.
#[derive(Serialize, ToSchema)]
pub(super) struct CustomersPage {
    items: Vec<CustomerOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
    /// Give it as `before` for the page before.
    prev: Option<String>,
}

/// List customers
///
/// The same filters and orders as the page: `f=tier:in:gold|platinum;km:gte:10000`, `sort=-km`.
#[utoipa::path(get, path = "/api/v1/customers", tag = "customers",
    params(
        ("f" = Option<String>, Query, description = "Filter: `;` and, `,` or, brackets"),
        ("sort" = Option<String>, Query, description = "Column, `-` in front for descending"),
        ("q" = Option<String>, Query, description = "Beginning of a name or member number"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("before" = Option<String>, Query, description = "`prev` of the page after"),
        ("n" = Option<i64>, Query, description = "Rows, 1–200, usually 50"),
        ("trash" = Option<bool>, Query, description = "Those in the trash instead"),
    ),
    responses((status = 200, body = CustomersPage), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    RawQuery(query): RawQuery,
) -> Result<Json<CustomersPage>, Problem> {
    who.actor.may(permissions::READ)?;
    let text = query.unwrap_or_default();
    let in_trash = web::url::pairs(&text).iter().any(|(k, v)| k == "trash" && v == "true");
    let spec = if in_trash { &lists::TRASH } else { &lists::LIST };
    let (query, _) = ListQuery::parse(&text, spec)?;
    let zone = who.web.config.time_zone;
    let today = Today { date: rooms.customers.now().with_timezone(&zone).date_naive(), zone };
    let mut tx = rooms.customers.db().read().await?;
    let found: web::list::Rows<lists::Row> =
        web::list::fetch(&mut tx, spec, &query, None, today).await?;
    let ids: Vec<CustomerId> = found.rows.iter().map(|row| row.id.into()).collect();
    let mut whole = row::by_ids(&mut tx, &ids).await.map_err(Error::from)?;
    let page: Page<CustomerOut> = Page {
        items: ids
            .iter()
            .filter_map(|id| whole.remove(id))
            .map(|customer| CustomerOut::brief(&customer, who.lang))
            .collect(),
        next: ids.last().filter(|_| found.more_after).map(ToString::to_string),
        prev: ids.first().filter(|_| found.more_before).map(ToString::to_string),
    };
    Ok(Json(CustomersPage { items: page.items, next: page.next, prev: page.prev }))
}
