#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;
use chrono::{Days, Duration};
use programme::examples;

use super::*;
use crate::accrual::{Derived, FlownFact};
use crate::ledger::Unit;
use crate::testing::{actor, approve, both, flight, flyer, service};

const KM: &str = "bridge-km";

fn said(member: MemberId, key: &str, day: NaiveDate, class: &str, km: i64) -> FlownFact {
    let (member, fact) = (Some(member), Some(flight(day, class, km)));
    FlownFact { key: key.to_owned(), revision: 1, member, fact }
}

#[tokio::test]
async fn a_flight_lifts_at_once_and_the_next_day_earns_with_it() {
    both(async |house| {
        let loyalty = service(&house).await;
        approve(&house, &loyalty, examples::BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        let clerk = actor(&house, Role::Loyalty).await;
        let one = flyer(&loyalty, &clerk, KM, "周启明").await;
        house.clock.advance(Duration::days(10));
        let today = loyalty.today();
        // 14,000 × 300 % = 42,000 qualifying kilometres: silver.
        let batch = vec![said(one, "a", today, "J", 14_000), said(one, "b", today, "Y", 1_000)];
        let answers = loyalty.accrue(batch.clone()).await.unwrap();
        assert!(answers.iter().all(|it| it.derived == Derived::Earned), "{answers:?}");
        let rows = loyalty.tiers(&clerk, one).await.unwrap();
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!((rows[0].tier.as_str(), rows[0].reason.as_str()), ("SILVER", "upgrade"));
        assert_eq!(rows[0].valid_from, today);
        assert_eq!(rows[0].detail["version"], 7);
        let _ = loyalty.accrue(batch).await.unwrap();
        assert_eq!(loyalty.tiers(&clerk, one).await.unwrap().len(), 1, "again: nothing");

        house.clock.advance(Duration::days(1));
        let before = miles(&loyalty, one).await;
        let same_day = said(one, "c", today, "Y", 1_000);
        let next_day = said(one, "d", loyalty.today(), "Y", 1_000);
        let _ = loyalty.accrue(vec![same_day]).await.unwrap();
        assert_eq!(miles(&loyalty, one).await - before, 1_100, "of the day of the upgrade");
        let _ = loyalty.accrue(vec![next_day]).await.unwrap();
        assert_eq!(miles(&loyalty, one).await - before, 2 * 1_100 + 275, "25 % of 1,100");

        let sight = loyalty.progress(&clerk, one, &Outlook::default()).await.unwrap();
        assert_eq!(sight.standing.tier.0, 1);
        assert!(sight.goals.iter().any(|goal| goal.tier.0 == 2 && !goal.met));
        assert!(sight.advice.is_some());
    })
    .await;
}

/// Of rows of one moment, and of rows written after the clock was set back, the last written counts.
#[tokio::test]
async fn the_row_written_last_counts_whatever_the_clock_says() {
    both(async |house| {
        let loyalty = service(&house).await;
        approve(&house, &loyalty, examples::BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        let clerk = actor(&house, Role::Loyalty).await;
        let mut members = Vec::new();
        for _ in 0..12 {
            members.push(flyer(&loyalty, &clerk, KM, "周启明").await);
        }
        house.clock.advance(Duration::days(10));
        let today = loyalty.today();
        for (keys, back) in [(&["a"][..], 0), (&["b"], 0), (&["c", "d"], 5)] {
            house.clock.advance(Duration::seconds(-back));
            let one =
                |key: &&str, id: &MemberId| said(*id, &format!("{key}{id}"), today, "J", 14_000);
            let own = |id| keys.iter().map(move |key| one(key, id));
            let batch: Vec<FlownFact> = members.iter().flat_map(own).collect();
            let _ = loyalty.accrue(batch).await.unwrap();
        }
        for member in members {
            let rows = loyalty.tiers(&clerk, member).await.unwrap();
            let tiers: Vec<&str> = rows.iter().map(|row| row.tier.as_str()).collect();
            assert_eq!(tiers, ["PLATINUM", "GOLD", "SILVER"]);
            assert!(rows.windows(2).all(|pair| pair[0].recorded_at > pair[1].recorded_at));
        }
    })
    .await;
}

#[tokio::test]
async fn the_night_decides_once_and_makes_up_for_nights_missed() {
    both(async |house| {
        let loyalty = service(&house).await;
        approve(&house, &loyalty, examples::BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        let clerk = actor(&house, Role::Loyalty).await;
        let one = flyer(&loyalty, &clerk, KM, "周启明").await;
        let idle = flyer(&loyalty, &clerk, KM, "林小雨").await;
        house.clock.advance(Duration::days(10));
        let today = loyalty.today();
        let _ = loyalty.accrue(vec![said(one, "a", today, "J", 14_000)]).await.unwrap();
        let rows = loyalty.tiers(&clerk, one).await.unwrap();
        let last = rows[0].valid_to;
        // The first night with new rules looks at everybody, whoever flew today a night later.
        for looked in [1, 1, 0, 0] {
            assert_eq!(loyalty.evaluate_tiers().await.unwrap(), (looked, 0));
            house.clock.advance(Duration::days(1));
        }
        // The last day itself is not decided while it lasts; whoever was not looked at for long is.
        let ahead = (last - loyalty.today()).num_days();
        house.clock.advance(Duration::days(ahead));
        assert_eq!(loyalty.evaluate_tiers().await.unwrap(), (2, 0));
        house.clock.advance(Duration::days(40));
        let (looked, written) = loyalty.evaluate_tiers().await.unwrap();
        assert_eq!((looked, written), (2, 1));
        assert_eq!(loyalty.evaluate_tiers().await.unwrap(), (0, 0), "by state alone");
        let rows = loyalty.tiers(&clerk, one).await.unwrap();
        assert_eq!(rows[0].valid_from, last + Days::new(1));
        assert_eq!((rows[0].tier.as_str(), rows[0].reason.as_str()), ("BASE", "downgrade"));
        assert!(loyalty.tiers(&clerk, idle).await.unwrap().is_empty());
    })
    .await;
}

/// Whatever nights were run and missed, the tiers are those of one evaluation over all the days.
#[tokio::test]
async fn nights_in_a_row_are_one_evaluation() {
    use rand::{RngExt, SeedableRng};
    both(async |house| {
        let loyalty = service(&house).await;
        approve(&house, &loyalty, examples::BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        let clerk = actor(&house, Role::Loyalty).await;
        let one = flyer(&loyalty, &clerk, KM, "周启明").await;
        let joined = loyalty.today();
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        for step in 0..60 {
            house.clock.advance(Duration::days(rng.random_range(1..40)));
            if rng.random_range(0..3) == 0 {
                loyalty.evaluate_tiers().await.unwrap();
            }
            if step < 40 && rng.random_range(0..3) > 0 {
                let flown = loyalty.today() - Days::new(rng.random_range(0..1));
                let km = rng.random_range(1_000..9_000);
                let fact = said(one, &format!("f{step}"), flown, "J", km);
                let _ = loyalty.accrue(vec![fact]).await.unwrap();
            }
        }
        loyalty.evaluate_tiers().await.unwrap();
        let engine = loyalty.programme_on(KM, joined).await.unwrap();
        let mut tx = loyalty.db().read().await.unwrap();
        let mut subjects = loyalty.subjects(&mut tx, BTreeSet::from([one])).await.unwrap();
        let mut subject = subjects.pop().unwrap();
        subject.tiers.clear();
        let mut standing = subject.standing(engine.programme());
        let (mut room, mut decisions) = (Scratch::default(), Vec::new());
        let span = Period { from: joined, to: loyalty.today().pred_opt().unwrap() };
        engine.evaluate(&mut standing, &subject.activity, span, &mut room, &mut decisions);
        let fresh: Vec<(String, NaiveDate, NaiveDate)> = decisions
            .iter()
            .filter_map(|one| subject.row(engine.programme(), one))
            .map(|row| (row.tier, row.valid_from, row.valid_to))
            .collect();
        drop(tx);
        let mut kept = loyalty.tiers(&clerk, one).await.unwrap();
        kept.sort_by_key(|row| (row.recorded_at, row.id));
        let kept: Vec<(String, NaiveDate, NaiveDate)> =
            kept.into_iter().map(|row| (row.tier, row.valid_from, row.valid_to)).collect();
        assert!(fresh.len() > 2, "{fresh:?}");
        assert_eq!(kept, fresh);
    })
    .await;
}

async fn miles(loyalty: &Loyalty, member: MemberId) -> i64 {
    let mut tx = loyalty.db().read().await.unwrap();
    let accounts = loyalty.ledger().accounts_of(&mut tx, member).await.unwrap();
    accounts.iter().find(|it| it.book.unit == Unit::Miles).unwrap().balance
}
