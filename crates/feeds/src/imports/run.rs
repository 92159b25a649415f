//! Running an import: batches from the reader into the database, each in one transaction with its
//! findings, its counts and the point reached.

use chrono::{DateTime, Utc};
use customers::Turn;
use kernel::Explain;
use store::outbox;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::abreast::{self, Abreast};
use super::apply::{self, People, Ready, Target};
use super::issues::{self, Run};
use super::model::{
    Counts, Failure, Import, ImportId, Phase, Progress, Report, Status, count_reasons,
};
use super::reader::{self, Job};
use super::store as rows;
use crate::mapping::fields::FileKind;
use crate::rows::Issue;
use crate::{Error, Feeds, Result, events};

/// Points of the speed chart kept; then every second one goes.
const POINTS: usize = 120;

impl Feeds {
    /// Runs import `id` to its end, from where it stands. Whoever ran it before writes nothing more.
    /// Returns the import as it ended.
    ///
    /// # Errors
    /// [`Error::Cancelled`] or whatever `report` returned; [`Error::Lost`] when another process took
    /// it over; otherwise why it failed, which is kept with the import as well. What was committed
    /// stays, and a further run goes on behind it.
    pub async fn run_import(&self, id: ImportId, report: Report) -> Result<Import> {
        let runner = kernel::ids::v7(self.now());
        let mut import = self.claim(id, runner).await?;
        let mut ran = self.run(&mut import, runner, &report).await;
        if import.kind == FileKind::Members {
            // Whatever happened: lists must not stay without their indexes.
            let finished = self.finish_indexes(&mut import, &report, ran.is_ok()).await;
            ran = ran.and(finished);
        }
        let ending = match ran {
            Ok(()) => Ending { status: Status::Done, error: None },
            Err(error) => Ending { status: status_of(&error), error: Some(error) },
        };
        ending.write(self, &import, runner).await?;
        self.load(id).await
    }

    async fn claim(&self, id: ImportId, runner: Uuid) -> Result<Import> {
        let mut tx = self.db().begin().await?;
        let import = rows::load(&mut tx, id).await?;
        import.expect(&[
            Status::Mapping,
            Status::Checked,
            Status::Queued,
            Status::Importing,
            Status::Failed,
            Status::Cancelled,
        ])?;
        if import.rows_done == 0 {
            issues::clear(&mut tx, id, Run::Import).await?;
        }
        rows::claim(&mut tx, id, runner, Status::Importing, self.now()).await?;
        tx.commit().await?;
        Ok(import)
    }

    async fn run(&self, import: &mut Import, runner: Uuid, report: &Report) -> Result<()> {
        let mapping = import.mapping.clone().ok_or(Error::Unmapped)?;
        let shape = import.shape.clone().ok_or(Error::Unmapped)?;
        let path = self.file_of(import)?;
        let mut bulk = false;
        if import.kind == FileKind::Members {
            let left = import.rows_total.unwrap_or(0).saturating_sub(import.rows_done);
            bulk = self.customers().bulk_mode_on(left).await?;
        }
        let job = Job {
            path,
            shape,
            mapping: mapping.clone(),
            limits: self.limits(),
            skip: import.rows_done,
        };
        let target = Target {
            import: import.id.uuid(),
            source: mapping.source.clone(),
            policy: import.policy,
            add_members: mapping.add_members,
        };
        let mut tx = self.db().read().await?;
        let kept = issues::count(&mut tx, import.id, Run::Import).await?;
        drop(tx);
        let (began, before) = (self.now(), import.times.write);
        let mut writing = Writing { feeds: self, target, runner, report, kept, began, before };
        report(progress(import, Phase::Write)).await?;
        if bulk && self.db().engine() == store::Engine::Postgres {
            let batches = self.batches(job.clone(), &writing.target.source);
            if abreast::write(&mut writing, import, batches).await? == Abreast::Done {
                return Ok(());
            }
        }
        let job = Job { skip: import.rows_done, ..job };
        let mut batches = self.batches(job, &writing.target.source);
        let mut people = People::default();
        while let Some(batch) = batches.recv().await {
            let written = writing.begin(&mut people, batch?).await?;
            writing.end(import, written).await?;
            people.keep();
        }
        Ok(())
    }

    /// The batches of a file: read and checked on one thread, made ready on another, while the one
    /// before is being written.
    fn batches(&self, job: Job, source: &str) -> mpsc::Receiver<Result<Ready>> {
        let (to, from) = mpsc::channel(1);
        let (customers, source) = (self.customers().clone(), source.to_owned());
        let mut batches = reader::start(job);
        tokio::task::spawn_blocking(move || {
            while let Some(batch) = batches.blocking_recv() {
                let ready = batch.and_then(|batch| apply::ready(&customers, &source, batch));
                if to.blocking_send(ready).is_err() {
                    // The writer has gone: nobody is left to make batches ready for.
                    return;
                }
            }
        });
        from
    }

    async fn finish_indexes(&self, import: &mut Import, report: &Report, told: bool) -> Result<()> {
        if told {
            report(progress(import, Phase::Finish)).await?;
        }
        let began = self.now();
        self.customers().bulk_mode_off().await?;
        import.times.finish += millis(self.now() - began);
        Ok(())
    }

