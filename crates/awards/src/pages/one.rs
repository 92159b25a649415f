//! `/redemptions/{id}`: what it is, what it cost and why, what was done, and what can be done next.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header::CACHE_CONTROL};
use axum::response::IntoResponse;
use kernel::Personal;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::head::Head;
use super::{id_of, words};
use crate::model::{Kind, State as Stands};
use crate::reading::Whole;
use crate::vouchers::{Voucher, VoucherState};
use crate::{Confirm, Error, RedemptionId, Rooms, Terms, VoucherId, permissions, say};

struct VoucherView {
    id: String,
    place: i64,
    state: String,
    tone: (&'static str, &'static str),
    days: String,
    code: Option<String>,
    /// Whether the code is still good for something.
    shows: bool,
}

struct StepView {
    what: String,
    at: String,
    who: String,
}

struct TermsView {
    fee: String,
    back: String,
    owed: Option<String>,
    grace: Option<String>,
    row: String,
    told: (i64, i64),
}

#[derive(Template)]
#[template(path = "awards/one.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    head: Head,
    own: String,
    what: String,
    price: String,
    source: String,
    stands: (String, &'static str, &'static str),
    next: String,
    facts: Vec<(String, String)>,
    moves: Vec<(String, String)>,
    steps: Vec<StepView>,
    vouchers: Vec<VoucherView>,
    errors: Errors,
    fields: Fields,
    can_confirm: bool,
    can_cancel: bool,
    is_flight: bool,
    owes: Option<String>,
    terms: Option<TermsView>,
    no_terms: Option<String>,
}

/// `GET /redemptions/{id}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    show(&ctx, &rooms, id_of(&id)?, Errors::none(), (Fields::default(), None)).await
}

async fn show(
    ctx: &Ctx,
    rooms: &Rooms,
    id: RedemptionId,
    errors: Errors,
    (fields, shown): (Fields, Option<(VoucherId, String)>),
) -> PageResult {
    let whole = rooms.awards.redemption(&ctx.actor, id).await?;
    let of = &whole.redemption;
    let head = Head::of(ctx, rooms, of.member).await?;
    // The rules it was priced by; those of today where they are gone.
    let numbered = rooms.awards.loyalty().programme_numbered(&of.programme, of.version).await.ok();
    let engine = numbered.or_else(|| head.engine.clone()).ok_or_else(PageError::not_found)?;
    let rules = engine.programme();
    let vouchers = rooms.awards.vouchers_of(&ctx.actor, id).await?;
    let (terms, no_terms) = match rooms.awards.terms(&ctx.actor, id).await {
        Ok(terms) => (Some(told(ctx, rules, &terms)), None),
        Err(Error::Refused("awards-not-settled")) => (None, None),
        Err(error @ Error::Refused(_)) => (None, Some(words::error(ctx, &error))),
        Err(other) => return Err(other.into()),
    };
    let may = ctx.actor.may(permissions::REDEEM).is_ok();
    let wrong = !errors.is_empty();
    let page = Page {
        own: id.to_string(),
        what: say::wish(Some(rules), &of.wish, ctx.lang),
        price: words::price(ctx, rules, of.miles, of.minor),
        source: words::source(ctx, rules, of.version, &of.offer),
        stands: (words::state(ctx, of.state), words::tone(of.state).0, words::tone(of.state).1),
        next: ctx.t1(&format!("awards-next-{}", of.state.as_str()), "at", ctx.at(of.due_at)),
        facts: facts(ctx, rooms, &whole, rules).await?,
        moves: moves(ctx, rooms, &whole, rules).await?,
        steps: steps(ctx, &whole).await?,
        vouchers: vouchers.iter().map(|one| voucher(ctx, rooms, one, shown.as_ref())).collect(),
        can_confirm: may && of.state == Stands::Held,
        can_cancel: may && of.state.is_open(),
        is_flight: of.kind != Kind::Item,
        owes: (of.minor > 0).then(|| words::money(ctx, rules, of.minor)),
        terms: terms.filter(|_| ctx.actor.may(permissions::REDEPOSIT).is_ok()),
        no_terms,
        ctx,
        head,
        errors,
        fields,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut answer = ctx.page_with(status, &page);
    if shown.is_some() {
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(answer)
}

fn told(ctx: &Ctx, rules: &programme::Programme, terms: &Terms) -> TermsView {
    let fee = match (terms.fee_miles, terms.fee_minor) {
        (0, 0) => ctx.t("awards-fee-none"),
        (miles, minor) => words::price(ctx, rules, miles, minor),
    };
    TermsView {
        fee,
        back: words::price(ctx, rules, terms.back_miles, terms.back_minor.max(0)),
        owed: (terms.back_minor < 0).then(|| words::money(ctx, rules, -terms.back_minor)),
        grace: terms.grace.map(|day| ctx.date(day)),
        row: terms.row.clone(),
        told: (terms.fee_miles, terms.fee_minor),
    }
}

async fn facts(
    ctx: &Ctx,
    rooms: &Rooms,
    whole: &Whole,
    rules: &programme::Programme,
) -> Result<Vec<(String, String)>, PageError> {
    let of = &whole.redemption;
    let mut facts = vec![(ctx.t("awards-fact-made"), ctx.at(of.made_at))];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            facts.push((ctx.t(key), value));
        }
    };
    if let Some(flight) = of.wish.flight() {
        add("awards-carrier", Some(flight.carrier.clone()));
    }
    if let crate::Wish::Upgrade { class, .. } = &of.wish {
        add("awards-class", Some(class.clone()));
    }
    if let Some(id) = of.nominee {
        let all = rooms.awards.loyalty().nominees(&ctx.actor, of.member).await?;
        let one = all.iter().find(|one| one.id.uuid() == id);
        let name = one.map_or_else(|| ctx.t("awards-nominee-removed"), |one| ctx.name(&one.name));
        add("awards-for", Some(name));
    }
    add("awards-reference", Some(of.reference.clone()));
    add("awards-payment", Some(of.payment.clone()));
    add("awards-fact-settled", of.settled_at.map(|at| ctx.at(at)));
    add("awards-fact-ended", of.ended_at.map(|at| ctx.at(at)));
    let fee = (of.fee_miles != 0 || of.fee_minor != 0)
        .then(|| words::price(ctx, rules, of.fee_miles, of.fee_minor));
    add("awards-fee", fee);
    Ok(facts)
}

