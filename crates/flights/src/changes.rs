//! Whose segments changed, told in the transaction in which they did.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use customers::CustomerId;
use futures::future::BoxFuture;
use store::{Col, Tx, Value};
use uuid::Uuid;

use crate::Flights;

/// Hears whose segments were added, changed or taken away. What it writes is true or not together
/// with them.
pub type Told = Arc<
    dyn for<'a> Fn(&'a mut Tx, Vec<CustomerId>) -> BoxFuture<'a, store::Result<()>> + Send + Sync,
>;

/// A segment that counts, flown or missed: what a programme is asked about.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Counted {
    /// Where it comes from; with `source_key` its identity.
    pub source: String,
    /// Unique within the source.
    pub source_key: String,
    /// Who flew.
    pub customer_id: Uuid,
    /// The record it hangs on.
    pub record_id: Option<Uuid>,
    /// Local day of departure.
    pub flight_date: NaiveDate,
    /// Two or three letters.
    pub carrier: Option<String>,
    /// With or without the carrier in front.
    pub flight_no: Option<String>,
    /// IATA code.
    pub origin: Option<String>,
    /// IATA code.
    pub destination: Option<String>,
    /// RBD letter.
    pub booking_class: Option<String>,
    /// first, business, premium, economy
    pub cabin: Option<String>,
    /// Distance.
    pub km: i64,
    /// Minor units of `currency`.
    pub fare_minor: Option<i64>,
    /// Three letters.
    pub currency: Option<String>,
    /// Day of booking.
    pub booked_on: Option<NaiveDate>,
    /// flown, no-show, refunded, changed, cancelled, booked
    pub outcome: String,
    /// Ticket and coupon.
    pub ticket_coupon: Option<String>,
}

impl Flights {
    /// Has `told` hear of changed segments. Without it nobody is told.
    #[must_use]
    pub fn with_told(mut self, told: Told) -> Self {
        self.told = Some(told);
        self
    }

    pub(crate) fn tells(&self) -> bool {
        self.told.is_some()
    }

    pub(crate) async fn tell_changed(
        &self,
        tx: &mut Tx,
        whose: impl IntoIterator<Item = Uuid>,
    ) -> store::Result<()> {
        let Some(told) = &self.told else { return Ok(()) };
        let whose: Vec<CustomerId> = whose.into_iter().map(CustomerId::from).collect();
        if whose.is_empty() { Ok(()) } else { told(tx, whose).await }
    }

    /// Every segment that counts of these customers, in the order of their days; of a flight told by
    /// a file and by messages the one that counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counted(
        &self,
        tx: &mut Tx,
        customers: &[CustomerId],
    ) -> store::Result<HashMap<CustomerId, Vec<Counted>>> {
        let rows = customers.iter().map(|id| vec![id.uuid().into()]).collect();
        let found: Vec<Counted> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows,
                "SELECT s.source, s.source_key, s.customer_id, s.record_id, s.flight_date, s.carrier,
                    s.flight_no, s.origin, s.destination, s.booking_class, s.cabin, s.km,
                    s.fare_minor, s.currency, s.booked_on, s.outcome, s.ticket_coupon
                 FROM input JOIN counted_segment s ON s.customer_id = input.id
                 ORDER BY s.flight_date, s.source, s.source_key",
            )
            .await?;
        let mut by_customer: HashMap<CustomerId, Vec<Counted>> = HashMap::new();
        for one in found {
            by_customer.entry(one.customer_id.into()).or_default().push(one);
        }
        Ok(by_customer)
    }
}

/// Whose these segments are now; `input` has their identity as `condition` says.
pub(crate) async fn owners(
    tx: &mut Tx,
    columns: &[Col],
    rows: Vec<Vec<Value>>,
    condition: &str,
) -> store::Result<BTreeSet<Uuid>> {
    let text =
        format!("SELECT DISTINCT s.customer_id FROM input JOIN flown_segment s ON {condition}");
    let found: Vec<(Uuid,)> = tx.with_rows_all(columns, rows, &text).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
