//! Coupons as kept, and the coupons that waited for a passenger.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::CouponInput;
use crate::messages::Arrival;
use crate::passengers::manifest::Manifest;
use crate::passengers::passenger::Coupon;
use crate::{Result, facts};

/// What is kept of a coupon that is said again.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Kept {
    pub id: Uuid,
    pub ticket: String,
    pub coupon: i64,
    pub said_at: DateTime<Utc>,
    pub fingerprint: i64,
    pub passenger_id: Option<Uuid>,
    pub flight_id: Option<Uuid>,
    pub source_key: String,
    pub record_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
}

/// A coupon on its way into the table.
pub(super) struct Row {
    id: Uuid,
    coupon: CouponInput,
    said_at: DateTime<Utc>,
    message: Uuid,
    passenger: Option<Uuid>,
    flight: Option<Uuid>,
    source_key: String,
    record: Option<Uuid>,
    customer: Option<Uuid>,
}

impl Row {
    /// Of a flight.
    pub fn of(
        coupon: &CouponInput,
        old: Option<&Kept>,
        arrival: &Arrival,
        flight: Uuid,
        placed: Option<(String, Uuid, Uuid)>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut row = Self::open(coupon, old, arrival, placed, now);
        row.flight = Some(flight);
        row
    }

    /// Of no flight that is known.
    pub fn open(
        coupon: &CouponInput,
        old: Option<&Kept>,
        arrival: &Arrival,
        placed: Option<(String, Uuid, Uuid)>,
        now: DateTime<Utc>,
    ) -> Self {
        let (key, record, customer) = match (placed, old) {
            (Some((key, record, customer)), _) => (key, Some(record), Some(customer)),
            (None, Some(old)) => (old.source_key.clone(), old.record_id, old.customer_id),
            (None, None) => (String::new(), None, None),
        };
        Self {
            id: old.map_or_else(|| kernel::ids::v7(now), |old| old.id),
            coupon: coupon.clone(),
            said_at: arrival.said_at,
            message: arrival.message,
            passenger: old.and_then(|old| old.passenger_id),
            flight: old.and_then(|old| old.flight_id),
            source_key: key,
            record,
            customer,
        }
    }

    /// Linked to its passenger.
    pub fn of_passenger(mut self, passenger: Uuid) -> Self {
        self.passenger = Some(passenger);
        self
    }

    /// What outcomes and segments ask of it.
    pub fn brief(&self, passenger: Uuid) -> Coupon {
        Coupon {
            id: self.id,
            passenger_id: passenger,
            ticket: self.coupon.ticket_number.clone(),
            coupon: self.coupon.coupon,
            status: self.coupon.status.clone(),
            message_id: self.message,
            record_id: self.record,
            customer_id: self.customer,
            issued_on: self.coupon.issued_on,
            channel: self.coupon.channel.clone(),
            booking_class: self.coupon.booking_class.clone(),
            fare_minor: self.coupon.fare_minor,
            discount: self.coupon.discount,
            currency: self.coupon.currency.clone(),
            said_at: self.said_at,
        }
    }

    fn values(self) -> Vec<Value> {
        let fingerprint = self.coupon.fingerprint();
        let of = self.coupon;
        vec![
            self.id.into(),
            of.ticket_number.into(),
            of.coupon.into(),
            of.status.into(),
            self.said_at.into(),
            self.message.into(),
            self.passenger.into(),
            self.flight.into(),
            of.issued_on.into(),
            of.agent.into(),
            of.channel.into(),
            of.marketing_carrier.into(),
            of.flight_number.into(),
            of.flight_date.into(),
            of.origin.into(),
            of.destination.into(),
            of.booking_class.into(),
            of.fare_basis.into(),
            of.fare_minor.into(),
            of.tax_minor.into(),
            of.discount.into(),
            of.currency.into(),
            of.form_of_payment.into(),
            of.corporate_id.into(),
            of.tour_code.into(),
            of.record_locator.into(),
            of.flown_on.into(),
            self.source_key.into(),
            self.record.into(),
            self.customer.into(),
            fingerprint.into(),
        ]
    }
}