/// What moved in the books, in words.
async fn moves(
    ctx: &Ctx,
    rooms: &Rooms,
    whole: &Whole,
    rules: &programme::Programme,
) -> Result<Vec<(String, String)>, PageError> {
    let ids = whole
        .holds
        .iter()
        .flat_map(|hold| [Some(hold.hold), hold.settle, hold.back].into_iter().flatten());
    let ids: Vec<_> = ids.collect();
    let mut tx = ctx.web.db.read().await?;
    let mut found = rooms.awards.loyalty().ledger().transfers(&mut tx, &ids).await?;
    found.sort_by_key(|one| (one.recorded_at, one.id));
    let said = found.iter().map(|one| {
        let key = format!("awards-move-{}", one.kind.as_str());
        let miles = say::miles(rules, one.amount, ctx.lang);
        (ctx.t1(&key, "amount", miles), ctx.at(one.recorded_at))
    });
    Ok(said.collect())
}

async fn steps(ctx: &Ctx, whole: &Whole) -> Result<Vec<StepView>, PageError> {
    let people: Vec<Uuid> =
        whole.steps.iter().map(|it| it.actor).filter(|it| !it.is_nil()).collect();
    let names =
        if people.is_empty() { BTreeMap::new() } else { ctx.web.access.names(&people).await? };
    let view = |row: &crate::StepRow| StepView {
        what: ctx.t(&format!("awards-step-{}", row.step.as_str())),
        at: ctx.at(row.at),
        who: match row.actor_kind.as_str() {
            "member" => ctx.t("awards-by-member"),
            "system" => ctx.t("awards-by-system"),
            _ => names.get(&row.actor).cloned().unwrap_or_default(),
        },
    };
    Ok(whole.steps.iter().map(view).collect())
}

