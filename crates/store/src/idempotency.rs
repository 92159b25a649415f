//! The same request sent twice is carried out once.
//!
//! A caller names its request with a key of its own. The key is claimed in the transaction that
//! does the work and finished with the answer; a repeat gets that answer back, another request
//! under the same key is refused.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{Result, Tx, sql};

/// What a key turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Not seen before: do the work, then [`finish`] in the same transaction.
    New,
    /// Done before: answer with this status and body, do nothing.
    Replay {
        /// HTTP status of the first answer.
        status: u16,
        /// Body of the first answer.
        body: Vec<u8>,
    },
    /// The key was used for a different request.
    Mismatch,
}

#[derive(sqlx::FromRow)]
struct Known {
    request_hash: Vec<u8>,
    status: Option<i64>,
    body: Option<Vec<u8>>,
}

/// Claims `key` of `actor` for the request whose hash is `request_hash`. A second transaction
/// with the same key waits for the first one to end.
pub async fn begin(
    tx: &mut Tx,
    actor: Uuid,
    key: &str,
    request_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Claim> {
    let claimed = tx
        .exec(
            sql("INSERT INTO idempotency (actor, key, request_hash, created_at)
                 VALUES ($1, $2, $3, $4) ON CONFLICT (actor, key) DO NOTHING")
            .bind(actor)
            .bind(key)
            .bind(request_hash.to_vec())
            .bind(now),
        )
        .await?;
    if claimed == 1 {
        return Ok(Claim::New);
    }
    let known: Known = tx
        .one(
            sql("SELECT request_hash, status, body FROM idempotency WHERE actor = $1 AND key = $2")
                .bind(actor)
                .bind(key),
        )
        .await?;
    Ok(match (known.request_hash == request_hash, known.status, known.body) {
        (true, Some(status), Some(body)) => {
            Claim::Replay { status: u16::try_from(status).unwrap_or(200), body }
        }
        (true, ..) => Claim::New,
        (false, ..) => Claim::Mismatch,
    })
}

/// Keeps the answer for repeats.
pub async fn finish(tx: &mut Tx, actor: Uuid, key: &str, status: u16, body: &[u8]) -> Result<()> {
    tx.exec(
        sql("UPDATE idempotency SET status = $3, body = $4 WHERE actor = $1 AND key = $2")
            .bind(actor)
            .bind(key)
            .bind(status)
            .bind(body.to_vec()),
    )
    .await?;
    Ok(())
}

/// Forgets keys older than `keep`. Returns how many.
pub async fn sweep(tx: &mut Tx, now: DateTime<Utc>, keep: Duration) -> Result<u64> {
    tx.exec(sql("DELETE FROM idempotency WHERE created_at < $1").bind(now - keep)).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::testing::{self, NOW};

    #[tokio::test]
    async fn a_repeat_gets_the_first_answer_and_another_request_is_refused() {
        testing::both(&[], async |db| {
            let actor = kernel::ids::v7(NOW);
            let mut tx = db.begin().await.unwrap();
            assert_eq!(begin(&mut tx, actor, "k1", b"hash", NOW).await.unwrap(), Claim::New);
            finish(&mut tx, actor, "k1", 201, b"{}").await.unwrap();
            tx.commit().await.unwrap();

            let mut tx = db.begin().await.unwrap();
            let repeat = begin(&mut tx, actor, "k1", b"hash", NOW).await.unwrap();
            assert_eq!(repeat, Claim::Replay { status: 201, body: b"{}".to_vec() });
            let other = begin(&mut tx, actor, "k1", b"other", NOW).await.unwrap();
            assert_eq!(other, Claim::Mismatch);
            let stranger = kernel::ids::v7(NOW);
            assert_eq!(begin(&mut tx, stranger, "k1", b"x", NOW).await.unwrap(), Claim::New);
            let swept = sweep(&mut tx, NOW + Duration::days(2), Duration::days(1)).await.unwrap();
            assert_eq!(swept, 2);
        })
        .await;
    }
}
