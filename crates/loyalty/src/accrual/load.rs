//! Everything a batch of facts rests on, in some twenty statements however long it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use programme::Measure;
use programme::document::Row as _;
use sqlx::types::Json;
use store::{Col, Row, Tx, Value};
use uuid::Uuid;

use super::measure::unit;
use super::{FlownFact, KEPT, Kept, KeptRow};
use crate::ledger::{AccountId, Book, Role, TransferId, Unit};
use crate::members::TierRow;
use crate::members::tiers::rows_of;
use crate::programmes::Timeline;
use crate::promotions::{Registrations, registering};
use crate::{Error, Loyalty, MemberId, Result};

/// A member as far as accrual asks.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub programme: String,
    pub number: String,
    /// The member this one was merged into, in the end; itself otherwise.
    pub root: MemberId,
    pub birth_date: Option<NaiveDate>,
    pub joined_on: NaiveDate,
    pub accounts: HashMap<Unit, AccountId>,
    /// What can be taken from the account of miles.
    pub spendable: i64,
    /// The segment that was the first.
    pub first: Option<String>,
}

/// What a batch rests on, moved along from fact to fact.
pub(super) struct State {
    pub loyalty: Loyalty,
    pub today: NaiveDate,
    pub kept: HashMap<String, Kept>,
    pub members: HashMap<MemberId, Who>,
    pub tiers: HashMap<MemberId, Vec<TierRow>>,
    pub timelines: HashMap<String, Timeline>,
    pub issuance: HashMap<Book, AccountId>,
    /// What of a standing transfer can still be reversed.
    pub reversible: HashMap<TransferId, i64>,
    /// By programme, promotion and member; of everybody under the nil id.
    pub uses: HashMap<(String, String, Uuid), i64>,
    /// Promotions that were registered for, by the member that answers.
    pub registered: Registrations,
}

#[derive(sqlx::FromRow)]
struct WhoRow {
    id: Uuid,
    programme: String,
    member_no: String,
    enrolled_at: DateTime<Utc>,
    merged_into: Option<Uuid>,
    birth_date: Option<NaiveDate>,
}

const ID: &[Col] = &[Col::uuid("id")];

fn ids<T: Copy + Into<Uuid>>(of: impl IntoIterator<Item = T>) -> Vec<Vec<Value>> {
    of.into_iter().map(|id| vec![Into::<Uuid>::into(id).into()]).collect()
}

async fn read<T: Row>(tx: &mut Tx, rows: Vec<Vec<Value>>, statement: &str) -> Result<Vec<T>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(tx.with_rows_all(ID, rows, statement).await?)
}

/// What was derived before, locked where there is more than one writer.
pub(super) async fn kept(
    tx: &mut Tx,
    keys: impl Iterator<Item = &str>,
    to_write: bool,
) -> Result<HashMap<String, Kept>> {
    let rows: Vec<Vec<Value>> = keys.map(|key| vec![key.into()]).collect();
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let lock = if to_write && matches!(tx, Tx::Postgres(_)) { " FOR UPDATE" } else { "" };
    let statement = format!(
        "SELECT {KEPT} FROM loyalty_accrual a WHERE a.key IN (SELECT key FROM input)
         ORDER BY a.key{lock}"
    );
    let found: Vec<KeptRow> = tx.with_rows_all(&[Col::text("key")], rows, &statement).await?;
    let kept = found.into_iter().map(|row| Kept::try_from(row).map(|it| (it.key.clone(), it)));
    kept.collect()
}

/// Puts the arithmetic where a transfer carries it.
pub(super) async fn arithmetic(
    tx: &mut Tx,
    kept: impl Iterator<Item = &mut Kept> + Send,
) -> Result<()> {
    let mut told: HashMap<Uuid, &mut Kept> =
        kept.filter_map(|one| Some((one.told_by?.uuid(), one))).collect();
    let found: Vec<(Uuid, Json<serde_json::Value>)> = read(
        tx,
        ids(told.keys().copied()),
        "SELECT t.id, t.explanation FROM input JOIN ledger_transfer t ON t.id = input.id",
    )
    .await?;
    for (id, Json(mut said)) in found {
        if let (Some(kept), Some(accrued)) = (told.get_mut(&id), said.get_mut("accrued")) {
            kept.accrued = Some(serde_json::from_value(accrued.take())?);
        }
    }
    Ok(())
}

