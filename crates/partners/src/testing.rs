//! What the tests of this crate share: a programme in force, members, flights told by coupons, and
//! everything that runs by itself.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::sync::Arc;

use access::{Actor, Role};
use chrono::{Duration, NaiveDate};
use customers::{CustomerId, Customers, Set};
use flights::messages::Arrival;
use flights::{Counted, CouponInput, Flights};
use kernel::names::PersonName;
use loyalty::earning::{Earning, Segment, Segments};
use loyalty::ledger::{Shortfall, Unit};
use loyalty::members::{Enrol, Member, Person};
use loyalty::programmes::Draft;
use loyalty::{Loyalty, Rules};
use store::blobs::Blobs;
use store::outbox;
use web::testing::{House, Visitor};

use crate::agreements::{Kind, NewPartner, NewPrice, NewRate, Partner, PartnerId, Per};
use crate::{Partners, Parts};

pub const KM: &str = "bridge-km";

/// Runs `body` in a fresh house on both engines.
pub async fn both<F: AsyncFn(House)>(body: F) {
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
    web::testing::both(&migrations, &tables, &texts, body).await;
}

/// Everything over one database.
pub struct Desk {
    pub house: House,
    pub partners: Partners,
    pub loyalty: Loyalty,
    pub flights: Flights,
    pub earning: Earning,
    pub clerk: Actor,
    /// Kept while the test runs.
    _folder: tempfile::TempDir,
}

fn segment(it: Counted) -> Segment {
    Segment {
        source: it.source,
        source_key: it.source_key,
        record: it.record_id,
        flight_date: it.flight_date,
        carrier: it.carrier,
        flight_no: it.flight_no,
        origin: it.origin,
        destination: it.destination,
        booking_class: it.booking_class,
        cabin: it.cabin,
        km: it.km,
        fare_minor: it.fare_minor,
        currency: it.currency,
        booked_on: it.booked_on,
        outcome: it.outcome,
        coupon: it.ticket_coupon,
    }
}

fn earning(loyalty: &Loyalty, flights: &Flights) -> Earning {
    let flights = flights.clone();
    let segments: Segments = Arc::new(move |tx, customers| {
        let flights = flights.clone();
        Box::pin(async move {
            let found: HashMap<CustomerId, Vec<Counted>> = flights.counted(tx, &customers).await?;
            let read = |(id, own): (CustomerId, Vec<Counted>)| {
                (id, own.into_iter().map(segment).collect())
            };
            Ok(found.into_iter().map(read).collect())
        })
    });
    Earning::new(loyalty.clone(), segments)
}

impl Desk {
    pub async fn new(house: House) -> Self {
        let (db, clock, access) =
            (house.web.db.clone(), house.clock.clone(), house.web.access.clone());
        let customers = Customers::new(db.clone(), clock.clone(), access.clone());
        let zone = chrono_tz::Asia::Shanghai;
        let loyalty = Loyalty::new(loyalty::Parts {
            db: db.clone(),
            clock: clock.clone(),
            access: access.clone(),
            customers: customers.clone(),
            zone,
            rules: Rules::default(),
        });
        let due = loyalty.clone();
        let told: flights::Told = Arc::new(move |tx, customers| {
            let loyalty = due.clone();
            Box::pin(async move { loyalty.mark_due(tx, &customers).await })
        });
        let flights = Flights::new(db.clone(), clock.clone(), customers.clone()).with_told(told);
        let folder = tempfile::tempdir().unwrap();
        let partners = Partners::new(Parts {
            db: db.clone(),
            clock: clock.clone(),
            access,
            blobs: Blobs::open(folder.path().join("blobs")).unwrap(),
            customers: customers.clone(),
            flights: flights.clone(),
            loyalty: loyalty.clone(),
        });
        let clerk = house.staff(Role::Loyalty).await.actor;
        let other = house.staff(Role::Manager).await.actor;
        let text = programme::examples::BRIDGE_KM.to_owned();
        let valid_from = "2024-01-01".parse().unwrap();
        let draft = Draft { text, valid_from, note: String::new() };
        let id = loyalty.draft_programme(&clerk, draft).await.unwrap().id;
        let _ = loyalty.propose_programme(&clerk, id).await.unwrap();
        let _ = loyalty.decide_programme(&other, id, true, "").await.unwrap();
        let earning = earning(&loyalty, &flights);
        Self { house, partners, loyalty, flights, earning, clerk, _folder: folder }
    }

    /// A day after the test's beginning: members join on it, flights come after it.
    pub fn day(&self, after: i64) -> NaiveDate {
        store::testing::NOW.date_naive() + Duration::days(after)
    }

