//! How many groups? Elbow and silhouette for k = 2 … 10, over the members of a run.

use std::ops::ControlFlow;

use lake::arrow::array::Array;
use lake::{ParquetIn, column};
use stats::{ChooseK, Params, StatsError, Table, choose_k, standardise};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::run::{Phase, Step, Watch, result};
use crate::{Value, run};

/// The numbers of groups tried.
pub const RANGE: std::ops::RangeInclusive<usize> = 2..=10;

impl Value {
    /// Tries every number of groups on the members of a run and keeps what was found with it.
    pub(crate) async fn look_for_k(&self, id: Uuid, watch: &Watch) -> Result<ChooseK> {
        let mut tx = self.db().read().await?;
        let run = run::load(&mut tx, id).await?;
        drop(tx);
        run.report()?;
        let path = result::path(&self.runs_dir()?, id);
        let (seed, watch) = (run.params.seed, watch.clone());
        let work = move || {
            let (table, _) = standardise(features(&path)?)?;
            let inside = |at: stats::Progress| -> ControlFlow<()> {
                let (done, total) = (at.done as u64, Some(at.total as u64));
                watch(Step { phase: Phase::Cluster, done, total })
            };
            let params = Params { seed, ..Params::of(2) };
            match choose_k(&table, RANGE, params, &inside) {
                Err(StatsError::Cancelled) => Err(Error::Cancelled),
                other => Ok(other?),
            }
        };
        let found = tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Error::Broken(Box::new(error)))??;
        let mut tx = self.db().begin().await?;
        run::keep_choose_k(&mut tx, id, &found).await?;
        tx.commit().await?;
        Ok(found)
    }
}

/// The five features of the members in groups.
fn features(path: &std::path::Path) -> Result<Table> {
    let mut columns: [Vec<f64>; 5] = Default::default();
    for batch in ParquetIn::open(path)?.columns(&["l", "r", "f", "m", "c", "group"]).batches()? {
        let batch = batch?;
        let group = column::bytes(&batch, "group")?;
        let (l, r, c) = (
            column::floats(&batch, "l")?,
            column::floats(&batch, "r")?,
            column::floats(&batch, "c")?,
        );
        let (f, m) = (column::ints(&batch, "f")?, column::ints(&batch, "m")?);
        for row in (0..batch.num_rows()).filter(|&row| group.is_valid(row)) {
            let values = [
                l.value(row),
                r.value(row),
                f.value(row) as f64,
                m.value(row) as f64,
                c.value(row),
            ];
            for (column, value) in columns.iter_mut().zip(values) {
                column.push(value);
            }
        }
    }
    Ok(Table::new(columns.into())?)
}
