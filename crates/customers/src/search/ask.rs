//! What a searcher may have meant by what they typed: a list of look-ups, best first. No I/O.

use std::collections::HashSet;

use kernel::names::{PersonName, fold, is_hanzi, narrow, search_forms};
use kernel::phone;

use super::dictionary::{Dictionary, Field};
use crate::contacts::{normal_document, normal_email};
use crate::model::DocumentKind;

/// Longest text worth reading.
const LONGEST: usize = 80;
/// Most names tried for one slip of the fingers.
const MOST_NEAR: usize = 40;

/// Why a customer was found, best first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Member number, whole.
    MemberNo,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Identity document.
    Document,
    /// The whole name.
    Name,
    /// The beginning of the name, or of the given name.
    NameBegins,
    /// The beginning of the member number.
    MemberNoBegins,
    /// First letters of the syllables.
    Initials,
    /// Another way to write or read the name.
    OtherSpelling,
    /// A name that sounds the same.
    SoundsLike,
    /// A name one slip away.
    Similar,
}

impl Why {
    /// Text key.
    #[must_use]
    pub fn text_key(self) -> &'static str {
        match self {
            Self::MemberNo | Self::MemberNoBegins => "customers-why-member-no",
            Self::Email => "customers-why-email",
            Self::Phone => "customers-why-phone",
            Self::Document => "customers-why-document",
            Self::Name | Self::NameBegins => "customers-why-name",
            Self::Initials => "customers-why-initials",
            Self::OtherSpelling => "customers-why-other-spelling",
            Self::SoundsLike => "customers-why-sounds-like",
            Self::Similar => "customers-why-similar",
        }
    }
}

/// A key column of `customer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    MemberNo,
    Full,
    GivenFirst,
    Initials,
    Native,
    Also,
}

/// One way to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Customers whose key equals one of these.
    Equal(Key, Vec<String>, Why),
    /// Customers whose key begins so.
    Begins(Key, String, Why),
    /// Initials, of people whose full key begins so.
    InitialsOf { initials: String, surname: String },
    /// By keyed hash of an e-mail address in its normal form.
    Email(String),
    /// Of a phone number in its normal form.
    Phone(String),
    /// Of a document number in its normal form.
    Document(String),
}

/// Chinese characters as ASCII, so that every database sorts and compares them the same way:
/// four to five hexadecimal digits each. `native_key` holds names so.
#[must_use]
pub(crate) fn native_key(folded: &str) -> String {
    folded.chars().map(|c| format!("{:05x}", u32::from(c))).collect()
}

/// The look-ups for a text that certainly mean what was typed.
pub(crate) fn plain(text: &str) -> Vec<Look> {
    let text: String = narrow(text).trim().chars().take(LONGEST).collect();
    let mut looks = Vec::new();
    if let Some(email) = normal_email(&text) {
        looks.push(Look::Email(email));
        return looks;
    }
    if text.chars().any(|c| c.is_ascii_digit()) {
        numbers(&text, &mut looks);
        return looks;
    }
    if text.chars().any(is_hanzi) {
        let key = native_key(&fold(&text));
        looks.push(Look::Equal(Key::Native, vec![key.clone()], Why::Name));
        looks.push(Look::Begins(Key::Native, key, Why::NameBegins));
        return looks;
    }
    let forms = search_forms(&text);
    if forms.is_empty() {
        return looks;
    }
    looks.push(Look::Equal(Key::Full, forms.clone(), Why::Name));
    looks.push(Look::Equal(Key::GivenFirst, forms.clone(), Why::Name));
    for form in &forms {
        looks.push(Look::Begins(Key::Full, form.clone(), Why::NameBegins));
    }
    for form in &forms {
        looks.push(Look::Begins(Key::GivenFirst, form.clone(), Why::NameBegins));
    }
    if (2..=6).contains(&forms[0].len()) {
        looks.push(Look::Equal(Key::Initials, vec![forms[0].clone()], Why::Initials));
    }
    looks.extend(surname_and_initials(&text));
    looks.push(Look::Begins(Key::Also, forms[0].clone(), Why::OtherSpelling));
    looks
}

/// `zhou qm` and `qm zhou`.
fn surname_and_initials(text: &str) -> Vec<Look> {
    let words: Vec<String> = text.split_whitespace().map(fold).collect();
    let [one, two] = words.as_slice() else { return Vec::new() };
    [(one, two), (two, one)]
        .into_iter()
        .filter(|(surname, given)| surname.len() >= 2 && (1..=3).contains(&given.len()))
        .filter_map(|(surname, given)| {
            let first = surname.chars().next()?;
            Some(Look::InitialsOf { initials: format!("{first}{given}"), surname: surname.clone() })
        })
        .collect()
}

