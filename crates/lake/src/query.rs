//! Asking a question: SQL over named files and folders, values bound by name.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;

use crate::column;
use crate::error::{LakeError, Result};
use crate::read::files_of;

/// A value bound to `$name` in a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// A whole number.
    Int(i64),
    /// A fraction.
    Float(f64),
    /// Text.
    Text(String),
    /// A date.
    Date(NaiveDate),
}

macro_rules! from {
    ($($from:ty => $variant:ident),*) => {$(
        impl From<$from> for Param {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}
from! { i64 => Int, u32 => Int, f64 => Float, String => Text, &str => Text, NaiveDate => Date }

impl From<Param> for ScalarValue {
    fn from(value: Param) -> Self {
        match value {
            Param::Int(value) => Self::Int64(Some(value)),
            Param::Float(value) => Self::Float64(Some(value)),
            Param::Text(value) => Self::Utf8(Some(value)),
            Param::Date(value) => Self::Date32(Some(column::day_number(value))),
        }
    }
}

enum Source {
    Files(Vec<PathBuf>),
    Folder { folder: PathBuf, schema: SchemaRef },
    Rows { schema: SchemaRef, rows: Vec<RecordBatch> },
}

/// A question being put together. Only reading statements are accepted.
pub struct Query {
    runtime: Arc<RuntimeEnv>,
    partitions: usize,
    sql: String,
    sources: Vec<(&'static str, Source)>,
    params: Vec<(String, ScalarValue)>,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query").field("sql", &self.sql).finish_non_exhaustive()
    }
}

impl Query {
    pub(crate) fn new(runtime: Arc<RuntimeEnv>, partitions: usize, sql: String) -> Self {
        Self { runtime, partitions, sql, sources: Vec::new(), params: Vec::new() }
    }

    /// Calls a Parquet file `name` in the question.
    #[must_use]
    pub fn file(mut self, name: &'static str, path: impl Into<PathBuf>) -> Self {
        self.sources.push((name, Source::Files(vec![path.into()])));
        self
    }

    /// Calls the Parquet files of `folder` together `name`. `schema` is what the table holds when
    /// the folder has no file yet.
    #[must_use]
    pub fn folder(
        mut self,
        name: &'static str,
        folder: impl Into<PathBuf>,
        schema: SchemaRef,
    ) -> Self {
        self.sources.push((name, Source::Folder { folder: folder.into(), schema }));
        self
    }

    /// Calls rows in memory `name`.
    #[must_use]
    pub fn rows_as(
        mut self,
        name: &'static str,
        schema: SchemaRef,
        rows: Vec<RecordBatch>,
    ) -> Self {
        self.sources.push((name, Source::Rows { schema, rows }));
        self
    }

    /// Binds `$name`.
    #[must_use]
    pub fn param(mut self, name: &str, value: impl Into<Param>) -> Self {
        self.params.push((name.to_owned(), value.into().into()));
        self
    }

    /// The whole answer.
    ///
    /// # Errors
    /// [`LakeError::NotParquet`], [`LakeError::Memory`], [`LakeError::Engine`].
    pub async fn rows(self) -> Result<Vec<RecordBatch>> {
        let answer = self.plan().await?;
        answer.collect().await.map_err(|e| LakeError::from_engine("answer a question", e))
    }

    /// The answer batch by batch, without holding it. Stops at the first error of `each`.
    ///
    /// # Errors
    /// As [`Query::rows`], and those of `each`.
    pub async fn each<E: From<LakeError>>(
        self,
        mut each: impl FnMut(RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        let engine = |e| LakeError::from_engine("answer a question", e);
        let mut answer = self.plan().await?.execute_stream().await.map_err(engine)?;
        while let Some(rows) = answer.try_next().await.map_err(engine)? {
            each(rows)?;
        }
        Ok(())
    }

    /// How the engine would go about it: for a person looking for a slow question.
    ///
    /// # Errors
    /// As [`Query::rows`].
    pub async fn explained(self) -> Result<String> {
        let answer = self.plan().await?;
        let plan = answer
            .create_physical_plan()
            .await
            .map_err(|e| LakeError::from_engine("plan a question", e))?;
        Ok(datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string())
    }

    async fn plan(self) -> Result<DataFrame> {
        let context = SessionContext::new_with_config_rt(config(self.partitions), self.runtime);
        for (name, source) in self.sources {
            register(&context, name, source).await?;
        }
        let engine = |e| LakeError::from_engine("understand a question", e);
        let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false);
        let frame = context.sql_with_options(&self.sql, reading).await.map_err(engine)?;
        if self.params.is_empty() {
            return Ok(frame);
        }
        frame.with_param_values(self.params).map_err(engine)
    }
}

fn config(partitions: usize) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_target_partitions(partitions)
        .with_batch_size(8192)
        .with_information_schema(false);
    let options = config.options_mut();
    // Text comes back as plain strings, one type for every reader of ours.
    options.execution.parquet.schema_force_view_types = false;
    // Rows that a condition throws away are not unpacked in the other columns.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.bloom_filter_on_read = false;
    config
}

async fn register(context: &SessionContext, name: &'static str, source: Source) -> Result<()> {
    match source {
        Source::Files(paths) => register_files(context, name, paths).await,
        Source::Folder { folder, schema } => match files_of(&folder)? {
            none if none.is_empty() => register_rows(context, name, schema, Vec::new()),
            paths => register_files(context, name, paths).await,
        },
        Source::Rows { schema, rows } => register_rows(context, name, schema, rows),
    }
}

async fn register_files(
    context: &SessionContext,
    name: &'static str,
    paths: Vec<PathBuf>,
) -> Result<()> {
    for path in &paths {
        // The engine's own message for a file that is not Parquet names neither file nor reason.
        crate::ParquetIn::open(path)?;
    }
    let engine = |e| LakeError::from_engine("open a table", e);
    let paths: Vec<String> =
        paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let options = ParquetReadOptions::default().skip_metadata(true);
    let frame = context.read_parquet(paths, options).await.map_err(engine)?;
    context.register_table(name, frame.into_view()).map_err(engine)?;
    Ok(())
}

fn register_rows(
    context: &SessionContext,
    name: &'static str,
    schema: SchemaRef,
    rows: Vec<RecordBatch>,
) -> Result<()> {
    let engine = |e| LakeError::from_engine("open a table", e);
    let table = MemTable::try_new(schema, vec![rows]).map_err(engine)?;
    context.register_table(name, Arc::new(table)).map_err(engine)?;
    Ok(())
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