impl Loyalty {
    /// Reads what the facts rest on.
    pub(super) async fn load_state(&self, tx: &mut Tx, facts: &[&FlownFact]) -> Result<State> {
        let keys: BTreeSet<&str> = facts.iter().map(|fact| fact.key.as_str()).collect();
        let kept = kept(tx, keys.into_iter(), true).await?;
        let standing = || kept.values().flat_map(|kept| &kept.postings);
        let mut wanted: BTreeSet<MemberId> = facts.iter().filter_map(|fact| fact.member).collect();
        wanted.extend(standing().map(|one| one.member));
        let corrected: BTreeSet<MemberId> = standing().map(|one| one.member).collect();
        // Members before accounts, as everybody else who changes them.
        lock_members(tx, &wanted).await?;
        let transfers: Vec<TransferId> = standing().map(|one| one.transfer).collect();
        let mut state = State {
            loyalty: self.clone(),
            today: self.today(),
            kept,
            members: self.whose(tx, &wanted).await?,
            tiers: HashMap::new(),
            timelines: HashMap::new(),
            issuance: HashMap::new(),
            reversible: reversible(tx, &transfers, self.today()).await?,
            uses: HashMap::new(),
            registered: Registrations::new(),
        };
        self.books_of(tx, &mut state).await?;
        expired(tx, &mut state, &corrected).await?;
        firsts(tx, &mut state).await?;
        let roots: BTreeSet<MemberId> = state.members.values().map(|who| who.root).collect();
        let registers = state.timelines.values().any(|timeline| registering(timeline.engines()));
        if registers {
            state.registered = self.registrations(tx, &roots).await?;
        }
        state.tiers = rows_of(tx, ids(roots)).await?;
        uses(tx, &mut state).await?;
        Ok(state)
    }

    /// The members, and whom they were merged into.
    async fn whose(
        &self,
        tx: &mut Tx,
        wanted: &BTreeSet<MemberId>,
    ) -> Result<HashMap<MemberId, Who>> {
        let mut rows: BTreeMap<Uuid, WhoRow> = BTreeMap::new();
        let mut missing: BTreeSet<Uuid> = wanted.iter().map(|id| id.uuid()).collect();
        while !missing.is_empty() {
            let found: Vec<WhoRow> = read(
                tx,
                ids(missing),
                "SELECT m.id, m.programme, m.member_no, m.enrolled_at, m.merged_into, c.birth_date
                 FROM input JOIN loyalty_member m ON m.id = input.id
                 LEFT JOIN customer c ON c.id = m.customer_id",
            )
            .await?;
            rows.extend(found.into_iter().map(|row| (row.id, row)));
            let into = rows.values().filter_map(|row| row.merged_into);
            missing = into.filter(|id| !rows.contains_key(id)).collect();
        }
        let root = |id: Uuid| {
            let mut at = id;
            for _ in 0..rows.len() {
                match rows.get(&at).and_then(|row| row.merged_into) {
                    Some(into) => at = into,
                    None => break,
                }
            }
            at
        };
        let members = rows.iter().map(|(id, row)| {
            let who = Who {
                programme: row.programme.clone(),
                number: row.member_no.clone(),
                root: root(*id).into(),
                birth_date: row.birth_date,
                joined_on: self.day_of(row.enrolled_at),
                accounts: HashMap::new(),
                spendable: 0,
                first: None,
            };
            (MemberId::from(*id), who)
        });
        Ok(members.collect())
    }

    /// Accounts, rules and issuance of the members' programmes.
    async fn books_of(&self, tx: &mut Tx, state: &mut State) -> Result<()> {
        accounts(tx, state).await?;
        let mut incomplete: BTreeMap<String, Vec<MemberId>> = BTreeMap::new();
        for (id, who) in &state.members {
            if who.accounts.len() < Unit::ALL.len() {
                incomplete.entry(who.programme.clone()).or_default().push(*id);
            }
        }
        let programmes: BTreeSet<String> =
            state.members.values().map(|who| who.programme.clone()).collect();
        for programme in programmes {
            let timeline = self.timeline(tx, &programme).await?;
            if !timeline.is_empty() {
                for measure in Measure::ALL {
                    let book = Book::new(&programme, unit(measure));
                    let issuance = self.ledger().role(tx, &book, Role::Issuance, "").await?;
                    state.issuance.insert(book, issuance);
                }
                if let Some(members) = incomplete.get(&programme) {
                    self.ledger().open_members(tx, members, &programme).await?;
                }
            }
            state.timelines.insert(programme, timeline);
        }
        if !incomplete.is_empty() {
            accounts(tx, state).await?;
        }
        Ok(())
    }
}

async fn lock_members(tx: &mut Tx, which: &BTreeSet<MemberId>) -> Result<()> {
    if matches!(tx, Tx::Postgres(_)) {
        let statement = "SELECT m.id FROM loyalty_member m WHERE m.id IN (SELECT id FROM input)
             ORDER BY m.id FOR NO KEY UPDATE";
        let _: Vec<(Uuid,)> = read(tx, ids(which.iter().copied()), statement).await?;
    }
    Ok(())
}

async fn accounts(tx: &mut Tx, state: &mut State) -> Result<()> {
    let found: Vec<(Uuid, Uuid, String, String, i64)> = read(
        tx,
        ids(state.members.keys().copied()),
        "SELECT a.id, a.owner_id, a.programme, a.unit, a.balance
         FROM input JOIN ledger_account a ON a.owner_id = input.id",
    )
    .await?;
    for (id, owner, programme, unit, balance) in found {
        let unit: Unit = unit.parse()?;
        let who = state.members.get_mut(&owner.into()).filter(|who| who.programme == programme);
        let Some(who) = who else { continue };
        who.accounts.insert(unit, id.into());
        if unit == Unit::Miles {
            who.spendable = balance;
        }
    }
    Ok(())
}

