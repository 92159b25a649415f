#![allow(clippy::unwrap_used, reason = "tests")]
use access::{Actor, Role};
use chrono::{Days, Duration};
use kernel::Explain;
use programme::accrual::Fact;
use programme::examples::BRIDGE_KM;
use store::jobs::{Handlers, Worker};
use web::testing::House;

use super::*;
use crate::accrual::FlownFact;
use crate::jobs::PROMOTIONS_JOB;
use crate::ledger::{AccountState, Unit};
use crate::testing::{actor, approve, both, flight, flyer, service};

const KM: &str = "bridge-km";

/// A promotion over given days, that gives as much again for flights of the airline.
fn row(id: &str, from: NaiveDate, to: NaiveDate) -> String {
    format!(
        "[[accrual.promotions]]\nid = \"{id}\"\nvalid_from = \"{from}\"\nvalid_to = \"{to}\"\n\
         name = {{ en = \"Autumn twice\", zh = \"秋日双倍\" }}\nopen_to = \"registered\"\n\
         order = 1\nstacking = \"add\"\npercent = \"100%\"\nof = \"award\"\n\
         source = \"invented\"\n\n"
    )
}

struct Desk {
    loyalty: Loyalty,
    clerk: Actor,
    one: MemberId,
    other: MemberId,
    /// The day of the beginning.
    day: NaiveDate,
}

impl Desk {
    /// Sixty days of `autumn` from the first, `past` before them, `next` after them.
    async fn new(house: &House) -> Self {
        let loyalty = service(house).await;
        let day = loyalty.today();
        let rows = [
            row("autumn", day, day + Days::new(59)),
            row("past", day - Days::new(60), day - Days::new(1)),
            row("next", day + Days::new(60), day + Days::new(90)),
        ];
        let place = "[[accrual.promotions]]\nid = \"first-flight\"";
        assert!(BRIDGE_KM.contains(place));
        let text = BRIDGE_KM.replace(place, &format!("{}{place}", rows.concat()));
        approve(house, &loyalty, &text, "2024-01-01".parse().unwrap()).await;
        let clerk = actor(house, Role::Loyalty).await;
        let one = flyer(&loyalty, &clerk, KM, "周启明").await;
        let other = flyer(&loyalty, &clerk, KM, "林小雨").await;
        Self { loyalty, clerk, one, other, day }
    }

    async fn fly(&self, key: &str, member: MemberId, day: NaiveDate) -> i64 {
        let fact: Fact = flight(day, "Y", 1_000);
        let fact =
            FlownFact { key: key.to_owned(), revision: 1, member: Some(member), fact: Some(fact) };
        self.loyalty.accrue(vec![fact]).await.unwrap();
        let kept = self.loyalty.accrual(&self.clerk, key).await.unwrap();
        let miles = kept.postings.iter().filter(|it| it.measure == programme::Measure::Redeemable);
        miles.map(|it| it.amount).sum()
    }

    async fn refused(&self, actor: &Actor, member: MemberId, promotion: &str) -> &'static str {
        self.loyalty.register(actor, member, promotion).await.unwrap_err().code()
    }

    async fn miles(&self, member: MemberId) -> i64 {
        let mut tx = self.loyalty.db().read().await.unwrap();
        let accounts = self.loyalty.ledger().accounts_of(&mut tx, member).await.unwrap();
        accounts.iter().find(|it| it.book.unit == Unit::Miles).map_or(0, |it| it.balance)
    }
}

#[tokio::test]
async fn flights_earn_by_it_from_the_day_of_registration_on() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        house.clock.advance(Duration::days(10));
        let registered = desk.loyalty.today();
        let done = desk.loyalty.register(&desk.clerk, desk.one, "autumn").await.unwrap();
        assert!(!done.is_repeat() && !done.into_inner().by_member);
        house.clock.advance(Duration::days(80));
        let plain = desk.fly("before", desk.one, registered - Days::new(1)).await;
        assert_eq!(plain, 1_100, "flown before: nothing by it, whenever it is told");
        assert_eq!(desk.fly("on", desk.one, registered).await, 2_200);
        assert_eq!(desk.fly("last", desk.one, desk.day + Days::new(59)).await, 2_200);
        assert_eq!(desk.fly("after", desk.one, desk.day + Days::new(60)).await, 1_100);
        assert_eq!(desk.fly("stranger", desk.other, registered).await, 1_100, "not registered");
        let checked = desk.loyalty.ledger().check().await.unwrap();
        assert_eq!(checked.differences, [], "{checked:?}");
        assert_eq!(desk.miles(desk.one).await, 6_600);
    })
    .await;
}

