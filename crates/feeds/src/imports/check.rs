//! Checking all rows without writing any: the same reader, and a look at which keys are known.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::issues::{self, Run};
use super::model::{
    CheckReport, Counts, Import, ImportId, Phase, Progress, Report, Status, count_reasons,
};
use super::reader::{self, Job};
use super::run::millis;
use super::store as rows;
use crate::file::{Facts, inspect};
use crate::mapping::Mapping;
use crate::rows::{Issue, Level, Record};
use crate::{Error, Feeds, Result};

/// What a dry run of a file found.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// How the file is written.
    pub facts: Facts,
    /// Counts and reasons.
    pub report: CheckReport,
    /// The first findings, one by one.
    pub first: Vec<Issue>,
}

/// Findings a dry run hands back one by one.
const FIRST: usize = 200;

/// Short fingerprint of a mapping: two equal ones have the same.
pub(super) fn fingerprint(mapping: &Mapping) -> String {
    let text = serde_json::to_vec(mapping).unwrap_or_default();
    hex::encode(&Sha256::digest(&text)[..8])
}

/// Where a check's findings go.
enum Findings<'a> {
    /// The first ones to the caller.
    First(&'a mut Vec<Issue>),
    /// Into the database, with the import.
    Kept { import: ImportId, kept: u64 },
}

impl Findings<'_> {
    async fn take(&mut self, feeds: &Feeds, issues: Vec<Issue>) -> Result<()> {
        match self {
            Self::First(first) => {
                let room = FIRST.saturating_sub(first.len());
                first.extend(issues.into_iter().take(room));
            }
            Self::Kept { import, kept } => {
                let mut tx = feeds.db().begin().await?;
                *kept = issues::keep(&mut tx, *import, Run::Check, *kept, issues).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

impl Feeds {
    /// Checks every row of the file at `path` by `mapping`, writing nothing.
    ///
    /// # Errors
    /// The file cannot be read, or the mapping does not fit it.
    pub async fn dry_run(&self, path: &Path, mapping: &Mapping, report: Report) -> Result<DryRun> {
        let (path, hints, limits) = (path.to_owned(), mapping.file.clone(), self.limits());
        let at = path.clone();
        let facts = tokio::task::spawn_blocking(move || inspect(&at, &hints, &limits, true))
            .await
            .map_err(|_| Error::Reader)??;
        let job = Job {
            path,
            shape: facts.shape.clone(),
            mapping: mapping.clone(),
            limits: self.limits(),
            skip: 0,
        };
        let mut first = Vec::new();
        let found =
            self.check_rows(job, Some(facts.rows), &report, Findings::First(&mut first)).await?;
        Ok(DryRun { facts, report: found, first })
    }

    /// Checks all rows of import `id` and keeps the report.
    ///
    /// # Errors
    /// As [`Feeds::dry_run`]; the failure is kept with the import.
    pub async fn run_check(&self, id: ImportId, report: Report) -> Result<CheckReport> {
        let import = self.load(id).await?;
        import.expect(&[Status::Checking])?;
        match self.check_import(&import, &report).await {
            Ok(found) => Ok(found),
            Err(error) if super::run::passes(&error) => Err(error),
            Err(error) => {
                let failure = super::run::failure_of(&error);
                let mut tx = self.db().begin().await?;
                let failure = (!matches!(error, Error::Cancelled)).then_some(failure);
                rows::set_failed(&mut tx, id, Status::Mapping, failure.as_ref()).await?;
                tx.commit().await?;
                Err(error)
            }
        }
    }

    async fn check_import(&self, import: &Import, report: &Report) -> Result<CheckReport> {
        let began = self.now();
        let mut tx = self.db().begin().await?;
        issues::clear(&mut tx, import.id, Run::Check).await?;
        tx.commit().await?;
        let job = Job {
            path: self.file_of(import)?,
            shape: import.shape.clone().ok_or(Error::Unmapped)?,
            mapping: import.mapping.clone().ok_or(Error::Unmapped)?,
            limits: self.limits(),
            skip: 0,
        };
        let findings = Findings::Kept { import: import.id, kept: 0 };
        let found = self.check_rows(job, import.rows_total, report, findings).await?;
        let mut tx = self.db().begin().await?;
        rows::set_checked(&mut tx, import, &found, millis(self.now() - began)).await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn check_rows(
        &self,
        job: Job,
        total: Option<u64>,
        report: &Report,
        mut findings: Findings<'_>,
    ) -> Result<CheckReport> {
        let mut found = CheckReport {
            mapping: fingerprint(&job.mapping),
            unused: unused(&job).await?,
            ..CheckReport::default()
        };
        let (source, add_members) = (job.mapping.source.clone(), job.mapping.add_members);
        let mut batches = reader::start(job);
        while let Some(batch) = batches.recv().await {
            let mut batch = batch?;
            let mut counts = batch.counts;
            self.look(&source, add_members, &batch.records, &mut counts, &mut batch.issues).await?;
            found.counts.add(&counts);
            count_reasons(&mut found.reasons, &batch.issues);
            if !batch.issues.is_empty() {
                findings.take(self, batch.issues).await?;
            }
            let done = found.counts.read;
            report(Progress { phase: Phase::Check, done, total, counts: found.counts }).await?;
        }
        found.reasons.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.first_row.cmp(&b.first_row)));
        Ok(found)
    }

    /// Which members are known already. Members: `updated` counts those, `created` the others; for
    /// facts `people` counts the members that would be added.
    async fn look(
        &self,
        source: &str,
        add_members: bool,
        records: &[Record],
        counts: &mut Counts,
        issues: &mut Vec<Issue>,
    ) -> Result<()> {
        let keyed: Vec<(u64, &str, Option<&str>, bool)> = records
            .iter()
            .map(|record| match record {
                Record::Member(m) => (m.row, m.key.as_str(), m.member_no.as_deref(), true),
                Record::Segment(s) => (s.row, s.member_key.as_str(), s.member_no.as_deref(), false),
                Record::Month(m) => (m.row, m.member_key.as_str(), m.member_no.as_deref(), false),
            })
            .collect();
        let mut keys: Vec<String> = keyed.iter().map(|one| one.1.to_owned()).collect();
        keys.sort_unstable();
        keys.dedup();
        let numbers: Vec<String> =
            keyed.iter().filter_map(|one| one.2.map(str::to_owned)).collect();
        let mut tx = self.db().read().await?;
        let by_key = self.customers().ids_by_source_key(&mut tx, source, &keys).await?;
        let by_number = self.customers().ids_by_member_no(&mut tx, &numbers).await?;
        drop(tx);
        for (row, key, number, member) in keyed {
            let known = by_key.contains_key(key)
                || number.is_some_and(|number| by_number.contains_key(number));
            match (member, known) {
                (true, true) => counts.updated += 1,
                (true, false) => counts.created += 1,
                (false, true) => counts.created += 1,
                (false, false) if add_members => counts.created += 1,
                (false, false) => {
                    counts.rejected += 1;
                    issues.push(Issue {
                        row,
                        column: String::new(),
                        value: key.to_owned(),
                        level: Level::Reject,
                        code: "member-unknown".to_owned(),
                        args: Vec::new(),
                    });
                }
            }
        }
        Ok(())
    }
}

async fn unused(job: &Job) -> Result<Vec<String>> {
    let job = job.clone();
    tokio::task::spawn_blocking(move || {
        reader::unused(&job.path, &job.shape, &job.mapping, &job.limits)
    })
    .await
    .map_err(|_| Error::Reader)?
}
