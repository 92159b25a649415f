//! What became of a transfer: a closed list, in the order in which it is looked for.

/// What became of one transfer of a batch. Where several would apply, the first in this list is
/// told. Nothing but [`Outcome::Posted`] changes the books; a refused transfer is not kept, so the
/// same id may be tried again when the reason is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum Outcome {
    /// It is in the books now.
    Posted,
    /// Another transfer of its chain was refused, so this one was not made either.
    ChainBroken,
    /// The batch ends inside its chain.
    ChainOpen,
    /// The id is nil.
    IdMissing,
    /// It was in the books before, with the same content. The first explanation stays.
    AlreadyPosted,
    /// The id is that of a transfer with another content.
    IdTaken,
    /// The code is not 1–40 of `a-z`, `0-9`, `-` and `.`.
    CodeInvalid,
    /// The reference has more than 200 characters or a control character.
    ReferenceInvalid,
    /// The explanation is no JSON object, is longer than 16 KiB, or holds the character U+0000.
    ExplanationInvalid,
    /// It is effective after now, or before 1970.
    EffectiveOutOfRange,
    /// The amount is not 1 – 10¹².
    AmountInvalid,
    /// There is no such hold.
    HoldNotFound,
    /// There is no such transfer to reverse.
    OriginalNotFound,
    /// Holds, releases and reversals are not reversed: release the hold, or post anew.
    NotReversible,
    /// Debit and credit are one account.
    SameAccount,
    /// There is no such account to debit.
    DebitNotFound,
    /// There is no such account to credit.
    CreditNotFound,
    /// An account in which holds wait; only holds go there.
    AccountReserved,
    /// The accounts are of two programmes, or of two units.
    BooksDiffer,
    /// Miles go to a member and nobody said until when they can be used.
    ExpiryMissing,
    /// A last day of use for what does not expire.
    ExpiryUnexpected,
    /// The last day of use is past, or after 9999-12-31.
    ExpiryOutOfRange,
    /// The hold would end before it begins, or after the year 9999.
    DueOutOfRange,
    /// The account to debit is closed.
    DebitClosed,
    /// The account to credit is closed.
    CreditClosed,
    /// The account to debit is frozen.
    DebitFrozen,
    /// The account to credit is frozen for credits, too.
    CreditFrozen,
    /// Nothing of the hold is left: settled, released or timed out.
    HoldEnded,
    /// More than is left of the hold.
    ExceedsHold,
    /// More than is left to reverse: what was reversed before and what expired is not reversed.
    ExceedsOriginal,
    /// The account has less than the amount.
    Insufficient,
    /// The balance would be beyond ±10¹⁵.
    BalanceOutOfRange,
}

/// All outcomes with their codes, in order.
pub const OUTCOMES: &[(Outcome, &str)] = &[
    (Outcome::Posted, "posted"),
    (Outcome::ChainBroken, "chain-broken"),
    (Outcome::ChainOpen, "chain-open"),
    (Outcome::IdMissing, "id-missing"),
    (Outcome::AlreadyPosted, "already-posted"),
    (Outcome::IdTaken, "id-taken"),
    (Outcome::CodeInvalid, "code-invalid"),
    (Outcome::ReferenceInvalid, "reference-invalid"),
    (Outcome::ExplanationInvalid, "explanation-invalid"),
    (Outcome::EffectiveOutOfRange, "effective-out-of-range"),
    (Outcome::AmountInvalid, "amount-invalid"),
    (Outcome::HoldNotFound, "hold-not-found"),
    (Outcome::OriginalNotFound, "original-not-found"),
    (Outcome::NotReversible, "not-reversible"),
    (Outcome::SameAccount, "same-account"),
    (Outcome::DebitNotFound, "debit-not-found"),
    (Outcome::CreditNotFound, "credit-not-found"),
    (Outcome::AccountReserved, "account-reserved"),
    (Outcome::BooksDiffer, "books-differ"),
    (Outcome::ExpiryMissing, "expiry-missing"),
    (Outcome::ExpiryUnexpected, "expiry-unexpected"),
    (Outcome::ExpiryOutOfRange, "expiry-out-of-range"),
    (Outcome::DueOutOfRange, "due-out-of-range"),
    (Outcome::DebitClosed, "debit-closed"),
    (Outcome::CreditClosed, "credit-closed"),
    (Outcome::DebitFrozen, "debit-frozen"),
    (Outcome::CreditFrozen, "credit-frozen"),
    (Outcome::HoldEnded, "hold-ended"),
    (Outcome::ExceedsHold, "exceeds-hold"),
    (Outcome::ExceedsOriginal, "exceeds-original"),
    (Outcome::Insufficient, "insufficient"),
    (Outcome::BalanceOutOfRange, "balance-out-of-range"),
];

impl Outcome {
    /// Stable code; its text is `ledger-outcome-<code>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        OUTCOMES.iter().find(|(outcome, _)| *outcome == self).map_or("", |(_, code)| code)
    }

    /// Whether the transfer is in the books, by this call or an earlier one.
    #[must_use]
    pub fn is_posted(self) -> bool {
        matches!(self, Self::Posted | Self::AlreadyPosted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_closed_and_in_order() {
        assert!(OUTCOMES.is_sorted_by(|one, other| one.0 < other.0));
        // A new variant changes the last number: extend the list with it.
        assert_eq!(Outcome::BalanceOutOfRange as usize + 1, OUTCOMES.len());
    }
}
