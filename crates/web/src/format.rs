//! Numbers, dates and spans of time as the reader's language writes them. Both languages group
//! thousands with a comma and part decimals with a point; dates in tables are ISO in both.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use kernel::Lang;

/// A space that keeps a number with its unit.
pub const KEEP: char = '\u{a0}';

/// `1234567` → `1,234,567`.
#[must_use]
pub fn whole(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1234.5678, 2` → `1,234.57`. What is not a number is a dash.
#[must_use]
pub fn decimal(x: f64, places: usize) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.places$}", x.abs());
    let (before, after) = text.split_once('.').unwrap_or((&text, ""));
    let zero = text.chars().all(|c| c == '0' || c == '.');
    let sign = if x < 0.0 && !zero { "−" } else { "" };
    let before = before.parse::<i64>().map_or_else(|_| before.to_owned(), whole);
    if after.is_empty() { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
}

/// `0.0862` → `8.6 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}{KEEP}%", decimal(share * 100.0, 1))
}

/// A date in a sentence: `28 Nov 2026`, `2026 年 11 月 28 日`.
#[must_use]
pub fn day(lang: Lang, date: NaiveDate) -> String {
    match lang {
        Lang::En => date.format("%-d %b %Y").to_string().replace(' ', &KEEP.to_string()),
        Lang::ZhCn => {
            let (y, m, d) = (date.year(), date.month(), date.day());
            format!("{y}{KEEP}年{KEEP}{m}{KEEP}月{KEEP}{d}{KEEP}日")
        }
    }
}

/// A month in a sentence: `Nov 2026`, `2026 年 11 月`.
#[must_use]
pub fn month(lang: Lang, date: NaiveDate) -> String {
    match lang {
        Lang::En => date.format("%b %Y").to_string().replace(' ', &KEEP.to_string()),
        Lang::ZhCn => format!("{}{KEEP}年{KEEP}{}{KEEP}月", date.year(), date.month()),
    }
}

/// How long ago, in the largest sensible unit: text key and count.
pub(crate) fn span(now: DateTime<Utc>, at: DateTime<Utc>) -> (&'static str, i64) {
    let past = now - at;
    let ahead = past < TimeDelta::zero();
    let span = past.abs();
    let (unit, n) = match span {
        s if s < TimeDelta::minutes(1) => return ("ago-now", 0),
        s if s < TimeDelta::hours(1) => ("minutes", s.num_minutes()),
        s if s < TimeDelta::days(1) => ("hours", s.num_hours()),
        s if s < TimeDelta::days(60) => ("days", s.num_days()),
        s if s < TimeDelta::days(730) => ("months", s.num_days() / 30),
        s => ("years", s.num_days() / 365),
    };
    let key = match (unit, ahead) {
        ("minutes", false) => "ago-minutes",
        ("hours", false) => "ago-hours",
        ("days", false) => "ago-days",
        ("months", false) => "ago-months",
        (_, false) => "ago-years",
        ("minutes", true) => "in-minutes",
        ("hours", true) => "in-hours",
        ("days", true) => "in-days",
        ("months", true) => "in-months",
        (_, true) => "in-years",
    };
    (key, n)
}

/// `12400` → `12.4 kB`.
#[must_use]
pub fn bytes(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let mut size = n as f64;
    let mut at = 0;
    let units = ["B", "kB", "MB", "GB", "TB"];
    while size >= 1000.0 && at < units.len() - 1 {
        size /= 1000.0;
        at += 1;
    }
    format!("{}{KEEP}{}", decimal(size, usize::from(at > 0)), units[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567")];
        for (n, text) in cases {
            assert_eq!(whole(n), text);
        }
        assert_eq!(whole(i64::MIN), "−9,223,372,036,854,775,808");
    }

    #[test]
    fn decimals_round_and_never_show_minus_zero() {
        assert_eq!(decimal(1234.567, 2), "1,234.57");
        assert_eq!(decimal(-0.001, 1), "0.0");
        assert_eq!(decimal(f64::NAN, 1), "–");
        assert_eq!(percent(0.0862), "8.6\u{a0}%");
        assert_eq!(bytes(12_400_000), "12.4\u{a0}MB");
    }

    #[test]
    fn spans_choose_their_unit() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1000);
        assert_eq!(span(now, now - TimeDelta::seconds(59)), ("ago-now", 0));
        assert_eq!(span(now, now - TimeDelta::minutes(61)), ("ago-hours", 1));
        assert_eq!(span(now, now - TimeDelta::days(59)), ("ago-days", 59));
        assert_eq!(span(now, now - TimeDelta::days(60)), ("ago-months", 2));
        assert_eq!(span(now, now + TimeDelta::hours(5)), ("in-hours", 5));
    }
}
