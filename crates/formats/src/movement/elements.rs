//! The elements of one line, one after another.

use super::model::{Estimate, Figure, Passengers, Stamp};
use crate::flight::Airport;
use crate::scan::{capital_code, leading_digits, number, supplementary, word};

/// One element and the text it was read from.
pub(super) struct Found<'t> {
    pub at: &'t str,
    pub element: Element<'t>,
}

/// Both times of an element that has two. A part that is there but unreadable is `Err`.
pub(super) type Pair = (Option<Result<Stamp, ()>>, Option<Result<Stamp, ()>>);

pub(super) enum Element<'t> {
    Departure(Pair),
    Arrival(Pair),
    ReturnFromAirborne(Pair),
    EstimatedArrival(Estimate),
    EstimatedDeparture(Stamp),
    NextInformation(Stamp),
    EstimatedTakeOff(Stamp),
    EstimatedOnBlock(Stamp),
    ReturnToRamp(Stamp),
    LegDay(u8),
    Delays(&'t str),
    ExtendedDelays(&'t str),
    SubCodes(&'t str),
    Passengers(Passengers, bool),
    Infants(u32),
    DiversionReason(&'t str),
    Figure(Figure<'t>),
    Supplementary(&'t str),
    Bad,
    Unknown,
}

impl Element<'_> {
    /// Understood to the last character.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Bad | Self::Unknown => false,
            Self::Departure(pair) | Self::Arrival(pair) | Self::ReturnFromAirborne(pair) => {
                !matches!(pair.0, Some(Err(()))) && !matches!(pair.1, Some(Err(())))
            }
            Self::Passengers(_, sound) => *sound,
            _ => true,
        }
    }
}

const KEYWORDS: [&str; 16] = [
    "EDL", "DLA", "FLD", "INF", "AD", "AA", "FR", "EA", "ED", "NI", "EO", "EB", "RR", "DL", "PX",
    "DR",
];

/// `DLAL/0010` is DL with the code AL: sub-codes of DLA are longer.
fn is_keyword(token: &str, keyword: &str) -> bool {
    token.strip_prefix(keyword).is_some_and(|rest| {
        keyword != "DLA" || rest.split('/').next().is_none_or(|first| first.len() != 1)
    })
}

const FIGURES: [&str; 10] = ["TOF", "ZFW", "TOW", "LAW", "LDW", "TXF", "TIF", "FOB", "CRT", "MAP"];

/// Elements of `line`, in order.
pub(super) struct Elements<'t> {
    line: &'t str,
}

impl<'t> Elements<'t> {
    pub const fn of(line: &'t str) -> Self {
        Self { line }
    }
}

impl<'t> Iterator for Elements<'t> {
    type Item = Found<'t>;

    fn next(&mut self) -> Option<Found<'t>> {
        let start = self.line.trim_start();
        if start.is_empty() {
            return None;
        }
        if let Some(text) = supplementary(start) {
            self.line = "";
            return Some(Found { at: start, element: Element::Supplementary(text) });
        }
        let (token, rest) = word(start);
        let known = KEYWORDS.iter().find(|keyword| is_keyword(token, keyword));
        let Some(keyword) = known.copied() else {
            // `TOW 569000`.
            let (next, after) = word(rest);
            let spaced = FIGURES.iter().find(|name| **name == token).and(number(next));
            if let Some(value) = spaced {
                self.line = after;
                let at = start.get(..start.len() - after.len()).unwrap_or(start).trim_end();
                return Some(Found { at, element: Element::Figure(Figure { name: token, value }) });
            }
            self.line = rest;
            return Some(Found { at: token, element: figure(token) });
        };
        let mut value = token.get(keyword.len()..).unwrap_or_default();
        let mut rest = rest;
        let (next, after) = word(rest);
        let digits = next.starts_with(|ch: char| ch.is_ascii_digit() || ch == '/');
        // `DL AL/0015`, `DR 71`.
        let listed =
            matches!(keyword, "DL" | "EDL") && next.contains('/') && delays(next).is_some();
        if value.is_empty() && (digits || listed) {
            (value, rest) = (next, after);
        }
        let value = value.trim_end_matches(['=', ',', ';', '.']);
        let (value, day) = apart(keyword, value, &mut rest);
        let element = on_day(self.element(keyword, value, &mut rest), day);
        let used = start.len() - rest.len();
        self.line = rest;
        Some(Found { at: start.get(..used).unwrap_or(start).trim_end(), element })
    }
}

impl<'t> Elements<'t> {
    fn element(&self, keyword: &str, value: &'t str, rest: &mut &'t str) -> Element<'t> {
        let alone = value.trim_start_matches('/');
        let single = |make: fn(Stamp) -> Element<'t>| Stamp::read(alone).map(make);
        let read = match keyword {
            "AD" => pair(value).map(Element::Departure),
            "AA" => pair(value).map(Element::Arrival),
            "FR" => pair(value).map(Element::ReturnFromAirborne),
            "EA" => estimate(value, rest).map(Element::EstimatedArrival),
            "ED" => single(Element::EstimatedDeparture),
            "NI" => single(Element::NextInformation),
            "EO" => single(Element::EstimatedTakeOff),
            "EB" => single(Element::EstimatedOnBlock),
            "RR" => single(Element::ReturnToRamp),
            "FLD" => leg_day(value).map(Element::LegDay),
            "DL" => delays(value).map(Element::Delays),
            "EDL" => delays(value).map(Element::ExtendedDelays),
            "DLA" => delays(value).map(Element::SubCodes),
            "PX" => passengers(value),
            "INF" => number(value).map(Element::Infants),
            "DR" => Some(value)
                .filter(|reason| capital_code(reason) && reason.len() <= 3)
                .map(Element::DiversionReason),
            _ => None,
        };
        // A word like AALBORG or EDINBURGH is no broken element.
        let digits = value.bytes().any(|byte| byte.is_ascii_digit());
        read.unwrap_or(if digits || value.is_empty() { Element::Bad } else { Element::Unknown })
    }
}

