//! One passenger with everything the list says about them.

use serde::Serialize;

use crate::passenger_list::contact::Contact;
use crate::passenger_list::document::{Address, Document, Identity, ShortDate, Visa};
use crate::passenger_list::element::{Code, Detail, Element, Whom};
use crate::passenger_list::model::{
    Change, Group, Locator, Name, Passenger, PassengerList, PersonKind, Section, wide,
};
use crate::passenger_list::name::Title;
use crate::passenger_list::remark::{
    Ancillary, FrequentFlyer, InfantRemark, Remark, ServiceRequest,
};
use crate::passenger_list::seat::seats;
use crate::passenger_list::ticket::Ticket;

/// A passenger in a list. Cheap to copy; borrows the list.
#[derive(Clone, Copy, Debug)]
pub struct Person<'l, 't> {
    pub(super) list: &'l PassengerList<'t>,
    pub(super) name: &'l Name<'t>,
    passenger: &'l Passenger<'t>,
    index: usize,
}

/// An infant in arms, with the adult's remarks about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Infant<'a> {
    /// Name and birth date.
    pub name: InfantRemark<'a>,
    /// Its ticket.
    pub ticket: Option<Ticket<'a>>,
    /// Its travel document.
    pub document: Option<Document<'a>>,
}

impl<'t> PassengerList<'t> {
    /// Everyone, and every seat that is no person, in the order of the message.
    pub fn people(&self) -> impl Iterator<Item = Person<'_, 't>> {
        self.passengers.iter().enumerate().filter_map(|(index, passenger)| {
            let name = self.names.get(passenger.name as usize)?;
            Some(Person { list: self, name, passenger, index })
        })
    }

    /// The passenger at an index of `passengers`.
    #[must_use]
    pub fn person(&self, index: usize) -> Option<Person<'_, 't>> {
        let passenger = self.passengers.get(index)?;
        let name = self.names.get(passenger.name as usize)?;
        Some(Person { list: self, name, passenger, index })
    }
}

