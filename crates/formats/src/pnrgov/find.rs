//! What consumers ask of a booking.

use std::borrow::Cow;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{CheckedPassenger, Flight, Message, Passenger, Record, Request, Ticket};
use crate::names::Name;
use crate::requests::{self, Contact, Details, contact_in};
use crate::when::Day;

impl<'t> Record<'t> {
    /// All requests for a passenger, each with the flight it is about if it stands there: those at
    /// the passenger, and those of the booking and its flights that name the passenger or nobody.
    pub fn requests_of<'r>(
        &'r self,
        passenger: &'r Passenger<'t>,
    ) -> impl Iterator<Item = (&'r Request<'t>, Option<&'r Flight<'t>>)> {
        let own = passenger.requests.iter().map(|request| (request, None));
        let common = self.requests.iter().map(|request| (request, None));
        let flown = self
            .flights
            .iter()
            .flat_map(|flight| flight.requests.iter().map(move |request| (request, Some(flight))));
        let mine = move |request: &Request<'t>| {
            let mut named = request.targets.iter().filter(|target| !target.passenger.is_empty());
            let reference = &passenger.reference;
            let nobody = named.clone().next().is_none();
            nobody || named.any(|target| target.passenger == *reference)
        };
        own.chain(common.chain(flown).filter(move |(request, _)| mine(request)))
    }

    /// The passenger of that reference.
    #[must_use]
    pub fn passenger(&self, reference: &str) -> Option<&Passenger<'t>> {
        self.passengers.iter().find(|passenger| passenger.reference == reference)
    }

    /// Contacts of the whole booking: CTC texts and requests, telephone numbers of addresses. Those
    /// of one passenger are at [`Passenger::contacts`].
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact<'_>> {
        let texts = self.notes.iter().filter_map(|note| contact_in(&note.text));
        let requests = self.requests.iter().filter_map(Request::contact);
        let addresses = self.addresses.iter().filter_map(|address| contact_in(&address.text));
        texts.chain(requests).chain(addresses).collect()
    }
}

impl<'t> Passenger<'t> {
    /// Surname, given names and title.
    #[must_use]
    pub fn name(&self) -> Name<'_> {
        Name::of(&self.surname, &self.given)
    }

    /// An infant without a seat.
    #[must_use]
    pub fn is_infant(&self) -> bool {
        matches!(&*self.kind, "IN" | "INF")
    }

    /// Contacts of this passenger.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact<'_>> {
        let texts = self.notes.iter().filter_map(|note| contact_in(&note.text));
        let requests = self.requests.iter().filter_map(Request::contact);
        let addresses = self.addresses.iter().filter_map(|address| contact_in(&address.text));
        texts.chain(requests).chain(addresses).collect()
    }
}

impl Request<'_> {
    /// What the text says, if the code has a known grammar.
    #[must_use]
    pub fn details(&self) -> Option<Details<'_>> {
        requests::read(&self.code, &self.text)
    }

    /// The contact, if this is a CTC request.
    #[must_use]
    pub fn contact(&self) -> Option<Contact<'_>> {
        match self.details() {
            Some(Details::Contact(contact)) => Some(contact),
            _ => None,
        }
    }
}

impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut tree = to.serialize_struct("Request", 9)?;
        tree.serialize_field("code", &self.code)?;
        let texts = [("status", &self.status), ("airline", &self.airline), ("text", &self.text)];
        for (name, text) in texts {
            if text.is_empty() {
                tree.skip_field(name)?;
            } else {
                tree.serialize_field(name, text)?;
            }
        }
        if let Some(count) = self.count {
            tree.serialize_field("count", &count)?;
        }
        if let Some(from) = &self.from {
            tree.serialize_field("from", from)?;
        }
        if let Some(to) = &self.to {
            tree.serialize_field("to", to)?;
        }
        if let Some(details) = self.details() {
            tree.serialize_field("details", &details)?;
        }
        if !self.targets.is_empty() {
            tree.serialize_field("targets", &self.targets)?;
        }
        tree.end()
    }
}

impl CheckedPassenger<'_> {
    /// `11D` for `011D`; none for `XXX` and the like.
    #[must_use]
    pub fn seat_label(&self) -> Option<&str> {
        let seat = self.seat.trim_start_matches('0');
        seat.starts_with(|first: char| first.is_ascii_digit()).then_some(seat)
    }
}

impl Ticket<'_> {
    /// The thirteen digits of the ticket, without a hyphen between them or a check digit behind them;
    /// none if the number has fewer.
    #[must_use]
    pub fn thirteen(&self) -> Option<String> {
        let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b' ');
        let digits: String = self.number.chars().filter(char::is_ascii_digit).collect();
        let fits = self.number.bytes().all(plain) && matches!(digits.len(), 13 | 14);
        digits.get(..13).filter(|_| fits).map(str::to_owned)
    }
}

impl<'t> Flight<'t> {
    /// Carrier and number under which it was sold and is flown: `(marketing, operating)`. Which of
    /// the two numbers of a code share is whose is told by the flight the message is about: that one
    /// is the operating carrier's.
    #[must_use]
    pub fn designators(&self, of_message: Option<&Flight<'t>>) -> (Designator<'_>, Designator<'_>) {
        let operating = if self.operating.is_empty() { &self.marketing } else { &self.operating };
        let own = (&*self.marketing, &*self.number);
        let Some((partner, _)) = &self.partner else {
            return (own, (operating, &self.number));
        };
        let is_operated = of_message
            .is_some_and(|flight| flight.marketing == *operating && flight.number == self.number);
        if is_operated {
            ((&self.marketing, partner), (operating, &self.number))
        } else {
            (own, (operating, partner))
        }
    }

    /// The day of arrival: as written, or that of the departure, or the day after if the arrival
    /// would be before it.
    #[must_use]
    pub fn arrival_day(&self) -> Option<Day> {
        let departure = self.departs.day;
        let earlier = self.arrives.time < self.departs.time && self.arrives.time.is_some();
        let day = || departure?.plus(i64::from(earlier));
        self.arrives.day.or_else(day)
    }
}

/// Carrier and flight number.
type Designator<'r> = (&'r str, &'r str);

/// Joins the parts of a split push, in whatever order they came: messages of the same access
/// reference become one. Whether parts are missing comes back too.
#[must_use]
pub fn join(mut parts: Vec<Message<'_>>) -> (Vec<Message<'_>>, bool) {
    parts.sort_by(|one, other| {
        let key = |message: &Message<'_>| message.part.map_or(0, |part| part.number);
        one.access.cmp(&other.access).then(key(one).cmp(&key(other)))
    });
    let mut whole: Vec<Message<'_>> = Vec::new();
    let mut missing = false;
    let mut last = 0;
    let mut ended = true;
    for mut part in parts {
        let Some(place) = part.part else {
            whole.push(part);
            continue;
        };
        match whole.last_mut().filter(|first| first.part.is_some() && first.access == part.access) {
            Some(first) if place.number != last => {
                missing |= place.number != last + 1;
                first.records.append(&mut part.records);
                first.other.append(&mut part.other);
            }
            // The same part twice.
            Some(_) => continue,
            None => {
                missing |= !ended || place.number > 1;
                whole.push(part);
            }
        }
        (last, ended) = (place.number, place.last);
    }
    (whole, missing || !ended)
}

impl Message<'_> {
    /// Reference and place in its push: `(access, part)`.
    #[must_use]
    pub fn series(&self) -> Option<(Cow<'_, str>, u16)> {
        self.part.map(|part| (self.access.clone(), part.number))
    }
}
