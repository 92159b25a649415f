//! Finding out how a file is written and what its columns look like.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::profile::Profile;
use super::records::{Next, Row};
use super::{FileError, Limits, Packing, Shape, Table, dialect, encoding, unpack};
use crate::mapping::FileHints;

/// Unpacked bytes looked at for letters and dialect.
const SAMPLE: u64 = 1 << 20;
/// Rows looked at closely.
const CLOSE: u64 = 2_000;
/// Unpacked bytes within which rows are counted one by one.
const COUNTED: u64 = 256 << 20;

/// What was found.
#[derive(Clone, Debug)]
pub struct Facts {
    /// How it is written.
    pub shape: Shape,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Names that came twice; the later ones got a number.
    pub twice: Vec<String>,
    /// Data rows.
    pub rows: u64,
    /// Whether `rows` is counted (or estimated from the beginning).
    pub exact: bool,
    /// Rows that cannot be taken apart, among those counted.
    pub broken: u64,
    /// Size on disk.
    pub bytes: u64,
    /// Column by column.
    pub profiles: Vec<Profile>,
}

/// Looks at `path`. What `hints` say is taken for granted.
///
/// With `count`, reads on to count rows and choices; without, looks at the beginning only.
pub fn inspect(
    path: &Path,
    hints: &FileHints,
    limits: &Limits,
    count: bool,
) -> Result<Facts, FileError> {
    let bytes = std::fs::metadata(path)?.len();
    let shape = shape(path, hints, limits)?;
    let mut table = Table::open(path, &shape, limits)?;
    let (header, twice) = (table.header.clone(), table.twice.clone());
    let mut profiles = vec![Profile::new(); header.len()];
    let (mut row, mut rows, mut broken, mut exact) = (Row::default(), 0_u64, 0_u64, true);
    loop {
        match table.next(&mut row)? {
            Next::End => break,
            Next::Fault(_) => broken += 1,
            Next::Row => {
                for (index, profile) in profiles.iter_mut().enumerate() {
                    if rows < CLOSE {
                        profile.look(&row, index);
                    }
                    profile.count(&row, index);
                }
            }
        }
        rows += 1;
        if table.taken() > COUNTED || (!count && rows >= CLOSE) {
            exact = false;
            break;
        }
    }
    if let Some(told) = table.rows() {
        (rows, exact) = (told, true);
    } else if !exact {
        rows = estimate(rows, table.taken(), bytes, shape.packing);
    }
    let mut facts = Facts { shape, header, twice, rows, exact, broken, bytes, profiles };
    if hints.decimal.is_none() {
        facts.shape.decimal = decimal(&facts.profiles, facts.shape.delimiter);
    }
    Ok(facts)
}

fn estimate(rows: u64, taken: u64, bytes: u64, packing: Packing) -> u64 {
    match packing {
        Packing::Plain => rows.saturating_mul(bytes) / taken.max(1),
        _ => rows,
    }
}

/// A decimal comma needs columns that cannot be read otherwise.
fn decimal(profiles: &[Profile], delimiter: char) -> char {
    let commas: u64 = profiles.iter().map(|profile| profile.decimal_comma).sum();
    let points: u64 = profiles.iter().map(|profile| profile.decimal_point).sum();
    if delimiter != ',' && commas > points { ',' } else { '.' }
}

/// Packing, letters, dialect and header from the beginning of the file.
fn shape(path: &Path, hints: &FileHints, limits: &Limits) -> Result<Shape, FileError> {
    let (packing, bytes) = unpack::open(path, limits)?;
    if packing == Packing::Parquet {
        return Ok(Shape::parquet());
    }
    let mut sample = Vec::new();
    bytes.take(SAMPLE).read_to_end(&mut sample)?;
    if sample.is_empty() {
        return Err(FileError::Empty);
    }
    let hinted = hints.encoding.as_deref().and_then(encoding::by_name);
    let letters = hinted.unwrap_or_else(|| encoding::guess(&sample));
    let (text, ..) = letters.decode(&sample);
    refuse_binary(text.as_bytes())?;
    let mut dialect = dialect::guess(text.as_bytes());
    if let Some(delimiter) = hints.delimiter.and_then(|mark| u8::try_from(u32::from(mark)).ok()) {
        dialect.delimiter = delimiter;
    }
    let first = dialect::rows(text.as_bytes(), dialect, 50);
    Ok(Shape {
        packing,
        encoding: encoding::name(letters),
        delimiter: char::from(dialect.delimiter),
        old_mac: dialect.terminator == b'\r',
        header: hints.header.unwrap_or_else(|| dialect::has_header(&first)),
        decimal: hints.decimal.unwrap_or('.'),
    })
}

/// A few control bytes are damage, many are no text.
fn refuse_binary(text: &[u8]) -> Result<(), FileError> {
    let head = &text[..text.len().min(64 * 1024)];
    let control =
        head.iter().filter(|byte| **byte < 9 || (14..32).contains(*byte) || **byte == 127).count();
    if control * 20 > head.len() { Err(FileError::NotATable("binary")) } else { Ok(()) }
}

/// SHA-256 of the file as it lies on disk, in hexadecimal.
pub fn sha256(path: &Path) -> Result<String, FileError> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}
