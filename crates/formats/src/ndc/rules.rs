//! What can be wrong with an order message.

use crate::diagnostic::{Kept, Rule};

/// No XML, or nothing known in it.
pub const NOTHING_FOUND: Rule = Rule::error(
    "ndc-nothing-found",
    Kept::LeftOut,
    "The message holds neither an order nor passengers, segments, tickets or errors.",
);
/// Syntax.
pub const MALFORMED: Rule = Rule::error(
    "ndc-malformed",
    Kept::LeftOut,
    "The XML is malformed here; what was read before it was kept, the rest was left out.",
);
/// `</b>` for `<a>`.
pub const WRONG_END: Rule = Rule::warning(
    "ndc-wrong-end-tag",
    Kept::Repaired,
    "An end tag closes no element that is open; it was passed over.",
);
/// Ends inside elements.
pub const CUT: Rule = Rule::error(
    "ndc-cut",
    Kept::Repaired,
    "The message ends inside an element; what is open was closed and kept.",
);
/// Too deep.
pub const TOO_DEEP: Rule = Rule::error(
    "ndc-too-deep",
    Kept::LeftOut,
    "Elements are nested more than 64 deep; the deeper ones were left out.",
);
/// Too large.
pub const TOO_LARGE: Rule = Rule::error(
    "ndc-too-large",
    Kept::LeftOut,
    "The message has more elements than any real one; the rest was left out.",
);
/// `<!DOCTYPE`.
pub const DOCTYPE: Rule = Rule::warning(
    "ndc-doctype",
    Kept::LeftOut,
    "The message declares a document type; it was passed over, and its entities are not expanded.",
);
/// `&foo;`
pub const ENTITY: Rule = Rule::warning(
    "ndc-unknown-entity",
    Kept::LeftOut,
    "An entity is none of the five of XML; it was left out.",
);
/// Card data.
pub const CARD_DROPPED: Rule = Rule::warning(
    "ndc-card-dropped",
    Kept::LeftOut,
    "The message holds a payment card number; payment data was not kept.",
);
/// Birth, expiry.
pub const BAD_DATE: Rule = Rule::warning(
    "ndc-bad-date",
    Kept::WithoutField,
    "A date is not a year, month and day; the field was left empty.",
);
/// Airport.
pub const BAD_AIRPORT: Rule = Rule::note(
    "ndc-bad-airport",
    Kept::WithoutField,
    "A location is not three letters; the field was left empty.",
);
/// Order without an id.
pub const NO_ORDER_ID: Rule = Rule::warning(
    "ndc-no-order-id",
    Kept::WithoutField,
    "An order has no id; it was kept without one.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NOTHING_FOUND,
    MALFORMED,
    WRONG_END,
    CUT,
    TOO_DEEP,
    TOO_LARGE,
    DOCTYPE,
    ENTITY,
    CARD_DROPPED,
    BAD_DATE,
    BAD_AIRPORT,
    NO_ORDER_ID,
];
