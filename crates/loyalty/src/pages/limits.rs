//! `/members/limits`: how much members may do in how long, and how long a new nominee or device waits.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::forms::mistakes;
use crate::limits::{Action, Limit, What};
use crate::{Rooms, permissions};

const HREF: &str = "/members/limits";
const WHAT: [What; 6] = [
    What::Redemption,
    What::Transfer,
    What::Nominee,
    What::Claim,
    What::NewNominee,
    What::NewDevice,
];
const ACTIONS: [Action; 2] = [Action::Review, Action::Refuse];

struct Line {
    id: String,
    programme: String,
    sentence: String,
    then: String,
    since: String,
    /// The day it ended.
    ended: Option<String>,
}

#[derive(Template)]
#[template(path = "loyalty/members/limits.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    lines: Vec<Line>,
    may: bool,
    key: String,
    programmes: Vec<(String, String)>,
    whats: Vec<(String, String)>,
    actions: Vec<(String, String)>,
    typed: &'a Fields,
    errors: Errors,
}

/// What a limit says, without what becomes of what goes beyond.
fn sentence(ctx: &Ctx, limit: &Limit) -> String {
    let what = limit.what.as_str();
    let hours = ctx.t1("loyalty-limit-hours", "n", limit.hours);
    if matches!(limit.what, What::NewNominee | What::NewDevice) {
        return ctx.t1(&format!("loyalty-limit-says-{what}"), "hours", hours);
    }
    let count = limit.most_count.map(|n| ctx.t1(&format!("loyalty-limit-count-{what}"), "n", n));
    let amount = limit.most_amount.map(|n| ctx.t1("loyalty-limit-miles", "miles", ctx.num(n)));
    let both = [count, amount].into_iter().flatten().collect::<Vec<_>>();
    let most = both.join(&ctx.t("loyalty-limit-and"));
    ctx.t2(&format!("loyalty-limit-says-{what}"), "most", most, "hours", hours)
}

async fn show(ctx: &Ctx, rooms: &Rooms, typed: &Fields, errors: Errors) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut tx = ctx.web.db.read().await?;
    let book = rooms.loyalty.rulebook(&mut tx).await?;
    drop(tx);
    let mut programmes: Vec<(String, String)> = book
        .iter()
        .map(|(code, engine)| (code.clone(), engine.programme().name.get(ctx.lang).to_owned()))
        .collect();
    programmes.sort();
    let mut lines = Vec::new();
    for (code, name) in &programmes {
        for limit in rooms.loyalty.limits(&ctx.actor, code).await? {
            let ended = limit.valid_to.filter(|to| *to <= ctx.now).map(|to| ctx.at(to));
            lines.push(Line {
                id: limit.id.to_string(),
                programme: name.clone(),
                sentence: sentence(ctx, &limit),
                then: ctx.t(&format!("loyalty-limit-then-{}", limit.action.as_str())),
                since: ctx.at(limit.valid_from),
                ended,
            });
        }
    }
    lines.sort_by_key(|line| line.ended.is_some());
    let word =
        |kind: &str, code: &str| (code.to_owned(), ctx.t(&format!("loyalty-limit-{kind}-{code}")));
    let page = Show {
        lines,
        may: ctx.may(permissions::LIMITS.as_str()),
        key: kernel::ids::v7(ctx.now).to_string(),
        programmes,
        whats: WHAT.iter().map(|it| word("what", it.as_str())).collect(),
        actions: ACTIONS.iter().map(|it| word("then", it.as_str())).collect(),
        typed,
        errors,
        ctx,
    };
    let wrong = !page.errors.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

/// `GET /members/limits`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let begin = Fields(vec![("hours".to_owned(), "24".to_owned())]);
    show(&ctx, &rooms, &begin, Errors::none()).await
}

/// A number that may be left out.
fn number(ctx: &Ctx, fields: &Fields, name: &str, errors: &mut Errors) -> Option<i64> {
    let text = fields.get(name).trim().replace([',', '，', ' '], "");
    if text.is_empty() {
        return None;
    }
    let n = text.parse().ok();
    if n.is_none() {
        errors.add(name, ctx.t("loyalty-limit-number"));
    }
    n
}

/// `POST /members/limits`: the form carries the id of the limit, so that a second click finds the first.
pub(super) async fn add(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    ctx.actor.may(permissions::LIMITS)?;
    let mut errors = Errors::none();
    let what = fields.get("what").parse().unwrap_or(What::Redemption);
    let limit = Limit {
        id: fields.get("key").parse::<Uuid>().unwrap_or_else(|_| kernel::ids::v7(ctx.now)),
        programme: fields.get("programme").to_owned(),
        what,
        hours: number(&ctx, &fields, "hours", &mut errors).unwrap_or_default(),
        most_count: number(&ctx, &fields, "most_count", &mut errors),
        most_amount: number(&ctx, &fields, "most_amount", &mut errors),
        action: fields.get("action").parse().unwrap_or(Action::Review),
        valid_from: ctx.now,
        valid_to: None,
    };
    if errors.is_empty() {
        match rooms.loyalty.add_limit(&ctx.actor, &limit).await {
            Ok(()) => {
                let done = Toast::good(ctx.t("loyalty-limit-added"));
                return Ok(ctx.see(HREF).toast(done).into_response());
            }
            Err(error) => errors = mistakes(&ctx, error)?,
        }
    }
    show(&ctx, &rooms, &fields, errors).await
}

/// `POST /members/limits/{id}/end`
pub(super) async fn end(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _fields: Fields,
) -> PageResult {
    let ended = rooms.loyalty.end_limit(&ctx.actor, super::id(&id)?).await?;
    let key = if ended { "loyalty-limit-ended" } else { "loyalty-limit-ended-before" };
    Ok(ctx.see(HREF).toast(Toast::good(ctx.t(key))).into_response())
}
