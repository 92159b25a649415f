//! Benefits: what a tier is good for, on which flight, how often still, and why.
//!
//! [`Benefits::entitlements`] answers for members and a flight by the programme's own rules
//! (`programme::Engine::entitlements`) and a few point reads; [`Benefits::record`] takes down uses,
//! never beyond the allowance; [`Benefits::choose`] what was chosen at a milestone;
//! [`Benefits::grant`] goodwill; [`Benefits::promised`] what was promised on a past day, as it was
//! known then. Words, invariants and outcomes of bad input are in README.md.

mod answer;
mod api;
mod asking;
pub mod choices;
mod error;
pub mod events;
mod flight;
pub mod goodwill;
mod ground;
mod kept;
mod overview;
pub mod pages;
pub mod permissions;
mod privacy;
mod proof;
mod uses;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::{Access, Actor, Details, Target};
use chrono::{DateTime, NaiveDate, Utc};
use flights::Flights;
use kernel::Clock;
use loyalty::{Loyalty, MemberId};
use store::{Db, Tx, sql};

pub use answer::{Answer, Benefit, Outcome, Reply, TierSeen, Why};
pub use api::api;
pub use error::{Error, Result};
pub use flight::{Asked, Assumed, Resolved};
pub use kept::Use;
pub use loyalty::members::Who;
pub use overview::{Counter, Holding, Overview};
pub use pages::{Rooms, panel};
pub use privacy::PERSONAL_TABLES;
pub use proof::Promise;
pub use uses::NewUse;

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations!["20261123_230000_benefits"];

/// The words of this domain.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// What the service is built from.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who may, and the audit trail.
    pub access: Access,
    /// Flights that are known.
    pub flights: Flights,
    /// Members, their tiers and the rules.
    pub loyalty: Loyalty,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Benefits(Arc<Parts>);

impl std::fmt::Debug for Benefits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Benefits")
    }
}

impl Benefits {
    /// The service of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn loyalty(&self) -> &Loyalty {
        &self.0.loyalty
    }

    pub(crate) fn flights(&self) -> &Flights {
        &self.0.flights
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Today, where the books are kept.
    pub(crate) fn today(&self) -> NaiveDate {
        self.0.clock.today(self.loyalty().zone())
    }

    /// Has everybody who adds a row about a member wait for this transaction.
    pub(crate) async fn hold(tx: &mut Tx, member: MemberId) -> Result<()> {
        tx.exec(
            sql("INSERT INTO benefit_member (member_id, steps) VALUES ($1, 1)
                 ON CONFLICT (member_id) DO UPDATE SET steps = benefit_member.steps + 1")
            .bind(member.uuid()),
        )
        .await?;
        Ok(())
    }

    /// Says the event about a member and leaves the audit row: the last writes of a transaction.
    pub(crate) async fn told(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        member: MemberId,
        (event, action): (&'static str, &'static str),
        (details, data): (Details, serde_json::Value),
    ) -> Result<()> {
        events::say(tx, event, member, self.now(), actor, data).await?;
        let target = Target::new(MemberId::KIND, member);
        self.0.access.record(tx, actor, action, &target, details).await?;
        Ok(())
    }
}

/// Whether a text fits: no control characters, not longer than `most` characters.
pub(crate) fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// Who does it, as kept: staff, api-key, system or the member.
pub(crate) fn recorded_as(actor: &Actor) -> &'static str {
    match actor.kind {
        access::ActorKind::Staff => "staff",
        access::ActorKind::ApiKey => "api-key",
        access::ActorKind::Member => "member",
        access::ActorKind::System if actor.name == "portal" => "member",
        access::ActorKind::System => "system",
    }
}
