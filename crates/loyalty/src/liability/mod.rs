//! What a programme owes its members (C10): what moved in each month, what is outstanding by age and
//! last day, how much of it is expected to run out unused, and what revenue is deferred for the rest.
//!
//! Outstanding are the miles on members' accounts and those that wait in holds. Everything is read
//! in one snapshot of the ledger, by the month in which it was recorded, so that a month that was
//! reported does not change; the last closing is the balance of the books, and [`Movements::books`]
//! lets everybody see it.
//!
//! Breakage: a cohort is the lots of one month. Of cohorts whose last lot has run out the share that
//! expired is known; with [`COHORTS`] of them or more, each younger cohort is expected to lose the
//! same share of what it brought, less what it lost already and never more than it has left.
//! Miles taken back by corrections count as used. With fewer cohorts nothing is estimated.

mod estimate;

use std::collections::BTreeMap;

use access::Actor;
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use serde::Serialize;
use store::{Col, Tx, Value, sql};
use utoipa::ToSchema;

pub use estimate::{Breakage, COHORTS, Liability, Slice};

use crate::{Error, Loyalty, Result, permissions};

/// What moved in a month. Amounts are miles as they change what is outstanding: what is redeemed is
/// below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Movement {
    /// First day of the month.
    pub month: NaiveDate,
    /// Outstanding before.
    pub opening: i64,
    /// Earned.
    pub issued: i64,
    /// Sold to partners and given by them; taken back it is below zero.
    pub bought: i64,
    /// Spent.
    pub redeemed: i64,
    /// Run out; above zero where it was given back.
    pub expired: i64,
    /// Corrected by hand.
    pub adjusted: i64,
    /// Earned and taken back.
    pub issue_reversed: i64,
    /// Spent and given back.
    pub redeposited: i64,
    /// Outstanding afterwards: all of the above.
    pub closing: i64,
}

/// All months of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Movements {
    /// Oldest first, none left out.
    pub months: Vec<Movement>,
    /// What the balances in the books say; the last closing when they tie.
    pub books: i64,
    /// Whether they tie.
    pub ties: bool,
}

#[derive(sqlx::FromRow)]
struct MovedRow {
    n: i64,
    debit: String,
    credit: String,
    kind: String,
    amount: i64,
}

const MONTHS: &[Col] =
    &[Col::i64("n"), Col::text("programme"), Col::time("from_at"), Col::time("to_at")];

impl Movement {
    fn add(&mut self, row: &MovedRow) {
        let inside = |role: &str| matches!(role, "member" | "held");
        let (sign, other) = match (inside(&row.debit), inside(&row.credit)) {
            (false, true) => (1, row.debit.as_str()),
            (true, false) => (-1, row.credit.as_str()),
            _ => return,
        };
        let to = match (other, sign) {
            ("issuance" | "pending", 1) => &mut self.issued,
            ("issuance" | "pending", _) => &mut self.issue_reversed,
            ("partner", -1) if row.kind != "reverse" => &mut self.redeemed,
            ("partner", _) => &mut self.bought,
            ("redemption", 1) => &mut self.redeposited,
            ("redemption", _) => &mut self.redeemed,
            ("breakage", _) => &mut self.expired,
            _ => &mut self.adjusted,
        };
        *to = to.saturating_add(sign * row.amount);
    }

    fn change(&self) -> i64 {
        let earned = self.issued + self.bought + self.adjusted + self.issue_reversed;
        earned + self.redeemed + self.redeposited + self.expired
    }
}

fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl Loyalty {
    /// What moved in each month of a programme, and whether it ties to the books.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for a programme that is not open; when the database
    /// fails.
    pub async fn movements(&self, actor: &Actor, programme: &str) -> Result<Movements> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let books = outstanding(&mut tx, programme).await?;
        let first: Option<DateTime<Utc>> = tx
            .value_maybe(
                sql("SELECT t.recorded_at FROM ledger_transfer t
                     JOIN ledger_account d ON d.id = t.debit_id
                     WHERE d.programme = $1 AND d.unit = 'miles'
                     ORDER BY t.recorded_at LIMIT 1")
                .bind(programme),
            )
            .await?;
        let Some(first) = first else {
            return Ok(Movements { months: Vec::new(), books, ties: books == 0 });
        };
        let last: DateTime<Utc> = tx
            .value(
                sql("SELECT t.recorded_at FROM ledger_transfer t
                     JOIN ledger_account d ON d.id = t.debit_id
                     WHERE d.programme = $1 AND d.unit = 'miles'
                     ORDER BY t.recorded_at DESC LIMIT 1")
                .bind(programme),
            )
            .await?;
        let months = self.months(self.day_of(first), self.day_of(last));
        let rows: Vec<MovedRow> = tx
            .with_rows_all(
                MONTHS,
                self.month_rows(&months, programme),
                "SELECT input.n, d.role AS debit, c.role AS credit, t.kind,
                    CAST(SUM(t.amount) AS BIGINT) AS amount
                 FROM input JOIN ledger_transfer t
                    ON t.recorded_at >= input.from_at AND t.recorded_at < input.to_at
                 JOIN ledger_account d ON d.id = t.debit_id
                 JOIN ledger_account c ON c.id = t.credit_id
                 WHERE d.programme = input.programme AND d.unit = 'miles'
                 GROUP BY input.n, d.role, c.role, t.kind",
            )
            .await?;
        let mut found: Vec<Movement> =
            months.iter().map(|month| Movement { month: *month, ..Movement::default() }).collect();
        for row in &rows {
            let at = usize::try_from(row.n).unwrap_or(usize::MAX);
            if let Some(month) = found.get_mut(at) {
                month.add(row);
            }
        }
        let mut opening = 0;
        for month in &mut found {
            month.opening = opening;
            month.closing = opening + month.change();
            opening = month.closing;
        }
        Ok(Movements { months: found, books, ties: opening == books })
    }

    /// What is outstanding today by month of coming and last day, what of it is expected to run out,
    /// and the revenue deferred for the rest at `minor_per_thousand` minor units for 1,000 miles.
    ///
    /// # Errors
    /// As [`Loyalty::movements`]; [`Error::Invalid`] for a value below zero or beyond 10⁹.
    pub async fn liability(
        &self,
        actor: &Actor,
        programme: &str,
        minor_per_thousand: i64,
    ) -> Result<Liability> {
        actor.may(permissions::READ)?;
        if !(0..=1_000_000_000).contains(&minor_per_thousand) {
            return Err(Error::invalid("minor_per_thousand", "loyalty-amount"));
        }
        let mut tx = self.db().read().await?;
        let total = outstanding(&mut tx, programme).await?;
        let (held, owed): (i64, i64) = tx
            .maybe(
                sql("SELECT COALESCE(CAST(SUM(CASE WHEN role = 'held' THEN balance ELSE 0 END)
                        AS BIGINT), 0),
                    COALESCE(CAST(SUM(CASE WHEN role = 'member' AND balance < 0 THEN -balance
                        ELSE 0 END) AS BIGINT), 0)
                     FROM ledger_account WHERE programme = $1 AND unit = 'miles'")
                .bind(programme),
            )
            .await?
            .unwrap_or_default();
        let slices = self.slices(&mut tx, programme).await?;
        let today = self.today();
        Ok(estimate::liability(slices, today, minor_per_thousand, (total, held, owed)))
    }

    async fn slices(&self, tx: &mut Tx, programme: &str) -> Result<Vec<Slice>> {
        let first: Option<DateTime<Utc>> = tx
            .value_maybe(
                sql("SELECT l.effective_at FROM ledger_lot l
                     JOIN ledger_account a ON a.id = l.account_id WHERE a.programme = $1
                     ORDER BY l.effective_at LIMIT 1")
                .bind(programme),
            )
            .await?;
        let Some(first) = first else { return Ok(Vec::new()) };
        let months = self.months(self.day_of(first), self.today());
        let rows: Vec<(i64, NaiveDate, i64, i64, i64)> = tx
            .with_rows_all(
                MONTHS,
                self.month_rows(&months, programme),
                "SELECT input.n, l.expires_on, CAST(SUM(l.amount) AS BIGINT),
                    CAST(SUM(l.remaining) AS BIGINT), CAST(SUM(l.expired) AS BIGINT)
                 FROM input JOIN ledger_lot l
                    ON l.effective_at >= input.from_at AND l.effective_at < input.to_at
                 JOIN ledger_account a ON a.id = l.account_id
                 WHERE a.programme = input.programme GROUP BY input.n, l.expires_on",
            )
            .await?;
        let mut slices: BTreeMap<(NaiveDate, NaiveDate), Slice> = BTreeMap::new();
        for (n, last_day, brought, left, expired) in rows {
            let month = usize::try_from(n).ok().and_then(|at| months.get(at));
            let Some(month) = month.copied() else { continue };
            let slice = Slice { month, last_day, brought, left, expired };
            slices.insert((month, last_day), slice);
        }
        Ok(slices.into_values().collect())
    }

    /// The first days of all months of a span.
    fn months(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let mut months = vec![month_start(from)];
        while let Some(next) = months.last().and_then(|it| it.checked_add_months(Months::new(1))) {
            if next > to {
                break;
            }
            months.push(next);
        }
        months
    }

    fn month_rows(&self, months: &[NaiveDate], programme: &str) -> Vec<Vec<Value>> {
        let numbered = (0_i64..).zip(months);
        numbered
            .map(|(n, month)| {
                let next = month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
                let (from, to) = (self.midnight(*month), self.midnight(next));
                vec![n.into(), programme.into(), from.into(), to.into()]
            })
            .collect()
    }
}

/// What members have and what is held, by the balances of the books.
async fn outstanding(tx: &mut Tx, programme: &str) -> Result<i64> {
    let sum: Option<i64> = tx
        .value_maybe(
            sql("SELECT CAST(SUM(CASE WHEN role IN ('member', 'held') THEN balance ELSE 0 END)
                    AS BIGINT)
                 FROM ledger_account WHERE programme = $1 AND unit = 'miles'
                 HAVING COUNT(*) > 0")
            .bind(programme),
        )
        .await?;
    sum.ok_or(Error::NotFound("programme"))
}
