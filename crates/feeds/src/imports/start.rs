//! Deciding on an import: its mapping, its policy, and that it begins.

use std::path::Path;
use std::sync::Arc;

use access::Actor;
use access::audit::{Details, Target};
use customers::Policy;
use kernel::page::{BadCursor, Cursor, Page};
use store::jobs;
use uuid::Uuid;

use super::model::{Import, ImportId, Report, Status};
use super::store as rows;
use super::{CHECK, IMPORT, REVERT, check};
use crate::file::{Shape, Table};
use crate::mapping::fields::FileKind;
use crate::mapping::{Mapping, shipped};
use crate::rows::Mapper;
use crate::{Error, Feeds, Result, permissions, saved};

/// A mapping by name or as a file.
#[derive(Clone, Debug)]
pub enum MappingRef {
    /// A shipped or saved one.
    Name(String),
    /// TOML text.
    Text(String),
}

/// Progress nobody listens to.
#[must_use]
pub fn silent() -> Report {
    Arc::new(|_| Box::pin(async { Ok(()) }))
}

impl Feeds {
    /// One import.
    ///
    /// # Errors
    /// Denied, or no such import.
    pub async fn import(&self, actor: &Actor, id: ImportId) -> Result<Import> {
        actor.may(permissions::READ)?;
        self.load(id).await
    }

    /// The imports, newest first.
    ///
    /// # Errors
    /// Denied, or a cursor that is none.
    pub async fn imports(
        &self,
        actor: &Actor,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Page<Import>> {
        actor.may(permissions::READ)?;
        let before = after.map(read_cursor).transpose()?;
        let limit = limit.clamp(1, 200);
        let mut tx = self.db().read().await?;
        let mut items = rows::recent(&mut tx, before, limit + 1).await?;
        let more = items.len() as i64 > limit;
        items.truncate(usize::try_from(limit).unwrap_or(1));
        let next = items.last().filter(|_| more).map(|import| {
            let at = import.created_at.to_rfc3339();
            Cursor(vec![at.into(), import.id.to_string().into()]).encode()
        });
        Ok(Page { items, next, prev: None })
    }

    /// Earlier imports of the same file by the same mapping that ended well.
    ///
    /// # Errors
    /// The database failed.
    pub async fn same_file(&self, import: &Import) -> Result<Vec<Import>> {
        let Some(hash) = &import.sha256 else { return Ok(Vec::new()) };
        let mut tx = self.db().read().await?;
        let all = rows::of_hash(&mut tx, hash).await?;
        Ok(all
            .into_iter()
            .filter(|other| other.id != import.id && other.status == Status::Done)
            .collect())
    }

    /// The mapping `which` stands for.
    ///
    /// # Errors
    /// [`Error::NoMapping`], or the text is no mapping.
    pub async fn mapping(&self, which: &MappingRef) -> Result<Mapping> {
        match which {
            MappingRef::Text(text) => Ok(Mapping::from_toml(text)?),
            MappingRef::Name(name) => {
                if let Some(mapping) = shipped(name) {
                    return Ok(mapping);
                }
                let mut tx = self.db().read().await?;
                let known = saved::by_name(&mut tx, name).await?;
                known.ok_or_else(|| Error::NoMapping(name.clone()))
            }
        }
    }

    /// Decides how an import is read and what it does with members already known.
    ///
    /// # Errors
    /// Denied; [`Error::State`] once rows were written; the mapping does not fit the file.
    pub async fn set_mapping(
        &self,
        actor: &Actor,
        id: ImportId,
        mapping: &Mapping,
        policy: Policy,
    ) -> Result<Import> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        if !import.can_map() {
            return Err(Error::State { status: import.status.as_str() });
        }
        let shape = import.shape.clone().ok_or(Error::Unmapped)?;
        let shape = hinted(shape, mapping);
        // Other hints may give the columns other names.
        let (path, limits, at) = (self.file_of(&import)?, self.limits(), shape.clone());
        let columns = tokio::task::spawn_blocking(move || {
            Table::open(&path, &at, &limits).map(|table| table.header)
        })
        .await
        .map_err(|_| Error::Reader)??;
        Mapper::new(mapping, &columns, shape.decimal)?;
        let mut tx = self.db().begin().await?;
        rows::set_mapping(&mut tx, id, mapping, (&shape, &columns), policy).await?;
        let import = rows::load(&mut tx, id).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// Has all rows checked in the background.
    ///
    /// # Errors
    /// Denied, or nothing has been mapped.
    pub async fn start_check(&self, actor: &Actor, id: ImportId) -> Result<Uuid> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        import.expect(&[Status::Mapping, Status::Checked])?;
        if import.mapping.is_none() {
            return Err(Error::Unmapped);
        }
        self.enqueue(actor, &import, CHECK, Status::Checking, "feeds.import.checked").await
    }

