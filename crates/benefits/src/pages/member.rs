//! `/members/{id}/benefits`, and the panel on the member's account.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use loyalty::MemberId;
use loyalty::pages::{MemberPanel, above};
use programme::say;
use web::{Ctx, PageError, PageResult};

use super::{Rooms, href, words};
use crate::{Benefits, Outcome, Overview, Why, permissions};

/// Uses shown.
const USES: i64 = 50;

/// A benefit in words.
pub(super) struct Line {
    name: String,
    terms: String,
    /// chosen, goodwill or used up.
    tag: Option<(&'static str, String)>,
    /// Sentence, per cent used, and when it is counted anew.
    counter: Option<(String, i64, String)>,
}

struct StepLine {
    sentence: String,
    left: Option<String>,
    done: bool,
    milestone: String,
    period_from: String,
    /// Field value and name.
    choices: Vec<(String, String)>,
    /// Name with its last day, and what takes it back.
    made: Vec<(String, String)>,
    key: String,
}

struct UseLine {
    name: String,
    what: String,
    detail: String,
    undone: Option<String>,
    undo: Option<(String, String)>,
}

struct GrantLine {
    name: String,
    terms: String,
    detail: String,
    end: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "benefits/member.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    title: String,
    above: String,
    merged: bool,
    silent: Option<String>,
    lines: Vec<Line>,
    steps: Vec<StepLine>,
    uses: Vec<UseLine>,
    grants: Vec<GrantLine>,
    next: Option<(String, Vec<(String, String)>)>,
    href: String,
    today: String,
}

impl Show<'_> {
    fn may(&self, permission: &str) -> bool {
        self.silent.is_none() && self.ctx.may(permission)
    }
}

/// Why there is nothing to show.
pub(super) fn silent(ctx: &Ctx, outcome: Outcome) -> Option<String> {
    match outcome {
        Outcome::Answered => None,
        Outcome::NoRules => Some(ctx.t("benefits-no-rules")),
        other => Some(ctx.t(&format!("benefits-outcome-{}", other.as_str()))),
    }
}

fn lines(ctx: &Ctx, seen: &Overview) -> Vec<Line> {
    let line = |one: &crate::Holding| Line {
        name: one.row.name.get(ctx.lang).to_owned(),
        terms: say::benefit(&one.row, ctx.lang),
        tag: match one.because {
            Why::Chosen => Some(("info", ctx.t("benefits-basis-chosen"))),
            Why::Goodwill => Some(("info", ctx.t("benefits-basis-goodwill"))),
            Why::UsedUp => Some(("warn", ctx.t("benefits-basis-used-up"))),
            _ => None,
        },
        counter: one.counter.map(|counter| {
            let resets = match counter.resets_on {
                Some(day) => ctx.t1("benefits-resets", "day", ctx.date(day)),
                None if counter.allowed == 0 => String::new(),
                None => ctx.t("benefits-resets-never"),
            };
            (words::counter(ctx, &counter), words::percent(&counter), resets)
        }),
    };
    seen.has.iter().map(line).collect()
}

fn steps(ctx: &Ctx, seen: &Overview, page: &str) -> Vec<StepLine> {
    let Some(engine) = &seen.engine else { return Vec::new() };
    let rules = engine.programme();
    let may = ctx.may(permissions::CHOOSE.as_str());
    let line = |step: &crate::choices::Step| {
        let chosen = |id: &str| step.made.iter().any(|it| it.benefit == id);
        let open = step.choices.iter().filter(|row| !chosen(row.id.as_str()));
        let made = step.made.iter().map(|it| {
            let name = words::name(ctx, &rules.benefits.catalogue, &it.benefit);
            let to = words::last_day(ctx, it.valid_to);
            let undo = format!("{page}/choices/{}/undo", it.id);
            let undo = if may { undo } else { String::new() };
            (ctx.t2("benefits-chosen-line", "name", name, "day", to), undo)
        });
        StepLine {
            sentence: say::milestone(rules, &step.row, &step.milestone, ctx.lang),
            left: (step.left > 0).then(|| {
                let to = words::last_day(ctx, step.holds_to);
                ctx.t2("benefits-step-left", "n", step.left, "day", to)
            }),
            done: step.milestone.reached && step.left == 0,
            milestone: step.row.id.to_string(),
            period_from: step.period_from.to_string(),
            choices: open
                .map(|row| (row.id.to_string(), row.name.get(ctx.lang).to_owned()))
                .collect(),
            made: made.collect(),
            key: kernel::ids::v7(ctx.now).to_string(),
        }
    };
    seen.steps.iter().map(line).collect()
}

