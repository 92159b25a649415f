//! What can be wrong with an envelope.

use crate::diagnostic::{Kept, Rule};

pub const BAD_ADDRESS: Rule = Rule::error(
    "envelope-bad-address",
    Kept::LeftOut,
    "an address is not seven letters and digits; the other addresses were read",
);
pub const BAD_ORIGIN: Rule = Rule::error(
    "envelope-bad-origin",
    Kept::LeftOut,
    "the sender's address is not seven letters and digits; the message was read without a sender",
);
pub const NO_ORIGIN: Rule = Rule::warning(
    "envelope-no-origin",
    Kept::WithoutField,
    "there are addresses but no origin line",
);
pub const NO_PRIORITY: Rule = Rule::note(
    "envelope-no-priority",
    Kept::WithoutField,
    "there is no priority before the addresses",
);
pub const UNUSUAL_PRIORITY: Rule =
    Rule::note("envelope-unusual-priority", Kept::Verbatim, "the priority is not one of the usual");
pub const NO_TIME: Rule = Rule::note(
    "envelope-no-time",
    Kept::WithoutField,
    "no word of the origin line is a time of day and day of month",
);
pub const BLANK_LINE: Rule =
    Rule::note("envelope-blank-line", Kept::Repaired, "a blank line stands among the addresses");
pub const UNKNOWN_FIELD: Rule = Rule::note(
    "envelope-unknown-field",
    Kept::LeftOut,
    "a field of the gateway's header is not known",
);

/// All of them, for checking translations.
pub const ALL: &[Rule] = &[
    BAD_ADDRESS,
    BAD_ORIGIN,
    NO_ORIGIN,
    NO_PRIORITY,
    UNUSUAL_PRIORITY,
    NO_TIME,
    BLANK_LINE,
    UNKNOWN_FIELD,
];
