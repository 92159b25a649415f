//! Passes by the book and passes from life.

use proptest::prelude::*;

use super::*;
use crate::flight::Airport;
use crate::mutations::{any_mutations, spoil};
use crate::when::Day;

const PASSES: &str = include_str!("../../fixtures/boarding_pass/passes.txt");

#[test]
fn every_pass_gives_its_fields() {
    let mut told = String::new();
    for line in PASSES.lines() {
        let (pass, notes) = parse(line);
        told.push_str(&serde_json::to_string_pretty(&pass).unwrap());
        for note in notes {
            told.push_str(&format!(
                "\n{:?} {} {}:{}",
                note.severity, note.code, note.line, note.column
            ));
        }
        told.push('\n');
    }
    insta::assert_snapshot!(told);
}

#[test]
fn tickets_seats_and_sequences() {
    let line = PASSES.lines().nth(1).unwrap();
    let (pass, notes) = parse(line);
    assert!(notes.is_empty());
    let [first, second] = pass.legs.as_slice() else { panic!("two legs") };
    assert_eq!(first.ticket().as_deref(), Some("9992400000011"));
    assert_eq!(second.ticket().as_deref(), Some("2202400000022"));
    assert_eq!((first.seat_label(), second.sequence_number()), (Some("11A"), Some(8)));
    let name = pass.passenger();
    assert_eq!((name.surname, name.given, name.title), ("OUYANG", "XIAOMING", Some("MR")));
}

#[test]
fn the_year_comes_from_the_issue_or_the_scan() {
    let day = |year, month, day| Day::new(year, month, day).unwrap();
    // Issued on day 355 of a year ending in 6, flown on day 356.
    let (pass, _) = parse(PASSES.lines().nth(1).unwrap());
    assert_eq!(pass.issued_on(day(2027, 3, 1)), Some(day(2026, 12, 21)));
    assert_eq!(pass.flown_on(&pass.legs[0], day(2027, 3, 1)), Some(day(2026, 12, 22)));
    assert_eq!(pass.flown_on(&pass.legs[0], day(2026, 6, 1)), Some(day(2016, 12, 21)));
    // No issue: nearest to the scan, over new year too.
    let (pass, _) = parse(PASSES.lines().nth(2).unwrap());
    assert_eq!(pass.flown_on(&pass.legs[0], day(2026, 12, 30)), Some(day(2027, 1, 1)));
    assert_eq!(pass.flown_on(&pass.legs[0], day(2027, 2, 1)), Some(day(2027, 1, 1)));
    // Issued at the end of one year, flown on the first day of the next.
    let (pass, _) = parse(PASSES.lines().nth(7).unwrap());
    assert_eq!(pass.flown_on(&pass.legs[0], day(2017, 1, 2)), Some(day(2017, 1, 1)));
}

#[test]
fn day_366_needs_a_leap_year() {
    let line = PASSES.lines().nth(2).unwrap().replace(" 001Y", " 366Y");
    let (pass, _) = parse(&line);
    let day = |year, month, day| Day::new(year, month, day).unwrap();
    assert_eq!(pass.flown_on(&pass.legs[0], day(2025, 1, 5)), Some(day(2024, 12, 31)));
    assert_eq!(pass.flown_on(&pass.legs[0], day(2026, 6, 5)), None);
}

#[test]
fn what_is_no_pass_is_told() {
    for text in ["", "ç", "M1", "HELLO WORLD", "M1SHORT/NAME E"] {
        let (pass, notes) = parse(text);
        assert!(pass.legs.is_empty(), "{text}");
        assert_eq!(notes[0].code, "bcbp-not-a-boarding-pass", "{text}");
    }
    let long = "M1".repeat(100_000);
    assert!(parse(&long).0.legs.len() <= 9);
}

#[test]
fn text_around_a_pass_is_passed_over() {
    let line = PASSES.lines().next().unwrap();
    let around = format!("]Q3{line}\r\n");
    let (pass, notes) = parse(&around);
    assert_eq!(pass.legs, parse(line).0.legs);
    assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["bcbp-text-before"]);
}

#[test]
fn lost_blanks_are_put_back() {
    for (at, whole) in PASSES.lines().enumerate() {
        // Those with blank columns inside the mandatory ones cannot be told apart.
        if [3, 4, 7, 9, 10].contains(&at) {
            continue;
        }
        let words: Vec<_> = whole.split_whitespace().collect();
        let text = respaced(&words.join(" ")).unwrap();
        let (read, expected) = (parse(&text).0, parse(whole).0);
        assert_eq!(
            (read.name, read.electronic_ticket),
            (expected.name, expected.electronic_ticket)
        );
        let told = |leg: &Leg<'_>| {
            let seat = leg.seat.map(str::to_owned);
            (leg.locator.map(str::to_owned), leg.from, leg.to, leg.number, seat, leg.status)
        };
        assert_eq!(told(&read.legs[0]), told(&expected.legs[0]), "{at}");
    }
    assert_eq!(respaced("HELLO PEKFRACA 0931"), None);
}

