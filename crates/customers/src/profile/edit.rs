//! Making and editing a profile: who may → load → the draft decides → save → audit, event, history.

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde_json::Map;
use store::Tx;

use super::draft::{self, Draft, Set};
use super::{load, row};
use crate::changes::{self, Author, Change};
use crate::contacts::{self, Sealed, Shelf};
use crate::error::FieldError;
use crate::model::{ContactKind, Customer, CustomerId, Profile};
use crate::{Customers, Error, Result, events, permissions};

/// Source of what staff enter by hand.
pub(crate) const BY_HAND: &str = "";

/// The result of an edit.
#[derive(Clone, Debug)]
pub struct Edited {
    /// As it is now.
    pub customer: Customer,
    /// Names of the fields that changed; empty when the edit said nothing new.
    pub fields: Vec<&'static str>,
}

impl Customers {
    /// Makes a customer.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every wrong field; [`Error::MemberNoTaken`].
    pub async fn create(&self, actor: &Actor, draft: Draft) -> Result<Customer> {
        let mut tx = self.db().begin().await?;
        let customer = self.create_in(&mut tx, actor, draft).await?;
        tx.commit().await?;
        self.dictionary().note(&customer.profile.name);
        Ok(customer)
    }

    /// [`Customers::create`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn create_in(&self, tx: &mut Tx, actor: &Actor, draft: Draft) -> Result<Customer> {
        actor.may(permissions::EDIT)?;
        let now = self.now();
        self.check(&draft)?;
        let id = CustomerId::new(now);
        let contacts = self.seal(&draft)?;
        let mut profile = Profile::default();
        let mut fields = draft.apply(&mut profile);
        if profile.name.is_empty() && profile.member_no.is_empty() {
            let missing = FieldError { field: "name", code: "customers-name-or-number" };
            return Err(Error::Invalid(vec![missing]));
        }
        free_member_no(tx, id, &profile).await?;
        let written = row::written(id, 1, now, now, &profile);
        self.dictionary().learn(tx, std::slice::from_ref(&written)).await?;
        row::insert(tx, vec![written]).await?;
        for contact in contacts {
            fields.push(contact.field);
            contact.put(tx, id).await?;
        }
        let change = Change { customer: id, version: 1, fields, before: Map::new() };
        self.write_down(tx, actor, (events::CREATED, "customers.created"), change, now).await?;
        load(tx, id).await
    }

    /// Edits a profile that the caller has seen at `version`.
    ///
    /// # Errors
    /// [`Error::Changed`] says who changed what since; [`Error::InTrash`]; [`Error::Invalid`].
    pub async fn edit(
        &self,
        actor: &Actor,
        id: CustomerId,
        version: i64,
        draft: Draft,
    ) -> Result<Outcome<Edited>> {
        let mut tx = self.db().begin().await?;
        let edited = self.edit_in(&mut tx, actor, id, version, draft).await?;
        tx.commit().await?;
        if let Outcome::Done(edited) = &edited {
            self.dictionary().note(&edited.customer.profile.name);
        }
        Ok(edited)
    }

    /// [`Customers::edit`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn edit_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CustomerId,
        version: i64,
        draft: Draft,
    ) -> Result<Outcome<Edited>> {
        actor.may(permissions::EDIT)?;
        let now = self.now();
        self.check(&draft)?;
        let before = load(tx, id).await?;
        if before.merged_into.is_some() {
            return Err(Error::Merged);
        }
        if before.trashed_at.is_some() {
            return Err(Error::InTrash);
        }
        if before.version != version {
            let by = changes::since(tx, self.access(), id, version, before.version).await?;
            return Err(Error::Changed(Box::new(by)));
        }
        let contacts = self.seal(&draft)?;
        let mut profile = before.profile.clone();
        let mut fields = draft.apply(&mut profile);
        let mut kept = draft::keep(&before.profile, &fields);
        for contact in contacts {
            contact.replace(tx, id, &mut fields, &mut kept).await?;
        }
        if fields.is_empty() {
            return Ok(Outcome::AlreadyDone(Edited { customer: before, fields }));
        }
        free_member_no(tx, id, &profile).await?;
        let next = version + 1;
        if !claim_version(tx, id, version, next).await? {
            let by = changes::since(tx, self.access(), id, version, next).await?;
            return Err(Error::Changed(Box::new(by)));
        }
        let written = row::written(id, next, before.created_at, now, &profile);
        self.dictionary().learn(tx, std::slice::from_ref(&written)).await?;
        row::rewrite(tx, vec![written]).await?;
        let change = Change { customer: id, version: next, fields: fields.clone(), before: kept };
        self.write_down(tx, actor, (events::EDITED, "customers.edited"), change, now).await?;
        Ok(Outcome::Done(Edited { customer: load(tx, id).await?, fields }))
    }

    fn check(&self, draft: &Draft) -> Result<()> {
        let problems = draft.problems(self.now().date_naive());
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    fn seal(&self, draft: &Draft) -> Result<Vec<Typed>> {
        let vault = self.access().vault();
        let mut typed = Vec::new();
        for (field, kind, text) in [
            ("phone", ContactKind::Phone, &draft.phone),
            ("email", ContactKind::Email, &draft.email),
        ] {
            if let Set::To(text) = text {
                let filled = !text.reveal().trim().is_empty();
                let value = filled
                    .then(|| contacts::seal_contact(vault, kind, text.reveal(), BY_HAND))
                    .transpose()?;
                typed.push(Typed { field, shelf: Shelf::Contact, kind: kind.as_str(), value });
            }
        }
        if let Set::To(document) = &draft.document {
            let value = document
                .as_ref()
                .filter(|(_, number)| !number.reveal().trim().is_empty())
                .map(|(kind, number)| {
                    contacts::seal_document(vault, *kind, number.reveal(), BY_HAND)
                })
                .transpose()?;
            typed.push(Typed { field: "document", shelf: Shelf::Document, kind: "", value });
        }
        Ok(typed)
    }

    /// History, event and audit row of one change, in that order: the audit row is the last write.
    pub(crate) async fn write_down(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (event, action): (&str, &'static str),
        change: Change,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let author = Author::of(actor);
        let (customer, version) = (change.customer, change.version);
        let fields = change.fields.clone();
        changes::write(tx, author, now, vec![change]).await?;
        let data = events::ProfileChanged {
            customer,
            version,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            actor: author.id,
        };
        store::outbox::say(tx, &events::about(event, customer, now, &data)?).await?;
        let details = Details::new().codes("fields", &fields);
        let target = Target::new(CustomerId::KIND, customer);
        self.access().record(tx, actor, action, &target, details).await?;
        Ok(())
    }
}

/// A contact or document as typed: the value that replaces the one staff had entered.
struct Typed {
    field: &'static str,
    shelf: Shelf,
    kind: &'static str,
    value: Option<Sealed>,
}

impl Typed {
    async fn put(self, tx: &mut Tx, id: CustomerId) -> Result<()> {
        if let Some(value) = self.value {
            self.shelf.put(tx, vec![(id, value)]).await?;
        }
        Ok(())
    }

    /// Replaces what staff had entered; says so only when it differs.
    async fn replace(
        self,
        tx: &mut Tx,
        id: CustomerId,
        fields: &mut Vec<&'static str>,
        kept: &mut Map<String, serde_json::Value>,
    ) -> Result<()> {
        let all = self.shelf.of(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let of_kind = |value: &&Sealed| self.kind.is_empty() || value.kind == self.kind;
        let same = match &self.value {
            Some(new) => all.iter().any(|old| old.kind == new.kind && old.hash == new.hash),
            None => !all.iter().filter(of_kind).any(|old| old.source == BY_HAND),
        };
        if same {
            return Ok(());
        }
        kept.insert(self.shelf.table().to_owned(), changes::sealed_json(&all)?);
        self.shelf.take_from_source(tx, vec![(id, self.kind)], BY_HAND).await?;
        fields.push(self.field);
        self.put(tx, id).await
    }
}

/// Moves the version on; `false` when somebody was quicker.
pub(crate) async fn claim_version(tx: &mut Tx, id: CustomerId, from: i64, to: i64) -> Result<bool> {
    let claimed = tx
        .exec(
            store::sql("UPDATE customer SET version = $3 WHERE id = $1 AND version = $2")
                .bind(id.uuid())
                .bind(from)
                .bind(to),
        )
        .await?;
    Ok(claimed == 1)
}

/// The unique index would refuse the row too, but a broken transaction explains nothing.
async fn free_member_no(tx: &mut Tx, id: CustomerId, profile: &Profile) -> Result<()> {
    if profile.member_no.is_empty() {
        return Ok(());
    }
    let taken: i64 = tx
        .value(
            store::sql(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM customer
                 WHERE member_no = $1 AND member_no <> '' AND id <> $2",
            )
            .bind(&profile.member_no)
            .bind(id.uuid()),
        )
        .await?;
    if taken > 0 { Err(Error::MemberNoTaken) } else { Ok(()) }
}
