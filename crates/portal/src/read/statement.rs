//! The statement: lines of all accounts of redeemable miles a member has, newest first, as one.
//!
//! A member into whom others were merged has several accounts. Their lines are merged by when they
//! were recorded; the balance told beside a line is that of all accounts together.

use kernel::page::{BadCursor, Cursor};
use loyalty::ledger::{AccountId, Kind, Line, Posted};
use loyalty::members::Member;
use store::Tx;

use super::Own;
use crate::{Portal, Result};

/// Lines read of an account at once.
const CHUNK: i64 = 100;
/// Lines looked at for one page, however few of them are wanted.
const MOST: usize = 2_000;

/// Which lines are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Every one.
    #[default]
    All,
    /// What came, and what of it was taken back.
    Earned,
    /// What was spent, and what of it came back.
    Used,
    /// What ran out.
    Expired,
}

impl Show {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::All, Self::Earned, Self::Used, Self::Expired];

    /// As in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Earned => "earned",
            Self::Used => "used",
            Self::Expired => "expired",
        }
    }

    /// By name; anything else is all.
    #[must_use]
    pub fn read(name: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.as_str() == name).unwrap_or_default()
    }

    fn wants(self, transfer: &Posted, change: i64) -> bool {
        let of = match (transfer.kind, change > 0) {
            (Kind::Expire, _) => Self::Expired,
            (Kind::Post | Kind::Settle, true) | (Kind::Reverse, false) => Self::Earned,
            _ => Self::Used,
        };
        self == Self::All || self == of
    }
}

/// A line of the statement.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The transfer.
    pub transfer: Posted,
    /// What it did to the balance.
    pub change: i64,
    /// The balance of all accounts together afterwards.
    pub balance: i64,
}

/// A page of the statement.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Give it back for the next page.
    pub next: Option<String>,
}

/// One account on the way back.
struct Reel {
    account: AccountId,
    /// Lines at or after this place were read.
    before: i64,
    /// Read and not yet told; the next one last.
    lines: Vec<Line>,
    /// There are no more in the books.
    ended: bool,
}

impl Reel {
    async fn fill(&mut self, portal: &Portal, tx: &mut Tx) -> Result<()> {
        if !self.lines.is_empty() || self.ended {
            return Ok(());
        }
        let ledger = portal.parts().loyalty.ledger();
        self.lines = ledger.statement(tx, self.account, Some(self.before), CHUNK).await?;
        self.ended = self.lines.is_empty();
        self.lines.reverse();
        Ok(())
    }

    fn balance(&self) -> i64 {
        self.lines.last().map_or(0, |line| line.balance)
    }
}

impl Portal {
    /// A page of the statement, `limit` lines at most. Of a filtered statement a page may be short
    /// and still have a next one.
    ///
    /// # Errors
    /// [`crate::Error::Cursor`] for a place that is not of this statement.
    pub async fn statement(
        &self,
        member: &Member,
        show: Show,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Statement> {
        let mut tx = self.parts().db.read().await?;
        let own = Own::of(self, &mut tx, member.id).await?;
        let accounts: Vec<AccountId> = own.miles().map(|account| account.id).collect();
        let mut reels = reels(&accounts, after)?;
        let (mut page, mut seen, mut total) = (Statement::default(), 0, None);
        while page.entries.len() < limit && seen < MOST {
            for reel in &mut reels {
                reel.fill(self, &mut tx).await?;
            }
            let sum = *total.get_or_insert_with(|| reels.iter().map(Reel::balance).sum());
            let newest = reels
                .iter_mut()
                .filter(|reel| !reel.lines.is_empty())
                .max_by_key(|reel| reel.lines.last().map(|it| it.transfer.recorded_at));
            let Some((reel, line)) = newest.and_then(|reel| {
                let line = reel.lines.pop()?;
                Some((reel, line))
            }) else {
                return Ok(page);
            };
            (reel.before, seen, total) = (line.seq, seen + 1, Some(sum - line.change));
            if show.wants(&line.transfer, line.change) {
                let (transfer, change) = (line.transfer, line.change);
                page.entries.push(Entry { transfer, change, balance: sum });
            }
        }
        // The first line of an account has no line before it.
        if reels.iter().any(|reel| reel.before > 1 && !(reel.ended && reel.lines.is_empty())) {
            let places = reels.iter().map(|reel| reel.before.into()).collect();
            page.next = Some(Cursor(places).encode());
        }
        Ok(page)
    }
}

fn reels(accounts: &[AccountId], after: Option<&str>) -> Result<Vec<Reel>> {
    let places: Vec<i64> = match after.filter(|text| !text.is_empty()) {
        Some(text) => {
            let Cursor(values) = Cursor::decode(text)?;
            let places = values.iter().map(|value| value.as_i64().ok_or(BadCursor));
            places.collect::<Result<_, _>>()?
        }
        None => vec![i64::MAX; accounts.len()],
    };
    if places.len() != accounts.len() {
        return Err(BadCursor.into());
    }
    let reels = accounts.iter().zip(places);
    let reel = |(account, before): (&AccountId, i64)| Reel {
        account: *account,
        before,
        lines: Vec::new(),
        ended: before <= 1,
    };
    Ok(reels.map(reel).collect())
}
