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

pub mod boarding_pass;
pub mod booking;
pub mod cards;
pub mod diagnostic;
pub mod edifact;
pub mod flight;
#[cfg(test)]
mod mutations;
pub mod names;
pub mod ndc;
pub mod paxlst;
pub mod pnrgov;
pub mod requests;
pub mod text;
pub mod when;

pub use diagnostic::{Diagnostic, Diagnostics, Kept, Severity};
pub use flight::{Airport, FlightDesignator};
pub use when::{DayMonth, TimeOfDay};
