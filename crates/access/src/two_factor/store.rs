use chrono::{DateTime, Utc};
use store::{Col, Tx, sql};

use crate::{Result, UserId, random};

pub(super) async fn put_pending(tx: &mut Tx, user: UserId, sealed: Vec<u8>) -> Result<()> {
    tx.exec(
        sql("UPDATE access_user SET totp_pending = $2 WHERE id = $1")
            .bind(user.uuid())
            .bind(sealed),
    )
    .await?;
    Ok(())
}

/// Makes the pending secret the real one, at `step`, which is used up by that.
pub(super) async fn confirm(
    tx: &mut Tx,
    user: UserId,
    step: i64,
    now: DateTime<Utc>,
) -> Result<bool> {
    let confirmed = tx
        .exec(
            sql("UPDATE access_user SET totp_secret = totp_pending, totp_pending = NULL,
                     totp_since = $3, totp_last_step = $2, version = version + 1
                 WHERE id = $1 AND totp_pending IS NOT NULL AND totp_secret IS NULL")
            .bind(user.uuid())
            .bind(step)
            .bind(now),
        )
        .await?;
    Ok(confirmed == 1)
}

/// Uses up a step; false when it, or a later one, has been used before.
pub(crate) async fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool> {
    let used = tx
        .exec(
            sql("UPDATE access_user SET totp_last_step = $2
                 WHERE id = $1 AND totp_secret IS NOT NULL
                     AND (totp_last_step IS NULL OR totp_last_step < $2)")
            .bind(user.uuid())
            .bind(step),
        )
        .await?;
    Ok(used == 1)
}

pub(crate) async fn reseal(tx: &mut Tx, user: UserId, sealed: Vec<u8>) -> Result<()> {
    tx.exec(
        sql("UPDATE access_user SET totp_secret = $2 WHERE id = $1").bind(user.uuid()).bind(sealed),
    )
    .await?;
    Ok(())
}

/// Takes the second factor and its recovery codes away.
pub(crate) async fn clear(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec(
        sql("UPDATE access_user SET totp_secret = NULL, totp_pending = NULL, totp_since = NULL,
                 totp_last_step = NULL, version = version + 1 WHERE id = $1")
        .bind(user.uuid()),
    )
    .await?;
    delete_codes(tx, user).await
}

async fn delete_codes(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec(sql("DELETE FROM access_recovery_code WHERE user_id = $1").bind(user.uuid())).await?;
    Ok(())
}

/// Puts new recovery codes (as they are folded) in the place of all earlier ones.
pub(super) async fn replace_codes(tx: &mut Tx, user: UserId, codes: &[String]) -> Result<()> {
    delete_codes(tx, user).await?;
    let columns = [Col::uuid("user_id"), Col::bytes("code_hash")];
    let rows =
        codes.iter().map(|code| vec![user.uuid().into(), random::hash(code).into()]).collect();
    tx.bulk("access_recovery_code", &columns, rows, "").await?;
    Ok(())
}

/// Uses up a recovery code; false when there is none such that is unused.
pub(crate) async fn use_recovery_code(
    tx: &mut Tx,
    user: UserId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let used = tx
        .exec(
            sql("UPDATE access_recovery_code SET used_at = $3
                 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL")
            .bind(user.uuid())
            .bind(random::hash(code))
            .bind(now),
        )
        .await?;
    Ok(used == 1)
}

pub(super) async fn codes_left(tx: &mut Tx, user: UserId) -> Result<i64> {
    let left = tx
        .value(
            sql("SELECT COUNT(*) FROM access_recovery_code
                 WHERE user_id = $1 AND used_at IS NULL")
            .bind(user.uuid()),
        )
        .await?;
    Ok(left)
}
