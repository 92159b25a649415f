//! Shapes of several operations.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ledger::{Account, AccountState, AtDue, Due, Kind, Posted, Role, Shortfall, Step, Unit};
use crate::members::{Member, MemberKind};

/// What was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    pub id: String,
}

/// An account.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountOut {
    id: Uuid,
    /// Whose, or none for the programme's own.
    member: Option<Uuid>,
    programme: String,
    unit: Unit,
    role: Role,
    state: AccountState,
    balance: i64,
}

impl From<&Account> for AccountOut {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.into(),
            member: account.owner.map(Into::into),
            programme: account.book.programme.clone(),
            unit: account.book.unit,
            role: account.role,
            state: account.state,
            balance: account.balance,
        }
    }
}

/// A member with its accounts, those of members merged into it included.
#[derive(Serialize, ToSchema)]
pub(super) struct MemberOut {
    pub id: Uuid,
    programme: String,
    member_no: String,
    customer: Option<Uuid>,
    kind: MemberKind,
    state: AccountState,
    guardian: Option<Uuid>,
    enrolled_at: DateTime<Utc>,
    merged_into: Option<Uuid>,
    accounts: Vec<AccountOut>,
}

impl MemberOut {
    pub fn new(member: &Member, accounts: &[Account]) -> Self {
        Self {
            id: member.id.into(),
            programme: member.programme.clone(),
            member_no: member.member_no.clone(),
            customer: member.customer.map(Into::into),
            kind: member.kind,
            state: member.state,
            guardian: member.guardian.map(Into::into),
            enrolled_at: member.enrolled_at,
            merged_into: member.merged_into.map(Into::into),
            accounts: accounts.iter().map(AccountOut::from).collect(),
        }
    }
}

/// A transfer in the books.
#[derive(Serialize, ToSchema)]
pub(super) struct TransferOut {
    id: Uuid,
    kind: Kind,
    code: String,
    debit: Uuid,
    credit: Uuid,
    amount: i64,
    effective_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    /// The hold, original or lot.
    about: Option<Uuid>,
    expires_on: Option<NaiveDate>,
    reference: String,
    #[schema(value_type = Object)]
    explanation: serde_json::Value,
}

impl From<Posted> for TransferOut {
    fn from(posted: Posted) -> Self {
        Self {
            id: posted.id.into(),
            kind: posted.kind,
            code: posted.code,
            debit: posted.debit.into(),
            credit: posted.credit.into(),
            amount: posted.amount,
            effective_at: posted.effective_at,
            recorded_at: posted.recorded_at,
            about: posted.about.map(Into::into),
            expires_on: posted.expires_on,
            reference: posted.reference,
            explanation: posted.explanation,
        }
    }
}

/// What a transfer asks for.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum StepIn {
    /// From debit to credit at once.
    Post { debit: Uuid, credit: Uuid, amount: i64, expires_on: Option<NaiveDate> },
    /// Kept for `credit` until settled or released, or until `due_at`.
    Hold {
        debit: Uuid,
        credit: Uuid,
        amount: i64,
        expires_on: Option<NaiveDate>,
        due_at: Option<DateTime<Utc>>,
        /// What becomes of it then; `release` when left out.
        at_due: Option<AtDue>,
    },
    /// A hold, or part of it, passed on.
    Settle { hold: Uuid, amount: Option<i64> },
    /// A hold, or part of it, given back; `grace` is a last day for what expired meanwhile.
    Release { hold: Uuid, amount: Option<i64>, grace: Option<NaiveDate> },
    /// A transfer, or part of it, taken back.
    Reverse {
        transfer: Uuid,
        amount: Option<i64>,
        /// When the member has less: `refuse` when left out.
        shortfall: Option<Shortfall>,
        grace: Option<NaiveDate>,
    },
}

impl From<StepIn> for Step {
    fn from(step: StepIn) -> Self {
        match step {
            StepIn::Post { debit, credit, amount, expires_on } => {
                Self::Post { debit: debit.into(), credit: credit.into(), amount, expires_on }
            }
            StepIn::Hold { debit, credit, amount, expires_on, due_at, at_due } => Self::Hold {
                debit: debit.into(),
                credit: credit.into(),
                amount,
                expires_on,
                due: due_at.map(|at| Due { at, then: at_due.unwrap_or(AtDue::Release) }),
            },
            StepIn::Settle { hold, amount } => Self::Settle { hold: hold.into(), amount },
            StepIn::Release { hold, amount, grace } => {
                Self::Release { hold: hold.into(), amount, grace }
            }
            StepIn::Reverse { transfer, amount, shortfall, grace } => Self::Reverse {
                transfer: transfer.into(),
                amount,
                shortfall: shortfall.unwrap_or(Shortfall::Refuse),
                grace,
            },
        }
    }
}
