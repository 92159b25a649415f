//! What the rules must know of a flight and of the member.

use chrono::NaiveDate;
use kernel::Currency;
use serde::{Deserialize, Serialize};

use crate::document::{Cabin, Market, Rank, TicketKind};
use crate::{BookingClass, Carrier, Id, Station};

/// What became of a coupon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum CouponStatus {
    #[default]
    Flown,
    Open,
    NoShow,
    Refunded,
    Exchanged,
    Voided,
}

/// A ticket's number and the coupon on it, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coupon {
    /// Thirteen digits.
    pub ticket: String,
    /// From 1.
    pub number: u8,
}

/// One segment of one passenger, as far as the rules ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Local day of departure.
    pub flight_date: NaiveDate,
    /// Without the airline.
    pub flight_no: String,
    /// Board point.
    pub origin: Station,
    /// Off point.
    pub destination: Station,
    /// See [`Market::between`].
    pub market: Market,
    /// Whose flight number is on the ticket.
    pub marketing: Carrier,
    /// Whose aircraft flew.
    pub operating: Carrier,
    /// Of the ticket.
    pub booking_class: BookingClass,
    /// Sat in, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flown_class: Option<BookingClass>,
    /// The airline changed the class.
    #[serde(default)]
    pub involuntary: bool,
    /// Cabin of the class that decides, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cabin: Option<Cabin>,
    /// Ticketed point mileage, in miles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tpm_miles: Option<i64>,
    /// Great circle, in kilometres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub great_circle_km: Option<i64>,
    /// This coupon's part of the fare without taxes and surcharges, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fare_minor: Option<i64>,
    /// The carrier's surcharges (YQ, YR) on this coupon, in minor units.
    #[serde(default)]
    pub surcharge_minor: i64,
    /// Of fare and surcharges.
    pub currency: Currency,
    /// What kind of ticket.
    #[serde(default)]
    pub ticket: TicketKind,
    /// What became of the coupon.
    #[serde(default)]
    pub status: CouponStatus,
    /// The coupon, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    /// Day of booking, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_on: Option<NaiveDate>,
    /// Had a seat; infants on a lap have none.
    pub seat: bool,
    /// Day the member asked for the miles; missing when the flight came by feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_on: Option<NaiveDate>,
    /// Another programme has been given the flight.
    #[serde(default)]
    pub credited_elsewhere: bool,
}

impl Fact {
    /// What the flight's postings go by, so that it is posted once: ticket and coupon; without
    /// them member, flight, day, and way.
    #[must_use]
    pub fn key(&self, member: &str) -> String {
        match &self.coupon {
            Some(coupon) => format!("coupon:{}/{}", coupon.ticket, coupon.number),
            None => format!(
                "flight:{member}/{}{}/{}/{}-{}",
                self.marketing, self.flight_no, self.flight_date, self.origin, self.destination
            ),
        }
    }
}

/// How much of a promotion has been given out before this flight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromotionUse {
    /// The promotion.
    pub row: Id,
    /// Miles to this member.
    pub by_member: i64,
    /// Miles to everybody.
    pub by_all: i64,
}

/// A promotion somebody registered for, or whose audience they are in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// The promotion.
    pub row: Id,
    /// On which day: flights of that day and later ones count, earlier ones do not. No row says
    /// otherwise.
    pub on: NaiveDate,
}

/// What the rules must know of the member on the day of the flight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Membership number.
    pub number: String,
    /// On the day of the flight.
    pub tier: Rank,
    /// Where it is known; without it the member earns as an adult.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Day of enrolment.
    pub joined_on: NaiveDate,
    /// This is the first flight credited.
    #[serde(default)]
    pub first_flight: bool,
    /// Promotions registered for, each with its day.
    #[serde(default)]
    pub registered: Vec<Registered>,
    /// What promotions have given so far; those not named have given nothing.
    #[serde(default)]
    pub used: Vec<PromotionUse>,
}
