//! What can be wrong with a service message, beside what can be wrong with any passenger list.

use crate::diagnostic::{Kept, Rule};

pub const BAD_DESTINATION: Rule = Rule::error(
    "psm-bad-destination",
    Kept::WithoutField,
    "a destination line is not three letters and numbers of passengers and services",
);
pub const NO_DESTINATION: Rule = Rule::error(
    "psm-no-destination",
    Kept::Repaired,
    "names or numbers stand before any destination",
);
pub const BAD_NAME: Rule =
    Rule::error("psm-bad-name", Kept::LeftOut, "a name is not a number and a surname");
pub const UNKNOWN_LINE: Rule =
    Rule::warning("psm-unknown-line", Kept::Verbatim, "a line is not known");

/// All of them, for checking translations.
pub const ALL: &[Rule] = &[BAD_DESTINATION, NO_DESTINATION, BAD_NAME, UNKNOWN_LINE];
