//! The archive of a backup: a zstd-compressed tar whose last entry, `MANIFEST.json`, lists every
//! file before it with size and SHA-256. An archive without it was cut off.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fail::{Fail, file as at_file};

pub(crate) const MANIFEST: &str = "MANIFEST.json";

/// What an archive holds.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Manifest {
    /// Shape of the archive.
    pub(crate) format: u32,
    /// Version of the program that wrote it.
    pub(crate) version: String,
    /// `sqlite` or `postgres`.
    pub(crate) engine: String,
    /// When.
    pub(crate) created_at: chrono::DateTime<chrono::Utc>,
    /// Path → size and checksum.
    pub(crate) files: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// Counts and hashes what passes through.
struct Weighed<T> {
    inner: T,
    bytes: u64,
    hash: Sha256,
}

impl<T> Weighed<T> {
    fn new(inner: T) -> Self {
        Self { inner, bytes: 0, hash: Sha256::new() }
    }

    fn entry(self) -> Entry {
        Entry { bytes: self.bytes, sha256: hex::encode(self.hash.finalize()) }
    }
}

impl<T: Read> Read for Weighed<T> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// Writes an archive.
pub(crate) struct Writer {
    tar: tar::Builder<zstd::Encoder<'static, BufWriter<File>>>,
    path: PathBuf,
    files: BTreeMap<String, Entry>,
}

impl Writer {
    /// Begins `path`, which must not exist. Only its owner may read it: it holds the key file.
    pub(crate) fn create(path: &Path) -> Result<Self, Fail> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(at_file(path))?;
        let encoder = zstd::Encoder::new(BufWriter::new(file), 3).map_err(at_file(path))?;
        Ok(Self { tar: tar::Builder::new(encoder), path: path.to_owned(), files: BTreeMap::new() })
    }

    /// Adds the file at `from` under `name`.
    pub(crate) fn add(&mut self, name: &str, from: &Path) -> Result<(), Fail> {
        let file = File::open(from).map_err(at_file(from))?;
        let size = file.metadata().map_err(at_file(from))?.len();
        let mut header = header(size);
        // A file that grows while it is read is taken as long as it was.
        let mut weighed = Weighed::new(BufReader::new(file).take(size));
        self.tar.append_data(&mut header, name, &mut weighed).map_err(at_file(&self.path))?;
        self.files.insert(name.to_owned(), weighed.entry());
        Ok(())
    }

    /// Ends the archive. Returns what it holds.
    pub(crate) fn finish(
        mut self,
        engine: &str,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Manifest, Fail> {
        let manifest = Manifest {
            format: 1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            engine: engine.to_owned(),
            created_at: now,
            files: self.files,
        };
        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| Fail::new(format!("The manifest could not be written: {error}.")))?;
        let path = &self.path;
        let end = || -> std::io::Result<()> {
            self.tar.append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())?;
            let mut file = self.tar.into_inner()?.finish()?;
            file.flush()?;
            file.get_ref().sync_all()
        };
        end().map_err(at_file(path))?;
        Ok(manifest)
    }
}

fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(0);
    header
}

/// Unpacks `archive` into the empty folder `into` and checks every file against the manifest.
pub(crate) fn unpack(archive: &Path, into: &Path) -> Result<Manifest, Fail> {
    let file = File::open(archive).map_err(at_file(archive))?;
    let decoder = zstd::Decoder::new(BufReader::new(file)).map_err(at_file(archive))?;
    let mut found = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    let mut tar = tar::Archive::new(decoder);
    for entry in tar.entries().map_err(broken(archive))? {
        let entry = entry.map_err(broken(archive))?;
        let name = entry.path().map_err(broken(archive))?.to_string_lossy().into_owned();
        if name == MANIFEST {
            manifest = Some(read_manifest(archive, entry)?);
            continue;
        }
        let target =
            safe(into, &name).ok_or_else(|| damaged(archive, "a path leaves the folder"))?;
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(at_file(folder))?;
        }
        let mut weighed = Weighed::new(entry);
        let mut out = private_file(&target)?;
        std::io::copy(&mut weighed, &mut out).map_err(broken(archive))?;
        out.sync_all().map_err(at_file(&target))?;
        found.insert(name, weighed.entry());
    }
    let manifest =
        manifest.ok_or_else(|| damaged(archive, "it was cut off: the manifest is missing"))?;
    for (name, entry) in &manifest.files {
        if found.get(name) != Some(entry) {
            return Err(damaged(archive, &format!("{name} is not as it was written")));
        }
    }
    Ok(manifest)
}

fn private_file(path: &Path) -> Result<File, Fail> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(at_file(path))
}

fn read_manifest(archive: &Path, entry: impl Read) -> Result<Manifest, Fail> {
    let manifest: Manifest = serde_json::from_reader(entry)
        .map_err(|_| damaged(archive, "its manifest cannot be read"))?;
    if manifest.format == 1 {
        Ok(manifest)
    } else {
        Err(Fail::new(format!("{} was written by a newer Jetbridge.", archive.display()))
            .hint("restore it with that version or a later one"))
    }
}

/// The place of `name` in `folder`, unless it points outside.
fn safe(folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !name.is_empty()).then(|| folder.join(name))
}

fn broken(archive: &Path) -> impl Fn(std::io::Error) -> Fail + '_ {
    move |error| damaged(archive, &error.to_string())
}

fn damaged(archive: &Path, why: &str) -> Fail {
    Fail::new(format!("{} is not a whole Jetbridge backup: {why}.", archive.display()))
        .hint("nothing was changed; use another backup")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn now() -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp(1_795_334_400, 0).unwrap()
    }

    #[test]
    fn what_goes_in_comes_out_and_damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.txt"), b"one").unwrap();
        let archive = at("backup.tar.zst");
        let mut writer = Writer::create(&archive).unwrap();
        writer.add("lake/a.txt", &at("a.txt")).unwrap();
        writer.finish("sqlite", now()).unwrap();
        assert!(Writer::create(&archive).is_err(), "an archive is never written over");

        std::fs::create_dir(at("out")).unwrap();
        let manifest = unpack(&archive, &at("out")).unwrap();
        assert_eq!(manifest.engine, "sqlite");
        assert_eq!(std::fs::read(at("out/lake/a.txt")).unwrap(), b"one");

        let mut bytes = std::fs::read(&archive).unwrap();
        bytes.truncate(bytes.len() - 30);
        std::fs::write(at("cut.tar.zst"), &bytes).unwrap();
        std::fs::create_dir(at("cut")).unwrap();
        let refused = unpack(&at("cut.tar.zst"), &at("cut")).unwrap_err();
        assert!(refused.to_string().contains("not a whole"), "{refused}");
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused() {
        let folder = Path::new("/x");
        assert!(safe(folder, "../etc/passwd").is_none());
        assert!(safe(folder, "/etc/passwd").is_none());
        assert_eq!(safe(folder, "lake/a").unwrap(), folder.join("lake/a"));
    }
}
