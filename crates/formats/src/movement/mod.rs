//! Aircraft movements: MVT, MVA (initiated by the aircraft) and DIV (AHM 780).
//!
//! ```text
//! MVT
//! CA1501/21.B2032.PEK          flight / UTC day . registration . station
//! AD1100/1115 EA1240 SHA       off block / airborne, estimated arrival
//! DL72/93/0010/0015            delay codes first, then durations by position
//! PX162
//! SI DEICING
//! ```
//!
//! All times are UTC; four digits are a time, six a day and a time. [`Movement::resolved`] sets
//! them against a schedule.

mod delays;
mod elements;
pub mod model;
mod parse;
mod resolve;
pub mod rules;
mod write;

pub use model::{Delay, Estimate, Figure, Kind, Message, Movement, Passengers, Stamp};
pub use parse::{parse, read};
pub use resolve::{Resolved, Scheduled};
pub use write::write;
