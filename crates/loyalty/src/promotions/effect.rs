//! What promotions did, by what was derived: worked out by a job, kept until the next one.
//!
//! Two statements a promotion, whatever the base: one over those who had miles by it, one that adds up
//! the flights of a year and a half by member (`loyalty_fact_member`). The comparison is no proof:
//! whoever registers may have meant to fly anyway, and says so wherever it is shown.

use std::collections::HashMap;

use access::Actor;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use kernel::{Outcome, Period};
use programme::document::Row as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::types::Json;
use store::jobs::{self, JobCtx, JobError, New};
use store::{Tx, sql};
use uuid::Uuid;

use super::{Phase, Promotion};
use crate::jobs::PROMOTIONS_JOB;
use crate::ledger::NEVER;
use crate::replay::cost;
use crate::{Loyalty, Result, permissions};

/// Members a side below which no difference is told.
pub const FEWEST: i64 = 30;
/// Days of a promotion that are compared at most: beyond, the year before would be its own days.
const MOST_DAYS: u64 = 365;
/// Days after its end for which a promotion is still looked at: flights are told and corrected late.
const LATE: Days = Days::new(62);

/// Flights of some members in two spans of the same length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Members who flew in the year before the promotion.
    pub members: i64,
    /// Their flights in its days.
    pub during: i64,
    /// Their flights in the same days a year earlier.
    pub before: i64,
}

/// Members of a promotion beside all others, in its days and a year earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Days of the promotion.
    pub during: Period,
    /// As many days, from a year earlier on.
    pub before: Period,
    /// Who registered, or had miles by it.
    pub with: Side,
    /// Everybody else.
    pub without: Side,
}

impl Side {
    /// Flights a member in the days of the promotion, and a year earlier.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of flights are small")]
    pub fn each(&self) -> Option<[f64; 2]> {
        let members = self.members as f64;
        (self.members > 0).then(|| [self.during, self.before].map(|n| n as f64 / members))
    }
}

impl Comparison {
    /// By how many flights a member those with the promotion changed more than the others; `None`
    /// where one side has fewer than [`FEWEST`] members.
    #[must_use]
    pub fn difference(&self) -> Option<f64> {
        if self.with.members.min(self.without.members) < FEWEST {
            return None;
        }
        let [with, without] = [self.with.each()?, self.without.each()?];
        Some((with[0] - with[1]) - (without[0] - without[1]))
    }
}

/// What a promotion did until it was worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Members who had miles by it.
    pub members: i64,
    /// Flights that had miles by it.
    pub flights: i64,
    /// Miles it gave, after corrections.
    pub miles: i64,
    /// Minor units for 1,000 miles, of the programme's own rules, and what the miles cost by it;
    /// `None` when the rules name none.
    pub cost: Option<(i64, i64)>,
    /// `None` before its first day is over.
    pub comparison: Option<Comparison>,
}

/// The days that are compared: at most a year from the first, none after `yesterday`.
fn spans(promotion: &Promotion, yesterday: NaiveDate) -> Option<[Period; 2]> {
    let span = promotion.row.span();
    let most = span.from.checked_add_days(Days::new(MOST_DAYS - 1))?;
    let to = span.to.unwrap_or(NEVER).min(most).min(yesterday);
    if to < span.from {
        return None;
    }
    let from = span.from.checked_sub_months(Months::new(12))?;
    let before = Period { from, to: from + (to - span.from) };
    Some([Period { from: span.from, to }, before])
}

/// The postings of a row name the promotion: `"promotion":"…"`, blanks aside.
fn named(promotion: &str) -> String {
    format!("\"promotion\":\"{promotion}\"")
}

