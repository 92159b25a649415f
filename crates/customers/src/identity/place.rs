//! The door through which statements become records and find their customer.
//!
//! Order of things for a batch: make ready → what the sources said before → records that share a
//! key, and their customers → decide one by one, in memory, each seeing those before it → write
//! everything. A few statements each, whatever the size of the batch.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use matching::person::{BlockKey, Counts, Person, Scorer, kept_keys};
use store::Tx;

use super::booking::{self, Booking};
use super::decide::{Asked, Decision, Tie, decide};
use super::known::{self, Candidate, Mention, Under, Version};
use super::stated::{self, Ready};
use super::statement::Statement;
use super::survive::Said;
use super::tables;
use super::write::{self, Placing};
use crate::model::{Customer, CustomerId, Profile, Published, RecordId};
use crate::{Customers, Result};

/// Where a statement went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The record facts hang on.
    pub record: RecordId,
    /// Whose it is now. Merging and splitting may change it: see `customers.links.moved.v1`.
    pub customer: CustomerId,
    /// How it got there.
    pub way: Way,
}

/// How a statement found its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The source said the same before.
    Known,
    /// Linked to a customer by evidence.
    Linked,
    /// Nobody matched: a customer was made.
    Made,
}

/// One statement on its way.
pub(super) struct Unit {
    pub ready: Ready,
    pub person: Person,
    pub keys: Vec<BlockKey>,
    pub booking: Option<Booking>,
    pub before: Option<Version>,
    pub record: RecordId,
    /// Of the contacts and documents stated.
    hashes: Vec<Vec<u8>>,
    ambiguous: bool,
}

impl Customers {
    /// Keeps statements as source records and places each with a customer. One result per input, in
    /// order. Idempotent: a statement repeated under its key changes nothing.
    ///
    /// A statement under a known key stays with its customer. Another goes to the customer one of
    /// whose records certainly is of the same person (membership, identity card, passport, the only
    /// passenger of the name on a booking) or agrees with it by weight, none contradicting; else a
    /// customer is made. Other customers it agrees with are kept for review.
    ///
    /// # Errors
    /// When the database or the vault fails: the caller's transaction is then to be dropped.
    pub async fn place(&self, tx: &mut Tx, statements: Vec<Statement>) -> Result<Vec<Placed>> {
        let now = self.now();
        let vault = self.access().vault();
        let mut order: Vec<usize> = Vec::with_capacity(statements.len());
        let mut at: HashMap<(String, String), usize> = HashMap::with_capacity(statements.len());
        let mut ready: Vec<Ready> = Vec::with_capacity(statements.len());
        for statement in statements {
            let one = Ready::of(vault, &statement);
            let next = ready.len();
            let place = *at.entry((one.source.clone(), one.key.clone())).or_insert(next);
            order.push(place);
            // The later word under a key replaces the earlier.
            if place == next { ready.push(one) } else { ready[place] = one }
        }
        let keys = ready.iter().map(|one| vec![(&one.source).into(), (&one.key).into()]).collect();
        let mut versions = known::versions(tx, keys).await?;
        let mut results: Vec<Option<Placed>> = vec![None; ready.len()];
        let mut units = Vec::new();
        for (index, one) in ready.into_iter().enumerate() {
            let before = versions.remove(&(one.source.clone(), one.key.clone()));
            match before {
                Some(v) if v.content_hash == one.content_hash => {
                    let (record, customer) = (v.record, v.customer);
                    results[index] = Some(Placed { record, customer, way: Way::Known });
                }
                before => units.push((index, one, before)),
            }
        }
        if !units.is_empty() {
            self.place_new(tx, now, units, &mut results).await?;
        }
        Ok(order.into_iter().filter_map(|index| results[index]).collect())
    }

