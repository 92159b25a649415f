//! Ticket coupons: what was sold, flown, given back or exchanged.

mod absorb;
mod input;
mod link;
#[cfg(test)]
mod tests;

pub use input::CouponInput;
pub(crate) use input::is_over;
pub(crate) use link::link;
