//! PNL, ADL, PFS and PRL of one flight from one station.

use chrono::{DateTime, Utc};
use formats::envelope::Envelope;
use formats::passenger_list::{Change, Group, ListWriter, Section};
use formats::{FlightDesignator, Kind};

use super::desk::Sold;
use super::names::{self, Element, Whole};
use super::operation::{Fate, Operated, Place};
use super::party::Booking;
use super::stamp::day_month;
use crate::CARRIER;
use crate::dice::Dice;
use crate::fares::{BookingClass, CLASSES, Cabin};

/// Everything to write the lists of one flight at one station.
pub(crate) struct Lists<'a> {
    pub(crate) sold: &'a Sold,
    pub(crate) of: &'a Operated,
    /// Leg that begins at the station.
    pub(crate) board: usize,
    /// Chance of a card number in somebody's remarks.
    pub(crate) card: f64,
}

/// A total: off point by leg, class by its rank.
type Total = (usize, usize);

impl<'a> Lists<'a> {
    fn writer(&self, kind: Kind, envelope: &Envelope<'_>) -> ListWriter {
        let number = u32::from(self.of.flight.number);
        let flight = FlightDesignator { airline: CARRIER, number, suffix: None };
        let leg = &self.of.flight.legs[self.board];
        let date = day_month(self.of.flight.day_at(self.board));
        ListWriter::new(kind, envelope, flight, date, leg.from.iata)
    }

    fn origin(&self, department: &str) -> String {
        format!("{}{department}{CARRIER}", self.of.flight.legs[self.board].from.iata)
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = &'a Place> + use<'a> {
        let board = self.board;
        self.of.places.iter().filter(move |place| place.legs.0 == board)
    }

    pub(crate) fn booking(&self, place: &Place) -> &'a Booking {
        &self.sold.bookings[place.booking]
    }

