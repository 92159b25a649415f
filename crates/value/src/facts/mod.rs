//! What is known of each member at the observation date, before anything is reckoned: the raw
//! material of L, R, F, M and C, from flown segments ([`segments`]) or from summaries
//! ([`summaries`]), cleaned by the same rules ([`clean`]).

pub mod clean;
mod keys;
mod members;
pub mod segments;
pub mod summaries;

pub use clean::{Counted, Reason};
pub use keys::Keys;
pub use members::Members;

/// Marks an unknown number of days.
pub const UNKNOWN: i32 = i32::MIN;

/// One entry per member in every column, ascending by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Who.
    pub keys: Keys,
    /// Days since joining; [`UNKNOWN`] without a join date.
    pub tenure: Vec<i32>,
    /// Days since the last flight; [`UNKNOWN`] without one.
    pub last: Vec<i32>,
    /// Flights in the window.
    pub flights: Vec<u32>,
    /// Kilometres in the window.
    pub km: Vec<i64>,
    /// Mean cabin discount coefficient; NaN when no flight has one.
    pub coefficient: Vec<f64>,
    /// What lifecycle and preferences need besides; absent in summaries and in plain files.
    pub habits: Option<Habits>,
}

/// What segments tell besides L, R, F, M and C.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Habits {
    /// Flights in the last 365 days of the window.
    pub last_year: Vec<u32>,
    /// Days since the first flight of the window.
    pub first: Vec<i32>,
    /// Days between the last flight before the fresh days and the first one in them.
    pub pause: Vec<i32>,
    /// Days since the first flight in the fresh days.
    pub returned: Vec<i32>,
    /// Flights in business or first.
    pub premium: Vec<u32>,
}

impl Facts {
    /// Members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tenure.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tenure.is_empty()
    }

    /// Keeps the members for whom `keep` holds, in place.
    pub fn retain(&mut self, keep: &[bool]) {
        self.keys.retain(keep);
        filter(&mut self.tenure, keep);
        filter(&mut self.last, keep);
        filter(&mut self.flights, keep);
        filter(&mut self.km, keep);
        filter(&mut self.coefficient, keep);
        if let Some(habits) = &mut self.habits {
            filter(&mut habits.last_year, keep);
            filter(&mut habits.first, keep);
            filter(&mut habits.pause, keep);
            filter(&mut habits.returned, keep);
            filter(&mut habits.premium, keep);
        }
    }

    /// L, R, F, M and C of one member: months, months, flights, kilometres, coefficient. NaN where
    /// unknown.
    #[must_use]
    pub fn lrfmc(&self, row: usize) -> [f64; 5] {
        [
            months(self.tenure[row]),
            months(self.last[row]),
            f64::from(self.flights[row]),
            self.km[row] as f64,
            self.coefficient[row],
        ]
    }

    /// What the flights brought: kilometres times coefficient, the nearest thing to revenue that
    /// every source has. 0 where the coefficient is unknown.
    #[must_use]
    pub fn revenue(&self, row: usize) -> f64 {
        let coefficient = self.coefficient[row];
        if coefficient.is_finite() { self.km[row] as f64 * coefficient } else { 0.0 }
    }
}

/// Days as months of thirty days, the unit of L and R. NaN when unknown.
#[must_use]
pub fn months(days: i32) -> f64 {
    if days == UNKNOWN { f64::NAN } else { f64::from(days) / 30.0 }
}

fn filter<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut flags = keep.iter();
    column.retain(|_| flags.next().copied().unwrap_or(false));
}

/// What was gathered from a source.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// Members read, dropped ones included.
    pub read: u64,
    /// Segments read; `None` for summaries.
    pub segments: Option<u64>,
    /// Members kept.
    pub facts: Facts,
    /// Members dropped, by reason, in the order the rules are applied.
    pub dropped: Vec<Counted>,
    /// Whether the source has fares at all; without them the fare rule says nothing.
    pub fares_known: bool,
}
