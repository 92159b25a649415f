//! Lists by the book and from life.

use proptest::prelude::*;

use super::*;
use crate::mutations::{any_mutations, each_line_spoilt, spoil, tree_and_findings};

const WRAPPED: &str = include_str!("../../fixtures/paxlst/wrapped.edi");
const CREW: &str = include_str!("../../fixtures/paxlst/crew.edi");

fn told(text: &str) -> String {
    tree_and_findings(&parse(text))
}

#[test]
fn a_list_broken_into_lines() {
    insta::assert_snapshot!(told(WRAPPED));
}

#[test]
fn a_crew_list_with_other_delimiters() {
    insta::assert_snapshot!(told(CREW));
}

#[test]
fn births_are_in_the_past() {
    let (read, _) = parse(WRAPPED);
    let today = Day::new(2026, 11, 23).unwrap();
    assert_eq!(read[0].people[0].birth_day(today), Day::new(1993, 4, 8));
    let flight = &read[0].flights[0];
    assert_eq!((flight.place("125"), flight.place("87")), (Some("PEK"), Some("VIE")));
    assert!(!read[0].people[0].is_crew() && parse(CREW).0[0].people[0].is_crew());
}

#[test]
fn a_spoilt_line_spoils_nothing_else() {
    for (line, spoilt) in each_line_spoilt(CREW) {
        let (read, _) = parse(&spoilt);
        let people: usize = read.iter().map(|list| list.people.len()).sum();
        assert!(people == 1 || line == 8, "line {line}");
    }
}

proptest! {
    #[test]
    fn a_spoilt_list_does_not_panic(mutations in any_mutations(), crew in any::<bool>()) {
        let spoilt = spoil(if crew { CREW } else { WRAPPED }, &mutations);
        let today = Day::new(2026, 11, 23).unwrap();
        for person in parse(&spoilt).0.iter().flat_map(|list| &list.people) {
            let _ = person.birth_day(today);
        }
    }
}
