//! Who is who: what messages, files and web events say about people becomes source records, and
//! records become customers.

mod decide;
pub(crate) mod follow;
mod join;
pub(crate) mod key;
pub(crate) mod known;
pub(crate) mod merge;
mod place;
mod refold;
mod review;
mod run;
mod shelves;
mod stated;
mod statement;
mod survive;
mod write;

#[cfg(test)]
mod tests;

pub use join::JOB as JOIN_JOB;
pub use merge::Step;
pub use key::JOB as KEY_JOB;
pub use run::{JOB as RUN_JOB, Ran};
pub use place::{Placed, Way};
pub use review::{Review, Verdict};
pub use statement::{BookingPlace, Membership, StatedDocument, Statement};
