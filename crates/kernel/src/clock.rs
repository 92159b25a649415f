//! Time as an argument: services hold an `Arc<dyn Clock>` and never ask the system.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

/// Tells the time. Every answer is cut to whole microseconds, the finest that both databases keep,
/// so that a time read back equals the time written.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;

    /// The calendar day at this moment in `zone`.
    fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> DateTime<Utc> {
        from_micros(Utc::now().timestamp_micros())
    }
}

/// A clock that stands still until moved. Clones share the same hands.
#[derive(Clone, Debug)]
pub struct FixedClock {
    micros: Arc<AtomicI64>,
}

impl FixedClock {
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { micros: Arc::new(AtomicI64::new(now.timestamp_micros())) }
    }

    /// Moves the hands forward, or back with a negative duration.
    pub fn advance(&self, by: Duration) {
        let micros = by.num_microseconds().unwrap_or(0);
        self.micros.fetch_add(micros, Ordering::SeqCst);
    }

    pub fn set(&self, now: DateTime<Utc>) {
        self.micros.store(now.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        from_micros(self.micros.load(Ordering::SeqCst))
    }
}

fn from_micros(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn system_time_has_whole_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
    }

    #[test]
    fn clones_share_the_hands() {
        let start = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let clock = FixedClock::at(start + Duration::nanoseconds(7));
        let other = clock.clone();
        clock.advance(Duration::minutes(5));
        assert_eq!(other.now(), start + Duration::minutes(5));
        other.advance(Duration::minutes(-5));
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn the_day_depends_on_the_zone() {
        let evening = Utc.with_ymd_and_hms(2026, 11, 22, 16, 0, 0).unwrap();
        let clock = FixedClock::at(evening);
        assert_eq!(clock.today(chrono_tz::Asia::Shanghai).to_string(), "2026-11-23");
        assert_eq!(clock.today(chrono_tz::Europe::London).to_string(), "2026-11-22");
    }
}
