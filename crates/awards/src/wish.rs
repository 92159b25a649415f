//! What a member wants for miles.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use programme::document::{Cabin, Market};
use programme::redemption::{AwardFlight, UpgradeWish};
use programme::{Code, Programme, Unit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::Kind;
use crate::{Error, FieldError, Result};

/// How far ahead flights are sold.
const AHEAD: u64 = 366;
/// Most of one thing at once.
const QUANTITY: i64 = 99;

/// What a member wants for miles. Flights are one way, for one person: the member, or a nominee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wish {
    /// An award ticket.
    Ticket {
        /// The flight.
        #[serde(flatten)]
        flight: Flight,
        /// Its fare in minor units of the programme's currency: prices by fare are offered, too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fare_minor: Option<i64>,
    },
    /// An upgrade of a ticket that was bought.
    Upgrade {
        /// The flight; its cabin is where to.
        #[serde(flatten)]
        flight: Flight,
        /// Booking class bought.
        class: String,
    },
    /// A thing or a voucher of the catalogue.
    Item {
        /// Its stock-keeping code.
        sku: String,
        /// How many: 1 to 99.
        quantity: i64,
    },
}

/// A flight, as far as a price asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Flight {
    /// Local day of departure.
    pub day: NaiveDate,
    /// Local time of departure; without it the terms of taking back count from midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departs: Option<NaiveTime>,
    /// Board point, IATA.
    pub origin: String,
    /// Off point, IATA.
    pub destination: String,
    /// Operating carrier's designator.
    pub carrier: String,
    /// `economy`, `premium`, `business`, `first`.
    pub cabin: String,
    /// For whom; the member when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nominee: Option<Uuid>,
}

/// A cabin by its word.
#[must_use]
pub fn cabin(word: &str) -> Option<Cabin> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

impl Flight {
    fn checked(mut self, today: NaiveDate, wrong: &mut Vec<FieldError>) -> Self {
        for text in [&mut self.origin, &mut self.destination, &mut self.carrier] {
            *text = text.trim().to_ascii_uppercase();
        }
        self.cabin = self.cabin.trim().to_ascii_lowercase();
        let mut add = |field, code, is_right: bool| {
            if !is_right {
                wrong.push(FieldError { field, code });
            }
        };
        let last = today.checked_add_days(Days::new(AHEAD)).unwrap_or(NaiveDate::MAX);
        add("day", "awards-day", (today..=last).contains(&self.day));
        let known = |iata: &str| kernel::airports::find(iata).is_some();
        add("origin", "awards-airport", known(&self.origin));
        let other = self.destination != self.origin;
        add("destination", "awards-airport", known(&self.destination) && other);
        add("carrier", "awards-carrier", Code::<3>::parse(&self.carrier).is_ok());
        add("cabin", "awards-cabin", cabin(&self.cabin).is_some());
        self
    }

    /// When it leaves: at its time, else at midnight where it leaves from.
    #[must_use]
    pub fn departs_at(&self) -> Option<DateTime<Utc>> {
        let local = self.day.and_time(self.departs.unwrap_or(NaiveTime::MIN));
        let zone = kernel::airports::zone(&self.origin);
        zone.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
    }

    pub(crate) fn award(&self) -> Result<AwardFlight> {
        let wrong = |field| Error::invalid(field, "awards-airport");
        Ok(AwardFlight {
            day: self.day,
            origin: Code::parse(&self.origin).map_err(|_| wrong("origin"))?,
            destination: Code::parse(&self.destination).map_err(|_| wrong("destination"))?,
            operating: Code::parse(&self.carrier)
                .map_err(|_| Error::invalid("carrier", "awards-carrier"))?,
            cabin: cabin(&self.cabin).ok_or_else(|| Error::invalid("cabin", "awards-cabin"))?,
        })
    }

    pub(crate) fn upgrade(&self, rules: &Programme, class: &str) -> Result<UpgradeWish> {
        let (from, to) = (self.origin.as_str(), self.destination.as_str());
        let unknown = || Error::invalid("destination", "awards-airport");
        let km = kernel::airports::distance_km(from, to).ok_or_else(unknown)?.get();
        // Whole statute miles, rounded to the nearest: 1 mi = 1.609344 km.
        let distance = match rules.distance_unit {
            Unit::Miles => (km.saturating_mul(1_000_000) + 804_672) / 1_609_344,
            Unit::Km | Unit::Points => km,
        };
        Ok(UpgradeWish {
            day: self.day,
            class: Code::parse(class).map_err(|_| Error::invalid("class", "awards-class"))?,
            market: Market::between(from, to).ok_or_else(unknown)?,
            distance,
            to: cabin(&self.cabin).ok_or_else(|| Error::invalid("cabin", "awards-cabin"))?,
        })
    }
}

impl Wish {
    /// The wish with codes in upper case, if every field is right.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each field that is not right.
    pub fn checked(self, today: NaiveDate) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut add = |field, code| wrong.push(FieldError { field, code });
        let wish = match self {
            Self::Ticket { flight, fare_minor } => {
                if fare_minor.is_some_and(|fare| !(1..=1_000_000_000_000).contains(&fare)) {
                    add("fare", "awards-fare");
                }
                Self::Ticket { flight: flight.checked(today, &mut wrong), fare_minor }
            }
            Self::Upgrade { flight, class } => {
                let class = class.trim().to_ascii_uppercase();
                if Code::<1>::parse(&class).is_err() {
                    add("class", "awards-class");
                }
                Self::Upgrade { flight: flight.checked(today, &mut wrong), class }
            }
            Self::Item { sku, quantity } => {
                let sku = sku.trim().to_owned();
                if sku.is_empty() || sku.len() > 100 || sku.chars().any(char::is_control) {
                    add("sku", "awards-sku");
                }
                if !(1..=QUANTITY).contains(&quantity) {
                    add("quantity", "awards-quantity");
                }
                Self::Item { sku, quantity }
            }
        };
        if wrong.is_empty() { Ok(wish) } else { Err(Error::Invalid(wrong)) }
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ticket { .. } => Kind::Ticket,
            Self::Upgrade { .. } => Kind::Upgrade,
            Self::Item { .. } => Kind::Item,
        }
    }

    /// The flight, where it is about one.
    #[must_use]
    pub fn flight(&self) -> Option<&Flight> {
        match self {
            Self::Ticket { flight, .. } | Self::Upgrade { flight, .. } => Some(flight),
            Self::Item { .. } => None,
        }
    }

    /// Code and number of the thing, where it is one.
    #[must_use]
    pub fn item(&self) -> Option<(&str, i64)> {
        match self {
            Self::Item { sku, quantity } => Some((sku, *quantity)),
            Self::Ticket { .. } | Self::Upgrade { .. } => None,
        }
    }
}
