//! Onward, inbound and marketing flights: `CA981J22PEKJFK1300`, `SQ1234W28ATHNRT23251800/1HK`.

use serde::Serialize;

use crate::flight::FlightDesignator;
use crate::when::{TimeOfDay, month, number};

/// The airports of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Airports<'a> {
    /// From, to.
    Both(&'a str, &'a str),
    /// Only one was sent: where an onward flight goes, or where an inbound flight comes from.
    One(&'a str),
}

/// A flight a passenger comes from, goes on with, or bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Connection<'a> {
    /// Airline, number, suffix.
    pub flight: FlightDesignator<'a>,
    /// Booking class on it.
    pub class: &'a str,
    /// Day of the month, local.
    pub day: u8,
    /// Month, if it was sent (`22NOV`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// Where.
    pub airports: Airports<'a>,
    /// The first time sent: departure of an onward flight, arrival of an inbound one, local.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
    /// The second time sent: arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives: Option<TimeOfDay>,
    /// Days between departure and arrival: `/1` or `/M1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variation: Option<i8>,
    /// `HK` and the like.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub status: &'a str,
}

impl<'a> Connection<'a> {
    /// Reads all of `text`.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (airline, rest) = airline(text)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=5).contains(&digits) {
            return None;
        }
        let (figures, rest) = rest.split_at_checked(digits)?;
        let flight = |suffix| FlightDesignator {
            airline,
            number: figures.parse().unwrap_or_default(),
            suffix,
        };
        let (one, after_one) = letter(rest)?;
        // One letter before the day is the class, two are suffix and class.
        let (suffix, class, rest) = match letter(after_one) {
            None => (None, one, after_one),
            Some((two, after_two)) => (one.chars().next(), two, after_two),
        };
        let (day, rest) = rest.split_at_checked(2)?;
        let day = number(day).filter(|day| (1..=31).contains(day))?;
        let (month, rest) = month_before_airports(rest);
        let (airports, rest) = airports(rest)?;
        let (times, rest) = times(rest);
        let (variation, status) = variation(rest)?;
        Some(Self {
            flight: flight(suffix),
            class,
            day,
            month,
            airports,
            time: times.0,
            arrives: times.1,
            variation,
            status,
        })
    }
}

/// Two characters if the third is a digit, three letters otherwise. Cyrillic ones occur.
fn airline(text: &str) -> Option<(&str, &str)> {
    let mut places = text.char_indices();
    let second = places.nth(1)?;
    let third = places.next()?;
    let cut = if third.1.is_ascii_digit() { third.0 } else { places.next()?.0 };
    let (airline, rest) = text.split_at_checked(cut)?;
    let plain = airline.chars().all(char::is_alphanumeric) && second.1 != '/';
    plain.then_some((airline, rest))
}

fn letter(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next().filter(|char| char.is_alphabetic() || *char == '?')?;
    text.split_at_checked(first.len_utf8())
}

/// `NOV` before two airports is a month; `NOV` before nothing is Huambo.
fn month_before_airports(text: &str) -> (Option<u8>, &str) {
    let letters = text.chars().take_while(|char| char.is_alphabetic()).count();
    let found = if letters >= 9 { text.get(..3).and_then(month) } else { None };
    (found, if found.is_some() { text.get(3..).unwrap_or_default() } else { text })
}

fn airports(text: &str) -> Option<(Airports<'_>, &str)> {
    let (from, rest) = three(text)?;
    // `AERHK`: an airport and a status, not two airports.
    match three(rest) {
        Some((to, rest)) => Some((Airports::Both(from, to), rest)),
        None => Some((Airports::One(from), rest)),
    }
}

pub(crate) fn three(text: &str) -> Option<(&str, &str)> {
    if text.is_ascii() {
        let bytes = text.as_bytes().get(..3)?;
        return bytes.iter().all(u8::is_ascii_uppercase).then(|| text.split_at_checked(3))?;
    }
    let end = text.char_indices().nth(3).map_or(text.len(), |(at, _)| at);
    let (code, rest) = text.split_at_checked(end)?;
    (code.chars().count() == 3 && code.chars().all(char::is_alphabetic)).then_some((code, rest))
}

fn times(text: &str) -> ((Option<TimeOfDay>, Option<TimeOfDay>), &str) {
    let one = |text: &str| text.get(..4).and_then(TimeOfDay::read);
    let Some(first) = one(text) else { return ((None, None), text) };
    let rest = text.get(4..).unwrap_or_default();
    match one(rest) {
        Some(second) => ((Some(first), Some(second)), rest.get(4..).unwrap_or_default()),
        None => ((Some(first), None), rest),
    }
}

fn variation(text: &str) -> Option<(Option<i8>, &str)> {
    let Some(rest) = text.strip_prefix('/') else {
        let status = text.trim_ascii();
        return (status.chars().count() <= 4).then_some((None, status));
    };
    let (sign, rest) = rest.strip_prefix('M').map_or((1, rest), |rest| (-1, rest));
    let digit = rest.bytes().next().filter(u8::is_ascii_digit)?;
    let days = i8::try_from(digit - b'0').ok()? * sign;
    Some((Some(days), rest.get(1..)?.trim_start_matches('/').trim_ascii()))
}
