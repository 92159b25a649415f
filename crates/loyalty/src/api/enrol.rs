use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::NaiveDate;
use customers::{Draft, Set};
use kernel::names::PersonName;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::MemberOut;
use super::{Rooms, body, named};
use crate::Error;
use crate::members::{Enrol, Person};
use web::once::{self, Begun};

/// Whom to enrol: a customer, or a person by name and birth date.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EnrolIn {
    /// Code of the programme.
    programme: String,
    /// A customer we know.
    customer: Option<Uuid>,
    /// Somebody new: in Hanzi, or `Surname Given`.
    name: Option<String>,
    /// Of somebody new.
    birth_date: Option<NaiveDate>,
    /// For a child of two to eleven years: the member who answers for it.
    guardian: Option<Uuid>,
}

/// Enrol a member
///
/// From twelve years on; from two under a guardian. Makes the number, the accounts and a digital card.
#[utoipa::path(post, path = "/api/v1/members", tag = "members",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = EnrolIn,
    responses((status = 201, body = MemberOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn enrol(
    who: ApiActor,
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<MemberOut>), Problem> {
    who.actor.may(crate::permissions::ENROL)?;
    let given: EnrolIn = body(&bytes)?;
    let person = match (given.customer, given.name) {
        (Some(customer), None) => {
            let customers = rooms.loyalty.customers();
            Person::Known(Box::new(customers.get(&who.actor, customer.into()).await?))
        }
        (None, Some(name)) => Person::New(Box::new(Draft {
            name: Set::To(PersonName::parse(&name)),
            birth_date: Set::To(given.birth_date),
            ..Draft::default()
        })),
        _ => return Err(Error::invalid("customer", "loyalty-person").into()),
    };
    let enrol =
        Enrol { programme: given.programme, person, guardian: given.guardian.map(Into::into) };
    let mut tx = rooms.loyalty.db().begin().await?;
    let begun = once::begin(&mut tx, &rooms.web, &who, &headers, "enrol", &bytes).await?;
    let (status, id) = match begun {
        Begun::Before(status, id) => {
            drop(tx);
            (status, named(&id, "member")?)
        }
        Begun::Go(key) => {
            let member = rooms.loyalty.enrol_in(&mut tx, &who.actor, enrol).await?;
            once::finish(tx, &who, key, StatusCode::CREATED, &member.id.to_string()).await?;
            (StatusCode::CREATED, member.id)
        }
    };
    Ok((status, super::member::whole(&who, &rooms, id).await?))
}
