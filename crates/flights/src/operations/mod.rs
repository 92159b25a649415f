//! Dated flights and their legs, and what moved them.

mod flight;
pub(crate) mod leg;
pub(crate) mod movement;
mod resolve;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use flight::{Flight, Leg};
pub(crate) use rows::{by_id, of_numbers, save_all};
