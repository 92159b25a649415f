#![allow(clippy::unwrap_used, reason = "tests")]
use std::sync::Arc;

use access::Role;
use store::jobs::{Handlers, Worker};
use store::sql;
use web::testing::{House, Visitor};

use super::{Panel, Place};
use crate::testing::{apply, both, import, member, rooms, service};
use crate::{Applied, CustomerId, Customers, DocumentKind, MemberInput, Policy, Tier};

async fn seed(house: &House, customers: &Customers) -> Vec<CustomerId> {
    let mut rows = vec![
        MemberInput {
            tier: Some(Tier::Platinum),
            city: Some("上海".into()),
            phone: Some("13812345678".to_owned().into()),
            document: Some((DocumentKind::Passport, "E12345678".to_owned().into())),
            ..member("1", "6218045731", "周启明")
        },
        MemberInput { tier: Some(Tier::Gold), ..member("2", "6247140886", "Katharina Vogel") },
        MemberInput { tier: Some(Tier::Gold), ..member("3", "6203118907", "林婉清") },
    ];
    rows.push(member("4", "6240771652", ""));
    let applied = apply(customers, import(house), &rows, Policy::Create).await;
    applied
        .into_iter()
        .map(|applied| match applied {
            Applied::Created(id) => id,
            other => panic!("{other:?}"),
        })
        .collect()
}

async fn drain(house: &House, customers: &Customers) {
    let mut handlers = Handlers::default();
    customers.handlers(&mut handlers);
    let worker = Worker::new(house.web.db.clone(), house.clock.clone(), handlers, 1);
    worker.drain().await.unwrap();
}

/// No text key may be left unsaid.
fn said(text: &str, page: &str) {
    assert!(!text.contains("customers-list-title"), "{page}");
    for mark in ["⟨", "customers-col-", "customers-field-", "customers-tl-", "customers-deck-"] {
        assert!(!text.contains(mark), "{page}: {mark}");
    }
}

#[tokio::test]
async fn every_page_speaks_both_languages() {
    both(async |house| {
        let rooms = rooms(&house);
        let ids = seed(&house, &rooms.customers).await;
        let app = house.app(crate::pages(rooms));
        let staff = house.staff(Role::Manager).await;
        let one = format!("/customers/{}", ids[0]);
        let nameless = format!("/customers/{}", ids[3]);
        let pages = [
            "/customers",
            "/customers?f=tier:in:gold|platinum;km:gte:0&sort=name",
            "/customers?q=zhou",
            "/customers?view=sleeping",
            "/customers/trash",
            "/customers/new",
            one.as_str(),
            nameless.as_str(),
            &format!("{one}/edit"),
            &format!("{one}?in=sort%3Dname&tl=notes"),
        ];
        for (lang, words) in [("en", "Customers"), ("zh-CN", "客户")] {
            let reader = staff.clone().reading(lang);
            for page in pages {
                let answer = reader.get(&app, page).await;
                assert_eq!(answer.status, 200, "{page} {lang}: {}", answer.text);
                assert!(answer.text.contains(words), "{page} {lang}");
                said(&answer.text, page);
            }
        }
        let list = staff.get(&app, "/customers?sort=name").await.text;
        assert!(list.contains("ZHOU Qiming") && list.contains("周启明"));
        assert!(list.contains("6218 0457 31") && list.contains("Platinum"));
        let found = staff.get(&app, "/customers?q=lin%20wan").await.text;
        assert!(found.contains("林婉清") && !found.contains("周启明"));
        let page = staff.get(&app, &one).await.text;
        assert!(page.contains("+86 138****5678") && !page.contains("13812345678"));
        assert!(page.contains("E1*****78") && !page.contains("E12345678"));
    })
    .await;
}

