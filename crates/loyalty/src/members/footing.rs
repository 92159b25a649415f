//! What other domains stand on when they answer about members: who somebody is, whom they were merged
//! into, the rules of a day and every tier known by then. For many members at once, in one statement
//! as long as nobody was merged.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use customers::CustomerId;
use programme::Engine;
use programme::qualify::Standing;
use serde_json::Value as Json;
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::TierRow;
use super::tiers::counting;
use crate::ledger::{AccountState, NEVER};
use crate::tiers::down;
use crate::{Loyalty, MemberId, Result};

/// Whom an answer is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// By identity.
    Id(MemberId),
    /// By number, blanks and hyphens aside; of any programme when `programme` is empty.
    No {
        /// Code of the programme.
        programme: String,
        /// As written.
        number: String,
    },
}

/// What a member stands on.
#[derive(Clone, Debug)]
pub struct Footing {
    /// The membership that was asked for.
    pub asked: MemberId,
    /// The one that answers: whom it was merged into, in the end; mostly itself.
    pub id: MemberId,
    /// Its number.
    pub member_no: String,
    /// Code of the programme.
    pub programme: String,
    /// Who it is; `None` when forgotten.
    pub customer: Option<CustomerId>,
    /// What may begin.
    pub state: AccountState,
    /// The person was erased.
    pub forgotten: bool,
    /// Day of enrolment, where the books are kept.
    pub joined_on: NaiveDate,
    /// Memberships that were merged into it.
    pub merged: Vec<MemberId>,
    /// The rules of the day that was asked for, as known then; `None` when none held.
    pub rules: Option<Arc<Engine>>,
    /// Tiers recorded by then, newest row first.
    pub tiers: Vec<TierRow>,
}

impl Footing {
    /// The tier that counts on a day, by what was recorded.
    #[must_use]
    pub fn tier_on(&self, day: NaiveDate) -> Option<&TierRow> {
        counting(&self.tiers, day)
    }

    /// The standing on a day, as rules of a version see it.
    #[must_use]
    pub fn standing_on(&self, engine: &Engine, day: NaiveDate) -> Standing {
        let begin = Standing::new(self.joined_on);
        let Some(row) = self.tier_on(day) else { return begin };
        Standing {
            tier: engine.programme().rank(&row.tier).unwrap_or_default(),
            since: row.valid_from,
            valid_to: (row.valid_to < NEVER).then_some(row.valid_to),
            ..begin
        }
    }

    /// All memberships whose facts count for it.
    pub fn all(&self) -> impl Iterator<Item = MemberId> + '_ {
        std::iter::once(self.id).chain(self.merged.iter().copied())
    }
}

/// Who was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// Nobody has it.
    Nobody,
    /// Members of several programmes have it.
    Several,
    /// This one.
    One(Box<Footing>),
}

#[derive(sqlx::FromRow)]
struct Row {
    nth: i64,
    id: Uuid,
    programme: String,
    member_no: String,
    customer_id: Option<Uuid>,
    state: String,
    enrolled_at: DateTime<Utc>,
    merged_into: Option<Uuid>,
    forgotten_at: Option<DateTime<Utc>>,
    has_merged: bool,
    version_id: Option<Uuid>,
    tier_id: Option<Uuid>,
    tier: Option<String>,
    rank: Option<i64>,
    is_by_hand: Option<bool>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    reason: Option<String>,
    detail: Option<sqlx::types::Json<Json>>,
    recorded_at: Option<DateTime<Utc>>,
    proposed_by: Option<Uuid>,
    approved_by: Option<Uuid>,
}

impl Row {
    fn tier(&mut self) -> Option<TierRow> {
        Some(TierRow {
            id: self.tier_id?,
            tier: self.tier.take()?,
            rank: self.rank?,
            is_by_hand: self.is_by_hand?,
            valid_from: self.valid_from?,
            valid_to: self.valid_to?,
            reason: self.reason.take()?,
            detail: self.detail.take()?.0,
            recorded_at: self.recorded_at?,
            people: self.proposed_by.zip(self.approved_by),
        })
    }
}

const SELECT: &str = "SELECT input.nth, m.id, m.programme, m.member_no, m.customer_id, m.state,
    m.enrolled_at, m.merged_into, m.forgotten_at,
    EXISTS (SELECT 1 FROM loyalty_member g WHERE g.merged_into = m.id) AS has_merged,
    (SELECT p.id FROM loyalty_programme p
     WHERE p.programme = m.programme AND p.state = 'approved' AND p.valid_from <= input.day
       AND (p.decided_at IS NULL OR p.decided_at <= input.known)
     ORDER BY p.valid_from DESC, p.decided_at DESC NULLS LAST, p.version DESC LIMIT 1)
        AS version_id,
    t.id AS tier_id, t.tier, t.rank, t.is_by_hand, t.valid_from, t.valid_to, t.reason, t.detail,
    t.recorded_at, t.proposed_by, t.approved_by
 FROM input JOIN loyalty_member m ON ";

const TIERS: &str = " LEFT JOIN loyalty_tier t
    ON t.member_id = m.id AND t.recorded_at <= input.known
 ORDER BY input.nth, m.id, t.recorded_at DESC, t.id DESC";

const BY_ID: &str = "m.id = input.id";
const BY_NO: &str =
    "m.member_no = input.no AND (input.programme = '' OR m.programme = input.programme)";

/// A member as read, before merges are followed.
struct Read {
    footing: Footing,
    merged_into: Option<MemberId>,
    has_merged: bool,
    version: Option<Uuid>,
}

