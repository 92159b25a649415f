//! What the books do when everything goes well.
#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;

use super::*;

#[tokio::test]
async fn miles_are_used_by_their_last_day_and_come_back_where_they_were() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(90))).await;
        desk.must(desk.earn(desk.one, 50, day(30))).await;
        desk.must(desk.earn(desk.one, 70, NEVER)).await;
        let spent = desk.must(desk.spend(desk.one, 80)).await;
        assert_eq!(desk.lots(desk.one).await, [(day(90), 70), (NEVER, 70)]);
        assert_eq!(desk.balance(desk.redemption).await, 80);
        // Half of it back: those that expire last come back first.
        desk.must(desk.reverse(&spent, Some(40), Shortfall::Refuse)).await;
        assert_eq!(desk.lots(desk.one).await, [(day(30), 10), (day(90), 100), (NEVER, 70)]);
        desk.must(desk.reverse(&spent, None, Shortfall::Refuse)).await;
        assert_eq!(desk.lots(desk.one).await, [(day(30), 50), (day(90), 100), (NEVER, 70)]);
        assert_eq!(desk.balance(desk.redemption).await, 0);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_settled_in_parts_released_and_redeposited() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(30))).await;
        desk.must(desk.earn(desk.one, 100, day(60))).await;
        let hold = desk.must(desk.hold(desk.one, 150)).await;
        assert_eq!((desk.balance(desk.one).await, desk.balance(desk.held).await), (50, 150));
        let part = Step::Settle { hold: hold.id, amount: Some(60) };
        let settled = desk.must(desk.transfer(part)).await;
        let rest = Step::Release { hold: hold.id, amount: None, grace: None };
        desk.must(desk.transfer(rest)).await;
        // Of 100 + 50 held, 60 of those expiring first went on.
        assert_eq!(desk.lots(desk.one).await, [(day(30), 40), (day(60), 100)]);
        assert_eq!((desk.balance(desk.held).await, desk.balance(desk.redemption).await), (0, 60));
        desk.must(desk.reverse(&settled, None, Shortfall::Refuse)).await;
        assert_eq!(desk.lots(desk.one).await, [(day(30), 100), (day(60), 100)]);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_expired_meanwhile_needs_grace_to_stay() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(10))).await;
        let (first, second) =
            (desk.must(desk.hold(desk.one, 40)).await, desk.must(desk.hold(desk.one, 60)).await);
        desk.clock.advance(Duration::days(11));
        let grace = Some(day(20));
        let step = Step::Release { hold: first.id, amount: None, grace };
        desk.must(desk.transfer(step)).await;
        assert_eq!(desk.lots(desk.one).await, [(day(20), 40)]);
        let step = Step::Release { hold: second.id, amount: None, grace: None };
        desk.must(desk.transfer(step)).await;
        let mut tx = desk.ledger.db().read().await.unwrap();
        assert_eq!(desk.ledger.available(&mut tx, desk.one).await.unwrap(), 40, "not spendable");
        drop(tx);
        assert_eq!(desk.post(&desk.spend(desk.one, 41)).await, Outcome::Insufficient);
        assert_eq!(desk.balance(desk.breakage).await, 60, "booked out before it was looked at");
        assert_eq!(desk.expire().await, 0);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn the_run_books_out_what_expired_once() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(10))).await;
        desk.must(desk.earn(desk.one, 30, day(11))).await;
        let gone = desk.must(desk.earn(desk.other, 5, day(10))).await;
        desk.clock.set(DateTime::from_timestamp(NOW.timestamp(), 0).unwrap() + Duration::days(10));
        assert_eq!(desk.expire().await, 0, "the last day is a day of use");
        desk.clock.advance(Duration::days(1));
        assert_eq!(desk.expire().await, 2);
        assert_eq!(desk.expire().await, 0);
        assert_eq!((desk.balance(desk.one).await, desk.balance(desk.breakage).await), (30, 105));
        // What expired is not claimed back from the member.
        let back = desk.reverse(&gone, None, Shortfall::Owe);
        assert_eq!(desk.post(&back).await, Outcome::ExceedsOriginal);
        let mut tx = desk.ledger.db().read().await.unwrap();
        let lines = desk.ledger.statement(&mut tx, desk.other, None, 10).await.unwrap();
        drop(tx);
        assert_eq!(lines[0].transfer.kind, Kind::Expire);
        assert_eq!(lines[0].transfer.effective_at.to_rfc3339(), "2026-12-02T16:00:00+00:00");
        // Goodwill: the expiry taken back, until a day that is said.
        let expiry = lines[0].transfer.id;
        let step = |grace| {
            let (amount, shortfall) = (None, Shortfall::Refuse);
            Step::Reverse { transfer: expiry, amount, shortfall, grace }
        };
        assert_eq!(desk.post(&desk.transfer(step(None))).await, Outcome::ExpiryMissing);
        desk.must(desk.transfer(step(Some(day(99))))).await;
        assert_eq!(desk.lots(desk.other).await, [(day(99), 5)]);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_clawback_may_owe_and_credits_pay_it_first() {
    both(async |desk| {
        let flown = desk.must(desk.earn(desk.one, 100, day(90))).await;
        desk.must(desk.earn(desk.one, 20, day(30))).await;
        desk.must(desk.spend(desk.one, 70)).await;
        // 50 of the flight are left; asked for 100 without owing: no.
        let refused = desk.reverse(&flown, None, Shortfall::Refuse);
        assert_eq!(desk.post(&refused).await, Outcome::Insufficient);
        desk.must(desk.reverse(&flown, None, Shortfall::Owe)).await;
        assert_eq!((desk.balance(desk.one).await, desk.lots(desk.one).await), (-50, vec![]));
        assert_eq!(desk.post(&desk.spend(desk.one, 1)).await, Outcome::Insufficient);
        desk.must(desk.earn(desk.one, 30, day(90))).await;
        assert_eq!(desk.balance(desk.one).await, -20);
        desk.must(desk.earn(desk.one, 30, day(90))).await;
        assert_eq!(
            (desk.balance(desk.one).await, desk.lots(desk.one).await),
            (10, vec![(day(90), 10)])
        );
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_to_one_who_owes_pays_first() {
    both(async |desk| {
        let flown = desk.must(desk.earn(desk.one, 100, day(90))).await;
        let hold = desk.must(desk.hold(desk.one, 100)).await;
        desk.must(desk.reverse(&flown, Some(30), Shortfall::Owe)).await;
        assert_eq!(desk.balance(desk.one).await, -30);
        let step = Step::Release { hold: hold.id, amount: None, grace: None };
        desk.must(desk.transfer(step)).await;
        assert_eq!(
            (desk.balance(desk.one).await, desk.lots(desk.one).await),
            (70, vec![(day(90), 70)])
        );
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn pending_miles_come_by_their_day_or_are_taken_back() {
    both(async |desk| {
        let due = Due { at: desk.now() + Duration::days(7), then: AtDue::Settle };
        let step = Step::Hold {
            debit: desk.issuance,
            credit: desk.one,
            amount: 500,
            expires_on: Some(day(100)),
            due: Some(due),
        };
        let one = desk.must(desk.transfer(step.clone())).await;
        let other = desk.must(desk.transfer(step)).await;
        assert_eq!((desk.balance(desk.one).await, desk.balance(desk.pending).await), (0, 1000));
        let mut tx = desk.ledger.db().read().await.unwrap();
        assert_eq!(desk.ledger.holds_of(&mut tx, desk.one, 9).await.unwrap().len(), 2);
        drop(tx);
        let step = Step::Release { hold: other.id, amount: None, grace: None };
        desk.must(desk.transfer(step.clone())).await;
        assert_eq!(desk.end_holds().await, 0);
        desk.clock.advance(Duration::days(7));
        // Its time has come, though the run has not: it cannot be taken back any more.
        let late = Step::Release { hold: one.id, amount: None, grace: None };
        assert_eq!(desk.post(&desk.transfer(late)).await, Outcome::HoldEnded);
        assert_eq!(desk.end_holds().await, 0);
        assert_eq!(desk.lots(desk.one).await, [(day(100), 500)]);
        assert_eq!(desk.balance(desk.issuance).await, -500);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn holds_time_out_by_the_run() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(1))).await;
        let due = Some(Due { at: desk.now() + Duration::minutes(15), then: AtDue::Release });
        let (debit, credit) = (desk.one, desk.redemption);
        let step = Step::Hold { debit, credit, amount: 80, expires_on: None, due };
        desk.must(desk.transfer(step)).await;
        desk.clock.advance(Duration::minutes(15));
        assert_eq!((desk.end_holds().await, desk.end_holds().await), (1, 0));
        assert_eq!(desk.lots(desk.one).await, [(day(1), 100)]);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_past_balance_is_known_on_both_axes() {
    both(async |desk| {
        let start = desk.now();
        let flown = start - Duration::days(3);
        let mut late = desk.earn(desk.one, 100, day(90));
        late.effective_at = flown;
        let late = desk.must(late).await;
        desk.clock.advance(Duration::days(5));
        let correction = desk.now();
        let mut back = desk.reverse(&late, Some(40), Shortfall::Refuse);
        back.effective_at = flown;
        desk.must(back).await;
        let mut tx = desk.ledger.db().read().await.unwrap();
        let mut at = async |effective, known| {
            desk.ledger.balance_at(&mut tx, desk.one, effective, known).await.unwrap()
        };
        let instant = Duration::microseconds(1);
        assert_eq!(at(flown - instant, correction).await, 0);
        assert_eq!(at(flown, correction).await, 60, "as we know now");
        assert_eq!(at(flown, correction - instant).await, 100, "as we knew then");
        assert_eq!(at(flown, start - instant).await, 0, "before we knew");
        drop(tx);
        let mut tx = desk.ledger.db().read().await.unwrap();
        let issued = desk.ledger.balance_at(&mut tx, desk.issuance, flown, correction).await;
        assert_eq!(issued.unwrap(), -60);
    })
    .await;
}

#[tokio::test]
async fn a_statement_is_read_page_by_page() {
    both(async |desk| {
        for amount in 1..=7 {
            desk.must(desk.earn(desk.one, amount, day(90))).await;
        }
        desk.must(desk.spend(desk.one, 28)).await;
        let mut tx = desk.ledger.db().read().await.unwrap();
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = desk.ledger.statement(&mut tx, desk.one, before, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.seq);
            seen.extend(page.into_iter().map(|line| (line.seq, line.change, line.balance)));
        }
        assert_eq!(seen[0], (8, -28, 0));
        assert_eq!(seen[1], (7, 7, 28));
        assert_eq!(seen[7], (1, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_clock_set_back_does_not_turn_the_order_round() {
    both(async |desk| {
        let first = desk.must(desk.earn(desk.one, 10, day(90))).await;
        desk.clock.advance(Duration::days(-400));
        let second = desk.must(desk.earn(desk.one, 10, day(90))).await;
        let mut tx = desk.ledger.db().read().await.unwrap();
        let posted = desk.ledger.transfers(&mut tx, &[first.id, second.id]).await.unwrap();
        assert_eq!(posted[0].recorded_at, posted[1].recorded_at);
        assert!(posted[1].effective_at < posted[1].recorded_at);
        drop(tx);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn every_reading_statement_is_understood_by_both_engines() {
    both(async |desk| {
        let mut tx = desk.ledger.db().begin().await.unwrap();
        let book = Book::new(ZH, Unit::Miles);
        let partner = desk.ledger.open_partner(&mut tx, &book, "HOTEL").await.unwrap();
        let again = desk.ledger.open_partner(&mut tx, &book, "HOTEL").await.unwrap();
        assert_eq!(partner, again);
        assert!(desk.ledger.open_programme(&mut tx, "Z H").await.is_err());
        assert!(desk.ledger.open_member(&mut tx, desk.who, "XX").await.is_err());
        tx.commit().await.unwrap();
        let sale =
            Step::Post { debit: partner, credit: desk.one, amount: 9, expires_on: Some(day(9)) };
        let cause = desk.transfer(sale).because("stay-7", serde_json::json!({"nights": 2}));
        desk.must(cause).await;
        let mut tx = desk.ledger.db().read().await.unwrap();
        let caused = desk.ledger.caused_by(&mut tx, "stay-7").await.unwrap();
        assert_eq!(caused[0].explanation["nights"], 2);
        assert!(desk.ledger.caused_by(&mut tx, "").await.unwrap().is_empty());
        assert_eq!(desk.ledger.accounts_of(&mut tx, desk.who).await.unwrap().len(), 5);
    })
    .await;
}
