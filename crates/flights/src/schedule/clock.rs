//! Times of calls by the clock of a message, of the airport, and of UTC.

use chrono::{Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use formats::schedule::TimeMode;
use formats::schedule_change::Call;
use kernel::airports;

use crate::messages::key::{date, day};

/// When a call is, by the clock of its message, as told to passengers.
pub(super) fn call(call: &Call, on: NaiveDate) -> Option<NaiveDateTime> {
    let mut moment = call.on(day(on))?;
    if let Some(passengers) = call.passenger_time {
        moment = formats::moment::Moment::new(moment.day, passengers)?;
    }
    date(moment.day)?
        .and_hms_opt(0, 0, 0)?
        .checked_add_signed(Duration::minutes(moment.minute.into()))
}

pub(super) fn midnight(of: NaiveDateTime) -> NaiveDateTime {
    of.date().and_hms_opt(0, 0, 0).unwrap_or(of)
}

/// Local time and UTC of a call.
pub(super) fn clock(
    mode: TimeMode,
    of: &Call,
    airport: &str,
    on: NaiveDate,
) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let at = call(of, on)?;
    let zone = airports::zone(airport);
    Some(match mode {
        TimeMode::Utc => (Utc.from_utc_datetime(&at).with_timezone(&zone).naive_local(), at),
        TimeMode::Local => {
            let utc = zone.from_local_datetime(&at).earliest();
            (at, utc.map_or(at, |utc| utc.naive_utc()))
        }
    })
}
