//! Airline messages on their way in: kept first, then read, put in order, applied.
//!
//! [`Feeds::receive`](crate::Feeds::receive) is the one door, whoever knocks. It answers once the
//! message is kept. The job [`PROCESS`] puts parts together and hands whole messages to `flights`,
//! each in a transaction of its own.

mod apply;
mod assemble;
mod bulk;
mod jobs;
mod list;
mod look;
mod model;
mod parts;
mod process;
mod quarantine;
mod raw;
mod receive;
mod store;
mod sweep;
mod trying;

pub use bulk::Selection;
pub use jobs::{FETCH, PROCESS, REPLAY, WATCH, handlers};
pub use list::Filter;
pub use model::{Delivery, Entry, MessageId, Received, Refused, Status};
pub use process::{Processed, Settled, Told, Waiting};

pub(crate) use assemble::SENT_AGAIN;
pub(crate) use raw::LONGEST;
#[cfg(test)]
#[cfg(test)]
pub(crate) use trying::MOST_DEATHS;
