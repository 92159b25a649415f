//! What other domains may hear about members and miles. Each type carries its version; a test holds
//! every shape that was ever said.

use std::collections::BTreeMap;

use access::{Actor, ActorKind};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::outbox::{self, Event};
use uuid::Uuid;

use crate::ledger::{AccountId, Posted, Unit};
use crate::members::NewTier;
use crate::programmes::{VersionId, VersionState};
use crate::{MemberId, Result};

/// Members' accounts moved, at most 500 members a time. Data: [`AccountsMoved`].
pub const ACCOUNTS_MOVED: &str = "loyalty.accounts.moved.v1";

/// Members in one event.
const AT_ONCE: usize = 500;

/// Data of [`ACCOUNTS_MOVED`]: which transfers are new to whom. What they are is in the books, in
/// the places named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsMoved {
    /// When the ledger learnt of them.
    pub recorded_at: DateTime<Utc>,
    /// By member.
    pub members: Vec<MemberMoved>,
}

/// What moved of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberMoved {
    /// Whose.
    pub member: MemberId,
    /// The accounts that moved, by unit.
    pub accounts: Vec<AccountMoved>,
}

/// What moved of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMoved {
    /// What it counts.
    pub unit: Unit,
    /// Place of the first new transfer.
    pub first: i64,
    /// Place of the last.
    pub last: i64,
    /// Balance after it.
    pub balance: i64,
}

/// Says whose accounts moved; `account` is the owner and unit of a member's account.
pub(crate) async fn moved(
    tx: &mut Tx,
    at: DateTime<Utc>,
    made: &[Posted],
    account: impl Fn(AccountId) -> Option<(MemberId, Unit)>,
) -> Result<()> {
    let mut all: BTreeMap<MemberId, Vec<AccountMoved>> = BTreeMap::new();
    let sides = made.iter().flat_map(|posted| {
        [(posted.debit, posted.debit_after), (posted.credit, posted.credit_after)]
    });
    for (id, place) in sides {
        let (Some((member, unit)), Some(place)) = (account(id), place) else { continue };
        let accounts = all.entry(member).or_default();
        match accounts.iter_mut().find(|moved| moved.unit == unit) {
            Some(moved) => (moved.last, moved.balance) = (place.seq, place.balance),
            None => {
                let (first, balance) = (place.seq, place.balance);
                accounts.push(AccountMoved { unit, first, last: first, balance });
            }
        }
    }
    let all: Vec<MemberMoved> =
        all.into_iter().map(|(member, accounts)| MemberMoved { member, accounts }).collect();
    for members in all.chunks(AT_ONCE) {
        let data = AccountsMoved { recorded_at: at, members: members.to_vec() };
        let event = Event::new(ACCOUNTS_MOVED, "ledger", at, serde_json::to_value(&data)?);
        outbox::say(tx, &event).await?;
    }
    Ok(())
}

/// A member was enrolled. Data of this and the next ones: [`AboutMember`].
pub const ENROLLED: &str = "loyalty.member.enrolled.v1";
/// Customers whom a feed brought with a number became members. Data:
/// `{"programme": …, "members": […]}`, at most 500 a time.
pub const ADOPTED: &str = "loyalty.members.adopted.v1";
/// Children became ordinary members. Data: `{"members": […]}`, at most 500 a time.
pub const GROWN: &str = "loyalty.members.grown.v1";
/// A member was frozen, or a freeze taken off.
pub const FROZEN: &str = "loyalty.member.frozen.v1";
/// A member was merged into another.
pub const MERGED: &str = "loyalty.member.merged.v1";
/// A merge was taken back.
pub const UNMERGED: &str = "loyalty.member.unmerged.v1";
/// The person was erased.
pub const FORGOTTEN: &str = "loyalty.member.forgotten.v1";
/// A card was issued or blocked.
pub const CARD_CHANGED: &str = "loyalty.card.changed.v1";
/// Nominees were added or one removed. Names nobody.
pub const NOMINEES_CHANGED: &str = "loyalty.nominees.changed.v1";
/// A member joined or left a pool, or a pool opened or ended.
pub const POOL_CHANGED: &str = "loyalty.pool.changed.v1";
/// Something was proposed or decided.
pub const PROPOSAL_CHANGED: &str = "loyalty.proposal.changed.v1";
/// A member registered for a promotion.
pub const REGISTERED: &str = "loyalty.promotion.registered.v1";
/// A review was raised or decided.
pub const REVIEW_CHANGED: &str = "loyalty.review.changed.v1";
/// Tiers were written, at most 500 a time. Data: [`TiersChanged`].
pub const TIERS_CHANGED: &str = "loyalty.tiers.changed.v1";

