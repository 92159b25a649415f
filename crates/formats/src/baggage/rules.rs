//! What can be said about a baggage message.

use crate::diagnostic::{Kept, Rule};

/// No identifier.
pub const NO_IDENTIFIER: Rule = Rule::warning(
    "bag-no-identifier",
    Kept::Repaired,
    "The line that names the message is missing; it was read as a baggage source message.",
);
/// No END line.
pub const NO_END: Rule = Rule::note(
    "bag-no-end",
    Kept::Repaired,
    "The message has no end line; something may be missing.",
);
/// END of another message.
pub const OTHER_END: Rule = Rule::note(
    "bag-other-end",
    Kept::Repaired,
    "The end line names another message; it was taken for the end of this one.",
);
/// No `.V`.
pub const NO_VERSION: Rule = Rule::note(
    "bag-no-version",
    Kept::WithoutField,
    "The element with version and station is missing.",
);
/// `.X/` that is not described.
pub const UNKNOWN_ELEMENT: Rule = Rule::note(
    "bag-unknown-element",
    Kept::Verbatim,
    "The element is not known; it was kept word for word.",
);
/// A line without `.X/`.
pub const UNKNOWN_LINE: Rule = Rule::note(
    "bag-unknown-line",
    Kept::Verbatim,
    "The line is no element; it was kept word for word.",
);
/// `.F`, `.I`, `.O`.
pub const BAD_FLIGHT: Rule = Rule::error(
    "bag-bad-flight",
    Kept::WithoutField,
    "The flight of the element cannot be read; it was left empty.",
);
/// The day of a flight.
pub const BAD_DAY: Rule = Rule::warning(
    "bag-bad-day",
    Kept::WithoutField,
    "The day of the flight is not a day; it was left empty.",
);
/// The station.
pub const BAD_STATION: Rule = Rule::warning(
    "bag-bad-station",
    Kept::WithoutField,
    "A station is not three letters; it was left empty.",
);
/// `.N`.
pub const BAD_TAG: Rule = Rule::error(
    "bag-bad-tag",
    Kept::Verbatim,
    "The tag is not ten digits and a count; it was kept word for word.",
);
/// `.W`.
pub const BAD_WEIGHT: Rule = Rule::warning(
    "bag-bad-weight",
    Kept::WithoutField,
    "Pieces or weight cannot be read; the field was left empty.",
);
/// A tracing file without a reference.
pub const NO_REFERENCE: Rule = Rule::warning(
    "bag-no-reference",
    Kept::WithoutField,
    "The tracing file has no reference of station, airline and five digits.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NO_IDENTIFIER,
    NO_END,
    OTHER_END,
    NO_VERSION,
    UNKNOWN_ELEMENT,
    UNKNOWN_LINE,
    BAD_FLIGHT,
    BAD_DAY,
    BAD_STATION,
    BAD_TAG,
    BAD_WEIGHT,
    NO_REFERENCE,
];
