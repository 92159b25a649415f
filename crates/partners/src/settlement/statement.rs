//! The statement of a month: what was issued, taken back and redeemed, at which price.

use access::Actor;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use store::{Tx, sql};
use utoipa::ToSchema;

use super::month;
use crate::agreements::{Kind, Partner, PartnerId, by_id};
use crate::{Error, Partners, Result, permissions};

crate::words::words!(
    /// What a line counts.
    What {
        /// Miles to members: the partner pays.
        Issued = "issued",
        /// Issued miles taken back: the partner is credited.
        IssuedBack = "issued-back",
        /// Miles spent with the partner: we pay.
        Redeemed = "redeemed",
        /// Redemptions taken back.
        RedeemedBack = "redeemed-back",
    }
);

impl What {
    /// Whether the partner owes more by it (1) or less (-1).
    fn sign(self) -> i64 {
        match self {
            Self::Issued | Self::RedeemedBack => 1,
            Self::IssuedBack | Self::Redeemed => -1,
        }
    }

    /// What it does to the partner's account: what members get, the partner's account loses.
    fn on_account(self) -> i64 {
        -self.sign()
    }
}

/// Rows of one kind at one price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// What it counts.
    pub what: What,
    /// Of activity.
    pub kind: Kind,
    /// For 1,000 miles, in minor units.
    pub price_minor: i64,
    /// How many rows.
    pub rows: i64,
    /// Their miles.
    pub miles: i64,
    /// What the partner owes for them, half a unit rounded up; below zero what we owe.
    pub amount_minor: i64,
}

/// A month of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Statement {
    /// `2026-11`
    pub month: String,
    /// Three letters.
    pub currency: String,
    /// By what, kind and price.
    pub lines: Vec<Line>,
    /// Sum of the lines; below zero we owe.
    pub total_minor: i64,
    /// What the ledger says the partner's account changed by.
    pub ledger_miles: i64,
    /// What the lines say.
    pub said_miles: i64,
    /// The month is over.
    pub is_over: bool,
}

impl Statement {
    /// Lines and ledger agree.
    #[must_use]
    pub fn ties(&self) -> bool {
        self.ledger_miles == self.said_miles
    }

    /// Miles of one sort of line.
    #[must_use]
    pub fn miles(&self, what: What) -> i64 {
        self.lines.iter().filter(|line| line.what == what).map(|line| line.miles).sum()
    }
}

/// Miles at a price for a thousand, half a unit rounded away from zero.
fn amount(miles: i64, price_minor: i64) -> i64 {
    let exact = i128::from(miles) * i128::from(price_minor);
    i64::try_from((exact + 500) / 1_000).unwrap_or(i64::MAX)
}

impl Partners {
    /// The statement of a month, worked out from the rows and held against the ledger.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] for a month that is none.
    pub async fn statement(&self, actor: &Actor, id: PartnerId, of: &str) -> Result<Statement> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let partner = by_id(&mut tx, id).await?.ok_or(Error::NotFound("partner"))?;
        self.statement_in(&mut tx, &partner, of).await
    }

    pub(super) async fn statement_in(
        &self,
        tx: &mut Tx,
        partner: &Partner,
        of: &str,
    ) -> Result<Statement> {
        type Row = (String, String, String, i64, i64, i64);
        let (first, next) = month(of).ok_or(Error::invalid("month", "partners-month"))?;
        let rows: Vec<Row> = tx
            .all(
                sql("SELECT action, undoes, kind, price_minor, CAST(COUNT(*) AS BIGINT),
                        CAST(SUM(miles) AS BIGINT) FROM partner_activity
                     WHERE partner_id = $1 AND month = $2 AND outcome = 'posted'
                     GROUP BY action, undoes, kind, price_minor
                     ORDER BY action, undoes, kind, price_minor")
                .bind(partner.id.uuid())
                .bind(of),
            )
            .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for (action, undoes, kind, price_minor, rows, miles) in rows {
            let what = match (action.as_str(), undoes.as_str()) {
                ("accrue", _) => What::Issued,
                ("redeem", _) => What::Redeemed,
                ("reverse", "redeem") => What::RedeemedBack,
                _ => What::IssuedBack,
            };
            let amount_minor = what.sign() * amount(miles, price_minor);
            lines.push(Line { what, kind: kind.parse()?, price_minor, rows, miles, amount_minor });
        }
        lines.sort_by_key(|line| (line.what, line.kind, line.price_minor));
        let (begin, end) = (self.midnight(first), self.midnight(next));
        let ledger = self.balance_before(tx, partner, end).await?
            - self.balance_before(tx, partner, begin).await?;
        Ok(Statement {
            month: of.to_owned(),
            currency: partner.currency.to_string(),
            total_minor: lines.iter().map(|line| line.amount_minor).sum(),
            said_miles: lines.iter().map(|line| line.what.on_account() * line.miles).sum(),
            ledger_miles: ledger,
            is_over: self.now() >= end,
            lines,
        })
    }

    async fn balance_before(
        &self,
        tx: &mut Tx,
        partner: &Partner,
        at: DateTime<Utc>,
    ) -> Result<i64> {
        let known = at - Duration::microseconds(1);
        let ledger = self.loyalty().ledger();
        // Everything the ledger knew by then, whenever it was true.
        let ever = DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Ok(ledger.balance_at(tx, partner.account, ever, known).await?)
    }

    /// Months in which something of a partner was posted, latest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn months(&self, actor: &Actor, id: PartnerId) -> Result<Vec<String>> {
        actor.may(permissions::READ)?;
        Ok(self
            .db()
            .read()
            .await?
            .values(
                sql("SELECT DISTINCT month FROM partner_activity
                     WHERE partner_id = $1 AND outcome = 'posted' ORDER BY month DESC LIMIT 60")
                .bind(id.uuid()),
            )
            .await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_unit_is_rounded_up() {
        for (miles, price, expected) in [(0, 900, 0), (1, 499, 0), (1, 500, 1), (988, 1_250, 1_235)]
        {
            assert_eq!(amount(miles, price), expected, "{miles} at {price}");
        }
    }
}
