//! A transaction on PostgreSQL that may be cancelled anywhere.
//!
//! A caller that goes away in the middle of a statement (a client that hung up, a deadline) drops
//! the future, and the answers are still on their way. The driver's own transaction gives such a
//! connection back to the pool: one cancelled while it began stays inside a transaction nobody ends,
//! one cancelled in a `COPY` answers the next caller's question with the answer before. Here a
//! connection that was left in the middle of a statement is closed.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, raw_sql};

use crate::{Error, Result};

/// An open transaction on PostgreSQL. Dropping it rolls everything back.
#[derive(Debug)]
pub struct Session {
    connection: Option<PoolConnection<Postgres>>,
    under_way: bool,
}

impl Session {
    pub(crate) async fn begin(pool: &PgPool, statement: &'static str) -> Result<Self> {
        let connection = Some(pool.acquire().await?);
        let mut session = Self { connection, under_way: false };
        session.say(statement).await?;
        Ok(session)
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.say("COMMIT").await?;
        drop(self.connection.take());
        Ok(())
    }

    /// The connection, for one statement. [`Session::rest`] says that its answer is there, good or
    /// bad.
    pub(crate) fn start(&mut self) -> Result<&mut PgConnection> {
        self.under_way = true;
        let connection = self.connection.as_deref_mut();
        connection.ok_or(Error::Unavailable(sqlx::Error::WorkerCrashed))
    }

    pub(crate) fn rest(&mut self) {
        self.under_way = false;
    }

    async fn say(&mut self, statement: &'static str) -> Result<()> {
        let said = raw_sql(statement).execute(self.start()?).await;
        self.rest();
        said?;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if !self.under_way => {
                runtime.spawn(async move {
                    if raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
                        connection.close_on_drop();
                    }
                });
            }
            _ => connection.close_on_drop(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use futures::future::{AbortHandle, Abortable};

    use crate::testing::both;
    use crate::{Col, Value, sql};

    /// Work cancelled at any moment leaves nothing behind that the next caller meets.
    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_comes_after_a_cancelled_caller_has_its_own_answers() {
        both(&[], async |db| {
            let mut tx = db.begin().await.unwrap();
            tx.exec(sql("CREATE TABLE seen (n BIGINT PRIMARY KEY)")).await.unwrap();
            tx.commit().await.unwrap();
            for round in 0..120_u64 {
                let callers: Vec<_> = (0..8_i64)
                    .map(|n| {
                        let (handle, registration) = AbortHandle::new_pair();
                        let db = db.clone();
                        let work = async move {
                            let mut tx = db.begin().await.unwrap();
                            // Every second one fails, and may be cancelled while it does.
                            let insert = sql("INSERT INTO seen (n) VALUES ($1)").bind(n % 2);
                            drop(tx.exec(insert).await);
                            let n = sql("SELECT CAST($1 AS BIGINT)").bind(n);
                            drop(tx.value::<i64>(n).await);
                            let mut tx = db.begin().await.unwrap();
                            let rows = (10..400_i64).map(|n| vec![Value::from(n)]).collect();
                            drop(tx.bulk("seen", &[Col::i64("n")], rows, "").await);
                            drop(db.read().await);
                        };
                        (handle, tokio::spawn(Abortable::new(work, registration)))
                    })
                    .collect();
                tokio::time::sleep(Duration::from_micros(round * 37)).await;
                for (handle, running) in callers {
                    handle.abort();
                    let _ = running.await.unwrap();
                }
                for n in 0..4_i64 {
                    let mut tx = db.read().await.unwrap();
                    let asked = 1_000 + n;
                    let select = sql("SELECT CAST($1 AS BIGINT)").bind(asked);
                    assert_eq!(tx.value::<i64>(select).await.unwrap(), asked);
                    let mut tx = db.begin().await.unwrap();
                    let count = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM seen");
                    assert_eq!(tx.value::<i64>(count).await.unwrap(), 0, "nothing was committed");
                    tx.commit().await.unwrap();
                }
            }
        })
        .await;
    }
}