fn voucher(
    ctx: &Ctx,
    rooms: &Rooms,
    of: &Voucher,
    shown: Option<&(VoucherId, String)>,
) -> VoucherView {
    let today = rooms.awards.today();
    let (key, tone) = standing(of, today);
    VoucherView {
        id: of.id.to_string(),
        place: of.place,
        state: ctx.t(key),
        tone,
        days: match of.used_at {
            Some(at) if of.used_where.is_empty() => ctx.t1("awards-used-at", "at", ctx.at(at)),
            Some(at) => {
                ctx.t2("awards-used-where", "at", ctx.at(at), "place", of.used_where.as_str())
            }
            None => ctx.t1("awards-good-to", "day", ctx.date(of.last_day)),
        },
        code: shown.filter(|it| it.0 == of.id).map(|it| it.1.clone()),
        shows: of.is_good(today) && ctx.actor.may(permissions::REVEAL).is_ok(),
    }
}

/// Key, tone and icon of where a voucher stands on a day.
#[must_use]
pub fn standing(
    of: &Voucher,
    today: chrono::NaiveDate,
) -> (&'static str, (&'static str, &'static str)) {
    match of.state {
        VoucherState::Used => ("awards-voucher-used", ("", "check-check")),
        VoucherState::Void => ("awards-voucher-void", ("", "circle-x")),
        VoucherState::Issued if of.is_good(today) => ("awards-voucher-good", ("good", "check")),
        VoucherState::Issued => ("awards-voucher-over", ("", "clock")),
    }
}

/// `POST /redemptions/{id}/confirm`
pub(super) async fn confirm(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: RedemptionId = id_of(&id)?;
    let text = |name: &str| fields.get(name).to_owned();
    let said = Confirm { reference: text("reference"), payment: text("payment") };
    match rooms.awards.confirm(&ctx.actor, id, &said).await {
        Ok(_) => Ok(back(&ctx, id, Toast::good(ctx.t("awards-now-settled")))),
        Err(error @ Error::Invalid(_)) => {
            let errors = words::mistakes(&ctx, error)?;
            show(&ctx, &rooms, id, errors, (fields, None)).await
        }
        Err(error) => Ok(back(&ctx, id, words::bad(&ctx, error)?)),
    }
}

/// `POST /redemptions/{id}/cancel`
pub(super) async fn cancel(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _: Fields,
) -> PageResult {
    let id: RedemptionId = id_of(&id)?;
    let toast = match rooms.awards.cancel(&ctx.actor, id).await {
        Ok(_) => Toast::good(ctx.t("awards-now-cancelled")),
        Err(error) => words::bad(&ctx, error)?,
    };
    Ok(back(&ctx, id, toast))
}

/// `POST /redemptions/{id}/redeposit`
pub(super) async fn redeposit(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: RedemptionId = id_of(&id)?;
    let number = |name: &str| fields.get(name).parse().unwrap_or(-1);
    let told = (number("fee_miles"), number("fee_minor"));
    let toast = match rooms.awards.redeposit(&ctx.actor, id, told).await {
        Ok(_) => Toast::good(ctx.t("awards-now-redeposited")),
        Err(error) => words::bad(&ctx, error)?,
    };
    Ok(back(&ctx, id, toast))
}

/// `POST /redemptions/{id}/vouchers/{voucher}`: its code, on this answer only.
pub(super) async fn reveal(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, voucher)): Path<(String, String)>,
    _: Fields,
) -> PageResult {
    let (id, voucher): (RedemptionId, VoucherId) = (id_of(&id)?, id_of(&voucher)?);
    let (_, code) = rooms.awards.reveal(&ctx.actor, voucher).await?;
    let code = code.as_ref().map(Personal::reveal).cloned().unwrap_or_default();
    show(&ctx, &rooms, id, Errors::none(), (Fields::default(), Some((voucher, code)))).await
}

fn back(ctx: &Ctx, id: RedemptionId, toast: Toast) -> axum::response::Response {
    ctx.see(&format!("/redemptions/{id}")).toast(toast).into_response()
}
