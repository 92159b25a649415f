//! Limits as data: how much a member may do in how long, and how long a new nominee or device waits.
//! What goes beyond is refused or waits in the review queue.

use access::{Actor, Details, Target};
use chrono::{DateTime, Duration, Utc};
use store::{Tx, sql};
use uuid::Uuid;

use crate::liability::open_programmes;
use crate::{Error, Loyalty, MemberId, Result, permissions};

mod reviews;
#[cfg(test)]
mod tests;

pub use reviews::{Review, ReviewState};

crate::ledger::words!(
    /// What is limited.
    What {
        /// Redemptions, and the miles they take.
        Redemption = "redemption",
        /// Transfers to other members, and their miles.
        Transfer = "transfer",
        /// Nominees added.
        Nominee = "nominee",
        /// Flights claimed.
        Claim = "claim",
        /// No redemption within so many hours of a new nominee.
        NewNominee = "new-nominee",
        /// No redemption within so many hours of the first use of a device.
        NewDevice = "new-device",
    }
);

crate::ledger::words!(
    /// What becomes of what goes beyond a limit.
    Action {
        /// Refused.
        Refuse = "refuse",
        /// Waits until somebody decides.
        Review = "review",
    }
);

/// A limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Identity.
    pub id: Uuid,
    /// Code of the programme.
    pub programme: String,
    /// What is limited.
    pub what: What,
    /// The time looked back on.
    pub hours: i64,
    /// At most so many within it.
    pub most_count: Option<i64>,
    /// At most so much within it.
    pub most_amount: Option<i64>,
    /// What goes beyond.
    pub action: Action,
    /// From this moment on.
    pub valid_from: DateTime<Utc>,
    /// Until before this moment.
    pub valid_to: Option<DateTime<Utc>>,
}

/// What a member is about to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Redemption, transfer, nominee or claim.
    pub what: What,
    /// Miles; 0 for a nominee or a claim.
    pub amount: i64,
    /// Which: an order, a transfer. The same again is counted once.
    pub reference: String,
    /// Keyed hash of the device it is done from, when known.
    pub device: Option<Vec<u8>>,
}

impl Deed {
    pub(crate) fn nominee(reference: String) -> Self {
        Self { what: What::Nominee, amount: 0, reference, device: None }
    }
}

/// Whether it may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Yes. It has been counted.
    Allowed,
    /// Not before somebody has decided the review; it has been counted.
    Review(Uuid),
    /// No, by this limit. It has not been counted.
    Refused(Uuid),
}

impl Verdict {
    pub(crate) fn or_refused(self) -> Result<()> {
        match self {
            Self::Allowed | Self::Review(_) => Ok(()),
            Self::Refused(_) => Err(Error::Refused("loyalty-limit")),
        }
    }
}

type LimitRow = (
    Uuid,
    String,
    String,
    i64,
    Option<i64>,
    Option<i64>,
    String,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
);

fn limit(
    (id, programme, what, hours, most_count, most_amount, action, from, to): LimitRow,
) -> Result<Limit> {
    let (what, action) = (what.parse()?, action.parse()?);
    let (valid_from, valid_to) = (from, to);
    Ok(Limit { id, programme, what, hours, most_count, most_amount, action, valid_from, valid_to })
}

