//! The arithmetic of explanations, corrections, and documents.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use kernel::{Currency, Lang};
use programme::accrual::{Accrued, Fact, Member, Origin, Posting, Registered, Step, difference};
use programme::document::{Cabin, Market, Rank};
use programme::{
    BookingClass, Carrier, Engine, Measure, Percent, Programme, Rounding, Station, say,
};
use proptest::prelude::*;

use super::{day, engines};

static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(engines);

pub fn fact() -> impl Strategy<Value = Fact> {
    let carrier = || prop::sample::select(vec!["JB", "QJ", "ZJ"]);
    let class = prop::sample::select("FAJCDZRGEYBMUHQVWSTLPKX".chars().collect::<Vec<_>>());
    let cabin = prop::sample::select(vec![
        None,
        Some(Cabin::Economy),
        Some(Cabin::Premium),
        Some(Cabin::Business),
        Some(Cabin::First),
    ]);
    let market = prop::sample::select(vec![Market::Domestic, Market::International]);
    let money = (0_i64..2_000_000, 0_i64..50_000, 1_i64..12_000);
    (carrier(), carrier(), class, cabin, market, 0_u64..1_000, money).prop_map(
        |(marketing, operating, class, cabin, market, offset, (fare, surcharge, km))| Fact {
            flight_date: day(offset),
            flight_no: "7".into(),
            origin: Station::parse("TFU").unwrap(),
            destination: Station::parse("HGH").unwrap(),
            market,
            marketing: Carrier::parse(marketing).unwrap(),
            operating: Carrier::parse(operating).unwrap(),
            booking_class: BookingClass::parse(&class.to_string()).unwrap(),
            flown_class: None,
            involuntary: false,
            cabin,
            tpm_miles: (km % 3 == 0).then_some(km),
            great_circle_km: Some(km),
            fare_minor: Some(fare),
            surcharge_minor: surcharge,
            currency: Currency::CNY,
            ticket: Default::default(),
            status: Default::default(),
            coupon: None,
            booked_on: Some(day(0)),
            seat: true,
            claimed_on: None,
            credited_elsewhere: false,
        },
    )
}

pub fn member() -> impl Strategy<Value = Member> {
    (0_u8..4, 0_u64..12_000, any::<bool>()).prop_map(|(tier, age, first_flight)| Member {
        number: "6218045737".into(),
        tier: Rank(tier),
        birth_date: Some(day(0) - chrono::Days::new(age)),
        joined_on: day(0) - chrono::Days::new(20),
        first_flight,
        registered: vec![Registered { row: "spring-double".into(), on: NaiveDate::MIN }],
        used: Vec::new(),
    })
}

type Sums = BTreeMap<(Measure, Origin), i64>;

fn sums(postings: &[Posting]) -> Sums {
    let mut sums = Sums::new();
    for posting in postings {
        *sums.entry((posting.measure, posting.origin.clone())).or_default() += posting.amount;
    }
    sums
}

/// The postings computed again from the inputs that the steps state, step by step.
fn added_again(accrued: &Accrued) -> Sums {
    let mut rounding = Rounding::HalfUp;
    let (mut award, mut distance) = (0, 0);
    let mut sums = Sums::new();
    for step in &accrued.steps {
        match step {
            Step::Agreement { rounding: r, .. } => rounding = *r,
            Step::Distance { amount, .. } => distance = *amount,
            Step::Award { base, factor, amount } => {
                assert_eq!(*base, distance);
                award = factor.of(*base, rounding);
                assert_eq!(award, *amount);
            }
            Step::Minimum { before, amount, .. } => {
                assert!(before < amount);
                // Before the factor it is the distance, after it the award.
                if distance == *before && award == 0 { distance = *amount } else { award = *amount }
            }
            Step::Fare { fare_minor, surcharge_minor, per, rate, amount, .. } => {
                let money = i128::from(fare_minor + surcharge_minor) * i128::from(rate.0);
                award = rounding.divide(money, i128::from(*per) * 100);
                assert_eq!(award, *amount);
            }
            Step::Age { percent, base, amount, .. } => {
                assert_eq!(*base, award);
                award = percent.of(*base, rounding);
                assert_eq!(award, *amount);
            }
            Step::Bonus { base, percent, amount, .. } => {
                assert_eq!(percent.of(*base, rounding), *amount);
                sums.insert((Measure::Redeemable, Origin::TierBonus), *amount);
            }
            Step::Promotion {
                row, base, percent, fixed, full, amount, distance, segments, ..
            } => {
                assert_eq!(percent.of(*base, rounding) + fixed, *full);
                assert!(amount <= full);
                let of = |measure| (measure, Origin::Promotion(row.clone()));
                sums.insert(of(Measure::Redeemable), *amount);
                sums.insert(of(Measure::Distance), *distance);
                sums.insert(of(Measure::Segments), *segments);
            }
            Step::Qualifying { amounts, .. } => {
                sums.insert((Measure::Distance, Origin::Flight), amounts.distance);
                sums.insert((Measure::Segments, Origin::Flight), amounts.segments);
                sums.insert((Measure::Spend, Origin::Flight), amounts.spend);
                sums.insert((Measure::Lifetime, Origin::Flight), amounts.lifetime);
            }
            Step::Class { .. } | Step::SpendUnknown => {}
        }
    }
    sums.insert((Measure::Redeemable, Origin::Flight), award);
    sums.retain(|_, amount| *amount != 0);
    sums
}

