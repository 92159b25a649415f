//! The shipped programmes, TOML in and out, and what the check finds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use programme::check::check;
use programme::document::{Cabin, Criterion, Market, Row, changes};
use programme::{Engine, Programme, examples};

fn read(text: &str) -> Programme {
    Programme::from_toml(text).unwrap_or_else(|e| panic!("{}:{:?} {e}", text.len(), e.line))
}

#[test]
fn the_shipped_programmes_are_without_finding() {
    for text in examples::ALL {
        let programme = read(text);
        let found: Vec<String> = check(&programme).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}: {found:#?}", programme.code);
        assert!(Engine::new(programme).is_ok());
    }
}

#[test]
fn toml_comes_back_as_it_went() {
    for text in examples::ALL {
        let programme = read(text);
        let written = programme.to_toml().unwrap();
        assert_eq!(read(&written), programme);
        assert_eq!(read(&written).to_toml().unwrap(), written);
    }
}

#[test]
fn changes_are_told_by_place_row_and_field() {
    let old = read(examples::BRIDGE_KM);
    assert!(changes(&old, &old).unwrap().is_empty());
    let mut new = old.clone();
    new.version = 8;
    new.accrual.classes[0].factor = programme::Percent(26_000);
    new.accrual.classes.swap(3, 4);
    let gone = new.qualification.challenges.remove(0);
    new.tiers.swap(1, 2);
    let found = changes(&old, &new).unwrap();
    let said: Vec<String> = found
        .iter()
        .map(|c| {
            let none = String::new();
            let parts = [&c.row, &c.field, &c.before, &c.after];
            let parts = parts.map(|part| part.as_ref().unwrap_or(&none).as_str());
            format!("{}|{}", c.place, parts.join("|"))
        })
        .collect();
    assert_eq!(said[0], "accrual.classes|int-j|factor|\"250%\"|\"260%\"");
    assert!(said[1].starts_with(&format!("qualification.challenges|{}||", gone.id)));
    assert!(said[1].ends_with('|'), "gone: nothing after");
    assert_eq!(said[2], "version|||7|8");
    assert!(said[3].starts_with("tiers||order|BASE < SILVER < GOLD"));
    assert_eq!(found.len(), 4);
}

#[test]
fn hostile_documents_are_refused_and_soon() {
    let long = format!("{}# {}", examples::TERN_FARE, "x".repeat(Programme::MOST_BYTES));
    assert!(Programme::from_toml(&long).unwrap_err().what.contains("the most"));
    let mut programme = read(examples::BRIDGE_KM);
    let jb = programme.accrual.classes[0].carriers[0];
    programme.accrual.classes[0].carriers = vec![jb; 100_000];
    assert!(Engine::new(programme).is_err());
    let mut programme = read(examples::BRIDGE_KM);
    let either = Criterion::Any(vec![Criterion::Distance(1), Criterion::Distance(2)]);
    programme.qualification.upgrades[0].need = Criterion::All(vec![either; 60]);
    assert!(Engine::new(programme).is_err());
    let deep = format!("need = {}{}", "{ all = [".repeat(5_000), "]}".repeat(5_000));
    assert!(Programme::from_toml(&deep).is_err());
}

/// The synthetic airline sells these; a class no table knows would be a hole in an example.
#[test]
fn every_class_the_synthetic_airline_sells_is_in_every_table() {
    let classes = [("FA", Cabin::First), ("JCD", Cabin::Business), ("WG", Cabin::Premium)];
    let classes = classes.into_iter().chain([("YBMUHQVLKETSX", Cabin::Economy)]);
    let sold: Vec<(String, Cabin)> = classes
        .flat_map(|(letters, cabin)| letters.chars().map(move |one| (one.to_string(), cabin)))
        .collect();
    for text in examples::ALL {
        let programme = read(text);
        for (class, cabin) in &sold {
            for market in [Market::Domestic, Market::Regional, Market::International] {
                let rows: Vec<&str> = programme
                    .accrual
                    .classes
                    .iter()
                    .filter(|row| row.carriers.iter().any(|c| c.as_str() == "JB"))
                    .filter(|row| row.classes.iter().any(|c| c.as_str() == class))
                    .filter(|row| row.markets.is_empty() || row.markets.contains(&market))
                    .filter(|row| row.cabin.is_none_or(|own| own == *cabin))
                    .filter(|row| row.span().contains("2026-11-24".parse().unwrap()))
                    .map(|row| row.id.as_str())
                    .collect();
                assert_eq!(
                    rows.len(),
                    1,
                    "{} {class} {cabin:?} {market:?}: {rows:?}",
                    programme.code
                );
            }
        }
    }
}
