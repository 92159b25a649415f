//! Reading some columns of a Parquet file, batch by batch, without a query planner.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::error::{LakeError, Result};

/// A Parquet file opened for reading. Opening reads the footer only.
#[derive(Debug)]
pub struct ParquetIn {
    path: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
    columns: Option<Vec<String>>,
    batch_rows: usize,
}

impl ParquetIn {
    /// Opens `path`.
    ///
    /// # Errors
    /// [`LakeError::File`]; [`LakeError::NotParquet`] for anything else than whole Parquet.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let file = File::open(&path).map_err(|e| LakeError::file("open a file", &path, e))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|e| LakeError::parquet(&path, e))?;
        Ok(Self { path, file, metadata, columns: None, batch_rows: 8192 })
    }

    /// Rows in the file.
    #[must_use]
    pub fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// What the columns are called and hold.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// Only these columns, in the file's order.
    #[must_use]
    pub fn columns(mut self, columns: &[&str]) -> Self {
        self.columns = Some(columns.iter().map(|&c| c.to_owned()).collect());
        self
    }

    /// Rows handed over at a time (8,192 unless said otherwise).
    #[must_use]
    pub fn batch_rows(mut self, rows: usize) -> Self {
        self.batch_rows = rows.max(1);
        self
    }

    /// Reads on from the start.
    ///
    /// # Errors
    /// [`LakeError::NoColumn`]; later, from the iterator, [`LakeError::Rows`] for a damaged file.
    pub fn batches(self) -> Result<impl Iterator<Item = Result<RecordBatch>> + Send> {
        let mask = self.mask()?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file, self.metadata)
            .with_batch_size(self.batch_rows)
            .with_projection(mask)
            .build()
            .map_err(|e| LakeError::parquet(&self.path, e))?;
        Ok(reader.map(|batch| batch.map_err(LakeError::from)))
    }

    fn mask(&self) -> Result<ProjectionMask> {
        let Some(columns) = &self.columns else { return Ok(ProjectionMask::all()) };
        let schema = self.metadata.schema();
        let places = columns
            .iter()
            .map(|c| schema.index_of(c).map_err(|_| LakeError::NoColumn { column: c.clone() }))
            .collect::<Result<Vec<_>>>()?;
        Ok(ProjectionMask::roots(self.metadata.parquet_schema(), places))
    }
}

/// The Parquet files of a folder, by name: a table's parts. A missing folder has none.
///
/// # Errors
/// [`LakeError::File`] when the folder cannot be read.
pub fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let failed = |e| LakeError::file("read a folder", folder, e);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|e| e == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int64Array};

    use super::*;
    use crate::{ParquetOptions, ParquetOut, column};

    #[test]
    fn only_the_columns_asked_for_are_read_and_a_stranger_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let km: ArrayRef = Arc::new(Int64Array::from_iter_values(0..20_000));
        let discount: ArrayRef =
            Arc::new(Float64Array::from_iter_values((0..20_000).map(f64::from)));
        let rows = RecordBatch::try_from_iter([("km", km), ("discount", discount)]).unwrap();
        let mut out = ParquetOut::create(&path, rows.schema(), ParquetOptions::default()).unwrap();
        out.write(&rows).unwrap();
        out.finish().unwrap();

        let batches = ParquetIn::open(&path).unwrap().columns(&["discount"]).batches().unwrap();
        let mut seen = 0;
        for batch in batches {
            let batch = batch.unwrap();
            assert_eq!(batch.num_columns(), 1);
            seen += column::floats(&batch, "discount").unwrap().len();
        }
        assert_eq!(seen, 20_000);
        let stranger = ParquetIn::open(&path).unwrap().columns(&["fare"]).batches();
        assert!(matches!(stranger.err(), Some(LakeError::NoColumn { column }) if column == "fare"));
    }

    #[test]
    fn what_is_not_parquet_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("members.parquet");
        for content in [&b""[..], b"MEMBER_NO,TIER\n1,gold\n", b"PAR1\0\0\0\0PAR1", &[0; 4096]] {
            std::fs::write(&path, content).unwrap();
            let refused = ParquetIn::open(&path).unwrap_err();
            assert!(matches!(refused, LakeError::NotParquet { .. }), "{refused:?}");
            assert!(refused.to_string().contains("members.parquet"));
        }
    }
}
