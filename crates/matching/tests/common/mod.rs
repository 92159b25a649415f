//! Records in few words.

#![allow(dead_code, reason = "each test file uses some of these")]

use kernel::names::PersonName;
use matching::dates::Digits;
use matching::person::{Birth, Document, DocumentKind, Member, PersonRecord, country};

pub const BOOKING: u64 = 0xB00C;

pub fn person(name: &str) -> PersonRecord {
    let name = match name.split_once('/') {
        Some((surname, given)) => PersonName::from_latin(surname, given),
        None => PersonName::parse(name),
    };
    PersonRecord { names: vec![name], ..PersonRecord::default() }
}

pub fn born(date: &str) -> Option<Birth> {
    Some(Birth { date: Digits::read(date)?, verified: false })
}

pub fn phone(number: u64) -> Vec<u64> {
    vec![number]
}

pub fn card(key: u64) -> Document {
    Document { kind: DocumentKind::IdentityCard, key, country: country("CN"), valid: true }
}

pub fn passport(key: u64) -> Document {
    Document { kind: DocumentKind::Passport, key, country: country("CN"), valid: true }
}

pub fn member(key: u64) -> Member {
    Member { programme: country("JB").unwrap_or_default(), key }
}
