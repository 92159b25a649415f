//! Where in a booking a segment stands, and what it therefore means.

use super::put;
use super::{CheckIn, CheckedPassenger, OtherService, Record, fields, rules};
use crate::diagnostic::Diagnostics;
use crate::edifact::Segment;

/// The group that a segment belongs to follows from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the first SRC.
    Header,
    /// Behind SRC.
    Record,
    /// Behind TIF.
    Passenger,
    /// Behind TKT.
    Ticket,
    /// Behind FOP.
    Payment,
    /// Behind TVL.
    Flight,
    /// Behind DAT of a flight.
    CheckIn,
    /// Behind EQN: bookings split off.
    Split,
    /// Behind MSG: hotels and cars.
    Services,
    /// Behind ABI.
    History,
}

impl Place {
    /// Puts a segment where it belongs in `record`; where the next one stands comes back.
    pub(super) fn add<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        match &segment.tag.0 {
            b"LTS" => {
                let text = segment.rest(1, 0);
                record.history.push(fields::without_cards(text, segment, notes));
                return self;
            }
            b"ABI" => {
                record.history.push(segment.raw.into());
                return Self::History;
            }
            _ => {}
        }
        if self == Self::History {
            record.history.push(fields::verbatim(segment, notes));
            return self;
        }
        match &segment.tag.0 {
            b"TVL" => return self.flight(record, segment, notes),
            b"TIF" => return self.person(record, segment, notes),
            b"EQN" => return Self::Split,
            b"MSG" => {
                let kind = segment.get(1, 0);
                put(&mut record.other_services, OtherService { kind, segments: Vec::new() });
                return Self::Services;
            }
            _ => {}
        }
        match self {
            Self::Flight | Self::CheckIn => self.of_flight(record, segment, notes),
            Self::Passenger | Self::Ticket | Self::Payment => {
                self.of_passenger(record, segment, notes)
            }
            Self::Split if &segment.tag.0 == b"RCI" => {
                fields::locators(segment, notes, &mut record.split);
                self
            }
            Self::Services => {
                // A form of payment may hold a card number: not even word for word.
                if &segment.tag.0 == b"FOP" {
                    notes.at(rules::CARD_DROPPED, segment.raw);
                    return self;
                }
                match record.other_services.last_mut() {
                    Some(service) => service.segments.push(fields::verbatim(segment, notes)),
                    None => record.other.push(fields::verbatim(segment, notes)),
                }
                self
            }
            _ => self.of_record(record, segment, notes),
        }
    }

    fn flight<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        if let (Self::Services, Some(service)) = (self, record.other_services.last_mut()) {
            service.segments.push(fields::verbatim(segment, notes));
            return self;
        }
        let nowhere = segment.get(2, 0).is_empty() && segment.get(3, 0).is_empty();
        let partner = nowhere && segment.get(1, 0).is_empty();
        let last = record.flights.last_mut().filter(|flight| flight.partner.is_none());
        if let (true, Some(flight)) = (partner, last) {
            flight.partner = Some((segment.get(5, 0), segment.get(5, 1)));
            return if self == Self::CheckIn { self } else { Self::Flight };
        }
        put(&mut record.flights, fields::flight(segment, notes));
        Self::Flight
    }

    fn person<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        if !matches!(self, Self::Flight | Self::CheckIn) {
            fields::passengers(segment, notes, &mut record.passengers);
            return Self::Passenger;
        }
        let mut read = Vec::new();
        fields::passengers(segment, notes, &mut read);
        let read = read.into_iter().next().unwrap_or_default();
        let Some(check_in) = check_in_of(record) else { return self };
        // TRI begins the passenger; the name follows.
        let named = check_in.passengers.last().is_none_or(|last| !last.surname.is_empty());
        if named {
            put(&mut check_in.passengers, CheckedPassenger::default());
        }
        if let Some(last) = check_in.passengers.last_mut() {
            (last.surname, last.given) = (read.surname, read.given);
            if !read.reference.is_empty() {
                last.passenger = read.reference;
            }
        }
        Self::CheckIn
    }

    fn of_record<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        match &segment.tag.0 {
            b"RCI" => fields::locators(segment, notes, &mut record.locators),
            b"SSR" => put(&mut record.requests, fields::request(segment, notes)),
            b"DAT" => fields::dates(segment, notes, &mut record.dates),
            b"IFT" => put(&mut record.notes, fields::note(segment, notes)),
            b"ORG" => record.office = fields::office(segment),
            b"ADD" => fields::addresses(segment, &mut record.addresses),
            b"FTI" | b"REF" | b"FAR" | b"TKT" | b"MON" | b"TXD" | b"PTK" | b"FOP" => {
                notes.at(rules::NO_PASSENGER, segment.raw);
                if &segment.tag.0 != b"FOP" {
                    record.other.push(fields::verbatim(segment, notes));
                }
            }
            b"RPI" | b"APD" | b"TRI" | b"SSD" | b"TBD" => {
                notes.at(rules::NO_FLIGHT, segment.raw);
                record.other.push(fields::verbatim(segment, notes));
            }
            b"EBD" => record.excess_bags.push(segment.raw),
            b"SAC" => record.other.push(fields::verbatim(segment, notes)),
            _ => {
                notes.at(rules::UNKNOWN_SEGMENT, segment.raw);
                record.other.push(fields::verbatim(segment, notes));
            }
        }
        self
    }

    fn of_passenger<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        let Some(passenger) = record.passengers.last_mut() else {
            return Self::Record.of_record(record, segment, notes);
        };
        let payment = passenger.tickets.last_mut().and_then(|ticket| ticket.payments.last_mut());
        match (&segment.tag.0, self) {
            (b"IFT", Self::Payment) => {
                let elements = 2..=segment.element_count();
                let payer = elements.map(|at| segment.rest(at, 0)).filter(|text| !text.is_empty());
                if let Some(payment) = payment {
                    let payer = payer.map(|text| fields::without_cards(text, segment, notes));
                    payment.payer.extend(payer);
                }
            }
            (b"TKT", _) => {
                fields::tickets(segment, &mut passenger.tickets);
                return Self::Ticket;
            }
            (b"MON" | b"TXD" | b"PTK" | b"FOP" | b"DAT", _) if !passenger.tickets.is_empty() => {
                return self.of_ticket(record, segment, notes);
            }
            (b"FTI", _) => fields::programmes(segment, &mut passenger.programmes),
            (b"REF", _) => {
                let elements = 1..=segment.element_count();
                passenger.references.extend(elements.filter_map(|at| segment.some(at, 1)));
            }
            (b"FAR", _) => passenger.fare = fields::fare(segment),
            (b"IFT", _) => put(&mut passenger.notes, fields::note(segment, notes)),
            (b"SSR", _) => put(&mut passenger.requests, fields::request(segment, notes)),
            (b"ADD", _) => fields::addresses(segment, &mut passenger.addresses),
            (b"EBD", _) => passenger.excess_bags.push(segment.raw),
            (b"RCI" | b"ORG" | b"DAT" | b"FOP" | b"TRA", _) => {
                Self::Record.of_record(record, segment, notes);
            }
            _ => {
                notes.at(rules::UNKNOWN_SEGMENT, segment.raw);
                record.other.push(fields::verbatim(segment, notes));
            }
        }
        self
    }

    fn of_ticket<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        let ticket = record.passengers.last_mut().and_then(|person| person.tickets.last_mut());
        let Some(ticket) = ticket else { return self };
        match &segment.tag.0 {
            b"MON" => fields::money(segment, &mut ticket.money),
            b"TXD" => fields::taxes(segment, &mut ticket.taxes),
            b"PTK" => ticket.pricing = Some(segment.raw),
            b"FOP" => {
                fields::payments(segment, notes, &mut ticket.payments);
                return Self::Payment;
            }
            _ => {
                let mut dates = Vec::new();
                fields::dates(segment, notes, &mut dates);
                let issue = dates.iter().find(|(kind, _)| kind == "710").or(dates.first());
                ticket.issued = issue.map(|(_, stamp)| *stamp).unwrap_or_default();
            }
        }
        self
    }

    fn of_flight<'t>(
        self,
        record: &mut Record<'t>,
        segment: &Segment<'t, '_>,
        notes: &mut Diagnostics<'t>,
    ) -> Self {
        let Some(flight) = record.flights.last_mut() else { return self };
        match &segment.tag.0 {
            b"RPI" => {
                flight.seats = segment.get(1, 0).parse().ok();
                flight.status = segment.get(2, 0);
            }
            b"APD" => flight.aircraft = segment.get(1, 0),
            b"RCI" => fields::locators(segment, notes, &mut flight.locators),
            b"SSR" => put(&mut flight.requests, fields::request(segment, notes)),
            b"IFT" => put(&mut flight.notes, fields::note(segment, notes)),
            b"TRA" => flight.operating = segment.get(1, 0),
            b"DAT" => {
                let mut check_in = CheckIn::default();
                fields::dates(segment, notes, &mut check_in.dates);
                put(&mut flight.check_ins, check_in);
                return Self::CheckIn;
            }
            b"ORG" | b"TRI" | b"SSD" | b"TBD" => return self.of_check_in(record, segment),
            _ => {
                notes.at(rules::UNKNOWN_SEGMENT, segment.raw);
                record.other.push(fields::verbatim(segment, notes));
            }
        }
        self
    }

    fn of_check_in<'t>(self, record: &mut Record<'t>, segment: &Segment<'t, '_>) -> Self {
        let Some(check_in) = check_in_of(record) else { return self };
        if &segment.tag.0 == b"ORG" {
            check_in.office = Some(Box::new(fields::office(segment)));
            return Self::CheckIn;
        }
        if &segment.tag.0 == b"TRI" || check_in.passengers.is_empty() {
            put(&mut check_in.passengers, CheckedPassenger::default());
        }
        let Some(last) = check_in.passengers.last_mut() else { return self };
        match &segment.tag.0 {
            b"TRI" => {
                last.number = segment.get(2, 0);
                last.passenger = segment.get(2, 3);
            }
            b"SSD" => {
                last.seat = segment.get(1, 0);
                last.cabin = segment.some(5, 0).unwrap_or_else(|| segment.get(4, 0));
            }
            _ => last.bags.push(fields::bags(segment)),
        }
        Self::CheckIn
    }
}

/// The check-in of the last flight; one is begun if there is none.
fn check_in_of<'r, 't>(record: &'r mut Record<'t>) -> Option<&'r mut CheckIn<'t>> {
    let check_ins = &mut record.flights.last_mut()?.check_ins;
    if check_ins.is_empty() {
        put(check_ins, CheckIn::default());
    }
    check_ins.last_mut()
}
