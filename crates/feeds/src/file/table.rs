//! A file opened as a table whose shape is known.

use std::io::{Cursor, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::parquet::ParquetRows;
use super::records::{Dialect, Next, Records, Row};
use super::{FileError, Limits, Packing, dialect, encoding, unpack};

/// How a file is written: found by [`super::inspect`], kept with the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Shape {
    /// plain, gzip, xz, zstd, zip, parquet
    #[schema(value_type = String)]
    pub packing: Packing,
    /// `UTF-8`, `GB18030`, …
    pub encoding: String,
    /// Between fields.
    pub delimiter: char,
    /// Rows end with a lone carriage return.
    pub old_mac: bool,
    /// The first row holds names.
    pub header: bool,
    /// Decimal mark.
    pub decimal: char,
}

impl Shape {
    /// The shape of every Parquet file.
    #[must_use]
    pub fn parquet() -> Self {
        Self {
            packing: Packing::Parquet,
            encoding: "UTF-8".to_owned(),
            delimiter: ',',
            old_mac: false,
            header: true,
            decimal: '.',
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: u8::try_from(u32::from(self.delimiter)).unwrap_or(b','),
            terminator: if self.old_mac { b'\r' } else { b'\n' },
        }
    }
}

type Text = Records<Box<dyn Read + Send>>;

enum Source {
    Text(Box<Text>),
    Parquet(Box<ParquetRows>),
}

/// A table open for reading, standing before its first data row.
pub struct Table {
    source: Source,
    /// Names of the columns, made unique.
    pub header: Vec<String>,
    /// Names that came twice.
    pub twice: Vec<String>,
    first: Option<Row>,
}

impl Table {
    /// Opens `path` as `shape`.
    ///
    /// # Errors
    /// [`FileError`]: unreadable, damaged, empty, no table.
    pub fn open(path: &Path, shape: &Shape, limits: &Limits) -> Result<Self, FileError> {
        if shape.packing == Packing::Parquet {
            let rows = ParquetRows::open(path)?;
            let header = rows.names();
            let source = Source::Parquet(Box::new(rows));
            return Ok(Self { source, header, twice: Vec::new(), first: None });
        }
        let (_, bytes) = unpack::open(path, limits)?;
        let text = as_utf8(bytes, &shape.encoding)?;
        let mut records = Box::new(Records::new(text, shape.dialect(), limits.record));
        let mut first = Row::default();
        match records.next(&mut first)? {
            Next::Row => {}
            Next::End => return Err(FileError::Empty),
            Next::Fault(_) => return Err(FileError::FirstRow),
        }
        if first.len() > limits.columns {
            return Err(FileError::TooManyColumns(first.len()));
        }
        records.expect(first.len());
        let (header, twice) = dialect::names(&first, shape.header);
        let first = (!shape.header).then_some(first);
        Ok(Self { source: Source::Text(records), header, twice, first })
    }

    /// The next data row.
    pub fn next(&mut self, row: &mut Row) -> Result<Next, FileError> {
        if let Some(first) = self.first.take() {
            *row = first;
            return Ok(Next::Row);
        }
        match &mut self.source {
            Source::Text(records) => records.next(row),
            Source::Parquet(rows) => rows.next(row),
        }
    }

    /// Rows in all, when the file says so.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        match &self.source {
            Source::Text(_) => None,
            Source::Parquet(rows) => Some(rows.rows()),
        }
    }

    /// Unpacked bytes taken in so far.
    #[must_use]
    pub fn taken(&self) -> u64 {
        match &self.source {
            Source::Text(records) => records.taken(),
            Source::Parquet(_) => 0,
        }
    }
}

/// UTF-8 bytes without a byte-order mark.
fn as_utf8(mut bytes: Box<dyn Read + Send>, name: &str) -> Result<Box<dyn Read + Send>, FileError> {
    let known = encoding::by_name(name).unwrap_or(encoding_rs::UTF_8);
    if known != encoding_rs::UTF_8 {
        return Ok(Box::new(encoding::Transcode::new(bytes, known)));
    }
    let mut mark = Vec::with_capacity(3);
    bytes.by_ref().take(3).read_to_end(&mut mark)?;
    if mark == b"\xef\xbb\xbf" {
        mark.clear();
    }
    Ok(Box::new(Cursor::new(mark).chain(bytes)))
}