/// `AD 12 2235/122251`: the day stands apart from its time.
fn apart<'t>(keyword: &str, value: &'t str, rest: &mut &'t str) -> (&'t str, Option<u8>) {
    let timed = matches!(keyword, "AD" | "AA" | "FR" | "EA" | "ED" | "NI" | "EO" | "EB" | "RR");
    let day = crate::when::number(value).filter(|day| timed && (1..=31).contains(day));
    let (next, after) = word(rest);
    let time = next.get(..4).is_some_and(|time| Stamp::read(time).is_some());
    if day.is_none() || !time {
        return (value, None);
    }
    *rest = after;
    (next, day)
}

/// Gives `day` to the first time of an element if it has none.
fn on_day(element: Element<'_>, day: Option<u8>) -> Element<'_> {
    let dated = |stamp: Stamp| Stamp { day: stamp.day.or(day), ..stamp };
    let first = |pair: Pair| (pair.0.map(|read| read.map(dated)), pair.1);
    match element {
        Element::Departure(pair) => Element::Departure(first(pair)),
        Element::Arrival(pair) => Element::Arrival(first(pair)),
        Element::ReturnFromAirborne(pair) => Element::ReturnFromAirborne(first(pair)),
        Element::EstimatedArrival(Estimate { time, airport }) => {
            Element::EstimatedArrival(Estimate { time: dated(time), airport })
        }
        Element::EstimatedDeparture(stamp) => Element::EstimatedDeparture(dated(stamp)),
        Element::NextInformation(stamp) => Element::NextInformation(dated(stamp)),
        Element::EstimatedTakeOff(stamp) => Element::EstimatedTakeOff(dated(stamp)),
        Element::EstimatedOnBlock(stamp) => Element::EstimatedOnBlock(dated(stamp)),
        Element::ReturnToRamp(stamp) => Element::ReturnToRamp(dated(stamp)),
        other => other,
    }
}

fn figure(token: &str) -> Element<'_> {
    let named = FIGURES.iter().find_map(|name| token.strip_prefix(name).map(|rest| (name, rest)));
    let Some((name, rest)) = named else {
        let infants = token.strip_suffix("INF").and_then(number);
        return infants.map_or(Element::Unknown, Element::Infants);
    };
    match number(rest.trim_start_matches('/')) {
        Some(value) => Element::Figure(Figure { name: &token[..name.len()], value }),
        None => Element::Unknown,
    }
}

fn pair(value: &str) -> Option<Pair> {
    let (first, second) = value.split_once('/').unwrap_or((value, ""));
    let read = |part: &str| (!part.is_empty()).then(|| Stamp::read(part).ok_or(()));
    let both = (read(first), read(second));
    matches!(both, (Some(Ok(_)), _) | (_, Some(Ok(_)))).then_some(both)
}

/// `1500 FRA`, `1500FRA`, `1500`. Takes the airport off `rest`.
fn estimate(value: &str, rest: &mut &str) -> Option<Estimate> {
    let (digits, after) = leading_digits(value);
    let time = Stamp::read(digits)?;
    let after = after.trim_start_matches(['/', 'Z']);
    if !after.is_empty() {
        return Some(Estimate { time, airport: Some(Airport::read(after)?) });
    }
    let (next, beyond) = word(rest);
    let airport = Airport::read(next);
    if airport.is_some() {
        *rest = beyond;
    }
    Some(Estimate { time, airport })
}

/// `22`, `22NOV`.
fn leg_day(value: &str) -> Option<u8> {
    let (digits, month) = leading_digits(value);
    let day = crate::when::number(digits).filter(|day| (1..=31).contains(day))?;
    (month.is_empty() || crate::when::month(month.get(..3)?).is_some()).then_some(day)
}

fn delays(value: &str) -> Option<&str> {
    let plain = |byte: u8| byte == b'/' || byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let some = value.bytes().any(|byte| byte != b'/');
    // DLATE and such are words; a list has a digit, a slash, or is one code.
    let listed =
        value.len() <= 3 || value.bytes().any(|byte| byte == b'/' || byte.is_ascii_digit());
    (some && listed && value.bytes().all(plain)).then_some(value)
}

/// `112`, `12/134/10`, `112+3`. The flag tells whether every part was a number.
fn passengers<'t>(value: &str) -> Option<Element<'t>> {
    let mut read = Passengers::default();
    let mut sound = true;
    for part in value.trim_matches('/').split('/') {
        let (seats, laps) = part.split_once('+').map_or((part, None), |(a, b)| (a, Some(b)));
        match number(seats) {
            Some(count) => read.counts.push(count),
            None => match part.strip_prefix("INF").and_then(number) {
                Some(infants) => read.infants = Some(infants),
                None => sound = false,
            },
        }
        if let Some(infants) = laps {
            let more = number(infants);
            sound &= more.is_some();
            read.infants =
                more.map(|more| read.infants.unwrap_or(0).saturating_add(more)).or(read.infants);
        }
    }
    (!read.counts.is_empty()).then_some(Element::Passengers(read, sound))
}
