//! Pages, on both engines.
#![allow(clippy::unwrap_used, reason = "tests")]

mod deeds;
mod liability;
mod limits;
mod people;
mod promotions;
mod queues;
mod reading;

use access::Role;
use axum::Router;
use chrono::{Days, Duration, NaiveDate};
use programme::examples;
use web::testing::{House, Visitor};

use crate::accrual::{Derived, FlownFact};
use crate::ledger::{Book, Role as For, Step, Transfer, TransferId, Unit};
use crate::testing::{approve, both, flight, flyer, rooms};
use crate::{Loyalty, MemberId};

const KM: &str = "bridge-km";

/// A programme, two members of it for sixty days, and who looks after them.
struct Desk {
    loyalty: Loyalty,
    app: Router,
    clerk: Visitor,
    manager: Visitor,
    one: MemberId,
    other: MemberId,
    /// Thirty days ago.
    day: NaiveDate,
}

async fn desk(house: &House) -> Desk {
    let rooms = rooms(house).await;
    let loyalty = rooms.loyalty.clone();
    let customers = customers::Rooms::new(
        house.web.clone(),
        loyalty.customers().clone(),
        super::panels(&loyalty),
        Vec::new(),
    );
    let app = house.app(super::pages(rooms).merge(customers::pages(customers)));
    approve(house, &loyalty, examples::BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
    let clerk = house.staff(Role::Loyalty).await;
    let manager = house.staff(Role::Manager).await;
    let one = flyer(&loyalty, &clerk.actor, KM, "周启明").await;
    let other = flyer(&loyalty, &clerk.actor, KM, "林小雨").await;
    house.clock.advance(Duration::days(60));
    let day = loyalty.today() - Days::new(30);
    // Sessions of the beginning are over.
    let clerk_again = house.staff(Role::Loyalty).await;
    let manager_again = house.staff(Role::Manager).await;
    drop((clerk, manager));
    Desk { loyalty, app, clerk: clerk_again, manager: manager_again, one, other, day }
}

impl Desk {
    async fn page(&self, who: &Visitor, path: &str) -> String {
        let answer = who.get(&self.app, path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert!(!answer.text.contains('⟨'), "{path}: {}", answer.text);
        answer.text
    }

    /// The page in both languages, the English one returned.
    async fn pages(&self, path: &str) -> String {
        let zh = self.page(&self.clerk.clone().reading("zh-CN"), path).await;
        assert!(zh.contains("会员"), "{path}");
        self.page(&self.clerk, path).await
    }

    async fn fly(&self, key: &str, revision: i64, class: &str, km: i64) -> Derived {
        let (member, fact) = (Some(self.one), Some(flight(self.day, class, km)));
        let fact = FlownFact { key: key.to_owned(), revision, member, fact };
        self.loyalty.accrue(vec![fact]).await.unwrap().pop().unwrap().derived
    }

    async fn balance(&self, member: MemberId, unit: Unit) -> i64 {
        let mut tx = self.loyalty.db().read().await.unwrap();
        let accounts = self.loyalty.ledger().accounts_of(&mut tx, member).await.unwrap();
        accounts.iter().find(|it| it.book.unit == unit).map_or(0, |it| it.balance)
    }

    /// Credits miles, `n` times as many lines.
    async fn credit(&self, member: MemberId, amount: i64, n: usize, last: NaiveDate) {
        let mut tx = self.loyalty.db().begin().await.unwrap();
        let ledger = self.loyalty.ledger();
        let accounts = ledger.accounts_of(&mut tx, member).await.unwrap();
        let credit = accounts.iter().find(|it| it.book.unit == Unit::Miles).unwrap().id;
        let book = Book::new(KM, Unit::Miles);
        let debit = ledger.role(&mut tx, &book, For::Issuance, "").await.unwrap();
        let now = self.loyalty.now();
        let expires_on = Some(last);
        let step = Step::Post { debit, credit, amount, expires_on };
        let one = || {
            Transfer::new(TransferId::new(now), "partner-bank", now, step.clone())
                .because("order-1", serde_json::json!({}))
        };
        let batch: Vec<Transfer> = (0..n).map(|_| one()).collect();
        let outcomes = ledger.post_in(&mut tx, &batch).await.unwrap();
        assert!(outcomes.iter().all(|it| it.is_posted()), "{outcomes:?}");
        tx.commit().await.unwrap();
    }

    fn at(&self, place: &str) -> String {
        format!("/members/{}{place}", self.one)
    }
}

/// What stands in a field of a form.
fn value(text: &str, name: &str) -> String {
    let at = text.find(&format!("name=\"{name}\" value=\"")).unwrap();
    let rest = &text[at + name.len() + 15..];
    rest[..rest.find('"').unwrap()].to_owned()
}
