#![allow(clippy::unwrap_used, reason = "tests")]

use access::Role;

use super::Rooms;
use crate::tests::{World, both, flight, new_use};

fn app(world: &World) -> axum::Router {
    let benefits = world.benefits.clone();
    let web = world.house.web.clone();
    let more = vec![super::panel(&benefits)];
    let loyalty =
        loyalty::Rooms { web: web.clone(), loyalty: benefits.loyalty().clone(), more, deeds: &[] };
    let rooms = Rooms { web, benefits, loyalty: loyalty.clone() };
    world.house.app(super::pages(rooms).merge(loyalty::pages::pages(loyalty)))
}

/// What stands in a field of a form.
fn value(text: &str, name: &str) -> String {
    let at = text.find(&format!("name=\"{name}\" value=\"")).unwrap();
    let rest = &text[at + name.len() + 15..];
    rest[..rest.find('"').unwrap()].to_owned()
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one walk")]
async fn a_clerk_asks_records_takes_back_chooses_and_grants() {
    both(async |world| {
        let app = app(&world);
        let clerk = world.house.staff(Role::Manager).await;
        let member = world.platinum("周启明").await;
        world.spend(member, "2026-10-01", 30_000_000).await;
        let page = format!("/members/{member}/benefits");
        let account = clerk.get(&app, &format!("/members/{member}")).await;
        assert!(account.text.contains("0 of 4 used, 4 left"), "{}", account.text);
        let form = clerk.get(&app, &format!("{page}/use")).await;
        assert_eq!(form.status, 200, "{}", form.text);
        let key = value(&form.text, "key");
        let fields = [
            ("key", key.as_str()),
            ("benefit", "limousine"),
            ("on", "2026-12-01"),
            ("flight", "JB831"),
            ("from", "PVG"),
            ("to", "PEK"),
            ("cabin", "business"),
            ("count", "1"),
            ("companions", "0"),
            ("place", "PVG"),
            ("note", ""),
        ];
        for _ in 0..2 {
            let sent = clerk.post(&app, &format!("{page}/use"), &fields).await;
            assert_eq!((sent.status, sent.location()), (303, page.as_str()), "{}", sent.text);
        }
        let shown = clerk.get(&app, &page).await;
        assert!(shown.text.contains("1 of 4 used, 3 left"), "{}", shown.text);
        assert!(shown.text.contains("JB831 PVG"));
        let zh = clerk.clone().reading("zh-CN").get(&app, &page).await;
        assert!(zh.text.contains("共 4 次，已用 1 次，还剩 3 次") && !zh.text.contains('⟨'));
        let wrong = fields.map(|(name, value)| match name {
            "benefit" => (name, "guaranteed-seat"),
            "key" => (name, "01900000-0000-7000-8000-000000000001"),
            "note" => (name, "typed words"),
            _ => (name, value),
        });
        let back = clerk.post(&app, &format!("{page}/use"), &wrong).await;
        assert_eq!(back.status, 422);
        assert!(
            back.text.contains("does not hold in this cabin") && back.text.contains("typed words")
        );
        let undo = format!("{page}/uses/{key}/undo");
        assert_eq!(clerk.post(&app, &undo, &[]).await.status, 303);
        let asked = format!("{page}/flight?flight=JB831&date=2026-12-01&from=PVG&to=PEK");
        let answer = clerk.get(&app, &asked).await;
        assert!(answer.text.contains("Only in business and first"), "{}", answer.text);
        let gone = format!("{page}/flight?flight=JB831&date=2026-11-20&from=PVG&to=PEK");
        let gone = clerk.get(&app, &gone).await;
        assert!(gone.text.contains("No use was recorded on this flight"), "{}", gone.text);
        let bad = clerk.get(&app, &format!("{page}/flight?flight=JB831&date=2026-12-01")).await;
        assert_eq!(bad.status, 422, "{}", bad.text);
        let pick = [
            ("key", value(&shown.text, "key")),
            ("milestone", "spend-300k".to_owned()),
            ("period_from", "2026-01-01".to_owned()),
            ("benefit", "upgrade-voucher".to_owned()),
        ];
        let pick = pick.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(clerk.post(&app, &format!("{page}/choose"), &pick).await.status, 303);
        let shown = clerk.get(&app, &page).await;
        assert!(shown.text.contains("Everything it gives was chosen"), "{}", shown.text);
        let form = clerk.get(&app, &format!("{page}/grant")).await;
        let key = value(&form.text, "key");
        let give = [
            ("key", key.as_str()),
            ("benefit", "limousine"),
            ("count", "2"),
            ("valid_to", "2026-12-31"),
            ("reason", "complaint"),
            ("note", ""),
        ];
        assert_eq!(clerk.post(&app, &format!("{page}/grant"), &give).await.status, 303);
        let bad =
            give.map(|(name, value)| if name == "count" { (name, "x") } else { (name, value) });
        assert_eq!(clerk.post(&app, &format!("{page}/grant"), &bad).await.status, 422);
        let shown = clerk.get(&app, &page).await;
        assert!(shown.text.contains("6 left with 2 as goodwill"), "{}", shown.text);
        let end = format!("{page}/grants/{key}/end");
        assert_eq!(clerk.post(&app, &end, &[]).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn pages_are_refused_found_missing_and_empty() {
    both(async |world| {
        let app = app(&world);
        let member = world.enrol("周启明").await.id;
        let auditor = world.house.staff(Role::Auditor).await;
        let page = format!("/members/{member}/benefits");
        for path in [page.clone(), format!("{page}/flight"), "/benefits".to_owned()] {
            let answer = auditor.get(&app, &path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert!(!answer.text.contains('⟨'), "{path}");
            let zh = auditor.clone().reading("zh-CN").get(&app, &path).await;
            assert!(zh.status == 200 && !zh.text.contains('⟨'), "{path}");
        }
        for path in [format!("{page}/use"), format!("{page}/grant")] {
            assert_eq!(auditor.get(&app, &path).await.status, 403, "{path}");
            assert_eq!(auditor.post(&app, &path, &[]).await.status, 403, "{path}");
        }
        let nobody = format!("/members/{}/benefits", uuid::Uuid::new_v4());
        assert_eq!(auditor.get(&app, &nobody).await.status, 404);
        assert_eq!(auditor.get(&app, "/members/x/benefits").await.status, 404);
        let shown = auditor.get(&app, "/benefits").await;
        assert!(shown.text.contains("Lounge with a companion"));
        let stranger = world.house.stranger();
        assert!(stranger.get(&app, &page).await.status != 200);
        let new = new_use(member, "pass", Some(flight("2026-12-01")));
        let _ = world.benefits.record(&world.clerk, new).await.unwrap();
        let shown = auditor.get(&app, &page).await;
        assert!(shown.text.contains("1 of 2 used, 1 left"), "{}", shown.text);
    })
    .await;
}
