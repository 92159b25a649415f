//! Dates and times of PNRGOV.

use std::borrow::Cow;

use serde::Serialize;

use super::rules;
use crate::diagnostic::Diagnostics;
use crate::edifact::Segment;
use crate::when::{Day, TimeOfDay, number};

/// A day, a time of it, or neither. Times are local to the place they are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// DDMMYY on the wire, always of this century.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// HHMM on the wire; seconds are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
}

impl Stamp {
    /// Neither day nor time.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.day.is_none() && self.time.is_none()
    }

    /// Reads a day and a time from two components in a row.
    pub(super) fn read<'t>(
        segment: &Segment<'t, '_>,
        element: usize,
        component: usize,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        let day = segment.get(element, component);
        let time = segment.get(element, component + 1);
        let read = Self { day: day_of(&day), time: time_of(&time) };
        if read.day.is_none() && !day.is_empty() {
            notes.at(rules::BAD_DATE, segment.raw(element, component));
        }
        if read.time.is_none() && !time.is_empty() {
            notes.at(rules::BAD_TIME, segment.raw(element, component + 1));
        }
        read
    }
}

/// `270513`.
pub(super) fn day_of(text: &str) -> Option<Day> {
    let part = |from: usize| text.get(from..from + 2).and_then(number);
    let year = i32::from(part(4)?) + 2000;
    Day::new(year, part(2)?, part(0)?).filter(|_| text.len() == 6)
}

/// `1354`, `115500`, `905` of a sender that drops the leading zero.
pub(super) fn time_of(text: &str) -> Option<TimeOfDay> {
    match text.len() {
        4 => TimeOfDay::read(text),
        6 => number(text.get(4..)?)
            .filter(|second| *second < 60)
            .and(TimeOfDay::read(text.get(..4)?)),
        3 => {
            let padded: Cow<'_, str> = Cow::Owned(format!("0{text}"));
            TimeOfDay::read(&padded)
        }
        _ => None,
    }
}
