//! What requests of booking messages say of a passenger, whatever message they came in.

use chrono::NaiveDate;
use customers::{DocumentKind, Gender};
use formats::requests::{Contact, Details, Sex, born_on};
use kernel::Personal;

use super::key::{date, day};
use super::mention::{Mention, Stated, country, person_name};

/// One request: its code, and its meaning where the code has a known grammar.
pub(super) fn take(
    mention: &mut Mention,
    code: &str,
    details: Option<Details<'_>>,
    said_on: NaiveDate,
) {
    let said = &mut mention.person;
    match details {
        Some(Details::Document(of)) if !of.infant => document(said, &of, said_on),
        Some(Details::Ticket(of)) if !of.infant && of.number.len() == 13 => {
            mention.ticket = of.number;
            mention.coupon = of.coupon.map_or(0, i64::from);
        }
        Some(Details::Membership(of)) => mention.card(of.airline, of.number),
        Some(Details::Contact(of)) => contact(said, of),
        Some(Details::Infant(_)) => mention.infants += 1,
        Some(Details::Child(born)) => {
            mention.kind = "child";
            said.born = said.born.or_else(|| born_on(born, day(said_on)).and_then(date));
        }
        Some(Details::Identity(of)) => match of.kind {
            "NI" | "ID" => said.document(DocumentKind::IdCard, of.number, None, None),
            "PP" => said.document(DocumentKind::Passport, of.number, None, None),
            _ => {}
        },
        Some(Details::Company(number)) => number.clone_into(&mut mention.corporate),
        Some(Details::Address(of)) if of.kind == "R" && !of.city.is_empty() => {
            said.city = Some(of.city.to_owned());
        }
        Some(_) => {}
        None if code != "OTHS" => mention.request(code),
        None => {}
    }
}

/// A way to reach the passenger. Agencies and refusals are none.
pub(super) fn contact(said: &mut Stated, of: Contact<'_>) {
    match of {
        Contact::Email(address) => said.emails.push(Personal::new(address)),
        Contact::Mobile(number) => said.phones.push(Personal::new(number.into_owned())),
        Contact::Other(..) | Contact::Refused => {}
    }
}

fn document(said: &mut Stated, of: &formats::requests::Document<'_>, said_on: NaiveDate) {
    let kind = match of.kind.as_bytes().first() {
        Some(b'P') | None => DocumentKind::Passport,
        Some(b'I') => DocumentKind::IdCard,
        _ => DocumentKind::Other,
    };
    let expires = formats::when::read_dated(of.expires, day(said_on)).and_then(date);
    said.document(kind, of.number, country(of.issued_by), expires);
    if let Some(born) = born_on(of.born, day(said_on)).and_then(date) {
        said.born = Some(born);
        said.born_verified = true;
    }
    said.gender = match of.sex {
        Some(Sex::Male) => Some(Gender::Male),
        Some(Sex::Female) => Some(Gender::Female),
        _ => said.gender,
    };
    said.nationality = said.nationality.take().or_else(|| country(of.nationality));
    if !of.surname.is_empty() {
        let given = format!("{} {}", of.given, of.middle);
        said.names.push(person_name(of.surname, given.trim()));
    }
}
