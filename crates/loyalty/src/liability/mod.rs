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
//! Miles taken back by corrections count as used. With fewer cohorts the share counts that finance
//! assumes ([`Valuation::assumed_share`]), and without one nothing is taken off.
//!
//! Reading millions of lots takes its time: a report is kept every night ([`Report`]), and pages
//! and programs read that.

mod estimate;
mod kept;
mod movements;

use std::collections::BTreeMap;

use access::Actor;
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use store::{Col, Tx, Value, sql};

pub use estimate::{Basis, Breakage, COHORTS, Liability, Open, Slice, Valuation};
pub use kept::Report;
pub(crate) use kept::open_programmes;
pub use movements::{Movement, Movements};

use crate::{Error, Loyalty, Result, permissions};

const MONTHS: &[Col] =
    &[Col::i64("n"), Col::text("programme"), Col::time("from_at"), Col::time("to_at")];

fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl Loyalty {
    /// What moved in each month of a programme, and whether it ties to the books: worked out now.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for a programme that is not open; when the database
    /// fails.
    pub async fn movements(&self, actor: &Actor, programme: &str) -> Result<Movements> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let books = outstanding(&mut tx, programme).await?;
        self.moved(&mut tx, programme, &[], books).await
    }

    /// What is outstanding now by month of coming and last day, what of it is expected to run out,
    /// and the revenue deferred for the rest.
    ///
    /// # Errors
    /// As [`Loyalty::movements`]; [`Error::Invalid`] for a valuation out of bounds.
    pub async fn liability(
        &self,
        actor: &Actor,
        programme: &str,
        by: &Valuation,
    ) -> Result<Liability> {
        actor.may(permissions::READ)?;
        by.check()?;
        let mut tx = self.db().read().await?;
        Ok(self.report(&mut tx, programme, &[]).await?.liability(by))
    }

    /// The state of the books in one snapshot. Months of an earlier report are taken from it.
    async fn report(&self, tx: &mut Tx, programme: &str, reported: &[Movement]) -> Result<Report> {
        let miles = outstanding(tx, programme).await?;
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
        let slices = self.slices(tx, programme).await?;
        let moved = self.moved(tx, programme, reported, miles).await?;
        let (made_at, day) = (self.now(), self.today());
        Ok(Report { day, made_at, miles, held, owed, slices, months: moved.months })
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