    async fn place_new(
        &self,
        tx: &mut Tx,
        now: DateTime<Utc>,
        found: Vec<(usize, Ready, Option<Version>)>,
        results: &mut [Option<Placed>],
    ) -> Result<()> {
        let own = |programme: &str, number: &str| self.is_own(programme, number);
        let (indexes, units) = units(now, &own, found);
        let mut people: Vec<&Person> = units.iter().map(|unit| &unit.person).collect();
        tables::put_tallies(tx, &people).await?;
        let keys: Vec<BlockKey> = units.iter().flat_map(|unit| unit.keys.iter().copied()).collect();
        let under = known::under(tx, &keys).await?;
        let by_number = self.named(tx, &units).await?;
        let hashes: HashSet<Vec<u8>> = units.iter().flat_map(|unit| unit.hashes.clone()).collect();
        let on_shelf = known::by_shelf(tx, hashes.into_iter().collect()).await?;
        let before = units.iter().filter_map(|unit| Some(unit.before.as_ref()?.customer));
        let shelved = on_shelf.iter().map(|(_, id)| *id);
        let also: Vec<CustomerId> =
            by_number.values().copied().chain(before).chain(shelved).collect();
        let candidates = known::candidates(tx, &own, &under, &also).await?;
        people.extend(candidates.values().flat_map(|c| c.mentions.iter().map(|m| &m.person)));
        let everybody = self.everybody(tx).await?;
        let counts = tables::counts(tx, everybody, &people).await?;
        let scorer = self.scorer(tx, everybody).await?;
        let mut room = Room::new(now, units.len(), under, candidates, counts, scorer);
        room.by_number = by_number;
        for (hash, id) in on_shelf {
            room.on_shelf.entry(hash).or_default().push(id);
        }
        let mut placing = Placing::new(now);
        for (index, unit) in indexes.into_iter().zip(&units) {
            results[index] = Some(room.place(self, unit, &mut placing)?);
        }
        write::write(self, tx, &units, placing, room.candidates).await
    }

    /// Customers by the member numbers of the airline's own programme.
    async fn named(&self, tx: &mut Tx, units: &[Unit]) -> Result<HashMap<String, CustomerId>> {
        let numbers: HashSet<String> = units
            .iter()
            .flat_map(|unit| stated::numbers_of(&unit.ready.data))
            .filter(|(programme, number)| self.is_own(programme, number))
            .map(|(_, number)| number)
            .collect();
        let numbers: Vec<String> = numbers.into_iter().collect();
        self.ids_by_member_no(tx, &numbers).await
    }

    /// Whether a membership is of the airline's own programme: as configured, or, where nothing
    /// is, when the number passes the check of our own numbers.
    pub(super) fn is_own(&self, programme: &str, number: &str) -> bool {
        let own = self.programmes();
        if own.is_empty() {
            kernel::member_no::is_valid(number)
        } else {
            own.iter().any(|one| one.eq_ignore_ascii_case(programme))
        }
    }

    /// How many customers there are, about: not counted anew for a few minutes.
    pub(super) async fn everybody(&self, tx: &mut Tx) -> Result<i64> {
        let now = self.now();
        if let Some(count) = self.kept_count(now) {
            return Ok(count);
        }
        let count: i64 =
            tx.value(store::sql("SELECT CAST(COUNT(*) AS BIGINT) FROM customer")).await?;
        self.keep_count(count, now);
        Ok(count)
    }
}

/// The keys a record is kept under.
pub(super) fn keys_of(person: &Person, booking: Option<Booking>) -> Vec<BlockKey> {
    let mut keys = kept_keys(person);
    keys.extend(booking.map(|booking| BlockKey { key: booking.key(), strong: true }));
    keys
}

fn units(
    now: DateTime<Utc>,
    own: known::Own<'_>,
    found: Vec<(usize, Ready, Option<Version>)>,
) -> (Vec<usize>, Vec<Unit>) {
    let mut ids: Vec<RecordId> = found.iter().map(|_| RecordId::new(now)).collect();
    ids.sort_unstable();
    let mut doubled: HashSet<(String, String)> = HashSet::new();
    for (_, ready, _) in &found {
        if let Some((base, _)) = ready.key.rsplit_once('#') {
            doubled.insert((ready.source.clone(), base.to_owned()));
        }
    }
    let make = |((index, ready, before), record): ((usize, Ready, Option<Version>), RecordId)| {
        let booking = booking::booking_of(&ready.data);
        let list = booking::list_of(&ready.source, &ready.key);
        let person = Person::new(&stated::person_of(own, &list, &ready.data));
        let keys = keys_of(&person, booking);
        let base = ready.key.rsplit_once('#').map_or(ready.key.as_str(), |(base, _)| base);
        let ambiguous = doubled.contains(&(ready.source.clone(), base.to_owned()));
        let contacts = stated::contact_hashes(&ready.data).into_iter().map(|(_, hash)| hash);
        let documents = stated::document_hashes(&ready.data).into_iter().map(|one| one.hash);
        let hashes = contacts.chain(documents).collect();
        (index, Unit { ready, person, keys, booking, before, record, hashes, ambiguous })
    };
    found.into_iter().zip(ids).map(make).unzip()
}

