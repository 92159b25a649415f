//! From a feed's keys to customers: one statement a batch.

use std::collections::HashMap;

use store::{Col, Tx, Value};
use uuid::Uuid;

use crate::model::{CustomerId, RecordId};
use crate::{Customers, Result};

/// The newest record of a key, and whose it is.
pub(super) struct Known {
    pub record: RecordId,
    pub version: i64,
    pub content_hash: Vec<u8>,
    pub customer: CustomerId,
}

/// The newest record of each key of `source`.
pub(super) async fn known(
    tx: &mut Tx,
    source: &str,
    keys: impl Iterator<Item = &str>,
) -> store::Result<HashMap<String, Known>> {
    let rows: Vec<Vec<Value>> = keys.map(|key| vec![source.into(), key.into()]).collect();
    let found: Vec<(String, Uuid, i64, Vec<u8>, Uuid)> = tx
        .with_rows_all(
            &[Col::text("source"), Col::text("source_key")],
            rows,
            "SELECT r.source_key, r.id, r.version, r.content_hash, l.customer_id FROM input
             JOIN source_record r
                ON r.source = input.source AND r.source_key = input.source_key
             JOIN customer_link l ON l.source_record_id = r.id AND l.unlinked_at IS NULL",
        )
        .await?;
    let mut newest: HashMap<String, Known> = HashMap::with_capacity(found.len());
    for (key, record, version, content_hash, customer) in found {
        let seen = newest.get(&key).map_or(0, |known| known.version);
        if version > seen {
            let known =
                Known { record: record.into(), version, content_hash, customer: customer.into() };
            newest.insert(key, known);
        }
    }
    Ok(newest)
}

impl Customers {
    /// Customers by the keys a feed calls them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ids_by_source_key(
        &self,
        tx: &mut Tx,
        source: &str,
        keys: &[String],
    ) -> Result<HashMap<String, CustomerId>> {
        let found = known(tx, source, keys.iter().map(String::as_str)).await?;
        Ok(found.into_iter().map(|(key, known)| (key, known.customer)).collect())
    }

    /// Customers by member number, given without blanks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ids_by_member_no(
        &self,
        tx: &mut Tx,
        numbers: &[String],
    ) -> Result<HashMap<String, CustomerId>> {
        let rows: Vec<Vec<Value>> = numbers
            .iter()
            .filter(|number| !number.is_empty())
            .map(|number| vec![number.into()])
            .collect();
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        // A number that a merged-away customer had is of whoever that is now, unless somebody who
        // is there has it.
        let mut found: Vec<(String, Uuid)> = tx
            .with_rows_all(
                &[Col::text("number")],
                rows.clone(),
                "SELECT member_no, merged_into FROM customer
                 WHERE merged_into IS NOT NULL AND member_no IN (SELECT number FROM input)",
            )
            .await?;
        let there: Vec<(String, Uuid)> = tx
            .with_rows_all(
                &[Col::text("number")],
                rows,
                "SELECT customer.member_no, customer.id FROM input JOIN customer
                   ON customer.member_no = input.number AND customer.member_no <> ''
                   AND customer.merged_into IS NULL",
            )
            .await?;
        found.extend(there);
        Ok(found.into_iter().map(|(number, id)| (number, id.into())).collect())
    }
}
