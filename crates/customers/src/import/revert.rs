//! Taking an import back, part by part: profiles it changed become what they were, customers it
//! made are deleted. What somebody changed since stays as it is.

use std::collections::HashSet;

use store::{Col, Tx, sql};
use uuid::Uuid;

use super::apply::{CREATED, KEPT};
use crate::changes::{self, Kept};
use crate::contacts::{Sealed, Shelf};
use crate::model::{Customer, CustomerId};
use crate::profile::{draft, row};
use crate::{Customers, Result};

/// How far one part of a revert came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reverted {
    /// Changes and customers taken back.
    pub undone: u64,
    /// Left alone, because somebody changed them later or other facts hang on them.
    pub kept_changed_later: u64,
    /// There is more: call again.
    pub more: bool,
}

impl Customers {
    /// Takes back up to `limit` changes of `import`. Call until there is no more. Facts of other
    /// domains from the same import go first: a customer somebody still refers to is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revert_import(&self, tx: &mut Tx, import: Uuid, limit: i64) -> Result<Reverted> {
        let limit = limit.max(1);
        let mut done = Reverted::default();
        if self.revert_changes(tx, import, limit, &mut done).await? {
            done.more = true;
            return Ok(done);
        }
        if self.revert_created(tx, import, limit, &mut done).await? {
            done.more = true;
            return Ok(done);
        }
        done.more = drop_records(self, tx, import, limit).await?;
        Ok(done)
    }

    /// Newest first. Returns whether there may be more.
    async fn revert_changes(
        &self,
        tx: &mut Tx,
        import: Uuid,
        limit: i64,
        done: &mut Reverted,
    ) -> Result<bool> {
        let changes: Vec<Kept> = changes::of_batch(tx, import, limit).await?;
        let full = i64::try_from(changes.len()).unwrap_or(0) == limit;
        let ids: Vec<CustomerId> = changes.iter().map(|c| c.customer_id.into()).collect();
        let later = changed_later(tx, import, &ids).await?;
        let mut current = row::by_ids(tx, &ids).await?;
        let (mut gone, mut kept) = (Vec::new(), Vec::new());
        let mut touched: Vec<CustomerId> = Vec::new();
        let mut shelves = [(Shelf::Contact, Vec::new()), (Shelf::Document, Vec::new())];
        for change in changes {
            let id = CustomerId::from(change.customer_id);
            let Some(customer) = current.get_mut(&id).filter(|_| !later.contains(&id)) else {
                kept.push(change);
                continue;
            };
            draft::restore(&mut customer.profile, &change.before.0)?;
            for (shelf, values) in &mut shelves {
                if let Some(value) = change.before.0.get(shelf.table()) {
                    let before: Vec<Sealed> = serde_json::from_value(value.clone())?;
                    values.retain(|(whose, _): &(CustomerId, Vec<Sealed>)| *whose != id);
                    values.push((id, before));
                }
            }
            if !touched.contains(&id) {
                touched.push(id);
            }
            gone.push(change.id);
        }
        done.undone += gone.len() as u64;
        done.kept_changed_later += kept.len() as u64;
        let now = self.now();
        let rewritten: Vec<Customer> = touched.iter().filter_map(|id| current.remove(id)).collect();
        let written = rewritten
            .iter()
            .map(|c| row::written(c.id, c.version + 1, c.created_at, now, &c.profile))
            .collect();
        row::rewrite(tx, written).await?;
        for (shelf, values) in shelves {
            let whose: Vec<CustomerId> = values.iter().map(|(id, _)| *id).collect();
            shelf.clear(tx, &whose).await?;
            let flat = values
                .into_iter()
                .flat_map(|(id, all)| all.into_iter().map(move |value| (id, value)));
            shelf.put(tx, flat.collect()).await?;
        }
        self.settle_changes(tx, import, &gone, kept).await?;
        Ok(full)
    }

    /// Changes taken back disappear; those kept lose their tie to the import, as do the records
    /// behind them.
    async fn settle_changes(
        &self,
        tx: &mut Tx,
        import: Uuid,
        gone: &[Uuid],
        kept: Vec<Kept>,
    ) -> Result<()> {
        changes::drop_rows(tx, gone.iter().map(|id| vec![(*id).into()]).collect()).await?;
        changes::untie_rows(tx, kept.iter().map(|change| vec![change.id.into()]).collect()).await?;
        let kept: Vec<CustomerId> = kept.iter().map(|change| change.customer_id.into()).collect();
        keep_links(tx, import, &kept).await
    }

    /// Customers the import made and nobody touched since. Returns whether there may be more.
    async fn revert_created(
        &self,
        tx: &mut Tx,
        import: Uuid,
        limit: i64,
        done: &mut Reverted,
    ) -> Result<bool> {
        let made: Vec<Uuid> = tx
            .values(
                sql("SELECT l.customer_id FROM source_record r
                     JOIN customer_link l ON l.source_record_id = r.id
                     WHERE r.import_id = $1 AND l.evidence = $2 LIMIT $3")
                .bind(import)
                .bind(CREATED)
                .bind(limit),
            )
            .await?;
        let full = i64::try_from(made.len()).unwrap_or(0) == limit;
        let made: Vec<CustomerId> = made.into_iter().map(CustomerId::from).collect();
        let mut stay = touched_since(tx, import, &made).await?;
        if let Some(in_use) = self.in_use() {
            let free: Vec<CustomerId> =
                made.iter().copied().filter(|id| !stay.contains(id)).collect();
            stay.extend(in_use(tx, free).await?);
        }
        let (kept, gone): (Vec<CustomerId>, Vec<CustomerId>) =
            made.into_iter().partition(|id| stay.contains(id));
        crate::profile::delete_all(self, tx, &gone).await?;
        keep_links(tx, import, &kept).await?;
        done.undone += gone.len() as u64;
        done.kept_changed_later += kept.len() as u64;
        Ok(full)
    }
}

