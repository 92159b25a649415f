//! The flights of the coming days, made before anybody speaks of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use store::jobs::{JobCtx, JobError};
use store::{Tx, sql};

use super::plan::{self, Row};
use crate::operations::{Flight, save_all};
use crate::{Flights, Result};

/// The job's kind; it runs every hour.
pub const MATERIALISE: &str = "flights.materialise";

/// Days ahead that have their flights.
const AHEAD: usize = 7;

/// What a run made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Materialised {
    /// New flights.
    pub flights: u64,
}

impl Flights {
    /// Handles the job [`MATERIALISE`]: one transaction a day, so that a killed process loses at
    /// most one day's work and repeats nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn materialise_job(&self, _job: JobCtx) -> Result<serde_json::Value, JobError> {
        let done = self.materialise().await.map_err(JobError::from_explain)?;
        Ok(serde_json::json!(done))
    }

    /// Makes the flights of today and the days ahead that the schedule has and nobody made yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn materialise(&self) -> Result<Materialised> {
        let today = self.clock.now().date_naive();
        let mut done = Materialised::default();
        for day in today.iter_days().take(AHEAD) {
            let mut tx = self.db.begin().await?;
            done.flights += self.materialise_day(&mut tx, day).await?;
            tx.commit().await?;
        }
        Ok(done)
    }

    async fn materialise_day(&self, tx: &mut Tx, day: NaiveDate) -> Result<u64> {
        let rows: Vec<Row> = tx
            .all(
                sql("SELECT * FROM schedule_leg
                     WHERE last_day >= $1 AND first_day <= $1 AND operated_by = ''
                     ORDER BY said_at, variation, position, id")
                .bind(day),
            )
            .await?;
        let mut by_number: HashMap<(String, String), Vec<Row>> = HashMap::new();
        for row in rows {
            by_number.entry((row.carrier.clone(), row.number.clone())).or_default().push(row);
        }
        let known: Vec<(String, String)> = tx
            .all(sql("SELECT carrier, number FROM flight WHERE flight_date = $1").bind(day))
            .await?;
        let known: HashSet<(String, String)> = known.into_iter().collect();
        let now = self.clock.now();
        let missing: BTreeSet<&(String, String)> =
            by_number.keys().filter(|key| !known.contains(*key)).collect();
        let mut flights = Vec::new();
        for key in missing {
            let Some(planned) = by_number.get(key).and_then(|rows| plan::on_day(rows, day)) else {
                continue;
            };
            // A flight that was cancelled before anybody spoke of it is none.
            if !planned.cancelled && !planned.legs.is_empty() {
                let mut flight = Flight::blank(&key.0, &key.1, day, now);
                flight.follow_plan(&planned);
                flights.push(flight);
            }
        }
        save_all(tx, &mut flights, None, now).await?;
        Ok(flights.len() as u64)
    }
}
