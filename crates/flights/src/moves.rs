//! Facts follow their records: when a record gets another customer, so do they.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use customers::events::{FORGOTTEN, LINKS_MOVED};
use kernel::Explain;
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
        let (moved, gone) = (self.clone(), self.clone());
        let code = |error: crate::Error| error.code().to_owned();
        let links = Handler {
            name: "flights.links",
            prefix: LINKS_MOVED,
            hear: Arc::new(move |event| {
                let flights = moved.clone();
                Box::pin(async move { flights.follow(&event).await.map_err(code) })
            }),
        };
        let forgotten = Handler {
            name: "flights.forgotten",
            prefix: FORGOTTEN,
            hear: Arc::new(move |event| {
                let flights = gone.clone();
                Box::pin(async move { flights.forget(&event).await.map_err(code) })
            }),
        };
        vec![links, forgotten]
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
        let days: Vec<(NaiveDate,)> = tx
            .with_rows_all(
                &column,
                rows.clone(),
                "SELECT DISTINCT s.flight_date FROM input
                 JOIN customer_link l
                   ON l.source_record_id = input.record AND l.unlinked_at IS NULL
                 JOIN flown_segment s
                   ON s.record_id = input.record AND s.customer_id <> l.customer_id",
            )
            .await?;
        for table in TABLES {
            let text = format!(
                "UPDATE {table} SET customer_id = l.customer_id FROM input
                 JOIN customer_link l
                   ON l.source_record_id = input.record AND l.unlinked_at IS NULL
                 WHERE {table}.record_id = input.record
                   AND ({table}.customer_id IS NULL OR {table}.customer_id <> l.customer_id)"
            );
            tx.with_rows(&column, rows.clone(), &text).await?;
        }
        let gained: Vec<(Uuid,)> = tx
            .with_rows_all(
                &column,
                rows,
                "SELECT DISTINCT l.customer_id FROM input JOIN customer_link l
                   ON l.source_record_id = input.record AND l.unlinked_at IS NULL",
            )
            .await?;
        let gained: BTreeSet<Uuid> = gained.into_iter().map(|(id,)| id).collect();
        self.publish_last_flights(&mut tx, &gained).await?;
        let months: BTreeSet<String> =
            days.into_iter().map(|(day,)| partition(Some(day))).collect();
        mark_stale(&mut tx, &TABLE, months).await?;
        tx.commit().await?;
        Ok(())
    }
}