/// A version of a programme was drafted, proposed or decided. Data: [`ProgrammeChanged`].
pub const PROGRAMME_CHANGED: &str = "loyalty.programme.changed.v1";

/// Data of [`PROGRAMME_CHANGED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeChanged {
    /// The version.
    pub id: VersionId,
    /// Code of the programme.
    pub programme: String,
    /// Number of the version.
    pub version: i64,
    /// Where it stands.
    pub state: VersionState,
    /// First day it holds, once approved.
    pub valid_from: NaiveDate,
}

pub(crate) async fn programme(
    tx: &mut Tx,
    at: DateTime<Utc>,
    new: &ProgrammeChanged,
) -> Result<()> {
    let subject = format!("{}/{}", VersionId::KIND, new.id);
    let event = Event::new(PROGRAMME_CHANGED, subject, at, serde_json::to_value(new)?);
    Ok(outbox::say(tx, &event).await?)
}

/// Data of the events about one member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AboutMember {
    /// Who.
    pub member: MemberId,
    /// The staff user or key's owner who did it; none for the system.
    pub actor: Option<Uuid>,
    /// What changed: fields by the type of the event.
    pub what: serde_json::Value,
}

/// Data of [`TIERS_CHANGED`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TiersChanged {
    /// The rows written.
    pub tiers: Vec<TierChanged>,
}

/// A tier as others hear of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierChanged {
    /// Whose.
    pub member: MemberId,
    /// Code of the tier.
    pub tier: String,
    /// Its height.
    pub rank: i64,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Code of the reason.
    pub reason: String,
}

pub(crate) async fn about(
    tx: &mut Tx,
    type_: &str,
    member: MemberId,
    at: DateTime<Utc>,
    actor: &Actor,
    what: serde_json::Value,
) -> Result<()> {
    let actor = (actor.kind != ActorKind::System).then_some(actor.id);
    let data = serde_json::to_value(&AboutMember { member, actor, what })?;
    let event = Event::new(type_, format!("{}/{member}", MemberId::KIND), at, data);
    Ok(outbox::say(tx, &event).await?)
}

pub(crate) async fn adopted(
    tx: &mut Tx,
    at: DateTime<Utc>,
    programme: &str,
    members: &[MemberId],
) -> Result<()> {
    for part in members.chunks(AT_ONCE) {
        let data = serde_json::json!({"programme": programme, "members": part});
        outbox::say(tx, &Event::new(ADOPTED, "members", at, data)).await?;
    }
    Ok(())
}

pub(crate) async fn grown(tx: &mut Tx, at: DateTime<Utc>, members: &[Uuid]) -> Result<()> {
    for part in members.chunks(AT_ONCE) {
        let data = serde_json::json!({"members": part});
        outbox::say(tx, &Event::new(GROWN, "members", at, data)).await?;
    }
    Ok(())
}

pub(crate) async fn tiers(tx: &mut Tx, at: DateTime<Utc>, new: &[NewTier]) -> Result<()> {
    for part in new.chunks(AT_ONCE) {
        let tiers = part.iter().map(|new| TierChanged {
            member: new.member,
            tier: new.tier.clone(),
            rank: new.rank,
            valid_from: new.valid_from,
            valid_to: new.valid_to,
            reason: new.reason.clone(),
        });
        let data = serde_json::to_value(&TiersChanged { tiers: tiers.collect() })?;
        outbox::say(tx, &Event::new(TIERS_CHANGED, "members", at, data)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    const ID: &str = "019aa2b0-0000-7000-8000-000000000001";

    /// Every shape that was ever said is still read, and said the same.
    #[test]
    fn shapes_hold() {
        let moved = json!({"recorded_at": "2026-11-22T08:00:00Z", "members": [
            {"member": ID, "accounts": [
                {"unit": "miles", "first": 3, "last": 4, "balance": 2_275},
                {"unit": "qualifying-distance", "first": 2, "last": 2, "balance": 1_500}]}]});
        let read: AccountsMoved = serde_json::from_value(moved.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), moved);
        let about = json!({"member": ID, "actor": null, "what": {"state": "frozen"}});
        let read: AboutMember = serde_json::from_value(about.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), about);
        let programme = json!({"id": ID, "programme": "bridge-km", "version": 7,
            "state": "approved", "valid_from": "2026-01-01"});
        let read: ProgrammeChanged = serde_json::from_value(programme.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), programme);
        let tiers = json!({"tiers": [{"member": ID, "tier": "G", "rank": 2,
            "valid_from": "2026-11-22", "valid_to": "2028-11-30", "reason": "upgrade"}]});
        let read: TiersChanged = serde_json::from_value(tiers.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), tiers);
    }
}
