//! What is known that a statement may belong to: records that share a key with it, and whose they
//! are. A few statements a batch, whatever its size.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use matching::person::{BlockKey, MOST, Person, PersonRecord};
use serde_json::{Map, Value as Json};
use sqlx::types::Json as Column;
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::booking::{self, Booking};
use super::stated;
use super::survive::Said;
use super::tables::{under_keys, unsigned};
use crate::contacts::{Sealed, Shelf};
use crate::model::{ContactKind, Customer, CustomerId, RecordId};
use crate::profile::row;

/// Of a customer with many records under one key, so many of the newest are compared, and so many
/// of the oldest: a member file's record is old and says most.
const NEWEST: usize = 12;
const OLDEST: usize = 4;
/// Customers with one contact or document that are looked at.
const MOST_ON_SHELF: i64 = 50;

/// One record, made ready to compare.
pub(super) struct Mention {
    /// `None` stands for the profile itself: what staff entered, or a file whose records have no
    /// keys yet.
    pub record: Option<RecordId>,
    /// Where it was placed, before any merge.
    pub home: CustomerId,
    pub source: String,
    pub key: String,
    pub booking: Option<Booking>,
    pub person: Person,
    pub said: Option<Said>,
}

/// A customer a statement may belong to.
pub(super) struct Candidate {
    pub customer: Customer,
    pub mentions: Vec<Mention>,
    /// It was merged or split: its profile may be made of several parts, not all of them loaded.
    pub several: bool,
}

/// The newest version of a source's key.
pub(super) struct Version {
    pub record: RecordId,
    pub version: i64,
    pub content_hash: Vec<u8>,
    pub customer: CustomerId,
}

/// The newest version of each (source, key).
pub(super) async fn versions(
    tx: &mut Tx,
    rows: Vec<Vec<Value>>,
) -> store::Result<HashMap<(String, String), Version>> {
    let found: Vec<(String, String, Uuid, i64, Vec<u8>, Uuid)> = tx
        .with_rows_all(
            &[Col::text("source"), Col::text("source_key")],
            rows,
            "SELECT r.source, r.source_key, r.id, r.version, r.content_hash, l.customer_id
             FROM input JOIN source_record r
                ON r.source = input.source AND r.source_key = input.source_key
             JOIN customer_link l ON l.source_record_id = r.id AND l.unlinked_at IS NULL",
        )
        .await?;
    let mut newest: HashMap<(String, String), Version> = HashMap::with_capacity(found.len());
    for (source, key, record, version, content_hash, customer) in found {
        let key = (source, key);
        if newest.get(&key).is_none_or(|seen| seen.version < version) {
            let (record, customer) = (record.into(), customer.into());
            newest.insert(key, Version { record, version, content_hash, customer });
        }
    }
    Ok(newest)
}

/// Records under keys.
pub(super) type Under = HashMap<u64, Vec<(RecordId, CustomerId)>>;

/// The records under each key and whose they are: all of keys that at most [`MOST`] records have,
/// the newest [`MOST`] of strong ones beyond, none of others.
pub(super) async fn under(tx: &mut Tx, keys: &[BlockKey]) -> store::Result<Under> {
    let mut asked: BTreeMap<u64, bool> = BTreeMap::new();
    for key in keys {
        *asked.entry(key.key).or_default() |= key.strong;
    }
    let most = MOST + 1;
    let counted = under_keys(tx, "identity_key", asked.keys().copied(), most).await?;
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for (key, count) in counted {
        if count > 0 && count < most as i64 {
            few.push(vec![key.into()]);
        } else if count > 0 && asked.get(&unsigned(key)).copied().unwrap_or(false) {
            many.push(vec![key.into()]);
        }
    }
    let mut found: Vec<(i64, Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::i64("key")],
            few,
            "SELECT k.key, k.record_id, l.customer_id FROM input
             JOIN identity_key k ON k.key = input.key
             JOIN customer_link l ON l.source_record_id = k.record_id AND l.unlinked_at IS NULL",
        )
        .await?;
    if !many.is_empty() {
        found.extend(newest_of(tx, many).await?);
    }
    let mut under = Under::with_capacity(found.len());
    for (key, record, customer) in found {
        under.entry(unsigned(key)).or_default().push((record.into(), customer.into()));
    }
    Ok(under)
}