/// What is known while a batch is decided: the database's records and the batch's own.
struct Room {
    now: DateTime<Utc>,
    under: HashMap<u64, HashSet<CustomerId>>,
    candidates: HashMap<CustomerId, Candidate>,
    by_number: HashMap<String, CustomerId>,
    on_shelf: HashMap<Vec<u8>, Vec<CustomerId>>,
    counts: Counts,
    scorer: Scorer,
    made: Vec<CustomerId>,
}

impl Room {
    fn new(
        now: DateTime<Utc>,
        units: usize,
        under: Under,
        candidates: HashMap<CustomerId, Candidate>,
        counts: Counts,
        scorer: Scorer,
    ) -> Self {
        let under = under
            .into_iter()
            .map(|(key, records)| (key, records.into_iter().map(|(_, id)| id).collect()))
            .collect();
        // In the order of the ids, every table and index grows at its end.
        let mut made: Vec<CustomerId> = (0..units).map(|_| CustomerId::new(now)).collect();
        made.sort_unstable_by(|a, b| b.cmp(a));
        let (by_number, on_shelf) = (HashMap::new(), HashMap::new());
        Self { now, under, candidates, by_number, on_shelf, counts, scorer, made }
    }

    fn place(&mut self, own: &Customers, unit: &Unit, placing: &mut Placing) -> Result<Placed> {
        let decision = self.decide(own, unit);
        let (customer, way, tie) = match (&unit.before, decision.link()) {
            (Some(before), _) => (before.customer, Way::Linked, None),
            (None, Some(tie)) => (tie.customer, Way::Linked, Some(tie.clone())),
            (None, None) => (self.make(), Way::Made, None),
        };
        for other in decision.others(customer) {
            placing.review(customer, unit.record, other);
        }
        self.note(unit, customer, tie.as_ref().and_then(|tie| tie.record));
        placing.link(unit, customer, way, tie);
        Ok(Placed { record: unit.record, customer, way })
    }

    fn decide(&self, own: &Customers, unit: &Unit) -> Decision {
        let mut ids: BTreeMap<uuid::Uuid, CustomerId> = BTreeMap::new();
        for key in &unit.keys {
            for id in self.under.get(&key.key).into_iter().flatten() {
                ids.insert(id.uuid(), *id);
            }
        }
        for hash in &unit.hashes {
            for id in self.on_shelf.get(hash).into_iter().flatten() {
                ids.insert(id.uuid(), *id);
            }
        }
        for (programme, number) in stated::numbers_of(&unit.ready.data) {
            if own.is_own(&programme, &number)
                && let Some(id) = self.by_number.get(&number)
            {
                ids.insert(id.uuid(), *id);
            }
        }
        let asked = Asked {
            source: &unit.ready.source,
            key: &unit.ready.key,
            booking: unit.booking,
            person: &unit.person,
            ambiguous: unit.ambiguous,
        };
        let candidates = ids.values().filter_map(|id| self.candidates.get(id));
        decide(&self.scorer, &self.counts, &asked, candidates)
    }

    /// A customer for a statement nobody matched.
    fn make(&mut self) -> CustomerId {
        let id = self.made.pop().unwrap_or_else(|| CustomerId::new(self.now));
        let customer = Customer {
            id,
            version: 1,
            created_at: self.now,
            changed_at: self.now,
            trashed_at: None,
            merged_into: None,
            profile: Profile::default(),
            published: Published::default(),
        };
        self.candidates.insert(id, Candidate { customer, mentions: Vec::new(), several: false });
        id
    }

    /// From now on the batch knows this statement too.
    fn note(&mut self, unit: &Unit, id: CustomerId, with: Option<RecordId>) {
        for key in &unit.keys {
            self.under.entry(key.key).or_default().insert(id);
        }
        let said = Said {
            record: unit.record,
            kind: write::KIND.to_owned(),
            source: unit.ready.source.clone(),
            at: unit.ready.said_at,
            data: unit.ready.data.clone(),
        };
        if let Some(candidate) = self.candidates.get_mut(&id) {
            let leader = unit.before.as_ref().map(|before| before.record).or(with);
            let led = candidate.mentions.iter().find(|m| leader.is_some() && m.record == leader);
            let home = led.map_or(id, |mention| mention.home);
            candidate.mentions.push(Mention {
                record: Some(unit.record),
                home,
                source: unit.ready.source.clone(),
                key: unit.ready.key.clone(),
                booking: unit.booking,
                person: unit.person.clone(),
                said: Some(said),
            });
        }
    }
}

/// For [`Placing`].
pub(super) fn pair_of(a: CustomerId, b: &Tie) -> (CustomerId, CustomerId) {
    // Ids are in the order of time: the older first.
    if a.uuid() < b.customer.uuid() { (a, b.customer) } else { (b.customer, a) }
}
