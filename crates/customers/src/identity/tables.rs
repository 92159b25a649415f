//! The tables of identity: keys records are found by, and counts of what people share.

use std::collections::HashSet;

use matching::person::{Counts, EVERYBODY, Person, Tally};
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::known::{Own, mentions, under};
use crate::model::RecordId;

/// Different parts counted of one key at most: no name of a million people has more, and a contact
/// says nothing from nine.
const MOST_COUNTED: usize = 5_000;

/// Hashes are kept as the engines' signed numbers.
pub(super) fn signed(key: u64) -> i64 {
    i64::from_be_bytes(key.to_be_bytes())
}

pub(super) fn unsigned(key: i64) -> u64 {
    u64::from_be_bytes(key.to_be_bytes())
}

/// Puts keys of records in their table; those that are there stay.
pub(super) async fn put_keys(tx: &mut Tx, keys: Vec<(RecordId, u64)>) -> store::Result<()> {
    let mut rows: Vec<(i64, Uuid)> =
        keys.into_iter().map(|(id, key)| (signed(key), id.uuid())).collect();
    // In the order of the index.
    rows.sort_unstable();
    let rows = rows.into_iter().map(|(key, id)| vec![key.into(), id.into()]).collect();
    let columns = [Col::i64("key"), Col::uuid("record_id")];
    tx.bulk("identity_key", &columns, rows, "ON CONFLICT (key, record_id) DO NOTHING").await?;
    Ok(())
}

/// Counts what these people share; counted once, however often said. All people together are
/// counted as customers are.
pub(super) async fn put_tallies(tx: &mut Tx, people: &[&Person]) -> store::Result<()> {
    let mut tallies: Vec<Tally> = people
        .iter()
        .flat_map(|one| one.tallies())
        .filter(|tally| tally.key != EVERYBODY)
        .collect();
    tallies.sort_unstable_by_key(|tally| (signed(tally.key), signed(tally.part)));
    tallies.dedup();
    let row = |tally: Tally| vec![signed(tally.key).into(), signed(tally.part).into()];
    let rows = tallies.into_iter().map(row).collect();
    let columns = [Col::i64("key"), Col::i64("part")];
    tx.bulk("identity_tally", &columns, rows, "ON CONFLICT (key, part) DO NOTHING").await?;
    Ok(())
}

/// How many rows of a table of identity stand under each key, counted up to `most`.
pub(super) async fn under_keys(
    tx: &mut Tx,
    table: &str,
    keys: impl Iterator<Item = u64>,
    most: usize,
) -> store::Result<Vec<(i64, i64)>> {
    tx.with_rows_all(
        &[Col::i64("key")],
        keys.map(|key| vec![signed(key).into()]).collect(),
        &format!(
            "SELECT input.key, (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one
                FROM {table} t WHERE t.key = input.key LIMIT {most}) AS few)
             FROM input"
        ),
    )
    .await
}

/// How many share what these people have.
pub(super) async fn counts(
    tx: &mut Tx,
    everybody: i64,
    people: &[&Person],
) -> store::Result<Counts> {
    let keys: HashSet<u64> = people.iter().flat_map(|one| one.counted()).collect();
    let mut counts = Counts::default();
    for (key, holders) in under_keys(tx, "identity_tally", keys.into_iter(), MOST_COUNTED).await? {
        if holders > 1 {
            counts.set(unsigned(key), u32::try_from(holders).unwrap_or(u32::MAX));
        }
    }
    counts.set(EVERYBODY, u32::try_from(everybody.max(1)).unwrap_or(u32::MAX));
    Ok(counts)
}

impl crate::Customers {
    /// Takes the keys of records that are about to go, and what only they count.
    pub(crate) async fn drop_keys(
        &self,
        tx: &mut Tx,
        records: Vec<Vec<Value>>,
    ) -> store::Result<()> {
        let own = |programme: &str, number: &str| self.is_own(programme, number);
        drop_keys(tx, &own, records).await
    }
}

async fn drop_keys(tx: &mut Tx, own: Own<'_>, records: Vec<Vec<Value>>) -> store::Result<()> {
    let mut gone: HashSet<Tally> = HashSet::new();
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    for mention in mentions(tx, own, records).await? {
        let Some(record) = mention.record else { continue };
        gone.extend(mention.person.tallies());
        for key in super::place::keys_of(&mention.person, mention.booking) {
            rows.push(vec![signed(key.key).into(), record.uuid().into()]);
            keys.push(key);
        }
    }
    tx.with_rows(
        &[Col::i64("key"), Col::uuid("record_id")],
        rows,
        "DELETE FROM identity_key WHERE (key, record_id) IN (SELECT key, record_id FROM input)",
    )
    .await?;
    // What others say as well still counts. Whoever shares a contact or a name with its birth date
    // shares a key; a name that others say without a birth date counts anew with their next word.
    let others: HashSet<Uuid> =
        under(tx, &keys).await?.into_values().flatten().map(|(record, _)| record.uuid()).collect();
    let others = others.into_iter().map(|id| vec![id.into()]).collect();
    for mention in mentions(tx, own, others).await? {
        for tally in mention.person.tallies() {
            gone.remove(&tally);
        }
    }
    let rows = gone.into_iter().map(|t| vec![signed(t.key).into(), signed(t.part).into()]);
    tx.with_rows(
        &[Col::i64("key"), Col::i64("part")],
        rows.collect(),
        "DELETE FROM identity_tally WHERE (key, part) IN (SELECT key, part FROM input)",
    )
    .await?;
    Ok(())
}
