//! A watched folder: which files are taken, and where they go afterwards.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Error, Result};

/// Files looked at in one round.
const MOST: usize = 2_000;
/// A file that was written to within this time may not be whole.
const SETTLED: Duration = Duration::from_secs(10);

/// How a folder is watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Folder {
    /// Absolute path on the machine that runs the worker.
    pub path: String,
    /// `*` for any letters, `?` for one: `*.txt`.
    pub pattern: String,
}

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub path: PathBuf,
    pub name: String,
    pub size: u64,
    modified: SystemTime,
}

impl Folder {
    /// Whether it can be watched at all. That it exists is seen when it is looked into.
    pub(super) fn check(&self) -> Result<()> {
        let absolute = Path::new(&self.path).is_absolute() && !self.path.contains('\0');
        if !absolute || self.path.len() > 1_000 {
            return Err(Error::SourceSetting("path"));
        }
        if self.pattern.is_empty() || self.pattern.len() > 100 || self.pattern.contains('/') {
            return Err(Error::SourceSetting("pattern"));
        }
        Ok(())
    }

    /// Files that fit and have not been written to for a while, by name.
    pub(super) fn settled(&self, now: SystemTime) -> std::io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || !collect::fits(&self.pattern, &name) {
                continue;
            }
            // A link could lead anywhere.
            let about = entry.metadata()?;
            if !about.is_file() {
                continue;
            }
            let modified = about.modified()?;
            let rested = now.duration_since(modified).is_ok_and(|age| age >= SETTLED);
            if rested {
                found.push(Found { path: entry.path(), name, size: about.len(), modified });
            }
            if found.len() >= MOST {
                break;
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }
}

impl Found {
    /// The bytes, or `None` when somebody writes to the file after all.
    pub(super) fn read(&self) -> std::io::Result<Option<Vec<u8>>> {
        let bytes = std::fs::read(&self.path)?;
        let about = std::fs::symlink_metadata(&self.path)?;
        let same = about.modified()? == self.modified && about.len() == self.size;
        Ok((same && bytes.len() as u64 == self.size).then_some(bytes))
    }

    /// Moves the file into `done/` beside it. A file of that name that is there stays.
    pub(super) fn put_away(&self, stamp: &str) -> std::io::Result<()> {
        let Some(folder) = self.path.parent() else { return Ok(()) };
        let done = folder.join("done");
        std::fs::create_dir_all(&done)?;
        let mut to = done.join(&self.name);
        if to.exists() {
            to = done.join(format!("{stamp}-{}", self.name));
        }
        std::fs::rename(&self.path, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "compared with times the file system gives")]
    #[test]
    fn half_written_files_wait_and_taken_ones_are_moved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        let watched = Folder { path, pattern: "*.txt".to_owned() };
        watched.check().unwrap();
        std::fs::write(folder.path().join("b.txt"), "two").unwrap();
        std::fs::write(folder.path().join("a.txt"), "one").unwrap();
        std::fs::write(folder.path().join("c.tmp"), "three").unwrap();
        let now = SystemTime::now();
        assert!(watched.settled(now).unwrap().is_empty(), "just written");
        let later = now + Duration::from_secs(30);
        let found = watched.settled(later).unwrap();
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.txt", "b.txt"]);
        assert_eq!(found[0].read().unwrap().unwrap(), b"one");
        std::fs::write(folder.path().join("b.txt"), "two and more").unwrap();
        assert_eq!(found[1].read().unwrap(), None, "written to meanwhile");
        found[0].put_away("1").unwrap();
        std::fs::write(folder.path().join("a.txt"), "again").unwrap();
        watched.settled(later).unwrap()[0].put_away("2").unwrap();
        assert!(folder.path().join("done/a.txt").exists());
        assert!(folder.path().join("done/2-a.txt").exists());
    }
}
