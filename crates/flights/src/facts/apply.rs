//! Rows into a table of facts: a handful of statements for thousands of rows.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use customers::Policy;
use store::{Col, Result, Tx, Value};
use uuid::Uuid;

use super::{Applied, Fact, Table, partition};

#[derive(sqlx::FromRow)]
struct Known {
    n: i64,
    id: Uuid,
    fingerprint: i64,
    customer_id: Uuid,
}

/// Puts `facts` into `table`. One result per fact, in their order. A key that comes twice in
/// `facts` counts the first time; the second is reported unchanged.
pub(crate) async fn apply(
    tx: &mut Tx,
    table: &Table,
    (source, import): (&str, Uuid),
    facts: Vec<Fact>,
    policy: Policy,
    now: DateTime<Utc>,
) -> Result<Vec<Applied>> {
    let known = known(tx, table, source, &facts).await?;
    let mut results = vec![Applied::Unchanged; facts.len()];
    let (mut inserts, mut updates) = (Vec::new(), Vec::new());
    let (mut stale, mut seen) = (BTreeSet::new(), HashMap::new());
    // In the order of the ids, the table and its indexes grow at their end.
    let mut ids: Vec<Uuid> = facts.iter().map(|_| kernel::ids::v7(now)).collect();
    ids.sort_unstable();
    for ((n, fact), id) in facts.into_iter().enumerate().zip(ids) {
        if seen.insert(fact.source_key.clone(), n).is_some() {
            continue;
        }
        let month = partition(fact.month);
        match known.get(&n) {
            None if policy == Policy::Update => results[n] = Applied::Skipped,
            None => {
                results[n] = Applied::Created;
                stale.insert(month);
                inserts.push(fact.row(id, source, import));
            }
            Some(old)
                if old.fingerprint == fact.fingerprint
                    && old.customer_id == fact.customer.uuid() => {}
            Some(_) if policy == Policy::Create => results[n] = Applied::Skipped,
            Some(old) => {
                results[n] = Applied::Updated;
                stale.insert(month);
                updates.push(fact.row(old.id, source, import));
            }
        }
    }
    if !inserts.is_empty() {
        tx.bulk(table.name, &table.cols(), inserts, "").await?;
    }
    if !updates.is_empty() {
        stale.extend(replace(tx, table, import, updates).await?);
    }
    mark_stale(tx, table, stale).await?;
    Ok(results)
}

async fn known(
    tx: &mut Tx,
    table: &Table,
    source: &str,
    facts: &[Fact],
) -> Result<HashMap<usize, Known>> {
    let rows = facts
        .iter()
        .enumerate()
        .map(|(n, fact)| {
            vec![Value::from(n as i64), source.into(), fact.source_key.as_str().into()]
        })
        .collect();
    let text = format!(
        "SELECT input.n, f.id, f.fingerprint, f.customer_id FROM input
         JOIN {} f ON f.source = input.source AND f.source_key = input.source_key",
        table.name
    );
    let columns = [Col::i64("n"), Col::text("source"), Col::text("source_key")];
    let found: Vec<Known> = tx.with_rows_all(&columns, rows, &text).await?;
    Ok(found.into_iter().map(|known| (usize::try_from(known.n).unwrap_or(0), known)).collect())
}

/// Copies the old rows aside and writes the new ones. Returns the partitions the old rows were in.
async fn replace(
    tx: &mut Tx,
    table: &Table,
    import: Uuid,
    rows: Vec<Vec<Value>>,
) -> Result<BTreeSet<String>> {
    let ids: Vec<Vec<Value>> = rows.iter().map(|row| vec![row[0].clone(), import.into()]).collect();
    let names = table.names();
    // An import that changes a row twice keeps what the row was before the first time.
    let copy = format!(
        "INSERT INTO {before} (replaced_by, id, {names})
         SELECT input.import, {name}.id, {names} FROM {name}
         JOIN input ON input.id = {name}.id WHERE TRUE
         ON CONFLICT (replaced_by, id) DO NOTHING",
        before = table.before,
        name = table.name,
    );
    let columns = [Col::uuid("id"), Col::uuid("import")];
    let stale = super::revert::months(tx, table, ids.clone()).await?;
    tx.with_rows(&columns, ids, &copy).await?;
    let sets: Vec<String> = super::COMMON
        .iter()
        .chain(table.columns)
        .map(|(name, _)| *name)
        .filter(|name| !matches!(*name, "created_import" | "source" | "source_key"))
        .map(|name| format!("{name} = input.{name}"))
        .collect();
    let update = format!(
        "UPDATE {} SET {} FROM input WHERE {}.id = input.id",
        table.name,
        sets.join(", "),
        table.name
    );
    tx.with_rows(&table.cols(), rows, &update).await?;
    Ok(stale)
}

/// Says that the Parquet copies of these partitions are behind.
pub(crate) async fn mark_stale(
    tx: &mut Tx,
    table: &Table,
    partitions: BTreeSet<String>,
) -> Result<()> {
    let Some(lake) = table.lake else { return Ok(()) };
    let rows: Vec<Vec<Value>> = partitions
        .into_iter()
        .map(|month| vec![lake.into(), month.into(), 1_i64.into(), 0_i64.into()])
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns = [
        Col::text("table_name"),
        Col::text("month"),
        Col::i64("version"),
        Col::i64("written_version"),
    ];
    tx.bulk(
        "lake_partition",
        &columns,
        rows,
        "ON CONFLICT (table_name, month) DO UPDATE SET version = lake_partition.version + 1",
    )
    .await?;
    Ok(())
}
