//! Where mentions went, for whoever grades identity against a known truth.

use std::collections::HashMap;

use store::{Col, Tx, Value};
use uuid::Uuid;

use crate::model::CustomerId;
use crate::{Customers, Result};

impl Customers {
    /// Whose the mentions of `source` with these keys are now, by key, by the newest version of each
    /// record that is held. Keys that no record has are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn placements(
        &self,
        tx: &mut Tx,
        source: &str,
        keys: &[String],
    ) -> Result<HashMap<String, CustomerId>> {
        let rows: Vec<Vec<Value>> =
            keys.iter().map(|key| vec![source.into(), key.as_str().into()]).collect();
        let found: Vec<(String, Uuid)> = tx
            .with_rows_all(
                &[Col::text("source"), Col::text("source_key")],
                rows,
                "SELECT input.source_key, l.customer_id FROM input
                 JOIN source_record r
                   ON r.source = input.source AND r.source_key = input.source_key
                 JOIN customer_link l ON l.source_record_id = r.id AND l.unlinked_at IS NULL
                 ORDER BY r.version",
            )
            .await?;
        Ok(found.into_iter().map(|(key, customer)| (key, customer.into())).collect())
    }

    /// The customers who hold these member numbers, by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members_placed(
        &self,
        tx: &mut Tx,
        numbers: &[String],
    ) -> Result<HashMap<String, CustomerId>> {
        let rows: Vec<Vec<Value>> =
            numbers.iter().map(|number| vec![number.as_str().into()]).collect();
        let found: Vec<(String, Uuid)> = tx
            .with_rows_all(
                &[Col::text("number")],
                rows,
                "SELECT c.member_no, c.id FROM input
                 JOIN customer c ON c.member_no = input.number AND c.trashed_at IS NULL
                 WHERE input.number <> ''",
            )
            .await?;
        Ok(found.into_iter().map(|(number, customer)| (number, customer.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crate::Policy;
    use crate::testing::{apply, both, import, member, service};

    #[tokio::test]
    async fn the_newest_held_record_counts() {
        both(async |house| {
            let customers = service(&house);
            let first = [member("a", "1000000007", "Zhou Qiming"), member("b", "", "Lin Hao")];
            apply(&customers, import(&house), &first, Policy::CreateOrUpdate).await;
            let again = [member("a", "1000000007", "ZHOU/QIMING")];
            apply(&customers, import(&house), &again, Policy::CreateOrUpdate).await;
            let mut tx = customers.db().read().await.unwrap();
            let keys = ["a", "b", "c"].map(str::to_owned);
            let placed = customers.placements(&mut tx, "crm", &keys).await.unwrap();
            assert_eq!(placed.len(), 2);
            assert_ne!(placed["a"], placed["b"]);
            let elsewhere = customers.placements(&mut tx, "booking", &keys).await.unwrap();
            assert!(elsewhere.is_empty());
            let numbers = ["1000000007", "", "9999999999"].map(str::to_owned);
            let members = customers.members_placed(&mut tx, &numbers).await.unwrap();
            assert_eq!(members.len(), 1);
            assert_eq!(members["1000000007"], placed["a"]);
        })
        .await;
    }
}
