//! What the values of a column look like: the ground suggestions stand on.

use std::collections::BTreeMap;

use super::records::Row;
use crate::cells::date::{self, Parts};
use crate::cells::number;

/// Distinct values beyond which a column is no list of choices.
const CHOICES: usize = 24;

/// The distinct values of a column and how often each comes.
pub type Values = BTreeMap<String, u64>;

/// Counts over the values of one column that are not blank.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each name says what it counts")]
pub struct Profile {
    pub rows: u64,
    pub filled: u64,
    pub whole: u64,
    pub decimal_point: u64,
    pub decimal_comma: u64,
    pub date: u64,
    /// Dates without a leading year that can only be day first.
    pub day_first: u64,
    /// … that can only be month first.
    pub month_first: u64,
    /// … that could be either.
    pub either: u64,
    pub no_such_day: u64,
    pub check_digit: u64,
    pub airport: u64,
    pub email: u64,
    pub phone: u64,
    pub hanzi: u64,
    pub least: f64,
    pub most: f64,
    /// First distinct values, for the eye.
    pub samples: Vec<String>,
    /// All distinct values, while they are few.
    pub values: Option<Values>,
}

impl Profile {
    /// Ready to count.
    #[must_use]
    pub fn new() -> Self {
        Self {
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            values: Some(Values::new()),
            ..Self::default()
        }
    }

    /// Looks closely at field `index` of `row`.
    pub fn look(&mut self, row: &Row, index: usize) {
        self.rows += 1;
        let Ok(text) = row.get(index) else { return };
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if self.samples.len() < 3 && !self.samples.iter().any(|sample| sample == text) {
            self.samples.push(text.chars().take(40).collect());
        }
        self.numbers(text);
        self.dates(text);
        self.check_digit += u64::from(kernel::member_no::is_valid(text));
        self.airport += u64::from(
            text.len() == 3
                && text.bytes().all(|byte| byte.is_ascii_uppercase())
                && kernel::airports::find(text).is_some(),
        );
        self.email += u64::from(text.contains('@') && text.contains('.'));
        self.phone += u64::from(text.len() >= 11 && kernel::phone::normalise(text).is_some());
        self.hanzi += u64::from(text.chars().any(kernel::names::is_hanzi));
    }

    fn numbers(&mut self, text: &str) {
        let point = number::parse(text, '.');
        if number::whole(text, '.').is_some() {
            self.whole += 1;
        } else if point.is_some() {
            self.decimal_point += 1;
        } else if text.contains(',') && number::parse(text, ',').is_some() {
            self.decimal_comma += 1;
        }
        if let Some(number) = point {
            self.least = self.least.min(number);
            self.most = self.most.max(number);
        }
    }

    fn dates(&mut self, text: &str) {
        // Bare numbers are dates only when they look like 20140331.
        let bare = text.bytes().all(|byte| byte.is_ascii_digit());
        if bare && !(text.len() == 8 && (text.starts_with("19") || text.starts_with("20"))) {
            return;
        }
        match date::parts(text) {
            None => return,
            Some(Parts::Certain { .. }) => {
                if let Err(date::Fault::NoSuchDay { .. }) = date::parse(text, date::Order::Ymd) {
                    self.no_such_day += 1;
                }
            }
            Some(Parts::Either { a, b, .. }) => match (a > 12, b > 12) {
                (true, true) => self.no_such_day += 1,
                (true, false) => self.day_first += 1,
                (false, true) => self.month_first += 1,
                (false, false) => self.either += 1,
            },
        }
        self.date += 1;
    }

    /// Counts the value among the distinct ones.
    pub fn count(&mut self, row: &Row, index: usize) {
        let Some(values) = &mut self.values else { return };
        let Ok(text) = row.get(index) else { return };
        if let Some(count) = values.get_mut(text) {
            *count += 1;
        } else if values.len() < CHOICES && text.len() <= 60 {
            values.insert(text.to_owned(), 1);
        } else {
            self.values = None;
        }
    }

    /// `part` as a share of the filled values.
    #[must_use]
    pub fn share(&self, part: u64) -> f64 {
        if self.filled == 0 { 0.0 } else { part as f64 / self.filled as f64 }
    }

    /// Which way round the column's dates are, and whether that is certain.
    #[must_use]
    pub fn order(&self) -> (date::Order, bool) {
        match (self.day_first, self.month_first, self.either) {
            (0, 0, 0) => (date::Order::Ymd, true),
            (0, 0, _) => (date::Order::Mdy, false),
            (day, month, _) if day > month => (date::Order::Dmy, month == 0),
            (day, ..) => (date::Order::Mdy, day == 0),
        }
    }
}
