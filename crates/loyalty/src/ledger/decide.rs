//! What becomes of each transfer of a batch, one after the other. Pure: everything it reads has been
//! loaded, everything it makes is written afterwards.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::books::Books;
use super::model::{
    Account, AccountId, AccountState, AtDue, Due, Hold, Kind, LARGEST_AMOUNT, NEVER, Posted, Role,
    Step, Transfer, TransferId,
};
use super::open::Fill;
use super::outcome::Outcome;
use super::reverse::{Ask, reverse};
use super::same::is_same;

pub(super) type Decision<T = Outcome> = Result<T, Outcome>;

/// Longest reference, in characters.
const REFERENCE: usize = 200;
/// Longest explanation, in bytes of JSON.
const EXPLANATION: usize = 16 * 1024;

/// Decides a batch. One outcome for each transfer, in order.
pub(super) fn batch(books: &mut Books, transfers: &[Transfer]) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(transfers.len());
    let mut rest = transfers;
    while !rest.is_empty() {
        let tied = rest.iter().take_while(|transfer| transfer.linked).count();
        let (chain, after) = rest.split_at((tied + 1).min(rest.len()));
        let is_open = tied == chain.len();
        chain_of(books, chain, is_open, &mut outcomes);
        rest = after;
    }
    outcomes
}

fn chain_of(books: &mut Books, chain: &[Transfer], is_open: bool, outcomes: &mut Vec<Outcome>) {
    if let [single] = chain
        && !is_open
    {
        outcomes.push(one(books, single));
        return;
    }
    if is_open {
        let (last, others) = (chain.len() - 1, chain.len());
        let told = |at| if at == last { Outcome::ChainOpen } else { Outcome::ChainBroken };
        outcomes.extend((0..others).map(told));
        return;
    }
    let start = outcomes.len();
    books.begin_chain();
    for transfer in chain {
        let outcome = one(books, transfer);
        outcomes.push(outcome);
        if !outcome.is_posted() {
            books.break_chain();
            let failed = outcomes.len() - 1;
            outcomes[start..failed].fill(Outcome::ChainBroken);
            outcomes.resize(start + chain.len(), Outcome::ChainBroken);
            return;
        }
    }
    books.keep_chain();
}

