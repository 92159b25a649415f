//! Whose remark it is: `-1SURNAME/GIVEN` at its end, or the name inside a document.

use crate::passenger_list::element::Whom;
use crate::passenger_list::model::Passenger;
use crate::passenger_list::name::split_title;

/// Passengers of one name element that a reference can tell apart.
const MOST: usize = 64;

/// A reference found at the end of a remark.
pub(super) struct Reference {
    /// Byte at which it begins.
    pub(super) at: usize,
    /// None: the name is not in the element.
    pub(super) whom: Option<Whom>,
}

/// Looks for `-1SURNAME/GIVEN/GIVEN` at the end of `text`, the count optional.
#[inline]
pub(super) fn find(text: &str, surname: &str, passengers: &[Passenger<'_>]) -> Option<Reference> {
    let bytes = text.as_bytes();
    // Names end with a letter: most remarks end with a figure.
    if bytes.last().is_none_or(u8::is_ascii_digit) {
        return None;
    }
    let mut end = bytes.len();
    // Surnames may hold hyphens, so the last hyphen is not always the one.
    for _ in 0..8 {
        let at = memchr::memrchr(b'-', bytes.get(..end)?)?;
        let tail = text.get(at + 1..)?;
        let digits = tail.bytes().take(3).take_while(u8::is_ascii_digit).count();
        let after = tail.get(digits..)?.trim_ascii_end();
        if let Some(givens) = after.strip_prefix(surname)
            && (givens.is_empty() || givens.starts_with('/'))
            && (digits > 0 || !givens.is_empty())
            && !surname.is_empty()
        {
            let givens = givens.get(1..).unwrap_or_default();
            return Some(Reference { at, whom: whom(givens, passengers) });
        }
        if digits > 0 && looks_like_reference(after) && end == bytes.len() {
            return Some(Reference { at, whom: None });
        }
        end = at;
    }
    None
}

/// `OTHER/NAME` behind a count: a reference, though to nobody here.
fn looks_like_reference(text: &str) -> bool {
    let letters = |part: &str| part.chars().all(|char| char.is_uppercase() || char == ' ');
    text.split_once('/').is_some_and(|(surname, given)| {
        surname.chars().count() >= 2 && letters(surname) && !given.is_empty() && letters(given)
    })
}

fn whom(givens: &str, passengers: &[Passenger<'_>]) -> Option<Whom> {
    if passengers.len() == 1 {
        return Some(Whom::One(0));
    }
    let mut bits: u64 = 0;
    for given in givens.split('/') {
        let place = place(given.trim_ascii(), passengers, bits)?;
        bits |= 1 << place;
    }
    Some(match bits.count_ones() {
        1 => Whom::One(u16::try_from(bits.trailing_zeros()).unwrap_or_default()),
        _ => Whom::Several(bits),
    })
}

/// The passenger of that given name who is not taken yet: as sent, else by letters alone, else without
/// title.
fn place(given: &str, passengers: &[Passenger<'_>], taken: u64) -> Option<usize> {
    let free = |at: usize| taken >> at & 1 == 0;
    let all = || passengers.iter().take(MOST).enumerate().filter(|(at, _)| free(*at));
    let exact = all().find(|(_, passenger)| passenger.sent == given);
    let letters = || all().find(|(_, passenger)| same_letters(passenger.sent, given));
    let untitled = || {
        let bare = split_title(given).0;
        all().find(|(_, passenger)| same_letters(passenger.given, bare))
    };
    exact.or_else(letters).or_else(untitled).map(|(at, _)| at)
}

fn same_letters(one: &str, other: &str) -> bool {
    let plain = |char: &char| char.is_alphabetic();
    one.chars().filter(plain).eq(other.chars().filter(plain))
}

/// The one passenger whose given name a document states.
pub(super) fn by_given(given: &str, passengers: &[Passenger<'_>]) -> Option<Whom> {
    let given = split_title(given).0;
    if given.is_empty() {
        return None;
    }
    let mut found = passengers.iter().take(MOST).enumerate();
    let mut found = found.by_ref().filter(|(_, passenger)| same_letters(passenger.given, given));
    let (at, _) = found.next()?;
    found.next().is_none().then(|| Whom::One(u16::try_from(at).unwrap_or_default()))
}
