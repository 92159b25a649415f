//! PSM, the passenger service message (RP 1715): who on board needs what, by destination.
//!
//! Destinations hold numbers by service and class, then cabins, then names; each name has the lines
//! below it: a connecting flight, services with free text.

mod model;
mod parse;
pub mod rules;

pub use model::{Cabin, Destination, ServedName, Service, ServiceCount, ServiceList};
pub use parse::{parse, read_body};
