//! The airline as a whole: repeatable, sane, and as unequal as life.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{HashMap, HashSet};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;
use simulator::write::{self, Format};
use simulator::{Airline, Archetype, Config, Lifecycle, Status, Story, Tier};

fn config(members: u64) -> Config {
    Config::new(NaiveDate::from_ymd_opt(2026, 10, 31).unwrap()).with_members(members)
}

fn stories(members: u64) -> Vec<Story> {
    Airline::new(config(members)).stories().collect()
}

#[test]
fn the_default_airline_has_about_400_000_flown_segments() {
    let mut flown = 0;
    let airline = Airline::new(config(20_000));
    let walked = airline.for_each_chunk::<()>(1_000, |chunk| {
        flown += chunk.iter().map(|story| story.flown().count()).sum::<usize>();
        Ok(())
    });
    assert_eq!(walked, Ok(()));
    assert!((360_000..440_000).contains(&flown), "{flown}");
}

#[test]
fn every_segment_makes_sense() {
    let window = config(1).window();
    let mut tickets = HashSet::new();
    for story in stories(2_000) {
        let mut last = window.from;
        for segment in &story.segments {
            assert!(window.contains(segment.flight_date));
            assert!(segment.flight_date >= last, "segments are sorted by date");
            assert!(segment.flight_date >= story.member.joined);
            assert!(segment.booked_on <= segment.flight_date);
            assert!(segment.km.0 >= 350 && segment.fare.minor >= 0);
            assert_eq!(segment.fare.minor == 0, segment.discount() == 0.0);
            let km = kernel::airports::distance_km(segment.origin, segment.destination);
            assert_eq!(km, Some(segment.km));
            assert_eq!(segment.seat.is_some(), segment.status == Status::Flown);
            assert!((1..=6).contains(&segment.party_size) && (1..=4).contains(&segment.coupon));
            assert!(tickets.insert((segment.ticket, segment.coupon)));
            assert_eq!(segment.locator().len(), 6);
            last = segment.flight_date;
        }
    }
}

#[test]
fn nobody_is_in_two_places() {
    for story in stories(1_000) {
        let on: Vec<_> = story.segments.iter().collect();
        for pair in on.windows(2).filter(|pair| pair[0].ticket == pair[1].ticket) {
            assert_eq!(pair[0].destination, pair[1].origin);
        }
    }
}

#[test]
fn members_are_whole_and_invented() {
    let mut numbers = HashSet::new();
    let (mut hanzi, mut dotted, mut latin) = (0, 0, 0);
    for story in stories(5_000) {
        let member = &story.member;
        assert!(kernel::member_no::is_valid(&member.member_no));
        assert!(numbers.insert(member.member_no.clone()));
        assert!(member.mobile.starts_with("+86154") || member.mobile.starts_with("+999"));
        assert!(member.email.as_ref().is_none_or(|mail| mail.ends_with("@example.com")));
        assert!(member.email.as_ref().is_none_or(|mail| mail.is_ascii()));
        match &member.name.native {
            Some(native) => {
                hanzi += 1;
                dotted += usize::from(native.contains('·'));
                let id = &member.document_no;
                assert!(id.starts_with("99"));
                assert_eq!(kernel::id_card::normalise(id).as_ref(), Some(id));
                assert_eq!(kernel::id_card::birth(id), Some(member.born));
            }
            None => {
                latin += 1;
                assert!(member.document_no.starts_with("XX"));
            }
        }
        assert!(!member.name.given.is_empty());
        let age = member.joined.years_since(member.born);
        assert!(age.is_some_and(|years| (16..90).contains(&years)));
    }
    assert!(hanzi > 4_500 && latin > 150 && dotted > 20, "{hanzi} {latin} {dotted}");
}

#[test]
fn a_fifth_of_the_members_fly_most_of_the_segments() {
    let mut counts: Vec<usize> = stories(10_000).iter().map(|s| s.flown().count()).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let total: usize = counts.iter().sum();
    let top: usize = counts.iter().take(2_000).sum();
    let share = top as f64 / total as f64;
    assert!((0.55..0.80).contains(&share), "{share}");
    assert!((100..330).contains(&counts[0]), "{}", counts[0]);
    let none = counts.iter().filter(|n| **n == 0).count();
    assert!((100..1_000).contains(&none), "{none}");
}

#[test]
fn holidays_and_weekdays_show() {
    let mut by_month = HashMap::new();
    let (mut business_monday, mut business_saturday) = (0, 0);
    for story in stories(8_000) {
        for segment in story.flown() {
            let loyal = story.truth.archetype == Archetype::LoyalBusiness;
            match segment.flight_date.weekday() {
                chrono::Weekday::Mon if loyal => business_monday += 1,
                chrono::Weekday::Sat if loyal => business_saturday += 1,
                _ => {}
            }
            if !loyal && segment.flight_date.year() == 2026 {
                *by_month.entry(segment.flight_date.month()).or_insert(0) += 1;
            }
        }
    }
    assert!(business_monday > 3 * business_saturday / 2, "{business_monday} {business_saturday}");
    let daily = |month: u32, days: i32| f64::from(by_month[&month]) / f64::from(days);
    // New Year's Day of the lunar calendar 2026 is 17 February.
    assert!(daily(2, 28) > 1.25 * daily(3, 31));
    assert!(daily(8, 31) > 1.15 * daily(6, 30));
}

