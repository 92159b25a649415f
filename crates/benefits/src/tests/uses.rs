use super::{at, both, code, day, flight, new_use};
use crate::goodwill::NewGrant;
use crate::{NewUse, Outcome, Who, Why};
use access::Actor;
use chrono::Duration;
use kernel::Clock as _;
use loyalty::ledger::AccountState;
use uuid::Uuid;

#[tokio::test]
async fn the_last_one_is_used_once_however_many_ask() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let asked = flight("2026-12-01");
        for _ in 0..3 {
            let new = new_use(member, "limousine", Some(asked.clone()));
            let _ = world.benefits.record(&world.clerk, new).await.unwrap();
        }
        let tries = (0..8).map(|_| {
            let new = new_use(member, "limousine", Some(asked.clone()));
            world.benefits.record(&world.clerk, new)
        });
        let tries = futures::future::join_all(tries).await;
        let (good, bad): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
        assert_eq!((good.len(), bad.len()), (1, 7));
        for one in bad {
            assert_eq!(code(one), "benefits-used-up");
        }
        let left = world.benefit(member, &asked, "limousine").await;
        assert_eq!((left.granted, left.because, left.remaining), (false, Why::UsedUp, Some(0)));
        let next_year = world.benefit(member, &flight("2027-01-01"), "limousine").await;
        assert_eq!(next_year.remaining, Some(4), "counted anew");
    })
    .await;
}

#[tokio::test]
async fn an_id_is_taken_down_once_and_a_use_is_taken_back_once() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let asked = flight("2026-12-01");
        let new = new_use(member, "limousine", Some(asked.clone()));
        let same = (0..4).map(|_| world.benefits.record(&world.clerk, new.clone()));
        let same = futures::future::join_all(same).await;
        let repeats = same.iter().filter(|it| it.as_ref().unwrap().is_repeat()).count();
        assert_eq!(repeats, 3);
        let other = NewUse { count: 2, ..new.clone() };
        assert_eq!(code(world.benefits.record(&world.clerk, other).await), "benefits-id-taken");
        assert_eq!(world.benefit(member, &asked, "limousine").await.remaining, Some(3));
        let back = (0..4).map(|_| world.benefits.take_back(&world.clerk, new.id));
        let back = futures::future::join_all(back).await;
        let repeats = back.iter().filter(|it| it.as_ref().unwrap().is_repeat()).count();
        assert_eq!(repeats, 3);
        assert_eq!(world.benefit(member, &asked, "limousine").await.remaining, Some(4));
        let uses = world.benefits.uses(&world.clerk, member, 10).await.unwrap();
        assert_eq!((uses.len(), uses[0].undone_by), (1, Some(world.clerk.id)));
        let nobody = world.benefits.take_back(&world.clerk, Uuid::new_v4()).await;
        assert_eq!(code(nobody), "benefits-use-not-found");
    })
    .await;
}

#[tokio::test]
async fn allowances_are_counted_over_their_own_periods() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let on = async |benefit: &str, date: &str| {
            let new = NewUse { on: Some(day(date)), ..new_use(member, benefit, None) };
            world.benefits.record(&world.clerk, new).await
        };
        // Enrolled on 22 November 2026: the membership year ends on 21 November 2027.
        let _ = on("pass", "2026-12-01").await.unwrap();
        let _ = on("pass", "2027-11-21").await.unwrap();
        assert_eq!(code(on("pass", "2027-02-01").await), "benefits-used-up");
        let _ = on("pass", "2027-11-22").await.unwrap();
        let first = flight("2026-12-01");
        let drink = |date: &str| new_use(member, "drink", Some(flight(date)));
        let _ = world.benefits.record(&world.clerk, drink("2026-12-01")).await.unwrap();
        let again = world.benefits.record(&world.clerk, drink("2026-12-01")).await;
        assert_eq!(code(again), "benefits-used-up");
        let _ = world.benefits.record(&world.clerk, drink("2026-12-02")).await.unwrap();
        let left = world.benefit(member, &first, "drink").await;
        assert_eq!((left.remaining, left.resets_on), (Some(0), None));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_given_cannot_be_used() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let asked = flight("2026-12-01");
        let with = |benefit: &str| new_use(member, benefit, Some(asked.clone()));
        let zj = crate::Asked { operating: Some("ZJ".to_owned()), ..asked.clone() };
        for (new, expected) in [
            (with("baggage-10"), "benefits-tier-lacks"),
            (with("guaranteed-seat"), "benefits-other-cabin"),
            (with("upgrade-voucher"), "benefits-not-chosen"),
            (NewUse { flight: Some(zj), ..with("limousine") }, "benefits-other-airline"),
            (with("no-such"), "benefits-benefit"),
            (NewUse { count: 0, ..with("lounge") }, "benefits-count"),
            (NewUse { count: 101, ..with("lounge") }, "benefits-count"),
            (NewUse { companions: 2, ..with("lounge") }, "benefits-companions"),
            (NewUse { note: "a\0b".to_owned(), ..with("lounge") }, "benefits-text"),
            (NewUse { place: "x".repeat(81), ..with("lounge") }, "benefits-text"),
            (NewUse { count: 5, ..with("limousine") }, "benefits-used-up"),
            (
                NewUse { who: Who::Id(Uuid::new_v4().into()), ..with("lounge") },
                "benefits-member-not-found",
            ),
        ] {
            assert_eq!(code(world.benefits.record(&world.clerk, new).await), expected);
        }
        let _ =
            world.benefits.record(&world.clerk, NewUse { companions: 1, ..with("lounge") }).await;
        let stranger = Actor::member(Uuid::new_v4());
        assert!(world.benefits.record(&stranger, with("lounge")).await.is_err());
        let loyalty = world.loyalty();
        let _ = loyalty.freeze(&world.clerk, member, AccountState::Frozen, "fraud").await.unwrap();
        let frozen = world.benefits.record(&world.clerk, with("lounge")).await;
        assert_eq!(code(frozen), "benefits-member-frozen");
        let uses = world.benefits.uses(&world.clerk, member, 10).await.unwrap();
        assert_eq!(uses.len(), 1, "nothing half applied");
    })
    .await;
}

