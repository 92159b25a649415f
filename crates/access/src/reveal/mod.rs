//! Seeing personal data in clear: for one of a few purposes, with a trace.
//!
//! Each purpose is a permission, so the policy says which role may see for which purpose, and an
//! API key can be scoped to one. The domain that holds the data calls [`crate::Access::reveal`] in
//! the transaction that reads it; the trail keeps who, what (the names of the fields), and why.

use kernel::Uuid;
use store::Tx;

use crate::audit::{Details, Target};
use crate::policy::Permission;
use crate::{Access, Actor, Result};

/// Why somebody wants to see personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The customer is on the line or at the counter.
    ServeCaller,
    /// A complaint is being settled.
    ResolveComplaint,
    /// Something looks like abuse.
    FraudCheck,
    /// The customer asked what we hold, or to have it corrected or erased.
    DataRequest,
    /// Records are being checked or corrected.
    DataQuality,
}

/// The text is none of the purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such purpose")]
pub struct UnknownPurpose;

impl Purpose {
    /// All purposes, in the order they are offered.
    pub const ALL: [Self; 5] = [
        Self::ServeCaller,
        Self::ResolveComplaint,
        Self::FraudCheck,
        Self::DataRequest,
        Self::DataQuality,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServeCaller => "serve-caller",
            Self::ResolveComplaint => "resolve-complaint",
            Self::FraudCheck => "fraud-check",
            Self::DataRequest => "data-request",
            Self::DataQuality => "data-quality",
        }
    }

    /// The permission to see data for this purpose.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Self::ServeCaller => Permission::new("reveal.serve-caller"),
            Self::ResolveComplaint => Permission::new("reveal.resolve-complaint"),
            Self::FraudCheck => Permission::new("reveal.fraud-check"),
            Self::DataRequest => Permission::new("reveal.data-request"),
            Self::DataQuality => Permission::new("reveal.data-quality"),
        }
    }

    /// Key of its text.
    #[must_use]
    pub fn text_key(self) -> String {
        format!("purpose-{}", self.as_str())
    }

    /// The purposes `actor` may give.
    #[must_use]
    pub fn allowed(actor: &Actor) -> Vec<Self> {
        Self::ALL.into_iter().filter(|purpose| actor.may(purpose.permission()).is_ok()).collect()
    }
}

impl std::str::FromStr for Purpose {
    type Err = UnknownPurpose;
    fn from_str(name: &str) -> Result<Self, UnknownPurpose> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name).ok_or(UnknownPurpose)
    }
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Access {
    /// Notes in the trail that `actor` sees `fields` of `target` for `purpose`. The caller shows
    /// the values only after the transaction has been committed.
    ///
    /// # Errors
    /// [`crate::Denied`] when the actor's roles do not hold the purpose.
    pub async fn reveal(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        purpose: Purpose,
        target: &Target,
        fields: &[&'static str],
    ) -> Result<()> {
        actor.may(purpose.permission())?;
        let details =
            Details::new().code("purpose", purpose.as_str()).codes("fields", fields.iter());
        self.record(tx, actor, "access.revealed", target, details).await?;
        Ok(())
    }

    /// Who saw data of `target`, newest first: the moment, the user, the purpose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reveals_of(&self, tx: &mut Tx, target: &Target, limit: u32) -> Result<Vec<Seen>> {
        let rows: Vec<SeenRow> = tx
            .all(
                store::sql(
                    "SELECT at, actor_id, details FROM access_audit
                     WHERE target_kind = $1 AND target_id = $2 AND action = 'access.revealed'
                     ORDER BY seq DESC LIMIT $3",
                )
                .bind(target.kind())
                .bind(target.id())
                .bind(limit),
            )
            .await?;
        Ok(rows.into_iter().filter_map(SeenRow::seen).collect())
    }
}

/// Somebody saw personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Which user.
    pub by: Uuid,
    /// Why.
    pub purpose: Purpose,
    /// Names of the fields.
    pub fields: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct SeenRow {
    at: chrono::DateTime<chrono::Utc>,
    actor_id: Uuid,
    details: sqlx::types::Json<serde_json::Value>,
}

impl SeenRow {
    fn seen(self) -> Option<Seen> {
        let purpose = self.details.0.get("purpose")?.as_str()?.parse().ok()?;
        let fields = self.details.0.get("fields")?.as_array()?;
        let fields = fields.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        Some(Seen { at: self.at, by: self.actor_id, purpose, fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing};

    #[tokio::test]
    async fn a_reveal_needs_the_purpose_and_leaves_who_what_and_why() {
        testing::both(async |house| {
            let agent = house.staff(Role::Agent);
            let target = Target::new("customer", Uuid::from_u128(7));
            let mut tx = house.access.db().begin().await.unwrap();
            house
                .access
                .reveal(&mut tx, &agent, Purpose::ServeCaller, &target, &["phone"])
                .await
                .unwrap();
            let refused = house
                .access
                .reveal(&mut tx, &agent, Purpose::FraudCheck, &target, &["phone"])
                .await
                .unwrap_err();
            assert_eq!(kernel::Explain::code(&refused), "access-denied");
            let seen = house.access.reveals_of(&mut tx, &target, 10).await.unwrap();
            assert_eq!(seen.len(), 1, "the refused one left nothing");
            assert_eq!((seen[0].by, seen[0].purpose), (agent.id, Purpose::ServeCaller));
            assert_eq!(seen[0].fields, ["phone"]);
        })
        .await;
    }

    #[test]
    fn every_purpose_has_its_permission_and_somebody_who_holds_it() {
        let policy = crate::Policy::new(&[crate::permissions::TABLE]);
        for purpose in Purpose::ALL {
            assert_eq!(purpose.permission().as_str(), format!("reveal.{purpose}"));
            assert_eq!(purpose.as_str().parse(), Ok(purpose));
            assert!(policy.knows_scope(purpose.permission().as_str()));
        }
        let sales = Actor::staff(Uuid::nil(), "", &[Role::Sales], &policy);
        assert_eq!(Purpose::allowed(&sales), [Purpose::ServeCaller]);
    }
}
