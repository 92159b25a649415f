//! `/imports`: all imports, newest first.

use askama::Template;
use axum::extract::State;
use web::{Ctx, PageResult};

use super::{Rooms, words};
use crate::imports::{Import, Status};
use crate::permissions;

#[derive(Template)]
#[template(path = "feeds/history.html")]
struct History<'a> {
    ctx: &'a Ctx,
    lines: Vec<Line>,
    next: Option<String>,
    paged: bool,
    may_import: bool,
}

struct Line {
    href: String,
    name: String,
    kind: String,
    state: String,
    icon: String,
    status: String,
    rows: String,
    rejected: String,
    bad: bool,
    who: String,
    when: askama::filters::Safe<String>,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let after = web::url::pairs(&ctx.query).into_iter().find(|(key, _)| key == "after");
    let after = after.map(|(_, cursor)| cursor);
    let paged = after.is_some();
    let page = rooms.feeds.imports(&ctx.actor, after.as_deref(), 50).await?;
    let lines = page.items.iter().map(|import| line(&ctx, import)).collect();
    let next = page.next.map(|cursor| format!("/imports?after={cursor}"));
    let may_import = ctx.actor.may(permissions::IMPORT).is_ok();
    Ok(ctx.page(&History { ctx: &ctx, lines, next, paged, may_import }))
}

fn line(ctx: &Ctx, import: &Import) -> Line {
    let (state, icon, status) = words::status(ctx, import);
    let rows = if import.rows_done > 0 { Some(import.rows_done) } else { import.rows_total };
    Line {
        href: format!("/imports/{}", import.id),
        name: import.file_name.clone(),
        kind: match import.status {
            // The columns decide, and they have not arrived.
            Status::Uploading => String::new(),
            _ => words::kind(ctx, import.kind),
        },
        state: state.to_owned(),
        icon: icon.to_owned(),
        status,
        rows: rows.map(|rows| ctx.num(rows)).unwrap_or_default(),
        rejected: ctx.num(import.counts.rejected),
        bad: import.counts.rejected > 0,
        who: import.owner_name.clone(),
        when: ctx.ago(import.created_at),
    }
}
