//! What is so: never read by anything but the grader.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::dirt::Dirt;
use super::lists::{Lists, flown_class};
use super::names::ticket_number;
use super::operation::{Fate, Operated, Place};
use super::population::Who;
use crate::CARRIER;

/// Header of `passengers.csv`.
pub const PASSENGERS: &str = "source,source_key,person,flight,date,board,off,outcome,class_change,\
                              cabin,km,ticket,coupon,seat,dirt";
/// Header of `people.csv`.
pub const PEOPLE: &str = "person,member_no";
/// Header of `legs.csv`.
pub const LEGS: &str = "flight,date,board,off,departs,arrives,off_block,on_block,departure_delay,\
                        arrival_delay,cancelled,diverted_to";

/// The three files as they grow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// One row a mention.
    pub passengers: String,
    /// One row a person who is mentioned this day.
    pub people: String,
    /// One row a leg.
    pub legs: String,
}

/// What is collected over a day.
#[derive(Default)]
pub(crate) struct Book {
    passengers: String,
    people: BTreeMap<Who, Option<String>>,
    legs: String,
    keys: HashMap<(&'static str, String), u32>,
}

impl Book {
    pub(crate) fn person(&mut self, who: Who, member: impl FnOnce() -> Option<String>) {
        self.people.entry(who).or_insert_with(member);
    }

    /// The key of one who is mentioned once more under the same is told apart by a number.
    fn numbered(&mut self, source: &'static str, key: String) -> String {
        let count = self.keys.entry((source, key.clone())).or_default();
        *count += 1;
        if *count == 1 { key } else { format!("{key}#{count}") }
    }

    /// All mentions of one passenger of a flight; `sold_as` is the flight of the coupon, if there is
    /// one.
    pub(crate) fn place(&mut self, lists: &Lists<'_>, place: &Place, sold_as: Option<&str>) {
        let departed = place.fate.is_flown()
            || matches!(place.fate, Fate::NoShow | Fate::Offloaded | Fate::ChangedFlight);
        let sources = [
            ("booking", place.listed.any()),
            ("departure", departed && !lists.of.cancelled),
            ("ticket", sold_as.is_some()),
        ];
        for (source, _) in sources.into_iter().filter(|(_, so)| *so) {
            let booking = lists.booking(place);
            let located = booking.located || source == "ticket";
            let own = lists.of.flight.designator();
            let flight = sold_as.filter(|_| source == "ticket").unwrap_or(&own);
            let key = self.numbered(source, key(lists, flight, place, located));
            self.mention(lists, place, source, &key, !located);
        }
    }

    pub(crate) fn boarding_pass(&mut self, lists: &Lists<'_>, place: &Place, key: String) {
        let key = self.numbered("boarding-pass", key);
        self.mention(lists, place, "boarding-pass", &key, false);
    }

    fn mention(
        &mut self,
        lists: &Lists<'_>,
        place: &Place,
        source: &str,
        key: &str,
        unlocated: bool,
    ) {
        let flight = &lists.of.flight;
        let booking = lists.booking(place);
        let traveller = &booking.travellers[place.traveller];
        let mut dirt = traveller.dirt;
        dirt.add_if(unlocated, Dirt::NO_LOCATOR);
        let flown = place.fate.is_flown();
        let legs = &flight.legs[place.legs.0..place.legs.1];
        let (from, to) = (legs[0].from, legs[legs.len() - 1].to);
        let change = match place.moved_to {
            Some(class) if class.hundredths > place.class.hundredths => "upgrade",
            Some(_) => "downgrade",
            None => "",
        };
        let cells = [
            source.to_owned(),
            key.to_owned(),
            traveller.who.id(),
            flight.designator(),
            flight.day_at(place.legs.0).to_string(),
            from.iata.to_owned(),
            to.iata.to_owned(),
            place.fate.word(traveller.ticket).to_owned(),
            change.to_owned(),
            if flown { flown_class(place).cabin.as_str() } else { "" }.to_owned(),
            if flown { kernel::airports::between(from, to).0 } else { 0 }.to_string(),
            ticket_number(traveller.ticket),
            booking.hops[place.hop].coupon.to_string(),
            place.seat.filter(|_| flown).map(|seat| seat.to_string()).unwrap_or_default(),
            dirt.words(),
        ];
        line(&mut self.passengers, &cells);
    }

    /// A visit to the website by somebody.
    pub(crate) fn visit(&mut self, key: &str, who: Who) {
        let id = who.id();
        let mut cells = vec![String::new(); 15];
        for (at, text) in [(0, crate::grade::WEB), (1, key), (2, id.as_str())] {
            text.clone_into(&mut cells[at]);
        }
        line(&mut self.passengers, &cells);
    }

    pub(crate) fn flight(&mut self, operated: &Operated) {
        let flight = &operated.flight;
        for (nth, leg) in flight.legs.iter().enumerate() {
            let flown = operated.legs.get(nth);
            let time = |at: Option<DateTime<Utc>>| {
                at.map(|at| at.format("%Y-%m-%dT%H:%MZ").to_string()).unwrap_or_default()
            };
            let minutes = |at: Option<DateTime<Utc>>, scheduled: DateTime<Utc>| {
                at.map(|at| (at - scheduled).num_minutes().to_string()).unwrap_or_default()
            };
            let (off, on) = (flown.map(|f| f.off_block), flown.map(|f| f.on_block));
            let diverted = flown.and_then(|flown| flown.diverted).unwrap_or_default();
            let cells = [
                format!("{CARRIER}{}", flight.number),
                flight.day.to_string(),
                leg.from.iata.to_owned(),
                leg.to.iata.to_owned(),
                time(Some(leg.departs)),
                time(Some(leg.arrives)),
                time(off),
                time(on),
                minutes(off, leg.departs),
                minutes(on.filter(|_| diverted.is_empty()), leg.arrives),
                operated.cancelled.to_string(),
                diverted.to_owned(),
            ];
            line(&mut self.legs, &cells);
        }
    }

    pub(crate) fn finish(self) -> Truth {
        let mut people = format!("{PEOPLE}\n");
        for (who, member) in &self.people {
            line(&mut people, &[who.id(), member.clone().unwrap_or_default()]);
        }
        Truth {
            passengers: format!("{PASSENGERS}\n{}", self.passengers),
            people,
            legs: format!("{LEGS}\n{}", self.legs),
        }
    }
}

/// `JB1234/2026-11-24/PKXHGH/ABC123/ZHANG/SAN`.
fn key(lists: &Lists<'_>, designator: &str, place: &Place, located: bool) -> String {
    let flight = &lists.of.flight;
    let booking = lists.booking(place);
    let traveller = &booking.travellers[place.traveller];
    let (from, to) = (flight.legs[place.legs.0].from, flight.legs[place.legs.1 - 1].to);
    format!(
        "{}/{}/{}{}/{}/{}/{}",
        designator,
        flight.day_at(place.legs.0),
        from.iata,
        to.iata,
        if located { booking.locator.as_str() } else { "-" },
        traveller.surname,
        traveller.given
    )
}

/// No cell holds a comma, a quote or a line end.
fn line(out: &mut String, cells: &[String]) {
    out.push_str(&cells.join(","));
    out.push('\n');
}
