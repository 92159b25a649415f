//! The history of a member's tier: dated rows with their reason, added to only.

use std::collections::{BTreeSet, HashMap};

use access::Actor;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::Value;
use sqlx::types::Json;
use store::{Col, Tx, sql};
use uuid::Uuid;

use crate::{Error, Loyalty, MemberId, Result, events, permissions};

/// A tier by rule, as the evaluation found it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTier {
    /// Whose.
    pub member: MemberId,
    /// Code of the tier in the programme.
    pub tier: String,
    /// Its height: 0 is the ordinary one.
    pub rank: i64,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; [`crate::ledger::NEVER`] for life.
    pub valid_to: NaiveDate,
    /// Code: `upgrade`, `renewal`, `downgrade`, `lifetime`, `match` …
    pub reason: String,
    /// What was counted, and the rule rows: a JSON object.
    pub detail: Value,
}

/// A row of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct TierRow {
    /// Identity.
    pub id: Uuid,
    /// Code of the tier.
    pub tier: String,
    /// Its height.
    pub rank: i64,
    /// Given by people rather than by rule.
    pub is_by_hand: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Code of the reason.
    pub reason: String,
    /// What led to it.
    pub detail: Value,
    /// When the row was written.
    pub recorded_at: DateTime<Utc>,
    /// Who proposed it and who approved it (by hand).
    pub people: Option<(Uuid, Uuid)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    tier: String,
    rank: i64,
    is_by_hand: bool,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    reason: String,
    detail: Json<Value>,
    recorded_at: DateTime<Utc>,
    proposed_by: Option<Uuid>,
    approved_by: Option<Uuid>,
}

impl From<Row> for TierRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            tier: row.tier,
            rank: row.rank,
            is_by_hand: row.is_by_hand,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            reason: row.reason,
            detail: row.detail.0,
            recorded_at: row.recorded_at,
            people: row.proposed_by.zip(row.approved_by),
        }
    }
}

async fn rows(tx: &mut Tx, member: MemberId) -> Result<Vec<TierRow>> {
    let rows: Vec<Row> = tx
        .all(
            sql("SELECT id, tier, rank, is_by_hand, valid_from, valid_to, reason, detail,
                    recorded_at, proposed_by, approved_by
                 FROM loyalty_tier WHERE member_id = $1 ORDER BY recorded_at DESC, id DESC")
            .bind(member.uuid()),
        )
        .await?;
    Ok(rows.into_iter().map(TierRow::from).collect())
}

/// The row that counts on a day: of those by rule the latest recorded, of those by hand the highest
/// that was not ended; of the two the higher.
pub(super) fn counting(rows: &[TierRow], day: NaiveDate) -> Option<&TierRow> {
    counting_of(rows, day, |row| row.valid_from <= day)
}

/// The row a flight of a day earns with: what a flight lifts the member to holds from the next day
/// on. `rows` are newest first.
pub(crate) fn earning(rows: &[TierRow], day: NaiveDate) -> Option<&TierRow> {
    let lifted = |row: &TierRow| matches!(row.reason.as_str(), "upgrade" | "lifetime");
    counting_of(rows, day, |row| {
        if lifted(row) && !row.is_by_hand { row.valid_from < day } else { row.valid_from <= day }
    })
}

fn counting_of(
    rows: &[TierRow],
    day: NaiveDate,
    begun: impl Fn(&TierRow) -> bool,
) -> Option<&TierRow> {
    let covers = |row: &&TierRow| begun(row) && day <= row.valid_to;
    let ended = |row: &TierRow| {
        let id = row.id.to_string();
        rows.iter().any(|other| {
            other.reason == ENDED && other.detail["ends"] == id.as_str() && day >= other.valid_from
        })
    };
    let by_rule = rows.iter().filter(|row| !row.is_by_hand).find(covers);
    let by_hand = rows
        .iter()
        .filter(|row| row.is_by_hand && row.reason != ENDED)
        .filter(covers)
        .filter(|row| !ended(row))
        .max_by_key(|row| row.rank);
    match (by_rule, by_hand) {
        (Some(rule), Some(hand)) if hand.rank > rule.rank => Some(hand),
        (Some(rule), _) => Some(rule),
        (None, hand) => hand,
    }
}

/// Reason of a row that ends one by hand before its day; `detail.ends` names it.
pub(super) const ENDED: &str = "ended";

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("member_id"),
    Col::text("tier"),
    Col::i64("rank"),
    Col::bool("is_by_hand"),
    Col::date("valid_from"),
    Col::date("valid_to"),
    Col::text("reason"),
    Col::json("detail"),
    Col::time("recorded_at"),
    Col::uuid("proposed_by"),
    Col::uuid("approved_by"),
];

/// What tells rows of one moment apart.
const TICK: Duration = Duration::microseconds(1);

#[derive(sqlx::FromRow)]
struct Owned {
    member_id: Uuid,
    #[sqlx(flatten)]
    row: Row,
}

