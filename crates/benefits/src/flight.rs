//! The flight an answer is asked for: known to `flights`, or by its facts.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use formats::FlightDesignator;
use kernel::airports;
use programme::Carrier;
use programme::document::{Cabin, Market};
use programme::entitlement::Flight;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Benefits, Error, Result};

/// A flight as a caller names it. What is left out is looked up, else assumed, and the answer says
/// which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `JB831`: airline and number on the ticket.
    pub designator: String,
    /// Local day of departure.
    pub date: NaiveDate,
    /// Where the member boards; the flight's first airport when left out.
    #[serde(default)]
    pub from: Option<String>,
    /// Where the member gets off; the flight's last airport when left out.
    #[serde(default)]
    pub to: Option<String>,
    /// Scheduled departure; needed for benefits that end hours before it.
    #[serde(default)]
    pub departs_at: Option<DateTime<Utc>>,
    /// Whose aircraft flies; the designator's airline when left out.
    #[serde(default)]
    pub operating: Option<String>,
    /// first, business, premium, economy; the booking's, else economy.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub cabin: Option<Cabin>,
}

/// What had to be assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Assumed {
    /// Economy: neither the caller nor a booking named a cabin.
    Cabin,
    /// Noon of the day: neither the caller nor a schedule told the time.
    Departure,
}

impl Assumed {
    /// Text key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Cabin => "benefits-assumed-cabin",
            Self::Departure => "benefits-assumed-departure",
        }
    }
}

/// The flight as rules see it.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// `JB831`
    pub designator: String,
    /// Where from and to.
    pub way: (String, String),
    /// The known flight.
    pub id: Option<Uuid>,
    /// For the rules. `cabin` is economy while the booking's is not known.
    pub flight: Flight,
    /// The caller named the cabin.
    pub cabin_told: bool,
    /// Departure was assumed.
    pub untimed: bool,
    /// The offset at the airport of departure, for telling hours.
    pub offset: FixedOffset,
}

impl Resolved {
    /// What uses on it are counted by: `JB831/2026-12-01/PVG`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.designator, self.flight.day, self.way.0)
    }

    /// The same in another cabin.
    pub(crate) fn in_cabin(&self, cabin: Cabin) -> Self {
        Self { flight: Flight { cabin, ..self.flight }, ..self.clone() }
    }
}

/// A cabin by its word.
pub(crate) fn cabin(word: &str) -> Option<Cabin> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

fn station(text: &str) -> String {
    text.trim().to_ascii_uppercase()
}

impl Benefits {
    /// The flight as rules see it.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `designator`, `operating`, `from` or `to`: also when the flight is not
    /// known here and its airports were left out.
    pub(crate) async fn resolve(&self, tx: &mut Tx, asked: &Asked) -> Result<Resolved> {
        let text = asked.designator.trim().to_ascii_uppercase().replace(' ', "");
        let read = FlightDesignator::read(&text)
            .ok_or(Error::Invalid("designator", "benefits-designator"))?;
        let marketing = Carrier::parse(read.airline)
            .map_err(|_| Error::Invalid("designator", "benefits-designator"))?;
        let operating = match asked.operating.as_deref().filter(|it| !it.trim().is_empty()) {
            Some(code) => Carrier::parse(code)
                .map_err(|_| Error::Invalid("operating", "benefits-operating"))?,
            None => marketing,
        };
        let suffix = read.suffix.map(String::from).unwrap_or_default();
        let designator = format!("{}{}{suffix}", read.airline, read.number);
        let known = self.flights().flight(tx, &designator, asked.date).await?;
        let legs = match &known {
            Some(flight) => self.flights().legs(tx, flight.id).await?,
            None => Vec::new(),
        };
        let told = |given: &Option<String>, known: Option<&String>, field| {
            let given = given.as_deref().map(station).filter(|it| !it.is_empty());
            let station = given.or_else(|| known.cloned());
            station.ok_or(Error::Invalid(field, "benefits-flight-unknown"))
        };
        let from = told(&asked.from, known.as_ref().map(|it| &it.origin), "from")?;
        let to = told(&asked.to, known.as_ref().map(|it| &it.destination), "to")?;
        for (field, code) in [("from", &from), ("to", &to)] {
            if airports::find(code).is_none() {
                return Err(Error::Invalid(field, "benefits-airport"));
            }
        }
        let market = Market::between(&from, &to).ok_or(Error::Invalid("to", "benefits-airport"))?;
        let leg = legs.iter().find(|leg| leg.from == from);
        let timed = known.as_ref().filter(|it| it.timed && it.origin == from);
        let planned = leg.and_then(|leg| leg.departs_at).or(timed.map(|it| it.departs_at));
        let day = leg.map_or(asked.date, |leg| leg.date);
        let told_at = asked.departs_at.or(planned);
        let departs = told_at.unwrap_or_else(|| noon(&from, day));
        let zone = airports::zone(&from);
        let offset = zone.offset_from_utc_datetime(&departs.naive_utc()).fix();
        let cabin = asked.cabin.unwrap_or(Cabin::Economy);
        Ok(Resolved {
            designator,
            way: (from, to),
            id: known.map(|it| it.id),
            flight: Flight { day, departs, marketing, operating, market, cabin },
            cabin_told: asked.cabin.is_some(),
            untimed: told_at.is_none(),
            offset,
        })
    }
}

/// Noon of a day at an airport.
fn noon(station: &str, day: NaiveDate) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let local = airports::zone(station).from_local_datetime(&day.and_time(noon)).earliest();
    local.map_or_else(|| Utc.from_utc_datetime(&day.and_time(noon)), |at| at.with_timezone(&Utc))
}
