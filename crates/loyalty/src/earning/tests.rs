#![allow(clippy::unwrap_used, reason = "tests")]
use std::sync::Mutex;

use access::{Actor, Role};
use chrono::{Days, Duration, NaiveDate};
use customers::{Draft, Set};
use kernel::names::PersonName;
use programme::examples;
use web::testing::House;

use super::*;
use crate::ledger::{AccountState, Unit};
use crate::members::{Adopted, Member};
use crate::testing::{actor, approve, both, flyer, service};

const KM: &str = "bridge-km";

/// What other domains know, in a test's hands.
type Known = Arc<Mutex<HashMap<CustomerId, Vec<Segment>>>>;

struct Desk {
    loyalty: Loyalty,
    earning: Earning,
    known: Known,
    actor: Actor,
    day: NaiveDate,
}

fn segment(key: &str, day: NaiveDate, class: &str) -> Segment {
    let some = |text: &str| Some(text.to_owned());
    Segment {
        source: "segments".to_owned(),
        source_key: key.to_owned(),
        flight_date: day,
        carrier: some("QJ"),
        flight_no: some("QJ1419"),
        origin: some("TFU"),
        destination: some("HGH"),
        booking_class: some(class),
        km: 1_700,
        fare_minor: Some(120_000),
        currency: some("CNY"),
        outcome: "flown".to_owned(),
        ..Segment::default()
    }
}

impl Desk {
    async fn new(house: &House) -> Self {
        let loyalty = service(house).await;
        let known = Known::default();
        let told = known.clone();
        let segments: Segments = Arc::new(move |_, customers| {
            let told = told.clone();
            Box::pin(async move {
                let all = told.lock().unwrap();
                let of = |id: &CustomerId| all.get(id).map(|own| (*id, own.clone()));
                Ok(customers.iter().filter_map(of).collect())
            })
        });
        let earning = Earning::new(loyalty.clone(), segments);
        let day = loyalty.today() + Days::new(30);
        let actor = actor(house, Role::Loyalty).await;
        Self { loyalty, earning, known, actor, day }
    }

