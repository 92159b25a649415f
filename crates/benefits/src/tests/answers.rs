use super::{KM, World, at, both, day, flight, new_use};
use crate::{Asked, Assumed, Outcome, Who, Why};
use loyalty::ledger::AccountState;
use programme::document::Cabin;
use store::sql;

async fn outcome(world: &World, who: Who) -> Outcome {
    let asked = flight("2026-12-01");
    let replies = world.benefits.entitlements(&world.clerk, &[who], &asked, None).await.unwrap();
    replies.1[0].outcome
}

#[tokio::test]
async fn every_benefit_is_answered_with_its_reason() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let asked = flight("2026-12-01");
        let answer = world.ask(member, &asked).await;
        assert_eq!((answer.tier.code.as_str(), answer.version), ("PLATINUM", 7));
        let why = |id: &str| {
            let one = answer.benefits.iter().find(|it| it.id == id).unwrap();
            (one.granted, one.because, one.remaining)
        };
        assert_eq!(why("lounge"), (true, Why::Tier, None));
        assert_eq!(why("limousine"), (true, Why::Tier, Some(4)));
        assert_eq!(why("guaranteed-seat"), (false, Why::OtherCabin, None));
        assert_eq!(why("baggage-10"), (false, Why::TierLacks, None));
        assert_eq!(why("upgrade-voucher"), (false, Why::NotChosen, Some(2)));
        let limousine = answer.benefits.iter().find(|it| it.id == "limousine").unwrap();
        assert_eq!(limousine.resets_on, Some(day("2027-01-01")));
        assert_eq!(limousine.until, Some(at("2026-11-30T04:00:00Z")));
        assert_eq!(limousine.words.en, "Platinum has it, 4 left, until 30 Nov 2026 12:00.");
        assert_eq!(limousine.words.zh, "白金卡权益，还剩 4 次，截止 2026年11月30日 12:00。");
        let abroad = Asked { operating: Some("ZJ".to_owned()), ..asked.clone() };
        let limousine = world.benefit(member, &abroad, "limousine").await;
        assert_eq!(limousine.words.en, "Only on flights of JB; this one is of ZJ.");
        let who = [Who::Id(member)];
        let late = at("2026-11-30T04:00:01Z");
        let late = world.benefits.entitlements(&world.clerk, &who, &asked, Some(late)).await;
        let late = late.unwrap().1.pop().unwrap().answer.unwrap();
        let limousine = late.benefits.iter().find(|it| it.id == "limousine").unwrap();
        assert_eq!(limousine.because, Why::TooLate, "{}", limousine.words.zh);
    })
    .await;
}

#[tokio::test]
async fn numbers_find_members_and_each_outcome_is_told() {
    both(async |world| {
        let one = world.enrol("周启明").await;
        let number = Who::No { programme: KM.to_owned(), number: one.member_no.clone() };
        assert_eq!(outcome(&world, number).await, Outcome::Answered);
        let any = Who::No { programme: String::new(), number: one.member_no.clone() };
        assert_eq!(outcome(&world, any).await, Outcome::Answered);
        let other = Who::No { programme: "bay-year".to_owned(), number: one.member_no.clone() };
        assert_eq!(outcome(&world, other).await, Outcome::Unknown);
        let nobody = Who::Id(uuid::Uuid::new_v4().into());
        assert_eq!(outcome(&world, nobody).await, Outcome::Unknown);
        let loyalty = world.loyalty();
        let who = Who::Id(one.id);
        for (state, expected) in [
            (AccountState::DebitsFrozen, Outcome::Answered),
            (AccountState::Frozen, Outcome::Frozen),
            (AccountState::Open, Outcome::Answered),
        ] {
            let _ = loyalty.freeze(&world.clerk, one.id, state, "dispute").await.unwrap();
            assert_eq!(outcome(&world, who.clone()).await, expected);
        }
        let early = flight("2012-12-01");
        let replies = world
            .benefits
            .entitlements(&world.clerk, std::slice::from_ref(&who), &early, None)
            .await
            .unwrap();
        assert_eq!(replies.1[0].outcome, Outcome::NoRules);
        loyalty.forget(one.customer.unwrap()).await.unwrap();
        assert_eq!(outcome(&world, who).await, Outcome::Forgotten);
        let many: Vec<Who> = [one.id, uuid::Uuid::new_v4().into(), world.enrol("林小雨").await.id]
            .into_iter()
            .map(Who::Id)
            .collect();
        let asked = flight("2026-12-01");
        let replies = world.benefits.entitlements(&world.clerk, &many, &asked, None).await.unwrap();
        let outcomes: Vec<_> = replies.1.iter().map(|it| it.outcome).collect();
        assert_eq!(outcomes, [Outcome::Forgotten, Outcome::Unknown, Outcome::Answered]);
    })
    .await;
}

