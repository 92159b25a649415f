//! The set-based door for feeds: a batch of rows becomes records, links and profiles in a handful
//! of statements, whatever its size.
//!
//! Order of things for a batch: split it so that no key comes twice in a round → look all keys up
//! at once → decide row by row, in memory → write all new customers, then all changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::ids;
use serde_json::Value as Json;
use store::{Col, Tx, Value};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::input::{Applied, MemberInput, Policy, Stated};
use super::keys::{self, Known};
use super::ready::ReadyMember;
use super::update;
use crate::contacts::{self, Shelf};
use crate::model::{CustomerId, RecordId};
use crate::profile::row;
use crate::search::Dictionary;
use crate::{Customers, Result, identity};

/// A batch's place in the world.
#[derive(Clone, Copy)]
pub(super) struct Batch<'a> {
    pub source: &'a str,
    pub import: Uuid,
    pub now: DateTime<Utc>,
    pub policy: Policy,
}

/// How a customer and a record came together.
pub(super) const CREATED: &str = "created";
pub(super) const BY_SOURCE_KEY: &str = "source-key";
pub(super) const BY_MEMBER_NO: &str = "member-no";
/// The import was taken back, but the customer had been changed since and stays.
pub(super) const KEPT: &str = "kept";

/// A record about to be written.
pub(super) struct NewRecord {
    pub source_key: String,
    pub stated: Stated,
    pub sealed: Option<Vec<u8>>,
    pub customer: CustomerId,
    pub version: i64,
    pub evidence: &'static str,
}

/// A row whose customer is known and who says something new.
pub(super) struct Renewed {
    pub index: usize,
    pub row: ReadyMember,
    pub customer: CustomerId,
    pub previous: Option<(RecordId, i64)>,
    /// The row's member number belongs to somebody else and is not taken over.
    pub number_taken: bool,
}

impl Customers {
    /// Applies a batch of rows of the feed `source` as part of `import`. One result a row, in the
    /// order of the rows. [`Customers::apply_ready`] does the same for rows made ready before.
    ///
    /// # Errors
    /// When the database or the vault fails: the caller's transaction is then to be dropped.
    pub async fn apply_members(
        &self,
        tx: &mut Tx,
        source: &str,
        import: Uuid,
        rows: &[MemberInput],
        policy: Policy,
    ) -> Result<Vec<Applied>> {
        self.apply_ready(tx, source, import, self.ready(source, rows)?, policy).await
    }

    /// Applies a batch of rows of the feed `source` as part of `import`. One result a row, in the
    /// order of the rows.
    ///
    /// A row is the same person as before when its `source_key` is, or, for a key not seen yet,
    /// when its member number is. A member number that belongs to somebody else is not taken over.
    ///
    /// # Errors
    /// When the database fails: the caller's transaction is then to be dropped.
    pub async fn apply_ready(
        &self,
        tx: &mut Tx,
        source: &str,
        import: Uuid,
        rows: Vec<ReadyMember>,
        policy: Policy,
    ) -> Result<Vec<Applied>> {
        let mut turn = Turn::now();
        self.apply_in_turn(tx, (source, import), rows, policy, &mut turn).await
    }

    /// As [`Customers::apply_ready`], of the feed and import `of`, beside a batch that commits
    /// before this one: until its `turn`, only rows of its own are written.
    ///
    /// # Errors
    /// As [`Customers::apply_ready`]; also when both speak of one member.
    pub async fn apply_in_turn(
        &self,
        tx: &mut Tx,
        (source, import): (&str, Uuid),
        rows: Vec<ReadyMember>,
        policy: Policy,
        turn: &mut Turn,
    ) -> Result<Vec<Applied>> {
        let batch = Batch { source, import, now: self.now(), policy };
        let mut results = vec![Applied::Skipped; rows.len()];
        for round in rounds(rows) {
            self.apply_round(tx, batch, round, (&mut results, turn)).await?;
        }
        turn.wait().await;
        identity::key::pending(tx, import).await?;
        Ok(results)
    }

