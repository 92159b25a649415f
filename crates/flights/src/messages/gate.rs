//! Boarding passes read at the gate, and services (PSM), as mentions.

use std::collections::BTreeMap;

use formats::boarding_pass::BoardingPass;
use formats::psm::ServiceList;

use super::key::{date, day, nearest, number};
use super::list::List;
use super::mention::{Mention, gender_of_title};
use super::{Arrival, FlightKey};

/// Each leg of a pass: who held it was at the gate.
pub(super) fn pass(pass: &BoardingPass<'_>, arrival: &Arrival) -> Vec<List> {
    let scanned = day(arrival.said_at.date_naive());
    let name = pass.passenger();
    let legs = pass.legs.iter().filter_map(|leg| {
        let suffix = leg.suffix.map(String::from).unwrap_or_default();
        let flight = FlightKey {
            carrier: leg.carrier?.to_owned(),
            number: format!("{}{suffix}", leg.number?),
            date: pass.flown_on(leg, scanned).and_then(date)?,
            board: leg.from?.to_string(),
        };
        let off = leg.to.map(|of| of.to_string()).unwrap_or_default();
        let programme = leg.programme.unwrap_or_default();
        let member = leg.frequent_flyer.unwrap_or_default();
        let member = member.split(['/', ' ']).next().unwrap_or_default();
        let locator = leg.locator.map(|code| (flight.carrier.clone(), code.trim().to_owned()));
        let mut mention = Mention {
            board: flight.board.clone(),
            off: off.clone(),
            surname: name.surname.to_uppercase(),
            given: name.given.to_uppercase(),
            kind: "adult",
            locators: locator.into_iter().filter(|(_, code)| !code.is_empty()).collect(),
            class: leg.compartment.map(String::from).unwrap_or_default(),
            seat: leg.seat_label().unwrap_or_default().to_owned(),
            ticket: leg.ticket().unwrap_or_default(),
            sequence: leg.sequence_number().map(i64::from),
            nameable: !name.surname.is_empty() && !name.given.is_empty(),
            ..Mention::default()
        };
        mention.person.gender = name.title.and_then(gender_of_title);
        mention.card(programme, member);
        Some(List {
            kind: "scan",
            flight,
            complete: false,
            mentions: vec![mention],
            stations: vec![off],
            classes: BTreeMap::new(),
        })
    });
    legs.collect()
}

/// Who needs what on a flight.
pub(super) fn services(list: &ServiceList<'_>, arrival: &Arrival) -> Option<List> {
    let flight = list.flight.as_ref()?;
    let key = FlightKey {
        carrier: flight.designator.airline.to_owned(),
        number: number(&flight.designator),
        date: nearest(flight.date?, arrival.said_at.date_naive())?,
        board: flight.board.to_owned(),
    };
    let mut mentions = Vec::new();
    for (off, class, name) in list.names() {
        for (given, _) in &name.passengers {
            let codes = name.services.iter().map(|of| of.code.to_owned());
            mentions.push(Mention {
                board: key.board.clone(),
                off: off.to_owned(),
                surname: name.surname.to_uppercase(),
                given: given.to_uppercase(),
                kind: "adult",
                class: class.to_owned(),
                requests: codes.collect(),
                ..Mention::default()
            });
        }
    }
    let stations = list.destinations.iter().map(|of| of.code.to_owned()).collect();
    let classes = BTreeMap::new();
    Some(List { kind: "psm", flight: key, complete: false, mentions, stations, classes })
}
