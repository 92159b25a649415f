//! Reads the text of a request by its code.

use super::details::{
    Address, Details, Document, Identity, Infant, Membership, Sex, TicketCoupon, Visa,
};
use super::{Contact, contact};
use crate::when::{Day, DayMonth};

/// Reads the text behind the code, status and airline of a request: what stands after `HK1`.
/// None if the code has no known grammar, or the text does not follow it.
#[must_use]
pub fn read<'t>(code: &str, text: &'t str) -> Option<Details<'t>> {
    let text = text.trim();
    match code {
        "DOCS" => document(text).map(Details::Document),
        "PSPT" => passport(text).map(Details::Document),
        "DOCA" => Some(Details::Address(address(text))).filter(|_| !text.is_empty()),
        "DOCO" => Some(Details::Visa(visa(text))).filter(|_| !text.is_empty()),
        "TKNE" | "TKNA" | "TKNM" | "TKNC" => ticket_in(text).map(Details::Ticket),
        "FQTV" | "FQTR" | "FQTU" | "FQTS" => membership(text).map(Details::Membership),
        "INFT" | "INF" => infant(text).map(Details::Infant),
        "CHLD" | "CHD" => {
            find_day(text).map(|(at, end)| Details::Child(text.get(at..end).unwrap_or_default()))
        }
        "FOID" => identity(text).map(Details::Identity),
        "CLID" => Some(Details::Company(text)).filter(|_| !text.is_empty()),
        _ => {
            let kind = code.strip_prefix("CTC").and_then(|kind| kind.chars().next())?;
            let read: Option<Contact<'t>> = contact::read(kind, text);
            read.map(Details::Contact)
        }
    }
}

/// Slashed fields; a leading slash is no field.
fn fields(text: &str) -> impl Iterator<Item = &str> {
    text.strip_prefix('/').unwrap_or(text).split('/').map(str::trim)
}

fn document(text: &str) -> Option<Document<'_>> {
    let mut of = fields(text);
    let mut next = || of.next().unwrap_or_default();
    let (kind, issued_by, number, nationality) = (next(), next(), next(), next());
    let (born, sex, expires) = (next(), next(), next());
    let (surname, given, middle, holder) = (next(), next(), next(), next());
    let infant = sex.len() == 2 && sex.ends_with('I');
    let sex = match sex.bytes().next() {
        Some(b'M') => Some(Sex::Male),
        Some(b'F') => Some(Sex::Female),
        Some(b'U') => Some(Sex::Undisclosed),
        Some(b'X') => Some(Sex::Unspecified),
        _ => None,
    };
    // `…/GIVEN/H`: the holder's mark in the place of a second name.
    let early = middle == "H" && holder.is_empty();
    let (middle, holder) = if early { ("", true) } else { (middle, holder == "H") };
    let read = Document {
        kind,
        issued_by,
        number,
        nationality,
        born,
        sex,
        infant,
        expires,
        surname,
        given,
        middle,
        holder,
    };
    (read != Document::default()).then_some(read)
}

/// `GB123456789/GB/12JUL64/SURNAME/GIVEN/M`: number, nationality, birth, names, sex.
fn passport(text: &str) -> Option<Document<'_>> {
    let mut of = fields(text);
    let number = of.next().filter(|number| !number.is_empty())?;
    let mut next = || of.next().unwrap_or_default();
    let (nationality, born, surname, given, sex) = (next(), next(), next(), next(), next());
    let sex = match sex {
        "M" | "MI" => Some(Sex::Male),
        "F" | "FI" => Some(Sex::Female),
        _ => None,
    };
    Some(Document {
        kind: "P",
        number,
        nationality,
        born,
        sex,
        surname,
        given,
        ..Document::default()
    })
}

fn address(text: &str) -> Address<'_> {
    let mut of = fields(text);
    let mut next = || of.next().unwrap_or_default();
    Address {
        kind: next(),
        country: next(),
        street: next(),
        city: next(),
        state: next(),
        postal_code: next(),
    }
}

fn visa(text: &str) -> Visa<'_> {
    // The birth place comes first and may be empty: here the leading slash is no field either.
    let mut of = fields(text);
    let mut next = || of.next().unwrap_or_default();
    let first = next();
    let only_kind = matches!(first, "V" | "K" | "R");
    let (birth_place, kind) = if only_kind { ("", first) } else { (first, next()) };
    Visa { birth_place, kind, number: next(), issued_at: next(), issued: next(), country: next() }
}

