//! What this domain holds about a person: handed out, and emptied of words when the person is erased.

use access::{Actor, Details, Target};
use customers::{CustomerId, Export};
use loyalty::MemberId;
use serde_json::{Value, json};
use store::outbox::{Event, Handler};
use store::sql;
use uuid::Uuid;

use crate::{Benefits, Error, Result, permissions};

/// Tables with rows about a member. When the person is erased they stay without words, of a number that
/// leads to nobody.
pub const PERSONAL_TABLES: &[&str] =
    &["benefit_use", "benefit_choice", "benefit_grant", "benefit_member"];

impl Benefits {
    /// What this domain hears of others.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let forget = |benefits: Self, event: Event| async move {
            let id = event.subject.rsplit('/').next().and_then(|id| id.parse::<Uuid>().ok());
            match id {
                Some(id) => benefits.forget(id.into()).await,
                None => Ok(()),
            }
        };
        vec![Handler::new("benefits.forgotten", loyalty::events::FORGOTTEN, self, forget)]
    }

    /// Erases words that were written about a member. Again changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, member: MemberId) -> Result<()> {
        let mut tx = self.db().begin().await?;
        for statement in [
            "UPDATE benefit_use SET note = '', place = '' WHERE member_id = $1",
            "UPDATE benefit_grant SET note = '' WHERE member_id = $1",
        ] {
            tx.exec(sql(statement).bind(member.uuid())).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Everything this domain holds about a customer, for the person.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn export(&self, actor: &Actor, customer: CustomerId) -> Result<Export> {
        actor.may(loyalty::permissions::PRIVACY)?;
        actor.may(permissions::READ)?;
        let mut all = Vec::new();
        for member in self.loyalty().members_of(actor, customer).await? {
            let uses = self.uses(actor, member.id, i64::MAX).await?;
            let seen = self.overview(actor, member.id).await?;
            let uses: Vec<Value> = uses.iter().map(use_of).collect();
            let choices = seen.choices.iter().map(|it| {
                json!({"benefit": it.benefit, "milestone": it.milestone, "from": it.valid_from,
                    "to": it.valid_to, "undone_at": it.undone_at})
            });
            let grants = seen.grants.iter().map(|it| {
                json!({"benefit": it.benefit, "count": it.count, "to": it.valid_to,
                    "reason": it.reason, "note": it.note})
            });
            all.push(json!({"member_no": member.member_no, "uses": uses,
                "choices": choices.collect::<Vec<_>>(), "goodwill": grants.collect::<Vec<_>>()}));
        }
        let mut tx = self.db().begin().await?;
        let target = Target::new(CustomerId::KIND, customer);
        let access = &self.0.access;
        access.record(&mut tx, actor, "benefits.exported", &target, Details::new()).await?;
        tx.commit().await.map_err(Error::from)?;
        Ok(Export(json!({"benefits": all})))
    }
}

fn use_of(one: &crate::Use) -> Value {
    json!({"benefit": one.benefit, "count": one.change, "on": one.used_on, "flight": one.flight,
        "place": one.place, "note": one.note, "undone_at": one.undone_at})
}
