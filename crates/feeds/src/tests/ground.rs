//! A service over a fresh database, and small files.

use std::path::PathBuf;
use std::sync::Arc;

use access::{Access, Actor, Vault};
use kernel::{Clock, FixedClock};
use store::Db;
use store::blobs::Blobs;
use store::testing::{NOW, Scratch};

use crate::imports::{MappingRef, Run, silent};
use crate::mapping::Mapping;
use crate::{Feeds, Import, Policy};

pub const SETS: &[&[store::Migration]] =
    &[access::MIGRATIONS, customers::MIGRATIONS, flights::MIGRATIONS, crate::MIGRATIONS];
const TABLES: &[access::PermissionTable] =
    &[customers::permissions::TABLE, flights::permissions::TABLE, crate::permissions::TABLE];

pub struct Ground {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub feeds: Feeds,
    pub actor: Actor,
    pub folder: tempfile::TempDir,
}

/// Runs `body` on both engines.
pub async fn both<F: AsyncFn(Ground)>(body: F) {
    store::testing::both(SETS, async |db| body(ground(db).await).await).await;
}

/// Runs `body` on both engines, over databases that other processes can open.
pub async fn in_processes<F: AsyncFn(&Scratch)>(body: F) {
    let postgres = Scratch::postgres(SETS).await;
    for scratch in [Some(Scratch::sqlite(SETS).await), postgres].into_iter().flatten() {
        body(&scratch).await;
        scratch.discard().await;
    }
}

pub async fn ground(db: Db) -> Ground {
    let clock = Arc::new(FixedClock::at(NOW));
    let folder = tempfile::tempdir().unwrap();
    let feeds = service(db.clone(), clock.clone(), folder.path().join("blobs")).await;
    Ground { db, clock, feeds, actor: Actor::system("test"), folder }
}

pub async fn service(db: Db, clock: Arc<dyn Clock>, blobs: PathBuf) -> Feeds {
    // A key file, so that a second process over the same database can work too.
    let vault = Vault::open_or_create(&blobs.with_file_name("secret.key")).unwrap();
    let access = Access::open(db.clone(), clock.clone(), vault, TABLES).await.unwrap();
    let customers = customers::Customers::new(db.clone(), clock.clone(), access.clone())
        .with_in_use(Arc::new(|tx, ids| {
            Box::pin(
                async move { Ok(flights::Flights::in_use(tx, &ids).await?.into_iter().collect()) },
            )
        }));
    customers.start().await.unwrap();
    let flights = flights::Flights::new(db.clone(), clock.clone(), customers.clone());
    Feeds::new(db, clock, access, Blobs::open(blobs).unwrap(), customers, flights)
}

impl Ground {
    /// Writes a file and returns where it is.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Imports a text by a mapping, to its end.
    pub async fn import(&self, text: &str, mapping: &str, policy: Policy) -> Import {
        let path = self.file("file.csv", text);
        self.import_path(&path, mapping, policy).await
    }

    pub async fn import_path(
        &self,
        path: &std::path::Path,
        mapping: &str,
        policy: Policy,
    ) -> Import {
        let mapping = MappingRef::Name(mapping.to_owned());
        let id = self.feeds.import_file(&self.actor, path, None, &mapping, policy).await.unwrap();
        self.feeds.run_import(id, silent()).await.unwrap()
    }

    pub async fn import_by(&self, text: &str, mapping: &Mapping) -> Import {
        let path = self.file("file.csv", text);
        let mapping = MappingRef::Text(mapping.to_toml().unwrap());
        let policy = Policy::CreateOrUpdate;
        let id = self.feeds.import_file(&self.actor, &path, None, &mapping, policy).await.unwrap();
        self.feeds.run_import(id, silent()).await.unwrap()
    }

    /// Undoes an import, to its end.
    pub async fn revert(&self, import: &Import) -> Import {
        self.feeds.start_revert(&self.actor, import.id).await.unwrap();
        self.feeds.run_revert(import.id, silent()).await.unwrap()
    }

    /// Row, column and code of everything found.
    pub async fn found(&self, import: &Import) -> Vec<(i64, String, String)> {
        let all = self
            .feeds
            .issues(&self.actor, import.id, Run::Import, None, (-1, 10_000))
            .await
            .unwrap();
        all.into_iter().map(|issue| (issue.row, issue.column, issue.code)).collect()
    }

    pub async fn count(&self, text: &'static str) -> i64 {
        let mut tx = self.db.read().await.unwrap();
        tx.value(store::sql(text)).await.unwrap()
    }

    /// What the facts and customers add up to, to compare two ways of getting there.
    pub async fn sums(&self) -> [i64; 6] {
        [
            self.count("SELECT COUNT(*) FROM customer").await,
            self.count("SELECT COUNT(*) FROM activity_summary").await,
            self.count("SELECT CAST(COALESCE(SUM(km), 0) AS BIGINT) FROM activity_summary").await,
            self.count("SELECT COUNT(*) FROM flown_segment").await,
            self.count("SELECT CAST(COALESCE(SUM(km), 0) AS BIGINT) FROM flown_segment").await,
            self.count("SELECT COUNT(*) FROM activity_month").await,
        ]
    }
}

pub const MEMBERS: &str = "\
member_no,name,gender,birth_date,city,tier,joined_on
6218045731,周启明,男,1984-05-12,guangzhou,gold,2018-04-12
6218045749,李静,女,1990-11-03,上海,silver,2020-09-01
6218045756,RAMAN/PRIYA MS,female,1979-02-27,Singapore,platinum,2015-01-20
";

pub const SEGMENTS: &str = "\
member_no,flight_date,departs_at,carrier,flight_no,origin,destination,km,fare,currency,discount,outcome
6218045731,2026-03-02,08:00,CZ,3101,CAN,PEK,,1680.00,CNY,0.92,flown
6218045731,2026-03-04,19:30,CZ,3102,PEK,CAN,1967,1540.00,CNY,0.85,flown
6218045749,2026-04-07,12:15,CZ,3551,CAN,SHA,1204,760.00,CNY,0.45,no-show
";
