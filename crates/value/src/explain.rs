//! Why a customer is what they are, in numbers that add up and in words.

use kernel::Outcome;
use lake::Finder;
use serde::Serialize;
use stats::{Lifecycle, ValueKind};
use std::sync::Arc;
use uuid::Uuid;

use crate::error::Result;
use crate::run::describe::RANK_WHOLE;
use crate::run::rows::{self, Member};
use crate::run::{Run, result};
use crate::scheme::{Attribute, Scheme};
use crate::{Value, group, run, scheme};

/// One feature of a customer against everybody.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FeatureLine {
    /// The feature.
    pub attribute: Attribute,
    /// The customer's value; `None` where unknown.
    pub value: Option<f64>,
    /// The median of all members in groups.
    pub median: f64,
    /// Share of members below, 0–1.
    pub rank: f64,
    /// Points it adds to the score; `None` when the scheme does not weigh it.
    pub adds: Option<f64>,
}

/// A reason in words: a text key and its numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Because {
    /// Text key.
    pub key: &'static str,
    /// The number in it.
    pub number: f64,
    /// The median beside it.
    pub median: f64,
}

/// A customer's standing, explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// The run it comes from.
    pub run: Uuid,
    /// The day it was observed on.
    pub observed_on: chrono::NaiveDate,
    /// Length of the window.
    pub window_months: u32,
    /// The value group; `None` for who could not be placed.
    pub group: Option<String>,
    /// Score, 0–100: the sum of what the features add.
    pub score: f64,
    /// L, R, F, M, C, and revenue when the scheme weighs it.
    pub features: Vec<FeatureLine>,
    /// Lifecycle state.
    pub lifecycle: Option<Lifecycle>,
    /// Share of flights in business or first, when the source tells.
    pub premium_share: Option<f64>,
    /// The reasons for the group, strongest first.
    pub because: Vec<Because>,
    /// Which version of which scheme scored it.
    pub scheme_version: i64,
}

/// The published run, opened for look-ups.
pub(crate) struct Loaded {
    run: Run,
    finder: Finder,
    scheme: Scheme,
}

impl Value {
    /// The standing of a customer in the published run; `None` without a run or for who is not in it.
    ///
    /// # Errors
    /// [`crate::Error::Store`], [`crate::Error::Lake`].
    pub(crate) async fn explained(&self, customer: Uuid) -> Result<Option<Explained>> {
        let Some(loaded) = self.loaded().await? else { return Ok(None) };
        let Some(row) = loaded.finder.row(customer)? else { return Ok(None) };
        let Some(member) = rows::members(&row)?.pop() else { return Ok(None) };
        explain(&loaded.run, &loaded.scheme, &member).map(Some)
    }

    /// The published run, opened once and again only when another is published.
    async fn loaded(&self) -> Result<Option<Arc<Loaded>>> {
        let mut tx = self.db().read().await?;
        let Some(id) = run::published_id(&mut tx).await? else { return Ok(None) };
        if let Some(loaded) = self.kept_loaded().filter(|loaded| loaded.run.id == id) {
            return Ok(Some(loaded));
        }
        let run = run::load(&mut tx, id).await?;
        let used = run.report()?.scheme;
        let scheme = match used {
            Some(used) => {
                let versions = scheme::load(&mut tx, used.id).await?;
                versions.into_iter().find(|scheme| scheme.current.version == used.version)
            }
            None => None,
        };
        let scheme = match scheme {
            Some(scheme) => scheme,
            None => scheme::current(&mut tx, scheme::Subject::Customer).await?,
        };
        let finder = Finder::open(result::path(&self.runs_dir()?, id), result::KEY)?;
        let loaded = Arc::new(Loaded { run, finder, scheme });
        self.keep_loaded(loaded.clone());
        Ok(Some(loaded))
    }
}

