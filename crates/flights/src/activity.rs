//! A customer's activity month by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use customers::CustomerId;
use kernel::dates::{add_months, month_start};
use serde::Serialize;
use store::{Tx, sql};

use crate::{Flights, Result};

/// Flights, kilometres and points of one month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct MonthActivity {
    /// First day of the month.
    pub month: NaiveDate,
    /// Flights.
    pub flights: i64,
    /// Kilometres.
    pub km: i64,
    /// Points earned.
    pub points_earned: f64,
    /// Points redeemed.
    pub points_redeemed: f64,
}

#[derive(sqlx::FromRow)]
struct Day {
    day: NaiveDate,
    flights: i64,
    km: i64,
    earned: f64,
    redeemed: f64,
}

impl Flights {
    /// The last `months` months with something in them up to the newest, without gaps, oldest
    /// first. Where segments are known for a month they count; sums by month fill the others.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn activity_by_month(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        months: u32,
    ) -> Result<Vec<MonthActivity>> {
        let flown: Vec<Day> = tx
            .all(
                sql("SELECT flight_date AS day, COUNT(*) AS flights,
                        CAST(SUM(km) AS BIGINT) AS km,
                        CAST(0 AS DOUBLE PRECISION) AS earned,
                        CAST(0 AS DOUBLE PRECISION) AS redeemed
                     FROM counted_segment WHERE customer_id = $1 AND outcome = 'flown'
                     GROUP BY flight_date")
                .bind(customer.uuid()),
            )
            .await?;
        let summed: Vec<Day> = tx
            .all(
                sql("SELECT month AS day, CAST(SUM(flights) AS BIGINT) AS flights,
                        CAST(SUM(km) AS BIGINT) AS km,
                        CAST(SUM(points_earned) AS DOUBLE PRECISION) AS earned,
                        CAST(SUM(points_redeemed) AS DOUBLE PRECISION) AS redeemed
                     FROM activity_month WHERE customer_id = $1 GROUP BY month")
                .bind(customer.uuid()),
            )
            .await?;
        Ok(merge(flown, summed, months))
    }
}

fn merge(flown: Vec<Day>, summed: Vec<Day>, months: u32) -> Vec<MonthActivity> {
    let mut all = BTreeMap::<NaiveDate, MonthActivity>::new();
    let mut by_segment = BTreeMap::<NaiveDate, bool>::new();
    for day in flown {
        let month = month_start(day.day);
        let entry = all.entry(month).or_default();
        entry.flights += day.flights;
        entry.km += day.km;
        by_segment.insert(month, true);
    }
    for day in summed {
        let month = month_start(day.day);
        let entry = all.entry(month).or_default();
        if !by_segment.contains_key(&month) {
            entry.flights += day.flights;
            entry.km += day.km;
        }
        entry.points_earned += day.earned;
        entry.points_redeemed += day.redeemed;
    }
    let Some(newest) = all.keys().next_back().copied() else { return Vec::new() };
    let oldest = all.keys().next().copied().unwrap_or(newest);
    let back = i32::try_from(months.max(1)).unwrap_or(i32::MAX) - 1;
    let first = add_months(newest, -back).max(oldest);
    std::iter::successors(Some(first), |month| Some(add_months(*month, 1)))
        .take_while(|month| *month <= newest)
        .map(|month| MonthActivity { month, ..all.get(&month).cloned().unwrap_or_default() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, flights: i64) -> Day {
        Day {
            day: day.parse().unwrap_or_default(),
            flights,
            km: flights * 1_000,
            earned: 1.0,
            redeemed: 0.0,
        }
    }

    #[test]
    fn months_have_no_gaps_and_segments_come_first() {
        let merged = merge(
            vec![day("2026-01-05", 1), day("2026-01-20", 2)],
            vec![day("2026-01-01", 9), day("2026-03-01", 4)],
            24,
        );
        let flights: Vec<i64> = merged.iter().map(|month| month.flights).collect();
        assert_eq!(flights, [3, 0, 4]);
        assert!(merge(Vec::new(), Vec::new(), 24).is_empty());
    }

    #[test]
    fn only_the_last_months_are_given() {
        let merged = merge(vec![day("2020-01-05", 1), day("2026-03-20", 2)], Vec::new(), 12);
        assert_eq!(merged.len(), 12);
    }
}
