//! Remarks: what the code of a special service request says.

use serde::Serialize;

use crate::passenger_list::contact::{self, Contact};
use crate::passenger_list::document::{self, Address, Document, Identity, ShortDate, Visa};
use crate::passenger_list::element::Complain;
use crate::passenger_list::rules;
use crate::passenger_list::seat;
use crate::passenger_list::ticket::{self, Ticket};

/// The beginning that remarks share: `TKNE HK1 …`, `DOCS CA HK1/…`, `FOID PP…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// `TKNE`.
    pub code: &'a str,
    /// `CA`, if it stands before a status.
    pub airline: Option<&'a str>,
    /// `HK`.
    pub status: Option<&'a str>,
    /// `1` of `HK1`.
    pub count: Option<u16>,
    /// What follows one blank or slash.
    pub rest: &'a str,
}

impl<'a> Head<'a> {
    /// Reads the beginning of a remark's text.
    #[must_use]
    pub fn read(text: &'a str) -> Self {
        // `TKNE HK1 …`, `DOCS HK1/…`: what most remarks begin with.
        if let [_, _, _, b'A'..=b'Z', b' ', b'H', b'K', b'1', b' ' | b'/', next, ..] =
            text.as_bytes()
            && *next != b' '
            && let (Some(code), Some(status), Some(rest)) =
                (text.get(..4), text.get(5..7), text.get(9..))
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Self { code, airline: None, status: Some(status), count: Some(1), rest };
        }
        let text = text.trim_ascii_start();
        let (code, after) = word(text);
        let none = Self { code, airline: None, status: None, count: None, rest: after };
        if let Some((status, count, rest)) = status(after) {
            return Self { status: Some(status), count, rest, ..none };
        }
        let (first, behind) = word(after);
        let airline = (2..=3).contains(&first.len())
            && after.as_bytes().get(first.len()) == Some(&b' ')
            && first.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match status(behind).filter(|_| airline) {
            Some((status, count, rest)) => {
                Self { airline: Some(first), status: Some(status), count, rest, ..none }
            }
            None => none,
        }
    }
}

/// The word up to a blank or slash, and what follows: one slash is skipped, or all blanks.
#[inline]
fn word(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| matches!(byte, b' ' | b'/')).unwrap_or(text.len());
    (text.get(..end).unwrap_or_default(), after_separator(text, end))
}

#[inline]
fn after_separator(text: &str, end: usize) -> &str {
    let bytes = text.as_bytes();
    let mut begins = end;
    if bytes.get(end) == Some(&b'/') {
        begins += 1;
    } else {
        while bytes.get(begins) == Some(&b' ') {
            begins += 1;
        }
    }
    text.get(begins..).unwrap_or_default()
}

/// `HK1 …` or `HK1/…`; `HK/…` without a number.
#[inline]
fn status(text: &str) -> Option<(&str, Option<u16>, &str)> {
    let (letters, figures) = text.as_bytes().split_at_checked(2)?;
    if !letters.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    let value = |digit: u8| u16::from(digit - b'0');
    let (count, length) = match *figures {
        [a @ b'0'..=b'9'] | [a @ b'0'..=b'9', b' ' | b'/', ..] => (Some(value(a)), 1),
        [a @ b'0'..=b'9', b @ b'0'..=b'9']
        | [a @ b'0'..=b'9', b @ b'0'..=b'9', b' ' | b'/', ..] => {
            (Some(value(a) * 10 + value(b)), 2)
        }
        [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9']
        | [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ' | b'/', ..] => {
            (Some(value(a) * 100 + value(b) * 10 + value(c)), 3)
        }
        [b'/', ..] if matches!(letters, b"HK" | b"HN" | b"KK" | b"NN" | b"TK" | b"KN") => (None, 0),
        _ => return None,
    };
    Some((text.get(..2)?, count, after_separator(text, 2 + length)))
}

/// FQTV, FQTR, FQTU, FQTS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FrequentFlyer<'a> {
    /// `FQTV` earns, `FQTR` redeems, `FQTU` is an upgrade, `FQTS` asks for a service.
    pub code: &'a str,
    /// Whose programme; empty if it was not sent.
    pub airline: &'a str,
    /// Up to 25 letters and digits; empty if it was not sent.
    pub number: &'a str,
    /// What follows the number: a tier, a booking class.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub extra: &'a str,
}

/// An infant in arms: INFT or INF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InfantRemark<'a> {
    /// Empty if it was not sent.
    pub surname: &'a str,
    /// Without title.
    pub given: &'a str,
    /// Birth date.
    pub born: Option<ShortDate<'a>>,
}

/// A special service or other remark whose text has no type of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceRequest<'a> {
    /// `VGML`, `WCHR`, `OTHS`, or whatever the first word is.
    pub code: &'a str,
    /// `HK`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'a str>,
    /// `1` of `HK1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u16>,
    /// The rest, word for word.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub text: &'a str,
}

