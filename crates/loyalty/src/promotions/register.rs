//! Registering a member, by themself in the portal or by staff.

use std::collections::BTreeSet;

use access::{Actor, ActorKind, Details};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde_json::json;
use store::{Col, Tx, sql};
use uuid::Uuid;

use super::{Phase, Promotion, offered};
use crate::ledger::AccountState;
use crate::members::hold;
use crate::tiers::{down, up};
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

/// That a member registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The membership that registered.
    pub member: MemberId,
    /// The promotion.
    pub promotion: String,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// By themself in the portal; otherwise by staff or a program.
    pub by_member: bool,
}

/// What was said first in a group of merged members.
async fn first(tx: &mut Tx, root: MemberId, promotion: &str) -> Result<Option<Registration>> {
    let group = down(tx, &BTreeSet::from([root])).await?;
    let rows = group.keys().map(|id| vec![id.uuid().into(), promotion.into()]).collect();
    let found: Vec<(Uuid, DateTime<Utc>, String)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::text("promotion")],
            rows,
            "SELECT r.member_id, r.registered_at, r.kind
             FROM input JOIN loyalty_registration r
               ON r.member_id = input.id AND r.promotion = input.promotion
             ORDER BY r.registered_at, r.member_id LIMIT 1",
        )
        .await?;
    let first = found.into_iter().next();
    Ok(first.map(|(member, registered_at, kind)| Registration {
        member: member.into(),
        promotion: promotion.to_owned(),
        registered_at,
        by_member: kind == ActorKind::Member.as_str(),
    }))
}

fn open(found: Option<&Promotion>) -> Result<()> {
    let promotion = found.ok_or(Error::NotFound("promotion"))?;
    match promotion.phase {
        Phase::Ended => Err(Error::Refused("loyalty-promotion-ended")),
        _ if !promotion.asks_to_register() => Err(Error::Refused("loyalty-promotion-for-all")),
        Phase::Coming => Err(Error::Refused("loyalty-promotion-not-begun")),
        Phase::Open => Ok(()),
    }
}

impl Loyalty {
    /// Registers a member for a promotion of its programme: by staff who may edit members, or by the
    /// member ([`Actor::member`]). One that was merged is registered as the member it was merged
    /// into. Again gives the first registration, whatever has changed since.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for the member, or when the rules have no such
    /// promotion; [`Error::Refused`] `loyalty-promotion-ended`, `-not-begun`, `-for-all` (nobody
    /// need register), `-frozen`, `-closed` (the member), `loyalty-member-forgotten`.
    pub async fn register(
        &self,
        actor: &Actor,
        member: MemberId,
        promotion: &str,
    ) -> Result<Outcome<Registration>> {
        let is_own = actor.kind == ActorKind::Member && actor.id == member.uuid();
        if !is_own {
            actor.may(permissions::EDIT)?;
        }
        let mut tx = self.db().begin().await?;
        let root = up(&mut tx, BTreeSet::from([member])).await?.into_iter().next();
        let who = hold(&mut tx, root.unwrap_or(member)).await?;
        if let Some(known) = first(&mut tx, who.id, promotion).await? {
            return Ok(Outcome::AlreadyDone(known));
        }
        let timeline = self.timeline(&mut tx, &who.programme).await?;
        let all = offered(&timeline, self.today());
        open(all.iter().find(|one| one.row.id == *promotion))?;
        match who.state {
            AccountState::Frozen => return Err(Error::Refused("loyalty-promotion-frozen")),
            AccountState::Closed => return Err(Error::Refused("loyalty-promotion-closed")),
            AccountState::Open | AccountState::DebitsFrozen => {}
        }
        let registered_at = self.now();
        tx.exec(
            sql("INSERT INTO loyalty_registration
                    (member_id, promotion, programme, registered_at, kind, actor_id)
                 VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(who.id.uuid())
            .bind(promotion)
            .bind(&who.programme)
            .bind(registered_at)
            .bind(actor.kind.as_str())
            .bind(actor.id),
        )
        .await?;
        let data = json!({"promotion": promotion});
        let details = Details::new().code("promotion", promotion);
        let what = (events::REGISTERED, "loyalty.registered");
        self.told(&mut tx, actor, who.id, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(Registration {
            member: who.id,
            promotion: promotion.to_owned(),
            registered_at,
            by_member: is_own,
        }))
    }

    /// The member with a number, registered by staff ([`Loyalty::register`]).
    ///
    /// # Errors
    /// As [`Loyalty::register`]; [`Error::Invalid`] naming `number` when nobody of the programme
    /// has it.
    pub async fn register_number(
        &self,
        actor: &Actor,
        programme: &str,
        number: &str,
        promotion: &str,
    ) -> Result<Outcome<Registration>> {
        actor.may(permissions::EDIT)?;
        let found = self.member_by_no(actor, programme, number).await;
        let member = found.map_err(|error| match error {
            Error::NotFound(_) => Error::invalid("number", "loyalty-member-no"),
            other => other,
        })?;
        self.register(actor, member.id, promotion).await
    }
}
