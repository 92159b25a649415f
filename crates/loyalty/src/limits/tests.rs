#![allow(clippy::unwrap_used, reason = "tests")]

use access::Role;
use chrono::Duration;
use uuid::Uuid;

use super::{Action, Deed, Limit, Verdict, What};
use crate::testing::{actor, both, member, service};
use crate::{Error, Loyalty, MemberId};

fn limit(loyalty: &Loyalty, what: What, most: (Option<i64>, Option<i64>), action: Action) -> Limit {
    Limit {
        id: kernel::ids::v7(loyalty.now()),
        programme: "ZH".to_owned(),
        what,
        hours: 24,
        most_count: most.0,
        most_amount: most.1,
        action,
        valid_from: loyalty.now(),
        valid_to: None,
    }
}

fn redemption(amount: i64, reference: &str) -> Deed {
    Deed { what: What::Redemption, amount, reference: reference.to_owned(), device: None }
}

async fn permit(loyalty: &Loyalty, who: MemberId, deed: &Deed) -> Verdict {
    let mut tx = loyalty.db().begin().await.unwrap();
    let verdict = loyalty.permit_in(&mut tx, who, deed).await.unwrap();
    tx.commit().await.unwrap();
    verdict
}

#[tokio::test]
async fn counts_and_amounts_on_both_sides() {
    both(async |house| {
        let (loyalty, clerk) = (service(&house).await, actor(&house, Role::Loyalty).await);
        let who = member(&loyalty, &clerk, "周启明").await.id;
        let amount = limit(&loyalty, What::Redemption, (None, Some(100)), Action::Refuse);
        loyalty.add_limit(&clerk, &amount).await.unwrap();
        let count = limit(&loyalty, What::Redemption, (Some(2), None), Action::Review);
        loyalty.add_limit(&clerk, &count).await.unwrap();
        assert_eq!(permit(&loyalty, who, &redemption(60, "a")).await, Verdict::Allowed);
        let over = permit(&loyalty, who, &redemption(41, "b")).await;
        assert_eq!(over, Verdict::Refused(amount.id));
        assert_eq!(permit(&loyalty, who, &redemption(40, "b")).await, Verdict::Allowed);
        let Verdict::Review(review) = permit(&loyalty, who, &redemption(0, "c")).await else {
            unreachable!("the third of a day is looked at")
        };
        // Asked again, it is still the same review.
        assert_eq!(permit(&loyalty, who, &redemption(0, "c")).await, Verdict::Review(review));
        assert_eq!(loyalty.open_reviews(&clerk, None, 9).await.unwrap()[0].id, review);
        let agent = actor(&house, Role::Agent).await;
        let denied = loyalty.decide_review(&agent, review, true).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
        let _ = loyalty.decide_review(&clerk, review, true).await.unwrap();
        assert!(loyalty.decide_review(&clerk, review, true).await.unwrap().is_repeat());
        let other = loyalty.decide_review(&clerk, review, false).await;
        assert!(matches!(other, Err(Error::Refused("loyalty-review-decided"))));
        assert_eq!(permit(&loyalty, who, &redemption(0, "c")).await, Verdict::Allowed);
        assert!(loyalty.open_reviews(&clerk, None, 9).await.unwrap().is_empty());
        house.clock.advance(Duration::hours(24));
        assert_eq!(permit(&loyalty, who, &redemption(100, "d")).await, Verdict::Allowed);
    })
    .await;
}

#[tokio::test]
async fn redemptions_wait_after_a_new_nominee_or_device() {
    both(async |house| {
        let (loyalty, clerk) = (service(&house).await, actor(&house, Role::Loyalty).await);
        let who = member(&loyalty, &clerk, "周启明").await.id;
        let none = (None, None);
        let device = limit(&loyalty, What::NewDevice, none, Action::Review);
        loyalty.add_limit(&clerk, &device).await.unwrap();
        let from = |reference| {
            let device = Some(b"phone".to_vec());
            Deed { device, ..redemption(1, reference) }
        };
        let first = permit(&loyalty, who, &from("a")).await;
        assert!(matches!(first, Verdict::Review(_)), "{first:?}");
        let Verdict::Review(review) = first else { return };
        let _ = loyalty.decide_review(&clerk, review, false).await.unwrap();
        assert_eq!(permit(&loyalty, who, &from("a")).await, Verdict::Refused(review));
        house.clock.advance(Duration::hours(24));
        assert_eq!(permit(&loyalty, who, &from("b")).await, Verdict::Allowed);
        let nominee = limit(&loyalty, What::NewNominee, none, Action::Refuse);
        loyalty.add_limit(&clerk, &nominee).await.unwrap();
        let named = limit(&loyalty, What::Nominee, (Some(1), None), Action::Refuse);
        loyalty.add_limit(&clerk, &named).await.unwrap();
        let new = |document: &str| crate::members::nominees::NewNominee {
            name: kernel::names::PersonName::parse("Li Wei"),
            birth_date: crate::testing::born(1990, 1, 1).into(),
            document: document.to_owned().into(),
            guardian_consent: false,
        };
        loyalty.add_nominees(&clerk, who, &[new("E1")]).await.unwrap();
        let second = loyalty.add_nominees(&clerk, who, &[new("E2")]).await;
        assert!(matches!(second, Err(Error::Refused("loyalty-limit"))));
        assert_eq!(loyalty.nominees(&clerk, who).await.unwrap().len(), 1, "nothing half done");
        assert_eq!(permit(&loyalty, who, &from("c")).await, Verdict::Refused(nominee.id));
        house.clock.advance(Duration::hours(24));
        assert_eq!(permit(&loyalty, who, &from("c")).await, Verdict::Allowed);
    })
    .await;
}

#[tokio::test]
async fn a_limit_has_to_limit_something() {
    both(async |house| {
        let (loyalty, clerk) = (service(&house).await, actor(&house, Role::Loyalty).await);
        let good = limit(&loyalty, What::Transfer, (Some(0), None), Action::Refuse);
        loyalty.add_limit(&clerk, &good).await.unwrap();
        assert_eq!(loyalty.limits(&clerk, "ZH").await.unwrap(), std::slice::from_ref(&good));
        let bad = [
            Limit { hours: 0, ..good.clone() },
            Limit { hours: 87_601, ..good.clone() },
            Limit { most_count: None, ..good.clone() },
            Limit { most_count: Some(-1), ..good.clone() },
            Limit { what: What::NewDevice, ..good.clone() },
        ];
        for mut limit in bad {
            limit.id = Uuid::nil();
            assert!(matches!(loyalty.add_limit(&clerk, &limit).await, Err(Error::Invalid(_))));
        }
        let who = member(&loyalty, &clerk, "周启明").await.id;
        let transfer = Deed { what: What::Transfer, ..redemption(1, "t") };
        assert_eq!(permit(&loyalty, who, &transfer).await, Verdict::Refused(good.id));
        let agent = actor(&house, Role::Agent).await;
        assert!(matches!(loyalty.add_limit(&agent, &good).await, Err(Error::Denied(_))));
    })
    .await;
}
