//! One programme: all its versions, newest first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use programme::Programme;
use uuid::Uuid;
use web::{Ctx, PageError, PageResult};

use super::list::in_force;
use super::{href, show};
use crate::programmes::Version;
use crate::{Rooms, permissions};

#[derive(Template)]
#[template(path = "loyalty/programmes/history.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    code: String,
    name: String,
    copy_href: String,
    lines: Vec<Line>,
    may_edit: bool,
}

struct Line {
    href: String,
    number: i64,
    state: show::State,
    day: String,
    note: String,
    /// Who did what, when.
    steps: Vec<String>,
    why: String,
}

/// Who wrote, proposed and decided, as sentences.
pub fn steps(ctx: &Ctx, version: &Version, names: &BTreeMap<Uuid, String>) -> Vec<String> {
    let said = |key: &str, (at, who): (DateTime<Utc>, Uuid)| {
        let name = names.get(&who).cloned().unwrap_or_else(|| ctx.t("programme-somebody"));
        ctx.t2(key, "who", name, "at", ctx.at(at))
    };
    let decided = match version.state {
        crate::programmes::VersionState::Refused => "programme-refused-by",
        _ => "programme-approved-by",
    };
    let mut steps = vec![said("programme-written-by", version.written)];
    steps.extend(version.proposed.map(|it| said("programme-proposed-by", it)));
    steps.extend(version.decided.map(|it| said(decided, it)));
    steps
}

/// The names of everybody who had to do with versions.
pub async fn people(
    rooms: &Rooms,
    versions: &[Version],
) -> Result<BTreeMap<Uuid, String>, PageError> {
    let ids = versions.iter().flat_map(|it| {
        let others = [it.proposed, it.decided].into_iter().flatten();
        std::iter::once(it.written.1).chain(others.map(|(_, who)| who))
    });
    let ids: Vec<Uuid> = ids.collect();
    Ok(rooms.loyalty.access().names(&ids).await?)
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(code): Path<String>) -> PageResult {
    let all = rooms.loyalty.programme_versions(&ctx.actor, &code).await?;
    if all.is_empty() {
        return Err(PageError::not_found());
    }
    let names = people(&rooms, &all).await?;
    let force = in_force(&all, ctx.today()).map(|it| it.id);
    let line = |it: &Version| Line {
        href: href(it),
        number: it.version,
        state: show::State::of(&ctx, it, force),
        day: ctx.date(it.valid_from),
        note: it.note.clone(),
        steps: steps(&ctx, it, &names),
        why: it.decided_note.clone(),
    };
    let lines = all.iter().map(line).collect();
    let shown = in_force(&all, ctx.today()).or(all.first()).ok_or_else(PageError::not_found)?;
    let (_, text) = rooms.loyalty.programme_version(&ctx.actor, shown.id).await?;
    let name = Programme::from_toml(&text).map(|it| it.name.get(ctx.lang).to_owned());
    let page = Page {
        name: name.unwrap_or_else(|_| code.clone()),
        copy_href: format!("/programmes/new?source={}", shown.id),
        may_edit: ctx.may(permissions::PROGRAMME.as_str()),
        lines,
        code,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}
