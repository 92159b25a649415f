//! Airline messages become flights, bookings, tickets and what was flown.

pub(crate) mod booking;
#[cfg(test)]
mod booking_tests;
pub(crate) mod cabin;
mod gate;
pub mod grading;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod mention;
#[cfg(test)]
mod more_tests;
mod requests;
pub(crate) mod spoken;
#[cfg(test)]
pub(crate) mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use formats::Message;
use serde::Serialize;
use store::Tx;
use uuid::Uuid;

use crate::operations::Flight;
use crate::passengers::Manifest;
use crate::{Flights, Result};
use spoken::Spoken;

/// Passengers one message may name on one flight: some five times those of the largest aircraft,
/// so that no message makes memory or time without bound.
const MOST_PEOPLE: usize = 5_000;

/// The message as it came in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The kept message; of a list in parts, that of its last part.
    pub message: Uuid,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// When its sender says it was made; the later of two messages about one thing wins.
    pub said_at: DateTime<Utc>,
    /// The parts are not complete: a list without its end takes nobody away.
    pub partial: bool,
}

/// Which flight a message is about: messages of one flight are applied in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct FlightKey {
    /// Two or three letters.
    pub carrier: String,
    /// Number and suffix, without leading zeros.
    pub number: String,
    /// Local day of departure from the boarding point named in the message.
    pub date: NaiveDate,
    /// Boarding point; empty where the message names none.
    pub board: String,
}

/// What a message led to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Absorbed {
    /// Flights it spoke of.
    pub flights: Vec<FlightKey>,
    /// Passengers, coupons or legs read.
    pub read: u64,
    /// Facts made or changed by it.
    pub changed: u64,
    /// What could not be taken, by place.
    pub refused: Vec<Refusal>,
}

/// One thing of a message that could not be taken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refusal {
    /// Line of a file, or place among the movements, changes or legs of a message, from 1; 0 when
    /// it is the message as a whole and nothing of it was applied.
    pub line: u32,
    /// Stable code, a text key: `flights-refused-…`.
    pub code: &'static str,
}

impl FlightKey {
    /// `CA1501`
    #[must_use]
    pub fn designator(&self) -> String {
        format!("{}{}", self.carrier, self.number)
    }
}

impl Absorbed {
    /// Nothing could be taken, for one reason.
    pub(crate) fn refused(code: &'static str) -> Self {
        Self { refused: vec![Refusal { line: 0, code }], ..Self::default() }
    }
}

impl Flights {
    /// Applies one message, all its parts merged, in the caller's transaction. Idempotent: the same
    /// message again changes nothing, and a late one changes only what no later one has said.
    ///
    /// # Errors
    /// When the database fails. What is wrong with the message itself is in [`Absorbed::refused`].
    pub async fn absorb(
        &self,
        tx: &mut Tx,
        arrival: Arrival,
        message: &Message<'_>,
    ) -> Result<Absorbed> {
        match message {
            Message::PassengerList(list) if list.passengers.len() > MOST_PEOPLE => {
                Ok(Absorbed::refused("flights-refused-too-many"))
            }
            Message::PassengerList(list) => {
                let lists = list::list(list, &arrival).into_iter().collect();
                self.absorb_lists(tx, &arrival, lists).await
            }
            Message::Movements(of) => self.absorb_movements(tx, &arrival, of).await,
            Message::Load(load) => self.absorb_load(tx, &arrival, load).await,
            Message::Schedule(of) => self.absorb_schedule(tx, &arrival, of).await,
            Message::ScheduleChange(of) => self.absorb_schedule_change(tx, &arrival, of).await,
            Message::Booking(of) => {
                let lists = booking::airimp(of, &arrival).finish("airimp");
                self.absorb_lists(tx, &arrival, lists).await
            }
            Message::Records(of) => {
                let lists = booking::pnrgov(&of.messages, &arrival).finish("pnrgov");
                self.absorb_lists(tx, &arrival, lists).await
            }
            Message::Order(of) => {
                let lists = booking::ndc(of).finish("ndc");
                self.absorb_lists(tx, &arrival, lists).await
            }
            Message::BoardingPass(of) => {
                let lists = gate::pass(of, &arrival);
                self.absorb_lists(tx, &arrival, lists).await
            }
            Message::Services(of) => {
                let lists = gate::services(of, &arrival).into_iter().collect();
                self.absorb_lists(tx, &arrival, lists).await
            }
            // Transfers, bags and lists for authorities say nothing of a booking or a flight.
            Message::Transfers(_)
            | Message::Bags(_)
            | Message::Tracing(_)
            | Message::Lists(_)
            | Message::Unread => Ok(Absorbed::default()),
        }
    }

    /// Passengers of the flights a message names.
    async fn absorb_lists(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        lists: Vec<list::List>,
    ) -> Result<Absorbed> {
        if lists.is_empty() {
            return Ok(Absorbed::refused("flights-refused-no-flight"));
        }
        if lists.iter().any(|list| list.mentions.len() > MOST_PEOPLE) {
            return Ok(Absorbed::refused("flights-refused-too-many"));
        }
        let mut all = Absorbed::default();
        for list in lists {
            let one = self.absorb_list(tx, arrival, list).await?;
            all.read += one.read;
            all.changed += one.changed;
            all.flights.extend(one.flights);
        }
        Ok(all)
    }

    /// The flight a message is about, days without a year taken nearest to `near`. `None` for kinds
    /// that are about no single flight (schedules, files of coupons).
    #[must_use]
    pub fn flight_of(message: &Message<'_>, near: NaiveDate) -> Option<FlightKey> {
        key::flight_of(message, near)
    }

    async fn absorb_list(
        &self,
        tx: &mut Tx,
        arrival: &Arrival,
        mut list: list::List,
    ) -> Result<Absorbed> {
        let now = self.clock.now();
        let mut flight = Flight::of(tx, &list.flight, now).await?;
        let learned = flight.learn_route(&list.flight.board, &list.stations, list.flight.date);
        let classes = std::mem::take(&mut list.classes);
        // The list of those booked names the classes; another one only where none has.
        let names = list.kind == "pnl" || flight.classes.is_empty();
        let renamed = names && !classes.is_empty() && flight.classes != classes;
        if renamed {
            flight.classes = classes;
        }
        let new = flight.new;
        let mut manifest = Manifest::load(tx, flight).await?;
        if new || learned || renamed {
            manifest.flight.save(tx, Some(arrival.message), now).await?;
        }
        match list.kind {
            "psm" => manifest.hear_services(&list, arrival),
            "pnl" | "adl" | "airimp" | "pnrgov" | "ndc" => {
                manifest.hear_bookings(list.kind, &list, arrival);
            }
            _ => manifest.hear_departure(&list, arrival),
        }
        let people = list.mentions.len() as u64;
        let changed = self.settle(tx, &mut manifest, arrival).await?;
        let (kind, board, complete) = (list.kind, list.flight.board.as_str(), list.complete);
        let spoken = Spoken { kind, board, complete, people, changed };
        spoken.remember(tx, manifest.flight.id, arrival).await?;
        Ok(Absorbed { flights: vec![list.flight], read: people, changed, refused: Vec::new() })
    }
}
