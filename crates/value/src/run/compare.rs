//! Two runs side by side: how many moved, who, and what about them changed.

use std::cmp::Ordering;
use std::path::Path;

use lake::{LakeError, ParquetIn};
use serde::Serialize;
use stats::Migration;
use uuid::Uuid;

use super::model::{Report, Run};
use super::rows::{self, Labels, Member};
use super::{result, store};
use crate::error::{Error, Result};
use crate::{Value, group};

/// Two runs and the moves between them.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The earlier run.
    pub then: Run,
    /// The later run.
    pub now: Run,
    /// Counts by group then (rows) and group now (columns).
    pub migration: Migration,
    /// Members of groups in both runs.
    pub in_both: u64,
    /// Of those, members whose group has another name now.
    pub moved: u64,
}

/// What changed most about somebody who moved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// Which feature: 0 to 4 for L, R, F, M, C.
    pub feature: usize,
    /// Its value then.
    pub then: f64,
    /// Its value now.
    pub now: f64,
    /// The change in standard deviations of the later run.
    pub change: f64,
}

/// Somebody who moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mover {
    /// Who.
    pub customer: Uuid,
    /// Group then; `None` for who was in none.
    pub from: Option<String>,
    /// Group now; `None` for who is in none.
    pub to: Option<String>,
    /// What changed, most first.
    pub causes: Vec<Cause>,
    /// Score then and now, 0–100.
    pub score: (f64, f64),
    /// What they bring now: kilometres × coefficient.
    pub worth: f64,
}

/// Which movers to list.
#[derive(Clone, Debug, Default)]
pub struct MoversAsked {
    /// Group then; `None` for any, `new` for who was in none.
    pub from: Option<String>,
    /// Group now; `None` for any, `gone` for who is in none.
    pub to: Option<String>,
    /// How many, those worth most first.
    pub limit: usize,
    /// How many to pass over.
    pub skip: usize,
}

/// The word for who was in no group before.
pub const NEW: &str = "new";
/// The word for who is in no group now.
pub const GONE: &str = "gone";

impl Value {
    /// Compares two runs.
    ///
    /// # Errors
    /// [`Error::NoRun`], [`Error::NotReady`], [`Error::Lake`] when a result is missing.
    pub(crate) async fn compare_runs(&self, then: Uuid, now: Uuid) -> Result<Comparison> {
        let mut tx = self.db().read().await?;
        let then = store::load(&mut tx, then).await?;
        let now = store::load(&mut tx, now).await?;
        drop(tx);
        let (before, after) = (then.report()?.clone(), now.report()?.clone());
        let runs = self.runs_dir()?;
        let (then_path, now_path) = (result::path(&runs, then.id), result::path(&runs, now.id));
        let work = move || count(&then_path, &before, &now_path, &after);
        let migration = tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Error::Broken(Box::new(error)))??;
        let in_both = migration.in_both();
        let moved = in_both - stayed(&migration, then.report()?, now.report()?);
        Ok(Comparison { then, now, migration, in_both, moved })
    }

    /// Who moved between two runs, those worth most first, and how many there are.
    ///
    /// # Errors
    /// As [`Value::compare_runs`].
    pub(crate) async fn movers(
        &self,
        then: &Run,
        now: &Run,
        asked: MoversAsked,
    ) -> Result<(Vec<Mover>, u64)> {
        let runs = self.runs_dir()?;
        let (then_path, now_path) = (result::path(&runs, then.id), result::path(&runs, now.id));
        let deviations: Vec<f64> =
            now.report()?.scaler.scales.iter().map(|scale| scale.deviation).collect();
        let work = move || collect(&then_path, &now_path, &asked, &deviations);
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(Box::new(error)))?
    }
}

fn count(then: &Path, before: &Report, now: &Path, after: &Report) -> Result<Migration> {
    let (then, now) = aligned(&rows::labels(then)?, &rows::labels(now)?);
    Ok(Migration::count(&then, before.k, &now, after.k)?)
}

