//! Person records of an airline: what they are compared by, what never merges, what surely does.
//!
//! Comes in as [`PersonRecord`]s, is made ready as [`Person`]s. In a batch, [`People`] blocks,
//! judges and clusters them all. One record at a time, the caller keeps [`keys`] and
//! [`Person::tallies`] in tables, fetches the records that share a key and the counts of
//! [`Person::counted`], and asks [`score`]. Both ways one function judges, so a pair has one
//! evidence.
//!
//! The order of things: [`Veto`]es come first and hold through clusters; then [`Certain`] links
//! (same identity card; same passport, country and birth date; same member number; always with
//! names that agree); then the weights. Name and birth date alone are looked at, never linked.

mod airline;
mod characters;
mod counts;
mod evidence;
pub mod findings;
mod index;
mod keys;
mod names;
mod people;
mod pinyin;
mod prepared;
mod readings;
mod record;
mod rules;

pub use airline::{airline, prior_for};
pub use counts::Counts;
pub use evidence::{Band, Evidence, Judged, Piece, Scorer, score};
pub use index::Index;
pub use keys::{BlockKey, MOST, kept_keys, keys};
pub use names::{Name, NameMatch};
pub use people::{Pair, People};
pub use prepared::{EVERYBODY, Person, Tally};
pub use record::{Birth, Document, DocumentKind, Gender, Member, PersonRecord, Seat, country};
pub use rules::{Cap, Certain, Veto};
