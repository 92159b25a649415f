//! One pair, side by side, with the evidence; decided by a button or a key.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use uuid::Uuid;
use web::chart::Chart;
use web::form::{Fields, Form};
use web::{Ctx, PageError, PageResult, Toast};

use super::super::{Rooms, extras, words};
use super::waterfall;
use crate::identity::{Review, Verdict};
use crate::{CustomerId, Error, Whole, permissions};

/// One field of both, in the reader's words.
struct Line {
    label: String,
    one: Vec<String>,
    other: Vec<String>,
    same: bool,
}

/// One side's head.
struct Side {
    id: CustomerId,
    name: String,
    second: Option<String>,
    sources: String,
    records: usize,
}

#[derive(Template)]
#[template(path = "identity/review.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    review: &'a Review,
    one: Side,
    other: Side,
    lines: Vec<Line>,
    chart: Option<Chart>,
    verdict: String,
    status: String,
    who: String,
    next: Option<String>,
    may: bool,
}

/// `GET /identity/review/{id}`
pub(in crate::pages) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: Uuid = extras::id(&id)?;
    let customers = &rooms.customers;
    let review = customers.review(&ctx.actor, id).await?;
    let one = customers.whole(&ctx.actor, review.one_id.into()).await?;
    let other = customers.whole(&ctx.actor, review.other_id.into()).await?;
    let told = waterfall::told(&ctx, &review.detail.0);
    let who = match review.decided_by {
        Some(by) => ctx.web.access.names(&[by]).await?.remove(&by).unwrap_or_default(),
        None => String::new(),
    };
    let next = customers.next_review(&ctx.actor, &review).await?;
    let page = Show {
        chart: told.as_ref().map(|told| told.chart(&ctx, "evidence")),
        verdict: told.map(|told| told.verdict).unwrap_or_default(),
        status: match review.status.as_str() {
            "open" if now(&one) == now(&other) => ctx.t("identity-one-already"),
            "open" => String::new(),
            status => ctx.t(&format!("identity-status-{status}")),
        },
        lines: lines(&ctx, &one, &other),
        one: side(&ctx, &rooms, &one).await?,
        other: side(&ctx, &rooms, &other).await?,
        who,
        next: next.map(|next| format!("/identity/review/{next}")),
        may: ctx.actor.may(permissions::REVIEW).is_ok(),
        review: &review,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// Who a customer is now.
fn now(whole: &Whole) -> CustomerId {
    whole.customer.merged_into.unwrap_or(whole.customer.id)
}

async fn side(ctx: &Ctx, rooms: &Rooms, whole: &Whole) -> Result<Side, PageError> {
    let customer = &whole.customer;
    let records = rooms.customers.records(&ctx.actor, customer.id, 200).await?;
    let mut sources: Vec<String> =
        records.iter().map(|record| words::source_name(ctx, &record.source)).collect();
    sources.sort();
    sources.dedup();
    let name = &customer.profile.name;
    Ok(Side {
        id: customer.id,
        name: words::called(ctx, name, &customer.profile.member_no),
        second: ctx.name2(name),
        sources: sources.join(&ctx.t("customers-and")),
        records: records.len(),
    })
}

/// The fields either has.
fn lines(ctx: &Ctx, one: &Whole, other: &Whole) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |label: String, of: &dyn Fn(&Whole) -> Vec<String>| {
        let (a, b) = (of(one), of(other));
        if a.is_empty() && b.is_empty() {
            return;
        }
        let same = a.iter().any(|value| b.contains(value));
        lines.push(Line { label, one: a, other: b, same });
    };
    let filled = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty()).into_iter().collect();
    add(ctx.t("customers-field-birth-date"), &|w| {
        w.customer.profile.birth_date.map(|day| ctx.date(day)).into_iter().collect()
    });
    add(ctx.t("customers-field-gender"), &|w| {
        let word = |gender: crate::Gender| ctx.t(&format!("customers-gender-{}", gender.as_str()));
        w.customer.profile.gender.map(word).into_iter().collect()
    });
    add(ctx.t("customers-field-member-no"), &|w| {
        filled(&kernel::member_no::grouped(&w.customer.profile.member_no))
    });
    add(ctx.t("customers-field-phone"), &|w| contacts(w, crate::ContactKind::Phone));
    add(ctx.t("customers-field-email"), &|w| contacts(w, crate::ContactKind::Email));
    add(ctx.t("customers-field-document"), &|w| {
        w.documents.iter().map(|document| document.masked.clone()).collect()
    });
    add(ctx.t("customers-field-city"), &|w| filled(&w.customer.profile.city));
    add(ctx.t("customers-field-language"), &|w| {
        let language = &w.customer.profile.language;
        let key = format!("customers-language-{language}");
        if ctx.has(&key) { vec![ctx.t(&key)] } else { filled(language) }
    });
    add(ctx.t("customers-tags"), &|w| w.tags.clone());
    lines
}

fn contacts(whole: &Whole, kind: crate::ContactKind) -> Vec<String> {
    let of = whole.contacts.iter().filter(|contact| contact.kind == kind);
    of.map(|contact| contact.masked.clone()).collect()
}

#[derive(Deserialize)]
pub(in crate::pages) struct Decide {
    #[serde(default)]
    verdict: String,
}

/// `POST /identity/review/{id}`: leads to the next pair, with the way back in the corner.
pub(in crate::pages) async fn decide(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Form(form): Form<Decide>,
) -> PageResult {
    let id: Uuid = extras::id(&id)?;
    let verdict = Verdict::read(&form.verdict)
        .ok_or_else(|| PageError::new(kernel::Kind::Invalid, "identity-verdict"))?;
    let here = format!("/identity/review/{id}");
    let review = match rooms.customers.decide_review(&ctx.actor, id, verdict).await {
        Ok(review) => review.into_inner(),
        Err(Error::Decided) => {
            let said = Toast::warn(ctx.t("error-identity-decided"));
            return Ok(ctx.see(&here).toast(said).into_response());
        }
        Err(Error::InTrash) => {
            let said = Toast::bad(ctx.t("error-customers-in-trash"));
            return Ok(ctx.see(&here).toast(said).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    let next = rooms.customers.next_review(&ctx.actor, &review).await?;
    let to = next.map_or_else(|| "/identity".to_owned(), |next| format!("/identity/review/{next}"));
    let said = Toast::good(ctx.t(&format!("identity-done-{}", verdict.as_str())))
        .undo(format!("{here}/undo"));
    Ok(ctx.see(&to).toast(said).into_response())
}

/// `POST /identity/review/{id}/undo`
pub(in crate::pages) async fn undo(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _: Fields,
) -> PageResult {
    let id: Uuid = extras::id(&id)?;
    let _ = rooms.customers.undo_review(&ctx.actor, id).await?;
    let said = Toast::good(ctx.t("identity-undone"));
    Ok(ctx.see(&format!("/identity/review/{id}")).toast(said).into_response())
}