async fn uses(
    ctx: &Ctx,
    benefits: &Benefits,
    seen: &Overview,
    page: &str,
) -> Result<Vec<UseLine>, PageError> {
    let uses = benefits.uses(&ctx.actor, seen.footing.id, USES).await?;
    let people: Vec<_> = uses.iter().map(|one| one.recorded_by).collect();
    let people = words::people(ctx, people).await?;
    let catalogue = seen.engine.as_ref().map(|it| it.programme().benefits.catalogue.as_slice());
    let may = ctx.may(permissions::USE.as_str());
    let line = |one: crate::Use| {
        let name = words::name(ctx, catalogue.unwrap_or_default(), &one.benefit);
        let mut what = vec![ctx.date(one.used_on)];
        what.extend((!one.flight.is_empty()).then(|| words::flight(&one.flight)));
        what.extend((one.change > 1).then(|| ctx.t1("benefits-use-times", "n", one.change)));
        let with = (one.companions > 0).then(|| ctx.t1("benefits-use-with", "n", one.companions));
        what.extend(with);
        let tag = (one.basis != "tier").then(|| ctx.t(&format!("benefits-basis-{}", one.basis)));
        what.extend(tag);
        let mut detail = vec![words::by(ctx, &people, &one), ctx.at(one.recorded_at)];
        detail
            .extend([one.place.clone(), one.note.clone()].into_iter().filter(|it| !it.is_empty()));
        let label = ctx.t2("benefits-take-back-of", "name", &name, "day", ctx.date(one.used_on));
        UseLine {
            name,
            what: what.join(" · "),
            detail: detail.join(" · "),
            undone: one.undone_at.map(|at| ctx.t1("benefits-use-undone", "at", ctx.at(at))),
            undo: (may && one.undone_at.is_none())
                .then(|| (format!("{page}/uses/{}/undo", one.id), label)),
        }
    };
    Ok(uses.into_iter().map(line).collect())
}

async fn grants(ctx: &Ctx, seen: &Overview, page: &str) -> Result<Vec<GrantLine>, PageError> {
    let people: Vec<_> = seen.grants.iter().map(|one| one.recorded_by).collect();
    let people = words::people(ctx, people).await?;
    let catalogue = seen.engine.as_ref().map(|it| it.programme().benefits.catalogue.as_slice());
    let (may, today) = (ctx.may(permissions::GRANT.as_str()), ctx.today());
    let line = |one: &crate::goodwill::Grant| {
        let name = words::name(ctx, catalogue.unwrap_or_default(), &one.benefit);
        let day = ctx.date(one.valid_to);
        let mut detail = vec![ctx.t(&format!("benefits-reason-{}", one.reason))];
        detail.extend(people.get(&one.recorded_by).cloned());
        detail.push(ctx.at(one.recorded_at));
        detail.extend((!one.note.is_empty()).then(|| one.note.clone()));
        detail.extend(one.ended_at.map(|at| ctx.t1("benefits-grant-over", "at", ctx.at(at))));
        let label = ctx.t2("benefits-grant-end-of", "name", &name, "day", &day);
        let open = one.ended_at.is_none() && one.valid_to >= today;
        GrantLine {
            name,
            terms: ctx.t3("benefits-grant-line", "used", one.used, "n", one.count, "day", day),
            detail: detail.join(" · "),
            end: (may && open).then(|| (format!("{page}/grants/{}/end", one.id), label)),
        }
    };
    Ok(seen.grants.iter().map(line).collect())
}

/// `GET /members/{id}/benefits`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: MemberId = super::id(&id)?;
    let (title, above) = above(&ctx, &rooms.loyalty, id, "benefits").await?;
    let seen = rooms.benefits.overview(&ctx.actor, id).await?;
    let page = href(id);
    let next = seen.next.as_ref().map(|(name, rows)| {
        let name = ctx.t1("benefits-next", "tier", name.get(ctx.lang));
        let rows =
            rows.iter().map(|row| (row.name.get(ctx.lang).to_owned(), say::benefit(row, ctx.lang)));
        (name, rows.collect())
    });
    let show = Show {
        title,
        above,
        merged: seen.footing.id != id,
        silent: silent(&ctx, seen.outcome),
        lines: lines(&ctx, &seen),
        steps: steps(&ctx, &seen, &page),
        uses: uses(&ctx, &rooms.benefits, &seen, &page).await?,
        grants: grants(&ctx, &seen, &page).await?,
        next,
        today: ctx.today().to_string(),
        href: page,
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

#[derive(Template)]
#[template(path = "benefits/panel.html")]
struct Inside<'a> {
    ctx: &'a Ctx,
    silent: Option<String>,
    /// Those with counters.
    lines: Vec<Line>,
    /// Names of the others.
    others: String,
    open: Vec<String>,
    href: String,
}

/// The panel on the member's account, with the tab that leads to the page.
#[must_use]
pub fn panel(benefits: &Benefits) -> MemberPanel {
    let benefits = benefits.clone();
    MemberPanel {
        key: "benefits",
        title_key: "benefits-title",
        render: Arc::new(move |ctx, member| {
            let benefits = benefits.clone();
            Box::pin(async move { inside(&ctx, &benefits, member).await })
        }),
    }
}

async fn inside(
    ctx: &Ctx,
    benefits: &Benefits,
    member: MemberId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::READ).is_err() {
        return Ok(None);
    }
    let seen = benefits.overview(&ctx.actor, member).await?;
    let (counted, others): (Vec<Line>, Vec<Line>) =
        lines(ctx, &seen).into_iter().partition(|line| line.counter.is_some());
    let names: Vec<String> = others.into_iter().map(|line| line.name).collect();
    let open =
        steps(ctx, &seen, "").into_iter().filter_map(|step| Some((step.sentence, step.left?)));
    let gap = ctx.t("sentence-gap");
    let show = Inside {
        ctx,
        silent: silent(ctx, seen.outcome),
        lines: counted,
        others: names.join(if ctx.zh() { "、" } else { ", " }),
        open: open.map(|(sentence, left)| format!("{sentence}{gap}{left}")).collect(),
        href: href(member),
    };
    let html = show.render().map_err(|error| {
        tracing::error!(%error, "a panel could not be rendered");
        PageError::new(kernel::Kind::Internal, "internal")
    });
    Ok(Some(html?))
}
