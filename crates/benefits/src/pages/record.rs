//! What is done about a member's benefits: uses, choices, goodwill.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kernel::dates::add_months;
use loyalty::MemberId;
use loyalty::members::Who;
use loyalty::pages::above;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::forms::{Ask, Input, Kind, mistakes, told};
use super::{Rooms, href};
use crate::choices::NewChoice;
use crate::goodwill::{NewGrant, REASONS};
use crate::{Asked, Error, NewUse, Overview, permissions};

/// Cabins as options.
pub(super) fn cabins(ctx: &Ctx) -> Vec<(String, String)> {
    let named = ["economy", "premium", "business", "first"];
    let named = named.map(|it| (it.to_owned(), ctx.t(&format!("benefits-cabin-{it}"))));
    std::iter::once((String::new(), ctx.t("benefits-cabin-any"))).chain(named).collect()
}

/// A day in a field; empty is none.
fn day(fields: &Fields, name: &'static str) -> Result<Option<NaiveDate>, Error> {
    match fields.get(name).trim() {
        "" => Ok(None),
        text => Ok(Some(text.parse().map_err(|_| Error::Invalid(name, "benefits-date"))?)),
    }
}

fn number(fields: &Fields, name: &'static str, none: u32) -> Result<u32, Error> {
    match fields.get(name).trim() {
        "" => Ok(none),
        text => text.parse().map_err(|_| Error::Invalid(name, "benefits-count")),
    }
}

fn filled(fields: &Fields, name: &str) -> Option<String> {
    Some(fields.get(name).trim().to_owned()).filter(|text| !text.is_empty())
}

/// The flight of a form; `None` when no number was written.
pub(super) fn flight(
    fields: &Fields,
    on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<Asked>, Error> {
    let Some(designator) = filled(fields, "flight") else { return Ok(None) };
    let cabin = match filled(fields, "cabin") {
        Some(word) => {
            Some(crate::flight::cabin(&word).ok_or(Error::Invalid("cabin", "benefits-cabin"))?)
        }
        None => None,
    };
    Ok(Some(Asked {
        designator,
        date: on.unwrap_or(today),
        from: filled(fields, "from"),
        to: filled(fields, "to"),
        departs_at: None,
        operating: None,
        cabin,
    }))
}

/// Benefits of the catalogue as options: what the member has in front.
fn options(ctx: &Ctx, seen: &Overview, only_held: bool) -> Vec<(String, String)> {
    let named = |row: &programme::document::BenefitRow| {
        (row.id.to_string(), row.name.get(ctx.lang).to_owned())
    };
    let held: Vec<(String, String)> = seen.has.iter().map(|one| named(&one.row)).collect();
    if only_held {
        return held;
    }
    let rules = seen.engine.as_ref().map(|it| it.programme().benefits.catalogue.as_slice());
    let today = ctx.today();
    let rest = rules.unwrap_or_default().iter().filter(|row| {
        programme::document::Row::span(*row).contains(today)
            && seen.has.iter().all(|one| one.row.id != row.id)
    });
    let rest: Vec<(String, String)> = rest.map(named).collect();
    held.into_iter().chain(rest).collect()
}

async fn use_form<'a>(
    ctx: &'a Ctx,
    rooms: &Rooms,
    id: MemberId,
    errors: Errors,
) -> Result<Ask<'a>, PageError> {
    let (_, above) = above(ctx, &rooms.loyalty, id, "benefits").await?;
    let seen = rooms.benefits.overview(&ctx.actor, id).await?;
    let line = |name, key: &str, kind| Input::new(name, ctx.t(key), Kind::Line(kind));
    let ways = || ctx.t("benefits-use-ways-help");
    let what = Kind::Choice(options(ctx, &seen, true));
    Ok(Ask {
        ctx,
        title: ctx.t("benefits-use-record"),
        above,
        intro: ctx.t("benefits-use-what"),
        action: format!("{}/use", href(id)),
        inputs: vec![
            Input::new("key", String::new(), Kind::Hidden)
                .value(kernel::ids::v7(ctx.now).to_string()),
            Input::new("benefit", ctx.t("benefits-use-benefit"), what),
            line("on", "benefits-use-day", "date").value(ctx.today().to_string()),
            line("flight", "benefits-use-flight", "text").help(ctx.t("benefits-use-flight-help")),
            line("from", "benefits-use-from", "text").help(ways()),
            line("to", "benefits-use-to", "text").help(ways()),
            Input::new("cabin", ctx.t("benefits-use-cabin"), Kind::Choice(cabins(ctx)))
                .help(ctx.t("benefits-use-cabin-help")),
            line("count", "benefits-use-count", "number").value("1"),
            line("companions", "benefits-use-companions", "number").value("0"),
            line("place", "benefits-use-place", "text"),
            Input::new("note", ctx.t("benefits-use-note"), Kind::Area)
                .help(ctx.t("benefits-note-help")),
        ],
        errors,
        button: ctx.t("benefits-use-do"),
        back: href(id),
    })
}

