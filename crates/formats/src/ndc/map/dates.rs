//! Days and times of XML.

use super::super::rules;
use super::super::tree::Node;
use super::anchor;
use crate::diagnostic::Diagnostics;
use crate::when::{Day, TimeOfDay, number};

/// `1986-02-02+01:00`, `2021-02-04T09:40:28.309+01:00`, `1986-02-02`.
pub(super) fn day_or_note<'t>(
    text: &str,
    node: &Node<'t>,
    notes: &mut Diagnostics<'t>,
) -> Option<Day> {
    let read = day_of(text);
    if read.is_none() && !text.is_empty() {
        notes.at(rules::BAD_DATE, anchor(node));
    }
    read
}

fn day_of(text: &str) -> Option<Day> {
    let date = text.get(..10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Day::new(year.parse().ok()?, number(month)?, number(day)?)
}

/// `09:15`, `09:15:00Z`.
pub(super) fn time_of(text: &str) -> Option<TimeOfDay> {
    let (hour, rest) = (text.get(..2)?, text.get(3..5)?);
    text.get(2..3).filter(|sign| *sign == ":")?;
    TimeOfDay::read(&format!("{hour}{rest}"))
}
