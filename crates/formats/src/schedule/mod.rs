//! Schedule files: SSIM chapter 7.
//!
//! Records of 200 columns, told apart by the first: 1 header, 2 carrier and season, 3 flight leg,
//! 4 segment data, 5 trailer. Several carriers may follow one another; records of zeros fill tape
//! blocks. [`records`] goes through a file of any size without allocating; [`legs`] puts segment
//! data to their legs; [`parse`] collects everything. A file is one [`crate::text::decode`] away
//! from `&str`: ASCII and UTF-8 are borrowed.
//!
//! A leg says on which days it flies over which period; [`Leg::operations`] turns that into dated
//! departures and arrivals, local and UTC. Two-digit years are 1980 to 2079.

mod code;
mod collect;
mod columns;
mod expand;
pub mod model;
mod read;
mod records;
pub mod rules;
mod values;
mod write;

pub use code::Code;
pub use collect::{LegRow, Legs, legs, parse, read};
pub use expand::{Clock, Operation, Operations, itinerary_on};
pub use model::{
    Block, Bound, Carrier, Days, FlightLeg, Header, Leg, Point, Record, Schedule, SegmentData,
    TimeMode, Trailer,
};
pub use records::{Finding, Findings, Records, Row, record, records};
pub use write::{write, write_record};