    async fn apply_round(
        &self,
        tx: &mut Tx,
        batch: Batch<'_>,
        round: Vec<(usize, ReadyMember)>,
        (results, turn): (&mut [Applied], &mut Turn),
    ) -> Result<()> {
        let keys = round.iter().map(|(_, row)| row.source_key.as_str());
        let known = keys::known(tx, batch.source, keys).await?;
        let mut open = Vec::with_capacity(round.len());
        for (index, row) in round {
            match known.get(&row.source_key) {
                Some(known) if known.content_hash == row.stated.content_hash => {
                    results[index] = Applied::Unchanged(known.customer);
                }
                known => open.push((index, row, known)),
            }
        }
        let numbers: Vec<String> =
            open.iter().map(|(_, row, _)| row.stated.member_no.clone()).collect();
        let by_number = self.ids_by_member_no(tx, &numbers).await?;
        let mut fresh = Vec::new();
        let mut renewed = Vec::new();
        for (index, row, known) in open {
            match place(known, by_number.get(&row.stated.member_no).copied(), batch.policy) {
                Placed::Skip => {}
                Placed::Create => fresh.push((index, row)),
                Placed::Renew { customer, previous, number_taken } => {
                    renewed.push(Renewed { index, row, customer, previous, number_taken });
                }
            }
        }
        self.create_all(tx, batch, fresh, (results, turn)).await?;
        if !renewed.is_empty() {
            turn.wait().await;
        }
        update::renew_all(self, tx, batch, renewed, results).await
    }

    async fn create_all(
        &self,
        tx: &mut Tx,
        batch: Batch<'_>,
        fresh: Vec<(usize, ReadyMember)>,
        (results, turn): (&mut [Applied], &mut Turn),
    ) -> Result<()> {
        if fresh.is_empty() {
            return Ok(());
        }
        let mut customers = Vec::with_capacity(fresh.len());
        let mut records = Vec::with_capacity(fresh.len());
        let (mut reach, mut documents) = (Vec::new(), Vec::new());
        let mut ids: Vec<CustomerId> = fresh.iter().map(|_| CustomerId::new(batch.now)).collect();
        // In the order of the ids, every table and index grows at its end.
        ids.sort_unstable();
        for ((index, row), id) in fresh.into_iter().zip(ids) {
            let ReadyMember { source_key, stated, alone, sealed, contacts, documents: papers } =
                row;
            customers.push(alone.placed(id, 1, batch.now, batch.now));
            reach.extend(contacts.into_iter().map(|sealed| (id, sealed)));
            documents.extend(papers.into_iter().map(|sealed| (id, sealed)));
            results[index] = Applied::Created(id);
            let (customer, version, evidence) = (id, 1, CREATED);
            records.push(NewRecord { source_key, stated, sealed, customer, version, evidence });
        }
        let names = self.dictionary().unknown(&customers);
        // While the database takes one kind of rows, the next is made ready.
        let written = async { written_records(batch, records) };
        let (done, (rows, links)) = futures::join!(row::insert(tx, customers), written);
        done?;
        let shelves = async { (contacts::shelved_once(reach), contacts::shelved_once(documents)) };
        let records = tx.bulk("source_record", RECORD, rows, "");
        let (done, (reach, documents)) = futures::join!(records, shelves);
        done?;
        tx.bulk("customer_link", LINK, links, "").await?;
        Shelf::Contact.put_first(tx, reach).await?;
        Shelf::Document.put_first(tx, documents).await?;
        // Two batches share names: the one that commits first writes them first.
        turn.wait().await;
        Dictionary::write_names(tx, names).await?;
        Ok(())
    }
}

/// When a batch may touch rows that others touch too, so that batches written side by side never
/// wait for each other in a circle.
#[derive(Debug)]
pub struct Turn(Option<oneshot::Receiver<()>>);

impl Turn {
    /// At once.
    #[must_use]
    pub fn now() -> Self {
        Self(None)
    }

    /// When something is sent over the other end, or it is dropped.
    #[must_use]
    pub fn later() -> (oneshot::Sender<()>, Self) {
        let (send, receive) = oneshot::channel();
        (send, Self(Some(receive)))
    }

    async fn wait(&mut self) {
        if let Some(turn) = self.0.take() {
            // Dropped: the batch before has failed, and whoever dropped it drops this one too.
            let _ = turn.await;
        }
    }
}

/// Writes source records and their links.
pub(super) async fn write_records(
    tx: &mut Tx,
    batch: Batch<'_>,
    records: Vec<NewRecord>,
) -> Result<()> {
    let (rows, links) = written_records(batch, records);
    tx.bulk("source_record", RECORD, rows, "").await?;
    tx.bulk("customer_link", LINK, links, "").await?;
    Ok(())
}