/// Those of `ids` that something other than `import` changed after it did.
async fn changed_later(
    tx: &mut Tx,
    import: Uuid,
    ids: &[CustomerId],
) -> store::Result<HashSet<CustomerId>> {
    let rows = ids.iter().map(|id| vec![id.uuid().into(), import.into()]).collect();
    let found: Vec<(Uuid,)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::uuid("import")],
            rows,
            "SELECT DISTINCT c.customer_id FROM customer_change c
             JOIN input ON input.id = c.customer_id
             WHERE (c.batch_id IS NULL OR c.batch_id <> input.import)
               AND c.version > (SELECT MIN(o.version) FROM customer_change o
                 WHERE o.customer_id = c.customer_id AND o.batch_id = input.import)",
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id.into()).collect())
}

/// Those of `ids` that have any history, staff work or record beside what `import` brought.
async fn touched_since(
    tx: &mut Tx,
    import: Uuid,
    ids: &[CustomerId],
) -> store::Result<HashSet<CustomerId>> {
    let rows = ids.iter().map(|id| vec![id.uuid().into(), import.into()]).collect();
    let found: Vec<(Uuid,)> = tx
        .with_rows_all(
            &[Col::uuid("id"), Col::uuid("import")],
            rows,
            "SELECT input.id FROM input WHERE
               EXISTS (SELECT 1 FROM customer_change c WHERE c.customer_id = input.id)
               OR EXISTS (SELECT 1 FROM customer_note n WHERE n.customer_id = input.id)
               OR EXISTS (SELECT 1 FROM customer_task t WHERE t.customer_id = input.id)
               OR EXISTS (SELECT 1 FROM customer_tag g WHERE g.customer_id = input.id)
               OR EXISTS (SELECT 1 FROM customer_link l
                  JOIN source_record r ON r.id = l.source_record_id
                  WHERE l.customer_id = input.id
                    AND (r.import_id IS NULL OR r.import_id <> input.import))",
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id.into()).collect())
}

/// The import's records of customers that stay are no longer taken back.
async fn keep_links(tx: &mut Tx, import: Uuid, ids: &[CustomerId]) -> Result<()> {
    let rows = ids.iter().map(|id| vec![id.uuid().into(), import.into(), KEPT.into()]).collect();
    tx.with_rows(
        &[Col::uuid("id"), Col::uuid("import"), Col::text("evidence")],
        rows,
        "UPDATE customer_link SET evidence = input.evidence FROM input
         WHERE customer_link.customer_id = input.id AND EXISTS (SELECT 1 FROM source_record r
            WHERE r.id = customer_link.source_record_id AND r.import_id = input.import)",
    )
    .await?;
    Ok(())
}

/// What the import said about customers that are as before. Returns whether there may be more.
async fn drop_records(
    customers: &Customers,
    tx: &mut Tx,
    import: Uuid,
    limit: i64,
) -> Result<bool> {
    let records: Vec<Uuid> = tx
        .values(
            sql("SELECT r.id FROM source_record r
                 JOIN customer_link l ON l.source_record_id = r.id
                 WHERE r.import_id = $1 AND l.evidence <> $2 LIMIT $3")
            .bind(import)
            .bind(KEPT)
            .bind(limit),
        )
        .await?;
    let full = i64::try_from(records.len()).unwrap_or(0) == limit;
    let rows: Vec<Vec<store::Value>> = records.into_iter().map(|id| vec![id.into()]).collect();
    customers.drop_keys(tx, rows.clone()).await?;
    tx.with_rows(
        &[Col::uuid("id")],
        rows,
        "DELETE FROM source_record WHERE id IN (SELECT id FROM input)",
    )
    .await?;
    Ok(full)
}
