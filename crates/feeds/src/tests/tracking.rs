//! Web events: kept once, sealed, waiting under their anonymous id.

use serde_json::{Value, json};
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
