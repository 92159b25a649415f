//! Reports that are kept: one a day and programme, those of the last day of a month for ever.

use std::collections::BTreeSet;

use access::{Actor, Details, Target};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use programme::Programme;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use store::jobs::{self, Job, JobCtx, JobError, New};
use store::{Tx, sql};
use uuid::Uuid;

use super::{Movement, Movements, Slice, Valuation};
use crate::jobs::LIABILITY_JOB;
use crate::{Error, Loyalty, Result, permissions};

/// Days that are kept each, before only the last of a month is.
const EACH_DAY: Days = Days::new(62);
/// Days that are listed at most.
const LISTED: i64 = 400;

/// The books of a programme on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Up to and with this day, where the books are kept.
    pub day: NaiveDate,
    /// When they were read.
    pub made_at: DateTime<Utc>,
    /// Outstanding: left in lots, and held, less what members owe.
    pub miles: i64,
    /// Of it waiting in holds.
    pub held: i64,
    /// What members owe.
    pub owed: i64,
    /// All lots by month of coming and last day.
    pub slices: Vec<Slice>,
    /// What moved in each month, oldest first.
    pub months: Vec<Movement>,
}

impl Report {
    /// The movements, and whether they tie to the balances.
    #[must_use]
    pub fn movements(&self) -> Movements {
        let closing = self.months.last().map_or(0, |month| month.closing);
        let (months, books) = (self.months.clone(), self.miles);
        Movements { months, books, ties: closing == books }
    }
}

/// The setting that keeps a programme's valuation.
fn setting(programme: &str) -> String {
    format!("loyalty.liability.{programme}")
}

fn key(programme: &str) -> String {
    format!("{LIABILITY_JOB}:{programme}")
}

impl Loyalty {
    /// The newest report that is not after `day`, or the newest of all; `None` where none is kept.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the database fails.
    pub async fn liability_report(
        &self,
        actor: &Actor,
        programme: &str,
        day: Option<NaiveDate>,
    ) -> Result<Option<Report>> {
        actor.may(permissions::READ)?;
        kept(&mut self.db().read().await?, programme, day.unwrap_or(NaiveDate::MAX)).await
    }

    /// The days whose reports are kept, newest first, at most 400.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the database fails.
    pub async fn liability_days(&self, actor: &Actor, programme: &str) -> Result<Vec<NaiveDate>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let days = sql("SELECT day FROM loyalty_report WHERE programme = $1
                        ORDER BY day DESC LIMIT $2");
        Ok(tx.values(days.bind(programme).bind(LISTED)).await?)
    }

