//! Jobs: each does what is due by the state of the books, so that a killed or repeated run ends at
//! the same.

use serde_json::{Value, json};
use store::jobs::{Handlers, JobCtx, JobError};

use crate::Loyalty;
use crate::members::Adopted;

/// Books out lots whose last day has passed. Nightly, after midnight of the ledger's zone.
pub const EXPIRE_JOB: &str = "loyalty.expire";
/// Ends holds whose time has come. Every minute.
pub const HOLDS_JOB: &str = "loyalty.holds";
/// Makes ordinary members of children who turned twelve. Nightly.
pub const GROW_JOB: &str = "loyalty.grow";
/// Decides tiers up to and with yesterday. Nightly, after midnight of the ledger's zone.
pub const TIERS_JOB: &str = "loyalty.tiers";
/// Says what was flown to those who earn by it. Every minute.
pub const EARN_JOB: &str = "loyalty.earn";
/// Makes members of customers whom a feed brought with a number. Asked for.
pub const ADOPT_JOB: &str = "loyalty.adopt";
/// Works the books out anew. Nightly.
pub const CHECK_JOB: &str = "loyalty.check";
/// Compares two versions of the rules over the whole base.
pub const REPLAY_JOB: &str = "loyalty.replay";
/// Keeps what each programme owes. Nightly, after what ran out is booked; when asked for.
pub const LIABILITY_JOB: &str = "loyalty.liability";
/// Works out what promotions did. Nightly, and asked for.
pub const PROMOTIONS_JOB: &str = "loyalty.promotions";

impl Loyalty {
    /// Adds the handlers of this domain's jobs.
    pub fn handlers(&self, handlers: &mut Handlers) {
        let (expire, holds, grow, check) = (self.clone(), self.clone(), self.clone(), self.clone());
        handlers.add(EXPIRE_JOB, move |job| {
            let loyalty = expire.clone();
            async move { loyalty.run_expire(&job).await }
        });
        handlers.add(HOLDS_JOB, move |job| {
            let loyalty = holds.clone();
            async move { loyalty.run_holds(job).await }
        });
        handlers.add(GROW_JOB, move |_| {
            let loyalty = grow.clone();
            async move {
                let grown = loyalty.grow_up().await.map_err(JobError::from_explain)?;
                Ok(json!({"grown": grown}))
            }
        });
        let tiers = self.clone();
        handlers.add(TIERS_JOB, move |job| {
            let loyalty = tiers.clone();
            async move { loyalty.run_tiers(job).await }
        });
        let replay = self.clone();
        handlers.add(REPLAY_JOB, move |job| {
            let loyalty = replay.clone();
            async move { loyalty.run_replay(job).await }
        });
        handlers.add(CHECK_JOB, move |_| {
            let loyalty = check.clone();
            async move { loyalty.run_check().await }
        });
        let adopt = self.clone();
        handlers.add(ADOPT_JOB, move |job| {
            let loyalty = adopt.clone();
            async move { loyalty.run_adopt(&job).await }
        });
        let liability = self.clone();
        handlers.add(LIABILITY_JOB, move |job| {
            let loyalty = liability.clone();
            async move {
                loyalty.run_expire(&job).await?;
                Ok(json!({"reports": loyalty.run_liability(&job).await?}))
            }
        });
        let promotions = self.clone();
        handlers.add(PROMOTIONS_JOB, move |job| {
            let loyalty = promotions.clone();
            async move { loyalty.run_promotions(job).await }
        });
        // Days begin in the ledger's zone; within an hour of it, whatever the zone.
        handlers.periodically(EXPIRE_JOB, 3_600);
        handlers.periodically(GROW_JOB, 3_600);
        handlers.periodically(TIERS_JOB, 3_600);
        handlers.periodically(LIABILITY_JOB, 3_600);
        handlers.periodically(HOLDS_JOB, 60);
        handlers.periodically(CHECK_JOB, 86_400);
        handlers.periodically(PROMOTIONS_JOB, 86_400);
    }

    async fn run_expire(&self, job: &JobCtx) -> Result<Value, JobError> {
        let mut booked = 0;
        for chunk in self.ledger().due_accounts().await.map_err(JobError::from_explain)? {
            booked += self.ledger().expire_chunk(&chunk).await.map_err(JobError::from_explain)?;
            job.progress(booked, None, "loyalty-phase-expire").await?;
        }
        Ok(json!({"lots": booked}))
    }

    async fn run_holds(&self, job: JobCtx) -> Result<Value, JobError> {
        let mut ended = 0;
        for chunk in self.ledger().due_holds().await.map_err(JobError::from_explain)? {
            ended += self.ledger().end_chunk(&chunk).await.map_err(JobError::from_explain)?;
            job.progress(ended, None, "loyalty-phase-holds").await?;
        }
        Ok(json!({"holds": ended}))
    }

    async fn run_tiers(&self, job: JobCtx) -> Result<Value, JobError> {
        let night = self.begin_night().await.map_err(JobError::from_explain)?;
        let (mut looked, mut written, mut after) = (0, 0, None);
        while let Some(page) = self.evaluate_page(after).await.map_err(JobError::from_explain)? {
            looked += page.looked;
            written += page.written;
            after = Some(page.last);
            job.progress(looked, None, "loyalty-phase-tiers").await?;
        }
        self.end_night(night).await.map_err(JobError::from_explain)?;
        loop {
            let noted = self.note_due_tiers().await.map_err(JobError::from_explain)?;
            if noted == 0 {
                break;
            }
            looked += noted;
            job.progress(looked, None, "loyalty-phase-tiers").await?;
        }
        Ok(json!({"members": looked, "tiers": written}))
    }

    async fn run_adopt(&self, job: &JobCtx) -> Result<Value, JobError> {
        #[derive(serde::Deserialize)]
        struct Asked {
            programme: String,
        }
        let Asked { programme } = job.args()?;
        let (mut all, mut after) = (Adopted::default(), String::new());
        while let Some((done, last)) =
            self.adopt_page(&programme, &after).await.map_err(JobError::from_explain)?
        {
            (all, after) = (all.and(done), last);
            job.progress(all.looked, None, "loyalty-phase-adopt").await?;
        }
        let mut tx = self.db().begin().await?;
        self.earn_soon(&mut tx).await.map_err(JobError::from_explain)?;
        tx.commit().await?;
        Ok(json!(all))
    }

    async fn run_check(&self) -> Result<Value, JobError> {
        let checked = self.ledger().check().await.map_err(JobError::from_explain)?;
        for difference in &checked.differences {
            let (part, place) = (difference.part.as_str(), difference.place);
            tracing::error!(part, %place, kept = difference.kept, found = difference.found,
                "the books differ from their transfers");
        }
        Ok(json!({"accounts": checked.accounts, "transfers": checked.transfers,
            "differences": checked.differences.len()}))
    }
}
