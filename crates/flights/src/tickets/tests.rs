//! Coupons before and after their passengers, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use store::sql;

use super::CouponInput;
use crate::Flights;
use crate::messages::tests::{PNL, absorb, arrival, count, outcome, people, pfs, service};
use crate::messages::{Absorbed, Arrival};

fn coupon(ticket: &str, status: &str, surname: &str, given: &str) -> CouponInput {
    CouponInput {
        line: 2,
        ticket_number: ticket.to_owned(),
        coupon: 1,
        status: status.to_owned(),
        issued_on: "2026-10-01".parse().ok(),
        channel: "web".into(),
        marketing_carrier: "CA".into(),
        flight_number: "1501".into(),
        flight_date: "2026-11-24".parse().ok(),
        origin: "PEK".into(),
        destination: "SHA".into(),
        booking_class: "C".into(),
        fare_minor: Some(312_000),
        discount: Some(1.1),
        currency: "CNY".into(),
        form_of_payment: "CCVI4111111111111111".into(),
        record_locator: "NABC12".into(),
        surname: surname.into(),
        given: given.into(),
        ..CouponInput::default()
    }
}

async fn coupons(flights: &Flights, arrival: Arrival, all: Vec<CouponInput>) -> Absorbed {
    let mut tx = flights.db.begin().await.unwrap();
    let absorbed = flights.absorb_coupons(&mut tx, arrival, all).await.unwrap();
    tx.commit().await.unwrap();
    absorbed
}

#[tokio::test]
async fn a_flown_coupon_overrules_the_list_of_exceptions() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let list = pfs("NOSHO 1C\r\n1LINDQVIST/ASTRIDMRS\r\n.L/NABC12/CA\r\n");
        absorb(&flights, arrival(44), &list).await;
        assert_eq!(outcome(&people(&flights).await, "LINDQVIST"), "no-show");
        let row = coupon("9992345678901", "F", "LINDQVIST", "ASTRIDMRS");
        let absorbed = coupons(&flights, arrival(50), vec![row.clone()]).await;
        assert_eq!((absorbed.read, absorbed.changed), (1, 1));
        let mut tx = db.read().await.unwrap();
        let segment: Vec<(String, String, Option<i64>, Option<f64>)> = tx
            .all(sql("SELECT s.outcome, s.basis, s.fare_minor, s.discount FROM flown_segment s
                      WHERE s.ticket_coupon = '9992345678901/1'"))
            .await
            .unwrap();
        let told = ("flown".to_owned(), "coupon".to_owned(), Some(312_000), Some(1.1));
        assert_eq!(segment, [told]);
        let payment: Vec<String> =
            tx.values(sql("SELECT payment FROM ticket_coupon")).await.unwrap();
        assert_eq!(payment, ["CCVI************1111"]);
        drop(tx);
        // The same again changes nothing; given back later, it is no flight any more.
        assert_eq!(coupons(&flights, arrival(51), vec![row.clone()]).await.changed, 0);
        let refund = CouponInput { status: "refunded".into(), ..row };
        assert_eq!(coupons(&flights, arrival(40), vec![refund.clone()]).await.changed, 0);
        assert_eq!(coupons(&flights, arrival(60), vec![refund]).await.changed, 1);
        assert_eq!(outcome(&people(&flights).await, "LINDQVIST"), "refunded");
        let flown = "SELECT COUNT(*) FROM flown_segment WHERE outcome = 'refunded'";
        assert_eq!(count(&flights, flown).await, 1);
    })
    .await;
}

#[tokio::test]
async fn coupons_wait_for_their_passenger_and_flown_ones_make_one() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let open = coupon("9992345678901", "open", "LINDQVIST", "ASTRID");
        coupons(&flights, arrival(0), vec![open]).await;
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 0);
        absorb(&flights, arrival(1), PNL).await;
        let linked = "SELECT COUNT(*) FROM ticket_coupon WHERE passenger_id IS NOT NULL";
        assert_eq!(count(&flights, linked).await, 1);
        let stranger = CouponInput {
            record_locator: "NZZZ99".into(),
            ..coupon("9990000000001", "flown", "IBRAHIM", "YUSUF")
        };
        coupons(&flights, arrival(50), vec![stranger]).await;
        let all = people(&flights).await;
        assert_eq!((all.len(), outcome(&all, "IBRAHIM").as_str()), (6, "no-record"));
        // Sold under another airline's number: the ticket finds its passenger all the same.
        let sold = CouponInput {
            marketing_carrier: "ZH".into(),
            flight_number: "1515".into(),
            ..coupon("9992345678901", "flown", "LINDQVIST", "ASTRID")
        };
        coupons(&flights, arrival(51), vec![sold]).await;
        assert_eq!(outcome(&people(&flights).await, "LINDQVIST"), "flown");
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
    })
    .await;
}

#[tokio::test]
async fn rows_that_are_no_coupons_are_named_by_line() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let bad = CouponInput { line: 7, ..coupon("12", "F", "A", "B") };
        let absorbed = coupons(&flights, arrival(0), vec![bad]).await;
        assert_eq!(absorbed.changed, 0);
        let refused = &absorbed.refused[0];
        assert_eq!((refused.line, refused.code), (7, "flights-refused-ticket"));
    })
    .await;
}

#[tokio::test]
async fn a_ticket_and_the_one_it_was_exchanged_for_are_one_passengers() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let old = coupon("9990000000007", "exchanged", "LINDQVIST", "ASTRID");
        let new = coupon("9992345678901", "flown", "LINDQVIST", "ASTRID");
        coupons(&flights, arrival(50), vec![old.clone(), CouponInput { line: 3, ..new }]).await;
        let all = people(&flights).await;
        assert_eq!((all.len(), outcome(&all, "LINDQVIST").as_str()), (5, "flown"), "{all:?}");
        // The old one told again, with more to it: the new one still counts.
        let told = CouponInput { tour_code: "IT7".into(), ..old };
        assert_eq!(coupons(&flights, arrival(51), vec![told]).await.changed, 1);
        assert_eq!(outcome(&people(&flights).await, "LINDQVIST"), "flown");
        let flown = "SELECT COUNT(*) FROM flown_segment WHERE outcome = 'flown'";
        assert_eq!(count(&flights, flown).await, 1);
    })
    .await;
}

#[tokio::test]
async fn of_a_coupon_twice_in_a_file_the_last_row_holds() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let flown = coupon("9992345678901", "flown", "LINDQVIST", "ASTRID");
        let back = CouponInput { line: 3, status: "refunded".into(), ..flown.clone() };
        let again = CouponInput { line: 4, ..flown.clone() };
        let absorbed = coupons(&flights, arrival(50), vec![flown, back, again]).await;
        assert_eq!((absorbed.read, absorbed.changed), (3, 1));
        assert_eq!(outcome(&people(&flights).await, "LINDQVIST"), "flown");
    })
    .await;
}
