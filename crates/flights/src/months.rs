//! Activity by member and month, as programme files deliver it. Two rows of one month may be parts
//! of it: each has a key of its own and they are added up when read.

use chrono::NaiveDate;
use customers::{CustomerId, Policy};
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::facts::{self, Applied, Fact, Fingerprint, Table};
use crate::{Flights, Result};

/// A member's month, or a part of it.
#[derive(Clone, Debug)]
pub struct MonthInput {
    /// Who.
    pub customer: CustomerId,
    /// Unique within the source.
    pub source_key: String,
    /// The first day of the month.
    pub month: NaiveDate,
    /// Flights.
    pub flights: i64,
    /// Kilometres.
    pub km: i64,
    /// Points earned; some programmes count halves.
    pub points_earned: f64,
    /// Points redeemed.
    pub points_redeemed: f64,
    /// What the redeemed points were worth, minor units.
    pub redeemed_minor: Option<i64>,
}

pub(crate) const TABLE: Table = Table {
    name: "activity_month",
    before: "activity_month_before",
    columns: &[
        ("month", Col::date("month")),
        ("flights", Col::i64("flights")),
        ("km", Col::i64("km")),
        ("points_earned", Col::f64("points_earned")),
        ("points_redeemed", Col::f64("points_redeemed")),
        ("redeemed_minor", Col::i64("redeemed_minor")),
    ],
    lake: None,
};

impl MonthInput {
    fn fact(self) -> Fact {
        let values: Vec<Value> = vec![
            self.month.into(),
            self.flights.into(),
            self.km.into(),
            self.points_earned.into(),
            self.points_redeemed.into(),
            self.redeemed_minor.into(),
        ];
        Fact {
            customer: self.customer,
            source_key: self.source_key,
            fingerprint: Fingerprint::of(&values),
            month: Some(self.month),
            values,
        }
    }
}

/// What a source's months add up to.
#[derive(Clone, Copy, Debug, PartialEq, sqlx::FromRow)]
pub struct MonthTotals {
    /// Rows.
    pub rows: i64,
    /// Flights.
    pub flights: i64,
    /// Kilometres.
    pub km: i64,
    /// Points earned.
    pub points_earned: f64,
    /// Points redeemed.
    pub points_redeemed: f64,
}

impl Flights {
    /// Puts months in. One result per input, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply_months(
        &self,
        tx: &mut Tx,
        source: &str,
        import: Uuid,
        inputs: Vec<MonthInput>,
        policy: Policy,
    ) -> Result<Vec<Applied>> {
        let facts = inputs.into_iter().map(MonthInput::fact).collect();
        let now = self.clock.now();
        Ok(facts::apply(tx, &TABLE, (source, import), facts, policy, now).await?)
    }

    /// Whether all that is known of flying is activity by month: counts without fare classes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn only_months(tx: &mut Tx) -> Result<bool> {
        let found: Option<i64> = tx
            .value_maybe(sql("SELECT CAST(1 AS BIGINT) FROM activity_month
                 WHERE NOT EXISTS (SELECT 1 FROM flown_segment)
                   AND NOT EXISTS (SELECT 1 FROM activity_summary) LIMIT 1"))
            .await?;
        Ok(found.is_some())
    }

    /// The sums over all months of `source`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn month_totals(&self, tx: &mut Tx, source: &str) -> Result<MonthTotals> {
        Ok(tx
            .one(
                sql(
                    "SELECT COUNT(*) AS rows, CAST(COALESCE(SUM(flights), 0) AS BIGINT) AS flights,
                        CAST(COALESCE(SUM(km), 0) AS BIGINT) AS km,
                        CAST(COALESCE(SUM(points_earned), 0) AS DOUBLE PRECISION) AS points_earned,
                        CAST(COALESCE(SUM(points_redeemed), 0) AS DOUBLE PRECISION)
                            AS points_redeemed
                     FROM activity_month WHERE source = $1",
                )
                .bind(source),
            )
            .await?)
    }
}
