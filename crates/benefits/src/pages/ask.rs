//! `/members/{id}/benefits/flight`: what the member is entitled to on a flight; of one that has
//! departed, what was promised and what was given.

use askama::Template;
use axum::extract::RawQuery;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveTime, TimeZone, Utc};
use loyalty::MemberId;
use loyalty::members::Who;
use loyalty::pages::above;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult};

use super::forms::mistakes;
use super::record::{cabins, flight};
use super::{Rooms, href, words};
use crate::{Answer, Asked, Benefit, Error, Reply, Resolved, Use, permissions};

/// A benefit's answer in words.
struct Line {
    name: String,
    sentence: String,
}

struct Said {
    sentence: String,
    notes: Vec<String>,
    rules: String,
    given: Vec<Line>,
    not: Vec<Line>,
    /// Of a flight that has departed: by what was known when, and what was recorded on it.
    past: Option<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "benefits/ask.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    above: String,
    fields: &'a Fields,
    cabins: Vec<(String, String)>,
    date: String,
    errors: Errors,
    said: Option<Said>,
    silent: Option<String>,
    href: String,
}

impl Show<'_> {
    fn typed(&self, name: &str) -> &str {
        self.fields.get(name)
    }
}

fn line(ctx: &Ctx, one: &Benefit) -> Line {
    Line { name: one.name.get(ctx.lang).to_owned(), sentence: one.words.get(ctx.lang).to_owned() }
}

fn said(ctx: &Ctx, resolved: &Resolved, answer: &Answer) -> Said {
    let mut notes = Vec::new();
    if let Some((name, last)) = &answer.tier_ends {
        let name = name.get(ctx.lang);
        notes.push(ctx.t2("benefits-tier-ends", "tier", name, "day", ctx.date(*last)));
    }
    notes.extend(answer.assumed.iter().map(|it| ctx.t(it.key())));
    let (given, not): (Vec<&Benefit>, Vec<&Benefit>) =
        answer.benefits.iter().partition(|one| one.granted);
    Said {
        sentence: ctx.tv(
            "benefits-answer",
            &[
                ("flight", resolved.designator.clone()),
                ("day", ctx.date(resolved.flight.day)),
                ("from", resolved.way.0.clone()),
                ("to", resolved.way.1.clone()),
                ("tier", answer.tier.name.get(ctx.lang).to_owned()),
            ],
        ),
        notes,
        rules: ctx.t1("benefits-answer-rules", "version", answer.version),
        given: given.into_iter().map(|one| line(ctx, one)).collect(),
        not: not.into_iter().map(|one| line(ctx, one)).collect(),
        past: None,
    }
}

async fn past(
    ctx: &Ctx,
    said: &mut Said,
    (known_at, later): (DateTime<Utc>, bool),
    given: &[Use],
    catalogue: &[programme::document::BenefitRow],
) -> Result<(), PageError> {
    let people: Vec<_> = given.iter().map(|one| one.recorded_by).collect();
    let people = words::people(ctx, people).await?;
    let known = match later {
        true => ctx.t("benefits-promised-later"),
        false => ctx.t1("benefits-promised", "at", ctx.at(known_at)),
    };
    let given = given.iter().map(|one| {
        let name = words::name(ctx, catalogue, &one.benefit);
        format!("{name} · {} · {}", words::by(ctx, &people, one), ctx.at(one.recorded_at))
    });
    said.past = Some((known, given.collect()));
    Ok(())
}

/// Departure as typed, local where the flight leaves.
fn departs(fields: &Fields, asked: &Asked) -> Result<Option<DateTime<Utc>>, Error> {
    let text = fields.get("time").trim();
    if text.is_empty() {
        return Ok(None);
    }
    let time: NaiveTime = text.parse().map_err(|_| Error::Invalid("time", "benefits-moment"))?;
    let zone = kernel::airports::zone(&asked.from.clone().unwrap_or_default().to_ascii_uppercase());
    let local = zone.from_local_datetime(&asked.date.and_time(time)).earliest();
    Ok(local.map(|at| at.with_timezone(&Utc)))
}

async fn answer(
    ctx: &Ctx,
    rooms: &Rooms,
    id: MemberId,
    fields: &Fields,
) -> Result<Option<(Reply, Option<Said>)>, Error> {
    let today = ctx.today();
    let on = fields.get("date").trim();
    let on = if on.is_empty() {
        None
    } else {
        Some(on.parse().map_err(|_| Error::Invalid("date", "benefits-date"))?)
    };
    let Some(asked) = flight(fields, on, today)? else { return Ok(None) };
    let asked = Asked { departs_at: departs(fields, &asked)?, ..asked };
    let who = [Who::Id(id)];
    let (resolved, mut replies) =
        rooms.benefits.entitlements(&ctx.actor, &who, &asked, None).await?;
    if resolved.flight.departs > ctx.now {
        let reply = replies.pop().ok_or(Error::NotFound("member"))?;
        let said = reply.answer.as_ref().map(|answer| said(ctx, &resolved, answer));
        return Ok(Some((reply, said)));
    }
    let promise = rooms.benefits.promised(&ctx.actor, id, &asked).await?;
    let mut told = promise.reply.answer.as_ref().map(|answer| said(ctx, &resolved, answer));
    if let Some(told) = &mut told {
        let seen = rooms.benefits.overview(&ctx.actor, id).await?;
        let rules = seen.engine.as_ref().map(|it| it.programme().benefits.catalogue.as_slice());
        let known = (promise.known_at, promise.known_later);
        past(ctx, told, known, &promise.given, rules.unwrap_or_default())
            .await
            .map_err(|_| Error::NotFound("flight"))?;
    }
    Ok(Some((promise.reply, told)))
}

/// `GET /members/{id}/benefits/flight`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: MemberId = super::id(&id)?;
    let fields = Fields(web::url::pairs(query.as_deref().unwrap_or_default()));
    let (_, above) = above(&ctx, &rooms.loyalty, id, "benefits").await?;
    let mut show = Show {
        ctx: &ctx,
        above,
        cabins: cabins(&ctx),
        date: match fields.get("date") {
            "" => ctx.today().to_string(),
            typed => typed.to_owned(),
        },
        fields: &fields,
        errors: Errors::none(),
        said: None,
        silent: None,
        href: href(id),
    };
    match answer(&ctx, &rooms, id, &fields).await {
        Ok(Some((reply, said))) => {
            show.silent = super::member::silent(&ctx, reply.outcome);
            show.said = said;
        }
        Ok(None) => {}
        Err(error) => show.errors = mistakes(&ctx, error)?,
    }
    let wrong = !show.errors.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &show))
}
