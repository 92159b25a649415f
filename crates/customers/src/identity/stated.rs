//! A statement in the form it is kept and compared in.
//!
//! The record's `data` holds contacts and documents by keyed hash only; what was said in clear is
//! sealed beside it. Everything a comparison needs can be made from `data` alone, also from that of
//! member files.

use std::collections::HashSet;

use access::Vault;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use kernel::{member_no, phone};
use matching::hash::{mix, of_bytes};
use matching::person::{self, Birth, Document, Member, PersonRecord, Seat};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::booking::{booking_of, list_number};
use super::statement::Statement;
use crate::contacts::{self, Sealed};
use crate::error::Result;
use crate::model::{ContactKind, DocumentKind, Gender};

/// Values of one kind that a statement may bring; what a hostile message has beyond is dropped.
const MOST_VALUES: usize = 8;
/// Longest text taken over, in characters.
const LONGEST: usize = 200;
/// A statement made ready.
pub(super) struct Ready {
    pub source: String,
    pub key: String,
    pub message: Option<Uuid>,
    pub said_at: DateTime<Utc>,
    pub data: Map<String, Value>,
    pub content_hash: Vec<u8>,
    clear: Map<String, Value>,
    phones: Vec<String>,
    emails: Vec<String>,
    documents: Vec<(DocumentKind, String, Option<NaiveDate>)>,
}

impl Ready {
    pub fn of(vault: &Vault, statement: &Statement) -> Self {
        let mut data = Map::new();
        let mut clear = Map::new();
        plain_fields(statement, &mut data);
        let phones = texts(&statement.phones);
        let emails = texts(&statement.emails);
        if !phones.is_empty() {
            data.insert("phones".into(), hashes(vault, ContactKind::Phone, &phones));
            clear.insert("phones".into(), json!(phones));
        }
        if !emails.is_empty() {
            data.insert("emails".into(), hashes(vault, ContactKind::Email, &emails));
            clear.insert("emails".into(), json!(emails));
        }
        let mut documents = Vec::new();
        let (mut stated, mut said) = (Vec::new(), Vec::new());
        for document in statement.documents.iter().take(MOST_VALUES) {
            let text = cut(document.number.reveal());
            if text.is_empty() {
                continue;
            }
            let normal = contacts::normal_document(document.kind, &text);
            let valid = normal.is_some();
            let hash = contacts::hash_document(
                vault,
                &normal.unwrap_or_else(|| kernel::names::narrow(&text).trim().to_uppercase()),
            );
            stated.push(json!({"kind": document.kind, "hash": hex::encode(hash), "valid": valid,
                "country": document.country, "expires_on": document.expires_on}));
            said.push(json!({"kind": document.kind, "number": text}));
            documents.push((document.kind, text, document.expires_on));
        }
        if !stated.is_empty() {
            data.insert("documents".into(), json!(stated));
            clear.insert("documents".into(), json!(said));
        }
        let canonical = Value::Object(data.clone()).to_string();
        Self {
            source: cut(&statement.source),
            key: key_of(vault, &statement.source_key),
            message: statement.message,
            said_at: statement.said_at,
            content_hash: vault.keyed_hash("source-record", &canonical),
            data,
            clear,
            phones,
            emails,
            documents,
        }
    }

    /// What was said in clear, sealed as one text.
    pub fn sealed(&self, vault: &Vault) -> Result<Option<Vec<u8>>> {
        if self.clear.is_empty() {
            return Ok(None);
        }
        Ok(Some(vault.seal(&Value::Object(self.clear.clone()).to_string())?))
    }

    pub fn contacts(&self, vault: &Vault) -> Result<Vec<Sealed>> {
        let phones = self.phones.iter().map(|text| (ContactKind::Phone, text));
        let emails = self.emails.iter().map(|text| (ContactKind::Email, text));
        phones
            .chain(emails)
            .map(|(kind, text)| contacts::seal_contact(vault, kind, text, &self.source))
            .collect()
    }

    pub fn documents(&self, vault: &Vault) -> Result<Vec<Sealed>> {
        self.documents
            .iter()
            .map(|(kind, text, _)| contacts::seal_document(vault, *kind, text, &self.source))
            .collect()
    }
}

