//! Passenger lists as mentions: PNL and ADL, PFS, PRL, ETL, FTL, TPM.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use customers::{DocumentKind, Gender};
use formats::passenger_list::{
    Change as Word, ContactKind, Document, Identity, PassengerList, Person, PersonKind,
};
use formats::{Kind, passenger_list};
use kernel::Personal;

use super::key::{date, day, nearest, number};
use super::mention::{Change, Mention, country, gender_of_title, person_name};
use super::{Arrival, FlightKey};

/// A list about one flight.
pub(crate) struct List {
    /// `pnl`, `adl`, `pfs`, `prl`, `etl`, `ftl`, `tpm`
    pub kind: &'static str,
    pub flight: FlightKey,
    /// Nobody is missing: who is not on it is not there.
    pub complete: bool,
    pub mentions: Vec<Mention>,
    /// Off points in the order of the message.
    pub stations: Vec<String>,
    /// Booking class to cabin, by the RBD line.
    pub classes: BTreeMap<String, String>,
}

/// Reads a list; `None` when it does not say which flight.
pub(crate) fn list(list: &PassengerList<'_>, arrival: &Arrival) -> Option<List> {
    let near = arrival.said_at.date_naive();
    let flight = list.flight.as_ref()?;
    let key = FlightKey {
        carrier: flight.designator.airline.to_owned(),
        number: number(&flight.designator),
        date: nearest(flight.date?, near)?,
        board: flight.board.to_owned(),
    };
    let kind = match list.kind {
        Kind::Pnl => "pnl",
        Kind::Adl => "adl",
        Kind::Pfs => "pfs",
        Kind::Prl => "prl",
        Kind::Etl => "etl",
        Kind::Ftl => "ftl",
        _ => "tpm",
    };
    let ends = list.end == passenger_list::End::Last;
    let mut positions = BTreeMap::<u32, u32>::new();
    let mut mentions = Vec::with_capacity(list.passengers.len());
    for person in list.people().filter(|person| person.kind() != PersonKind::Seat) {
        let position = positions.entry(person.booking()).or_default();
        *position += 1;
        mentions.push(mention(&person, &key, *position, arrival));
    }
    // Those taken away go first: an ADL takes a name out of one class and adds it to another.
    mentions.sort_by_key(|mention| mention.change != Change::Deleted);
    Some(List {
        kind,
        complete: ends && !arrival.partial,
        stations: stations(list),
        classes: classes(list),
        flight: key,
        mentions,
    })
}

fn stations(list: &PassengerList<'_>) -> Vec<String> {
    let told = list.available.stations.iter().copied();
    let sections = list.sections.iter().map(|section| section.destination);
    let numerics = list.numerics.iter().map(|numbers| numbers.destination);
    let mut all: Vec<String> = Vec::new();
    for station in told.chain(numerics).chain(sections) {
        let new = !station.is_empty() && list.flight.as_ref().is_none_or(|of| of.board != station);
        if new && !all.iter().any(|known| known == station) {
            all.push(station.to_owned());
        }
    }
    all
}

fn classes(list: &PassengerList<'_>) -> BTreeMap<String, String> {
    let mut classes = BTreeMap::new();
    for compartment in &list.compartments {
        let cabin = super::cabin::of_compartment(compartment.code);
        for class in compartment.classes.chars() {
            classes.insert(class.to_string(), cabin.to_owned());
        }
    }
    classes
}

