//! Tiers: what a member's activity decides, what is missing, and what would help.

mod challenge;
mod coach;
mod decision;
mod evaluate;
mod progress;
mod window;

pub use challenge::{Challenge, Grant, GrantRefused};
pub use coach::{Advice, Outlook, Point, Stage, Trip, Way};
pub use decision::{Activity, Decision, Kind, Standing};
pub use evaluate::Scratch;
pub use progress::{Aim, Goal, RollOff};

pub(crate) use evaluate::{sum_of, with_past};
pub(crate) use progress::missing;
