//! Ways to reach a passenger, as CTC elements write them.

use std::borrow::Cow;

use serde::Serialize;

/// A way to reach a passenger, or the refusal to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "value")]
pub enum Contact<'t> {
    /// CTCE, decoded: `MOLLY_LOBB@GMAIL.COM`.
    Email(String),
    /// CTCM, CTCP of a mobile: as written.
    Mobile(Cow<'t, str>),
    /// CTCH at home, CTCB at work, CTCT the agency, CTCP, CTCF, CTCA an address: as written.
    Other(char, Cow<'t, str>),
    /// CTCR: the passenger refuses. No consent.
    Refused,
}

/// Decodes the address of a CTCE element: `//` is an at sign, `..` an underscore, `./` a hyphen. A
/// language behind it (`/EN`) is taken off.
#[must_use]
pub fn email_of(text: &str) -> Option<String> {
    let text = text.trim();
    let mut plain = text.replace("//", "@").replace("..", "_").replace("./", "-");
    if let Some(at) = plain.rfind('/') {
        plain.truncate(at);
    }
    let plain = plain.trim();
    let (local, domain) = plain.split_once('@')?;
    let fits = !local.is_empty()
        && domain.contains('.')
        && !domain.contains('@')
        && !plain.contains(char::is_whitespace);
    fits.then(|| plain.to_owned())
}

/// Reads a contact out of free text: `CTCE MOLLY..LOBB//GMAIL.COM`, `YY CTC M 123456789`,
/// `CTCR 0011…`, `CTCBOG 571-600`, `E/ARIE.L@GMAIL.COM`.
#[must_use]
pub fn contact_in(text: &str) -> Option<Contact<'_>> {
    let text = text.trim_start();
    if let Some(address) = text.strip_prefix("E/").or_else(|| text.strip_prefix("E-")) {
        return email_of(address).map(Contact::Email);
    }
    let at = text.find("CTC")?;
    let before = text.get(..at)?.trim_end();
    let airline = before.len() <= 3 && before.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !airline {
        return None;
    }
    let rest = text.get(at + 3..)?;
    let spaced = rest.strip_prefix(' ');
    let (kind, value) = match spaced.unwrap_or(rest).split_at_checked(1) {
        // `CTC M 123`: the kind stands alone.
        Some((kind, value)) if spaced.is_none() || value.starts_with(' ') => (kind, value),
        _ => ("", rest),
    };
    // `CTCBOG …`: not a kind, but the city of an agency.
    let city = value.len() >= 2 && value.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    let mine = !city || kind == "E";
    read(kind.chars().next().filter(|_| mine).unwrap_or('T'), if mine { value } else { rest })
}

/// A contact whose kind is the last letter of its code.
pub(super) fn read(kind: char, value: &str) -> Option<Contact<'_>> {
    let value = value.trim_start_matches(['/', ' ', '-']).trim();
    match kind {
        'R' => Some(Contact::Refused),
        _ if value.is_empty() => None,
        'E' => email_of(value).map(Contact::Email),
        'M' => Some(Contact::Mobile(Cow::Borrowed(without_language(value)))),
        other => Some(Contact::Other(other, Cow::Borrowed(value))),
    }
}

/// `447700900123/EN` without the language.
fn without_language(value: &str) -> &str {
    match value.rsplit_once('/') {
        Some((number, language)) if language.len() <= 3 => number.trim_end(),
        _ => value,
    }
}

impl Contact<'_> {
    /// Without borrowing.
    #[must_use]
    pub fn into_owned(self) -> Contact<'static> {
        match self {
            Self::Email(address) => Contact::Email(address),
            Self::Mobile(number) => Contact::Mobile(Cow::Owned(number.into_owned())),
            Self::Other(kind, text) => Contact::Other(kind, Cow::Owned(text.into_owned())),
            Self::Refused => Contact::Refused,
        }
    }
}
