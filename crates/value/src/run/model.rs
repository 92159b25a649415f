//! A run: what was asked, what came out.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use stats::{Continues, Lifecycle, Migration, Pareto, Scaler, Spread};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::facts::Reason;

/// Where the facts of a run come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Segments when there are any in the window, else summaries.
    #[default]
    Auto,
    /// Flown segments.
    Segments,
    /// Summaries, one row per member.
    Summaries,
}

impl Source {
    /// As kept in the database and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Segments => "segments",
            Self::Summaries => "summaries",
        }
    }
}

/// What to do. The defaults are the usual run: 24 months, five groups, ten starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct RunParams {
    /// The day the members are looked at; by default the latest day with facts, at most today.
    pub observed_on: Option<NaiveDate>,
    /// Length of the window before that day.
    pub window_months: u32,
    /// Where the facts come from.
    pub source: Source,
    /// Groups.
    pub k: usize,
    /// Starts of k-means; the best counts.
    pub starts: usize,
    /// Seed of its randomness: the same seed gives the same groups on any machine.
    pub seed: u64,
    /// Whether customers are told their standing at the end.
    pub publish: bool,
}

impl Default for RunParams {
    fn default() -> Self {
        Self {
            observed_on: None,
            window_months: 24,
            source: Source::Auto,
            k: 5,
            starts: 10,
            seed: 7,
            publish: true,
        }
    }
}

impl RunParams {
    /// # Errors
    /// [`Error::Range`] for a parameter that makes no sense.
    pub fn check(&self) -> Result<()> {
        let within = |name, value: usize, least: i64, most: i64| {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(Error::Range { name, least, most })
            }
        };
        within("k", self.k, 2, 12)?;
        within("starts", self.starts, 1, 100)?;
        within("window_months", self.window_months as usize, 1, 120)
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// Being reckoned.
    Running,
    /// Done, not told to customers.
    Ready,
    /// Done, and what customers show.
    Published,
    /// Broken off; the failure is with its job.
    Failed,
}

impl RunStatus {
    /// As kept in the database and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Published => "published",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "ready" => Self::Ready,
            "published" => Self::Published,
            "running" => Self::Running,
            _ => Self::Failed,
        }
    }
}

/// A run as kept and shown. `report` is there once it is ready.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// Identity.
    pub id: Uuid,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub status: RunStatus,
    /// When customers were told.
    pub published_at: Option<DateTime<Utc>>,
    /// What was asked.
    pub params: RunParams,
    /// What came out.
    #[serde(flatten)]
    pub report: Option<Report>,
}

impl Run {
    /// What came out.
    ///
    /// # Errors
    /// [`Error::NotReady`] before it is there.
    pub fn report(&self) -> Result<&Report> {
        self.report.as_ref().ok_or(Error::NotReady(self.id))
    }
}

/// Range of one feature over the members kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Population standard deviation.
    pub std: f64,
}

/// L, R, F, M and C of something, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerFeature<T> {
    /// Months since joining.
    pub l: T,
    /// Months since the last flight.
    pub r: T,
    /// Flights.
    pub f: T,
    /// Kilometres.
    pub m: T,
    /// Mean cabin coefficient.
    pub c: T,
}

impl<T> PerFeature<T> {
    /// In the order L, R, F, M, C.
    pub fn from_array([l, r, f, m, c]: [T; 5]) -> Self {
        Self { l, r, f, m, c }
    }

    /// In the order L, R, F, M, C.
    pub fn as_array(&self) -> [&T; 5] {
        [&self.l, &self.r, &self.f, &self.m, &self.c]
    }
}

/// One group of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// `keep`, `develop`, … with a number when a run has several of one kind.
    pub name: String,
    /// Members.
    pub members: u64,
    /// Share of the members in groups, 0–1.
    pub member_share: f64,
    /// Share of the revenue (kilometres × coefficient) of the members in groups, 0–1.
    pub revenue_share: f64,
    /// Centre in standard deviations, L R F M C.
    pub centre: [f64; 5],
    /// Quantiles of the five features.
    pub spreads: PerFeature<Option<Spread>>,
    /// Members by lifecycle state.
    pub lifecycle: BTreeMap<Lifecycle, u64>,
    /// Which group of the earlier run it continues, and how far it moved.
    pub continues: Option<Continues>,
    /// Members that group had.
    pub members_before: Option<u64>,
}

