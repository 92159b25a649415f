//! What members earn by flying: from the segments the airline knows of to postings, by themselves.
//!
//! Whoever changes a segment, a membership or the rules marks the customer as due, in the same
//! transaction ([`Loyalty::mark_due`]). The job `loyalty.earn` reads all segments of those who are
//! due, says to accrual what changed since it was asked last, and forgets the marks it read. Nothing
//! is remembered but the marks: killed or repeated it ends at the same.

mod facts;
mod run;
mod segment;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use customers::CustomerId;
use futures::future::BoxFuture;
use store::{Col, Tx, Value, sql};

pub use run::Earned;
pub use segment::{Lacking, Segment, key};

use crate::{Loyalty, MemberId, Result};

/// Every segment of these customers, flown or missed, each told once.
pub type Segments = Arc<
    dyn for<'a> Fn(
            &'a mut Tx,
            Vec<CustomerId>,
        ) -> BoxFuture<'a, store::Result<HashMap<CustomerId, Vec<Segment>>>>
        + Send
        + Sync,
>;

/// Members and what they fly, brought together. Cheap to clone.
#[derive(Clone)]
pub struct Earning {
    loyalty: Loyalty,
    segments: Segments,
}

impl std::fmt::Debug for Earning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Earning")
    }
}

impl Earning {
    /// Members of `loyalty` earn by what `segments` knows of them.
    #[must_use]
    pub fn new(loyalty: Loyalty, segments: Segments) -> Self {
        Self { loyalty, segments }
    }
}

impl Loyalty {
    /// Has the segments of those of `customers` who are members looked at. True with the rest of the
    /// transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_due(&self, tx: &mut Tx, customers: &[CustomerId]) -> store::Result<()> {
        let now = self.now();
        let rows: Vec<Vec<Value>> = customers
            .iter()
            .map(|id| vec![kernel::ids::v7(now).into(), id.uuid().into(), now.into()])
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        tx.with_rows(
            &[Col::uuid("id"), Col::uuid("customer_id"), Col::time("due_at")],
            rows,
            "INSERT INTO loyalty_due (id, customer_id, due_at)
             SELECT id, customer_id, due_at FROM input
             WHERE EXISTS (SELECT 1 FROM loyalty_member m
                WHERE m.customer_id = input.customer_id)",
        )
        .await?;
        Ok(())
    }

    /// Has everybody of a programme looked at: its rules changed for days that have passed.
    pub(crate) async fn mark_programme_due(&self, tx: &mut Tx, programme: &str) -> Result<()> {
        // The member's id serves as the mark's: another mark of the same name says the same.
        tx.exec(
            sql("INSERT INTO loyalty_due (id, customer_id, due_at)
                 SELECT m.id, m.customer_id, $2 FROM loyalty_member m
                 WHERE m.programme = $1 AND m.customer_id IS NOT NULL
                 ON CONFLICT (id) DO NOTHING")
            .bind(programme)
            .bind(self.now()),
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn mark_member_due(&self, tx: &mut Tx, member: MemberId) -> Result<()> {
        let customer: Option<uuid::Uuid> = tx
            .value_maybe(
                sql("SELECT customer_id FROM loyalty_member
                     WHERE id = $1 AND customer_id IS NOT NULL")
                .bind(member.uuid()),
            )
            .await?;
        let customers: Vec<CustomerId> = customer.into_iter().map(Into::into).collect();
        Ok(self.mark_due(tx, &customers).await?)
    }
}
