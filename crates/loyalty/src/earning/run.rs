//! The job that looks at those who are due.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use customers::CustomerId;
use serde_json::{Value, json};
use store::jobs::{Handlers, JobCtx, JobError, New};
use store::{Col, Tx, sql};
use uuid::Uuid;

use super::Earning;
use super::facts::{Changed, changed};
use crate::accrual::Derived;
use crate::{EARN_JOB, Error, Loyalty, Result};

/// Marks read at a time.
const MARKS: i64 = 500;
/// Before those are looked at again that another caller was looking at.
const AGAIN: std::time::Duration = std::time::Duration::from_millis(50);

/// What became of the segments that were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earned {
    /// Customers looked at.
    pub customers: u64,
    /// Segments that earned, or earn something else now.
    pub earned: u64,
    /// Segments that earn nothing, or nothing any more.
    pub nothing: u64,
    /// Segments the books did not take: looked at again when the account is open.
    pub blocked: u64,
    /// Segments that cannot be asked about, by what is lacking.
    pub lacking: BTreeMap<&'static str, u64>,
}

impl Earned {
    fn add(&mut self, more: Self) {
        self.customers += more.customers;
        self.earned += more.earned;
        self.nothing += more.nothing;
        self.blocked += more.blocked;
        for (what, count) in more.lacking {
            *self.lacking.entry(what).or_insert(0) += count;
        }
    }
}

impl Earning {
    /// Adds the job.
    pub fn handlers(&self, handlers: &mut Handlers) {
        let earning = self.clone();
        handlers.add(EARN_JOB, move |job| {
            let earning = earning.clone();
            async move { earning.run(&job).await }
        });
        handlers.periodically(EARN_JOB, 60);
    }

    async fn run(&self, job: &JobCtx) -> Result<Value, JobError> {
        let all = self.waiting().await.map_err(JobError::from_explain)?;
        let mut total = Earned::default();
        while let Some(done) = self.step().await.map_err(JobError::from_explain)? {
            total.add(done);
            job.progress(total.customers, Some(all.max(total.customers)), "loyalty-phase-earn")
                .await?;
        }
        Ok(json!({"customers": total.customers, "earned": total.earned,
            "nothing": total.nothing, "blocked": total.blocked, "lacking": total.lacking}))
    }

    /// Looks at everybody who is due, telling `watch` customers so far and in all.
    ///
    /// # Errors
    /// When the database fails; what was done stands, asking again does the rest.
    pub async fn run_all(&self, mut watch: impl FnMut(u64, u64)) -> Result<Earned> {
        let all = self.waiting().await?;
        let mut total = Earned::default();
        while let Some(done) = self.step().await? {
            total.add(done);
            watch(total.customers, all.max(total.customers));
        }
        Ok(total)
    }

    async fn waiting(&self) -> Result<u64> {
        let mut tx = self.loyalty.db().read().await?;
        let count: i64 = tx
            .value(
                sql("SELECT CAST(COUNT(DISTINCT customer_id) AS BIGINT) FROM loyalty_due
                     WHERE due_at <= $1")
                .bind(self.loyalty.now()),
            )
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Looks at the first of those who are due; `None` when there is nobody.
    async fn step(&self) -> Result<Option<Earned>> {
        let loyalty = &self.loyalty;
        let mut tx = loyalty.db().read().await?;
        let marks: Vec<(Uuid, Uuid)> = tx
            .all(
                sql("SELECT id, customer_id FROM loyalty_due WHERE due_at <= $1
                     ORDER BY id LIMIT $2")
                .bind(loyalty.now())
                .bind(MARKS),
            )
            .await?;
        if marks.is_empty() {
            return Ok(None);
        }
        let whose: BTreeSet<Uuid> = marks.iter().map(|(_, customer)| *customer).collect();
        let whose: Vec<CustomerId> = whose.into_iter().map(CustomerId::from).collect();
        let segments = (self.segments)(&mut tx, whose.clone()).await?;
        let Changed { facts, lacking, later } =
            changed(&mut tx, &whose, &segments, loyalty.today()).await?;
        drop(tx);
        let mut done = Earned { customers: whose.len() as u64, lacking, ..Earned::default() };
        let answers = match loyalty.accrue(facts).await {
            // Somebody else looks at the same customers just now: what is left is read again.
            Err(Error::Meanwhile) => {
                tokio::time::sleep(AGAIN).await;
                return Ok(Some(Earned::default()));
            }
            answers => answers?,
        };
        for answer in answers {
            match answer.derived {
                Derived::Earned => done.earned += 1,
                Derived::Refused | Derived::Nobody | Derived::Withdrawn => done.nothing += 1,
                Derived::Blocked => done.blocked += 1,
                // Somebody else said it meanwhile, or nothing changed.
                _ => {}
            }
        }
        let mut tx = loyalty.db().begin().await?;
        let ids = marks.into_iter().map(|(id, _)| vec![id.into()]).collect();
        tx.with_rows(
            &[Col::uuid("id")],
            ids,
            "DELETE FROM loyalty_due WHERE id IN (SELECT id FROM input)",
        )
        .await?;
        for (customer, day) in later {
            look_again(&mut tx, customer, loyalty.midnight(day), loyalty.now()).await?;
        }
        tx.commit().await?;
        Ok(Some(done))
    }
}

async fn look_again(
    tx: &mut Tx,
    customer: CustomerId,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("INSERT INTO loyalty_due (id, customer_id, due_at) VALUES ($1, $2, $3)")
            .bind(kernel::ids::v7(now))
            .bind(customer.uuid())
            .bind(at),
    )
    .await?;
    Ok(())
}

impl Loyalty {
    /// Has the job run at once, when a person waits for what it does.
    pub(crate) async fn earn_soon(&self, tx: &mut Tx) -> Result<()> {
        let now = self.now();
        let job = New::now(EARN_JOB, json!({}), now).key(EARN_JOB);
        let _ = store::jobs::enqueue(tx, job, now).await?;
        Ok(())
    }
}
