//! Whether a transfer in the books is the one that is asked for again.

use super::model::{Due, Kind, Posted, Step, Transfer};

/// Whether a transfer in the books is what is asked for now. Amounts not said are not compared, nor
/// is the explanation: it may be worded anew.
pub(super) fn is_same(known: &Posted, asked: &Transfer) -> bool {
    let said = |amount: Option<i64>| amount.is_none_or(|amount| amount == known.amount);
    let head = known.code == asked.code
        && known.reference == asked.reference
        && known.effective_at.timestamp_micros() == asked.effective_at.timestamp_micros();
    let same = match &asked.step {
        Step::Post { debit, credit, amount, expires_on } => {
            known.kind == Kind::Post
                && (known.debit, known.credit) == (*debit, *credit)
                && (known.amount, known.expires_on) == (*amount, *expires_on)
        }
        Step::Hold { debit, credit, amount, expires_on, due } => {
            known.kind == Kind::Hold
                && (known.debit, known.target) == (*debit, Some(*credit))
                && (known.amount, known.expires_on) == (*amount, *expires_on)
                && is_same_due(known.due, *due)
        }
        Step::Settle { hold, amount } => {
            known.kind == Kind::Settle && known.about == Some(*hold) && said(*amount)
        }
        Step::Release { hold, amount, grace } => {
            known.kind == Kind::Release
                && (known.about, known.expires_on) == (Some(*hold), *grace)
                && said(*amount)
        }
        Step::Reverse { transfer, amount, grace, .. } => {
            known.kind == Kind::Reverse
                && (known.about, known.expires_on) == (Some(*transfer), *grace)
                && said(*amount)
        }
    };
    head && same
}

fn is_same_due(known: Option<Due>, asked: Option<Due>) -> bool {
    let parts = |due: Option<Due>| due.map(|due| (due.at.timestamp_micros(), due.then));
    parts(known) == parts(asked)
}
