//! Baggage: information messages (RP 1745: BSM, BPM, BTM, BUM, BNS, BCM, BMM, BRQ) and tracing
//! files (AHL, OHD, FWD and relatives).
//!
//! ```text
//! BSM                          AHL
//! .V/1LPEK                     PEKCA10234
//! .F/CA1501/05FEB/SHA/Y        NM ZHANG/WEI
//! .N/0999781487002             TN CA781487
//! .S/Y/12A/C/051               CT BK22
//! .W/K/2/31                    FD CA1501/05FEB
//! .P/1ZHANG/WEIMR
//! ENDBSM
//! ```
//!
//! Elements that the recommended practice describes are typed, the others kept word for word. A
//! field of a typed element that cannot be read is left empty; the whole element stays in `text`.

pub mod model;
mod parse;
pub mod rules;
pub mod tracing;

pub use model::{
    BagTags, Body, Element, FlightPoint, Group, Kind, Message, Names, Processing, Status, Weight,
};
pub use parse::{parse, read};
