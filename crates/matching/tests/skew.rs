//! Values that very many records share: the work stays linear, and nobody is lost or merged by it.

mod common;

use common::{born, member, person};
use matching::hash::mix;
use matching::person::{Index, People, Person, PersonRecord, airline};

const HANZI: &str = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂华红波玉梅婷欣慧";

#[test]
fn a_traveller_of_a_thousand_records_is_one_customer() {
    let names = ["周启明", "ZHOU/QIMING", "ZHOU/QIMINGMR"];
    let records: Vec<PersonRecord> = (0..1_200)
        .map(|n| PersonRecord {
            birth: born("1985-11-24"),
            members: if n % 3 == 0 { vec![member(5)] } else { Vec::new() },
            phones: if n % 4 == 0 { Vec::new() } else { vec![77] },
            ..person(names[n % 3])
        })
        .collect();
    let people = People::new(&records);
    assert!(people.candidates().left.iter().any(|left| left.records == 1_200));
    let clusters = people.clusters(&people.link(&airline()), &[]);
    let alone = clusters.of.iter().filter(|of| **of != 0).count();
    // Those without telephone and membership have only name and birth date.
    let bare = (0..1_200).filter(|n| n % 3 != 0 && n % 4 == 0).count();
    assert_eq!(alone, bare);
    let found = Index::new(people.people()).candidates(&Person::new(&records[7]));
    assert!(found.len() >= 500 && found.len() < 1_200);
}

#[test]
fn an_agencys_two_thousand_customers_stay_apart_quickly() {
    let letters: Vec<char> = HANZI.chars().collect();
    let records: Vec<PersonRecord> = (0..2_000_u64)
        .map(|n| {
            let at = |salt: u64| letters[(mix(salt, n) % letters.len() as u64) as usize];
            PersonRecord { phones: vec![1_300], ..person(&format!("王{}{}", at(1), at(2))) }
        })
        .collect();
    let people = People::new(&records);
    let candidates = people.candidates();
    assert!(candidates.left.iter().any(|left| left.records == 2_000));
    assert!(candidates.pairs_at_most() < 100_000);
    let pairs = people.link(&airline());
    let clusters = people.clusters(&pairs, &[]);
    assert!(clusters.of.iter().enumerate().all(|(row, of)| row as u32 == *of));
}
