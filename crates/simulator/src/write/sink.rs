//! One description of a table, two formats: rows go cell by cell into a sink.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::{Datelike, NaiveDate};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use super::{FileEntry, WriteError};

/// Rows of one Arrow batch, and batches of one Parquet row group. Fixed, so that the bytes do not
/// depend on how the members were cut into chunks.
const BATCH_ROWS: usize = 65_536;
const GROUP_ROWS: usize = 4 * BATCH_ROWS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Int,
    Real,
    Date,
}

/// A column: its name and type. Every column but texts may be empty.
pub type Column = (&'static str, Type);

/// Takes the cells of a row from left to right.
pub trait Sink {
    /// An empty text is an empty cell.
    fn text(&mut self, value: &str);
    fn int(&mut self, value: Option<i64>);
    /// Written with at most four decimals.
    fn real(&mut self, value: Option<f64>);
    fn date(&mut self, value: Option<NaiveDate>);
    /// # Errors
    /// When the file cannot be written.
    fn end_row(&mut self) -> Result<(), WriteError>;
}

/// Counts and hashes what goes by.
pub(super) struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(data)?;
        self.hash.update(&data[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

type Out = Hashing<BufWriter<File>>;

fn create(path: &Path) -> Result<Out, WriteError> {
    let file = File::create(path)
        .map_err(|source| WriteError::Create { path: path.to_owned(), source })?;
    Ok(Hashing { inner: BufWriter::with_capacity(1 << 18, file), hash: Sha256::new(), bytes: 0 })
}

fn entry(mut out: Out, name: &str, rows: u64) -> Result<FileEntry, WriteError> {
    out.flush().map_err(WriteError::Write)?;
    let sha256 = hex::encode(out.hash.finalize());
    Ok(FileEntry { name: name.to_owned(), rows, bytes: out.bytes, sha256 })
}

/// UTF-8, comma, quotes where needed, a header line, `\n` at line ends.
pub(super) struct CsvSink {
    name: String,
    out: csv::Writer<Out>,
    cell: String,
    rows: u64,
    failed: Option<csv::Error>,
}

impl CsvSink {
    pub(super) fn create(path: &Path, columns: &[Column]) -> Result<Self, WriteError> {
        let mut out = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(create(path)?);
        out.write_record(columns.iter().map(|(name, _)| name)).map_err(csv_error)?;
        Ok(Self { name: file_name(path), out, cell: String::new(), rows: 0, failed: None })
    }

    pub(super) fn finish(self) -> Result<FileEntry, WriteError> {
        let rows = self.rows;
        let out = self.out.into_inner().map_err(|e| WriteError::Write(e.into_error()))?;
        entry(out, &self.name, rows)
    }

    fn put(&mut self) {
        if let Err(error) = self.out.write_field(&self.cell) {
            self.failed.get_or_insert(error);
        }
        self.cell.clear();
    }

    fn format(&mut self, value: std::fmt::Arguments<'_>) {
        // Writing into a String cannot fail.
        let _ = std::fmt::Write::write_fmt(&mut self.cell, value);
        self.put();
    }
}

impl Sink for CsvSink {
    fn text(&mut self, value: &str) {
        self.cell.push_str(value);
        self.put();
    }

    fn int(&mut self, value: Option<i64>) {
        match value {
            Some(value) => self.format(format_args!("{value}")),
            None => self.put(),
        }
    }

    fn real(&mut self, value: Option<f64>) {
        match value.map(|v| (v * 10_000.0).round() / 10_000.0) {
            Some(value) => self.format(format_args!("{value}")),
            None => self.put(),
        }
    }

    fn date(&mut self, value: Option<NaiveDate>) {
        match value {
            Some(day) => {
                let (year, month, date) = (day.year(), day.month(), day.day());
                self.format(format_args!("{year:04}-{month:02}-{date:02}"));
            }
            None => self.put(),
        }
    }

    fn end_row(&mut self) -> Result<(), WriteError> {
        if let Some(error) = self.failed.take() {
            return Err(csv_error(error));
        }
        self.rows += 1;
        self.out.write_record(None::<&[u8]>).map_err(csv_error)
    }
}

fn csv_error(error: csv::Error) -> WriteError {
    WriteError::Write(io::Error::other(error))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

enum Builder {
    Text(StringBuilder),
    Int(Int64Builder),
    Real(Float64Builder),
    Date(Date32Builder),
}

impl Builder {
    fn new(of: Type) -> Self {
        match of {
            Type::Text => Self::Text(StringBuilder::new()),
            Type::Int => Self::Int(Int64Builder::new()),
            Type::Real => Self::Real(Float64Builder::new()),
            Type::Date => Self::Date(Date32Builder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Int(builder) => Arc::new(builder.finish()),
            Self::Real(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Zstandard level 1, dictionaries, statistics; 262,144 rows a group.
pub(super) struct ParquetSink {
    name: String,
    schema: Arc<Schema>,
    out: ArrowWriter<Out>,
    builders: Vec<Builder>,
    at: usize,
    pending: usize,
    rows: u64,
}

impl ParquetSink {
    pub(super) fn create(path: &Path, columns: &[Column]) -> Result<Self, WriteError> {
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, of)| {
                let arrow = match of {
                    Type::Text => DataType::Utf8,
                    Type::Int => DataType::Int64,
                    Type::Real => DataType::Float64,
                    Type::Date => DataType::Date32,
                };
                Field::new(*name, arrow, true)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("Jetbridge simulator".to_owned())
            .build();
        let out = ArrowWriter::try_new(create(path)?, Arc::clone(&schema), Some(properties))?;
        let builders = columns.iter().map(|(_, of)| Builder::new(*of)).collect();
        Ok(Self { name: file_name(path), schema, out, builders, at: 0, pending: 0, rows: 0 })
    }

    pub(super) fn finish(mut self) -> Result<FileEntry, WriteError> {
        self.flush()?;
        let rows = self.rows;
        entry(self.out.into_inner()?, &self.name, rows)
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        if self.pending > 0 {
            let arrays = self.builders.iter_mut().map(Builder::finish).collect();
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
            self.out.write(&batch)?;
            self.pending = 0;
        }
        Ok(())
    }

    fn next(&mut self) -> Option<&mut Builder> {
        self.at += 1;
        self.builders.get_mut(self.at - 1)
    }
}

impl Sink for ParquetSink {
    fn text(&mut self, value: &str) {
        if let Some(Builder::Text(builder)) = self.next() {
            builder.append_option((!value.is_empty()).then_some(value));
        }
    }

    fn int(&mut self, value: Option<i64>) {
        if let Some(Builder::Int(builder)) = self.next() {
            builder.append_option(value);
        }
    }

    fn real(&mut self, value: Option<f64>) {
        if let Some(Builder::Real(builder)) = self.next() {
            builder.append_option(value);
        }
    }

    fn date(&mut self, value: Option<NaiveDate>) {
        if let Some(Builder::Date(builder)) = self.next() {
            builder.append_option(value.map(|day| (day - NaiveDate::default()).num_days() as i32));
        }
    }

    fn end_row(&mut self) -> Result<(), WriteError> {
        self.at = 0;
        self.rows += 1;
        self.pending += 1;
        if self.pending == BATCH_ROWS { self.flush() } else { Ok(()) }
    }
}
