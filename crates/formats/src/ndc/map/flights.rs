//! Flights of all versions.

use std::borrow::Cow;

use super::super::tree::Node;
use super::super::{Message, Segment, Stop, rules};
use super::dates::{day_or_note, time_of};
use super::{anchor, first, key};
use crate::diagnostic::Diagnostics;
use crate::flight::Airport;

pub(super) fn segment<'t>(node: &Node<'t>, notes: &mut Diagnostics<'t>) -> Segment<'t> {
    let marketing = node.child("MarketingCarrierInfo").or_else(|| node.child("MarketingCarrier"));
    let operating = node.child("OperatingCarrierInfo").or_else(|| node.child("OperatingCarrier"));
    let carriers = ["CarrierDesigCode", "AirlineID", "AirlineDesigCode"];
    let numbers = [
        "MarketingCarrierFlightNumberText",
        "FlightNumber",
        "OperatingCarrierFlightNumberText",
        "FlightNumberText",
    ];
    // In 21.3 the carrier stands in the dated segment itself.
    let is_operating = node.is("DatedOperatingSegment");
    let (own, number) = (node.text_of(&carriers), node.text_of(&numbers));
    let of = |carrier: Option<&Node<'t>>, names: &[&str]| {
        carrier.map(|carrier| carrier.deep(names)).unwrap_or_default()
    };
    let (mut marketed, mut operated) = (
        (of(marketing, &carriers), of(marketing, &numbers)),
        (of(operating, &carriers), of(operating, &numbers)),
    );
    let place = if is_operating { &mut operated } else { &mut marketed };
    if place.0.is_empty() {
        *place = (own, number);
    }
    let class = node.find("ClassOfService").map(|class| class.deep(&["Code", "RBD"]));
    let classes = ["RBD_Code", "MarketingCarrierRBD_Code", "RBD", "ResBookDesigCode"];
    Segment {
        id: key(node),
        carrier: marketed.0,
        number: marketed.1,
        operating: operated.0,
        operating_number: operated.1,
        class: first(class.unwrap_or_default(), || node.deep(&classes)),
        cabin: node.deep(&["CabinTypeCode", "CabinDesignator", "CabinType"]),
        departure: stop(node, &["Dep", "Departure"], notes),
        arrival: stop(node, &["Arrival", "Arr"], notes),
        refers_to: node.words(&["DatedMarketingSegmentRefId", "DatedOperatingSegmentRefId"]),
    }
}

fn stop<'t>(node: &Node<'t>, names: &[&str], notes: &mut Diagnostics<'t>) -> Stop {
    let Some(stop) = names.iter().find_map(|name| node.child(name)) else { return Stop::default() };
    let code = stop.deep(&["IATA_LocationCode", "AirportCode"]);
    let airport = Airport::read(&code);
    if airport.is_none() && !code.is_empty() {
        notes.at(rules::BAD_AIRPORT, anchor(stop));
    }
    let when = stop.deep(&["AircraftScheduledDateTime", "Date", "ScheduledDateTime"]);
    let clock = first(stop.text_of(&["Time"]), || {
        when.split_once('T').map(|(_, clock)| Cow::Owned(clock.to_owned())).unwrap_or_default()
    });
    Stop { airport, day: day_or_note(&when, stop, notes), time: time_of(&clock) }
}

/// Fills segments from those they refer to (21.3), and drops repeated ones.
pub(in super::super) fn finish(message: &mut Message<'_>) {
    once(message);
    let all = message.segments.clone();
    let by_id: std::collections::HashMap<&str, &Segment<'_>> =
        all.iter().filter(|one| !one.id.is_empty()).map(|one| (&*one.id, one)).collect();
    for segment in &mut message.segments {
        let mut refers = segment.refers_to.clone();
        // A marketing segment refers to an operating one in its turn.
        for _ in 0..2 {
            let next: Vec<_> =
                refers.iter().take(4).filter_map(|id| by_id.get(&**id).copied()).collect();
            refers = Vec::new();
            for from in next {
                fill(segment, from);
                refers.extend(from.refers_to.iter().cloned());
            }
        }
    }
    let referred: std::collections::HashSet<String> =
        all.iter().flat_map(|one| one.refers_to.iter().map(|id| id.to_string())).collect();
    message.segments.retain(|one| !referred.contains(&*one.id));
}

/// Some senders list everybody twice: of two of an id the one with a name stays.
fn once(message: &mut Message<'_>) {
    let all = std::mem::take(&mut message.passengers);
    let mut places = std::collections::HashMap::new();
    for person in all {
        let known = places.get(&*person.id).copied().filter(|_| !person.id.is_empty());
        match known.and_then(|at: usize| message.passengers.get_mut(at)) {
            Some(earlier) if earlier.surname.is_empty() && !person.surname.is_empty() => {
                *earlier = person;
            }
            Some(_) => {}
            None => {
                places.insert(person.id.to_string(), message.passengers.len());
                message.passengers.push(person);
            }
        }
    }
}

fn fill<'t>(segment: &mut Segment<'t>, from: &Segment<'t>) {
    let words = [
        (&mut segment.carrier, &from.carrier),
        (&mut segment.number, &from.number),
        (&mut segment.operating, &from.operating),
        (&mut segment.operating_number, &from.operating_number),
        (&mut segment.class, &from.class),
        (&mut segment.cabin, &from.cabin),
    ];
    for (to, from) in words {
        if to.is_empty() {
            *to = from.clone();
        }
    }
    for (to, from) in
        [(&mut segment.departure, &from.departure), (&mut segment.arrival, &from.arrival)]
    {
        if *to == Stop::default() {
            *to = from.clone();
        }
    }
}
