//! Servers on loopback for the tests.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

pub mod files;
pub mod imap;
pub mod sftp;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Counts what is open, so that a test can wait until nothing is.
#[derive(Clone, Default)]
pub struct Open(Arc<AtomicUsize>);

pub struct Guard(Arc<AtomicUsize>);

impl Open {
    pub fn one(&self) -> Guard {
        self.0.fetch_add(1, Ordering::SeqCst);
        Guard(self.0.clone())
    }

    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits until all are closed.
    pub async fn none(&self) {
        let waiting = async {
            while self.count() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("still open");
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
