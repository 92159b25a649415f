//! Works everything out anew from the transfers, and tells where the books keep something else.
//!
//! Set-based, over one snapshot: posting goes on meanwhile. Each part reads the transfers once or
//! twice, whatever the number of accounts.

use store::{SqlBuilder, Tx};
use uuid::Uuid;

use super::Ledger;
use super::model::words;
use crate::Result;

/// Differences told of one part at most.
const MOST: i64 = 1_000;

words!(
    /// What was worked out anew. The place is the id of an account, a transfer, a hold or a lot.
    Part {
        /// An account's balance is not the sum of its transfers (place: account).
        Balance = "balance",
        /// The balances of a book do not add up to zero (place: an account of it; kept: their sum).
        DoubleEntry = "double-entry",
        /// A transfer's accounts are missing or of two books (place: transfer).
        Sides = "sides",
        /// Places of an account have a gap, a balance along the way is wrong, or a transfer was
        /// recorded before its predecessor (place: transfer; kept: the balance after it).
        Running = "running",
        /// A member's balance went below zero by something else than a reversal (place: transfer).
        Overdrawn = "overdrawn",
        /// A hold's sums are not those of its settlements, releases and reversals (place: hold;
        /// what is left is compared).
        Hold = "hold",
        /// What waits in an account is not what its holds keep (place: account).
        Waiting = "waiting",
        /// A lot has not what its uses leave (place: lot).
        Lot = "lot",
        /// The lots of an account do not add up to its balance (place: account).
        Lots = "lots",
        /// A transfer changed lots by another amount than the balance (place: transfer).
        Uses = "uses",
        /// More was reversed than posted (place: the original).
        Reversed = "reversed",
    }
);

/// One place where the books keep something else than their transfers say.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Found {
    place: Uuid,
    kept: i64,
    found: i64,
}

/// One place where the books keep something else than their transfers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was compared.
    pub part: Part,
    /// Where: see [`Part`].
    pub place: Uuid,
    /// As kept.
    pub kept: i64,
    /// As worked out.
    pub found: i64,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Accounts in the books.
    pub accounts: i64,
    /// Transfers in the books.
    pub transfers: i64,
    /// At most 1,000 of each part.
    pub differences: Vec<Difference>,
}

/// Both sides of every transfer.
const SIDES: &str = "(SELECT id, kind, debit_id AS account_id, -amount AS change, debit_seq AS seq,
        debit_after AS after, recorded_at FROM ledger_transfer
    UNION ALL SELECT id, kind, credit_id, amount, credit_seq, credit_after, recorded_at
        FROM ledger_transfer) AS s";

impl Ledger {
    /// Works out balances, places, holds and lots from the transfers alone.
    ///
    /// # Errors
    /// When the database fails. Differences are no errors.
    pub async fn check(&self) -> Result<Checked> {
        let mut tx = self.db().read().await?;
        let count = |table| format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}");
        let mut checked = Checked {
            accounts: tx.value(SqlBuilder::new(&count("ledger_account")).build()).await?,
            transfers: tx.value(SqlBuilder::new(&count("ledger_transfer")).build()).await?,
            differences: Vec::new(),
        };
        for part in Part::ALL {
            let found = look(&mut tx, *part).await?;
            checked.differences.extend(found.into_iter().map(|found| Difference {
                part: *part,
                place: found.place,
                kept: found.kept,
                found: found.found,
            }));
        }
        Ok(checked)
    }
}

async fn look(tx: &mut Tx, part: Part) -> Result<Vec<Found>> {
    let mut query = SqlBuilder::new(&match part {
        Part::Balance => balance(),
        Part::Running => running(),
        Part::Overdrawn => format!(
            "SELECT id AS place, after AS kept, CAST(0 AS BIGINT) AS found FROM {SIDES}
             WHERE seq IS NOT NULL AND change < 0 AND after < 0 AND kind <> 'reverse'"
        ),
        Part::Uses => uses(),
        other => fixed(other).to_owned(),
    });
    query.push(" LIMIT ").bind(MOST);
    Ok(tx.all(query.build()).await?)
}