fn one(books: &mut Books, transfer: &Transfer) -> Outcome {
    match decide(books, transfer) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn decide(books: &mut Books, transfer: &Transfer) -> Decision {
    if transfer.id.uuid().is_nil() {
        return Err(Outcome::IdMissing);
    }
    if let Some(known) = books.known.get(&transfer.id) {
        let same = is_same(known, transfer);
        return Err(if same { Outcome::AlreadyPosted } else { Outcome::IdTaken });
    }
    shape(books, transfer)?;
    match &transfer.step {
        Step::Post { debit, credit, amount, expires_on } => {
            let between = Between { debit: *debit, credit: *credit, amount: *amount };
            let fill = begin(books, between, *expires_on, None)?;
            books.apply(between.row(books, transfer, Kind::Post, *expires_on), None, fill);
        }
        Step::Hold { debit, credit, amount, expires_on, due } => {
            let between = Between { debit: *debit, credit: *credit, amount: *amount };
            begin(books, between, *expires_on, Some(*due))?;
            hold(books, transfer, between, *expires_on, *due)?;
        }
        Step::Settle { hold, amount } => settle(books, transfer, *hold, *amount)?,
        Step::Release { hold, amount, grace } => {
            release(books, transfer, *hold, *amount, *grace)?;
        }
        Step::Reverse { transfer: original, amount, shortfall, grace } => {
            let ask = Ask { original: *original, amount: *amount, grace: *grace };
            reverse(books, transfer, ask, *shortfall)?;
        }
    }
    Ok(Outcome::Posted)
}

fn shape(books: &Books, transfer: &Transfer) -> Decision<()> {
    let letter = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    let code = transfer.code.as_bytes();
    if code.is_empty() || code.len() > 40 || !code.iter().copied().all(letter) {
        return Err(Outcome::CodeInvalid);
    }
    let reference = &transfer.reference;
    if reference.chars().count() > REFERENCE || reference.chars().any(char::is_control) {
        return Err(Outcome::ReferenceInvalid);
    }
    if !is_plain_object(&transfer.explanation) {
        return Err(Outcome::ExplanationInvalid);
    }
    let at = transfer.effective_at;
    let now = books.now.timestamp_micros();
    if at.timestamp_micros() > now || at < DateTime::UNIX_EPOCH {
        return Err(Outcome::EffectiveOutOfRange);
    }
    Ok(())
}

fn is_plain_object(value: &Value) -> bool {
    let Value::Object(fields) = value else { return false };
    if fields.is_empty() {
        return true;
    }
    let text = value.to_string();
    // PostgreSQL keeps no U+0000 in JSON.
    text.len() <= EXPLANATION && !text.contains("\\u0000")
}

/// Two accounts and an amount.
#[derive(Clone, Copy)]
pub(super) struct Between {
    pub debit: AccountId,
    pub credit: AccountId,
    pub amount: i64,
}

impl Between {
    pub fn row(
        self,
        books: &Books,
        asked: &Transfer,
        kind: Kind,
        expires_on: Option<NaiveDate>,
    ) -> Posted {
        Posted {
            id: asked.id,
            kind,
            code: asked.code.clone(),
            expires_on,
            reference: asked.reference.clone(),
            explanation: asked.explanation.clone(),
            ..books.blank(self.debit, self.credit, self.amount, asked.effective_at)
        }
    }
}

/// The amount said, or all that is left.
pub(super) fn amount_of(asked: Option<i64>, left: i64) -> Decision<i64> {
    let amount = asked.unwrap_or(left);
    if (1..=LARGEST_AMOUNT).contains(&amount) { Ok(amount) } else { Err(Outcome::AmountInvalid) }
}

/// What a post and a hold have to be.
fn begin(
    books: &mut Books,
    between: Between,
    expires_on: Option<NaiveDate>,
    hold: Option<Option<Due>>,
) -> Decision<Option<Fill>> {
    let Between { debit, credit, amount } = between;
    amount_of(Some(amount), 0)?;
    if debit == credit {
        return Err(Outcome::SameAccount);
    }
    books.expire(debit);
    books.expire(credit);
    let from = books.account(debit).ok_or(Outcome::DebitNotFound)?;
    let to = books.account(credit).ok_or(Outcome::CreditNotFound)?;
    let reserved = |account: &Account| matches!(account.role, Role::Held | Role::Pending);
    if reserved(from) || reserved(to) {
        return Err(Outcome::AccountReserved);
    }
    if from.book != to.book {
        return Err(Outcome::BooksDiffer);
    }
    match expires_on {
        None if to.has_lots() => return Err(Outcome::ExpiryMissing),
        Some(_) if !to.has_lots() => return Err(Outcome::ExpiryUnexpected),
        Some(day) if !(books.today..=NEVER).contains(&day) => {
            return Err(Outcome::ExpiryOutOfRange);
        }
        _ => {}
    }
    if let Some(Some(due)) = hold
        && !is_due_in_range(books.now, due)
    {
        return Err(Outcome::DueOutOfRange);
    }
    use AccountState::{Closed, DebitsFrozen, Frozen, Open};
    match (from.state, to.state) {
        (Closed, _) => return Err(Outcome::DebitClosed),
        (_, Closed) => return Err(Outcome::CreditClosed),
        (Frozen | DebitsFrozen, _) => return Err(Outcome::DebitFrozen),
        (Open, Frozen) => return Err(Outcome::CreditFrozen),
        (Open, Open | DebitsFrozen) => {}
    }
    if from.owner.is_some() && from.balance < amount {
        return Err(Outcome::Insufficient);
    }
    books.fits(debit, credit, amount)?;
    Ok(expires_on.map(Fill::New))
}

fn is_due_in_range(now: DateTime<Utc>, due: Due) -> bool {
    due.at > now && due.at.date_naive() <= NEVER
}

fn hold(
    books: &mut Books,
    asked: &Transfer,
    between: Between,
    expires_on: Option<NaiveDate>,
    due: Option<Due>,
) -> Decision<()> {
    let from = books.account(between.debit).ok_or(Outcome::DebitNotFound)?;
    let role = if from.owner.is_some() { Role::Held } else { Role::Pending };
    let stage = books.roles.get(&(from.book.clone(), role)).copied();
    let stage = stage.ok_or(Outcome::DebitNotFound)?;
    let mut row = Between { credit: stage, ..between }.row(books, asked, Kind::Hold, expires_on);
    row.target = Some(between.credit);
    row.due = due;
    let hold = Hold {
        id: asked.id,
        amount: between.amount,
        settled: 0,
        released: 0,
        restored: 0,
        due: due.map(|due| due.at),
    };
    books.put_hold(hold, true);
    books.apply(row, None, None);
    Ok(())
}

/// The hold with what began it; ended first when its time has come.
fn found(books: &mut Books, id: TransferId) -> Decision<(Hold, Posted)> {
    end_due(books, id);
    let hold = books.holds.get(&id).map(|open| open.hold.clone());
    let began = books.known.get(&id).cloned();
    let (Some(hold), Some(began)) = (hold, began) else { return Err(Outcome::HoldNotFound) };
    for account in [Some(began.debit), began.target].into_iter().flatten() {
        books.expire(account);
    }
    Ok((hold, began))
}

/// Ends a hold whose time has come. Returns whether it did.
pub(super) fn end_due(books: &mut Books, id: TransferId) -> bool {
    let Some(hold) = books.holds.get(&id).map(|open| open.hold.clone()) else { return false };
    let Some(began) = books.known.get(&id).cloned() else { return false };
    let Some(due) = began.due.filter(|due| due.at <= books.now) else { return false };
    let left = hold.left();
    if left == 0 {
        return false;
    }
    let asked = Transfer {
        linked: false,
        reference: began.reference.clone(),
        ..Transfer::new(TransferId::new(books.now), "due", due.at, step_of(due, id))
    };
    match due.then {
        AtDue::Settle => pass_on(books, &asked, &hold, &began, left),
        AtDue::Release => give_back(books, &asked, &hold, &began, (left, None)),
    }
    true
}

fn step_of(due: Due, hold: TransferId) -> Step {
    match due.then {
        AtDue::Settle => Step::Settle { hold, amount: None },
        AtDue::Release => Step::Release { hold, amount: None, grace: None },
    }
}

fn part_of(hold: &Hold, asked: Option<i64>) -> Decision<i64> {
    if hold.left() == 0 {
        return Err(Outcome::HoldEnded);
    }
    let amount = amount_of(asked, hold.left())?;
    if amount > hold.left() { Err(Outcome::ExceedsHold) } else { Ok(amount) }
}

fn settle(
    books: &mut Books,
    asked: &Transfer,
    id: TransferId,
    amount: Option<i64>,
) -> Decision<()> {
    if let Some(amount) = amount {
        amount_of(Some(amount), 0)?;
    }
    let (hold, began) = found(books, id)?;
    let amount = part_of(&hold, amount)?;
    books.fits(began.credit, began.target.unwrap_or(began.credit), amount)?;
    pass_on(books, asked, &hold, &began, amount);
    Ok(())
}

fn pass_on(books: &mut Books, asked: &Transfer, hold: &Hold, began: &Posted, amount: i64) {
    let credit = began.target.unwrap_or(began.credit);
    let between = Between { debit: began.credit, credit, amount };
    let mut row = between.row(books, asked, Kind::Settle, began.expires_on);
    row.about = Some(hold.id);
    books.put_hold(Hold { settled: hold.settled + amount, ..hold.clone() }, false);
    books.apply(row, None, began.expires_on.map(Fill::New));
}

fn release(
    books: &mut Books,
    asked: &Transfer,
    id: TransferId,
    amount: Option<i64>,
    grace: Option<NaiveDate>,
) -> Decision<()> {
    if let Some(amount) = amount {
        amount_of(Some(amount), 0)?;
    }
    let (hold, began) = found(books, id)?;
    in_grace(books, grace, began.debit)?;
    let amount = part_of(&hold, amount)?;
    books.fits(began.credit, began.debit, amount)?;
    give_back(books, asked, &hold, &began, (amount, grace));
    Ok(())
}

/// A day of grace is for lots, and not past.
pub(super) fn in_grace(books: &Books, grace: Option<NaiveDate>, to: AccountId) -> Decision<()> {
    let has_lots = books.account(to).is_some_and(Account::has_lots);
    match grace {
        Some(_) if !has_lots => Err(Outcome::ExpiryUnexpected),
        Some(day) if !(books.today..=NEVER).contains(&day) => Err(Outcome::ExpiryOutOfRange),
        _ => Ok(()),
    }
}

fn give_back(
    books: &mut Books,
    asked: &Transfer,
    hold: &Hold,
    began: &Posted,
    (amount, grace): (i64, Option<NaiveDate>),
) {
    let between = Between { debit: began.credit, credit: began.debit, amount };
    let mut row = between.row(books, asked, Kind::Release, grace);
    row.about = Some(hold.id);
    let parts = books.way_back(hold.id, began.debit, hold.restored, amount);
    let (released, restored) = (hold.released + amount, hold.restored + amount);
    books.put_hold(Hold { released, restored, ..hold.clone() }, false);
    books.apply(row, None, Some(Fill::Back(parts, grace)));
}
