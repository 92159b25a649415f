//! What can be wrong with a booking message.

use crate::diagnostic::{Kept, Rule};

/// Neither names nor flights.
pub const NOT_A_BOOKING: Rule = Rule::error(
    "booking-nothing-found",
    Kept::Verbatim,
    "The message holds neither names nor flights of a booking; its lines were kept word for word.",
);
/// No record locator line.
pub const NO_LOCATOR: Rule = Rule::warning(
    "booking-no-locator",
    Kept::WithoutField,
    "The message has no record locator line; the booking was read without one.",
);
/// A line of unknown form.
pub const UNKNOWN_LINE: Rule = Rule::note(
    "booking-unknown-line",
    Kept::Verbatim,
    "The line has no known form; it was kept word for word.",
);
/// `CGKD`.
pub const BAD_CITY_PAIR: Rule = Rule::warning(
    "booking-bad-city-pair",
    Kept::WithoutField,
    "The board and off point of a flight are not two airports of three letters each; what could \
     not be read was left empty.",
);
/// A status of unknown meaning.
pub const UNKNOWN_STATUS: Rule = Rule::note(
    "booking-unknown-status",
    Kept::Verbatim,
    "The status of a flight is none of the known codes; it was kept as written.",
);
/// A flight without a status.
pub const NO_STATUS: Rule = Rule::note(
    "booking-no-status",
    Kept::WithoutField,
    "A flight has no action or status; it was kept without one.",
);
/// Fewer or more given names than the count.
pub const NAME_COUNT: Rule = Rule::warning(
    "booking-name-count",
    Kept::Repaired,
    "A name element has more given names than its count; all of them were kept.",
);
/// Seats unlike passengers.
pub const SEAT_COUNT: Rule = Rule::note(
    "booking-seat-count",
    Kept::Verbatim,
    "A flight has another number of seats than there are names.",
);
/// SSR or OSI without a code or airline.
pub const BAD_REQUEST: Rule = Rule::warning(
    "booking-bad-request",
    Kept::Verbatim,
    "A request or information has no code or no airline; it was kept word for word.",
);
/// `///` with nothing to continue.
pub const LOST_CONTINUATION: Rule = Rule::warning(
    "booking-lost-continuation",
    Kept::Repaired,
    "A continuation follows no request of its code; it was read as a request of its own.",
);
/// Fields of the point of sale in other places.
pub const POINT_OF_SALE: Rule = Rule::note(
    "booking-point-of-sale",
    Kept::Repaired,
    "A field of the point of sale is missing; those behind it were told by their form.",
);
/// A card number.
pub const CARD_IN_TEXT: Rule = Rule::warning(
    "booking-card-in-text",
    Kept::LeftOut,
    "A line holds what looks like a payment card number; it was replaced by stars.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NOT_A_BOOKING,
    NO_LOCATOR,
    UNKNOWN_LINE,
    BAD_CITY_PAIR,
    UNKNOWN_STATUS,
    NO_STATUS,
    NAME_COUNT,
    SEAT_COUNT,
    BAD_REQUEST,
    LOST_CONTINUATION,
    POINT_OF_SALE,
    CARD_IN_TEXT,
];