#[test]
fn the_kinds_behave_as_they_are_called() {
    let stories = stories(12_000);
    let of = |kind| stories.iter().filter(move |s: &&Story| s.truth.archetype == kind);
    let flights = |kind| {
        let all: Vec<usize> = of(kind).map(|s| s.flown().count()).collect();
        all.iter().sum::<usize>() as f64 / all.len() as f64
    };
    let discount = |kind| {
        let all: Vec<f64> =
            of(kind).flat_map(|s| s.flown().map(|f| f.discount()).collect::<Vec<_>>()).collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    assert!(flights(Archetype::LoyalBusiness) > 5.0 * flights(Archetype::FamilyLeisure));
    assert!(discount(Archetype::PremiumLeisure) > 1.0);
    assert!(discount(Archetype::NewBargain) < 0.6);
    for story in of(Archetype::Lapsed) {
        let left = story.truth.churned_on.unwrap();
        // Whoever set out before leaving for good still comes home.
        let latest = story.flown().map(|s| s.flight_date).max();
        assert!(latest.is_none_or(|day| (day - left).num_days() < 30));
    }
}

#[test]
fn tiers_follow_flying_and_lifecycles_are_all_there() {
    let stories = stories(20_000);
    let share = |tier| {
        let held = stories.iter().filter(|s| s.member.tier == tier).count();
        held as f64 / stories.len() as f64
    };
    assert!((0.70..0.92).contains(&share(Tier::Ordinary)), "{}", share(Tier::Ordinary));
    assert!((0.04..0.15).contains(&share(Tier::Silver)), "{}", share(Tier::Silver));
    assert!((0.02..0.12).contains(&share(Tier::Gold)), "{}", share(Tier::Gold));
    assert!((0.0005..0.04).contains(&share(Tier::Platinum)), "{}", share(Tier::Platinum));
    let seen: HashSet<Lifecycle> = stories.iter().map(|s| s.truth.lifecycle).collect();
    assert_eq!(seen.len(), 8, "{seen:?}");
    for story in stories.iter().filter(|s| s.member.tier == Tier::Silver) {
        let km: i64 = story.flown().map(|s| s.km.0).sum();
        assert!(km >= 40_000 || story.flown().count() >= 25);
    }
}

fn bytes_of(config: Config, chunk: usize, dir: &Path) -> Vec<(String, String)> {
    let airline = Airline::new(config);
    let formats = [Format::Csv, Format::Parquet];
    let manifest = write::write_in_chunks(&airline, dir, &formats, chunk, |_| true).unwrap();
    let read: write::Manifest =
        serde_json::from_slice(&std::fs::read(dir.join(write::MANIFEST)).unwrap()).unwrap();
    assert_eq!(read, manifest);
    manifest.files.into_iter().map(|file| (file.name, file.sha256)).collect()
}

#[test]
fn stopping_leaves_no_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let airline = Airline::new(config(500));
    let stopped = write::write_in_chunks(&airline, dir.path(), &[Format::Csv], 100, |at| {
        at.members_done < 300
    });
    assert!(matches!(stopped, Err(write::WriteError::Stopped)));
    assert!(!dir.path().join(write::MANIFEST).exists());
}

#[test]
fn files_agree_with_the_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let airline = Airline::new(config(300));
    let manifest = write::write_all(&airline, dir.path(), &[Format::Csv], |_| true).unwrap();
    assert_eq!(manifest.totals.members, 300);
    for file in &manifest.files {
        let data = std::fs::read(dir.path().join(&file.name)).unwrap();
        assert_eq!(data.len() as u64, file.bytes);
        let mut reader = csv::Reader::from_reader(data.as_slice());
        let columns = reader.headers().unwrap().len();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len() as u64, file.rows, "{}", file.name);
        assert!(rows.iter().all(|row| row.len() == columns));
    }
    let segments = manifest.files.iter().find(|f| f.name == "segments.csv").unwrap();
    assert_eq!(segments.rows, manifest.totals.segments);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_chunking_gives_the_same_bytes(seed in any::<u64>(), chunk in 1_usize..400) {
        let config = config(300).with_seed(seed);
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        prop_assert_eq!(bytes_of(config, chunk, one.path()), bytes_of(config, 300, other.path()));
    }

    #[test]
    fn another_seed_is_another_airline(seed in any::<u64>()) {
        let one = Airline::new(config(20).with_seed(seed));
        let other = Airline::new(config(20).with_seed(seed.wrapping_add(1)));
        prop_assert!(one.stories().zip(other.stories()).any(|(a, b)| a.segments != b.segments));
    }

    #[test]
    fn any_window_works(offset in 0_i64..5_000, months in 1_u32..60, index in 0_u64..10_000_000) {
        let until = NaiveDate::from_ymd_opt(2016, 1, 1).unwrap() + chrono::Duration::days(offset);
        let config = Config::new(until).with_months(months).with_members(u64::MAX);
        let story = Airline::new(config).story(index);
        prop_assert!(story.segments.iter().all(|s| config.window().contains(s.flight_date)));
    }
}
