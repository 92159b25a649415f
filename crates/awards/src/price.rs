//! What a wish costs: every way to pay for it, by the rules of the day.

use chrono::NaiveDate;
use programme::redemption::{NoPrice, Price};
use programme::{Programme, Rank};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Result;
use crate::wish::Wish;

/// One way to pay for a wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Miles to be paid.
    pub miles: i64,
    /// Money beside them, in minor units of the programme's currency.
    pub minor: i64,
    /// Row of the rules that gave the price.
    pub row: String,
    /// The season, where one decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<String>,
    /// The row by which part of the miles is paid with money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mix: Option<String>,
}

impl Offer {
    fn of(base: &Price, mixed: Option<&Price>) -> Self {
        let paid = mixed.unwrap_or(base);
        Self {
            miles: paid.miles,
            minor: paid.minor,
            row: base.row.to_string(),
            season: base.season.as_ref().map(ToString::to_string),
            mix: mixed.map(|mixed| mixed.row.to_string()),
        }
    }
}

/// Every way to pay for a wish: in miles, and with the fewest miles allowed; with one of `parts`
/// where that many miles may be paid.
///
/// # Errors
/// [`crate::Error::NoPrice`] when no rule prices it; [`crate::Error::Invalid`].
pub fn offers(
    rules: &Programme,
    rank: Rank,
    wish: &Wish,
    today: NaiveDate,
    parts: &[i64],
) -> Result<Vec<Offer>> {
    let mut all: Vec<Offer> = Vec::new();
    for base in bases(rules, rank, wish, today)? {
        all.push(Offer::of(&base, None));
        let mut wanted = parts.to_vec();
        // Asked for too few, the rules say how many are the fewest.
        if let Err(NoPrice::TooFewMiles { least }) = rules.mixed_price(&base, 0, today) {
            wanted.push(least);
        }
        for miles in wanted.into_iter().filter(|miles| (0..base.miles).contains(miles)) {
            if let Ok(mixed) = rules.mixed_price(&base, miles, today)
                && mixed.miles < base.miles
            {
                all.push(Offer::of(&base, Some(&mixed)));
            }
        }
    }
    all.sort_by(|one, other| (other.miles, &other.row).cmp(&(one.miles, &one.row)));
    all.dedup();
    Ok(all)
}

fn bases(rules: &Programme, rank: Rank, wish: &Wish, today: NaiveDate) -> Result<Vec<Price>> {
    Ok(match wish {
        Wish::Ticket { flight, fare_minor } => {
            let award = flight.award()?;
            let chart = rules.award_price(&award);
            let dynamic = fare_minor.and_then(|fare| rules.dynamic_price(&award, fare).ok());
            match (chart, dynamic) {
                (chart, Some(dynamic)) => chart.ok().into_iter().chain([dynamic]).collect(),
                (chart, None) => vec![chart?],
            }
        }
        Wish::Upgrade { flight, class } => {
            vec![rules.upgrade_price(&flight.upgrade(rules, class)?)?]
        }
        Wish::Item { sku, quantity } => {
            let mut price = rules.item_price(sku, rank, today)?;
            price.miles = price.miles.saturating_mul(*quantity);
            price.minor = price.minor.saturating_mul(*quantity);
            vec![price]
        }
    })
}
