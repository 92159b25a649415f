//! Orders as NDC messages carry them: `OrderViewRS` and its kin (`OrderCreateRS`, `OrderRetrieveRS`,
//! `OrderCreateRQ`), EDIST 15.2 to 17.2, 18.1 to 20.x, 21.3 and later, bare or in a SOAP envelope.
//!
//! Elements are matched by their local names, for prefixes and paths differ by version and vendor.
//! The text is read as a stream; only orders, passengers, segments, contacts and tickets are built
//! up, each within bounds. Entities are not expanded but for the five of XML and character
//! references. Payment data is passed over; a card number in it is told.

mod find;
mod map;
mod model;
mod parse;
pub mod rules;
mod tree;

#[cfg(test)]
mod tests;

pub use find::Standing;
pub use model::{
    BookingReference, Company, ContactInfo, Coupon, Family, IdentityDocument, Item, Membership,
    Message, Money, Order, Passenger, Problem, Segment, Service, Stop, Ticket, TicketDocument,
};
pub use parse::{parse, parse_into};
