//! Works links out anew after a merge, a split or an undo.
//!
//! Every record has a home, where it was placed. The events that are not undone, applied to the
//! homes in their order, give the customer of each record; and of each customer, whose it is now.
//! Nothing else decides links, so leaving an event out undoes it exactly, whatever came later.
//! Records that came later follow the record they were placed by: they have its home and its splits.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::survive::{self, STAFF, Said, Words};
use super::{belongings, shelves};
use crate::changes::{self, Author, Change};
use crate::events::{self, Move};
use crate::model::{Customer, CustomerId};
use crate::profile::{draft, row};
use crate::{Customers, Result};

/// Kind of a merge's event.
pub(super) const MERGE: &str = "merge";
/// Kind of a split's event.
pub(super) const SPLIT: &str = "split";
/// A merge or a split, as applied.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Step {
    pub id: Uuid,
    pub seq: i64,
    pub kind: String,
    pub from_id: Uuid,
    pub to_id: Uuid,
    pub undone_at: Option<DateTime<Utc>>,
}

/// All that touched some customers, in order.
pub(super) struct Steps(Vec<Step>);

impl Steps {
    fn live(&self) -> impl Iterator<Item = &Step> {
        self.0.iter().filter(|step| step.undone_at.is_none())
    }

    /// A customer made by a split that was undone is the one it was split from.
    fn start(&self, mut id: Uuid) -> Uuid {
        for _ in 0..self.0.len() {
            let undone =
                |step: &&Step| step.kind == SPLIT && step.to_id == id && step.undone_at.is_some();
            match self.0.iter().find(undone) {
                Some(step) => id = step.from_id,
                None => break,
            }
        }
        id
    }

    /// Whose a customer is now.
    pub fn customer(&self, id: Uuid) -> Uuid {
        self.record(id, &HashSet::new())
    }

    /// Whose a record with this home is now, given the splits it is in.
    fn record(&self, home: Uuid, splits: &HashSet<Uuid>) -> Uuid {
        let mut now = self.start(home);
        for step in self.live() {
            let moves =
                if step.kind == SPLIT { splits.contains(&step.id) } else { step.from_id == now };
            if moves {
                now = step.to_id;
            }
        }
        now
    }
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    source_record_id: Uuid,
    customer_id: Uuid,
    home: Option<Uuid>,
}

/// A link before and after.
struct Moved {
    record: Uuid,
    home: Uuid,
    from: Uuid,
    to: Uuid,
}

