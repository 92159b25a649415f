//! Writes what a batch made, in a few statements whatever its size.

use std::collections::BTreeMap;

use store::{Col, Tx, Value};
use uuid::Uuid;

use super::books::Books;
use super::load::locking;
use super::model::{AccountId, Posted};
use super::open::HeldLot;
use super::rows::{TRANSFER_COLUMNS, transfer_row};
use crate::{Result, events};

/// Writes everything new and changed, and says the events.
pub(super) async fn write(tx: &mut Tx, books: &Books) -> Result<()> {
    let rows = books.made.iter().map(transfer_row).collect();
    insert(tx, "ledger_transfer", TRANSFER_COLUMNS, rows).await?;
    lots(tx, books).await?;
    uses(tx, books).await?;
    holds(tx, books).await?;
    members(tx, books).await?;
    own(tx, books).await?;
    let of_member = |id| {
        let account = books.account(id)?;
        Some((account.owner?, account.book.unit))
    };
    events::moved(tx, books.now, &books.made, of_member).await
}

async fn insert(
    tx: &mut Tx,
    table: &'static str,
    columns: &[Col],
    rows: Vec<Vec<Value>>,
) -> Result<()> {
    if !rows.is_empty() {
        tx.bulk(table, columns, rows, "").await?;
    }
    Ok(())
}

async fn update(
    tx: &mut Tx,
    columns: &[Col],
    rows: Vec<Vec<Value>>,
    statement: &str,
) -> Result<()> {
    if !rows.is_empty() {
        tx.with_rows(columns, rows, statement).await?;
    }
    Ok(())
}

async fn lots(tx: &mut Tx, books: &Books) -> Result<()> {
    let columns = [
        Col::uuid("id"),
        Col::uuid("account_id"),
        Col::date("expires_on"),
        Col::time("effective_at"),
        Col::i64("amount"),
        Col::i64("remaining"),
        Col::i64("expired"),
    ];
    let (mut new, mut old) = (Vec::new(), Vec::new());
    for open in books.accounts.values() {
        for HeldLot { lot, is_new, changed } in &open.lots {
            let (id, left): (Value, Value) = (lot.id.into(), lot.remaining.into());
            if *is_new {
                new.push(vec![
                    id,
                    open.account.id.uuid().into(),
                    lot.expires_on.into(),
                    lot.effective_at.into(),
                    lot.amount.into(),
                    left,
                    lot.expired.into(),
                ]);
            } else if *changed {
                old.push(vec![id, left, lot.expired.into()]);
            }
        }
    }
    insert(tx, "ledger_lot", &columns, new).await?;
    update(
        tx,
        &[Col::uuid("id"), Col::i64("remaining"), Col::i64("expired")],
        old,
        "UPDATE ledger_lot SET remaining = input.remaining, expired = input.expired FROM input
         WHERE ledger_lot.id = input.id",
    )
    .await
}

async fn uses(tx: &mut Tx, books: &Books) -> Result<()> {
    let columns = [
        Col::uuid("transfer_id"),
        Col::uuid("lot_id"),
        Col::uuid("account_id"),
        Col::i64("amount"),
    ];
    let made = books.made.iter().filter_map(|made| books.uses.get(&made.id)).flatten();
    let rows = made
        .map(|used| {
            vec![
                used.transfer.uuid().into(),
                used.lot.into(),
                used.account.uuid().into(),
                used.amount.into(),
            ]
        })
        .collect();
    insert(tx, "ledger_lot_use", &columns, rows).await
}

async fn holds(tx: &mut Tx, books: &Books) -> Result<()> {
    let columns = [
        Col::uuid("id"),
        Col::i64("amount"),
        Col::i64("settled"),
        Col::i64("released"),
        Col::i64("restored"),
        Col::time("due_at"),
        Col::bool("is_open"),
    ];
    let (new, old): (Vec<_>, Vec<_>) =
        books.holds.values().filter(|open| open.changed).partition(|open| open.is_new);
    let row = |open: &&super::books::OpenHold| -> Vec<Value> {
        let hold = &open.hold;
        vec![
            hold.id.uuid().into(),
            hold.amount.into(),
            hold.settled.into(),
            hold.released.into(),
            hold.restored.into(),
            hold.due.into(),
            (hold.left() > 0).into(),
        ]
    };
    insert(tx, "ledger_hold", &columns, new.iter().map(row).collect()).await?;
    update(
        tx,
        &columns,
        old.iter().map(row).collect(),
        "UPDATE ledger_hold SET settled = input.settled, released = input.released,
            restored = input.restored, is_open = input.is_open FROM input
         WHERE ledger_hold.id = input.id",
    )
    .await
}

async fn members(tx: &mut Tx, books: &Books) -> Result<()> {
    let columns = [
        Col::uuid("id"),
        Col::i64("balance"),
        Col::i64("seq"),
        Col::time("recorded_at"),
        Col::date("next_expiry"),
    ];
    let changed =
        books.accounts.values().filter(|open| open.changed && open.account.owner.is_some());
    let rows = changed
        .map(|open| {
            let account = &open.account;
            vec![
                account.id.uuid().into(),
                account.balance.into(),
                account.seq.into(),
                account.recorded_at.into(),
                account.next_expiry.into(),
            ]
        })
        .collect();
    update(
        tx,
        &columns,
        rows,
        "UPDATE ledger_account SET balance = input.balance, seq = input.seq,
            recorded_at = input.recorded_at, next_expiry = input.next_expiry FROM input
         WHERE ledger_account.id = input.id",
    )
    .await
}

/// Accounts of the programme have no bounds: they are added to, and only from here to the commit
/// does another batch wait for them.
async fn own(tx: &mut Tx, books: &Books) -> Result<()> {
    let mut changes: BTreeMap<AccountId, i64> = BTreeMap::new();
    let mut add = |id: AccountId, is_own: bool, amount: i64| {
        if is_own {
            *changes.entry(id).or_insert(0) += amount;
        }
    };
    for Posted { debit, credit, amount, debit_after, credit_after, .. } in &books.made {
        add(*debit, debit_after.is_none(), -amount);
        add(*credit, credit_after.is_none(), *amount);
    }
    let rows: Vec<Vec<Value>> =
        changes.into_iter().map(|(id, change)| vec![id.uuid().into(), change.into()]).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns = [Col::uuid("id"), Col::i64("change")];
    let lock = locking(tx);
    if !lock.is_empty() {
        let statement = format!(
            "SELECT a.id FROM ledger_account a WHERE a.id IN (SELECT id FROM input)
             ORDER BY a.id{lock}"
        );
        let _: Vec<(Uuid,)> = tx.with_rows_all(&columns, rows.clone(), &statement).await?;
    }
    update(
        tx,
        &columns,
        rows,
        "UPDATE ledger_account SET balance = balance + input.change FROM input
         WHERE ledger_account.id = input.id",
    )
    .await
}
