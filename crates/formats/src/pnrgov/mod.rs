//! Passenger name records pushed to governments (PNRGOV, versions 10:1 to 17:1).
//!
//! An interchange holds messages, each of them about one flight; a message holds records, each of
//! them one booking. The same request may stand at the level of the booking, of a passenger, and of
//! a flight: [`Record::requests_of`] gathers them. Card numbers are never kept: of a form of payment
//! the last four digits stay.
//!
//! A large push is split over several messages (`01:C`, `02`, `03:F`): see [`join`].

mod fields;
mod find;
mod flights;
mod model;
mod parse;
mod people;
mod place;
pub mod rules;
mod stamp;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use fields::part as part_of;

pub use find::join;
pub use flights::{Bags, CheckIn, CheckedPassenger, Flight, OtherService, Tag};
pub use model::{Interchange, Locator, Message, Office, Part, Record};
pub use parse::{Messages, parse, parse_into};
pub use people::{
    Address, Fare, Money, Note, Passenger, Payment, Programme, Request, Target, Tax, Ticket,
};
pub use stamp::Stamp;

/// Text of a message: borrowed unless it had release characters or line ends in it.
pub type Word<'t> = Cow<'t, str>;

fn blank(word: &Word<'_>) -> bool {
    word.is_empty()
}

/// Pushes onto a list that mostly stays short: the first place is the only one at first, for the
/// records are large.
fn put<T>(list: &mut Vec<T>, item: T) {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(item);
}
