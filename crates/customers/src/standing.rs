//! What flights, loyalty and value publish about customers, so that lists can sort and filter by it.
//! Derived data: no version, no history, no event.

use chrono::NaiveDate;
use store::{Col, Tx, Value};

use crate::model::{CustomerId, NO_DAY, Tier};
use crate::{Customers, Result};

/// The standing of one customer on an observation day. `None` leaves what is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Whose.
    pub customer: CustomerId,
    /// Day of the last flight.
    pub last_flight_on: Option<NaiveDate>,
    /// `PVG-FRA`.
    pub last_route: Option<String>,
    /// Flights in the window.
    pub flights: i64,
    /// Kilometres in the window.
    pub km: i64,
    /// Mean cabin discount coefficient.
    pub coefficient: Option<f64>,
    /// `keep`, `develop`, `winback`, `general`, `low`.
    pub value_group: Option<&'static str>,
    /// 0–100.
    pub value_score: Option<f64>,
    /// `prospect` … `won-back`.
    pub lifecycle: Option<&'static str>,
    /// The day all this was observed on.
    pub observed_on: NaiveDate,
}

/// A run looks at a window: a flight after its observation day is left as it was published.
const LAST: &str = "CASE WHEN customer.last_flight_on > input.observed_on
    THEN customer.last_flight_on ELSE COALESCE(input.last_flight_on, customer.last_flight_on) END";
const ROUTE: &str = "CASE WHEN customer.last_flight_on > input.observed_on
    THEN customer.last_route ELSE COALESCE(input.last_route, customer.last_route) END";

/// The last flight of one customer.
#[derive(Clone, Debug, PartialEq)]
pub struct LastFlight {
    /// Whose.
    pub customer: CustomerId,
    /// Local day of departure; `None` takes back what a segment made known, and leaves what a
    /// summary of members says, which knows no routes.
    pub day: Option<NaiveDate>,
    /// `PVG-FRA`.
    pub route: Option<String>,
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::date("last_flight_on"),
    Col::text("last_route"),
    Col::i64("flights"),
    Col::i64("km"),
    Col::f64("coefficient"),
    Col::text("value_group"),
    Col::f64("value_score"),
    Col::text("lifecycle"),
    Col::date("observed_on"),
];

impl Customers {
    /// Publishes standings; writes only rows that differ. Returns how many were written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish_standing(&self, tx: &mut Tx, standings: &[Standing]) -> Result<u64> {
        let rows: Vec<Vec<Value>> = standings
            .iter()
            .map(|s| {
                vec![
                    s.customer.uuid().into(),
                    s.last_flight_on.map(|day| day.max(NO_DAY)).into(),
                    s.last_route.as_deref().into(),
                    s.flights.into(),
                    s.km.into(),
                    s.coefficient.into(),
                    s.value_group.into(),
                    s.value_score.into(),
                    s.lifecycle.into(),
                    s.observed_on.into(),
                ]
            })
            .collect();
        let written = tx
            .with_rows(
                COLUMNS,
                rows,
                &format!(
                    "UPDATE customer SET
                    last_flight_on = {LAST}, last_route = {ROUTE},
                    flights = input.flights, km = input.km,
                    coefficient = COALESCE(input.coefficient, customer.coefficient),
                    value_group = COALESCE(input.value_group, customer.value_group),
                    value_score = COALESCE(input.value_score, customer.value_score),
                    lifecycle = COALESCE(input.lifecycle, customer.lifecycle),
                    observed_on = input.observed_on
                 FROM input WHERE customer.id = input.id AND (
                    customer.observed_on IS NULL OR customer.observed_on <> input.observed_on
                    OR customer.flights <> input.flights OR customer.km <> input.km
                    OR customer.coefficient <> COALESCE(input.coefficient, customer.coefficient)
                    OR customer.last_flight_on <> {LAST} OR customer.last_route <> {ROUTE}
                    OR customer.value_group <> COALESCE(input.value_group, customer.value_group)
                    OR customer.value_score <> COALESCE(input.value_score, customer.value_score)
                    OR customer.lifecycle <> COALESCE(input.lifecycle, customer.lifecycle))"
                ),
            )
            .await?;
        Ok(written)
    }

    /// Publishes last flights between two value runs; writes only rows that differ. Returns how many
    /// were written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish_last_flights(&self, tx: &mut Tx, last: &[LastFlight]) -> Result<u64> {
        let rows: Vec<Vec<Value>> = last
            .iter()
            .map(|last| {
                let route = last.route.as_deref().unwrap_or_default();
                vec![
                    last.customer.uuid().into(),
                    last.day.map_or(NO_DAY, |day| day.max(NO_DAY)).into(),
                    route.into(),
                    last.day.is_some().into(),
                ]
            })
            .collect();
        let columns = [
            Col::uuid("id"),
            Col::date("last_flight_on"),
            Col::text("last_route"),
            Col::bool("flew"),
        ];
        let written = tx
            .with_rows(
                &columns,
                rows,
                "UPDATE customer
                 SET last_flight_on = input.last_flight_on, last_route = input.last_route
                 FROM input WHERE customer.id = input.id
                    AND (input.flew OR customer.last_route <> '')
                    AND (customer.last_flight_on <> input.last_flight_on
                        OR customer.last_route <> input.last_route)",
            )
            .await?;
        Ok(written)
    }
    /// Publishes the tiers members hold today; writes only rows that differ. Returns how many were
    /// written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish_tiers(&self, tx: &mut Tx, tiers: &[(CustomerId, Tier)]) -> Result<u64> {
        let rows: Vec<Vec<Value>> =
            tiers.iter().map(|(id, tier)| vec![id.uuid().into(), tier.as_str().into()]).collect();
        let written = tx
            .with_rows(
                &[Col::uuid("id"), Col::text("tier")],
                rows,
                "UPDATE customer SET tier = input.tier FROM input
                 WHERE customer.id = input.id AND customer.tier <> input.tier",
            )
            .await?;
        Ok(written)
    }
}
