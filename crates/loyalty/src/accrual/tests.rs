#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
use std::collections::BTreeMap;

use access::{Actor, Role};
use chrono::{Days, Duration};
use programme::accrual::{CouponStatus, Member};
use programme::document::Rank;
use programme::examples;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use web::testing::House;

use super::*;
use crate::ledger::{AccountState, Book, Role as For, Step, Transfer, Unit};
use crate::testing::{actor, approve, both, flight, flyer, service};

const KM: &str = "bridge-km";

struct Desk {
    loyalty: Loyalty,
    actor: Actor,
    one: MemberId,
    other: MemberId,
    /// Both had been members for a while on it.
    day: NaiveDate,
}

impl Desk {
    async fn new(house: &House, text: &str, code: &str) -> Self {
        let loyalty = service(house).await;
        approve(house, &loyalty, text, "2024-01-01".parse().unwrap()).await;
        let actor = actor(house, Role::Loyalty).await;
        let one = flyer(&loyalty, &actor, code, "周启明").await;
        let other = flyer(&loyalty, &actor, code, "林小雨").await;
        house.clock.advance(Duration::days(60));
        let day = loyalty.today() - Days::new(30);
        Self { loyalty, actor, one, other, day }
    }

    fn said(&self, key: &str, revision: i64, class: &str, km: i64) -> FlownFact {
        let (member, fact) = (Some(self.one), Some(flight(self.day, class, km)));
        FlownFact { key: key.to_owned(), revision, member, fact }
    }

    async fn tell(&self, fact: &FlownFact) -> Answer {
        self.loyalty.accrue(vec![fact.clone()]).await.unwrap().pop().unwrap()
    }

    async fn must(&self, fact: &FlownFact, derived: Derived) -> Answer {
        let answer = self.tell(fact).await;
        assert_eq!(answer.derived, derived, "{answer:?}");
        answer
    }

    async fn balance(&self, member: MemberId, unit: Unit) -> i64 {
        let mut tx = self.loyalty.db().read().await.unwrap();
        let accounts = self.loyalty.ledger().accounts_of(&mut tx, member).await.unwrap();
        accounts.iter().find(|it| it.book.unit == unit).map_or(0, |it| it.balance)
    }

    async fn miles(&self, member: MemberId) -> i64 {
        self.balance(member, Unit::Miles).await
    }

    async fn activity(&self, member: MemberId) -> (i64, i64) {
        let mut tx = self.loyalty.db().read().await.unwrap();
        tx.one(
            sql("SELECT CAST(COALESCE(SUM(distance), 0) AS BIGINT),
                    CAST(COALESCE(SUM(segments), 0) AS BIGINT)
                 FROM loyalty_activity WHERE member_id = $1")
            .bind(member.uuid()),
        )
        .await
        .unwrap()
    }

    async fn spend(&self, member: MemberId, amount: i64) {
        let mut tx = self.loyalty.db().begin().await.unwrap();
        let ledger = self.loyalty.ledger();
        let accounts = ledger.accounts_of(&mut tx, member).await.unwrap();
        let miles = accounts.iter().find(|it| it.book.unit == Unit::Miles).unwrap();
        let book = Book::new(&miles.book.programme, Unit::Miles);
        let credit = ledger.role(&mut tx, &book, For::Redemption, "").await.unwrap();
        let step = Step::Post { debit: miles.id, credit, amount, expires_on: None };
        let now = self.loyalty.now();
        let transfer = Transfer::new(TransferId::new(now), "redeem", now, step);
        let outcomes = ledger.post_in(&mut tx, &[transfer]).await.unwrap();
        assert!(outcomes[0].is_posted(), "{outcomes:?}");
        tx.commit().await.unwrap();
    }

    async fn sound(&self) {
        let checked = self.loyalty.ledger().check().await.unwrap();
        assert_eq!(checked.differences, [], "{checked:?}");
    }
}

#[tokio::test]
async fn the_same_fact_posts_once_and_its_explanation_adds_up() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        let fact = desk.said("coupon:9992100000001/1", 1, "Y", 1_700);
        let answer = desk.must(&fact, Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 1_870, "1,700 × 110 %");
        assert!(desk.must(&fact, Derived::Unchanged).await.posted.is_empty());
        let later = FlownFact { revision: 5, ..fact.clone() };
        assert!(desk.must(&later, Derived::Unchanged).await.posted.is_empty());
        let late = desk.said("coupon:9992100000001/1", 4, "J", 1_700);
        desk.must(&late, Derived::Stale).await;
        let clash = FlownFact { revision: 5, ..late };
        desk.must(&clash, Derived::Clash).await;
        let bad = FlownFact { key: "two words".to_owned(), ..fact.clone() };
        desk.must(&bad, Derived::BadKey).await;
        assert_eq!(desk.miles(desk.one).await, 1_870);