async fn given(tx: &mut Tx, programme: &str, promotion: &Promotion) -> Result<(i64, i64, i64)> {
    let id = promotion.row.id.as_str();
    let (members, miles): (i64, i64) = tx
        .one(
            sql("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(miles), 0) AS BIGINT)
                 FROM loyalty_promotion_use
                 WHERE programme = $1 AND promotion = $2 AND member_id <> $3 AND miles > 0")
            .bind(programme)
            .bind(id)
            .bind(Uuid::nil()),
        )
        .await?;
    let flights = tx
        .value(
            sql("SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_promotion_use u
                 JOIN loyalty_accrual a ON a.member_id = u.member_id
                  AND a.flight_date >= $4 AND a.flight_date <= $5
                 WHERE u.programme = $1 AND u.promotion = $2 AND u.member_id <> $3 AND u.miles > 0
                   AND REPLACE(REPLACE(CAST(a.postings AS TEXT), ' ', ''), $6, '')
                       <> REPLACE(CAST(a.postings AS TEXT), ' ', '')")
            .bind(programme)
            .bind(id)
            .bind(Uuid::nil())
            .bind(promotion.row.valid_from)
            .bind(promotion.row.valid_to.unwrap_or(NEVER))
            .bind(named(id)),
        )
        .await?;
    Ok((members, flights, miles))
}

/// Flights of both sides. Who was merged counts with whom they were merged into.
const COMPARED: &str = "WITH flown AS (
        SELECT COALESCE(m.merged_into, m.id) AS id,
            CAST(SUM(CASE WHEN f.flight_date >= $2 THEN 1 ELSE 0 END) AS BIGINT) AS during,
            CAST(SUM(CASE WHEN f.flight_date >= $4 AND f.flight_date <= $5 THEN 1 ELSE 0 END)
                AS BIGINT) AS before
        FROM loyalty_fact f JOIN loyalty_member m ON m.id = f.member_id
        WHERE f.flight_date >= $4 AND f.flight_date <= $3 AND m.programme = $1
        GROUP BY COALESCE(m.merged_into, m.id)
        HAVING MIN(f.flight_date) < $2
    ), named AS (
        SELECT DISTINCT COALESCE(m.merged_into, m.id) AS id FROM (
            SELECT member_id FROM loyalty_registration WHERE programme = $1 AND promotion = $6
            UNION SELECT member_id FROM loyalty_promotion_use
            WHERE programme = $1 AND promotion = $6 AND miles > 0
        ) one JOIN loyalty_member m ON m.id = one.member_id
    )
    SELECT CASE WHEN n.id IS NULL THEN 0 ELSE 1 END AS side, CAST(COUNT(*) AS BIGINT),
        CAST(SUM(f.during) AS BIGINT), CAST(SUM(f.before) AS BIGINT)
    FROM flown f LEFT JOIN named n ON n.id = f.id
    GROUP BY CASE WHEN n.id IS NULL THEN 0 ELSE 1 END";

async fn compared(
    tx: &mut Tx,
    programme: &str,
    promotion: &Promotion,
    [during, before]: [Period; 2],
) -> Result<Comparison> {
    let rows: Vec<(i32, i64, i64, i64)> = tx
        .all(
            sql(COMPARED)
                .bind(programme)
                .bind(during.from)
                .bind(during.to)
                .bind(before.from)
                .bind(before.to)
                .bind(promotion.row.id.as_str()),
        )
        .await?;
    let side = |which: i32| {
        let found = rows.iter().find(|row| row.0 == which);
        found.map_or(Side::default(), |row| Side { members: row.1, during: row.2, before: row.3 })
    };
    Ok(Comparison { during, before, with: side(1), without: side(0) })
}

impl Loyalty {
    /// What the promotions of a programme did, each with when that was worked out.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn promotion_effects(
        &self,
        actor: &Actor,
        programme: &str,
    ) -> Result<HashMap<String, (Effect, DateTime<Utc>)>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let kept: Vec<(String, Json<Effect>, DateTime<Utc>)> = tx
            .all(
                sql("SELECT promotion, result, worked_out_at FROM loyalty_promotion_effect
                     WHERE programme = $1")
                .bind(programme),
            )
            .await?;
        Ok(kept.into_iter().map(|(id, Json(effect), at)| (id, (effect, at))).collect())
    }

    /// What one did; `None` before that was worked out.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn promotion_effect(
        &self,
        actor: &Actor,
        programme: &str,
        promotion: &str,
    ) -> Result<Option<(Effect, DateTime<Utc>)>> {
        Ok(self.promotion_effects(actor, programme).await?.remove(promotion))
    }

    /// Has all promotions worked out anew, soon. Asked again while that waits or runs it is the same.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn work_out_promotions(&self, actor: &Actor) -> Result<Outcome<Uuid>> {
        actor.may(permissions::EDIT)?;
        let (now, mut tx) = (self.now(), self.db().begin().await?);
        let job = New::now(PROMOTIONS_JOB, json!({}), now).key(PROMOTIONS_JOB);
        let id = jobs::enqueue(&mut tx, job, now).await?;
        tx.commit().await?;
        Ok(Outcome::Done(id))
    }

    pub(crate) async fn run_promotions(&self, job: JobCtx) -> Result<Value, JobError> {
        let mut done = 0;
        for programme in self.approved_programmes().await.map_err(JobError::from_explain)? {
            let all = self.promotions(&programme).await.map_err(JobError::from_explain)?;
            for promotion in all.iter().filter(|one| one.phase != Phase::Coming) {
                let kept = self.keep_effect(&programme, promotion).await;
                done += u64::from(kept.map_err(JobError::from_explain)?);
                job.progress(done, None, "loyalty-phase-promotions").await?;
            }
        }
        Ok(json!({"promotions": done}))
    }

    /// Codes of the programmes that ever had rules.
    pub(crate) async fn approved_programmes(&self) -> Result<Vec<String>> {
        let mut tx = self.db().read().await?;
        let all = "SELECT DISTINCT programme FROM loyalty_programme WHERE state = 'approved'
             ORDER BY programme";
        Ok(tx.values(sql(all)).await?)
    }

    /// Works one out, unless that was done after everything about it was told.
    async fn keep_effect(&self, programme: &str, promotion: &Promotion) -> Result<bool> {
        let mut tx = self.db().read().await?;
        let id = promotion.row.id.as_str();
        let last: Option<DateTime<Utc>> = tx
            .value_maybe(
                sql("SELECT worked_out_at FROM loyalty_promotion_effect
                     WHERE programme = $1 AND promotion = $2")
                .bind(programme)
                .bind(id),
            )
            .await?;
        let settled = promotion.row.valid_to.and_then(|end| end.checked_add_days(LATE));
        if last.zip(settled).is_some_and(|(at, settled)| self.day_of(at) > settled) {
            return Ok(false);
        }
        let effect = self.measure(&mut tx, programme, promotion).await?;
        drop(tx);
        let mut tx = self.db().begin().await?;
        tx.exec(
            sql(
                "INSERT INTO loyalty_promotion_effect (programme, promotion, worked_out_at, result)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (programme, promotion) DO UPDATE
                 SET worked_out_at = excluded.worked_out_at, result = excluded.result",
            )
            .bind(programme)
            .bind(id)
            .bind(self.now())
            .bind(json!(effect)),
        )
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn measure(&self, tx: &mut Tx, programme: &str, promotion: &Promotion) -> Result<Effect> {
        let (members, flights, miles) = given(tx, programme, promotion).await?;
        let today = self.today();
        let mixes = &promotion.engine.programme().redemption.mixes;
        let price = mixes.iter().find(|row| row.span().contains(today));
        let price = price.map(|row| row.minor_per_thousand);
        let spans = today.pred_opt().and_then(|yesterday| spans(promotion, yesterday));
        let comparison = match spans {
            Some(spans) => Some(compared(tx, programme, promotion, spans).await?),
            None => None,
        };
        let cost = price.map(|price| (price, cost(miles, price)));
        Ok(Effect { members, flights, miles, cost, comparison })
    }
}
