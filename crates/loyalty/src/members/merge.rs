//! Two memberships of one person become one, and two again. Only the link moves: each keeps its
//! accounts, postings, lots and tiers, so that undoing is exact whatever was posted meanwhile.

use access::{Actor, Details};
use kernel::Outcome;
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::{hold, load};
use crate::ledger::{AccountId, AccountState, Unit};
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

impl Loyalty {
    /// Merges a member into another. Its miles are spent and shown with the other's; new ones come
    /// to the other's accounts. Again is [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `loyalty-merge-self`,
    /// `-programme` (of two programmes), `-frozen` (one of them is frozen), `loyalty-member-merged`
    /// (the other way round, or into a third).
    pub async fn merge_members(
        &self,
        actor: &Actor,
        from: MemberId,
        into: MemberId,
    ) -> Result<Outcome<Uuid>> {
        actor.may(permissions::MERGE)?;
        if from == into {
            return Err(Error::Refused("loyalty-merge-self"));
        }
        let mut tx = self.db().begin().await?;
        if load(&mut tx, from).await?.merged_into == Some(into) {
            return Ok(Outcome::AlreadyDone(standing(&mut tx, from).await?));
        }
        // Held in one order, whoever is merged into whom.
        for one in [from.min(into), from.max(into)] {
            hold(&mut tx, one).await?;
        }
        let (gone, stays) = (load(&mut tx, from).await?, load(&mut tx, into).await?);
        if gone.programme != stays.programme {
            return Err(Error::Refused("loyalty-merge-programme"));
        }
        if gone.state != AccountState::Open || stays.state != AccountState::Open {
            return Err(Error::Refused("loyalty-merge-frozen"));
        }
        let id = kernel::ids::v7(self.now());
        tx.exec(
            sql("INSERT INTO loyalty_merge (id, from_id, into_id, at, actor_id)
                 VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(from.uuid())
            .bind(into.uuid())
            .bind(self.now())
            .bind(actor.id),
        )
        .await?;
        tx.exec(
            sql("UPDATE loyalty_member SET merged_into = $2 WHERE id = $1")
                .bind(from.uuid())
                .bind(into.uuid()),
        )
        .await?;
        self.look_again(&mut tx, &[from, into]).await?;
        let data = json!({"merge": id, "into": into});
        let what = (events::MERGED, "loyalty.merged");
        self.told(&mut tx, actor, from, what, (Details::new().id("into", into), data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(id))
    }

    /// Takes a merge back: the member stands by itself again, with every posting it ever had.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn undo_merge(&self, actor: &Actor, merge: Uuid) -> Result<Outcome<MemberId>> {
        actor.may(permissions::MERGE)?;
        let mut tx = self.db().begin().await?;
        let known: Option<(Uuid, Uuid)> = tx
            .maybe(sql("SELECT from_id, into_id FROM loyalty_merge WHERE id = $1").bind(merge))
            .await?;
        let (from, into) = known.ok_or(Error::NotFound("merge"))?;
        let from = MemberId::from(from);
        let undone = tx
            .exec(
                sql("UPDATE loyalty_merge SET undone_at = $2, undone_by = $3
                     WHERE id = $1 AND undone_at IS NULL")
                .bind(merge)
                .bind(self.now())
                .bind(actor.id),
            )
            .await?;
        if undone == 0 {
            return Ok(Outcome::AlreadyDone(from));
        }
        tx.exec(
            sql("UPDATE loyalty_member SET merged_into = NULL WHERE id = $1").bind(from.uuid()),
        )
        .await?;
        // A freeze while merged reached these accounts as well; the member has it from now on.
        let state = load(&mut tx, into.into()).await?.state;
        self.put_state(&mut tx, from, state).await?;
        self.look_again(&mut tx, &[from, into.into()]).await?;
        let data = json!({"merge": merge, "from": into});
        let what = (events::UNMERGED, "loyalty.unmerged");
        let details = Details::new().id("merge", merge);
        self.told(&mut tx, actor, from, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(from))
    }

    /// From which accounts of a member `amount` miles are best taken: those that expire first,
    /// wherever they are. For a chain of holds or posts. Short of the amount, less is returned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn split(
        &self,
        tx: &mut Tx,
        member: MemberId,
        amount: i64,
    ) -> Result<Vec<(AccountId, i64)>> {
        let today = self.today();
        let mut lots = Vec::new();
        for account in self.accounts(tx, member).await? {
            if account.book.unit == Unit::Miles && account.state == AccountState::Open {
                let own = self.ledger().lots(tx, account.id).await?;
                lots.extend(own.into_iter().map(|lot| (account.id, lot)));
            }
        }
        lots.retain(|(_, lot)| lot.expires_on >= today);
        lots.sort_by_key(|(_, lot)| lot.order());
        let mut parts: Vec<(AccountId, i64)> = Vec::new();
        let mut left = amount;
        for (account, lot) in lots {
            let part = lot.remaining.min(left);
            left -= part;
            match parts.iter_mut().find(|(known, _)| *known == account) {
                Some((_, sum)) => *sum += part,
                None if part > 0 => parts.push((account, part)),
                None => {}
            }
        }
        Ok(parts)
    }
}

async fn standing(tx: &mut Tx, from: MemberId) -> Result<Uuid> {
    Ok(tx
        .value(
            sql("SELECT id FROM loyalty_merge WHERE from_id = $1 AND undone_at IS NULL")
                .bind(from.uuid()),
        )
        .await?)
}
