//! Writes what was decided about a batch: records, links, keys, new customers, what profiles learn.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use matching::person::Band;
use serde_json::Value as Json;
use store::{Col, Engine, Tx, Value};
use uuid::Uuid;

use super::decide::Tie;
use super::known::Candidate;
use super::place::{Unit, Way, pair_of};
use super::survive::{self, Said, Words};
use super::tables;
use crate::changes::{self, Author, Change};
use crate::contacts::{Sealed, Shelf};
use crate::model::{CustomerId, RecordId};
use crate::profile::{draft, row};
use crate::{Customers, Error, Result, events};

/// Kind of the records made of statements.
pub(super) const KIND: &str = "person";

/// A link about to be written.
struct Linked {
    customer: CustomerId,
    evidence: &'static str,
    with: Option<RecordId>,
    detail: Option<Json>,
}

/// What a batch is going to write.
pub(super) struct Placing {
    now: DateTime<Utc>,
    links: Vec<Linked>,
    made: Vec<CustomerId>,
    found: Found,
}

struct Review {
    one_record: Uuid,
    other_record: Uuid,
    band: Band,
    bits: f64,
    detail: Json,
}

impl Placing {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { now, links: Vec::new(), made: Vec::new(), found: Found::default() }
    }

    pub fn link(&mut self, unit: &Unit, customer: CustomerId, way: Way, tie: Option<Tie>) {
        if way == Way::Made {
            self.made.push(customer);
        }
        let evidence = match (&unit.before, way) {
            (Some(_), _) => "source-key",
            (None, Way::Made) => "placed",
            (None, _) => tie.as_ref().map_or("weight", |tie| tie.rule),
        };
        let before = unit.before.as_ref().map(|before| before.record);
        let with = before.or(tie.as_ref().and_then(|tie| tie.record));
        let detail = tie.map(|tie| tie.detail);
        self.links.push(Linked { customer, evidence, with, detail });
    }

    pub fn review(&mut self, mine: CustomerId, record: RecordId, tie: &Tie) {
        self.found.add(mine, record, tie);
    }
}

/// Pairs of customers who may be one, by their heaviest pair of records.
#[derive(Default)]
pub(super) struct Found(BTreeMap<(Uuid, Uuid), Review>);