/// Miles that have expired and wait to be booked out cannot be taken back.
async fn expired(tx: &mut Tx, state: &mut State, members: &BTreeSet<MemberId>) -> Result<()> {
    let rows: Vec<Vec<Value>> = members
        .iter()
        .filter_map(|id| Some((id, state.members.get(id)?.accounts.get(&Unit::Miles)?)))
        .map(|(id, account)| vec![id.uuid().into(), account.uuid().into(), state.today.into()])
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let found: Vec<(Uuid, i64)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::uuid("account"), Col::date("today")],
            rows,
            "SELECT input.id, CAST(SUM(l.remaining) AS BIGINT)
             FROM input JOIN ledger_lot l ON l.account_id = input.account
             WHERE l.remaining > 0 AND l.expires_on < input.today GROUP BY input.id",
        )
        .await?;
    for (id, gone) in found {
        if let Some(who) = state.members.get_mut(&id.into()) {
            who.spendable -= gone;
        }
    }
    Ok(())
}

/// What was neither reversed nor expired of each transfer.
async fn reversible(
    tx: &mut Tx,
    transfers: &[TransferId],
    today: NaiveDate,
) -> Result<HashMap<TransferId, i64>> {
    if transfers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = transfers.iter().map(|id| vec![id.uuid().into(), today.into()]).collect();
    let found: Vec<(Uuid, i64, i64, i64)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::date("today")],
            rows,
            "SELECT input.id, t.amount,
                COALESCE((SELECT CAST(SUM(r.amount) AS BIGINT) FROM ledger_transfer r
                    WHERE r.about_id = input.id AND r.kind = 'reverse'), 0),
                CAST(COALESCE((SELECT l.expired
                        + CASE WHEN l.expires_on < input.today THEN l.remaining ELSE 0 END
                    FROM ledger_lot l WHERE l.id = input.id), 0) AS BIGINT)
             FROM input JOIN ledger_transfer t ON t.id = input.id",
        )
        .await?;
    let left = |(id, amount, reversed, gone): (Uuid, i64, i64, i64)| {
        (id.into(), (amount - reversed - gone).max(0))
    };
    Ok(found.into_iter().map(left).collect())
}

async fn firsts(tx: &mut Tx, state: &mut State) -> Result<()> {
    let found: Vec<(Uuid, String)> = read(
        tx,
        ids(state.members.keys().copied()),
        "SELECT a.member_id, a.key FROM input
         JOIN loyalty_accrual a ON a.member_id = input.id AND a.is_first",
    )
    .await?;
    for (id, key) in found {
        if let Some(who) = state.members.get_mut(&id.into()) {
            who.first = Some(key);
        }
    }
    Ok(())
}

/// What promotions gave to the members; of those with a budget also what they gave to everybody,
/// locked, so that two batches do not spend the same.
async fn uses(tx: &mut Tx, state: &mut State) -> Result<()> {
    let mut rows: Vec<Vec<Value>> = ids(state.members.keys().copied());
    let mut budgets: BTreeSet<(String, String)> = BTreeSet::new();
    for (programme, timeline) in &state.timelines {
        for engine in timeline.engines() {
            let promotions = &engine.programme().accrual.promotions;
            let limited = promotions.iter().filter(|row| row.budget.is_some());
            budgets.extend(limited.map(|row| (programme.clone(), row.id().to_string())));
        }
    }
    if !budgets.is_empty() {
        rows.push(vec![Uuid::nil().into()]);
        let columns = [
            Col::text("programme"),
            Col::text("promotion"),
            Col::uuid("member_id"),
            Col::i64("miles"),
        ];
        let new = budgets.into_iter();
        let new = new.map(|(p, row)| vec![p.into(), row.into(), Uuid::nil().into(), 0_i64.into()]);
        // Written, so that it is locked on either engine.
        tx.bulk(
            "loyalty_promotion_use",
            &columns,
            new.collect(),
            "ON CONFLICT (programme, promotion, member_id)
             DO UPDATE SET miles = loyalty_promotion_use.miles",
        )
        .await?;
    }
    let found: Vec<(String, String, Uuid, i64)> = read(
        tx,
        rows,
        "SELECT u.programme, u.promotion, u.member_id, u.miles
         FROM input JOIN loyalty_promotion_use u ON u.member_id = input.id",
    )
    .await?;
    let found = found.into_iter().map(|(p, row, member, miles)| ((p, row, member), miles));
    state.uses.extend(found);
    Ok(())
}

impl State {
    /// The account of a member in a unit.
    pub fn account(&self, member: MemberId, unit: Unit) -> Result<AccountId> {
        let who = self.members.get(&member).ok_or(Error::NotFound("member"))?;
        who.accounts.get(&unit).copied().ok_or(Error::NotFound("account"))
    }
}