fn numbers(text: &str, looks: &mut Vec<Look>) {
    let plain = fold(text);
    looks.push(Look::Equal(
        Key::MemberNo,
        vec![plain.to_uppercase(), plain.clone()],
        Why::MemberNo,
    ));
    if let Some(number) = phone::normalise(text) {
        looks.push(Look::Phone(number));
    }
    let kinds = [DocumentKind::IdCard, DocumentKind::Passport];
    let mut forms: Vec<String> =
        kinds.into_iter().filter_map(|kind| normal_document(kind, text)).collect();
    forms.dedup();
    looks.extend(forms.into_iter().filter(|form| form.len() >= 6).map(Look::Document));
    if plain.len() >= 3 {
        looks.push(Look::Begins(Key::MemberNo, plain.to_uppercase(), Why::MemberNoBegins));
    }
}

/// The look-ups for a text that may be mistyped, misheard or half a name. Tried only when the
/// plain ones found little.
pub(crate) fn generous(text: &str, names: &Dictionary) -> Vec<Look> {
    let text: String = narrow(text).trim().chars().take(LONGEST).collect();
    if text.chars().any(|c| c.is_ascii_digit() || c == '@') {
        return Vec::new();
    }
    if text.chars().any(is_hanzi) {
        let keys = PersonName::from_native(&text).keys();
        return vec![
            Look::Begins(Key::GivenFirst, keys.full_key.clone(), Why::SoundsLike),
            Look::Begins(Key::Full, keys.full_key, Why::SoundsLike),
        ];
    }
    let mut looks = Vec::new();
    for form in search_forms(&text) {
        let near = whole_names_near(&form, names);
        if !near.is_empty() {
            looks.push(Look::Equal(Key::Full, near, Why::Similar));
        }
        for (field, key) in [(Field::Given, Key::GivenFirst), (Field::Surname, Key::Full)] {
            for near in names.near(field, &form, slips(form.len()), 6) {
                looks.push(Look::Begins(key, near.token, Why::Similar));
            }
        }
    }
    looks
}

/// How many slips a word of so many letters may have.
fn slips(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// Full keys of names that exist in parts and are near the glued text: one part as typed, the
/// other one or two slips away; either order.
fn whole_names_near(form: &str, names: &Dictionary) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for at in 2..form.len().saturating_sub(1) {
        let (Some(one), Some(two)) = (form.get(..at), form.get(at..)) else { continue };
        if names.has(Field::Surname, one) {
            for near in names.near(Field::Given, two, slips(two.len()).max(1), MOST_NEAR) {
                found.push((near.slips, format!("{one}{}", near.token)));
            }
        }
        if names.has(Field::Given, two) {
            for near in names.near(Field::Surname, one, 1, MOST_NEAR) {
                found.push((near.slips, format!("{}{two}", near.token)));
            }
        }
        if names.has(Field::Surname, two) {
            for near in names.near(Field::Given, one, slips(one.len()).max(1), MOST_NEAR) {
                found.push((near.slips, format!("{two}{}", near.token)));
            }
        }
        if names.has(Field::Given, one) {
            for near in names.near(Field::Surname, two, 1, MOST_NEAR) {
                found.push((near.slips, format!("{}{one}", near.token)));
            }
        }
    }
    found.sort();
    let mut seen = HashSet::new();
    let found = found.into_iter().map(|(_, key)| key).filter(|key| seen.insert(key.clone()));
    found.take(MOST_NEAR).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_decides_where_to_look() {
        assert_eq!(plain(" Anna@Example.com "), [Look::Email("anna@example.com".into())]);
        let number = plain("6218 0457 31");
        assert_eq!(
            number[0],
            Look::Equal(
                Key::MemberNo,
                vec!["6218045731".into(), "6218045731".into()],
                Why::MemberNo
            )
        );
        assert!(plain("138 1234 5678").contains(&Look::Phone("+8613812345678".into())));
        assert!(plain("e12345678").contains(&Look::Document("E12345678".into())));
        assert!(matches!(plain("周启")[0], Look::Equal(Key::Native, ..)));
        assert!(plain("zqm").contains(&Look::Equal(
            Key::Initials,
            vec!["zqm".into()],
            Why::Initials
        )));
        assert!(
            plain("zhou qm")
                .contains(&Look::InitialsOf { initials: "zqm".into(), surname: "zhou".into() })
        );
        assert!(plain("  ").is_empty());
        assert!(plain("!!").is_empty());
    }

    #[test]
    fn slips_in_either_part_and_either_order_are_tried() {
        let names = Dictionary::default();
        for name in ["周启明", "欧阳承泽"] {
            names.note(&PersonName::from_native(name));
        }
        for typed in ["zhouqimign", "zhuoqiming", "qimign zhou", "qiming zhuo"] {
            let looks = generous(typed, &names);
            let hit = Look::Equal(Key::Full, vec!["zhouqiming".into()], Why::Similar);
            assert!(looks.contains(&hit), "{typed}: {looks:?}");
        }
        assert!(generous("zz", &names).is_empty());
    }

    #[test]
    fn native_keys_are_ascii_and_keep_prefixes() {
        let whole = native_key("周启明");
        assert!(whole.starts_with(&native_key("周启")) && whole.is_ascii());
    }
}
