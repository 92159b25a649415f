use super::{both, code, day, flight, new_use};
use crate::{Outcome, Why};
use chrono::Duration;
use programme::examples;
use store::sql;

#[tokio::test]
async fn what_was_promised_is_told_as_it_was_known_then() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let asked = flight("2026-12-01");
        let (benefits, clerk) = (&world.benefits, &world.clerk);
        assert_eq!(code(benefits.promised(clerk, member, &asked).await), "benefits-not-departed");
        let early = new_use(member, "limousine", Some(flight("2026-11-25")));
        let _ = benefits.record(clerk, early).await.unwrap();
        world.house.clock.advance(Duration::days(20));
        // All that is learnt or decided later changes nothing of what was promised.
        let late = new_use(member, "limousine", Some(asked.clone()));
        let _ = benefits.record(clerk, late).await.unwrap();
        world.tier(member, "SILVER", 1, "2026-11-22", "2028-10-31").await;
        let text = examples::BRIDGE_KM.replacen("version = 7", "version = 8", 1).replacen(
            "count = 4, per = \"calendar-year\"",
            "count = 1, per = \"calendar-year\"",
            1,
        );
        world.approve(&text, day("2026-01-01")).await;
        let promise = benefits.promised(clerk, member, &asked).await.unwrap();
        assert!(!promise.known_later);
        let answer = promise.reply.answer.unwrap();
        assert_eq!((answer.tier.code.as_str(), answer.version), ("PLATINUM", 7));
        let limousine = answer.benefits.iter().find(|it| it.id == "limousine").unwrap();
        assert_eq!((limousine.because, limousine.remaining), (Why::Tier, Some(3)));
        let given: Vec<&str> = promise.given.iter().map(|it| it.benefit.as_str()).collect();
        assert_eq!(given, ["limousine"]);
        let now = world.ask(member, &asked).await;
        assert_eq!((now.tier.code.as_str(), now.version), ("SILVER", 8));
        // Of history that came later nothing was known when it was flown.
        let old = benefits.promised(clerk, member, &flight("2020-05-01")).await.unwrap();
        assert!(old.known_later);
        assert_eq!(old.reply.outcome, Outcome::Answered);
    })
    .await;
}

#[tokio::test]
async fn words_about_a_forgotten_member_are_erased() {
    both(async |world| {
        let member = world.platinum("周启明").await;
        let new = crate::NewUse { note: "窗口".to_owned(), ..new_use(member, "lounge", None) };
        let _ = world.benefits.record(&world.clerk, new).await.unwrap();
        world.benefits.forget(member).await.unwrap();
        world.benefits.forget(member).await.unwrap();
        let mut tx = world.benefits.db().read().await.unwrap();
        let words: Vec<String> =
            tx.values(sql("SELECT note || place FROM benefit_use")).await.unwrap();
        assert_eq!(words, [""]);
    })
    .await;
}