/// A ticket number and its coupon anywhere in a text: `2982425696898/1`, `1392178947000C2`,
/// `INF2986145134263/2`, `.2051234567890C1`, `DMEKVD0711L02JUN-1A/B.66100475304`.
#[must_use]
pub fn ticket_in(text: &str) -> Option<TicketCoupon> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut best: Option<(usize, usize)> = None;
    while at < bytes.len() {
        let digits = bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
        if (10..=14).contains(&digits) {
            best = Some((at, at + digits));
            break;
        }
        at += digits.max(1);
    }
    let (from, to) = best?;
    let digits = text.get(from..to)?;
    // Fourteen digits end with a check digit. Eleven are ten of a number behind a form digit.
    let number = if digits.len() == 14 { digits.get(..13)? } else { digits };
    let after = text.get(to..)?;
    let mark = after.trim_start_matches([' ', '/']).trim_start_matches('C');
    let coupon = mark.bytes().next().filter(|_| mark.len() < after.len());
    let single = mark.as_bytes().get(1).is_none_or(|next| !next.is_ascii_digit());
    let coupon = coupon.filter(|byte| (b'1'..=b'4').contains(byte) && single);
    let infant = text.get(..from)?.trim_end().ends_with("INF");
    Some(TicketCoupon { number: number.to_owned(), coupon: coupon.map(|byte| byte - b'0'), infant })
}

/// `UT 1000883411`, `SQ8794285757 S/KFES`, `/CA000123456789`.
fn membership(text: &str) -> Option<Membership<'_>> {
    let text = text.trim_start_matches(['/', ' ', '.']);
    let airline = text.get(..2)?;
    let bytes = airline.as_bytes();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    if letters == 0 || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let rest = text.get(2..)?.trim_start_matches([' ', '/']);
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).take(25).count();
    let number = rest.get(..length).filter(|number| number.len() >= 2)?;
    let number = number.strip_prefix(airline).filter(|bare| bare.len() >= 5).unwrap_or(number);
    let rest = rest.get(length..)?.trim_start_matches(['-', '/', ' ']);
    Some(Membership { airline, number, rest })
}

/// `22AUG19 AKOPOVA/OLIVIIA`, `SIDOROVA/INFANTA 10OCT10`, `BELT/SOPHY 20SEP12`,
/// `TESTONE/TESTTWO/10AUG11`.
fn infant(text: &str) -> Option<Infant<'_>> {
    let (born, before, after) = match find_day(text) {
        Some((at, end)) => (text.get(at..end)?, text.get(..at)?, text.get(end..)?),
        None => ("", text, ""),
    };
    let named = !before.trim_matches(['/', ' ']).is_empty();
    let name = if named { before } else { after }.trim_matches(['/', ' ', '.']);
    // A name reference may follow: `-1SIDOROV/IVAN MR`.
    let name = name.split_once("-1").map_or(name, |(name, _)| name);
    let (surname, given) = name.split_once('/').unwrap_or((name, ""));
    let surname = surname.trim_start_matches(|sign: char| sign.is_ascii_digit()).trim();
    (!surname.is_empty()).then_some(Infant { surname, given: given.trim(), born })
}

/// The first `22AUG19` or `22AUG2019` that is no part of a longer word.
fn find_day(text: &str) -> Option<(usize, usize)> {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let word = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
    (0..text.len().min(1_000)).find_map(|at| {
        let begins = at.checked_sub(1).is_none_or(|before| !word(before));
        DayMonth::read(text.get(at..at + 5)?).filter(|_| begins)?;
        let years = (at + 5..at + 9).take_while(|at| digit(*at)).count();
        let length = if years == 4 { 9 } else { 7 };
        (matches!(years, 2 | 4) && !word(at + length)).then_some((at, at + length))
    })
}

/// `PP0306355301`, `/NI110105…`, `/5102938475610293`.
fn identity(text: &str) -> Option<Identity<'_>> {
    const KINDS: [&str; 9] = ["PP", "NI", "FF", "CC", "DL", "ID", "TN", "CN", "BC"];
    let text = text.trim_start_matches(['/', ' ', '.']);
    let known = text.get(..2).filter(|kind| KINDS.contains(kind));
    let (kind, rest) = known.map_or(("", text), |kind| (kind, text.get(2..).unwrap_or_default()));
    let number = rest.trim_start_matches(['/', ' ', '-']);
    let number = number.split_once('-').map_or(number, |(number, _)| number).trim();
    let number = if kind == "CC" { "" } else { number };
    (!number.is_empty() || kind == "CC").then_some(Identity { kind, number })
}

/// A birth as messages write it (`20SEP12`, `20SEP2012`): the last such day not after `today`, for
/// nobody is born in future. People above 99 need the four-digit year.
#[must_use]
pub fn born_on(text: &str, today: Day) -> Option<Day> {
    let of = DayMonth::read(text.get(..5)?)?;
    let year = text.get(5..)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let given: i32 = year.parse().ok()?;
    match year.len() {
        4 => Day::new(given, of.month, of.day),
        2 => {
            let century = today.year.div_euclid(100) * 100;
            let days = [century, century - 100].into_iter();
            days.filter_map(|base| Day::new(base + given, of.month, of.day))
                .find(|day| *day <= today)
        }
        _ => None,
    }
}
