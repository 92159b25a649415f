//! Coming in: throttle, password, second factor, session.

mod factors;
mod service;
pub(crate) mod throttle;

pub use service::{SignIn, Ticket};
pub use throttle::Tried;

#[cfg(test)]
mod tests;
