use axum::Json;
use axum::extract::{Path, RawQuery, State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::form::Fields;
use web::{ApiActor, Problem};

use super::named;
use crate::Rooms;
use crate::timeline::{self, Arg, Words};

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub(super) struct ItemOut {
    id: Uuid,
    at: DateTime<Utc>,
    /// Only the day of `at` is known.
    day_only: bool,
    /// Which source it is from.
    source: &'static str,
    /// A sentence in the request's language.
    title: String,
    detail: Option<String>,
    tag: Option<String>,
    href: Option<String>,
}

/// A page of a timeline, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct TimelinePage {
    items: Vec<ItemOut>,
    /// Give it as `before` for what happened earlier.
    next: Option<String>,
}

/// Read a customer's timeline
#[utoipa::path(get, path = "/api/v1/customers/{id}/timeline", tag = "customers",
    params(("id" = Uuid, Path),
        ("source" = Option<Vec<String>>, Query, description = "Only these; repeat it"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("n" = Option<i64>, Query, description = "1–200, usually 50")),
    responses((status = 200, body = TimelinePage), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn timeline(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<TimelinePage>, Problem> {
    let id = named(&path)?;
    rooms.customers.check_readable(&who.actor, id).await?;
    let asked = Fields(web::url::pairs(&query.unwrap_or_default()));
    let keys: Vec<String> = asked.all("source").map(str::to_owned).collect();
    let before = Some(asked.get("before")).filter(|text| !text.is_empty());
    let limit = asked.get("n").parse().unwrap_or(50);
    let page = timeline::read(&rooms.sources, &keys, id, before, limit).await?;
    let items = page
        .items
        .into_iter()
        .map(|entry| ItemOut {
            id: entry.item.id,
            at: entry.item.at,
            day_only: entry.item.day_only,
            source: entry.source,
            title: say(&who, &entry.item.title),
            detail: entry.item.detail.as_ref().map(|detail| say(&who, detail)),
            tag: entry.item.tag.as_ref().map(|(_, text)| say(&who, text)),
            href: entry.item.href,
        })
        .collect();
    Ok(Json(TimelinePage { items, next: page.next }))
}

fn say(who: &ApiActor, words: &Words) -> String {
    let (key, args) = match words {
        Words::Text(text) => return text.clone(),
        Words::Key(key, args) => (key, args),
    };
    let texts = &who.web.texts;
    let plain = |key: &str| texts.get(who.lang, key, &[]);
    let values: Vec<(&str, String)> = args
        .iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Text(text) | Arg::Airport(text) | Arg::Source(text) => text.clone(),
                Arg::Num(n) => n.to_string(),
                Arg::Date(day) => day.to_string(),
                Arg::Key(key) => plain(key),
                Arg::Keys(keys) => keys.iter().map(|key| plain(key)).collect::<Vec<_>>().join(", "),
            };
            (*name, value)
        })
        .collect();
    let values: Vec<_> =
        values.into_iter().map(|(name, value)| (name, web::texts::Arg::arg(value))).collect();
    texts.get(who.lang, key, &values)
}