/// The labels of two runs over everybody in either, in one order.
#[must_use]
pub fn aligned(then: &Labels, now: &Labels) -> (Vec<Option<u8>>, Vec<Option<u8>>) {
    let most = then.customers.len().max(now.customers.len());
    let (mut before, mut after) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let (mut a, mut b) = (0, 0);
    while a < then.customers.len() || b < now.customers.len() {
        let order = match (then.customers.get(a), now.customers.get(b)) {
            (Some(x), Some(y)) => x.cmp(y),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        before.push(if order.is_le() { then.groups[a] } else { None });
        after.push(if order.is_ge() { now.groups[b] } else { None });
        a += usize::from(order.is_le());
        b += usize::from(order.is_ge());
    }
    (before, after)
}

/// Members of both runs whose group has the same name in both.
#[must_use]
pub fn stayed(migration: &Migration, then: &Report, now: &Report) -> u64 {
    let same = |to: usize| then.names.iter().position(|name| Some(name) == now.names.get(to));
    migration.stayed(&(0..now.names.len()).map(same).collect::<Vec<_>>())
}

/// Goes through both results, which are sorted by customer, at the same time.
fn collect(
    then: &Path,
    now: &Path,
    asked: &MoversAsked,
    deviations: &[f64],
) -> Result<(Vec<Mover>, u64)> {
    let mut before = Stream::open(then)?;
    let mut after = Stream::open(now)?;
    let mut found = Vec::new();
    loop {
        let order = match (before.peek()?, after.peek()?) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.customer.cmp(&b.customer),
        };
        let then = if order.is_le() { before.take() } else { None };
        let now = if order.is_ge() { after.take() } else { None };
        if let Some(mover) = mover(then.as_ref(), now.as_ref(), asked, deviations) {
            found.push(mover);
        }
    }
    let total = found.len() as u64;
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.customer.cmp(&b.customer)));
    Ok((found.into_iter().skip(asked.skip).take(asked.limit).collect(), total))
}

fn mover(
    then: Option<&Member>,
    now: Option<&Member>,
    asked: &MoversAsked,
    deviations: &[f64],
) -> Option<Mover> {
    let name = |member: Option<&Member>| member.and_then(|m| m.name.clone());
    let (from, to) = (name(then), name(now));
    let wanted = |asked: &Option<String>, name: &Option<String>, none: &str| match asked.as_deref()
    {
        None => true,
        Some(word) if word == none => name.is_none(),
        Some(word) => name.as_deref() == Some(word),
    };
    if from == to || !wanted(&asked.from, &from, NEW) || !wanted(&asked.to, &to, GONE) {
        return None;
    }
    let latest = now.or(then)?;
    let score = |member: Option<&Member>| member.map_or(0.0, |m| f64::from(m.score) / 100.0);
    let [.., km, coefficient] = latest.lrfmc;
    Some(Mover {
        customer: latest.customer,
        from,
        to,
        causes: then.zip(now).map(|(a, b)| causes(a, b, deviations)).unwrap_or_default(),
        score: (score(then), score(now)),
        worth: if coefficient.is_finite() { km * coefficient } else { 0.0 },
    })
}

fn causes(then: &Member, now: &Member, deviations: &[f64]) -> Vec<Cause> {
    let one = |feature: usize| {
        let (then, now) = (then.lrfmc[feature], now.lrfmc[feature]);
        let deviation = deviations.get(feature).copied().filter(|d| *d > 0.0)?;
        let change = (now - then) / deviation;
        (change.is_finite() && change != 0.0).then_some(Cause { feature, then, now, change })
    };
    let mut causes: Vec<Cause> = (0..5).filter_map(one).collect();
    causes.sort_by(|a, b| b.change.abs().total_cmp(&a.change.abs()));
    causes.truncate(2);
    causes
}

struct Stream {
    batches: Box<dyn Iterator<Item = Result<lake::arrow::record_batch::RecordBatch, LakeError>>>,
    here: std::collections::VecDeque<Member>,
}

impl Stream {
    fn open(path: &Path) -> Result<Self> {
        let batches = Box::new(ParquetIn::open(path)?.batches()?);
        Ok(Self { batches, here: std::collections::VecDeque::new() })
    }

    fn peek(&mut self) -> Result<Option<&Member>> {
        while self.here.is_empty() {
            let Some(batch) = self.batches.next() else { return Ok(None) };
            self.here.extend(rows::members(&batch?)?);
        }
        Ok(self.here.front())
    }

    fn take(&mut self) -> Option<Member> {
        self.here.pop_front()
    }
}

/// The kinds of a run's groups in the order pages show them, with their place in the run.
#[must_use]
pub fn in_page_order(report: &Report) -> Vec<usize> {
    let rank = |place: &usize| {
        let name = report.names.get(*place).and_then(|name| group::parse_name(name));
        name.map_or((usize::MAX, 0), |name| {
            let kind = group::ORDER.iter().position(|kind| *kind == name.kind);
            (kind.unwrap_or(usize::MAX), name.number)
        })
    };
    let mut order: Vec<usize> = (0..report.names.len()).collect();
    order.sort_by_key(rank);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_aligned_over_everybody_in_either_run() {
        let labels = |ids: &[u128], groups: &[Option<u8>]| Labels {
            customers: ids.iter().map(|&id| Uuid::from_u128(id)).collect(),
            groups: groups.to_vec(),
            ..Labels::default()
        };
        let then = labels(&[1, 2, 4], &[Some(0), Some(1), None]);
        let now = labels(&[2, 3, 4], &[Some(0), Some(2), Some(1)]);
        let (before, after) = aligned(&then, &now);
        assert_eq!(before, [Some(0), Some(1), None, None]);
        assert_eq!(after, [None, Some(0), Some(2), Some(1)]);
    }
}
