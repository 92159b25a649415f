//! Rows of the ledger's tables and what they stand for.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use sqlx::types::Json as JsonColumn;
use store::{Col, Value};
use uuid::Uuid;

use super::books::Use;
use super::model::{Account, Book, Due, Hold, Lot, Place, Posted};
use crate::UnknownWord;

pub(super) const ACCOUNT: &str = "a.id, a.owner_id, a.programme, a.unit, a.role, a.name, a.state,
    a.balance, a.seq, a.recorded_at, a.next_expiry";

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    id: Uuid,
    owner_id: Option<Uuid>,
    programme: String,
    unit: String,
    role: String,
    name: String,
    state: String,
    balance: i64,
    seq: i64,
    recorded_at: DateTime<Utc>,
    next_expiry: NaiveDate,
}

impl TryFrom<AccountRow> for Account {
    type Error = UnknownWord;
    fn try_from(row: AccountRow) -> Result<Self, UnknownWord> {
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.map(Into::into),
            book: Book::new(row.programme, row.unit.parse()?),
            role: row.role.parse()?,
            name: row.name,
            state: row.state.parse()?,
            balance: row.balance,
            seq: row.seq,
            recorded_at: row.recorded_at,
            next_expiry: row.next_expiry,
        })
    }
}

pub(super) const TRANSFER: &str = "t.id, t.kind, t.code, t.debit_id, t.credit_id, t.amount,
    t.effective_at, t.recorded_at, t.about_id, t.target_id, t.expires_on, t.due_at, t.at_due,
    t.reference, t.explanation, t.debit_seq, t.debit_after, t.credit_seq, t.credit_after";

#[derive(sqlx::FromRow)]
pub(super) struct TransferRow {
    id: Uuid,
    kind: String,
    code: String,
    debit_id: Uuid,
    credit_id: Uuid,
    amount: i64,
    effective_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    about_id: Option<Uuid>,
    target_id: Option<Uuid>,
    expires_on: Option<NaiveDate>,
    due_at: Option<DateTime<Utc>>,
    at_due: Option<String>,
    reference: String,
    explanation: JsonColumn<Json>,
    debit_seq: Option<i64>,
    debit_after: Option<i64>,
    credit_seq: Option<i64>,
    credit_after: Option<i64>,
}

impl TryFrom<TransferRow> for Posted {
    type Error = UnknownWord;
    fn try_from(row: TransferRow) -> Result<Self, UnknownWord> {
        let due = match (row.due_at, row.at_due) {
            (Some(at), Some(then)) => Some(Due { at, then: then.parse()? }),
            _ => None,
        };
        let place =
            |seq: Option<i64>, balance: Option<i64>| Some(Place { seq: seq?, balance: balance? });
        Ok(Self {
            id: row.id.into(),
            kind: row.kind.parse()?,
            code: row.code,
            debit: row.debit_id.into(),
            credit: row.credit_id.into(),
            amount: row.amount,
            effective_at: row.effective_at,
            recorded_at: row.recorded_at,
            about: row.about_id.map(Into::into),
            target: row.target_id.map(Into::into),
            expires_on: row.expires_on,
            due,
            reference: row.reference,
            explanation: row.explanation.0,
            debit_after: place(row.debit_seq, row.debit_after),
            credit_after: place(row.credit_seq, row.credit_after),
        })
    }
}

pub(super) const TRANSFER_COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::text("kind"),
    Col::text("code"),
    Col::uuid("debit_id"),
    Col::uuid("credit_id"),
    Col::i64("amount"),
    Col::time("effective_at"),
    Col::time("recorded_at"),
    Col::uuid("about_id"),
    Col::uuid("target_id"),
    Col::date("expires_on"),
    Col::time("due_at"),
    Col::text("at_due"),
    Col::text("reference"),
    Col::json("explanation"),
    Col::i64("debit_seq"),
    Col::i64("debit_after"),
    Col::i64("credit_seq"),
    Col::i64("credit_after"),
];

pub(super) fn transfer_row(made: &Posted) -> Vec<Value> {
    vec![
        made.id.uuid().into(),
        made.kind.as_str().into(),
        (&made.code).into(),
        made.debit.uuid().into(),
        made.credit.uuid().into(),
        made.amount.into(),
        made.effective_at.into(),
        made.recorded_at.into(),
        made.about.map(Uuid::from).into(),
        made.target.map(Uuid::from).into(),
        made.expires_on.into(),
        made.due.map(|due| due.at).into(),
        made.due.map(|due| due.then.as_str().to_owned()).into(),
        (&made.reference).into(),
        made.explanation.clone().into(),
        made.debit_after.map(|place| place.seq).into(),
        made.debit_after.map(|place| place.balance).into(),
        made.credit_after.map(|place| place.seq).into(),
        made.credit_after.map(|place| place.balance).into(),
    ]
}

pub(super) const LOT: &str =
    "l.id, l.account_id, l.expires_on, l.effective_at, l.amount, l.remaining, l.expired";

#[derive(sqlx::FromRow)]
pub(super) struct LotRow {
    id: Uuid,
    pub account_id: Uuid,
    expires_on: NaiveDate,
    effective_at: DateTime<Utc>,
    amount: i64,
    remaining: i64,
    expired: i64,
}

impl From<LotRow> for Lot {
    fn from(row: LotRow) -> Self {
        Self {
            id: row.id,
            expires_on: row.expires_on,
            effective_at: row.effective_at,
            amount: row.amount,
            remaining: row.remaining,
            expired: row.expired,
        }
    }
}

pub(super) const HOLD: &str = "h.id, h.amount, h.settled, h.released, h.restored, h.due_at";

#[derive(sqlx::FromRow)]
pub(super) struct HoldRow {
    id: Uuid,
    amount: i64,
    settled: i64,
    released: i64,
    restored: i64,
    due_at: Option<DateTime<Utc>>,
}

impl From<HoldRow> for Hold {
    fn from(row: HoldRow) -> Self {
        Self {
            id: row.id.into(),
            amount: row.amount,
            settled: row.settled,
            released: row.released,
            restored: row.restored,
            due: row.due_at,
        }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct UseRow {
    transfer_id: Uuid,
    lot_id: Uuid,
    account_id: Uuid,
    amount: i64,
}

impl From<UseRow> for Use {
    fn from(row: UseRow) -> Self {
        Self {
            transfer: row.transfer_id.into(),
            lot: row.lot_id,
            account: row.account_id.into(),
            amount: row.amount,
        }
    }
}