/// Who works it out, for history.
#[derive(Clone, Copy)]
pub(super) struct By {
    pub actor: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// Brings links, profiles, contacts, notes, tags and tasks of these customers, and of all that
/// events tie to them, to what the events say. Returns how many records moved.
pub(super) async fn refold(
    customers: &Customers,
    tx: &mut Tx,
    by: By,
    about: &[CustomerId],
) -> Result<u64> {
    let (ids, steps) = closure(tx, about).await?;
    let all: Vec<CustomerId> = ids.iter().copied().map(CustomerId::from).collect();
    let links = links(tx, &ids, &steps).await?;
    let records = links.iter().map(|link| vec![link.record.into()]).collect();
    let said = survive::said(tx, records).await?;
    let rows = row::by_ids(tx, &all).await?;
    let held = survive::held_by_staff(tx, &all).await?;
    let world = World { steps: &steps, links: &links, said: &said, rows: &rows, held: &held };
    let before = merged_before(tx, &ids).await?;
    let profiles = world.profiles(&before)?;
    move_links(tx, &links).await?;
    shelves::settle(tx, &world.stated(), &world.owners(&before)).await?;
    belongings::settle(tx, &ids, &steps).await?;
    write(customers, tx, by, &world, &before, profiles).await?;
    let moved = links.iter().filter(|link| link.from != link.to);
    let moved: Vec<Move> =
        moved.map(|l| Move { record: l.record, from: l.from, to: l.to }).collect();
    events::links_moved(tx, by.now, &moved).await?;
    Ok(moved.len() as u64)
}

/// Customers tied to these by events, and the events.
async fn closure(tx: &mut Tx, about: &[CustomerId]) -> Result<(BTreeSet<Uuid>, Steps)> {
    let mut ids: BTreeSet<Uuid> = about.iter().map(|id| id.uuid()).collect();
    let mut fresh: Vec<Uuid> = ids.iter().copied().collect();
    let mut steps: HashMap<Uuid, Step> = HashMap::new();
    while !fresh.is_empty() {
        let rows: Vec<Vec<Value>> = fresh.drain(..).map(|id| vec![id.into()]).collect();
        for side in ["from_id", "to_id"] {
            let found: Vec<Step> = tx
                .with_rows_all(
                    &[Col::uuid("id")],
                    rows.clone(),
                    &format!(
                        "SELECT e.id, e.seq, e.kind, e.from_id, e.to_id, e.undone_at
                         FROM input JOIN identity_event e ON e.{side} = input.id"
                    ),
                )
                .await?;
            for step in found {
                for id in [step.from_id, step.to_id] {
                    if ids.insert(id) {
                        fresh.push(id);
                    }
                }
                steps.insert(step.id, step);
            }
        }
    }
    let mut steps: Vec<Step> = steps.into_values().collect();
    steps.sort_by_key(|step| (step.seq, step.id));
    Ok((ids, Steps(steps)))
}

async fn links(tx: &mut Tx, ids: &BTreeSet<Uuid>, steps: &Steps) -> Result<Vec<Moved>> {
    let rows = || ids.iter().map(|id| vec![(*id).into()]).collect::<Vec<Vec<Value>>>();
    let mut found: HashMap<Uuid, LinkRow> = HashMap::new();
    for side in ["customer_id", "home"] {
        let part: Vec<LinkRow> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows(),
                &format!(
                    "SELECT l.source_record_id, l.customer_id, l.home
                     FROM input JOIN customer_link l ON l.{side} = input.id
                     WHERE l.unlinked_at IS NULL"
                ),
            )
            .await?;
        found.extend(part.into_iter().map(|row| (row.source_record_id, row)));
    }
    let events = steps.0.iter().filter(|step| step.kind == SPLIT);
    let rows = events.map(|step| vec![step.id.into()]).collect();
    let split: Vec<(Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            "SELECT s.record_id, s.event_id FROM input
             JOIN identity_split s ON s.event_id = input.id",
        )
        .await?;
    let mut splits: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for (record, event) in split {
        splits.entry(record).or_default().insert(event);
    }
    let none = HashSet::new();
    let moved = found.into_values().map(|row| {
        let record = row.source_record_id;
        let home = row.home.unwrap_or(row.customer_id);
        let to = steps.record(home, splits.get(&record).unwrap_or(&none));
        Moved { record, home, from: row.customer_id, to }
    });
    let mut moved: Vec<Moved> = moved.collect();
    moved.sort_by_key(|link| link.record);
    Ok(moved)
}

/// Which of these customers are merged away, and into whom.
async fn merged_before(tx: &mut Tx, ids: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Uuid>> {
    let rows = ids.iter().map(|id| vec![(*id).into()]).collect();
    let found: Vec<(Uuid, Uuid)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            "SELECT c.id, c.merged_into FROM input
             JOIN customer c ON c.id = input.id AND c.merged_into IS NOT NULL",
        )
        .await?;
    Ok(found.into_iter().collect())
}

/// All that is known about the customers concerned.
struct World<'a> {
    steps: &'a Steps,
    links: &'a [Moved],
    said: &'a HashMap<Uuid, Said>,
    rows: &'a HashMap<CustomerId, Customer>,
    held: &'a HashMap<CustomerId, HashSet<String>>,
}

/// A profile as it becomes.
struct Rewritten {
    customer: Customer,
    old: crate::model::Profile,
    fields: Vec<&'static str>,
}

