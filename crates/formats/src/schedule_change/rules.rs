//! What can be said about a schedule message.

use crate::diagnostic::{Kept, Rule};

/// No `SSM` or `ASM` line.
pub const NO_IDENTIFIER: Rule = Rule::note(
    "ssm-no-identifier",
    Kept::Repaired,
    "The line that names the message is missing; what it is was told from its flights.",
);
/// No UTC or LT.
pub const NO_TIME_MODE: Rule = Rule::warning(
    "ssm-no-time-mode",
    Kept::WithoutField,
    "The message does not say whether its times are UTC or local.",
);
/// No action.
pub const NO_ACTION: Rule = Rule::error(
    "ssm-no-action",
    Kept::Verbatim,
    "No action stands before this line; what it is about was kept without one.",
);
/// An action of another name.
pub const UNKNOWN_ACTION: Rule = Rule::warning(
    "ssm-unknown-action",
    Kept::Verbatim,
    "The action is not known; what it says was read all the same.",
);
/// An action without `//` before it.
pub const NO_SEPARATOR: Rule = Rule::note(
    "ssm-no-separator",
    Kept::Repaired,
    "A new change begins without a separator before it.",
);
/// No flight in a change that needs one.
pub const NO_FLIGHT: Rule =
    Rule::error("ssm-no-flight", Kept::WithoutField, "The change names no flight.");
/// The date of a flight.
pub const BAD_DATE: Rule = Rule::error(
    "ssm-bad-date",
    Kept::WithoutField,
    "A date is no day of the calendar; it was left empty.",
);
/// ASM without a date.
pub const NO_DATE: Rule =
    Rule::warning("ssm-no-date", Kept::WithoutField, "The flight of an ad hoc change has no date.");
/// Days of operation.
pub const BAD_DAYS: Rule = Rule::error(
    "ssm-bad-days",
    Kept::WithoutField,
    "The days of operation cannot be read; no day was taken.",
);
/// No days of operation.
pub const NO_DAYS: Rule = Rule::warning(
    "ssm-no-days",
    Kept::Repaired,
    "The days of operation are missing; every day of the period was taken.",
);
/// Time of a leg.
pub const BAD_TIME: Rule = Rule::error(
    "ssm-bad-time",
    Kept::WithoutField,
    "A time or day change of a leg cannot be read; it was left empty.",
);
/// `LHR 0900 JFK 1200 744`.
pub const SPACED_LEG: Rule = Rule::note(
    "ssm-spaced-leg",
    Kept::Repaired,
    "The leg is written with blanks between stations and times.",
);
/// Something at the end of a known line.
pub const UNKNOWN_PART: Rule = Rule::note(
    "ssm-unknown-part",
    Kept::Verbatim,
    "A part of the line is not known; it was kept word for word.",
);
/// Some other line.
pub const UNKNOWN_LINE: Rule = Rule::note(
    "ssm-unknown-line",
    Kept::Verbatim,
    "The line is not known; it was kept word for word.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NO_IDENTIFIER,
    NO_TIME_MODE,
    NO_ACTION,
    UNKNOWN_ACTION,
    NO_SEPARATOR,
    NO_FLIGHT,
    BAD_DATE,
    NO_DATE,
    BAD_DAYS,
    NO_DAYS,
    BAD_TIME,
    SPACED_LEG,
    UNKNOWN_PART,
    UNKNOWN_LINE,
];