#[tokio::test]
async fn again_is_the_first_answer_whatever_has_changed() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let own = Actor::member(desk.one.uuid());
        let first = desk.loyalty.register(&own, desk.one, "autumn").await.unwrap();
        assert!(!first.is_repeat());
        let first = first.into_inner();
        assert!(first.by_member);
        house.clock.advance(Duration::days(90));
        let frozen = AccountState::Frozen;
        let _ = desk.loyalty.freeze(&desk.clerk, desk.one, frozen, "fraud").await.unwrap();
        for actor in [&own, &desk.clerk] {
            let again = desk.loyalty.register(actor, desk.one, "autumn").await.unwrap();
            assert!(again.is_repeat());
            assert_eq!(again.into_inner(), first);
        }
        let counts = desk.loyalty.registered_counts(&desk.clerk, KM).await.unwrap();
        assert_eq!(counts, HashMap::from([("autumn".to_owned(), 1)]));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_open_to_register_is_refused_with_its_reason() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let clerk = desk.clerk.clone();
        for (promotion, code) in [
            ("past", "loyalty-promotion-ended"),
            ("next", "loyalty-promotion-not-begun"),
            ("first-flight", "loyalty-promotion-for-all"),
            ("march", "loyalty-promotion-not-found"),
        ] {
            assert_eq!(desk.refused(&clerk, desk.one, promotion).await, code, "{promotion}");
        }
        let analyst = actor(&house, Role::Analyst).await;
        assert_eq!(desk.refused(&analyst, desk.one, "autumn").await, "access-denied");
        let another = Actor::member(desk.other.uuid());
        assert_eq!(desk.refused(&another, desk.one, "autumn").await, "access-denied");
        let spending = AccountState::DebitsFrozen;
        let _ = desk.loyalty.freeze(&clerk, desk.other, spending, "dispute").await.unwrap();
        let done = desk.loyalty.register(&clerk, desk.other, "autumn").await.unwrap();
        assert!(!done.is_repeat(), "miles still come in");
        let frozen = AccountState::Frozen;
        let _ = desk.loyalty.freeze(&clerk, desk.one, frozen, "fraud").await.unwrap();
        let code = desk.refused(&clerk, desk.one, "autumn").await;
        assert_eq!(code, "loyalty-promotion-frozen");
        let number = desk.loyalty.register_number(&clerk, KM, "0", "autumn").await.unwrap_err();
        assert_eq!(number.code(), "loyalty-invalid");
        let counts = desk.loyalty.registered_counts(&clerk, KM).await.unwrap();
        assert_eq!(counts, HashMap::from([("autumn".to_owned(), 1)]));
    })
    .await;
}

#[tokio::test]
async fn merged_members_share_it_and_take_it_apart_again() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let today = desk.loyalty.today();
        let _ = desk.loyalty.register(&desk.clerk, desk.one, "autumn").await.unwrap();
        house.clock.advance(Duration::days(2));
        assert_eq!(desk.fly("apart", desk.other, today).await, 1_100);
        let merge = desk.loyalty.merge_members(&desk.clerk, desk.one, desk.other).await.unwrap();
        assert_eq!(desk.fly("gone", desk.one, today).await, 2_200);
        assert_eq!(desk.fly("stays", desk.other, today).await, 2_200);
        for member in [desk.one, desk.other] {
            let again = desk.loyalty.register(&desk.clerk, member, "autumn").await.unwrap();
            assert!(again.is_repeat(), "either is the one they are now");
            assert_eq!(again.into_inner().member, desk.one);
        }
        let _ = desk.loyalty.undo_merge(&desk.clerk, merge.into_inner()).await.unwrap();
        assert_eq!(desk.fly("own", desk.one, today).await, 2_200);
        assert_eq!(desk.fly("alone", desk.other, today).await, 1_100);
    })
    .await;
}

/// Runs what was asked for.
pub(crate) async fn work(house: &House, loyalty: &Loyalty) {
    let mut handlers = Handlers::default();
    let service = loyalty.clone();
    handlers.add(PROMOTIONS_JOB, move |job| {
        let service = service.clone();
        async move { service.run_promotions(job).await }
    });
    Worker::new(loyalty.db().clone(), house.clock.clone(), handlers, 1).drain().await.unwrap();
}

#[tokio::test]
async fn what_it_did_is_counted_from_what_was_derived() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let clerk = &desk.clerk;
        let year = Days::new(300);
        for (key, member) in [("a", desk.one), ("b", desk.other)] {
            desk.fly(key, member, desk.day - year).await;
        }
        let _ = desk.loyalty.register(clerk, desk.one, "autumn").await.unwrap();
        house.clock.advance(Duration::days(5));
        desk.fly("c", desk.one, desk.day + Days::new(1)).await;
        desk.fly("d", desk.one, desk.day + Days::new(2)).await;
        desk.fly("e", desk.other, desk.day + Days::new(2)).await;
        let none = desk.loyalty.promotion_effect(clerk, KM, "autumn").await.unwrap();
        assert_eq!(none, None, "not worked out yet");
        let _ = desk.loyalty.work_out_promotions(clerk).await.unwrap();
        work(&house, &desk.loyalty).await;
        let found = desk.loyalty.promotion_effect(clerk, KM, "autumn").await.unwrap();
        let (effect, at) = found.unwrap();
        assert_eq!(at, desk.loyalty.now());
        assert_eq!((effect.members, effect.flights, effect.miles), (1, 2, 2_200));
        assert_eq!(effect.cost, Some((12_000, 26_400)), "the rules' own price of 1,000");
        let comparison = effect.comparison.unwrap();
        assert_eq!(comparison.with, Side { members: 1, during: 2, before: 0 });
        assert_eq!(comparison.without, Side { members: 1, during: 1, before: 0 });
        assert_eq!(comparison.difference(), None, "too few");
        let coming = desk.loyalty.promotion_effect(clerk, KM, "next").await.unwrap();
        assert_eq!(coming, None);
    })
    .await;
}

#[test]
fn a_difference_is_told_from_thirty_members_a_side_on() {
    let day = NaiveDate::MIN;
    let span = kernel::Period { from: day, to: day };
    let with = Side { members: 30, during: 90, before: 60 };
    let mut all = Comparison {
        during: span,
        before: span,
        with,
        without: Side { members: 40, during: 60, before: 40 },
    };
    assert_eq!(all.difference(), Some(0.5), "one flight more, half of one among the others");
    all.with.members = 29;
    assert_eq!(all.difference(), None);
}
