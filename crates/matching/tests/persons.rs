//! Two people or one: the cases an airline meets, told as stories.

mod common;

use common::{BOOKING, born, card, member, passport, person, phone};
use matching::hash::mix;
use matching::person::{
    Band, Cap, Certain, Counts, Evidence, Gender, Person, PersonRecord, Veto, airline, keys, score,
};

fn judge(a: &PersonRecord, b: &PersonRecord) -> Evidence {
    let (a, b) = (Person::new(a), Person::new(b));
    score(&airline(), &Counts::default(), &a, &b)
}

#[test]
fn name_and_birth_date_alone_are_looked_at_never_linked() {
    let a = PersonRecord { birth: born("1985-11-24"), ..person("周启明") };
    let b = PersonRecord { birth: born("1985-11-24"), ..person("ZHOU/QIMING") };
    assert_eq!(judge(&a, &b).band, Band::Review);
    let male = |record| PersonRecord { gender: Some(Gender::Male), city: Some(4), ..record };
    let found = judge(&male(a), &male(b));
    assert_eq!((found.band, found.cap), (Band::Review, Some(Cap::NothingOwn)));
}

#[test]
fn a_telephone_of_ones_own_beside_them_links() {
    let a = PersonRecord { birth: born("1985-11-24"), phones: phone(1), ..person("周启明") };
    let b = PersonRecord { birth: born("1985-11-24"), phones: phone(1), ..person("ZHOU/QIMINGMR") };
    assert_eq!(judge(&a, &b).band, Band::Link);
}

#[test]
fn an_agencys_telephone_says_nothing() {
    let with =
        |name: &str, birth| PersonRecord { birth: born(birth), phones: phone(1), ..person(name) };
    let (a, b) = (with("周启明", "1985-11-24"), with("ZHOU/QIMING", "1985-11-24"));
    let (a, b) = (Person::new(&a), Person::new(&b));
    let mut counts = Counts::default();
    a.phones.iter().for_each(|key| counts.set(*key, 400));
    let found = score(&airline(), &counts, &a, &b);
    assert_eq!(found.pieces[6].level, "missing");
    assert_eq!(found.band, Band::Review);
}

#[test]
fn the_same_identity_card_links_whatever_the_script() {
    let a = PersonRecord { documents: vec![card(7)], ..person("吕布") };
    let b = PersonRecord { documents: vec![card(7)], ..person("LV/BUMR") };
    assert_eq!(judge(&a, &b).certain, Some(Certain::IdentityCard));
}

#[test]
fn two_identity_cards_are_two_people() {
    let with = |n| PersonRecord {
        documents: vec![card(n)],
        birth: born("1985-11-24"),
        phones: phone(1),
        members: vec![member(5)],
        ..person("张伟")
    };
    let found = judge(&with(7), &with(8));
    assert_eq!((found.band, found.veto), (Band::No, Some(Veto::IdentityCards)));
}

#[test]
fn a_renewed_passport_does_not_part_a_member() {
    let with = |n| PersonRecord {
        documents: vec![passport(n)],
        birth: born("1985-11-24"),
        members: vec![member(5)],
        ..person("ZHANG/WEI")
    };
    let found = judge(&with(1), &with(2));
    assert_eq!((found.band, found.certain), (Band::Link, Some(Certain::Member)));
    assert_eq!(found.pieces[4].level, "other_passport");
}

#[test]
fn a_passport_needs_its_country_and_the_birth_date() {
    let with = |birth| PersonRecord {
        documents: vec![passport(1)],
        birth: born(birth),
        ..person("ZHANG/WEI")
    };
    let found = judge(&with("1985-11-24"), &with("1985-11-24"));
    assert_eq!(found.certain, Some(Certain::Passport));
    let slip = judge(&with("1985-11-24"), &with("1985-11-25"));
    assert_eq!(slip.certain, None);
    assert_eq!(slip.band, Band::Link, "a slip in the date, the rest weighs enough");
    let contradictory = judge(&with("1985-11-24"), &with("1961-03-02"));
    assert_eq!(contradictory.veto, Some(Veto::BirthDates));
}