fn balance() -> String {
    format!(
        "SELECT a.id AS place, a.balance AS kept, COALESCE(w.total, 0) AS found
         FROM ledger_account a
         LEFT JOIN (SELECT account_id, CAST(SUM(change) AS BIGINT) AS total,
                           CAST(COUNT(seq) AS BIGINT) AS places
                    FROM {SIDES} GROUP BY account_id) AS w ON w.account_id = a.id
         WHERE a.balance <> COALESCE(w.total, 0)
            OR (a.owner_id IS NOT NULL AND a.seq <> COALESCE(w.places, 0))"
    )
}

fn running() -> String {
    format!(
        "SELECT r.id AS place, r.after AS kept, r.before + r.change AS found
         FROM (SELECT id, seq, change, after, recorded_at,
                      LAG(after, 1, CAST(0 AS BIGINT)) OVER w AS before,
                      LAG(seq, 1, CAST(0 AS BIGINT)) OVER w AS seq_before,
                      LAG(recorded_at) OVER w AS recorded_before
               FROM {SIDES} WHERE seq IS NOT NULL
               WINDOW w AS (PARTITION BY account_id ORDER BY seq)) AS r
         WHERE r.after <> r.before + r.change OR r.seq <> r.seq_before + 1
            OR r.recorded_at < r.recorded_before"
    )
}

/// By what a transfer changes the lots of an account it has to change what of the balance is above
/// zero: lots hold what the member has, not what is owed.
fn uses() -> String {
    format!(
        "SELECT c.id AS place, c.kept, c.found
         FROM (SELECT s.id, COALESCE(l.amount, 0) - COALESCE(u.amount, 0) AS kept,
                      CASE WHEN s.after > 0 THEN s.after ELSE 0 END
                      - CASE WHEN s.after - s.change > 0 THEN s.after - s.change ELSE 0 END AS found
               FROM {SIDES}
               JOIN ledger_account a ON a.id = s.account_id AND a.unit = 'miles'
                    AND a.owner_id IS NOT NULL
               LEFT JOIN ledger_lot l ON l.id = s.id AND l.account_id = s.account_id
               LEFT JOIN (SELECT transfer_id, account_id, CAST(SUM(amount) AS BIGINT) AS amount
                          FROM ledger_lot_use GROUP BY transfer_id, account_id) AS u
                    ON u.transfer_id = s.id AND u.account_id = s.account_id) AS c
         WHERE c.kept <> c.found"
    )
}

fn fixed(part: Part) -> &'static str {
    match part {
        Part::DoubleEntry => {
            "SELECT b.place, b.kept, CAST(0 AS BIGINT) AS found
             FROM (SELECT a.id AS place, CAST(SUM(a.balance) OVER book AS BIGINT) AS kept,
                          ROW_NUMBER() OVER (PARTITION BY a.programme, a.unit ORDER BY a.id) AS n
                   FROM ledger_account a WINDOW book AS (PARTITION BY a.programme, a.unit)) AS b
             WHERE b.n = 1 AND b.kept <> 0"
        }
        Part::Sides => {
            "SELECT t.id AS place, t.amount AS kept, CAST(0 AS BIGINT) AS found
             FROM ledger_transfer t
             LEFT JOIN ledger_account d ON d.id = t.debit_id
             LEFT JOIN ledger_account c ON c.id = t.credit_id
             WHERE d.id IS NULL OR c.id IS NULL OR d.programme <> c.programme OR d.unit <> c.unit
                OR d.id = c.id OR (d.owner_id IS NULL) <> (t.debit_seq IS NULL)
                OR (c.owner_id IS NULL) <> (t.credit_seq IS NULL)"
        }
        Part::Hold => HOLDS,
        Part::Waiting => {
            "SELECT a.id AS place, a.balance AS kept, COALESCE(w.kept, 0) AS found
             FROM ledger_account a
             LEFT JOIN (SELECT t.credit_id AS id,
                               CAST(SUM(h.amount - h.settled - h.released) AS BIGINT) AS kept
                        FROM ledger_hold h JOIN ledger_transfer t ON t.id = h.id
                        GROUP BY t.credit_id) AS w ON w.id = a.id
             WHERE a.role IN ('held', 'pending') AND a.balance <> COALESCE(w.kept, 0)"
        }
        Part::Lot => LOTS,
        Part::Lots => {
            "SELECT a.id AS place, COALESCE(l.remaining, 0) AS kept,
                    CASE WHEN a.balance > 0 THEN a.balance ELSE 0 END AS found
             FROM ledger_account a
             LEFT JOIN (SELECT account_id, CAST(SUM(remaining) AS BIGINT) AS remaining,
                               MIN(expires_on) AS first
                        FROM ledger_lot WHERE remaining > 0 GROUP BY account_id) AS l
                    ON l.account_id = a.id
             WHERE a.owner_id IS NOT NULL AND a.unit = 'miles'
               AND (COALESCE(l.remaining, 0) <> CASE WHEN a.balance > 0 THEN a.balance ELSE 0 END
                    OR a.next_expiry > l.first)"
        }
        _ => {
            "SELECT o.id AS place, CAST(SUM(r.amount) AS BIGINT) AS kept, o.amount AS found
             FROM ledger_transfer r JOIN ledger_transfer o ON o.id = r.about_id
             WHERE r.kind = 'reverse' GROUP BY o.id, o.amount
             HAVING CAST(SUM(r.amount) AS BIGINT) > o.amount"
        }
    }
}

