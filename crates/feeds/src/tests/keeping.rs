//! What is kept goes with time, and with the person it is about.

use chrono::Duration;
use customers::CustomerId;
use serde_json::json;
use store::{outbox, sql};
use uuid::Uuid;

use super::ground::{Ground, both};
use super::messages::list;
use super::tracking::{source, take};
use crate::{Error, Settings};

impl Ground {
    /// Bytes of the kept text.
    async fn kept(&self, id: Uuid) -> usize {
        let mut tx = self.db.read().await.unwrap();
        let raw = sql("SELECT raw FROM feed_message WHERE id = $1").bind(id);
        tx.value::<Vec<u8>>(raw).await.unwrap().len()
    }
}

#[tokio::test]
async fn texts_go_after_their_time_and_what_is_known_stays() {
    both(async |ground| {
        let (feeds, actor) = (&ground.feeds, &ground.actor);
        let text = list("PNL", "CA1501/22NOV PEK", (1, true), "211530", "1ZHANG/SANMR");
        let old = ground.send(&text).await[0].id;
        let aside = ground.send("HELLO WORLD").await[0].id;
        ground.process().await;
        let part = list("PNL", "CA1502/22NOV PEK", (1, false), "211530", "1LI/AAMR");
        let waits = ground.send(part).await[0].id;
        ground.clock.advance(Duration::days(181));
        let for_ever = feeds.with_settings(Settings { text_days: 0, ..Settings::default() });
        for_ever.sweep().await.unwrap();
        assert!(ground.kept(old).await > 0, "for ever");
        feeds.sweep().await.unwrap();
        feeds.sweep().await.unwrap();
        assert_eq!((ground.kept(old).await, ground.kept(aside).await), (0, 0));
        assert!(ground.kept(waits).await > 0, "it is not settled");
        assert!(matches!(feeds.text_of(old).await, Err(Error::TextGone)));
        let known = feeds.message(actor, old).await.unwrap();
        assert_eq!((known.people, known.bytes > 0), (1, true));
        assert!(matches!(feeds.replay(actor, aside).await, Err(Error::TextGone)));
        let again = crate::messages::Delivery {
            as_of: chrono::NaiveDate::from_ymd_opt(2026, 11, 22),
            ..crate::messages::Delivery::new(text.as_bytes())
        };
        let again = feeds.receive(actor, "type-b", again).await.unwrap();
        assert_eq!((again[0].id, again[0].duplicate), (old, true), "still recognised");
    })
    .await;
}

#[tokio::test]
async fn web_events_go_after_their_time() {
    both(async |ground| {
        let site = source(&ground).await;
        let who = json!({"type": "identify", "anonymousId": "a", "messageId": "i",
            "traits": {"email": "li@example.com"}});
        let event = |n: u32| {
            json!({"type": "track", "event": "Fare Viewed",
            "messageId": format!("m-{n}"), "anonymousId": "a"})
        };
        take(&ground, site, "batch", &json!({"batch": [who, event(1)]})).await;
        ground.clock.advance(Duration::days(300));
        take(&ground, site, "track", &event(2)).await;
        ground.feeds.sweep().await.unwrap();
        assert_eq!(ground.count("SELECT COUNT(*) FROM web_event").await, 3);
        ground.clock.advance(Duration::days(101));
        ground.feeds.sweep().await.unwrap();
        assert_eq!(ground.count("SELECT COUNT(*) FROM web_event").await, 1);
        assert_eq!(ground.count("SELECT COUNT(*) FROM web_known").await, 0);
    })
    .await;
}

#[tokio::test]
async fn erasing_a_person_erases_what_they_did_on_the_web() {
    both(async |ground| {
        let site = source(&ground).await;
        let who = |name: &str| {
            json!({"type": "identify", "anonymousId": name,
            "messageId": format!("i-{name}"), "traits": {"email": format!("{name}@example.com")}})
        };
        let event = |name: &str, n: u32| {
            json!({"type": "track", "event": "Fare Viewed",
            "messageId": format!("{name}-{n}"), "anonymousId": name})
        };
        let batch = [event("li", 1), who("li"), event("li", 2), who("wu"), event("he", 1)];
        take(&ground, site, "batch", &json!({ "batch": batch })).await;
        let named = "SELECT COUNT(*) FROM web_event WHERE customer_id IS NOT NULL";
        assert_eq!(ground.count(named).await, 4);
        let mut tx = ground.db.read().await.unwrap();
        let li: Uuid = tx
            .value(sql("SELECT customer_id FROM web_event WHERE message_id = 'i-li'"))
            .await
            .unwrap();
        drop(tx);
        let customers = ground.feeds.customers();
        customers.forget(&ground.actor, CustomerId::from(li)).await.unwrap().into_inner();
        let listeners = ground.feeds.listeners();
        outbox::dispatch(&ground.db, &listeners, ground.feeds.now(), 100).await.unwrap();
        assert_eq!(ground.count("SELECT COUNT(*) FROM web_event").await, 2);
        assert_eq!(ground.count("SELECT COUNT(*) FROM web_known").await, 1);
        // A page that still sends speaks of nobody known.
        take(&ground, site, "track", &event("li", 3)).await;
        assert_eq!(ground.count(named).await, 1);
    })
    .await;
}