/// The rows of source records, and of their links.
fn written_records(
    batch: Batch<'_>,
    records: Vec<NewRecord>,
) -> (Vec<Vec<Value>>, Vec<Vec<Value>>) {
    let mut record_ids: Vec<Uuid> = records.iter().map(|_| ids::v7(batch.now)).collect();
    record_ids.sort_unstable();
    let rows = records.into_iter().zip(record_ids).map(|(record, id)| {
        let link = vec![
            id.into(),
            record.customer.uuid().into(),
            record.evidence.into(),
            batch.now.into(),
        ];
        let row = vec![
            id.into(),
            batch.source.into(),
            record.source_key.into(),
            record.version.into(),
            record.stated.content_hash.into(),
            "member".into(),
            batch.import.into(),
            Json::Object(record.stated.data).into(),
            record.sealed.into(),
            batch.now.into(),
        ];
        (row, link)
    });
    rows.unzip()
}

const RECORD: &[Col] = &[
    Col::uuid("id"),
    Col::text("source"),
    Col::text("source_key"),
    Col::i64("version"),
    Col::bytes("content_hash"),
    Col::text("kind"),
    Col::uuid("import_id"),
    Col::json("data"),
    Col::bytes("sealed"),
    Col::time("recorded_at"),
];
const LINK: &[Col] = &[
    Col::uuid("source_record_id"),
    Col::uuid("customer_id"),
    Col::text("evidence"),
    Col::time("linked_at"),
];

enum Placed {
    Skip,
    Create,
    Renew { customer: CustomerId, previous: Option<(RecordId, i64)>, number_taken: bool },
}

/// The decision for one row whose content is new.
fn place(known: Option<&Known>, by_number: Option<CustomerId>, policy: Policy) -> Placed {
    match (known, by_number) {
        (None, None) if policy == Policy::Update => Placed::Skip,
        (None, None) => Placed::Create,
        _ if policy == Policy::Create => Placed::Skip,
        (Some(known), owner) => Placed::Renew {
            customer: known.customer,
            previous: Some((known.record, known.version)),
            number_taken: owner.is_some_and(|owner| owner != known.customer),
        },
        (None, Some(customer)) => Placed::Renew { customer, previous: None, number_taken: false },
    }
}

/// Rows that speak of the same key or number go into different rounds, in their order; each with its
/// place among all rows.
fn rounds(rows: Vec<ReadyMember>) -> Vec<Vec<(usize, ReadyMember)>> {
    let mut next: HashMap<(bool, String), usize> = HashMap::with_capacity(rows.len() * 2);
    let mut rounds: Vec<Vec<(usize, ReadyMember)>> = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let key = (false, row.source_key.clone());
        let number = row.stated.member_no.clone();
        let number = (!number.is_empty()).then_some((true, number));
        let of_key = next.get(&key).copied().unwrap_or(0);
        let of_number = number.as_ref().and_then(|key| next.get(key)).copied().unwrap_or(0);
        let round = of_key.max(of_number);
        next.insert(key, round + 1);
        if let Some(number) = number {
            next.insert(number, round + 1);
        }
        if rounds.len() <= round {
            rounds.resize_with(round + 1, Vec::new);
        }
        rounds[round].push((index, row));
    }
    rounds
}

#[cfg(test)]
mod tests {
    use access::Vault;

    use super::*;

    fn row(key: &str, number: &str) -> MemberInput {
        MemberInput {
            source_key: key.into(),
            member_no: Some(number.to_owned()),
            ..MemberInput::default()
        }
    }

    #[test]
    fn repeated_keys_and_numbers_go_into_later_rounds_in_order() {
        let rows = [
            row("a", "1"),
            row("b", "2"),
            row("a", ""),
            row("c", " 2"),
            row("a", "9"),
            row("d", ""),
        ];
        let rows = super::super::ready::ready_all(&Vault::for_tests(), "crm", &rows).unwrap();
        let places = |round: Vec<(usize, _)>| round.into_iter().map(|(index, _)| index).collect();
        let rounds: Vec<Vec<usize>> = rounds(rows).into_iter().map(places).collect();
        assert_eq!(rounds, [vec![0, 1, 5], vec![2, 3], vec![4]]);
    }
}
