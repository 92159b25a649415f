//! On both engines.
#![allow(clippy::unwrap_used, reason = "tests")]

mod answers;
mod doors;
mod past;
mod picks;
mod uses;

use access::{Actor, Role};
use axum::Router;
use chrono::{DateTime, NaiveDate, Utc};
use customers::{Customers, Set};
use flights::Flights;
use kernel::Clock;
use kernel::names::PersonName;
use loyalty::members::{Enrol, Member, NewTier, Person, Who};
use loyalty::programmes::Draft;
use loyalty::{Loyalty, MemberId};
use programme::examples;
use serde_json::json;
use store::sql;
use uuid::Uuid;
use web::testing::House;

use crate::{Answer, Asked, Benefit, Benefits, NewUse, Parts, Rooms};

pub(crate) const KM: &str = "bridge-km";

/// Rows the shipped programme has none of: by membership year, by flight, and for ordinary members.
const MORE: &str = r#"
[[benefits.catalogue]]
id = "pass"
valid_from = "2013-01-08"
kind = "lounge"
name = { en = "Lounge pass", zh = "休息室通行" }
tiers = ["BASE", "SILVER", "GOLD", "PLATINUM", "LIFETIME"]
allowance = { count = 2, per = "membership-year" }
source = "invented"

[[benefits.catalogue]]
id = "drink"
valid_from = "2013-01-08"
kind = "other"
name = { en = "Drink", zh = "饮品" }
tiers = ["BASE", "SILVER", "GOLD", "PLATINUM", "LIFETIME"]
allowance = { count = 1, per = "flight" }
source = "invented"

[[benefits.milestones]]
"#;

pub(crate) struct World {
    pub house: House,
    pub benefits: Benefits,
    pub clerk: Actor,
}

pub(crate) async fn both<F: AsyncFn(World)>(body: F) {
    let migrations =
        [customers::MIGRATIONS, flights::MIGRATIONS, loyalty::MIGRATIONS, crate::MIGRATIONS];
    let tables = [
        customers::permissions::TABLE,
        flights::permissions::TABLE,
        loyalty::permissions::TABLE,
        crate::permissions::TABLE,
    ];
    let texts: [&[(kernel::Lang, &str)]; 4] =
        [&customers::TEXTS, flights::TEXTS, &loyalty::TEXTS, crate::TEXTS];
    web::testing::both(&migrations, &tables, &texts, async |house| {
        let benefits = service(&house);
        let clerk = house.staff(Role::Manager).await.actor;
        let world = World { house, benefits, clerk };
        let text = examples::BRIDGE_KM.replacen("\n[[benefits.milestones]]\n", MORE, 1);
        world.approve(&text, day("2013-01-08")).await;
        body(world).await;
    })
    .await;
}

