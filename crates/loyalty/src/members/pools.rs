//! Family pools: members give a share of what they earn to a head.
//!
//! What was given stays with the head. Who leaves may join another pool only after a while; when the
//! head leaves, the pool ends for all. A child joins with its guardian's pool only.

use access::{Actor, Details};
use chrono::{DateTime, Duration, Utc};
use kernel::Outcome;
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::{MemberKind, hold};
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

/// A pool as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Identity.
    pub id: Uuid,
    /// Head and members, in the order they joined.
    pub members: Vec<PoolMember>,
}

/// Somebody in a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolMember {
    /// Who.
    pub member: MemberId,
    /// Whether it gets what the others give.
    pub is_head: bool,
    /// Per cent of what it earns that goes to the head.
    pub percent: i64,
    /// When it joined.
    pub joined_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    pool_id: Uuid,
    member_id: Uuid,
    is_head: bool,
    percent: i64,
    joined_at: DateTime<Utc>,
}

async fn pool_of(tx: &mut Tx, member: MemberId) -> Result<Option<Pool>> {
    let rows: Vec<Row> = tx
        .all(
            sql("SELECT p.pool_id, p.member_id, p.is_head, p.percent, p.joined_at
                 FROM loyalty_pool own JOIN loyalty_pool p ON p.pool_id = own.pool_id
                 WHERE own.member_id = $1 AND own.left_at IS NULL AND p.left_at IS NULL
                 ORDER BY p.joined_at, p.id")
            .bind(member.uuid()),
        )
        .await?;
    let Some(id) = rows.first().map(|row| row.pool_id) else { return Ok(None) };
    let members = rows.into_iter().map(|row| PoolMember {
        member: row.member_id.into(),
        is_head: row.is_head,
        percent: row.percent,
        joined_at: row.joined_at,
    });
    Ok(Some(Pool { id, members: members.collect() }))
}

impl Loyalty {
    /// The pool a member is in.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn pool(&self, actor: &Actor, member: MemberId) -> Result<Option<Pool>> {
        actor.may(permissions::READ)?;
        pool_of(&mut self.db().read().await?, member).await
    }

    /// To whom a share of what a member earns goes, and how many per cent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool_share(
        &self,
        tx: &mut Tx,
        member: MemberId,
    ) -> Result<Option<(MemberId, i64)>> {
        let Some(pool) = pool_of(tx, member).await? else { return Ok(None) };
        let own = pool.members.iter().find(|one| one.member == member && !one.is_head);
        let head = pool.members.iter().find(|one| one.is_head);
        let (Some(own), Some(head)) = (own, head) else { return Ok(None) };
        Ok((own.percent > 0).then_some((head.member, own.percent)))
    }

    /// Opens a pool with a member as its head.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `loyalty-pool-child`,
    /// `loyalty-pool-already`, `loyalty-pool-too-soon`.
    pub async fn open_pool(&self, actor: &Actor, head: MemberId) -> Result<Uuid> {
        actor.may(permissions::EDIT)?;
        let mut tx = self.db().begin().await?;
        if hold(&mut tx, head).await?.kind == MemberKind::Child {
            return Err(Error::Refused("loyalty-pool-child"));
        }
        let pool = kernel::ids::v7(self.now());
        self.enter(&mut tx, pool, head, true, 0).await?;
        self.said(&mut tx, actor, head, pool, "opened").await?;
        tx.commit().await?;
        Ok(pool)
    }

    /// Joins a member to the pool of a head, giving `percent` (0–100) of what it earns.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming `percent` or `programme`;
    /// [`Error::Refused`] `loyalty-pool-none`, `-full`, `-already`, `-too-soon`, `-child`.
    pub async fn join_pool(
        &self,
        actor: &Actor,
        head: MemberId,
        member: MemberId,
        percent: i64,
    ) -> Result<()> {
        actor.may(permissions::EDIT)?;
        if !(0..=100).contains(&percent) {
            return Err(Error::invalid("percent", "loyalty-percent"));
        }
        let mut tx = self.db().begin().await?;
        // The head is held: two who join at once do not both take the last place.
        let led = hold(&mut tx, head).await?;
        let joining = hold(&mut tx, member).await?;
        if led.programme != joining.programme {
            return Err(Error::invalid("programme", "loyalty-programme-code"));
        }
        let pool = pool_of(&mut tx, head).await?;
        let pool =
            pool.filter(|pool| pool.members.iter().any(|one| one.member == head && one.is_head));
        let pool = pool.ok_or(Error::Refused("loyalty-pool-none"))?;
        let in_pool = |id: MemberId| pool.members.iter().any(|one| one.member == id);
        if joining.kind == MemberKind::Child && !joining.guardian.is_some_and(in_pool) {
            return Err(Error::Refused("loyalty-pool-child"));
        }
        let count = i64::try_from(pool.members.len()).unwrap_or(i64::MAX);
        if count > self.rules().pool_members {
            return Err(Error::Refused("loyalty-pool-full"));
        }
        self.enter(&mut tx, pool.id, member, false, percent).await?;
        self.said(&mut tx, actor, member, pool.id, "joined").await?;
        tx.commit().await?;
        Ok(())
    }

    async fn enter(
        &self,
        tx: &mut Tx,
        pool: Uuid,
        member: MemberId,
        is_head: bool,
        percent: i64,
    ) -> Result<()> {
        if pool_of(tx, member).await?.is_some() {
            return Err(Error::Refused("loyalty-pool-already"));
        }
        let now = self.now();
        let left: Option<DateTime<Utc>> = tx
            .value_maybe(
                sql("SELECT left_at FROM loyalty_pool
                     WHERE member_id = $1 AND left_at IS NOT NULL AND left_at > $2
                     ORDER BY joined_at DESC LIMIT 1")
                .bind(member.uuid())
                .bind(now - Duration::days(self.rules().pool_rejoin_days)),
            )
            .await?;
        if left.is_some() {
            return Err(Error::Refused("loyalty-pool-too-soon"));
        }
        tx.exec(
            sql("INSERT INTO loyalty_pool (id, pool_id, member_id, is_head, percent, joined_at)
                 VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(kernel::ids::v7(now))
            .bind(pool)
            .bind(member.uuid())
            .bind(is_head)
            .bind(percent)
            .bind(now),
        )
        .await?;
        Ok(())
    }

    /// Takes a member out of its pool; a head ends the pool. What was given stays with the head.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn leave_pool(&self, actor: &Actor, member: MemberId) -> Result<Outcome<()>> {
        actor.may(permissions::EDIT)?;
        let mut tx = self.db().begin().await?;
        super::load(&mut tx, member).await?;
        let Some(pool) = pool_of(&mut tx, member).await? else {
            return Ok(Outcome::AlreadyDone(()));
        };
        let leads = pool.members.iter().any(|one| one.member == member && one.is_head);
        tx.exec(
            sql("UPDATE loyalty_pool SET left_at = $3 WHERE pool_id = $1 AND left_at IS NULL
                   AND ($4 = TRUE OR member_id = $2)")
            .bind(pool.id)
            .bind(member.uuid())
            .bind(self.now())
            .bind(leads),
        )
        .await?;
        let what = if leads { "ended" } else { "left" };
        self.said(&mut tx, actor, member, pool.id, what).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    async fn said(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        member: MemberId,
        pool: Uuid,
        what: &'static str,
    ) -> Result<()> {
        let data = json!({"pool": pool, "what": what});
        let details = Details::new().id("pool", pool).code("what", what);
        let event = (events::POOL_CHANGED, "loyalty.pool-changed");
        self.told(tx, actor, member, event, (details, data)).await
    }
}
