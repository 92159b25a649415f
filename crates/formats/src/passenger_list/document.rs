//! DOCS, DOCA, DOCO, PSPT, FOID: travel documents.
//!
//! A bad field is told and left empty; the other fields stay.

use serde::{Serialize, Serializer};

use crate::passenger_list::element::Complain;
use crate::passenger_list::remark::Slots;
use crate::passenger_list::rules;
use crate::when::{Day, DayMonth, read_dated};

/// `04NOV60` or `04NOV1960`, known to exist in some year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShortDate<'a>(&'a str);

impl<'a> ShortDate<'a> {
    /// Reads all of `text`.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        if !matches!(text.len(), 7 | 9) || DayMonth::read(text.get(..5)?).is_none() {
            return None;
        }
        text.get(5..)?.bytes().all(|byte| byte.is_ascii_digit()).then_some(Self(text))
    }

    /// As sent.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// The day nearest to `near`: for days of expiry and issue.
    #[must_use]
    pub fn nearest(&self, near: Day) -> Option<Day> {
        read_dated(self.0, near)
    }

    /// The last such day that is not after `last`: for birth dates.
    #[must_use]
    pub fn past(&self, last: Day) -> Option<Day> {
        let found = read_dated(self.0, last)?;
        let later = self.0.len() == 7 && found > last;
        if later {
            Day::new(found.year.checked_sub(100)?, found.month, found.day)
        } else {
            Some(found)
        }
    }
}

impl Serialize for ShortDate<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0)
    }
}

/// As documents write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Gender {
    /// M
    #[serde(rename = "M")]
    Male,
    /// F
    #[serde(rename = "F")]
    Female,
    /// MI: a boy in arms.
    #[serde(rename = "MI")]
    MaleInfant,
    /// FI: a girl in arms.
    #[serde(rename = "FI")]
    FemaleInfant,
    /// U
    #[serde(rename = "U")]
    Undisclosed,
    /// X
    #[serde(rename = "X")]
    Unspecified,
}

impl Gender {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "M" => Self::Male,
            "F" => Self::Female,
            "MI" => Self::MaleInfant,
            "FI" => Self::FemaleInfant,
            "U" => Self::Undisclosed,
            "X" => Self::Unspecified,
            _ => return None,
        })
    }

    /// The document is that of an infant in arms.
    #[must_use]
    pub const fn is_infant(self) -> bool {
        matches!(self, Self::MaleInfant | Self::FemaleInfant)
    }
}

/// Which remark a document came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DocumentKind {
    /// Twelve fields.
    Docs,
    /// The older remark.
    Pspt,
}

/// A travel document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Document<'a> {
    /// DOCS or PSPT.
    pub remark: DocumentKind,
    /// P passport, I identity card, T travel permit, … Empty if not sent, as are all texts here.
    pub kind: &'a str,
    /// Country of issue, two or three letters.
    pub issued_by: &'a str,
    /// The document's number.
    pub number: &'a str,
    /// Nationality, two or three letters.
    pub nationality: &'a str,
    /// Birth date.
    pub born: Option<ShortDate<'a>>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Expiry date.
    pub expires: Option<ShortDate<'a>>,
    /// Surname.
    pub surname: &'a str,
    /// First given name.
    pub given: &'a str,
    /// Other given names.
    pub middle: &'a str,
    /// H: the holder of a document of several people.
    pub holder: bool,
}

/// DOCA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Address<'a> {
    /// R residence, D destination.
    pub kind: &'a str,
    /// Two or three letters.
    pub country: &'a str,
    /// Street and number.
    pub street: &'a str,
    /// City.
    pub city: &'a str,
    /// State or province.
    pub province: &'a str,
    /// Postal code.
    pub postal: &'a str,
    /// It is the infant's.
    pub infant: bool,
}

/// DOCO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Visa<'a> {
    /// Place of birth.
    pub birth_place: &'a str,
    /// V visa, K known traveller, R redress.
    pub kind: &'a str,
    /// Its number.
    pub number: &'a str,
    /// Where it was issued.
    pub issued_at: &'a str,
    /// When it was issued.
    pub issued_on: Option<ShortDate<'a>>,
    /// Country for which it is good.
    pub country: &'a str,
    /// It is the infant's.
    pub infant: bool,
}

