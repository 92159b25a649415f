//! What miles buy.

use serde::{Deserialize, Serialize};

use super::row::row;
use super::{Cabin, Market, Text};
use crate::{BookingClass, Carrier, Id, Percent, Station};

/// Prices and the way back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redemption {
    /// Where a country or airport belongs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ZoneRow>,
    /// Dear and cheap days; days in no row are of no season.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<SeasonRow>,
    /// Fixed prices of award tickets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chart: Vec<AwardRow>,
    /// Award tickets priced by their fare.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dynamic: Vec<DynamicRow>,
    /// Upgrades by class group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upgrades: Vec<AwardUpgradeRow>,
    /// Things and vouchers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shop: Vec<ItemRow>,
    /// Miles plus money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mixes: Vec<MixRow>,
    /// What a redeposit costs, and what becomes of lots that ran out meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redeposits: Vec<RedepositRow>,
}

row! {
    /// Where countries and airports belong. A row that names the airport goes before its country's.
    pub struct ZoneRow {
        /// The zone's name in the chart.
        pub zone: Id,
        /// ISO 3166-1 alpha-2.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub countries: Vec<String>,
        /// Airports.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub airports: Vec<Station>,
    }
}

row! {
    /// Days of a season; its validity is the season.
    pub struct SeasonRow {
        /// The season's name in the chart.
        pub season: Id,
    }
}

row! {
    /// The price of an award ticket, one way and for one.
    pub struct AwardRow {
        /// Two zones, in either order.
        pub zones: [Id; 2],
        /// Which cabin.
        pub cabin: Cabin,
        /// Only in this season; in any without a row of its own when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub season: Option<Id>,
        /// Flown by; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub operating: Vec<Carrier>,
        /// Price.
        pub miles: i64,
    }
}

row! {
    /// An award ticket priced by its fare.
    pub struct DynamicRow {
        /// Flown by; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub operating: Vec<Carrier>,
        /// Which cabin.
        pub cabin: Cabin,
        /// Miles for a hundred units of money (a hundred yuan).
        pub miles_per_hundred: i64,
        /// Never less.
        pub least: i64,
        /// Never more; without limit when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub most: Option<i64>,
        /// Rounded up to a multiple.
        pub step: i64,
    }
}

row! {
    /// The price of an upgrade.
    pub struct AwardUpgradeRow {
        /// The class group's name.
        pub group: Id,
        /// Classes bought that may be upgraded.
        pub classes: Vec<BookingClass>,
        /// To which cabin.
        pub to: Cabin,
        /// All when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub markets: Vec<Market>,
        /// From this distance on, in the programme's unit.
        pub distance_from: i64,
        /// Up to this distance; without limit when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub distance_to: Option<i64>,
        /// Price.
        pub miles: i64,
    }
}

row! {
    /// A thing or a voucher.
    pub struct ItemRow {
        /// Stock-keeping code.
        pub sku: Id,
        /// As members read it.
        pub name: Text,
        /// Price.
        pub miles: i64,
        /// Money beside the miles, in minor units.
        #[serde(default)]
        pub minor: i64,
        /// Tiers it is for; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub tiers: Vec<Id>,
    }
}

row! {
    /// Paying a price partly with money.
    pub struct MixRow {
        /// Part that must be miles.
        pub least_miles: Percent,
        /// Minor units for a thousand miles not paid.
        pub minor_per_thousand: i64,
        /// The money part is in multiples of so many miles.
        pub step: i64,
    }
}

/// What taking an award back costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fee {
    /// So many miles.
    Miles(i64),
    /// So much money, in minor units.
    Minor(i64),
    /// A part of the miles.
    Percent(Percent),
    /// It cannot be taken back.
    Refused,
}

row! {
    /// A redeposit.
    pub struct RedepositRow {
        /// Tiers it is for; for all others when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub tiers: Vec<Id>,
        /// From so many hours before departure on; the row with the most that still fits holds.
        /// 0 up to departure; negative after it (no-show).
        pub hours_before: i64,
        /// What it costs.
        pub fee: Fee,
        /// Days a lot that ran out meanwhile is given anew; 0 and it stays lost.
        pub grace_days: u32,
    }
}
