//! One passenger as a message mentions them: what the flight keeps, and what it says of the person.

use chrono::{DateTime, NaiveDate, Utc};
use customers::identity::{BookingPlace, Membership, StatedDocument, Statement};
use customers::{DocumentKind, Gender};
use kernel::Personal;
use kernel::names::{PersonName, is_hanzi};
use serde_json::Value as Json;
use uuid::Uuid;

use super::FlightKey;

/// What a mention does to the booking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Change {
    /// Booked and confirmed.
    #[default]
    Booked,
    /// On the waiting list.
    Waitlisted,
    /// No longer booked.
    Deleted,
}

/// One mention. Empty texts mean that nothing was said.
#[derive(Clone, Default)]
pub(crate) struct Mention {
    pub board: String,
    pub off: String,
    pub surname: String,
    pub given: String,
    /// `adult`, `child`, `infant`
    pub kind: &'static str,
    /// System and locator, in the order sent.
    pub locators: Vec<(String, String)>,
    pub change: Change,
    pub class: String,
    pub party: i64,
    pub position: u32,
    pub corporate: String,
    /// Codes alone, `VGML`: no free text, because it names people.
    pub requests: Vec<String>,
    /// `CA 123456789`
    pub ffp: String,
    pub tier: String,
    pub seat: String,
    /// Thirteen digits.
    pub ticket: String,
    pub coupon: i64,
    pub infants: i64,
    pub staff: bool,
    /// `ZH1515`
    pub marketing: String,
    pub marketing_class: String,
    pub booked_on: Option<NaiveDate>,
    pub bags: Option<i64>,
    pub bag_weight: Option<i64>,
    pub sequence: Option<i64>,
    /// `NOSHO`, `GOSHO`, …
    pub category: String,
    /// A person may be made of it.
    pub nameable: bool,
    pub person: Stated,
}

/// What a mention says of the person beyond the flight. Leaves with the statement, is not kept.
#[derive(Clone, Default)]
pub(crate) struct Stated {
    pub names: Vec<PersonName>,
    pub gender: Option<Gender>,
    pub born: Option<NaiveDate>,
    pub born_verified: bool,
    pub nationality: Option<String>,
    pub documents: Vec<StatedDocument>,
    pub memberships: Vec<Membership>,
    pub phones: Vec<Personal<String>>,
    pub emails: Vec<Personal<String>>,
    pub city: Option<String>,
    pub language: Option<String>,
}

impl Mention {
    /// Letters of the name by which mentions are compared.
    pub fn letters(&self) -> String {
        letters(&self.surname, &self.given)
    }

    /// The locator of the operating carrier, else the first.
    pub fn locator(&self, carrier: &str) -> Option<&(String, String)> {
        self.locators.iter().find(|(system, _)| system == carrier).or_else(|| self.locators.first())
    }

    /// The key of the statement, without the number of a second of the same name.
    pub fn source_key(&self, flight: &FlightKey) -> String {
        let locator = self.locator(&flight.carrier).map_or("-", |(_, code)| code.as_str());
        let (carrier, number, date) = (&flight.carrier, &flight.number, flight.date);
        let name = format!("{}/{}", self.surname, self.given);
        format!("{carrier}{number}/{date}/{}{}/{locator}/{name}", self.board, self.off)
    }

    /// A card shown; the first whole one is the number booked with.
    pub fn card(&mut self, airline: &str, number: &str) {
        self.person.membership(airline, number);
        if self.ffp.is_empty() && !airline.is_empty() && !number.is_empty() {
            self.ffp = format!("{airline} {number}");
        }
    }

    /// A request, once; whatever is no code of four letters or digits is none.
    pub fn request(&mut self, code: &str) {
        let known = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if known && !self.requests.iter().any(|have| have == code) {
            self.requests.push(code.to_owned());
        }
    }

    pub fn requests_json(&self) -> Json {
        self.requests.iter().map(|code| serde_json::json!({ "code": code })).collect()
    }

    /// What `source` says of the person, under `source_key`.
    pub fn statement(
        &self,
        source: &str,
        source_key: String,
        (message, said_at): (Uuid, DateTime<Utc>),
        flight: &FlightKey,
    ) -> Statement {
        let person = self.person.clone();
        let mut names = vec![person_name(&self.surname, &self.given)];
        for name in person.names {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let booking = self.locator(&flight.carrier).map(|(system, code)| BookingPlace {
            carrier: system.clone(),
            locator: code.clone(),
            day: flight.date,
            position: self.position,
        });
        Statement {
            source: source.to_owned(),
            source_key,
            message: Some(message),
            said_at,
            names,
            gender: person.gender,
            birth_date: person.born,
            birth_verified: person.born_verified,
            nationality: person.nationality,
            documents: person.documents,
            memberships: person.memberships,
            phones: person.phones,
            emails: person.emails,
            city: person.city,
            language: person.language,
            booking,
        }
    }
}

impl Stated {
    /// A document, unless it has no number.
    pub fn document(
        &mut self,
        kind: DocumentKind,
        number: &str,
        country: Option<String>,
        expires_on: Option<NaiveDate>,
    ) {
        let number = number.trim();
        if !number.is_empty() {
            let number = Personal::new(number.to_owned());
            self.documents.push(StatedDocument { kind, number, country, expires_on });
        }
    }

