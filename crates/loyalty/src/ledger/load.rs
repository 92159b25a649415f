//! Reads what a batch needs, and holds it against others.
//!
//! On PostgreSQL rows are locked in one order by everybody: first the transfers that holds and
//! reversals refer to, then members' accounts, each by id; accounts of the programme last, when
//! their balances are added to. Only after that is read what another batch might have changed.
//! SQLite has one writer.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use store::{Col, Row, SqlBuilder, Tx, Value};
use uuid::Uuid;

use super::books::{Books, OpenHold, Use};
use super::model::TransferId;
use super::model::{Account, AccountId, Book, Hold, Kind, Lot, Posted, Role, Step, Transfer};
use super::open::Open;
use super::rows::{ACCOUNT, AccountRow, HOLD, HoldRow, LOT, LotRow, TRANSFER, TransferRow, UseRow};
use crate::Result;

/// What a batch or a run touches, before anything is read.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Accounts named.
    pub accounts: BTreeSet<AccountId>,
    /// Accounts whose lots are needed whatever they have.
    pub with_lots: HashSet<AccountId>,
    /// Holds and originals named.
    pub about: BTreeSet<TransferId>,
    /// Ids that may be in the books already.
    pub ids: BTreeSet<TransferId>,
}

impl Touched {
    /// By all batches of a group together: one may refer to what another makes.
    pub fn by<'a>(transfers: impl Iterator<Item = &'a Transfer> + Clone) -> Self {
        let mut touched = Self::default();
        for transfer in transfers.clone() {
            touched.ids.insert(transfer.id);
            match &transfer.step {
                Step::Post { debit, credit, .. } | Step::Hold { debit, credit, .. } => {
                    touched.accounts.extend([*debit, *credit]);
                    touched.with_lots.insert(*debit);
                }
                Step::Settle { hold: about, .. }
                | Step::Release { hold: about, .. }
                | Step::Reverse { transfer: about, .. } => {
                    touched.about.insert(*about);
                }
            }
        }
        // What refers to a transfer of these very batches needs the lots of its accounts as well.
        let about = touched.about.clone();
        for transfer in transfers.filter(|one| about.contains(&one.id)) {
            if let Step::Post { debit, credit, .. } | Step::Hold { debit, credit, .. } =
                &transfer.step
            {
                touched.with_lots.extend([*debit, *credit]);
            }
        }
        touched
    }

    fn refer(&mut self, posted: &Posted) {
        let both = [Some(posted.debit), Some(posted.credit), posted.target];
        self.accounts.extend(both.into_iter().flatten());
        self.with_lots.extend(both.into_iter().flatten());
    }
}

/// Reads everything the batch touches.
pub(super) async fn load(
    tx: &mut Tx,
    mut touched: Touched,
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<Books> {
    let mut roots = referred(tx, &touched.about).await?;
    // A settlement is about its hold.
    let holds: BTreeSet<TransferId> = roots
        .values()
        .filter(|posted| posted.kind == Kind::Settle)
        .filter_map(|posted| posted.about)
        .filter(|hold| !roots.contains_key(hold))
        .collect();
    roots.extend(referred(tx, &holds).await?);
    roots.values().for_each(|posted| touched.refer(posted));
    lock_transfers(tx, roots.keys().copied().collect()).await?;
    let accounts = accounts(tx, &touched.accounts).await?;
    let mut books = Books::new(now, zone);
    books.known = referred(tx, &touched.ids).await?;
    let about: Vec<TransferId> = roots.keys().copied().collect();
    books.known.extend(roots);
    books.roles = roles(tx).await?;
    for account in accounts {
        books.accounts.insert(account.id, Open::new(account));
    }
    if !about.is_empty() {
        holds_of(tx, &mut books, &about).await?;
    }
    lots_of(tx, &mut books, &touched.with_lots, &about).await?;
    Ok(books)
}

fn ids<T: Copy + Into<Uuid>>(of: impl IntoIterator<Item = T>) -> Vec<Vec<Value>> {
    of.into_iter().map(|id| vec![Into::<Uuid>::into(id).into()]).collect()
}

const ID: &[Col] = &[Col::uuid("id")];

async fn read<T: Row>(tx: &mut Tx, rows: Vec<Vec<Value>>, statement: &str) -> Result<Vec<T>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(tx.with_rows_all(ID, rows, statement).await?)
}

pub(super) async fn referred(
    tx: &mut Tx,
    which: &BTreeSet<TransferId>,
) -> Result<HashMap<TransferId, Posted>> {
    let statement =
        format!("SELECT {TRANSFER} FROM input JOIN ledger_transfer t ON t.id = input.id");
    let rows: Vec<TransferRow> = read(tx, ids(which.iter().copied()), &statement).await?;
    let posted = rows.into_iter().map(Posted::try_from);
    Ok(posted.map(|posted| posted.map(|it| (it.id, it))).collect::<Result<_, _>>()?)
}

/// `FOR UPDATE` where there is more than one writer.
pub(super) fn locking(tx: &Tx) -> &'static str {
    match tx {
        Tx::Sqlite(_) => "",
        Tx::Postgres(_) => " FOR UPDATE",
    }
}

