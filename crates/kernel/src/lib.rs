//! The ground floor: words and small rules every domain shares. No I/O, no async.

mod clock;
mod explain;
pub mod ids;

pub use chrono;
pub use serde;
pub use uuid::{self, Uuid};

pub use clock::{Clock, FixedClock, SystemClock};
pub use explain::{Explain, Kind, Outcome};
