//! A month row: what one member flew, earned and redeemed in one month.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

use super::Issue;
use super::mapper::Taken;
use crate::mapping::Repeats;
use crate::mapping::fields::Field;

/// One member's month, or a part of it.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are the glossary's")]
pub struct MonthRow {
    pub row: u64,
    /// `<member>|<month>`
    pub key: String,
    /// Tells the parts of one month apart: a fingerprint of the row, or empty when a month has
    /// one row.
    pub part: String,
    pub member_key: String,
    pub member_no: Option<String>,
    /// The first day of the month.
    pub month: NaiveDate,
    pub flights: i64,
    pub km: i64,
    pub points_earned: f64,
    pub points_redeemed: f64,
    pub redeemed_minor: Option<i64>,
}

impl MonthRow {
    pub(super) fn build(
        taken: &mut Taken<'_>,
        repeats: Repeats,
        issues: &mut Vec<Issue>,
    ) -> Option<Self> {
        let (member_no, member_key) = taken.key(issues)?;
        let Some(month) = month(taken) else {
            taken.needed(Field::Month, issues);
            return None;
        };
        let mut record = Self {
            row: taken.row,
            key: format!("{member_key}|{}", month.format("%Y-%m")),
            part: String::new(),
            member_key,
            member_no,
            month,
            flights: taken.whole(Field::Flights).unwrap_or(0),
            km: taken.whole(Field::Km).unwrap_or(0),
            points_earned: taken.number(Field::PointsEarned).unwrap_or(0.0),
            points_redeemed: taken.number(Field::PointsRedeemed).unwrap_or(0.0),
            redeemed_minor: taken.whole(Field::RedeemedValue),
        };
        if repeats == Repeats::Add {
            record.part = fingerprint(&record);
        }
        Some(record)
    }
}

fn month(taken: &Taken<'_>) -> Option<NaiveDate> {
    if let Some(day) = taken.date(Field::Month) {
        return day.with_day(1);
    }
    let year = i32::try_from(taken.whole(Field::Year)?).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(taken.whole(Field::MonthNo)?).ok()?, 1)
}

/// Sixteen bytes of the SHA-256 over the values, so that the same facts count once however the file
/// is written.
fn fingerprint(row: &MonthRow) -> String {
    let mut hash = Sha256::new();
    for number in [row.flights, row.km, row.redeemed_minor.unwrap_or(i64::MIN)] {
        hash.update(number.to_le_bytes());
    }
    for number in [row.points_earned, row.points_redeemed] {
        hash.update(number.to_bits().to_le_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}
