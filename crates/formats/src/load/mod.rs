//! Load messages: LDM (AHM 583).
//!
//! ```text
//! LDM
//! CA1501/04.B2032.C8Y168.2/5                    flight / day . registration . version . crew
//! -SHA.131/6/3.T2210.3/900.4/1310.PAX/8/129.PAD/0    what is on board for one destination
//! SI B/1810.C/400
//! ```
//!
//! Weights are in kilograms unless the airlines agreed otherwise.

pub mod model;
mod parse;
pub mod rules;

pub use model::{Crew, Destination, Hold, Message, Seated, Split};
pub use parse::{parse, read};