    /// A membership, unless it lacks one of its halves.
    pub fn membership(&mut self, programme: &str, number: &str) {
        if !programme.is_empty() && !number.is_empty() {
            let (programme, number) = (programme.to_owned(), number.to_owned());
            self.memberships.push(Membership { programme, number });
        }
    }
}

/// Letters and digits only, upper case: `OBRIEN/MARYJANE`.
pub(crate) fn letters(surname: &str, given: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    format!("{}/{}", plain(surname), plain(given))
}

/// A name in either script.
pub(crate) fn person_name(surname: &str, given: &str) -> PersonName {
    if surname.chars().chain(given.chars()).any(is_hanzi) {
        PersonName::from_native(&format!("{surname}{given}"))
    } else {
        PersonName::from_latin(surname, given)
    }
}

/// What a form of address says.
pub(crate) fn gender_of_title(title: &str) -> Option<Gender> {
    match title {
        "MR" | "MSTR" => Some(Gender::Male),
        "MRS" | "MS" | "MISS" => Some(Gender::Female),
        _ => None,
    }
}

/// ISO 3166-1 alpha-2 of a country written with two or three letters.
pub(crate) fn country(code: &str) -> Option<String> {
    let two = match code {
        "D" => "DE",
        code if code.len() == 3 => THREE.iter().find(|(three, _)| *three == code)?.1,
        code => code,
    };
    kernel::countries::find(two).map(|country| country.code.to_owned())
}

/// The travel documents' three letters, of the countries most passengers are from.
const THREE: &[(&str, &str)] = &[
    ("CHN", "CN"),
    ("HKG", "HK"),
    ("MAC", "MO"),
    ("TWN", "TW"),
    ("JPN", "JP"),
    ("KOR", "KR"),
    ("USA", "US"),
    ("GBR", "GB"),
    ("DEU", "DE"),
    ("FRA", "FR"),
    ("ITA", "IT"),
    ("ESP", "ES"),
    ("RUS", "RU"),
    ("CAN", "CA"),
    ("AUS", "AU"),
    ("NZL", "NZ"),
    ("SGP", "SG"),
    ("MYS", "MY"),
    ("THA", "TH"),
    ("IDN", "ID"),
    ("IND", "IN"),
    ("VNM", "VN"),
    ("PHL", "PH"),
    ("MNG", "MN"),
    ("KAZ", "KZ"),
    ("UZB", "UZ"),
    ("TJK", "TJ"),
    ("KGZ", "KG"),
    ("UKR", "UA"),
    ("BLR", "BY"),
    ("NLD", "NL"),
    ("BEL", "BE"),
    ("CHE", "CH"),
    ("AUT", "AT"),
    ("SWE", "SE"),
    ("NOR", "NO"),
    ("DNK", "DK"),
    ("FIN", "FI"),
    ("POL", "PL"),
    ("CZE", "CZ"),
    ("HUN", "HU"),
    ("PRT", "PT"),
    ("GRC", "GR"),
    ("TUR", "TR"),
    ("ISR", "IL"),
    ("ARE", "AE"),
    ("SAU", "SA"),
    ("QAT", "QA"),
    ("IRN", "IR"),
    ("PAK", "PK"),
    ("BGD", "BD"),
    ("LKA", "LK"),
    ("NPL", "NP"),
    ("MMR", "MM"),
    ("KHM", "KH"),
    ("LAO", "LA"),
    ("BRN", "BN"),
    ("BRA", "BR"),
    ("ARG", "AR"),
    ("MEX", "MX"),
    ("CHL", "CL"),
    ("ZAF", "ZA"),
    ("EGY", "EG"),
    ("NGA", "NG"),
    ("KEN", "KE"),
    ("ETH", "ET"),
    ("IRL", "IE"),
    ("ROU", "RO"),
    ("BGR", "BG"),
    ("SRB", "RS"),
    ("GEO", "GE"),
    ("ARM", "AM"),
    ("AZE", "AZ"),
    ("PRK", "KP"),
];
