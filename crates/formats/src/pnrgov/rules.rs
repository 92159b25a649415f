//! What can be wrong with a PNRGOV message. See [`crate::edifact::rules`] for its syntax.

use crate::diagnostic::{Kept, Rule};

/// UNH names another type.
pub const OTHER_TYPE: Rule = Rule::warning(
    "pnrgov-other-message-type",
    Kept::Verbatim,
    "The message says it is not PNRGOV; it was read as one.",
);
/// A record segment before SRC.
pub const NO_RECORD: Rule = Rule::warning(
    "pnrgov-no-src",
    Kept::Repaired,
    "A segment of a booking stands before any SRC; a booking was begun here.",
);
/// FTI, REF, TKT without TIF.
pub const NO_PASSENGER: Rule = Rule::warning(
    "pnrgov-no-passenger",
    Kept::Verbatim,
    "A segment of a passenger stands where there is none; it was kept word for word.",
);
/// RPI, APD, TRI without TVL.
pub const NO_FLIGHT: Rule = Rule::warning(
    "pnrgov-no-flight",
    Kept::Verbatim,
    "A segment of a flight stands where there is none; it was kept word for word.",
);
/// Unknown tag.
pub const UNKNOWN_SEGMENT: Rule = Rule::note(
    "pnrgov-unknown-segment",
    Kept::Verbatim,
    "No segment of this tag belongs here; it was kept word for word.",
);
/// A date that is none.
pub const BAD_DATE: Rule = Rule::warning(
    "pnrgov-bad-date",
    Kept::WithoutField,
    "A date is not six digits of a day, month and year; the field was left empty.",
);
/// A time that is none.
pub const BAD_TIME: Rule = Rule::warning(
    "pnrgov-bad-time",
    Kept::WithoutField,
    "A time is not four digits of an hour and a minute; the field was left empty.",
);
/// An airport that is none.
pub const BAD_AIRPORT: Rule = Rule::warning(
    "pnrgov-bad-airport",
    Kept::WithoutField,
    "An airport is not three letters; the field was left empty.",
);
/// A passenger without a surname.
pub const NO_NAME: Rule = Rule::warning(
    "pnrgov-no-name",
    Kept::WithoutField,
    "A passenger has no surname; the passenger was kept without it.",
);
/// A booking without a locator.
pub const NO_LOCATOR: Rule = Rule::warning(
    "pnrgov-no-locator",
    Kept::WithoutField,
    "A booking has no record locator; it was kept without one.",
);
/// A card number in a form of payment.
pub const CARD_DROPPED: Rule = Rule::note(
    "pnrgov-card-dropped",
    Kept::LeftOut,
    "A form of payment holds a card number; all but the last four digits were dropped.",
);
/// A card number in free text.
pub const CARD_IN_TEXT: Rule = Rule::warning(
    "pnrgov-card-in-text",
    Kept::LeftOut,
    "Free text holds what looks like a payment card number; it was replaced by stars.",
);
/// More segments than any real booking has.
pub const TOO_LONG: Rule = Rule::error(
    "pnrgov-booking-too-long",
    Kept::LeftOut,
    "A booking has more than 50,000 segments; the rest of it was left out.",
);
/// EQN and the number of SRC groups.
pub const RECORD_COUNT: Rule = Rule::note(
    "pnrgov-record-count",
    Kept::Repaired,
    "The number of bookings differs from the number the message names; those read stand.",
);

/// Every rule of this format, those of its syntax not included.
pub const ALL: &[Rule] = &[
    OTHER_TYPE,
    NO_RECORD,
    NO_PASSENGER,
    NO_FLIGHT,
    UNKNOWN_SEGMENT,
    BAD_DATE,
    BAD_TIME,
    BAD_AIRPORT,
    NO_NAME,
    NO_LOCATOR,
    CARD_DROPPED,
    CARD_IN_TEXT,
    TOO_LONG,
    RECORD_COUNT,
];
