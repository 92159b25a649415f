//! Causes of delay: DL holds the first two, EDL the next two, DLA their sub-codes.

use super::model::Delay;
use super::rules;
use crate::diagnostic::Diagnostics;
use crate::scan::number;

/// Parts of one list that are read; eight are the most by the book.
const MOST_PARTS: usize = 16;

/// The lists of one movement, in whatever order they came.
#[derive(Default)]
pub(super) struct DelayLists<'t> {
    pub first: Vec<Delay<'t>>,
    pub extended: Vec<Delay<'t>>,
    sub_codes: Vec<Option<&'t str>>,
}

impl<'t> DelayLists<'t> {
    /// DLA: by position, over DL and EDL.
    pub fn sub_codes(&mut self, list: &'t str, found: &mut Diagnostics<'t>) {
        let parts = list.split('/').take(MOST_PARTS);
        let mut codes: Vec<_> =
            parts.map(|code| Some(code).filter(|code| !code.is_empty())).collect();
        while codes.last() == Some(&None) {
            codes.pop();
        }
        if codes.len() > 4 {
            found.at(rules::MANY_DELAYS, list);
        }
        self.sub_codes = codes;
    }

    /// DL, then EDL, each cause with its sub-code.
    pub fn together(self) -> Vec<Delay<'t>> {
        let mut delays = self.first;
        delays.extend(self.extended);
        if delays.len() < self.sub_codes.len() {
            delays.resize(self.sub_codes.len(), Delay::default());
        }
        for (delay, code) in delays.iter_mut().zip(self.sub_codes) {
            delay.sub_code = code;
        }
        delays
    }
}

/// `72/93/0010/0005`: codes, then durations by position.
pub(super) fn listed<'t>(list: &'t str, found: &mut Diagnostics<'t>) -> Vec<Delay<'t>> {
    let mut codes: Vec<Option<&str>> = Vec::new();
    let mut durations: Vec<Option<u16>> = Vec::new();
    for part in list.split('/').take(MOST_PARTS) {
        match (part.len(), number(part)) {
            (0, _) if durations.is_empty() && codes.len() < 2 => codes.push(None),
            (0, _) => durations.push(None),
            (4, Some(digits)) => durations.push(Some(duration(digits, part, found))),
            (3, Some(minutes)) if !codes.is_empty() => {
                found.at(rules::ODD_DURATION, part);
                durations.push(u16::try_from(minutes).ok());
            }
            (1..=3, _) => codes.push(Some(part)),
            _ => found.at(rules::BAD_DELAY, part),
        }
    }
    while codes.last() == Some(&None) && codes.len() > durations.len() {
        codes.pop();
    }
    while durations.last() == Some(&None) {
        durations.pop();
    }
    if codes.len() != durations.len() {
        found.at(rules::UNEVEN_DELAYS, list);
    }
    if codes.len() > 2 || durations.len() > 2 {
        found.at(rules::MANY_DELAYS, list);
    }
    let places = 0..codes.len().max(durations.len());
    let of = |place: usize| Delay {
        code: codes.get(place).copied().flatten(),
        minutes: durations.get(place).copied().flatten(),
        sub_code: None,
    };
    places.map(of).collect()
}

/// `0125` is 85 minutes; `0090` cannot be HHMM and is 90.
fn duration<'t>(digits: u32, part: &'t str, found: &mut Diagnostics<'t>) -> u16 {
    let (hours, minutes) = (digits / 100, digits % 100);
    if minutes >= 60 {
        found.at(rules::ODD_DURATION, part);
    }
    u16::try_from(hours * 60 + minutes).unwrap_or(u16::MAX)
}