async fn limits_of(tx: &mut Tx, programme: &str) -> Result<Vec<Limit>> {
    let rows: Vec<LimitRow> = tx
        .all(
            sql("SELECT id, programme, what, hours, most_count, most_amount, action, valid_from,
                    valid_to FROM loyalty_limit WHERE programme = $1 ORDER BY id")
            .bind(programme),
        )
        .await?;
    rows.into_iter().map(limit).collect()
}

impl Loyalty {
    /// All limits of a programme, past ones too.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for a programme that is not open.
    pub async fn limits(&self, actor: &Actor, programme: &str) -> Result<Vec<Limit>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        if !open_programmes(&mut tx).await?.iter().any(|code| code == programme) {
            return Err(Error::NotFound("programme"));
        }
        limits_of(&mut tx, programme).await
    }

    /// Sets a limit. Those before stay; the strictest counts. Again with its id nothing is added.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] naming `programme`, `hours` (1–87,600) or `most_count` (a limit
    /// needs a count or an amount, none below zero; waiting needs neither).
    pub async fn add_limit(&self, actor: &Actor, limit: &Limit) -> Result<()> {
        actor.may(permissions::LIMITS)?;
        if !(1..=87_600).contains(&limit.hours) {
            return Err(Error::invalid("hours", "loyalty-hours"));
        }
        let most = [limit.most_count, limit.most_amount];
        let waits = matches!(limit.what, What::NewNominee | What::NewDevice);
        let bounded = most.iter().any(Option::is_some);
        if waits == bounded || most.iter().flatten().any(|most| *most < 0) {
            return Err(Error::invalid("most_count", "loyalty-most"));
        }
        let mut tx = self.db().begin().await?;
        if !open_programmes(&mut tx).await?.contains(&limit.programme) {
            return Err(Error::invalid("programme", "loyalty-programme"));
        }
        let added = tx.exec(
            sql("INSERT INTO loyalty_limit (id, programme, what, hours, most_count, most_amount,
                    action, valid_from, valid_to, made_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 ON CONFLICT (id) DO NOTHING")
            .bind(limit.id)
            .bind(&limit.programme)
            .bind(limit.what.as_str())
            .bind(limit.hours)
            .bind(limit.most_count)
            .bind(limit.most_amount)
            .bind(limit.action.as_str())
            .bind(limit.valid_from)
            .bind(limit.valid_to)
            .bind(actor.id),
        )
        .await?;
        if added == 0 {
            return Ok(());
        }
        let target = Target::new("limit", limit.id);
        let details = Details::new().code("what", limit.what.as_str());
        self.access().record(&mut tx, actor, "loyalty.limit-set", &target, details).await?;
        Ok(tx.commit().await?)
    }

    /// Ends a limit now. False when it had ended.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`].
    pub async fn end_limit(&self, actor: &Actor, id: Uuid) -> Result<bool> {
        actor.may(permissions::LIMITS)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let known = sql("SELECT valid_to FROM loyalty_limit WHERE id = $1");
        let known: Option<(Option<DateTime<Utc>>,)> = tx.maybe(known.bind(id)).await?;
        let Some((valid_to,)) = known else { return Err(Error::NotFound("limit")) };
        if valid_to.is_some_and(|to| to <= now) {
            return Ok(false);
        }
        let end = sql("UPDATE loyalty_limit SET valid_to = $2 WHERE id = $1");
        tx.exec(end.bind(id).bind(now)).await?;
        let target = Target::new("limit", id);
        self.access()
            .record(&mut tx, actor, "loyalty.limit-ended", &target, Details::new())
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes a device by its keyed hash. Returns when it was first seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_device(
        &self,
        tx: &mut Tx,
        member: MemberId,
        hash: &[u8],
    ) -> Result<DateTime<Utc>> {
        tx.exec(
            sql("INSERT INTO loyalty_device (member_id, hash, first_seen_at) VALUES ($1, $2, $3)
                 ON CONFLICT (member_id, hash) DO NOTHING")
            .bind(member.uuid())
            .bind(hash.to_vec())
            .bind(self.now()),
        )
        .await?;
        Ok(tx
            .value(
                sql("SELECT first_seen_at FROM loyalty_device WHERE member_id = $1 AND hash = $2")
                    .bind(member.uuid())
                    .bind(hash.to_vec()),
            )
            .await?)
    }

    /// Asks the limits whether a member may do something, and counts it. To be called in the
    /// transaction that does it, before it is done; the member is held until its end, so that two
    /// at once are not both the last that was allowed. The strictest limit decides: refusal before
    /// review. A deed whose review was cleared may be done.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for a member that is merged or forgotten.
    pub async fn permit_in(&self, tx: &mut Tx, member: MemberId, deed: &Deed) -> Result<Verdict> {
        let held = crate::members::hold(tx, member).await?;
        let now = self.now();
        let known: Option<(Uuid, String)> = tx
            .maybe(
                sql("SELECT id, state FROM loyalty_review
                     WHERE member_id = $1 AND what = $2 AND reference = $3
                     ORDER BY raised_at DESC, id DESC LIMIT 1")
                .bind(member.uuid())
                .bind(deed.what.as_str())
                .bind(&deed.reference),
            )
            .await?;
        if let Some((id, state)) = known {
            return Ok(match state.parse()? {
                ReviewState::Cleared => Verdict::Allowed,
                ReviewState::Open => Verdict::Review(id),
                ReviewState::Confirmed => Verdict::Refused(id),
            });
        }
        let device_since = match &deed.device {
            Some(hash) => Some(self.note_device(tx, member, hash).await?),
            None => None,
        };
        let mut beyond: Option<Limit> = None;
        for limit in limits_of(tx, &held.programme).await? {
            let valid = limit.valid_from <= now && limit.valid_to.is_none_or(|to| now < to);
            if !valid || !self.is_beyond(tx, member, deed, &limit, device_since).await? {
                continue;
            }
            if limit.action == Action::Refuse {
                return Ok(Verdict::Refused(limit.id));
            }
            beyond = Some(limit);
        }
        self.count(tx, member, deed).await?;
        match beyond {
            None => Ok(Verdict::Allowed),
            Some(limit) => Ok(Verdict::Review(self.raise(tx, member, deed, limit.id).await?)),
        }
    }

    async fn is_beyond(
        &self,
        tx: &mut Tx,
        member: MemberId,
        deed: &Deed,
        limit: &Limit,
        device_since: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        let since = self.now() - Duration::hours(limit.hours);
        let spends = deed.what == What::Redemption;
        match limit.what {
            What::NewDevice => Ok(spends && device_since.is_some_and(|seen| seen > since)),
            What::NewNominee => {
                let added: i64 = tx
                    .value(
                        sql("SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_nominee
                             WHERE member_id = $1 AND added_at > $2 AND removed_at IS NULL")
                        .bind(member.uuid())
                        .bind(since),
                    )
                    .await?;
                Ok(spends && added > 0)
            }
            what if what == deed.what => {
                let (count, amount): (i64, i64) = tx
                    .one(
                        sql("SELECT CAST(COUNT(*) AS BIGINT),
                                COALESCE(CAST(SUM(amount) AS BIGINT), 0)
                             FROM loyalty_deed
                             WHERE member_id = $1 AND what = $2 AND at > $3 AND reference <> $4")
                        .bind(member.uuid())
                        .bind(deed.what.as_str())
                        .bind(since)
                        .bind(&deed.reference),
                    )
                    .await?;
                let total = amount.saturating_add(deed.amount);
                Ok(limit.most_count.is_some_and(|most| count + 1 > most)
                    || limit.most_amount.is_some_and(|most| total > most))
            }
            _ => Ok(false),
        }
    }

    async fn count(&self, tx: &mut Tx, member: MemberId, deed: &Deed) -> Result<()> {
        tx.exec(
            sql("INSERT INTO loyalty_deed (id, member_id, what, at, amount, reference)
                 SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM loyalty_deed d
                    WHERE d.member_id = $2 AND d.what = $3 AND d.reference = $6)")
            .bind(kernel::ids::v7(self.now()))
            .bind(member.uuid())
            .bind(deed.what.as_str())
            .bind(self.now())
            .bind(deed.amount)
            .bind(&deed.reference),
        )
        .await?;
        Ok(())
    }
}
