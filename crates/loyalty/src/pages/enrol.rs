//! `/members/new`: a customer we know or somebody new becomes a member.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use customers::{Customer, CustomerId, Draft, Set};
use kernel::Outcome;
use kernel::names::PersonName;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::forms::mistakes;
use super::{href, words};
use crate::members::{Enrol, Member, Person};
use crate::{Error, MemberId, Rooms, permissions};

/// Customers offered.
const MOST: usize = 12;

struct Found {
    href: String,
    name: String,
    hint: String,
}

/// Who is chosen.
struct Chosen {
    id: CustomerId,
    name: String,
    born: Option<String>,
}

#[derive(Template)]
#[template(path = "loyalty/members/new.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    asked: String,
    found: Vec<Found>,
    chosen: Option<Chosen>,
    is_new: bool,
    programmes: Vec<(String, String)>,
    programme: String,
    person_name: String,
    birth_date: String,
    guardian: String,
    key: String,
    errors: Errors,
}

/// `GET /members/new?q=…`, `?customer=…`, `?person=new`
pub(super) async fn ask(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let fields = Fields(web::url::pairs(&ctx.query));
    show(&ctx, &rooms, &fields, Errors::none()).await
}

async fn show(ctx: &Ctx, rooms: &Rooms, fields: &Fields, errors: Errors) -> PageResult {
    ctx.actor.may(permissions::ENROL)?;
    let mut tx = ctx.web.db.read().await?;
    let book = rooms.loyalty.rulebook(&mut tx).await?;
    drop(tx);
    let word = |(code, engine): (&String, &std::sync::Arc<programme::Engine>)| {
        (code.clone(), engine.programme().name.get(ctx.lang).to_owned())
    };
    let mut programmes: Vec<(String, String)> = book.iter().map(word).collect();
    programmes.sort();
    let chosen = match fields.get("customer").parse::<CustomerId>() {
        Ok(id) => {
            let customer = rooms.loyalty.customers().get(&ctx.actor, id).await?;
            Some(chosen(ctx, &customer))
        }
        Err(_) => None,
    };
    let asked = fields.get("q").to_owned();
    let key = fields.get("key").parse::<MemberId>();
    let page = Show {
        ctx,
        found: found(ctx, rooms, &asked).await?,
        asked,
        is_new: chosen.is_none() && fields.get("person") == "new",
        chosen,
        programmes,
        programme: fields.get("programme").to_owned(),
        person_name: fields.get("name").to_owned(),
        birth_date: fields.get("birth_date").to_owned(),
        guardian: fields.get("guardian").to_owned(),
        key: key.unwrap_or_else(|_| MemberId::new(ctx.now)).to_string(),
        errors,
    };
    let wrong = !page.errors.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

fn chosen(ctx: &Ctx, customer: &Customer) -> Chosen {
    let name = ctx.name(&customer.profile.name);
    Chosen {
        id: customer.id,
        name: if name.trim().is_empty() { ctx.t("loyalty-nameless") } else { name },
        born: customer.profile.birth_date.map(|day| ctx.date(day)),
    }
}

async fn found(ctx: &Ctx, rooms: &Rooms, asked: &str) -> Result<Vec<Found>, PageError> {
    if asked.trim().is_empty() {
        return Ok(Vec::new());
    }
    let hits = rooms.loyalty.customers().search(&ctx.actor, asked, MOST).await?;
    let lines = hits.into_iter().map(|hit| Found {
        href: format!("/members/new?customer={}", hit.id),
        name: ctx.name(&hit.name),
        hint: [words::number(&hit.member_no), hit.city]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    });
    Ok(lines.collect())
}

/// `POST /members/new`: the form's own id is the member's, so that a second click finds the first.
pub(super) async fn enrol(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    ctx.actor.may(permissions::ENROL)?;
    match put(&ctx, &rooms, &fields).await {
        Ok(outcome) => Ok(done(&ctx, &outcome)),
        Err(error @ Error::Refused("loyalty-already-member")) => {
            let customer = fields.get("customer").parse::<CustomerId>();
            if let Ok(customer) = customer {
                let own = rooms.loyalty.members_of(&ctx.actor, customer).await?;
                let programme = fields.get("programme");
                if let Some(known) = own.iter().find(|one| one.programme == programme) {
                    let said = Toast::info(ctx.t("error-loyalty-already-member"));
                    return Ok(ctx.see(&href(known.id)).toast(said).into_response());
                }
            }
            show(&ctx, &rooms, &fields, mistakes(&ctx, error)?).await
        }
        Err(error) => show(&ctx, &rooms, &fields, mistakes(&ctx, error)?).await,
    }
}

async fn put(ctx: &Ctx, rooms: &Rooms, fields: &Fields) -> Result<Outcome<Member>, Error> {
    let loyalty = &rooms.loyalty;
    let programme = fields.get("programme").to_owned();
    let guardian = match fields.get("guardian").trim() {
        "" => None,
        no => {
            let found = loyalty.member_by_no(&ctx.actor, &programme, no).await;
            let missing = |_| Error::invalid("guardian", "loyalty-guardian-unknown");
            Some(found.map_err(missing)?.id)
        }
    };
    let person = match fields.get("customer").parse::<CustomerId>() {
        Ok(id) => Person::Known(Box::new(loyalty.customers().get(&ctx.actor, id).await?)),
        Err(_) => Person::New(Box::new(new_person(fields)?)),
    };
    let key = fields.get("key").parse().unwrap_or_else(|_| MemberId::new(ctx.now));
    let mut tx = loyalty.db().begin().await?;
    let enrol = Enrol { programme, person, guardian };
    let outcome = loyalty.enrol_as(&mut tx, &ctx.actor, key, enrol).await?;
    tx.commit().await?;
    Ok(outcome)
}

fn new_person(fields: &Fields) -> Result<Draft, Error> {
    let name = PersonName::parse(fields.get("name"));
    if name.is_empty() {
        return Err(Error::invalid("name", "loyalty-nominee-name"));
    }
    let born = fields.get("birth_date").parse::<NaiveDate>();
    let born = born.map_err(|_| Error::invalid("birth_date", "loyalty-birth-date"))?;
    Ok(Draft { name: Set::To(name), birth_date: Set::To(Some(born)), ..Draft::default() })
}

fn done(ctx: &Ctx, outcome: &Outcome<Member>) -> Response {
    let (member, said) = match outcome {
        Outcome::Done(member) => {
            let number = words::number(&member.member_no);
            (member, Toast::good(ctx.t1("loyalty-enrolled", "number", number)))
        }
        Outcome::AlreadyDone(member) => {
            (member, Toast::info(ctx.t("error-loyalty-already-member")))
        }
    };
    ctx.see(&href(member.id)).toast(said).into_response()
}
