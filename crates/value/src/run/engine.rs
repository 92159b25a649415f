//! From facts to a finished report: pure, on all cores, blocking.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::NaiveDate;
use stats::{Scaler, WeightedScheme, silhouette};

use super::cluster::{Earlier, Groups, NO_GROUP, cluster, table};
use super::describe::{self, Away, Standings};
use super::model::{Group, PerFeature, Phase, Report, RunParams, SchemeUsed, Source, Watch, tell};
use crate::error::Result;
use crate::facts::Gathered;
use crate::group;
use crate::scheme::Attribute;

/// What is to be reckoned, besides the facts.
#[derive(Debug)]
pub struct Ask<'a> {
    /// What was asked.
    pub params: &'a RunParams,
    /// The day the members are looked at.
    pub observed_on: NaiveDate,
    /// First day of the window.
    pub window_from: NaiveDate,
    /// Where the facts came from.
    pub source: Source,
    /// Members without a flight in the window, when known.
    pub without_flights: Option<u64>,
    /// The earlier run whose names are carried on.
    pub earlier: Option<&'a Earlier>,
}

/// How members are scored.
#[derive(Debug)]
pub struct Scoring<'a> {
    /// The weights.
    pub scheme: &'a WeightedScheme,
    /// What they weigh, in their order.
    pub attributes: &'a [Attribute],
    /// Which version that is.
    pub used: SchemeUsed,
    /// How long members had been away at the earlier run.
    pub away: &'a Away,
}

/// Groups and report, without what only pages need: for plain files.
///
/// # Errors
/// [`crate::Error::TooFew`], [`crate::Error::Stats`], [`crate::Error::Cancelled`].
pub fn plain(gathered: &Gathered, ask: &Ask<'_>, watch: &Watch) -> Result<(Groups, Report)> {
    let groups = cluster(&gathered.facts, ask.params, ask.earlier, watch)?;
    let report = report(gathered, ask, &groups, Vec::new());
    Ok((groups, report))
}

/// Groups, standings of every member, and the whole report.
///
/// # Errors
/// As [`plain`].
pub fn full(
    gathered: &Gathered,
    ask: &Ask<'_>,
    scoring: &Scoring<'_>,
    watch: &Watch,
) -> Result<(Groups, Standings, Report)> {
    let began = Instant::now();
    let facts = &gathered.facts;
    let groups = cluster(facts, ask.params, ask.earlier, watch)?;
    tell(watch, Phase::Describe, 0, Some(4))?;
    let window_days = ask.observed_on.signed_duration_since(ask.window_from).num_days() + 1;
    let standings = describe::standings(
        facts,
        &groups,
        scoring.scheme,
        scoring.attributes,
        scoring.away,
        i32::try_from(window_days).unwrap_or(i32::MAX),
    )?;
    tell(watch, Phase::Describe, 1, Some(4))?;
    let described = describe::groups(facts, &groups, &standings)?;
    tell(watch, Phase::Describe, 2, Some(4))?;
    let mut report = report(gathered, ask, &groups, described);
    report.medians = describe::medians(facts, &groups)?;
    report.pareto = describe::concentration(facts, &groups);
    tell(watch, Phase::Describe, 3, Some(4))?;
    report.silhouette = width(gathered, ask.params, &groups, &report.scaler)?;
    report.scheme = Some(scoring.used);
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tell(watch, Phase::Describe, 4, Some(4))?;
    Ok((groups, standings, report))
}

fn width(
    gathered: &Gathered,
    params: &RunParams,
    groups: &Groups,
    scaler: &Scaler,
) -> Result<Option<f64>> {
    let (raw, ..) = table(&gathered.facts, params.k)?;
    let labels: Vec<u8> =
        groups.labels.iter().copied().filter(|label| *label != NO_GROUP).collect();
    let standardised = scaler.apply(raw)?;
    Ok(silhouette(&standardised, &labels, params.k, params.seed)?.map(|width| width.mean))
}

fn report(gathered: &Gathered, ask: &Ask<'_>, groups: &Groups, described: Vec<Group>) -> Report {
    let (dropped, left_out) = describe::counts(gathered, groups);
    let names = groups.names.iter().map(|name| group::name_code(*name)).collect();
    let found = &groups.found;
    let described = if described.is_empty() { plain_groups(groups) } else { described };
    Report {
        observed_on: ask.observed_on,
        window_from: ask.window_from,
        source: ask.source,
        rows_read: gathered.read,
        rows_valued: gathered.facts.len() as u64,
        rows_clustered: found.sizes.iter().sum(),
        segments_read: gathered.segments,
        without_flights: ask.without_flights,
        fares_known: gathered.fares_known,
        dropped,
        left_out,
        features: describe::ranges(&gathered.facts),
        k: found.centres.len(),
        inertia: found.inertia,
        iterations: found.iterations,
        settled: found.settled,
        silhouette: None,
        centres: found.centres.iter().map(|centre| describe::five(centre)).collect(),
        sizes: found.sizes.clone(),
        names,
        groups: described,
        scaler: groups.scaler.clone(),
        medians: [0.0; 5],
        pareto: None,
        previous: None,
        migration: None,
        truth: None,
        scheme: None,
        took_ms: 0,
    }
}

fn plain_groups(groups: &Groups) -> Vec<Group> {
    let members: u64 = groups.found.sizes.iter().sum();
    let one = |group: usize| Group {
        name: group::name_code(groups.names[group]),
        members: groups.found.sizes[group],
        member_share: groups.found.sizes[group] as f64 / members as f64,
        revenue_share: 0.0,
        centre: describe::five(&groups.found.centres[group]),
        spreads: PerFeature::default(),
        lifecycle: BTreeMap::new(),
        continues: groups.continues.get(group).copied(),
        members_before: None,
    };
    (0..groups.names.len()).map(one).collect()
}
