//! Lines of a member's account by what they are, and as they were known.

use chrono::{DateTime, Utc};
use store::{SqlBuilder, Tx};

use super::Ledger;
use super::accounts::Line;
use super::model::{AccountId, Kind, Posted, words};
use super::rows::{TRANSFER, TransferRow};
use crate::Result;

words!(
    /// What a line is to the member. Every line is one of them.
    Sort {
        /// Came in, by flights, partners or others.
        Earned = "earned",
        /// Went out for something, is held for it, or came back from a hold.
        Used = "used",
        /// Its last day of use has passed.
        Expired = "expired",
        /// Corrects an earlier line, or was adjusted by hand.
        Corrected = "corrected",
    }
);

/// Which lines of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// Of one sort only.
    pub sort: Option<Sort>,
    /// True at this moment.
    pub effective: Option<DateTime<Utc>>,
    /// Recorded by this moment.
    pub known: Option<DateTime<Utc>>,
}

impl Sort {
    /// What a line is, by its transfer and side.
    #[must_use]
    pub fn of(transfer: &Posted, is_debit: bool) -> Self {
        match transfer.kind {
            Kind::Reverse => Self::Corrected,
            Kind::Post if transfer.code == ADJUSTMENT => Self::Corrected,
            Kind::Expire => Self::Expired,
            Kind::Post | Kind::Settle if !is_debit => Self::Earned,
            _ => Self::Used,
        }
    }

    /// The condition on one side; `None` where no line of that side is of this sort.
    pub(crate) fn condition(self, is_debit: bool) -> Option<&'static str> {
        match (self, is_debit) {
            (Self::Earned, false) => {
                Some("(kind = 'settle' OR (kind = 'post' AND code <> 'adjustment'))")
            }
            (Self::Used, true) => {
                Some("(kind = 'hold' OR (kind = 'post' AND code <> 'adjustment'))")
            }
            (Self::Used, false) => Some("kind = 'release'"),
            (Self::Expired, true) => Some("kind = 'expire'"),
            (Self::Corrected, _) => {
                Some("(kind = 'reverse' OR (kind = 'post' AND code = 'adjustment'))")
            }
            (Self::Earned, true) | (Self::Expired, false) => None,
        }
    }
}

/// The code of what two people adjust.
const ADJUSTMENT: &str = "adjustment";
const SIDES: [(&str, &str, bool); 2] =
    [("debit_id", "debit_seq", true), ("credit_id", "credit_seq", false)];

impl Which {
    /// The lines of one side: `seq`, and what `select` names.
    fn side(
        &self,
        query: &mut SqlBuilder,
        select: &str,
        account: AccountId,
        (side, seq, is_debit): (&str, &str, bool),
    ) {
        query.push("SELECT ").push(select).push(", ").push(seq).push(" AS seq, ");
        query.push(if is_debit { "-amount" } else { "amount" }).push(" AS change");
        query.push(" FROM ledger_transfer WHERE ").push(seq).push(" IS NOT NULL AND ");
        query.push(side).push(" = ").bind(account.uuid());
        match self.sort.map(|sort| sort.condition(is_debit)) {
            Some(None) => {
                query.push(" AND 1 = 0");
            }
            Some(Some(condition)) => {
                query.push(" AND ").push(condition);
            }
            None => {}
        }
        if let Some(at) = self.effective {
            query.push(" AND effective_at <= ").bind(at);
        }
        if let Some(at) = self.known {
            query.push(" AND recorded_at <= ").bind(at);
        }
    }
}

impl Ledger {
    /// Lines of a member's account, newest first, before a place in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lines(
        &self,
        tx: &mut Tx,
        account: AccountId,
        which: &Which,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Line>> {
        let before = before.unwrap_or(i64::MAX);
        let mut query = SqlBuilder::new("SELECT ");
        // Each side stops after a page of its own.
        query.push(TRANSFER).push(" FROM ledger_transfer t WHERE t.id IN (SELECT id FROM (");
        for (at, side) in SIDES.into_iter().enumerate() {
            query.push(if at == 0 {
                "SELECT * FROM ("
            } else {
                ") AS d UNION ALL SELECT * FROM ("
            });
            which.side(&mut query, "id", account, side);
            query.push(" AND ").push(side.1).push(" < ").bind(before);
            query.push(" ORDER BY ").push(side.1).push(" DESC LIMIT ").bind(limit);
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

    /// What the lines before a place add up to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sum(
        &self,
        tx: &mut Tx,
        account: AccountId,
        which: &Which,
        before: Option<i64>,
    ) -> Result<i64> {
        let mut query = SqlBuilder::new("SELECT COALESCE(CAST(SUM(change) AS BIGINT), 0) FROM (");
        for (at, side) in SIDES.into_iter().enumerate() {
            query.push(if at == 0 { "" } else { " UNION ALL " });
            which.side(&mut query, "id", account, side);
            query.push(" AND ").push(side.1).push(" < ").bind(before.unwrap_or(i64::MAX));
        }
        query.push(") AS changes");
        Ok(tx.value(query.build()).await?)
    }
}