async fn lock_transfers(tx: &mut Tx, which: BTreeSet<TransferId>) -> Result<()> {
    if matches!(tx, Tx::Postgres(_)) {
        let statement = "SELECT t.id FROM ledger_transfer t WHERE t.id IN (SELECT id FROM input)
             ORDER BY t.id FOR UPDATE";
        let _: Vec<(Uuid,)> = read(tx, ids(which), statement).await?;
    }
    Ok(())
}

/// The accounts with these ids; those of members locked.
pub(super) async fn accounts(tx: &mut Tx, which: &BTreeSet<AccountId>) -> Result<Vec<Account>> {
    let lock = locking(tx);
    let members = format!(
        "SELECT {ACCOUNT} FROM ledger_account a
         WHERE a.id IN (SELECT id FROM input) AND a.owner_id IS NOT NULL ORDER BY a.id{lock}"
    );
    let own = format!(
        "SELECT {ACCOUNT} FROM ledger_account a
         WHERE a.id IN (SELECT id FROM input) AND a.owner_id IS NULL"
    );
    let mut rows: Vec<AccountRow> = read(tx, ids(which.iter().copied()), &members).await?;
    let missing = which.len().saturating_sub(rows.len());
    if missing > 0 {
        rows.extend(read::<AccountRow>(tx, ids(which.iter().copied()), &own).await?);
    }
    Ok(rows.into_iter().map(Account::try_from).collect::<Result<_, _>>()?)
}

async fn roles(tx: &mut Tx) -> Result<HashMap<(Book, Role), AccountId>> {
    let statement = format!(
        "SELECT {ACCOUNT} FROM ledger_account a
         WHERE a.owner_id IS NULL AND a.name = '' AND a.role IN ('held', 'pending', 'breakage')"
    );
    let rows: Vec<AccountRow> = tx.all(SqlBuilder::new(&statement).build()).await?;
    let mut roles = HashMap::with_capacity(rows.len());
    for row in rows {
        let account = Account::try_from(row)?;
        roles.insert((account.book, account.role), account.id);
    }
    Ok(roles)
}

#[derive(sqlx::FromRow)]
struct Reversed {
    id: Uuid,
    amount: i64,
}

async fn holds_of(tx: &mut Tx, books: &mut Books, about: &[TransferId]) -> Result<()> {
    let rows = || ids(about.iter().copied());
    let statement = format!("SELECT {HOLD} FROM input JOIN ledger_hold h ON h.id = input.id");
    for row in read::<HoldRow>(tx, rows(), &statement).await? {
        let hold = Hold::from(row);
        books.holds.insert(hold.id, OpenHold { hold, is_new: false, changed: false });
    }
    let reversed: Vec<Reversed> = read(
        tx,
        rows(),
        "SELECT t.about_id AS id, CAST(SUM(t.amount) AS BIGINT) AS amount
         FROM input JOIN ledger_transfer t ON t.about_id = input.id
         WHERE t.kind = 'reverse' GROUP BY t.about_id",
    )
    .await?;
    books.reversed.extend(reversed.into_iter().map(|row| (row.id.into(), row.amount)));
    let uses: Vec<UseRow> = read(
        tx,
        rows(),
        "SELECT u.transfer_id, u.lot_id, u.account_id, u.amount
         FROM input JOIN ledger_lot_use u ON u.transfer_id = input.id",
    )
    .await?;
    for used in uses.into_iter().map(Use::from) {
        books.uses.entry(used.transfer).or_default().push(used);
    }
    Ok(())
}

/// Lots with miles left of the accounts that need them, and the lots that what was referred to used
/// or made, even when they are empty.
async fn lots_of(
    tx: &mut Tx,
    books: &mut Books,
    needed: &HashSet<AccountId>,
    about: &[TransferId],
) -> Result<()> {
    let today: NaiveDate = books.today;
    let mut which = Vec::new();
    for open in books.accounts.values() {
        let account = &open.account;
        let due = account.next_expiry < today;
        if account.has_lots() && !open.whole && (due || needed.contains(&account.id)) {
            which.push(account.id);
        }
    }
    which.sort_unstable();
    let open = format!(
        "SELECT {LOT} FROM input JOIN ledger_lot l ON l.account_id = input.id
         WHERE l.remaining > 0"
    );
    for row in read::<LotRow>(tx, ids(which.iter().copied()), &open).await? {
        put(books, row);
    }
    for id in which {
        if let Some(open) = books.accounts.get_mut(&id) {
            open.whole = true;
        }
    }
    let mut named: BTreeSet<Uuid> = books.uses.values().flatten().map(|used| used.lot).collect();
    named.extend(about.iter().map(|id| id.uuid()));
    let by_id = format!("SELECT {LOT} FROM input JOIN ledger_lot l ON l.id = input.id");
    for row in read::<LotRow>(tx, ids(named), &by_id).await? {
        put(books, row);
    }
    Ok(())
}

fn put(books: &mut Books, row: LotRow) {
    let account = AccountId::from(row.account_id);
    if let Some(open) = books.accounts.get_mut(&account) {
        open.add_lot(Lot::from(row), false);
    }
}
