//! Opening and freezing accounts, and reading the books.

use chrono::{DateTime, Utc};
use store::{Col, SqlBuilder, Tx, Value, sql};
use uuid::Uuid;

use super::Ledger;
use super::load::{accounts, referred};
use super::model::{
    Account, AccountId, AccountState, Book, Hold, Lot, NEVER, Posted, Role, TransferId, Unit,
};
use super::rows::{ACCOUNT, AccountRow, HOLD, HoldRow, LOT, LotRow, TRANSFER, TransferRow};
use crate::{Error, MemberId, Result};

/// A line of an account's statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Place in the account, from 1.
    pub seq: i64,
    /// What it did to the balance.
    pub change: i64,
    /// The balance afterwards.
    pub balance: i64,
    /// The transfer.
    pub transfer: Posted,
}

impl Line {
    /// The transfer as the account of a member sees it.
    pub(super) fn of(transfer: Posted, account: AccountId) -> Option<Self> {
        let is_debit = transfer.debit == account;
        let place = if is_debit { transfer.debit_after } else { transfer.credit_after }?;
        let change = if is_debit { -transfer.amount } else { transfer.amount };
        Some(Self { seq: place.seq, change, balance: place.balance, transfer })
    }
}

impl Ledger {
    /// Opens the books of a programme: every unit with the accounts of [`Role::STANDARD`]. Again
    /// changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a code that is not 1–20 of `A-Z a-z 0-9 -`; when the database fails.
    pub async fn open_programme(&self, tx: &mut Tx, programme: &str) -> Result<()> {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if programme.is_empty() || programme.len() > 20 || !programme.bytes().all(letter) {
            return Err(Error::invalid("programme", "loyalty-programme-code"));
        }
        if matches!(tx, Tx::Postgres(_)) {
            // Balances are written again and again: with room in its page a row stays where its
            // indexes say. SQLite writes in place.
            tx.script("ALTER TABLE ledger_account SET (fillfactor = 60)").await?;
        }
        let mut rows = Vec::new();
        for unit in Unit::ALL {
            for role in Role::STANDARD {
                rows.push(self.row(None, &Book::new(programme, *unit), *role, ""));
            }
        }
        open(tx, rows).await
    }

    /// Opens an account for a partner and returns it. Again returns the same.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open; when the database fails.
    pub async fn open_partner(&self, tx: &mut Tx, book: &Book, name: &str) -> Result<AccountId> {
        self.role(tx, book, Role::Issuance, "").await?;
        open(tx, vec![self.row(None, book, Role::Partner, name)]).await?;
        self.role(tx, book, Role::Partner, name).await
    }

    /// Opens a member's accounts in a programme, one for each unit, and returns them in the order
    /// of [`Unit::ALL`]. Again returns the same.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open; when the database fails.
    pub async fn open_member(
        &self,
        tx: &mut Tx,
        member: MemberId,
        programme: &str,
    ) -> Result<Vec<Account>> {
        self.role(tx, &Book::new(programme, Unit::Miles), Role::Issuance, "").await?;
        self.open_members(tx, &[member], programme).await?;
        let mut found = self.accounts_of(tx, member).await?;
        found.retain(|account| account.book.programme == programme);
        Ok(found)
    }

