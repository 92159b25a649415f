//! Taking an import out again: what it made is deleted, what it replaced is put back.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use store::{Col, Result, Tx, Value, sql};
use uuid::Uuid;

use super::apply::mark_stale;
use super::{COMMON, Reverted, Table, partition};
use crate::{months, segments, summaries};

impl crate::Flights {
    /// Undoes up to `limit` rows of `import`; call until [`Reverted::more`] is false. Rows that a
    /// later import wrote are kept and counted in the last call. Before the revert of customers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revert_import(
        &self,
        tx: &mut Tx,
        import: Uuid,
        limit: i64,
    ) -> crate::Result<Reverted> {
        let (mut all, mut whose) = (Reverted::default(), BTreeSet::new());
        for table in [&segments::TABLE, &summaries::TABLE, &months::TABLE] {
            let left = limit - i64::try_from(all.undone).unwrap_or(limit);
            if left <= 0 {
                break;
            }
            all.undone += put_back(tx, table, import, left, &mut whose).await?;
            let left = limit - i64::try_from(all.undone).unwrap_or(limit);
            if left > 0 {
                all.undone += delete(tx, table, import, left, &mut whose).await?;
            }
        }
        self.tell_changed(tx, whose).await?;
        all.more = i64::try_from(all.undone).unwrap_or(limit) >= limit;
        if !all.more {
            for table in [&segments::TABLE, &summaries::TABLE, &months::TABLE] {
                all.kept_changed_later += kept(tx, table, import).await?;
            }
        }
        Ok(all)
    }
}

/// Deletes rows that `import` made and nobody wrote since.
async fn delete(
    tx: &mut Tx,
    table: &Table,
    import: Uuid,
    limit: i64,
    whose: &mut BTreeSet<Uuid>,
) -> Result<u64> {
    let mut query = store::SqlBuilder::new("SELECT id FROM ");
    query.push(table.name).push(" WHERE created_import = ").bind(import);
    query.push(" AND import_id = ").bind(import).push(" LIMIT ").bind(limit);
    let ids: Vec<Uuid> = tx.values(query.build()).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let rows: Vec<Vec<Value>> = ids.into_iter().map(|id| vec![id.into(), import.into()]).collect();
    let stale = months(tx, table, rows.clone()).await?;
    whose.extend(whose_of(tx, table, rows.clone()).await?);
    let text = format!("DELETE FROM {} WHERE id IN (SELECT id FROM input)", table.name);
    let done = tx.with_rows(&[Col::uuid("id"), Col::uuid("import")], rows, &text).await?;
    mark_stale(tx, table, stale).await?;
    Ok(done)
}

/// Puts back rows that `import` replaced, where it was the last to write.
async fn put_back(
    tx: &mut Tx,
    table: &Table,
    import: Uuid,
    limit: i64,
    whose: &mut BTreeSet<Uuid>,
) -> Result<u64> {
    let mut query = store::SqlBuilder::new("SELECT b.id FROM ");
    query.push(table.before).push(" b JOIN ").push(table.name).push(" f ON f.id = b.id");
    query.push(" WHERE b.replaced_by = ").bind(import);
    query.push(" AND f.import_id = ").bind(import).push(" LIMIT ").bind(limit);
    let ids: Vec<Uuid> = tx.values(query.build()).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let rows: Vec<Vec<Value>> = ids.into_iter().map(|id| vec![id.into(), import.into()]).collect();
    let columns = [Col::uuid("id"), Col::uuid("import")];
    let mut stale = months(tx, table, rows.clone()).await?;
    whose.extend(whose_of(tx, table, rows.clone()).await?);
    let sets: Vec<String> =
        COMMON.iter().chain(table.columns).map(|(name, _)| format!("{name} = b.{name}")).collect();
    let update = format!(
        "UPDATE {name} SET {sets} FROM input JOIN {before} b ON b.id = input.id
            AND b.replaced_by = input.import WHERE {name}.id = input.id",
        name = table.name,
        before = table.before,
        sets = sets.join(", "),
    );
    let done = tx.with_rows(&columns, rows.clone(), &update).await?;
    stale.extend(months(tx, table, rows.clone()).await?);
    whose.extend(whose_of(tx, table, rows.clone()).await?);
    if table.name == segments::TABLE.name {
        let same = "flown_segment.id = input.id";
        segments::hang_on_records(tx, &columns, rows.clone(), same).await?;
    }
    let forget = format!(
        "DELETE FROM {} WHERE (replaced_by, id) IN (SELECT import, id FROM input)",
        table.before
    );
    tx.with_rows(&columns, rows, &forget).await?;
    mark_stale(tx, table, stale).await?;
    Ok(done)
}

/// Rows of `import` that a later import has written.
async fn kept(tx: &mut Tx, table: &Table, import: Uuid) -> Result<u64> {
    let mut query = store::SqlBuilder::new("SELECT COUNT(*) FROM ");
    query.push(table.name).push(" WHERE created_import = ").bind(import);
    query.push(" AND import_id <> ").bind(import);
    let made: i64 = tx.value(query.build()).await?;
    let mut query = store::SqlBuilder::new("SELECT COUNT(*) FROM ");
    query.push(table.before).push(" WHERE replaced_by = ").bind(import);
    let replaced: i64 = tx.value(query.build()).await?;
    Ok(u64::try_from(made + replaced).unwrap_or(0))
}

/// Whose segments these rows are now; nobody's when the table is another.
async fn whose_of(tx: &mut Tx, table: &Table, rows: Vec<Vec<Value>>) -> Result<BTreeSet<Uuid>> {
    if table.name != segments::TABLE.name {
        return Ok(BTreeSet::new());
    }
    crate::changes::owners(tx, &[Col::uuid("id"), Col::uuid("import")], rows, "s.id = input.id")
        .await
}

/// The partitions these rows are in now.
pub(super) async fn months(
    tx: &mut Tx,
    table: &Table,
    rows: Vec<Vec<Value>>,
) -> Result<BTreeSet<String>> {
    match table.lake {
        None => Ok(BTreeSet::new()),
        Some(name) if name == crate::SUMMARIES => Ok(BTreeSet::from([partition(None)])),
        Some(_) => {
            let text = format!(
                "SELECT DISTINCT f.flight_date FROM {} f JOIN input ON input.id = f.id",
                table.name
            );
            let days: Vec<(NaiveDate,)> =
                tx.with_rows_all(&[Col::uuid("id"), Col::uuid("import")], rows, &text).await?;
            Ok(days.into_iter().map(|(day,)| partition(Some(day))).collect())
        }
    }
}

/// Forgets what rows were before imports that can no longer be undone. Returns how many.
pub(crate) async fn forget_before(tx: &mut Tx, imports: &[Uuid]) -> Result<u64> {
    let mut gone = 0;
    for import in imports {
        for text in [
            "DELETE FROM flown_segment_before WHERE replaced_by = $1",
            "DELETE FROM activity_summary_before WHERE replaced_by = $1",
            "DELETE FROM activity_month_before WHERE replaced_by = $1",
        ] {
            gone += tx.exec(sql(text).bind(*import)).await?;
        }
    }
    Ok(gone)
}
