//! One passenger of the flight while a message is applied.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use customers::identity::Statement;
use sqlx::types::Json;
use uuid::Uuid;

use super::row::{Row, Word};
use crate::messages::mention::{Change, Mention};
use crate::messages::{Arrival, FlightKey};
use crate::operations::Flight;
use crate::tickets;

/// A passenger with what is to be done.
pub(crate) struct Passenger {
    pub row: Row,
    pub words: Vec<Word>,
    pub coupon: Option<Coupon>,
    /// As loaded; `None` for a new one.
    pub before: Option<Row>,
    /// Kinds of words to write.
    pub fresh_words: HashSet<String>,
    /// Said of the booking, waiting for its place.
    pub booking: Option<Statement>,
    /// Said of the departure, waiting for its place.
    pub departure: Option<(String, Statement)>,
    /// Something else about it changed that its segment shows.
    pub touched: bool,
    /// Departure control said something new.
    pub told_anew: bool,
}

/// What the ticket says of a passenger's flight.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct Coupon {
    pub id: Uuid,
    pub passenger_id: Uuid,
    pub ticket: String,
    pub coupon: i64,
    pub status: String,
    pub message_id: Uuid,
    pub record_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub issued_on: Option<chrono::NaiveDate>,
    pub channel: String,
    pub booking_class: String,
    pub fare_minor: Option<i64>,
    pub discount: Option<f64>,
    pub currency: String,
    pub said_at: DateTime<Utc>,
}

impl Coupon {
    /// Which of several coupons of a passenger counts: the greatest. One that was flown before one
    /// that may be, and that before one that is over; of two alike the one said later.
    pub fn weight(&self) -> (bool, bool, DateTime<Utc>, Uuid) {
        (self.status == "flown", !tickets::is_over(&self.status), self.said_at, self.id)
    }
}

impl Passenger {
    /// Nobody spoke of before, and nothing is to be done yet.
    pub fn new(row: Row) -> Self {
        Self {
            row,
            words: Vec::new(),
            coupon: None,
            before: None,
            fresh_words: HashSet::new(),
            booking: None,
            departure: None,
            touched: false,
            told_anew: false,
        }
    }

    /// One more thing tickets say. Facts hang on its record only while there is no other.
    pub fn take_coupon(&mut self, coupon: Coupon) {
        if self.row.record_id.is_none() {
            self.row.record_id = coupon.record_id;
            self.row.customer_id = coupon.customer_id;
        }
        if self.row.ticket.is_empty() {
            self.row.ticket.clone_from(&coupon.ticket);
            self.row.coupon = coupon.coupon;
        }
        self.touched = true;
        let same = |of: &Coupon| (&of.ticket, of.coupon) == (&coupon.ticket, coupon.coupon);
        let stays = |of: &Coupon| !same(of) && of.weight() > coupon.weight();
        if !self.coupon.as_ref().is_some_and(stays) {
            self.coupon = Some(coupon);
        }
    }

    /// The row says something else than before; that it was said again is no news.
    pub(super) fn is_news(&self) -> bool {
        let Some(before) = &self.before else { return true };
        let said_again = Row { said_at: before.said_at, ..self.row.clone() };
        said_again != *before
    }

    /// Its segment is to be looked at.
    pub fn is_touched(&self) -> bool {
        self.touched || !self.fresh_words.is_empty() || self.is_changed()
    }

    /// The row differs from what is kept.
    pub fn is_changed(&self) -> bool {
        self.before.as_ref() != Some(&self.row)
    }

    /// The word of a list.
    pub fn word(&self, kind: &str) -> Option<&Word> {
        self.words.iter().find(|word| word.kind == kind)
    }

    pub(super) fn told(
        &mut self,
        kind: &str,
        source_key: String,
        mention: &Mention,
        flight: &FlightKey,
        arrival: &Arrival,
    ) {
        let known = self.words.iter().position(|word| word.kind == kind);
        let mut word = Word {
            passenger_id: self.row.id,
            kind: kind.to_owned(),
            flight_id: self.row.flight_id,
            said_at: arrival.said_at,
            message_id: arrival.message,
            category: mention.category.clone(),
            class: mention.class.clone(),
            off_point: mention.off.clone(),
            seat: mention.seat.clone(),
            ffp: mention.ffp.clone(),
            ticket: mention.ticket.clone(),
            coupon: mention.coupon,
            bags: mention.bags,
            bag_weight: mention.bag_weight,
            sequence: mention.sequence,
            source_key: source_key.clone(),
            record_id: None,
        };
        if let Some(index) = known {
            let old = &self.words[index];
            if old.said_at > arrival.said_at {
                return;
            }
            if old.says_the_same(&word) && old.record_id.is_some() == mention.nameable {
                // Known already; only when it was said last is kept.
                if old.said_at < arrival.said_at {
                    self.words[index].said_at = arrival.said_at;
                    self.fresh_words.insert(kind.to_owned());
                }
                return;
            }
            word.record_id = old.record_id;
            self.words.remove(index);
        }
        self.words.push(word);
        self.told_anew = true;
        self.fresh_words.insert(kind.to_owned());
        if mention.nameable {
            let by = (arrival.message, arrival.said_at);
            let source = if kind == "scan" { "boarding-pass" } else { "departure" };
            let statement = mention.statement(source, source_key, by, flight);
            self.departure = Some((kind.to_owned(), statement));
        }
    }
}

pub(super) const fn status_of(change: Change) -> &'static str {
    match change {
        Change::Booked => "booked",
        Change::Waitlisted => "waitlisted",
        Change::Deleted => "deleted",
    }
}

/// Everything a mention says of the booking; what it leaves out stays.
pub(super) fn describe(row: &mut Row, mention: &Mention, flight: &Flight, key: &FlightKey) {
    let set = |to: &mut String, said: &str| {
        if !said.is_empty() {
            said.clone_into(to);
        }
    };
    for locator in &mention.locators {
        if !row.locators.0.contains(locator) {
            row.locators.0.push(locator.clone());
        }
    }
    if let Some((_, code)) = mention.locator(&key.carrier) {
        code.clone_into(&mut row.locator);
    }
    set(&mut row.off_point, &mention.off);
    set(&mut row.booking_class, &mention.class);
    row.cabin = flight.cabin(&row.booking_class);
    set(&mut row.corporate, &mention.corporate);
    set(&mut row.ffp, &mention.ffp);
    set(&mut row.tier, &mention.tier);
    set(&mut row.seat, &mention.seat);
    if !mention.ticket.is_empty() {
        mention.ticket.clone_into(&mut row.ticket);
        row.coupon = mention.coupon;
    }
    set(&mut row.marketing, &mention.marketing);
    set(&mut row.marketing_class, &mention.marketing_class);
    if !mention.requests.is_empty() {
        row.requests = Json(mention.requests_json());
    }
    row.party = row.party.max(mention.party).max(1);
    row.infants = row.infants.max(mention.infants);
    row.staff |= mention.staff;
}
