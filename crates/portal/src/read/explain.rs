//! Why a line of the statement is as it is: inputs, rules with their version, arithmetic.

use std::sync::Arc;

use loyalty::ledger::{Posted, TransferId};
use loyalty::members::Member;
use programme::Engine;
use programme::accrual::Accrued;

use super::Own;
use crate::{Error, Portal, Result};

/// A line and where it comes from.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The line itself.
    pub part: Part,
    /// The rules that were applied, and what they were asked and answered.
    pub accrued: Option<(Arc<Engine>, Accrued)>,
    /// What it takes back, ends or lets expire.
    pub about: Option<Part>,
    /// What else came of the same cause, oldest first.
    pub others: Vec<Part>,
}

/// A transfer on one of the member's own accounts.
#[derive(Clone, Debug)]
pub struct Part {
    /// The transfer.
    pub transfer: Posted,
    /// What it did to the account.
    pub change: i64,
    /// What the account counts.
    pub unit: loyalty::ledger::Unit,
}

impl Portal {
    /// Explains a transfer on one of the member's own accounts.
    ///
    /// # Errors
    /// [`Error::NotFound`] for any other: it does not say whether there is one.
    pub async fn explain(&self, member: &Member, id: TransferId) -> Result<Explained> {
        let loyalty = &self.parts().loyalty;
        let ledger = loyalty.ledger();
        let mut tx = self.parts().db.read().await?;
        let own = Own::of(self, &mut tx, member.id).await?;
        let found = ledger.transfers(&mut tx, &[id]).await?.pop();
        let part = found.and_then(|found| part(&own, found)).ok_or(Error::NotFound)?;
        let about = match part.transfer.about {
            Some(about) => ledger.transfers(&mut tx, &[about]).await?.pop(),
            None => None,
        };
        let about = about.and_then(|about| self::part(&own, about));
        let same = ledger.caused_by(&mut tx, &part.transfer.reference).await?;
        let others = same.into_iter().filter(|one| one.id != id);
        let others: Vec<Part> = others.filter_map(|one| self::part(&own, one)).collect();
        // The first transfer of a chain carries the arithmetic of all.
        let carried = |one: &Posted| one.explanation["accrued"].clone();
        let with = part.transfer.explanation["with"].as_str();
        let first = with.and_then(|first| first.parse::<uuid::Uuid>().ok()).map(TransferId::from);
        let said = match first {
            Some(first) => ledger.transfers(&mut tx, &[first]).await?.first().map(carried),
            None => Some(carried(&part.transfer)),
        };
        drop(tx);
        let accrued: Option<Accrued> = said.and_then(|said| serde_json::from_value(said).ok());
        let accrued = match accrued {
            Some(accrued) => {
                let (code, version) = (accrued.programme.to_string(), i64::from(accrued.version));
                match loyalty.programme_numbered(&code, version).await {
                    Ok(engine) => Some((engine, accrued)),
                    Err(loyalty::Error::NotFound(_)) => None,
                    Err(error) => return Err(error.into()),
                }
            }
            None => None,
        };
        Ok(Explained { part, accrued, about, others })
    }
}

/// The transfer as the member's account sees it; `None` when it is on none of theirs.
fn part(own: &Own, transfer: Posted) -> Option<Part> {
    let (account, change) = match (own.find(transfer.credit), own.find(transfer.debit)) {
        (Some(account), _) if transfer.credit_after.is_some() => (account, transfer.amount),
        (_, Some(account)) if transfer.debit_after.is_some() => (account, -transfer.amount),
        _ => return None,
    };
    Some(Part { unit: account.book.unit, change, transfer })
}
