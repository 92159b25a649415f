//! Name elements and what stands below them.

use formats::passenger_list::ListWriter;

use super::lists::{Lists, compartment, flown_class};
use super::operation::Place;
use super::party::{Booking, Said, Traveller, short};
use super::timetable::Flight;
use crate::CARRIER;

/// Longest name line with more than one given name.
const LONGEST: usize = 50;

/// How much is written about a name.
#[derive(Clone, Copy)]
pub(crate) struct Whole {
    /// As before a change that is told later.
    pub(crate) hidden: bool,
    /// The locator is enough.
    pub(crate) deleted: bool,
    /// By departure control.
    pub(crate) departure: bool,
}

/// People of one name element.
pub(crate) struct Element<'a> {
    pub(crate) places: Vec<&'a Place>,
    pub(crate) booking: &'a Booking,
    /// The first of its booking in this total.
    pub(crate) first: bool,
    pub(crate) what: Whole,
}

/// `A`, `B`, … `Z`, `AA`, …
pub(crate) fn group_id(groups: &mut usize) -> String {
    let letter = |at: usize| char::from(b'A' + (at % 26) as u8);
    let id = match *groups {
        at @ ..26 => letter(at).to_string(),
        at => format!("{}{}", letter((at - 26) / 26), letter(at - 26)),
    };
    *groups += 1;
    id
}

/// Cuts a party into name elements. Every second booking puts up to three of one surname together.
pub(crate) fn elements<'p>(booking: &Booking, party: &[&'p Place]) -> Vec<Vec<&'p Place>> {
    let of = |place: &Place| &booking.travellers[place.traveller];
    let together = booking.locator.bytes().last().is_some_and(|last| last.is_multiple_of(2));
    let mut found: Vec<Vec<&Place>> = Vec::new();
    for place in party {
        let fits = |element: &Vec<&Place>| {
            let length: usize = element.iter().map(|place| of(place).sent.len() + 1).sum();
            element.len() < 3
                && of(element[0]).surname == of(place).surname
                && element.iter().all(|other| !of(other).given.is_empty())
                && !of(place).given.is_empty()
                && of(place).surname.len() + length + of(place).sent.len() < LONGEST
        };
        match found.iter_mut().find(|element| together && fits(element)) {
            Some(element) => element.push(place),
            None => found.push(vec![place]),
        }
    }
    found
}

impl Element<'_> {
    /// Locators, other flights, company: what all the names share.
    pub(crate) fn shared(&self, writer: &mut ListWriter, lists: &Lists<'_>) {
        let booking = self.booking;
        if booking.located && (self.first || booking.locator.starts_with(['B', 'C', 'D', 'F'])) {
            writer.element("L", &format!("{}/{CARRIER}", booking.locator));
            if let Some((system, code)) = booking.other.as_ref().filter(|_| !self.what.departure) {
                writer.element("L", &format!("{code}/{system}"));
            }
        }
        if self.what.deleted {
            return;
        }
        let Some(place) = self.places.first() else { return };
        if let Some(name) = booking.tour.as_ref().or(company(booking).as_ref()) {
            writer.element("C", name);
        }
        if booking.staff {
            writer.element("ID2", "12AUG09");
        }
        let flight = &lists.of.flight;
        if let Some((airline, number)) = flight.partner.filter(|_| booking.partner) {
            let leg = &flight.legs[place.legs.0];
            let day = flight.day_at(place.legs.0).format("%d");
            let (from, to) = (leg.from.iata, flight.legs[place.legs.1 - 1].to.iata);
            let class = place.class.letter;
            writer.element("M", &format!("{airline}{number}{class}{day}{from}{to}"));
        }
        if !self.what.departure {
            for (label, text) in connections(lists, booking, place) {
                writer.element(label, &text);
            }
        }
        if self.what.departure && place.bags > 0 {
            writer.element("W", &format!("K/{}/{}", place.bags, 11 * u16::from(place.bags)));
            let tag = u64::from(flight.number) * 1_000 + u64::from(place.sequence);
            let to = flight.legs[place.legs.1 - 1].to.iata;
            writer.element("N", &format!("0000{:06}{:03}/{to}", tag % 1_000_000, place.bags));
        }
    }

    /// What is said of one of the names.
    pub(crate) fn remarks(
        &self,
        writer: &mut ListWriter,
        lists: &Lists<'_>,
        place: &Place,
        card: bool,
    ) {
        if self.what.deleted {
            return;
        }
        let traveller = &self.booking.travellers[place.traveller];
        let whose = match self.places.len() {
            1 => String::new(),
            _ => format!("-1{}/{}", traveller.surname, traveller.sent),
        };
        let mut texts = Vec::new();
        let coupon = self.booking.hops[place.hop].coupon;
        texts.push(format!("TKNE HK1 {}/{coupon}", ticket_number(traveller.ticket)));
        let late = self.what.hidden && place.listed.changed.is_some();
        if self.what.departure {
            checked_in(&mut texts, lists, place, traveller);
        } else {
            booked(&mut texts, &traveller.said, late);
            if let Some(seat) = place.seat.filter(|_| place.sequence == 0 || !late) {
                texts.push(format!("SEAT HK1 {seat}"));
            }
        }
        if let Some(infant) = &traveller.infant {
            let (name, given) = (&infant.surname, &infant.given);
            texts.push(format!("INFT HK1 {} {name}/{given}", short(infant.born)));
            texts.push(format!("TKNE HK1 INF{}/{coupon}", ticket_number(infant.ticket)));
        }
        if card && !self.what.departure {
            texts.push("OTHS HK1 PAID VI4111111111111111/0127".to_owned());
        }
        for text in texts {
            writer.element("R", &format!("{text}{whose}"));
        }
    }
}