/// How well the groups agree with a truth that came with simulated data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The simulator's kinds of member.
    pub archetypes: Vec<String>,
    /// Members by archetype (row) and group (column, in the order of the run's names).
    pub counts: Vec<Vec<u64>>,
    /// Adjusted Rand index: 0 as good as chance, 1 the same partition.
    pub adjusted_rand: f64,
}

/// What came out of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The day the members were looked at.
    pub observed_on: NaiveDate,
    /// First day of the window.
    pub window_from: NaiveDate,
    /// Where the facts came from: never `auto`.
    pub source: Source,
    /// Members read.
    pub rows_read: u64,
    /// Members kept after cleaning.
    pub rows_valued: u64,
    /// Members in groups: kept, with L, R and C known.
    pub rows_clustered: u64,
    /// Segments read.
    pub segments_read: Option<u64>,
    /// Members without a flight in the window; they are in no count above.
    pub without_flights: Option<u64>,
    /// Whether the source has fares, so that the fare rule could decide.
    pub fares_known: bool,
    /// Members dropped, by reason.
    pub dropped: BTreeMap<Reason, u64>,
    /// Members kept but in no group, by reason.
    pub left_out: BTreeMap<Reason, u64>,
    /// Ranges over the members kept.
    pub features: PerFeature<Range>,
    /// Groups asked for.
    pub k: usize,
    /// Sum of squared distances to the centres, in standard deviations.
    pub inertia: f64,
    /// Steps of the best start.
    pub iterations: usize,
    /// Whether k-means came to rest.
    pub settled: bool,
    /// Mean silhouette width of the groups.
    pub silhouette: Option<f64>,
    /// Centres in standard deviations, L R F M C, largest group first.
    pub centres: Vec<[f64; 5]>,
    /// Members of each, in the same order.
    pub sizes: Vec<u64>,
    /// Names of each, in the same order.
    pub names: Vec<String>,
    /// The groups in full, in the same order.
    pub groups: Vec<Group>,
    /// How features were standardised.
    pub scaler: Scaler,
    /// Medians over the members in groups, L R F M C.
    pub medians: [f64; 5],
    /// Concentration of revenue.
    pub pareto: Option<Pareto>,
    /// The published run before this one.
    pub previous: Option<Uuid>,
    /// How members moved from that run's groups (rows) to these (columns).
    pub migration: Option<Migration>,
    /// Agreement with known truth, for simulated data only.
    pub truth: Option<Truth>,
    /// The scheme that scored the members.
    pub scheme: Option<SchemeUsed>,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// Which version of which scheme scored a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeUsed {
    /// The scheme.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
}

/// What a run is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Bringing the lake up to date.
    Refresh,
    /// Reading facts.
    Features,
    /// Finding groups.
    Cluster,
    /// Describing them.
    Describe,
    /// Writing the result.
    Write,
    /// Telling customers.
    Publish,
}

impl Phase {
    /// Text key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Refresh => "value-phase-refresh",
            Self::Features => "value-phase-features",
            Self::Cluster => "value-phase-cluster",
            Self::Describe => "value-phase-describe",
            Self::Write => "value-phase-write",
            Self::Publish => "value-phase-publish",
        }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is busy with.
    pub phase: Phase,
    /// Units done.
    pub done: u64,
    /// Units in all, when known.
    pub total: Option<u64>,
}

/// Hears of every step, from any thread; `Break` cancels.
pub type Watch = Arc<dyn Fn(Step) -> ControlFlow<()> + Send + Sync>;

/// A watch that only lets things go on.
#[must_use]
pub fn unwatched() -> Watch {
    Arc::new(|_| ControlFlow::Continue(()))
}

pub(crate) fn tell(watch: &Watch, phase: Phase, done: u64, total: Option<u64>) -> Result<()> {
    match watch(Step { phase, done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}