#[test]
fn transposed_dates_do_not_contradict() {
    for other in ["1985-04-03", "1985-03-40", "1958-03-04", "1985-03-05", "1985-30-04"] {
        let a = PersonRecord { birth: born("1985-03-04"), phones: phone(1), ..person("周启明") };
        let b = PersonRecord { birth: born(other), ..a.clone() };
        let found = judge(&a, &b);
        assert_eq!((found.veto, found.band), (None, Band::Link), "{other}");
    }
}

#[test]
fn other_dates_contradict_whatever_else_agrees() {
    for other in ["1985-03-17", "1986-04-05", "1961-09-30"] {
        let a = PersonRecord {
            birth: born("1985-03-04"),
            phones: phone(1),
            members: vec![member(5)],
            documents: vec![card(7)],
            ..person("周启明")
        };
        let b = PersonRecord { birth: born(other), ..a.clone() };
        assert_eq!(judge(&a, &b).veto, Some(Veto::BirthDates), "{other}");
    }
}

#[test]
fn the_first_of_january_is_no_birth_date() {
    let a =
        PersonRecord { birth: born("1985-03-04"), members: vec![member(5)], ..person("周启明") };
    let b = PersonRecord { birth: born("1985-01-01"), ..a.clone() };
    let found = judge(&a, &b);
    assert_eq!((found.veto, found.band), (None, Band::Link));
    assert_eq!(found.pieces[1].level, "year");
}

#[test]
fn twins_are_two() {
    let twin = |name: &str| PersonRecord {
        birth: born("2001-06-01"),
        phones: phone(1),
        emails: vec![3],
        address: Some(4),
        city: Some(5),
        ..person(name)
    };
    for (one, other) in
        [("张伟", "张强"), ("ZHANG/WEI", "ZHANG/QIANG"), ("ZHANG/MIN", "ZHANG/MING")]
    {
        let found = judge(&twin(one), &twin(other));
        assert_ne!(found.band, Band::Link, "{one} {other}");
    }
    assert_eq!(judge(&twin("张伟"), &twin("张强")).band, Band::No);
}

#[test]
fn a_child_entered_with_a_parents_card_stays_a_child() {
    let parent =
        PersonRecord { documents: vec![card(7)], birth: born("1985-11-24"), ..person("张伟") };
    let child =
        PersonRecord { documents: vec![card(7)], birth: born("2016-02-03"), ..person("张小宝") };
    assert_eq!(judge(&parent, &child).veto, Some(Veto::BirthDates));
    let undated = PersonRecord { birth: None, ..child };
    let found = judge(&parent, &undated);
    assert_eq!((found.band, found.certain), (Band::Review, None));
}

#[test]
fn a_number_the_spouse_travels_on_links_nobody() {
    let husband =
        PersonRecord { members: vec![member(5)], phones: phone(1), ..person("WANG/QIANG") };
    let wife = PersonRecord { members: vec![member(5)], phones: phone(1), ..person("LI/NA") };
    let found = judge(&husband, &wife);
    assert_eq!((found.band, found.certain), (Band::No, None));
    assert_eq!(found.pieces[5].level, "missing");
}

#[test]
fn an_initial_on_a_shared_number_is_looked_at() {
    let whole = PersonRecord { members: vec![member(5)], ..person("SMITH/JOHN") };
    let initial = PersonRecord { members: vec![member(5)], ..person("SMITH/J") };
    let found = judge(&whole, &initial);
    assert_eq!((found.certain, found.band), (None, Band::Review));
}

#[test]
fn two_passengers_of_one_booking_are_two_people() {
    let seat = |position| vec![matching::person::Seat { booking: BOOKING, position }];
    let a = PersonRecord {
        bookings: seat(1),
        phones: phone(1),
        members: vec![member(5)],
        ..person("WANG/QIANG")
    };
    let b = PersonRecord {
        bookings: seat(2),
        ..PersonRecord { names: person("LI/NA").names, ..a.clone() }
    };
    assert_eq!(judge(&a, &b).veto, Some(Veto::OtherPassenger));
    let namesake = PersonRecord { bookings: seat(2), ..a.clone() };
    let found = judge(&a, &namesake);
    assert_eq!((found.certain, found.pieces[9].level.as_str()), (None, "other_passenger"));
    assert_ne!(found.band, Band::Link);
}

