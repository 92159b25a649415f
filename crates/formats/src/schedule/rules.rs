//! What can be said about a schedule file.

use crate::diagnostic::{Kept, Rule};

/// Another first column.
pub const UNKNOWN_RECORD: Rule = Rule::note(
    "ssim-unknown-record",
    Kept::Verbatim,
    "The record is of no known type; it was kept word for word.",
);
/// Cut off before the fields that matter.
pub const SHORT_RECORD: Rule = Rule::warning(
    "ssim-short-record",
    Kept::WithoutField,
    "The record ends before the fields it must have; what is there was read.",
);
/// Cut off before it says anything.
pub const CUT_RECORD: Rule = Rule::error(
    "ssim-cut-record",
    Kept::Verbatim,
    "The record ends before it says what it is about; it was kept word for word.",
);
/// A trailer after a trailer, or more carriers than there are.
pub const STRAY_RECORD: Rule = Rule::warning(
    "ssim-stray-record",
    Kept::Verbatim,
    "The record belongs to no carrier's records; it was kept word for word.",
);
/// Text beyond column 200.
pub const LONG_RECORD: Rule = Rule::note(
    "ssim-long-record",
    Kept::LeftOut,
    "The record is longer than 200 columns; the rest was left out.",
);
/// Columns beyond ASCII.
pub const NOT_ASCII: Rule = Rule::note(
    "ssim-not-ascii",
    Kept::Repaired,
    "The record holds characters beyond ASCII; each was taken for one column.",
);
/// Airline.
pub const NO_AIRLINE: Rule =
    Rule::error("ssim-no-airline", Kept::WithoutField, "The airline is missing.");
/// Flight number.
pub const BAD_FLIGHT: Rule = Rule::error(
    "ssim-bad-flight",
    Kept::WithoutField,
    "The flight number is missing or not a number; it was left empty.",
);
/// Variation, leg sequence, element identifier.
pub const BAD_NUMBER: Rule = Rule::warning(
    "ssim-bad-number",
    Kept::WithoutField,
    "A number of the record cannot be read; it was left empty.",
);
/// Time mode.
pub const BAD_TIME_MODE: Rule = Rule::warning(
    "ssim-bad-time-mode",
    Kept::WithoutField,
    "The time mode is neither U nor L; local time was taken.",
);
/// Any date.
pub const BAD_DATE: Rule = Rule::error(
    "ssim-bad-date",
    Kept::WithoutField,
    "A date is missing or no day of the calendar; it was left empty.",
);
/// Last day before the first.
pub const REVERSED_PERIOD: Rule = Rule::warning(
    "ssim-reversed-period",
    Kept::Repaired,
    "The period ends before it begins; the leg never flies.",
);
/// Days of operation.
pub const BAD_DAYS: Rule = Rule::error(
    "ssim-bad-days",
    Kept::WithoutField,
    "The days of operation are empty or hold something other than 1 to 7.",
);
/// Column 36.
pub const BAD_FREQUENCY: Rule = Rule::warning(
    "ssim-bad-frequency",
    Kept::WithoutField,
    "The frequency is not a number of weeks; every week was taken.",
);
/// Board or off point.
pub const BAD_STATION: Rule = Rule::error(
    "ssim-bad-station",
    Kept::WithoutField,
    "A station is not three letters; it was left empty.",
);
/// Times of a leg.
pub const BAD_TIME: Rule =
    Rule::error("ssim-bad-time", Kept::WithoutField, "A time is not HHMM; it was left empty.");
/// UTC offset.
pub const BAD_OFFSET: Rule = Rule::warning(
    "ssim-bad-offset",
    Kept::WithoutField,
    "An offset from UTC cannot be read; it was left empty.",
);
/// Columns 193 and 194.
pub const BAD_DATE_VARIATION: Rule = Rule::warning(
    "ssim-bad-date-variation",
    Kept::WithoutField,
    "The date variation is neither 0 to 7 nor J; it was left empty.",
);
/// Serial numbers.
pub const SERIAL_ORDER: Rule = Rule::note(
    "ssim-serial-order",
    Kept::Repaired,
    "The serial number does not follow the one before; told once for each carrier.",
);
/// Trailer check.
pub const SERIAL_CHECK: Rule = Rule::note(
    "ssim-serial-check",
    Kept::Repaired,
    "The serial number check of the trailer is not the number of the record before it.",
);
/// Trailer of another airline.
pub const OTHER_TRAILER: Rule = Rule::warning(
    "ssim-other-trailer",
    Kept::Repaired,
    "The trailer names another airline than the carrier record; it was taken for its end.",
);
/// No trailer.
pub const NO_TRAILER: Rule = Rule::warning(
    "ssim-no-trailer",
    Kept::Repaired,
    "The carrier's records end without a trailer; some may be missing.",
);
/// Legs before a carrier.
pub const NO_CARRIER: Rule = Rule::warning(
    "ssim-no-carrier",
    Kept::Repaired,
    "Legs stand before any carrier record; local time was taken.",
);
/// Type 4 without type 3.
pub const STRAY_DATA: Rule = Rule::warning(
    "ssim-stray-data",
    Kept::Verbatim,
    "The segment data belong to no leg before them; they were kept apart.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    UNKNOWN_RECORD,
    SHORT_RECORD,
    CUT_RECORD,
    STRAY_RECORD,
    LONG_RECORD,
    NOT_ASCII,
    NO_AIRLINE,
    BAD_FLIGHT,
    BAD_NUMBER,
    BAD_TIME_MODE,
    BAD_DATE,
    REVERSED_PERIOD,
    BAD_DAYS,
    BAD_FREQUENCY,
    BAD_STATION,
    BAD_TIME,
    BAD_OFFSET,
    BAD_DATE_VARIATION,
    SERIAL_ORDER,
    SERIAL_CHECK,
    OTHER_TRAILER,
    NO_TRAILER,
    NO_CARRIER,
    STRAY_DATA,
];
