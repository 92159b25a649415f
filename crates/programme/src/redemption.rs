//! What miles buy: prices of tickets, upgrades and things, miles plus money, and the way back.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::document::{
    Cabin, DynamicRow, Fee, ItemRow, Market, Programme, Rank, RedepositRow, Row,
};
use crate::{BookingClass, Carrier, Id, Percent, Rounding, Station};

/// A price and the row it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// In miles.
    pub miles: i64,
    /// Money beside them, in minor units of the programme's currency.
    pub minor: i64,
    /// The chart, dynamic, upgrade, shop or mix row.
    pub row: Id,
    /// The season, where one decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Id>,
}

/// Why there is no price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum NoPrice {
    /// An airport is in no zone.
    #[error("{station} is in no zone on {day}; add its country or the airport to a zone")]
    NoZone {
        /// Which airport.
        station: Station,
        /// The day of the flight.
        day: NaiveDate,
    },
    /// No row prices it.
    #[error("no row prices this on {day}; add one")]
    NoRow {
        /// The day.
        day: NaiveDate,
    },
    /// The class bought cannot be upgraded so.
    #[error("class {class} cannot be upgraded to this cabin")]
    ClassNotUpgradable {
        /// Which class.
        class: BookingClass,
    },
    /// The tier may not buy it.
    #[error("this is not offered to the member's tier")]
    NotForTier,
    /// The part paid in miles is too small.
    #[error("at least {least} must be paid in miles")]
    TooFewMiles {
        /// The smallest part in miles.
        least: i64,
    },
}

/// A flight to be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwardFlight {
    /// Local day of departure.
    pub day: NaiveDate,
    /// Board point.
    pub origin: Station,
    /// Off point.
    pub destination: Station,
    /// Whose aircraft.
    pub operating: Carrier,
    /// Which cabin.
    pub cabin: Cabin,
}

/// An upgrade to be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpgradeWish {
    /// Local day of departure.
    pub day: NaiveDate,
    /// Class bought.
    pub class: BookingClass,
    /// Where to.
    pub market: Market,
    /// In the programme's unit.
    pub distance: i64,
    /// To which cabin.
    pub to: Cabin,
}

/// What taking an award back costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedepositTerms {
    /// The row.
    pub row: Id,
    /// `None` when it cannot be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<RedepositFee>,
    /// Days a lot that ran out meanwhile is given anew: see [`crate::expiry::restore`].
    pub grace_days: u32,
}

/// A fee as a whole: miles kept back, and money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedepositFee {
    /// Kept back, never more than were spent.
    pub miles: i64,
    /// In minor units.
    pub minor: i64,
}

impl Programme {
    /// The zone of an airport: by its own row, else by its country's.
    #[must_use]
    pub fn zone(&self, station: Station, day: NaiveDate) -> Option<&Id> {
        let rows = || self.redemption.zones.iter().filter(move |row| row.span().contains(day));
        let country = kernel::airports::find(station.as_str()).map(|airport| airport.country);
        rows()
            .find(|row| row.airports.contains(&station))
            .or_else(|| rows().find(|row| row.countries.iter().any(|c| country == Some(c))))
            .map(|row| &row.zone)
    }

    /// The fixed price of an award ticket, one way, for one. The row of the day's season goes
    /// before the row of none.
    ///
    /// # Errors
    /// [`NoPrice`] when an airport is in no zone or no row has the flight.
    pub fn award_price(&self, flight: &AwardFlight) -> Result<Price, NoPrice> {
        let day = flight.day;
        let zone = |station| self.zone(station, day).ok_or(NoPrice::NoZone { station, day });
        let (from, to) = (zone(flight.origin)?, zone(flight.destination)?);
        let seasons = self.redemption.seasons.iter();
        let season = seasons.clone().find(|row| row.span().contains(day)).map(|row| &row.season);
        let fits = |season: Option<&Id>| {
            self.redemption.chart.iter().find(|row| {
                let [a, b] = &row.zones;
                row.span().contains(day)
                    && row.cabin == flight.cabin
                    && row.season.as_ref() == season
                    && ((a == from && b == to) || (a == to && b == from))
                    && (row.operating.is_empty() || row.operating.contains(&flight.operating))
            })
        };
        let row = season.and_then(|name| fits(Some(name))).or_else(|| fits(None));
        let row = row.ok_or(NoPrice::NoRow { day })?;
        let season = row.season.clone();
        Ok(Price { miles: row.miles, minor: 0, row: row.id.clone(), season })
    }

    /// The price of an award ticket by its fare in minor units.
    ///
    /// # Errors
    /// [`NoPrice`] when no row has the flight.
    pub fn dynamic_price(&self, flight: &AwardFlight, fare_minor: i64) -> Result<Price, NoPrice> {
        let mut rows = self.redemption.dynamic.iter();
        let fits = |row: &&DynamicRow| {
            row.span().contains(flight.day)
                && row.cabin == flight.cabin
                && (row.operating.is_empty() || row.operating.contains(&flight.operating))
        };
        let row = rows.find(fits).ok_or(NoPrice::NoRow { day: flight.day })?;
        let per_hundred = 100 * 10_i128.pow(self.currency.exponent());
        let exact = i128::from(fare_minor.max(0)) * i128::from(row.miles_per_hundred);
        let step = row.step.max(1);
        let steps = Rounding::Up.divide(exact, per_hundred.saturating_mul(i128::from(step)));
        let miles = steps.saturating_mul(step).max(row.least);
        let miles = row.most.map_or(miles, |most| miles.min(most));
        Ok(Price { miles, minor: 0, row: row.id.clone(), season: None })
    }

