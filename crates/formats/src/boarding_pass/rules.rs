//! What can be wrong with a boarding pass.

use crate::diagnostic::{Kept, Rule};

/// Nothing that looks like a pass was found.
pub const NOT_A_PASS: Rule = Rule::error(
    "bcbp-not-a-boarding-pass",
    Kept::LeftOut,
    "This is no boarding pass: the columns of a leg were not found.",
);
/// Text before the format code.
pub const TEXT_BEFORE: Rule = Rule::note(
    "bcbp-text-before",
    Kept::LeftOut,
    "Text stands before the format code; reading began at the format code.",
);
/// `m1…`.
pub const LOWER_CASE_FORMAT: Rule = Rule::warning(
    "bcbp-lower-case-format",
    Kept::Repaired,
    "The format code is a small letter; it was read as a capital.",
);
/// `MX…`.
pub const LEG_COUNT: Rule = Rule::warning(
    "bcbp-leg-count",
    Kept::Repaired,
    "The number of legs is not a digit from 1 to 9; as many legs were read as there are.",
);
/// Fewer legs than said.
pub const FEWER_LEGS: Rule = Rule::warning(
    "bcbp-fewer-legs",
    Kept::LeftOut,
    "The pass ends before the number of legs it names; the legs that are there were read.",
);
/// The leg begins elsewhere than the lengths say.
pub const LEG_MOVED: Rule = Rule::warning(
    "bcbp-leg-moved",
    Kept::Repaired,
    "A leg begins elsewhere than the length before it says; it was found by its columns.",
);
/// The pass ends inside a leg.
pub const LEG_CUT: Rule = Rule::warning(
    "bcbp-leg-cut",
    Kept::WithoutField,
    "The pass ends inside the mandatory columns of a leg; the missing fields are empty.",
);
/// `61 ` instead of `0061 `, `  1` instead of `001`.
pub const BAD_AIRPORT: Rule = Rule::warning(
    "bcbp-bad-airport",
    Kept::WithoutField,
    "An airport is not three letters; the field was left empty.",
);
/// Flight number.
pub const BAD_FLIGHT: Rule = Rule::warning(
    "bcbp-bad-flight-number",
    Kept::WithoutField,
    "The flight number is not one to four digits with a suffix; the field was left empty.",
);
/// Day of the year.
pub const BAD_DAY: Rule = Rule::warning(
    "bcbp-bad-day",
    Kept::WithoutField,
    "The day of the year is not a number from 1 to 366; the field was left empty.",
);
/// Date of issue.
pub const BAD_ISSUE_DAY: Rule = Rule::warning(
    "bcbp-bad-issue-day",
    Kept::WithoutField,
    "The date of issue is not a year digit and a day of the year; the field was left empty.",
);
/// A length that is not hexadecimal.
pub const BAD_LENGTH: Rule = Rule::warning(
    "bcbp-bad-length",
    Kept::Repaired,
    "A length is not two hexadecimal digits; what follows was read to the end.",
);
/// A length past the end.
pub const PAST_THE_END: Rule = Rule::warning(
    "bcbp-length-past-the-end",
    Kept::Repaired,
    "A length runs past the end of the pass; the fields that are there were read.",
);
/// Inner lengths larger than the outer one.
pub const LENGTHS_DISAGREE: Rule = Rule::warning(
    "bcbp-lengths-disagree",
    Kept::Repaired,
    "The length of the conditional items is smaller than the items inside it; the items were read.",
);
/// `+6181…` for `>6181…`, `+164…` for `^164…`.
pub const PLUS_SIGN: Rule = Rule::note(
    "bcbp-plus-sign",
    Kept::Repaired,
    "A plus sign stands where a greater-than sign or a circumflex belongs; it was read as that.",
);
/// Conditional items without the version mark.
pub const NO_VERSION: Rule = Rule::note(
    "bcbp-no-version",
    Kept::Verbatim,
    "The conditional items do not begin with a version; they were kept as the airline's own data.",
);
/// A version beyond 8.
pub const UNKNOWN_VERSION: Rule = Rule::note(
    "bcbp-unknown-version",
    Kept::Verbatim,
    "The version is not one of 1 to 8; the items were read as those of version 8.",
);
/// Repeated items that fit no columns.
pub const UNREADABLE_ITEMS: Rule = Rule::warning(
    "bcbp-unreadable-items",
    Kept::Verbatim,
    "The conditional items of a leg do not fit their columns; they were kept word for word.",
);
/// A frequent-flyer airline of two characters without the third column.
pub const NARROW_PROGRAMME: Rule = Rule::warning(
    "bcbp-narrow-programme",
    Kept::Repaired,
    "The frequent-flyer airline fills two columns instead of three; the fields after it were moved.",
);
/// Security data.
pub const BAD_SECURITY: Rule = Rule::warning(
    "bcbp-bad-security",
    Kept::Repaired,
    "The length of the security data is wrong or missing; the rest of the pass was taken for it.",
);
/// Something after the last field.
pub const TEXT_AFTER: Rule = Rule::note(
    "bcbp-text-after",
    Kept::Verbatim,
    "Text stands after the last field; it was kept word for word.",
);

/// Every rule of this format.
pub const ALL: &[Rule] = &[
    NOT_A_PASS,
    TEXT_BEFORE,
    LOWER_CASE_FORMAT,
    LEG_COUNT,
    FEWER_LEGS,
    LEG_MOVED,
    LEG_CUT,
    BAD_AIRPORT,
    BAD_FLIGHT,
    BAD_DAY,
    BAD_ISSUE_DAY,
    BAD_LENGTH,
    PAST_THE_END,
    LENGTHS_DISAGREE,
    PLUS_SIGN,
    NO_VERSION,
    UNKNOWN_VERSION,
    UNREADABLE_ITEMS,
    NARROW_PROGRAMME,
    BAD_SECURITY,
    TEXT_AFTER,
];