impl Found {
    /// `record` of `mine` ties to another customer. A tie with a profile alone is kept by the
    /// record on both sides.
    pub fn add(&mut self, mine: CustomerId, record: RecordId, tie: &Tie) {
        let theirs = tie.record.unwrap_or(record).uuid();
        let (one, other) = pair_of(mine, tie);
        let (one_record, other_record) =
            if one == mine { (record.uuid(), theirs) } else { (theirs, record.uuid()) };
        let (band, bits, detail) = (tie.band, tie.bits, tie.detail.clone());
        let new = Review { one_record, other_record, band, bits, detail };
        match self.0.entry((one.uuid(), other.uuid())) {
            Entry::Vacant(free) => {
                free.insert(new);
            }
            Entry::Occupied(mut kept) => {
                if (kept.get().band, kept.get().bits) < (new.band, new.bits) {
                    kept.insert(new);
                }
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Keeps pairs for people, or for the job that joins; starts that job when it has work.
pub(super) async fn keep_found(tx: &mut Tx, found: Found, now: DateTime<Utc>) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let joins = found.0.values().any(|review| review.band == Band::Link);
    reviews(tx, found.0, now).await?;
    if joins {
        super::join::enqueue(tx, now).await?;
    }
    Ok(())
}

/// Writes it all.
pub(super) async fn write(
    customers: &Customers,
    tx: &mut Tx,
    units: &[Unit],
    placing: Placing,
    candidates: HashMap<CustomerId, Candidate>,
) -> Result<()> {
    let now = placing.now;
    let whose: Vec<CustomerId> = placing.links.iter().map(|link| link.customer).collect();
    profiles(customers, tx, units, &placing, candidates).await?;
    records(customers, tx, units, now).await?;
    links(tx, units, placing.links, now).await?;
    let keys = units.iter().flat_map(|unit| unit.keys.iter().map(|key| (unit.record, key.key)));
    tables::put_keys(tx, keys.collect()).await?;
    let vault = customers.access().vault();
    let (mut contacts, mut documents) = (Vec::new(), Vec::new());
    for (unit, customer) in units.iter().zip(&whose) {
        contacts.extend(unit.ready.contacts(vault)?.into_iter().map(|value| (*customer, value)));
        documents.extend(unit.ready.documents(vault)?.into_iter().map(|value| (*customer, value)));
    }
    Shelf::Contact.put(tx, once(contacts)).await?;
    Shelf::Document.put(tx, once(documents)).await?;
    keep_found(tx, placing.found, now).await
}

/// One value of a customer once, in the order of the index.
fn once(mut values: Vec<(CustomerId, Sealed)>) -> Vec<(CustomerId, Sealed)> {
    values
        .sort_by(|(a, x), (b, y)| (a.uuid(), &x.kind, &x.hash).cmp(&(b.uuid(), &y.kind, &y.hash)));
    values.dedup_by(|(a, x), (b, y)| a == b && x.kind == y.kind && x.hash == y.hash);
    values
}

/// New customers with what was said of them, and what known ones learn.
async fn profiles(
    customers: &Customers,
    tx: &mut Tx,
    units: &[Unit],
    placing: &Placing,
    mut candidates: HashMap<CustomerId, Candidate>,
) -> Result<()> {
    let now = placing.now;
    let fresh: HashSet<RecordId> = units.iter().map(|unit| unit.record).collect();
    let made: HashSet<CustomerId> = placing.made.iter().copied().collect();
    let mut told: Vec<CustomerId> = placing.links.iter().map(|link| link.customer).collect();
    told.sort_unstable();
    told.dedup();
    let known: Vec<CustomerId> = told.iter().copied().filter(|id| !made.contains(id)).collect();
    let missing: Vec<CustomerId> =
        known.iter().copied().filter(|id| !candidates.contains_key(id)).collect();
    for (id, customer) in row::by_ids(tx, &missing).await? {
        candidates.insert(id, Candidate { customer, mentions: Vec::new(), several: false });
    }
    hold(customers, tx, &known, &candidates).await?;
    let held = survive::held_by_staff(tx, &known).await?;
    let (mut new, mut rewritten, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for id in told {
        let Some(candidate) = candidates.get_mut(&id) else { continue };
        let after: Vec<Said> = candidate.mentions.iter().filter_map(|m| m.said.clone()).collect();
        let before: Vec<Said> =
            after.iter().filter(|said| !fresh.contains(&said.record)).cloned().collect();
        let words = Words { before: Some(&before), after: &after, world: &after };
        let old = candidate.customer.profile.clone();
        let profile = &mut candidate.customer.profile;
        let fields = survive::settle(profile, words, held.get(&id))?;
        if made.contains(&id) {
            new.push(row::written(id, 1, now, now, profile));
        } else if !fields.is_empty() {
            let version = candidate.customer.version + 1;
            let created = candidate.customer.created_at;
            rewritten.push(row::written(id, version, created, now, profile));
            let kept = draft::keep(&old, &fields);
            changed.push(Change { customer: id, version, fields, before: kept });
        }
    }
    customers.dictionary().learn(tx, &new).await?;
    row::insert(tx, new).await?;
    events::made(tx, now, &placing.made).await?;
    customers.dictionary().learn(tx, &rewritten).await?;
    row::rewrite(tx, rewritten).await?;
    changes::write(tx, Author { kind: "identity", id: None, batch: None }, now, changed).await?;
    customers.forget_total();
    Ok(())
}

/// Holds the known customers of a batch until it ends: whoever merges, splits or places with them
/// meanwhile would not see its records, or write over what they learned. SQLite has one writer.
///
/// # Errors
/// [`Error::Meanwhile`] when somebody was quicker: what was decided is of yesterday.
async fn hold(
    customers: &Customers,
    tx: &mut Tx,
    known: &[CustomerId],
    candidates: &HashMap<CustomerId, Candidate>,
) -> Result<()> {
    if customers.db().engine() == Engine::Sqlite {
        return Ok(());
    }
    let versions: Vec<(Uuid, i64)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            known.iter().map(|id| vec![id.uuid().into()]).collect(),
            // In one order everywhere, so that two cannot wait for each other in a circle.
            "SELECT c.id, c.version FROM input JOIN customer c ON c.id = input.id
             ORDER BY c.id FOR NO KEY UPDATE OF c",
        )
        .await?;
    let as_read = |(id, version): &(Uuid, i64)| {
        candidates.get(&CustomerId::from(*id)).is_some_and(|of| of.customer.version == *version)
    };
    let all = versions.len() == known.len() && versions.iter().all(as_read);
    if all { Ok(()) } else { Err(Error::Meanwhile) }
}

async fn records(
    customers: &Customers,
    tx: &mut Tx,
    units: &[Unit],
    now: DateTime<Utc>,
) -> Result<()> {
    let vault = customers.access().vault();
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(units.len());
    for unit in units {
        let ready = &unit.ready;
        rows.push(vec![
            unit.record.uuid().into(),
            ready.source.as_str().into(),
            ready.key.as_str().into(),
            unit.before.as_ref().map_or(1, |before| before.version + 1).into(),
            ready.content_hash.clone().into(),
            KIND.into(),
            Json::Object(ready.data.clone()).into(),
            ready.sealed(vault)?.into(),
            now.into(),
            ready.message.into(),
            ready.said_at.into(),
        ]);
    }
    let columns = [
        Col::uuid("id"),
        Col::text("source"),
        Col::text("source_key"),
        Col::i64("version"),
        Col::bytes("content_hash"),
        Col::text("kind"),
        Col::json("data"),
        Col::bytes("sealed"),
        Col::time("recorded_at"),
        Col::uuid("message_id"),
        Col::time("said_at"),
    ];
    tx.bulk("source_record", &columns, rows, "").await?;
    Ok(())
}

/// Links, each at home where the record it follows is, and in the splits that one is in.
async fn links(tx: &mut Tx, units: &[Unit], links: Vec<Linked>, now: DateTime<Utc>) -> Result<()> {
    let leaders: Vec<Vec<Value>> =
        links.iter().filter_map(|link| Some(vec![link.with?.uuid().into()])).collect();
    let homes: Vec<(Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            leaders.clone(),
            "SELECT l.source_record_id, l.home FROM input
             JOIN customer_link l ON l.source_record_id = input.id AND l.home IS NOT NULL",
        )
        .await?;
    let mut homes: HashMap<Uuid, Uuid> = homes.into_iter().collect();
    let splits: Vec<(Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            leaders,
            "SELECT s.record_id, s.event_id FROM input
             JOIN identity_split s ON s.record_id = input.id",
        )
        .await?;
    let mut split: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    splits.into_iter().for_each(|(record, event)| split.entry(record).or_default().push(event));
    let (mut rows, mut followed) = (Vec::with_capacity(links.len()), Vec::new());
    for (unit, link) in units.iter().zip(links) {
        let record = unit.record.uuid();
        let with = link.with.map(RecordId::uuid);
        let home = with.and_then(|leader| homes.get(&leader).copied());
        let events = with.and_then(|leader| split.get(&leader).cloned()).unwrap_or_default();
        // Records of this batch may follow this one.
        if let Some(home) = home {
            homes.insert(record, home);
        }
        followed.extend(events.iter().map(|event| vec![record.into(), (*event).into()]));
        if !events.is_empty() {
            split.insert(record, events);
        }
        rows.push(vec![
            record.into(),
            link.customer.uuid().into(),
            link.evidence.into(),
            now.into(),
            home.into(),
            with.into(),
            link.detail.into(),
        ]);
    }
    let columns = [
        Col::uuid("source_record_id"),
        Col::uuid("customer_id"),
        Col::text("evidence"),
        Col::time("linked_at"),
        Col::uuid("home"),
        Col::uuid("with_record"),
        Col::json("detail"),
    ];
    tx.bulk("customer_link", &columns, rows, "").await?;
    let columns = [Col::uuid("record_id"), Col::uuid("event_id")];
    let then = "ON CONFLICT (record_id, event_id) DO NOTHING";
    tx.bulk("identity_split", &columns, followed, then).await?;
    Ok(())
}

/// Pairs for people, or for the job that joins. One that is decided stays so.
async fn reviews(
    tx: &mut Tx,
    reviews: BTreeMap<(Uuid, Uuid), Review>,
    now: DateTime<Utc>,
) -> Result<()> {
    let rows = reviews
        .into_iter()
        .map(|((one, other), review)| {
            vec![
                kernel::ids::v7(now).into(),
                one.into(),
                other.into(),
                review.one_record.into(),
                review.other_record.into(),
                if review.band == Band::Link { "link" } else { "review" }.into(),
                review.bits.into(),
                review.detail.into(),
                "open".into(),
                now.into(),
            ]
        })
        .collect();
    let columns = [
        Col::uuid("id"),
        Col::uuid("one_id"),
        Col::uuid("other_id"),
        Col::uuid("one_record"),
        Col::uuid("other_record"),
        Col::text("band"),
        Col::f64("weight"),
        Col::json("detail"),
        Col::text("status"),
        Col::time("found_at"),
    ];
    let then = "ON CONFLICT (one_id, other_id) DO UPDATE SET one_record = EXCLUDED.one_record,
        other_record = EXCLUDED.other_record, band = EXCLUDED.band, weight = EXCLUDED.weight,
        detail = EXCLUDED.detail
        WHERE identity_review.status = 'open' AND identity_review.weight < EXCLUDED.weight";
    tx.bulk("identity_review", &columns, rows, then).await?;
    Ok(())
}
