//! Cards, nominees, pools; following the customer; erasing the person.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use access::Role;
use chrono::Duration;
use kernel::names::PersonName;
use kernel::{Outcome, Personal};

use crate::ledger::{AccountState, NEVER};
use crate::members::nominees::NewNominee;
use crate::members::{Enrol, Medium, NewTier, PERSONAL_TABLES};
use crate::testing::{actor, born, both, enrolment, member, person, service};
use crate::{Error, Loyalty, MemberId};

fn nominee(name: &str, document: &str) -> NewNominee {
    NewNominee {
        name: PersonName::parse(name),
        birth_date: Personal::new(born(1990, 1, 1)),
        document: document.to_owned().into(),
        guardian_consent: false,
    }
}

async fn silver(loyalty: &Loyalty, member: MemberId, rank: i64) {
    let mut tx = loyalty.db().begin().await.unwrap();
    let tier = NewTier {
        member,
        tier: "S".to_owned(),
        rank,
        valid_from: loyalty.today(),
        valid_to: NEVER,
        reason: "upgrade".to_owned(),
        detail: serde_json::json!({"km": 40_000}),
    };
    loyalty.put_tiers(&mut tx, &[tier]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn cards_are_issued_and_blocked() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let who = member(&loyalty, &agent, "周启明").await.id;
        assert_eq!(loyalty.issue_card(&agent, who, Medium::Plastic).await.unwrap(), 2);
        let lost = loyalty.block_card(&agent, who, 2, "lost").await.unwrap();
        assert_eq!(lost, Outcome::Done(()));
        let again = loyalty.block_card(&agent, who, 2, "stolen").await.unwrap();
        assert!(again.is_repeat());
        assert!(matches!(
            loyalty.block_card(&agent, who, 1, "eaten").await,
            Err(Error::Invalid(_))
        ));
        assert!(matches!(
            loyalty.block_card(&agent, who, 9, "lost").await,
            Err(Error::NotFound(_))
        ));
        let cards = loyalty.cards(&agent, who).await.unwrap();
        assert_eq!(cards[0].blocked.as_ref().unwrap().1, "lost");
        assert!(cards[1].blocked.is_none());
    })
    .await;
}

#[tokio::test]
async fn nominees_wait_thirty_days_and_the_first_of_an_elite_member_do_not() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let (one, elite) = (
            member(&loyalty, &agent, "周启明").await.id,
            member(&loyalty, &agent, "王婉清").await.id,
        );
        silver(&loyalty, elite, 1).await;
        let is = async |who, document: &str| {
            let mut tx = loyalty.db().read().await.unwrap();
            loyalty.is_nominee(&mut tx, who, &document.to_owned().into()).await.unwrap()
        };
        let two = [nominee("Li Wei", "E1234 5678"), nominee("Li Na", "e8765-4321")];
        for who in [one, elite] {
            let added = loyalty.add_nominees(&agent, who, &two).await.unwrap();
            assert_eq!(loyalty.add_nominees(&agent, who, &two).await.unwrap(), added, "again");
        }
        assert!(is(elite, "E12345678").await && !is(one, "E12345678").await);
        loyalty.add_nominees(&agent, elite, &[nominee("Li Bo", "E5")]).await.unwrap();
        assert!(!is(elite, "E5").await, "not of the first batch");
        house.clock.advance(Duration::days(29));
        assert!(!is(one, "E12345678").await);
        house.clock.advance(Duration::days(1));
        assert!(is(one, "e1234-5678").await && is(elite, "E5").await);
        let listed = loyalty.nominees(&agent, one).await.unwrap();
        assert_eq!(listed[0].document, "E******78");
        let gone = listed[0].id;
        assert_eq!(loyalty.remove_nominee(&agent, one, gone).await.unwrap(), Outcome::Done(()));
        assert!(loyalty.remove_nominee(&agent, one, gone).await.unwrap().is_repeat());
        assert!(!is(one, "E12345678").await, "at once");
    })
    .await;
}