/// `ASVC HI1 C/08A//PRIORITY BOARDING/A/9992345678901C2`: an ancillary service with its EMD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ancillary<'a> {
    /// `HI`.
    pub status: Option<&'a str>,
    /// Reason for issuance: A air transport, C baggage, D financial, G in flight, …
    pub reason: &'a str,
    /// Its sub-code, three characters.
    pub sub_code: &'a str,
    /// The SSR it comes with.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub ssr: &'a str,
    /// Commercial name.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: &'a str,
    /// A associated with a flight coupon, S stand-alone.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub kind: &'a str,
    /// The EMD.
    pub number: Option<ticket::TicketNumber>,
    /// Its coupon.
    pub coupon: Option<u8>,
}

/// What a remark says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Remark<'a> {
    /// TKNE, TKNA, TKNM.
    Ticket(Ticket<'a>),
    /// FQTV, FQTR, FQTU, FQTS.
    FrequentFlyer(FrequentFlyer<'a>),
    /// OTHS … FQTSTATUS: the tier when the booking was made.
    Tier {
        /// As sent.
        level: &'a str,
    },
    /// DOCS and PSPT.
    Document(Document<'a>),
    /// DOCA.
    Address(Address<'a>),
    /// DOCO.
    Visa(Visa<'a>),
    /// FOID.
    Identity(Identity<'a>),
    /// INFT and INF.
    Infant(InfantRemark<'a>),
    /// CHLD and CHD.
    Child {
        /// Birth date, if it was sent.
        born: Option<ShortDate<'a>>,
    },
    /// SEAT and its kin; its seats are in the text.
    Seat {
        /// `SEAT`, `NSST`, `RQST`, …
        code: &'a str,
        /// `14B`, `14A 14B`.
        text: &'a str,
    },
    /// ASVC.
    Ancillary(Ancillary<'a>),
    /// CTCM, CTCE, CTCR and other contacts.
    Contact(Contact<'a>),
    /// CHKD: checked in.
    CheckIn {
        /// Sequence number at check-in.
        sequence: Option<u16>,
        /// It is the infant's.
        infant: bool,
    },
    /// Any other.
    Service(ServiceRequest<'a>),
}

/// Reads a remark's text (without `.R/` and cross-reference).
pub(crate) fn read<'a>(text: &'a str, complain: Complain<'_, 'a>) -> Remark<'a> {
    let head = Head::read(text);
    match &padded(head.code) {
        b"TKNE" | b"TKNA" | b"TKNM" => Remark::Ticket(ticket::read(&head, complain)),
        b"FQTV" | b"FQTR" | b"FQTU" | b"FQTS" => {
            Remark::FrequentFlyer(frequent_flyer(&head, complain))
        }
        b"DOCS" => Remark::Document(document::docs(head.rest, complain)),
        b"PSPT" => Remark::Document(document::pspt(head.rest, complain)),
        b"DOCA" => Remark::Address(document::doca(head.rest)),
        b"DOCO" => Remark::Visa(document::doco(head.rest, complain)),
        b"FOID" => Remark::Identity(document::foid(head.rest, complain)),
        b"INFT" | b"INF " => Remark::Infant(infant(head.rest, complain)),
        b"CHLD" | b"CHD " => Remark::Child { born: birth(head.rest, complain) },
        b"SEAT" | b"NSST" | b"NSSA" | b"NSSB" | b"NSSW" | b"SMST" | b"SMSA" | b"SMSB" | b"SMSW"
        | b"RQST" => seat::read(&head, complain),
        b"CTCM" | b"CTCE" | b"CTCR" | b"CTCT" | b"CTCH" | b"CTCB" | b"CTCP" | b"CTCF" => {
            Remark::Contact(contact::read(&head))
        }
        b"CHKD" => check_in(&head, complain),
        b"ASVC" => Remark::Ancillary(ancillary(&head, complain)),
        b"OTHS" if head.rest.starts_with("FQTSTATUS") => {
            let level = head.rest.strip_prefix("FQTSTATUS").unwrap_or_default();
            Remark::Tier { level: level.trim_matches([' ', '/']) }
        }
        _ => counted(head.code, &head, complain),
    }
}

/// A code of three or four letters as four bytes, which compare faster than text; blanks if it is
/// anything else.
fn padded(code: &str) -> [u8; 4] {
    match *code.as_bytes() {
        [a, b, c, d] => [a, b, c, d],
        [a, b, c] => [a, b, c, b' '],
        _ => *b"    ",
    }
}

/// The fields between slashes, one after the other, blanks off; empty ones when there are no more.
pub(super) struct Slots<'a>(&'a str);

impl<'a> Slots<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self(text)
    }

    #[inline]
    pub(super) fn next(&mut self) -> &'a str {
        let end = self.0.bytes().position(|byte| byte == b'/').unwrap_or(self.0.len());
        let (slot, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest.get(1..).unwrap_or_default();
        slot.trim_ascii()
    }
}

/// `2CHD`, `1INF LI/LELE`, or a service.
fn counted<'a>(code: &'a str, head: &Head<'a>, complain: Complain<'_, 'a>) -> Remark<'a> {
    match code.trim_start_matches(|char: char| char.is_ascii_digit()) {
        "CHD" | "CHLD" => Remark::Child { born: birth(head.rest, complain) },
        "INF" | "INFT" => Remark::Infant(infant(head.rest, complain)),
        _ => Remark::Service(ServiceRequest {
            code,
            status: head.status,
            count: head.count,
            text: head.rest,
        }),
    }
}

fn frequent_flyer<'a>(head: &Head<'a>, complain: Complain<'_, 'a>) -> FrequentFlyer<'a> {
    let code = head.code;
    let (first, rest) = word(head.rest);
    let separate = (2..=3).contains(&first.len()) && !rest.is_empty();
    let (airline, from) = match first.split_at_checked(2) {
        _ if separate => (first, rest),
        // `CA009812345678`, but not `009812345678`.
        Some((airline, _)) if is_airline(airline) && first.len() >= 6 => {
            (airline, head.rest.get(2..).unwrap_or_default())
        }
        _ => (head.airline.unwrap_or_default(), head.rest),
    };
    let from = from.trim_ascii_start();
    let from = from.strip_prefix('-').unwrap_or(from);
    let length = from.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let number = from.get(..length).unwrap_or_default();
    let extra = from.get(length..).unwrap_or_default();
    let extra = if extra.is_empty() { "" } else { extra.trim_matches([' ', '/', '-']) };
    if airline.is_empty() || number.is_empty() || length > 25 {
        complain(rules::BAD_FREQUENT_FLYER, head.rest);
    }
    FrequentFlyer { code, airline, number, extra }
}

fn is_airline(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// `22AUG19 AKOPOVA/OLIVIIA`, `LI/LELE 05MAY25`, `LI/LELE/05MAY25`, `/05MAY25 LI/LELE`.
fn infant<'a>(rest: &'a str, complain: Complain<'_, 'a>) -> InfantRemark<'a> {
    let mut born = None;
    let mut name = rest.trim_matches([' ', '/']);
    let date = |text: &'a str| ShortDate::read(text.trim());
    if let Some((first, after)) = name.split_once([' ', '/'])
        && let Some(day) = date(first)
    {
        (born, name) = (Some(day), after);
    } else if let Some((before, last)) = name.rsplit_once([' ', '/'])
        && let Some(day) = date(last)
    {
        (born, name) = (Some(day), before);
    } else if let Some(day) = date(name) {
        (born, name) = (Some(day), "");
    }
    let (surname, given) = name.trim_matches([' ', '/']).split_once('/').unwrap_or((name, ""));
    if born.is_none() || surname.is_empty() {
        complain(rules::BAD_INFANT, rest);
    }
    let (given, _) = crate::passenger_list::name::split_title(given.trim());
    InfantRemark { surname: surname.trim(), given, born }
}

fn birth<'a>(rest: &'a str, complain: Complain<'_, 'a>) -> Option<ShortDate<'a>> {
    let mut words = rest.split([' ', '/']);
    let born = words.find_map(ShortDate::read);
    let looks_dated = rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if born.is_none() && looks_dated {
        complain(rules::BAD_BIRTH_DATE, rest);
    }
    born
}

