//! What flights earn.

use chrono::NaiveDate;
use kernel::Currency;
use programme::accrual::{CouponStatus, Fact, Member, Origin, PromotionUse, Registered};
use programme::document::{Cabin, Market, TicketKind};
use programme::{BookingClass, Carrier, Engine, Measure, Station};
use serde::de::DeserializeOwned;

use super::{Case, day, engine, hundredths, read, run};

/// A word as serde spells it.
fn word<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap_or_else(|_| panic!("`{text}` is no such word"))
}

fn fact(case: &Case) -> Fact {
    let flight: Vec<&str> = case["flight"].split(' ').collect();
    let (marketing, operating) = flight[1].split_once('/').unwrap_or((flight[1], flight[1]));
    let (origin, destination) = flight[2].split_once('-').unwrap();
    let mut class = case["class"].split(' ');
    let mut fact = Fact {
        flight_date: day(flight[0]),
        flight_no: "100".into(),
        origin: Station::parse(origin).unwrap(),
        destination: Station::parse(destination).unwrap(),
        market: Market::between(origin, destination).unwrap(),
        marketing: Carrier::parse(marketing).unwrap(),
        operating: Carrier::parse(operating).unwrap(),
        booking_class: BookingClass::parse(class.next().unwrap()).unwrap(),
        flown_class: None,
        involuntary: false,
        cabin: class.next().map(word::<Cabin>),
        tpm_miles: None,
        great_circle_km: None,
        fare_minor: None,
        surcharge_minor: 0,
        currency: Currency::CNY,
        ticket: TicketKind::Ordinary,
        status: CouponStatus::Flown,
        coupon: None,
        booked_on: None,
        seat: true,
        claimed_on: None,
        credited_elsewhere: false,
    };
    for distance in case["distance"].split(' ').filter(|text| !text.is_empty()) {
        match distance.strip_suffix("mi") {
            Some(miles) => fact.tpm_miles = Some(miles.parse().unwrap()),
            None => fact.great_circle_km = Some(distance.parse().unwrap()),
        }
    }
    let fare = match case["fare"].strip_suffix(" USD") {
        Some(fare) => {
            fact.currency = Currency::USD;
            fare
        }
        None => &case["fare"],
    };
    if !fare.is_empty() {
        let (fare, surcharge) = fare.split_once('+').unwrap_or((fare, ""));
        fact.fare_minor = Some(hundredths(fare));
        fact.surcharge_minor = hundredths(surcharge);
    }
    fact
}

fn member(case: &Case, engine: &Engine) -> Member {
    Member {
        number: "6218045737".into(),
        tier: engine.programme().rank(&case["tier"]).unwrap(),
        birth_date: Some(day("1990-05-05")),
        joined_on: day("2020-01-01"),
        first_flight: false,
        registered: Vec::new(),
        used: Vec::new(),
    }
}

/// What the column `with` says.
fn with(case: &Case, fact: &mut Fact, member: &mut Member) {
    for text in case["with"].split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let words: Vec<&str> = text.split(' ').collect();
        match words[..] {
            ["ticket", kind] => fact.ticket = word(kind),
            ["status", status] => fact.status = word(status),
            ["joined", on] => member.joined_on = day(on),
            ["born", on] => member.birth_date = Some(day(on)),
            ["claimed", on] => fact.claimed_on = Some(day(on)),
            ["booked", on] => fact.booked_on = Some(day(on)),
            ["flown", class] => fact.flown_class = Some(BookingClass::parse(class).unwrap()),
            ["involuntary"] => fact.involuntary = true,
            ["elsewhere"] => fact.credited_elsewhere = true,
            ["lap"] => fact.seat = false,
            ["first", "flight"] => member.first_flight = true,
            ["registered", row] => {
                member.registered.push(Registered { row: row.into(), on: NaiveDate::MIN });
            }
            ["used", row, mine, all] => member.used.push(PromotionUse {
                row: row.into(),
                by_member: mine.parse().unwrap(),
                by_all: all.parse().unwrap(),
            }),
            _ => panic!("{}: `{text}` means nothing", case["id"]),
        }
    }
}

fn answer(engine: &Engine, case: &Case) -> (String, String) {
    let (mut fact, mut member) = (fact(case), member(case, engine));
    with(case, &mut fact, &mut member);
    let accrued = engine.accrue(&fact, &member);
    let of = |measure, want: fn(&Origin) -> bool| -> i64 {
        let all = accrued.postings.iter();
        all.filter(|p| p.measure == measure && want(&p.origin)).map(|p| p.amount).sum()
    };
    let found = [
        of(Measure::Redeemable, |o| *o == Origin::Flight),
        of(Measure::Redeemable, |o| *o == Origin::TierBonus),
        of(Measure::Redeemable, |o| matches!(o, Origin::Promotion(_))),
        accrued.total(Measure::Distance),
        accrued.total(Measure::Segments),
        accrued.total(Measure::Spend),
        accrued.total(Measure::Lifetime),
    ];
    let whole = |column: &str| case[column].parse().unwrap_or(0);
    let expected = [
        whole("award"),
        whole("bonus"),
        whole("promotions"),
        whole("qualifying_distance"),
        hundredths(&case["segments"]),
        hundredths(&case["spend"]),
        whole("lifetime"),
    ];
    let refused = accrued.refused.as_ref().map_or("", |refusal| refusal.code());
    (format!("{found:?} {refused}"), format!("{expected:?} {}", case["refused"]))
}

#[test]
fn bridge_km() {
    let engine = engine("bridge-km");
    run(&read(include_str!("../../cases/accrual-bridge-km.csv")), |case| answer(&engine, case));
}

#[test]
fn bay_year() {
    let engine = engine("bay-year");
    run(&read(include_str!("../../cases/accrual-bay-year.csv")), |case| answer(&engine, case));
}

#[test]
fn tern_fare() {
    let engine = engine("tern-fare");
    run(&read(include_str!("../../cases/accrual-tern-fare.csv")), |case| answer(&engine, case));
}
