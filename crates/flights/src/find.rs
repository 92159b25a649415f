//! Who was on a flight: the segments that count of one flight number on one day, whoever flew them.

use chrono::NaiveDate;
use store::{SqlBuilder, Tx, sql};

use crate::{Counted, Flights, Result};

/// A segment with what a passenger can show of it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct OnFlight {
    /// The segment.
    #[sqlx(flatten)]
    pub counted: Counted,
    /// Of the booking.
    pub record_locator: Option<String>,
    /// As assigned.
    pub seat: Option<String>,
}

/// Segments of one flight read at most.
const MOST: i64 = 1_000;

impl Flights {
    /// Segments that count of a flight (`JB`, `831`) on a local day of departure, however the
    /// number was written; at most a thousand. A day's segments are walked by the index of days.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn on_flight(
        &self,
        tx: &mut Tx,
        carrier: &str,
        number: &str,
        date: NaiveDate,
    ) -> Result<Vec<OnFlight>> {
        let mut query = SqlBuilder::new(
            "SELECT s.source, s.source_key, s.customer_id, s.record_id, s.flight_date, s.carrier,
                s.flight_no, s.origin, s.destination, s.booking_class, s.cabin, s.km, s.fare_minor,
                s.currency, s.booked_on, s.outcome, s.ticket_coupon, s.record_locator, s.seat
             FROM counted_segment s WHERE s.flight_date = ",
        );
        query.bind(date).push(" AND COALESCE(s.carrier, ").bind(carrier).push(") = ").bind(carrier);
        query.push(" AND s.flight_no IN ");
        let padded = [3, 4].map(|width| format!("{number:0>width$}"));
        let written = [number, &padded[0], &padded[1]].into_iter();
        query.bind_list(written.flat_map(|n| [n.to_owned(), format!("{carrier}{n}")]));
        query.push(" ORDER BY s.source, s.source_key LIMIT ").bind(MOST);
        Ok(tx.all(query.build()).await?)
    }

    /// What became of a ticket's coupon of a day, where it was not flown: `refunded`, `changed`,
    /// `cancelled`, `no-show`, `offloaded`, `denied`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fate(&self, tx: &mut Tx, ticket: &str, date: NaiveDate) -> Result<Option<String>> {
        if ticket.is_empty() {
            return Ok(None);
        }
        let status: Option<String> = tx
            .value_maybe(
                sql("SELECT status FROM ticket_coupon WHERE ticket = $1 AND flight_date = $2
                        AND status IN ('refunded', 'exchanged', 'void') ORDER BY coupon LIMIT 1")
                .bind(ticket)
                .bind(date),
            )
            .await?;
        if let Some(status) = status {
            let word = match status.as_str() {
                "exchanged" => "changed",
                "void" => "cancelled",
                _ => "refunded",
            };
            return Ok(Some(word.to_owned()));
        }
        Ok(tx
            .value_maybe(
                sql("SELECT p.outcome FROM flight_passenger p JOIN flight f ON f.id = p.flight_id
                     WHERE p.ticket = $1 AND f.flight_date = $2
                        AND p.outcome IN ('no-show', 'offloaded', 'denied')
                     ORDER BY p.id LIMIT 1")
                .bind(ticket)
                .bind(date),
            )
            .await?)
    }
}
