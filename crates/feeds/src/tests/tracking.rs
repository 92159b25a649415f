//! Web events: kept once, sealed, waiting under their anonymous id.

use customers::events::LINKS_MOVED;
use serde_json::{Value, json};
use store::outbox::{self, Event};
use store::sql;
use uuid::Uuid;

use super::ground::{Ground, both};
use crate::sources::{Kind, Setting};
use crate::tracking::calls;

pub async fn source(ground: &Ground) -> Uuid {
    let web = Setting {
        name: "site".to_owned(),
        kind: Some(Kind::Web),
        active: true,
        ..Setting::default()
    };
    ground.feeds.set_source(&ground.actor, &web).await.unwrap().id
}

pub async fn take(ground: &Ground, source: Uuid, method: &str, body: &Value) -> u64 {
    ground.clock.advance(chrono::Duration::seconds(1));
    let body = serde_json::to_vec(body).unwrap();
    let calls = calls(method, &body, ground.feeds.now()).unwrap();
    ground.feeds.keep_calls(source, calls).await.unwrap()
}

#[tokio::test]
async fn events_are_kept_once_and_say_nothing_in_clear() {
    both(async |ground| {
        let source = source(&ground).await;
        let event = |n: u32| {
            json!({"type": "track", "event": "Fare Viewed", "messageId": format!("m-{n}"),
                "anonymousId": "anon-507f", "properties": {"passenger": "ZHANGSAN"}})
        };
        let batch = json!({"batch": [event(1), event(2), event(2)]});
        assert_eq!(take(&ground, source, "batch", &batch).await, 2);
        assert_eq!(take(&ground, source, "batch", &batch).await, 0, "sent again");
        assert_eq!(take(&ground, source, "track", &event(3)).await, 1);
        assert_eq!(ground.count("SELECT COUNT(*) FROM web_event").await, 3);
        let mut tx = ground.db.read().await.unwrap();
        let rows: Vec<(Vec<u8>, Vec<u8>)> =
            tx.all(sql("SELECT anonymous_key, sealed FROM web_event")).await.unwrap();
        drop(tx);
        for (key, sealed) in rows {
            assert_eq!(key.len(), 16);
            assert!(!sealed.windows(8).any(|part| part == b"ZHANGSAN"));
        }
        let health = ground.feeds.sources(&ground.actor).await.unwrap();
        assert!(health[0].received_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn visits_before_a_sign_in_are_the_persons_and_follow_the_record() {
    both(async |ground| {
        let source = source(&ground).await;
        let seen = |id: &str, who: Value| {
            let mut event = json!({"type": "track", "event": "Fare Viewed", "messageId": id});
            event.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
            event
        };
        let (visitor, member) = (json!({"anonymousId": "anon-1"}), json!({"userId": "u-7"}));
        take(&ground, source, "track", &seen("m-1", visitor.clone())).await;
        let stranger = json!({"anonymousId": "anon-2"});
        take(&ground, source, "track", &seen("m-2", stranger)).await;
        let known = "SELECT COUNT(*) FROM web_event WHERE customer_id IS NOT NULL";
        assert_eq!(ground.count(known).await, 0);

        let signed_in = json!({"type": "identify", "messageId": "m-3", "anonymousId": "anon-1",
            "userId": "u-7", "traits": {"firstName": "Hana", "lastName": "Mori",
            "email": "hana.mori@example.com"}});
        take(&ground, source, "identify", &signed_in).await;
        assert_eq!(ground.count(known).await, 2, "the visit before, and the sign-in");
        take(&ground, source, "track", &seen("m-4", member)).await;
        take(&ground, source, "track", &seen("m-5", visitor)).await;
        assert_eq!(ground.count(known).await, 4);
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 1);

        let other = json!({"type": "identify", "messageId": "m-6", "userId": "u-8", "traits":
            {"firstName": "Rui", "lastName": "Pereira", "email": "rui@example.com"}});
        // At another site: nothing of it is looked at below.
        let elsewhere = Setting {
            name: "app".to_owned(),
            kind: Some(Kind::Web),
            active: true,
            ..Setting::default()
        };
        let elsewhere = ground.feeds.set_source(&ground.actor, &elsewhere).await.unwrap().id;
        assert_eq!(ground.count("SELECT COUNT(DISTINCT customer_id) FROM web_known").await, 1);
        take(&ground, elsewhere, "identify", &other).await;
        assert_eq!(ground.count("SELECT COUNT(*) FROM customer").await, 2);

        // The record goes to somebody else; the event may say what is history by now.
        let mut tx = ground.db.begin().await.unwrap();
        let (record, from): (Uuid, Uuid) =
            tx.one(sql("SELECT record_id, customer_id FROM web_known LIMIT 1")).await.unwrap();
        let to: Uuid = tx
            .value(sql("SELECT customer_id FROM record_owner WHERE record_id <> $1").bind(record))
            .await
            .unwrap();
        let moved = sql("UPDATE customer_link SET customer_id = $1
            WHERE unlinked_at IS NULL AND source_record_id = $2");
        tx.exec(moved.bind(to).bind(record)).await.unwrap();
        let data = json!({"moves": [{"record": record, "from": from, "to": from}]});
        let event = Event::new(LINKS_MOVED, "x", store::testing::NOW, data);
        outbox::say(&mut tx, &event).await.unwrap();
        tx.commit().await.unwrap();
        let listeners = ground.feeds.listeners();
        for _ in 0..2 {
            outbox::dispatch(&ground.db, &listeners, store::testing::NOW, 1_000).await.unwrap();
        }
        let mut tx = ground.db.read().await.unwrap();
        for table in ["web_event", "web_known"] {
            let mut whose = store::SqlBuilder::new("SELECT DISTINCT customer_id FROM ");
            whose.push(table).push(" WHERE customer_id IS NOT NULL");
            let whose: Vec<(Uuid,)> = tx.all(whose.build()).await.unwrap();
            assert_eq!(whose, [(to,)], "{table}");
        }
    })
    .await;
}