    async fn with_rules(house: &House) -> Self {
        let desk = Self::new(house).await;
        approve(house, &desk.loyalty, examples::BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        desk
    }

    async fn member(&self, name: &str) -> Member {
        let id = flyer(&self.loyalty, &self.actor, KM, name).await;
        self.loyalty.member(&self.actor, id).await.unwrap()
    }

    /// What is known of somebody changed, and those who keep it said so.
    async fn know(&self, member: &Member, segments: Vec<Segment>) {
        let customer = member.customer.unwrap();
        self.known.lock().unwrap().insert(customer, segments);
        let mut tx = self.loyalty.db().begin().await.unwrap();
        self.loyalty.mark_due(&mut tx, &[customer]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn run(&self) -> Earned {
        self.earning.run_all(|_, _| {}).await.unwrap()
    }

    async fn miles(&self, member: &Member) -> i64 {
        let mut tx = self.loyalty.db().read().await.unwrap();
        let accounts = self.loyalty.ledger().accounts_of(&mut tx, member.id).await.unwrap();
        accounts.iter().find(|it| it.book.unit == Unit::Miles).map_or(0, |it| it.balance)
    }

    async fn sound(&self) {
        assert_eq!(self.loyalty.ledger().check().await.unwrap().differences, []);
    }
}

#[tokio::test]
async fn what_is_known_is_earned_once_and_follows_every_correction() {
    both(async |house| {
        let desk = Desk::with_rules(&house).await;
        let member = desk.member("周启明").await;
        desk.run().await;
        house.clock.advance(Duration::days(60));
        let flown = segment("1", desk.day, "Y");
        let missed = Segment { outcome: "no-show".to_owned(), ..segment("2", desk.day, "Y") };
        let odd = Segment { booking_class: None, ..segment("3", desk.day, "Y") };
        desk.know(&member, vec![flown.clone(), missed.clone(), odd.clone()]).await;
        let run = desk.run().await;
        assert_eq!((run.customers, run.earned, run.nothing), (1, 1, 0), "{run:?}");
        assert_eq!(run.lacking, [("class", 1)].into());
        assert_eq!(desk.miles(&member).await, 1_870, "1,700 at 110 %");

        // Said again, word for word, and nobody due: nothing.
        desk.know(&member, vec![flown.clone(), missed.clone(), odd]).await;
        assert_eq!(desk.run().await.earned, 0);
        assert_eq!(desk.run().await, Earned::default());

        // The class becomes known; the no-show was no no-show.
        let told = Segment { outcome: "flown".to_owned(), ..missed };
        desk.know(&member, vec![flown, told, segment("3", desk.day, "Y")]).await;
        assert_eq!(desk.run().await.earned, 2);
        assert_eq!(desk.miles(&member).await, 3 * 1_870);

        // One is refunded after all, one is gone: the import was taken back.
        let refunded = Segment { outcome: "refunded".to_owned(), ..segment("1", desk.day, "Y") };
        desk.know(&member, vec![refunded, segment("3", desk.day, "Y")]).await;
        let run = desk.run().await;
        assert_eq!((run.earned, run.nothing), (0, 2), "{run:?}");
        assert_eq!(desk.miles(&member).await, 1_870);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_segment_that_changes_hands_is_earned_by_one() {
    both(async |house| {
        let desk = Desk::with_rules(&house).await;
        let (one, other) = (desk.member("周启明").await, desk.member("林小雨").await);
        desk.run().await;
        house.clock.advance(Duration::days(60));
        for (from, to) in [(&one, &other), (&other, &one), (&one, &other)] {
            desk.know(from, vec![]).await;
            desk.know(to, vec![segment("1", desk.day, "Y")]).await;
            desk.run().await;
            assert_eq!((desk.miles(from).await, desk.miles(to).await), (0, 1_870));
        }
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn flights_wait_for_rules_days_and_frozen_accounts() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        approve(&house, &desk.loyalty, examples::BRIDGE_KM, desk.day + Days::new(30)).await;
        let member = desk.member("周启明").await;
        // Flown tomorrow, says the clock of who told it.
        desk.know(&member, vec![segment("1", desk.day, "Y")]).await;
        assert_eq!(desk.run().await.earned, 0);
        assert_eq!(desk.run().await.customers, 0, "not looked at again before its day");
        house.clock.advance(Duration::days(40));
        let run = desk.run().await;
        assert_eq!((run.customers, run.nothing), (1, 1), "no rules on its day: {run:?}");

        let text = examples::BRIDGE_KM.replacen("version = 7", "version = 8", 1);
        approve(&house, &desk.loyalty, &text, "2024-01-01".parse().unwrap()).await;
        let reason = "fraud";
        let freeze = desk.loyalty.freeze(&desk.actor, member.id, AccountState::Frozen, reason);
        let _ = freeze.await.unwrap();
        assert_eq!(desk.run().await.blocked, 1);
        let open = desk.loyalty.freeze(&desk.actor, member.id, AccountState::Open, reason);
        let _ = open.await.unwrap();
        assert_eq!(desk.run().await.earned, 1);
        assert_eq!(desk.miles(&member).await, 1_870);
        desk.sound().await;
    })
    .await;
}

async fn brought(house: &House, desk: &Desk, name: &str, number: &str, born: &str) -> CustomerId {
    let draft = Draft {
        name: Set::To(PersonName::parse(name)),
        birth_date: Set::To(born.parse().ok()),
        member_no: Set::To(number.to_owned()),
        tier: Set::To(Some(customers::Tier::Gold)),
        joined_on: Set::To("2019-04-01".parse().ok()),
        ..Draft::default()
    };
    let manager = actor(house, Role::Manager).await;
    desk.loyalty.customers().create(&manager, draft).await.unwrap().id
}

#[tokio::test]
async fn customers_with_a_number_become_members_once() {
    both(async |house| {
        let desk = Desk::with_rules(&house).await;
        let number = |serial| kernel::member_no::with_check(serial);
        let grown = brought(&house, &desk, "周启明", &number(700_000_001), "1980-02-03").await;
        let child = desk.loyalty.today() - Days::new(3_000);
        brought(&house, &desk, "周小满", &number(700_000_002), &child.to_string()).await;
        let enrolled = desk.member("林小雨").await;
        let page = async |after: &str| desk.loyalty.adopt_page(KM, after).await.unwrap();
        let (done, last) = page("").await.unwrap();
        let expected =
            Adopted { looked: 2, members: 1, with_tier: 1, children: 1, ..Adopted::default() };
        assert_eq!(done, expected);
        assert_eq!(page(&last).await, None);
        assert_eq!(page("").await.unwrap().0.members, 0, "once");

        let found = desk.loyalty.members_of(&desk.actor, grown).await.unwrap();
        let [member] = found.as_slice() else { unreachable!("one membership: {found:?}") };
        assert_eq!(member.member_no, number(700_000_001));
        assert_eq!(desk.loyalty.day_of(member.enrolled_at).to_string(), "2019-04-01");
        let today = desk.loyalty.today();
        let mut tx = desk.loyalty.db().read().await.unwrap();
        let tier = desk.loyalty.tier_on(&mut tx, member.id, today).await.unwrap().unwrap();
        assert_eq!((tier.tier.as_str(), tier.reason.as_str()), ("GOLD", "adopted"));
        drop(tx);

        // What they flew before is theirs, and gold flights earn the bonus of gold from now on only.
        house.clock.advance(Duration::days(60));
        desk.know(member, vec![segment("1", desk.day, "Y")]).await;
        desk.know(&enrolled, vec![segment("2", desk.day, "Y")]).await;
        desk.run().await;
        assert!(desk.miles(member).await > desk.miles(&enrolled).await);
        desk.sound().await;
    })
    .await;
}
