//! A claim for a member: first whose, then which flight; the verdict comes at once.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::Outcome;
use loyalty::MemberId;
use loyalty::members::Named;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::mistakes;
use crate::claims::{Asked, Channel, ClaimId};
use crate::{Rooms, permissions};

/// Members offered.
const MOST: usize = 12;

#[derive(Template)]
#[template(path = "partners/claim_find.html")]
struct Find<'a> {
    ctx: &'a Ctx,
    asked: String,
    found: Vec<Named>,
}

/// `GET /claims/new?q=…`
pub(super) async fn find(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::CLAIM)?;
    let fields = Fields(web::url::pairs(&ctx.query));
    let asked = fields.get("q").trim().to_owned();
    let loyalty = rooms.partners.loyalty();
    let mut found = loyalty.find_members(&ctx.actor, &asked, MOST).await?;
    if found.is_empty() && !asked.is_empty() {
        let hits = rooms.partners.customers().search(&ctx.actor, &asked, MOST).await?;
        let mut ids = Vec::new();
        for hit in hits {
            let own = loyalty.members_of(&ctx.actor, hit.id).await?;
            ids.extend(own.iter().filter(|it| it.merged_into.is_none()).map(|it| it.id));
        }
        let mut tx = ctx.web.db.read().await?;
        found = loyalty.named(&mut tx, ids).await?.into_values().collect();
        found.sort_by(|one, other| one.member_no.cmp(&other.member_no));
    }
    Ok(ctx.page(&Find { ctx: &ctx, asked, found }))
}

#[derive(Template)]
#[template(path = "partners/claim_new.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    member: &'a Named,
    key: String,
    asked: Asked,
    errors: Errors,
}

fn typed(fields: &Fields) -> Asked {
    let get = |name: &str| fields.get(name).to_owned();
    Asked {
        flight: get("flight"),
        date: get("date"),
        origin: get("origin"),
        destination: get("destination"),
        ticket: get("ticket"),
        locator: get("locator"),
        class: get("class"),
        name: get("name"),
        boarding_pass: get("boarding_pass"),
    }
}

async fn show(ctx: &Ctx, rooms: &Rooms, id: &str, fields: &Fields, errors: Errors) -> PageResult {
    ctx.actor.may(permissions::CLAIM)?;
    let member: MemberId = super::id(id)?;
    let mut tx = ctx.web.db.read().await?;
    let named = rooms.partners.loyalty().named(&mut tx, [member]).await?.remove(&member);
    drop(tx);
    let named = named.ok_or(crate::Error::NotFound("member"))?;
    let key = fields.get("key").parse().unwrap_or_else(|_| ClaimId::new(ctx.now));
    let wrong = !errors.is_empty();
    let page = Show { ctx, member: &named, key: key.to_string(), asked: typed(fields), errors };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

/// `GET /members/{id}/claims/new`
pub(super) async fn ask(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let fields = Fields(web::url::pairs(&ctx.query));
    show(&ctx, &rooms, &id, &fields, Errors::none()).await
}

/// `POST /members/{id}/claims/new`: the form carries the claim's id: a second click finds it.
pub(super) async fn make(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::CLAIM)?;
    let member: MemberId = super::id(&id)?;
    let key = fields.get("key").parse().unwrap_or_else(|_| ClaimId::new(ctx.now));
    let asked = typed(&fields);
    match rooms.partners.claim(&ctx.actor, key, member, Channel::Agent, &asked).await {
        Ok(outcome) => {
            let said = match &outcome {
                Outcome::Done(_) => Toast::good(ctx.t("claims-made")),
                Outcome::AlreadyDone(_) => Toast::info(ctx.t("claims-made-before")),
            };
            let href = format!("/claims/{}", outcome.into_inner().id);
            Ok(ctx.see(&href).toast(said).into_response())
        }
        Err(error) => show(&ctx, &rooms, &id, &fields, mistakes(&ctx, error)?).await,
    }
}