#[test]
fn a_pass_cut_anywhere_keeps_what_is_whole() {
    let line = PASSES.lines().next().unwrap();
    for length in 60..line.len() {
        let (pass, _) = parse(&line[..length]);
        let leg = &pass.legs[0];
        assert_eq!((leg.number, leg.seat, leg.locator), (Some(912), Some("003K"), Some("QW3RT7")));
    }
}

prop_compose! {
    fn any_leg()(
        codes in ("[A-Z0-9]{6}", "[A-Z]{3}", "[A-Z]{3}", "[A-Z]{2}", proptest::option::of("[A-Z]")),
        number in proptest::option::of(0_u32..10_000),
        day in proptest::option::of(1_u16..=366),
        seat in proptest::option::of("[0-9]{3}[A-K]"),
        items in proptest::option::of(("[0-9]{3}", "[0-9]{10}", "[A-Z]{2}", "[A-Z0-9]{5,16}", "[0-9]{2}K")),
        private in proptest::option::of("[A-Z0-9]{1,20}"),
    ) -> OwnLeg {
        OwnLeg { codes, number, day, seat, items, private }
    }
}

#[derive(Clone, Debug)]
struct OwnLeg {
    codes: (String, String, String, String, Option<String>),
    number: Option<u32>,
    day: Option<u16>,
    seat: Option<String>,
    items: Option<(String, String, String, String, String)>,
    private: Option<String>,
}

impl OwnLeg {
    fn leg(&self) -> Leg<'_> {
        let (locator, from, to, carrier, suffix) = &self.codes;
        let items = self.items.as_ref();
        let suffix = suffix.as_ref().and_then(|suffix| suffix.chars().next());
        Leg {
            locator: Some(locator),
            from: Airport::read(from),
            to: Airport::read(to),
            carrier: Some(carrier),
            number: self.number,
            suffix: suffix.filter(|_| self.number.is_some()),
            day_of_year: self.day,
            seat: self.seat.as_deref(),
            status: Some('1'),
            airline_numeric: items.map(|items| items.0.as_str()),
            document_serial: items.map(|items| items.1.as_str()),
            programme: items.map(|items| items.2.as_str()),
            frequent_flyer: items.map(|items| items.3.as_str()),
            free_bags: items.map(|items| items.4.as_str()),
            private: self.private.as_deref(),
            ..Leg::default()
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        name in "[A-Z]{2,8}/[A-Z]{2,10}",
        legs in proptest::collection::vec(any_leg(), 1..9),
        version in 1_u8..=8,
        tags in proptest::collection::vec("[0-9]{13}", 0..3),
        day in proptest::option::of((0_u8..10, 1_u16..=366)),
        signature in proptest::option::of("[A-Z0-9]{0,100}"),
    ) {
        let issue = Issue {
            check_in_source: Some('W'),
            day,
            issuer: Some("CA"),
            bag_tags: tags.iter().map(String::as_str).collect(),
            ..Issue::default()
        };
        let pass = BoardingPass {
            name: &name,
            electronic_ticket: true,
            version: char::from_digit(u32::from(version), 10),
            issue,
            legs: legs.iter().map(OwnLeg::leg).collect(),
            security: signature.as_deref().map(|data| Security { kind: Some('1'), data }),
            after: None,
        };
        let text = write(&pass);
        let (read, notes) = parse(&text);
        prop_assert!(notes.is_empty(), "{:?}", notes);
        prop_assert_eq!(read, pass);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,300}|[M1-9A-Z0-9 >^+]{0,300}") {
        let (pass, _) = parse(&text);
        let _ = respaced(&text).map(|text| parse(&text).0.legs.len());
        let day = Day::new(2026, 11, 23).unwrap();
        for leg in &pass.legs {
            let _ = (leg.ticket(), leg.seat_label(), leg.sequence_number(), pass.flown_on(leg, day));
        }
        let _ = write(&pass);
    }

    #[test]
    fn a_spoilt_pass_does_not_panic(line in 0_usize..12, mutations in any_mutations()) {
        let line = PASSES.lines().nth(line).unwrap();
        let spoilt = spoil(line, &mutations);
        let _ = write(&parse(&spoilt).0);
    }
}
