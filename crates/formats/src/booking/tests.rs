//! Bookings by the book and from life.

use proptest::prelude::*;

use super::status::{Held, Kind};
use super::*;
use crate::mutations::{any_mutations, each_line_spoilt, spoil, tree_and_findings};
use crate::requests::Contact;

const FAMILY: &str = include_str!("../../fixtures/booking/family.txt");
const CHANGE: &str = include_str!("../../fixtures/booking/change.txt");
const GROUP: &str = include_str!("../../fixtures/booking/group.txt");

fn told(text: &str) -> String {
    tree_and_findings(&parse(text))
}

#[test]
fn a_family_with_every_kind_of_line() {
    insta::assert_snapshot!(told(FAMILY));
}

#[test]
fn a_change_of_names_and_flights() {
    insta::assert_snapshot!(told(CHANGE));
}

#[test]
fn a_group_without_names() {
    insta::assert_snapshot!(told(GROUP));
}

#[test]
fn names_in_force_and_contacts() {
    let (read, _) = parse(CHANGE);
    let now: Vec<_> = read.names_now().iter().map(|name| name.surname).collect();
    assert_eq!((now, read.party()), (vec!["COSTA", "BRANDT"], 2));
    let (read, _) = parse(FAMILY);
    assert_eq!(
        read.contacts(),
        [
            Contact::Email("ASTRID_L@EXAMPLE.SE".into()),
            Contact::Mobile("8613800138000".into()),
            Contact::Email("BO.HOLT@EXAMPLE.SE".into()),
        ]
    );
    let company = read.information.iter().find_map(Information::company);
    assert_eq!(company, Some("CN00012345"));
    let locator = read.information.iter().find_map(Information::locator).unwrap();
    assert_eq!((locator.city, locator.system, locator.locator), ("HDQ", "1E", "HQ2W9L"));
    assert!(!told(FAMILY).contains("411111111111"));
}

#[test]
fn flights_in_every_spelling() {
    for line in [
        "CA0931J23NOV PEKFRA HK1/1330 1725",
        "CA931J23NOVPEKFRAHK1 1330 1725",
        "CA 931 J 23NOV PEK FRA HK1/1330/1725",
        "CA931J 23NOV PEKFRA HK1 1330 1725",
    ] {
        let text = format!("PEKCA ABC123\n1LI/MEIMRS\n{line}\n");
        let (read, notes) = parse(&text);
        let [flight] = read.segments.as_slice() else { panic!("{line}") };
        assert_eq!(
            (flight.airline, flight.number, flight.class),
            ("CA", Some(931), Some('J')),
            "{line}"
        );
        assert_eq!(flight.suffix, None, "{line}");
        assert_eq!(flight.to.map(|to| to.to_string()).as_deref(), Some("FRA"), "{line}");
        assert_eq!(flight.departs.map(|time| time.minute), Some(810), "{line}");
        assert_eq!(flight.arrives.map(|time| time.minute), Some(1045), "{line}");
        assert!(notes.is_empty(), "{line}");
    }
    let (read, _) = parse("PEKCA ABC123\n1LI/MEIMRS\nCA931AY23NOV PEKFRA HK1\n");
    assert_eq!((read.segments[0].suffix, read.segments[0].class), (Some('A'), Some('Y')));
}

#[test]
fn statuses_lead_where_the_book_says() {
    let held = |code| Status { code, count: Some(1) }.held();
    assert_eq!(held("KK"), Some(Held::Confirmed));
    assert_eq!(held("US"), Some(Held::Waitlisted));
    assert_eq!(held("UC"), Some(Held::Nothing));
    assert_eq!(held("NN"), Some(Held::Requested));
    assert_eq!(held("ZZ"), None);
    assert_eq!(Status { code: "XX", count: None }.kind(), Some(Kind::Cancel));
    assert_eq!(Status { code: "HK", count: None }.meaning(), Some("holding confirmed"));
}

#[test]
fn a_spoilt_line_spoils_nothing_else() {
    let (whole, _) = parse(FAMILY);
    for (line, spoilt) in each_line_spoilt(FAMILY) {
        let (read, _) = parse(&spoilt);
        assert!(read.segments.len() + 1 >= whole.segments.len(), "line {line}");
        assert!(read.names.len() + 2 >= whole.names.len(), "line {line}");
        let lines = read.requests.len() + read.information.len() + read.other.len();
        let before = whole.requests.len() + whole.information.len() + whole.other.len();
        assert!(lines + 1 >= before, "line {line}");
    }
}

#[test]
fn hostile_texts_end_in_time() {
    for unit in
        ["1A/", "1A ", "-1A", "SSR OTHS CA///X\n", "OSI YY 1A/", "1 ", "\n", "SSR VGML CA-1A/B "]
    {
        let text = unit.repeat(1_000_000 / unit.len());
        let _ = parse(&text);
        let _ = parse(&format!("OSI YY {text}"));
        let _ = parse(&format!("SSR OTHS CA HK1 {text}"));
    }
}

proptest! {
    #[test]
    fn a_spoilt_booking_does_not_panic(mutations in any_mutations(), which in 0_usize..3) {
        let spoilt = spoil([FAMILY, CHANGE, GROUP][which], &mutations);
        let _ = told(&spoilt);
        let (read, _) = parse(&spoilt);
        let _ = (read.contacts(), read.party());
    }

    #[test]
    fn no_text_makes_it_panic(text in "((SSR|OSI|1|CHNT)?[A-Z0-9/. \\-]{0,40}\\PC{0,3}\n){0,6}") {
        let _ = told(&text);
    }
}
