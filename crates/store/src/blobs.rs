//! Files people hand in: streamed to disk in parts, resumable, addressed by an id.
//!
//! An upload is `<id>.part` until it is finished, then `<id>`. Its length on disk is the truth about
//! how far it got, so a lost connection or a killed server costs at most the part under way.

use std::path::{Path, PathBuf};

use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::{Error, Result};

/// The folder of uploaded files.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Uses `folder`, creating it when missing.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Begins an upload named `id`. Beginning again changes nothing.
    pub async fn begin(&self, id: Uuid) -> Result<()> {
        if !fs::try_exists(self.path(id)).await? {
            OpenOptions::new().create(true).append(true).open(self.part(id)).await?;
        }
        Ok(())
    }

    /// How many bytes of the upload have arrived.
    pub async fn received(&self, id: Uuid) -> Result<u64> {
        match fs::metadata(self.part(id)).await {
            Ok(found) => Ok(found.len()),
            Err(_) => Ok(fs::metadata(self.path(id)).await?.len()),
        }
    }

    /// Adds `bytes` that begin at `offset`. Returns the new length.
    ///
    /// # Errors
    /// [`Error::Offset`] when the upload stands elsewhere: the sender asks [`Blobs::received`] and
    /// goes on from there.
    pub async fn append(&self, id: Uuid, offset: u64, bytes: &[u8]) -> Result<u64> {
        let mut file = OpenOptions::new().append(true).open(self.part(id)).await?;
        let at = file.metadata().await?.len();
        if at != offset {
            return Err(Error::Offset { at, offered: offset });
        }
        if let Err(error) = write(&mut file, bytes).await {
            // A half-written part (a full disk) is taken back, so the length stays honest.
            file.set_len(at).await.ok();
            return Err(error.into());
        }
        Ok(at + bytes.len() as u64)
    }

    /// Ends the upload. Returns where the file is now.
    pub async fn finish(&self, id: Uuid) -> Result<PathBuf> {
        let path = self.path(id);
        if !fs::try_exists(&path).await? {
            fs::rename(self.part(id), &path).await?;
        }
        Ok(path)
    }

    /// Keeps a copy of the file at `from` under `id`.
    pub async fn adopt(&self, id: Uuid, from: &Path) -> Result<PathBuf> {
        let path = self.path(id);
        fs::copy(from, &path).await?;
        Ok(path)
    }

    /// Where a finished file is.
    #[must_use]
    pub fn path(&self, id: Uuid) -> PathBuf {
        self.folder.join(id.simple().to_string())
    }

    /// Removes the file or the unfinished upload. Missing ones are fine.
    pub async fn remove(&self, id: Uuid) -> Result<()> {
        for path in [self.path(id), self.part(id)] {
            if fs::try_exists(&path).await? {
                fs::remove_file(path).await?;
            }
        }
        Ok(())
    }

    fn part(&self, id: Uuid) -> PathBuf {
        self.folder.join(format!("{}.part", id.simple()))
    }
}

async fn write(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    file.write_all(bytes).await?;
    file.flush().await?;
    file.sync_data().await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::testing::NOW;

    #[tokio::test]
    async fn an_upload_goes_on_where_it_stood() {
        let folder = std::env::temp_dir().join(format!("blobs-{}", kernel::ids::v7(NOW)));
        let blobs = Blobs::open(&folder).unwrap();
        let id = kernel::ids::v7(NOW);
        blobs.begin(id).await.unwrap();
        assert_eq!(blobs.append(id, 0, b"MEMBER_NO,").await.unwrap(), 10);
        let refused = blobs.append(id, 0, b"MEMBER_NO,").await;
        assert!(matches!(refused, Err(Error::Offset { at: 10, offered: 0 })));
        blobs.begin(id).await.unwrap();
        assert_eq!(blobs.received(id).await.unwrap(), 10);
        blobs.append(id, 10, b"TIER\n").await.unwrap();
        let path = blobs.finish(id).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"MEMBER_NO,TIER\n");
        assert_eq!(blobs.finish(id).await.unwrap(), path, "finishing again is harmless");
        blobs.remove(id).await.unwrap();
        assert!(!path.exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
