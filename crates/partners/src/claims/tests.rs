#![allow(clippy::unwrap_used, reason = "tests")]
use kernel::Outcome;
use loyalty::ledger::AccountState;
use loyalty::limits::{Action, Limit, What};
use loyalty::members::Member;

use super::*;
use crate::Error;
use crate::testing::{Desk, both};

const TICKET: &str = "7811234567890";

fn asked(desk: &Desk, day: i64) -> Asked {
    Asked {
        flight: "QJ 1419".to_owned(),
        date: desk.day(day).to_string(),
        origin: "tfu".to_owned(),
        destination: "HGH".to_owned(),
        ticket: "781-1234567890".to_owned(),
        ..Asked::default()
    }
}

async fn claim(desk: &Desk, member: &Member, asked: &Asked) -> Claim {
    let id = ClaimId::new(desk.partners.now());
    let made = desk.partners.claim(&desk.clerk, id, member.id, Channel::Agent, asked).await;
    made.unwrap().into_inner()
}

async fn now(desk: &Desk, claim: &Claim) -> Claim {
    desk.partners.claim_of(&desk.clerk, claim.id).await.unwrap().0
}

#[tokio::test]
async fn a_flight_that_is_free_becomes_the_members_and_earns_once() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let (member, other) = (desk.member("周启明").await, desk.member("Qing Zhou").await);
        desk.advance(60);
        desk.coupon(TICKET, "ZHOU/QIMING", 30, "flown", "Y").await;
        desk.settle().await;
        assert_eq!(desk.miles(&member).await, 0, "nobody knows whose it is");

        let made = claim(&desk, &member, &asked(&desk, 30)).await;
        assert_eq!((made.state, made.verdict), (State::Accepted, Verdict::Found));
        let promised = made.detail["miles"].as_i64().unwrap();
        // The other with the same surname and initial, and the first once more.
        let second = claim(&desk, &other, &asked(&desk, 30)).await;
        assert_eq!(second.verdict, Verdict::AlreadyAnother);
        let again = ClaimId::new(desk.partners.now());
        let repeat = desk
            .partners
            .claim(&desk.clerk, again, member.id, Channel::Member, &asked(&desk, 30))
            .await
            .unwrap();
        assert!(matches!(&repeat, Outcome::AlreadyDone(it) if it.id == made.id));

        desk.settle().await;
        let credited = now(&desk, &made).await;
        assert_eq!((credited.state, credited.miles), (State::Credited, Some(promised)));
        assert_eq!(desk.miles(&member).await, promised);
        let after = claim(&desk, &other, &asked(&desk, 30)).await;
        assert_eq!((after.state, after.verdict), (State::Explained, Verdict::AlreadyAnother));

        // A refund is taken back as of any flight.
        desk.coupon(TICKET, "ZHOU/QIMING", 30, "refunded", "Y").await;
        desk.settle().await;
        assert_eq!(desk.miles(&member).await, 0);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn each_verdict_has_its_cause() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let member = desk.member("周启明").await;
        desk.advance(120);
        desk.coupon(TICKET, "ZHOU/QIMING", 30, "flown", "Y").await;
        desk.coupon("7811234567891", "ZHOU/QING", 31, "flown", "Y").await;
        desk.coupon("7811234567892", "LIN/XIAOYU", 32, "flown", "Y").await;
        desk.coupon("7811234567893", "ZHOU/QIMING", 33, "refunded", "Y").await;
        desk.settle().await;
        let base = asked(&desk, 30);
        let with = |day: i64, ticket: &str| Asked {
            date: desk.day(day).to_string(),
            ticket: ticket.to_owned(),
            ..base.clone()
        };
        let cases = [
            (Asked { name: "LIN/XIAOYU".to_owned(), ..base.clone() }, Verdict::OtherName),
            (with(32, "7811234567892"), Verdict::OtherName),
            (with(-1, ""), Verdict::BeforeJoining),
            (Asked { flight: "XX999".to_owned(), ..base.clone() }, Verdict::NoAgreement),
            (with(31, ""), Verdict::NotProven),
            (with(40, ""), Verdict::NotKnownYet),
            (with(33, "7811234567893"), Verdict::NotFlown),
        ];
        for (asked, expected) in cases {
            let made = claim(&desk, &member, &asked).await;
            assert_eq!(made.verdict, expected, "{asked:?}: {:?}", made.detail);
        }
        desk.advance(200);
        let late = claim(&desk, &member, &base).await;
        assert_eq!((late.state, late.verdict), (State::Explained, Verdict::TooOld));
        assert_eq!(desk.miles(&member).await, 0);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_flight_waits_for_its_messages_and_then_for_a_person() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let member = desk.member("周启明").await;
        desk.advance(31);
        let (known, never) =
            (asked(&desk, 30), Asked { ticket: String::new(), ..asked(&desk, 29) });
        let (one, two) = (claim(&desk, &member, &known).await, claim(&desk, &member, &never).await);
        assert_eq!((one.state, two.state), (State::Waiting, State::Waiting));
        desk.coupon(TICKET, "ZHOU/QIMING", 30, "flown", "Y").await;
        desk.advance(1);
        desk.settle().await;
        assert_eq!(now(&desk, &one).await.state, State::Credited);
        assert!(desk.miles(&member).await > 0);
        assert_eq!(now(&desk, &two).await.state, State::Waiting);
        desk.advance(20);
        desk.settle().await;
        let given_up = now(&desk, &two).await;
        assert_eq!((given_up.state, given_up.verdict), (State::Review, Verdict::NeverTold));
        let refuse = Decision::Refuse { reason: "not-on-flight".to_owned() };
        let done = desk.partners.decide_claim(&desk.clerk, two.id, &refuse).await.unwrap();
        assert_eq!(done.into_inner().verdict, Verdict::Refused);
        let twice = desk.partners.decide_claim(&desk.clerk, two.id, &Decision::Again).await;
        assert!(twice.unwrap().is_repeat());
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_person_takes_what_the_machine_must_not() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let (member, other) = (desk.member("周启明").await, desk.member("林小雨").await);
        desk.advance(60);
        desk.coupon(TICKET, "ZHOU/QIMING", 30, "flown", "Y").await;
        let without = Asked { ticket: String::new(), ..asked(&desk, 30) };
        let made = claim(&desk, &member, &without).await;
        assert_eq!((made.state, made.verdict), (State::Review, Verdict::NotProven));
        let ground = desk.partners.evidence(&desk.clerk, &made).await.unwrap();
        let [one] = ground.candidates.as_slice() else { unreachable!("{ground:?}") };
        let accept = Decision::Accept { segment: one.key.clone() };
        let nobody = Decision::Accept { segment: "seg:none".to_owned() };
        let refused = desk.partners.decide_claim(&desk.clerk, made.id, &nobody).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
        let done = desk.partners.decide_claim(&desk.clerk, made.id, &accept).await.unwrap();
        assert_eq!(done.into_inner().state, State::Accepted);
        desk.settle().await;
        assert_eq!(now(&desk, &made).await.state, State::Credited);

        // What is credited is not given to somebody else, whoever decides.
        let named = Asked { name: "林小雨".to_owned(), ..asked(&desk, 30) };
        let theirs = claim(&desk, &other, &named).await;
        assert_eq!(theirs.verdict, Verdict::OtherName);
        assert_eq!(desk.miles(&other).await, 0);
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn limits_frozen_accounts_and_odd_input() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let member = desk.member("周启明").await;
        desk.advance(60);
        desk.coupon(TICKET, "ZHOU/QIMING", 30, "flown", "Y").await;
        let freeze = desk.loyalty.freeze(&desk.clerk, member.id, AccountState::Frozen, "fraud");
        let _ = freeze.await.unwrap();
        let frozen = claim(&desk, &member, &asked(&desk, 30)).await;
        assert_eq!((frozen.state, frozen.verdict), (State::Review, Verdict::Frozen));

        let bad = Asked {
            flight: "=1+1".to_owned(),
            date: "2026-13-01".to_owned(),
            origin: "QQQ".to_owned(),
            destination: String::new(),
            ticket: "12".to_owned(),
            class: "YY".to_owned(),
            ..Asked::default()
        };
        let id = ClaimId::new(desk.partners.now());
        let refused = desk.partners.claim(&desk.clerk, id, member.id, Channel::Agent, &bad).await;
        let Err(Error::Invalid(fields)) = refused else { unreachable!("{refused:?}") };
        let fields: Vec<&str> = fields.iter().map(|it| it.field).collect();
        assert_eq!(fields, ["flight", "date", "origin", "destination", "ticket", "class"]);
        let soon = Asked { date: desk.day(300).to_string(), ..asked(&desk, 1) };
        let refused = desk.partners.claim(&desk.clerk, id, member.id, Channel::Agent, &soon).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));

        let limit = Limit {
            id: kernel::ids::v7(desk.partners.now()),
            programme: crate::testing::KM.to_owned(),
            what: What::Claim,
            hours: 24,
            most_count: Some(2),
            most_amount: None,
            action: Action::Review,
            valid_from: ::store::testing::NOW,
            valid_to: None,
        };
        desk.loyalty.add_limit(&desk.clerk, &limit).await.unwrap();
        let more = Asked { ticket: String::new(), ..asked(&desk, 41) };
        let second = claim(&desk, &member, &more).await;
        assert_eq!(second.verdict, Verdict::NotKnownYet);
        let third =
            claim(&desk, &member, &Asked { ticket: String::new(), ..asked(&desk, 42) }).await;
        assert_eq!((third.state, third.verdict), (State::Review, Verdict::Limit));
    })
    .await;
}

#[test]
fn a_boarding_pass_fills_in_what_was_left_empty() {
    let pass = "M1ZHOU/QIMING         EABC123 TFUHGHQJ 1419 328Y012A0025 \
                134>2180 W             2A7811234567890 0                          N";
    let asked = Asked { boarding_pass: pass.to_owned(), ..Asked::default() };
    let today = "2026-12-20".parse().unwrap();
    let about = asked.read(&PersonName::default(), today).unwrap();
    assert_eq!((about.designator().as_str(), about.origin.as_str()), ("QJ1419", "TFU"));
    assert_eq!(about.date.to_string(), "2026-11-24");
    assert_eq!((about.locator.as_str(), about.seat.as_str()), ("ABC123", "12A"));
    assert!(about.by_pass);
    for odd in ["", "M1", "\u{0}\u{0}", "M9XXXXXXXXXXXXXXX", &"M1Z".repeat(3_000)] {
        let asked = Asked { boarding_pass: format!("x{odd}"), ..Asked::default() };
        assert!(asked.read(&PersonName::default(), today).is_err());
    }
}
