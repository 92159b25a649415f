//! From the bytes on disk to the bytes of the table: what packs the file is told by its first
//! bytes, never by its name, and what comes out is bounded.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::FileError;

/// What a file may cost. Ratio and absolute size bound archives that unpack without end.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Unpacked bytes in all.
    pub unpacked: u64,
    /// Unpacked bytes for each packed byte, beyond [`Limits::free`].
    pub ratio: u64,
    /// Unpacked bytes that no ratio is asked for.
    pub free: u64,
    /// Bytes of one row.
    pub record: usize,
    /// Columns of one row.
    pub columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 256 << 30, ratio: 200, free: 64 << 20, record: 1 << 20, columns: 2_000 }
    }
}

/// What the bytes are packed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Packing {
    /// Not packed.
    Plain,
    /// `.gz`
    Gzip,
    /// `.xz`
    Xz,
    /// `.zst`
    Zstd,
    /// `.zip` with one file in it.
    Zip,
    /// Parquet, which packs by itself.
    Parquet,
}

impl Packing {
    /// As shown and as written in facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
            Self::Parquet => "parquet",
        }
    }

    /// Tells the packing by the first bytes; names what is certainly no table.
    pub fn of(head: &[u8]) -> Result<Self, FileError> {
        const KNOWN: &[(&[u8], Packing)] = &[
            (b"\x1f\x8b", Packing::Gzip),
            (b"\xfd7zXZ\0", Packing::Xz),
            (b"\x28\xb5\x2f\xfd", Packing::Zstd),
            (b"PK\x03\x04", Packing::Zip),
            (b"PAR1", Packing::Parquet),
        ];
        const FOREIGN: &[(&[u8], &str)] = &[
            (b"%PDF", "PDF"),
            (b"\x89PNG", "PNG"),
            (b"\xff\xd8\xff", "JPEG"),
            (b"\x7fELF", "ELF"),
            (b"MZ\x90\0", "EXE"),
            (b"SQLite format 3\0", "SQLite"),
            (b"\xd0\xcf\x11\xe0", "XLS"),
            (b"BZh", "bzip2"),
            (b"7z\xbc\xaf\x27\x1c", "7z"),
            (b"Rar!", "RAR"),
        ];
        if let Some((_, what)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Err(FileError::NotATable(what));
        }
        let text = head.trim_ascii_start();
        let says =
            |tag: &[u8]| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
        if says(b"<!doctype html") || says(b"<html") {
            return Err(FileError::NotATable("HTML"));
        }
        if says(b"<?xml") {
            return Err(FileError::NotATable("XML"));
        }
        let known = KNOWN.iter().find(|(magic, _)| head.starts_with(magic));
        Ok(known.map_or(Self::Plain, |(_, packing)| *packing))
    }
}

/// Opens `path` for reading its unpacked bytes. Not for Parquet.
pub fn open(path: &Path, limits: &Limits) -> Result<(Packing, Box<dyn Read + Send>), FileError> {
    let mut file = File::open(path)?;
    let packed = file.metadata()?.len();
    if packed == 0 {
        return Err(FileError::Empty);
    }
    let packing = Packing::of(&head(&mut file)?)?;
    let inner: Box<dyn Read + Send> = match packing {
        Packing::Plain | Packing::Parquet => Box::new(file),
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file))),
        Packing::Xz => Box::new(xz(file)?),
        Packing::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::new(file)?;
            decoder.window_log_max(27)?;
            Box::new(decoder)
        }
        Packing::Zip => zip_entry(file)?,
    };
    if packing == Packing::Plain {
        return Ok((packing, inner));
    }
    let limit = packed.saturating_mul(limits.ratio).max(limits.free).min(limits.unpacked);
    Ok((packing, Box::new(Guard { inner, packing, left: limit, limit })))
}

/// The first bytes, with the file put back to its start.
fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(16);
    file.by_ref().take(16).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(head)
}

fn xz(file: File) -> Result<impl Read + Send, FileError> {
    let damaged = |_| FileError::Damaged { packing: "xz", row: 0 };
    let stream =
        liblzma::stream::Stream::new_stream_decoder(256 << 20, liblzma::stream::CONCATENATED)
            .map_err(damaged)?;
    Ok(liblzma::bufread::XzDecoder::new_stream(BufReader::new(file), stream))
}

/// The one file of a zip archive, without holding the archive's directory in memory for long.
fn zip_entry(file: File) -> Result<Box<dyn Read + Send>, FileError> {
    let damaged = |_| FileError::Damaged { packing: "zip", row: 0 };
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.file_names().flatten().any(|name| name.starts_with("xl/")) {
        return Err(FileError::NotATable("XLSX"));
    }
    let mut tables = Vec::new();
    for index in 0..archive.len().min(1_000) {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?;
        if !entry.is_dir() && !name.starts_with("__MACOSX/") && !name.ends_with(".DS_Store") {
            tables.push(index);
        }
    }
    let [only] = tables[..] else { return Err(FileError::Entries(tables.len())) };
    let entry = archive.by_index_raw(only).map_err(damaged)?;
    let (method, size, encrypted) =
        (entry.compression(), entry.compressed_size(), entry.encrypted());
    let start = entry.data_start().ok_or(FileError::Damaged { packing: "zip", row: 0 })?;
    drop(entry);
    if encrypted {
        return Err(FileError::Locked);
    }
    let mut file = archive.into_inner();
    file.seek(SeekFrom::Start(start))?;
    let packed = file.take(size);
    match method {
        zip::CompressionMethod::Stored => Ok(Box::new(packed)),
        zip::CompressionMethod::Deflated => {
            Ok(Box::new(flate2::bufread::DeflateDecoder::new(packed)))
        }
        _ => Err(FileError::Locked),
    }
}

/// Stops a stream that gives more than it may, and names the packing when it breaks.
struct Guard<R> {
    inner: R,
    packing: Packing,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ => io::Error::other(FileError::Damaged { packing: self.packing.as_str(), row: 0 }),
        })?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(FileError::Bomb { limit: self.limit })),
        }
        Ok(read)
    }
}