impl<'l, 't> Person<'l, 't> {
    /// As sent; empty for a blank name.
    #[must_use]
    pub const fn surname(&self) -> &'t str {
        self.name.surname
    }

    /// Given names without title; empty if none were sent.
    #[must_use]
    pub const fn given(&self) -> &'t str {
        self.passenger.given
    }

    /// Given names and title as sent.
    #[must_use]
    pub const fn sent(&self) -> &'t str {
        self.passenger.sent
    }

    /// The title.
    #[must_use]
    pub const fn title(&self) -> Option<Title> {
        self.passenger.title
    }

    /// Adult, child, infant with a seat, or no person.
    #[must_use]
    pub const fn kind(&self) -> PersonKind {
        self.passenger.kind
    }

    /// A customer may be made of it: it is a person, has a surname, and a given name unless it is
    /// alone under that surname (people with one name). The nameless of a tour are not.
    #[must_use]
    pub fn is_nameable(&self) -> bool {
        let named = !self.given().is_empty() || self.name.count == 1;
        self.kind() != PersonKind::Seat && !self.surname().is_empty() && named
    }

    /// Index into `passengers`.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Byte of the message at which the name element begins.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.name.at as usize
    }

    /// What the passenger inherits.
    #[must_use]
    pub fn section(&self) -> Option<&'l Section<'t>> {
        self.list.sections.get(self.name.section as usize)
    }

    /// Three letters; empty if no total came before.
    #[must_use]
    pub fn destination(&self) -> &'t str {
        self.section().map_or("", |section| section.destination)
    }

    /// Booking class of the operating flight; empty if none was sent.
    #[must_use]
    pub fn class(&self) -> &'t str {
        self.section().map_or("", |section| section.class)
    }

    /// Compartment of the booking class, by the `RBD` line.
    #[must_use]
    pub fn compartment(&self) -> Option<&'t str> {
        self.list.compartment(self.class())
    }

    /// Of an ADL.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        self.section().and_then(|section| section.change)
    }

    /// Of a PFS: `NOSHO`, …
    #[must_use]
    pub fn category(&self) -> Option<&'t str> {
        self.section().and_then(|section| section.category)
    }

    /// The booking's locators, those sent with another name of the group included.
    pub fn locators(&self) -> impl Iterator<Item = Locator<'t>> + use<'l, 't> {
        self.list.locators_of(self.name.booking)
    }

    /// `-B2`.
    #[must_use]
    pub const fn group(&self) -> Option<Group<'t>> {
        self.name.group
    }

    /// Index into `bookings`: passengers with the same one travel together.
    #[must_use]
    pub const fn booking(&self) -> u32 {
        self.name.booking
    }

    /// Seats of the booking: the larger of what the group says and what the list holds.
    #[must_use]
    pub fn party(&self) -> u32 {
        let seats = self.list.bookings.get(self.name.booking as usize).map_or(1, |of| of.seats);
        seats.max(self.name.group.map_or(0, |group| u32::from(group.size)))
    }

    pub(super) fn elements_of_name(&self) -> &'l [Element<'t>] {
        self.list.elements.get(wide(&self.name.elements)).unwrap_or_default()
    }

    /// Elements that certainly are this passenger's: their own remarks, and what the whole name
    /// element shares (connections, corporate name, status, bags).
    pub fn elements(&self) -> impl Iterator<Item = &'l Element<'t>> + use<'l, 't> {
        let place = self.index.wrapping_sub(self.name.passengers.start as usize);
        let all = self.name.passengers.len();
        let own = move |element: &&Element<'_>| {
            element.code != Code::Remark || element.whom.is(place, all)
        };
        self.elements_of_name().iter().filter(own)
    }

    /// Remarks of the name element that do not say whose of several passengers they are.
    pub fn shared(&self) -> impl Iterator<Item = &'l Element<'t>> + use<'l, 't> {
        let all = self.name.passengers.len();
        let of_nobody = move |element: &&Element<'_>| {
            element.code == Code::Remark && all > 1 && element.whom == Whom::Everyone
        };
        self.elements_of_name().iter().filter(of_nobody)
    }

    /// Typed views of [`Self::elements`].
    pub fn details(&self) -> impl Iterator<Item = Detail<'l>> + use<'l, 't> {
        let airline = self.list.airline();
        self.elements().map(move |element| element.detail(airline))
    }

    fn remarks(&self) -> impl Iterator<Item = Remark<'l>> + use<'l, 't> {
        self.details().filter_map(|detail| match detail {
            Detail::Remark(remark) => Some(remark),
            _ => None,
        })
    }

    /// The passenger's own tickets, not those of an infant.
    pub fn tickets(&self) -> impl Iterator<Item = Ticket<'l>> + use<'l, 't> {
        self.all_tickets().filter(|ticket| !ticket.infant)
    }

    fn all_tickets(&self) -> impl Iterator<Item = Ticket<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Ticket(ticket) => Some(ticket),
            _ => None,
        })
    }

    /// Frequent flyer numbers, in the order sent.
    pub fn frequent_flyers(&self) -> impl Iterator<Item = FrequentFlyer<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::FrequentFlyer(card) => Some(card),
            _ => None,
        })
    }

    /// Tier at the time of booking.
    #[must_use]
    pub fn tier(&self) -> Option<&'l str> {
        self.remarks().find_map(|remark| match remark {
            Remark::Tier { level } => Some(level),
            _ => None,
        })
    }

    /// The passenger's own travel documents.
    pub fn documents(&self) -> impl Iterator<Item = Document<'l>> + use<'l, 't> {
        self.all_documents()
            .filter(|document| !document.gender.is_some_and(|gender| gender.is_infant()))
    }

    fn all_documents(&self) -> impl Iterator<Item = Document<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Document(document) => Some(document),
            _ => None,
        })
    }

    /// DOCA, the infant's left out.
    pub fn addresses(&self) -> impl Iterator<Item = Address<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Address(address) if !address.infant => Some(address),
            _ => None,
        })
    }

    /// DOCO, the infant's left out.
    pub fn visas(&self) -> impl Iterator<Item = Visa<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Visa(visa) if !visa.infant => Some(visa),
            _ => None,
        })
    }

    /// FOID.
    pub fn identities(&self) -> impl Iterator<Item = Identity<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Identity(identity) => Some(identity),
            _ => None,
        })
    }

    /// CTCM, CTCE, CTCR, …
    pub fn contacts(&self) -> impl Iterator<Item = Contact<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Contact(contact) => Some(contact),
            _ => None,
        })
    }

    /// ASVC.
    pub fn ancillaries(&self) -> impl Iterator<Item = Ancillary<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Ancillary(service) => Some(service),
            _ => None,
        })
    }

    /// Other special service requests.
    pub fn services(&self) -> impl Iterator<Item = ServiceRequest<'l>> + use<'l, 't> {
        self.remarks().filter_map(|remark| match remark {
            Remark::Service(service) => Some(service),
            _ => None,
        })
    }

    /// The first seat sent (`14B`), by SEAT or by the `.S/` of some senders.
    #[must_use]
    pub fn seat(&self) -> Option<String> {
        let of = |text: &str| {
            let (row, letter) = seats(text).next()?;
            Some(format!("{}{letter}", row.trim_start_matches('0')))
        };
        self.elements().find_map(|element| match element.detail("") {
            Detail::Remark(Remark::Seat { code: "SEAT", text }) => of(text),
            Detail::Other(text) if element.label == "S" => of(text),
            _ => None,
        })
    }

    /// Sequence number at check-in.
    #[must_use]
    pub fn check_in(&self) -> Option<u16> {
        self.remarks().find_map(|remark| match remark {
            Remark::CheckIn { sequence, infant: false } => sequence,
            _ => None,
        })
    }

    /// Birth date by document, else by CHLD.
    #[must_use]
    pub fn born(&self) -> Option<ShortDate<'l>> {
        let child = || {
            self.remarks().find_map(|remark| match remark {
                Remark::Child { born } => born,
                _ => None,
            })
        };
        self.documents().find_map(|document| document.born).or_else(child)
    }

    /// Infants on the passenger's lap. Tickets and documents of several go to them in the order sent.
    #[must_use]
    pub fn infants(&self) -> Vec<Infant<'l>> {
        let mut tickets = self.all_tickets().filter(|ticket| ticket.infant);
        let mut documents = self
            .all_documents()
            .filter(|document| document.gender.is_some_and(|gender| gender.is_infant()));
        let names = self.remarks().filter_map(|remark| match remark {
            Remark::Infant(name) => Some(name),
            _ => None,
        });
        names
            .map(|name| Infant { name, ticket: tickets.next(), document: documents.next() })
            .collect()
    }

    /// See [`crate::passenger_list::IdentityKey`].
    #[must_use]
    pub fn key(&self) -> crate::passenger_list::IdentityKey {
        crate::passenger_list::IdentityKey::of(self)
    }
}
