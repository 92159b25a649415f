//! Every minute: what lies in watched folders, who has fallen silent, whose parts never came.

use std::time::SystemTime;

use access::Actor;
use chrono::Duration;
use serde_json::json;
use store::outbox::{self, Event};
use store::{jobs, sql};

use super::folder::Found;
use super::{Folder, Kind, Problem, Source};
use crate::events::{SILENT, Silent};
use crate::messages::{Delivery, FETCH, PROCESS, WATCH};
use crate::{Error, Feeds, Result};

/// Bytes of files kept in one transaction.
const BYTES: u64 = 8 * 1024 * 1024;
const FILES: usize = 400;

impl Feeds {
    /// One round. Returns how many files were taken.
    ///
    /// # Errors
    /// The database failed. What is wrong with a folder is written down at its source.
    pub async fn watch(&self) -> Result<u64> {
        self.tidy_rounds().await?;
        let mut tx = self.db().read().await?;
        let sources = super::store::all(&mut tx).await?;
        drop(tx);
        let mut taken = 0;
        for source in sources.iter().filter(|source| source.active) {
            if let (Kind::Folder, Some(folder)) = (source.kind, &source.folder) {
                taken += self.look_into(source, folder).await?;
            }
        }
        self.enqueue_fetching(&sources).await?;
        self.listen(&sources).await?;
        let mut tx = self.db().begin().await?;
        self.enqueue_processing(&mut tx).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(taken)
    }

    #[expect(clippy::disallowed_methods, reason = "compared with times the file system gives")]
    async fn look_into(&self, source: &Source, folder: &Folder) -> Result<u64> {
        let at = folder.clone();
        let looked = blocking(move || at.settled(SystemTime::now())).await?;
        let Ok(files) = looked else {
            self.trouble(source, Some(Problem::plain("feeds-folder-unreadable"))).await?;
            return Ok(0);
        };
        let actor = Actor::system("feeds.watch");
        let mut taken = 0;
        let mut problem = None;
        let mut files = files.into_iter().peekable();
        while files.peek().is_some() {
            let mut size = 0;
            let mut batch = Vec::new();
            while let Some(file) = files.peek() {
                if !batch.is_empty() && (batch.len() == FILES || size + file.size > BYTES) {
                    break;
                }
                size += file.size;
                batch.extend(files.next());
            }
            let (read, wrong) = blocking(move || contents(batch)).await?;
            problem = wrong.or(problem);
            let (names, deliveries): (Vec<Found>, Vec<Delivery>) = read.into_iter().unzip();
            self.receive_all(&actor, &source.name, deliveries).await?;
            taken += names.len() as u64;
            // Kept: only now may the files go. Killed before, they are known again next time.
            let stamp = self.now().format("%Y%m%dT%H%M%S").to_string();
            let moved = blocking(move || put_away(&names, &stamp)).await?;
            if moved.is_err() {
                problem = Some("feeds-folder-fixed");
            }
        }
        self.trouble(source, problem.map(Problem::plain)).await?;
        Ok(taken)
    }

    /// Writes down what is wrong with a source, or that nothing is any more.
    pub(super) async fn trouble(&self, source: &Source, problem: Option<Problem>) -> Result<()> {
        if source.problem == problem {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        let problem = problem.map(|problem| json!(problem));
        tx.exec(
            sql("UPDATE feed_source SET problem = $2 WHERE id = $1").bind(source.id).bind(problem),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Says once of each source that it has fallen silent, until it is heard again.
    async fn listen(&self, sources: &[Source]) -> Result<()> {
        let now = self.now();
        for source in sources {
            let Some(minutes) = source.expected_minutes else { continue };
            let heard = source.received_at.unwrap_or(source.created_at);
            let silent = now - heard > Duration::minutes(minutes);
            if !silent || source.silent_since.is_some() || !source.active {
                continue;
            }
            let mut tx = self.db().begin().await?;
            let told = tx
                .exec(
                    sql("UPDATE feed_source SET silent_since = $2
                         WHERE id = $1 AND silent_since IS NULL")
                    .bind(source.id)
                    .bind(now),
                )
                .await?;
            if told == 1 {
                let data = Silent {
                    source: source.id,
                    name: source.name.clone(),
                    since: heard,
                    expected_minutes: minutes,
                };
                let subject = format!("feed-source/{}", source.id);
                let event = Event::new(SILENT, subject, now, serde_json::to_value(data)?);
                outbox::say(&mut tx, &event).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Rounds that ended well are not worth a row for ever.
    async fn tidy_rounds(&self) -> Result<()> {
        let mut tx = self.db().begin().await?;
        jobs::forget_done(&mut tx, &[PROCESS, WATCH, FETCH], self.now() - Duration::hours(2))
            .await?;
        Ok(tx.commit().await?)
    }
}

type Contents = (Vec<(Found, Delivery)>, Option<&'static str>);

fn contents(files: Vec<Found>) -> Contents {
    let mut read = Vec::new();
    let mut problem = None;
    for file in files {
        if file.size > crate::messages::LONGEST as u64 {
            problem = Some("feeds-folder-large");
            continue;
        }
        match file.read() {
            Ok(Some(bytes)) => {
                let delivery = Delivery { bytes, name: file.name.clone(), as_of: None };
                read.push((file, delivery));
            }
            Ok(None) => {}
            Err(_) => problem = Some("feeds-folder-unreadable"),
        }
    }
    (read, problem)
}

fn put_away(files: &[Found], stamp: &str) -> std::io::Result<()> {
    files.iter().try_for_each(|file| file.put_away(stamp))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Reader)
}
