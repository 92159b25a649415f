//! Flown segments: their door, and reading one customer's.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use customers::{CustomerId, Policy};
use kernel::airports;
use serde::Serialize;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::changes::owners;
use crate::facts::{self, Applied, Fact, Fingerprint, Table};
use crate::{Flights, Result, SEGMENTS};

/// One segment a customer flew, booked or missed.
#[derive(Clone, Debug)]
pub struct SegmentInput {
    /// Who.
    pub customer: CustomerId,
    /// Unique within the source.
    pub source_key: String,
    /// Local day of departure.
    pub flight_date: NaiveDate,
    /// Local time of departure in minutes after midnight.
    pub departs_minute: Option<i64>,
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
    /// Discount coefficient against full fare.
    pub discount: Option<f64>,
    /// Day of booking.
    pub booked_on: Option<NaiveDate>,
    /// web, app, agency, …
    pub channel: Option<String>,
    /// flown, no-show, refunded, changed, cancelled, booked
    pub outcome: String,
    /// PNR.
    pub record_locator: Option<String>,
    /// Ticket and coupon.
    pub ticket_coupon: Option<String>,
    /// For instance 31A.
    pub seat: Option<String>,
    /// Passengers under the same booking.
    pub party_size: Option<i64>,
    /// Spent on extras, minor units of `currency`.
    pub extras_minor: Option<i64>,
}

pub(crate) const TABLE: Table = Table {
    name: "flown_segment",
    before: "flown_segment_before",
    columns: &[
        ("flight_date", Col::date("flight_date")),
        ("departs_minute", Col::i64("departs_minute")),
        ("at", Col::time("at")),
        ("carrier", Col::text("carrier")),
        ("flight_no", Col::text("flight_no")),
        ("origin", Col::text("origin")),
        ("destination", Col::text("destination")),
        ("booking_class", Col::text("booking_class")),
        ("cabin", Col::text("cabin")),
        ("km", Col::i64("km")),
        ("fare_minor", Col::i64("fare_minor")),
        ("currency", Col::text("currency")),
        ("discount", Col::f64("discount")),
        ("booked_on", Col::date("booked_on")),
        ("channel", Col::text("channel")),
        ("outcome", Col::text("outcome")),
        ("record_locator", Col::text("record_locator")),
        ("ticket_coupon", Col::text("ticket_coupon")),
        ("seat", Col::text("seat")),
        ("party_size", Col::i64("party_size")),
        ("extras_minor", Col::i64("extras_minor")),
    ],
    lake: Some(SEGMENTS),
};

impl SegmentInput {
    fn fact(self) -> Fact {
        let at = moment(self.flight_date, self.departs_minute, self.origin.as_deref());
        let (customer, source_key, flight_date) =
            (self.customer, self.source_key.clone(), self.flight_date);
        let values: Vec<Value> = vec![
            self.flight_date.into(),
            self.departs_minute.into(),
            at.into(),
            self.carrier.into(),
            self.flight_no.into(),
            self.origin.into(),
            self.destination.into(),
            self.booking_class.into(),
            self.cabin.into(),
            self.km.into(),
            self.fare_minor.into(),
            self.currency.into(),
            self.discount.into(),
            self.booked_on.into(),
            self.channel.into(),
            self.outcome.into(),
            self.record_locator.into(),
            self.ticket_coupon.into(),
            self.seat.into(),
            self.party_size.into(),
            self.extras_minor.into(),
        ];
        Fact {
            customer,
            source_key,
            fingerprint: Fingerprint::of(&values),
            month: Some(flight_date),
            values,
        }
    }
}

