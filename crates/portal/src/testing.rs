//! For tests, and for looking at the pages: a programme in force and a member with a life of flights.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin cannot go on")]

use std::sync::Arc;

use access::{Access, Actor, Role};
use benefits::Benefits;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use customers::{Customers, Policy, Set};
use flights::{Flights, SegmentInput};
use kernel::names::PersonName;
use kernel::{Clock, FixedClock, Personal, Uuid};
use loyalty::accrual::{Answer, FlownFact};
use loyalty::members::{Enrol, Member, Person};
use loyalty::programmes::{Draft, example};
use loyalty::{Loyalty, Rules};
use programme::Code;
use programme::accrual::Fact;
use programme::document::Market;
use store::{Db, sql};

use crate::{Limits, Parts, Portal};

/// The programme the fixtures open.
pub const PROGRAMME: &str = "bridge-km";

/// A flight of a fixture: days after the beginning, from, to, class, cabin, what became of it.
pub type Leg = (i64, &'static str, &'static str, &'static str, &'static str, &'static str);

/// The services, over a database whose migrations have run.
#[must_use]
pub fn portal(db: &Db, clock: &Arc<FixedClock>, access: &Access) -> Portal {
    let clock: Arc<dyn Clock> = clock.clone();
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let flights = Flights::new(db.clone(), clock.clone(), customers.clone());
    let zone = chrono_tz::Asia::Shanghai;
    let loyalty = Loyalty::new(loyalty::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        customers: customers.clone(),
        zone,
        rules: Rules::default(),
    });
    let awards = awards::Awards::new(awards::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        loyalty: loyalty.clone(),
        zone,
        rules: awards::Rules::default(),
    });
    let benefits = Benefits::new(benefits::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        flights: flights.clone(),
        loyalty: loyalty.clone(),
    });
    let folder = std::env::temp_dir().join(format!("jetbridge-{}", kernel::ids::v7(clock.now())));
    let partners = partners::Partners::new(partners::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        blobs: store::blobs::Blobs::open(folder).unwrap(),
        customers: customers.clone(),
        flights: flights.clone(),
        loyalty: loyalty.clone(),
    });
    Portal::new(Parts {
        db: db.clone(),
        clock,
        access: access.clone(),
        customers,
        flights,
        loyalty,
        awards,
        benefits,
        partners,
        zone,
        key_of: |trip| trip.id.to_string(),
        limits: Limits::default(),
    })
}

/// Somebody of staff with a role.
#[must_use]
pub fn staff(portal: &Portal, role: Role) -> Actor {
    let id =
        Uuid::from_u128(role.as_str().bytes().fold(7, |sum, byte| sum * 31 + u128::from(byte)));
    Actor::staff(id, "Fixture", &[role], portal.parts().access.policy())
}

/// Opens [`PROGRAMME`] by its shipped rules, drafted by one and approved by another.
pub async fn open(portal: &Portal, from: NaiveDate) {
    let (one, other) = (staff(portal, Role::Loyalty), staff(portal, Role::Manager));
    let text = example(PROGRAMME).unwrap().to_owned();
    let loyalty = &portal.parts().loyalty;
    let draft = Draft { text, valid_from: from, note: String::new() };
    let id = loyalty.draft_programme(&one, draft).await.unwrap().id;
    let _ = loyalty.propose_programme(&one, id).await.unwrap();
    let _ = loyalty.decide_programme(&other, id, true, "").await.unwrap();
}

/// Enrols an adult today.
pub async fn enrol(portal: &Portal, name: &str, email: &str) -> Member {
    let draft = customers::Draft {
        name: Set::To(PersonName::parse(name)),
        birth_date: Set::To(NaiveDate::from_ymd_opt(1984, 5, 1)),
        email: Set::To(Personal::new(email.to_owned())),
        ..customers::Draft::default()
    };
    let person = Person::New(Box::new(draft));
    let enrol = Enrol { programme: PROGRAMME.to_owned(), person, guardian: None };
    portal.parts().loyalty.enrol(&Actor::system("fixture"), enrol).await.unwrap()
}

/// Flies the legs, each credited on the day after it; the clock goes along.
pub async fn fly(
    portal: &Portal,
    clock: &FixedClock,
    member: &Member,
    legs: &[Leg],
) -> Vec<Answer> {
    let (begin, mut answers) = (portal.now(), Vec::new());
    for (n, leg) in legs.iter().enumerate() {
        let day = portal.day_of(begin + Duration::days(leg.0));
        let key = format!("{}-{n}", member.member_no);
        let customer = member.customer.unwrap();
        let mut tx = portal.parts().db.begin().await.unwrap();
        let input = SegmentInput { customer, ..segment(&key, n, day, leg) };
        let flights = &portal.parts().flights;
        let import = Uuid::from_u128(1);
        let inputs = vec![input];
        flights.apply_segments(&mut tx, "fixture", import, inputs, Policy::Create).await.unwrap();
        let id: Uuid = tx
            .value(sql("SELECT id FROM flown_segment WHERE source_key = $1").bind(&key))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let wanted = begin + Duration::days(leg.0 + 1);
        clock.advance(wanted - portal.now());
        if leg.5 == "flown" {
            let fact = FlownFact {
                key: id.to_string(),
                revision: 1,
                member: Some(member.id),
                fact: Some(fact(day, leg)),
            };
            answers.extend(portal.parts().loyalty.accrue(vec![fact]).await.unwrap());
        }
    }
    answers
}

