//! Who may be enrolled, and what an enrolment makes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use access::Role;
use chrono::{Days, Duration};
use customers::{Draft, Set};
use kernel::Explain;
use kernel::names::PersonName;

use crate::ledger::Unit;
use crate::members::{Enrol, MemberKind, Person};
use crate::testing::{actor, born, both, enrolment, member, person, service};
use crate::{Error, events};

#[tokio::test]
async fn an_adult_gets_a_number_accounts_and_a_card() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let first = member(&loyalty, &agent, "周启明").await;
        let second = member(&loyalty, &agent, "Raman Priya").await;
        assert_eq!(first.kind, MemberKind::Ordinary);
        assert!(kernel::member_no::is_valid(&first.member_no));
        assert_ne!(first.member_no, second.member_no);
        let grouped = kernel::member_no::grouped(&first.member_no);
        assert_eq!(loyalty.member_by_no(&agent, "ZH", &grouped).await.unwrap(), first);
        assert_eq!(loyalty.cards(&agent, first.id).await.unwrap().len(), 1);
        let mut tx = loyalty.db().read().await.unwrap();
        let accounts = loyalty.accounts(&mut tx, first.id).await.unwrap();
        assert_eq!(accounts.len(), Unit::ALL.len());
        drop(tx);
        let customer = first.customer.unwrap();
        let known = loyalty.customers().get(&agent, customer).await.unwrap();
        assert_eq!(known.profile.member_no, first.member_no);
        assert_eq!(loyalty.members_of(&agent, customer).await.unwrap(), [first]);
        let again = loyalty.enrol(&agent, enrolment(Person::Known(Box::new(known)))).await;
        assert!(matches!(again, Err(Error::Refused("loyalty-already-member"))), "{again:?}");
        let auditor = actor(&house, Role::Auditor).await;
        let denied = loyalty.enrol(&auditor, enrolment(person("A B", born(1980, 1, 1)))).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
    })
    .await;
}

#[tokio::test]
async fn ages_on_both_sides() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let guardian = member(&loyalty, &agent, "周启明").await;
        // Today is 22 November 2026.
        let twelve = loyalty.enrol(&agent, enrolment(person("周一", born(2014, 11, 22)))).await;
        assert_eq!(twelve.unwrap().kind, MemberKind::Ordinary);
        let almost = || enrolment(person("周二", born(2014, 11, 23)));
        let alone = loyalty.enrol(&agent, almost()).await;
        assert!(matches!(alone, Err(Error::Invalid(_))), "a child needs a guardian");
        let child = Enrol { guardian: Some(guardian.id), ..almost() };
        let child = loyalty.enrol(&agent, child).await.unwrap();
        assert_eq!((child.kind, child.adult_on), (MemberKind::Child, Some(born(2026, 11, 23))));
        let under =
            |born| Enrol { guardian: Some(guardian.id), ..enrolment(person("周三", born)) };
        assert!(loyalty.enrol(&agent, under(born(2024, 11, 22))).await.is_ok(), "two today");
        for wrong in [born(2024, 11, 23), born(2027, 1, 1), born(1980, 1, 1)] {
            let refused = loyalty.enrol(&agent, under(wrong)).await;
            assert_eq!(refused.unwrap_err().kind(), kernel::Kind::Invalid, "{wrong}");
        }
        let by_child = Enrol { guardian: Some(child.id), ..under(born(2020, 1, 1)) };
        assert!(matches!(loyalty.enrol(&agent, by_child).await, Err(Error::Invalid(_))));
        let nowhere = Enrol { programme: "XX".to_owned(), ..almost() };
        assert!(matches!(loyalty.enrol(&agent, nowhere).await, Err(Error::Invalid(_))));

        assert_eq!(loyalty.grow_up().await.unwrap(), 0);
        house.clock.advance(Duration::days(1));
        assert_eq!(loyalty.grow_up().await.unwrap(), 1);
        assert_eq!(loyalty.grow_up().await.unwrap(), 0);
        let grown = loyalty.member(&agent, child.id).await.unwrap();
        assert_eq!((grown.kind, grown.adult_on), (MemberKind::Ordinary, None));
        let mut tx = loyalty.db().read().await.unwrap();
        let said = store::outbox::about(&mut tx, "members", 9).await.unwrap();
        assert_eq!(said[0].type_, events::GROWN);
    })
    .await;
}

#[tokio::test]
async fn a_number_the_person_has_already_is_kept() {
    both(async |house| {
        let (loyalty, agent) = (service(&house).await, actor(&house, Role::Agent).await);
        let number = kernel::member_no::with_check(621_804_573);
        let draft = Draft {
            name: Set::To(PersonName::parse("周启明")),
            birth_date: Set::To(Some(born(1980, 1, 1))),
            member_no: Set::To(number.clone()),
            ..Draft::default()
        };
        let known = loyalty.customers().create(&agent, draft).await.unwrap();
        let enrolled =
            loyalty.enrol(&agent, enrolment(Person::Known(Box::new(known)))).await.unwrap();
        assert_eq!(enrolled.member_no, number);
    })
    .await;
}

#[tokio::test]
async fn one_born_on_a_leap_day_is_twelve_on_it_or_after() {
    let born = born(2012, 2, 29);
    let day = |y, m, d| chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap();
    use crate::members::enrol::kind_on;
    assert_eq!(kind_on(born, day(2024, 2, 28)).unwrap().0, MemberKind::Child);
    assert_eq!(kind_on(born, day(2024, 2, 29)).unwrap().0, MemberKind::Ordinary);
    // Two years old on 1 March 2014, which has no 29 February.
    assert!(kind_on(born, day(2014, 2, 28)).is_err());
    assert!(kind_on(born, day(2014, 2, 28).checked_add_days(Days::new(1)).unwrap()).is_ok());
}