/// FOID: with what the passenger identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity<'a> {
    /// PP passport, NI national identity, FF frequent flyer card, CC credit card, DL driving licence, ID,
    /// TN, UU; empty if none of these.
    pub kind: &'a str,
    /// What follows.
    pub number: &'a str,
}

/// Twelve fields after the status.
pub(super) fn docs<'a>(rest: &'a str, complain: Complain<'_, 'a>) -> Document<'a> {
    let mut slots = Slots::of(rest);
    let mut slot = || slots.next();
    Document {
        remark: DocumentKind::Docs,
        kind: slot(),
        issued_by: country(slot(), complain),
        number: slot(),
        nationality: country(slot(), complain),
        born: date(slot(), complain),
        gender: gender(slot(), complain),
        expires: date(slot(), complain),
        surname: slot(),
        given: slot(),
        middle: slot(),
        holder: slot() == "H",
    }
}

/// `ZB082929741/TJK/14JUL87/SURNAME/GIVEN/M`.
pub(super) fn pspt<'a>(rest: &'a str, complain: Complain<'_, 'a>) -> Document<'a> {
    let mut slots = Slots::of(rest);
    let mut slot = || slots.next();
    Document {
        remark: DocumentKind::Pspt,
        kind: "P",
        number: slot(),
        issued_by: country(slot(), complain),
        nationality: "",
        born: date(slot(), complain),
        surname: slot(),
        given: slot(),
        gender: gender(slot(), complain),
        expires: None,
        middle: "",
        holder: slot() == "H",
    }
}

pub(super) fn doca(rest: &str) -> Address<'_> {
    let mut slots = Slots::of(rest);
    let mut slot = || slots.next();
    Address {
        kind: slot(),
        country: slot(),
        street: slot(),
        city: slot(),
        province: slot(),
        postal: slot(),
        infant: slot() == "I",
    }
}

pub(super) fn doco<'a>(rest: &'a str, complain: Complain<'_, 'a>) -> Visa<'a> {
    let mut slots = Slots::of(rest);
    let mut slot = || slots.next();
    Visa {
        birth_place: slot(),
        kind: slot(),
        number: slot(),
        issued_at: slot(),
        issued_on: date(slot(), complain),
        country: slot(),
        infant: slot() == "I",
    }
}

pub(super) fn foid<'a>(rest: &'a str, complain: Complain<'_, 'a>) -> Identity<'a> {
    let rest = rest.trim_ascii();
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    match rest.split_at_checked(2) {
        Some((kind @ ("PP" | "NI" | "FF" | "CC" | "DL" | "ID" | "TN" | "UU" | "CN"), number)) => {
            let number = number.strip_prefix(['/', ' ']).unwrap_or(number);
            Identity { kind, number }
        }
        _ => {
            complain(rules::BAD_IDENTITY, rest);
            Identity { kind: "", number: rest }
        }
    }
}

fn date<'a>(text: &'a str, complain: Complain<'_, 'a>) -> Option<ShortDate<'a>> {
    let date = ShortDate::read(text);
    if date.is_none() && !text.is_empty() {
        complain(rules::BAD_DOCUMENT_FIELD, text);
    }
    date
}

fn gender<'a>(text: &'a str, complain: Complain<'_, 'a>) -> Option<Gender> {
    let gender = Gender::read(text);
    if gender.is_none() && !text.is_empty() {
        complain(rules::BAD_DOCUMENT_FIELD, text);
    }
    gender
}

fn country<'a>(text: &'a str, complain: Complain<'_, 'a>) -> &'a str {
    if text.is_empty() || text.is_ascii() && text.len() <= 3 {
        // One letter (D of German passports) occurs.
        return text;
    }
    if (2..=3).contains(&text.chars().count()) {
        return text;
    }
    complain(rules::BAD_DOCUMENT_FIELD, text);
    ""
}
