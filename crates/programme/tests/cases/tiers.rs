//! What activity does to a tier.

use std::collections::BTreeMap;

use kernel::Period;
use programme::qualify::{Activity, Kind, Scratch, Standing};
use programme::{Amounts, Engine};

use super::{Case, day, engine, hundredths, read, run};

fn standing(engine: &Engine, case: &Case) -> Standing {
    let mut words = case["start"].split(' ').peekable();
    let mut standing = Standing::new(day("2010-01-01"));
    standing.tier = engine.programme().rank(words.next().unwrap()).unwrap();
    while let Some(word) = words.next() {
        match word {
            "born" => standing.birth_date = Some(day(words.next().unwrap())),
            "joined" => standing.joined_on = day(words.next().unwrap()),
            "life" => standing.lifetime_before = words.next().unwrap().parse().unwrap(),
            last => standing.valid_to = Some(day(last)),
        }
    }
    standing
}

fn activity(text: &str) -> Vec<Activity> {
    let flights = text.split(';').map(str::trim).filter(|text| !text.is_empty());
    flights
        .map(|text| {
            let mut words = text.split(' ');
            let mut one = Activity::new(day(words.next().unwrap()), Amounts::ZERO);
            while let Some(word) = words.next() {
                if word == "posted" {
                    one.posted = day(words.next().unwrap());
                    continue;
                }
                let at = word.find(|c: char| c.is_ascii_alphabetic()).unwrap();
                let (number, unit) = word.split_at(at);
                match unit {
                    "km" => one.amounts.distance = number.parse().unwrap(),
                    "seg" => one.amounts.segments = hundredths(number),
                    "cny" => one.amounts.spend = hundredths(number),
                    "life" => one.amounts.lifetime = number.parse().unwrap(),
                    _ => panic!("`{word}` means nothing"),
                }
            }
            one
        })
        .collect()
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Upgrade => "upgrade",
        Kind::Lifetime => "lifetime",
        Kind::Renew => "renew",
        Kind::SoftLanding => "soft-landing",
        Kind::Downgrade => "downgrade",
        Kind::Keep => "keep",
    }
}

#[test]
fn tiers() {
    let engines: BTreeMap<&str, Engine> =
        ["bridge-km", "bay-year", "tern-fare"].map(|code| (code, engine(code))).into();
    run(&read(include_str!("../../cases/tiers.csv")), |case| {
        let engine = &engines[case["programme"].as_str()];
        let mut standing = standing(engine, case);
        let (from, to) = case["span"].split_once("..").unwrap();
        let span = Period { from: day(from), to: day(to) };
        let activity = activity(&case["activity"]);
        let mut found = Vec::new();
        let mut room = Scratch::default();
        engine.evaluate(&mut standing, &activity, span, &mut room, &mut found);
        let said: Vec<String> = found
            .iter()
            .map(|one| {
                let tier = &engine.programme().tier(one.to).unwrap().code;
                let until = one.valid_to.map_or_else(String::new, |last| format!(" {last}"));
                format!("{} {} {tier}{until}", one.on, kind(one.kind))
            })
            .collect();
        (said.join("; "), case["expect"].clone())
    });
}