        let kept = desk.loyalty.accrual(&desk.actor, &fact.key).await.unwrap();
        let mut tx = desk.loyalty.db().read().await.unwrap();
        let posted = desk.loyalty.ledger().caused_by(&mut tx, &fact.key).await.unwrap();
        let ids: BTreeSet<TransferId> = posted.iter().map(|it| it.id).collect();
        assert_eq!(ids, answer.posted.iter().copied().collect());
        // The explanation in the books, added again, is what was posted.
        let first = posted.iter().find(|it| it.id == answer.posted[0]).unwrap();
        let said: Accrued = serde_json::from_value(first.explanation["accrued"].clone()).unwrap();
        assert_eq!(Some(&said), kept.accrued.as_ref());
        assert_eq!((said.key.as_str(), said.version), (fact.key.as_str(), 7));
        let sum = |measure: &Measure| -> i64 {
            let word = serde_json::to_value(measure).unwrap();
            let own = posted.iter().filter(|it| it.explanation["measure"] == word);
            own.map(|it| it.amount).sum()
        };
        for measure in Measure::ALL {
            assert_eq!(sum(&measure), said.total(measure), "{measure:?}");
        }
        assert_eq!(desk.balance(desk.one, Unit::LifetimeDistance).await, 1_870);
        let lots = posted.iter().find_map(|it| it.expires_on).unwrap();
        assert_eq!(lots.to_string(), "2030-01-31", "36 months after the month of posting");
        drop(tx);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn refusals_are_kept_with_their_reason() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        let mut refunded = desk.said("r", 1, "Y", 1_000);
        refunded.fact.as_mut().unwrap().status = CouponStatus::Refunded;
        assert_eq!(desk.must(&refunded, Derived::Refused).await.reason, "not-flown");
        let mut early = desk.said("e", 1, "Y", 1_000);
        early.fact.as_mut().unwrap().flight_date = desk.day - Days::new(90);
        assert_eq!(desk.must(&early, Derived::Refused).await.reason, "before-joining");
        let mut older = desk.said("o", 1, "Y", 1_000);
        older.fact.as_mut().unwrap().flight_date = "2020-01-01".parse().unwrap();
        assert_eq!(desk.must(&older, Derived::Refused).await.reason, "no-version");
        let nobody = FlownFact { member: None, ..desk.said("n", 1, "Y", 1_000) };
        desk.must(&nobody, Derived::Nobody).await;
        let stranger = MemberId::new(desk.loyalty.now());
        let stranger = FlownFact { member: Some(stranger), ..desk.said("s", 1, "Y", 1_000) };
        assert_eq!(desk.must(&stranger, Derived::Refused).await.reason, "member-not-found");
        let mut ahead = desk.said("a", 1, "Y", 1_000);
        ahead.fact.as_mut().unwrap().flight_date = desk.loyalty.today() + Days::new(2);
        assert_eq!(desk.must(&ahead, Derived::Blocked).await.reason, "effective-out-of-range");
        house.clock.advance(Duration::days(2));
        desk.must(&ahead, Derived::Earned).await;
        let kept = desk.loyalty.accrual(&desk.actor, "r").await.unwrap();
        assert_eq!((kept.derived, kept.reason.as_str()), (Derived::Refused, "not-flown"));
        assert!(kept.accrued.unwrap().refused.is_some());
        let theirs = desk.loyalty.accruals(&desk.actor, desk.one, 10).await.unwrap();
        assert_eq!(theirs.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn corrections_move_the_difference() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        desk.must(&desk.said("k", 1, "Y", 1_000), Derived::Earned).await;
        let up = desk.must(&desk.said("k", 2, "J", 1_000), Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 3_000);
        assert_eq!(up.posted.len(), 4, "miles, distance, segments, lifetime: one delta each");
        desk.must(&desk.said("k", 3, "M", 1_000), Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 1_000);
        let theirs = FlownFact { member: Some(desk.other), ..desk.said("k", 4, "M", 1_000) };
        desk.must(&theirs, Derived::Earned).await;
        assert_eq!((desk.miles(desk.one).await, desk.miles(desk.other).await), (0, 1_000));
        assert_eq!(desk.activity(desk.one).await, (0, 0));
        assert_eq!(desk.activity(desk.other).await.1, 100);
        let gone = FlownFact { fact: None, revision: 5, ..theirs };
        desk.must(&gone, Derived::Withdrawn).await;
        desk.must(&gone, Derived::Unchanged).await;
        assert_eq!(desk.miles(desk.other).await, 0);
        assert_eq!(desk.activity(desk.other).await, (0, 0));
        for unit in Unit::ALL {
            assert_eq!(desk.balance(desk.one, *unit).await, 0, "{unit:?}");
            assert_eq!(desk.balance(desk.other, *unit).await, 0, "{unit:?}");
        }
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_spent_is_owed_or_written_off_by_the_programme() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        desk.must(&desk.said("k", 1, "Y", 1_000), Derived::Earned).await;
        desk.spend(desk.one, 1_000).await;
        let gone = FlownFact { fact: None, ..desk.said("k", 2, "Y", 1_000) };
        desk.must(&gone, Derived::Withdrawn).await;
        assert_eq!(desk.miles(desk.one).await, -1_000, "carried");
        desk.must(&desk.said("k", 3, "Y", 1_000), Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 100);
        desk.sound().await;
    })
    .await;
    both(async |house| {
        let desk = Desk::new(&house, examples::BAY_YEAR, "bay-year").await;
        desk.must(&desk.said("k", 1, "Y", 1_000), Derived::Earned).await;
        let earned = desk.miles(desk.one).await;
        assert!(earned > 400, "{earned}");
        desk.spend(desk.one, earned - 300).await;
        let gone = FlownFact { fact: None, ..desk.said("k", 2, "Y", 1_000) };
        desk.must(&gone, Derived::Withdrawn).await;
        assert_eq!(desk.miles(desk.one).await, 0, "what was there is taken");
        let mut tx = desk.loyalty.db().read().await.unwrap();
        let back: Vec<(String, i64, Option<i64>)> =
            tx.all(sql("SELECT policy, miles, minor FROM loyalty_clawback")).await.unwrap();
        let missing = earned - 300;
        assert_eq!(back, [("invoiced".to_owned(), missing, Some(missing * 10))]);
        drop(tx);
        desk.must(&desk.said("k", 3, "Y", 1_000), Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 300, "what was left with them is not given twice");
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_frozen_account_blocks_and_is_tried_again() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        let (loyalty, actor) = (&desk.loyalty, &desk.actor);
        desk.must(&desk.said("k", 1, "Y", 1_000), Derived::Earned).await;
        let frozen = loyalty.freeze(actor, desk.one, AccountState::Frozen, "fraud").await;
        let _ = frozen.unwrap();
        let more = desk.said("k", 2, "J", 1_000);
        assert_eq!(desk.must(&more, Derived::Blocked).await.reason, "credit-frozen");
        assert_eq!(desk.miles(desk.one).await, 1_100, "what stood stands");
        desk.must(&more, Derived::Blocked).await;
        let _ = loyalty.freeze(actor, desk.one, AccountState::Open, "fraud").await.unwrap();
        desk.must(&more, Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 3_000);
        assert_eq!(desk.activity(desk.one).await.1, 300);
        desk.sound().await;
    })
    .await;
}

