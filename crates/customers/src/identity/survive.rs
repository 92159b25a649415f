//! Which source's word stands in a profile.
//!
//! | rank | says so | for |
//! |---|---|---|
//! | 5 | staff | what a person changed by hand, until a member file says something new |
//! | 4 | member file | every field; membership fields come from here alone |
//! | 3 | travel document | name, gender and birth date of a statement read from a document |
//! | 2 | booking, departure, ticket, boarding pass | what a passenger stated |
//! | 1 | web and all others | what somebody typed |
//!
//! Within a rank the newest wins; of names of one rank one in Chinese characters wins, for the
//! Latin spelling follows from it and not the other way round.

use std::collections::{BTreeMap, HashMap, HashSet};

use access::Actor;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json, json};
use sqlx::types::Json as Column;
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::stated;
use crate::model::{Customer, CustomerId, Profile, RecordId};
use crate::profile::draft;
use crate::{Customers, Result, permissions};

/// Kind of the records of member files.
pub(super) const MEMBER: &str = "member";
/// Kind of what staff entered of a customer that is merged into another.
pub(super) const STAFF: &str = "staff";
const TRAVEL: &[&str] = &["booking", "departure", "ticket", "boarding-pass"];
/// Fields that a travel document vouches for.
const OF_DOCUMENT: &[&str] = &["name", "gender", "birth_date"];
/// Fields any record may state.
const OF_ANYBODY: &[&str] =
    &["name", "gender", "birth_date", "city", "province", "country", "language"];
/// Fields only a member file states.
const OF_MEMBERS: &[&str] = &["member_no", "tier", "joined_on", "cancelled_on"];

/// One record's word.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub record: RecordId,
    pub kind: String,
    pub source: String,
    pub at: DateTime<Utc>,
    pub data: Map<String, Json>,
}

impl Said {
    fn rank(&self, field: &str) -> u8 {
        match self.kind.as_str() {
            STAFF => return 5,
            MEMBER => return 4,
            _ => {}
        }
        let verified = self.data.get("birth_verified").and_then(Json::as_bool).unwrap_or(false);
        if verified && OF_DOCUMENT.contains(&field) {
            return 3;
        }
        if TRAVEL.contains(&self.source.as_str()) { 2 } else { 1 }
    }

    fn value(&self, field: &str) -> Option<Json> {
        match field {
            "name" => stated::names_of(&self.data)
                .into_iter()
                .max_by_key(|name| (name.native.is_some(), name.given.chars().count()))
                .map(|name| json!(name)),
            _ => self.data.get(field).cloned(),
        }
    }
}

/// What stands for each field, and which of `said` says so.
pub(super) fn survivors(said: &[Said]) -> BTreeMap<&'static str, (Json, usize)> {
    let mut found = BTreeMap::new();
    let anybody = OF_ANYBODY.iter().map(|field| (*field, false));
    for (field, members) in anybody.chain(OF_MEMBERS.iter().map(|field| (*field, true))) {
        let best = said
            .iter()
            .enumerate()
            .filter(|(_, one)| !members || one.kind == MEMBER || one.kind == STAFF)
            .filter_map(|(at, one)| Some((at, one, one.value(field)?)))
            .max_by_key(|(_, one, value)| {
                let native = field == "name" && !value["native"].is_null();
                (one.rank(field), native, one.at, one.record.uuid())
            });
        if let Some((at, _, value)) = best {
            found.insert(field, (value, at));
        }
    }
    found
}

/// The records of a customer before and after something, and all that were concerned.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// `None` asks for every field to be worked out anew.
    pub before: Option<&'a [Said]>,
    pub after: &'a [Said],
    pub world: &'a [Said],
}

