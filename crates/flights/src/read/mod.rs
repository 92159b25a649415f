//! Reading flights: one flight with its legs, messages and passengers; a customer's bookings.

mod bookings;
mod facts;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value as Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use crate::operations::{Leg, movement};
use crate::{Flights, Result};

pub use bookings::Booked;
pub use facts::MessageFact;

/// Where a flight is shown.
pub(crate) fn page_of(designator: &str, date: NaiveDate) -> String {
    format!("/flights/{designator}/{date}")
}

/// A dated flight.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[allow(missing_docs, reason = "the names say it; times are UTC, delays minutes")]
pub struct FlightOut {
    pub id: Uuid,
    pub carrier: String,
    /// Number and suffix.
    pub number: String,
    /// Local day of departure of the first leg.
    pub flight_date: NaiveDate,
    pub origin: String,
    pub destination: String,
    pub departs_at: DateTime<Utc>,
    /// `departs_at` is by schedule, not noon of the day.
    pub timed: bool,
    /// A schedule has it.
    pub scheduled: bool,
    /// planned, departed, arrived, diverted, cancelled
    pub status: String,
    pub delay_minutes: Option<i64>,
    pub booked: i64,
    pub flown: i64,
    pub no_show: i64,
    /// Offloaded, denied, in another cabin, unclear.
    pub irregular: i64,
}

impl FlightOut {
    /// `CA1501`
    #[must_use]
    pub fn designator(&self) -> String {
        format!("{}{}", self.carrier, self.number)
    }

    /// Its page.
    #[must_use]
    pub fn href(&self) -> String {
        page_of(&self.designator(), self.flight_date)
    }
}

/// A leg of a flight.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[allow(missing_docs, reason = "the names say it; times are UTC, delays minutes")]
pub struct LegOut {
    pub id: Uuid,
    pub from: String,
    pub to: String,
    /// Local day of departure.
    pub date: NaiveDate,
    pub departs_at: Option<DateTime<Utc>>,
    pub arrives_at: Option<DateTime<Utc>>,
    pub expected_off_at: Option<DateTime<Utc>>,
    pub expected_on_at: Option<DateTime<Utc>>,
    pub off_block_at: Option<DateTime<Utc>>,
    pub airborne_at: Option<DateTime<Utc>>,
    pub touch_down_at: Option<DateTime<Utc>>,
    pub on_block_at: Option<DateTime<Utc>>,
    pub departure_delay: Option<i64>,
    pub arrival_delay: Option<i64>,
    /// planned, departed, arrived, returned, diverted, cancelled
    pub status: String,
    pub diverted_to: String,
    pub aircraft: String,
    pub registration: String,
    /// Causes of delay: code, minutes, words in both languages, who answers for it.
    #[schema(value_type = Object)]
    pub delays: Json,
}

impl From<Leg> for LegOut {
    fn from(leg: Leg) -> Self {
        Self {
            id: leg.id,
            from: leg.board_point,
            to: leg.off_point,
            date: leg.leg_date,
            departs_at: leg.departs_at,
            arrives_at: leg.arrives_at,
            expected_off_at: leg.expected_off_at,
            expected_on_at: leg.expected_on_at,
            off_block_at: leg.off_block_at,
            airborne_at: leg.airborne_at,
            touch_down_at: leg.touch_down_at,
            on_block_at: leg.on_block_at,
            departure_delay: leg.departure_delay,
            arrival_delay: leg.arrival_delay,
            status: leg.status,
            diverted_to: leg.diverted_to,
            aircraft: leg.aircraft,
            registration: leg.registration,
            delays: leg.delays.0,
        }
    }
}

/// A message that spoke of a flight.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct MessageOut {
    pub message_id: Uuid,
    /// pnl, adl, pfs, prl, mvt, schedule, …
    pub kind: String,
    pub board_point: String,
    pub said_at: DateTime<Utc>,
    /// Its parts were not complete, or it is no list of everybody.
    pub partial: bool,
    /// Passengers it named.
    pub people: i64,
    /// Facts it changed.
    pub changed: i64,
}

/// A passenger of a flight.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct PassengerOut {
    pub id: Uuid,
    pub customer_id: Option<Uuid>,
    pub surname: String,
    pub given: String,
    pub from: String,
    pub to: String,
    pub locator: String,
    /// booked, waitlisted, deleted, unlisted
    pub status: String,
    pub booking_class: String,
    pub cabin: String,
    pub flown_class: String,
    pub seat: String,
    pub party: i64,
    pub staff: bool,
    pub ffp: String,
    /// The number checked in with, where it is another.
    pub replaced_ffp: String,
    pub ticket: String,
    pub coupon: i64,
    /// booked, flown, no-show, go-show, no-record, offloaded, denied, …
    pub outcome: String,
    /// coupon, prl, etl, pfs, scan, booking, flight
    pub basis: String,
    /// upgrade, downgrade, changed, or empty
    pub class_change: String,
    pub message_id: Uuid,
    pub outcome_message: Option<Uuid>,
}

