//! Bookings records stand on, and the lists they are lines of.

use chrono::NaiveDate;
use matching::hash::{mix, of_bytes};
use serde_json::{Map, Value};

/// Record locators are given out again after about a year.
const SAME_BOOKING_DAYS: i64 = 300;

/// A booking a record stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Booking {
    pub hash: u64,
    pub day: NaiveDate,
}

impl Booking {
    /// Whether both are one booking, and not the same locator given out again.
    pub fn is(self, other: Self) -> bool {
        self.hash == other.hash && (self.day - other.day).num_days().abs() <= SAME_BOOKING_DAYS
    }

    /// The key under which its records are found.
    pub fn key(self) -> u64 {
        mix(of_bytes(b"booking"), self.hash)
    }
}

/// The booking of a record.
pub(super) fn booking_of(data: &Map<String, Value>) -> Option<Booking> {
    let booking = data.get("booking")?;
    let text = |field| booking.get(field).and_then(Value::as_str);
    let name = format!("{}/{}", text("carrier")?, text("locator")?);
    Some(Booking { hash: of_bytes(name.as_bytes()), day: text("day")?.parse().ok()? })
}

/// The list a line is of: its source and, where the key names one, its flight. Places on a booking
/// are numbered within a list, so only those of one list can be compared.
pub(super) fn list_of(source: &str, key: &str) -> String {
    match key.splitn(4, '/').collect::<Vec<_>>().as_slice() {
        [number, day, sector, _] => format!("{source}/{number}/{day}/{sector}"),
        _ => source.to_owned(),
    }
}

/// A list as a number.
pub(super) fn list_number(list: &str) -> u32 {
    (of_bytes(list.as_bytes()) & 0x7FFF_FFFF) as u32
}