/// Puts into `profile` what changed between two sets of records: fields that hold a record's word,
/// or none, take the new one. What no record explains is somebody's correction and stays, as do
/// fields in `held`. Returns the fields that changed.
pub(super) fn settle(
    profile: &mut Profile,
    words: Words<'_>,
    held: Option<&HashSet<String>>,
) -> Result<Vec<&'static str>, serde_json::Error> {
    let (old, new) = (words.before.map(survivors), survivors(words.after));
    let fields: Vec<&str> = OF_ANYBODY.iter().chain(OF_MEMBERS).copied().collect();
    let now = draft::keep(profile, &fields);
    let empty = draft::keep(&Profile::default(), &fields);
    let mut put = Map::new();
    for field in fields {
        let is = new.get(field).map(|v| &v.0);
        let unchanged = old.as_ref().is_some_and(|old| old.get(field).map(|v| &v.0) == is);
        if unchanged || held.is_some_and(|held| held.contains(field)) {
            continue;
        }
        let current = now.get(field);
        let explained = || words.world.iter().any(|said| said.value(field).as_ref() == current);
        if current == empty.get(field) || explained() {
            put.insert(field.to_owned(), is.or(empty.get(field)).cloned().unwrap_or(Json::Null));
        }
    }
    let old = profile.clone();
    draft::restore(profile, &put)?;
    Ok(draft::differing(&old, profile))
}

#[derive(sqlx::FromRow)]
struct SaidRow {
    id: Uuid,
    kind: String,
    source: String,
    data: Column<Map<String, Json>>,
    at: DateTime<Utc>,
}

/// What these records say, by record.
pub(super) async fn said(tx: &mut Tx, rows: Vec<Vec<Value>>) -> store::Result<HashMap<Uuid, Said>> {
    let found: Vec<SaidRow> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            "SELECT r.id, r.kind, r.source, r.data, COALESCE(r.said_at, r.recorded_at) AS at
             FROM input JOIN source_record r ON r.id = input.id",
        )
        .await?;
    let said = |row: SaidRow| {
        let SaidRow { id, kind, source, data, at } = row;
        (id, Said { record: id.into(), kind, source, at, data: data.0 })
    };
    Ok(found.into_iter().map(said).collect())
}

/// Where a field of a profile is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Entered by staff.
    Staff,
    /// A record says so.
    Record {
        /// The source.
        source: String,
        /// When it said so.
        at: DateTime<Utc>,
    },
}

impl Customers {
    /// Where the fields of a profile are from, as far as its newest records tell.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn origins(
        &self,
        actor: &Actor,
        customer: &Customer,
    ) -> Result<BTreeMap<&'static str, Origin>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let records = crate::timeline::records(&mut tx, customer.id, MOST_ORIGINS).await?;
        let held = held_by_staff(&mut tx, &[customer.id]).await?.remove(&customer.id);
        let said: Vec<Said> = records
            .into_iter()
            .map(|record| Said {
                record: record.id.into(),
                kind: record.kind,
                at: record.said_at.unwrap_or(record.recorded_at),
                source: record.source,
                data: record.data.0,
            })
            .collect();
        let all: Vec<&str> = OF_ANYBODY.iter().chain(OF_MEMBERS).copied().collect();
        let (now, none) =
            (draft::keep(&customer.profile, &all), draft::keep(&Profile::default(), &all));
        let mut found = BTreeMap::new();
        for field in OF_ANYBODY.iter().chain(OF_MEMBERS).copied() {
            let current = now.get(field);
            if current == none.get(field) {
                continue;
            }
            if held.as_ref().is_some_and(|held| held.contains(field)) {
                found.insert(field, Origin::Staff);
                continue;
            }
            let says = |one: &&Said| one.value(field).as_ref() == current;
            let best = said.iter().filter(says).max_by_key(|one| (one.rank(field), one.at));
            if let Some(one) = best {
                found.insert(field, Origin::Record { source: one.source.clone(), at: one.at });
            }
        }
        Ok(found)
    }
}

/// Records that are asked where a field is from.
const MOST_ORIGINS: i64 = 200;