/// A key longer than a key can be is known by its hash.
fn key_of(vault: &Vault, key: &str) -> String {
    if key.chars().count() <= 2 * LONGEST {
        return key.to_owned();
    }
    hex::encode(vault.keyed_hash("source-key", key))
}

fn cut(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn texts(values: &[kernel::Personal<String>]) -> Vec<String> {
    let mut seen = HashSet::new();
    values
        .iter()
        .map(|value| cut(value.reveal()))
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .take(MOST_VALUES)
        .collect()
}

fn hashes(vault: &Vault, kind: ContactKind, texts: &[String]) -> Value {
    let of = |text: &String| {
        let normal = match kind {
            ContactKind::Phone => phone::normalise(text).unwrap_or_else(|| text.clone()),
            ContactKind::Email => {
                contacts::normal_email(text).unwrap_or_else(|| text.to_lowercase())
            }
        };
        hex::encode(contacts::hash_contact(vault, kind, &normal))
    };
    json!(texts.iter().map(of).collect::<Vec<_>>())
}

/// Everything that is neither contact nor document.
fn plain_fields(statement: &Statement, data: &mut Map<String, Value>) {
    let name = |name: &PersonName| PersonName {
        native: name.native.as_deref().map(cut).filter(|text| !text.is_empty()),
        surname: cut(&name.surname),
        given: cut(&name.given),
    };
    let names: Vec<PersonName> = statement
        .names
        .iter()
        .take(MOST_VALUES)
        .map(name)
        .filter(|name| !name.is_empty())
        .collect();
    let mut put = |field: &str, value: Value| data.insert(field.to_owned(), value);
    if !names.is_empty() {
        put("names", json!(names));
    }
    if let Some(gender) = statement.gender {
        put("gender", json!(gender));
    }
    if let Some(day) = statement.birth_date {
        put("birth_date", json!(day));
        if statement.birth_verified {
            put("birth_verified", json!(true));
        }
    }
    let texts = [
        ("nationality", &statement.nationality),
        ("city", &statement.city),
        ("language", &statement.language),
    ];
    for (field, text) in texts {
        if let Some(text) = text.as_deref().map(cut).filter(|text| !text.is_empty()) {
            put(field, json!(text));
        }
    }
    let memberships: Vec<Value> = statement
        .memberships
        .iter()
        .take(MOST_VALUES)
        .map(|one| (cut(&one.programme), member_no::plain(&cut(&one.number))))
        .filter(|(_, number)| !number.is_empty())
        .map(|(programme, number)| json!({"programme": programme, "number": number}))
        .collect();
    if !memberships.is_empty() {
        put("memberships", json!(memberships));
    }
    if let Some(booking) = &statement.booking
        && !booking.locator.trim().is_empty()
    {
        let (carrier, locator) = (cut(&booking.carrier), cut(&booking.locator));
        put(
            "booking",
            json!({"carrier": carrier, "locator": locator, "day": booking.day,
                "position": booking.position}),
        );
    }
}

/// The names of a record, as sources of either kind keep them.
pub(super) fn names_of(data: &Map<String, Value>) -> Vec<PersonName> {
    let many = data.get("names").and_then(|v| serde_json::from_value(v.clone()).ok());
    let one = || data.get("name").and_then(|v| serde_json::from_value(v.clone()).ok());
    many.unwrap_or_else(|| one().into_iter().collect())
}

/// Numbers of memberships a record states, blanks off, upper case.
pub(super) fn numbers_of(data: &Map<String, Value>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some(number) = data.get("member_no").and_then(Value::as_str) {
        found.push((String::new(), number.to_uppercase()));
    }
    for one in data.get("memberships").and_then(Value::as_array).into_iter().flatten() {
        let text = |field| one.get(field).and_then(Value::as_str).unwrap_or_default();
        found.push((text("programme").to_uppercase(), text("number").to_uppercase()));
    }
    found
}

/// Hashes of the contacts a record states, by kind.
pub(super) fn contact_hashes(data: &Map<String, Value>) -> Vec<(ContactKind, Vec<u8>)> {
    let mut found = Vec::new();
    for (kind, one, many) in
        [(ContactKind::Phone, "phone", "phones"), (ContactKind::Email, "email", "emails")]
    {
        let many = data.get(many).and_then(Value::as_array).into_iter().flatten();
        for text in data.get(one).into_iter().chain(many).filter_map(Value::as_str) {
            if let Ok(hash) = hex::decode(text) {
                found.push((kind, hash));
            }
        }
    }
    found
}

/// A document as a record states it.
pub(super) struct StatedHash {
    pub kind: DocumentKind,
    pub hash: Vec<u8>,
    pub country: Option<String>,
    pub valid: bool,
}

/// Documents a record states.
pub(super) fn document_hashes(data: &Map<String, Value>) -> Vec<StatedHash> {
    let many = data.get("documents").and_then(Value::as_array).into_iter().flatten();
    data.get("document")
        .into_iter()
        .chain(many)
        .filter_map(|document| {
            let text = |field| document.get(field).and_then(Value::as_str);
            Some(StatedHash {
                kind: DocumentKind::read(text("kind")?)?,
                hash: hex::decode(text("hash")?).ok()?,
                country: text("country").map(str::to_owned),
                // Member files say only when a number fails its check.
                valid: document.get("valid").and_then(Value::as_bool).unwrap_or(true),
            })
        })
        .collect()
}

/// The first eight bytes of a keyed hash.
pub(super) fn short(hash: &[u8]) -> u64 {
    hash.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// What matching compares, made of the data of a record on a list.
pub(super) fn person_of(
    own: &dyn Fn(&str, &str) -> bool,
    list: &str,
    data: &Map<String, Value>,
) -> PersonRecord {
    let text = |field: &str| data.get(field).and_then(Value::as_str);
    let verified = data.get("birth_verified").and_then(Value::as_bool).unwrap_or(false);
    let birth = text("birth_date").and_then(|day| day.parse().ok());
    let contact = contact_hashes(data);
    let of = |kind| {
        contact.iter().filter(move |(k, _)| *k == kind).map(|(_, hash)| short(hash)).collect()
    };
    let position = data
        .get("booking")
        .and_then(|b| b.get("position"))
        .and_then(Value::as_u64)
        .and_then(|n| u32::try_from(n).ok());
    PersonRecord {
        names: names_of(data),
        birth: birth.and_then(|day| Birth::new(day, verified)),
        gender: gender(text("gender").and_then(Gender::read)),
        nationality: text("nationality").and_then(person::country),
        documents: document_hashes(data)
            .into_iter()
            .map(|document| Document {
                kind: kind_of(document.kind),
                key: short(&document.hash),
                country: document.country.as_deref().and_then(person::country),
                valid: document.valid,
            })
            .collect(),
        members: numbers_of(data)
            .into_iter()
            .map(|(programme, number)| membership(own, &programme, &number))
            .collect(),
        phones: of(ContactKind::Phone),
        emails: of(ContactKind::Email),
        // How many live in a city costs more to know than it says.
        city: None,
        address: None,
        bookings: booking_of(data)
            .map(|booking| Seat { booking: booking.hash, position: position.unwrap_or(0) })
            .into_iter()
            .collect(),
        source: list_number(list),
    }
}

/// A membership as it is compared: of one's own programme whatever it is called.
pub(super) fn membership(
    own: &dyn Fn(&str, &str) -> bool,
    programme: &str,
    number: &str,
) -> Member {
    let ours = programme.is_empty() || own(programme, number);
    let code = if ours {
        0
    } else {
        person::country(programme).unwrap_or((of_bytes(programme.as_bytes()) & 0xFFFF) as u16)
    };
    let name = if ours { number.to_owned() } else { format!("{programme}/{number}") };
    Member { programme: code, key: mix(of_bytes(b"member"), of_bytes(name.as_bytes())) }
}

pub(super) fn gender(gender: Option<Gender>) -> Option<person::Gender> {
    match gender? {
        Gender::Female => Some(person::Gender::Female),
        Gender::Male => Some(person::Gender::Male),
        Gender::Other => None,
    }
}

pub(super) fn kind_of(kind: DocumentKind) -> person::DocumentKind {
    match kind {
        DocumentKind::IdCard => person::DocumentKind::IdentityCard,
        DocumentKind::Passport => person::DocumentKind::Passport,
        DocumentKind::Other => person::DocumentKind::Other,
    }
}
