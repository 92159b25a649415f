//! The bytes of a message as they are kept: without card numbers, compressed, sealed.

use access::Vault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use formats::Kind;

use crate::{Error, Result};

/// Quick, and a quarter of the size for lists of names.
const LEVEL: i32 = 3;

/// Longest message taken, in bytes. PostgreSQL and SQLite keep a gigabyte in a field.
pub(crate) const LONGEST: usize = 512 * 1024 * 1024;

/// Bytes ready to be kept.
pub(super) struct Kept {
    pub raw: Vec<u8>,
    pub sealed: bool,
}

/// Schedule files name nobody; all else holds personal data.
pub(super) fn pack(vault: &Vault, kind: Kind, bytes: &[u8]) -> Result<Kept> {
    let packed = zstd::bulk::compress(bytes, LEVEL).map_err(|_| Error::Packing)?;
    if kind == Kind::Ssim {
        return Ok(Kept { raw: packed, sealed: false });
    }
    let raw = vault.seal(&STANDARD.encode(&packed)).map_err(access::Error::from)?;
    Ok(Kept { raw, sealed: true })
}

/// The bytes again.
pub(super) fn unpack(vault: &Vault, raw: &[u8], sealed: bool, bytes: usize) -> Result<Vec<u8>> {
    let room = bytes.min(LONGEST);
    if !sealed {
        return zstd::bulk::decompress(raw, room).map_err(|_| Error::Packing);
    }
    let opened = vault.open(raw).map_err(access::Error::from)?;
    let packed = STANDARD.decode(opened.reveal()).map_err(|_| Error::Packing)?;
    zstd::bulk::decompress(&packed, room).map_err(|_| Error::Packing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_come_back_and_are_not_readable_as_kept() {
        let vault = Vault::for_tests();
        for bytes in [&b""[..], b"PNL\r\nCA1501/22NOV PEK PART1", &[0x8F, 0x9D, 0, 255]] {
            for kind in [Kind::Pnl, Kind::Ssim] {
                let kept = pack(&vault, kind, bytes).unwrap();
                assert_eq!(kept.sealed, kind == Kind::Pnl);
                let back = unpack(&vault, &kept.raw, kept.sealed, bytes.len()).unwrap();
                assert_eq!(back, bytes);
            }
        }
        let kept = pack(&vault, Kind::Pnl, b"1ZHANG/SANMR").unwrap();
        assert!(!kept.raw.windows(5).any(|part| part == b"ZHANG"));
    }
}
