//! Activity of one member summed up over a window, as some sources deliver it.

use chrono::NaiveDate;
use customers::{CustomerId, Policy};
use store::{Col, Tx, Value};
use uuid::Uuid;

use crate::facts::{self, Applied, Fact, Fingerprint, Table};
use crate::{Flights, Result, SUMMARIES};

/// One member's activity over a window ending on `observed_on`.
#[derive(Clone, Debug)]
pub struct SummaryInput {
    /// Who.
    pub customer: CustomerId,
    /// The member's key within the source.
    pub source_key: String,
    /// End of the window.
    pub observed_on: NaiveDate,
    /// Day of joining, when known.
    pub joined_on: Option<NaiveDate>,
    /// Days from joining to the end of the window.
    pub tenure_days: Option<i64>,
    /// First flight ever.
    pub first_flight_on: Option<NaiveDate>,
    /// Last flight in the window.
    pub last_flight_on: Option<NaiveDate>,
    /// Days from the last flight to the end of the window, as the source counts them.
    pub last_flight_days: Option<i64>,
    /// Flights in the window.
    pub flights: i64,
    /// Kilometres in the window.
    pub km: i64,
    /// Mean discount coefficient.
    pub coefficient: Option<f64>,
    /// Fares of the first year, minor units; `None` = not known.
    pub fare_year_1: Option<i64>,
    /// Fares of the second year, minor units; `None` = not known.
    pub fare_year_2: Option<i64>,
    /// Points in all.
    pub points: Option<i64>,
    /// Times points were redeemed.
    pub exchanges: Option<i64>,
    /// The verdict of a cleaning done by the source.
    pub kept_verdict: Option<bool>,
}

pub(crate) const TABLE: Table = Table {
    name: "activity_summary",
    before: "activity_summary_before",
    columns: &[
        ("observed_on", Col::date("observed_on")),
        ("joined_on", Col::date("joined_on")),
        ("tenure_days", Col::i64("tenure_days")),
        ("first_flight_on", Col::date("first_flight_on")),
        ("last_flight_on", Col::date("last_flight_on")),
        ("last_flight_days", Col::i64("last_flight_days")),
        ("flights", Col::i64("flights")),
        ("km", Col::i64("km")),
        ("coefficient", Col::f64("coefficient")),
        ("fare_year_1", Col::i64("fare_year_1")),
        ("fare_year_2", Col::i64("fare_year_2")),
        ("points", Col::i64("points")),
        ("exchanges", Col::i64("exchanges")),
        ("kept_verdict", Col::bool("kept_verdict")),
    ],
    lake: Some(SUMMARIES),
};

impl SummaryInput {
    fn fact(self) -> Fact {
        let values: Vec<Value> = vec![
            self.observed_on.into(),
            self.joined_on.into(),
            self.tenure_days.into(),
            self.first_flight_on.into(),
            self.last_flight_on.into(),
            self.last_flight_days.into(),
            self.flights.into(),
            self.km.into(),
            self.coefficient.into(),
            self.fare_year_1.into(),
            self.fare_year_2.into(),
            self.points.into(),
            self.exchanges.into(),
            self.kept_verdict.into(),
        ];
        Fact {
            customer: self.customer,
            // A member has one summary for each end of a window.
            source_key: format!("{}@{}", self.source_key, self.observed_on),
            fingerprint: Fingerprint::of(&values),
            month: None,
            values,
        }
    }
}

impl Flights {
    /// Puts summaries in. One result per input, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply_summaries(
        &self,
        tx: &mut Tx,
        source: &str,
        import: Uuid,
        inputs: Vec<SummaryInput>,
        policy: Policy,
    ) -> Result<Vec<Applied>> {
        let facts = inputs.into_iter().map(SummaryInput::fact).collect();
        let now = self.clock.now();
        Ok(facts::apply(tx, &TABLE, (source, import), facts, policy, now).await?)
    }
}
