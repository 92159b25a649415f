//! Coming in: throttle, password, second factor, session.

mod factors;
mod service;
pub(crate) mod throttle;

pub use service::{SignIn, Ticket};

#[cfg(test)]
mod tests;