const COLUMNS: &[(&str, Col)] = &[
    ("id", Col::uuid("id")),
    ("ticket", Col::text("ticket")),
    ("coupon", Col::i64("coupon")),
    ("status", Col::text("status")),
    ("said_at", Col::time("said_at")),
    ("message_id", Col::uuid("message_id")),
    ("passenger_id", Col::uuid("passenger_id")),
    ("flight_id", Col::uuid("flight_id")),
    ("issued_on", Col::date("issued_on")),
    ("agent", Col::text("agent")),
    ("channel", Col::text("channel")),
    ("carrier", Col::text("carrier")),
    ("number", Col::text("number")),
    ("flight_date", Col::date("flight_date")),
    ("origin", Col::text("origin")),
    ("destination", Col::text("destination")),
    ("booking_class", Col::text("booking_class")),
    ("fare_basis", Col::text("fare_basis")),
    ("fare_minor", Col::i64("fare_minor")),
    ("tax_minor", Col::i64("tax_minor")),
    ("discount", Col::f64("discount")),
    ("currency", Col::text("currency")),
    ("payment", Col::text("payment")),
    ("corporate", Col::text("corporate")),
    ("tour_code", Col::text("tour_code")),
    ("locator", Col::text("locator")),
    ("flown_on", Col::date("flown_on")),
    ("source_key", Col::text("source_key")),
    ("record_id", Col::uuid("record_id")),
    ("customer_id", Col::uuid("customer_id")),
    ("fingerprint", Col::i64("fingerprint")),
];

/// Coupons already kept, by ticket and number.
pub(super) async fn kept(
    tx: &mut Tx,
    coupons: &[CouponInput],
) -> Result<HashMap<(String, i64), Kept>> {
    let rows: Vec<Vec<Value>> = coupons
        .iter()
        .map(|coupon| vec![(&coupon.ticket_number).into(), coupon.coupon.into()])
        .collect();
    let found: Vec<Kept> = tx
        .with_rows_all(
            &[Col::text("ticket"), Col::i64("coupon")],
            rows,
            "SELECT c.id, c.ticket, c.coupon, c.said_at, c.fingerprint, c.passenger_id,
                c.flight_id, c.source_key, c.record_id, c.customer_id
             FROM input JOIN ticket_coupon c
                ON c.ticket = input.ticket AND c.coupon = input.coupon",
        )
        .await?;
    Ok(found.into_iter().map(|of| ((of.ticket.clone(), of.coupon), of)).collect())
}

/// Writes coupons, each once.
pub(super) async fn save(tx: &mut Tx, rows: Vec<Row>) -> Result<()> {
    let columns: Vec<Col> = COLUMNS.iter().map(|(_, column)| *column).collect();
    let sets = facts::sets(COLUMNS, &["id", "ticket", "coupon"]);
    let then = format!("ON CONFLICT (ticket, coupon) DO UPDATE SET {sets}");
    let values = rows.into_iter().map(Row::values).collect();
    tx.bulk("ticket_coupon", &columns, values, &then).await?;
    Ok(())
}

/// Coupons that came before their passenger join those of whom something new was said.
pub(crate) async fn link(tx: &mut Tx, manifest: &mut Manifest) -> Result<()> {
    let rows: Vec<Vec<Value>> = manifest
        .people
        .iter()
        .enumerate()
        .filter(|(_, of)| of.coupon.is_none() && of.is_changed() && !of.row.ticket.is_empty())
        .map(|(n, of)| {
            vec![
                (n as i64).into(),
                (&of.row.ticket).into(),
                of.row.coupon.into(),
                of.row.id.into(),
                (&of.row.board_point).into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns = [
        Col::i64("n"),
        Col::text("ticket"),
        Col::i64("coupon"),
        Col::uuid("passenger"),
        Col::text("board"),
    ];
    let found: Vec<Coupon> = tx
        .with_rows_all(
            &columns,
            rows,
            "SELECT c.id, input.passenger AS passenger_id, c.ticket, c.coupon, c.status,
                c.message_id, c.record_id, c.customer_id, c.issued_on, c.channel, c.booking_class,
                c.fare_minor, c.discount, c.currency, c.said_at
             FROM input JOIN ticket_coupon c ON c.ticket = input.ticket
             WHERE c.passenger_id IS NULL AND c.origin = input.board
                AND (input.coupon = 0 OR c.coupon = input.coupon)",
        )
        .await?;
    if found.is_empty() {
        return Ok(());
    }
    let flight = manifest.flight.id;
    let links =
        found.iter().map(|of| vec![of.id.into(), of.passenger_id.into(), flight.into()]).collect();
    tx.with_rows(
        &[Col::uuid("id"), Col::uuid("passenger"), Col::uuid("flight")],
        links,
        "UPDATE ticket_coupon SET passenger_id = input.passenger, flight_id = input.flight
         FROM input WHERE ticket_coupon.id = input.id",
    )
    .await?;
    for coupon in found {
        let owner = manifest.people.iter_mut().find(|of| of.row.id == coupon.passenger_id);
        if let Some(passenger) = owner {
            passenger.take_coupon(coupon);
        }
    }
    Ok(())
}
