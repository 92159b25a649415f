//! Tiers by rule: decided as soon as a member earns, and every night.
//!
//! A member's days are decided in order, each once; up to which is kept. Today is looked at as often
//! as the member earns, for upgrades; the last day of a tier is decided when it is over. The night
//! looks only at those for whom something may have changed without their flying (`due`).

mod due;
mod outlook;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Period;
use programme::Amounts;
use programme::document::Programme;
use programme::qualify::{Activity, Decision, Kind, Scratch, Standing};
use serde_json::json;
use store::{Col, Row, Tx, Value, sql};
use uuid::Uuid;

pub use outlook::{Outlook, Sight};

use crate::ledger::NEVER;
use crate::members::tiers::rows_of;
use crate::members::{NewTier, TierRow};
use crate::programmes::Timeline;
use crate::{Loyalty, MemberId, Result};

/// Members in one transaction.
const CHUNK: i64 = 2_000;

/// A member whose tier is to be decided.
struct Subject {
    id: MemberId,
    programme: String,
    joined_on: NaiveDate,
    birth_date: Option<NaiveDate>,
    /// Decided up to and with this day.
    decided: Option<NaiveDate>,
    /// As it is written: up to which day, and when to look again.
    kept: (Option<NaiveDate>, Option<NaiveDate>),
    /// Newest first.
    tiers: Vec<TierRow>,
    activity: Vec<Activity>,
}

/// What was decided of a member.
struct Decided {
    tiers: Vec<NewTier>,
    /// Up to and with this day.
    to: NaiveDate,
    /// When to look again.
    next_on: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    id: Uuid,
    programme: String,
    enrolled_at: DateTime<Utc>,
    birth_date: Option<NaiveDate>,
    evaluated_to: Option<NaiveDate>,
    next_on: Option<NaiveDate>,
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

impl Subject {
    /// The tier by rule, as rules of a version see it.
    fn standing(&self, rules: &Programme) -> Standing {
        let begin = Standing { birth_date: self.birth_date, ..Standing::new(self.joined_on) };
        let Some(row) = self.tiers.iter().find(|row| !row.is_by_hand) else { return begin };
        Standing {
            tier: rules.rank(&row.tier).unwrap_or_default(),
            since: row.valid_from,
            valid_to: (row.valid_to < NEVER).then_some(row.valid_to),
            ..begin
        }
    }

    /// What the days up to `today` decide.
    fn decide(&self, timeline: &Timeline, today: NaiveDate, room: &mut Scratch) -> Decided {
        let over = today.pred_opt().unwrap_or(today);
        let from = self.decided.and_then(|day| day.succ_opt()).unwrap_or(self.joined_on);
        // After a clock was set back there is nothing to decide until the first open day.
        let open = Some(from).filter(|from| *from > today);
        let (mut tiers, mut next_on) = (Vec::new(), open.or_else(|| timeline.after(today)));
        let mut at: Option<(String, Standing)> = None;
        for (part, engine) in timeline.parts(Period { from, to: today }) {
            let rules = engine.programme();
            let mut standing = match &at {
                Some((code, standing)) => {
                    Standing { tier: rules.rank(code).unwrap_or_default(), ..*standing }
                }
                None => self.standing(rules),
            };
            let mut found = Vec::new();
            let before = Period { from: part.from, to: part.to.min(over) };
            if before.from <= before.to {
                engine.evaluate(&mut standing, &self.activity, before, room, &mut found);
            }
            // A last day is decided when it is over: until then something may still come in.
            let open = standing.valid_to.is_none_or(|last| last != today);
            if part.to == today && open {
                let now = Period { from: today.max(part.from), to: today };
                engine.evaluate(&mut standing, &self.activity, now, room, &mut found);
            }
            if part.to == today {
                let look = engine.next_look(&standing, &self.activity, today);
                next_on = look.into_iter().chain(next_on).min();
            }
            let code = rules.tier(standing.tier).map(|tier| tier.code.to_string());
            at = Some((code.unwrap_or_default(), standing));
            tiers.extend(found.iter().filter_map(|one| self.row(rules, one)));
        }
        let to = over.max(self.decided.unwrap_or(over));
        Decided { tiers, to, next_on: next_on.unwrap_or(NEVER) }
    }

