//! Booking messages (AIRIMP), passenger name records (PNRGOV) and orders (NDC) as lists of mentions,
//! one list for each flight.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use formats::booking::status::Held;
use formats::booking::{Booking, NameElement, Segment};
use formats::{ndc, pnrgov};
use kernel::Personal;

use super::key::{date, nearest};
use super::list::List;
use super::mention::{Change, Mention, gender_of_title};
use super::requests::{contact, take};
use super::{Arrival, FlightKey};

/// Mentions by flight.
#[derive(Default)]
pub(crate) struct Lists {
    by_flight: BTreeMap<FlightKey, Vec<Mention>>,
}

impl Lists {
    fn add(&mut self, flight: FlightKey, mention: Mention) {
        self.by_flight.entry(flight).or_default().push(mention);
    }

    /// One list each; what is taken away goes first.
    pub fn finish(self, kind: &'static str) -> Vec<List> {
        let list = |(flight, mut mentions): (FlightKey, Vec<Mention>)| {
            mentions.sort_by_key(|mention| mention.change != Change::Deleted);
            let mut stations: Vec<String> = mentions.iter().map(|of| of.off.clone()).collect();
            stations.dedup();
            stations.truncate(1);
            let classes = BTreeMap::new();
            List { kind, flight, complete: false, mentions, stations, classes }
        };
        self.by_flight.into_iter().map(list).collect()
    }
}

/// A booking message: each person on each flight.
pub(crate) fn airimp(booking: &Booking<'_>, arrival: &Arrival) -> Lists {
    let said_on = arrival.said_at.date_naive();
    let mut lists = Lists::default();
    let locators: Vec<(String, String)> = booking
        .references
        .iter()
        .filter(|of| !of.locator.is_empty())
        .map(|of| (of.system.to_owned(), of.locator.to_owned()))
        .collect();
    let party = i64::from(booking.party());
    let company = booking.information.iter().find_map(|of| of.company()).unwrap_or_default();
    for segment in &booking.segments {
        let Some((flight, off)) = flight_of(segment, said_on) else { continue };
        let change = match segment.status.and_then(|status| status.held()) {
            Some(Held::Confirmed) | None => Change::Booked,
            Some(Held::Waitlisted | Held::Requested) => Change::Waitlisted,
            Some(Held::Nothing) => Change::Deleted,
        };
        let base = Mention {
            board: flight.board.clone(),
            off,
            kind: "adult",
            locators: locators.clone(),
            change,
            class: segment.class.map(String::from).unwrap_or_default(),
            party,
            corporate: company.to_owned(),
            booked_on: (change == Change::Booked).then_some(said_on),
            ..Mention::default()
        };
        let mut position = 0;
        for name in booking.names_now() {
            for person in name.people() {
                position += 1;
                let mut mention = Mention {
                    surname: person.surname.to_uppercase(),
                    given: person.given.to_uppercase(),
                    nameable: !person.surname.is_empty() && !person.given.is_empty(),
                    position,
                    ..base.clone()
                };
                mention.person.gender = person.title.and_then(gender_of_title);
                of_booking(booking, segment, person, &mut mention, said_on);
                lists.add(flight.clone(), mention);
            }
        }
        // Names that were replaced are no longer on the flight.
        for old in booking.changes.iter().filter_map(|change| change.from.as_ref()) {
            for person in old.people() {
                let gone = Mention {
                    surname: person.surname.to_uppercase(),
                    given: person.given.to_uppercase(),
                    change: Change::Deleted,
                    ..base.clone()
                };
                lists.add(flight.clone(), gone);
            }
        }
    }
    lists
}

fn flight_of(segment: &Segment<'_>, said_on: NaiveDate) -> Option<(FlightKey, String)> {
    let suffix = segment.suffix.map(String::from).unwrap_or_default();
    let key = FlightKey {
        carrier: segment.airline.to_owned(),
        number: format!("{}{suffix}", segment.number?),
        date: nearest(segment.day?, said_on)?,
        board: segment.from?.to_string(),
    };
    Some((key, segment.to?.to_string()))
}

/// Requests about this flight, or about none, of this person, or of nobody in particular where
/// there is only one.
fn of_booking(
    booking: &Booking<'_>,
    segment: &Segment<'_>,
    person: formats::names::Name<'_>,
    mention: &mut Mention,
    said_on: NaiveDate,
) {
    let alone = booking.party() == 1;
    let names = |names: &[NameElement<'_>]| {
        let same =
            |of: formats::names::Name<'_>| (of.surname, of.given) == (person.surname, person.given);
        names.iter().flat_map(NameElement::people).any(same)
    };
    for request in &booking.requests {
        let here = request
            .flight
            .is_none_or(|of| Some(of.number) == segment.number && Some(of.day) == segment.day);
        let mine = if request.names.is_empty() { alone } else { names(&request.names) };
        if here && mine {
            take(mention, request.code, request.details(), said_on);
        }
    }
    for information in &booking.information {
        let mine = if information.names.is_empty() { alone } else { names(&information.names) };
        if let Some(found) = information.contact().filter(|_| mine) {
            contact(&mut mention.person, found);
        }
    }
}

