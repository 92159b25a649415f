//! Who is who: what messages, files and web events say about people becomes source records, and
//! records become customers.

mod decide;
mod join;
mod known;
mod merge;
mod place;
mod refold;
mod review;
mod shelves;
mod stated;
mod statement;
mod survive;
mod write;

#[cfg(test)]
mod tests;

pub use join::JOB as JOIN_JOB;
pub use merge::Step;
pub use place::{Placed, Way};
pub use review::{Review, Verdict};
pub use statement::{BookingPlace, Membership, StatedDocument, Statement};
