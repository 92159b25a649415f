//! CTCM, CTCE, CTCR: how a passenger may be reached, or that the passenger does not want to be.

use std::borrow::Cow;

use serde::Serialize;

use crate::passenger_list::remark::Head;

/// What kind of contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactKind {
    /// CTCM.
    Mobile,
    /// CTCE.
    Email,
    /// CTCR: the passenger refused to give any. Not a consent to anything.
    Refused,
    /// CTCH, CTCB, CTCT, CTCP, CTCF: home, business, agency, phone, fax.
    Other,
}

/// A contact remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact<'a> {
    /// What kind.
    pub kind: ContactKind,
    /// `CTCM`.
    pub code: &'a str,
    /// Phone digits as sent, or the address with `//`, `..`, `./` read as `@`, `_`, `-`.
    pub value: Cow<'a, str>,
    /// `CN` of `…/CN`: the language to write in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'a str>,
}

pub(super) fn read<'a>(head: &Head<'a>) -> Contact<'a> {
    let kind = match head.code {
        "CTCM" => ContactKind::Mobile,
        "CTCE" => ContactKind::Email,
        "CTCR" => ContactKind::Refused,
        _ => ContactKind::Other,
    };
    let text = head.rest.trim_ascii().trim_start_matches('/');
    let (text, language) = match text.rsplit_once('/') {
        Some((before, language))
            if language.len() == 2
                && language.bytes().all(|byte| byte.is_ascii_uppercase())
                && !before.ends_with(['/', '.']) =>
        {
            (before, Some(language))
        }
        _ => (text, None),
    };
    let value = if kind == ContactKind::Email { decode(text) } else { Cow::Borrowed(text) };
    Contact { kind, code: head.code, value, language }
}

/// Type B has no `@`, `_` and `-` of its own that every network carries.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains("//") && !text.contains("..") && !text.contains("./") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (char, length) = match rest.as_bytes() {
            [b'/', b'/', ..] => ('@', 2),
            [b'.', b'.', ..] => ('_', 2),
            [b'.', b'/', ..] => ('-', 2),
            _ => (first, first.len_utf8()),
        };
        out.push(char);
        rest = rest.get(length..).unwrap_or_default();
    }
    Cow::Owned(out)
}
