//! Parquet as rows of text, so that one mapper serves both kinds of file.

use std::path::Path;

use lake::arrow::record_batch::RecordBatch;
use lake::arrow::util::display::{ArrayFormatter, FormatOptions};

use super::FileError;
use super::records::{Next, Row};

type Batches = Box<dyn Iterator<Item = lake::Result<RecordBatch>> + Send>;

/// Rows of a Parquet file.
pub(super) struct ParquetRows {
    batches: Batches,
    batch: Option<RecordBatch>,
    at: usize,
    number: u64,
    rows: u64,
    names: Vec<String>,
}

impl ParquetRows {
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let damaged = |_| FileError::Damaged { packing: "parquet", row: 0 };
        let file = lake::ParquetIn::open(path).map_err(damaged)?;
        let rows = file.rows();
        let names = file.schema().fields().iter().map(|field| field.name().clone()).collect();
        let batches: Batches = Box::new(file.batches().map_err(damaged)?);
        // Row 1 is the header in a text file; the first data row is row 2 here as well.
        Ok(Self { batches, batch: None, at: 0, number: 1, rows, names })
    }

    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn next(&mut self, row: &mut Row) -> Result<Next, FileError> {
        let damaged = |number| FileError::Damaged { packing: "parquet", row: number };
        while self.batch.as_ref().is_none_or(|batch| self.at >= batch.num_rows()) {
            match self.batches.next() {
                None => return Ok(Next::End),
                Some(Ok(batch)) => (self.batch, self.at) = (Some(batch), 0),
                Some(Err(_)) => return Err(damaged(self.number)),
            }
        }
        let Some(batch) = &self.batch else { return Ok(Next::End) };
        row.clear();
        let options = FormatOptions::default();
        for column in batch.columns() {
            let formatter = ArrayFormatter::try_new(column.as_ref(), &options)
                .map_err(|_| damaged(self.number))?;
            if column.is_null(self.at) {
                row.push("");
            } else {
                row.push(&formatter.value(self.at).to_string());
            }
        }
        self.at += 1;
        self.number += 1;
        row.number = self.number;
        Ok(Next::Row)
    }
}
