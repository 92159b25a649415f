//! Every programme: what holds, what waits, what is being written.

use askama::Template;
use axum::extract::State;
use programme::Programme;
use web::{Ctx, PageResult};

use super::href;
pub(super) use crate::programmes::in_force;
use crate::programmes::{Version, VersionState};
use crate::{Rooms, permissions};

#[derive(Template)]
#[template(path = "loyalty/programmes/list.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    programmes: Vec<Card>,
    may_edit: bool,
}

struct Card {
    code: String,
    name: String,
    /// In force today: number, since, link.
    force: Option<Line>,
    /// Approved for a later day.
    coming: Vec<Line>,
    waiting: Vec<Line>,
    drafts: Vec<Line>,
    versions: usize,
}

struct Line {
    href: String,
    number: i64,
    day: String,
    note: String,
    who: String,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let all = rooms.loyalty.all_programme_versions(&ctx.actor).await?;
    let people = all.iter().map(|it| it.proposed.map_or(it.written.1, |(_, who)| who));
    let names = rooms.loyalty.access().names(&people.collect::<Vec<_>>()).await?;
    let line = |it: &Version| {
        let who = it.proposed.map_or(it.written.1, |(_, who)| who);
        Line {
            href: href(it),
            number: it.version,
            day: ctx.date(it.valid_from),
            note: it.note.clone(),
            who: names.get(&who).cloned().unwrap_or_default(),
        }
    };
    let today = ctx.today();
    let mut programmes = Vec::new();
    for own in all.chunk_by(|a, b| a.programme == b.programme) {
        let Some(newest) = own.first() else { continue };
        let force = in_force(own, today);
        let shown = force.unwrap_or(newest);
        let (_, text) = rooms.loyalty.programme_version(&ctx.actor, shown.id).await?;
        let name = Programme::from_toml(&text).map(|it| it.name.get(ctx.lang).to_owned());
        let of = |state| own.iter().filter(move |it| it.state == state);
        programmes.push(Card {
            code: newest.programme.clone(),
            name: name.unwrap_or_else(|_| newest.programme.clone()),
            force: force.map(line),
            coming: of(VersionState::Approved)
                .filter(|it| it.valid_from > today)
                .map(line)
                .collect(),
            waiting: of(VersionState::Proposed).map(line).collect(),
            drafts: of(VersionState::Draft).map(line).collect(),
            versions: own.len(),
        });
    }
    let may_edit = ctx.may(permissions::PROGRAMME.as_str());
    Ok(ctx.page(&Page { ctx: &ctx, programmes, may_edit }))
}
