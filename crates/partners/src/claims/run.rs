//! The job that looks at claims whose time has come: those that wait for messages, and those whose
//! miles accrual was about to give.

use access::Actor;
use serde_json::{Value, json};
use store::jobs::{Handlers, JobCtx, JobError};

use super::ground::{Earned, earned};
use super::judge::Judged;
use super::store as rows;
use super::{CREDITS, ClaimId, State, Verdict};
use crate::{Partners, Result};

/// Judges claims again. Every minute.
pub const CLAIMS_JOB: &str = "partners.claims";
/// Claims looked at in one go: each is a transaction of its own.
const PAGE: i64 = 200;
/// Between two looks at what accrual made of a flight.
const SOON: chrono::Duration = chrono::Duration::seconds(60);

impl Partners {
    pub(crate) fn claim_handlers(&self, handlers: &mut Handlers) {
        let partners = self.clone();
        handlers.add(CLAIMS_JOB, move |job| {
            let partners = partners.clone();
            async move { partners.run_claims(&job).await }
        });
        handlers.periodically(CLAIMS_JOB, 60);
    }

    async fn run_claims(&self, job: &JobCtx) -> Result<Value, JobError> {
        let mut looked = 0;
        loop {
            let done = self.judge_due().await.map_err(JobError::from_explain)?;
            looked += done;
            job.progress(looked, None, "partners-phase-claims").await?;
            if done == 0 {
                return Ok(json!({"claims": looked}));
            }
        }
    }

    /// Looks at claims whose time has come; how many. What fails because somebody else wrote just
    /// now is looked at the next time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn judge_due(&self) -> Result<u64> {
        let due = rows::due(&mut self.db().read().await?, self.now(), PAGE).await?;
        let mut looked = 0;
        for id in due {
            match self.look_again(id).await {
                Ok(()) => looked += 1,
                Err(error) if error.is_meanwhile() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(looked)
    }

    async fn look_again(&self, id: ClaimId) -> Result<()> {
        let actor = Actor::system("claims");
        let mut tx = self.db().begin().await?;
        let mut claim = rows::lock(&mut tx, id).await?;
        if claim.due_at.is_none_or(|due| due > self.now()) {
            return Ok(());
        }
        let (state, verdict) = (claim.state, claim.verdict);
        let member = self.loyalty().member(&actor, claim.by.member).await?;
        match state {
            _ if member.customer.is_none() || member.merged_into.is_some() => claim.due_at = None,
            State::Waiting => self.decide_in(&mut tx, &mut claim, &member).await?,
            State::Accepted => {
                let found = earned(&mut tx, std::slice::from_ref(&claim.segment)).await?;
                let now = self.now();
                match found.get(&claim.segment) {
                    Some(Earned::Miles(miles, _)) => {
                        let detail = json!({"miles": miles});
                        let (state, verdict) = (State::Credited, claim.verdict);
                        claim.judged(&Judged { state, verdict, detail, take: None }, now);
                        claim.miles = Some(*miles);
                    }
                    Some(Earned::Nothing(code)) => {
                        let detail = json!({"reason": code});
                        let (state, verdict) = (State::Explained, Verdict::NotEarning);
                        claim.judged(&Judged { state, verdict, detail, take: None }, now);
                    }
                    _ if now - claim.judged_at > CREDITS => {
                        claim.judged(&Judged::review(Verdict::Stuck), now);
                    }
                    _ => claim.due_at = Some(now + SOON),
                }
            }
            _ => claim.due_at = None,
        }
        rows::update(&mut tx, &claim).await?;
        if (claim.state, claim.verdict) != (state, verdict) {
            self.told(&mut tx, &actor, &claim).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
