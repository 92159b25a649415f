//! `/members/{id}/redemptions`: what a member redeemed, newest first.

use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use kernel::page::Cursor;
use uuid::Uuid;
use web::form::Fields;
use web::{Ctx, PageResult};

use super::head::Head;
use super::id_of;
use super::words::LineView;
use crate::{Rooms, permissions};

const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "awards/list.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    head: Head,
    lines: Vec<LineView>,
    first: Option<String>,
    next: Option<String>,
}

/// A place that is none leads to the beginning.
fn place(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let Cursor(values) = Cursor::decode(text).ok()?;
    let at = DateTime::from_timestamp_micros(values.first()?.as_i64()?)?;
    Some((at, values.get(1)?.as_str()?.parse().ok()?))
}

/// `GET /members/{id}/redemptions`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let head = Head::of(&ctx, &rooms, id_of(&id)?).await?;
    let after = place(Fields(web::url::pairs(&ctx.query)).get("after"));
    let here = format!("{}/redemptions", head.href());
    let mut all = rooms.awards.redemptions(&ctx.actor, head.member, after, PAGE + 1).await?;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    let next = all.last().filter(|_| more).map(|one| {
        let at = one.made_at.timestamp_micros();
        let place = Cursor(vec![at.into(), one.id.to_string().into()]);
        format!("{here}?after={}", place.encode())
    });
    let page = Page {
        lines: all.iter().map(|one| LineView::new(&ctx, head.rules(), one)).collect(),
        first: after.map(|_| here),
        next,
        ctx: &ctx,
        head,
    };
    Ok(ctx.page(&page))
}
