//! A day of messages: whole, repeatable, and true.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use formats::passenger_list::{PartKey, PassengerList, PersonKind};
use formats::{Kind, Message, Read, Severity, text};
use proptest::prelude::*;
use simulator::Config;
use simulator::messages::{Day, Days, Fault, Plan, Rates, folder};

fn plan(flights: usize, load: f64) -> Plan {
    let airline = Config::new(date(2026, 11, 20)).with_members(2_000).with_seed(7);
    Plan::new(airline, date(2026, 11, 24)).with_flights(flights).with_load(load)
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn one(plan: Plan) -> Day {
    Days::new(plan).next().unwrap()
}

/// Rows of a CSV, by header.
fn rows(text: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    });
    rows.collect()
}

fn near_of(day: NaiveDate) -> formats::when::Day {
    use chrono::Datelike;
    formats::when::Day::new(day.year(), day.month() as u8, day.day() as u8).unwrap()
}

fn near() -> formats::when::Day {
    near_of(date(2026, 11, 24))
}

/// Reads every message without a fault, and counts kinds.
fn readable(day: &Day) -> BTreeMap<Kind, usize> {
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for post in &day.posts {
        if matches!(post.fault, Some(Fault::Truncated | Fault::WrongEnd | Fault::Card)) {
            continue;
        }
        let decoded = text::decode(&post.bytes);
        let read = formats::read(&decoded);
        let told = || String::from_utf8_lossy(&post.bytes).into_owned();
        *kinds.entry(read.kind).or_default() += 1;
        let quiet = read.diagnostics.iter().all(|said| said.severity == Severity::Note);
        assert!(quiet, "{}: {:?}\n{}", post.name, read.diagnostics, told());
        assert_ne!(read.kind, Kind::Unknown, "{}", told());
        for line in told().lines() {
            assert!(line.chars().count() <= 64 || read.kind == Kind::Bcbp, "{line}");
        }
    }
    kinds
}

#[test]
fn every_message_reads_back_without_a_finding_unless_it_was_meant() {
    let day = one(plan(120, 0.5));
    let kinds = readable(&day);
    for kind in [Kind::Pnl, Kind::Adl, Kind::Pfs, Kind::Prl, Kind::Mvt, Kind::Asm, Kind::Bcbp] {
        assert!(kinds.contains_key(&kind), "{kind}: {kinds:?}");
    }
    let schedule = text::decode(day.schedule.as_bytes());
    let read = formats::read(&schedule);
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    let Message::Schedule(schedule) = &read.message else { panic!("no schedule") };
    let legs = &schedule.blocks[0].legs;
    assert!(legs.len() >= 120 && legs.iter().any(|leg| leg.leg.sequence == Some(2)));
    assert!(legs.iter().any(|leg| leg.sold_as().next().is_some()));
    assert!(legs.iter().all(|leg| leg.leg.days.on(near())));
}

/// The parts of each list beside each other.
fn lists_of<'t>(read: &[Read<'t>], kinds: &[Kind]) -> Vec<Vec<PassengerList<'t>>> {
    let mut lists: BTreeMap<String, Vec<PassengerList<'t>>> = BTreeMap::new();
    for of in read.iter().filter(|of| kinds.contains(&of.kind)) {
        let Message::PassengerList(list) = &of.message else { continue };
        let key = PartKey::of(&of.envelope, list).unwrap();
        let whole = PartKey { part: None, is_last: false, ..key };
        lists.entry(format!("{whole:?}")).or_default().push((**list).clone());
    }
    lists.into_values().collect()
}

/// The keys of the contract, made of nothing but what is in the messages.
fn keys(day: &Day, kinds: &[Kind]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let texts: Vec<_> = day.posts.iter().map(|post| text::decode(&post.bytes)).collect();
    let read: Vec<_> = texts.iter().map(formats::read).collect();
    for of in read.iter().filter(|of| kinds.contains(&of.kind)) {
        let Message::BoardingPass(pass) = &of.message else { continue };
        let (name, leg) = (pass.passenger(), &pass.legs[0]);
        let flown = pass.flown_on(leg, near_of(day.date)).unwrap();
        keys.insert(format!(
            "{}{}/{flown}/{}{}/{}/{}/{}",
            leg.carrier.unwrap(),
            leg.number.unwrap(),
            leg.from.unwrap(),
            leg.to.unwrap(),
            leg.locator.unwrap_or("-"),
            name.surname,
            name.given
        ));
    }
    for parts in lists_of(&read, kinds) {
        let list = formats::passenger_list::merge(parts).unwrap().list;
        let flight = list.flight.as_ref().unwrap();
        let local = flight.date.unwrap().nearest(near_of(day.date)).unwrap();
        for person in list.people().filter(|person| person.kind() != PersonKind::Seat) {
            let own = person.locators().find(|locator| locator.system == "JB");
            let locator = own.or_else(|| person.locators().next());
            keys.insert(format!(
                "{}/{local}/{}{}/{}/{}/{}",
                flight.designator,
                flight.board,
                person.destination(),
                locator.map_or("-", |locator| locator.code),
                person.surname(),
                person.given()
            ));
        }
    }
    keys
}