fn segment(key: &str, n: usize, day: NaiveDate, leg: &Leg) -> SegmentInput {
    let (_, from, to, class, cabin, outcome) = *leg;
    let some = |text: &str| Some(text.to_owned());
    SegmentInput {
        customer: Uuid::nil().into(),
        source_key: key.to_owned(),
        flight_date: day,
        departs_minute: Some(540),
        carrier: some("JB"),
        flight_no: Some(format!("{}", 1_501 + n % 40)),
        origin: some(from),
        destination: some(to),
        booking_class: some(class),
        cabin: some(cabin),
        km: kernel::airports::distance_km(from, to).map_or(0, |km| km.0),
        fare_minor: None,
        currency: None,
        discount: None,
        booked_on: None,
        channel: None,
        outcome: outcome.to_owned(),
        record_locator: None,
        ticket_coupon: None,
        seat: None,
        party_size: None,
        extras_minor: None,
    }
}

fn fact(day: NaiveDate, leg: &Leg) -> Fact {
    let (_, from, to, class, ..) = *leg;
    Fact {
        flight_date: day,
        flight_no: "1501".to_owned(),
        origin: Code::parse(from).unwrap(),
        destination: Code::parse(to).unwrap(),
        market: Market::between(from, to).unwrap(),
        marketing: Code::parse("JB").unwrap(),
        operating: Code::parse("JB").unwrap(),
        booking_class: Code::parse(class).unwrap(),
        flown_class: None,
        involuntary: false,
        cabin: None,
        tpm_miles: None,
        great_circle_km: kernel::airports::distance_km(from, to).map(|km| km.0),
        fare_minor: Some(150_000),
        surcharge_minor: 0,
        currency: kernel::Currency::CNY,
        ticket: Default::default(),
        status: Default::default(),
        coupon: None,
        booked_on: None,
        seat: true,
        claimed_on: None,
        credited_elsewhere: false,
    }
}

/// Books a flight ahead, as a message would have.
pub async fn book(portal: &Portal, member: &Member, at: DateTime<Utc>, (from, to): (&str, &str)) {
    let (flight, now) = (kernel::ids::v7(at), portal.now());
    let day = at.with_timezone(&kernel::airports::zone(from)).date_naive();
    let number = format!("{}", 800 + day.format("%j").to_string().parse::<i64>().unwrap());
    let mut tx = portal.parts().db.begin().await.unwrap();
    tx.exec(
        sql(
            "INSERT INTO flight (id, carrier, number, flight_date, origin, destination, departs_at,
                timed, scheduled, status, classes, created_at, changed_at)
             VALUES ($1, 'JB', $2, $3, $4, $5, $6, TRUE, TRUE, 'planned', $7, $8, $8)",
        )
        .bind(flight)
        .bind(number)
        .bind(day)
        .bind(from)
        .bind(to)
        .bind(at)
        .bind(serde_json::json!({}))
        .bind(now),
    )
    .await
    .unwrap();
    let hours = kernel::airports::distance_km(from, to).map_or(2, |km| 1 + km.0 / 800);
    tx.exec(
        sql("INSERT INTO flight_leg (id, flight_id, position, board_point, off_point, leg_date,
                departs_at, arrives_at, aircraft, registration, status, diverted_to, delays)
             VALUES ($1, $2, 1, $3, $4, $5, $6, $7, '789', '', 'planned', '', $8)")
        .bind(kernel::ids::v7(now))
        .bind(flight)
        .bind(from)
        .bind(to)
        .bind(day)
        .bind(at)
        .bind(at + Duration::hours(hours))
        .bind(serde_json::json!([])),
    )
    .await
    .unwrap();
    tx.exec(
        sql("INSERT INTO flight_passenger (id, flight_id, source_key, board_point, off_point, at,
                surname, given, kind, locators, locator, status, said_by, said_at, message_id,
                booking_class, cabin, party, corporate, requests, ffp, tier, seat, ticket, coupon,
                infants, staff, marketing, marketing_class, customer_id, outcome, basis,
                class_change, flown_class, replaced_ffp)
             VALUES ($1, $2, 'fixture', $3, $4, $5, 'X', 'Y', 'adult', $6, 'ABC123', 'HK', 'pnl',
                $7, $1, 'J', 'business', 1, '', $6, '', '', '4K', '', 0, 0, FALSE, 'JB', 'J', $8,
                'booked', '', '', '', '')")
        .bind(kernel::ids::v7(now))
        .bind(flight)
        .bind(from)
        .bind(to)
        .bind(at)
        .bind(serde_json::json!([]))
        .bind(now)
        .bind(member.customer.unwrap().uuid()),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}
