//! What can be said about a movement message.

use crate::diagnostic::{Kept, Rule};

/// No `MVT`, `MVA` or `DIV` line.
pub const NO_IDENTIFIER: Rule = Rule::note(
    "mvt-no-identifier",
    Kept::Repaired,
    "The line that names the message is missing; it was read as a movement message.",
);
/// A blank line between two others.
pub const BLANK_LINE: Rule = Rule::note(
    "mvt-blank-line",
    Kept::Repaired,
    "Blank lines stand between the lines of the message; they were skipped.",
);
/// Elements before any flight.
pub const NO_FLIGHT: Rule = Rule::error(
    "mvt-no-flight",
    Kept::Verbatim,
    "No flight stands before these elements; they were taken for the first flight that follows.",
);
/// The day after the flight.
pub const BAD_DAY: Rule = Rule::error(
    "mvt-bad-day",
    Kept::WithoutField,
    "The day after the flight number is not a day; it was left empty.",
);
/// The station.
pub const BAD_STATION: Rule = Rule::error(
    "mvt-bad-station",
    Kept::WithoutField,
    "The station is not a three-letter code; it was left empty and its text kept apart.",
);
/// The registration.
pub const NO_REGISTRATION: Rule =
    Rule::note("mvt-no-registration", Kept::WithoutField, "The aircraft registration is missing.");
/// A known element with a value of another shape.
pub const BAD_ELEMENT: Rule = Rule::error(
    "mvt-bad-element",
    Kept::Verbatim,
    "The element is known but its value cannot be read; it was kept word for word.",
);
/// One of the two times of an element.
pub const BAD_TIME: Rule = Rule::error(
    "mvt-bad-time",
    Kept::WithoutField,
    "A time is neither HHMM nor DDHHMM; it was left empty.",
);
/// Something else.
pub const UNKNOWN_ELEMENT: Rule = Rule::note(
    "mvt-unknown-element",
    Kept::Verbatim,
    "The element is not known; it was kept word for word.",
);
/// The same element twice.
pub const REPEATED: Rule = Rule::warning(
    "mvt-repeated-element",
    Kept::Repaired,
    "The element appears twice; the later one counts.",
);
/// A part of a DL list.
pub const BAD_DELAY: Rule = Rule::warning(
    "mvt-bad-delay",
    Kept::LeftOut,
    "A part of the delay list is neither a code nor a duration; it was left out.",
);
/// 0075 and the like.
pub const ODD_DURATION: Rule = Rule::note(
    "mvt-odd-duration",
    Kept::Repaired,
    "The duration of a delay is not HHMM; it was read as minutes.",
);
/// More durations than codes, or the other way round.
pub const UNEVEN_DELAYS: Rule = Rule::note(
    "mvt-uneven-delays",
    Kept::WithoutField,
    "There are not as many delay durations as codes; they were paired by position.",
);
/// More codes than the element may carry.
pub const MANY_DELAYS: Rule = Rule::note(
    "mvt-many-delays",
    Kept::Repaired,
    "There are more delay codes than the element may carry; all were kept.",
);
/// A part of PX.
pub const BAD_PASSENGERS: Rule = Rule::warning(
    "mvt-bad-passengers",
    Kept::WithoutField,
    "A part of the passenger figures is not a number; it was left out.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NO_IDENTIFIER,
    BLANK_LINE,
    NO_FLIGHT,
    BAD_DAY,
    BAD_STATION,
    NO_REGISTRATION,
    BAD_ELEMENT,
    BAD_TIME,
    UNKNOWN_ELEMENT,
    REPEATED,
    BAD_DELAY,
    ODD_DURATION,
    UNEVEN_DELAYS,
    MANY_DELAYS,
    BAD_PASSENGERS,
];
