//! What happens on the day: delays, cancellations, and what becomes of each passenger.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use super::delays::{Flown, legs, registration};
use super::desk::{Sold, front};
use super::party::{Listing, other_digit};
use super::rates::Rates;
use super::timetable::Flight;
use crate::dice::{Dice, Stream};
use crate::fares::{BookingClass, CLASSES, Cabin};
use crate::people::SeatLiking;
use crate::seats::{Seat, seat};

/// What became of a passenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fate {
    Flown,
    /// Boarded without any booking.
    GoShow,
    /// Boarded with a booking that no list had.
    NoRecord,
    NoShow,
    /// Checked in and left behind.
    Offloaded,
    /// Flew on another flight.
    ChangedFlight,
    /// The booking was taken off before departure.
    Deleted,
    /// The flight was not flown.
    Cancelled,
}

impl Fate {
    /// As `flights` calls it, which takes a ticket given back for more than a booking.
    pub(crate) fn word(self, ticket: u64) -> &'static str {
        match self {
            Self::Flown => "flown",
            Self::GoShow => "go-show",
            Self::NoRecord => "no-record",
            Self::NoShow => "no-show",
            Self::Offloaded => "offloaded",
            Self::ChangedFlight => "moved",
            Self::Deleted if is_refunded(ticket) => "refunded",
            Self::Deleted => "cancelled",
            Self::Cancelled => "flight-cancelled",
        }
    }

    pub(crate) fn is_flown(self) -> bool {
        matches!(self, Self::Flown | Self::GoShow | Self::NoRecord)
    }
}

/// Of the tickets whose booking was taken off, most are given back at once.
pub(crate) fn is_refunded(ticket: u64) -> bool {
    ticket % 10 < 7
}

/// When the lists speak of somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) pnl: bool,
    /// ADL, 1 or 2.
    pub(crate) added: Option<u8>,
    pub(crate) deleted: Option<u8>,
    /// Told anew; before that the member number and the telephone were missing.
    pub(crate) changed: Option<u8>,
}

impl Listed {
    pub(crate) fn any(self) -> bool {
        self.pnl || self.added.is_some()
    }
}

/// One passenger on one flight.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) booking: usize,
    pub(crate) hop: usize,
    pub(crate) traveller: usize,
    /// Legs of this flight, first and one after the last.
    pub(crate) legs: (usize, usize),
    pub(crate) class: BookingClass,
    pub(crate) listed: Listed,
    pub(crate) fate: Fate,
    /// Moved to another class at the gate.
    pub(crate) moved_to: Option<BookingClass>,
    /// Programme number given at check-in.
    pub(crate) new_member: Option<String>,
    /// Asked for in the booking, or given at check-in.
    pub(crate) seat: Option<Seat>,
    pub(crate) sequence: u16,
    pub(crate) bags: u8,
}

/// One flight of the day.
pub(crate) struct Operated {
    pub(crate) flight: Flight,
    pub(crate) registration: String,
    pub(crate) cancelled: bool,
    /// By leg; empty if it was cancelled.
    pub(crate) legs: Vec<Flown>,
    pub(crate) places: Vec<Place>,
}

/// Lets the day happen. Flights come by departure.
pub(crate) fn operate(day: NaiveDate, sold: &Sold, rates: &Rates, seed: u64) -> Vec<Operated> {
    let mut happened = Vec::with_capacity(sold.flights.len());
    let mut missed: HashSet<(usize, usize)> = HashSet::new();
    let mut moved: HashMap<usize, Vec<(usize, usize, usize)>> = HashMap::new();
    for (nth, flight) in sold.flights.iter().enumerate() {
        let number = day.num_days_from_ce() as u64 * 10_000 + u64::from(flight.number);
        let mut dice = Dice::new(seed, number, Stream::Operation);
        let cancelled = dice.chance(rates.cancelled) && flight.scheduled;
        let legs = if cancelled { Vec::new() } else { legs(flight, rates, &mut dice) };
        let mut places = Vec::new();
        for (booking, hop) in &sold.on[nth] {
            let mut of = Happening { sold, nth, booking: *booking, hop: *hop, rates, cancelled };
            places.extend(of.places(&missed, &mut dice));
        }
        for (booking, hop, traveller) in moved.remove(&nth).unwrap_or_default() {
            places.push(came_over(sold, (booking, hop, traveller), cancelled));
        }
        for place in &mut places {
            if place.fate == Fate::ChangedFlight {
                match later(sold, nth, place) {
                    Some(other) => {
                        let what = (place.booking, place.hop, place.traveller);
                        moved.entry(other).or_default().push(what);
                    }
                    None => place.fate = Fate::NoShow,
                }
            }
            if !place.fate.is_flown() {
                missed.insert((place.booking, place.traveller));
            }
        }
        seated(&mut places, &mut dice);
        happened.push(Operated {
            registration: registration(flight, &mut dice),
            flight: flight.clone(),
            cancelled,
            legs,
            places,
        });
    }
    happened
}

/// A booking on a flight.
struct Happening<'a> {
    sold: &'a Sold,
    nth: usize,
    booking: usize,
    hop: usize,
    rates: &'a Rates,
    cancelled: bool,
}

