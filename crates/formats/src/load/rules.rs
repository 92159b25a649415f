//! What can be said about a load message.

use crate::diagnostic::{Kept, Rule};

/// No `LDM` line.
pub const NO_IDENTIFIER: Rule = Rule::note(
    "ldm-no-identifier",
    Kept::Repaired,
    "The line that names the message is missing; it was read as a load message.",
);
/// No flight line.
pub const NO_FLIGHT: Rule = Rule::error(
    "ldm-no-flight",
    Kept::WithoutField,
    "The line with flight, registration, version and crew is missing or cannot be read.",
);
/// The day after the flight.
pub const BAD_DAY: Rule = Rule::warning(
    "ldm-bad-day",
    Kept::WithoutField,
    "The day after the flight number is missing or is not a day; it was left empty.",
);
/// The crew.
pub const BAD_CREW: Rule = Rule::warning(
    "ldm-bad-crew",
    Kept::WithoutField,
    "The crew is neither two nor three numbers; it was left empty.",
);
/// The first field of a destination.
pub const BAD_PASSENGERS: Rule = Rule::error(
    "ldm-bad-passengers",
    Kept::WithoutField,
    "The passengers of a destination are not one to four numbers; they were left empty.",
);
/// T without a number, a hold without a weight.
pub const BAD_WEIGHT: Rule = Rule::warning(
    "ldm-bad-weight",
    Kept::Verbatim,
    "A weight cannot be read; the field was kept word for word.",
);
/// PAX or PAD.
pub const BAD_COUNTS: Rule = Rule::warning(
    "ldm-bad-counts",
    Kept::Verbatim,
    "The figures by class cannot be read; the field was kept word for word.",
);
/// Something else in a destination.
pub const HOUSE_FIELD: Rule = Rule::note(
    "ldm-house-field",
    Kept::Verbatim,
    "The field is of the airline's own; it was kept word for word.",
);
/// Some other line.
pub const UNKNOWN_LINE: Rule = Rule::note(
    "ldm-unknown-line",
    Kept::Verbatim,
    "The line is no part of a load message; it was kept word for word.",
);
/// A destination twice.
pub const REPEATED: Rule = Rule::warning(
    "ldm-repeated-destination",
    Kept::Repaired,
    "The destination appears twice; both were kept.",
);
/// T, PAX or PAD twice for one destination.
pub const REPEATED_FIELD: Rule = Rule::warning(
    "ldm-repeated-field",
    Kept::Verbatim,
    "The field appears twice for one destination; the first counts.",
);
/// Holds do not add up to T.
pub const WRONG_TOTAL: Rule = Rule::note(
    "ldm-wrong-total",
    Kept::Repaired,
    "The holds of a destination do not add up to its total dead load; both were kept.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NO_IDENTIFIER,
    NO_FLIGHT,
    BAD_DAY,
    BAD_CREW,
    BAD_PASSENGERS,
    BAD_WEIGHT,
    BAD_COUNTS,
    HOUSE_FIELD,
    UNKNOWN_LINE,
    REPEATED,
    REPEATED_FIELD,
    WRONG_TOTAL,
];
