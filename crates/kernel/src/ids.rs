//! Identities: UUID version 7, made by us so that they sort by the moment they were made.

use chrono::{DateTime, Utc};
use rand::{Rng, TryRng, rngs::SysRng};
use uuid::{Builder, Uuid};

/// A new identity made at `at`, with randomness from the operating system: the one place that
/// asks for it.
///
/// # Panics
/// When the operating system has no randomness to give; nothing can go on then.
#[must_use]
#[expect(clippy::expect_used, reason = "without the system's randomness nothing can go on")]
pub fn v7(at: DateTime<Utc>) -> Uuid {
    let mut random = [0_u8; 10];
    SysRng.try_fill_bytes(&mut random).expect("the operating system gives randomness");
    build(at, random)
}

/// Like [`v7`] with given randomness: for the simulator and for tests.
#[must_use]
pub fn v7_seeded(at: DateTime<Utc>, random: &mut impl Rng) -> Uuid {
    let mut bytes = [0_u8; 10];
    random.fill_bytes(&mut bytes);
    build(at, bytes)
}

/// The 12 bits behind the milliseconds hold the fraction of the millisecond (RFC 9562, 6.2
/// method 3), so that identities made within one millisecond still sort.
fn build(at: DateTime<Utc>, mut random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    let within = at.timestamp_subsec_nanos() % 1_000_000;
    let fraction = u16::try_from(u64::from(within) * 4096 / 1_000_000).unwrap_or(0);
    random[..2].copy_from_slice(&fraction.to_be_bytes());
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Declares a typed identity: `typed_id!(CustomerId, "customer")`.
#[macro_export]
macro_rules! typed_id {
    ($name:ident, $what:literal) => {
        #[doc = concat!("Identity of a ", $what, ".")]
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::serde::Serialize, $crate::serde::Deserialize,
        )]
        #[serde(crate = "kernel::serde", transparent)]
        pub struct $name($crate::Uuid);

        impl $name {
            /// A new identity made at `at`.
            #[must_use]
            pub fn new(at: $crate::chrono::DateTime<$crate::chrono::Utc>) -> Self {
                Self($crate::ids::v7(at))
            }

            /// The bare UUID.
            #[must_use]
            pub const fn uuid(self) -> $crate::Uuid {
                self.0
            }
        }

        impl From<$crate::Uuid> for $name {
            fn from(id: $crate::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for $crate::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn identities_sort_by_their_moment_even_within_a_millisecond() {
        let start = DateTime::from_timestamp(1_795_334_400, 0).unwrap();
        let mut seeded = ChaCha8Rng::seed_from_u64(7);
        let made: Vec<Uuid> = (0..1_000)
            .map(|step| v7_seeded(start + Duration::microseconds(step), &mut seeded))
            .collect();
        assert!(made.is_sorted());
        assert_eq!(made[0].get_version_num(), 7);
        assert_ne!(v7(start), v7(start));
    }
}
