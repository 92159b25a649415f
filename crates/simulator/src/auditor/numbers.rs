//! Numbers and days as the document writes them.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer};

/// "1.25" is 125.
fn number(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = format!("{part:0<2}");
    Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?)
}

pub(super) fn hundredths<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    number(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no number")))
}

/// "75%" is 7,500.
pub(super) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    let found = text.strip_suffix('%').and_then(number);
    found.ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no percentage")))
}

pub(super) fn months_on(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}

pub(super) fn months_back(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

pub(super) fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

pub(super) fn month_end(day: NaiveDate) -> NaiveDate {
    months_on(month_start(day), 1).pred_opt().unwrap_or(day)
}

pub(super) fn year_end(day: NaiveDate, more: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year() + more, 12, 31).unwrap_or(day)
}
