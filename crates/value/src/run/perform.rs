//! Performing a run against the house's own data.

use std::time::Instant;

use chrono::NaiveDate;
use lake::{LakeError, column};
use stats::{Lifecycle, Migration};
use uuid::Uuid;

use super::cluster::Earlier;
use super::compare;
use super::describe::Away;
use super::engine::{self, Ask, Scoring};
use super::model::{Phase, Report, Run, RunParams, SchemeUsed, Source, Watch, tell};
use super::result::{self, Shape};
use super::rows::{self, Labels};
use super::{store as rows_of_runs, truth};
use crate::error::{Error, Result};
use crate::facts::segments::{self, Segments};
use crate::facts::{Gathered, Keys, Members, UNKNOWN, summaries};
use crate::{Value, group, scheme};

impl Value {
    /// Performs a run under `id` and, when asked, publishes it. What breaks off leaves the run
    /// marked as failed and nothing else.
    pub(crate) async fn perform(
        &self,
        id: Uuid,
        owner: Option<Uuid>,
        params: &RunParams,
        watch: &Watch,
    ) -> Result<Run> {
        params.check()?;
        let mut tx = self.db().begin().await?;
        rows_of_runs::insert(&mut tx, id, owner, params, self.clock().now()).await?;
        tx.commit().await?;
        if let Err(error) = self.reckon(id, params, watch).await {
            let mut tx = self.db().begin().await?;
            rows_of_runs::fail(&mut tx, id).await?;
            tx.commit().await?;
            return Err(error);
        }
        if params.publish {
            let _ = self.publish(id, watch).await?;
        }
        let mut tx = self.db().read().await?;
        rows_of_runs::load(&mut tx, id).await
    }

    async fn reckon(&self, id: Uuid, params: &RunParams, watch: &Watch) -> Result<()> {
        let began = Instant::now();
        tell(watch, Phase::Refresh, 0, None)?;
        self.refresh_lake().await?;
        tell(watch, Phase::Features, 0, None)?;
        let gathered = self.gather(params).await?;
        let previous = self.previous().await?;
        let mut tx = self.db().read().await?;
        let scheme = scheme::current(&mut tx, scheme::Subject::Customer).await?;
        drop(tx);
        let work = Work {
            id,
            runs: self.runs_dir()?,
            truth: self.lake().dir().join(truth::FILE),
            params: params.clone(),
            gathered,
            previous,
            scheme,
            watch: watch.clone(),
        };
        let mut report = tokio::task::spawn_blocking(move || work.finish())
            .await
            .map_err(|error| Error::Broken(Box::new(error)))??;
        report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut tx = self.db().begin().await?;
        rows_of_runs::finish(&mut tx, id, &report).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The facts of a run, and where and when they were found.
    pub(crate) async fn gather(&self, params: &RunParams) -> Result<Found> {
        let today = self.clock().now().date_naive();
        let until = params.observed_on.unwrap_or(today).min(today);
        let table = Segments::of_lake(self.lake().table_dir("segments")?);
        if params.source != Source::Summaries
            && let Some(observed_on) = self.segments_day(&table, params, until).await?
        {
            return self.gather_segments(&table, params, observed_on).await;
        }
        if params.source == Source::Segments {
            return Err(Error::NoFacts);
        }
        let folder = self.lake().table_dir("summaries")?;
        let latest = summaries::latest(self.lake(), folder.clone(), until).await?;
        let observed_on = latest.ok_or(Error::NoFacts)?;
        let gathered = summaries::gather(self.lake(), folder, observed_on).await?;
        let window_from = segments::window_start(observed_on, params.window_months);
        Ok(Found {
            gathered,
            observed_on,
            window_from,
            source: Source::Summaries,
            without_flights: None,
        })
    }

    /// The day to look at segments, or `None` when there is none in the window before it.
    async fn segments_day(
        &self,
        table: &Segments,
        params: &RunParams,
        until: NaiveDate,
    ) -> Result<Option<NaiveDate>> {
        let overview = segments::overview(self.lake(), table).await?;
        let Some((first, last)) = overview.span else { return Ok(None) };
        let observed_on = params.observed_on.unwrap_or(last).min(until);
        let window_from = segments::window_start(observed_on, params.window_months);
        Ok((first <= observed_on && last >= window_from).then_some(observed_on))
    }

    async fn gather_segments(
        &self,
        table: &Segments,
        params: &RunParams,
        observed_on: NaiveDate,
    ) -> Result<Found> {
        let mut gathered =
            segments::gather(self.lake(), table, observed_on, params.window_months).await?;
        let (mut ids, mut joined) = (Vec::new(), Vec::new());
        let mut tx = self.db().read().await?;
        rows_of_runs::each_member(&mut tx, |id, day| {
            ids.push(id);
            joined.push(day.map_or(UNKNOWN, column::day_number));
        })
        .await?;
        drop(tx);
        let members = Members::new(Keys::Id(ids), joined);
        members.join(&mut gathered.facts, observed_on);
        let without_flights = Some(members.absent_from(&gathered.facts));
        let window_from = segments::window_start(observed_on, params.window_months);
        Ok(Found { gathered, observed_on, window_from, source: Source::Segments, without_flights })
    }

    async fn previous(&self) -> Result<Option<(Uuid, Report)>> {
        let mut tx = self.db().read().await?;
        let latest = rows_of_runs::latest_published(&mut tx).await?;
        Ok(latest.and_then(|run| Some((run.id, run.report?))))
    }
}

/// Facts, and where and when they were found.
pub(crate) struct Found {
    pub(crate) gathered: Gathered,
    observed_on: NaiveDate,
    window_from: NaiveDate,
    source: Source,
    without_flights: Option<u64>,
}

/// Everything the blocking part of a run needs.
struct Work {
    id: Uuid,
    runs: std::path::PathBuf,
    truth: std::path::PathBuf,
    params: RunParams,
    gathered: Found,
    previous: Option<(Uuid, Report)>,
    scheme: scheme::Scheme,
    watch: Watch,
}

impl Work {
    fn finish(self) -> Result<Report> {
        let Found { gathered, observed_on, window_from, source, without_flights } = &self.gathered;
        let before = self.earlier_labels();
        let earlier = self.earlier();
        let away = self.away(before.as_ref());
        let ask = Ask {
            params: &self.params,
            observed_on: *observed_on,
            window_from: *window_from,
            source: *source,
            without_flights: *without_flights,
            earlier: earlier.as_ref(),
        };
        let scoring = Scoring {
            scheme: &self.scheme.current.weighted()?,
            attributes: &self.scheme.current.attributes(),
            used: SchemeUsed { id: self.scheme.id, version: self.scheme.current.version },
            away: &away,
        };
        let (groups, standings, mut report) = engine::full(gathered, &ask, &scoring, &self.watch)?;
        let path = result::path(&self.runs, self.id);
        let total = Some(gathered.facts.len() as u64);
        let shape = Shape::Full { standings: &standings, observed_on: *observed_on };
        result::write(&path, &gathered.facts, &groups, shape, |done| {
            tell(&self.watch, Phase::Write, done, total).map_err(|_| LakeError::Cancelled)
        })?;
        result::write_dropped(&result::dropped_path(&self.runs, self.id), &gathered.dropped)?;
        let labels = rows::labels(&path)?;
        if let (Some((id, previous)), Some(before)) = (&self.previous, &before) {
            self.compare(&mut report, *id, previous, before, &labels)?;
        }
        report.truth = truth::compare(&self.truth, &labels, report.k)?;
        Ok(report)
    }

