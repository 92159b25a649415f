//! From what is known of a flight's passengers to outcomes, and everything written down.

use chrono::{DateTime, Utc};
use customers::identity::{Placed, Statement};
use serde_json::json;
use store::outbox::{self, Event};
use store::{Tx, sql};
use uuid::Uuid;

use super::{Booking, Decision, Evidence, Outcome, decide, segment};
use crate::messages::{Arrival, cabin};
use crate::passengers::manifest::Manifest;
use crate::passengers::passenger::Passenger;
use crate::passengers::row::{self, Row, Word};
use crate::{Flights, Result, tickets};

/// Passengers one event names.
const PER_EVENT: usize = 500;

impl Flights {
    /// Places people, decides outcomes and writes what changed. Returns how many passengers did.
    pub(crate) async fn settle(
        &self,
        tx: &mut Tx,
        manifest: &mut Manifest,
        arrival: &Arrival,
    ) -> Result<u64> {
        self.place(tx, manifest).await?;
        tickets::link(tx, manifest).await?;
        let turned = decide_all(manifest, arrival.message);
        let changed = manifest.changed();
        // Gathered before the wait: an iterator with closures held across it is not `Send` enough.
        let rows: Vec<&Row> =
            manifest.people.iter().filter(|of| of.is_changed()).map(|of| &of.row).collect();
        row::save(tx, &rows).await?;
        row::drop_words(tx, &manifest.dropped).await?;
        let words: Vec<&Word> = manifest
            .people
            .iter()
            .flat_map(|of| of.words.iter().filter(|word| of.fresh_words.contains(&word.kind)))
            .collect();
        row::save_words(tx, &words).await?;
        let flew = segment::write(tx, manifest, arrival.message, self.clock.now()).await?;
        self.publish_last_flights(tx, &flew).await?;
        self.tell_changed(tx, flew).await?;
        if changed > 0 {
            count(tx, manifest).await?;
        }
        say(tx, manifest, &turned, self.clock.now()).await?;
        Ok(changed)
    }

    /// Finds a customer for everybody of whom something new was said: one call.
    async fn place(&self, tx: &mut Tx, manifest: &mut Manifest) -> Result<()> {
        let (mut statements, mut whose) = (Vec::new(), Vec::new());
        for (index, passenger) in manifest.people.iter_mut().enumerate() {
            if let Some(statement) = passenger.booking.take() {
                statements.push(statement);
                whose.push((index, None));
            }
            if let Some((kind, statement)) = passenger.departure.take() {
                statements.push(statement);
                whose.push((index, Some(kind)));
            }
        }
        let placed = self.placed(tx, statements).await?;
        for ((index, kind), placed) in whose.into_iter().zip(placed) {
            let passenger = &mut manifest.people[index];
            let (record, customer) = (placed.record.uuid(), placed.customer.uuid());
            let booking = kind.is_none();
            if let Some(kind) = kind
                && let Some(word) = passenger.words.iter_mut().find(|word| word.kind == kind)
            {
                word.record_id = Some(record);
                passenger.fresh_words.insert(kind);
            }
            // Facts hang on the booking's record; on another only while there is none.
            if booking || passenger.row.status == "unlisted" || passenger.row.record_id.is_none() {
                passenger.row.record_id = Some(record);
                passenger.row.customer_id = Some(customer);
            }
        }
        Ok(())
    }

    /// One result per statement; nothing to ask for is not asked.
    pub(crate) async fn placed(
        &self,
        tx: &mut Tx,
        statements: Vec<Statement>,
    ) -> Result<Vec<Placed>> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.customers.place(tx, statements).await?)
    }
}

/// Decides on everybody. Returns the indexes of those with another outcome than before.
fn decide_all(manifest: &mut Manifest, message: Uuid) -> Vec<usize> {
    let decisions: Vec<Decision> =
        manifest.people.iter().map(|passenger| decision(manifest, passenger)).collect();
    let mut turned = Vec::new();
    for (index, (passenger, decision)) in manifest.people.iter_mut().zip(decisions).enumerate() {
        let flown_class = flown_class(passenger, decision);
        let replaced = replaced_number(passenger);
        let row = &mut passenger.row;
        let same = row.outcome == decision.outcome.as_str()
            && row.basis == decision.basis.as_str()
            && row.class_change == decision.class_change.as_str();
        if !same {
            decision.outcome.as_str().clone_into(&mut row.outcome);
            decision.basis.as_str().clone_into(&mut row.basis);
            decision.class_change.as_str().clone_into(&mut row.class_change);
            row.outcome_message = Some(message);
            turned.push(index);
        }
        row.flown_class = flown_class;
        row.replaced_ffp = replaced;
    }
    turned
}

