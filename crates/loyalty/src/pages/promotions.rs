//! Promotions: those of every programme in force, what each did, and registering a member.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use kernel::{Money, Outcome};
use programme::say;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::forms::{mistakes, told};
use crate::promotions::{Comparison, Effect, FEWEST, Phase, Promotion, Side};
use crate::{Rooms, permissions};

/// The routes.
pub(super) fn router() -> Router<Rooms> {
    Router::new()
        .route("/promotions", get(list))
        .route("/promotions/effect", post(work_out))
        .route("/promotions/{programme}/{id}", get(show).post(register))
}

/// A promotion in words.
struct Row {
    href: String,
    name: String,
    phase: (String, &'static str),
    days: String,
    for_whom: String,
    gives: String,
    figures: [(&'static str, String); 4],
}

struct Group {
    code: String,
    name: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "loyalty/promotions/list.html")]
struct List<'a> {
    ctx: &'a Ctx,
    groups: Vec<Group>,
    may_edit: bool,
}

fn phase(ctx: &Ctx, phase: Phase) -> (String, &'static str) {
    match phase {
        Phase::Open => (ctx.t("promotions-phase-open"), "good"),
        Phase::Coming => (ctx.t("promotions-phase-coming"), "info"),
        Phase::Ended => (ctx.t("promotions-phase-ended"), ""),
    }
}

fn signed(ctx: &Ctx, n: f64) -> String {
    let text = ctx.dec(n, 2);
    if n > 0.0 { format!("+{text}") } else { text }
}

fn row(
    ctx: &Ctx,
    code: &str,
    one: &Promotion,
    registered: Option<&i64>,
    effect: Option<&Effect>,
) -> Row {
    let days = match one.row.valid_to {
        Some(to) => {
            let (from, to) = (ctx.date(one.row.valid_from), ctx.date(to));
            ctx.t2("promotions-from-to", "from", from, "to", to)
        }
        None => ctx.t1("promotions-from", "from", ctx.date(one.row.valid_from)),
    };
    let asks = one.asks_to_register();
    let whom = if asks { "promotions-for-registered" } else { "promotions-for-all" };
    let unknown = || "–".to_owned();
    let people = if asks { ctx.num(registered.copied().unwrap_or(0)) } else { unknown() };
    let difference = effect.and_then(|it| it.comparison).and_then(|it| it.difference());
    Row {
        href: format!("/promotions/{code}/{}", one.row.id),
        name: one.row.name.get(ctx.lang).to_owned(),
        phase: phase(ctx, one.phase),
        days,
        for_whom: ctx.t(whom),
        gives: say::promotion(one.engine.programme(), &one.row, ctx.lang),
        figures: [
            ("promotions-registered", people),
            ("promotions-members", effect.map_or_else(unknown, |it| ctx.num(it.members))),
            ("promotions-miles", effect.map_or_else(unknown, |it| ctx.num(it.miles))),
            ("promotions-difference", difference.map_or_else(unknown, |n| signed(ctx, n))),
        ],
    }
}

/// `GET /promotions`
async fn list(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let loyalty = &rooms.loyalty;
    let mut groups = Vec::new();
    for code in loyalty.approved_programmes().await? {
        let Ok(rules) = loyalty.programme_on(&code, ctx.today()).await else { continue };
        let counts = loyalty.registered_counts(&ctx.actor, &code).await?;
        let effects = loyalty.promotion_effects(&ctx.actor, &code).await?;
        let all = loyalty.promotions(&code).await?;
        let rows = all.iter().map(|one| {
            let id = one.row.id.as_str();
            row(&ctx, &code, one, counts.get(id), effects.get(id).map(|(effect, _)| effect))
        });
        let name = rules.programme().name.get(ctx.lang).to_owned();
        groups.push(Group { rows: rows.collect(), name, code });
    }
    let may_edit = ctx.may(permissions::EDIT.as_str());
    Ok(ctx.page(&List { ctx: &ctx, groups, may_edit }))
}

/// `POST /promotions/effect`
async fn work_out(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let asked = rooms.loyalty.work_out_promotions(&ctx.actor).await;
    let back = fields.get("back");
    let back = if back.starts_with("/promotions/") { back } else { "/promotions" };
    told(&ctx, asked, back, "promotions-working")
}

/// Both sides of a comparison, and the sentence about them.
struct Compared {
    days: [String; 2],
    sides: Vec<(String, [String; 3])>,
    answer: String,
}

#[derive(Template)]
#[template(path = "loyalty/promotions/show.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    programme: String,
    row: Row,
    at: Option<String>,
    /// Absent where nobody has to.
    registered: Option<String>,
    figures: Vec<[String; 3]>,
    compared: Option<Compared>,
    errors: Errors,
    number: String,
    /// Whether a member can be registered here, and the effect asked for.
    may_register: bool,
    may_edit: bool,
}