/// The moment of departure: local time at the origin; without a time, noon; without a known
/// airport, UTC.
pub(crate) fn moment(day: NaiveDate, minute: Option<i64>, origin: Option<&str>) -> DateTime<Utc> {
    let minute = u32::try_from(minute.unwrap_or(12 * 60)).unwrap_or(0).min(24 * 60 - 1);
    let local = day.and_hms_opt(minute / 60, minute % 60, 0).unwrap_or_default();
    let zone: Option<Tz> = origin.and_then(airports::find).map(|airport| airport.tz);
    zone.and_then(|zone| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// A segment as read for one customer.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[allow(missing_docs, reason = "as in SegmentInput")]
pub struct Trip {
    pub id: Uuid,
    #[serde(skip)]
    #[sqlx(default)]
    pub source: String,
    #[serde(skip)]
    #[sqlx(default)]
    pub source_key: String,
    pub flight_date: NaiveDate,
    pub departs_minute: Option<i64>,
    pub at: DateTime<Utc>,
    pub carrier: Option<String>,
    pub flight_no: Option<String>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub booking_class: Option<String>,
    pub cabin: Option<String>,
    pub km: i64,
    pub fare_minor: Option<i64>,
    pub currency: Option<String>,
    pub discount: Option<f64>,
    pub booked_on: Option<NaiveDate>,
    pub channel: Option<String>,
    pub outcome: String,
    pub record_locator: Option<String>,
    pub seat: Option<String>,
    pub party_size: Option<i64>,
    pub extras_minor: Option<i64>,
    /// What the outcome rests on, where messages told it: coupon, prl, etl, pfs, scan.
    pub basis: Option<String>,
}

impl Trip {
    /// Carrier and number together, `CZ3101`.
    #[must_use]
    pub fn designator(&self) -> Option<String> {
        let number = self.flight_no.as_deref()?;
        let carrier = self.carrier.as_deref().unwrap_or_default();
        Some(if number.starts_with(|c: char| c.is_ascii_digit()) {
            format!("{carrier}{number}")
        } else {
            number.to_owned()
        })
    }
}

/// Facts hang on records: of a file's rows it is the one the customer was found by last. A row that
/// went to another customer leaves the record of the one before, or it would follow it back. `same`
/// ties rows of `flown_segment` to those of `input`.
pub(crate) async fn hang_on_records(
    tx: &mut Tx,
    columns: &[Col],
    rows: Vec<Vec<Value>>,
    same: &str,
) -> store::Result<u64> {
    let text = format!(
        "UPDATE flown_segment SET record_id = (
            SELECT l.record_id FROM record_owner l
            WHERE l.customer_id = flown_segment.customer_id
            ORDER BY l.linked_at DESC, l.record_id DESC LIMIT 1)
         FROM input WHERE {same}
            AND (flown_segment.record_id IS NULL OR NOT EXISTS (
                SELECT 1 FROM record_owner l WHERE l.record_id = flown_segment.record_id
                    AND l.customer_id = flown_segment.customer_id))"
    );
    tx.with_rows(columns, rows, &text).await
}

impl Flights {
    /// Puts segments in. One result per input, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply_segments(
        &self,
        tx: &mut Tx,
        source: &str,
        import: Uuid,
        inputs: Vec<SegmentInput>,
        policy: Policy,
    ) -> Result<Vec<Applied>> {
        let keys: Vec<Vec<Value>> = inputs
            .iter()
            .map(|input| vec![source.into(), input.source_key.as_str().into()])
            .collect();
        let columns = [Col::text("source"), Col::text("source_key")];
        let at = "s.source = input.source AND s.source_key = input.source_key";
        let mut whose = match self.tells() {
            true => owners(tx, &columns, keys.clone(), at).await?,
            false => BTreeSet::new(),
        };
        let now_whose: Vec<Uuid> = inputs.iter().map(|input| input.customer.uuid()).collect();
        let facts = inputs.into_iter().map(SegmentInput::fact).collect();
        let now = self.clock.now();
        let applied = facts::apply(tx, &TABLE, (source, import), facts, policy, now).await?;
        let same = "flown_segment.source = input.source
            AND flown_segment.source_key = input.source_key";
        hang_on_records(tx, &columns, keys, same).await?;
        if applied.iter().any(|one| matches!(one, Applied::Created | Applied::Updated)) {
            whose.extend(now_whose);
            self.tell_changed(tx, whose).await?;
        }
        Ok(applied)
    }

    /// The newest segments of a customer, before `before` in the order (at, id), newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn trips(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        before: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Trip>> {
        let far = Utc.with_ymd_and_hms(9_000, 1, 1, 0, 0, 0).single().unwrap_or_default();
        let (at, id) = before.unwrap_or((far, Uuid::max()));
        Ok(tx
            .all(
                sql("SELECT id, source, source_key, flight_date, departs_minute, at, carrier, flight_no, origin,
                        destination, booking_class, cabin, km, fare_minor, currency, discount,
                        booked_on, channel, outcome, record_locator, seat, party_size, extras_minor,
                        basis
                     FROM counted_segment
                     WHERE customer_id = $1 AND (at, id) < ($2, $3)
                     ORDER BY at DESC, id DESC LIMIT $4")
                .bind(customer.uuid())
                .bind(at)
                .bind(id)
                .bind(limit),
            )
            .await?)
    }

    /// Forgets what rows were before imports that can no longer be undone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_undo(&self, tx: &mut Tx, imports: &[Uuid]) -> Result<u64> {
        Ok(facts::forget_before(tx, imports).await?)
    }

    /// Which of `customers` some fact here refers to: asked before customers are deleted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn in_use(tx: &mut Tx, customers: &[CustomerId]) -> store::Result<Vec<CustomerId>> {
        let rows: Vec<Vec<Value>> =
            customers.iter().map(|customer| vec![customer.uuid().into()]).collect();
        let found: Vec<(Uuid,)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows,
                "SELECT input.id FROM input
                 WHERE EXISTS (SELECT 1 FROM flown_segment f WHERE f.customer_id = input.id)
                    OR EXISTS (SELECT 1 FROM activity_summary f WHERE f.customer_id = input.id)
                    OR EXISTS (SELECT 1 FROM activity_month f WHERE f.customer_id = input.id)
                    OR EXISTS (SELECT 1 FROM flight_passenger f WHERE f.customer_id = input.id)
                    OR EXISTS (SELECT 1 FROM ticket_coupon f WHERE f.customer_id = input.id)",
            )
            .await?;
        Ok(found.into_iter().map(|(id,)| CustomerId::from(id)).collect())
    }
}

/// The first day of the month after the one `day` is in.
pub(crate) fn next_month(day: NaiveDate) -> NaiveDate {
    let last = kernel::dates::month_end(day);
    last.checked_add_days(Days::new(1)).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departures_are_local_to_their_airport() {
        let day: NaiveDate = "2026-03-01".parse().unwrap_or_default();
        assert_eq!(
            moment(day, Some(8 * 60), Some("PEK")).to_rfc3339(),
            "2026-03-01T00:00:00+00:00"
        );
        assert_eq!(moment(day, Some(8 * 60), None).to_rfc3339(), "2026-03-01T08:00:00+00:00");
        assert_eq!(moment(day, None, Some("???")).to_rfc3339(), "2026-03-01T12:00:00+00:00");
    }
}