    fn row(&self, rules: &Programme, decision: &Decision) -> Option<NewTier> {
        let reason = match decision.kind {
            Kind::Upgrade => "upgrade",
            Kind::Lifetime => "lifetime",
            Kind::Renew => "renewal",
            Kind::SoftLanding => "soft-landing",
            Kind::Downgrade => "downgrade",
            Kind::Keep => return None,
        };
        Some(NewTier {
            member: self.id,
            tier: rules.tier(decision.to)?.code.to_string(),
            rank: i64::from(decision.to.0),
            valid_from: decision.effective,
            valid_to: decision.valid_to.unwrap_or(NEVER),
            reason: reason.to_owned(),
            detail: json!({"version": rules.version, "decision": decision}),
        })
    }
}

impl Loyalty {
    /// Decides the tiers of these members as of now; of one that was merged, of the member it was
    /// merged into. Returns how many rows were written.
    pub(crate) async fn evaluate_now(
        &self,
        tx: &mut Tx,
        members: &BTreeSet<MemberId>,
    ) -> Result<usize> {
        if members.is_empty() {
            return Ok(0);
        }
        let roots = hold(tx, members.clone()).await?;
        let subjects = self.subjects(tx, roots).await?;
        self.decide_all(tx, &subjects, self.today()).await
    }

    /// Decides the tiers of all members up to and with yesterday. By state alone: whoever is decided
    /// is not looked at again, so that a killed or repeated run ends at the same. Returns members
    /// looked at and rows written.
    ///
    /// # Errors
    /// When the database fails: what was decided stays.
    pub async fn evaluate_tiers(&self) -> Result<(u64, u64)> {
        let night = self.begin_night().await?;
        let (mut looked, mut written, mut after) = (0, 0, None);
        while let Some(page) = self.evaluate_page(after).await? {
            looked += page.looked;
            written += page.written;
            after = Some(page.last);
        }
        self.end_night(night).await?;
        Ok((looked, written))
    }