fn decision(manifest: &Manifest, passenger: &Passenger) -> Decision {
    let (flight, row) = (&manifest.flight, &passenger.row);
    let rank = |class: &str| cabin::rank(&flight.cabin(class));
    let heard = |kind: &str| manifest.heard_at(kind, &row.board_point).is_some();
    let pfs = passenger.word("pfs").map(|word| (word.category.as_str(), rank(&word.class)));
    decide(&Evidence {
        booking: match row.status.as_str() {
            "booked" => Booking::Booked,
            "waitlisted" => Booking::Waitlisted,
            "deleted" => Booking::Deleted,
            _ => Booking::Unlisted,
        },
        booked_rank: rank(&row.booking_class),
        coupon: passenger.coupon.as_ref().map(|coupon| coupon.status.as_str()),
        on_prl: passenger.word("prl").map(|word| rank(&word.class)),
        prl_complete: heard("prl"),
        on_etl: passenger.word("etl").is_some(),
        pfs,
        pfs_complete: heard("pfs"),
        pnl_known: heard("pnl"),
        scanned: passenger.word("scan").is_some(),
        cancelled: flight.is_cancelled(&row.board_point, &row.off_point),
    })
}

fn flown_class(passenger: &Passenger, decision: Decision) -> String {
    if !decision.outcome.is_flown() {
        return String::new();
    }
    let told = passenger.word("prl").or_else(|| passenger.word("pfs")).map(|word| &word.class);
    let told = told.filter(|class| !class.is_empty());
    told.unwrap_or(&passenger.row.booking_class).clone()
}

/// The number checked in with, where it is another than the booked one.
fn replaced_number(passenger: &Passenger) -> String {
    let told = ["prl", "pfs", "ftl"].iter().filter_map(|kind| passenger.word(kind));
    let told = told.map(|word| &word.ffp).find(|ffp| !ffp.is_empty());
    told.filter(|ffp| **ffp != passenger.row.ffp).cloned().unwrap_or_default()
}

/// Counts on the flight's own row, for lists.
async fn count(tx: &mut Tx, manifest: &Manifest) -> Result<()> {
    let (mut booked, mut flown, mut no_show, mut irregular) = (0_i64, 0_i64, 0_i64, 0_i64);
    for passenger in &manifest.people {
        let outcome = Outcome::read(&passenger.row.outcome).unwrap_or(Outcome::Unclear);
        booked += i64::from(passenger.row.status == "booked");
        flown += i64::from(outcome.is_flown());
        no_show += i64::from(outcome == Outcome::NoShow);
        irregular += i64::from(outcome.is_irregular() || !passenger.row.class_change.is_empty());
    }
    tx.exec(
        sql(
            "UPDATE flight SET booked = $2, flown = $3, no_show = $4, irregular = $5 WHERE id = $1",
        )
        .bind(manifest.flight.id)
        .bind(booked)
        .bind(flown)
        .bind(no_show)
        .bind(irregular),
    )
    .await?;
    Ok(())
}

/// `flights.passenger.outcome.v1`: outcomes that are settled, or were and are no longer.
async fn say(tx: &mut Tx, manifest: &Manifest, turned: &[usize], now: DateTime<Utc>) -> Result<()> {
    let flight = &manifest.flight;
    let items: Vec<serde_json::Value> = turned
        .iter()
        .map(|index| &manifest.people[*index])
        .filter_map(|passenger| {
            let row = &passenger.row;
            let before = passenger.before.as_ref().and_then(|row| Outcome::read(&row.outcome));
            let now = Outcome::read(&row.outcome)?;
            let told = now.is_settled() || before.is_some_and(Outcome::is_settled);
            told.then(|| {
                json!({
                    "passenger": row.id,
                    "customer": row.customer_id,
                    "record": row.record_id,
                    "outcome": row.outcome,
                    "before": before.map_or("", Outcome::as_str),
                    "basis": row.basis,
                    "class_change": row.class_change,
                    "from": row.board_point,
                    "to": row.off_point,
                })
            })
        })
        .collect();
    for chunk in items.chunks(PER_EVENT) {
        let data = json!({
            "flight": flight.id,
            "designator": flight.designator(),
            "date": flight.date,
            "passengers": chunk,
        });
        let subject = format!("flight/{}", flight.id);
        let event = Event::new("flights.passenger.outcome.v1", subject, now, data);
        outbox::say(tx, &event).await?;
    }
    Ok(())
}