fn explain(run: &Run, scheme: &Scheme, member: &Member) -> Result<Explained> {
    let report = run.report()?;
    let weights = &scheme.current.weights;
    let ranks: Vec<f64> = weights
        .iter()
        .filter_map(|weight| weight.attribute.measured_place())
        .map(|place| f64::from(member.ranks[place]) / RANK_WHOLE)
        .collect();
    let score = scheme.current.weighted()?.score_ranks(&ranks)?;
    let placed = member.group.is_some();
    let adds = |attribute: Attribute| {
        let at = weights.iter().position(|weight| weight.attribute == attribute)?;
        placed.then(|| score.parts[at].as_f64())
    };
    let [.., km, coefficient] = member.lrfmc;
    let line = |(place, attribute): (usize, Attribute)| {
        let value = member.lrfmc.get(place).copied().unwrap_or(km * coefficient);
        let median = report.medians.get(place).copied();
        FeatureLine {
            attribute,
            value: value.is_finite().then_some(value),
            median: median.unwrap_or(report.medians[3] * report.medians[4]),
            rank: f64::from(member.ranks[place]) / RANK_WHOLE,
            adds: adds(attribute),
        }
    };
    let shown = |(_, attribute): &(usize, Attribute)| {
        *attribute != Attribute::Revenue || adds(Attribute::Revenue).is_some()
    };
    let features = Attribute::MEASURED.into_iter().enumerate().filter(shown).map(line).collect();
    let premium_share = member
        .premium
        .filter(|_| member.lrfmc[2] > 0.0)
        .map(|flights| flights as f64 / member.lrfmc[2]);
    let kind = member.name.as_deref().and_then(group::parse_name).map(|name| name.kind);
    Ok(Explained {
        run: run.id,
        observed_on: report.observed_on,
        window_months: run.params.window_months,
        group: member.name.clone(),
        score: if placed { score.total.as_f64() } else { 0.0 },
        features,
        lifecycle: member.lifecycle,
        premium_share,
        because: kind
            .map_or_else(Vec::new, |kind| because(kind, member, &report.medians, premium_share)),
        scheme_version: scheme.current.version,
    })
}

/// The reasons that make the group plain, in the order that kind asks for; those that say nothing
/// (near the median) come last and only when nothing else is left.
fn because(
    kind: ValueKind,
    member: &Member,
    medians: &[f64; 5],
    premium_share: Option<f64>,
) -> Vec<Because> {
    let [l, r, f, m, c] = member.lrfmc;
    let [median_l, median_r, median_f, median_m, median_c] = *medians;
    let times = |key_more, key_less, key_same, value: f64, median: f64| {
        let ratio = if median > 0.0 { value / median } else { 1.0 };
        let key = if ratio >= 1.2 {
            key_more
        } else if ratio <= 0.8 {
            key_less
        } else {
            key_same
        };
        Because { key, number: ratio, median }
    };
    let frequency = times(
        "value-because-flies-more",
        "value-because-flies-less",
        "value-because-flies-like-most",
        f,
        median_f,
    );
    let mileage = times(
        "value-because-far",
        "value-because-near",
        "value-because-distance-like-most",
        m,
        median_m,
    );
    let cabin = match premium_share {
        Some(share) if share >= 0.2 => {
            Because { key: "value-because-premium", number: share, median: 0.0 }
        }
        _ if c >= median_c => {
            Because { key: "value-because-cabin-high", number: c, median: median_c }
        }
        _ => Because { key: "value-because-cabin-low", number: c, median: median_c },
    };
    let recency = if r <= 1.0 {
        Because { key: "value-because-lately", number: (r * 30.0).round(), median: median_r }
    } else if r >= 6.0 {
        Because { key: "value-because-away", number: r.round(), median: median_r }
    } else {
        Because { key: "value-because-months-ago", number: r.round().max(1.0), median: median_r }
    };
    let length = if l >= median_l {
        Because { key: "value-because-long", number: l / 12.0, median: median_l / 12.0 }
    } else {
        Because { key: "value-because-young", number: l / 12.0, median: median_l / 12.0 }
    };
    match kind {
        ValueKind::Keep => vec![frequency, cabin, recency],
        ValueKind::Develop => vec![cabin, frequency, recency],
        ValueKind::WinBack => vec![length, frequency, recency],
        ValueKind::General => vec![length, frequency, cabin],
        ValueKind::Low => vec![recency, frequency, mileage],
    }
}

/// Whether an outcome did anything, for toasts.
pub(crate) fn did<T>(outcome: &Outcome<T>) -> bool {
    !outcome.is_repeat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(lrfmc: [f64; 5]) -> Member {
        Member {
            customer: Uuid::nil(),
            lrfmc,
            group: Some(0),
            name: Some("keep".to_owned()),
            ranks: [5000; 6],
            score: 9700,
            lifecycle: None,
            last_flight_on: None,
            premium: None,
        }
    }

    #[test]
    fn the_reasons_fit_the_kind_and_their_numbers_are_against_the_median() {
        let medians = [43.0, 3.6, 7.0, 10_000.0, 0.71];
        let keep = member([103.0, 0.1, 21.7, 271_000.0, 1.18]);
        let reasons = because(ValueKind::Keep, &keep, &medians, Some(0.62));
        let keys: Vec<&str> = reasons.iter().map(|reason| reason.key).collect();
        assert_eq!(
            keys,
            ["value-because-flies-more", "value-because-premium", "value-because-lately"]
        );
        assert!((reasons[0].number - 3.1).abs() < 1e-9);
        assert!((reasons[1].number - 0.62).abs() < 1e-9);
        let low = because(ValueKind::Low, &member([20.0, 14.2, 2.0, 900.0, 0.6]), &medians, None);
        assert_eq!(low[0], Because { key: "value-because-away", number: 14.0, median: 3.6 });
        assert_eq!(low[1].key, "value-because-flies-less");
    }
}