    /// What finance says of a programme's miles. Until somebody says it, the price of 1,000 miles
    /// where miles are mixed with money, or nothing.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for a programme without rules.
    pub async fn valuation(&self, actor: &Actor, programme: &str) -> Result<Valuation> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        if let Some(said) = store::settings::get(&mut tx, &setting(programme)).await? {
            return Ok(said);
        }
        drop(tx);
        let rules = self.rules_shown(actor, programme).await?;
        let minor = rules.redemption.mixes.first().map_or(0, |row| row.minor_per_thousand);
        Ok(Valuation { minor_per_thousand: minor, assumed_share: None })
    }

    /// The rules in force, or the newest.
    pub(crate) async fn rules_shown(&self, actor: &Actor, programme: &str) -> Result<Programme> {
        let all = self.programme_versions(actor, programme).await?;
        let force = crate::programmes::in_force(&all, self.today());
        let shown = force.or(all.first()).ok_or(Error::NotFound("programme"))?;
        let (_, text) = self.programme_version(actor, shown.id).await?;
        Ok(Programme::from_toml(&text)?)
    }

    /// Says what a programme's miles are worth, and what is assumed of them.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] out of bounds; [`Error::NotFound`] for a programme
    /// without rules.
    pub async fn set_valuation(
        &self,
        actor: &Actor,
        programme: &str,
        said: &Valuation,
    ) -> Result<()> {
        actor.may(permissions::PROGRAMME)?;
        said.check()?;
        self.rules_shown(actor, programme).await?;
        let mut tx = self.db().begin().await?;
        store::settings::put(&mut tx, &setting(programme), said, self.now()).await?;
        let details = Details::new()
            .code("programme", programme)
            .count("minor_per_thousand", said.minor_per_thousand)
            .count("assumed_share", said.assumed_share.unwrap_or(-1));
        let target = Target::new("programme", Uuid::nil());
        self.access().record(&mut tx, actor, "loyalty.valuation-set", &target, details).await?;
        Ok(tx.commit().await?)
    }

    /// Reads the books again, in the background. Asked twice it is done once.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for a programme that is not open.
    pub async fn report_again(&self, actor: &Actor, programme: &str) -> Result<()> {
        actor.may(permissions::PROGRAMME)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        if !open_programmes(&mut tx).await?.iter().any(|code| code == programme) {
            return Err(Error::NotFound("programme"));
        }
        let job = New::now(LIABILITY_JOB, json!({"programme": programme}), now);
        jobs::enqueue(&mut tx, job.key(key(programme)).owner(actor.id), now).await?;
        Ok(tx.commit().await?)
    }

    /// The reading that is under way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reporting(&self, programme: &str) -> Result<Option<Job>> {
        Ok(jobs::open_of(&mut self.db().read().await?, &key(programme)).await?)
    }

    /// Keeps the report of today for each programme that has none yet; of one that is named anyway.
    /// Returns how many.
    pub(crate) async fn run_liability(&self, job: &JobCtx) -> std::result::Result<u64, JobError> {
        #[derive(Default, Deserialize)]
        struct Asked {
            #[serde(default)]
            programme: Option<String>,
        }
        let asked: Asked = job.args().unwrap_or_default();
        self.report_all(asked.programme.as_deref()).await.map_err(JobError::from_explain)
    }

    /// As the nightly job does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn report_all(&self, only: Option<&str>) -> Result<u64> {
        let today = self.today();
        let codes = open_programmes(&mut self.db().read().await?).await?;
        let mut made = 0;
        for code in codes.iter().filter(|code| only.is_none_or(|only| only == *code)) {
            let mut tx = self.db().read().await?;
            let last = kept(&mut tx, code, today).await?;
            if only.is_none() && last.as_ref().is_some_and(|it| it.day == today) {
                continue;
            }
            let reported = last.map(|it| it.months).unwrap_or_default();
            let report = self.report(&mut tx, code, &reported).await?;
            drop(tx);
            self.keep(code, &report).await?;
            made += 1;
        }
        Ok(made)
    }

    async fn keep(&self, programme: &str, report: &Report) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let content = serde_json::to_value(report).map_err(store::Error::from)?;
        tx.exec(
            sql("INSERT INTO loyalty_report (programme, day, content) VALUES ($1, $2, $3)
                 ON CONFLICT (programme, day) DO UPDATE SET content = EXCLUDED.content")
            .bind(programme)
            .bind(report.day)
            .bind(content),
        )
        .await?;
        let before = report.day.checked_sub_days(EACH_DAY).unwrap_or(report.day);
        let days = sql("SELECT day FROM loyalty_report WHERE programme = $1 AND day < $2
                        ORDER BY day DESC");
        let days: Vec<NaiveDate> = tx.values(days.bind(programme).bind(before)).await?;
        let mut months = BTreeSet::new();
        for day in days {
            if !months.insert((day.year(), day.month())) {
                let gone = sql("DELETE FROM loyalty_report WHERE programme = $1 AND day = $2");
                tx.exec(gone.bind(programme).bind(day)).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

async fn kept(tx: &mut Tx, programme: &str, day: NaiveDate) -> Result<Option<Report>> {
    let day = day.min(NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or(day));
    let newest = sql("SELECT content FROM loyalty_report WHERE programme = $1 AND day <= $2
                      ORDER BY day DESC LIMIT 1");
    let found: Option<Json<Report>> = tx.value_maybe(newest.bind(programme).bind(day)).await?;
    Ok(found.map(|Json(report)| report))
}

/// The programmes whose books are open.
pub(crate) async fn open_programmes(tx: &mut Tx) -> Result<Vec<String>> {
    let codes = sql("SELECT programme FROM ledger_account
                     WHERE owner_id IS NULL AND unit = 'miles' AND role = 'issuance'
                     ORDER BY programme");
    Ok(tx.values(codes).await?)
}
