//! A call of the tracking API as it was sent, and what of it counts.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// One call, in bytes.
pub const LARGEST_CALL: usize = 32 * 1024;
/// A batch, in bytes.
pub const LARGEST_BATCH: usize = 500 * 1024;
/// Calls in a batch: more do not fit anyway.
const MOST: usize = 10_000;
/// Letters of a name or path that are kept.
const LONGEST: usize = 200;

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// Not an object, or a batch without its array.
    #[error("the body is no call")]
    Shape,
    /// Longer than 32 KB, or a batch longer than 500 KB.
    #[error("the call is too long")]
    Long,
    /// Neither a userId nor an anonymousId.
    #[error("the call names nobody")]
    Nobody,
    /// None of the methods.
    #[error("there is no such method")]
    Method,
    /// A track without its event.
    #[error("the event has no name")]
    Nameless,
}

/// What somebody did, or who they say they are.
#[derive(Clone)]
pub struct Call {
    /// identify, track, page, screen, group, alias
    pub kind: &'static str,
    /// The sender's own id of the call; made of its content if there is none.
    pub message_id: String,
    /// Name of the event or page.
    pub name: String,
    /// Path of the page, without its query.
    pub path: String,
    /// As the sender knows people who are not signed in.
    pub anonymous_id: Option<String>,
    /// As the sender knows people who are.
    pub user_id: Option<String>,
    /// Of an alias: the earlier name.
    pub previous_id: Option<String>,
    /// By our clock.
    pub occurred_at: DateTime<Utc>,
    /// What an identify says about the person.
    pub traits: Map<String, Value>,
    /// Everything else that was said.
    pub said: Value,
}

impl std::fmt::Debug for Call {
    /// Prints nothing of the person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({} •••)", self.kind)
    }
}

const KINDS: [&str; 6] = ["identify", "track", "page", "screen", "group", "alias"];

/// The calls of a request to `method`.
///
/// # Errors
/// The whole request is refused when one call of it is wrong: the sender has a fault to mend.
pub(crate) fn calls(method: &str, body: &[u8], now: DateTime<Utc>) -> Result<Vec<Call>, Bad> {
    let longest = if method == "batch" { LARGEST_BATCH } else { LARGEST_CALL };
    if body.len() > longest {
        return Err(Bad::Long);
    }
    let Ok(Value::Object(whole)) = serde_json::from_slice(body) else { return Err(Bad::Shape) };
    if method != "batch" {
        return Ok(vec![call(method, whole, None, now)?]);
    }
    let sent = whole.get("sentAt").and_then(moment);
    let context = whole.get("context").cloned();
    let Some(Value::Array(all)) = whole.get("batch") else { return Err(Bad::Shape) };
    if all.len() > MOST {
        return Err(Bad::Long);
    }
    let mut calls = Vec::with_capacity(all.len());
    for one in all {
        let Value::Object(one) = one else { return Err(Bad::Shape) };
        if serde_json::to_string(one).map_or(0, |text| text.len()) > LARGEST_CALL {
            return Err(Bad::Long);
        }
        let mut one = one.clone();
        if let Some(context) = &context {
            one.entry("context").or_insert_with(|| context.clone());
        }
        let kind = one.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        calls.push(call(&kind, one, sent, now)?);
    }
    Ok(calls)
}

fn call(
    kind: &str,
    mut body: Map<String, Value>,
    sent: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Call, Bad> {
    let kind = KINDS.into_iter().find(|known| *known == kind).ok_or(Bad::Method)?;
    let text = |key: &str| {
        let value = body.get(key)?;
        let text =
            value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|n| n.to_string()));
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (anonymous_id, user_id) = (text("anonymousId"), text("userId"));
    let previous_id = text("previousId");
    if anonymous_id.is_none() && user_id.is_none() {
        return Err(Bad::Nobody);
    }
    let name = match kind {
        "track" => text("event").ok_or(Bad::Nameless)?,
        "page" | "screen" => text("name").unwrap_or_default(),
        _ => String::new(),
    };
    let sent = body.get("sentAt").and_then(moment).or(sent);
    let occurred_at = occurred(&body, sent, now);
    let message_id = text("messageId").filter(|id| id.len() <= 100).unwrap_or_else(|| {
        let whole = serde_json::to_vec(&body).unwrap_or_default();
        hex::encode(Sha256::digest(whole))
    });
    let path = path(&body);
    let traits = match (kind, body.remove("traits")) {
        ("identify", Some(Value::Object(traits))) => traits,
        _ => Map::new(),
    };
    if let Some(Value::Object(context)) = body.get_mut("context") {
        // Where somebody is connected from is nobody's business here.
        context.remove("ip");
    }
    Ok(Call {
        kind,
        message_id: message_id.chars().filter(|c| !c.is_control()).collect(),
        name: kept(&name),
        path: kept(&path),
        anonymous_id,
        user_id,
        previous_id,
        occurred_at,
        said: serde_json::json!({
            "properties": body.remove("properties"),
            "context": body.remove("context"),
            "traits": &traits,
        }),
        traits,
    })
}

fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The page's path alone: a query may hold names and numbers.
fn path(body: &Map<String, Value>) -> String {
    let places = [("properties", "path"), ("properties", "url")];
    let page = body.get("context").and_then(|context| context.get("page"));
    let found = places
        .iter()
        .find_map(|(of, key)| body.get(*of)?.get(*key)?.as_str())
        .or_else(|| page?.get("path")?.as_str());
    let text = found.unwrap_or_default();
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let after_host = text.split_once("://").map(|(_, rest)| rest);
    after_host.map_or(text, |rest| rest.find('/').map_or("/", |at| &rest[at..])).to_owned()
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(at.with_timezone(&Utc))
}

/// The sender's clock may be wrong: what counts is how long before sending it happened.
fn occurred(
    body: &Map<String, Value>,
    sent: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let stated = body.get("originalTimestamp").or_else(|| body.get("timestamp")).and_then(moment);
    let Some(stated) = stated else { return now };
    let at = match sent {
        Some(sent) => now.checked_sub_signed(sent - stated).unwrap_or(now),
        None => stated,
    };
    at.clamp(now - Duration::days(3_650), now)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::testing::NOW;

    use super::*;

    fn one(method: &str, body: &Value) -> Result<Call, Bad> {
        Ok(calls(method, &serde_json::to_vec(body).unwrap(), NOW)?.remove(0))
    }

    #[test]
    fn bodies_of_the_public_specification_are_read() {
        let body = json!({
            "anonymousId": "507f191e81", "messageId": "m-1", "event": "Flight Searched",
            "properties": {"from": "CAN", "url": "https://air.example/search?name=LI#x"},
            "context": {"ip": "12.212.12.12", "page": {"path": "/elsewhere"}},
            "timestamp": "2026-11-22T06:00:00.000Z", "sentAt": "2026-11-22T06:00:30.000Z",
        });
        let call = one("track", &body).unwrap();
        assert_eq!(
            (call.kind, call.name.as_str(), call.path.as_str()),
            ("track", "Flight Searched", "/search",)
        );
        assert_eq!(call.occurred_at, NOW - Duration::seconds(30), "by our clock");
        assert!(!call.said.to_string().contains("12.212"));
        let said = json!({"userId": 97, "traits": {"email": "a@b.example"}});
        let call = one("identify", &said).unwrap();
        assert_eq!(call.user_id.as_deref(), Some("97"));
        assert_eq!(call.traits["email"], "a@b.example");
        assert_eq!(call.message_id, one("identify", &said).unwrap().message_id);
    }

    #[test]
    fn what_is_no_call_is_refused() {
        assert_eq!(one("track", &json!([])).unwrap_err(), Bad::Shape);
        assert_eq!(one("track", &json!({"event": "x"})).unwrap_err(), Bad::Nobody);
        assert_eq!(one("track", &json!({"userId": "x"})).unwrap_err(), Bad::Nameless);
        assert_eq!(one("shout", &json!({"userId": "x"})).unwrap_err(), Bad::Method);
        assert_eq!(one("batch", &json!({"userId": "x"})).unwrap_err(), Bad::Shape);
        let long = json!({"userId": "x", "event": "x".repeat(LARGEST_CALL)});
        assert_eq!(one("track", &long).unwrap_err(), Bad::Long);
        let long = json!({"batch": [{"type": "track", "userId": "x", "event": "e",
            "properties": {"p": "x".repeat(LARGEST_CALL)}}]});
        assert_eq!(one("batch", &long).unwrap_err(), Bad::Long);
        assert_eq!(calls("batch", b"{", NOW).unwrap_err(), Bad::Shape);
        let clock = json!({"userId": "x", "timestamp": "2099-01-01T00:00:00Z"});
        assert_eq!(one("page", &clock).unwrap().occurred_at, NOW);
    }
}