#[tokio::test]
async fn ten_nominees_at_most_and_consent_under_fourteen() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let who = member(&loyalty, &agent, "周启明").await.id;
        let nine: Vec<NewNominee> = (0..9).map(|at| nominee("Li Wei", &format!("E{at}"))).collect();
        loyalty.add_nominees(&agent, who, &nine).await.unwrap();
        let two = [nominee("Li Na", "X1"), nominee("Li Bo", "X2")];
        let full = loyalty.add_nominees(&agent, who, &two).await;
        assert!(matches!(full, Err(Error::Refused("loyalty-nominees-full"))));
        assert_eq!(loyalty.nominees(&agent, who).await.unwrap().len(), 9, "all or none");
        let child = |year, month, day, guardian_consent| NewNominee {
            birth_date: Personal::new(born(year, month, day)),
            guardian_consent,
            ..nominee("Li An", "C1")
        };
        let refused = loyalty.add_nominees(&agent, who, &[child(2012, 11, 23, false)]).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "thirteen without consent");
        loyalty.add_nominees(&agent, who, &[child(2012, 11, 23, true)]).await.unwrap();
        let added = loyalty.nominees(&agent, who).await.unwrap()[9].id;
        let _ = loyalty.remove_nominee(&agent, who, added).await.unwrap();
        loyalty.add_nominees(&agent, who, &[child(2012, 11, 22, false)]).await.unwrap();
        for wrong in
            [nominee("", "E77"), nominee("Li Na", " - "), nominee("Li Na", &"1".repeat(41))]
        {
            let refused = loyalty.add_nominees(&agent, who, &[wrong]).await;
            assert!(matches!(refused, Err(Error::Invalid(_))));
        }
    })
    .await;
}

async fn share(loyalty: &Loyalty, who: MemberId) -> Option<(MemberId, i64)> {
    let mut tx = loyalty.db().read().await.unwrap();
    loyalty.pool_share(&mut tx, who).await.unwrap()
}

