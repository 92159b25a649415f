//! What a list says of a passenger's trip: other flights, bags, staff, company.

use crate::passenger_list::connection::Connection;
use crate::passenger_list::element::{BagTag, Bags, Code, Detail, Element};
use crate::passenger_list::model::wide;
use crate::passenger_list::people::Person;

impl<'l, 't> Person<'l, 't> {
    /// The flight the passenger bought, if another airline sold it; its class counts for accrual.
    #[must_use]
    pub fn marketing(&self) -> Option<Connection<'l>> {
        let own = self.details().find_map(|detail| match detail {
            Detail::Marketing(flight) => Some(flight),
            _ => None,
        });
        own.or_else(|| self.of_booking(Code::Marketing))
    }

    /// The same element at the first name of the group: senders write it once.
    fn of_booking(&self, code: Code) -> Option<Connection<'l>> {
        let booking = self.list.bookings.get(self.name.booking as usize)?;
        let first = self.list.names.get(booking.first as usize)?;
        let elements = self.list.elements.get(wide(&first.elements))?;
        elements.iter().filter(|element| element.code == code).find_map(|element| {
            match element.detail("") {
                Detail::Marketing(flight) => Some(flight),
                _ => None,
            }
        })
    }

    /// Onward flights with their numbers, from 1.
    pub fn onward(&self) -> impl Iterator<Item = (u8, Connection<'l>)> + use<'l, 't> {
        self.details().filter_map(|detail| match detail {
            Detail::Onward(number, flight) => Some((number, flight)),
            _ => None,
        })
    }

    /// Inbound flights with their numbers, from 1.
    pub fn inbound(&self) -> impl Iterator<Item = (u8, Connection<'l>)> + use<'l, 't> {
        self.details().filter_map(|detail| match detail {
            Detail::Inbound(number, flight) => Some((number, flight)),
            _ => None,
        })
    }

    /// Travels as staff (ID1, ID2): nothing accrues.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.has(Code::StaffBooked) || self.has(Code::StaffStandby)
    }

    /// Waitlisted.
    #[must_use]
    pub fn is_waitlisted(&self) -> bool {
        self.has(Code::Waitlisted)
    }

    fn has(&self, code: Code) -> bool {
        self.elements().any(|element| element.code == code)
    }

    /// `.C/`: a company or tour, of this name or the first of the group.
    #[must_use]
    pub fn corporate(&self) -> Option<&'l str> {
        let of = |elements: &'l [Element<'t>]| {
            let found = elements.iter().find(|element| element.code == Code::Corporate);
            found.map(Element::own_text)
        };
        let booking = self.list.bookings.get(self.name.booking as usize);
        let first = booking.and_then(|booking| self.list.names.get(booking.first as usize));
        let group = || self.list.elements.get(wide(&first?.elements)).and_then(of);
        of(self.elements_of_name()).or_else(group)
    }

    /// Pieces and weight.
    #[must_use]
    pub fn bags(&self) -> Option<Bags> {
        self.details().find_map(|detail| match detail {
            Detail::Bags(bags) => Some(bags),
            _ => None,
        })
    }

    /// Bag tags.
    pub fn bag_tags(&self) -> impl Iterator<Item = BagTag<'l>> + use<'l, 't> {
        self.details().filter_map(|detail| match detail {
            Detail::BagTag(tag) => Some(tag),
            _ => None,
        })
    }
}
