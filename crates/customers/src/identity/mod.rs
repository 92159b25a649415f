//! Who is who: what messages, files and web events say about people becomes source records, and
//! records become customers.

mod belongings;
mod booking;
mod decide;
pub(crate) mod follow;
mod join;
pub(crate) mod key;
pub(crate) mod known;
pub(crate) mod merge;
mod place;
mod placements;
mod refold;
mod review;
mod run;
mod shelves;
mod stated;
mod statement;
mod survive;
mod tables;
mod write;

#[cfg(test)]
mod tests;

pub use join::JOB as JOIN_JOB;
pub use key::JOB as KEY_JOB;
pub use merge::Step;
pub(crate) use merge::steps_of;
pub use place::{Placed, Way};
pub(crate) use review::{PAIR, WAITS, by_ids as reviews_by_ids};
pub use review::{Review, Verdict};
pub use run::{JOB as RUN_JOB, Ran};
pub use statement::{BookingPlace, Membership, StatedDocument, Statement};
pub use survive::Origin;
