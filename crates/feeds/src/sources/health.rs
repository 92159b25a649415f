//! How a source is doing: counts of a day by hour, lag, quality.

use std::collections::HashMap;

use access::Actor;
use chrono::{DateTime, Utc};
use serde::Serialize;
use store::sql;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Source, store as rows};
use crate::{Feeds, Result, permissions};

/// Hours looked back.
pub(crate) const HOURS: i64 = 24;

/// A source and its last day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Health {
    /// The source.
    pub source: Source,
    /// Messages kept in the last 24 hours.
    pub received: u64,
    /// Of them, applied or kept only.
    pub settled: u64,
    /// Of them, in quarantine.
    pub quarantined: u64,
    /// Of them, waiting for their turn or for other parts.
    pub waiting: u64,
    /// Of those not in quarantine, with findings of severity error.
    pub with_errors: u64,
    /// Of those not in quarantine, with warnings but no errors.
    pub with_warnings: u64,
    /// Seconds between now and when its newest message was made.
    pub lag_seconds: Option<i64>,
    /// 0–100; none without messages. See [`quality`].
    pub quality: Option<f64>,
    /// Messages by hour, oldest first, the hour under way last.
    pub hours: Vec<u64>,
}

/// `100 × (1 − (quarantined + 0.5 × with errors + 0.1 × with warnings) / messages)`, of messages
/// that were settled; `None` when there are none.
#[must_use]
pub fn quality(settled: u64, quarantined: u64, errors: u64, warnings: u64) -> Option<f64> {
    let all = settled + quarantined;
    if all == 0 {
        return None;
    }
    let lost = quarantined as f64 + 0.5 * errors as f64 + 0.1 * warnings as f64;
    Some((100.0 * (1.0 - lost / all as f64)).clamp(0.0, 100.0))
}

#[derive(sqlx::FromRow)]
struct Counted {
    source_id: Uuid,
    hour: i64,
    status: String,
    n: i64,
    errors: i64,
    warnings: i64,
}

impl Feeds {
    /// All sources with their last 24 hours, by name.
    ///
    /// # Errors
    /// Denied; the database failed.
    pub async fn health(&self, actor: &Actor) -> Result<Vec<Health>> {
        actor.may(permissions::READ)?;
        let now = self.now();
        let this_hour = now.timestamp().div_euclid(3_600);
        let mut tx = self.db().read().await?;
        let sources = rows::all(&mut tx).await?;
        let counted: Vec<Counted> = tx
            .all(
                sql("SELECT source_id, hour, status, COUNT(*) AS n,
                        CAST(SUM(CASE WHEN errors > 0 THEN 1 ELSE 0 END) AS BIGINT) AS errors,
                        CAST(SUM(CASE WHEN errors = 0 AND warnings > 0 THEN 1 ELSE 0 END)
                            AS BIGINT) AS warnings
                     FROM feed_message WHERE hour > $1
                     GROUP BY source_id, hour, status")
                .bind(this_hour - HOURS),
            )
            .await?;
        drop(tx);
        let mut by_source: HashMap<Uuid, Vec<Counted>> = HashMap::new();
        for one in counted {
            by_source.entry(one.source_id).or_default().push(one);
        }
        let of = |source: Source| {
            let counted = by_source.remove(&source.id).unwrap_or_default();
            summed(source, &counted, this_hour, now)
        };
        Ok(sources.into_iter().map(of).collect())
    }
}

fn summed(source: Source, counted: &[Counted], this_hour: i64, now: DateTime<Utc>) -> Health {
    let natural = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut health = Health {
        lag_seconds: source.said_at.map(|said| (now - said).num_seconds().max(0)),
        source,
        received: 0,
        settled: 0,
        quarantined: 0,
        waiting: 0,
        with_errors: 0,
        with_warnings: 0,
        quality: None,
        hours: vec![0; usize::try_from(HOURS).unwrap_or(24)],
    };
    for one in counted {
        let n = natural(one.n);
        health.received += n;
        match one.status.as_str() {
            "applied" | "ignored" => health.settled += n,
            "quarantined" => health.quarantined += n,
            _ => health.waiting += n,
        }
        if matches!(one.status.as_str(), "applied" | "ignored") {
            health.with_errors += natural(one.errors);
            health.with_warnings += natural(one.warnings);
        }
        let at = usize::try_from(one.hour - this_hour + HOURS - 1).ok();
        if let Some(hour) = at.and_then(|at| health.hours.get_mut(at)) {
            *hour += n;
        }
    }
    health.quality =
        quality(health.settled, health.quarantined, health.with_errors, health.with_warnings);
    health
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_falls_with_what_is_lost() {
        assert_eq!(quality(0, 0, 0, 0), None);
        assert_eq!(quality(10, 0, 0, 0), Some(100.0));
        assert_eq!(quality(8, 2, 0, 0), Some(80.0));
        assert_eq!(quality(10, 0, 4, 0), Some(80.0));
        assert_eq!(quality(10, 0, 0, 10), Some(90.0));
        assert_eq!(quality(0, 5, 0, 0), Some(0.0));
    }
}
