//! A file on its way in, in parts: begun, continued where it stood, finished, looked at.

use std::path::{Path, PathBuf};

use access::Actor;
use customers::Policy;

use super::model::{Counts, Import, ImportId, Status, Times};
use super::run::millis;
use super::store as rows;
use crate::file::{Facts, Limits, Next, Row, Shape, Table, inspect, sha256};
use crate::mapping::fields::FileKind;
use crate::mapping::{FileHints, Mapping, suggest};
use crate::rows::{Issue, Mapper};
use crate::{Error, Feeds, Result, permissions};

impl Feeds {
    /// Announces a file of `size` bytes. Returns the import it will be.
    ///
    /// # Errors
    /// Denied, or the disk or the database failed.
    pub async fn begin_upload(&self, actor: &Actor, name: &str, size: u64) -> Result<ImportId> {
        actor.may(permissions::IMPORT)?;
        let import = self.fresh(actor, name, size, None);
        self.blobs().begin(import.id.uuid()).await?;
        let mut tx = self.db().begin().await?;
        rows::insert(&mut tx, &import).await?;
        tx.commit().await?;
        Ok(import.id)
    }

    pub(super) fn fresh(
        &self,
        actor: &Actor,
        name: &str,
        size: u64,
        path: Option<String>,
    ) -> Import {
        let now = self.now();
        let name: String =
            name.rsplit(['/', '\\']).next().unwrap_or(name).chars().take(200).collect();
        Import {
            id: ImportId::from(kernel::ids::v7(now)),
            status: Status::Uploading,
            kind: FileKind::Members,
            file_name: name,
            file_bytes: size,
            file_path: path,
            file_gone: false,
            sha256: None,
            shape: None,
            columns: Vec::new(),
            rows_total: None,
            rows_exact: false,
            mapping_name: String::new(),
            mapping: None,
            policy: Policy::CreateOrUpdate,
            owner: actor.id,
            owner_name: actor.name.clone(),
            created_at: now,
            started_at: None,
            finished_at: None,
            reverted_at: None,
            rows_done: 0,
            counts: Counts::default(),
            reasons: Vec::new(),
            speed: Vec::new(),
            times: Times::default(),
            checked: None,
            failure: None,
            job_id: None,
            undone: 0,
            undo_kept: 0,
        }
    }

