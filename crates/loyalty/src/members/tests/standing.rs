//! Freezing, merging, tiers, and what needs two people.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use access::Role;
use chrono::{Days, Duration};
use kernel::Outcome;
use serde_json::json;

use crate::ledger::{self, AccountState, Book, NEVER, Step, Transfer, TransferId, Unit};
use crate::members::{Asked, Decision, NewTier};
use crate::testing::{actor, both, member, service};
use crate::{Error, Loyalty, MemberId};

async fn earn(loyalty: &Loyalty, who: MemberId, amount: i64, days: u64) -> ledger::Outcome {
    let mut tx = loyalty.db().read().await.unwrap();
    let account = loyalty.ledger().accounts_of(&mut tx, who).await.unwrap()[0].id;
    let book = Book::new("ZH", Unit::Miles);
    let role = ledger::Role::Issuance;
    let debit = loyalty.ledger().role(&mut tx, &book, role, "").await.unwrap();
    drop(tx);
    let expires_on = loyalty.today().checked_add_days(Days::new(days));
    let step = Step::Post { debit, credit: account, amount, expires_on };
    let now = loyalty.now();
    let transfer = Transfer::new(TransferId::new(now), "accrual", now, step);
    loyalty.ledger().post(vec![transfer]).await.unwrap()[0]
}

async fn miles(loyalty: &Loyalty, who: MemberId) -> Vec<i64> {
    let mut tx = loyalty.db().read().await.unwrap();
    let accounts = loyalty.accounts(&mut tx, who).await.unwrap();
    let miles = accounts.iter().filter(|account| account.book.unit == Unit::Miles);
    miles.map(|account| account.balance).collect()
}