#[tokio::test]
async fn counting_over_the_covering_index_counts_the_same() {
    use super::lists::LIST;
    use kernel::Clock;
    use web::list::{ListQuery, Today, count};

    both(async |house| {
        let rooms = rooms(&house);
        seed(&house, &rooms.customers).await;
        let today = Today { date: house.clock.now().date_naive(), zone: chrono_tz::Asia::Shanghai };
        let mut tx = house.web.db.read().await.unwrap();
        if let store::Tx::Sqlite(_) = tx {
            let mut all = store::SqlBuilder::new("SELECT COUNT(*) FROM ");
            all.push(LIST.covering.unwrap().from);
            let all: i64 = tx.value(all.build()).await.unwrap();
            assert_eq!(all, 4, "the index is there");
        }
        for (filter, expected) in [
            ("tier:in:gold", 2),
            ("tier:in:gold|platinum;km:gte:0", 3),
            ("(tier:in:gold,city:is:上海)", 3),
            ("km:gte:1", 0),
        ] {
            let (query, _) = ListQuery::parse(&format!("f={filter}"), &LIST).unwrap();
            for cap in [Some(10_000), None] {
                let found = count(&mut tx, &LIST, &query, None, today, cap).await.unwrap();
                assert_eq!(found, expected, "{filter}, {cap:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_keeps_what_was_typed_when_it_is_refused() {
    both(async |house| {
        let rooms = rooms(&house);
        let customers = rooms.customers.clone();
        let ids = seed(&house, &customers).await;
        let app = house.app(crate::pages(rooms));
        let agent = house.staff(Role::Agent).await;
        let wrong = [("native", "王建国"), ("birth_date", "2013-02-30"), ("phone", "12")];
        let answer = agent.post(&app, "/customers/new", &wrong).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("王建国") && answer.text.contains("YYYY-MM-DD"));
        let right = [("native", "王建国"), ("birth_date", "1979-06-03"), ("city", "西安")];
        let answer = agent.post(&app, "/customers/new", &right).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let page = agent.get(&app, answer.location()).await.text;
        assert!(page.contains("WANG Jianguo") && page.contains("1979-06-03"));

        let edit = format!("/customers/{}/edit", ids[0]);
        let first = [("version", "1"), ("native", "周启明"), ("city", "苏州")];
        let other = house.staff(Role::Sales).await;
        assert_eq!(other.post(&app, &edit, &first).await.status, 303);
        let late = [("version", "1"), ("native", "周启明"), ("city", "杭州")];
        let answer = agent.post(&app, &edit, &late).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text.contains("杭州") && answer.text.contains(&other.actor.name));
        assert!(answer.text.contains("name=\"version\" value=\"2\""), "mine over theirs is next");
        let mine = [("version", "2"), ("native", "周启明"), ("city", "杭州")];
        assert_eq!(agent.post(&app, &edit, &mine).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn revealing_shows_once_and_small_forms_work() {
    both(async |house| {
        let rooms = rooms(&house);
        let ids = seed(&house, &rooms.customers).await;
        let app = house.app(crate::pages(rooms));
        let agent = house.staff(Role::Agent).await;
        let one = format!("/customers/{}", ids[0]);
        let shown =
            agent.post(&app, &format!("{one}/reveal"), &[("purpose", "serve-caller")]).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert!(shown.text.contains("+8613812345678") && shown.text.contains("E12345678"));
        let bad = agent.post(&app, &format!("{one}/reveal"), &[("purpose", "curiosity")]).await;
        assert_eq!(bad.status, 422);
        let page = agent.get(&app, &one).await.text;
        assert!(!page.contains("+8613812345678") && page.contains("Who looked"));

        for (path, fields) in [
            ("notes", vec![("body", "靠窗座位")]),
            ("tags", vec![("tag", "常客")]),
            ("tasks", vec![("title", "确认接机"), ("due_on", "2026-11-01")]),
        ] {
            let answer = agent.post(&app, &format!("{one}/{path}"), &fields).await;
            assert_eq!(answer.status, 303, "{path}: {}", answer.text);
        }
        let page = agent.get(&app, &one).await.text;
        for word in ["靠窗座位", "常客", "确认接机", "Late"] {
            assert!(page.contains(word), "{word}");
        }
        let gone = agent.post(&app, &format!("{one}/tags/remove"), &[("tag", "常客")]).await;
        assert_eq!(gone.status, 303);
        assert_eq!(agent.post(&app, &format!("{one}/trash"), &[]).await.status, 403);
        let loyalty = house.staff(Role::Loyalty).await;
        assert_eq!(loyalty.post(&app, &format!("{one}/trash"), &[]).await.status, 303);
        assert!(loyalty.get(&app, "/customers/trash").await.text.contains("周启明"));
        assert_eq!(loyalty.post(&app, &format!("{one}/restore"), &[]).await.status, 303);
    })
    .await;
}

async fn bulk(
    house: &House,
    customers: &Customers,
    app: &axum::Router,
    who: &Visitor,
    what: &str,
    fields: &[(&str, &str)],
) -> String {
    let asked = who.post(app, &format!("/customers/bulk/{what}"), fields).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    said(&asked.text, what);
    let run = who.post(app, &format!("/customers/bulk/{what}/run"), fields).await;
    assert_eq!(run.status, 303, "{}", run.text);
    drain(house, customers).await;
    let place = run.location().to_owned();
    let page = who.get(app, &place).await;
    assert_eq!(page.status, 200, "{}", page.text);
    said(&page.text, what);
    place
}

#[tokio::test]
async fn bulk_actions_over_a_filter_are_counted_done_and_undone() {
    both(async |house| {
        let rooms = rooms(&house);
        let customers = rooms.customers.clone();
        let ids = seed(&house, &customers).await;
        let app = house.app(crate::pages(rooms));
        let manager = house.staff(Role::Manager).await;
        let all = [("all", "1"), ("query", "f=tier:in:gold"), ("tag", "金卡回访")];
        let asked = manager.post(&app, "/customers/bulk/tag", &all).await;
        assert!(asked.text.contains("2 customers will get the tag"), "{}", asked.text);
        let place = bulk(&house, &customers, &app, &manager, "tag", &all).await;
        let tagged = async || -> i64 {
            let mut tx = customers.db().read().await.unwrap();
            tx.value(sql("SELECT CAST(COUNT(*) AS BIGINT) FROM customer_tag")).await.unwrap()
        };
        assert_eq!(tagged().await, 2);
        assert_eq!(manager.post(&app, &format!("{place}/undo"), &[]).await.status, 303);
        drain(&house, &customers).await;
        assert_eq!(tagged().await, 0);
        let twice = manager.post(&app, &format!("{place}/undo"), &[]).await;
        assert_eq!(twice.status, 409, "undone once");

        let owner = manager.actor.id.to_string();
        let whole = [("all", "1"), ("query", ""), ("owner", owner.as_str())];
        let place = bulk(&house, &customers, &app, &manager, "assign", &whole).await;
        let mine = manager.get(&app, &format!("/customers?f=owner:in:{owner}")).await.text;
        assert!(mine.contains("周启明") && mine.contains("Katharina Vogel"));
        // Somebody edits one in between: the undo leaves it alone.
        let zhou = customers.get(&manager.actor, ids[0]).await.unwrap();
        let city =
            crate::Draft { city: crate::Set::To("苏州".into()), ..crate::Draft::default() };
        let edited = customers.edit(&manager.actor, ids[0], zhou.version, city).await;
        edited.unwrap().into_inner();
        assert_eq!(manager.post(&app, &format!("{place}/undo"), &[]).await.status, 303);
        drain(&house, &customers).await;
        let kept = customers.get(&manager.actor, ids[0]).await.unwrap();
        assert_eq!(kept.profile.owner_id, Some(manager.actor.id));
        let back = customers.get(&manager.actor, ids[1]).await.unwrap();
        assert_eq!(back.profile.owner_id, None);

        let one = ids[2].to_string();
        let ticked = [("id", one.as_str())];
        bulk(&house, &customers, &app, &manager, "trash", &ticked).await;
        assert!(!manager.get(&app, "/customers").await.text.contains("林婉清"));
        let all = [("all", "1"), ("query", "")];
        bulk(&house, &customers, &app, &manager, "restore", &all).await;
        assert!(manager.get(&app, "/customers").await.text.contains("林婉清"));
        let none = manager.post(&app, "/customers/bulk/tag", &[]).await;
        assert_eq!(none.status, 422);
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.post(&app, "/customers/bulk/tag", &ticked).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn panels_of_others_stand_where_they_belong_and_strangers_see_nothing() {
    both(async |house| {
        let customers = service(&house);
        let ids = seed(&house, &customers).await;
        let panel = |key, place, html: &'static str| Panel {
            key,
            title_key: "customers-tags",
            order: 1,
            place,
            render: Arc::new(move |_, _| Box::pin(async move { Ok(Some(html.to_owned())) })),
        };
        let panels = vec![
            panel("value", Place::Deck, "<b>deck here</b>"),
            panel("prefs", Place::Facts, "<dt>seat</dt><dd>facts here</dd>"),
            panel("months", Place::Main, "<p>main here</p>"),
            panel("why", Place::Side, "<p>side here</p>"),
        ];
        let rooms = crate::Rooms::new(house.web.clone(), customers, panels, Vec::new());
        let app = house.app(crate::pages(rooms));
        let one = format!("/customers/{}", ids[0]);
        let page = house.staff(Role::Analyst).await.get(&app, &one).await.text;
        for html in ["<b>deck here</b>", "facts here", "main here", "side here"] {
            assert!(page.contains(html), "{html}");
        }
        assert!(!page.contains("Not valued yet"), "the panel says more");
        assert!(!page.contains("/edit\""), "an analyst does not edit");
        let stranger = house.stranger();
        for path in ["/customers", one.as_str(), "/customers/new", "/customers/trash"] {
            let answer = stranger.get(&app, path).await;
            assert!(answer.location().starts_with("/sign-in"), "{path}: {}", answer.status);
        }
        let gone = house.staff(Role::Agent).await.get(&app, "/customers/nobody").await;
        assert_eq!(gone.status, 404);
    })
    .await;
}

#[test]
fn texts_agree() {
    let texts = web::texts::Texts::new(&[&crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
}
