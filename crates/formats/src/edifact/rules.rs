//! What can be wrong with EDIFACT syntax.

use crate::diagnostic::{Kept, Rule};

/// No UNA, UNB, UNG or UNH.
pub const NO_INTERCHANGE: Rule = Rule::error(
    "edifact-no-interchange",
    Kept::LeftOut,
    "No interchange begins here: there is no UNA, UNB, UNG or UNH segment.",
);
/// Type B lines, mail text.
pub const TEXT_BEFORE: Rule = Rule::note(
    "edifact-text-before",
    Kept::LeftOut,
    "Text stands before the interchange; reading began at its first segment.",
);
/// Signatures of mail gateways.
pub const TEXT_AFTER: Rule = Rule::note(
    "edifact-text-after",
    Kept::LeftOut,
    "Text stands after the end of the interchange; it was passed over.",
);
/// UNA with five characters, or with a typographic quote.
pub const BAD_UNA: Rule = Rule::warning(
    "edifact-bad-una",
    Kept::Repaired,
    "The UNA segment does not name six delimiters that are in use; they were taken from UNB.",
);
/// No terminator before the next segment or the end.
pub const MISSING_TERMINATOR: Rule = Rule::warning(
    "edifact-missing-terminator",
    Kept::Repaired,
    "A segment has no terminator; it was ended where the next one begins.",
);
/// O'NEIL.
pub const UNESCAPED_TERMINATOR: Rule = Rule::warning(
    "edifact-unescaped-terminator",
    Kept::Repaired,
    "A terminator stands inside a segment without a release character; it was read as text.",
);
/// A typographic quote for the apostrophe.
pub const TYPOGRAPHIC_TERMINATOR: Rule = Rule::note(
    "edifact-typographic-terminator",
    Kept::Repaired,
    "A typographic quote stands where a terminator belongs; it was read as one.",
);
/// A tag that is not three capitals or digits.
pub const BAD_TAG: Rule = Rule::error(
    "edifact-bad-tag",
    Kept::LeftOut,
    "A segment does not begin with a tag of three capitals or digits; it was left out.",
);
/// More components than any real segment has.
pub const SEGMENT_TOO_LONG: Rule = Rule::error(
    "edifact-segment-too-long",
    Kept::LeftOut,
    "A segment has more than 4,096 components; those beyond were left out.",
);
/// UNT, UNE or UNZ with a wrong number.
pub const WRONG_COUNT: Rule = Rule::note(
    "edifact-wrong-count",
    Kept::Repaired,
    "The count in a trailer differs from what was read; what was read stands.",
);
/// UNH without UNT.
pub const NO_TRAILER: Rule = Rule::warning(
    "edifact-no-trailer",
    Kept::Repaired,
    "A message has no UNT segment; it was ended where the next one begins or the text ends.",
);

/// Every rule of this module.
pub const ALL: &[Rule] = &[
    NO_INTERCHANGE,
    TEXT_BEFORE,
    TEXT_AFTER,
    BAD_UNA,
    MISSING_TERMINATOR,
    UNESCAPED_TERMINATOR,
    TYPOGRAPHIC_TERMINATOR,
    BAD_TAG,
    SEGMENT_TOO_LONG,
    WRONG_COUNT,
    NO_TRAILER,
];