    /// The next members after a place whose days are not decided; `None` at the end.
    pub(crate) async fn evaluate_page(&self, after: Option<Uuid>) -> Result<Option<Page>> {
        let Some(over) = self.today().pred_opt() else { return Ok(None) };
        let mut tx = self.db().begin().await?;
        let due: Vec<Uuid> = tx
            .values(
                sql("SELECT m.id FROM loyalty_member m
                     LEFT JOIN loyalty_evaluation e ON e.member_id = m.id
                     WHERE m.id > $1 AND m.merged_into IS NULL AND m.forgotten_at IS NULL
                       AND (e.evaluated_to IS NULL OR e.evaluated_to < $2)
                       AND (e.next_on IS NULL OR e.next_on <= $3 OR e.evaluated_to < $4)
                     ORDER BY m.id LIMIT $5")
                .bind(after.unwrap_or(Uuid::nil()))
                .bind(over)
                .bind(self.today())
                .bind(over - due::AT_LEAST_EVERY)
                .bind(CHUNK),
            )
            .await?;
        let Some(last) = due.last().copied() else { return Ok(None) };
        let members: BTreeSet<MemberId> = due.iter().map(|id| MemberId::from(*id)).collect();
        let members = hold(&mut tx, members).await?;
        let subjects = self.subjects(&mut tx, members).await?;
        let written = self.decide_all(&mut tx, &subjects, self.today()).await?;
        tx.commit().await?;
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Ok(Some(Page { last, looked: count(due.len()), written: count(written) }))
    }

    async fn decide_all(
        &self,
        tx: &mut Tx,
        subjects: &[Subject],
        today: NaiveDate,
    ) -> Result<usize> {
        let mut timelines: HashMap<&str, Timeline> = HashMap::new();
        let (mut new, mut decided, mut room) = (Vec::new(), Vec::new(), Scratch::default());
        for subject in subjects {
            if !timelines.contains_key(subject.programme.as_str()) {
                let timeline = self.timeline(tx, &subject.programme).await?;
                timelines.insert(&subject.programme, timeline);
            }
            let Some(timeline) = timelines.get(subject.programme.as_str()) else { continue };
            // Without rules nothing is decided: they may be approved for past days.
            if timeline.is_empty() {
                continue;
            }
            let Decided { tiers, to, next_on } = subject.decide(timeline, today, &mut room);
            new.extend(tiers);
            if (Some(to), Some(next_on)) != subject.kept {
                decided.push(vec![subject.id.uuid().into(), to.into(), next_on.into()]);
            }
        }
        if !new.is_empty() {
            self.put_tiers(tx, &new).await?;
        }
        if !decided.is_empty() {
            tx.bulk(
                "loyalty_evaluation",
                &[Col::uuid("member_id"), Col::date("evaluated_to"), Col::date("next_on")],
                decided,
                "ON CONFLICT (member_id) DO UPDATE
                 SET evaluated_to = excluded.evaluated_to, next_on = excluded.next_on",
            )
            .await?;
        }
        Ok(new.len())
    }

    /// The members, with what was flown on memberships merged into them.
    async fn subjects(&self, tx: &mut Tx, members: BTreeSet<MemberId>) -> Result<Vec<Subject>> {
        let roots = up(tx, members).await?;
        let rows: Vec<SubjectRow> = read(
            tx,
            ids(roots.iter().copied()),
            "SELECT m.id, m.programme, m.enrolled_at, c.birth_date, e.evaluated_to, e.next_on
             FROM input JOIN loyalty_member m ON m.id = input.id
             LEFT JOIN customer c ON c.id = m.customer_id
             LEFT JOIN loyalty_evaluation e ON e.member_id = m.id ORDER BY m.id",
        )
        .await?;
        let mut tiers = rows_of(tx, ids(roots.iter().copied())).await?;
        let groups = down(tx, &roots).await?;
        let mut activity = flown(tx, &groups).await?;
        let night = due::night(tx).await?;
        let subjects = rows.into_iter().map(|row| Subject {
            id: row.id.into(),
            programme: row.programme,
            joined_on: self.day_of(row.enrolled_at),
            birth_date: row.birth_date,
            decided: due::decided(row.evaluated_to, row.next_on, night),
            kept: (row.evaluated_to, row.next_on),
            tiers: tiers.remove(&row.id.into()).unwrap_or_default(),
            activity: activity.remove(&row.id.into()).unwrap_or_default(),
        });
        Ok(subjects.collect())
    }
}

/// What a page of the nightly run came to.
pub(crate) struct Page {
    pub last: Uuid,
    pub looked: u64,
    pub written: u64,
}

/// Whom the members were merged into, held until the end of the transaction: two who decide about
/// one would both write.
async fn hold(tx: &mut Tx, members: BTreeSet<MemberId>) -> Result<BTreeSet<MemberId>> {
    let roots = up(tx, members).await?;
    if matches!(tx, Tx::Postgres(_)) {
        let statement = "SELECT m.id FROM loyalty_member m WHERE m.id IN (SELECT id FROM input)
             ORDER BY m.id FOR NO KEY UPDATE";
        let _: Vec<(Uuid,)> = read(tx, ids(roots.iter().copied()), statement).await?;
    }
    Ok(roots)
}

/// Whom the members were merged into, in the end.
pub(crate) async fn up(tx: &mut Tx, mut members: BTreeSet<MemberId>) -> Result<BTreeSet<MemberId>> {
    loop {
        let moved: Vec<(Uuid, Uuid)> = read(
            tx,
            ids(members.iter().copied()),
            "SELECT m.id, m.merged_into FROM input JOIN loyalty_member m ON m.id = input.id
             WHERE m.merged_into IS NOT NULL",
        )
        .await?;
        if moved.is_empty() {
            return Ok(members);
        }
        for (from, into) in moved {
            members.remove(&from.into());
            members.insert(into.into());
        }
    }
}

/// Every membership that counts for one of the roots, with that root.
pub(crate) async fn down(
    tx: &mut Tx,
    roots: &BTreeSet<MemberId>,
) -> Result<HashMap<MemberId, MemberId>> {
    let mut all: HashMap<MemberId, MemberId> = roots.iter().map(|id| (*id, *id)).collect();
    let mut level: Vec<MemberId> = roots.iter().copied().collect();
    while !level.is_empty() {
        let found: Vec<(Uuid, Uuid)> = read(
            tx,
            ids(level),
            "SELECT m.id, m.merged_into FROM input JOIN loyalty_member m
             ON m.merged_into = input.id",
        )
        .await?;
        level = Vec::new();
        for (from, into) in found {
            if let Some(root) = all.get(&into.into()).copied()
                && all.insert(from.into(), root).is_none()
            {
                level.push(from.into());
            }
        }
    }
    Ok(all)
}

#[derive(sqlx::FromRow)]
struct FlownRow {
    member_id: Uuid,
    flown_on: NaiveDate,
    posted_on: NaiveDate,
    distance: i64,
    segments: i64,
    spend: i64,
    lifetime: i64,
}

async fn flown(
    tx: &mut Tx,
    groups: &HashMap<MemberId, MemberId>,
) -> Result<HashMap<MemberId, Vec<Activity>>> {
    let rows: Vec<FlownRow> = read(
        tx,
        ids(groups.keys().copied()),
        "SELECT v.member_id, v.flown_on, v.posted_on, v.distance, v.segments, v.spend, v.lifetime
         FROM input JOIN loyalty_activity v ON v.member_id = input.id ORDER BY v.flown_on",
    )
    .await?;
    let mut all: HashMap<MemberId, Vec<Activity>> = HashMap::new();
    for row in rows {
        let Some(root) = groups.get(&row.member_id.into()) else { continue };
        let (distance, segments) = (row.distance, row.segments);
        let (spend, lifetime) = (row.spend, row.lifetime);
        let amounts = Amounts { distance, segments, spend, lifetime };
        let (on, posted) = (row.flown_on, row.posted_on);
        all.entry(*root).or_default().push(Activity { on, posted, amounts });
    }
    Ok(all)
}
