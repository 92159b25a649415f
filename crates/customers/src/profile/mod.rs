//! One customer: read, made, edited, put in the trash and taken out again.

pub mod draft;
mod edit;
mod privacy;
pub(crate) mod row;
mod trash;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use access::Actor;
use kernel::names::PersonName;
use store::{Tx, Value};
use uuid::Uuid;

use crate::model::{Contact, Customer, CustomerId, Document};
use crate::{Customers, Error, Result, contacts, permissions};

pub use edit::Edited;
pub(crate) use privacy::delete as delete_all;
pub use privacy::{Export, PERSONAL_TABLES, Revealed};

/// A customer with what hangs on the profile itself.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Profile and published figures.
    pub customer: Customer,
    /// Masked.
    pub contacts: Vec<Contact>,
    /// Masked.
    pub documents: Vec<Document>,
    /// In alphabetical order.
    pub tags: Vec<String>,
}

impl Customers {
    /// The customer, also from the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] without `customers.read`.
    pub async fn get(&self, actor: &Actor, id: CustomerId) -> Result<Customer> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        load(&mut tx, id).await
    }

    /// The customer with masked contacts, documents and tags.
    ///
    /// # Errors
    /// As [`Customers::get`].
    pub async fn whole(&self, actor: &Actor, id: CustomerId) -> Result<Whole> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        Ok(Whole {
            customer: load(&mut tx, id).await?,
            contacts: contacts::contacts_of(&mut tx, id).await?,
            documents: contacts::documents_of(&mut tx, id).await?,
            tags: crate::tags::of(&mut tx, id).await?,
        })
    }

    /// Names of customers, for other domains' pages and jobs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(
        &self,
        tx: &mut Tx,
        ids: &[CustomerId],
    ) -> Result<HashMap<CustomerId, PersonName>> {
        let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![id.uuid().into()]).collect();
        let found: Vec<(Uuid, String, String, String)> = tx
            .with_rows_all(
                &[store::Col::uuid("id")],
                rows,
                "SELECT customer.id, name_native, surname, given FROM customer
                 JOIN input ON input.id = customer.id",
            )
            .await?;
        Ok(found
            .into_iter()
            .map(|(id, native, surname, given)| (id.into(), row::name_of(native, surname, given)))
            .collect())
    }
}

/// The customer in this transaction.
pub(crate) async fn load(tx: &mut Tx, id: CustomerId) -> Result<Customer> {
    let found: Option<row::Row> = tx.maybe(row::select_one(id)).await?;
    found.map(Customer::from).ok_or(Error::NotFound("customer"))
}
