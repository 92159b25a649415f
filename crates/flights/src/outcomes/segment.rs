//! Flown segments out of outcomes: one row per passenger, written anew whenever the words change.

use std::collections::BTreeSet;

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;
use kernel::airports;
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::Outcome;
use crate::Result;
use crate::facts::{Fingerprint, mark_stale, partition};
use crate::passengers::manifest::Manifest;
use crate::passengers::passenger::Passenger;
use crate::passengers::row::Row;
use crate::segments::TABLE;

/// The source of all segments made here.
pub(crate) const SOURCE: &str = "flights";

/// How an outcome reads as a segment; `None` where there is nothing to count.
const fn word(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Flown | Outcome::GoShow | Outcome::NoRecord => Some("flown"),
        Outcome::NoShow => Some("no-show"),
        Outcome::Refunded => Some("refunded"),
        Outcome::Changed | Outcome::Moved => Some("changed"),
        _ => None,
    }
}

/// Writes segments of passengers whose row, word or coupon changed; takes back those that are none
/// any more. Three statements. Returns whose segments these are, none when nothing changed.
pub(super) async fn write(
    tx: &mut Tx,
    manifest: &Manifest,
    message: Uuid,
    now: DateTime<Utc>,
) -> Result<BTreeSet<Uuid>> {
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    let (mut months, mut whose) = (BTreeSet::new(), BTreeSet::new());
    for passenger in manifest.people.iter().filter(|of| of.is_touched()) {
        let word = word_of(&passenger.row);
        let was = passenger.before.as_ref().filter(|before| word_of(before).is_some());
        // The flight may have moved to another month: both are behind then.
        months.extend(was.map(month));
        match (word, passenger.row.customer_id) {
            (Some(word), Some(customer)) => {
                months.insert(month(&passenger.row));
                whose.insert(customer);
                whose.extend(was.and_then(|before| before.customer_id));
                rows.push(row(manifest, passenger, word, customer, (message, now)));
            }
            _ if was.is_some() => {
                whose.extend(passenger.row.customer_id);
                gone.push(vec![passenger.row.id.to_string().into()]);
            }
            _ => {}
        }
    }
    let mut written = 0;
    if !gone.is_empty() {
        written += tx
            .with_rows(
                &[Col::text("source_key")],
                gone,
                "DELETE FROM flown_segment WHERE source = 'flights'
                AND source_key IN (SELECT source_key FROM input)",
            )
            .await?;
    }
    if !rows.is_empty() {
        written += tx.bulk("flown_segment", &columns(), rows, &on_conflict()).await?;
    }
    // What was said again, word for word, leaves the copies as good as they are.
    if written == 0 {
        return Ok(BTreeSet::new());
    }
    mark_stale(tx, &TABLE, months).await?;
    Ok(whose)
}

fn word_of(row: &Row) -> Option<&'static str> {
    Outcome::read(&row.outcome).and_then(word)
}

/// Departure by the clock of the board point.
fn local(row: &Row) -> DateTime<Tz> {
    row.at.with_timezone(&airports::zone(&row.board_point))
}

fn month(row: &Row) -> String {
    partition(Some(local(row).date_naive()))
}

fn columns() -> Vec<Col> {
    let common = crate::facts::COMMON.iter().map(|(_, column)| *column);
    let own = TABLE.columns.iter().map(|(_, column)| *column);
    let ours = [Col::text("basis"), Col::uuid("message_id"), Col::uuid("record_id")];
    std::iter::once(Col::uuid("id")).chain(common).chain(own).chain(ours).collect()
}

fn on_conflict() -> String {
    let common = crate::facts::COMMON.iter().map(|(name, _)| *name);
    let own = TABLE.columns.iter().map(|(name, _)| *name);
    let sets: Vec<String> = common
        .chain(own)
        .chain(["basis", "message_id", "record_id"])
        .filter(|name| !matches!(*name, "created_import" | "source" | "source_key"))
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    format!(
        "ON CONFLICT (source, source_key) DO UPDATE SET {}
         WHERE flown_segment.fingerprint <> excluded.fingerprint
            OR flown_segment.customer_id <> excluded.customer_id
            OR flown_segment.record_id IS NULL
            OR flown_segment.record_id <> excluded.record_id",
        sets.join(", ")
    )
}

fn row(
    manifest: &Manifest,
    passenger: &Passenger,
    word: &str,
    customer: Uuid,
    (message, now): (Uuid, DateTime<Utc>),
) -> Vec<Value> {
    let (flight, row) = (&manifest.flight, &passenger.row);
    let coupon = passenger.coupon.as_ref();
    let told = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let timed = flight
        .legs
        .iter()
        .any(|leg| leg.board_point == row.board_point && leg.departs_at.is_some());
    let local = local(row);
    let minute = timed.then(|| i64::from(local.hour() * 60 + local.minute()));
    let km = airports::distance_km(&row.board_point, &row.off_point).map_or(0, |km| km.0);
    // Bought: the class sold by the marketing airline, else the ticketed, else the booked one. A
    // change of cabin against the passenger's will changes nothing here.
    let class = [&row.marketing_class, &row.booking_class, &row.flown_class];
    let class = class.into_iter().find(|class| !class.is_empty()).cloned().unwrap_or_default();
    let cabin = if row.cabin.is_empty() { flight.cabin(&class) } else { row.cabin.clone() };
    let ticket = told(&row.ticket).map(|ticket| format!("{ticket}/{}", row.coupon));
    let seat = passenger.word("prl").map(|word| word.seat.clone()).filter(|seat| !seat.is_empty());
    let values: Vec<Value> = vec![
        local.date_naive().into(),
        minute.into(),
        row.at.into(),
        (&flight.carrier).into(),
        (&flight.number).into(),
        told(&row.board_point).into(),
        told(&row.off_point).into(),
        told(&class).into(),
        told(&cabin).into(),
        km.into(),
        coupon.and_then(|coupon| coupon.fare_minor).into(),
        coupon.and_then(|coupon| told(&coupon.currency)).into(),
        coupon.and_then(|coupon| coupon.discount).into(),
        coupon.and_then(|coupon| coupon.issued_on).or(row.booked_on).into(),
        coupon.and_then(|coupon| told(&coupon.channel)).into(),
        word.into(),
        told(&row.locator).into(),
        ticket.into(),
        seat.or_else(|| told(&row.seat)).into(),
        row.party.into(),
        Value::Int(None),
        (&row.basis).into(),
    ];
    let fingerprint = Fingerprint::of(&values);
    let mut all: Vec<Value> = vec![
        kernel::ids::v7(now).into(),
        customer.into(),
        SOURCE.into(),
        row.id.to_string().into(),
        message.into(),
        message.into(),
        fingerprint.into(),
    ];
    all.extend(values);
    all.push(row.outcome_message.unwrap_or(message).into());
    all.push(row.record_id.into());
    all
}