/// Pushed records: the flight the message is about, and the other flights of each booking.
pub(crate) fn pnrgov(messages: &[pnrgov::Message<'_>], arrival: &Arrival) -> Lists {
    let said_on = arrival.said_at.date_naive();
    let mut lists = Lists::default();
    for message in messages {
        for record in &message.records {
            let flights = record.flights.iter().filter_map(|flight| {
                let (_, operating) = flight.designators(message.flight.as_deref());
                let number = operating.1.trim_start_matches('0').to_owned();
                let numbered = number.starts_with(|of: char| of.is_ascii_digit());
                let key = FlightKey {
                    carrier: operating.0.to_owned(),
                    number,
                    date: date(flight.departs.day?)?,
                    board: flight.from?.to_string(),
                };
                numbered.then_some((flight, key))
            });
            for (flight, key) in flights {
                let on_board = record.passengers.iter().filter(|of| !of.group && !of.is_infant());
                for (index, passenger) in on_board.enumerate() {
                    let of = (index, passenger);
                    let mention = of_record(message, record, flight, &key, of, said_on);
                    lists.add(key.clone(), mention);
                }
            }
        }
    }
    lists
}

fn of_record(
    message: &pnrgov::Message<'_>,
    record: &pnrgov::Record<'_>,
    flight: &pnrgov::Flight<'_>,
    key: &FlightKey,
    (index, passenger): (usize, &pnrgov::Passenger<'_>),
    said_on: NaiveDate,
) -> Mention {
    let name = passenger.name();
    let (marketing, operating) = flight.designators(message.flight.as_deref());
    let held = formats::booking::Status { code: &flight.status, count: None }.held();
    let people = record.passengers.iter().filter(|of| !of.is_infant()).count();
    let alone = people == 1;
    let mut mention = Mention {
        board: key.board.clone(),
        off: flight.to.map(|of| of.to_string()).unwrap_or_default(),
        surname: name.surname.to_uppercase(),
        given: name.given.to_uppercase(),
        kind: if passenger.kind == "C" { "child" } else { "adult" },
        locators: record
            .locators
            .iter()
            .chain(&flight.locators)
            .filter(|of| !of.locator.is_empty())
            .map(|of| (of.system.to_string(), of.locator.to_string()))
            .collect(),
        change: match held {
            Some(Held::Nothing) => Change::Deleted,
            Some(Held::Waitlisted | Held::Requested) => Change::Waitlisted,
            Some(Held::Confirmed) | None => Change::Booked,
        },
        class: flight.class.to_string(),
        party: i64::try_from(people).unwrap_or(1),
        position: u32::try_from(index + 1).unwrap_or(0),
        booked_on: record.locators.iter().find_map(|of| of.created.day).and_then(date),
        nameable: !name.surname.is_empty() && !name.given.is_empty(),
        ..Mention::default()
    };
    if marketing.0 != operating.0 {
        mention.marketing = format!("{}{}", marketing.0, marketing.1.trim_start_matches('0'));
        mention.marketing_class = flight.class.to_string();
    }
    mention.person.gender = name.title.and_then(gender_of_title);
    for programme in &passenger.programmes {
        mention.card(&programme.airline, &programme.number);
        if mention.tier.is_empty() {
            mention.tier = programme.tier.to_string();
        }
    }
    for (request, at) in record.requests_of(passenger) {
        let here = at.is_none_or(|at| std::ptr::eq(at, flight));
        let route = request.from.is_none() || request.from == flight.from;
        if here && route {
            take(&mut mention, &request.code, request.details(), said_on);
        }
    }
    // Told twice, by the name and by a request, it is one child all the same.
    mention.infants = mention.infants.max(i64::from(passenger.with_infant));
    let shared = if alone { record.contacts() } else { Vec::new() };
    for found in passenger.contacts().into_iter().chain(shared) {
        contact(&mut mention.person, found);
    }
    if mention.ticket.is_empty() {
        let ticket = passenger.tickets.iter().find_map(pnrgov::Ticket::thirteen);
        mention.ticket = ticket.unwrap_or_default();
    }
    mention
}

/// Orders: each flight of each passenger by its services.
pub(crate) fn ndc(message: &ndc::Message<'_>) -> Lists {
    let mut lists = Lists::default();
    let bookings = message.orders.iter().flat_map(|order| &order.bookings);
    let locators: Vec<(String, String)> = bookings
        .filter(|of| !of.locator.is_empty())
        .map(|of| (of.system.to_string(), of.locator.to_string()))
        .collect();
    let closed = message
        .orders
        .iter()
        .any(|order| matches!(order.standing(), Some(ndc::Standing::Cancelled)));
    let adults = message.passengers.iter().filter(|of| !of.kind.starts_with("INF")).count();
    for segment in &message.segments {
        let Some((flight, off)) = ordered_flight(segment) else { continue };
        let services = message.orders.iter().flat_map(|order| &order.items);
        let services = services.flat_map(|item| &item.services);
        let about: Vec<_> = services.filter(|of| of.segments.contains(&segment.id)).collect();
        for (index, passenger) in message.passengers.iter().enumerate() {
            let named = about.iter().any(|of| of.passengers.contains(&passenger.id));
            if passenger.kind.starts_with("INF") || !about.is_empty() && !named {
                continue;
            }
            let mut mention = of_order(message, passenger);
            mention.board.clone_from(&flight.board);
            mention.off.clone_from(&off);
            mention.locators.clone_from(&locators);
            mention.class = segment.class.to_string();
            mention.party = i64::try_from(adults).unwrap_or(1);
            mention.position = u32::try_from(index + 1).unwrap_or(0);
            mention.change = if closed { Change::Deleted } else { Change::Booked };
            if !segment.operating.is_empty() && segment.operating != segment.carrier {
                mention.marketing = format!("{}{}", segment.carrier, segment.number);
                mention.marketing_class = segment.class.to_string();
            }
            let seats = about.iter().filter(|of| of.passengers.contains(&passenger.id));
            mention.seat = seats
                .map(|of| of.seat.to_string())
                .find(|seat| !seat.is_empty())
                .unwrap_or_default();
            tickets(message, passenger, segment, &mut mention);
            lists.add(flight.clone(), mention);
        }
    }
    lists
}

fn ordered_flight(segment: &ndc::Segment<'_>) -> Option<(FlightKey, String)> {
    let told = |own: &str, other: &str| if own.is_empty() { other } else { own }.to_owned();
    let number = told(&segment.operating_number, &segment.number);
    let number = number.trim_start_matches('0').to_owned();
    let key = FlightKey {
        carrier: told(&segment.operating, &segment.carrier),
        date: date(segment.departure.day?)?,
        board: segment.departure.airport?.to_string(),
        number,
    };
    let whole = !key.carrier.is_empty() && !key.number.is_empty();
    Some((key, segment.arrival.airport?.to_string())).filter(|_| whole)
}

fn of_order(message: &ndc::Message<'_>, passenger: &ndc::Passenger<'_>) -> Mention {
    let mut mention = Mention {
        surname: passenger.surname.to_uppercase(),
        given: passenger.given.to_uppercase(),
        kind: if passenger.kind.starts_with("CH") { "child" } else { "adult" },
        nameable: !passenger.surname.is_empty() && !passenger.given.is_empty(),
        ..Mention::default()
    };
    for card in &passenger.memberships {
        mention.card(&card.airline, &card.number);
    }
    let person = &mut mention.person;
    person.born = passenger.born.and_then(date);
    person.gender = match &*passenger.sex.to_ascii_uppercase() {
        "M" | "MALE" => Some(customers::Gender::Male),
        "F" | "FEMALE" => Some(customers::Gender::Female),
        _ => gender_of_title(&passenger.title.to_ascii_uppercase()),
    };
    for of in &passenger.identity {
        let kind = match &*of.kind {
            "PT" | "P" | "PP" => customers::DocumentKind::Passport,
            "ID" | "NI" => customers::DocumentKind::IdCard,
            _ => customers::DocumentKind::Other,
        };
        let country = super::mention::country(&of.issued_by);
        person.document(kind, &of.number, country, of.expires.and_then(date));
        person.nationality =
            person.nationality.take().or_else(|| super::mention::country(&of.nationality));
    }
    for info in message.contacts_of(passenger) {
        person.emails.extend(info.emails.iter().map(|of| Personal::new(of.to_string())));
        person.phones.extend(info.phones.iter().map(|of| Personal::new(of.clone())));
    }
    if let Some(company) = passenger.companies.first() {
        mention.corporate = company.number.to_string();
    }
    mention
}

fn tickets(
    message: &ndc::Message<'_>,
    passenger: &ndc::Passenger<'_>,
    segment: &ndc::Segment<'_>,
    mention: &mut Mention,
) {
    let mine = message.documents.iter().filter(|of| of.passengers.contains(&passenger.id));
    for ticket in mine.flat_map(|document| &document.tickets) {
        let digits: String = ticket.number.chars().filter(char::is_ascii_digit).collect();
        // Extras have documents of another kind.
        if digits.len() < 13 || ticket.kind == "J" || ticket.kind == "Y" {
            continue;
        }
        let coupon = ticket.coupons.iter().find(|of| of.segments.contains(&segment.id));
        let only = ticket.coupons.len() <= 1 && message.segments.len() == 1;
        if coupon.is_some() || only {
            mention.ticket = digits.chars().take(13).collect();
            mention.coupon = coupon.and_then(|of| of.number).map_or(i64::from(only), i64::from);
            mention.booked_on = ticket.issued.and_then(date);
        }
    }
}
