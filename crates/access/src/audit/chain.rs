use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use kernel::Uuid;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::types::Json;

/// A row of the trail as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub action: String,
    pub actor_kind: String,
    pub actor_id: Uuid,
    pub actor_key: Option<Uuid>,
    pub actor_name: String,
    pub target_kind: String,
    pub target_id: String,
    pub details: Json<Value>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Row {
    /// What the row's hash must be.
    pub(super) fn expected_hash(&self) -> Vec<u8> {
        let value = json!({
            "seq": self.seq,
            "at": self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "action": self.action,
            "actor": {
                "kind": self.actor_kind,
                "id": self.actor_id.to_string(),
                "key": self.actor_key.map(|key| key.to_string()),
                "name": self.actor_name,
            },
            "target": { "kind": self.target_kind, "id": self.target_id },
            "details": self.details.0,
            "prev": hex::encode(&self.prev_hash),
        });
        Sha256::digest(canonical(&value).as_bytes()).to_vec()
    }
}

/// JSON with one spelling: keys in the order of their bytes, no spaces. Whole numbers only, so
/// that no engine writes one differently.
fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, to: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            to.push('{');
            for (place, key) in keys.into_iter().enumerate() {
                if place > 0 {
                    to.push(',');
                }
                write_canonical(&Value::String(key.clone()), to);
                to.push(':');
                write_canonical(&map[key], to);
            }
            to.push('}');
        }
        Value::Array(items) => {
            to.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    to.push(',');
                }
                write_canonical(item, to);
            }
            to.push(']');
        }
        plain => {
            // Writing to a String cannot fail.
            let _ = write!(to, "{plain}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_has_one_spelling() {
        let value = json!({ "b": [1, {"z": null, "a": true}], "a": "x\"\n周", "é": -3 });
        let spelt = r#"{"a":"x\"\n周","b":[1,{"a":true,"z":null}],"é":-3}"#;
        assert_eq!(canonical(&value), spelt);
        let read: Value = serde_json::from_str(spelt).unwrap();
        assert_eq!(canonical(&read), spelt);
    }

    /// The spelling is a promise: a row written by any version must verify with any later one.
    #[test]
    fn the_hash_of_a_known_row_never_changes() {
        let row = Row {
            seq: 1,
            at: store::testing::NOW,
            action: "access.signed-in".into(),
            actor_kind: "staff".into(),
            actor_id: Uuid::from_u128(1),
            actor_key: None,
            actor_name: String::new(),
            target_kind: "session".into(),
            target_id: "2".into(),
            details: Json(json!({ "roles": ["agent"], "count": 3 })),
            prev_hash: Vec::new(),
            hash: Vec::new(),
        };
        let text = concat!(
            r#"{"action":"access.signed-in","actor":{"#,
            r#""id":"00000000-0000-0000-0000-000000000001","key":null,"kind":"staff","name":""},"#,
            r#""at":"2026-11-22T08:00:00.000000Z","details":{"count":3,"roles":["agent"]},"#,
            r#""prev":"","seq":1,"target":{"id":"2","kind":"session"}}"#,
        );
        assert_eq!(row.expected_hash(), Sha256::digest(text.as_bytes()).to_vec());
    }
}