    /// The import as it is now.
    pub(crate) async fn load(&self, id: ImportId) -> Result<Import> {
        let mut tx = self.db().read().await?;
        rows::load(&mut tx, id).await
    }
}

/// Everything the batches of one run have in common.
pub(super) struct Writing<'a> {
    pub feeds: &'a Feeds,
    pub target: Target,
    pub runner: Uuid,
    report: &'a Report,
    /// Findings kept one by one so far.
    kept: u64,
    began: DateTime<Utc>,
    /// Milliseconds that earlier runs wrote.
    before: u64,
}

/// A batch that is in the database but not committed.
pub(super) struct Written {
    tx: store::Tx,
    pub counts: Counts,
    issues: Vec<Issue>,
}

impl Writing<'_> {
    /// Writes a batch in a transaction of its own, short of committing it.
    async fn begin(&self, people: &mut People, batch: Ready) -> Result<Written> {
        let places = (people, &mut Turn::now());
        begin(self.feeds, &self.target, self.runner, places, batch).await
    }

    /// Moves the import on behind a batch, and commits both.
    pub(super) async fn end(&mut self, import: &mut Import, written: Written) -> Result<()> {
        let Written { mut tx, counts, issues } = written;
        let mut next = import.clone();
        next.times.write = self.before + millis(self.feeds.now() - self.began);
        next.counts.add(&counts);
        next.rows_done += counts.read;
        count_reasons(&mut next.reasons, &issues);
        add_point(&mut next);
        let kept = issues::keep(&mut tx, import.id, Run::Import, self.kept, issues).await?;
        rows::advance(&mut tx, &next, self.runner).await?;
        tx.commit().await?;
        self.kept = kept;
        *import = next;
        (self.report)(progress(import, Phase::Write)).await
    }
}

/// See [`Writing::begin`].
pub(super) async fn begin(
    feeds: &Feeds,
    target: &Target,
    runner: Uuid,
    places: (&mut People, &mut Turn),
    batch: Ready,
) -> Result<Written> {
    let mut tx = feeds.db().begin().await?;
    // A runner that lost its import stops here, or at the end of the batch.
    rows::expect_runner(&mut tx, target.import, runner).await?;
    let (counts, issues) = apply::apply(feeds, &mut tx, target, places, batch).await?;
    Ok(Written { tx, counts, issues })
}

/// How a run ended.
struct Ending {
    status: Status,
    error: Option<Error>,
}

impl Ending {
    /// Writes the end down and tells the other domains of a good one.
    async fn write(self, feeds: &Feeds, import: &Import, runner: Uuid) -> Result<()> {
        if matches!(self.error, Some(Error::Lost)) || self.error.as_ref().is_some_and(passes) {
            // Somebody else has it, or it will be tried again: it stays as it is.
            return self.error.map_or(Ok(()), Err);
        }
        let failure = self.error.as_ref().filter(|_| self.status == Status::Failed).map(failure_of);
        let now = feeds.now();
        let mut tx = feeds.db().begin().await?;
        rows::advance(&mut tx, import, runner).await?;
        rows::settle(&mut tx, import, runner, self.status, failure.as_ref(), now).await?;
        if self.status == Status::Done {
            say_finished(&mut tx, import, now).await?;
        }
        tx.commit().await?;
        self.error.map_or(Ok(()), Err)
    }
}

async fn say_finished(tx: &mut store::Tx, import: &Import, now: DateTime<Utc>) -> Result<()> {
    let source = import.mapping.as_ref().map(|mapping| mapping.source.clone());
    let data = events::Finished {
        import: import.id.uuid(),
        kind: import.kind.as_str().to_owned(),
        source: source.unwrap_or_default(),
        counts: import.counts,
    };
    let subject = format!("import/{}", import.id);
    let event = outbox::Event::new(events::FINISHED, subject, now, serde_json::to_value(data)?);
    Ok(outbox::say(tx, &event).await?)
}

fn status_of(error: &Error) -> Status {
    match error {
        Error::Cancelled => Status::Cancelled,
        _ => Status::Failed,
    }
}

/// Whether trying again may help.
pub(super) fn passes(error: &Error) -> bool {
    error.kind() == kernel::Kind::Unavailable && !matches!(error, Error::File(_))
}

/// An error as it is kept.
pub(super) fn failure_of(error: &Error) -> Failure {
    Failure {
        code: error.code().to_owned(),
        args: error.args().into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
    }
}

pub(super) fn progress(import: &Import, phase: Phase) -> Progress {
    Progress { phase, done: import.rows_done, total: import.rows_total, counts: import.counts }
}

pub(super) fn millis(duration: chrono::Duration) -> u64 {
    u64::try_from(duration.num_milliseconds()).unwrap_or(0)
}

/// Adds a point to the speed chart; when there are too many, every second one goes.
fn add_point(import: &mut Import) {
    import.speed.push((import.times.write, import.rows_done));
    if import.speed.len() > POINTS {
        let mut keep = false;
        import.speed.retain(|_| {
            keep = !keep;
            keep
        });
    }
}
