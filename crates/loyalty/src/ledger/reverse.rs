//! Taking back a post, a settlement or an expiry.

use chrono::NaiveDate;

use super::books::Books;
use super::decide::{Between, Decision, amount_of, in_grace};
use super::model::{Hold, Kind, NEVER, Posted, Shortfall, Transfer, TransferId};
use super::open::Fill;
use super::outcome::Outcome;

/// What is to be taken back.
#[derive(Clone, Copy)]
pub(super) struct Ask {
    pub original: TransferId,
    pub amount: Option<i64>,
    pub grace: Option<NaiveDate>,
}

/// Takes a transfer back, as far as it is still there to be taken.
pub(super) fn reverse(
    books: &mut Books,
    asked: &Transfer,
    ask: Ask,
    shortfall: Shortfall,
) -> Decision<()> {
    if let Some(amount) = ask.amount {
        amount_of(Some(amount), 0)?;
    }
    let original = books.known.get(&ask.original).cloned().ok_or(Outcome::OriginalNotFound)?;
    let (root, to) = match original.kind {
        Kind::Post | Kind::Expire => (original.id, original.debit),
        Kind::Settle => {
            let hold = original.about.ok_or(Outcome::NotReversible)?;
            (hold, books.known.get(&hold).map_or(original.debit, |began| began.debit))
        }
        Kind::Hold | Kind::Release | Kind::Reverse => return Err(Outcome::NotReversible),
    };
    let from = original.credit;
    books.expire(from);
    books.expire(to);
    in_grace(books, ask.grace, to)?;
    if original.kind == Kind::Expire && ask.grace.is_none() {
        return Err(Outcome::ExpiryMissing);
    }
    let before = books.reversed.get(&original.id).copied().unwrap_or(0);
    let left = original.amount - before - expired_of(books, &original);
    if left <= 0 {
        return Err(Outcome::ExceedsOriginal);
    }
    let amount = amount_of(ask.amount, left)?;
    if amount > left {
        return Err(Outcome::ExceedsOriginal);
    }
    let short = books.account(from).is_some_and(|it| it.owner.is_some() && it.balance < amount);
    if short && shortfall == Shortfall::Refuse {
        return Err(Outcome::Insufficient);
    }
    books.fits(from, to, amount)?;
    let between = Between { debit: from, credit: to, amount };
    let mut row = between.row(books, asked, Kind::Reverse, ask.grace);
    row.about = Some(original.id);
    let fill = back(books, &original, root, between, ask.grace, before);
    books.add_reversed(original.id, amount);
    books.apply(row, Some(original.id.uuid()), Some(fill));
    Ok(())
}

/// Where what is taken back goes.
fn back(
    books: &mut Books,
    original: &Posted,
    root: TransferId,
    between: Between,
    grace: Option<NaiveDate>,
    before: i64,
) -> Fill {
    if original.kind == Kind::Expire {
        return Fill::New(grace.unwrap_or(NEVER));
    }
    let hold = books.holds.get(&root).map(|open| open.hold.clone());
    let restored = hold.as_ref().map_or(before, |hold| hold.restored);
    let parts = books.way_back(root, between.credit, restored, between.amount);
    if let Some(hold) = hold {
        books.put_hold(Hold { restored: hold.restored + between.amount, ..hold }, false);
    }
    Fill::Back(parts, grace)
}

/// What expired of the lot a transfer made. The member did not have it, so it is not taken again.
fn expired_of(books: &Books, original: &Posted) -> i64 {
    let Some(open) = books.accounts.get(&original.credit) else { return 0 };
    let lot = open.lots.iter().find(|held| held.lot.id == original.id.uuid());
    lot.map_or(0, |held| held.lot.expired)
}
