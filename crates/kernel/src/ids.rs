//! Identifiers: UUID version 7, so that new rows sort last and indexes stay compact.

use chrono::{DateTime, Utc};
use rand::rngs::SysRng;
use rand::{Rng, TryRng};
use uuid::{Builder, Uuid};

/// A new identifier for something that came into being at `at`.
///
/// The randomness is the operating system's: the one place in the product that asks for it, for
/// identifiers. Bits after the millisecond carry the microsecond (RFC 9562, 6.2, method 3), so
/// identifiers made one after the other sort in that order down to the microsecond.
#[must_use]
#[expect(clippy::expect_used, reason = "without system randomness no identifier is safe to make")]
pub fn v7(at: DateTime<Utc>) -> Uuid {
    let mut noise = [0; 10];
    SysRng.try_fill_bytes(&mut noise).expect("the operating system gives no randomness");
    build(at, noise)
}

/// The same from a generator passed in: equal seeds give equal identifiers.
#[must_use]
pub fn v7_seeded(at: DateTime<Utc>, rng: &mut impl Rng) -> Uuid {
    let mut noise = [0; 10];
    rng.fill_bytes(&mut noise);
    build(at, noise)
}

fn build(at: DateTime<Utc>, mut noise: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    let fraction = (at.timestamp_subsec_micros() % 1_000) * 4_096 / 1_000;
    let [.., high, low] = fraction.to_be_bytes();
    // The builder overwrites the top four bits of the first byte with the version.
    noise[0] = high;
    noise[1] = low;
    Builder::from_unix_timestamp_millis(millis, &noise).into_uuid()
}

/// Defines an identifier of its own type: `typed_id!(CustomerId, "customer")`.
///
/// It is a UUID on the wire (`Display`, `FromStr`, serde as a string) and cannot be confused with
/// another kind of identifier in code.
///
/// ```
/// kernel::typed_id!(
///     /// A member of the crew.
///     CrewId, "crew"
/// );
/// let id = CrewId::new(chrono::DateTime::UNIX_EPOCH);
/// assert_eq!(id.to_string().parse::<CrewId>().unwrap(), id);
/// assert_eq!(format!("{id:?}"), format!("crew:{id}"));
/// ```
#[macro_export]
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($crate::uuid::Uuid);

        #[allow(dead_code, reason = "each kind of identifier uses what it needs")]
        impl $name {
            /// The word for this kind of thing in addresses, events and audit rows.
            pub const KIND: &'static str = $kind;

            /// A fresh identifier for something made at `at`.
            #[must_use]
            pub fn new(
                at: $crate::chrono::DateTime<$crate::chrono::Utc>,
            ) -> Self {
                Self($crate::ids::v7(at))
            }

            #[must_use]
            pub const fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
        }

        impl From<$crate::uuid::Uuid> for $name {
            fn from(id: $crate::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for $crate::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&self.0, to)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> Result<Self, D::Error> {
                $crate::serde::Deserialize::deserialize(from).map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::Duration;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    typed_id!(TestId, "test");

    #[test]
    fn seeded_identifiers_repeat() {
        let made = |seed| v7_seeded(DateTime::UNIX_EPOCH, &mut ChaCha8Rng::seed_from_u64(seed));
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        assert_eq!(made(1).get_version_num(), 7);
    }

    #[test]
    fn identifiers_of_one_moment_differ() {
        let at = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let made: HashSet<_> = (0..1_000).map(|_| v7(at)).collect();
        assert_eq!(made.len(), 1_000);
    }

    #[test]
    fn json_is_the_plain_text() {
        let id = TestId::new(DateTime::UNIX_EPOCH);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<TestId>(&json).unwrap(), id);
        assert!("not-an-id".parse::<TestId>().is_err());
    }

    proptest! {
        #[test]
        fn later_sorts_later(micros in 0_i64..4_000_000_000_000_000, step in 1_i64..10_000) {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            prop_assert!(v7(at) < v7(at + Duration::microseconds(step)));
        }
    }
}
