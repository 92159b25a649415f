//! Expiry, prices, redeposits, membership.

use std::collections::BTreeMap;

use kernel::{Currency, Money};
use programme::document::{Cabin, Market};
use programme::membership::Enrolment;
use programme::redemption::{AwardFlight, NoPrice, Price, UpgradeWish};
use programme::{BookingClass, Carrier, Engine, Id, Programme, Station};

use super::{day, engine, hundredths, read, run};

fn price(price: Result<Price, NoPrice>) -> String {
    match price {
        Ok(price) => price.miles.to_string(),
        Err(NoPrice::NoRow { .. }) => "no-row".into(),
        Err(NoPrice::NoZone { .. }) => "no-zone".into(),
        Err(NoPrice::ClassNotUpgradable { .. }) => "class-not-upgradable".into(),
        Err(NoPrice::NotForTier) => "not-for-tier".into(),
        Err(NoPrice::TooFewMiles { .. }) => "too-few-miles".into(),
    }
}

fn cabin(text: &str) -> Cabin {
    serde_json::from_value(text.into()).unwrap()
}

fn flight(origin: &str, destination: &str, in_cabin: &str, on: &str) -> AwardFlight {
    AwardFlight {
        day: day(on),
        origin: Station::parse(origin).unwrap(),
        destination: Station::parse(destination).unwrap(),
        operating: Carrier::parse("JB").unwrap(),
        cabin: cabin(in_cabin),
    }
}

fn money(minor: i64) -> String {
    Money::new(minor, Currency::CNY).decimal()
}

fn redeem(p: &Programme, ask: &[&str]) -> Option<String> {
    Some(match *ask {
        ["award", route, in_cabin, on] => {
            let (from, to) = route.split_once('-')?;
            price(p.award_price(&flight(from, to, in_cabin, on)))
        }
        ["dynamic", in_cabin, fare] => {
            let flight = flight("PEK", "HGH", in_cabin, "2026-01-15");
            price(p.dynamic_price(&flight, hundredths(fare)))
        }
        ["upgrade", class, distance, to] => price(p.upgrade_price(&UpgradeWish {
            day: day("2026-01-15"),
            class: BookingClass::parse(class).unwrap(),
            market: Market::Domestic,
            distance: distance.parse().unwrap(),
            to: cabin(to),
        })),
        ["mix", whole, miles] => {
            let whole =
                Price { miles: whole.parse().unwrap(), minor: 0, row: Id::from("a"), season: None };
            match p.mixed_price(&whole, miles.parse().unwrap(), day("2026-01-15")) {
                Ok(mixed) => format!("{} + {}", mixed.miles, money(mixed.minor)),
                refused => price(refused),
            }
        }
        ["redeposit", tier, hours, miles] => {
            let (hours, miles) = (hours.parse().unwrap(), miles.parse().unwrap());
            let terms = p.redeposit(p.rank(tier)?, hours, miles, day("2026-01-15"));
            match terms.and_then(|terms| Some((terms.fee?, terms.grace_days))) {
                None => "refused".into(),
                Some((fee, grace)) if fee.minor > 0 => {
                    format!("{} grace {grace}", money(fee.minor))
                }
                Some((fee, grace)) => format!("{} miles grace {grace}", fee.miles),
            }
        }
        ["item", sku, tier] => price(p.item_price(sku, p.rank(tier)?, day("2026-01-15"))),
        _ => return None,
    })
}

fn belong(engine: &Engine, ask: &[&str]) -> Option<String> {
    let p = engine.programme();
    Some(match *ask {
        ["expiry", tier, posted, ref rest @ ..] => {
            let active = rest.get(1).map(|text| day(text));
            let row = p.expiry_row(p.rank(tier)?, day(posted))?;
            let last = row.policy.last_day(day(posted), active);
            last.map_or("never".into(), |last| last.to_string())
        }
        ["enrol", born, on] => match p.enrolment(day(born), day(on))? {
            Enrolment::Member => "member".into(),
            Enrolment::Child { ordinary_from } => format!("child until {ordinary_from}"),
            Enrolment::TooYoung { from } => format!("too young until {from}"),
        },
        ["nominee", tier, added, before, present] => {
            let (before, present) = (before.parse().unwrap(), present.parse().unwrap());
            let from = p.nominee_from(day(added), p.rank(tier)?, before, present);
            from.map_or("refused".into(), |from| from.to_string())
        }
        ["match", .., held, on] => {
            let other = ask[1..ask.len() - 2].join(" ");
            let (programme, status) = other.split_once('/')?;
            match engine.match_status(programme, status, p.rank(held)?, None, day(on)) {
                Ok(grant) => {
                    let tier = &p.tier(grant.tier)?.code;
                    format!("{tier} until {}", grant.valid_to?)
                }
                Err(_) => "refused".into(),
            }
        }
        ["alliance", tier, on] => {
            let row = p.alliance_status(p.rank(tier)?, day(on));
            row.map_or("none".into(), |row| row.status.clone())
        }
        _ => return None,
    })
}

#[test]
fn answers() {
    let engines: BTreeMap<&str, Engine> =
        ["bridge-km", "bay-year", "tern-fare"].map(|code| (code, engine(code))).into();
    run(&read(include_str!("../../cases/answers.csv")), |case| {
        let engine = &engines[case["programme"].as_str()];
        let ask: Vec<&str> = case["ask"].split(' ').collect();
        let found = redeem(engine.programme(), &ask).or_else(|| belong(engine, &ask));
        (found.unwrap_or_else(|| "not understood".into()), case["expect"].clone())
    });
}
