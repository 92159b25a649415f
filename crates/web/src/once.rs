//! The same request sent twice (`Idempotency-Key`) is carried out once.
//!
//! The key is claimed in the transaction that does the work. Only the id of what was made is kept
//! with it, no personal data: a repeat reads the thing again.

use axum::http::{HeaderMap, StatusCode};
use store::Tx;
use store::idempotency::{self, Claim};

use crate::{ApiActor, Problem, Web};

/// What the request turned out to be.
pub enum Begun {
    /// To be carried out; the key, when one was sent.
    Go(Option<String>),
    /// Carried out before: the status and the id it was answered with.
    Before(StatusCode, String),
}

/// Claims the key of the request, if it has one. `what` tells requests of one actor apart that have
/// the same body.
///
/// # Errors
/// The key is empty, too long, or was sent with another request; the database failed.
pub async fn begin(
    tx: &mut Tx,
    web: &Web,
    who: &ApiActor,
    headers: &HeaderMap,
    what: &str,
    body: &[u8],
) -> Result<Begun, Problem> {
    let Some(key) = headers.get("idempotency-key").and_then(|key| key.to_str().ok()) else {
        return Ok(Begun::Go(None));
    };
    if key.is_empty() || key.len() > 200 {
        return Err(Problem::new(kernel::Kind::Invalid, "idempotency"));
    }
    // Keyed, so that the hash of a body with a phone or document number tells nothing.
    let text = format!("{what}\n{}", String::from_utf8_lossy(body));
    let hash = web.access.vault().keyed_hash("idempotency", &text);
    let now = web.clock.now();
    Ok(match idempotency::begin(tx, who.actor.id, key, &hash, now).await? {
        Claim::New => Begun::Go(Some(key.to_owned())),
        Claim::Replay { status, body } => Begun::Before(
            StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
            String::from_utf8_lossy(&body).into_owned(),
        ),
        Claim::Mismatch => {
            return Err(Problem::new(kernel::Kind::Conflict, "idempotency"));
        }
    })
}

/// Keeps the answer for repeats and commits the work.
///
/// # Errors
/// The database failed and nothing was done.
pub async fn finish(
    mut tx: Tx,
    who: &ApiActor,
    key: Option<String>,
    status: StatusCode,
    id: &str,
) -> Result<(), Problem> {
    if let Some(key) = key {
        let status = status.as_u16();
        idempotency::finish(&mut tx, who.actor.id, &key, status, id.as_bytes()).await?;
    }
    Ok(tx.commit().await?)
}
