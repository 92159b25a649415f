//! How long a step may take.

use std::future::Future;
use std::time::Duration;

use crate::{Error, Result, Step};

/// Limits of waiting. Each is for one step, not for the round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Finding the host and opening the connection.
    pub connect: Duration,
    /// Any other step: agreeing on keys, signing in, one request and its answer, and the time
    /// between two pieces of a file or message.
    pub step: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), step: Duration::from_secs(30) }
    }
}

/// The outcome of `work`, or [`Error::Timeout`] naming host and step.
pub(crate) async fn within<T>(
    limit: Duration,
    host: &str,
    step: Step,
    work: impl Future<Output = T>,
) -> Result<T> {
    tokio::time::timeout(limit, work).await.map_err(|_| Error::Timeout {
        host: host.to_owned(),
        step,
        seconds: limit.as_secs(),
    })
}
