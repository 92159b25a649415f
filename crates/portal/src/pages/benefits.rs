//! Benefits: what the member has and what is left, what can be chosen, what the next tier adds.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use benefits::choices::{NewChoice, Step};
use benefits::{Holding, Overview, Why};
use chrono::NaiveDate;
use kernel::Uuid;
use loyalty::ledger::NEVER;
use programme::say;
use web::{PageResult, Toast};

use super::ctx::{MyCtx, Posted};
use super::{Rooms, words};
use crate::{Error, Portal};

/// A benefit in words.
struct BenefitView {
    name: String,
    terms: String,
    used_up: bool,
    /// What is left, per cent of it, and when it is counted anew.
    counter: Option<(String, i64, String)>,
}

/// A milestone in words.
struct StepView {
    sentence: String,
    /// How many can be chosen, and until when that holds.
    left: Option<String>,
    milestone: String,
    period_from: String,
    choices: Vec<(String, String, String)>,
    made: Vec<String>,
    key: String,
}

#[derive(Template)]
#[template(path = "portal/benefits.html")]
struct Page<'a> {
    ctx: &'a MyCtx,
    tier: String,
    holdings: Vec<BenefitView>,
    steps: Vec<StepView>,
    next: Option<(String, Vec<(String, String)>)>,
    wrong: Option<String>,
}

fn counter(ctx: &MyCtx, one: &Holding) -> Option<(String, i64, String)> {
    let counter = one.counter?;
    let left = counter.left();
    let sentence = match counter.allowed {
        0 => ctx.t1("portal-benefits-left-extra", "left", left),
        all => ctx.t2("portal-benefits-left", "left", left, "all", all),
    };
    let all = i64::from(counter.allowed.max(left).max(1));
    let resets = counter.resets_on.map(|day| ctx.t1("portal-benefits-resets", "day", ctx.day(day)));
    Some((sentence, i64::from(left) * 100 / all, resets.unwrap_or_default()))
}

fn day(ctx: &MyCtx, day: NaiveDate) -> String {
    if day >= NEVER { ctx.t("portal-benefits-for-ever") } else { ctx.day(day) }
}

fn step(ctx: &MyCtx, seen: &Overview, step: &Step) -> Option<StepView> {
    let rules = seen.engine.as_ref()?.programme();
    let chosen = |id: &str| step.made.iter().any(|it| it.benefit == id);
    let open = step.choices.iter().filter(|row| step.left > 0 && !chosen(row.id.as_str()));
    let name = |id: &str| {
        let row = rules.benefits.catalogue.iter().find(|row| row.id == *id);
        row.map_or_else(|| id.to_owned(), |row| row.name.get(ctx.lang).to_owned())
    };
    let made = step.made.iter().map(|it| {
        let to = day(ctx, it.valid_to);
        ctx.t2("portal-benefits-chosen", "name", name(&it.benefit), "day", to)
    });
    Some(StepView {
        sentence: say::milestone(rules, &step.row, &step.milestone, ctx.lang),
        left: (step.left > 0).then(|| {
            let to = day(ctx, step.holds_to);
            ctx.t2("portal-benefits-choose-left", "n", step.left, "day", to)
        }),
        milestone: step.row.id.to_string(),
        period_from: step.period_from.to_string(),
        choices: open
            .map(|row| {
                let name = row.name.get(ctx.lang).to_owned();
                (row.id.to_string(), name, say::benefit(row, ctx.lang))
            })
            .collect(),
        made: made.collect(),
        key: kernel::ids::v7(ctx.now).to_string(),
    })
}

async fn show(ctx: &MyCtx, portal: &Portal, wrong: Option<String>) -> PageResult {
    let benefits = &portal.parts().benefits;
    let seen =
        benefits.overview(&Portal::reader(), ctx.session.member.id).await.map_err(Error::from)?;
    let holding = |one: &Holding| BenefitView {
        name: one.row.name.get(ctx.lang).to_owned(),
        terms: say::benefit(&one.row, ctx.lang),
        used_up: one.because == Why::UsedUp,
        counter: counter(ctx, one),
    };
    let page = Page {
        tier: seen.tier.as_ref().map(|it| it.name.get(ctx.lang).to_owned()).unwrap_or_default(),
        holdings: seen.has.iter().map(holding).collect(),
        steps: seen.steps.iter().filter_map(|one| step(ctx, &seen, one)).collect(),
        next: seen.next.as_ref().map(|(name, rows)| {
            let title = ctx.t1("portal-benefits-next", "tier", name.get(ctx.lang));
            let rows = rows
                .iter()
                .map(|row| (row.name.get(ctx.lang).to_owned(), say::benefit(row, ctx.lang)));
            (title, rows.collect())
        }),
        ctx,
        wrong,
    };
    let failed = page.wrong.is_some();
    Ok(if failed { ctx.wrong(&page) } else { ctx.page(&page) })
}

/// `GET /my/benefits`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    show(&ctx, &rooms.portal, None).await
}

/// `POST /my/benefits/choose`: the form carries the id of the choice, so that a second click finds the
/// first.
pub(super) async fn choose(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Posted(fields): Posted,
) -> PageResult {
    let id = fields.get("key").parse::<Uuid>().map_err(|_| Error::NotFound)?;
    let new = NewChoice {
        id,
        milestone: fields.get("milestone").to_owned(),
        period_from: fields.get("period_from").parse().ok(),
        benefit: fields.get("benefit").to_owned(),
    };
    let benefits = &rooms.portal.parts().benefits;
    match benefits.choose(&Portal::reader(), ctx.session.member.id, &new).await {
        Ok(_) => {
            let done = Toast::good(ctx.t("portal-benefits-done"));
            Ok(ctx.see("/my/benefits").toast(done).into_response())
        }
        Err(error @ (benefits::Error::Refused(_) | benefits::Error::Invalid(..))) => {
            show(&ctx, &rooms.portal, Some(words::error(&ctx, &error))).await
        }
        Err(other) => Err(Error::from(other).into()),
    }
}
