//! The tier that counts today, kept beside the history so that a million members can be listed by
//! it. It follows from `loyalty_tier` alone: written with every row of it, and looked at again on
//! the day it may change.

use chrono::NaiveDate;
use customers::Tier;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::tiers::{ENDED, TierRow, counting, rows_of};
use crate::ledger::NEVER;
use crate::{Loyalty, MemberId, Result};

/// Members in one transaction.
const CHUNK: i64 = 2_000;

const COLUMNS: &[Col] = &[
    Col::uuid("member_id"),
    Col::text("tier"),
    Col::i64("rank"),
    Col::date("valid_to"),
    Col::date("look_on"),
];

impl Loyalty {
    /// Works out the tiers of today of these members anew.
    pub(super) async fn note_tiers(&self, tx: &mut Tx, members: &[MemberId]) -> Result<()> {
        let mut which: Vec<Uuid> = members.iter().map(|id| id.uuid()).collect();
        which.sort_unstable();
        which.dedup();
        let today = self.today();
        let ids = which.iter().map(|id| vec![(*id).into()]).collect();
        let mut all = rows_of(tx, ids).await?;
        let now = which.iter().copied().map(|id| {
            let rows = all.remove(&id.into()).unwrap_or_default();
            let row = counting(&rows, today);
            let (tier, rank) = row.map_or(("", 0), |row| (row.tier.as_str(), row.rank));
            let last = row.map(|row| row.valid_to).filter(|last| *last < NEVER);
            let look = look_on(&rows, today);
            let values: Vec<Value> =
                vec![id.into(), tier.into(), rank.into(), last.into(), look.into()];
            values
        });
        let now: Vec<Vec<Value>> = now.collect();
        tx.bulk(
            "loyalty_tier_now",
            COLUMNS,
            now,
            "ON CONFLICT (member_id) DO UPDATE SET tier = excluded.tier, rank = excluded.rank,
                valid_to = excluded.valid_to, look_on = excluded.look_on",
        )
        .await?;
        self.publish_tiers(tx, &which).await
    }

    /// Tells customers the highest tier each of these members' persons holds today.
    async fn publish_tiers(&self, tx: &mut Tx, members: &[Uuid]) -> Result<()> {
        let rows = members.iter().map(|id| vec![(*id).into()]).collect();
        let held: Vec<(Uuid, i64)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows,
                "SELECT own.customer_id, MAX(n.rank) AS rank FROM input
                 JOIN loyalty_member m ON m.id = input.id
                 JOIN loyalty_member own
                    ON own.customer_id = m.customer_id AND own.merged_into IS NULL
                 JOIN loyalty_tier_now n ON n.member_id = own.id
                 GROUP BY own.customer_id",
            )
            .await?;
        let tier = |rank| match rank {
            ..=0 => Tier::Ordinary,
            1 => Tier::Silver,
            2 => Tier::Gold,
            3 => Tier::Platinum,
            _ => Tier::Lifetime,
        };
        let held: Vec<_> = held.into_iter().map(|(id, rank)| (id.into(), tier(rank))).collect();
        self.customers().publish_tiers(tx, &held).await?;
        Ok(())
    }

    /// Works out the tiers of today that may have changed by the calendar, a page at a time; returns
    /// how many were looked at, 0 at the end. By state alone: again changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_due_tiers(&self) -> Result<u64> {
        let mut tx = self.db().begin().await?;
        let due: Vec<Uuid> = tx
            .values(
                sql("SELECT member_id FROM loyalty_tier_now WHERE look_on <= $1
                     ORDER BY look_on, member_id LIMIT $2")
                .bind(self.today())
                .bind(CHUNK),
            )
            .await?;
        if due.is_empty() {
            return Ok(0);
        }
        let members: Vec<MemberId> = due.iter().map(|id| (*id).into()).collect();
        self.note_tiers(&mut tx, &members).await?;
        tx.commit().await?;
        Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
    }
}

/// The first day after today on which a row begins, is over, or is ended.
fn look_on(rows: &[TierRow], today: NaiveDate) -> NaiveDate {
    let days = rows.iter().flat_map(|row| {
        let over = row.valid_to.succ_opt().filter(|_| row.reason != ENDED);
        [Some(row.valid_from), over]
    });
    days.flatten().filter(|day| *day > today && *day < NEVER).min().unwrap_or(NEVER)
}
