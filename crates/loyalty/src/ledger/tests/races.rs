//! Many at once on the same accounts.
#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;

use super::*;

/// Runs all at once, each with a ledger of its own: as many processes on one database do.
async fn at_once(desk: &Desk, transfers: Vec<Transfer>) -> Vec<Outcome> {
    let tasks: Vec<_> = transfers
        .into_iter()
        .map(|transfer| {
            let db = desk.ledger.db().clone();
            let ledger = Ledger::new(db, desk.clock.clone(), chrono_tz::Asia::Shanghai);
            tokio::spawn(async move { ledger.post(vec![transfer]).await.unwrap()[0] })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

fn posted(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| **outcome == Outcome::Posted).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn redemptions_that_race_never_spend_more_than_there_is() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(9))).await;
        let race = (0..24).map(|at| match at % 2 {
            0 => desk.spend(desk.one, 30),
            _ => desk.hold(desk.one, 30),
        });
        let outcomes = at_once(&desk, race.collect()).await;
        assert_eq!(posted(&outcomes), 3, "{outcomes:?}");
        assert!(outcomes.iter().all(|it| matches!(it, Outcome::Posted | Outcome::Insufficient)));
        assert_eq!(desk.balance(desk.one).await, 10);
        desk.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_from_many_callers_is_posted_once() {
    both(async |desk| {
        let same = desk.earn(desk.one, 100, day(9));
        let outcomes = at_once(&desk, vec![same; 16]).await;
        assert_eq!(posted(&outcomes), 1, "{outcomes:?}");
        assert!(outcomes.iter().all(|outcome| outcome.is_posted()));
        // Between accounts of the programme nothing is locked beforehand.
        let (debit, credit) = (desk.issuance, desk.redemption);
        let step = Step::Post { debit, credit, amount: 3, expires_on: None };
        let outcomes = at_once(&desk, vec![desk.transfer(step); 16]).await;
        assert_eq!(posted(&outcomes), 1, "{outcomes:?}");
        assert_eq!(desk.balance(desk.redemption).await, 3);
        desk.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_that_races_the_run_of_expiry() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(9))).await;
        desk.must(desk.earn(desk.one, 50, day(99))).await;
        let early = desk.must(desk.hold(desk.one, 20)).await;
        desk.clock.advance(Duration::days(10));
        let run = desk.clone();
        let run = tokio::spawn(async move { run.expire().await });
        let release = Step::Release { hold: early.id, amount: None, grace: None };
        let race = vec![
            desk.spend(desk.one, 40),
            desk.spend(desk.one, 40),
            desk.transfer(release),
            desk.earn(desk.one, 5, day(99)),
        ];
        let outcomes = at_once(&desk, race).await;
        run.await.unwrap();
        desk.expire().await;
        assert_eq!(posted(&outcomes[..2]), 1, "only the 50 can be spent: {outcomes:?}");
        assert_eq!((desk.balance(desk.one).await, desk.balance(desk.breakage).await), (15, 100));
        desk.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_across_the_same_accounts_in_any_order_end() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 10_000, day(9))).await;
        desk.must(desk.earn(desk.other, 10_000, day(9))).await;
        let give = |from, to| {
            desk.transfer(Step::Post {
                debit: from,
                credit: to,
                amount: 10,
                expires_on: Some(day(9)),
            })
        };
        let tasks: Vec<_> = (0..12)
            .map(|at| {
                let pair =
                    if at % 2 == 0 { (desk.one, desk.other) } else { (desk.other, desk.one) };
                let batch: Vec<Transfer> = (0..120).map(|_| give(pair.0, pair.1)).collect();
                let ledger = desk.ledger.clone();
                tokio::spawn(async move { ledger.post(batch).await.unwrap() })
            })
            .collect();
        for task in tasks {
            assert_eq!(posted(&task.await.unwrap()), 120);
        }
        let sum = desk.balance(desk.one).await + desk.balance(desk.other).await;
        assert_eq!(sum, 20_000);
        desk.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reversals_of_one_transfer_that_race_take_it_back_once() {
    both(async |desk| {
        let (debit, credit) = (desk.issuance, desk.redemption);
        let step = Step::Post { debit, credit, amount: 100, expires_on: None };
        let own = desk.must(desk.transfer(step)).await;
        let race = (0..8).map(|_| desk.reverse(&own, Some(60), Shortfall::Refuse)).collect();
        let outcomes = at_once(&desk, race).await;
        assert_eq!(posted(&outcomes), 1, "{outcomes:?}");
        desk.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn small_batches_are_committed_together_and_answered_each_its_own() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(9))).await;
        let tasks: Vec<_> = (0..60)
            .map(|at| {
                let (ledger, amount) = (desk.ledger.clone(), if at == 30 { 200 } else { 1 });
                // An open chain ties nobody else's transfer to it.
                let spend = desk.spend(desk.one, amount);
                let spend = if at == 31 { spend.linked() } else { spend };
                let task = tokio::spawn(async move { ledger.post(vec![spend]).await });
                // Some callers go away.
                if at % 10 == 9 {
                    task.abort();
                }
                (at, task)
            })
            .collect();
        for (at, task) in tasks {
            let Ok(outcomes) = task.await else { continue };
            let expected = match at {
                30 => Outcome::Insufficient,
                31 => Outcome::ChainOpen,
                _ => Outcome::Posted,
            };
            assert_eq!(outcomes.unwrap(), [expected], "{at}");
        }
        desk.sound().await;
    })
    .await;
}
