//! What a feed hands over, and what of it is kept as the source record.

use access::Vault;
use chrono::NaiveDate;
use kernel::names::PersonName;
use kernel::{Personal, member_no, phone};
use serde_json::{Map, Value, json};

use crate::contacts;
use crate::error::Result;
use crate::model::{ContactKind, CustomerId, DocumentKind, Gender, Profile, Tier};

/// One row of a member feed. `None` means that the feed says nothing about the field.
#[derive(Clone, Debug, Default)]
pub struct MemberInput {
    /// The feed's own key of the person; the same key is the same person.
    pub source_key: String,
    /// Member number, with or without blanks.
    pub member_no: Option<String>,
    /// Name in the scripts the feed has.
    pub name: Option<PersonName>,
    /// As stated.
    pub gender: Option<Gender>,
    /// As stated.
    pub birth_date: Option<NaiveDate>,
    /// City.
    pub city: Option<String>,
    /// Province or state.
    pub province: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Preferred language.
    pub language: Option<String>,
    /// Tier.
    pub tier: Option<Tier>,
    /// Day of joining.
    pub joined_on: Option<NaiveDate>,
    /// Day of leaving.
    pub cancelled_on: Option<NaiveDate>,
    /// Telephone.
    pub phone: Option<Personal<String>>,
    /// E-mail.
    pub email: Option<Personal<String>>,
    /// Identity document.
    pub document: Option<(DocumentKind, Personal<String>)>,
    /// Columns the mapping kept without a field of their own. Never personal.
    pub extra: Map<String, Value>,
}

/// What to do by key; a row it does not cover is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Only customers not known yet.
    Create,
    /// Only customers known already.
    Update,
    /// Both.
    CreateOrUpdate,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// A customer was made.
    Created(CustomerId),
    /// Something the feed says differently from before was taken over.
    Updated(CustomerId),
    /// The feed said this before, or the profile says so already.
    Unchanged(CustomerId),
    /// The policy does not cover the row.
    Skipped,
}

/// A row in the form it is kept and compared in. Contacts and documents appear by keyed hash only.
pub(super) struct Stated {
    pub data: Map<String, Value>,
    pub content_hash: Vec<u8>,
    pub member_no: String,
}

/// Field by field, the statement of a row.
pub(super) fn stated(vault: &Vault, row: &MemberInput) -> Stated {
    let mut data = Map::new();
    let mut put = |field: &str, value: Value| {
        data.insert(field.to_owned(), value);
    };
    let number = row.member_no.as_deref().map(member_no::plain).unwrap_or_default();
    if !number.is_empty() {
        put("member_no", json!(number));
    }
    if let Some(name) = row.name.as_ref().filter(|name| !name.is_empty()) {
        put("name", json!(name));
    }
    if let Some(gender) = row.gender {
        put("gender", json!(gender));
    }
    for (field, text) in [
        ("city", &row.city),
        ("province", &row.province),
        ("country", &row.country),
        ("language", &row.language),
    ] {
        if let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            put(field, json!(text));
        }
    }
    if let Some(tier) = row.tier {
        put("tier", json!(tier));
    }
    for (field, day) in [
        ("birth_date", row.birth_date),
        ("joined_on", row.joined_on),
        ("cancelled_on", row.cancelled_on),
    ] {
        if let Some(day) = day {
            put(field, json!(day));
        }
    }
    if let Some(text) = filled(row.phone.as_ref()) {
        let normal = phone::normalise(text).unwrap_or_else(|| text.to_owned());
        let hash = contacts::hash_contact(vault, ContactKind::Phone, &normal);
        put("phone", json!(hex::encode(hash)));
    }
    if let Some(text) = filled(row.email.as_ref()) {
        let normal = contacts::normal_email(text).unwrap_or_else(|| text.to_lowercase());
        let hash = contacts::hash_contact(vault, ContactKind::Email, &normal);
        put("email", json!(hex::encode(hash)));
    }
    if let Some((kind, text)) = &row.document
        && !text.reveal().trim().is_empty()
    {
        let normal = contacts::normal_document(*kind, text.reveal())
            .unwrap_or_else(|| text.reveal().trim().to_uppercase());
        let hash = contacts::hash_document(vault, &normal);
        put("document", json!({"kind": kind, "hash": hex::encode(hash)}));
    }
    if !row.extra.is_empty() {
        put("extra", Value::Object(row.extra.clone()));
    }
    let canonical = Value::Object(data.clone()).to_string();
    let content_hash = vault.keyed_hash("source-record", &canonical);
    Stated { data, content_hash, member_no: number }
}