fn figures(ctx: &Ctx, one: &Promotion, effect: &Effect) -> Vec<[String; 3]> {
    let money = |minor| ctx.money(&Money::new(minor, one.engine.programme().currency));
    let (cost, at) = match effect.cost {
        Some((price, all)) => (money(all), ctx.t1("promotions-cost-at", "price", money(price))),
        None => ("–".to_owned(), ctx.t("promotions-cost-none")),
    };
    let tile = |key: &str, n| [ctx.t(key), ctx.num(n), String::new()];
    vec![
        tile("promotions-members", effect.members),
        tile("promotions-flights", effect.flights),
        tile("promotions-miles", effect.miles),
        [ctx.t("promotions-cost"), cost, at],
    ]
}

fn compared(ctx: &Ctx, all: &Comparison) -> Compared {
    let days = [all.before, all.during].map(|span| {
        let (from, to) = (ctx.date(span.from), ctx.date(span.to));
        ctx.t2("promotions-side-before", "from", from, "to", to)
    });
    let side = |key: &str, side: &Side| {
        let [during, before] = side.each().map_or_else(
            || ["–".to_owned(), "–".to_owned()],
            |each| each.map(|flights| ctx.dec(flights, 2)),
        );
        (ctx.t(key), [ctx.num(side.members), before, during])
    };
    let answer = match all.difference() {
        None => ctx.t1("promotions-few", "n", FEWEST),
        Some(n) if n < 0.0 => ctx.t1("promotions-less", "n", ctx.dec(-n, 2)),
        Some(n) => ctx.t1("promotions-more", "n", ctx.dec(n, 2)),
    };
    let sides = vec![side("promotions-with", &all.with), side("promotions-without", &all.without)];
    Compared { days, sides, answer }
}

async fn page(
    ctx: &Ctx,
    rooms: &Rooms,
    (code, id): (&str, &str),
    errors: Errors,
    number: String,
) -> PageResult {
    let loyalty = &rooms.loyalty;
    let one = loyalty.promotion(code, id).await?;
    let counts = loyalty.registered_counts(&ctx.actor, code).await?;
    let kept = loyalty.promotion_effect(&ctx.actor, code, id).await?;
    let effect = kept.as_ref().map(|(effect, _)| effect);
    let may_edit = ctx.may(permissions::EDIT.as_str());
    let is_open = one.phase == Phase::Open && one.asks_to_register();
    let show = Show {
        programme: one.engine.programme().name.get(ctx.lang).to_owned(),
        row: row(ctx, code, &one, counts.get(id), effect),
        registered: one.asks_to_register().then(|| ctx.num(counts.get(id).copied().unwrap_or(0))),
        at: kept.as_ref().map(|(_, at)| ctx.t1("promotions-effect-at", "at", ctx.at(at))),
        figures: effect.map_or_else(Vec::new, |effect| figures(ctx, &one, effect)),
        compared: effect.and_then(|it| it.comparison).map(|it| compared(ctx, &it)),
        errors,
        number,
        may_register: may_edit && is_open,
        may_edit,
        ctx,
    };
    let right = show.errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &show))
}

/// `GET /promotions/{programme}/{id}`
async fn show(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    page(&ctx, &rooms, (&code, &id), Errors::none(), String::new()).await
}

/// `POST /promotions/{programme}/{id}`: a member by number; a second time is the first.
async fn register(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let number = fields.get("number");
    let done = rooms.loyalty.register_number(&ctx.actor, &code, number, &id).await;
    let said = match done {
        Ok(Outcome::Done(_)) => Toast::good(ctx.t("promotions-register-done")),
        Ok(Outcome::AlreadyDone(first)) => {
            let day = ctx.date(rooms.loyalty.day_of(first.registered_at));
            Toast::info(ctx.t1("promotions-register-again", "day", day))
        }
        Err(error) => {
            let errors = mistakes(&ctx, error)?;
            return page(&ctx, &rooms, (&code, &id), errors, number.to_owned()).await;
        }
    };
    let href = format!("/promotions/{code}/{id}");
    Ok(ctx.see(&href).toast(said).into_response())
}