/// Passengers by outcome.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Total {
    pub outcome: String,
    pub passengers: i64,
}

const FLIGHT: &str = "SELECT f.id, f.carrier, f.number, f.flight_date, f.origin, f.destination,
    f.departs_at, f.timed, f.scheduled, f.status, f.delay_minutes, f.booked, f.flown, f.no_show,
    f.irregular FROM flight f";

impl Flights {
    /// The flight of a designator (`CA1501`) and the local day of its departure, or of a later leg's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flight(
        &self,
        tx: &mut Tx,
        designator: &str,
        date: NaiveDate,
    ) -> Result<Option<FlightOut>> {
        let Some(of) = formats::FlightDesignator::read(designator) else { return Ok(None) };
        let number = crate::messages::key::number(&of);
        let mut text = SqlBuilder::new(FLIGHT);
        text.push(" WHERE f.carrier = ").bind(of.airline).push(" AND f.number = ");
        text.bind(number.as_str());
        // No leg leaves more than three days after the first; the index needs the bound.
        text.push(" AND f.flight_date BETWEEN ");
        text.bind(date.checked_sub_days(chrono::Days::new(3)).unwrap_or(date));
        text.push(" AND ").bind(date).push(" AND (f.flight_date = ").bind(date);
        text.push(" OR EXISTS (SELECT 1 FROM flight_leg l WHERE l.flight_id = f.id");
        text.push(" AND l.leg_date = ").bind(date).push("))");
        text.push(" ORDER BY f.flight_date DESC LIMIT 1");
        Ok(tx.maybe(text.build()).await?)
    }

    /// Its legs, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn legs(&self, tx: &mut Tx, flight: Uuid) -> Result<Vec<LegOut>> {
        let legs: Vec<Leg> = tx
            .all(
                sql("SELECT * FROM flight_leg WHERE flight_id = $1 ORDER BY position").bind(flight),
            )
            .await?;
        Ok(legs.into_iter().map(LegOut::from).collect())
    }

    /// Messages that spoke of it, the last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn messages_of(
        &self,
        tx: &mut Tx,
        flight: Uuid,
        limit: i64,
    ) -> Result<Vec<MessageOut>> {
        Ok(tx
            .all(
                sql("SELECT message_id, kind, board_point, said_at, partial, people, changed
                     FROM flight_message WHERE flight_id = $1
                     ORDER BY said_at DESC, message_id DESC LIMIT $2")
                .bind(flight)
                .bind(limit),
            )
            .await?)
    }

    /// What each movement message told, by message.
    pub(crate) async fn movements_of(
        &self,
        tx: &mut Tx,
        flight: Uuid,
    ) -> Result<Vec<movement::Row>> {
        movement::of_flight(tx, flight).await
    }

    /// Passengers by outcome.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn totals(&self, tx: &mut Tx, flight: Uuid) -> Result<Vec<Total>> {
        Ok(tx
            .all(
                sql("SELECT outcome, COUNT(*) AS passengers FROM flight_passenger
                     WHERE flight_id = $1 GROUP BY outcome ORDER BY passengers DESC, outcome")
                .bind(flight),
            )
            .await?)
    }

    /// Passengers after `after` in the order of their keys, perhaps of one outcome only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passengers(
        &self,
        tx: &mut Tx,
        flight: Uuid,
        outcome: Option<&str>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<PassengerOut>> {
        let mut text = SqlBuilder::new(
            "SELECT id, customer_id, surname, given, board_point AS \"from\", off_point AS \"to\",
                locator, status, booking_class, cabin, flown_class, seat, party, staff, ffp,
                replaced_ffp, ticket, coupon, outcome, basis, class_change, message_id,
                outcome_message
             FROM flight_passenger WHERE flight_id = ",
        );
        text.bind(flight);
        if let Some(outcome) = outcome {
            text.push(" AND outcome = ").bind(outcome);
        }
        if let Some(after) = after {
            text.push(
                " AND source_key > (SELECT p.source_key FROM flight_passenger p WHERE p.id = ",
            );
            text.bind(after).push(")");
        }
        text.push(" ORDER BY source_key LIMIT ").bind(limit);
        Ok(tx.all(text.build()).await?)
    }
}