/// The newest [`MOST`] records of keys that have more.
async fn newest_of(tx: &mut Tx, keys: Vec<Vec<Value>>) -> store::Result<Vec<(i64, Uuid, Uuid)>> {
    let from: Vec<(i64, Uuid)> = tx
        .with_rows_all(
            &[Col::i64("key")],
            keys,
            &format!(
                "SELECT input.key, (SELECT k.record_id FROM identity_key k
                    WHERE k.key = input.key ORDER BY k.record_id DESC LIMIT 1 OFFSET {})
                 FROM input",
                MOST - 1
            ),
        )
        .await?;
    let rows = from.into_iter().map(|(key, record)| vec![key.into(), record.into()]).collect();
    tx.with_rows_all(
        &[Col::i64("key"), Col::uuid("record_id")],
        rows,
        "SELECT k.key, k.record_id, l.customer_id FROM input
         JOIN identity_key k ON k.key = input.key AND k.record_id >= input.record_id
         JOIN customer_link l ON l.source_record_id = k.record_id AND l.unlinked_at IS NULL",
    )
    .await
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    id: Uuid,
    kind: String,
    source: String,
    source_key: String,
    data: Column<Map<String, Json>>,
    at: DateTime<Utc>,
    home: Uuid,
}

/// How a record is read: whether a membership is of the airline's own programme.
pub(super) type Own<'a> = &'a (dyn Fn(&str, &str) -> bool + Send + Sync);

/// Customers by the contacts and documents on their shelves: those whom staff entered, and those of
/// a file whose records have no keys yet. A value that more than fifty have says nothing.
pub(super) async fn by_shelf(
    tx: &mut Tx,
    hashes: Vec<Vec<u8>>,
) -> store::Result<Vec<(Vec<u8>, CustomerId)>> {
    let mut found = Vec::new();
    for table in ["customer_contact", "customer_document"] {
        let rows = hashes.iter().map(|hash| vec![hash.clone().into()]).collect();
        let counted: Vec<(Vec<u8>, i64)> = tx
            .with_rows_all(
                &[Col::bytes("hash")],
                rows,
                &format!(
                    "SELECT input.hash, (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one
                        FROM {table} s WHERE s.hash = input.hash LIMIT {}) AS few)
                     FROM input",
                    MOST_ON_SHELF + 1
                ),
            )
            .await?;
        let few = counted
            .into_iter()
            .filter(|(_, count)| (1..=MOST_ON_SHELF).contains(count))
            .map(|(hash, _)| vec![hash.into()])
            .collect();
        let part: Vec<(Vec<u8>, Uuid)> = tx
            .with_rows_all(
                &[Col::bytes("hash")],
                few,
                &format!(
                    "SELECT s.hash, s.customer_id FROM input
                     JOIN {table} s ON s.hash = input.hash
                     JOIN customer c ON c.id = s.customer_id AND c.merged_into IS NULL"
                ),
            )
            .await?;
        found.extend(part.into_iter().map(|(hash, id)| (hash, id.into())));
    }
    Ok(found)
}

/// The customers of these records, with as many of their records as are compared.
pub(super) async fn candidates(
    tx: &mut Tx,
    own: Own<'_>,
    under: &Under,
    also: &[CustomerId],
) -> store::Result<HashMap<CustomerId, Candidate>> {
    let mut by_customer: HashMap<CustomerId, Vec<RecordId>> =
        also.iter().map(|id| (*id, Vec::new())).collect();
    for records in under.values() {
        let mut of_key: HashMap<CustomerId, Vec<RecordId>> = HashMap::new();
        records.iter().for_each(|(record, id)| of_key.entry(*id).or_default().push(*record));
        for (id, mut records) in of_key {
            records.sort_unstable();
            if records.len() > NEWEST + OLDEST {
                let newest = records.split_off(records.len() - NEWEST);
                records.truncate(OLDEST);
                records.extend(newest);
            }
            by_customer.entry(id).or_default().extend(records);
        }
    }
    let ids: Vec<CustomerId> = by_customer.keys().copied().collect();
    let records: HashSet<Uuid> = by_customer.values().flatten().map(|id| id.uuid()).collect();
    let whose: HashMap<Uuid, CustomerId> = by_customer
        .iter()
        .flat_map(|(id, records)| records.iter().map(move |record| (record.uuid(), *id)))
        .collect();
    let customers = row::by_ids(tx, &ids).await?;
    let documents = Shelf::Document.of(tx, &ids).await?;
    let contacts = Shelf::Contact.of(tx, &ids).await?;
    let several = stepped(tx, &ids).await?;
    let mut found: HashMap<CustomerId, Candidate> = customers
        .into_iter()
        .map(|(id, customer)| {
            let papers = documents.get(&id).map_or(&[][..], Vec::as_slice);
            let reach = contacts.get(&id).map_or(&[][..], Vec::as_slice);
            let mentions = vec![of_profile(own, &customer, papers, reach)];
            (id, Candidate { several: several.contains(&id), customer, mentions })
        })
        .collect();
    let rows = records.into_iter().map(|id| vec![id.into()]).collect();
    for mention in mentions(tx, own, rows).await? {
        let customer = mention.record.and_then(|id| whose.get(&id.uuid()));
        if let Some(candidate) = customer.and_then(|id| found.get_mut(id)) {
            candidate.mentions.push(mention);
        }
    }
    for candidate in found.values_mut() {
        // Of equals a record comes before the profile.
        candidate.mentions.sort_by_key(|mention| (mention.record.is_none(), mention.record));
    }
    Ok(found)
}

