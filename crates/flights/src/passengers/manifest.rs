//! All that is known of a flight's passengers, held in memory while one message is applied.
//!
//! A message is heard in order: who is meant, what changes, who is to be placed with a customer,
//! what became of everybody, and at last a handful of statements that write the difference.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use store::{Tx, sql};
use uuid::Uuid;

use super::find::Finder;
use super::passenger::{Coupon, Passenger, describe, status_of};
use super::row::{self, Row, Word};
use crate::Result;
use crate::messages::list::List;
use crate::messages::mention::{Change, Mention};
use crate::messages::{Arrival, FlightKey};
use crate::operations::Flight;

/// The last complete list of a kind from a boarding point.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Heard {
    pub kind: String,
    pub board_point: String,
    pub said_at: DateTime<Utc>,
}

/// Everybody.
pub(crate) struct Manifest {
    pub flight: Flight,
    pub people: Vec<Passenger>,
    pub heard: Vec<Heard>,
    pub dropped: Vec<(Uuid, String)>,
    keys: Keys,
}

/// The keys of statements that are in use on a flight.
struct Keys {
    used: HashSet<String>,
    /// The last number given to a second of the same name.
    numbered: HashMap<String, u32>,
}

impl Keys {
    fn of<'r>(rows: impl Iterator<Item = &'r Row>) -> Self {
        Self { used: rows.map(|row| row.source_key.clone()).collect(), numbered: HashMap::new() }
    }

    /// `key`, numbered where another passenger has it.
    fn take(&mut self, key: String) -> String {
        if self.used.insert(key.clone()) {
            return key;
        }
        let n = self.numbered.entry(key.clone()).or_insert(1);
        loop {
            *n += 1;
            let numbered = format!("{key}#{n}");
            if self.used.insert(numbered.clone()) {
                return numbered;
            }
        }
    }

    fn give_back(&mut self, key: &str) {
        self.used.remove(key);
    }
}