#[tokio::test]
async fn whoever_freezes_may_not_thaw() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let manager = actor(&house, Role::Manager).await;
        let who = member(&loyalty, &agent, "周启明").await.id;
        let freeze = async |actor, state| loyalty.freeze(actor, who, state, "takeover").await;
        assert_eq!(freeze(&agent, AccountState::Frozen).await.unwrap(), Outcome::Done(()));
        assert!(freeze(&agent, AccountState::Frozen).await.unwrap().is_repeat());
        assert_eq!(earn(&loyalty, who, 5, 9).await, ledger::Outcome::CreditFrozen);
        for state in [AccountState::Open, AccountState::DebitsFrozen] {
            assert!(matches!(freeze(&agent, state).await, Err(Error::Denied(_))), "{state:?}");
        }
        let _ = freeze(&manager, AccountState::DebitsFrozen).await.unwrap();
        assert_eq!(earn(&loyalty, who, 5, 9).await, ledger::Outcome::Posted);
        let _ = freeze(&manager, AccountState::Open).await.unwrap();
        let why = loyalty.freeze(&agent, who, AccountState::Frozen, "because").await;
        assert!(matches!(why, Err(Error::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn a_merge_moves_no_posting_and_is_undone_exactly() {
    both(async |house| {
        let (loyalty, manager) = (service(&house).await, actor(&house, Role::Manager).await);
        let (from, into) = (
            member(&loyalty, &manager, "周启明").await.id,
            member(&loyalty, &manager, "Zhou Q").await.id,
        );
        let third = member(&loyalty, &manager, "李思远").await.id;
        let _ = (earn(&loyalty, from, 100, 9).await, earn(&loyalty, into, 50, 30).await);
        let merge = loyalty.merge_members(&manager, from, into).await.unwrap().into_inner();
        assert!(loyalty.merge_members(&manager, from, into).await.unwrap().is_repeat());
        assert_eq!(miles(&loyalty, into).await, [50, 100]);
        for (one, other) in [(into, from), (from, third)] {
            let refused = loyalty.merge_members(&manager, one, other).await;
            assert!(matches!(refused, Err(Error::Refused("loyalty-member-merged"))));
        }
        assert!(loyalty.merge_members(&manager, third, third).await.is_err());
        let mut tx = loyalty.db().read().await.unwrap();
        let parts = loyalty.split(&mut tx, into, 120).await.unwrap();
        let amounts: Vec<i64> = parts.iter().map(|(_, amount)| *amount).collect();
        assert_eq!(amounts, [100, 20], "those that expire first, wherever they are");
        assert_eq!(loyalty.split(&mut tx, into, 999).await.unwrap().len(), 2);
        drop(tx);
        assert!(matches!(
            loyalty.issue_card(&manager, from, crate::members::Medium::Digital).await,
            Err(Error::Refused("loyalty-member-merged"))
        ));
        assert_eq!(earn(&loyalty, from, 7, 9).await, ledger::Outcome::Posted);
        let undone = loyalty.undo_merge(&manager, merge).await.unwrap();
        assert_eq!(undone, Outcome::Done(from));
        assert!(loyalty.undo_merge(&manager, merge).await.unwrap().is_repeat());
        assert_eq!(
            (miles(&loyalty, into).await, miles(&loyalty, from).await),
            (vec![50], vec![107])
        );
        assert!(loyalty.ledger().check().await.unwrap().differences.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_approves_their_own_adjustment() {
    both(async |house| {
        let loyalty = service(&house).await;
        let (clerk, manager) =
            (actor(&house, Role::Loyalty).await, actor(&house, Role::Manager).await);
        let agent = actor(&house, Role::Agent).await;
        let who = member(&loyalty, &agent, "周启明").await.id;
        let days = |days| loyalty.today().checked_add_days(Days::new(days));
        let adjust = |amount, expires_on| Asked::Adjustment {
            unit: Unit::Miles,
            amount,
            expires_on,
            reason: "goodwill".to_owned(),
        };
        let given = loyalty.propose(&clerk, who, adjust(500, days(90))).await.unwrap();
        let own = loyalty.decide(&clerk, given, true).await;
        assert!(matches!(own, Err(Error::Refused("loyalty-own-proposal"))), "{own:?}");
        assert!(matches!(loyalty.decide(&agent, given, true).await, Err(Error::Denied(_))));
        assert!(matches!(loyalty.decide(&agent, given, false).await, Err(Error::Denied(_))));
        assert_eq!(loyalty.open_proposals(&agent, 9).await.unwrap().len(), 1, "still open");
        assert_eq!(loyalty.decide(&manager, given, true).await.unwrap(), Outcome::Done(()));
        assert!(loyalty.decide(&manager, given, true).await.unwrap().is_repeat());
        let late = loyalty.decide(&manager, given, false).await;
        assert!(matches!(late, Err(Error::Refused("loyalty-proposal-decided"))));
        assert_eq!(miles(&loyalty, who).await, [500]);

        house.clock.advance(Duration::seconds(1));
        let taken = loyalty.propose(&clerk, who, adjust(-501, None)).await.unwrap();
        let short = loyalty.decide(&manager, taken, true).await;
        assert!(matches!(short, Err(Error::Ledger(ledger::Outcome::Insufficient))));
        let _ = loyalty.decide(&clerk, taken, false).await.unwrap();
        let known = loyalty.proposals_of(&agent, who).await.unwrap();
        assert_eq!((known[0].state, known[1].state), (Decision::Refused, Decision::Approved));
        for wrong in [adjust(0, None), adjust(5, None), adjust(-5, days(1))] {
            let refused = loyalty.propose(&clerk, who, wrong).await;
            assert!(matches!(refused, Err(Error::Invalid(_))));
        }
        assert!(loyalty.ledger().check().await.unwrap().differences.is_empty());
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "one history, read day by day")]
#[tokio::test]
async fn the_tier_that_counts_is_the_latest_by_rule_or_a_higher_one_by_hand() {
    both(async |house| {
        let loyalty = service(&house).await;
        let (clerk, manager) =
            (actor(&house, Role::Loyalty).await, actor(&house, Role::Manager).await);
        let who = member(&loyalty, &clerk, "周启明").await.id;
        let today = loyalty.today();
        let day = |after| today + Duration::days(after);
        let rule = |tier: &str, rank, from, to, reason: &str| NewTier {
            member: who,
            tier: tier.to_owned(),
            rank,
            valid_from: from,
            valid_to: to,
            reason: reason.to_owned(),
            detail: json!({}),
        };
        let put = async |tier| {
            let mut tx = loyalty.db().begin().await.unwrap();
            let put = loyalty.put_tiers(&mut tx, &[tier]).await;
            tx.commit().await.unwrap();
            put
        };
        let on = async |day| {
            let mut tx = loyalty.db().read().await.unwrap();
            loyalty.tier_on(&mut tx, who, day).await.unwrap().map(|row| row.tier)
        };
        assert_eq!(on(today).await, None);
        put(rule("G", 2, today, day(100), "upgrade")).await.unwrap();
        house.clock.advance(Duration::seconds(1));
        put(rule("S", 1, day(50), day(400), "downgrade")).await.unwrap();
        assert_eq!(
            (on(today).await.unwrap(), on(day(49)).await.unwrap()),
            ("G".into(), "G".into())
        );
        assert_eq!(
            (on(day(50)).await.unwrap(), on(day(400)).await.unwrap()),
            ("S".into(), "S".into())
        );
        assert_eq!(on(day(401)).await, None);

        house.clock.advance(Duration::seconds(1));
        let hand = Asked::Tier {
            tier: "V".to_owned(),
            rank: 3,
            valid_from: day(60),
            valid_to: day(90),
            reason: "board".to_owned(),
        };
        let proposal = loyalty.propose(&clerk, who, hand).await.unwrap();
        assert_eq!(on(day(60)).await.unwrap(), "S", "not before it is approved");
        let _ = loyalty.decide(&manager, proposal, true).await.unwrap();
        assert_eq!(
            (on(day(59)).await.unwrap(), on(day(60)).await.unwrap()),
            ("S".into(), "V".into())
        );
        assert_eq!(
            (on(day(90)).await.unwrap(), on(day(91)).await.unwrap()),
            ("V".into(), "S".into())
        );
        let row = loyalty.tiers(&clerk, who).await.unwrap()[0].clone();
        assert_eq!(row.people, Some((clerk.id, manager.id)));
        house.clock.advance(Duration::seconds(1));
        let end = Asked::EndTier { row: row.id, from: day(70) };
        let end = loyalty.propose(&manager, who, end).await.unwrap();
        let _ = loyalty.decide(&clerk, end, true).await.unwrap();
        assert_eq!(
            (on(day(69)).await.unwrap(), on(day(70)).await.unwrap()),
            ("V".into(), "S".into())
        );
        let endless = Asked::Tier {
            tier: "V".to_owned(),
            rank: 3,
            valid_from: today,
            valid_to: NEVER,
            reason: "board".to_owned(),
        };
        assert!(matches!(loyalty.propose(&clerk, who, endless).await, Err(Error::Invalid(_))));
        assert!(put(rule("S", -1, today, today, "x")).await.is_err());
        assert!(put(rule("S", 1, today, day(-1), "x")).await.is_err());
    })
    .await;
}