#[tokio::test]
async fn goodwill_gives_what_the_tier_lacks_and_more_of_what_is_used_up() {
    both(async |world| {
        let member = world.enrol("周启明").await.id;
        let asked = flight("2026-12-01");
        let grant = |benefit: &str, count: u32, last: &str| NewGrant {
            id: Uuid::new_v4(),
            benefit: benefit.to_owned(),
            count,
            valid_to: day(last),
            reason: "disruption".to_owned(),
            note: String::new(),
        };
        for (new, expected) in [
            (grant("limousine", 0, "2027-01-31"), "benefits-grant-count"),
            (grant("limousine", 1, "2026-11-21"), "benefits-valid-to"),
            (grant("limousine", 1, "2029-01-31"), "benefits-valid-to"),
            (grant("nothing", 1, "2027-01-31"), "benefits-benefit"),
        ] {
            assert_eq!(code(world.benefits.grant(&world.clerk, member, &new).await), expected);
        }
        let given = grant("limousine", 2, "2026-12-01");
        let _ = world.benefits.grant(&world.clerk, member, &given).await.unwrap();
        assert!(world.benefits.grant(&world.clerk, member, &given).await.unwrap().is_repeat());
        let limousine = world.benefit(member, &asked, "limousine").await;
        assert_eq!((limousine.because, limousine.remaining), (Why::Goodwill, Some(2)));
        let after = world.benefit(member, &flight("2026-12-02"), "limousine").await;
        assert_eq!(after.because, Why::TierLacks, "over");
        let economy = crate::Asked { cabin: None, ..asked.clone() };
        let seat = world.benefit(member, &economy, "limousine").await;
        assert!(!seat.granted, "what the flight must be stays");
        let new = new_use(member, "limousine", Some(asked.clone()));
        let used = world.benefits.record(&world.clerk, new).await.unwrap().into_inner();
        assert_eq!(used.basis, "goodwill");
        assert_eq!(world.benefit(member, &asked, "limousine").await.remaining, Some(1));
        let _ = world.benefits.end_grant(&world.clerk, given.id).await.unwrap();
        assert!(world.benefits.end_grant(&world.clerk, given.id).await.unwrap().is_repeat());
        assert!(!world.benefit(member, &asked, "limousine").await.granted);
        world.tier(member, "PLATINUM", 3, "2026-11-22", "2028-10-31").await;
        let more = grant("limousine", 1, "2026-12-31");
        let _ = world.benefits.grant(&world.clerk, member, &more).await.unwrap();
        assert_eq!(world.benefit(member, &asked, "limousine").await.remaining, Some(5));
        let bases: Vec<String> = {
            let mut bases = Vec::new();
            for _ in 0..5 {
                let new = new_use(member, "limousine", Some(asked.clone()));
                let used = world.benefits.record(&world.clerk, new).await.unwrap();
                bases.push(used.into_inner().basis);
            }
            bases
        };
        assert_eq!(bases, ["tier", "tier", "tier", "tier", "goodwill"]);
    })
    .await;
}

#[tokio::test]
async fn counters_and_the_next_tier_are_seen() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let new = new_use(member, "limousine", Some(flight("2026-12-01")));
        let _ = world.benefits.record(&world.clerk, new).await.unwrap();
        let seen = world.benefits.overview(&world.clerk, member).await.unwrap();
        assert_eq!(seen.outcome, Outcome::Answered);
        let limousine = seen.has.iter().find(|it| it.row.id == *"limousine").unwrap();
        let counter = limousine.counter.unwrap();
        assert_eq!((counter.allowed, counter.used, counter.left()), (4, 1, 3));
        assert_eq!(counter.resets_on, Some(day("2027-01-01")));
        assert!(seen.has.iter().all(|it| it.row.id != *"baggage-10"));
        assert!(seen.next.is_none(), "nothing above platinum but for life");
        let plain = world.enrol("林小雨").await.id;
        let seen = world.benefits.overview(&world.clerk, plain).await.unwrap();
        let (name, rows) = seen.next.unwrap();
        assert_eq!(name.en, "Silver");
        assert!(rows.iter().any(|row| row.id == *"boarding"));
        world.house.clock.advance(Duration::days(60));
        assert_eq!(world.house.clock.now(), at("2027-01-21T08:00:00Z"));
        let seen = world.benefits.overview(&world.clerk, member).await.unwrap();
        let limousine = seen.has.iter().find(|it| it.row.id == *"limousine").unwrap();
        assert_eq!(limousine.counter.unwrap().used, 0);
    })
    .await;
}