async fn read(
    tx: &mut Tx,
    asked: Vec<(i64, Who)>,
    (day, known): (NaiveDate, DateTime<Utc>),
    day_of: impl Fn(DateTime<Utc>) -> NaiveDate,
) -> Result<HashMap<i64, Vec<Read>>> {
    let (mut ids, mut numbers) = (Vec::new(), Vec::new());
    for (nth, who) in asked {
        let tail: [Value; 2] = [day.into(), known.into()];
        match who {
            Who::Id(id) => {
                ids.push([nth.into(), id.uuid().into()].into_iter().chain(tail).collect());
            }
            Who::No { programme, number } => {
                let number = kernel::member_no::plain(&number);
                let head: [Value; 3] = [nth.into(), number.into(), programme.into()];
                numbers.push(head.into_iter().chain(tail).collect());
            }
        }
    }
    let by_id = [Col::i64("nth"), Col::uuid("id"), Col::date("day"), Col::time("known")];
    let by_no = [
        Col::i64("nth"),
        Col::text("no"),
        Col::text("programme"),
        Col::date("day"),
        Col::time("known"),
    ];
    let mut rows: Vec<Row> = Vec::new();
    if !ids.is_empty() {
        let statement = format!("{SELECT}{BY_ID}{TIERS}");
        rows.extend(tx.with_rows_all::<Row>(&by_id, ids, &statement).await?);
    }
    if !numbers.is_empty() {
        let statement = format!("{SELECT}{BY_NO}{TIERS}");
        rows.extend(tx.with_rows_all::<Row>(&by_no, numbers, &statement).await?);
    }
    let mut found: HashMap<i64, Vec<Read>> = HashMap::new();
    for mut row in rows {
        let members = found.entry(row.nth).or_default();
        let tier = row.tier();
        match members.last_mut().filter(|last| last.footing.id.uuid() == row.id) {
            Some(last) => last.footing.tiers.extend(tier),
            None => members.push(one(row, tier, &day_of)?),
        }
    }
    Ok(found)
}

fn one(
    row: Row,
    tier: Option<TierRow>,
    day_of: impl Fn(DateTime<Utc>) -> NaiveDate,
) -> Result<Read> {
    let footing = Footing {
        asked: row.id.into(),
        id: row.id.into(),
        member_no: row.member_no,
        programme: row.programme,
        customer: row.customer_id.map(Into::into),
        state: row.state.parse()?,
        forgotten: row.forgotten_at.is_some(),
        joined_on: day_of(row.enrolled_at),
        merged: Vec::new(),
        rules: None,
        tiers: tier.into_iter().collect(),
    };
    Ok(Read {
        footing,
        merged_into: row.merged_into.map(Into::into),
        has_merged: row.has_merged,
        version: row.version_id,
    })
}

impl Loyalty {
    /// What members stand on for a day, by what was known at a moment; in the order asked. A moment
    /// from now on means everything recorded: rows of one moment are set apart by a microsecond, so
    /// the latest may lie ahead of the clock.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn footings(
        &self,
        tx: &mut Tx,
        asked: &[Who],
        day: NaiveDate,
        known: DateTime<Utc>,
    ) -> Result<Vec<Found>> {
        let nth = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let known =
            if known < self.now() { known } else { NEVER.and_time(NaiveTime::MIN).and_utc() };
        let at = (day, known);
        let day_of = |moment| self.day_of(moment);
        let who: Vec<_> = asked.iter().cloned().enumerate().map(|(n, it)| (nth(n), it)).collect();
        let mut found = read(tx, who, at, day_of).await?;
        let first: HashMap<i64, MemberId> = found
            .iter()
            .filter(|(_, all)| all.len() == 1)
            .filter_map(|(n, all)| Some((*n, all.first()?.footing.asked)))
            .collect();
        loop {
            let up = found.iter().filter(|(_, all)| all.len() == 1);
            let up = up.filter_map(|(n, all)| Some((*n, Who::Id(all.first()?.merged_into?))));
            let up: Vec<_> = up.collect();
            if up.is_empty() {
                break;
            }
            found.extend(read(tx, up, at, day_of).await?);
        }
        self.with_merged(tx, &mut found).await?;
        let mut all = Vec::with_capacity(asked.len());
        for n in 0..asked.len() {
            let mut members = found.remove(&nth(n)).unwrap_or_default();
            let one = if members.len() > 1 { None } else { members.pop() };
            all.push(match one {
                Some(mut one) => {
                    one.footing.asked = first.get(&nth(n)).copied().unwrap_or(one.footing.id);
                    if let Some(version) = one.version {
                        one.footing.rules = Some(self.engine(tx, version.into()).await?);
                    }
                    Found::One(Box::new(one.footing))
                }
                None if members.is_empty() => Found::Nobody,
                None => Found::Several,
            });
        }
        Ok(all)
    }

    async fn with_merged(&self, tx: &mut Tx, found: &mut HashMap<i64, Vec<Read>>) -> Result<()> {
        let roots: BTreeSet<MemberId> = found
            .values()
            .flatten()
            .filter(|one| one.has_merged)
            .map(|one| one.footing.id)
            .collect();
        if roots.is_empty() {
            return Ok(());
        }
        let mut below: HashMap<MemberId, Vec<MemberId>> = HashMap::new();
        for (member, root) in down(tx, &roots).await? {
            if member != root {
                below.entry(root).or_default().push(member);
            }
        }
        for one in found.values_mut().flatten() {
            let mut merged = below.get(&one.footing.id).cloned().unwrap_or_default();
            merged.sort_unstable();
            one.footing.merged = merged;
        }
        Ok(())
    }
}