const HOLDS: &str = "SELECT t.id AS place, COALESCE(h.amount - h.settled - h.released, 0) AS kept,
        t.amount - COALESCE(w.settled, 0) - COALESCE(w.released, 0) AS found
    FROM ledger_transfer t
    LEFT JOIN ledger_hold h ON h.id = t.id
    LEFT JOIN (SELECT e.hold,
                      CAST(SUM(CASE WHEN e.kind = 'settle' THEN e.amount ELSE 0 END) AS BIGINT)
                        AS settled,
                      CAST(SUM(CASE WHEN e.kind = 'release' THEN e.amount ELSE 0 END) AS BIGINT)
                        AS released,
                      CAST(SUM(CASE WHEN e.kind <> 'settle' THEN e.amount ELSE 0 END) AS BIGINT)
                        AS restored
               FROM (SELECT about_id AS hold, kind, amount FROM ledger_transfer
                     WHERE kind IN ('settle', 'release')
                     UNION ALL
                     SELECT s.about_id, r.kind, r.amount FROM ledger_transfer r
                     JOIN ledger_transfer s ON s.id = r.about_id AND s.kind = 'settle'
                     WHERE r.kind = 'reverse') AS e
               GROUP BY e.hold) AS w ON w.hold = t.id
    WHERE t.kind = 'hold'
      AND (h.id IS NULL OR h.amount <> t.amount OR h.settled <> COALESCE(w.settled, 0)
           OR h.released <> COALESCE(w.released, 0) OR h.restored <> COALESCE(w.restored, 0)
           OR h.amount < h.settled + h.released
           OR h.is_open <> (h.amount > h.settled + h.released))";

const LOTS: &str = "SELECT l.id AS place, l.remaining AS kept,
        l.amount - COALESCE(u.amount, 0) AS found
    FROM ledger_lot l
    LEFT JOIN ledger_transfer t ON t.id = l.id AND t.credit_id = l.account_id
    LEFT JOIN (SELECT u.lot_id, CAST(SUM(u.amount) AS BIGINT) AS amount,
                      CAST(SUM(CASE WHEN t.kind = 'expire' THEN u.amount ELSE 0 END) AS BIGINT)
                        AS expired
               FROM ledger_lot_use u JOIN ledger_transfer t ON t.id = u.transfer_id
               GROUP BY u.lot_id) AS u ON u.lot_id = l.id
    WHERE t.id IS NULL OR l.amount > t.amount OR l.remaining > l.amount
       OR l.remaining <> l.amount - COALESCE(u.amount, 0)
       OR l.expired <> COALESCE(u.expired, 0)";