pub(crate) fn service(house: &House) -> Benefits {
    let web = &house.web;
    let (db, access) = (web.db.clone(), web.access.clone());
    let clock: std::sync::Arc<dyn Clock> = house.clock.clone();
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let flights = Flights::new(db.clone(), clock.clone(), customers.clone());
    let loyalty = Loyalty::new(loyalty::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        customers,
        zone: chrono_tz::Asia::Shanghai,
        rules: loyalty::Rules::default(),
    });
    Benefits::new(Parts { db, clock, access, flights, loyalty })
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl World {
    pub fn loyalty(&self) -> &Loyalty {
        self.benefits.loyalty()
    }

    pub async fn approve(&self, text: &str, from: NaiveDate) {
        let one = self.house.staff(Role::Loyalty).await.actor;
        let draft = Draft { text: text.to_owned(), valid_from: from, note: String::new() };
        let loyalty = self.loyalty();
        let drafted = loyalty.draft_programme(&one, draft).await.unwrap();
        assert!(drafted.findings.iter().all(|it| !it.is_error()), "{:?}", drafted.findings);
        let _ = loyalty.propose_programme(&one, drafted.id).await.unwrap();
        let _ = loyalty.decide_programme(&self.clerk, drafted.id, true, "").await.unwrap();
    }

    pub async fn enrol(&self, name: &str) -> Member {
        let draft = customers::Draft {
            name: Set::To(PersonName::parse(name)),
            birth_date: Set::To(NaiveDate::from_ymd_opt(1984, 5, 1)),
            ..customers::Draft::default()
        };
        let person = Person::New(Box::new(draft));
        let enrol = Enrol { programme: KM.to_owned(), person, guardian: None };
        self.loyalty().enrol(&self.clerk, enrol).await.unwrap()
    }

    pub async fn tier(&self, member: MemberId, tier: &str, rank: i64, from: &str, to: &str) {
        let new = NewTier {
            member,
            tier: tier.to_owned(),
            rank,
            valid_from: day(from),
            valid_to: day(to),
            reason: "upgrade".to_owned(),
            detail: json!({}),
        };
        let mut tx = self.benefits.db().begin().await.unwrap();
        self.loyalty().put_tiers(&mut tx, &[new]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A member of platinum tier from today until the end of 2028.
    pub async fn platinum(&self, name: &str) -> MemberId {
        let id = self.enrol(name).await.id;
        self.tier(id, "PLATINUM", 3, "2026-11-22", "2028-10-31").await;
        id
    }

    /// Money spent on tickets, as far as it counts.
    pub async fn spend(&self, member: MemberId, on: &str, minor: i64) {
        let mut tx = self.benefits.db().begin().await.unwrap();
        tx.exec(
            sql("INSERT INTO loyalty_activity (id, member_id, key, flown_on, posted_on, distance,
                    segments, spend, lifetime) VALUES ($1, $2, 'x', $3, $3, 0, 0, $4, 0)")
            .bind(Uuid::new_v4())
            .bind(member.uuid())
            .bind(day(on))
            .bind(minor),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn ask(&self, member: MemberId, asked: &Asked) -> Answer {
        let who = [Who::Id(member)];
        let (_, mut replies) =
            self.benefits.entitlements(&self.clerk, &who, asked, None).await.unwrap();
        replies.pop().unwrap().answer.unwrap()
    }

    pub async fn benefit(&self, member: MemberId, asked: &Asked, id: &str) -> Benefit {
        let answer = self.ask(member, asked).await;
        answer.benefits.into_iter().find(|it| it.id == id).unwrap()
    }

    pub fn app(&self) -> Router {
        let loyalty = loyalty::Rooms {
            deeds: &[],
            web: self.house.web.clone(),
            loyalty: self.loyalty().clone(),
            more: vec![],
        };
        let rooms = Rooms { web: self.house.web.clone(), benefits: self.benefits.clone(), loyalty };
        let (api, _) = crate::api(rooms).split_for_parts();
        self.house.app(api)
    }
}

/// A flight nobody told us of, in business.
pub(crate) fn flight(date: &str) -> Asked {
    Asked {
        designator: "JB0831".to_owned(),
        date: day(date),
        from: Some("pvg".to_owned()),
        to: Some("PEK".to_owned()),
        departs_at: Some(at(&format!("{date}T04:00:00Z"))),
        operating: None,
        cabin: Some(programme::document::Cabin::Business),
    }
}

pub(crate) fn new_use(member: MemberId, benefit: &str, flight: Option<Asked>) -> NewUse {
    NewUse {
        id: Uuid::new_v4(),
        who: Who::Id(member),
        benefit: benefit.to_owned(),
        count: 1,
        companions: 0,
        flight,
        on: None,
        place: "PVG".to_owned(),
        note: String::new(),
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: crate::Result<T>) -> &'static str {
    kernel::Explain::code(&result.unwrap_err())
}

#[test]
fn both_languages_have_the_same_texts() {
    let texts = web::texts::Texts::new(&[crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
}

#[test]
fn every_table_with_a_member_is_known() {
    let text = crate::MIGRATIONS[0].text;
    let tables = text.split("CREATE TABLE ").skip(1);
    let with: Vec<&str> = tables
        .filter(|table| table.split(");").next().unwrap().contains("member_id"))
        .map(|table| table.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(with, crate::PERSONAL_TABLES);
}