impl Manifest {
    /// Reads what is kept of a flight: four statements.
    pub async fn load(tx: &mut Tx, flight: Flight) -> Result<Self> {
        let rows = row::of_flight(tx, flight.id).await?;
        let mut words: HashMap<Uuid, Vec<Word>> = HashMap::new();
        let mut coupons: HashMap<Uuid, Coupon> = HashMap::new();
        let mut heard = Vec::new();
        if !flight.new {
            for word in row::words_of_flight(tx, flight.id).await? {
                words.entry(word.passenger_id).or_default().push(word);
            }
            coupons = coupons_of(tx, flight.id).await?;
            heard = tx
                .all(
                    sql("SELECT kind, board_point, MAX(said_at) AS said_at FROM flight_message
                         WHERE flight_id = $1 AND partial = $2 AND kind <> 'adl'
                         GROUP BY kind, board_point")
                    .bind(flight.id)
                    .bind(false),
                )
                .await?;
        }
        let timed = |row: &Row| {
            let leg = flight.legs.iter().find(|leg| leg.board_point == row.board_point);
            leg.and_then(|leg| leg.departs_at).unwrap_or(row.at)
        };
        let people = rows
            .into_iter()
            .map(|row| Passenger {
                words: words.remove(&row.id).unwrap_or_default(),
                coupon: coupons.remove(&row.id),
                before: Some(row.clone()),
                // The schedule may have changed since.
                ..Passenger::new(Row { at: timed(&row), ..row })
            })
            .collect::<Vec<_>>();
        let keys = Keys::of(people.iter().map(|passenger| &passenger.row));
        Ok(Self { flight, people, heard, dropped: Vec::new(), keys })
    }

    /// When the last complete list of a kind from `board` was made.
    pub fn heard_at(&self, kind: &str, board: &str) -> Option<DateTime<Utc>> {
        let fits = |of: &&Heard| of.kind == kind && of.board_point == board;
        self.heard.iter().find(fits).map(|of| of.said_at)
    }

    fn hear_of(&mut self, kind: &str, board: &str, said_at: DateTime<Utc>) {
        let known = self.heard.iter_mut().find(|of| of.kind == kind && of.board_point == board);
        match known {
            Some(heard) => heard.said_at = heard.said_at.max(said_at),
            None => self.heard.push(Heard {
                kind: kind.to_owned(),
                board_point: board.to_owned(),
                said_at,
            }),
        }
    }

    /// A list of bookings: PNL, ADL, or those of one booking by another message.
    pub fn hear_bookings(&mut self, kind: &'static str, list: &List, arrival: &Arrival) {
        let mut finder = Finder::new(&self.people);
        let mut spoken = HashSet::new();
        for mention in &list.mentions {
            let found = finder.find(&self.people, mention);
            let index = match found {
                Some(index) => {
                    self.rebook(index, kind, mention, &list.flight, arrival);
                    index
                }
                None => self.add(kind, mention, &list.flight, arrival),
            };
            finder.add(index, &self.people[index]);
            // Whoever is taken out of a class may be put into another by the same message.
            if mention.change != Change::Deleted {
                finder.take(index);
            }
            spoken.insert(index);
        }
        if kind == "pnl" && list.complete {
            self.leave_out(&spoken, &list.flight.board, arrival);
            self.hear_of(kind, &list.flight.board, arrival.said_at);
        }
    }

    /// Who is not on a complete PNL is not booked, unless something later says so.
    fn leave_out(&mut self, spoken: &HashSet<usize>, board: &str, arrival: &Arrival) {
        for (index, passenger) in self.people.iter_mut().enumerate() {
            let row = &mut passenger.row;
            let booked = matches!(row.status.as_str(), "booked" | "waitlisted");
            let known_then = row.said_at <= arrival.said_at && row.board_point == board;
            if booked && known_then && !spoken.contains(&index) {
                row.status = "deleted".to_owned();
                row.said_by = "pnl".to_owned();
                row.said_at = arrival.said_at;
                row.message_id = arrival.message;
            }
        }
    }

    fn rebook(
        &mut self,
        index: usize,
        kind: &'static str,
        mention: &Mention,
        flight: &FlightKey,
        arrival: &Arrival,
    ) {
        let passenger = &mut self.people[index];
        let row = &mut passenger.row;
        let unlisted = row.status == "unlisted";
        let newer = unlisted || arrival.said_at >= row.said_at;
        let unplaced = row.record_id.is_none() && mention.change != Change::Deleted;
        if !newer && !unplaced {
            return;
        }
        if unlisted {
            // The booking knows the name and the locator better.
            self.keys.give_back(&row.source_key);
            row.source_key = self.keys.take(mention.source_key(flight));
        }
        let old = row.clone();
        if mention.change != Change::Deleted {
            describe(row, mention, &self.flight, flight);
        }
        if newer {
            status_of(mention.change).clone_into(&mut row.status);
            row.booked_on = row.booked_on.or(mention.booked_on);
        }
        // The same words again change nothing, not even who said them last.
        if *row != old || unlisted {
            row.message_id = arrival.message;
            kind.clone_into(&mut row.said_by);
        }
        row.said_at = if newer { arrival.said_at } else { old.said_at };
        let changed = *row != Row { said_at: row.said_at, ..old };
        if mention.nameable && mention.change != Change::Deleted && (changed || unplaced) {
            let (key, by) = (row.source_key.clone(), (arrival.message, arrival.said_at));
            passenger.booking = Some(mention.statement("booking", key, by, flight));
        }
    }

    /// A passenger nobody spoke of before.
    fn add(
        &mut self,
        kind: &'static str,
        mention: &Mention,
        flight: &FlightKey,
        arrival: &Arrival,
    ) -> usize {
        let source_key = self.keys.take(mention.source_key(flight));
        let off = &mention.off;
        let mut row = Row {
            id: kernel::ids::v7(arrival.received_at),
            flight_id: self.flight.id,
            source_key: source_key.clone(),
            board_point: mention.board.clone(),
            off_point: off.clone(),
            at: self.flight.departure_from(&mention.board, flight.date),
            surname: mention.surname.clone(),
            given: mention.given.clone(),
            kind: mention.kind.to_owned(),
            locators: Json(Vec::new()),
            locator: String::new(),
            status: status_of(mention.change).to_owned(),
            said_by: kind.to_owned(),
            said_at: arrival.said_at,
            message_id: arrival.message,
            booked_on: mention.booked_on,
            booking_class: String::new(),
            cabin: String::new(),
            party: 1,
            corporate: String::new(),
            requests: Json(serde_json::Value::Array(Vec::new())),
            ffp: String::new(),
            tier: String::new(),
            seat: String::new(),
            ticket: String::new(),
            coupon: 0,
            infants: 0,
            staff: false,
            marketing: String::new(),
            marketing_class: String::new(),
            record_id: None,
            customer_id: None,
            outcome: String::new(),
            basis: String::new(),
            class_change: String::new(),
            flown_class: String::new(),
            replaced_ffp: String::new(),
            outcome_message: None,
        };
        describe(&mut row, mention, &self.flight, flight);
        let by = (arrival.message, arrival.said_at);
        // Of a cancellation nothing is known but a name: a customer is not made of it.
        let placed = mention.nameable && mention.change != Change::Deleted;
        let booking = placed.then(|| mention.statement("booking", source_key, by, flight));
        self.people.push(Passenger { booking, ..Passenger::new(row) });
        self.people.len() - 1
    }

    /// A passenger of whom no booking is known.
    pub fn add_unlisted(
        &mut self,
        kind: &'static str,
        mention: &Mention,
        flight: &FlightKey,
        arrival: &Arrival,
    ) -> usize {
        let index = self.add(kind, mention, flight, arrival);
        let passenger = &mut self.people[index];
        "unlisted".clone_into(&mut passenger.row.status);
        passenger.booking = None;
        index
    }

    /// A list of departure control: PFS, PRL, ETL and the like, or one boarding pass.
    pub fn hear_departure(&mut self, list: &List, arrival: &Arrival) {
        let (kind, board) = (list.kind, list.flight.board.as_str());
        if self.heard_at(kind, board).is_some_and(|last| last > arrival.said_at) {
            return;
        }
        let mut finder = Finder::new(&self.people);
        let (mut spoken, mut keys) = (HashSet::new(), HashMap::<String, u32>::new());
        for mention in &list.mentions {
            let index = match finder.find(&self.people, mention) {
                Some(index) => index,
                None => self.add_unlisted(kind, mention, &list.flight, arrival),
            };
            finder.add(index, &self.people[index]);
            finder.take(index);
            spoken.insert(index);
            let base = mention.source_key(&list.flight);
            let n = keys.entry(base.clone()).and_modify(|n| *n += 1).or_insert(1);
            let key = if *n == 1 { base } else { format!("{base}#{n}") };
            self.people[index].told(kind, key, mention, &list.flight, arrival);
        }
        if list.complete {
            self.withdraw(kind, board, &spoken, arrival);
            self.hear_of(kind, board, arrival.said_at);
        }
    }

    /// Services: more codes beside what is known. Who is not known stays unknown.
    pub fn hear_services(&mut self, list: &List, arrival: &Arrival) {
        let mut finder = Finder::new(&self.people);
        for mention in &list.mentions {
            let Some(index) = finder.find(&self.people, mention) else { continue };
            finder.take(index);
            let row = &mut self.people[index].row;
            let Some(codes) = row.requests.0.as_array_mut() else { continue };
            let known = codes.len();
            for code in &mention.requests {
                if !codes.iter().any(|have| have["code"] == code.as_str()) {
                    codes.push(serde_json::json!({ "code": code }));
                }
            }
            if codes.len() > known {
                row.message_id = arrival.message;
            }
        }
    }

    /// A complete list takes back what an earlier one of its kind said of others.
    fn withdraw(&mut self, kind: &str, board: &str, spoken: &HashSet<usize>, arrival: &Arrival) {
        for (index, passenger) in self.people.iter_mut().enumerate() {
            if spoken.contains(&index) || passenger.row.board_point != board {
                continue;
            }
            let before = passenger.words.len();
            passenger.words.retain(|word| word.kind != kind || word.said_at > arrival.said_at);
            if passenger.words.len() < before {
                self.dropped.push((passenger.row.id, kind.to_owned()));
            }
        }
    }

    /// How many passengers the message made, changed or spoke of anew.
    pub fn changed(&self) -> u64 {
        let changed = self.people.iter().filter(|of| of.told_anew || of.is_news());
        (changed.count() + self.dropped.len()) as u64
    }
}

async fn coupons_of(tx: &mut Tx, flight: Uuid) -> Result<HashMap<Uuid, Coupon>> {
    let mut found: Vec<Coupon> = tx
        .all(
            sql("SELECT id, passenger_id, ticket, coupon, status, message_id, record_id,
                    customer_id, issued_on, channel, booking_class, fare_minor, discount, currency,
                    said_at
                 FROM ticket_coupon WHERE flight_id = $1 AND passenger_id IS NOT NULL")
            .bind(flight),
        )
        .await?;
    found.sort_by_key(Coupon::weight);
    Ok(found.into_iter().map(|coupon| (coupon.passenger_id, coupon)).collect())
}
