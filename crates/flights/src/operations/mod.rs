//! Dated flights and their legs, and what moved them.

mod flight;
mod resolve;

pub(crate) use flight::Flight;
