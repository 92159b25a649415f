//! Words staff hang on customers.

use access::{Actor, Details, Target};
use kernel::Outcome;
use store::{Tx, sql};
use uuid::Uuid;

use crate::model::CustomerId;
use crate::{Customers, Error, Result, events, permissions, profile};

/// Longest tag, in characters.
pub const LONGEST: usize = 40;

/// A tag in the form it is kept: trimmed, single blanks, no control characters.
///
/// # Errors
/// [`Error::Text`] when nothing is left or it is too long.
pub fn tidy(tag: &str) -> Result<String> {
    let words: Vec<&str> = tag.split_whitespace().collect();
    let tag: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    if tag.is_empty() || tag.chars().count() > LONGEST {
        return Err(Error::Text(LONGEST));
    }
    Ok(tag)
}

/// The tags of a customer.
pub(crate) async fn of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<String>> {
    Ok(tx
        .values(
            sql("SELECT tag FROM customer_tag WHERE customer_id = $1 ORDER BY tag")
                .bind(customer.uuid()),
        )
        .await?)
}

impl Customers {
    /// All tags in use, for choosing. At most 500.
    ///
    /// # Errors
    /// When the database fails; [`Error::Denied`].
    pub async fn tags(&self, actor: &Actor) -> Result<Vec<String>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        // Jumps from tag to tag instead of reading every row.
        Ok(tx
            .values(sql("WITH RECURSIVE each(tag) AS (
                    SELECT MIN(tag) FROM customer_tag
                    UNION ALL
                    SELECT (SELECT MIN(t.tag) FROM customer_tag t WHERE t.tag > each.tag)
                    FROM each WHERE each.tag IS NOT NULL)
                 SELECT tag FROM each WHERE tag IS NOT NULL LIMIT 500"))
            .await?)
    }

    /// Adds a tag.
    ///
    /// # Errors
    /// [`Error::Text`], [`Error::NotFound`], [`Error::Denied`].
    pub async fn add_tag(
        &self,
        actor: &Actor,
        id: CustomerId,
        tag: &str,
    ) -> Result<Outcome<String>> {
        actor.may(permissions::EDIT)?;
        let tag = tidy(tag)?;
        let mut tx = self.db().begin().await?;
        profile::load(&mut tx, id).await?;
        let added = tx
            .exec(
                sql("INSERT INTO customer_tag (tag, customer_id, added_by, added_at)
                     VALUES ($1, $2, $3, $4) ON CONFLICT (tag, customer_id) DO NOTHING")
                .bind(&tag)
                .bind(id.uuid())
                .bind(actor.id)
                .bind(self.now()),
            )
            .await?;
        if added == 0 {
            return Ok(Outcome::AlreadyDone(tag));
        }
        self.say_tags(&mut tx, actor, id, "added").await?;
        tx.commit().await?;
        Ok(Outcome::Done(tag))
    }

    /// Takes a tag off.
    ///
    /// # Errors
    /// As [`Customers::add_tag`].
    pub async fn remove_tag(
        &self,
        actor: &Actor,
        id: CustomerId,
        tag: &str,
    ) -> Result<Outcome<()>> {
        actor.may(permissions::EDIT)?;
        let mut tx = self.db().begin().await?;
        let removed = tx
            .exec(
                sql("DELETE FROM customer_tag WHERE tag = $1 AND customer_id = $2")
                    .bind(tag)
                    .bind(id.uuid()),
            )
            .await?;
        if removed == 0 {
            return Ok(Outcome::AlreadyDone(()));
        }
        self.say_tags(&mut tx, actor, id, "removed").await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    async fn say_tags(&self, tx: &mut Tx, actor: &Actor, id: CustomerId, what: &str) -> Result<()> {
        let data = events::Attached {
            customer: id,
            id: Uuid::nil(),
            what: what.to_owned(),
            actor: actor.id,
        };
        let event = events::about(events::TAGGED, id, self.now(), &data)?;
        store::outbox::say(tx, &event).await?;
        let target = Target::new(CustomerId::KIND, id);
        let details = Details::new().code("what", what);
        self.access().record(tx, actor, "customers.tagged", &target, details).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_tidied_and_bounded() {
        assert_eq!(tidy("  high   value ").ok().as_deref(), Some("high value"));
        assert!(tidy(&"字".repeat(LONGEST)).is_ok());
        assert!(tidy(&"字".repeat(LONGEST + 1)).is_err());
        assert!(tidy(" \t ").is_err());
    }
}