/// The truth has a row for everybody whom a message names, and for nobody else.
fn consistent(day: &Day) {
    let truth = rows(&day.truth.passengers);
    let of = |source: &str| -> BTreeSet<String> {
        let rows = truth.iter().filter(|row| row["source"] == source);
        // A second of the same name is told apart by the order, which messages alone do not show.
        rows.map(|row| row["source_key"].clone()).filter(|key| !key.contains('#')).collect()
    };
    assert_eq!(keys(day, &[Kind::Pnl, Kind::Adl]), of("booking"));
    assert_eq!(keys(day, &[Kind::Pfs, Kind::Prl]), of("departure"));
    assert_eq!(keys(day, &[Kind::Bcbp]), of("boarding-pass"));
    let tickets: BTreeSet<String> = rows(&day.coupons)
        .iter()
        .map(|row| {
            let of = |name: &str| row[name].clone();
            format!(
                "{}{}/{}/{}{}/{}/{}/{}",
                of("marketing_carrier"),
                of("flight_number"),
                of("flight_date"),
                of("origin"),
                of("destination"),
                of("record_locator"),
                of("surname"),
                of("given")
            )
        })
        .collect();
    assert_eq!(tickets, of("ticket"));
    let people: HashSet<String> =
        rows(&day.truth.people).iter().map(|row| row["person"].clone()).collect();
    assert!(truth.iter().all(|row| people.contains(&row["person"])));
}

