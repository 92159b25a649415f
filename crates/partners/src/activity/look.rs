//! Size, hash and verdict of a file that has arrived, off the async threads.

use std::io::BufReader;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::fault::Located;
use super::read::{Checked, check};
use crate::Result;

/// Bytes, hash in hex, and what the file says or the first fault.
pub(super) async fn look(path: PathBuf) -> Result<(i64, String, Result<Checked, Located>)> {
    let work = move || {
        let mut file = std::fs::File::open(&path)?;
        let mut hash = Sha256::new();
        let bytes = std::io::copy(&mut file, &mut Hasher(&mut hash))?;
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let checked = check(BufReader::new(std::fs::File::open(&path)?))?;
        Ok((i64::try_from(bytes).unwrap_or(i64::MAX), hex, checked))
    };
    let done: std::io::Result<_> = tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(std::io::Error::other("the reader ended early")));
    Ok(done?)
}

struct Hasher<'a>(&'a mut Sha256);

impl std::io::Write for Hasher<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
