use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::Clock;
use serde::{Deserialize, Serialize};
use store::{Db, settings, sql};
use tokio::sync::{RwLock, Semaphore};

use crate::policy::PermissionTable;
use crate::{Limits, Policy, Result, Vault, VaultError, permissions};

/// The service. Cheap to clone; its functions stand beside the concepts they are about.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    policy: Policy,
    limits: Limits,
    password_checks: Semaphore,
    /// Held for reading by what still runs behind a request.
    behind: Arc<RwLock<()>>,
}

/// The setting that ties a database to its key file.
const BOUND: &str = "access.vault";

#[derive(Serialize, Deserialize)]
struct Bound {
    fingerprint: String,
}

impl Access {
    /// Collects the policy (this domain's own table is always part of it) and makes sure that the
    /// key file belongs to this database. The migrations must have run.
    ///
    /// # Errors
    /// [`VaultError::Foreign`] with another database's key file: opening sealed values would fail
    /// one by one, and new ones would be lost with it.
    pub async fn open(
        db: Db,
        clock: Arc<dyn Clock>,
        vault: Vault,
        tables: &[PermissionTable],
    ) -> Result<Self> {
        Self::open_with(db, clock, vault, tables, Limits::default()).await
    }

    /// [`Access::open`] with other limits.
    ///
    /// # Errors
    /// As [`Access::open`].
    pub async fn open_with(
        db: Db,
        clock: Arc<dyn Clock>,
        vault: Vault,
        tables: &[PermissionTable],
        limits: Limits,
    ) -> Result<Self> {
        bind(&db, &vault, clock.now()).await?;
        let mut all = vec![permissions::TABLE];
        all.extend(tables.iter().filter(|table| !std::ptr::eq(**table, permissions::TABLE)));
        Ok(Self(Arc::new(Inner {
            db,
            clock,
            vault,
            policy: Policy::new(&all),
            password_checks: Semaphore::new(limits.password_checks.max(1)),
            limits,
            behind: Arc::default(),
        })))
    }

    /// The vault of this installation.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Who may do what.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn password_checks(&self) -> &Semaphore {
        &self.0.password_checks
    }

    /// Runs a small write behind the request that asked for it, which must not wait for another
    /// writer. It may be lost.
    pub(crate) async fn behind(&self, write: impl Future<Output = Result<()>> + Send + 'static) {
        let running = self.0.behind.clone().read_owned().await;
        tokio::spawn(async move {
            if let Err(error) = write.await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a note was not kept");
            }
            drop(running);
        });
    }

    /// Waits for what still runs behind requests: at the end of a process, and in tests.
    pub async fn settled(&self) {
        drop(self.0.behind.write().await);
    }
}

async fn bind(db: &Db, vault: &Vault, now: DateTime<Utc>) -> Result<()> {
    let fingerprint = vault.fingerprint();
    let mut tx = db.read().await?;
    let mut bound: Option<Bound> = settings::get(&mut tx, BOUND).await?;
    drop(tx);
    if bound.is_none() {
        let mut tx = db.begin().await?;
        // Two processes that start together come here one after the other.
        tx.exec(sql("UPDATE access_audit_head SET seq = seq WHERE id = 1")).await?;
        bound = settings::get(&mut tx, BOUND).await?;
        if bound.is_none() {
            let ours = Bound { fingerprint: fingerprint.clone() };
            settings::put(&mut tx, BOUND, &ours, now).await?;
            bound = Some(ours);
        }
        tx.commit().await?;
    }
    match bound {
        Some(bound) if bound.fingerprint != fingerprint => Err(VaultError::Foreign.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn a_key_file_of_another_database_is_refused_at_the_start() {
        testing::both(async |house| {
            let open =
                |vault| Access::open(house.access.db().clone(), house.clock.clone(), vault, &[]);
            assert!(open(house.access.vault().clone()).await.is_ok());
            let refused = open(Vault::for_tests()).await.err().unwrap();
            assert_eq!(kernel::Explain::code(&refused), "vault-key-foreign");
        })
        .await;
    }

    #[tokio::test]
    async fn the_own_table_is_always_there_and_counts_once() {
        testing::both(async |house| {
            let rows = house.access.policy().matrix();
            assert_eq!(rows.len(), permissions::TABLE.len());
        })
        .await;
    }
}