#[test]
fn the_truth_names_those_and_only_those_whom_messages_name() {
    let rates = Rates { boarding_pass: 0.2, ..Rates::default().clean_wire() };
    consistent(&one(plan(80, 0.5).with_rates(rates)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_day_of_any_airline_is_readable_and_true(
        seed in any::<u64>(),
        days in 0_i64..2_000,
        flights in 1_usize..14,
        load in 0.01_f64..0.95,
        members in 0_u64..3_000,
    ) {
        let first = date(2024, 1, 1) + chrono::Duration::days(days);
        let airline = Config::new(first).with_members(members).with_seed(seed);
        let plan = Plan::new(airline, first).with_flights(flights).with_load(load);
        let untidy = one(plan);
        readable(&untidy);
        let day = one(plan.with_rates(Rates::default().clean_wire()));
        readable(&day);
        consistent(&day);
    }
}

#[test]
fn outcomes_agree_with_the_lists() {
    let rates = Rates { changed_flight: 0.05, ..Rates::default().clean_wire() };
    let day = one(plan(120, 0.4).with_rates(rates));
    let truth = rows(&day.truth.passengers);
    let flown: BTreeSet<&String> = truth
        .iter()
        .filter(|row| row["source"] == "departure")
        .filter(|row| matches!(row["outcome"].as_str(), "flown" | "go-show" | "no-record"))
        .map(|row| &row["source_key"])
        .collect();
    let on_board = keys(&day, &[Kind::Prl]);
    let plain: BTreeSet<&String> = flown.into_iter().filter(|key| !key.contains('#')).collect();
    assert_eq!(on_board.iter().collect::<BTreeSet<_>>(), plain);
    let outcomes: HashSet<&str> = truth.iter().map(|row| row["outcome"].as_str()).collect();
    for outcome in
        ["flown", "no-show", "go-show", "no-record", "moved", "refunded", "cancelled", "offloaded"]
    {
        assert!(outcomes.contains(outcome), "{outcome}: {outcomes:?}");
    }
    for row in truth.iter().filter(|row| row["source"] != "web") {
        let flown = matches!(row["outcome"].as_str(), "flown" | "go-show" | "no-record");
        assert_eq!(!row["seat"].is_empty() && !row["cabin"].is_empty(), flown, "{row:?}");
    }
    // A ticket's coupon is told of once.
    let coupons = rows(&day.coupons);
    let distinct: HashSet<(&String, &String)> =
        coupons.iter().map(|row| (&row["ticket_number"], &row["coupon"])).collect();
    assert_eq!(distinct.len(), coupons.len());
}

#[test]
fn parts_belong_together_and_totals_agree() {
    let day = one(plan(30, 0.85).with_rates(Rates::default().clean_wire()));
    let texts: Vec<_> = day.posts.iter().map(|post| text::decode(&post.bytes)).collect();
    let read: Vec<_> = texts.iter().map(formats::read).collect();
    let mut several = 0;
    for lists in lists_of(&read, &[Kind::Pnl, Kind::Adl, Kind::Pfs, Kind::Prl]) {
        several += usize::from(lists.len() > 1);
        let merged = formats::passenger_list::merge(lists).unwrap();
        let codes: Vec<_> = merged.problems.iter().map(|problem| problem.rule.code).collect();
        assert!(merged.is_complete && codes.is_empty(), "{codes:?}");
        if merged.list.kind != Kind::Pnl && merged.list.kind != Kind::Prl {
            continue;
        }
        let mut totals: BTreeMap<(&str, &str), (u16, usize)> = BTreeMap::new();
        for section in &merged.list.sections {
            let total = totals.entry((section.destination, section.class)).or_default();
            total.0 = section.count.unwrap();
        }
        for person in merged.list.people() {
            totals.get_mut(&(person.destination(), person.class())).unwrap().1 += 1;
        }
        assert!(totals.values().all(|(told, held)| usize::from(*told) == *held), "{totals:?}");
    }
    assert!(several > 20, "{several}");
}

#[test]
fn load_and_dirt_are_as_asked() {
    let day = one(plan(100, 0.82));
    let truth = rows(&day.truth.passengers);
    let booked = truth.iter().filter(|row| row["source"] == "booking").count();
    // A flight has about 155 seats.
    assert!((9_500..14_500).contains(&booked), "{booked}");
    let share = |kind: &str| {
        let has = truth.iter().filter(|row| {
            row["source"] == "booking" && row["dirt"].split(' ').any(|word| word == kind)
        });
        has.count() as f64 / booked as f64
    };
    assert!((0.03..0.20).contains(&share("document-missing")));
    assert!((0.002..0.02).contains(&share("swapped-names")));
    assert!((0.002..0.03).contains(&share("typo")));
    assert!((0.08..0.40).contains(&share("agency-phone")));
    for fault in [Fault::Repeated, Fault::OutOfOrder, Fault::Late, Fault::Mistaken] {
        assert!(day.posts.iter().any(|post| post.fault == Some(fault)), "{fault:?}");
    }
    let late: Vec<i64> = rows(&day.truth.legs)
        .iter()
        .filter_map(|row| row["departure_delay"].parse().ok())
        .collect();
    let punctual = late.iter().filter(|minutes| **minutes <= 15).count();
    assert!((0.7..0.9).contains(&(punctual as f64 / late.len() as f64)));
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let plan = plan(20, 0.3).with_days(3);
    let days: Vec<Day> = Days::new(plan).collect();
    let again: Vec<Day> = Days::new(plan).collect();
    assert_eq!(days, again);
    let other = Plan { airline: plan.airline.with_seed(8), ..plan };
    assert_ne!(Days::new(other).next().unwrap().posts, days[0].posts);
}

#[test]
fn people_come_back_on_the_same_booking_and_on_others() {
    let plan = plan(150, 0.4).with_days(5);
    let mut bookings: HashMap<String, HashSet<String>> = HashMap::new();
    let mut members = 0;
    let mut returned = 0;
    for day in Days::new(plan) {
        members +=
            rows(&day.truth.people).iter().filter(|row| !row["member_no"].is_empty()).count();
        for row in rows(&day.truth.passengers) {
            if row["source"] != "ticket" {
                continue;
            }
            let locator = row["source_key"].split('/').nth(3).unwrap().to_owned();
            bookings.entry(row["person"].clone()).or_default().insert(locator);
            returned += usize::from(row["coupon"] == "2" && day.date > plan.from);
        }
    }
    assert!(members > 300, "{members}");
    assert!(returned > 300, "{returned}");
    let several = bookings.values().filter(|locators| locators.len() > 1).count();
    assert!(several > 200, "{several}");
}

#[test]
fn nobody_is_on_two_flights_at_once() {
    let day = one(plan(150, 0.6));
    let legs = rows(&day.truth.legs);
    let times: HashMap<(String, String, String), (String, String)> = legs
        .iter()
        .map(|row| {
            let key = (row["flight"].clone(), row["board"].clone(), row["off"].clone());
            (key, (row["departs"].clone(), row["arrives"].clone()))
        })
        .collect();
    let mut by_person: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for row in rows(&day.truth.passengers) {
        let flown = matches!(row["outcome"].as_str(), "flown" | "go-show" | "no-record");
        if row["source"] != "departure" || !flown {
            continue;
        }
        let key = (row["flight"].clone(), row["board"].clone(), row["off"].clone());
        if let Some(times) = times.get(&key) {
            by_person.entry(row["person"].clone()).or_default().push(times.clone());
        }
    }
    for (person, mut flights) in by_person {
        flights.sort();
        assert!(flights.windows(2).all(|two| two[0].1 <= two[1].0), "{person} {flights:?}");
    }
}

#[test]
fn folders_and_streams_hold_the_same_messages() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(6, 0.2).with_days(2);
    let written = folder::write(plan, folder.path(), |_, _| true).unwrap();
    assert_eq!(written.days, 2);
    let day = folder.path().join("2026-11-24");
    for name in ["schedule.ssim", "coupons.csv", "web.ndjson", "truth/passengers.csv"] {
        assert!(day.join(name).is_file(), "{name}");
    }
    let mut stream = Vec::new();
    let streamed = folder::stream(plan, &mut stream).unwrap();
    assert_eq!(streamed.messages, written.messages);
    let decoded = text::decode(&stream);
    let pieces = formats::envelope::split(decoded.as_str());
    let whole = Days::new(plan)
        .flat_map(|day| day.posts)
        .all(|post| !matches!(post.fault, Some(Fault::Truncated | Fault::WrongEnd)));
    assert!(!whole || pieces.len() as u64 == streamed.messages, "{}", pieces.len());
}