/// Those of these customers that were merged or split.
async fn stepped(tx: &mut Tx, ids: &[CustomerId]) -> store::Result<HashSet<CustomerId>> {
    let found: Vec<(Uuid,)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            ids.iter().map(|id| vec![id.uuid().into()]).collect(),
            "SELECT input.id FROM input
             WHERE EXISTS (SELECT 1 FROM identity_event e WHERE e.to_id = input.id)
                OR EXISTS (SELECT 1 FROM identity_event e WHERE e.from_id = input.id)",
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id.into()).collect())
}

/// These records, made ready to compare.
pub(super) async fn mentions(
    tx: &mut Tx,
    own: Own<'_>,
    ids: Vec<Vec<Value>>,
) -> store::Result<Vec<Mention>> {
    let rows: Vec<RecordRow> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            ids,
            "SELECT r.id, r.kind, r.source, r.source_key, r.data,
                COALESCE(r.said_at, r.recorded_at) AS at,
                COALESCE(l.home, l.customer_id) AS home
             FROM input JOIN source_record r ON r.id = input.id
             JOIN customer_link l ON l.source_record_id = r.id AND l.unlinked_at IS NULL",
        )
        .await?;
    Ok(rows.into_iter().map(|row| of_record(own, row)).collect())
}

fn of_record(own: Own<'_>, row: RecordRow) -> Mention {
    let RecordRow { id, kind, source, source_key, data: Column(data), at, home } = row;
    Mention {
        record: Some(id.into()),
        home: home.into(),
        booking: booking::booking_of(&data),
        person: Person::new(&stated::person_of(
            own,
            &booking::list_of(&source, &source_key),
            &data,
        )),
        key: source_key,
        source: source.clone(),
        said: Some(Said { record: id.into(), kind, source, at, data }),
    }
}

/// The profile as a record of its own: it vetoes like one.
fn of_profile(own: Own<'_>, customer: &Customer, papers: &[Sealed], reach: &[Sealed]) -> Mention {
    let profile = &customer.profile;
    let contacts = |kind: ContactKind| {
        let of_kind = reach.iter().filter(move |value| value.kind == kind.as_str());
        of_kind.map(|value| stated::short(&value.hash)).collect()
    };
    let document = |paper: &Sealed| {
        let kind = crate::model::DocumentKind::read(&paper.kind)?;
        Some(matching::person::Document {
            kind: stated::kind_of(kind),
            key: stated::short(&paper.hash),
            country: None,
            // The shelf does not say whether a number passed its check.
            valid: false,
        })
    };
    let number = profile.member_no.to_uppercase();
    let record = PersonRecord {
        names: Some(profile.name.clone()).into_iter().filter(|name| !name.is_empty()).collect(),
        birth: profile.birth_date.and_then(|day| matching::person::Birth::new(day, false)),
        gender: stated::gender(profile.gender),
        documents: papers.iter().filter_map(document).collect(),
        members: Some(number)
            .filter(|number| !number.is_empty())
            .map(|number| stated::membership(own, "", &number))
            .into_iter()
            .collect(),
        phones: contacts(ContactKind::Phone),
        emails: contacts(ContactKind::Email),
        source: booking::list_number("profile"),
        ..PersonRecord::default()
    };
    let (source, key) = (String::new(), String::new());
    Mention {
        record: None,
        home: customer.id,
        source,
        key,
        booking: None,
        person: Person::new(&record),
        said: None,
    }
}