#[test]
fn marriage_is_looked_at() {
    let a =
        PersonRecord { birth: born("1985-11-24"), phones: phone(1), ..person("BROWN/ELIZABETH") };
    let b = PersonRecord { names: person("SMITH/ELIZABETH").names, ..a.clone() };
    let found = judge(&a, &b);
    assert_eq!((found.band, found.cap), (Band::Review, Some(Cap::Names)));
}

#[test]
fn other_characters_of_one_sound_are_another_person() {
    let a = PersonRecord { birth: born("1985-11-24"), phones: phone(1), ..person("张伟") };
    let b = PersonRecord { names: person("章玮").names, ..a.clone() };
    assert_ne!(judge(&a, &b).band, Band::Link);
}

#[test]
fn a_common_name_weighs_less_than_a_rare_one() {
    let (a, b) = (Person::new(&person("ZHANG/WEI")), Person::new(&person("张伟")));
    let weigh = |holders| {
        let mut counts = Counts::default();
        counts.set(matching::person::EVERYBODY, 1_000_000);
        a.counted().into_iter().filter(|key| *key != 0).for_each(|key| counts.set(key, holders));
        score(&airline(), &counts, &a, &b).total
    };
    assert!(weigh(2) > weigh(300) + 6.0);
}

#[test]
fn the_waterfall_sums_to_the_total() {
    let a = PersonRecord { birth: born("1985-11-24"), phones: phone(1), ..person("周启明") };
    let found = judge(&a, &a);
    let sum: f64 = found.pieces.iter().map(|piece| piece.weight + piece.adjustment).sum();
    assert!((found.prior + sum - found.total).abs() < 1e-9);
    assert_eq!(found.pieces.len(), 10);
    let text = serde_json::to_string(&found).expect("writable");
    assert!(!text.contains("qiming") && text.contains("\"link\""), "{text}");
}

#[test]
fn a_slip_in_the_name_beside_card_and_birth_date_is_forgiven() {
    let with = |name: &str, birth| PersonRecord {
        documents: vec![card(7)],
        birth: born(birth),
        ..person(name)
    };
    let (one, other) = (with("LI/MIN", "1985-11-24"), with("LI/MING", "1985-11-24"));
    assert_eq!(judge(&one, &other).certain, Some(Certain::IdentityCard));
    let undated = PersonRecord { birth: None, ..other };
    assert_eq!(judge(&one, &undated).band, Band::Review);
    let twin = with("LI/HONG", "1985-11-24");
    assert_ne!(judge(&one, &twin).band, Band::Link);
}

#[test]
fn an_address_of_ones_own_is_something_own() {
    let a = PersonRecord { birth: born("1985-11-24"), address: Some(9), ..person("周启明") };
    assert_eq!(judge(&a, &a).band, Band::Link);
}

#[test]
fn nothing_known_is_no_evidence() {
    let found = judge(&PersonRecord::default(), &PersonRecord::default());
    assert_eq!(found.band, Band::No);
    assert!(found.pieces.iter().all(|piece| piece.level == "missing" && piece.weight == 0.0));
}

/// Keys and tallies stand in tables of running systems: other numbers here mean a migration there.
#[test]
fn stored_keys_stay_what_they_were() {
    let record = PersonRecord {
        birth: born("1985-11-24"),
        phones: phone(1),
        emails: vec![2],
        documents: vec![card(3), passport(4)],
        members: vec![member(5)],
        ..person("吕布")
    };
    let person = Person::new(&record);
    let keys = keys(&person).iter().fold(0, |sum, key| mix(sum, key.key));
    let tallies =
        person.tallies().iter().fold(0, |sum, tally| mix(mix(sum, tally.key), tally.part));
    assert_eq!((keys, tallies), (9_588_380_583_440_908_617, 9_504_960_432_181_299_487));
}