impl World<'_> {
    /// Whose each customer was and is: itself, or the one it is merged into.
    fn owners(&self, before: &HashMap<Uuid, Uuid>) -> Vec<(Uuid, Uuid, Uuid)> {
        self.rows
            .keys()
            .map(|id| {
                let id = id.uuid();
                (id, before.get(&id).copied().unwrap_or(id), self.steps.customer(id))
            })
            .collect()
    }

    /// The records of each customer before and after, for the shelves.
    fn stated(&self) -> Vec<(Uuid, Uuid, &Said)> {
        let of = |link: &Moved| Some((link.from, link.to, self.said.get(&link.record)?));
        self.links.iter().filter_map(of).collect()
    }

    /// Profiles of customers who are there afterwards and whose records or merged-away customers
    /// changed.
    fn profiles(&self, before: &HashMap<Uuid, Uuid>) -> Result<Vec<Rewritten>> {
        let mut found = Vec::new();
        let world: Vec<Said> = self.said.values().cloned().collect();
        for (id, was_of, is_of) in self.owners(before) {
            if is_of != id {
                continue;
            }
            let Some(customer) = self.rows.get(&CustomerId::from(id)) else { continue };
            let was = |owner| before.get(&owner).copied().unwrap_or(owner);
            let old = self.words(id, was, |link| link.from == id);
            let new = self.words(id, |owner| self.steps.customer(owner), |link| link.to == id);
            let came_back = was_of != id;
            let same = old.len() == new.len()
                && old.iter().zip(&new).all(|(a, b)| a.record == b.record && a.kind == b.kind);
            if same && !came_back {
                continue;
            }
            let mut world = world.clone();
            world.extend(old.iter().filter(|said| said.kind == STAFF).cloned());
            // Every field anew: a word that came while people were one was weighed against some of
            // the records only, so what the profile holds need not follow from those before.
            let words = Words { before: None, after: &new, world: &world };
            let mut customer = customer.clone();
            let profile = customer.profile.clone();
            let held = self.held.get(&customer.id);
            let fields = survive::settle(&mut customer.profile, words, held)?;
            found.push(Rewritten { customer, old: profile, fields });
        }
        Ok(found)
    }

    /// What records say of a customer, and what staff entered of those merged into it.
    fn words(
        &self,
        id: Uuid,
        owner: impl Fn(Uuid) -> Uuid,
        mine: impl Fn(&Moved) -> bool,
    ) -> Vec<Said> {
        let records = self.links.iter().filter(|link| mine(link));
        let mut words: Vec<Said> =
            records.filter_map(|link| self.said.get(&link.record).cloned()).collect();
        for (other, row) in self.rows {
            if other.uuid() != id
                && owner(other.uuid()) == id
                && let Some(held) = self.held.get(other)
            {
                let fields: Vec<&String> = held.iter().collect();
                words.push(Said {
                    record: other.uuid().into(),
                    kind: STAFF.to_owned(),
                    source: STAFF.to_owned(),
                    at: row.changed_at,
                    data: draft::keep(&row.profile, &fields),
                });
            }
        }
        words.sort_by(|a, b| (a.record.uuid(), &a.kind).cmp(&(b.record.uuid(), &b.kind)));
        words
    }
}

async fn move_links(tx: &mut Tx, links: &[Moved]) -> Result<()> {
    let rows = links
        .iter()
        .filter(|link| link.from != link.to)
        .map(|link| {
            let home = (link.home != link.to).then_some(link.home);
            vec![link.record.into(), link.to.into(), home.into()]
        })
        .collect();
    tx.with_rows(
        &[Col::uuid("record"), Col::uuid("customer"), Col::uuid("home")],
        rows,
        "UPDATE customer_link SET customer_id = input.customer, home = input.home
         FROM input WHERE customer_link.source_record_id = input.record",
    )
    .await?;
    Ok(())
}

/// Customers merged away or back, then the profiles.
async fn write(
    customers: &Customers,
    tx: &mut Tx,
    by: By,
    world: &World<'_>,
    before: &HashMap<Uuid, Uuid>,
    profiles: Vec<Rewritten>,
) -> Result<()> {
    // Numbers are let go of before anybody takes them.
    let rows = profiles
        .iter()
        .filter(|p| p.fields.contains(&"member_no"))
        .map(|p| vec![p.customer.id.uuid().into()])
        .collect();
    tx.with_rows(
        &[Col::uuid("id")],
        rows,
        "UPDATE customer SET member_no = '' WHERE id IN (SELECT id FROM input)",
    )
    .await?;
    let places = world
        .owners(before)
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(id, _, is)| {
            let away = is != id;
            let since = away.then_some(by.now);
            vec![id.into(), away.then_some(is).into(), since.into(), by.now.into()]
        })
        .collect();
    tx.with_rows(
        &[Col::uuid("id"), Col::uuid("into_id"), Col::time("since"), Col::time("now")],
        places,
        "UPDATE customer SET merged_into = input.into_id, trashed_at = input.since,
            version = customer.version + 1, changed_at = input.now
         FROM input WHERE customer.id = input.id",
    )
    .await?;
    let (mut written, mut changed) = (Vec::new(), Vec::new());
    for Rewritten { customer, old, fields } in profiles {
        // One more than the moment a customer that comes back is written.
        let version = customer.version + 2;
        written.push(row::written(
            customer.id,
            version,
            customer.created_at,
            by.now,
            &customer.profile,
        ));
        if !fields.is_empty() {
            let before = draft::keep(&old, &fields);
            changed.push(Change { customer: customer.id, version, fields, before });
        }
    }
    customers.dictionary().learn(tx, &written).await?;
    row::rewrite(tx, written).await?;
    let author = Author { kind: "identity", id: by.actor, batch: None };
    changes::write(tx, author, by.now, changed).await?;
    customers.forget_total();
    Ok(())
}
