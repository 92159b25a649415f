//! Changes of schedules: SSM (over a period) and ASM (one dated flight), SSIM chapters 4 and 5.
//!
//! ```text
//! SSM
//! UTC
//! 07JAN00612E002/REF 901       date, group, E last or C more, number / creator's reference
//! TIM OPER                     action, reasons of the change
//! CA1501
//! 01APR26 30SEP26 1234567/W2   period, days, every so many weeks
//! J 738 FYB.C8Y168 3/CA        service type, aircraft, booking classes . configuration, elements
//! PEK0800 SHA1010/1            legs with day changes
//! //                           another change follows
//! ```
//!
//! Read only: airlines send these to us. House dialects are read as far as they can be.

pub mod model;
mod parse;
mod parts;
pub mod rules;

pub use model::{
    Action, CalendarDate, Call, Change, Edge, Element, Equipment, Flight, FlightDate, Kind, Leg,
    Message, Period, Reference,
};
pub use parse::{parse, read};
