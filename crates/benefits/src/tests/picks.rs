use super::{both, code, day, flight, new_use};
use crate::Why;
use crate::choices::NewChoice;
use chrono::Duration;
use uuid::Uuid;

fn choice(benefit: &str) -> NewChoice {
    NewChoice {
        id: Uuid::new_v4(),
        milestone: "spend-300k".to_owned(),
        period_from: None,
        benefit: benefit.to_owned(),
    }
}

#[tokio::test]
async fn as_many_are_chosen_as_the_milestone_says() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let (benefits, clerk) = (&world.benefits, &world.clerk);
        let asked = flight("2026-12-01");
        let steps = benefits.steps(clerk, member).await.unwrap();
        assert_eq!((steps.len(), steps[0].milestone.reached, steps[0].left), (1, false, 0));
        let early = benefits.choose(clerk, member, &choice("upgrade-voucher")).await;
        assert_eq!(code(early), "benefits-not-reached");
        world.spend(member, "2026-10-01", 30_000_000).await;
        assert_eq!(
            code(benefits.choose(clerk, member, &choice("lounge")).await),
            "benefits-benefit"
        );
        let nothing = NewChoice { milestone: "x".to_owned(), ..choice("upgrade-voucher") };
        assert_eq!(code(benefits.choose(clerk, member, &nothing).await), "benefits-milestone");
        let new = choice("upgrade-voucher");
        let tries = (0..4).map(|_| async { benefits.choose(clerk, member, &new).await });
        let tries = futures::future::join_all(tries).await;
        let repeats = tries.iter().filter(|it| it.as_ref().unwrap().is_repeat()).count();
        assert_eq!(repeats, 3, "a second click finds the first");
        let more = benefits.choose(clerk, member, &choice("companion-ticket")).await;
        assert_eq!(code(more), "benefits-all-chosen");
        let again = benefits.choose(clerk, member, &choice("upgrade-voucher")).await;
        assert_eq!(code(again), "benefits-choice-again");
        let voucher = world.benefit(member, &asked, "upgrade-voucher").await;
        assert_eq!((voucher.because, voucher.remaining), (Why::Chosen, Some(2)));
        assert_eq!(voucher.words.zh, "自选权益，还剩 2 次。");
        // Held until the end of the year after.
        let last = world.benefit(member, &flight("2027-12-31"), "upgrade-voucher").await;
        assert_eq!(last.because, Why::Chosen);
        let over = world.benefit(member, &flight("2028-01-01"), "upgrade-voucher").await;
        assert_eq!(over.because, Why::NotChosen);
    })
    .await;
}

#[tokio::test]
async fn two_who_choose_the_last_one_choose_once() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        world.spend(member, "2026-10-01", 30_000_000).await;
        let picks = [
            choice("upgrade-voucher"),
            choice("companion-ticket"),
            choice("upgrade-voucher"),
            choice("companion-ticket"),
        ];
        let tries = picks.iter().map(|new| world.benefits.choose(&world.clerk, member, new));
        let tries = futures::future::join_all(tries).await;
        assert_eq!(tries.iter().filter(|it| it.is_ok()).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_choice_is_taken_back_until_it_was_used() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let (benefits, clerk) = (&world.benefits, &world.clerk);
        world.spend(member, "2026-10-01", 30_000_000).await;
        let first = choice("upgrade-voucher");
        let _ = benefits.choose(clerk, member, &first).await.unwrap();
        let new = new_use(member, "upgrade-voucher", Some(flight("2026-12-01")));
        let used = benefits.record(clerk, new).await.unwrap().into_inner();
        assert_eq!(used.basis, "chosen");
        let late = benefits.take_choice_back(clerk, first.id).await;
        assert_eq!(code(late), "benefits-choice-used");
        let _ = benefits.take_back(clerk, used.id).await.unwrap();
        let _ = benefits.take_choice_back(clerk, first.id).await.unwrap();
        assert!(benefits.take_choice_back(clerk, first.id).await.unwrap().is_repeat());
        let voucher = world.benefit(member, &flight("2026-12-01"), "upgrade-voucher").await;
        assert_eq!(voucher.because, Why::NotChosen);
        let _ = benefits.choose(clerk, member, &choice("companion-ticket")).await.unwrap();
        let all = benefits.overview(clerk, member).await.unwrap().choices;
        assert_eq!(all.iter().filter(|it| it.undone_at.is_some()).count(), 1);
        assert_eq!(all.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn last_years_milestone_is_chosen_at_until_the_end_of_this_one() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let (benefits, clerk) = (&world.benefits, &world.clerk);
        world.spend(member, "2026-10-01", 30_000_000).await;
        world.house.clock.advance(Duration::days(60));
        let clerk_again = world.house.staff(access::Role::Manager).await.actor;
        let steps = benefits.steps(&clerk_again, member).await.unwrap();
        let open: Vec<_> = steps.iter().map(|it| (it.period_from, it.left)).collect();
        assert_eq!(open, [(day("2027-01-01"), 0), (day("2026-01-01"), 1)]);
        let new = NewChoice { period_from: Some(day("2026-01-01")), ..choice("upgrade-voucher") };
        let made = benefits.choose(clerk, member, &new).await.unwrap().into_inner();
        assert_eq!(made.valid_to, day("2027-12-31"));
        let steps = benefits.steps(clerk, member).await.unwrap();
        assert_eq!(steps[1].left, 0);
        world.house.clock.advance(Duration::days(365));
        let steps = benefits.steps(clerk, member).await.unwrap();
        assert_eq!(steps.len(), 1, "gone by");
    })
    .await;
}
