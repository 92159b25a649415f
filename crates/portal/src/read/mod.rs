//! What the pages show, read for the one member a session belongs to.
//!
//! Nothing here takes a member from an address: every function begins with the session's member, and
//! an id that comes from a page is looked for among that member's own.

mod afford;
mod coach;
mod explain;
mod miles;
mod statement;
mod trips;

pub use afford::{Afford, affordable};
pub use coach::{Bar, Coach, Month};
pub use explain::{Explained, Part};
pub use miles::{Day, Miles};
pub use statement::{Entry, Show, Statement};
pub use trips::{Coming, Earned, Flown, Travels, Usual};

use kernel::names::PersonName;
use loyalty::MemberId;
use loyalty::ledger::{Account, AccountId, Unit};
use loyalty::members::{Member, TierRow};
use programme::Engine;
use programme::accrual::Registered;
use programme::document::Rank;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;

use crate::{Portal, Result};

/// Who the card is about.
#[derive(Clone, Debug)]
pub struct Card {
    /// The membership.
    pub member: Member,
    /// In both scripts, as far as known.
    pub name: PersonName,
    /// The tier that counts today; `None` before anything was decided.
    pub tier: Option<TierRow>,
    /// The rules of today; `None` when none hold.
    pub engine: Option<Arc<Engine>>,
    /// Promotions registered for, each with its day.
    pub registered: Vec<Registered>,
}

impl Card {
    /// The place of the tier in the rules of today.
    #[must_use]
    pub fn rank(&self) -> Rank {
        let rules = self.engine.as_ref().map(|engine| engine.programme());
        let code = self.tier.as_ref().map(|row| row.tier.as_str());
        rules.zip(code).and_then(|(rules, code)| rules.rank(code)).unwrap_or_default()
    }

    /// The tier's name in a language; its code when no rules hold; empty when there is none.
    #[must_use]
    pub fn tier_name(&self, lang: kernel::Lang) -> String {
        let rules = self.engine.as_ref().map(|engine| engine.programme());
        match rules.and_then(|rules| rules.tier(self.rank())) {
            Some(tier) => tier.name.get(lang).to_owned(),
            None => self.tier.as_ref().map(|row| row.tier.clone()).unwrap_or_default(),
        }
    }

    /// Last day of the tier; `None` for the lowest and for life.
    #[must_use]
    pub fn valid_to(&self) -> Option<chrono::NaiveDate> {
        let last = self.tier.as_ref().map(|row| row.valid_to);
        last.filter(|last| *last < loyalty::ledger::NEVER)
    }
}

impl Portal {
    /// The card of a member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn card(&self, member: &Member) -> Result<Card> {
        let loyalty = &self.parts().loyalty;
        let (mut tx, today) = (self.parts().db.read().await?, self.today());
        let tier = loyalty.tier_on(&mut tx, member.id, today).await?;
        let name = match member.customer {
            Some(id) => self.parts().customers.names(&mut tx, &[id]).await?.remove(&id),
            None => None,
        };
        let registered = loyalty.registered(&mut tx, member.id).await?;
        drop(tx);
        let engine = match loyalty.programme_on(&member.programme, today).await {
            Ok(engine) => Some(engine),
            Err(loyalty::Error::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let name = name.unwrap_or_else(|| PersonName::parse(""));
        Ok(Card { member: member.clone(), name, tier, engine, registered })
    }
}

impl Portal {
    /// The name of a programme in a language, by the rules of today; its code without any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn programme_name(&self, code: &str, lang: kernel::Lang) -> Result<String> {
        match self.parts().loyalty.programme_on(code, self.today()).await {
            Ok(engine) => Ok(engine.programme().name.get(lang).to_owned()),
            Err(loyalty::Error::NotFound(_)) => Ok(code.to_owned()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ways to reach the member, masked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn contacts(&self, member: &Member) -> Result<Vec<customers::Contact>> {
        let Some(customer) = member.customer else { return Ok(Vec::new()) };
        Ok(self.parts().customers.whole(&Self::reader(), customer).await?.contacts)
    }

    /// The number of the member this one was merged into.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn merged_into(&self, member: &Member) -> Result<Option<String>> {
        let Some(into) = member.merged_into else { return Ok(None) };
        let into = self.parts().loyalty.member(&Self::reader(), into).await?;
        Ok(Some(into.member_no))
    }
}

/// The accounts of a member and of members merged into it.
pub(crate) struct Own(Vec<Account>);

impl Own {
    pub async fn of(portal: &Portal, tx: &mut Tx, member: MemberId) -> Result<Self> {
        let mut accounts = portal.parts().loyalty.accounts(tx, member).await?;
        accounts.sort_by_key(|account| account.id);
        Ok(Self(accounts))
    }

    /// Those of redeemable miles, in the order of their ids.
    pub fn miles(&self) -> impl Iterator<Item = &Account> {
        self.0.iter().filter(|account| account.book.unit == Unit::Miles)
    }

    pub fn find(&self, id: AccountId) -> Option<&Account> {
        self.0.iter().find(|account| account.id == id)
    }

    /// The memberships.
    pub fn owners(&self) -> BTreeSet<MemberId> {
        self.0.iter().filter_map(|account| account.owner).collect()
    }
}