    fn earlier(&self) -> Option<Earlier> {
        let (_, report) = self.previous.as_ref()?;
        let names: Option<Vec<_>> = report.names.iter().map(|n| group::parse_name(n)).collect();
        let centres = report.centres.iter().map(|centre| centre.to_vec()).collect();
        Some(Earlier { scaler: report.scaler.clone(), centres, names: names? })
    }

    /// The earlier run's labels; a result that has been removed meanwhile is no reason to fail.
    fn earlier_labels(&self) -> Option<Labels> {
        let (id, _) = self.previous.as_ref()?;
        rows::labels(&result::path(&self.runs, *id))
            .inspect_err(|error| tracing::warn!(%error, "the earlier run's result is not readable"))
            .ok()
    }

    fn compare(
        &self,
        report: &mut Report,
        id: Uuid,
        previous: &Report,
        before: &Labels,
        labels: &Labels,
    ) -> Result<()> {
        let (then, now) = compare::aligned(before, labels);
        report.migration = Some(Migration::count(&then, previous.k, &now, report.k)?);
        report.previous = Some(id);
        for group in &mut report.groups {
            let continued = group.continues.and_then(|c| c.previous);
            group.members_before = continued.and_then(|at| previous.sizes.get(at).copied());
        }
        Ok(())
    }

    /// For members who were dormant or lost in the earlier run and have flown since: how long they
    /// had been away when they came back, at least.
    fn away(&self, before: Option<&Labels>) -> Away {
        let (Some(before), Some((_, previous))) = (before, &self.previous) else {
            return Vec::new();
        };
        let Keys::Id(keys) = &self.gathered.gathered.facts.keys else { return Vec::new() };
        let then = column::day_number(previous.observed_on);
        let now = column::day_number(self.gathered.observed_on);
        let asleep = |code: u8| {
            matches!(
                Lifecycle::ALL.get(usize::from(code)),
                Some(Lifecycle::Dormant | Lifecycle::Lost)
            )
        };
        let last = &self.gathered.gathered.facts.last;
        let one = |(row, key): (usize, &Uuid)| {
            let at = before.customers.binary_search(key).ok()?;
            let flew_since = last[row] != UNKNOWN && now - last[row] > then;
            let days = then - before.last[at]?;
            (flew_since && asleep(before.states[at])).then(|| u32::try_from(days).ok()).flatten()
        };
        keys.iter().enumerate().map(one).collect()
    }
}
