//! How quickly a base is read and asked: `JETBRIDGE_SPEED_MEMBERS=1000000 cargo nextest run
//! -p loyalty --run-ignored only speed --no-capture`. Nothing is asserted about time.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement reports")]

use std::time::Instant;

use access::Role;
use chrono::Days;
use programme::examples::BRIDGE_KM;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use store::{Col, Value as Cell};
use web::testing::House;

use super::pack::pack;
use super::*;
use crate::testing::{actor, approve, both, flight, service};

const MEMBER: &[Col] = &[
    Col::uuid("id"),
    Col::text("programme"),
    Col::text("member_no"),
    Col::text("kind"),
    Col::text("state"),
    Col::time("enrolled_at"),
];
const FACT: &[Col] = &[
    Col::text("key"),
    Col::uuid("member_id"),
    Col::date("flight_date"),
    Col::date("posted_on"),
    Col::text("packed"),
];
/// Members read at a time, as in earnest.
const READ: i64 = 10_000;

fn members() -> u64 {
    std::env::var("JETBRIDGE_SPEED_MEMBERS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000)
}

/// Half of the members fly seldom, some very often: 0 to 80 flights, 20 in the mean.
async fn fill(loyalty: &Loyalty, count: u64) -> u64 {
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    let (now, today) = (loyalty.now(), loyalty.today());
    let joined = now - chrono::Duration::days(2_000);
    let mut serial = 0_u64;
    for start in (0..count).step_by(5_000) {
        let (mut who, mut facts): (Vec<Vec<Cell>>, Vec<Vec<Cell>>) = Default::default();
        for at in start..(start + 5_000).min(count) {
            let id = kernel::ids::v7(now);
            who.push(vec![
                id.into(),
                "bridge-km".into(),
                format!("speed-{at}").into(),
                "ordinary".into(),
                "open".into(),
                joined.into(),
            ]);
            let flights = dice.random_range(0..9_u64) * dice.random_range(0..10_u64) * 20 / 18;
            for _ in 0..flights {
                serial += 1;
                let on = today - Days::new(dice.random_range(1..730));
                let class = ["Y", "M", "H", "K", "C", "V"][dice.random_range(0..6_usize)];
                let fact = flight(on, class, dice.random_range(500..4_500));
                let packed = pack(&fact);
                facts.push(vec![
                    format!("coupon:{serial}/1").into(),
                    id.into(),
                    on.into(),
                    on.into(),
                    packed.into(),
                ]);
            }
        }
        let mut tx = loyalty.db().begin().await.unwrap();
        tx.bulk("loyalty_member", MEMBER, who, "").await.unwrap();
        tx.bulk("loyalty_fact", FACT, facts, "").await.unwrap();
        tx.commit().await.unwrap();
    }
    serial
}

async fn measure(house: &House) {
    let loyalty = service(house).await;
    let id = approve(house, &loyalty, BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
    let _ = actor(house, Role::Loyalty).await;
    let count = members();
    let begun = Instant::now();
    let flights = fill(&loyalty, count).await;
    let engine = store::testing::name_of(loyalty.db());
    println!("{engine}: {count} members, {flights} flights, written in {:?}", begun.elapsed());
    let (_, rules) = loyalty.replayed_version(id).await.unwrap();
    let to = loyalty.today();
    let span = Period::months_ending(to, 24);
    let pair = Pair::new([rules.clone(), rules], span);
    let (mut after, mut tally) = (Uuid::nil(), Tally::new(&pair));
    let (mut reading, mut asking) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    let merged = loyalty.merged("bridge-km").await.unwrap();
    loop {
        let begun = Instant::now();
        let page = loyalty.read_subjects("bridge-km", after, span, &merged, READ).await.unwrap();
        reading += begun.elapsed();
        let Some(last) = page.last().map(read::Raw::id) else { break };
        let begun = Instant::now();
        tally = tally.and(compare(&pair, page));
        asking += begun.elapsed();
        after = last;
    }
    assert_eq!((tally.members, tally.flights), (count, flights));
    println!("{engine}: reading {reading:?}, asking both rules {asking:?}");
}

#[tokio::test]
#[ignore = "a measurement"]
async fn speed_of_a_whole_base() {
    both(async |house| measure(&house).await).await;
}
