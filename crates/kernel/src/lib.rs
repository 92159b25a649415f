//! The airline's basic words: identifiers, time, money, distance, airports, countries, names.
//!
//! Pure: no I/O, no async, no global state but tables read from the crate's own text. Time
//! comes in through [`Clock`]; randomness comes in as an argument, but for [`ids::v7`], the one
//! place that asks the operating system for it.

pub mod airports;
mod clock;
pub mod countries;
pub mod dates;
mod explain;
pub mod id_card;
pub mod ids;
mod lang;
pub mod member_no;
mod money;
pub mod names;
mod outcome;
pub mod page;
pub mod personal;
pub mod phone;
mod units;

// For `typed_id!`, and for crates that need no more of these than kernel shows.
pub use chrono;
pub use serde;
pub use uuid::{self, Uuid};

pub use clock::{Clock, FixedClock, SystemClock};
pub use dates::Period;
pub use explain::{Explain, Kind};
pub use lang::Lang;
pub use money::{BadCurrency, Currency, Money};
pub use outcome::Outcome;
pub use page::{Cursor, Page};
pub use personal::Personal;
pub use units::{Km, Miles};
