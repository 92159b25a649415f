//! Dated flights and their legs, and what moved them.

mod flight;
pub(crate) mod leg;
pub(crate) mod movement;
mod resolve;
#[cfg(test)]
mod tests;

pub(crate) use flight::{Flight, Leg, by_id, of_numbers, save_all};
