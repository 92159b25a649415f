//! What a customer has before them, and bookings that came to nothing.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use customers::CustomerId;
use serde::Serialize;
use store::{SqlBuilder, Tx};
use uuid::Uuid;

use crate::{Flights, Result};

/// A passenger's place on a flight, as read for one customer.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[allow(missing_docs, reason = "as in PassengerOut")]
pub struct Booked {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub timed: bool,
    pub carrier: String,
    pub number: String,
    pub flight_date: NaiveDate,
    pub from: String,
    pub to: String,
    pub locator: String,
    pub booking_class: String,
    pub cabin: String,
    pub seat: String,
    pub party: i64,
    pub status: String,
    pub outcome: String,
    pub flight_status: String,
    pub delay_minutes: Option<i64>,
}

impl Booked {
    /// `CA1501`
    #[must_use]
    pub fn designator(&self) -> String {
        format!("{}{}", self.carrier, self.number)
    }

    /// The page of the flight.
    #[must_use]
    pub fn href(&self) -> String {
        super::page_of(&self.designator(), self.flight_date)
    }
}

impl Flights {
    /// Bookings that are no segments (yet), before `before` in the order (at, id), the last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bookings(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        before: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Booked>> {
        let far = Utc.with_ymd_and_hms(9_000, 1, 1, 0, 0, 0).single().unwrap_or_default();
        let (at, id) = before.unwrap_or((far, Uuid::max()));
        let mut text = open_of(customer);
        text.push(" AND (p.at, p.id) < (").bind(at).push(", ").bind(id).push(")");
        text.push(" ORDER BY p.at DESC, p.id DESC LIMIT ").bind(limit);
        Ok(tx.all(text.build()).await?)
    }

    /// Flights ahead, the next first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn coming(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        limit: i64,
    ) -> Result<Vec<Booked>> {
        let mut text = open_of(customer);
        text.push(" AND p.at >= ").bind(self.clock.now() - chrono::Duration::hours(12));
        text.push(" AND p.outcome IN ('booked', 'waitlisted', 'flight-cancelled')");
        text.push(" ORDER BY p.at, p.id LIMIT ").bind(limit);
        Ok(tx.all(text.build()).await?)
    }
}

/// A customer's bookings that are no segments. The list of outcomes is the index's own
/// (`flight_passenger_open`), word for word, or the index is not used.
fn open_of(customer: CustomerId) -> SqlBuilder {
    let mut text = SqlBuilder::new(
        "SELECT p.id, p.at, f.timed, f.carrier, f.number, f.flight_date,
            p.board_point AS \"from\", p.off_point AS \"to\", p.locator, p.booking_class, p.cabin,
            p.seat, p.party, p.status, p.outcome, f.status AS flight_status, f.delay_minutes
         FROM flight_passenger p JOIN flight f ON f.id = p.flight_id
         WHERE p.outcome NOT IN ('flown', 'go-show', 'no-record', 'no-show', 'refunded', 'changed',
            'moved') AND p.customer_id = ",
    );
    text.bind(customer.uuid());
    text
}