fn mention(
    person: &Person<'_, '_>,
    flight: &FlightKey,
    position: u32,
    arrival: &Arrival,
) -> Mention {
    let change = match person.change() {
        Some(Word::Del) => Change::Deleted,
        _ if person.is_waitlisted() => Change::Waitlisted,
        _ => Change::Booked,
    };
    let said_on = arrival.said_at.date_naive();
    let booked_on = (person.change() == Some(Word::Add)).then_some(said_on);
    let marketing = person.marketing();
    let ticket = person.tickets().find(|ticket| ticket.number.is_some());
    let bags = person.bags();
    let mut mention = Mention {
        board: flight.board.clone(),
        off: person.destination().to_owned(),
        surname: tidy(person.surname()),
        given: tidy(person.given()),
        kind: match person.kind() {
            PersonKind::Child => "child",
            PersonKind::Infant => "infant",
            _ => "adult",
        },
        locators: person
            .locators()
            .map(|locator| (locator.system.to_owned(), locator.code.to_owned()))
            .collect(),
        change,
        class: person.class().to_owned(),
        party: i64::from(person.party()),
        position,
        corporate: person.corporate().unwrap_or_default().to_owned(),
        tier: person.tier().unwrap_or_default().to_owned(),
        seat: person.seat().unwrap_or_default(),
        infants: i64::try_from(person.infants().len()).unwrap_or(0),
        staff: person.is_staff(),
        ticket: ticket
            .and_then(|ticket| ticket.number)
            .map(|number| number.as_str().to_owned())
            .unwrap_or_default(),
        coupon: ticket.and_then(|ticket| ticket.coupon).map_or(0, i64::from),
        marketing: marketing
            .map(|of| format!("{}{}", of.flight.airline, number(&of.flight)))
            .unwrap_or_default(),
        marketing_class: marketing.map(|of| of.class.to_owned()).unwrap_or_default(),
        booked_on,
        bags: bags.map(|bags| bags.pieces.into()),
        bag_weight: bags.and_then(|bags| bags.weight).map(i64::from),
        sequence: person.check_in().map(i64::from),
        category: person.category().unwrap_or_default().to_owned(),
        nameable: person.is_nameable(),
        ..Mention::default()
    };
    for service in person.services() {
        mention.request(service.code);
    }
    state(person, &mut mention, said_on);
    mention
}

/// What the remarks say of the person.
fn state(person: &Person<'_, '_>, mention: &mut Mention, said_on: NaiveDate) {
    for card in person.frequent_flyers() {
        // The card that earns is the one booked with, wherever it stands.
        if card.code == "FQTV" && !card.airline.is_empty() && !card.number.is_empty() {
            mention.ffp.clear();
        }
        mention.card(card.airline, card.number);
    }
    let said = &mut mention.person;
    said.gender = person.title().and_then(|title| gender_of_title(title.as_str()));
    for document in person.documents() {
        travel_document(said, &document, said_on);
    }
    if said.born.is_none() {
        said.born = person.born().and_then(|born| born.past(day(said_on))).and_then(date);
    }
    for identity in person.identities() {
        let (kind, number) = foid(&identity);
        if let Some(kind) = kind {
            said.document(kind, number, None, None);
        }
    }
    for contact in person.contacts() {
        let value = Personal::new(contact.value.trim().to_owned());
        match contact.kind {
            ContactKind::Mobile => said.phones.push(value),
            ContactKind::Email => said.emails.push(value),
            ContactKind::Refused | ContactKind::Other => continue,
        }
        said.language = said.language.take().or(contact.language.and_then(language));
    }
    let home = person.addresses().find(|address| address.kind == "R" && !address.city.is_empty());
    said.city = home.map(|address| address.city.to_owned());
}

fn travel_document(said: &mut super::mention::Stated, document: &Document<'_>, said_on: NaiveDate) {
    use formats::passenger_list::Gender as Stated;
    let kind = match document.kind.as_bytes().first() {
        Some(b'P') | None => DocumentKind::Passport,
        Some(b'I') => DocumentKind::IdCard,
        _ => DocumentKind::Other,
    };
    let expires = document.expires.and_then(|of| of.nearest(day(said_on))).and_then(date);
    said.document(kind, document.number, country(document.issued_by), expires);
    if let Some(born) = document.born.and_then(|of| of.past(day(said_on))).and_then(date) {
        said.born = Some(born);
        said.born_verified = true;
    }
    said.gender = match document.gender {
        Some(Stated::Male) => Some(Gender::Male),
        Some(Stated::Female) => Some(Gender::Female),
        _ => said.gender,
    };
    said.nationality = said.nationality.take().or_else(|| country(document.nationality));
    if !document.surname.is_empty() {
        let given = format!("{} {}", document.given, document.middle);
        said.names.push(person_name(document.surname, given.trim()));
    }
}

fn foid<'a>(identity: &Identity<'a>) -> (Option<DocumentKind>, &'a str) {
    let kind = match identity.kind {
        "NI" | "ID" => Some(DocumentKind::IdCard),
        "PP" => Some(DocumentKind::Passport),
        // Card numbers and tickets are no documents.
        "CC" | "TN" | "FF" => None,
        _ => Some(DocumentKind::Other),
    };
    (kind, identity.number)
}

fn language(code: &str) -> Option<String> {
    match code {
        "CN" | "ZH" => Some("zh-CN".to_owned()),
        "EN" | "GB" | "US" => Some("en".to_owned()),
        _ => None,
    }
}

fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}
