//! Facts as Parquet files, and the questions asked of them: DataFusion behind a narrow door.
//!
//! A [`Lake`] is a folder. Domains write tables into it ([`ParquetOut`], whole files that appear at
//! once or not at all) and ask questions in SQL ([`Lake::query`]); answers are Arrow record batches
//! read through typed [`column`]s. Two more ways in need no query planner: [`ParquetIn`] streams
//! some columns of a file, [`find`](find::Finder) fetches one row of a sorted file in milliseconds.
//!
//! **What bounds it.** Memory: the limit of [`LakeConfig`], beyond which sorts and groupings spill to
//! `.spill` in the lake's folder, and which refuses what cannot spill. Time: all cores by default.
//!
//! Nothing of DataFusion shows in this interface, so the engine can become a cluster later without a
//! change in any domain. Money and kilometres stay whole numbers in queries: sums of those are the
//! same on any number of cores, sums of fractions are not.

pub mod column;
mod error;
pub mod find;
mod query;
mod read;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The errors of this crate in both languages, English first.
pub const TEXTS: [(kernel::Lang, &str); 2] = [
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

pub use arrow;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};

pub use error::{LakeError, Result};
pub use find::Finder;
pub use query::{Param, Query};
pub use read::{ParquetIn, files_of};
pub use write::{ParquetOptions, ParquetOut, Written};

/// How much of the machine a lake may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LakeConfig {
    /// Bytes that groupings, sorts and joins of all queries together may hold.
    pub memory_limit: usize,
    /// Threads' worth of work per query; 0 takes every core.
    pub partitions: usize,
}

impl Default for LakeConfig {
    /// One gibibyte, every core.
    fn default() -> Self {
        Self { memory_limit: 1 << 30, partitions: 0 }
    }
}

/// A folder of Parquet tables that can be asked questions. Cheap to clone.
#[derive(Clone)]
pub struct Lake {
    dir: PathBuf,
    runtime: Arc<RuntimeEnv>,
    partitions: usize,
}

impl std::fmt::Debug for Lake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lake({})", self.dir.display())
    }
}

impl Lake {
    /// Opens the lake in `dir`, creating the folder when missing.
    ///
    /// # Errors
    /// [`LakeError::File`] when the folder cannot be made.
    pub fn open(dir: impl Into<PathBuf>, config: LakeConfig) -> Result<Self> {
        let dir = dir.into();
        let spill = dir.join(".spill");
        std::fs::create_dir_all(&spill).map_err(|e| LakeError::file("open the lake", &spill, e))?;
        let disk =
            DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![spill]));
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(config.memory_limit)))
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|source| LakeError::from_engine("open the lake", source))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let partitions = if config.partitions == 0 { cores } else { config.partitions };
        Ok(Self { dir, runtime, partitions })
    }

    /// Where the lake is.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of a table, created when missing. Its Parquet files together are the table.
    ///
    /// # Errors
    /// [`LakeError::File`] when the folder cannot be made.
    pub fn table_dir(&self, table: &str) -> Result<PathBuf> {
        let dir = self.dir.join(table);
        std::fs::create_dir_all(&dir).map_err(|e| LakeError::file("open a table", &dir, e))?;
        Ok(dir)
    }

    /// A question in SQL over the files and folders named in it.
    #[must_use]
    pub fn query(&self, sql: impl Into<String>) -> Query {
        Query::new(self.runtime.clone(), self.partitions, sql.into())
    }
}