/// The first flight is paid once; when it is taken away the next that is told is the first.
#[tokio::test]
async fn promotions_know_what_they_gave() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        let own = |key: &str, revision: i64, class: &str| {
            let mut said = desk.said(key, revision, class, 1_000);
            said.fact.as_mut().unwrap().operating = programme::Code::parse("JB").unwrap();
            said
        };
        let both_ways = vec![own("b", 1, "Y"), own("a", 1, "Y")];
        let answers = desk.loyalty.accrue(both_ways).await.unwrap();
        assert!(answers.iter().all(|it| it.derived == Derived::Earned), "{answers:?}");
        assert_eq!(desk.miles(desk.one).await, 2 * 1_100 + 1_000);
        desk.must(&own("a", 2, "M"), Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 1_100 + 1_000 + 1_000, "still the first");
        let gone = FlownFact { fact: None, ..own("a", 3, "M") };
        desk.must(&gone, Derived::Withdrawn).await;
        desk.must(&own("c", 1, "Y"), Derived::Earned).await;
        assert_eq!(desk.miles(desk.one).await, 2 * 1_100 + 1_000);
        desk.sound().await;
    })
    .await;
}

/// What the rules give for the latest word about each segment, derived afresh.
fn expected(desk: &Desk, engine: &programme::Engine, latest: &[FlownFact]) -> Sums {
    let mut sums = Sums::new();
    for said in latest {
        let (Some(member), Some(fact)) = (said.member, &said.fact) else { continue };
        let who = Member {
            number: "1".to_owned(),
            tier: Rank(0),
            birth_date: None,
            joined_on: desk.day - Days::new(20),
            first_flight: false,
            registered: vec![],
            used: vec![],
        };
        for posting in engine.accrue(fact, &who).postings {
            *sums.entry((member, measure::unit(posting.measure))).or_default() += posting.amount;
        }
    }
    sums
}

type Sums = BTreeMap<(MemberId, Unit), i64>;

