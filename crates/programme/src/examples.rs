//! Three whole programmes to begin with, to learn from and to test against.

use crate::Programme;
use crate::document::BadDocument;

/// Kilometres, twelve rolling months: modelled on PhoenixMiles.
pub const BRIDGE_KM: &str = include_str!("../programmes/bridge-km.toml");
/// Calendar years with mandatory spend: modelled on Eastern Miles.
pub const BAY_YEAR: &str = include_str!("../programmes/bay-year.toml");
/// Points for fares, membership years: invented.
pub const TERN_FARE: &str = include_str!("../programmes/tern-fare.toml");

/// All three, as text.
pub const ALL: [&str; 3] = [BRIDGE_KM, BAY_YEAR, TERN_FARE];

/// Reads one of them by its code.
///
/// # Errors
/// Never for the codes of this crate's own programmes: a test holds it.
pub fn read(code: &str) -> Option<Result<Programme, BadDocument>> {
    let of = |text: &str| text.lines().any(|line| line == format!("code = \"{code}\""));
    ALL.into_iter().find(|text| of(text)).map(Programme::from_toml)
}