    /// Bytes that have arrived, and bytes announced.
    ///
    /// # Errors
    /// Denied, or no such import.
    pub async fn upload_state(&self, actor: &Actor, id: ImportId) -> Result<(u64, u64)> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        Ok((self.blobs().received(id.uuid()).await?, import.file_bytes))
    }

    /// Adds bytes that begin at `offset`. Returns the new length.
    ///
    /// # Errors
    /// [`store::Error::Offset`] when the upload stands elsewhere, [`Error::UploadSize`] when more
    /// arrives than was announced, [`Error::State`] when the upload has ended.
    pub async fn append(
        &self,
        actor: &Actor,
        id: ImportId,
        offset: u64,
        bytes: &[u8],
    ) -> Result<u64> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        import.expect(&[Status::Uploading])?;
        if offset.saturating_add(bytes.len() as u64) > import.file_bytes {
            return Err(Error::UploadSize(import.file_bytes));
        }
        Ok(self.blobs().append(id.uuid(), offset, bytes).await?)
    }

    /// Says how large a file turned out to be that came without being announced (a plain form).
    ///
    /// # Errors
    /// Denied, or the database failed.
    pub async fn announce_late(&self, actor: &Actor, id: ImportId) -> Result<()> {
        actor.may(permissions::IMPORT)?;
        let received = self.blobs().received(id.uuid()).await?;
        let mut tx = self.db().begin().await?;
        rows::set_size(&mut tx, id, received).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the upload and looks at the file. Without `kind` the columns decide.
    ///
    /// # Errors
    /// [`Error::Incomplete`], or the file cannot be read as a table: the upload is then removed, and
    /// the import with it.
    pub async fn finish_upload(
        &self,
        actor: &Actor,
        id: ImportId,
        kind: Option<FileKind>,
    ) -> Result<Import> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        if import.status != Status::Uploading {
            return Ok(import);
        }
        let received = self.blobs().received(id.uuid()).await?;
        if received != import.file_bytes {
            return Err(Error::Incomplete { received, size: import.file_bytes });
        }
        let path = self.blobs().finish(id.uuid()).await?;
        match self.look_at(import, path, kind).await {
            Ok(import) => Ok(import),
            Err(error) => {
                self.discard(id).await?;
                Err(error)
            }
        }
    }

    /// Finds out how the file is written and keeps it.
    pub(super) async fn look_at(
        &self,
        mut import: Import,
        path: PathBuf,
        kind: Option<FileKind>,
    ) -> Result<Import> {
        let began = self.now();
        let limits = self.limits();
        let (facts, hash) = tokio::task::spawn_blocking(move || {
            let facts = inspect(&path, &FileHints::default(), &limits, true)?;
            if facts.rows == 0 {
                return Err(crate::file::FileError::Empty.into());
            }
            Ok::<_, Error>((facts, sha256(&path)?))
        })
        .await
        .map_err(|_| Error::Reader)??;
        import.kind = kind.unwrap_or_else(|| suggest::kind_of(&facts.header));
        let mut tx = self.db().begin().await?;
        let ms = millis(self.now() - began);
        rows::set_facts(&mut tx, &import, &facts, &hash, ms).await?;
        let import = rows::load(&mut tx, import.id).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// Looks at the beginning of an import's file again: samples and shapes for the mapping page,
    /// which are never stored because they may be personal.
    ///
    /// # Errors
    /// Denied, no such import, or the file is gone.
    pub async fn facts(&self, actor: &Actor, import: &Import, whole: bool) -> Result<Facts> {
        actor.may(permissions::IMPORT)?;
        let (path, limits) = (self.file_of(import)?, self.limits());
        let hints = import.mapping.as_ref().map(|mapping| mapping.file.clone()).unwrap_or_default();
        tokio::task::spawn_blocking(move || Ok(inspect(&path, &hints, &limits, whole)?))
            .await
            .map_err(|_| Error::Reader)?
    }

    /// Throws away an import that has written nothing.
    ///
    /// # Errors
    /// [`Error::State`] when it has.
    pub async fn throw_away(&self, actor: &Actor, id: ImportId) -> Result<()> {
        actor.may(permissions::IMPORT)?;
        let import = self.load(id).await?;
        if import.rows_done > 0 || import.status.is_moving() {
            return Err(Error::State { status: import.status.as_str() });
        }
        self.discard(id).await
    }

    pub(super) async fn discard(&self, id: ImportId) -> Result<()> {
        self.blobs().remove(id.uuid()).await?;
        let mut tx = self.db().begin().await?;
        for text in [
            "DELETE FROM feed_import_issue WHERE import_id = $1",
            "DELETE FROM feed_import WHERE id = $1 AND rows_done = 0",
        ] {
            tx.exec(store::sql(text).bind(id.uuid())).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Where the import's file is.
    pub(super) fn file_of(&self, import: &Import) -> Result<PathBuf> {
        let path = match &import.file_path {
            Some(path) => PathBuf::from(path),
            None => self.blobs().path(import.id.uuid()),
        };
        if import.file_gone || !path.exists() { Err(Error::FileGone) } else { Ok(path) }
    }

    /// Reads the first `limit` rows by `mapping`: what is wrong with them.
    ///
    /// # Errors
    /// The file is gone, or the mapping does not fit.
    pub async fn preview(&self, import: &Import, mapping: &Mapping, limit: u64) -> Result<Preview> {
        let (path, limits) = (self.file_of(import)?, self.limits());
        let shape = import.shape.clone().ok_or(Error::Unmapped)?;
        let mapping = mapping.clone();
        tokio::task::spawn_blocking(move || preview(&path, &shape, &mapping, &limits, limit))
            .await
            .map_err(|_| Error::Reader)?
    }

    /// The mapping used last for a file with the same columns, or `None`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn earlier_mapping(&self, header: &[String]) -> Result<Option<Mapping>> {
        let mut tx = self.db().read().await?;
        crate::saved::of_header(&mut tx, header).await
    }
}

/// The first rows of a file, read by a mapping.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Rows read.
    pub rows: u64,
    /// What is wrong with them.
    pub issues: Vec<Issue>,
}

fn preview(
    path: &Path,
    shape: &Shape,
    mapping: &Mapping,
    limits: &Limits,
    limit: u64,
) -> Result<Preview> {
    let mut table = Table::open(path, shape, limits)?;
    let mut mapper = Mapper::new(mapping, &table.header, shape.decimal)?;
    let (mut row, mut preview) = (Row::default(), Preview::default());
    while preview.rows < limit {
        match table.next(&mut row)? {
            Next::End => break,
            Next::Fault(fault) => preview.issues.push(Mapper::fault(row.number, &fault)),
            Next::Row => drop(mapper.map(&row, &mut preview.issues)),
        }
        preview.rows += 1;
    }
    Ok(preview)
}
