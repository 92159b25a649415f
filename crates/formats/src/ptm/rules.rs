//! What can be wrong with a transfer message, beside what can be wrong with any passenger list.

use crate::diagnostic::{Kept, Rule};

pub const BAD_TRANSFER: Rule = Rule::error(
    "ptm-bad-transfer",
    Kept::Verbatim,
    "a line is not a flight, a destination, seats, bags and a name",
);
pub const BAD_SEATS: Rule = Rule::warning(
    "ptm-bad-seats",
    Kept::WithoutField,
    "seats and class of a connection cannot be read",
);
pub const BAD_BAGS: Rule = Rule::note(
    "ptm-no-bags",
    Kept::WithoutField,
    "a connection does not say how many bags there are",
);
pub const NO_TRANSFER: Rule = Rule::error(
    "ptm-no-transfer-point",
    Kept::WithoutField,
    "the flight line has no boarding point and transfer point",
);

/// All of them, for checking translations.
pub const ALL: &[Rule] = &[BAD_TRANSFER, BAD_SEATS, BAD_BAGS, NO_TRANSFER];
