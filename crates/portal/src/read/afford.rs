//! What the miles are enough for, where the programme's own chart says so.

use chrono::NaiveDate;
use programme::document::{Cabin, Row as _};
use programme::redemption::AwardFlight;
use programme::{Code, Engine, Rank};

use super::Usual;

/// Something miles buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Afford {
    /// Award tickets in economy, one way: how many, from where to where.
    Tickets {
        /// How many the miles are enough for; 0 when they are not.
        count: i64,
        /// Board point.
        origin: String,
        /// Off point.
        destination: String,
        /// What one costs.
        price: i64,
    },
    /// A thing of the shop, or so many miles from it.
    Item {
        /// As members read it.
        name: String,
        /// What it costs.
        price: i64,
        /// Whether the miles are enough.
        enough: bool,
    },
}

/// What is worth saying: a ticket for the member's most usual route that has a price, and the dearest
/// thing within reach, or the nearest when nothing is.
#[must_use]
pub fn affordable(
    engine: &Engine,
    rank: Rank,
    miles: i64,
    usual: &[Usual],
    day: NaiveDate,
    lang: kernel::Lang,
) -> Vec<Afford> {
    let rules = engine.programme();
    let price = |journey: &Usual| {
        let flight = AwardFlight {
            day,
            origin: Code::parse(&journey.origin).ok()?,
            destination: Code::parse(&journey.destination).ok()?,
            operating: Code::parse(&journey.carrier).ok()?,
            cabin: Cabin::Economy,
        };
        let price = rules.award_price(&flight).ok()?.miles;
        (price > 0).then(|| Afford::Tickets {
            count: miles.max(0) / price,
            origin: journey.origin.clone(),
            destination: journey.destination.clone(),
            price,
        })
    };
    let mut said: Vec<Afford> = usual.iter().find_map(price).into_iter().collect();
    let mut items: Vec<(i64, &str)> = rules
        .redemption
        .shop
        .iter()
        .filter(|row| row.span().contains(day) && row.minor == 0)
        .filter(|row| rules.item_price(row.sku.as_str(), rank, day).is_ok())
        .map(|row| (row.miles, row.name.get(lang)))
        .collect();
    items.sort_unstable();
    let dearest = items.iter().rev().find(|(price, _)| *price <= miles);
    if let Some((price, name)) = dearest.or(items.first()) {
        let (name, enough) = ((*name).to_owned(), *price <= miles);
        if enough || said.is_empty() {
            said.push(Afford::Item { name, price: *price, enough });
        }
    }
    said
}