/// The fields of each customer that staff changed last.
pub(super) async fn held_by_staff(
    tx: &mut Tx,
    ids: &[CustomerId],
) -> store::Result<HashMap<CustomerId, HashSet<String>>> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![id.uuid().into()]).collect();
    let mut found: Vec<(Uuid, i64, String, Column<Vec<String>>)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            // What was changed before staff first did is nobody's to hold: of most customers, who
            // were never edited by hand, nothing is read.
            "SELECT c.customer_id, c.version, c.actor_kind, c.fields
             FROM (SELECT s.customer_id, MIN(s.version) AS since
                FROM input JOIN customer_change s ON s.customer_id = input.id
                WHERE s.actor_kind IN ('staff', 'api-key') GROUP BY s.customer_id) AS edited
             JOIN customer_change c
                ON c.customer_id = edited.customer_id AND c.version >= edited.since",
        )
        .await?;
    found.sort_by_key(|(_, version, ..)| std::cmp::Reverse(*version));
    let mut seen: HashSet<(Uuid, String)> = HashSet::new();
    let mut held: HashMap<CustomerId, HashSet<String>> = HashMap::new();
    for (customer, _, actor, fields) in found {
        for field in fields.0 {
            if seen.insert((customer, field.clone())) && (actor == "staff" || actor == "api-key") {
                held.entry(customer.into()).or_default().insert(field);
            }
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use kernel::names::PersonName;
    use store::testing::NOW;

    use super::*;

    fn said(kind: &str, source: &str, minutes: i64, data: Json) -> Said {
        let at = NOW + chrono::Duration::minutes(minutes);
        let Json::Object(data) = data else { unreachable!() };
        let (kind, source) = (kind.to_owned(), source.to_owned());
        Said { record: RecordId::new(at), kind, source, at, data }
    }

    #[test]
    fn ranks_come_before_days_and_days_before_nothing() {
        let member = said("member", "crm", 0, json!({"city": "上海", "birth_date": "1990-02-03"}));
        let booking = said("person", "booking", 5, json!({"birth_date": "1990-03-02"}));
        let web = said("person", "web", 9, json!({"city": "Paris", "language": "fr"}));
        let later = said("person", "web", 11, json!({"language": "de"}));
        let all = [member, booking, web, later];
        let found = survivors(&all);
        assert_eq!(found["city"], (json!("上海"), 0));
        assert_eq!(found["birth_date"], (json!("1990-02-03"), 0));
        assert_eq!(found["language"], (json!("de"), 3));
        let document = json!({"birth_date": "1990-03-02", "birth_verified": true});
        let two = [all[1].clone(), said("person", "departure", 1, document)];
        assert_eq!(survivors(&two)["birth_date"].1, 1, "a document before a newer word");
    }

    #[test]
    fn corrections_stay_and_what_a_record_brought_goes_with_it() {
        let name = json!({"names": [PersonName::from_native("周启明")], "city": "上海"});
        let one = said("person", "booking", 0, name);
        let two = said("person", "booking", 1, json!({"city": "北京", "language": "zh"}));
        let (first, both) = ([one.clone()], [one, two]);
        let words = |before, after| Words { before: Some(before), after, world: &both };
        let mut profile = Profile::default();
        let fields = settle(&mut profile, words(&[], &first), None).unwrap();
        assert_eq!(fields, ["name", "city"]);
        let fields = settle(&mut profile, words(&first, &both), None).unwrap();
        assert_eq!((fields.as_slice(), profile.city.as_str()), (&["city", "language"][..], "北京"));
        profile.city = "苏州".into();
        let fields = settle(&mut profile, words(&both, &first), None).unwrap();
        assert_eq!((fields.as_slice(), profile.city.as_str()), (&["language"][..], "苏州"));
        profile.city = "北京".into();
        let anew = Words { before: None, after: &first, world: &both };
        assert_eq!(settle(&mut profile, anew, None).unwrap(), ["city"]);
        let held = HashSet::from(["city".to_owned()]);
        assert!(settle(&mut profile, words(&first, &both), Some(&held)).unwrap() == ["language"]);
    }
}