#[tokio::test]
async fn a_pool_shares_until_somebody_leaves() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let head = member(&loyalty, &agent, "周启明").await.id;
        let wife = member(&loyalty, &agent, "王婉清").await.id;
        let other = member(&loyalty, &agent, "李思远").await.id;
        let child = Enrol { guardian: Some(wife), ..enrolment(person("周一", born(2020, 1, 1))) };
        let child = loyalty.enrol(&agent, child).await.unwrap().id;
        let refused = |result: Result<(), Error>| match result {
            Err(Error::Refused(code)) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(loyalty.join_pool(&agent, head, wife, 50).await), "loyalty-pool-none");
        loyalty.open_pool(&agent, head).await.unwrap();
        assert!(matches!(loyalty.open_pool(&agent, child).await, Err(Error::Refused(_))));
        assert_eq!(refused(loyalty.join_pool(&agent, head, child, 50).await), "loyalty-pool-child");
        for wrong in [-1, 101] {
            let result = loyalty.join_pool(&agent, head, wife, wrong).await;
            assert!(matches!(result, Err(Error::Invalid(_))));
        }
        loyalty.join_pool(&agent, head, wife, 100).await.unwrap();
        loyalty.join_pool(&agent, head, child, 0).await.unwrap();
        assert_eq!(share(&loyalty, wife).await, Some((head, 100)));
        assert_eq!((share(&loyalty, head).await, share(&loyalty, child).await), (None, None));
        let twice = loyalty.join_pool(&agent, head, wife, 50).await;
        assert_eq!(refused(twice), "loyalty-pool-already");
        assert_eq!(loyalty.leave_pool(&agent, wife).await.unwrap(), Outcome::Done(()));
        assert!(loyalty.leave_pool(&agent, wife).await.unwrap().is_repeat());
        assert_eq!(share(&loyalty, wife).await, None);
        let early = loyalty.join_pool(&agent, head, wife, 50).await;
        assert_eq!(refused(early), "loyalty-pool-too-soon");
        house.clock.advance(Duration::days(180));
        loyalty.join_pool(&agent, head, wife, 50).await.unwrap();
        for at in 2..7 {
            let more = member(&loyalty, &agent, &format!("Li Wei{at}")).await.id;
            loyalty.join_pool(&agent, head, more, 1).await.unwrap();
        }
        assert_eq!(refused(loyalty.join_pool(&agent, head, other, 1).await), "loyalty-pool-full");
        let _ = loyalty.leave_pool(&agent, head).await.unwrap();
        assert_eq!(share(&loyalty, wife).await, None, "the head ended it");
        assert!(loyalty.pool(&agent, child).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_member_follows_its_customer_there_and_back() {
    both(async |house| {
        let (loyalty, manager) = (service(&house).await, actor(&house, Role::Manager).await);
        let who = member(&loyalty, &manager, "周启明").await;
        let known = who.customer.unwrap();
        let stranger = customers::CustomerId::new(loyalty.now());
        let mut tx = loyalty.db().read().await.unwrap();
        let used = Loyalty::in_use(&mut tx, &[known, stranger]).await.unwrap();
        assert_eq!(used, [known].into());
        drop(tx);
        let draft = customers::Draft {
            name: customers::Set::To(PersonName::parse("周启明")),
            ..customers::Draft::default()
        };
        let older = loyalty.customers().create(&manager, draft).await.unwrap().id;
        let hear = async || {
            let handlers = loyalty.listeners();
            while store::outbox::dispatch(loyalty.db(), &handlers, loyalty.now(), 100)
                .await
                .unwrap()
                > 0
            {}
        };
        let merged = loyalty.customers().merge(&manager, known, older).await.unwrap();
        hear().await;
        let now = loyalty.member(&manager, who.id).await.unwrap().customer.unwrap();
        assert_eq!(now, loyalty.customers().current(&manager, known).await.unwrap());
        let step = merged.into_inner();
        let _ = loyalty.customers().undo_step(&manager, step.0.unwrap()).await.unwrap();
        hear().await;
        assert_eq!(loyalty.member(&manager, who.id).await.unwrap().customer, Some(known));
    })
    .await;
}

#[tokio::test]
async fn forgetting_leaves_books_that_lead_to_nobody() {
    both(async |house| {
        let (loyalty, manager) = (service(&house).await, actor(&house, Role::Manager).await);
        let who = member(&loyalty, &manager, "周启明").await;
        let customer = who.customer.unwrap();
        loyalty.add_nominees(&manager, who.id, &[nominee("Li Wei", "E12345678")]).await.unwrap();
        let export = loyalty.export(&manager, customer).await.unwrap();
        let text = export.0.to_string();
        assert!(text.contains("E12345678") && text.contains(&who.member_no), "{text}");
        let agent = actor(&house, Role::Agent).await;
        assert!(matches!(loyalty.export(&agent, customer).await, Err(Error::Denied(_))));
        let _ = loyalty.customers().forget(&manager, customer).await.unwrap();
        let handlers = loyalty.listeners();
        store::outbox::dispatch(loyalty.db(), &handlers, loyalty.now(), 100).await.unwrap();
        let gone = loyalty.member(&manager, who.id).await.unwrap();
        assert_eq!((gone.customer, gone.state), (None, AccountState::Frozen));
        assert_ne!(gone.member_no, who.member_no);
        assert!(loyalty.nominees(&manager, who.id).await.unwrap().is_empty());
        assert_eq!(loyalty.forget(customer).await.unwrap(), 0, "again");
        let late = loyalty.issue_card(&manager, who.id, Medium::Digital).await;
        assert!(matches!(late, Err(Error::Refused("loyalty-member-forgotten"))));
    })
    .await;
}

/// Every table with a member in it is named, so that nobody forgets to forget.
#[tokio::test]
async fn every_table_with_a_member_is_a_personal_one() {
    let text = concat!(
        include_str!("../../../migrations/20261123_155000_members.sql"),
        include_str!("../../../migrations/20261123_171000_accrual.sql"),
        include_str!("../../../migrations/20261124_041000_promotions.sql")
    );
    for table in text.split("CREATE TABLE ").skip(1) {
        let name = table.split_whitespace().next().unwrap();
        let personal = table.split(';').next().unwrap().contains("loyalty_member (id)")
            || table.contains("\n    member_id UUID")
            || name == "loyalty_member";
        let named = PERSONAL_TABLES.iter().any(|(known, _)| *known == name);
        assert_eq!(personal, named, "{name}");
    }
}