    pub async fn member(&self, name: &str) -> Member {
        let draft = customers::Draft {
            name: Set::To(PersonName::parse(name)),
            birth_date: Set::To(NaiveDate::from_ymd_opt(1980, 5, 1)),
            ..customers::Draft::default()
        };
        let person = Person::New(Box::new(draft));
        let enrol = Enrol { programme: KM.to_owned(), person, guardian: None };
        self.loyalty.enrol(&self.clerk, enrol).await.unwrap()
    }

    /// A coupon of QJ1419 TFU–HGH, as a file tells it.
    pub async fn coupon(&self, ticket: &str, name: &str, day: i64, status: &str, class: &str) {
        let (surname, given) = name.split_once('/').unwrap();
        let flown = status == "flown";
        let coupon = CouponInput {
            line: 1,
            ticket_number: ticket.to_owned(),
            coupon: 1,
            status: status.to_owned(),
            marketing_carrier: "QJ".to_owned(),
            flight_number: "1419".to_owned(),
            flight_date: Some(self.day(day)),
            origin: "TFU".to_owned(),
            destination: "HGH".to_owned(),
            booking_class: class.to_owned(),
            fare_minor: Some(120_000),
            currency: "CNY".to_owned(),
            record_locator: format!("N{}", &ticket[ticket.len() - 5..]),
            surname: surname.to_owned(),
            given: given.to_owned(),
            flown_on: flown.then(|| self.day(day)),
            ..CouponInput::default()
        };
        let now = self.partners.now();
        let arrival = Arrival {
            message: kernel::ids::v7(now),
            received_at: now,
            said_at: now,
            partial: false,
        };
        let mut tx = self.partners.db().begin().await.unwrap();
        let absorbed = self.flights.absorb_coupons(&mut tx, arrival, vec![coupon]).await.unwrap();
        assert!(absorbed.refused.is_empty(), "{absorbed:?}");
        tx.commit().await.unwrap();
    }

    /// Somebody of staff signs in again: sessions end while the clock runs.
    pub async fn again(&self, role: Role) -> Visitor {
        let email = format!("{}@jetbridge.example", role.as_str());
        let (access, origin) = (&self.house.web.access, access::Origin::default());
        let signed = access.sign_in(&email, web::testing::PASSWORD, None, &origin).await;
        let Ok(access::SignIn::Done(session)) = signed else { unreachable!("signs in") };
        Visitor {
            actor: session.session.actor.clone(),
            csrf: web::form::token_of(&self.house.web, &session.token),
            token: session.token.clone(),
            lang: "en",
        }
    }

    pub fn advance(&self, days: i64) {
        self.house.clock.advance(Duration::days(days));
    }

    /// Events are heard, flights earn, claims are looked at: as often as it takes.
    pub async fn settle(&self) {
        let mut listeners = self.flights.listeners();
        listeners.extend(self.loyalty.listeners());
        listeners.extend(self.partners.listeners());
        for _ in 0..3 {
            let db = self.partners.db();
            outbox::dispatch(db, &listeners, self.partners.now(), 1_000).await.unwrap();
            self.earning.run_all(|_, _| {}).await.unwrap();
            self.house.clock.advance(Duration::minutes(2));
            self.partners.judge_due().await.unwrap();
        }
    }

    pub async fn miles(&self, member: &Member) -> i64 {
        let mut tx = self.partners.db().read().await.unwrap();
        let accounts = self.loyalty.ledger().accounts_of(&mut tx, member.id).await.unwrap();
        accounts.iter().find(|it| it.book.unit == Unit::Miles).map_or(0, |it| it.balance)
    }

    /// The books agree with their transfers.
    pub async fn sound(&self) {
        assert_eq!(self.loyalty.ledger().check().await.unwrap().differences, []);
    }

    /// A hotel: a mile for each yuan, and flights as the partner says.
    pub async fn hotel(&self) -> Partner {
        let new = NewPartner {
            code: "HARBOUR".to_owned(),
            programme: KM.to_owned(),
            name_en: "Harbour Hotels".to_owned(),
            name_zh: "港湾酒店".to_owned(),
            kinds: vec![Kind::Hotel, Kind::Flight],
            currency: "CNY".to_owned(),
            mailbox: "miles@harbour.example".to_owned(),
            window_days: 180,
            shortfall: Shortfall::Owe,
        };
        let id = PartnerId::new(self.partners.now());
        let made = self.partners.add_partner(&self.clerk, id, new).await.unwrap().into_inner();
        let valid_from = "2026-01-01".parse().unwrap();
        for (kind, per, milli) in
            [(Kind::Hotel, Per::Amount, 1_000), (Kind::Flight, Per::Partner, 0)]
        {
            let rate = NewRate { kind, valid_from, per, milli, most: 20_000 };
            self.partners.add_rate(&self.clerk, made.id, rate).await.unwrap();
        }
        let price = NewPrice { valid_from, sell_minor: 9_000, buy_minor: 6_000 };
        self.partners.add_price(&self.clerk, made.id, price).await.unwrap();
        made
    }
}