/// The tiers of many members, newest row first.
pub(crate) async fn rows_of(
    tx: &mut Tx,
    members: Vec<Vec<store::Value>>,
) -> Result<HashMap<MemberId, Vec<TierRow>>> {
    let found: Vec<Owned> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            members,
            "SELECT t.member_id, t.id, t.tier, t.rank, t.is_by_hand, t.valid_from, t.valid_to,
                t.reason, t.detail, t.recorded_at, t.proposed_by, t.approved_by
             FROM input JOIN loyalty_tier t ON t.member_id = input.id
             ORDER BY t.recorded_at DESC, t.id DESC",
        )
        .await?;
    let mut all: HashMap<MemberId, Vec<TierRow>> = HashMap::new();
    for Owned { member_id, row } in found {
        all.entry(member_id.into()).or_default().push(row.into());
    }
    Ok(all)
}

impl Loyalty {
    /// A member's tiers, newest row first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn tiers(&self, actor: &Actor, member: MemberId) -> Result<Vec<TierRow>> {
        actor.may(permissions::READ)?;
        rows(&mut self.db().read().await?, member).await
    }

    /// The row that counts on a day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tier_on(
        &self,
        tx: &mut Tx,
        member: MemberId,
        day: NaiveDate,
    ) -> Result<Option<TierRow>> {
        Ok(counting(&rows(tx, member).await?, day).cloned())
    }

    /// Writes tiers by rule, in bulk, with their events.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `tier`, `valid_to` or `detail`; when the database fails.
    pub async fn put_tiers(&self, tx: &mut Tx, new: &[NewTier]) -> Result<()> {
        for tier in new {
            check(tier)?;
        }
        let mut next = self.next_recorded(tx, new.iter().map(|tier| tier.member)).await?;
        let now = self.now();
        let rows = new.iter().map(|tier| {
            let at = next.get(&tier.member).copied().unwrap_or(now);
            next.insert(tier.member, at + TICK);
            self.tier_row(kernel::ids::v7(at), tier, None, at)
        });
        let rows = rows.collect();
        tx.bulk("loyalty_tier", COLUMNS, rows, "").await?;
        let members: Vec<MemberId> = new.iter().map(|tier| tier.member).collect();
        self.note_tiers(tx, &members).await?;
        events::tiers(tx, self.now(), new).await
    }

    /// When the next row of each of these members counts as recorded, where that is later than now. Of
    /// a member's rows the latest recorded counts: it is later than those there are, also of the same
    /// microsecond, and when the clock was set back.
    async fn next_recorded(
        &self,
        tx: &mut Tx,
        members: impl Iterator<Item = MemberId>,
    ) -> Result<HashMap<MemberId, DateTime<Utc>>> {
        let members: BTreeSet<MemberId> = members.collect();
        let members = members.into_iter().map(|id| vec![id.uuid().into()]).collect();
        let rows: Vec<(Uuid, DateTime<Utc>)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                members,
                "SELECT t.member_id, t.recorded_at
                 FROM input JOIN loyalty_tier t ON t.member_id = input.id",
            )
            .await?;
        let now = self.now();
        let mut next = HashMap::new();
        for (member, at) in rows.into_iter().filter(|(_, at)| *at >= now) {
            let least = next.entry(MemberId::from(member)).or_insert(now);
            *least = (*least).max(at + TICK);
        }
        Ok(next)
    }

    /// Writes a row by hand of a member that is held.
    pub(super) async fn put_by_hand(
        &self,
        tx: &mut Tx,
        id: Uuid,
        new: &NewTier,
        people: (Uuid, Uuid),
    ) -> Result<()> {
        let next = self.next_recorded(tx, std::iter::once(new.member)).await?;
        let at = next.get(&new.member).copied().unwrap_or_else(|| self.now());
        let row = self.tier_row(id, new, Some(people), at);
        tx.bulk("loyalty_tier", COLUMNS, vec![row], "").await?;
        self.note_tiers(tx, &[new.member]).await?;
        events::tiers(tx, self.now(), std::slice::from_ref(new)).await
    }

    fn tier_row(
        &self,
        id: Uuid,
        new: &NewTier,
        people: Option<(Uuid, Uuid)>,
        recorded_at: DateTime<Utc>,
    ) -> Vec<store::Value> {
        vec![
            id.into(),
            new.member.uuid().into(),
            (&new.tier).into(),
            new.rank.into(),
            people.is_some().into(),
            new.valid_from.into(),
            new.valid_to.into(),
            (&new.reason).into(),
            new.detail.clone().into(),
            recorded_at.into(),
            people.map(|(proposed, _)| proposed).into(),
            people.map(|(_, approved)| approved).into(),
        ]
    }
}

pub(super) fn check(new: &NewTier) -> Result<()> {
    let is_code = |text: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=40).contains(&text.len()) && text.bytes().all(letter)
    };
    if !is_code(&new.tier) || new.rank < 0 {
        return Err(Error::invalid("tier", "loyalty-tier"));
    }
    if new.valid_to < new.valid_from || new.valid_to > crate::ledger::NEVER {
        return Err(Error::invalid("valid_to", "loyalty-valid-to"));
    }
    if !is_code(&new.reason) || !new.detail.is_object() {
        return Err(Error::invalid("reason", "loyalty-reason"));
    }
    Ok(())
}