proptest! {
    #[test]
    fn explanations_add_up_to_the_postings(fact in fact(), member in member(), which in 0..3_usize) {
        let accrued = ENGINES[which].accrue(&fact, &member);
        prop_assert_eq!(accrued.refused.is_some(), accrued.postings.is_empty());
        prop_assert!(accrued.postings.iter().all(|posting| posting.amount > 0));
        if accrued.refused.is_none() {
            prop_assert_eq!(sums(&accrued.postings), added_again(&accrued));
        }
        let text = serde_json::to_string(&accrued).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Accrued>(&text).unwrap(), &accrued);
        for lang in Lang::ALL {
            let said = say::accrued(ENGINES[which].programme(), &accrued, lang);
            prop_assert!(!said.is_empty() && said.iter().all(|s| s.ends_with(['.', '。'])));
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(fact in fact(), member in member(), which in 0..3_usize) {
        let first = ENGINES[which].accrue(&fact, &member);
        prop_assert_eq!(ENGINES[which].accrue(&fact, &member), first);
    }

    #[test]
    fn corrections_make_what_was_posted_what_is_derived(
        old in fact(), new in fact(), member in member(), which in 0..3_usize,
    ) {
        let engine = &ENGINES[which];
        let (old, new) = (engine.accrue(&old, &member), engine.accrue(&new, &member));
        let mut posted = sums(&old.postings);
        let corrections = difference(&old.postings, &new.postings);
        for correction in &corrections {
            prop_assert_ne!(correction.amount, 0);
            *posted.entry((correction.measure, correction.origin.clone())).or_default() +=
                correction.amount;
        }
        posted.retain(|_, amount| *amount != 0);
        prop_assert_eq!(posted, sums(&new.postings));
        prop_assert!(difference(&new.postings, &new.postings).is_empty());
    }

    #[test]
    fn more_distance_never_earns_less(
        mut fact in fact(), member in member(), which in 0..3_usize, more in 0_i64..5_000,
    ) {
        fact.tpm_miles = None;
        let before = ENGINES[which].accrue(&fact, &member);
        fact.great_circle_km = fact.great_circle_km.map(|km| km + more);
        let after = ENGINES[which].accrue(&fact, &member);
        for measure in Measure::ALL {
            prop_assert!(after.total(measure) >= before.total(measure), "{measure:?}");
        }
    }

    #[test]
    fn changed_documents_come_back(
        which in 0..3_usize, factor in 0_i64..100_000, version in any::<u32>(), offset in 0_u64..9_000,
        to in prop::option::of(9_000_u64..20_000), name in "\\PC{0,40}",
    ) {
        let mut programme = ENGINES[which].programme().clone();
        programme.version = version;
        programme.name.zh = name.clone();
        let row = &mut programme.accrual.classes[which];
        (row.factor, row.qualifying_factor) = (Percent(factor), Some(Percent(factor / 2)));
        (row.valid_from, row.valid_to) = (day(offset), to.map(day));
        row.source = name;
        let text = programme.to_toml().unwrap();
        let read = Programme::from_toml(&text).unwrap();
        prop_assert_eq!(read.to_toml().unwrap(), text);
        prop_assert_eq!(read, programme);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,200}") {
        let _ = Programme::from_toml(&text);
    }
}
