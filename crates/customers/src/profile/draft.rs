//! What a person may type about a customer, checked, and what a change consists of.

use chrono::NaiveDate;
use kernel::names::PersonName;
use kernel::{Personal, member_no, phone};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::FieldError;
use crate::model::{DocumentKind, Gender, Profile, Tier};

/// Longest name part, city and the like.
pub const SHORT_TEXT: usize = 80;

/// A change to one field: leave it, or set it (`None` empties it).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Set<T> {
    /// Not part of the change.
    #[default]
    Keep,
    /// The new value.
    To(T),
}

impl<T: PartialEq> Set<T> {
    fn apply(self, field: &'static str, to: &mut T, changed: &mut Vec<&'static str>) {
        if let Self::To(value) = self
            && *to != value
        {
            *to = value;
            changed.push(field);
        }
    }
}

/// The fields a person gave. All are optional; a new customer needs a name or a member number.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Name in both scripts.
    pub name: Set<PersonName>,
    /// As stated.
    pub gender: Set<Option<Gender>>,
    /// As stated.
    pub birth_date: Set<Option<NaiveDate>>,
    /// City.
    pub city: Set<String>,
    /// Province or state.
    pub province: Set<String>,
    /// Country.
    pub country: Set<String>,
    /// Preferred language.
    pub language: Set<String>,
    /// Staff user who looks after the customer.
    pub owner_id: Set<Option<Uuid>>,
    /// With or without blanks.
    pub member_no: Set<String>,
    /// Tier.
    pub tier: Set<Option<Tier>>,
    /// Day of joining.
    pub joined_on: Set<Option<NaiveDate>>,
    /// Day of leaving.
    pub cancelled_on: Set<Option<NaiveDate>>,
    /// Telephone; empty removes the one staff had entered.
    pub phone: Set<Personal<String>>,
    /// E-mail; empty removes it.
    pub email: Set<Personal<String>>,
    /// Identity document; an empty number removes it.
    pub document: Set<Option<(DocumentKind, Personal<String>)>>,
}

impl Draft {
    /// Everything that is not right, for the form to show at its fields.
    ///
    /// `today` bounds birth and joining dates.
    #[must_use]
    pub fn problems(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut found = Vec::new();
        let mut say = |field, code| found.push(FieldError { field, code });
        if let Set::To(name) = &self.name {
            let long = [name.native.as_deref().unwrap_or_default(), &name.surname, &name.given]
                .iter()
                .any(|part| part.chars().count() > SHORT_TEXT);
            if long {
                say("name", "field-too-long");
            }
        }
        for (field, text) in [
            ("city", &self.city),
            ("province", &self.province),
            ("country", &self.country),
            ("language", &self.language),
        ] {
            if matches!(text, Set::To(text) if text.chars().count() > SHORT_TEXT) {
                say(field, "field-too-long");
            }
        }
        let earliest = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN);
        for (field, day) in [
            ("birth_date", &self.birth_date),
            ("joined_on", &self.joined_on),
            ("cancelled_on", &self.cancelled_on),
        ] {
            if matches!(day, Set::To(Some(day)) if *day > today || *day < earliest) {
                say(field, "field-date-range");
            }
        }
        if matches!(&self.member_no, Set::To(number) if !is_member_no(number)) {
            say("member_no", "field-member-no");
        }
        if matches!(&self.phone, Set::To(text) if !text.reveal().trim().is_empty()
            && phone::normalise(text.reveal()).is_none())
        {
            say("phone", "field-phone");
        }
        if matches!(&self.email, Set::To(text) if !text.reveal().trim().is_empty()
            && crate::contacts::normal_email(text.reveal()).is_none())
        {
            say("email", "field-email");
        }
        if matches!(&self.document, Set::To(Some((kind, number)))
            if !number.reveal().trim().is_empty()
                && crate::contacts::normal_document(*kind, number.reveal()).is_none())
        {
            say("document", "field-document");
        }
        found
    }

    /// Puts the profile's part of the draft into `profile`; returns the names of the fields that
    /// really changed.
    pub(crate) fn apply(self, profile: &mut Profile) -> Vec<&'static str> {
        let mut changed = Vec::new();
        self.name.apply("name", &mut profile.name, &mut changed);
        self.gender.apply("gender", &mut profile.gender, &mut changed);
        self.birth_date.apply("birth_date", &mut profile.birth_date, &mut changed);
        trimmed(self.city).apply("city", &mut profile.city, &mut changed);
        trimmed(self.province).apply("province", &mut profile.province, &mut changed);
        trimmed(self.country).apply("country", &mut profile.country, &mut changed);
        trimmed(self.language).apply("language", &mut profile.language, &mut changed);
        self.owner_id.apply("owner_id", &mut profile.owner_id, &mut changed);
        let number = match self.member_no {
            Set::To(number) => Set::To(member_no::plain(&number)),
            Set::Keep => Set::Keep,
        };
        number.apply("member_no", &mut profile.member_no, &mut changed);
        self.tier.apply("tier", &mut profile.tier, &mut changed);
        self.joined_on.apply("joined_on", &mut profile.joined_on, &mut changed);
        self.cancelled_on.apply("cancelled_on", &mut profile.cancelled_on, &mut changed);
        changed
    }
}

fn trimmed(text: Set<String>) -> Set<String> {
    match text {
        Set::To(text) => Set::To(text.trim().to_owned()),
        Set::Keep => Set::Keep,
    }
}

