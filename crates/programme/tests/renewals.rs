//! A renewal begins a new validity, and with it new allowances.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use chrono::NaiveDate;
use kernel::Period;
use programme::document::{Cabin, Market, Rank};
use programme::entitlement::{Flight, Used};
use programme::qualify::{Activity, Scratch, Standing};
use programme::{Amounts, Carrier, Engine, Programme, examples};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn vouchers_of_a_tier_period_come_anew_with_the_renewal() {
    let engine = Engine::new(Programme::from_toml(examples::BRIDGE_KM).unwrap()).unwrap();
    let mut standing = Standing::new(day("2020-01-01"));
    (standing.tier, standing.since) = (Rank(2), day("2024-07-01"));
    standing.valid_to = Some(day("2026-06-30"));
    let jb = Carrier::parse("JB").unwrap();
    let left = |standing: &Standing, on: &str| {
        let flight = Flight {
            day: day(on),
            departs: day(on).and_hms_opt(8, 0, 0).unwrap().and_utc(),
            marketing: jb,
            operating: jb,
            market: Market::Domestic,
            cabin: Cabin::Economy,
        };
        let used = [Used {
            benefit: "upgrade-voucher".into(),
            on: day("2026-06-30"),
            this_flight: false,
            count: 2,
        }];
        let chosen = ["upgrade-voucher".into()];
        let now = day("2026-06-01").and_hms_opt(8, 0, 0).unwrap().and_utc();
        let all = engine.entitlements(standing, &flight, now, &used, &chosen);
        all.iter().find(|one| one.benefit == "upgrade-voucher").unwrap().remaining
    };
    assert_eq!(left(&standing, "2026-06-30"), Some(0));
    let flown = Amounts { distance: 70_000, ..Amounts::ZERO };
    let activity = [Activity::new(day("2025-09-01"), flown)];
    let span = Period { from: day("2026-06-30"), to: day("2026-07-01") };
    engine.evaluate(&mut standing, &activity, span, &mut Scratch::default(), &mut Vec::new());
    assert_eq!((standing.tier, standing.since), (Rank(2), day("2026-07-01")));
    assert_eq!(left(&standing, "2026-07-01"), Some(2));
}
