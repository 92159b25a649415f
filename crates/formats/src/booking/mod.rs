//! Booking messages of AIRIMP: what airlines and reservation systems tell each other about one
//! booking.
//!
//! The message has no identifier. Behind the Type B envelope come the record locators (the sender's,
//! then the receiver's), names, flights with an action or status, and requests (`SSR`) and
//! information (`OSI`) for the airline. Some systems put an identifier before it after all (`DVD`,
//! `BPR`), some pack a flight into one word (`BA0175Y15JUNLHRJFKNN1`), some leave out what they feel
//! like. Everything unknown is kept word for word.

mod model;
mod names;
mod parse;
mod requests;
pub mod rules;
mod segment;
pub mod status;

#[cfg(test)]
mod tests;

pub use model::{
    Booking, FlightReference, Information, NameChange, NameElement, Person, PointOfSale, Reference,
    Request, Segment,
};
pub use parse::{parse, parse_into};
pub use status::Status;
