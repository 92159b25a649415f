//! Requests of every kind.

use proptest::prelude::*;

use super::*;
use crate::when::Day;

#[test]
fn documents_with_and_without_fields() {
    let Some(Details::Document(read)) =
        read("DOCS", "/P/GBR/512731999/GBR/20SEP12/FI/25OCT17/HOLM/SOPHY OLIVIA/")
    else {
        panic!("no document")
    };
    assert_eq!((read.kind, read.number, read.nationality), ("P", "512731999", "GBR"));
    assert_eq!((read.sex, read.infant), (Some(Sex::Female), true));
    assert_eq!((read.surname, read.given, read.expires), ("HOLM", "SOPHY OLIVIA", "25OCT17"));
    let Some(Details::Document(read)) = super::read("DOCS", "/////05FEB53/F//HOLM/NINA") else {
        panic!("no document")
    };
    assert_eq!((read.kind, read.born, read.surname), ("", "05FEB53", "HOLM"));
    let Some(Details::Document(read)) = super::read("DOCS", "P/GB/1/GB/01JUL78/F/12NOV22/A/B//H")
    else {
        panic!("no document")
    };
    assert!(read.holder && read.middle.is_empty());
}

#[test]
fn tickets_in_every_notation() {
    let read = |text| {
        let found = ticket_in(text).unwrap();
        (found.number, found.coupon, found.infant)
    };
    assert_eq!(read("2982425696898/1"), ("2982425696898".into(), Some(1), false));
    assert_eq!(read("INF1392178947000C2"), ("1392178947000".into(), Some(2), true));
    assert_eq!(read(".1393534576000C1"), ("1393534576000".into(), Some(1), false));
    assert_eq!(read("10862010862010"), ("1086201086201".into(), None, false));
    assert_eq!(read("3204694511"), ("3204694511".into(), None, false));
    assert_eq!(read("DMEKVD0711L02JUN-1A/B.66100475304").0, "66100475304");
    assert_eq!(ticket_in("TKT NBR 0.291204 20FEB20"), None);
}

#[test]
fn memberships_and_identities() {
    let Some(Details::Membership(read)) = read("FQTV", "SQ8794285757 S/KFES") else { panic!() };
    assert_eq!((read.airline, read.number, read.rest), ("SQ", "8794285757", "S/KFES"));
    let Some(Details::Membership(read)) = super::read("FQTV", "CA CA000123456789") else {
        panic!()
    };
    assert_eq!((read.airline, read.number), ("CA", "000123456789"));
    let Some(Details::Identity(read)) = super::read("FOID", "/NI110105194912310021") else {
        panic!()
    };
    assert_eq!((read.kind, read.number), ("NI", "110105194912310021"));
    let Some(Details::Identity(read)) = super::read("FOID", "CC4111111111111111") else { panic!() };
    assert_eq!((read.kind, read.number), ("CC", ""));
}

#[test]
fn infants_in_both_orders() {
    for text in ["22AUG19 HOLM/OLIVIA", "HOLM/OLIVIA 22AUG19", "HOLM/OLIVIA/22AUG19"] {
        let Some(Details::Infant(read)) = read("INFT", text) else { panic!("{text}") };
        assert_eq!((read.surname, read.given, read.born), ("HOLM", "OLIVIA", "22AUG19"), "{text}");
    }
}

#[test]
fn contacts_are_decoded() {
    let email = |text: &str| match contact_in(text) {
        Some(Contact::Email(address)) => address,
        other => format!("{other:?}"),
    };
    assert_eq!(email("CTCE MOLLY..HOLM//EXAMPLE.COM"), "MOLLY_HOLM@EXAMPLE.COM");
    assert_eq!(email("CTCE M+50B./B//EXAMPLE.COM/EN"), "M+50B-B@EXAMPLE.COM");
    assert_eq!(email("E/ARIE.L@EXAMPLE.COM"), "ARIE.L@EXAMPLE.COM");
    let mobile = |text: &str| match contact_in(text) {
        Some(Contact::Mobile(number)) => number.into_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(mobile("YY CTC M 123456789"), "123456789");
    assert_eq!(mobile("CTCM 8613800138000/ZH"), "8613800138000");
    assert_eq!(contact_in("CTCR 00115555555555"), Some(Contact::Refused));
    assert!(matches!(contact_in("CTCBOG 571-600 5820"), Some(Contact::Other('T', _))));
    assert!(matches!(contact_in("CTCH NYC HOLIDAY INN"), Some(Contact::Other('H', _))));
    assert_eq!(contact_in("THIS PASSENGER IS A VIP"), None);
}

#[test]
fn nobody_is_born_in_future() {
    let today = Day::new(2026, 11, 23).unwrap();
    assert_eq!(born_on("12JUL64", today), Day::new(1964, 7, 12));
    assert_eq!(born_on("22NOV26", today), Day::new(2026, 11, 22));
    assert_eq!(born_on("24NOV26", today), Day::new(1926, 11, 24));
    assert_eq!(born_on("24NOV1919", today), Day::new(1919, 11, 24));
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,40}|[A-Z0-9/ .-]{0,60}") {
        for code in ["DOCS", "PSPT", "DOCA", "DOCO", "TKNE", "FQTV", "INFT", "CHLD", "FOID", "CLID", "CTCE", "CTCM"] {
            let _ = read(code, &text);
        }
        let _ = contact_in(&text);
        let _ = born_on(&text, Day::new(2026, 11, 23).unwrap());
    }
}