/// `GET /members/{id}/benefits/use`
pub(super) async fn ask_use(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::USE)?;
    Ok(use_form(&ctx, &rooms, super::id(&id)?, Errors::none()).await?.page(None))
}

fn new_use(fields: &Fields, id: MemberId, today: NaiveDate) -> Result<NewUse, Error> {
    let on = day(fields, "on")?;
    Ok(NewUse {
        id: fields.get("key").parse().map_err(|_| Error::Refused("benefits-id-taken"))?,
        who: Who::Id(id),
        benefit: fields.get("benefit").to_owned(),
        count: number(fields, "count", 1)?,
        companions: number(fields, "companions", 0)?,
        flight: flight(fields, on, today)?,
        on,
        place: fields.get("place").to_owned(),
        note: fields.get("note").to_owned(),
    })
}

/// `POST /members/{id}/benefits/use`
pub(super) async fn record_use(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::USE)?;
    let id: MemberId = super::id(&id)?;
    let made = match new_use(&fields, id, ctx.today()) {
        Ok(new) => rooms.benefits.record(&ctx.actor, new).await.map(|_| ()),
        Err(error) => Err(error),
    };
    done(&ctx, &rooms, id, &fields, (made, "benefits-recorded", true)).await
}

/// To the member's benefits after what was done, or back to its form with what is wrong.
async fn done(
    ctx: &Ctx,
    rooms: &Rooms,
    id: MemberId,
    fields: &Fields,
    (made, good, is_use): (crate::Result<()>, &str, bool),
) -> Result<Response, PageError> {
    let error = match made {
        Ok(()) => return Ok(ctx.see(&href(id)).toast(Toast::good(ctx.t(good))).into_response()),
        Err(error) => error,
    };
    let errors = mistakes(ctx, error)?;
    let form = if is_use {
        use_form(ctx, rooms, id, errors).await?
    } else {
        grant_form(ctx, rooms, id, errors).await?
    };
    Ok(form.page(Some(fields)))
}

/// `POST /members/{id}/benefits/uses/{one}/undo`
pub(super) async fn undo_use(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, one)): Path<(String, String)>,
    _form: Fields,
) -> PageResult {
    let (id, one): (MemberId, Uuid) = (super::id(&id)?, super::id(&one)?);
    let undone = rooms.benefits.take_back(&ctx.actor, one).await;
    told(&ctx, undone, &href(id), "benefits-taken-back")
}

/// `POST /members/{id}/benefits/choose`
pub(super) async fn choose(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    let new = NewChoice {
        id: super::id(fields.get("key"))?,
        milestone: fields.get("milestone").to_owned(),
        period_from: day(&fields, "period_from").ok().flatten(),
        benefit: fields.get("benefit").to_owned(),
    };
    let made = rooms.benefits.choose(&ctx.actor, id, &new).await;
    told(&ctx, made, &href(id), "benefits-chosen")
}

