//! What a customer's own trips say about their habits (row A11). Every habit comes with its
//! evidence: so many of so many trips. Nothing is said on fewer than four.

mod learn;

use customers::CustomerId;
use serde::Serialize;
use store::Tx;

pub use learn::{LEAST, learn};

use crate::{Flights, Result};

/// Newest trips looked at.
const TRIPS: i64 = 1_000;

/// A habit: its kind, its value as a key or code, and on how many trips it stands.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Habit {
    /// `cabin`, `seat`, `time`, `days`, `route`, `home`, `channel`, `purpose`: text key
    /// `flights-habit-<kind>`.
    pub kind: String,
    /// A word of the kind (`window`, `morning`, `direct`, …), an airport or a pair `PEK–SHA`.
    pub value: String,
    /// Trips that show it.
    pub of: i64,
    /// Trips that could.
    pub among: i64,
}

/// Everything learned from a customer's trips.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Preferences {
    /// Trips looked at.
    pub trips: i64,
    /// Habits with evidence, strongest kinds first.
    pub habits: Vec<Habit>,
    /// Favourite routes, most flown first; direction does not matter.
    pub routes: Vec<Habit>,
    /// Median days from booking to departure.
    pub lead_days: Option<i64>,
    /// Trips whose lead time is known.
    pub lead_among: i64,
    /// Share booked within three days of departure.
    pub last_minute: Option<f64>,
    /// Share of bookings not turned up for.
    pub no_show: Option<f64>,
    /// Share refunded or changed.
    pub changed: Option<f64>,
    /// Share bought through agencies, of those whose channel is known.
    pub agency: Option<f64>,
    /// Share flown at 60 % of the full fare or less: high = sensitive to price.
    pub low_fare: Option<f64>,
    /// Mean discount coefficient.
    pub coefficient: Option<f64>,
    /// Mean number of passengers under one booking.
    pub party: Option<f64>,
    /// Mean spend on extras per trip, minor units of the commonest currency.
    pub extras_minor: Option<i64>,
    /// That currency.
    pub currency: Option<String>,
}

impl Flights {
    /// What the customer's newest trips say.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn preferences(&self, tx: &mut Tx, customer: CustomerId) -> Result<Preferences> {
        Ok(learn(&self.trips(tx, customer, None, TRIPS).await?))
    }
}
