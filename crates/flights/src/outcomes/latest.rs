//! The last flight of a customer, told to `customers` as soon as it is known: lists and the page of a
//! customer do not wait for the next value run.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use customers::LastFlight;
use store::{Col, Tx};
use uuid::Uuid;

use crate::{Flights, Result};

/// A customer; the day, origin and destination of the last flight.
type Row = (Uuid, Option<NaiveDate>, Option<String>, Option<String>);

impl Flights {
    /// Publishes the last flown segment of each of these customers, or that there is none any more.
    /// Two statements.
    pub(crate) async fn publish_last_flights(
        &self,
        tx: &mut Tx,
        of: &BTreeSet<Uuid>,
    ) -> Result<()> {
        if of.is_empty() {
            return Ok(());
        }
        let found: Vec<Row> = tx
            .with_rows_all(
                &[Col::uuid("customer_id")],
                of.iter().map(|customer| vec![(*customer).into()]).collect(),
                "SELECT input.customer_id, s.flight_date, s.origin, s.destination
                 FROM input LEFT JOIN flown_segment s ON s.id = (
                    SELECT f.id FROM counted_segment f
                    WHERE f.customer_id = input.customer_id AND f.outcome = 'flown'
                    ORDER BY f.at DESC, f.id DESC LIMIT 1)",
            )
            .await?;
        let last = |(customer, day, from, to): Row| LastFlight {
            customer: customer.into(),
            day,
            route: from.zip(to).map(|(from, to)| format!("{from}-{to}")),
        };
        let found: Vec<LastFlight> = found.into_iter().map(last).collect();
        self.customers.publish_last_flights(tx, &found).await?;
        Ok(())
    }
}
