//! Jobs.

use serde_json::json;
use store::jobs::{Handlers, JobError};

use crate::Awards;

/// Ends redemptions that were not confirmed in time. Every minute.
pub const DUE_JOB: &str = "awards.due";

impl Awards {
    /// Adds the handlers of this domain's jobs.
    pub fn handlers(&self, handlers: &mut Handlers) {
        let awards = self.clone();
        handlers.add(DUE_JOB, move |job| {
            let awards = awards.clone();
            async move {
                let mut ended = 0;
                loop {
                    let more = awards.end_due().await.map_err(JobError::from_explain)?;
                    ended += more;
                    if more == 0 {
                        return Ok(json!({"redemptions": ended}));
                    }
                    job.progress(ended, None, "awards-phase-due").await?;
                }
            }
        });
        handlers.periodically(DUE_JOB, 60);
    }
}