/// `POST /members/{id}/benefits/choices/{one}/undo`
pub(super) async fn undo_choice(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, one)): Path<(String, String)>,
    _form: Fields,
) -> PageResult {
    let (id, one): (MemberId, Uuid) = (super::id(&id)?, super::id(&one)?);
    let undone = rooms.benefits.take_choice_back(&ctx.actor, one).await;
    told(&ctx, undone, &href(id), "benefits-unchosen")
}

async fn grant_form<'a>(
    ctx: &'a Ctx,
    rooms: &Rooms,
    id: MemberId,
    errors: Errors,
) -> Result<Ask<'a>, PageError> {
    let (_, above) = above(ctx, &rooms.loyalty, id, "benefits").await?;
    let seen = rooms.benefits.overview(&ctx.actor, id).await?;
    let reasons =
        REASONS.iter().map(|it| ((*it).to_owned(), ctx.t(&format!("benefits-reason-{it}"))));
    let what = Kind::Choice(options(ctx, &seen, false));
    let last = add_months(ctx.today(), 12);
    Ok(Ask {
        ctx,
        title: ctx.t("benefits-grant"),
        above,
        intro: ctx.t("benefits-grant-what"),
        action: format!("{}/grant", href(id)),
        inputs: vec![
            Input::new("key", String::new(), Kind::Hidden)
                .value(kernel::ids::v7(ctx.now).to_string()),
            Input::new("benefit", ctx.t("benefits-use-benefit"), what),
            Input::new("count", ctx.t("benefits-use-count"), Kind::Line("number")).value("1"),
            Input::new("valid_to", ctx.t("benefits-grant-last"), Kind::Line("date"))
                .value(last.to_string()),
            Input::new("reason", ctx.t("benefits-grant-reason"), Kind::Choice(reasons.collect())),
            Input::new("note", ctx.t("benefits-use-note"), Kind::Area)
                .help(ctx.t("benefits-note-help")),
        ],
        errors,
        button: ctx.t("benefits-grant-do"),
        back: href(id),
    })
}

/// `GET /members/{id}/benefits/grant`
pub(super) async fn ask_grant(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::GRANT)?;
    Ok(grant_form(&ctx, &rooms, super::id(&id)?, Errors::none()).await?.page(None))
}

fn new_grant(fields: &Fields) -> Result<NewGrant, Error> {
    let count = fields.get("count").trim().parse();
    Ok(NewGrant {
        id: fields.get("key").parse().map_err(|_| Error::Refused("benefits-id-taken"))?,
        benefit: fields.get("benefit").to_owned(),
        count: count.map_err(|_| Error::Invalid("count", "benefits-grant-count"))?,
        valid_to: day(fields, "valid_to")?.ok_or(Error::Invalid("valid_to", "benefits-date"))?,
        reason: fields.get("reason").to_owned(),
        note: fields.get("note").to_owned(),
    })
}

/// `POST /members/{id}/benefits/grant`
pub(super) async fn grant(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::GRANT)?;
    let id: MemberId = super::id(&id)?;
    let made = match new_grant(&fields) {
        Ok(new) => rooms.benefits.grant(&ctx.actor, id, &new).await.map(|_| ()),
        Err(error) => Err(error),
    };
    done(&ctx, &rooms, id, &fields, (made, "benefits-granted", false)).await
}

/// `POST /members/{id}/benefits/grants/{one}/end`
pub(super) async fn end_grant(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, one)): Path<(String, String)>,
    _form: Fields,
) -> PageResult {
    let (id, one): (MemberId, Uuid) = (super::id(&id)?, super::id(&one)?);
    let ended = rooms.benefits.end_grant(&ctx.actor, one).await;
    told(&ctx, ended, &href(id), "benefits-grant-ended")
}