#[tokio::test]
async fn a_merged_number_is_answered_for_by_the_other_with_the_uses_of_both() {
    both(async |world| {
        let (from, middle) = (world.platinum("周启明").await, world.platinum("周启明").await);
        let into = world.platinum("周启明").await;
        let asked = flight("2026-12-01");
        for member in [from, into] {
            let new = new_use(member, "limousine", Some(asked.clone()));
            let _ = world.benefits.record(&world.clerk, new).await.unwrap();
        }
        let loyalty = world.loyalty();
        let _ = loyalty.merge_members(&world.clerk, from, middle).await.unwrap();
        let merge = loyalty.merge_members(&world.clerk, middle, into).await.unwrap().into_inner();
        let answer = world.ask(from, &asked).await;
        assert_eq!((answer.asked, answer.member), (from, into));
        let left = world.benefit(from, &asked, "limousine").await.remaining;
        assert_eq!(left, Some(2), "one of each");
        assert_eq!(world.benefits.uses(&world.clerk, into, 10).await.unwrap().len(), 2);
        let _ = loyalty.undo_merge(&world.clerk, merge).await.unwrap();
        assert_eq!(world.benefit(into, &asked, "limousine").await.remaining, Some(3));
        assert_eq!(world.benefit(from, &asked, "limousine").await.remaining, Some(3));
    })
    .await;
}

#[tokio::test]
async fn a_tier_that_changes_between_booking_and_flight_counts_on_the_flights_day() {
    both(async |world| {
        let member = world.enrol("周启明").await.id;
        world.tier(member, "GOLD", 2, "2026-01-01", "2026-12-31").await;
        let soon = world.ask(member, &flight("2026-12-31")).await;
        assert_eq!((soon.tier.code.as_str(), soon.tier_ends), ("GOLD", None));
        let after = world.ask(member, &flight("2027-01-01")).await;
        assert_eq!(after.tier.code, "BASE");
        let (name, last) = after.tier_ends.unwrap();
        assert_eq!((name.zh.as_str(), last), ("金卡", day("2026-12-31")));
        world.tier(member, "PLATINUM", 3, "2026-12-15", "2028-11-30").await;
        assert_eq!(world.ask(member, &flight("2026-12-14")).await.tier.code, "GOLD");
        let after = world.ask(member, &flight("2027-01-01")).await;
        assert_eq!((after.tier.code.as_str(), after.tier_ends), ("PLATINUM", None));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_told_is_looked_up_or_assumed() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let bare =
            Asked { designator: "JB 831".to_owned(), date: day("2026-12-01"), ..Asked::default() };
        let ask = world.benefits.entitlements(&world.clerk, &[Who::Id(member)], &bare, None).await;
        assert_eq!(super::code(ask), "benefits-flight-unknown");
        let told =
            Asked { from: Some("PVG".to_owned()), to: Some("PEK".to_owned()), ..bare.clone() };
        let answer = world.ask(member, &told).await;
        assert_eq!(answer.assumed, [Assumed::Cabin, Assumed::Departure]);
        assert_eq!(answer.cabin, Cabin::Economy);
        for (asked, code) in [
            (Asked { designator: "831".to_owned(), ..told.clone() }, "benefits-designator"),
            (Asked { to: Some("QQQ".to_owned()), ..told.clone() }, "benefits-airport"),
            (Asked { operating: Some("?".to_owned()), ..told.clone() }, "benefits-operating"),
        ] {
            let ask = world.benefits.entitlements(&world.clerk, &[], &asked, None).await;
            assert_eq!(super::code(ask), code);
        }
        let aboard = world.benefits.entitlements_aboard(&world.clerk, &told, None).await;
        assert_eq!(super::code(aboard), "benefits-flight-not-found");
        booked(&world, member).await;
        let known = world.ask(member, &bare).await;
        assert_eq!((known.assumed, known.cabin), (vec![], Cabin::Business));
        let aboard = world.benefits.entitlements_aboard(&world.clerk, &bare, None).await.unwrap();
        assert_eq!(aboard.0.way, ("PVG".to_owned(), "FRA".to_owned()));
        assert_eq!(aboard.1.len(), 1);
        assert_eq!(aboard.1[0].answer.as_ref().unwrap().member, member);
    })
    .await;
}

/// `JB831` to Frankfurt, with a seat in business.
async fn booked(world: &World, member: loyalty::MemberId) {
    let customer = world.loyalty().member(&world.clerk, member).await.unwrap().customer.unwrap();
    let (id, departs) = (uuid::Uuid::new_v4(), at("2026-12-01T05:00:00Z"));
    let mut tx = world.benefits.db().begin().await.unwrap();
    tx.exec(
        sql(
            "INSERT INTO flight (id, carrier, number, flight_date, origin, destination, departs_at,
                timed, scheduled, status, classes, created_at, changed_at)
             VALUES ($1, 'JB', '831', $2, 'PVG', 'FRA', $3, TRUE, TRUE, 'planned', $4, $3, $3)",
        )
        .bind(id)
        .bind(day("2026-12-01"))
        .bind(departs)
        .bind(serde_json::json!({})),
    )
    .await
    .unwrap();
    tx.exec(
        sql("INSERT INTO flight_passenger (id, flight_id, source_key, board_point, off_point, at,
                surname, given, kind, locators, locator, status, said_by, said_at, message_id,
                booking_class, cabin, party, corporate, requests, ffp, tier, seat, ticket, coupon,
                infants, staff, marketing, marketing_class, customer_id, outcome, basis,
                class_change, flown_class, replaced_ffp)
             VALUES ($1, $2, 'x', 'PVG', 'FRA', $3, 'X', 'Y', 'adult', $4, 'ABC123', 'booked',
                'pnl', $3, $1, 'J', 'business', 1, '', $4, '', '', '4K', '', 0, 0, FALSE, 'JB',
                'J', $5, 'booked', '', '', '', '')")
        .bind(uuid::Uuid::new_v4())
        .bind(id)
        .bind(departs)
        .bind(serde_json::json!([]))
        .bind(customer.uuid()),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}
