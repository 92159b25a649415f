//! What partner and programme owe each other: a statement of a month, tied to the ledger, and the
//! invoice that keeps it.

mod invoice;
mod statement;

pub use invoice::{Invoice, InvoiceId, Issued};
pub use statement::{Line, Statement, What};

use chrono::NaiveDate;

/// A month as `2026-11`: its first day, and that of the next.
#[must_use]
pub fn month(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let fits = text.len() == 7 && text.as_bytes()[4] == b'-';
    let first: NaiveDate = format!("{text}-01").parse().ok().filter(|_| fits)?;
    Some((first, first.checked_add_months(chrono::Months::new(1))?))
}
