//! Which messages spoke of a flight.

use store::{Tx, sql};
use uuid::Uuid;

use super::Arrival;
use crate::Result;

/// What a message said of one flight, in numbers.
pub(crate) struct Spoken<'a> {
    /// `pnl`, `pfs`, `mvt`, `coupons`, `schedule`, …
    pub kind: &'a str,
    /// Boarding point or station; empty for none.
    pub board: &'a str,
    /// A list of everybody: who is not on it is known.
    pub complete: bool,
    /// Passengers or coupons named.
    pub people: u64,
    /// Facts changed.
    pub changed: u64,
}

impl<'a> Spoken<'a> {
    /// Of nobody in particular, with nothing changed.
    pub const fn of(kind: &'a str) -> Self {
        Self { kind, board: "", complete: false, people: 0, changed: 0 }
    }

    /// Writes it down. The same message again keeps what it changed the first time.
    pub async fn remember(&self, tx: &mut Tx, flight: Uuid, arrival: &Arrival) -> Result<()> {
        tx.exec(
            sql("INSERT INTO flight_message (message_id, flight_id, kind, board_point, said_at,
                    received_at, partial, people, changed)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (message_id, flight_id) DO UPDATE SET partial = excluded.partial,
                    people = excluded.people, said_at = excluded.said_at")
            .bind(arrival.message)
            .bind(flight)
            .bind(self.kind)
            .bind(self.board)
            .bind(arrival.said_at)
            .bind(arrival.received_at)
            .bind(!self.complete)
            .bind(i64::try_from(self.people).unwrap_or(i64::MAX))
            .bind(i64::try_from(self.changed).unwrap_or(i64::MAX)),
        )
        .await?;
        Ok(())
    }
}