/// Thirteen digits.
pub(crate) fn ticket_number(serial: u64) -> String {
    format!("000{serial:010}")
}

fn booked(texts: &mut Vec<String>, said: &Said, late: bool) {
    if let Some(member) = said.member.as_ref().filter(|_| !late) {
        texts.push(format!("FQTV {CARRIER} {member}"));
        if !said.tier.is_empty() {
            texts.push(format!("OTHS HK1 FQTSTATUS {}", said.tier));
        }
    }
    texts.extend(said.identity.iter().map(|text| format!("FOID HK1 {text}")));
    texts.extend(said.passport.iter().map(|text| format!("DOCS HK1/{text}")));
    texts.extend(said.address.iter().map(|text| format!("DOCA HK1/{text}")));
    if let Some(phone) = said.phone.as_ref().filter(|_| !late) {
        texts.push(format!("CTCM HK1 {phone}"));
    }
    texts.extend(said.email.iter().map(|email| format!("CTCE HK1 {}", wired(email))));
    if said.refused {
        texts.push("CTCR HK1 REFUSED".to_owned());
    }
    texts.extend(said.child_born.iter().map(|born| format!("CHLD HK1 {}", short(*born))));
    if !said.meal.is_empty() {
        texts.push(format!("{} HK1", said.meal));
    }
    if said.wheelchair {
        texts.push("WCHR HK1".to_owned());
    }
}

fn checked_in(texts: &mut Vec<String>, lists: &Lists<'_>, place: &Place, of: &Traveller) {
    if let Some(member) = place.new_member.as_ref().or(of.said.member.as_ref()) {
        texts.push(format!("FQTV {CARRIER} {member}"));
    }
    if let Some(seat) = place.seat {
        texts.push(format!("SEAT HK1 {seat}"));
    }
    texts.push(format!("CHKD HK1 {:04}", place.sequence));
    let flight = &lists.of.flight;
    let abroad = flight.legs.iter().any(|leg| leg.from.country != leg.to.country);
    if let Some(text) = of.said.passport.as_ref().filter(|_| abroad) {
        texts.push(format!("DOCS HK1/{text}"));
    }
    if of.said.meal.len() == 4 && compartment(flown_class(place), lists.of) == 'C' {
        texts.push(format!("{} HK1", of.said.meal));
    }
}

/// Signs that not every network carries.
fn wired(email: &str) -> String {
    email.replace('@', "//").replace('_', "..").replace('-', "./").to_uppercase()
}

pub(crate) fn company(booking: &Booking) -> Option<String> {
    const FIRST: [&str; 10] = [
        "CLOUDPEAK",
        "REDRIVER",
        "SILVERPINE",
        "EASTLIGHT",
        "JADEBRIDGE",
        "NORTHGATE",
        "BLUEKITE",
        "GRANDORE",
        "MOONHARBOR",
        "SWIFTCRANE",
    ];
    const SECOND: [&str; 6] = ["TECH", "ENERGY", "PHARMA", "LOGISTICS", "BANK", "MACHINERY"];
    let company = usize::from(booking.company?);
    Some(format!("{} {}", FIRST[company % 10], SECOND[company / 10 % 6]))
}

/// Flights of the same booking before and after this one, if they are of the same day.
fn connections(lists: &Lists<'_>, booking: &Booking, place: &Place) -> Vec<(&'static str, String)> {
    let hop = &booking.hops[place.hop];
    let near = |at: Option<usize>| {
        let other = at.and_then(|at| booking.hops.get(at))?;
        let found = lists.sold.flights.iter().find(|flight| flight.number == other.number)?;
        (other.day == hop.day).then_some((other, found))
    };
    let text = |number: u16, flight: &Flight, class: char, legs: (usize, usize), out: bool| {
        let (first, last) = (&flight.legs[legs.0], &flight.legs[legs.1 - 1]);
        let day = flight.day_at(legs.0).format("%d");
        let time = if out { first.local_departure() } else { last.local_arrival() };
        let (from, to) = (first.from.iata, last.to.iata);
        format!("{CARRIER}{number}{class}{day}{from}{to}{}", time.format("%H%M"))
    };
    let mut found = Vec::new();
    if let Some((other, flight)) = near(place.hop.checked_sub(1)) {
        let text = text(other.number, flight, other.class.letter, other.legs, false);
        found.push(("I", text));
    }
    if let Some((other, flight)) = near(Some(place.hop + 1)) {
        found.push(("O", text(other.number, flight, other.class.letter, other.legs, true)));
    }
    found
}
