//! What the airline means to fly: legs over periods, and the dated flights they make.

mod plan;

pub(crate) use plan::{Planned, PlannedLeg, plans};
