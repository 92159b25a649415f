#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;
use kernel::Outcome;
use programme::examples;

use super::*;
use crate::testing::{actor, approve, both, service};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn draft(text: &str, from: &str) -> Draft {
    Draft { text: text.to_owned(), valid_from: day(from), note: "spring rules".to_owned() }
}

#[tokio::test]
async fn approval_needs_another_person_and_what_is_approved_stays() {
    both(async |house| {
        let loyalty = service(&house).await;
        let (one, other) = (actor(&house, Role::Loyalty).await, actor(&house, Role::Manager).await);
        let agent = actor(&house, Role::Agent).await;
        let text = examples::BRIDGE_KM;
        let denied = loyalty.draft_programme(&agent, draft(text, "2026-01-01")).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
        let made = loyalty.draft_programme(&one, draft(text, "2026-01-01")).await.unwrap();
        assert!(!made.findings.iter().any(Located::is_error), "{:?}", made.findings);
        let early = loyalty.decide_programme(&other, made.id, true, "").await;
        assert!(matches!(early, Err(Error::Refused("loyalty-version-not-proposed"))));
        let again = loyalty.draft_programme(&one, draft(text, "2026-02-01")).await.unwrap();
        assert_eq!(again.id, made.id, "still a draft: written again");
        let id = made.id;
        assert_eq!(loyalty.propose_programme(&one, id).await.unwrap(), Outcome::Done(()));
        assert!(loyalty.propose_programme(&one, id).await.unwrap().is_repeat());
        let own = loyalty.decide_programme(&one, id, true, "").await;
        assert!(matches!(own, Err(Error::Refused("loyalty-own-proposal"))));
        let none = loyalty.programme_on("bridge-km", day("2026-06-01")).await;
        assert!(matches!(none, Err(Error::NotFound("version"))));
        let done = loyalty.decide_programme(&other, id, true, "checked").await.unwrap();
        assert_eq!(done, Outcome::Done(()));
        assert!(loyalty.decide_programme(&other, id, true, "").await.unwrap().is_repeat());
        let late = loyalty.decide_programme(&other, id, false, "").await;
        assert!(matches!(late, Err(Error::Refused("loyalty-version-decided"))));
        let kept = loyalty.draft_programme(&one, draft(text, "2020-01-01")).await;
        assert!(matches!(kept, Err(Error::Refused("loyalty-version-kept"))));
        let (version, exported) = loyalty.programme_version(&agent, id).await.unwrap();
        assert_eq!((exported.as_str(), version.state), (text, VersionState::Approved));
        assert_eq!(version.decided_note, "checked");
        assert_eq!(version.valid_from, day("2026-02-01"));
        let engine = loyalty.programme_on("bridge-km", day("2026-02-01")).await.unwrap();
        assert_eq!(engine.programme().version, 7);
        let before = loyalty.programme_on("bridge-km", day("2026-01-31")).await;
        assert!(matches!(before, Err(Error::NotFound("version"))));
        let same = loyalty.programme_on("bridge-km", day("2026-03-01")).await.unwrap();
        assert!(std::sync::Arc::ptr_eq(&engine, &same), "read once");
    })
    .await;
}

#[tokio::test]
async fn the_latest_first_day_holds_and_of_equal_ones_the_later_approval() {
    both(async |house| {
        let loyalty = service(&house).await;
        let next = |version: u32| {
            examples::BRIDGE_KM.replace("version = 7\n", &format!("version = {version}\n"))
        };
        approve(&house, &loyalty, &next(7), day("2026-01-01")).await;
        let later = approve(&house, &loyalty, &next(8), day("2026-07-01")).await;
        house.clock.advance(chrono::Duration::seconds(1));
        approve(&house, &loyalty, &next(9), day("2026-07-01")).await;
        house.clock.advance(chrono::Duration::seconds(1));
        approve(&house, &loyalty, &next(10), day("2025-01-01")).await;
        for (on, expected) in
            [("2025-06-01", 10), ("2026-01-01", 7), ("2026-06-30", 7), ("2026-07-01", 9)]
        {
            let engine = loyalty.programme_on("bridge-km", day(on)).await.unwrap();
            assert_eq!(engine.programme().version, expected, "{on}");
        }
        let actor = actor(&house, Role::Loyalty).await;
        let all = loyalty.programme_versions(&actor, "bridge-km").await.unwrap();
        let numbers: Vec<i64> = all.iter().map(|one| one.version).collect();
        assert_eq!(numbers, [10, 9, 8, 7]);
        let (before, changed) = loyalty.programme_changes(&actor, later).await.unwrap().unwrap();
        assert_ne!(before, later);
        assert_eq!(changed.len(), 1, "{changed:?}");
        assert_eq!(changed[0].place, "version");
        let low = draft(&next(5), "2030-01-01");
        let low = loyalty.draft_programme(&actor, low).await.unwrap().id;
        let _ = loyalty.propose_programme(&actor, low).await.unwrap();
        let other = crate::testing::actor(&house, Role::Manager).await;
        let refused = loyalty.decide_programme(&other, low, true, "").await;
        assert!(matches!(refused, Err(Error::Refused("loyalty-version-low"))));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_said_with_its_lines_and_not_proposed() {
    both(async |house| {
        let loyalty = service(&house).await;
        let one = actor(&house, Role::Loyalty).await;
        let broken =
            examples::BRIDGE_KM.replace("tier = \"SILVER\"\nwindow", "tier = \"X\"\nwindow");
        let made = loyalty.draft_programme(&one, draft(&broken, "2026-01-01")).await.unwrap();
        let error = made.findings.iter().find(|found| found.is_error()).unwrap();
        assert!(!error.lines.is_empty(), "{error:?}");
        let refused = loyalty.propose_programme(&one, made.id).await;
        assert!(matches!(refused, Err(Error::Contradictory(_))));
        let (version, _) = loyalty.programme_version(&one, made.id).await.unwrap();
        assert_eq!(version.state, VersionState::Draft, "nothing half done");
        let no_text = loyalty.draft_programme(&one, draft("code = 1\n", "2026-01-01")).await;
        assert!(matches!(no_text, Err(Error::Document(bad)) if bad.line == Some(1)));
    })
    .await;
}