pub(super) fn filled(text: Option<&Personal<String>>) -> Option<&str> {
    text.map(|text| text.reveal().trim()).filter(|text| !text.is_empty())
}

/// Contacts and documents of a row, sealed as one text for the source record.
pub(super) fn seal_record(vault: &Vault, row: &MemberInput) -> Result<Option<Vec<u8>>> {
    let mut personal = Map::new();
    if let Some(phone) = filled(row.phone.as_ref()) {
        personal.insert("phone".to_owned(), json!(phone));
    }
    if let Some(email) = filled(row.email.as_ref()) {
        personal.insert("email".to_owned(), json!(email));
    }
    if let Some((kind, number)) = &row.document
        && !number.reveal().trim().is_empty()
    {
        personal
            .insert("document".to_owned(), json!({"kind": kind, "number": number.reveal().trim()}));
    }
    if personal.is_empty() {
        return Ok(None);
    }
    Ok(Some(vault.seal(&Value::Object(personal).to_string())?))
}

/// Takes over into `profile` what `now` says differently from `before`: the feed's own previous
/// record. A field the feed repeats is left as staff may have corrected it. Returns the names of
/// the fields that changed in the profile.
pub(super) fn take_over(
    profile: &mut Profile,
    now: &Map<String, Value>,
    before: Option<&Map<String, Value>>,
) -> Result<Vec<&'static str>, serde_json::Error> {
    let said_anew: Map<String, Value> = now
        .iter()
        .filter(|(field, value)| before.and_then(|old| old.get(field.as_str())) != Some(value))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    let old = profile.clone();
    crate::profile::draft::restore(profile, &said_anew)?;
    Ok(crate::profile::draft::differing(&old, profile))
}

/// Whether the feed says something new about a sealed field.
pub(super) fn says_anew(
    field: &str,
    now: &Map<String, Value>,
    before: Option<&Map<String, Value>>,
) -> bool {
    now.contains_key(field) && before.and_then(|old| old.get(field)) != now.get(field)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn row() -> MemberInput {
        MemberInput {
            source_key: "1".into(),
            member_no: Some("6218 0457 31".into()),
            name: Some(PersonName::from_native("周启明")),
            city: Some(" 上海 ".into()),
            tier: Some(Tier::Gold),
            phone: Some("13812345678".to_owned().into()),
            ..MemberInput::default()
        }
    }

    #[test]
    fn the_record_holds_no_contact_in_clear_and_blanks_do_not_matter() {
        let vault = Vault::for_tests();
        let one = stated(&vault, &row());
        let text = Value::Object(one.data.clone()).to_string();
        assert!(!text.contains("138") && text.contains("\"上海\"") && text.contains("6218045731"));
        let two = stated(
            &vault,
            &MemberInput { phone: Some("+86 138-1234-5678".to_owned().into()), ..row() },
        );
        assert_eq!(one.content_hash, two.content_hash);
        let three = stated(&vault, &MemberInput { tier: None, ..row() });
        assert_ne!(one.content_hash, three.content_hash);
    }

    #[test]
    fn a_repeated_statement_does_not_undo_a_correction() {
        let vault = Vault::for_tests();
        let first = stated(&vault, &row());
        let mut profile = Profile::default();
        take_over(&mut profile, &first.data, None).unwrap();
        profile.city = "苏州".into();
        let second = stated(&vault, &MemberInput { tier: Some(Tier::Platinum), ..row() });
        let changed = take_over(&mut profile, &second.data, Some(&first.data)).unwrap();
        assert_eq!(changed, ["tier"]);
        assert_eq!(profile.city, "苏州");
    }
}
