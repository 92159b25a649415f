//! One row of a large sorted file, without reading the file.
//!
//! A file written with [`crate::ParquetOptions::sorted_by`] keeps the bounds of every page of that
//! column. A [`Finder`] holds those bounds in memory (16 bytes for every 4,096 rows), so that a look-up
//! reads and unpacks one page of each column: a millisecond or two at any size.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::Array;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
    RowSelector,
};
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use uuid::Uuid;

use crate::column;
use crate::error::{LakeError, Result};

/// Rows of a page in a file made for look-ups.
pub const PAGE_ROWS: usize = 4096;

/// Looks rows up by identity in one file. Cheap to clone, safe to share; keep it while the file is
/// in use.
#[derive(Clone, Debug)]
pub struct Finder {
    path: PathBuf,
    column: &'static str,
    metadata: ArrowReaderMetadata,
    pages: Arc<[Page]>,
}

#[derive(Clone, Copy, Debug)]
struct Page {
    least: Uuid,
    most: Uuid,
    group: usize,
    from: usize,
    to: usize,
}

impl Finder {
    /// Opens a file that was written sorted by `column`, identities of sixteen bytes.
    ///
    /// # Errors
    /// [`LakeError::File`], [`LakeError::NotParquet`]; [`LakeError::NoColumn`] when the column is
    /// missing or was not written for look-ups.
    pub fn open(path: impl Into<PathBuf>, column: &'static str) -> Result<Self> {
        let path = path.into();
        let file = File::open(&path).map_err(|e| LakeError::file("open a file", &path, e))?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let metadata =
            ArrowReaderMetadata::load(&file, options).map_err(|e| LakeError::parquet(&path, e))?;
        let no_column = || LakeError::NoColumn { column: column.to_owned() };
        let place = metadata.schema().index_of(column).map_err(|_| no_column())?;
        let pages = pages(&metadata, place).ok_or_else(no_column)?;
        Ok(Self { path, column, metadata, pages: pages.into() })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The row of `id`, as a batch of one row, or `None`.
    ///
    /// # Errors
    /// [`LakeError::File`], [`LakeError::NotParquet`], [`LakeError::ColumnType`].
    pub fn row(&self, id: Uuid) -> Result<Option<RecordBatch>> {
        let at = self.pages.partition_point(|page| page.most < id);
        let Some(page) = self.pages.get(at).filter(|page| page.least <= id) else {
            return Ok(None);
        };
        let file =
            File::open(&self.path).map_err(|e| LakeError::file("open a file", &self.path, e))?;
        let selection = RowSelection::from(vec![
            RowSelector::skip(page.from),
            RowSelector::select(page.to - page.from),
        ]);
        let reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![page.group])
                .with_row_selection(selection)
                .with_batch_size(PAGE_ROWS)
                .build()
                .map_err(|e| LakeError::parquet(&self.path, e))?;
        for batch in reader {
            let batch = batch?;
            let ids = column::uuids(&batch, self.column)?;
            let row = (0..ids.len()).find(|&row| ids.value(row) == id.as_bytes());
            if let Some(row) = row {
                return Ok(Some(batch.slice(row, 1)));
            }
        }
        Ok(None)
    }
}

fn pages(metadata: &ArrowReaderMetadata, place: usize) -> Option<Vec<Page>> {
    let parquet = metadata.metadata();
    let mut pages = Vec::new();
    for (group, meta) in parquet.row_groups().iter().enumerate() {
        let rows = usize::try_from(meta.num_rows()).ok()?;
        let bounds = parquet.column_index()?.get(group)?.get(place)?;
        let ColumnIndexMetaData::FIXED_LEN_BYTE_ARRAY(bounds) = bounds else { return None };
        let places = parquet.offset_index()?.get(group)?.get(place)?.page_locations();
        for (page, here) in places.iter().enumerate() {
            let from = usize::try_from(here.first_row_index).ok()?;
            let to = match places.get(page + 1) {
                Some(next) => usize::try_from(next.first_row_index).ok()?,
                None => rows,
            };
            let least = Uuid::from_slice(bounds.min_value(page)?).ok()?;
            let most = Uuid::from_slice(bounds.max_value(page)?).ok()?;
            pages.push(Page { least, most, group, from, to });
        }
    }
    Some(pages)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use arrow::array::{ArrayRef, FixedSizeBinaryArray, Int64Array};

    use super::*;
    use crate::{ParquetOptions, ParquetOut};

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n * 7 + 3)
    }

    #[test]
    fn every_row_is_found_and_strangers_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.parquet");
        let options = ParquetOptions {
            group_rows: 20_000,
            sorted_by: Some("customer_id"),
            ..ParquetOptions::default()
        };
        let total = 50_000_u128;
        let ids: ArrayRef = Arc::new(
            FixedSizeBinaryArray::try_from_iter((0..total).map(|n| id(n).into_bytes())).unwrap(),
        );
        let km: ArrayRef = Arc::new(Int64Array::from_iter_values(0..50_000));
        let rows = RecordBatch::try_from_iter([("customer_id", ids), ("km", km)]).unwrap();
        let mut out = ParquetOut::create(&path, rows.schema(), options).unwrap();
        out.write(&rows).unwrap();
        out.finish().unwrap();

        let finder = Finder::open(&path, "customer_id").unwrap();
        assert!(finder.pages.len() >= 12, "{} pages", finder.pages.len());
        for n in (0..total).step_by(997).chain([0, 4095, 4096, 19_999, 20_000, total - 1]) {
            let found = finder.row(id(n)).unwrap().unwrap();
            assert_eq!(found.num_rows(), 1);
            let km = column::ints(&found, "km").unwrap().value(0);
            assert_eq!(u128::try_from(km).unwrap(), n);
        }
        for stranger in [0, 4, 7 * 4096 + 4, u128::MAX] {
            assert!(finder.row(Uuid::from_u128(stranger)).unwrap().is_none());
        }
        assert!(Finder::open(&path, "km").is_err());
    }
}
