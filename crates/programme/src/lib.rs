//! A frequent-flyer programme as data, and the arithmetic that follows from it.
//!
//! [`document::Programme`] is read from TOML and checked ([`check`]); [`Engine`] is a checked
//! programme that answers: what a flight earns ([`accrual`]), which tier a member holds
//! ([`qualify`]), when miles run out ([`expiry`]), what an award costs ([`redemption`]) and what a
//! tier is good for on a flight ([`entitlement`]). Facts in, answers with reasons out: no
//! database, no clock; days are passed in. Miles, distances and money are whole numbers.
//!
//! ```
//! use kernel::{Currency, Lang};
//! use programme::accrual::{Fact, Member};
//! use programme::document::{Cabin, Market, Rank};
//! use programme::{Carrier, Code, Engine, Measure, Programme, examples, say};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::new(Programme::from_toml(examples::BRIDGE_KM)?)?;
//! let jb = Carrier::parse("JB")?;
//! let fact = Fact {
//!     flight_date: "2026-02-01".parse()?,
//!     flight_no: "1419".into(),
//!     origin: Code::parse("TFU")?,
//!     destination: Code::parse("HGH")?,
//!     market: Market::Domestic,
//!     marketing: jb,
//!     operating: jb,
//!     booking_class: Code::parse("Y")?,
//!     flown_class: None,
//!     involuntary: false,
//!     cabin: Some(Cabin::Economy),
//!     tpm_miles: None,
//!     great_circle_km: Some(1_700),
//!     fare_minor: Some(120_000),
//!     surcharge_minor: 0,
//!     currency: Currency::CNY,
//!     ticket: Default::default(),
//!     status: Default::default(),
//!     coupon: None,
//!     booked_on: None,
//!     seat: true,
//!     claimed_on: None,
//!     credited_elsewhere: false,
//! };
//! let silver = Member {
//!     number: "6218045737".into(),
//!     tier: Rank(1),
//!     birth_date: None,
//!     joined_on: "2020-01-01".parse()?,
//!     first_flight: false,
//!     registered: vec![],
//!     used: vec![],
//! };
//! let accrued = engine.accrue(&fact, &silver);
//! // 1,700 × 110 % = 1,870, and 25 % of it = 467.5 → 468.
//! assert_eq!(accrued.total(Measure::Redeemable), 1_870 + 468);
//! let said = say::accrued(engine.programme(), &accrued, Lang::En);
//! assert_eq!(said[3], "Award: 1,700 × 110% = 1,870 km.");
//! # Ok(())
//! # }
//! ```

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
pub mod replay;
pub mod say;

pub use amounts::{Amounts, Measure};
pub use code::{BadCode, BookingClass, Carrier, Code, Id, Station};
pub use document::{Programme, Rank};
pub use engine::{Contradictory, Engine};
pub use number::{BadNumber, Hundredths, Percent, Rounding, Unit};
