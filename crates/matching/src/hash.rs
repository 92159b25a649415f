//! Hashes that never change: blocking keys made with them are kept in the caller's tables.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map from keys that are hashes already (or small numbers).
pub type KeyMap<K, V> = HashMap<K, V, BuildHasherDefault<KeyHasher>>;

/// Spreads the bits of a number (the finaliser of SplitMix64, Steele & al. 2014).
#[must_use]
pub const fn scramble(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// FNV-1a over the bytes, scrambled. Stable for ever: a changed result would orphan stored keys.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    scramble(hash)
}

/// One hash of two, in this order.
#[must_use]
pub const fn mix(first: u64, second: u64) -> u64 {
    scramble(first.rotate_left(23) ^ second)
}

/// Multiplies and folds; good enough for keys that are random already.
#[derive(Clone, Copy, Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mix(self.0, of_bytes(bytes));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = mix(self.0, u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0, number);
    }

    fn write_u128(&mut self, number: u128) {
        self.0 = mix(mix(self.0, number as u64), (number >> 64) as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_keys_stay_what_they_were() {
        assert_eq!(scramble(0), 0xE220_A839_7B1D_CDAF);
        assert_eq!(of_bytes(b"zhouqiming"), of_bytes(b"zhouqiming"));
        assert_ne!(mix(1, 2), mix(2, 1));
    }
}
