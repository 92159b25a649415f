//! Every refusal, with the step beside it that goes through; double postings; chains.
#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;
use serde_json::json;

use super::*;

impl Desk {
    /// `wrong` is refused so; `right` goes through.
    async fn sides(&self, wrong: Transfer, outcome: Outcome, right: Transfer) {
        assert_eq!(self.post(&wrong).await, outcome, "{:?}", wrong.step);
        assert_eq!(self.post(&right).await, Outcome::Posted, "{:?}", right.step);
    }

    fn earned(&self, change: impl FnOnce(&mut Transfer)) -> Transfer {
        let mut transfer = self.earn(self.one, 10, day(9));
        change(&mut transfer);
        transfer
    }

    async fn state(&self, account: AccountId, state: AccountState) {
        let mut tx = self.ledger.db().begin().await.unwrap();
        assert_eq!(self.ledger.set_state(&mut tx, &[account], state).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn ids_texts_times_and_amounts() {
    both(async |desk| {
        let with = |change: fn(&mut Transfer)| desk.earned(change);
        let nil = with(|it| it.id = uuid::Uuid::nil().into());
        desk.sides(nil, Outcome::IdMissing, with(|_| ())).await;
        for (wrong, right) in [("", "a"), ("Ab", "a-1.b")] {
            let wrong = desk.earned(|it| it.code = wrong.to_owned());
            let right = desk.earned(|it| it.code = right.to_owned());
            desk.sides(wrong, Outcome::CodeInvalid, right).await;
        }
        let long = with(|it| it.code = "a".repeat(41));
        desk.sides(long, Outcome::CodeInvalid, with(|it| it.code = "a".repeat(40))).await;
        let long = with(|it| it.reference = "票".repeat(201));
        let right = with(|it| it.reference = "票".repeat(200));
        desk.sides(long, Outcome::ReferenceInvalid, right).await;
        let nul = with(|it| it.reference = "a\0b".to_owned());
        desk.sides(nul, Outcome::ReferenceInvalid, with(|it| it.reference = "a b".to_owned()))
            .await;
        let list = with(|it| it.explanation = json!([1]));
        let right = with(|it| it.explanation = json!({"rule": "表 7", "n": 1}));
        desk.sides(list, Outcome::ExplanationInvalid, right).await;
        let nul = with(|it| it.explanation = json!({"a": "\0"}));
        desk.sides(nul, Outcome::ExplanationInvalid, with(|_| ())).await;
        let long = with(|it| it.explanation = json!({"a": "x".repeat(16 * 1024)}));
        let right = with(|it| it.explanation = json!({"a": "x".repeat(16 * 1024 - 8)}));
        desk.sides(long, Outcome::ExplanationInvalid, right).await;
        let late = with(|it| it.effective_at += Duration::microseconds(1));
        desk.sides(late, Outcome::EffectiveOutOfRange, with(|_| ())).await;
        let early = with(|it| it.effective_at = DateTime::UNIX_EPOCH - Duration::seconds(1));
        let right = with(|it| it.effective_at = DateTime::UNIX_EPOCH);
        desk.sides(early, Outcome::EffectiveOutOfRange, right).await;
        for wrong in [0, -1, LARGEST_AMOUNT + 1] {
            let wrong = desk.earn(desk.one, wrong, day(9));
            let right = desk.earn(desk.one, LARGEST_AMOUNT, day(9));
            desk.sides(wrong, Outcome::AmountInvalid, right).await;
        }
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn accounts_and_days() {
    both(async |desk| {
        let nobody = AccountId::new(NOW);
        let post = |debit, credit, expires_on| {
            desk.transfer(Step::Post { debit, credit, amount: 5, expires_on })
        };
        let (issuance, one) = (desk.issuance, desk.one);
        let right = || post(issuance, one, Some(day(9)));
        desk.sides(post(one, one, Some(day(9))), Outcome::SameAccount, right()).await;
        desk.sides(post(nobody, one, Some(day(9))), Outcome::DebitNotFound, right()).await;
        desk.sides(post(issuance, nobody, None), Outcome::CreditNotFound, right()).await;
        desk.sides(post(desk.held, one, Some(day(9))), Outcome::AccountReserved, right()).await;
        desk.sides(post(one, desk.pending, None), Outcome::AccountReserved, right()).await;
        desk.sides(post(issuance, desk.segments, None), Outcome::BooksDiffer, right()).await;
        desk.sides(post(issuance, one, None), Outcome::ExpiryMissing, right()).await;
        let segments = |day| post(desk.segments_issued, desk.segments, day);
        desk.sides(segments(Some(day(9))), Outcome::ExpiryUnexpected, segments(None)).await;
        let today = post(issuance, one, Some(day(0)));
        desk.sides(post(issuance, one, Some(day(-1))), Outcome::ExpiryOutOfRange, today).await;
        let after = NEVER + Duration::days(1);
        let never = post(issuance, one, Some(NEVER));
        desk.sides(post(issuance, one, Some(after)), Outcome::ExpiryOutOfRange, never).await;
        let hold = |at| {
            let due = Some(Due { at, then: AtDue::Release });
            let (debit, credit) = (desk.one, desk.redemption);
            desk.transfer(Step::Hold { debit, credit, amount: 1, expires_on: None, due })
        };
        let right = hold(desk.now() + Duration::seconds(1));
        desk.sides(hold(desk.now()), Outcome::DueOutOfRange, right).await;
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn frozen_and_closed_accounts() {
    both(async |desk| {
        let earned = desk.must(desk.earn(desk.one, 100, day(9))).await;
        let hold = desk.must(desk.hold(desk.one, 30)).await;
        desk.state(desk.one, AccountState::DebitsFrozen).await;
        let credit = desk.earn(desk.one, 1, day(9));
        desk.sides(desk.spend(desk.one, 1), Outcome::DebitFrozen, credit).await;
        assert_eq!(desk.post(&desk.hold(desk.one, 1)).await, Outcome::DebitFrozen);
        desk.state(desk.one, AccountState::Frozen).await;
        let settle = Step::Settle { hold: hold.id, amount: Some(10) };
        let settle = desk.transfer(settle);
        desk.sides(desk.earn(desk.one, 1, day(9)), Outcome::CreditFrozen, settle).await;
        let release = Step::Release { hold: hold.id, amount: None, grace: None };
        desk.must(desk.transfer(release)).await;
        desk.must(desk.reverse(&earned, Some(5), Shortfall::Refuse)).await;
        desk.clock.advance(Duration::days(10));
        assert!(desk.expire().await > 0, "expiry goes on");
        assert_eq!(desk.balance(desk.one).await, 0);
        desk.state(desk.one, AccountState::Closed).await;
        assert_eq!(desk.post(&desk.earn(desk.one, 1, day(99))).await, Outcome::CreditClosed);
        assert_eq!(desk.post(&desk.spend(desk.one, 1)).await, Outcome::DebitClosed);
        let mut tx = desk.ledger.db().begin().await.unwrap();
        let open = desk.ledger.set_state(&mut tx, &[desk.one], AccountState::Open).await;
        assert!(matches!(open, Err(crate::Error::AccountClosed)));
        drop(tx);
        desk.must(desk.earn(desk.other, 1, day(99))).await;
        let mut tx = desk.ledger.db().begin().await.unwrap();
        let close = desk.ledger.set_state(&mut tx, &[desk.other], AccountState::Closed).await;
        assert!(matches!(close, Err(crate::Error::AccountInUse)));
        drop(tx);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn holds_and_reversals_up_to_what_is_left() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(9))).await;
        desk.sides(desk.hold(desk.one, 101), Outcome::Insufficient, desk.hold(desk.one, 40)).await;
        desk.sides(desk.spend(desk.one, 61), Outcome::Insufficient, desk.spend(desk.one, 10)).await;
        let hold = desk.must(desk.hold(desk.one, 50)).await;
        let settle = |hold, amount| desk.transfer(Step::Settle { hold, amount });
        let release = |amount, grace| desk.transfer(Step::Release { hold: hold.id, amount, grace });
        let nothing = settle(TransferId::new(NOW), None);
        desk.sides(nothing, Outcome::HoldNotFound, settle(hold.id, Some(20))).await;
        desk.sides(settle(hold.id, Some(31)), Outcome::ExceedsHold, settle(hold.id, Some(10)))
            .await;
        let zero = settle(hold.id, Some(0));
        desk.sides(zero, Outcome::AmountInvalid, release(Some(5), Some(day(3)))).await;
        let past = release(None, Some(day(-1)));
        desk.sides(past, Outcome::ExpiryOutOfRange, release(None, None)).await;
        assert_eq!(desk.post(&settle(hold.id, None)).await, Outcome::HoldEnded);
        assert_eq!(desk.post(&release(Some(1), None)).await, Outcome::HoldEnded);

        let spent = desk.must(desk.spend(desk.one, 10)).await;
        let reverse = |of, amount| desk.reverse(of, amount, Shortfall::Refuse);
        let unknown = desk.earn(desk.one, 1, day(1));
        desk.sides(reverse(&unknown, None), Outcome::OriginalNotFound, reverse(&spent, Some(4)))
            .await;
        let back = reverse(&spent, Some(6));
        desk.sides(reverse(&spent, Some(7)), Outcome::ExceedsOriginal, back.clone()).await;
        assert_eq!(desk.post(&reverse(&spent, None)).await, Outcome::ExceedsOriginal);
        assert_eq!(desk.post(&reverse(&hold, None)).await, Outcome::NotReversible);
        assert_eq!(desk.post(&reverse(&back, None)).await, Outcome::NotReversible);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn balances_stay_in_range() {
    both(async |desk| {
        let full = LARGEST_BALANCE / LARGEST_AMOUNT;
        let batch = (0..full).map(|_| desk.earn(desk.one, LARGEST_AMOUNT, NEVER)).collect();
        let outcomes = desk.ledger.post(batch).await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Posted));
        assert_eq!(desk.post(&desk.earn(desk.one, 1, NEVER)).await, Outcome::BalanceOutOfRange);
        desk.must(desk.spend(desk.one, 1)).await;
        desk.must(desk.earn(desk.one, 1, NEVER)).await;
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_twice_is_posted_once_and_another_under_its_id_is_refused() {
    both(async |desk| {
        let earned = desk.must(desk.earn(desk.one, 100, day(9))).await;
        let due = Some(Due { at: desk.now() + Duration::days(1), then: AtDue::Release });
        let (debit, credit) = (desk.one, desk.redemption);
        let hold = Step::Hold { debit, credit, amount: 40, expires_on: None, due };
        let hold = desk.must(desk.transfer(hold)).await;
        let settle = Step::Settle { hold: hold.id, amount: Some(10) };
        let settle = desk.must(desk.transfer(settle)).await;
        let release = Step::Release { hold: hold.id, amount: None, grace: None };
        let release = desk.must(desk.transfer(release)).await;
        let back = desk.must(desk.reverse(&settle, None, Shortfall::Refuse)).await;
        let before = desk.balance(desk.one).await;
        desk.clock.advance(Duration::days(2));
        let all = [earned, hold, settle, release, back];
        for transfer in &all {
            assert_eq!(desk.post(transfer).await, Outcome::AlreadyPosted, "{:?}", transfer.step);
            let mut other = transfer.clone();
            other.explanation = json!({"worded": "anew"});
            assert_eq!(desk.post(&other).await, Outcome::AlreadyPosted);
            other.code = "other".to_owned();
            assert_eq!(desk.post(&other).await, Outcome::IdTaken);
        }
        let mut other = all[0].clone();
        other.step = Step::Post {
            debit: desk.issuance,
            credit: desk.other,
            amount: 100,
            expires_on: Some(day(9)),
        };
        assert_eq!(desk.post(&other).await, Outcome::IdTaken);
        // Twice in one batch, too.
        let twice = desk.earn(desk.one, 7, day(9));
        let outcomes = desk.ledger.post(vec![twice.clone(), twice]).await.unwrap();
        assert_eq!(outcomes, [Outcome::Posted, Outcome::AlreadyPosted]);
        assert_eq!(desk.balance(desk.one).await, before + 7);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_chain_is_posted_whole_or_not_at_all() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(9))).await;
        let (first, second) = (desk.spend(desk.one, 60), desk.spend(desk.one, 60));
        let alone = desk.earn(desk.other, 1, day(9));
        let batch = vec![
            alone.clone(),
            desk.earn(desk.one, 5, day(9)).linked(),
            first.clone().linked(),
            second.linked(),
            desk.earn(desk.one, 5, day(9)),
            desk.earn(desk.other, 2, day(9)),
        ];
        let outcomes = desk.ledger.post(batch).await.unwrap();
        use Outcome::{ChainBroken, ChainOpen, Insufficient, Posted};
        let told = [Posted, ChainBroken, ChainBroken, Insufficient, ChainBroken, Posted];
        assert_eq!(outcomes, told);
        assert_eq!((desk.balance(desk.one).await, desk.balance(desk.other).await), (100, 3));
        assert_eq!(desk.lots(desk.one).await, [(day(9), 100)]);
        // Hold, settle and redeposit in one go; a refused id may be used again.
        let hold = desk.hold(desk.one, 70);
        let settle = Step::Settle { hold: hold.id, amount: None };
        let settle = desk.transfer(settle);
        let back = desk.reverse(&settle, None, Shortfall::Refuse);
        let chain = vec![hold.linked(), settle.linked(), back.linked(), first.clone()];
        assert_eq!(desk.ledger.post(chain.clone()).await.unwrap(), [Posted; 4]);
        assert_eq!(desk.ledger.post(chain).await.unwrap(), [Outcome::AlreadyPosted; 4]);
        assert_eq!(desk.lots(desk.one).await, [(day(9), 40)]);
        let open = vec![alone.linked(), desk.earn(desk.one, 5, day(9)).linked()];
        assert_eq!(desk.ledger.post(open).await.unwrap(), [ChainBroken, ChainOpen]);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_broken_chain_leaves_no_hold_behind() {
    both(async |desk| {
        desk.must(desk.earn(desk.one, 100, day(9))).await;
        let hold = desk.hold(desk.one, 70);
        let chain = vec![hold.clone().linked(), desk.spend(desk.one, 31)];
        let outcomes = desk.ledger.post(chain).await.unwrap();
        assert_eq!(outcomes, [Outcome::ChainBroken, Outcome::Insufficient]);
        let settle = desk.transfer(Step::Settle { hold: hold.id, amount: None });
        assert_eq!(desk.post(&settle).await, Outcome::HoldNotFound);
        assert_eq!((desk.balance(desk.one).await, desk.balance(desk.held).await), (100, 0));
        desk.sound().await;
    })
    .await;
}