    /// Has the import run in the background, from where it stands. A second click finds the same
    /// job.
    ///
    /// # Errors
    /// Denied, nothing has been mapped, or it is running or done.
    pub async fn start_import(&self, actor: &Actor, id: ImportId) -> Result<Uuid> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        if let (Status::Queued | Status::Importing, Some(job)) = (import.status, import.job_id) {
            let mut tx = self.db().read().await?;
            if jobs::get(&mut tx, job).await?.is_some_and(|job| job.status.is_open()) {
                return Ok(job);
            }
        } else if !import.can_start() {
            return Err(Error::State { status: import.status.as_str() });
        }
        self.enqueue(actor, &import, IMPORT, Status::Queued, "feeds.import.started").await
    }

    /// Asks the running work on an import to stop.
    ///
    /// # Errors
    /// Denied, or nothing is running.
    pub async fn cancel(&self, actor: &Actor, id: ImportId) -> Result<()> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        let Some(job) = import.job_id.filter(|_| import.status.is_moving()) else {
            return Err(Error::State { status: import.status.as_str() });
        };
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let stopped = jobs::cancel(&mut tx, job, now).await?;
        let waiting =
            jobs::get(&mut tx, job).await?.is_none_or(|job| job.status == jobs::Status::Cancelled);
        if waiting || !stopped {
            let back =
                if import.status == Status::Checking { Status::Mapping } else { Status::Cancelled };
            rows::set_failed(&mut tx, id, back, None).await?;
        }
        self.audit(&mut tx, actor, "feeds.import.cancelled", id).await?;
        Ok(tx.commit().await?)
    }

    /// Has the whole import undone in the background.
    ///
    /// # Errors
    /// Denied; [`Error::UndoOver`] after 30 days; [`Error::State`] when there is nothing to undo.
    pub async fn start_revert(&self, actor: &Actor, id: ImportId) -> Result<Uuid> {
        actor.may(permissions::REVERT)?;
        let import = self.load(id).await?;
        let now = self.now();
        if import.undo_until().is_some_and(|until| now >= until) {
            return Err(Error::UndoOver);
        }
        if !import.can_revert(now) {
            return Err(Error::State { status: import.status.as_str() });
        }
        self.enqueue(actor, &import, REVERT, Status::Reverting, "feeds.import.reverted").await
    }

    async fn enqueue(
        &self,
        actor: &Actor,
        import: &Import,
        kind: &'static str,
        status: Status,
        action: &'static str,
    ) -> Result<Uuid> {
        let now = self.now();
        let args = serde_json::json!({ "import": import.id, "file": import.file_name });
        let job =
            jobs::New::now(kind, args, now).key(format!("{kind}:{}", import.id)).owner(actor.id);
        let mut tx = self.db().begin().await?;
        let job = jobs::enqueue(&mut tx, job, now).await?;
        rows::set_job(&mut tx, import.id, job, status).await?;
        self.audit(&mut tx, actor, action, import.id).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(job)
    }

    pub(super) async fn audit(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        action: &'static str,
        id: ImportId,
    ) -> Result<()> {
        let target = Target::new("import", id);
        self.access().record(tx, actor, action, &target, Details::new()).await?;
        Ok(())
    }

    /// Takes in a file of this machine and makes it ready to run ([`Feeds::run_import`]): for the
    /// command line. An earlier import of the same file by the same mapping that did not end is
    /// taken up again where it stands.
    ///
    /// # Errors
    /// The file cannot be read, there is no such mapping, or it does not fit.
    pub async fn import_file(
        &self,
        actor: &Actor,
        path: &Path,
        kind: Option<FileKind>,
        mapping: &MappingRef,
        policy: Policy,
    ) -> Result<ImportId> {
        actor.may(permissions::IMPORT)?;
        let mapping = self.mapping(mapping).await?;
        if let Some(kind) = kind.filter(|kind| *kind != mapping.kind) {
            return Err(Error::Kind { mapping: mapping.kind.as_str(), import: kind.as_str() });
        }
        let path = std::path::absolute(path).map_err(crate::file::FileError::from)?;
        let size = std::fs::metadata(&path).map_err(crate::file::FileError::from)?.len();
        let shown = path.to_string_lossy().into_owned();
        let fresh = self.fresh(actor, &shown, size, Some(shown.clone()));
        let mut tx = self.db().begin().await?;
        rows::insert(&mut tx, &fresh).await?;
        tx.commit().await?;
        let looked = self.look_at(fresh.clone(), path, Some(mapping.kind)).await;
        let import = match looked {
            Ok(import) => self.set_mapping(actor, import.id, &mapping, policy).await,
            Err(error) => Err(error),
        };
        let import = match import {
            Ok(import) => import,
            Err(error) => {
                self.throw_away(actor, fresh.id).await.ok();
                return Err(error);
            }
        };
        if let Some(earlier) = self.unfinished(&import).await? {
            self.throw_away(actor, import.id).await?;
            return Ok(earlier);
        }
        let mut tx = self.db().begin().await?;
        self.audit(&mut tx, actor, "feeds.import.started", import.id).await?;
        tx.commit().await?;
        Ok(import.id)
    }

    /// An import of the same file by the same mapping that was begun and not ended.
    async fn unfinished(&self, import: &Import) -> Result<Option<ImportId>> {
        let Some(hash) = &import.sha256 else { return Ok(None) };
        let wanted = import.mapping.as_ref().map(check::fingerprint);
        let mut tx = self.db().read().await?;
        let all = rows::of_hash(&mut tx, hash).await?;
        Ok(all
            .into_iter()
            .filter(|other| other.id != import.id && other.rows_done > 0)
            .filter(|other| {
                matches!(other.status, Status::Importing | Status::Failed | Status::Cancelled)
            })
            .find(|other| {
                other.policy == import.policy
                    && other.file_path.is_some()
                    && other.mapping.as_ref().map(check::fingerprint) == wanted
            })
            .map(|other| other.id))
    }
}

/// The file's shape as the mapping wants it read.
fn hinted(shape: Shape, mapping: &Mapping) -> Shape {
    Shape {
        encoding: mapping.file.encoding.clone().unwrap_or(shape.encoding),
        delimiter: mapping.file.delimiter.unwrap_or(shape.delimiter),
        header: mapping.file.header.unwrap_or(shape.header),
        decimal: mapping.file.decimal.unwrap_or(shape.decimal),
        ..shape
    }
}

fn read_cursor(text: &str) -> Result<(chrono::DateTime<chrono::Utc>, Uuid)> {
    let cursor = Cursor::decode(text)?;
    let part = |at: usize| cursor.0.get(at).and_then(|value| value.as_str());
    match (part(0).map(str::parse), part(1).map(str::parse)) {
        (Some(Ok(at)), Some(Ok(id))) => Ok((at, id)),
        _ => Err(Error::Cursor(BadCursor)),
    }
}
