//! Pushes by the book and from life.

use proptest::prelude::*;

use super::*;
use crate::mutations::{any_mutations, each_line_spoilt, spoil, tree_and_findings};
use crate::requests::{Contact, Details};

const DIRECT: &str = include_str!("../../fixtures/pnrgov/direct.edi");
const DASHES: &str = include_str!("../../fixtures/pnrgov/dashes.edi");
const SLOPPY: &str = include_str!("../../fixtures/pnrgov/sloppy.edi");

fn told(text: &str) -> String {
    tree_and_findings(&parse(text))
}

#[test]
fn a_push_by_the_book() {
    insta::assert_snapshot!(told(DIRECT));
}

#[test]
fn a_push_with_other_delimiters() {
    insta::assert_snapshot!(told(DASHES));
}

#[test]
fn a_sloppy_push() {
    insta::assert_snapshot!(told(SLOPPY));
}

#[test]
fn levels_of_requests_are_gathered() {
    let (read, _) = parse(DIRECT);
    let record = &read.messages[0].records[0];
    let first = record.passenger("1").unwrap();
    let codes: Vec<_> = record.requests_of(first).map(|(request, _)| &*request.code).collect();
    assert_eq!(codes, ["DOCS", "CLID", "AVML", "SEAT"]);
    let second = record.passenger("2").unwrap();
    let codes: Vec<_> = record.requests_of(second).map(|(request, _)| &*request.code).collect();
    assert_eq!(codes, ["AVML", "SEAT", "INFT"]);
    let company = first.requests.iter().find_map(|request| match request.details() {
        Some(Details::Company(number)) => Some(number.to_owned()),
        _ => None,
    });
    assert_eq!(company.as_deref(), Some("CN00012345"));
}

#[test]
fn contacts_names_and_tickets() {
    let (read, _) = parse(DIRECT);
    let [first, second] = read.messages[0].records.as_slice() else { panic!("two bookings") };
    assert!(first.contacts().contains(&Contact::Refused));
    let mei = &first.passengers[1];
    assert_eq!(mei.name().given, "MEI'ER");
    assert_eq!(
        mei.contacts(),
        [Contact::Email("MEI_LIN+CA@EXAMPLE.COM".into()), Contact::Mobile("8613900139000".into())]
    );
    assert_eq!(first.passengers[0].tickets[0].thirteen().as_deref(), Some("9992400000011"));
    assert_eq!(second.passengers[0].tickets[0].thirteen().as_deref(), Some("1086201086201"));
}

#[test]
fn card_numbers_are_nowhere() {
    let told = told(DIRECT);
    assert!(!told.contains("411111111111") && !told.contains("4111 1111"));
    assert!(told.contains("\"last_four\": \"1111\""));
    let loose = "UNH+1+PNRGOV:11:1:IA+X'SRC'FOP+CC:::VI:4111111111111111:0929'\
        IFT+4:28::YY+CC 4111111111111111'XYZ+4111111111111111'MSG+8'FOP+CC:::VI:4111111111111111'UNT+1+1'";
    let (read, _) = parse(loose);
    assert!(!serde_json::to_string(&read).unwrap().contains("411111111111"));
}

#[test]
fn code_shares_have_two_numbers() {
    let (read, _) = parse(DIRECT);
    let flight = &read.messages[0].records[0].flights[1];
    let seats = read.messages[0].records[0].flights[0].check_ins[0].passengers.iter();
    assert_eq!(
        seats.map(CheckedPassenger::seat_label).collect::<Vec<_>>(),
        [Some("11A"), Some("11C")]
    );
    let (marketing, operating) = flight.designators(read.messages[0].flight.as_deref());
    assert_eq!((marketing, operating), (("CA", "6012"), ("LH", "860")));
    let of_message = Flight { marketing: "LH".into(), number: "6012".into(), ..Flight::default() };
    let (marketing, operating) = flight.designators(Some(&of_message));
    assert_eq!((marketing, operating), (("CA", "860"), ("LH", "6012")));
}

#[test]
fn parts_of_a_split_push_are_joined() {
    let (read, _) = parse(SLOPPY);
    let mut parts = read.messages;
    parts.reverse();
    let (whole, missing) = join(parts.clone());
    assert!(!missing);
    assert_eq!((whole.len(), whole[0].records.len()), (1, 2));
    parts.push(parts[0].clone());
    assert_eq!(join(parts.clone()).0[0].records.len(), 2);
    assert!(join(parts[..1].to_vec()).1 && join(parts[1..2].to_vec()).1);
}

