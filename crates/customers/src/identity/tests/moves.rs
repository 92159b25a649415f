//! Merges, splits and their undoing.

use std::collections::BTreeMap;

use access::{Actor, Role};
use kernel::Outcome;
use store::sql;
use uuid::Uuid;
use web::testing::House;

use super::*;
use crate::identity::review::are_apart;
use crate::model::RecordId;
use crate::testing::actor;
use crate::{Draft, Error, Set};

/// Numbers by linear congruence: the same sequence for a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }
}

const PEOPLE: usize = 4;
const CITIES: [&str; 4] = ["上海", "北京", "Paris", "Roma"];

/// Word number `n` about a person of a world: the person's own birth date and telephone, and
/// whatever the dice add.
fn word(world: usize, person: usize, n: usize, dice: &mut Dice, at: i64) -> Statement {
    let names = [
        ["ZHOU/QIMING", "LIN/WANQING", "OUYANG/CHENGZE", "HANSEN/ERIKA"],
        ["WANG/ZHIYUAN", "HUANG/MEILIN", "SHANGGUAN/YUNFEI", "MULLER/JOHANNA"],
    ];
    let birth = day(1960 + 10 * person as i32 + world as i32, 3 + person as u32, 11);
    let base = said(&format!("{world}/{person}/{n}"), names[world][person]);
    let phone_no = format!("138{world}{person}001234");
    let mut statement = phone(born(base, birth), &phone_no);
    statement.said_at = NOW + chrono::Duration::seconds(at);
    match dice.roll(4) {
        0 => statement.city = Some(CITIES[dice.roll(4)].into()),
        1 => statement.language = Some(["zh", "en", "fr"][dice.roll(3)].into()),
        2 => {
            statement.gender =
                Some(if person.is_multiple_of(2) { Gender::Male } else { Gender::Female });
            statement.source = "departure".into();
        }
        _ => {
            statement.emails = vec![format!("p{person}{}@example{world}.com", dice.roll(2)).into()];
        }
    }
    statement
}

/// Which words of a world are together, with what the profiles hold and how many contacts there
/// are. Customers are told by their first word.
type State = BTreeMap<String, (Vec<String>, String, i64)>;

