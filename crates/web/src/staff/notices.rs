//! What the reader has been told: `/notices`, behind the bell in the top bar.

use std::collections::BTreeMap;

use access::notices::Notice;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::job_name;
use crate::error::{PageError, PageResult};
use crate::flash::own;
use crate::form::Fields;
use crate::{Ctx, Web};

const SHOWN: i64 = 50;

struct Line {
    id: Uuid,
    icon: &'static str,
    state: &'static str,
    text: String,
    at: DateTime<Utc>,
    unread: bool,
}

impl Line {
    fn of(ctx: &Ctx, notice: &Notice) -> Self {
        let (icon, state) = match notice.kind.as_str() {
            "job-done" => ("circle-check", "good"),
            "job-failed" => ("circle-alert", "bad"),
            "task-assigned" => ("list-todo", ""),
            "source-silent" => ("triangle-alert", "warn"),
            _ => ("bell", ""),
        };
        let unread = notice.read_at.is_none();
        Self { id: notice.id, icon, state, text: said(ctx, notice), at: notice.created_at, unread }
    }
}

/// The sentence of a notice. Jobs are named by their kind.
fn said(ctx: &Ctx, notice: &Notice) -> String {
    let mut args: BTreeMap<&str, String> =
        notice.args.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    if let Some(kind) = notice.args.get("job") {
        args.insert("job", job_name(ctx, kind));
    }
    let about = notice.args.get("about").is_some_and(|about| !about.is_empty());
    let args: Vec<(&str, String)> = args.into_iter().collect();
    let key = match (notice.kind.as_str(), about) {
        ("job-done", true) => "notices-job-done-about",
        ("job-done", false) => "notices-job-done",
        ("job-failed", true) => "notices-job-failed-about",
        ("job-failed", false) => "notices-job-failed",
        ("task-assigned", _) => "notices-task-assigned",
        ("source-silent", _) => "notices-source-silent",
        _ => "notices-other",
    };
    ctx.tv(key, &args)
}

#[derive(Template)]
#[template(path = "web/notices.html")]
struct NoticesPage<'a> {
    ctx: &'a Ctx,
    lines: Vec<Line>,
    /// Whether these are the newest.
    first: bool,
    older: Option<String>,
}

/// The last notice of the page above, from the address.
fn before(query: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let pairs = crate::url::pairs(query);
    let value = |name: &str| pairs.iter().find(|(its, _)| its == name).map(|(_, value)| value);
    Some((value("at")?.parse().ok()?, value("id")?.parse().ok()?))
}

/// `GET /notices`
pub(crate) async fn page(
    ctx: Ctx,
    State(web): State<Web>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let before = before(&query.unwrap_or_default());
    let mut found = web.access.notices(&ctx.actor, before, SHOWN + 1).await?;
    let more = found.len() as i64 > SHOWN;
    found.truncate(SHOWN as usize);
    let older = found.last().filter(|_| more).map(|last| {
        let at = last.created_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        format!("/notices?at={at}&id={}", last.id)
    });
    let lines = found.iter().map(|notice| Line::of(&ctx, notice)).collect();
    Ok(ctx.page(&NoticesPage { ctx: &ctx, lines, first: before.is_none(), older }))
}

/// `GET /notices/{id}`: opens the page a notice leads to. Asking twice is the same as once, so a
/// link may do it.
pub(crate) async fn open(ctx: Ctx, State(web): State<Web>, Path(id): Path<Uuid>) -> PageResult {
    let opened = web.access.open_notice(&ctx.actor, id).await?;
    let notice = opened.ok_or_else(PageError::not_found)?;
    Ok(ctx.see(&own(&notice.href)).into_response())
}

/// `POST /notices/read`
pub(crate) async fn read_all(ctx: Ctx, State(web): State<Web>, _form: Fields) -> PageResult {
    web.access.read_notices(&ctx.actor).await?;
    Ok(ctx.see("/notices").into_response())
}
