//! Members: who is in a programme, and what hangs on a membership.
//!
//! A member hangs on a source record and so on whoever the customer is now; its miles hang on its
//! accounts. Every function asks who may, works in one transaction, says the event, and leaves the
//! audit row last.

mod adopt;
mod cards;
mod enrol;
mod footing;
mod freeze;
mod listeners;
mod merge;
pub mod nominees;
mod pools;
mod privacy;
mod proposal_rows;
mod proposals;
mod reading;
mod tier_now;
pub(crate) mod tiers;

#[cfg(test)]
mod tests;

use access::{Actor, Details, Target};
use chrono::{DateTime, NaiveDate, Utc};
use customers::CustomerId;
use serde_json::Value;
use store::{SqlBuilder, Tx};
use uuid::Uuid;

pub use adopt::Adopted;
pub use cards::{Card, Medium, REASONS as CARD_REASONS};
pub use enrol::{Enrol, Person};
pub use footing::{Footing, Found, Who};
pub use freeze::REASONS as FREEZE_REASONS;
pub use pools::{Pool, PoolMember};
pub use privacy::PERSONAL_TABLES;
pub use proposals::{Asked, Decision, Proposal};
pub use reading::{Merge, Named};
pub use tiers::{NewTier, TierRow};

use crate::ledger::{Account, AccountState};
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

crate::ledger::words!(
    /// What kind of member.
    MemberKind {
        /// From twelve years on.
        Ordinary = "ordinary",
        /// Two to eleven, under a guardian; becomes ordinary at twelve.
        Child = "child",
    }
);

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Identity.
    pub id: MemberId,
    /// Code of the programme.
    pub programme: String,
    /// Number with check digit.
    pub member_no: String,
    /// Who it is now; `None` when forgotten.
    pub customer: Option<CustomerId>,
    /// Ordinary or child.
    pub kind: MemberKind,
    /// What may begin on the accounts.
    pub state: AccountState,
    /// The member who answers for a child. Stays as history.
    pub guardian: Option<MemberId>,
    /// Twelfth birthday of a child.
    pub adult_on: Option<NaiveDate>,
    /// When enrolled.
    pub enrolled_at: DateTime<Utc>,
    /// The member this one was merged into.
    pub merged_into: Option<MemberId>,
    /// When the person was erased.
    pub forgotten_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    programme: String,
    member_no: String,
    customer_id: Option<Uuid>,
    kind: String,
    state: String,
    guardian_id: Option<Uuid>,
    adult_on: Option<NaiveDate>,
    enrolled_at: DateTime<Utc>,
    merged_into: Option<Uuid>,
    forgotten_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Member {
    type Error = crate::UnknownWord;
    fn try_from(row: Row) -> Result<Self, crate::UnknownWord> {
        Ok(Self {
            id: row.id.into(),
            programme: row.programme,
            member_no: row.member_no,
            customer: row.customer_id.map(Into::into),
            kind: row.kind.parse()?,
            state: row.state.parse()?,
            guardian: row.guardian_id.map(Into::into),
            adult_on: row.adult_on,
            enrolled_at: row.enrolled_at,
            merged_into: row.merged_into.map(Into::into),
            forgotten_at: row.forgotten_at,
        })
    }
}

/// Members by a condition of the program's own and its value.
async fn by(tx: &mut Tx, condition: &str, value: Uuid) -> Result<Vec<Member>> {
    let mut query = SqlBuilder::new(
        "SELECT id, programme, member_no, customer_id, kind, state, guardian_id, adult_on,
            enrolled_at, merged_into, forgotten_at FROM loyalty_member WHERE ",
    );
    query.push(condition).push(" = ").bind(value).push(" ORDER BY id");
    let rows: Vec<Row> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Member::try_from).collect::<Result<_, _>>()?)
}

/// The member, whatever its state.
pub(crate) async fn load(tx: &mut Tx, id: MemberId) -> Result<Member> {
    by(tx, "id", id.uuid()).await?.pop().ok_or(Error::NotFound("member"))
}

/// The member, held until the end of the transaction, and able to act: not merged, not erased.
pub(crate) async fn hold(tx: &mut Tx, id: MemberId) -> Result<Member> {
    // A row written is a row locked, on either engine.
    let touched = tx
        .exec(
            store::sql("UPDATE loyalty_member SET programme = programme WHERE id = $1")
                .bind(id.uuid()),
        )
        .await?;
    if touched == 0 {
        return Err(Error::NotFound("member"));
    }
    let member = load(tx, id).await?;
    if member.merged_into.is_some() {
        return Err(Error::Refused("loyalty-member-merged"));
    }
    if member.forgotten_at.is_some() {
        return Err(Error::Refused("loyalty-member-forgotten"));
    }
    Ok(member)
}

impl Loyalty {
    /// A member.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn member(&self, actor: &Actor, id: MemberId) -> Result<Member> {
        actor.may(permissions::READ)?;
        load(&mut self.db().read().await?, id).await
    }

    /// Code of a member's programme, and what may begin on the accounts: for transactions.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn state_of(&self, tx: &mut Tx, id: MemberId) -> Result<(String, AccountState)> {
        let member = load(tx, id).await?;
        Ok((member.programme, member.state))
    }

    /// The member with a number, blanks and hyphens aside.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn member_by_no(&self, actor: &Actor, programme: &str, no: &str) -> Result<Member> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let id: Option<Uuid> = tx
            .value_maybe(
                store::sql("SELECT id FROM loyalty_member WHERE programme = $1 AND member_no = $2")
                    .bind(programme)
                    .bind(kernel::member_no::plain(no)),
            )
            .await?;
        load(&mut tx, id.ok_or(Error::NotFound("member"))?.into()).await
    }

    /// Memberships of a customer, oldest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn members_of(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<Member>> {
        actor.may(permissions::READ)?;
        by(&mut self.db().read().await?, "customer_id", customer.uuid()).await
    }

    /// All accounts a member has miles on: its own, and those of members merged into it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self, tx: &mut Tx, id: MemberId) -> Result<Vec<Account>> {
        let mut accounts = Vec::new();
        let mut waiting = vec![id];
        while let Some(one) = waiting.pop() {
            accounts.extend(self.ledger().accounts_of(tx, one).await?);
            waiting.extend(by(tx, "merged_into", one.uuid()).await?.iter().map(|it| it.id));
        }
        Ok(accounts)
    }

    /// Says the event about a member and leaves the audit row: the last writes of a transaction.
    pub(crate) async fn told(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        member: MemberId,
        (event, action): (&'static str, &'static str),
        (details, data): (Details, Value),
    ) -> Result<()> {
        events::about(tx, event, member, self.now(), actor, data).await?;
        let target = Target::new(MemberId::KIND, member);
        self.access().record(tx, actor, action, &target, details).await?;
        Ok(())
    }
}
