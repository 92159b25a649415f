//! The set-based door for feeds: a batch of rows becomes records, links and profiles in a handful
//! of statements, whatever its size.
//!
//! Order of things for a batch: split it so that no key comes twice in a round → look all keys up
//! at once → decide row by row, in memory → write all new customers, then all changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::ids;
use serde_json::Value as Json;
use store::{Col, Tx};
use uuid::Uuid;

use super::input::{Applied, MemberInput, Policy, Stated, seal_record, stated};
use super::keys::{self, Known};
use super::update;
use crate::contacts::{self, Sealed, Shelf};
use crate::model::{ContactKind, CustomerId, Profile, RecordId};
use crate::profile::row;
use crate::{Customers, Result};

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
pub(super) struct NewRecord<'a> {
    pub row: &'a MemberInput,
    pub stated: Stated,
    pub customer: CustomerId,
    pub version: i64,
    pub evidence: &'static str,
}

/// A row whose customer is known and who says something new.
pub(super) struct Renewed<'a> {
    pub index: usize,
    pub row: &'a MemberInput,
    pub stated: Stated,
    pub customer: CustomerId,
    pub previous: Option<(RecordId, i64)>,
    /// The row's member number belongs to somebody else and is not taken over.
    pub number_taken: bool,
}

impl Customers {
    /// Applies a batch of rows of the feed `source` as part of `import`. One result a row, in the
    /// order of the rows.
    ///
    /// A row is the same person as before when its `source_key` is, or, for a key not seen yet,
    /// when its member number is. A member number that belongs to somebody else is not taken over.
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
        let batch = Batch { source, import, now: self.now(), policy };
        let mut results = vec![Applied::Skipped; rows.len()];
        for round in rounds(rows) {
            self.apply_round(tx, batch, rows, &round, &mut results).await?;
        }
        Ok(results)
    }

    async fn apply_round(
        &self,
        tx: &mut Tx,
        batch: Batch<'_>,
        rows: &[MemberInput],
        round: &[usize],
        results: &mut [Applied],
    ) -> Result<()> {
        let vault = self.access().vault();
        let keys = round.iter().filter_map(|index| rows.get(*index));
        let known = keys::known(tx, batch.source, keys.map(|row| row.source_key.as_str())).await?;
        let mut open = Vec::with_capacity(round.len());
        for index in round.iter().copied() {
            let Some(row) = rows.get(index) else { continue };
            let stated = stated(vault, row);
            match known.get(&row.source_key) {
                Some(known) if known.content_hash == stated.content_hash => {
                    results[index] = Applied::Unchanged(known.customer);
                }
                known => open.push((index, row, stated, known)),
            }
        }
        let numbers: Vec<String> =
            open.iter().map(|(_, _, stated, _)| stated.member_no.clone()).collect();
        let by_number = self.ids_by_member_no(tx, &numbers).await?;
        let mut fresh = Vec::new();
        let mut renewed = Vec::new();
        for (index, row, stated, known) in open {
            match place(known, by_number.get(&stated.member_no).copied(), batch.policy) {
                Placed::Skip => {}
                Placed::Create => fresh.push((index, row, stated)),
                Placed::Renew { customer, previous, number_taken } => {
                    renewed.push(Renewed { index, row, stated, customer, previous, number_taken });
                }
            }
        }
        self.create_all(tx, batch, fresh, results).await?;
        update::renew_all(self, tx, batch, renewed, results).await
    }

    async fn create_all(
        &self,
        tx: &mut Tx,
        batch: Batch<'_>,
        fresh: Vec<(usize, &MemberInput, Stated)>,
        results: &mut [Applied],
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
        for ((index, row, stated), id) in fresh.into_iter().zip(ids) {
            let mut profile = Profile::default();
            crate::profile::draft::restore(&mut profile, &stated.data)?;
            customers.push(row::written(id, 1, batch.now, batch.now, &profile));
            self.seal_row(row, id, batch.source, &mut reach, &mut documents)?;
            results[index] = Applied::Created(id);
            records.push(NewRecord { row, stated, customer: id, version: 1, evidence: CREATED });
        }
        self.dictionary().learn(tx, &customers).await?;
        row::insert(tx, customers).await?;
        self.write_records(tx, batch, records).await?;
        Shelf::Contact.put(tx, reach).await?;
        Shelf::Document.put(tx, documents).await?;
        Ok(())
    }

    /// Seals the contacts and the document of a row.
    pub(super) fn seal_row(
        &self,
        row: &MemberInput,
        id: CustomerId,
        source: &str,
        reach: &mut Vec<(CustomerId, Sealed)>,
        documents: &mut Vec<(CustomerId, Sealed)>,
    ) -> Result<()> {
        let vault = self.access().vault();
        for (kind, text) in [(ContactKind::Phone, &row.phone), (ContactKind::Email, &row.email)] {
            if let Some(text) = super::input::filled(text.as_ref()) {
                reach.push((id, contacts::seal_contact(vault, kind, text, source)?));
            }
        }
        if let Some((kind, text)) = &row.document
            && !text.reveal().trim().is_empty()
        {
            documents.push((id, contacts::seal_document(vault, *kind, text.reveal(), source)?));
        }
        Ok(())
    }

    /// Writes source records and their links.
    pub(super) async fn write_records(
        &self,
        tx: &mut Tx,
        batch: Batch<'_>,
        records: Vec<NewRecord<'_>>,
    ) -> Result<()> {
        let mut rows = Vec::with_capacity(records.len());
        let mut links = Vec::with_capacity(records.len());
        let mut record_ids: Vec<Uuid> = records.iter().map(|_| ids::v7(batch.now)).collect();
        record_ids.sort_unstable();
        for (record, id) in records.into_iter().zip(record_ids) {
            links.push(vec![
                id.into(),
                record.customer.uuid().into(),
                record.evidence.into(),
                batch.now.into(),
            ]);
            rows.push(vec![
                id.into(),
                batch.source.into(),
                record.row.source_key.as_str().into(),
                record.version.into(),
                record.stated.content_hash.into(),
                "member".into(),
                batch.import.into(),
                Json::Object(record.stated.data).into(),
                seal_record(self.access().vault(), record.row)?.into(),
                batch.now.into(),
            ]);
        }
        tx.bulk("source_record", RECORD, rows, "").await?;
        tx.bulk("customer_link", LINK, links, "").await?;
        Ok(())
    }
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

/// Rows that speak of the same key or number go into different rounds, in their order.
fn rounds(rows: &[MemberInput]) -> Vec<Vec<usize>> {
    let mut next: HashMap<(bool, String), usize> = HashMap::with_capacity(rows.len() * 2);
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let key = (false, row.source_key.clone());
        let number = row.member_no.as_deref().map(kernel::member_no::plain).unwrap_or_default();
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
        rounds[round].push(index);
    }
    rounds
}

#[cfg(test)]
mod tests {
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
        assert_eq!(rounds(&rows), [vec![0, 1, 5], vec![2, 3], vec![4]]);
    }
}