    /// The price of an upgrade.
    ///
    /// # Errors
    /// [`NoPrice`] when the class is in no group for the cabin, or no band has the distance.
    pub fn upgrade_price(&self, wish: &UpgradeWish) -> Result<Price, NoPrice> {
        let mut class_known = false;
        let mut rows = self.redemption.upgrades.iter();
        let row = rows.find(|row| {
            let for_class = row.span().contains(wish.day)
                && row.to == wish.to
                && row.classes.contains(&wish.class);
            class_known |= for_class;
            for_class
                && (row.markets.is_empty() || row.markets.contains(&wish.market))
                && row.distance_from <= wish.distance
                && row.distance_to.is_none_or(|to| wish.distance <= to)
        });
        match row {
            Some(row) => {
                Ok(Price { miles: row.miles, minor: 0, row: row.id.clone(), season: None })
            }
            None if class_known => Err(NoPrice::NoRow { day: wish.day }),
            None => Err(NoPrice::ClassNotUpgradable { class: wish.class }),
        }
    }

    /// The price of a thing or a voucher.
    ///
    /// # Errors
    /// [`NoPrice`] when it is not offered on the day, or not to the tier.
    pub fn item_price(&self, sku: &str, tier: Rank, day: NaiveDate) -> Result<Price, NoPrice> {
        let mut rows = self.redemption.shop.iter();
        let fits = |row: &&ItemRow| row.sku == *sku && row.span().contains(day);
        let row = rows.find(fits).ok_or(NoPrice::NoRow { day })?;
        let code = self.tier(tier).map(|tier| &tier.code);
        if !row.tiers.is_empty() && !code.is_some_and(|code| row.tiers.contains(code)) {
            return Err(NoPrice::NotForTier);
        }
        Ok(Price { miles: row.miles, minor: row.minor, row: row.id.clone(), season: None })
    }

    /// A price paid with `miles` and the rest in money. Asked for more miles than the price, the
    /// price is the answer; what is paid in money is rounded up to whole steps of miles.
    ///
    /// # Errors
    /// [`NoPrice`] when mixing is not offered, or `miles` are fewer than must be.
    pub fn mixed_price(&self, price: &Price, miles: i64, day: NaiveDate) -> Result<Price, NoPrice> {
        if miles >= price.miles {
            return Ok(price.clone());
        }
        let rows = &self.redemption.mixes;
        let row = rows.iter().find(|row| row.span().contains(day)).ok_or(NoPrice::NoRow { day })?;
        let least = row.least_miles.of(price.miles, Rounding::Up);
        if miles < least {
            return Err(NoPrice::TooFewMiles { least });
        }
        let step = row.step.max(1);
        let bought = Rounding::Up.divide(i128::from(price.miles - miles), i128::from(step));
        let bought = bought.saturating_mul(step).min(price.miles - least);
        let money = i128::from(bought) * i128::from(row.minor_per_thousand);
        let minor = price.minor.saturating_add(Rounding::Up.divide(money, 1_000));
        Ok(Price { miles: price.miles - bought, minor, row: row.id.clone(), season: None })
    }

    /// What taking back an award of `miles` costs, `hours_before` its departure (negative after
    /// it). `None` when no row says: then it cannot be taken back.
    #[must_use]
    pub fn redeposit(
        &self,
        tier: Rank,
        hours_before: i64,
        miles: i64,
        day: NaiveDate,
    ) -> Option<RedepositTerms> {
        let code = &self.tier(tier)?.code;
        let fits =
            |row: &&RedepositRow| row.span().contains(day) && row.hours_before <= hours_before;
        let rows = || self.redemption.redeposits.iter().filter(fits);
        let own = rows().filter(|row| row.tiers.contains(code)).max_by_key(|r| r.hours_before);
        let others = || rows().filter(|row| row.tiers.is_empty()).max_by_key(|r| r.hours_before);
        let row = own.or_else(others)?;
        let fee = match row.fee {
            Fee::Refused => None,
            Fee::Miles(fee) => Some(RedepositFee { miles: fee.min(miles), minor: 0 }),
            Fee::Minor(minor) => Some(RedepositFee { miles: 0, minor }),
            Fee::Percent(part) => Some(RedepositFee { miles: percent_up(part, miles), minor: 0 }),
        };
        Some(RedepositTerms { row: row.id.clone(), fee, grace_days: row.grace_days })
    }
}

/// Part of a fee: a fraction of a mile is a mile.
fn percent_up(part: Percent, miles: i64) -> i64 {
    part.of(miles, Rounding::Up).min(miles)
}
