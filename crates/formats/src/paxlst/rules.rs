//! What can be wrong with a passenger list. See [`crate::edifact::rules`] for its syntax.

use crate::diagnostic::{Kept, Rule};

/// UNH names another type.
pub const OTHER_TYPE: Rule = Rule::warning(
    "paxlst-other-message-type",
    Kept::Verbatim,
    "The message says it is not PAXLST; it was read as one.",
);
/// A date.
pub const BAD_DATE: Rule = Rule::warning(
    "paxlst-bad-date",
    Kept::WithoutField,
    "A date is not a year, month and day of two digits each; the field was left empty.",
);
/// A person without a name.
pub const NO_NAME: Rule = Rule::warning(
    "paxlst-no-name",
    Kept::WithoutField,
    "A person has no surname; the person was kept without it.",
);
/// ATT, DOC … before NAD.
pub const NO_PERSON: Rule = Rule::warning(
    "paxlst-no-person",
    Kept::Verbatim,
    "A segment of a person stands where there is none; it was kept word for word.",
);
/// Unknown tag.
pub const UNKNOWN_SEGMENT: Rule = Rule::note(
    "paxlst-unknown-segment",
    Kept::Verbatim,
    "No segment of this tag is known here; it was kept word for word.",
);

/// More people than any list has.
pub const TOO_LONG: Rule = Rule::error(
    "paxlst-too-many-people",
    Kept::LeftOut,
    "The list has more than 100,000 people; the others were left out.",
);

/// Every rule of this format, those of its syntax not included.
pub const ALL: &[Rule] = &[OTHER_TYPE, BAD_DATE, NO_NAME, NO_PERSON, UNKNOWN_SEGMENT, TOO_LONG];
