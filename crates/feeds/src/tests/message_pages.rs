//! Messages in a browser's words and over HTTP.

use access::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tower::ServiceExt as _;

use super::messages::list;
use super::pages::{both, place};
use crate::messages::Delivery;

const NO_FLIGHT: &str = "PNL\r\nCA15O1X/22NOV PEK PART1\r\n-SHA001Y\r\n1LI/SIMR\r\nENDPNL\r\n";

#[tokio::test]
async fn somebody_finds_a_message_in_quarantine_corrects_and_replays_it() {
    both(async |house| {
        let place = place(&house).await;
        let admin = house.staff(Role::Administrator).await;
        let actor = &admin.actor;
        let empty = admin.get(&place.app, "/feeds").await;
        assert_eq!(empty.status, 200, "{}", empty.text);
        let sent = Delivery::new(NO_FLIGHT);
        let got = place.feeds.receive(actor, "type-b", sent).await.unwrap();
        let page = format!("/feeds/messages/{}", got[0].id);

        let sources = admin.get(&place.app, "/feeds").await;
        assert!(sources.text.contains("type-b") && sources.text.contains("in quarantine"));
        let listed = admin.get(&place.app, "/feeds/messages?f=status:in:quarantined").await;
        assert!(listed.text.contains(&page), "{}", listed.text);
        let shown = admin.get(&place.app, &page).await;
        assert!(shown.text.contains("The flight line cannot be read"));
        assert!(!shown.text.contains("SIMR"), "names are hidden");
        assert!(shown.text.contains("-SHA001Y"), "the structure is not");

        let clear =
            admin.post(&place.app, &format!("{page}/reveal"), &[("purpose", "data-quality")]).await;
        assert!(clear.text.contains("1LI/SIMR") && clear.text.contains("textarea"));
        let none = admin.post(&place.app, &format!("{page}/reveal"), &[("purpose", "fun")]).await;
        assert_eq!(none.status, 422);

        let fixed = NO_FLIGHT.replace("CA15O1X", "CA1501");
        let sent = admin.post(&place.app, &format!("{page}/correct"), &[("text", &fixed)]).await;
        assert_eq!(sent.status, 303);
        place.worker.drain().await.unwrap();
        let new = sent.location().to_owned();
        let done = admin.get(&place.app, &new).await;
        assert!(done.text.contains("Applied") && done.text.contains(&page), "linked");
        let chinese = house.staff(Role::Administrator).await.reading("zh-CN");
        let done = chinese.get(&place.app, &new).await;
        assert!(done.text.contains("已处理") && done.text.contains("原始报文"));

        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.get(&place.app, &page).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn what_names_nobody_is_shown_as_it_is_and_gone_texts_are_told() {
    both(async |house| {
        let place = place(&house).await;
        let admin = house.staff(Role::Administrator).await;
        let movement = "MVT\r\nCA1501/22.B5678.PEK\r\nAD0110/0125 EA0315 SHA\r\nPX140";
        let list = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR");
        let mut pages = Vec::new();
        for text in [movement, &list] {
            let sent = Delivery::new(text);
            let got = place.feeds.receive(&admin.actor, "command-line", sent).await.unwrap();
            pages.push(format!("/feeds/messages/{}", got[0].id));
        }
        place.worker.drain().await.unwrap();
        let shown = admin.get(&place.app, &pages[0]).await;
        assert!(shown.text.contains("AD0110/0125") && !shown.text.contains("/reveal"));
        let shown = admin.get(&place.app, &pages[1]).await;
        assert!(shown.text.contains("/reveal") && !shown.text.contains("SANMR"));

        // The program's own source has a name in words.
        let chinese = admin.clone().reading("zh-CN");
        for page in ["/feeds", "/feeds/messages", "/feeds/sources/command-line", &pages[0]] {
            let shown = admin.get(&place.app, page).await;
            assert!(shown.text.contains("Command line"), "{page}");
            let shown = chinese.get(&place.app, page).await;
            assert!(shown.text.contains("命令行"), "{page}");
        }

        house.clock.advance(chrono::Duration::days(181));
        place.feeds.sweep().await.unwrap();
        let admin = house.staff(Role::Administrator).await;
        let shown = admin.get(&place.app, &pages[1]).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text.contains("no longer kept") && !shown.text.contains("/reveal"));
        let reveal = format!("{}/reveal", pages[1]);
        let shown = admin.post(&place.app, &reveal, &[("purpose", "data-quality")]).await;
        assert_eq!(shown.status, 409, "{}", shown.text);
    })
    .await;
}

#[tokio::test]
async fn a_pasted_text_is_read_and_nothing_is_stored() {
    both(async |house| {
        let place = place(&house).await;
        let analyst = house.staff(Role::Analyst).await;
        let text = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR\r\n.X");
        let read = analyst.post(&place.app, "/feeds/inspect", &[("text", &text)]).await;
        assert_eq!(read.status, 200);
        assert!(read.text.contains("1ZHANG/SANMR") && read.text.contains("^"), "{}", read.text);
        let chinese = analyst.reading("zh-CN");
        let read = chinese.post(&place.app, "/feeds/inspect", &[("text", &text)]).await;
        assert!(read.text.contains("个错误"));
        let mut tx = house.web.db.read().await.unwrap();
        let kept: i64 = tx.value(store::sql("SELECT COUNT(*) FROM feed_message")).await.unwrap();
        assert_eq!(kept, 0);
    })
    .await;
}

#[tokio::test]
async fn messages_and_events_come_in_over_http() {
    both(async |house| {
        let place = place(&house).await;
        let admin = house.staff(Role::Administrator).await;
        let saved = admin
            .post(
                &place.app,
                "/feeds/sources",
                &[("new", "1"), ("name", "site"), ("kind", "web"), ("active", "1")],
            )
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let wrong = admin.post(&place.app, "/feeds/sources", &[("new", "1"), ("name", "No")]).await;
        assert_eq!(wrong.status, 422);
        let made = admin.post(&place.app, "/feeds/sources/site/key", &[]).await;
        let at = made.text.find("jbw_").unwrap();
        let key = made.text[at..at + 68].to_owned();

        let call = async |key: &str, method: &str, body: String| {
            let auth = format!("Basic {}", STANDARD.encode(format!("{key}:")));
            let request = Request::post(format!("/v1/{method}"))
                .header(header::AUTHORIZATION, auth)
                .body(Body::from(body))
                .unwrap();
            place.app.clone().oneshot(request).await.unwrap().status()
        };
        let event = json!({"event": "Fare Viewed", "anonymousId": "a"}).to_string();
        assert_eq!(call(&key, "track", event.clone()).await, StatusCode::OK);
        assert_eq!(call("jbw_no", "track", event.clone()).await, StatusCode::UNAUTHORIZED);
        assert_eq!(call(&key, "shout", event).await, StatusCode::NOT_FOUND);
        assert_eq!(call(&key, "track", "[]".to_owned()).await, StatusCode::BAD_REQUEST);
        let long = json!({"event": "x".repeat(40_000), "anonymousId": "a"}).to_string();
        assert_eq!(call(&key, "track", long).await, StatusCode::PAYLOAD_TOO_LARGE);

        let listed = admin.get(&place.app, "/api/v1/feeds/sources").await;
        assert_eq!(listed.status, 200, "{}", listed.text);
        assert!(listed.text.contains("\"site\""));
    })
    .await;
}