async fn state(customers: &Customers, world: usize) -> State {
    let mut tx = customers.db().read().await.unwrap();
    let links: Vec<(String, String, Uuid)> = tx
        .all(sql("SELECT r.source_key, r.source, l.customer_id FROM source_record r
                  JOIN customer_link l ON l.source_record_id = r.id ORDER BY r.source_key"))
        .await
        .unwrap();
    let mut of: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for (key, _, customer) in links {
        if let Some(word) = key.strip_prefix(&format!("{world}/")) {
            of.entry(customer).or_default().push(word.to_owned());
        }
    }
    let mut found = State::new();
    for (customer, words) in of {
        let read = crate::profile::load(&mut tx, customer.into()).await.unwrap();
        assert!(read.trashed_at.is_none() && read.merged_into.is_none(), "a customer with records");
        let p = &read.profile;
        let born = p.birth_date.map(|day| day.format("%m-%d").to_string());
        let profile = format!("{:?} {:?} {} {}", p.gender, born, p.city, p.language);
        let contacts: i64 = tx
            .value(
                sql("SELECT CAST(COUNT(*) AS BIGINT) FROM customer_contact WHERE customer_id = $1")
                    .bind(customer),
            )
            .await
            .unwrap();
        found.insert(words[0].clone(), (words, profile, contacts));
    }
    found
}

/// Places a word in both worlds.
async fn both_worlds(customers: &Customers, dice: &mut Dice, n: usize, at: i64) {
    let person = dice.roll(PEOPLE);
    let seed = dice.0;
    for world in 0..2 {
        let mut same = Dice(seed);
        one(customers, word(world, person, n, &mut same, at)).await;
        dice.0 = same.0;
    }
}

async fn somebody(customers: &Customers, dice: &mut Dice) -> CustomerId {
    let mut tx = customers.db().read().await.unwrap();
    // In the order of their first words, so that a seed is one story.
    let all: Vec<(Uuid, String)> = tx
        .all(sql("SELECT l.customer_id, MIN(r.source_key) AS first FROM source_record r
                  JOIN customer_link l ON l.source_record_id = r.id
                  WHERE r.source_key >= '0/' AND r.source_key < '1/'
                  GROUP BY l.customer_id ORDER BY first"))
        .await
        .unwrap();
    all[dice.roll(all.len())].0.into()
}

async fn split_some(customers: &Customers, actor: &Actor, dice: &mut Dice) -> Option<Uuid> {
    let id = somebody(customers, dice).await;
    let mut records: Vec<RecordId> = customers
        .records(actor, id, 200)
        .await
        .unwrap()
        .into_iter()
        .map(|record| record.id.into())
        .collect();
    records.truncate(1 + dice.roll(records.len()));
    match customers.split(actor, id, &records).await {
        Ok((event, _)) => Some(event),
        Err(Error::WholeCustomer) => None,
        Err(other) => panic!("{other}"),
    }
}

/// In one world customers are merged and split while words arrive; in the other nothing of the
/// kind. Once all steps are taken back, in any order, the worlds are alike.
#[tokio::test]
async fn taking_every_step_back_gives_the_world_where_none_was_taken() {
    both(async |house| {
        for seed in 1..=12 {
            let house: &House = &house;
            let customers = service(house);
            clear(&customers).await;
            let care = actor(house, Role::Care).await;
            let mut dice = Dice(seed * 7_919);
            let mut steps: Vec<Uuid> = Vec::new();
            for n in 0..4 {
                house.clock.advance(chrono::Duration::seconds(1));
                both_worlds(&customers, &mut dice, n, n as i64).await;
            }
            for n in 4..24 {
                house.clock.advance(chrono::Duration::seconds(1));
                match dice.roll(6) {
                    0 | 1 => {
                        let one = somebody(&customers, &mut dice).await;
                        let other = somebody(&customers, &mut dice).await;
                        let merged = customers.merge(&care, one, other).await.unwrap();
                        steps.extend(merged.into_inner().0);
                    }
                    2 => steps.extend(split_some(&customers, &care, &mut dice).await),
                    3 if !steps.is_empty() => {
                        let step = steps.swap_remove(dice.roll(steps.len()));
                        let undone = customers.undo_step(&care, step).await.unwrap();
                        assert!(!undone.is_repeat());
                    }
                    _ => both_worlds(&customers, &mut dice, n, n as i64).await,
                }
            }
            while !steps.is_empty() {
                house.clock.advance(chrono::Duration::seconds(1));
                let step = steps.swap_remove(dice.roll(steps.len()));
                customers.undo_step(&care, step).await.unwrap().into_inner();
            }
            assert_eq!(state(&customers, 0).await, state(&customers, 1).await, "seed {seed}");
        }
    })
    .await;
}

async fn clear(customers: &Customers) {
    let mut tx = customers.db().begin().await.unwrap();
    for table in ["customer_link", "source_record", "customer", "identity_key", "identity_tally"] {
        tx.script(&format!("DELETE FROM {table}")).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_merge_moves_what_hangs_on_people_and_undo_brings_it_back_after_later_work() {
    both(async |house| {
        let customers = service(&house);
        let care = actor(&house, Role::Care).await;
        let birth = day(1990, 2, 3);
        let a = one(&customers, phone(born(said("a", "ZHOU/QIMING"), birth), "13812345678")).await;
        house.clock.advance(chrono::Duration::seconds(1));
        let b = one(&customers, phone(said("b", "ZHOU/QIMIN"), "13900001111")).await;
        assert_ne!(a, b);
        customers.add_note(&care, b, "wants an aisle seat").await.unwrap();
        let _ = customers.add_tag(&care, b, "vip").await.unwrap();
        let _ = customers.add_tag(&care, a, "vip").await.unwrap();
        let _ = customers.add_tag(&care, b, "late").await.unwrap();
        let version = customers.get(&care, b).await.unwrap().version;
        let draft = Draft { city: Set::To("苏州".into()), ..Draft::default() };
        customers.edit(&care, b, version, draft).await.unwrap().into_inner();
        house.clock.advance(chrono::Duration::seconds(1));

        let merged = customers.merge(&care, b, a).await.unwrap();
        let Outcome::Done((Some(event), stays)) = merged else { panic!("merged") };
        assert_eq!(stays, a, "the older stays");
        assert!(customers.merge(&care, a, b).await.unwrap().is_repeat());
        let whole = customers.whole(&care, a).await.unwrap();
        assert_eq!(whole.customer.profile.city, "苏州", "what staff entered of the other");
        assert_eq!((whole.contacts.len(), whole.tags.len()), (2, 2));
        assert_eq!(customers.notes(&care, a, 9).await.unwrap().len(), 1);
        assert_eq!(customers.current(&care, b).await.unwrap(), a);
        assert!(customers.get(&care, b).await.unwrap().trashed_at.is_some(), "out of lists");
        let mut tx = customers.db().read().await.unwrap();
        let data: Vec<sqlx::types::Json<serde_json::Value>> = tx
            .values(
                sql("SELECT data FROM outbox_event WHERE type = $1")
                    .bind(crate::events::LINKS_MOVED),
            )
            .await
            .unwrap();
        drop(tx);
        assert_eq!(data.len(), 1);
        assert_eq!(data[0].0["moves"][0]["from"], b.to_string());
        assert_eq!(data[0].0["moves"][0]["to"], a.to_string());

        house.clock.advance(chrono::Duration::seconds(1));
        customers.add_note(&care, a, "later").await.unwrap();
        let later = phone(
            Statement { city: Some("Roma".into()), ..said("c", "ZHOU/QIMIN") },
            "13900001111",
        );
        assert_eq!(one(&customers, Statement { ..booked(later, "ABC123", 1) }).await, a);

        customers.undo_step(&care, event).await.unwrap().into_inner();
        assert!(customers.undo_step(&care, event).await.unwrap().is_repeat());
        let (one, other) =
            (customers.whole(&care, a).await.unwrap(), customers.whole(&care, b).await.unwrap());
        assert_eq!(one.customer.profile.city, "");
        assert_eq!(other.customer.profile.city, "苏州", "staff before a later booking");
        assert_eq!((one.contacts.len(), one.tags.clone()), (1, vec!["vip".to_owned()]));
        assert_eq!(other.tags, ["late", "vip"]);
        assert_eq!(customers.notes(&care, a, 9).await.unwrap().len(), 1);
        assert_eq!(customers.notes(&care, b, 9).await.unwrap().len(), 1);
        assert_eq!(customers.records(&care, b, 9).await.unwrap().len(), 2, "its own and the later");
        assert!(other.customer.trashed_at.is_none());
    })
    .await;
}

#[tokio::test]
async fn pairs_wait_are_decided_and_taken_back() {
    both(async |house| {
        let customers = service(&house);
        let (care, analyst) = (actor(&house, Role::Care).await, actor(&house, Role::Analyst).await);
        let birth = day(1990, 2, 3);
        let a = one(&customers, born(said("a", "OUYANG/CHENGZE"), birth)).await;
        house.clock.advance(chrono::Duration::seconds(1));
        let b = one(&customers, born(said("b", "OUYANG/CHENGZE"), birth)).await;
        assert_ne!(a, b);
        assert_eq!(customers.reviews_waiting(&care).await.unwrap(), 1);
        let mut tx = customers.db().read().await.unwrap();
        let id: Uuid = tx.value(sql("SELECT id FROM identity_review")).await.unwrap();
        drop(tx);
        let denied = customers.decide_review(&analyst, id, Verdict::Same).await;
        assert!(matches!(denied, Err(Error::Denied(_))), "analysts read");
        let review = customers.review(&analyst, id).await.unwrap();
        assert_eq!(review.band, "review");
        assert_eq!(review.detail.0["evidence"]["cap"], "nothing_own");

        let same = customers.decide_review(&care, id, Verdict::Same).await.unwrap().into_inner();
        assert!(same.event_id.is_some());
        assert_eq!(customers.current(&care, b).await.unwrap(), a);
        let again = customers.decide_review(&care, id, Verdict::Same).await.unwrap();
        assert!(again.is_repeat());
        let other = customers.decide_review(&care, id, Verdict::Different).await;
        assert!(matches!(other, Err(Error::Decided)));
        customers.undo_review(&care, id).await.unwrap().into_inner();
        assert_eq!(customers.current(&care, b).await.unwrap(), b);

        customers.decide_review(&care, id, Verdict::Different).await.unwrap().into_inner();
        let mut tx = customers.db().begin().await.unwrap();
        assert!(are_apart(&mut tx, b, a).await.unwrap());
        drop(tx);
        assert_eq!(customers.reviews_waiting(&care).await.unwrap(), 0);
        // The machine finds more between them and still leaves them apart.
        one(&customers, phone(born(said("a", "OUYANG/CHENGZE"), birth), "13812345678")).await;
        one(&customers, phone(born(said("b", "OUYANG/CHENGZE"), birth), "13812345678")).await;
        assert_eq!(customers.join_pairs().await.unwrap(), 0);
        assert_eq!(customers.current(&care, b).await.unwrap(), b);
        customers.undo_review(&care, id).await.unwrap().into_inner();
        one(
            &customers,
            Statement {
                city: Some("Roma".into()),
                ..phone(born(said("b", "OUYANG/CHENGZE"), birth), "13812345678")
            },
        )
        .await;
        assert_eq!(customers.join_pairs().await.unwrap(), 1, "now it may");
        assert_eq!(customers.current(&care, b).await.unwrap(), a);
        // What somebody takes back, the machine does not do again.
        let steps = customers.steps(&care, a, 9).await.unwrap();
        let step = steps.iter().find(|step| step.undone_at.is_none()).unwrap().id;
        customers.undo_step(&care, step).await.unwrap().into_inner();
        assert_eq!(customers.join_pairs().await.unwrap(), 0);
        assert_eq!(customers.reviews_waiting(&care).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_pair_that_became_one_by_way_of_a_third_waits_no_longer() {
    both(async |house| {
        let customers = service(&house);
        let care = actor(&house, Role::Care).await;
        let birth = day(1990, 2, 3);
        for key in ["a", "b", "c"] {
            one(&customers, born(said(key, "OUYANG/CHENGZE"), birth)).await;
            house.clock.advance(chrono::Duration::seconds(1));
        }
        let mut tx = customers.db().read().await.unwrap();
        let pairs: Vec<Uuid> =
            tx.values(sql("SELECT id FROM identity_review ORDER BY id")).await.unwrap();
        drop(tx);
        assert_eq!(pairs.len(), 3);
        assert_eq!(customers.reviews_waiting(&care).await.unwrap(), 3);
        for pair in &pairs[..2] {
            customers.decide_review(&care, *pair, Verdict::Same).await.unwrap().into_inner();
        }
        assert_eq!(customers.reviews_waiting(&care).await.unwrap(), 0);
        let last = customers.review(&care, pairs[1]).await.unwrap();
        assert_eq!(customers.next_review(&care, &last).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_merge_waits_for_records_that_are_being_placed() {
    both(async |house| {
        let customers = service(&house);
        let care = actor(&house, Role::Care).await;
        let birth = day(1990, 2, 3);
        let a = one(&customers, born(said("a", "OUYANG/CHENGZE"), birth)).await;
        house.clock.advance(chrono::Duration::seconds(1));
        let b = phone(born(said("b", "OUYANG/CHENGZE"), birth), "13812345678");
        let b = one(&customers, b).await;
        let late = phone(born(said("c", "OUYANG/CHENGZE"), birth), "13812345678");
        let mut tx = customers.db().begin().await.unwrap();
        let placed = customers.place(&mut tx, vec![late]).await.unwrap();
        assert_eq!(placed[0].customer, b);
        let merge = async { customers.merge(&care, a, b).await.unwrap().into_inner() };
        let commit = async {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            tx.commit().await.unwrap();
        };
        futures::join!(merge, commit);
        let records = customers.records(&care, a, 9).await.unwrap();
        assert_eq!(records.len(), 3, "none is left with the customer merged away");
    })
    .await;
}
