//! Who is who: what messages, files and web events say about people becomes source records, and
//! records become customers.

mod place;
mod placements;
mod statement;

pub use place::{Placed, Way};
pub use statement::{BookingPlace, Membership, StatedDocument, Statement};
