//! Writing a Parquet file that is there whole or not at all.
//!
//! Rows go to `.<name>.<process>-<n>.tmp` beside the target; [`ParquetOut::finish`] writes the
//! footer, waits for the disk and renames. A writer that is dropped unfinished removes its file; one
//! that is killed leaves a `.tmp` that no reader looks at and [`sweep`](ParquetOut::sweep) removes.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use crate::error::{LakeError, Result};

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParquetOptions {
    /// zstd level, 1 (fast) to 3.
    pub level: u8,
    /// Rows in a row group: the unit in which a file is read by several cores.
    pub group_rows: usize,
    /// A column the rows are sorted by. It gets small pages and their bounds, so that
    /// [`crate::Finder`] reads one page instead of a group.
    pub sorted_by: Option<&'static str>,
}

impl Default for ParquetOptions {
    fn default() -> Self {
        Self { level: 1, group_rows: 1 << 20, sorted_by: None }
    }
}

/// What a finished file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// A Parquet file being written. Blocking, a few milliseconds at a time.
pub struct ParquetOut {
    target: PathBuf,
    temporary: PathBuf,
    /// `None` once finished.
    writer: Option<ArrowWriter<File>>,
    rows: u64,
}

impl std::fmt::Debug for ParquetOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ParquetOut({}, {} rows)", self.target.display(), self.rows)
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl ParquetOut {
    /// Begins the file that will be at `target`, making its folder when missing. A file already
    /// there stays readable until [`ParquetOut::finish`].
    ///
    /// # Errors
    /// [`LakeError::File`], [`LakeError::DiskFull`].
    pub fn create(
        target: impl Into<PathBuf>,
        schema: SchemaRef,
        options: ParquetOptions,
    ) -> Result<Self> {
        let target = target.into();
        let folder = target.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|e| LakeError::file("make a folder", folder, e))?;
        let name =
            target.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".{name}.{}-{n}.tmp", std::process::id()));
        let file =
            File::create(&temporary).map_err(|e| LakeError::file("begin a file", &temporary, e))?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties(options)))
            .map_err(|e| LakeError::parquet(&target, e))?;
        Ok(Self { target, temporary, writer: Some(writer), rows: 0 })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// [`LakeError::DiskFull`]; [`LakeError::NotParquet`] when the rows do not fit the schema.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(rows).map_err(|e| LakeError::parquet(&self.target, e))?;
        self.rows += rows.num_rows() as u64;
        Ok(())
    }

    /// Rows appended so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the file and puts it in place at once.
    ///
    /// # Errors
    /// [`LakeError::File`], [`LakeError::DiskFull`]; whatever was at the target is still there then.
    pub fn finish(mut self) -> Result<Written> {
        let Some(writer) = self.writer.take() else {
            return Ok(Written { rows: self.rows, bytes: 0 });
        };
        let ended = writer.into_inner().map_err(|e| LakeError::parquet(&self.target, e));
        let bytes = ended.and_then(|file| self.put_in_place(file)).inspect_err(|_| {
            std::fs::remove_file(&self.temporary).ok();
        })?;
        Ok(Written { rows: self.rows, bytes })
    }

    fn put_in_place(&self, mut file: File) -> Result<u64> {
        let failed = |e| LakeError::file("end a file", &self.target, e);
        file.flush().map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        drop(file);
        std::fs::rename(&self.temporary, &self.target).map_err(failed)?;
        // The rename itself reaches the disk with its folder.
        if let Some(Ok(folder)) = self.target.parent().map(File::open) {
            folder.sync_all().map_err(failed)?;
        }
        Ok(bytes)
    }

    /// Removes what killed writers left in `folder`: temporary files not touched since `before`.
    ///
    /// # Errors
    /// [`LakeError::File`] when the folder cannot be read.
    pub fn sweep(folder: &Path, before: SystemTime) -> Result<usize> {
        let failed = |e| LakeError::file("sweep a folder", folder, e);
        let mut removed = 0;
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let stale = |entry: &std::fs::DirEntry| {
                entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| at < before)
            };
            if name.starts_with('.') && name.ends_with(".tmp") && stale(&entry) {
                std::fs::remove_file(entry.path()).map_err(failed)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

impl Drop for ParquetOut {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            std::fs::remove_file(&self.temporary).ok();
        }
    }
}

fn properties(options: ParquetOptions) -> WriterProperties {
    let level = ZstdLevel::try_new(i32::from(options.level.clamp(1, 3))).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_created_by("jetbridge".to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(options.group_rows.max(1)))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    if let Some(column) = options.sorted_by {
        let column = ColumnPath::from(column);
        properties = properties
            .set_data_page_row_count_limit(crate::find::PAGE_ROWS)
            .set_write_batch_size(crate::find::PAGE_ROWS)
            .set_column_statistics_enabled(column.clone(), EnabledStatistics::Page)
            .set_column_dictionary_enabled(column, false);
    }
    properties.build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;
    use std::time::Duration;

    use arrow::array::{ArrayRef, Int64Array};

    use super::*;
    use crate::ParquetIn;

    fn rows(values: std::ops::Range<i64>) -> RecordBatch {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(values));
        RecordBatch::try_from_iter([("km", column)]).unwrap()
    }

    #[test]
    fn a_file_appears_whole_and_replaces_the_old_one_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2026-03.parquet");
        let mut out =
            ParquetOut::create(&path, rows(0..1).schema(), ParquetOptions::default()).unwrap();
        out.write(&rows(0..1000)).unwrap();
        assert!(!path.exists(), "not before it is finished");
        let written = out.finish().unwrap();
        assert_eq!(written.rows, 1000);
        assert_eq!(ParquetIn::open(&path).unwrap().rows(), 1000);

        let mut again =
            ParquetOut::create(&path, rows(0..1).schema(), ParquetOptions::default()).unwrap();
        again.write(&rows(0..5)).unwrap();
        assert_eq!(ParquetIn::open(&path).unwrap().rows(), 1000, "the old one until then");
        again.finish().unwrap();
        assert_eq!(ParquetIn::open(&path).unwrap().rows(), 5);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing left over");
    }

    #[test]
    fn an_unfinished_file_leaves_nothing_and_a_killed_writers_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.parquet");
        let out =
            ParquetOut::create(&path, rows(0..1).schema(), ParquetOptions::default()).unwrap();
        let killed = out.temporary.clone();
        drop(out);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

        std::fs::write(&killed, b"PAR1 half").unwrap();
        let made = killed.metadata().unwrap().modified().unwrap();
        assert_eq!(ParquetOut::sweep(folder.path(), made).unwrap(), 0, "may still be written");
        let later = made + Duration::from_secs(1);
        assert_eq!(ParquetOut::sweep(folder.path(), later).unwrap(), 1);
        assert!(!killed.exists());
    }
}
