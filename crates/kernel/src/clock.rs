//! Time is passed in.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, DurationRound, Utc};

/// Tells the time. Services hold one; tests and the simulator bring their own.
pub trait Clock: Send + Sync {
    /// The moment it is, in whole microseconds (what both databases keep).
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> DateTime<Utc> {
        whole_micros(Utc::now())
    }
}

/// A clock that stands until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// Stands at `moment`.
    #[must_use]
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(Mutex::new(whole_micros(moment)))
    }

    /// Moves on by `by` (or back, when negative).
    pub fn advance(&self, by: Duration) {
        let mut moment = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *moment = whole_micros(*moment + by);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn whole_micros(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.duration_trunc(Duration::microseconds(1)).unwrap_or(moment)
}
