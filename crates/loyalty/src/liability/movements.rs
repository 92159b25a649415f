//! What moved in each month, by the month in which it was recorded.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use store::{SqlBuilder, Tx};
use utoipa::ToSchema;

use super::MONTHS;
use crate::{Loyalty, Result};

/// What moved in a month. Amounts are miles as they change what is outstanding: what is redeemed is
/// below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

impl Movements {
    /// What is outstanding after the last month.
    #[must_use]
    pub fn closing(&self) -> i64 {
        self.months.last().map_or(0, |month| month.closing)
    }
}

impl Loyalty {
    /// All months that were reported before stay as they were, but for the last two: only those are
    /// read again. What then does not tie to the books is worked out anew from the first month.
    pub(super) async fn moved(
        &self,
        tx: &mut Tx,
        programme: &str,
        reported: &[Movement],
        books: i64,
    ) -> Result<Movements> {
        let settled = reported.get(..reported.len().saturating_sub(2)).unwrap_or_default();
        let found = self.moved_since(tx, programme, settled, books).await?;
        if found.ties || settled.is_empty() {
            return Ok(found);
        }
        self.moved_since(tx, programme, &[], books).await
    }

    async fn moved_since(
        &self,
        tx: &mut Tx,
        programme: &str,
        settled: &[Movement],
        books: i64,
    ) -> Result<Movements> {
        let mut found = settled.to_vec();
        if let Some((first, last)) = self.recorded(tx, programme).await? {
            let next = settled.last().and_then(|it| it.month.checked_add_months(Months::new(1)));
            let from = next.unwrap_or(first);
            if from <= last {
                let months = self.months(from, last);
                found.extend(self.moved_in(tx, programme, &months).await?);
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

    /// The days of the first and the last transfer of miles.
    async fn recorded(
        &self,
        tx: &mut Tx,
        programme: &str,
    ) -> Result<Option<(NaiveDate, NaiveDate)>> {
        const OF: &str = "SELECT t.recorded_at FROM ledger_transfer t
            JOIN ledger_account d ON d.id = t.debit_id WHERE d.programme = ";
        const LATER: &str = " AND d.unit = 'miles' ORDER BY t.recorded_at";
        let mut days = [None; 2];
        for (day, order) in days.iter_mut().zip([" LIMIT 1", " DESC LIMIT 1"]) {
            let mut query = SqlBuilder::new(OF);
            query.bind(programme).push(LATER).push(order);
            let at: Option<DateTime<Utc>> = tx.value_maybe(query.build()).await?;
            *day = at.map(|at| self.day_of(at));
        }
        Ok(days[0].zip(days[1]))
    }

    async fn moved_in(
        &self,
        tx: &mut Tx,
        programme: &str,
        months: &[NaiveDate],
    ) -> Result<Vec<Movement>> {
        let rows: Vec<MovedRow> = tx
            .with_rows_all(
                MONTHS,
                self.month_rows(months, programme),
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
        let first = |month: &NaiveDate| Movement { month: *month, ..Movement::default() };
        let mut found: Vec<Movement> = months.iter().map(first).collect();
        for row in &rows {
            let at = usize::try_from(row.n).unwrap_or(usize::MAX);
            if let Some(month) = found.get_mut(at) {
                month.add(row);
            }
        }
        Ok(found)
    }
}
