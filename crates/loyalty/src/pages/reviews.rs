//! `/members/reviews`: what went beyond a limit and waits for a decision.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use kernel::page::Cursor;
use uuid::Uuid;
use web::form::Fields;
use web::list::Cell;
use web::{Ctx, PageError, PageResult, Toast};

use super::account::names;
use super::forms::refusal;
use super::{href, words};
use crate::limits::{Review, ReviewState, What};
use crate::{Error, Rooms, permissions};

const PAGE: i64 = 50;
/// Decided ones shown below.
const DECIDED: i64 = 50;

struct Line {
    id: String,
    who: String,
    number: String,
    href: String,
    sentence: String,
    raised: String,
    state: String,
    decided: String,
}

#[derive(Template)]
#[template(path = "loyalty/members/reviews.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    open: Vec<Line>,
    decided: Vec<Line>,
    may: bool,
    first: Option<String>,
    next: Option<String>,
}

/// `GET /members/reviews`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let loyalty = &rooms.loyalty;
    let fields = Fields(web::url::pairs(&ctx.query));
    let after = place(fields.get("after"));
    let mut open = loyalty.open_reviews(&ctx.actor, after, PAGE + 1).await?;
    let more = open.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    open.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = open.last().filter(|_| more);
    let next = last.map(|one| {
        let place =
            Cursor(vec![one.raised_at.timestamp_micros().into(), one.id.to_string().into()]);
        format!("/members/reviews?after={}", place.encode())
    });
    let decided = loyalty.decided_reviews(&ctx.actor, DECIDED).await?;
    let open = lines(&ctx, &rooms, &open).await?;
    let show = Show {
        open,
        decided: lines(&ctx, &rooms, &decided).await?,
        may: ctx.actor.may(permissions::REVIEW).is_ok(),
        first: after.map(|_| "/members/reviews".to_owned()),
        next,
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

/// A place that is none leads to the beginning.
fn place(text: &str) -> Option<(chrono::DateTime<chrono::Utc>, Uuid)> {
    let Cursor(values) = Cursor::decode(text).ok()?;
    let at = chrono::DateTime::from_timestamp_micros(values.first()?.as_i64()?)?;
    Some((at, values.get(1)?.as_str()?.parse().ok()?))
}

async fn lines(ctx: &Ctx, rooms: &Rooms, of: &[Review]) -> Result<Vec<Line>, PageError> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Uuid> = of.iter().filter_map(|one| one.decided).map(|it| it.1).collect();
    let names = names(ctx, &people).await?;
    let mut tx = ctx.web.db.read().await?;
    let named = rooms.loyalty.named(&mut tx, of.iter().map(|one| one.member)).await?;
    drop(tx);
    let lines = of.iter().map(|one| {
        let member = named.get(&one.member);
        let decided = one.decided.map(|(at, by)| {
            let name = names.get(&by).cloned().unwrap_or_default();
            ctx.t2("loyalty-decided-by", "name", name, "at", ctx.at(at))
        });
        Line {
            id: one.id.to_string(),
            who: member.map(|it| words::called(ctx, it)).unwrap_or_default(),
            number: member.map(|it| words::number(&it.member_no)).unwrap_or_default(),
            href: href(one.member),
            sentence: sentence(ctx, one),
            raised: ctx.t1("loyalty-review-raised", "at", ctx.at(one.raised_at)),
            state: state(ctx, one.state),
            decided: decided.unwrap_or_default(),
        }
    });
    Ok(lines.collect())
}

fn sentence(ctx: &Ctx, one: &Review) -> String {
    let key = format!("loyalty-review-{}", one.what.as_str());
    match one.what {
        What::Nominee | What::Claim => ctx.t(&key),
        _ => ctx.t1(&key, "amount", ctx.num(one.amount)),
    }
}

fn state(ctx: &Ctx, state: ReviewState) -> String {
    let words = ctx.t(&format!("loyalty-review-{}", state.as_str()));
    let tone = match state {
        ReviewState::Open => "info",
        ReviewState::Cleared => "good",
        ReviewState::Confirmed => "bad",
    };
    Cell::Tag(tone, words).html(ctx)
}

/// `POST /members/reviews/{id}`
pub(super) async fn decide(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: Uuid = super::id(&id)?;
    let cleared = match fields.get("verdict") {
        "clear" => true,
        "confirm" => false,
        _ => return Err(PageError::new(kernel::Kind::Invalid, "loyalty-verdict")),
    };
    let said = match rooms.loyalty.decide_review(&ctx.actor, id, cleared).await {
        Ok(_) if cleared => Toast::good(ctx.t("loyalty-review-cleared-done")),
        Ok(_) => Toast::good(ctx.t("loyalty-review-confirmed-done")),
        Err(error @ Error::Refused(_)) => Toast::bad(refusal(&ctx, &error)),
        Err(error) => return Err(error.into()),
    };
    Ok(ctx.see("/members/reviews").toast(said).into_response())
}