/// Member numbers of other programmes and of old files have no check digit of ours, so only
/// letters and digits of a plausible length are asked for.
fn is_member_no(text: &str) -> bool {
    let plain = member_no::plain(text);
    plain.len() <= 20 && plain.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The profile's fields by name, for undo. Reads back with [`restore`].
pub(crate) fn keep(profile: &Profile, fields: &[impl AsRef<str>]) -> Map<String, Value> {
    fields
        .iter()
        .filter_map(|field| Some((field.as_ref().to_owned(), value_of(profile, field.as_ref())?)))
        .collect()
}

fn value_of(profile: &Profile, field: &str) -> Option<Value> {
    Some(match field {
        "name" => json!(profile.name),
        "gender" => json!(profile.gender),
        "birth_date" => json!(profile.birth_date),
        "city" => json!(profile.city),
        "province" => json!(profile.province),
        "country" => json!(profile.country),
        "language" => json!(profile.language),
        "owner_id" => json!(profile.owner_id),
        "member_no" => json!(profile.member_no),
        "tier" => json!(profile.tier),
        "joined_on" => json!(profile.joined_on),
        "cancelled_on" => json!(profile.cancelled_on),
        _ => return None,
    })
}

/// The fields of a profile, in the order they are named.
const FIELDS: &[&str] = &[
    "name",
    "gender",
    "birth_date",
    "city",
    "province",
    "country",
    "language",
    "owner_id",
    "member_no",
    "tier",
    "joined_on",
    "cancelled_on",
];

/// Names of the fields in which two profiles differ.
pub(crate) fn differing(one: &Profile, other: &Profile) -> Vec<&'static str> {
    FIELDS
        .iter()
        .copied()
        .filter(|field| match *field {
            "name" => one.name != other.name,
            "gender" => one.gender != other.gender,
            "birth_date" => one.birth_date != other.birth_date,
            "city" => one.city != other.city,
            "province" => one.province != other.province,
            "country" => one.country != other.country,
            "language" => one.language != other.language,
            "owner_id" => one.owner_id != other.owner_id,
            "member_no" => one.member_no != other.member_no,
            "tier" => one.tier != other.tier,
            "joined_on" => one.joined_on != other.joined_on,
            _ => one.cancelled_on != other.cancelled_on,
        })
        .collect()
}

/// Puts kept fields back. Unknown names (contacts, tags) are for others.
pub(crate) fn restore(
    profile: &mut Profile,
    kept: &Map<String, Value>,
) -> Result<(), serde_json::Error> {
    for (field, value) in kept {
        let value = value.clone();
        match field.as_str() {
            "name" => profile.name = serde_json::from_value(value)?,
            "gender" => profile.gender = serde_json::from_value(value)?,
            "birth_date" => profile.birth_date = serde_json::from_value(value)?,
            "city" => profile.city = serde_json::from_value(value)?,
            "province" => profile.province = serde_json::from_value(value)?,
            "country" => profile.country = serde_json::from_value(value)?,
            "language" => profile.language = serde_json::from_value(value)?,
            "owner_id" => profile.owner_id = serde_json::from_value(value)?,
            "member_no" => profile.member_no = serde_json::from_value(value)?,
            "tier" => profile.tier = serde_json::from_value(value)?,
            "joined_on" => profile.joined_on = serde_json::from_value(value)?,
            "cancelled_on" => profile.cancelled_on = serde_json::from_value(value)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn codes(draft: &Draft) -> Vec<(&'static str, &'static str)> {
        draft.problems(today()).into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn limits_are_checked_on_both_sides() {
        let ok = Draft {
            city: Set::To("x".repeat(SHORT_TEXT)),
            birth_date: Set::To(NaiveDate::from_ymd_opt(1900, 1, 1)),
            joined_on: Set::To(Some(today())),
            member_no: Set::To("6218 0457 31".into()),
            phone: Set::To("138 1234 5678".to_owned().into()),
            email: Set::To("a@example.com".to_owned().into()),
            ..Draft::default()
        };
        assert!(codes(&ok).is_empty());
        let bad = Draft {
            city: Set::To("城".repeat(SHORT_TEXT + 1)),
            birth_date: Set::To(NaiveDate::from_ymd_opt(1899, 12, 31)),
            joined_on: Set::To(today().succ_opt()),
            member_no: Set::To("62#18".into()),
            phone: Set::To("12".to_owned().into()),
            email: Set::To("nobody".to_owned().into()),
            ..Draft::default()
        };
        assert_eq!(
            codes(&bad),
            [
                ("city", "field-too-long"),
                ("birth_date", "field-date-range"),
                ("joined_on", "field-date-range"),
                ("member_no", "field-member-no"),
                ("phone", "field-phone"),
                ("email", "field-email"),
            ]
        );
    }

    #[test]
    fn only_real_changes_are_named_and_undo_puts_them_back() {
        let before =
            Profile { city: "上海".into(), tier: Some(Tier::Gold), ..Profile::default() };
        let mut after = before.clone();
        let draft = Draft {
            city: Set::To(" 上海 ".into()),
            tier: Set::To(None),
            name: Set::To(PersonName::from_native("周启明")),
            ..Draft::default()
        };
        let changed = draft.apply(&mut after);
        assert_eq!(changed, ["name", "tier"]);
        let kept = keep(&before, &changed);
        restore(&mut after, &kept).unwrap();
        assert_eq!(after, before);
    }
}
