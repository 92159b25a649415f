//! Extra miles for a time.

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::Text;
use super::accrual::{Cabin, Market, Of};
use super::row::row;
use crate::{BookingClass, Carrier, Id, Percent, Station};

/// How a promotion goes with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stacking {
    /// Adds to whatever else there is.
    Add,
    /// Only where no promotion before it applied; then none after it.
    Exclusive,
}

/// Whom a promotion is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenTo {
    /// Everybody.
    All,
    /// Members who registered, or whom its audience names.
    Registered,
}

/// Two cities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// From.
    pub origin: Station,
    /// To.
    pub destination: Station,
    /// Also the other way.
    #[serde(default)]
    pub both_ways: bool,
}

/// What a flight must be like. A list that is empty, and what is missing, does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlightFilter {
    /// Flown by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operating: Vec<Carrier>,
    /// Sold by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marketing: Vec<Carrier>,
    /// Where to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markets: Vec<Market>,
    /// Between which cities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// Cabin of the class row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cabins: Vec<Cabin>,
    /// Booking classes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<BookingClass>,
    /// Days of the week of departure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// Tiers on the day of the flight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Id>,
    /// Only the member's first flight ever.
    pub first_flight: bool,
}

row! {
    /// A promotion. Its days are those of the flight.
    pub struct PromotionRow {
        /// As members read it.
        pub name: Text,
        /// First day of booking.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub booked_from: Option<NaiveDate>,
        /// Last day of booking.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub booked_to: Option<NaiveDate>,
        /// Whom it is for.
        pub open_to: OpenTo,
        /// Smaller comes first; the name decides between equals.
        pub order: i32,
        /// How it goes with others.
        pub stacking: Stacking,
        /// Extra miles as a part of `of`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub percent: Option<Percent>,
        /// What `percent` is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub of: Option<Of>,
        /// Extra miles as such.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub fixed: Option<i64>,
        /// Extra qualifying distance and segments as a part of the flight's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub qualifying: Option<Percent>,
        /// Most miles a member may have from it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cap_per_member: Option<i64>,
        /// Most miles it may cost altogether.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub budget: Option<i64>,
        /// Which flights.
        #[serde(default)]
        pub flights: FlightFilter,
    }
}
