//! Airline messages as pure parsers and writers.
//!
//! Any bytes go in; a record and a list of [`Diagnostic`]s come out. No parser panics, none refuses
//! a message for one bad line: what could not be read is told with its line, column and code, and
//! what was kept of it. Records borrow from the message where they can.
//!
//! The order of things: [`text::decode`] turns wire bytes into text, [`envelope`] takes off the
//! Type B address lines, [`detect`] says which kind of message it is, and the module of that kind
//! reads the body. [`read`] does all of it.
//!
//! Nothing here knows today's date: days without a month or a year stay as they were sent, and
//! [`when`] resolves them against a day the caller names.

pub mod baggage;
pub mod boarding_pass;
pub mod booking;
pub mod cards;
pub mod detect;
pub mod diagnostic;
pub mod edifact;
pub mod envelope;
pub mod flight;
pub mod load;
pub mod message;
pub mod moment;
pub mod movement;
pub mod names;
pub mod ndc;
pub mod passenger_list;
pub mod paxlst;
pub mod pnrgov;
pub mod psm;
pub mod ptm;
pub mod requests;
mod scan;
pub mod schedule;
pub mod schedule_change;
pub mod text;
pub mod when;

#[cfg(test)]
mod mutations;

pub use detect::{Kind, detect};
pub use diagnostic::{Diagnostic, Diagnostics, Kept, Severity};
pub use envelope::Envelope;
pub use flight::{Airport, FlightDesignator};
pub use message::{Message, Read, read};
pub use when::{DayMonth, TimeOfDay};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
