//! A frequent-flyer programme as data, and the arithmetic that follows from it.
//!
//! [`document::Programme`] is read from TOML and checked ([`check`]); [`Engine`] is a checked
//! programme that answers: what a flight earns ([`accrual`]), which tier a member holds
//! ([`qualify`]), when miles run out ([`expiry`]), what an award costs ([`redemption`]) and what a
//! tier is good for on a flight ([`entitlement`]). Facts in, answers with reasons out: no
//! database, no clock; days are passed in. Miles, distances and money are whole numbers.

pub mod accrual;
mod amounts;
pub mod check;
mod code;
pub mod document;
mod engine;
pub mod entitlement;
pub mod examples;
pub mod expiry;
pub mod membership;
mod number;
pub mod qualify;
pub mod redemption;
pub mod say;

pub use amounts::{Amounts, Measure};
pub use code::{BadCode, BookingClass, Carrier, Code, Id, Station};
pub use document::{Programme, Rank};
pub use engine::{Contradictory, Engine};
pub use number::{BadNumber, Hundredths, Percent, Rounding, Unit};