/// Up to four words about each of six segments: class, distance, member, day, or that it is gone.
fn words(desk: &Desk, rng: &mut ChaCha8Rng) -> Vec<Vec<FlownFact>> {
    let segment = |rng: &mut ChaCha8Rng, n: usize| {
        let count = rng.random_range(1..5);
        let words = (1..=count).map(|revision| {
            let class = ["Y", "J", "M", "V", "T", "X"][rng.random_range(0..6)];
            let mut said = desk.said(&format!("seg-{n}"), revision, class, 0);
            let fact = said.fact.as_mut().unwrap();
            fact.great_circle_km = Some(rng.random_range(1..1_000));
            fact.flight_date = desk.day + Days::new(rng.random_range(0..3));
            if rng.random_range(0..6) == 0 {
                fact.status = CouponStatus::Refunded;
            }
            match rng.random_range(0..8) {
                0 => said.fact = None,
                1 => said.member = None,
                2 | 3 => said.member = Some(desk.other),
                _ => {}
            }
            said
        });
        words.collect()
    };
    (0..6).map(|n| segment(rng, n)).collect()
}

/// In whatever order and however often the words come, the books end at what the last ones say.
#[tokio::test]
async fn any_order_ends_at_a_fresh_derivation() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        let engine = desk.loyalty.programme_on(KM, desk.day).await.unwrap();
        for seed in 0..8 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let desk = Desk {
                one: flyer(&desk.loyalty, &desk.actor, KM, &format!("甲{seed}")).await,
                other: flyer(&desk.loyalty, &desk.actor, KM, &format!("乙{seed}")).await,
                loyalty: desk.loyalty.clone(),
                actor: desk.actor.clone(),
                day: desk.loyalty.today(),
            };
            house.clock.advance(Duration::days(5));
            let mut words = words(&desk, &mut rng);
            for segment in &mut words {
                for said in segment.iter_mut() {
                    said.key = format!("{seed}-{}", said.key);
                }
            }
            let latest: Vec<FlownFact> =
                words.iter().map(|segment| segment.last().unwrap().clone()).collect();
            let mut all: Vec<FlownFact> = words.into_iter().flatten().collect();
            all.extend(all.clone());
            all.shuffle(&mut rng);
            let mut rest = all.as_slice();
            while !rest.is_empty() {
                let (part, after) = rest.split_at(rng.random_range(1..=rest.len().min(9)));
                rest = after;
                let answers = desk.loyalty.accrue(part.to_vec()).await.unwrap();
                assert!(answers.iter().all(|it| it.derived != Derived::Blocked), "{answers:?}");
            }
            let expected = expected(&desk, &engine, &latest);
            for member in [desk.one, desk.other] {
                for unit in Unit::ALL {
                    let found = desk.balance(member, *unit).await;
                    let right = expected.get(&(member, *unit)).copied().unwrap_or(0);
                    assert_eq!(found, right, "seed {seed}, {unit:?}");
                }
                let (distance, segments) = desk.activity(member).await;
                assert_eq!(distance, desk.balance(member, Unit::QualifyingDistance).await);
                assert_eq!(segments, desk.balance(member, Unit::QualifyingSegments).await);
            }
        }
        desk.sound().await;
    })
    .await;
}

/// Cancelled at any point, and asked again: once.
#[tokio::test(flavor = "multi_thread")]
async fn killed_between_and_asked_again() {
    both(async |house| {
        let desk = Desk::new(&house, examples::BRIDGE_KM, KM).await;
        let facts: Vec<FlownFact> =
            (0..1_500).map(|n| desk.said(&format!("n-{n}"), 1, "T", 1)).collect();
        // Distances of one kilometre are raised to the minimum, whatever that is.
        let single = {
            let engine = desk.loyalty.programme_on(KM, desk.day).await.unwrap();
            expected(&desk, &engine, &facts[..1])[&(desk.one, Unit::Miles)]
        };
        for wait in [1_u64, 20, 120, 400] {
            let (loyalty, asked) = (desk.loyalty.clone(), facts.clone());
            let run = tokio::spawn(async move { loyalty.accrue(asked).await });
            tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
            run.abort();
            drop(run.await);
            let miles = desk.miles(desk.one).await;
            assert_eq!(miles % (single * 500), 0, "whole chunks: {miles}");
        }
        let answers = desk.loyalty.accrue(facts.clone()).await.unwrap();
        let done = [Derived::Earned, Derived::Unchanged];
        assert!(answers.iter().all(|it| done.contains(&it.derived)));
        let mut tx = desk.loyalty.db().read().await.unwrap();
        let sums: Vec<(i64, i64)> = tx
            .all(sql("SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(DISTINCT reference) AS BIGINT)
                 FROM ledger_transfer WHERE expires_on IS NOT NULL"))
            .await
            .unwrap();
        assert_eq!(sums[0].1, 1_500);
        drop(tx);
        let again = desk.loyalty.accrue(facts).await.unwrap();
        assert!(again.iter().all(|it| it.derived == Derived::Unchanged));
        desk.sound().await;
    })
    .await;
}