    fn off(&self, legs_end: usize) -> &'static str {
        self.of.flight.legs.get(legs_end.wrapping_sub(1)).map_or("", |leg| leg.to.iata)
    }

    /// Off points and classes in the order they are written.
    fn totals(&self) -> impl Iterator<Item = Total> + use<> {
        let ends = self.board + 1..=self.of.flight.legs.len();
        ends.flat_map(|end| (0..CLASSES.len()).map(move |class| (end, class)))
    }

    /// The list as it is booked some hours before departure. None if nobody is.
    pub(crate) fn pnl(&self, at: DateTime<Utc>, dice: &mut Dice) -> Vec<String> {
        let origin = self.origin("RM");
        let mut writer = self.writer(Kind::Pnl, &super::stamp::envelope(&origin, at));
        self.heading(&mut writer, true);
        let mut groups = 0;
        for total in self.totals() {
            let of: Vec<&Place> = self
                .places()
                .filter(|place| place.listed.pnl && is_of(place, total, place.class))
                .collect();
            // One total is always there, so that the list is one.
            if !of.is_empty() || total == (self.board + 1, 7) {
                self.total(&mut writer, total, of.len());
                let what = Whole { hidden: true, deleted: false, departure: false };
                self.names(&mut writer, &of, &mut groups, what, dice);
            }
        }
        writer.finish()
    }

    /// The changes of one ADL. Empty if there are none.
    pub(crate) fn adl(&self, nth: u8, at: DateTime<Utc>, dice: &mut Dice) -> Vec<String> {
        let origin = self.origin("RM");
        let mut writer = self.writer(Kind::Adl, &super::stamp::envelope(&origin, at));
        self.heading(&mut writer, false);
        let (mut groups, mut any) = (0, false);
        for total in self.totals() {
            let of: Vec<&Place> =
                self.places().filter(|place| is_of(place, total, place.class)).collect();
            let told = |list: fn(&Place) -> Option<u8>| -> Vec<&Place> {
                of.iter().copied().filter(|place| list(place) == Some(nth)).collect()
            };
            let changes = [
                (Change::Del, told(|place| place.listed.deleted)),
                (Change::Add, told(|place| place.listed.added)),
                (Change::Chg, told(|place| place.listed.changed)),
            ];
            if changes.iter().all(|(_, places)| places.is_empty()) {
                continue;
            }
            any = true;
            let before = |ever: Option<u8>| ever.is_some_and(|adl| adl <= nth);
            let booked = of.iter().filter(|place| {
                let listed = place.listed;
                (listed.pnl || before(listed.added)) && !before(listed.deleted)
            });
            self.total(&mut writer, total, booked.count());
            for (change, places) in changes.iter().filter(|(_, places)| !places.is_empty()) {
                writer.indicator(*change);
                let deleted = *change == Change::Del;
                let what = Whole { hidden: false, deleted, departure: false };
                self.names(&mut writer, places, &mut groups, what, dice);
            }
        }
        if any { writer.finish() } else { Vec::new() }
    }

    fn heading(&self, writer: &mut ListWriter, whole: bool) {
        let aircraft = self.of.flight.aircraft;
        if whole {
            let seats = aircraft.seats.iter().map(|(letter, seats)| format!("{seats:03}{letter}"));
            writer.heading(&format!("CFG/{}", seats.collect::<String>()));
        }
        let classes = aircraft.seats.iter().map(|(letter, _)| {
            let of = CLASSES.iter().filter(|class| compartment(**class, self.of) == *letter);
            format!(" {letter}/{}", of.map(|class| class.letter).collect::<String>())
        });
        writer.heading(&format!("RBD{}", classes.collect::<String>()));
    }

    fn total(&self, writer: &mut ListWriter, (end, class): Total, count: usize) {
        let letter = CLASSES[class].letter.to_string();
        let count = u16::try_from(count).ok();
        let destination = self.off(end);
        writer.totals(&Section { destination, class: &letter, count, ..Section::default() });
    }

    /// Names, those of one booking beside each other and tied by a group.
    fn names(
        &self,
        writer: &mut ListWriter,
        places: &[&Place],
        groups: &mut usize,
        what: Whole,
        dice: &mut Dice,
    ) {
        let mut rest = places;
        while let Some(first) = rest.first() {
            let end = rest.iter().position(|place| place.booking != first.booking);
            let (party, others) = rest.split_at(end.unwrap_or(rest.len()));
            rest = others;
            let booking = self.booking(first);
            let size = u16::try_from(party.len()).unwrap_or(1);
            let id = (party.len() > 1).then(|| names::group_id(groups));
            let group = id.as_deref().map(|id| Group { id, size });
            for (nth, element) in names::elements(booking, party).into_iter().enumerate() {
                let element = Element { places: element, booking, first: nth == 0, what };
                self.name(writer, &element, group, dice);
            }
        }
    }

    fn name(
        &self,
        writer: &mut ListWriter,
        element: &Element<'_>,
        group: Option<Group<'_>>,
        dice: &mut Dice,
    ) {
        let of = |place: &Place| &element.booking.travellers[place.traveller];
        let sent: Vec<&str> = element.places.iter().map(|place| of(place).sent.as_str()).collect();
        let sent: &[&str] = if sent == [""] { &[] } else { &sent };
        let count = u16::try_from(element.places.len()).unwrap_or(1);
        let Some(first) = element.places.first() else { return };
        writer.name(count, &of(first).surname, sent, group);
        element.shared(writer, self);
        for place in &element.places {
            let card = dice.chance(self.card) && !element.what.deleted;
            element.remarks(writer, self, place, card);
        }
    }

    /// What departure control says became of those who did not simply fly as booked. `wrong` takes
    /// somebody for another.
    pub(crate) fn pfs(&self, at: DateTime<Utc>, wrong: bool) -> Vec<String> {
        let origin = self.origin("KM");
        let mut writer = self.writer(Kind::Pfs, &super::stamp::envelope(&origin, at));
        for end in self.board + 1..=self.of.flight.legs.len() {
            let flown = |letter: char| {
                let there = self.places().filter(|place| place.legs.1 == end);
                let seated = there.filter(|place| place.fate.is_flown());
                seated.filter(|place| compartment(flown_class(place), self.of) == letter).count()
            };
            let seats = self.of.flight.aircraft.seats.iter();
            let numbers: Vec<String> =
                seats.map(|(letter, _)| format!("{:03}", flown(*letter))).collect();
            writer.heading(&format!("{} {}", self.off(end), numbers.join("/")));
        }
        for end in self.board + 1..=self.of.flight.legs.len() {
            let mut told = false;
            for category in CATEGORIES {
                for (class, booking_class) in CLASSES.iter().enumerate() {
                    let places = self.told(category, (end, class), wrong);
                    if places.is_empty() {
                        continue;
                    }
                    if !told {
                        let destination = self.off(end);
                        writer.totals(&Section { destination, ..Section::default() });
                        told = true;
                    }
                    let count = u16::try_from(places.len()).ok();
                    writer.category(category, count, &booking_class.letter.to_string());
                    for place in places {
                        self.departed(&mut writer, place, category == "FQTVN");
                    }
                }
            }
        }
        writer.finish()
    }

    fn told(&self, category: &str, total: Total, wrong: bool) -> Vec<&'a Place> {
        let fits = |place: &&Place| {
            let found = match self.mistaken(place, wrong) {
                Some(mistaken) => mistaken,
                None => self.category(place),
            };
            found == Some(category) && is_of(place, total, flown_class(place))
        };
        self.places().filter(fits).collect()
    }

    /// Of a wrong list: the first who flew is said not to have come, and the first who did not come
    /// is left out.
    fn mistaken(&self, place: &Place, wrong: bool) -> Option<Option<&'static str>> {
        if !wrong {
            return None;
        }
        let first = |fate: Fate| self.places().find(|place| place.fate == fate);
        let is = |other: Option<&Place>| other.is_some_and(|other| std::ptr::eq(other, place));
        if is(first(Fate::Flown)) {
            return Some(Some("NOSHO"));
        }
        is(first(Fate::NoShow)).then_some(None)
    }

    pub(crate) fn category(&self, place: &Place) -> Option<&'static str> {
        Some(match place.fate {
            Fate::NoShow => "NOSHO",
            Fate::GoShow => "GOSHO",
            Fate::NoRecord => "NOREC",
            Fate::Offloaded => "OFFLK",
            Fate::ChangedFlight => "CHGFL",
            Fate::Flown if place.moved_to.is_some() => "INVOL",
            Fate::Flown if place.new_member.is_some() => "FQTVN",
            Fate::Flown if self.booking(place).staff => "IDPAD",
            Fate::Flown | Fate::Deleted | Fate::Cancelled => return None,
        })
    }

    fn departed(&self, writer: &mut ListWriter, place: &Place, number: bool) {
        let booking = self.booking(place);
        let traveller = &booking.travellers[place.traveller];
        let sent = [traveller.sent.as_str()];
        let given: &[&str] = if traveller.sent.is_empty() { &[] } else { &sent };
        writer.name(1, &traveller.surname, given, None);
        if booking.located {
            writer.element("L", &format!("{}/{CARRIER}", booking.locator));
        }
        if let Some(number) = place.new_member.as_ref().filter(|_| number) {
            writer.element("R", &format!("FQTV {CARRIER} {number}"));
        }
    }

    /// Everybody on board with what departure control knows.
    pub(crate) fn prl(&self, at: DateTime<Utc>, dice: &mut Dice) -> Vec<String> {
        let origin = self.origin("KM");
        let mut writer = self.writer(Kind::Prl, &super::stamp::envelope(&origin, at));
        self.heading(&mut writer, false);
        for total in self.totals() {
            let of: Vec<&Place> = self
                .places()
                .filter(|place| place.fate.is_flown() && is_of(place, total, flown_class(place)))
                .collect();
            if of.is_empty() && total != (self.board + 1, 7) {
                continue;
            }
            self.total(&mut writer, total, of.len());
            for place in of {
                let what = Whole { hidden: false, deleted: false, departure: true };
                let booking = self.booking(place);
                let element = Element { places: vec![place], booking, first: true, what };
                self.name(&mut writer, &element, None, dice);
            }
        }
        writer.finish()
    }
}

/// Categories of a PFS in the order they are written.
const CATEGORIES: [&str; 8] =
    ["NOSHO", "CHGFL", "IDPAD", "FQTVN", "INVOL", "OFFLK", "NOREC", "GOSHO"];

fn is_of(place: &Place, (end, class): Total, by: BookingClass) -> bool {
    place.legs.1 == end && CLASSES.get(class) == Some(&by)
}

/// The class somebody sat in; the booked one for who did not fly.
pub(crate) fn flown_class(place: &Place) -> BookingClass {
    place.moved_to.unwrap_or(place.class)
}

/// The compartment a class is sold in on this aircraft.
pub(crate) fn compartment(class: BookingClass, of: &Operated) -> char {
    match class.cabin {
        Cabin::First | Cabin::Business => 'C',
        Cabin::Premium if of.flight.aircraft.has('W') => 'W',
        _ => 'Y',
    }
}
