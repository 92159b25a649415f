//! Facts follow their records: when a record gets another customer, so do they.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use customers::events::{FORGOTTEN, LINKS_MOVED};
use store::outbox::{Event, Handler};
use store::{Col, Value};
use uuid::Uuid;

use crate::facts::{mark_stale, partition};
use crate::segments::TABLE;
use crate::{Flights, Result};

/// Tables whose rows hang on a record.
const TABLES: &[&str] = &["flight_passenger", "ticket_coupon", "flown_segment"];

impl Flights {
    /// What this domain hears of others.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let follow = |flights: Self, event: Event| async move { flights.follow(&event).await };
        let forget = |flights: Self, event: Event| async move { flights.forget(&event).await };
        vec![
            Handler::new("flights.links", LINKS_MOVED, self, follow),
            Handler::new("flights.forgotten", FORGOTTEN, self, forget),
        ]
    }

    /// Reads the links as they are now; what the event says of them may be history.
    async fn follow(&self, event: &Event) -> Result<()> {
        let moves = event.data["moves"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rows: Vec<Vec<Value>> = moves
            .iter()
            .filter_map(|of| of["record"].as_str()?.parse::<Uuid>().ok())
            .map(|record| vec![record.into()])
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let column = [Col::uuid("record")];
        let mut tx = self.db.begin().await?;
        let moving: Vec<(NaiveDate, Uuid, Uuid)> = tx
            .with_rows_all(
                &column,
                rows.clone(),
                "SELECT DISTINCT s.flight_date, s.customer_id, l.customer_id AS to_id FROM input
                 JOIN record_owner l ON l.record_id = input.record
                 JOIN flown_segment s
                   ON s.record_id = input.record AND s.customer_id <> l.customer_id",
            )
            .await?;
        for table in TABLES {
            let text = format!(
                "UPDATE {table} SET customer_id = l.customer_id FROM input
                 JOIN record_owner l ON l.record_id = input.record
                 WHERE {table}.record_id = input.record
                   AND ({table}.customer_id IS NULL OR {table}.customer_id <> l.customer_id)"
            );
            tx.with_rows(&column, rows.clone(), &text).await?;
        }
        let concerned = moving.iter().flat_map(|(_, from, to)| [*from, *to]).collect();
        self.publish_last_flights(&mut tx, &concerned).await?;
        self.tell_changed(&mut tx, concerned).await?;
        let months: BTreeSet<String> =
            moving.into_iter().map(|(day, ..)| partition(Some(day))).collect();
        mark_stale(&mut tx, &TABLE, months).await?;
        tx.commit().await?;
        Ok(())
    }
}