fn check_in<'a>(head: &Head<'a>, complain: Complain<'_, 'a>) -> Remark<'a> {
    let mut words = head.rest.split([' ', '/']).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let sequence = first.trim_end_matches('I').parse().ok();
    if sequence.is_none() {
        complain(rules::BAD_CHECK_IN, head.rest);
    }
    Remark::CheckIn { sequence, infant: first.ends_with('I') || words.next() == Some("I") }
}

fn ancillary<'a>(head: &Head<'a>, complain: Complain<'_, 'a>) -> Ancillary<'a> {
    let mut slots = Slots::of(head.rest);
    let mut slot = || slots.next();
    let (reason, sub_code, ssr, name, kind, last) =
        (slot(), slot(), slot(), slot(), slot(), slot());
    let emd = ticket::TicketNumber::read_start(last);
    if (emd.is_none() && !last.is_empty()) || reason.chars().count() > 1 {
        complain(rules::BAD_ANCILLARY, head.rest);
    }
    let coupon = emd.and_then(|(_, rest)| rest.strip_prefix('C').or(rest.strip_prefix('/')));
    Ancillary {
        status: head.status,
        reason,
        sub_code,
        ssr,
        name,
        kind,
        number: emd.map(|(number, _)| number),
        coupon: coupon.and_then(|digit| digit.parse().ok()),
    }
}