#[test]
fn messages_come_one_by_one() {
    let mut notes = crate::Diagnostics::of(SLOPPY);
    let mut messages = Messages::of(SLOPPY, &mut notes);
    let mut one_by_one = Vec::new();
    while let Some(message) = messages.next(&mut notes) {
        one_by_one.push(message);
    }
    assert_eq!(one_by_one, parse(SLOPPY).0.messages);
}

#[test]
fn a_spoilt_line_spoils_nothing_else() {
    // Segments that begin on a line of their own; three of them are broken over two.
    for (line, spoilt) in each_line_spoilt(DIRECT) {
        let (read, _) = parse(&spoilt);
        let records: Vec<_> = read.messages.iter().flat_map(|message| &message.records).collect();
        let people: usize = records.iter().map(|record| record.passengers.len()).sum();
        let flights: usize = records.iter().map(|record| record.flights.len()).sum();
        assert!(people >= 3 && flights >= 2, "line {line}: {people} {flights}");
        let known = ["OUYANG", "LIN", "HANSEN"].iter().filter(|name| {
            records.iter().any(|record| record.passengers.iter().any(|one| one.surname == **name))
        });
        assert!(known.count() >= 2, "line {line}");
    }
}

#[test]
fn hostile_pushes_end_in_time_and_memory() {
    for unit in [
        "TIF'",
        "SRC'",
        "SRC'TIF+A'",
        "TVL'",
        "MON+B:1:X'",
        "LTS+1'",
        "UNH'",
        "DAT'",
        "TRI'",
        "TBD'",
    ] {
        let text = format!(
            "UNB+IATA:1'UNH+1+PNRGOV'SRC'TIF+A'TKT+1'{}",
            unit.repeat(1_000_000 / unit.len())
        );
        let (read, _) = parse(&text);
        let records = read.messages.iter().flat_map(|message| &message.records);
        assert!(records.map(|record| record.passengers.len()).max() <= Some(50_000));
    }
}

#[test]
fn several_people_and_shifted_payments() {
    let text = "UNH+1+PNRGOV:11:1:IA+X'SRC'RCI+CA:ABCDEF'\
        ADD++702:1 ROAD+FLAT 2:LONDON+701:::::::CTCM 447700900123'\
        TIF+LI+MEIMRS:A:1+BO:C:2'TIF+DAY+ANN+MARIE MS'TIF+CLUB:G:9'\
        TKT+999-2400000011:T:1'FOP+CC:VI:4111111111111111:1229'UNT+10+1'";
    let (read, notes) = parse(text);
    let record = &read.messages[0].records[0];
    let names: Vec<_> = record.passengers.iter().map(|one| (&*one.surname, &*one.given)).collect();
    assert_eq!(names, [("LI", "MEIMRS"), ("LI", "BO"), ("DAY", "ANN MARIE MS"), ("CLUB", "")]);
    assert!(record.passengers[3].group);
    assert_eq!((record.addresses.len(), &*record.addresses[0].text), (2, " FLAT 2:LONDON"));
    assert_eq!(record.contacts(), [Contact::Mobile("447700900123".into())]);
    let ticket = &record.passengers[3].tickets[0];
    assert_eq!(ticket.thirteen().as_deref(), Some("9992400000011"));
    assert_eq!((&*ticket.payments[0].last_four, &*ticket.payments[0].amount), ("1111", ""));
    assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["pnrgov-card-dropped"]);
}

proptest! {
    #[test]
    fn a_spoilt_push_does_not_panic(mutations in any_mutations(), which in 0_usize..3) {
        let text = [DIRECT, DASHES, SLOPPY][which];
        let spoilt = spoil(text, &mutations);
        let (read, _) = parse(&spoilt);
        for record in read.messages.iter().flat_map(|message| &message.records) {
            let _ = record.contacts();
            for passenger in &record.passengers {
                let _ = (passenger.contacts(), passenger.name(), record.requests_of(passenger).count());
            }
        }
        let _ = join(read.messages);
    }

    #[test]
    fn no_text_makes_it_panic(
        text in "(UN[ABHT]|TVL|TIF|SSR|SRC|FOP|TBD|LTS|DAT|MSG)?[+:'?0-9A-Z\n ]{0,40}\\PC{0,5}"
    ) {
        let text = format!("UNB+IATA:1'UNH+1+PNRGOV'{text}'{text}'{text}");
        let _ = told(&text);
    }
}
