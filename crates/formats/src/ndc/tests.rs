//! Orders of every version.

use proptest::prelude::*;

use super::*;
use crate::mutations::{any_mutations, spoil, tree_and_findings};

const EDIST: &str = include_str!("../../fixtures/ndc/edist_17_2.xml");
const STANDARD: &str = include_str!("../../fixtures/ndc/standard_19_2.xml");
const COMMON: &str = include_str!("../../fixtures/ndc/common_21_3.xml");

fn told(text: &str) -> String {
    tree_and_findings(&parse(text))
}

#[test]
fn an_order_of_edist() {
    insta::assert_snapshot!(told(EDIST));
}

#[test]
fn an_order_of_the_standard() {
    insta::assert_snapshot!(told(STANDARD));
}

#[test]
fn an_order_with_common_types() {
    insta::assert_snapshot!(told(COMMON));
}

#[test]
fn a_company_is_never_a_member() {
    for text in [EDIST, STANDARD] {
        let (read, _) = parse(text);
        let person = &read.passengers[0];
        assert_eq!((person.memberships.len(), person.companies.len()), (1, 1));
        assert!(person.memberships.iter().all(|one| one.number != person.companies[0].number));
    }
}

#[test]
fn card_numbers_are_nowhere() {
    for text in [EDIST, STANDARD] {
        let told = told(text);
        assert!(told.contains("ndc-card-dropped"));
        assert!(!told.contains("411111111111") && !told.contains("5555 5555"));
    }
}

#[test]
fn faults_are_told() {
    let (read, _) = parse(
        "<e:Envelope xmlns:e='x'><e:Body><e:Fault><faultcode>e:Server</faultcode>\
        <faultstring>Down &amp; out</faultstring></e:Fault></e:Body></e:Envelope>",
    );
    assert_eq!((&*read.problems[0].kind, &*read.problems[0].text), ("Fault", "Down & out"));
}

#[test]
fn older_dialects() {
    let text = "<OrderViewRS xmlns='http://www.iata.org/IATA/EDIST' Version='15.2'><Response>
        <Passengers><Passenger ObjectKey='P1'><PTC>ADT</PTC><Name><Surname>BERG</Surname><Given>NILS</Given></Name>
        <FQTVs><TravelerFQTV_Information><AirlineID>SK</AirlineID><Account><Number>501234567</Number></Account>
        </TravelerFQTV_Information><TravelerFQTV_Information><AirlineID>SK</AirlineID><Account><Number>CLID4711</Number>
        </Account></TravelerFQTV_Information></FQTVs></Passenger></Passengers>
        <Order><OrderID Owner='SK'>SK1</OrderID><Status><StatusCode>OPENED</StatusCode></Status></Order>
        <DataLists><PassengerList><Passenger PassengerID='P1'><PTC>ADT</PTC></Passenger></PassengerList></DataLists>
        </Response></OrderViewRS>";
    let (read, _) = parse(text);
    let order = &read.orders[0];
    assert_eq!((&*order.id, &*order.owner, order.standing()), ("SK1", "SK", Some(Standing::Open)));
    let [person] = read.passengers.as_slice() else { panic!("one person") };
    assert_eq!((&*person.surname, &*person.memberships[0].number), ("BERG", "501234567"));
    assert_eq!(&*person.companies[0].number, "CLID4711");
    assert_eq!(read.family, Some(Family::Edist));
}

#[test]
fn contacts_follow_references() {
    let (read, _) = parse(STANDARD);
    let person = read.passenger("PAX1").unwrap();
    let contact = read.contacts_of(person).next().unwrap();
    assert_eq!((&*contact.emails[0], &*contact.phones[0]), ("astrid@example.se", "+46701234567"));
    assert!(read.segment("SEG1").is_some());
}

#[test]
fn malformed_messages_keep_what_was_read() {
    let half = &EDIST[..EDIST.find("<DataLists>").unwrap()];
    let (read, notes) = parse(half);
    assert_eq!((read.orders.len(), read.documents.len()), (1, 1));
    assert_eq!(notes.last().unwrap().code, "ndc-cut");
    let inside = &EDIST[..EDIST.find("<Service ServiceID=\"SV2\"").unwrap()];
    assert_eq!(parse(inside).0.orders[0].items[0].services[0].id, "SV1");
    let broken = STANDARD.replace("<PaxList>", "<PaxList><!-- never closed");
    let (read, notes) = parse(&broken);
    assert_eq!(read.contacts.len(), 1);
    assert!(notes.iter().any(|note| note.code == "ndc-malformed" && note.line > 1));
    let wrong = STANDARD.replace("</PaxID>", "</PaxIDs>");
    assert_eq!(parse(&wrong).0.orders[0].id, "SK117-2");
}

#[test]
fn hostile_xml_ends_in_time() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\
        <OrderViewRS><Order><OrderID>&b;1</OrderID></Order></OrderViewRS>";
    let (read, notes) = parse(bomb);
    assert_eq!(read.orders[0].id, "1");
    let codes: Vec<_> = notes.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["ndc-doctype", "ndc-unknown-entity"]);
    let deep = format!("<R><Order>{}x", "<OrderItem>".repeat(100_000));
    assert!(parse(&deep).1.iter().any(|note| note.code == "ndc-too-deep"));
    let wide = format!("<R><Order>{}", "<a/>".repeat(1_200_000));
    assert!(parse(&wide).1.iter().any(|note| note.code == "ndc-too-large"));
    for unit in [
        "</a>",
        "&amp;",
        "<a ",
        "<![CDATA[x]]>",
        "<Pax><PaxID>1</PaxID></Pax>",
        "<PaxRefID>a b</PaxRefID>",
    ] {
        let _ = parse(&format!("<R><Order>{}", unit.repeat(1_000_000 / unit.len())));
    }
}

proptest! {
    #[test]
    fn a_spoilt_message_does_not_panic(mutations in any_mutations(), which in 0_usize..3) {
        let _ = told(&spoil([EDIST, STANDARD, COMMON][which], &mutations));
    }

    #[test]
    fn no_text_makes_it_panic(text in "(<[/!?]?(Order|Pax|Ticket)?[ =\"'>]?\\PC{0,6}){0,12}") {
        let _ = told(&text);
    }
}
