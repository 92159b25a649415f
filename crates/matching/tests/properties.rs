//! What holds for all records: both ways one evidence, batch and single one evidence, vetoes never
//! broken, the same on any number of threads and in any order.

#![allow(clippy::expect_used, reason = "tests")]

mod common;

use common::{BOOKING, born, card, member, passport, person};
use matching::person::{
    Band, Counts, Gender, Index, Pair, People, Person, PersonRecord, Seat, airline, country, score,
};
use matching::{Clusters, Training};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const NAMES: [&str; 14] = [
    "周启明",
    "ZHOU/QIMING",
    "QIMING/ZHOU",
    "ZHOU/QIMINGMR",
    "张伟",
    "ZHANG/WEI",
    "章玮",
    "吕布",
    "LV/BU",
    "LU/BU",
    "SMITH/JOHN PAUL",
    "SMITH/JOHN",
    "SMITH/JONH",
    "LI/NA",
];
const DATES: [&str; 6] =
    ["1985-03-04", "1985-04-03", "1985-03-05", "1958-03-04", "1985-01-01", "1961-09-30"];

fn record() -> impl Strategy<Value = PersonRecord> {
    let some = |most: u64| prop::option::of(0..most);
    let numbers = (some(3), some(3), some(3), some(3), some(3), some(2));
    (0..NAMES.len(), some(6), numbers, some(3), any::<bool>(), 1_u32..3).prop_map(
        |(name, birth, (id, pass, ffp, phone, email, city), booking, male, position)| {
            PersonRecord {
                birth: birth.and_then(|at| born(DATES[at as usize])),
                gender: (name % 2 == 0).then_some(if male { Gender::Male } else { Gender::Female }),
                nationality: country("CN"),
                documents: id.map(card).into_iter().chain(pass.map(|n| passport(n + 10))).collect(),
                members: ffp.map(member).into_iter().collect(),
                phones: phone.into_iter().collect(),
                emails: email.into_iter().collect(),
                city,
                bookings: booking
                    .map(|n| Seat { booking: BOOKING + n, position })
                    .into_iter()
                    .collect(),
                ..person(NAMES[name])
            }
        },
    )
}

fn records() -> impl Strategy<Value = Vec<PersonRecord>> {
    prop::collection::vec(record(), 2..40)
}

fn work(people: &People) -> (Vec<Pair>, Clusters) {
    let pairs = people.link(&airline());
    let clusters = people.clusters(&pairs, &[]);
    (pairs, clusters)
}

/// Runs with so many threads.
fn threads<R: Send>(count: usize, run: impl FnOnce() -> R + Send) -> R {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("threads");
    pool.install(run)
}

fn assert_no_veto_within(people: &People, clusters: &Clusters) {
    let all = people.people();
    for a in 0..all.len() {
        for b in 0..a {
            if clusters.of[a] == clusters.of[b] {
                let found = score(&airline(), people.counts(), &all[a], &all[b]);
                assert_eq!(found.veto, None, "{a} {b}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn evidence_is_the_same_both_ways(a in record(), b in record()) {
        let (a, b) = (Person::new(&a), Person::new(&b));
        let counts = Counts::of(&[a.clone(), b.clone()]);
        let model = airline();
        prop_assert_eq!(score(&model, &counts, &a, &b), score(&model, &counts, &b, &a));
    }

    #[test]
    fn batch_and_single_say_the_same(records in records()) {
        let people = People::new(&records);
        let model = airline();
        let index = Index::new(people.people());
        let mut single = Vec::new();
        for (row, person) in people.people().iter().enumerate() {
            for other in index.candidates(person).into_iter().filter(|other| *other < row as u32) {
                let mine = Person::new(&records[other as usize]);
                let found = score(&model, people.counts(), &mine, person);
                if found.band != Band::No {
                    single.push((other, row as u32, found.total.to_bits(), found.band, found.certain));
                }
            }
        }
        let mut batch: Vec<_> = people
            .link(&model)
            .into_iter()
            .map(|p| (p.left, p.right, p.judged.bits.to_bits(), p.judged.band, p.judged.certain))
            .collect();
        single.sort_unstable();
        batch.sort_unstable();
        prop_assert_eq!(single, batch);
    }

    #[test]
    fn no_cluster_breaks_a_veto_and_a_record_more_does_not_either(
        records in records(),
        more in record(),
    ) {
        let people = People::new(&records);
        assert_no_veto_within(&people, &work(&people).1);
        let mut records = records;
        records.push(more);
        let people = People::new(&records);
        assert_no_veto_within(&people, &work(&people).1);
    }

    #[test]
    fn threads_do_not_matter(records in records()) {
        let one = threads(1, || work(&People::new(&records)));
        let three = threads(3, || work(&People::new(&records)));
        prop_assert_eq!(one, three);
    }

    #[test]
    fn order_does_not_matter(records in records(), seed in any::<u64>()) {
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(|at| matching::hash::mix(seed, *at as u64));
        let shuffled: Vec<PersonRecord> = order.iter().map(|at| records[*at].clone()).collect();
        let (_, straight) = work(&People::new(&records));
        let (_, other) = work(&People::new(&shuffled));
        // Equal records are interchangeable when something is contested.
        prop_assume!(straight.contested.is_empty());
        for a in 0..order.len() {
            for b in 0..a {
                let together = straight.of[order[a]] == straight.of[order[b]];
                prop_assert_eq!(together, other.of[a] == other.of[b]);
            }
        }
    }

    #[test]
    fn parted_by_people_stays_parted(records in records()) {
        let people = People::new(&records);
        let pairs = people.link(&airline());
        let linked = pairs.iter().find(|pair| pair.judged.band == Band::Link);
        let Some(linked) = linked else { return Ok(()) };
        let clusters = people.clusters(&pairs, &[(linked.right, linked.left)]);
        prop_assert_ne!(clusters.of[linked.left as usize], clusters.of[linked.right as usize]);
        prop_assert!(people.to_review(&pairs, &clusters).contains(linked));
    }
}

#[test]
fn training_is_the_same_on_any_number_of_threads() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let records: Vec<PersonRecord> =
        (0..300).filter_map(|_| Some(record().new_tree(&mut runner).ok()?.current())).collect();
    let people = People::new(&records);
    let one = threads(1, || people.train(Training::default()));
    let four = threads(4, || people.train(Training::default()));
    assert_eq!(one, four);
    assert!(one.comparisons.iter().flat_map(|c| &c.levels).all(|l| l.m > 0.0 && l.u > 0.0));
}
