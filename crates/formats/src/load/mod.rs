//! Load messages: LDM (AHM 583).
//!
//! ```text
//! LDM
//! CA1501/04.B2032.C8Y168.2/5                    flight / day . registration . version . crew
//! -SHA.153/1/2.T1794.3/624.4/1170.PAX/8/146.PAD/0    what is on board for one destination
//! SI B/1510.C/284
//! ```
//!
//! Weights are in kilograms unless the airlines agreed otherwise.

pub mod model;
mod parse;
pub mod rules;

pub use model::{Crew, Destination, Hold, Message, Seated, Split};
pub use parse::{parse, read};