impl Happening<'_> {
    fn places(&mut self, missed: &HashSet<(usize, usize)>, dice: &mut Dice) -> Vec<Place> {
        let rates = self.rates;
        let booking = &self.sold.bookings[self.booking];
        let hop = &booking.hops[self.hop];
        let which = 1 + dice.below(2) as u8;
        let added = dice.chance(rates.added);
        let deleted = dice.chance(rates.deleted) && self.hop == 0 && !booking.staff;
        let changed = dice.chance(rates.changed) && !added && !deleted;
        let listed = Listed {
            pnl: !added,
            added: added.then_some(which),
            // Whoever was added by the first may be taken off by the second.
            deleted: (deleted && !(added && which == 2)).then_some(if added { 2 } else { which }),
            changed: changed.then_some(which),
        };
        let listed = if booking.listing == Listing::Listed { listed } else { Listed::default() };
        let with_seat = dice.chance(0.35);
        let place = |traveller| Place {
            booking: self.booking,
            hop: self.hop,
            traveller,
            legs: hop.legs,
            class: hop.class,
            listed,
            fate: Fate::Flown,
            moved_to: None,
            new_member: None,
            seat: with_seat.then_some(Seat { row: 0, letter: 'A' }),
            sequence: 0,
            bags: 0,
        };
        let travellers = 0..booking.travellers.len();
        let mut places: Vec<Place> = travellers.map(place).collect();
        let together = self.fate(listed, dice);
        for place in &mut places {
            place.fate = together;
            let parted = booking.travellers.len() > 1 && dice.chance(rates.no_show / 4.0);
            let missed = missed.contains(&(self.booking, place.traveller));
            if together == Fate::Flown && (parted || missed) {
                place.fate = Fate::NoShow;
            }
            self.at_gate(place, dice);
        }
        places
    }

    fn fate(&self, listed: Listed, dice: &mut Dice) -> Fate {
        let rates = self.rates;
        let booking = &self.sold.bookings[self.booking];
        let roll = dice.unit();
        let edges = [
            rates.no_show,
            rates.no_show + rates.offloaded,
            rates.no_show + rates.offloaded + rates.changed_flight,
        ];
        if listed.deleted.is_some() {
            return Fate::Deleted;
        }
        if self.cancelled {
            return Fate::Cancelled;
        }
        match booking.listing {
            Listing::GoShow => return Fate::GoShow,
            Listing::NoRecord => return Fate::NoRecord,
            Listing::Listed if booking.staff => return Fate::Flown,
            Listing::Listed => {}
        }
        match roll {
            x if x < edges[0] => Fate::NoShow,
            x if x < edges[1] => Fate::Offloaded,
            x if x < edges[2] && booking.hops.len() == 1 && booking.travellers.len() < 4 => {
                Fate::ChangedFlight
            }
            _ => Fate::Flown,
        }
    }

    fn at_gate(&self, place: &mut Place, dice: &mut Dice) {
        if place.fate != Fate::Flown {
            return;
        }
        let (up, down, number) = (
            dice.chance(self.rates.upgraded),
            dice.chance(self.rates.downgraded * 10.0),
            dice.chance(self.rates.number_replaced),
        );
        let aircraft = self.sold.flights[self.nth].aircraft;
        if up && place.class.cabin == Cabin::Economy && aircraft.has('C') {
            place.moved_to = Some(CLASSES[3]);
        } else if down && front(place.class) {
            place.moved_to = Some(CLASSES[7]);
        }
        let traveller = &self.sold.bookings[place.booking].travellers[place.traveller];
        if number && place.moved_to.is_none() {
            place.new_member = traveller.said.member.as_ref().map(|known| other_digit(known, dice));
        }
    }
}

/// Somebody who missed an earlier flight.
fn came_over(
    sold: &Sold,
    (booking, hop, traveller): (usize, usize, usize),
    cancelled: bool,
) -> Place {
    let of = &sold.bookings[booking].hops[hop];
    let legs = (0, 1);
    Place {
        booking,
        hop,
        traveller,
        legs,
        class: if front(of.class) { of.class } else { CLASSES[7] },
        listed: Listed::default(),
        fate: if cancelled { Fate::Cancelled } else { Fate::NoRecord },
        moved_to: None,
        new_member: None,
        seat: None,
        sequence: 0,
        bags: 0,
    }
}

/// The next flight of one leg on the same way, later that day.
fn later(sold: &Sold, nth: usize, place: &Place) -> Option<usize> {
    let flight = &sold.flights[nth];
    let (from, to) = (flight.legs[place.legs.0].from, flight.legs[place.legs.1 - 1].to);
    let departs = flight.legs[place.legs.0].departs;
    let fits = |other: &Flight| {
        let [leg] = other.legs.as_slice() else { return false };
        let wait = (leg.departs - departs).num_minutes();
        leg.from.iata == from.iata && leg.to.iata == to.iata && (45..900).contains(&wait)
    };
    (nth + 1..sold.flights.len()).find(|other| fits(&sold.flights[*other]))
}

/// Numbers those who checked in and gives them seats, none twice.
fn seated(places: &mut [Place], dice: &mut Dice) {
    let mut taken = HashSet::new();
    let mut sequence = 0;
    for place in places {
        let checked_in = place.fate.is_flown() || place.fate == Fate::Offloaded;
        if !checked_in && place.seat.is_none() {
            continue;
        }
        let class = place.moved_to.unwrap_or(place.class);
        let mut given = seat(class.cabin, SeatLiking::None, dice);
        for _ in 0..400 {
            if taken.insert((given.row, given.letter)) {
                break;
            }
            given = seat(class.cabin, SeatLiking::None, dice);
        }
        place.seat = Some(given);
        if checked_in {
            sequence += 1;
            place.sequence = sequence;
            place.bags = *dice.pick(&[0, 0, 1, 1, 1, 2]);
        }
    }
}