    /// [`Ledger::open_member`] for many, without reading them again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_members(
        &self,
        tx: &mut Tx,
        members: &[MemberId],
        programme: &str,
    ) -> Result<()> {
        let mut rows = Vec::with_capacity(members.len() * Unit::ALL.len());
        for member in members {
            for unit in Unit::ALL {
                let book = Book::new(programme, *unit);
                rows.push(self.row(Some(*member), &book, Role::Member, ""));
            }
        }
        open(tx, rows).await
    }

    fn row(&self, owner: Option<MemberId>, book: &Book, role: Role, name: &str) -> Vec<Value> {
        let now = self.now();
        vec![
            AccountId::new(now).uuid().into(),
            owner.map(Uuid::from).into(),
            (&book.programme).into(),
            book.unit.as_str().into(),
            role.as_str().into(),
            name.into(),
            AccountState::Open.as_str().into(),
            now.into(),
            0_i64.into(),
            0_i64.into(),
            now.into(),
            NEVER.into(),
        ]
    }

    /// The programme's account of a role.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was not opened; when the database fails.
    pub async fn role(
        &self,
        tx: &mut Tx,
        book: &Book,
        role: Role,
        name: &str,
    ) -> Result<AccountId> {
        let id: Option<Uuid> = tx
            .value_maybe(
                sql("SELECT id FROM ledger_account WHERE owner_id IS NULL AND programme = $1
                       AND unit = $2 AND role = $3 AND name = $4")
                .bind(&book.programme)
                .bind(book.unit.as_str())
                .bind(role.as_str())
                .bind(name),
            )
            .await?;
        id.map(AccountId::from).ok_or(Error::NotFound("account"))
    }

    /// A member's accounts, by programme, in the order of [`Unit::ALL`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts_of(&self, tx: &mut Tx, member: MemberId) -> Result<Vec<Account>> {
        let mut query = SqlBuilder::new("SELECT ");
        query.push(ACCOUNT).push(" FROM ledger_account a WHERE a.owner_id = ").bind(member.uuid());
        let rows: Vec<AccountRow> = tx.all(query.build()).await?;
        let mut found: Vec<Account> =
            rows.into_iter().map(Account::try_from).collect::<Result<_, _>>()?;
        found.sort_by(|one, other| one.book.cmp(&other.book));
        Ok(found)
    }

    /// An account as it stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account(&self, tx: &mut Tx, id: AccountId) -> Result<Option<Account>> {
        let mut query = SqlBuilder::new("SELECT ");
        query.push(ACCOUNT).push(" FROM ledger_account a WHERE a.id = ").bind(id.uuid());
        let row: Option<AccountRow> = tx.maybe(query.build()).await?;
        Ok(row.map(Account::try_from).transpose()?)
    }

    /// Freezes, opens or closes accounts of members, whatever is under way on them. Returns how many
    /// changed.
    ///
    /// # Errors
    /// [`Error::AccountInUse`] when one is to be closed that is not empty or has open holds;
    /// [`Error::AccountClosed`] when one was closed for good; when the database fails.
    pub async fn set_state(
        &self,
        tx: &mut Tx,
        which: &[AccountId],
        state: AccountState,
    ) -> Result<u64> {
        let ids = which.iter().copied().collect();
        // Locked: nothing is posted between looking and changing.
        for account in accounts(tx, &ids).await? {
            if account.state == AccountState::Closed && state != AccountState::Closed {
                return Err(Error::AccountClosed);
            }
            let closes = state == AccountState::Closed;
            if closes && (account.balance != 0 || self.has_holds(tx, account.id).await?) {
                return Err(Error::AccountInUse);
            }
        }
        let rows = which.iter().map(|id| vec![id.uuid().into(), state.as_str().into()]).collect();
        Ok(tx
            .with_rows(
                &[Col::uuid("id"), Col::text("state")],
                rows,
                "UPDATE ledger_account SET state = input.state FROM input
                 WHERE ledger_account.id = input.id AND ledger_account.owner_id IS NOT NULL
                   AND ledger_account.state <> input.state",
            )
            .await?)
    }

    async fn has_holds(&self, tx: &mut Tx, account: AccountId) -> Result<bool> {
        Ok(!self.holds_of(tx, account, 1).await?.is_empty())
    }

    /// Open holds that took from an account or are meant for it, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds_of(&self, tx: &mut Tx, account: AccountId, limit: i64) -> Result<Vec<Hold>> {
        let mut query = SqlBuilder::new("SELECT ");
        query.push(HOLD);
        query.push(" FROM ledger_hold h WHERE h.is_open AND h.id IN (");
        query.push("SELECT id FROM ledger_transfer WHERE debit_seq IS NOT NULL AND debit_id = ");
        query.bind(account.uuid());
        query
            .push(" AND kind = 'hold' UNION ALL SELECT id FROM ledger_transfer WHERE target_id = ");
        query.bind(account.uuid()).push(") ORDER BY h.id DESC LIMIT ").bind(limit);
        let rows: Vec<HoldRow> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Hold::from).collect())
    }

    /// Transfers by their ids; those not in the books are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn transfers(&self, tx: &mut Tx, ids: &[TransferId]) -> Result<Vec<Posted>> {
        let mut found = referred(tx, &ids.iter().copied().collect()).await?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Transfers caused by one thing (a coupon, an order), oldest first, at most 1,000.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn caused_by(&self, tx: &mut Tx, reference: &str) -> Result<Vec<Posted>> {
        if reference.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = SqlBuilder::new("SELECT ");
        query.push(TRANSFER).push(" FROM ledger_transfer t WHERE t.reference <> '' AND ");
        query.push("t.reference = ").bind(reference);
        query.push(" ORDER BY t.recorded_at, t.id LIMIT 1000");
        let rows: Vec<TransferRow> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Posted::try_from).collect::<Result<_, _>>()?)
    }

    /// A member's lots with miles left, in the order of use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lots(&self, tx: &mut Tx, account: AccountId) -> Result<Vec<Lot>> {
        let mut query = SqlBuilder::new("SELECT ");
        query.push(LOT).push(" FROM ledger_lot l WHERE l.remaining > 0 AND l.account_id = ");
        query.bind(account.uuid()).push(" ORDER BY l.expires_on, l.effective_at, l.id");
        let rows: Vec<LotRow> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Lot::from).collect())
    }

    /// What of an account can be spent today: the balance less what expired and is not booked out
    /// yet, never below zero.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database fails.
    pub async fn available(&self, tx: &mut Tx, account: AccountId) -> Result<i64> {
        let account = self.account(tx, account).await?.ok_or(Error::NotFound("account"))?;
        let today = self.today();
        if account.next_expiry >= today {
            return Ok(account.balance.max(0));
        }
        let lots = self.lots(tx, account.id).await?;
        Ok(lots.iter().filter(|lot| lot.expires_on >= today).map(|lot| lot.remaining).sum())
    }

    /// The balance that was true at `effective` by what the ledger knew at `known`, both inclusive.
    /// Of an account of the programme every transfer is read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn balance_at(
        &self,
        tx: &mut Tx,
        account: AccountId,
        effective: DateTime<Utc>,
        known: DateTime<Utc>,
    ) -> Result<i64> {
        let mut query = SqlBuilder::new("SELECT COALESCE(CAST(SUM(change) AS BIGINT), 0) FROM (");
        let member = self.account(tx, account).await?.is_some_and(|it| it.owner.is_some());
        for (at, (side, seq, sign)) in
            [("debit_id", "debit_seq", "-"), ("credit_id", "credit_seq", "")].iter().enumerate()
        {
            query.push(if at == 0 { "SELECT " } else { " UNION ALL SELECT " });
            query.push(sign).push("amount AS change FROM ledger_transfer WHERE ");
            query.push(side).push(" = ").bind(account.uuid());
            if member {
                query.push(" AND ").push(seq).push(" IS NOT NULL");
            }
            query.push(" AND effective_at <= ").bind(effective);
            query.push(" AND recorded_at <= ").bind(known);
        }
        query.push(") AS changes");
        Ok(tx.value(query.build()).await?)
    }

    /// Lines of a member's account, newest first, before a place in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn statement(
        &self,
        tx: &mut Tx,
        account: AccountId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Line>> {
        let before = before.unwrap_or(i64::MAX);
        let mut query = SqlBuilder::new("SELECT ");
        // Each side stops after a page of its own.
        query.push(TRANSFER).push(" FROM ledger_transfer t WHERE t.id IN (SELECT id FROM (");
        for (at, (side, seq)) in
            [("debit_id", "debit_seq"), ("credit_id", "credit_seq")].iter().enumerate()
        {
            query.push(if at == 0 {
                "SELECT * FROM ("
            } else {
                ") AS d UNION ALL SELECT * FROM ("
            });
            query.push("SELECT id, ").push(seq).push(" AS seq FROM ledger_transfer WHERE ");
            query.push(seq).push(" IS NOT NULL AND ").push(side).push(" = ").bind(account.uuid());
            query.push(" AND ").push(seq).push(" < ").bind(before);
            query.push(" ORDER BY ").push(seq).push(" DESC LIMIT ").bind(limit);
        }
        query.push(") AS c ORDER BY seq DESC LIMIT ").bind(limit).push(") AS page)");
        let rows: Vec<TransferRow> = tx.all(query.build()).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.extend(Line::of(Posted::try_from(row)?, account));
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.seq));
        Ok(lines)
    }
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("owner_id"),
    Col::text("programme"),
    Col::text("unit"),
    Col::text("role"),
    Col::text("name"),
    Col::text("state"),
    Col::time("opened_at"),
    Col::i64("balance"),
    Col::i64("seq"),
    Col::time("recorded_at"),
    Col::date("next_expiry"),
];

async fn open(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<()> {
    tx.bulk("ledger_account", COLUMNS, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}
