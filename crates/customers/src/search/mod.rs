//! Finding a customer by anything a caller says or a document shows.
//!
//! Each look-up is one index range, bounded; the best kinds come first and the generous ones only
//! when little was found. Among equals the one who flies more comes first.

mod ask;
mod dictionary;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use access::Actor;
use kernel::names::PersonName;
use store::{SqlBuilder, Tx};
use uuid::Uuid;

use crate::contacts::{Shelf, hash_contact, hash_document};
use crate::model::{ContactKind, CustomerId, Tier, ValueGroup};
use crate::{Customers, Result, permissions, profile};

pub use ask::Why;
pub(crate) use ask::native_key;
use ask::{Key, Look};
pub(crate) use dictionary::Dictionary;

/// Rows read from an index range before the best of them are chosen.
const RANGE: i64 = 400;

/// A customer found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Who.
    pub id: CustomerId,
    /// Name.
    pub name: PersonName,
    /// Empty for people who are not members.
    pub member_no: String,
    /// Tier.
    pub tier: Option<Tier>,
    /// City.
    pub city: String,
    /// Value group.
    pub value_group: Option<ValueGroup>,
    /// Why this one.
    pub why: Why,
    km: i64,
}

#[derive(sqlx::FromRow)]
struct HitRow {
    id: Uuid,
    name_native: String,
    surname: String,
    given: String,
    member_no: String,
    tier: String,
    city: String,
    value_group: String,
    km: i64,
}

impl HitRow {
    fn hit(self, why: Why) -> Hit {
        Hit {
            id: self.id.into(),
            name: profile::row::name_of(self.name_native, self.surname, self.given),
            member_no: self.member_no,
            tier: Tier::read(&self.tier),
            city: self.city,
            value_group: ValueGroup::read(&self.value_group),
            why,
            km: self.km,
        }
    }
}

const COLUMNS: &str = "c.id, c.name_native, c.surname, c.given, c.member_no, c.tier, c.city, \
                       c.value_group, c.km";

impl Customers {
    /// The best `limit` customers for what was typed, best first.
    ///
    /// # Errors
    /// [`crate::Error::Denied`]; when the database fails.
    pub async fn search(&self, actor: &Actor, text: &str, limit: usize) -> Result<Vec<Hit>> {
        actor.may(permissions::READ)?;
        let limit = limit.clamp(1, 100);
        if self.dictionary().is_stale(self.now()) {
            self.dictionary().load(self.db()).await?;
        }
        let mut tx = self.db().read().await?;
        let mut found = Found::new(limit);
        for look in ask::plain(text) {
            if found.is_full(&look) {
                continue;
            }
            found.take(self.look(&mut tx, &look, limit).await?);
        }
        if found.hits.len() < limit.min(5) {
            for look in ask::generous(text, self.dictionary()) {
                if found.hits.len() >= limit {
                    break;
                }
                let hits = self.look(&mut tx, &look, limit).await?;
                found.take(prefer_native(hits, text));
            }
        }
        Ok(found.best())
    }

    async fn look(&self, tx: &mut Tx, look: &Look, limit: usize) -> Result<Vec<Hit>> {
        let vault = self.access().vault();
        let (shelf, hash, why) = match look {
            Look::Email(text) => {
                (Shelf::Contact, hash_contact(vault, ContactKind::Email, text), Why::Email)
            }
            Look::Phone(text) => {
                (Shelf::Contact, hash_contact(vault, ContactKind::Phone, text), Why::Phone)
            }
            Look::Document(text) => (Shelf::Document, hash_document(vault, text), Why::Document),
            Look::Equal(key, values, why) => {
                let mut condition = SqlBuilder::new(column(*key));
                condition.push(" IN ").bind_list(values.iter().map(String::as_str));
                return range(tx, *key, condition, *why, limit).await;
            }
            Look::Begins(key, prefix, why) => {
                return range(tx, *key, begins(*key, prefix), *why, limit).await;
            }
            Look::InitialsOf { initials, surname } => {
                let mut condition = SqlBuilder::new("c.initials = ");
                condition.bind(initials).push(" AND ").append(begins(Key::Full, surname));
                return range(tx, Key::Initials, condition, Why::Initials, limit).await;
            }
        };
        let ids = shelf.find(tx, &hash).await?;
        let mut condition = SqlBuilder::new("c.id IN ");
        condition.bind_list(ids.iter().map(|id| id.uuid()));
        range(tx, Key::Full, condition, why, limit).await
    }
}

fn column(key: Key) -> &'static str {
    match key {
        Key::MemberNo => "c.member_no <> '' AND c.member_no",
        Key::Full => "c.full_key",
        Key::GivenFirst => "c.given_first_key",
        Key::Initials => "c.initials",
        Key::Native => "c.native_key",
        Key::Also => "a.key",
    }
}

/// A range instead of `LIKE`: both engines use the index, whatever their collation, because keys
/// are small ASCII letters and digits (member numbers: capitals).
fn begins(key: Key, prefix: &str) -> SqlBuilder {
    let last = if key == Key::MemberNo { "ZZZZZZZZZZ" } else { "zzzzzzzzzzzzzzzzzzzz" };
    let mut condition = SqlBuilder::new(column(key));
    condition.push(" >= ").bind(prefix);
    let plain = column(key).rsplit(' ').next().unwrap_or_default();
    condition.push(" AND ").push(plain).push(" <= ").bind(format!("{prefix}{last}"));
    condition
}

/// The first rows of an index range, the best of them first.
async fn range(
    tx: &mut Tx,
    key: Key,
    condition: SqlBuilder,
    why: Why,
    limit: usize,
) -> Result<Vec<Hit>> {
    let mut query = SqlBuilder::new("SELECT * FROM (SELECT ");
    query.push(COLUMNS).push(if key == Key::Also {
        " FROM customer_also a JOIN customer c ON c.id = a.customer_id WHERE "
    } else {
        " FROM customer c WHERE "
    });
    query.append(condition).push(" AND c.trashed_at IS NULL LIMIT ").bind(RANGE);
    query.push(") AS few ORDER BY km DESC, id LIMIT ");
    query.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<HitRow> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(|row| row.hit(why)).collect())
}

/// Homophones whose written name contains what was typed are no guess at all.
fn prefer_native(mut hits: Vec<Hit>, text: &str) -> Vec<Hit> {
    let typed = kernel::names::fold(text);
    if !typed.chars().any(kernel::names::is_hanzi) {
        return hits;
    }
    for hit in &mut hits {
        if hit.name.native.as_deref().is_some_and(|native| native.contains(&typed)) {
            hit.why = Why::NameBegins;
        }
    }
    hits
}

/// Hits by customer, each for its best reason.
struct Found {
    hits: HashMap<CustomerId, Hit>,
    limit: usize,
}

impl Found {
    fn new(limit: usize) -> Self {
        Self { hits: HashMap::new(), limit }
    }

    /// Exact look-ups are always made; the rest only while there is room.
    fn is_full(&self, look: &Look) -> bool {
        let certain = matches!(
            look,
            Look::Equal(_, _, Why::Name | Why::MemberNo)
                | Look::Email(_)
                | Look::Phone(_)
                | Look::Document(_)
        );
        !certain && self.hits.len() >= self.limit
    }

    fn take(&mut self, hits: Vec<Hit>) {
        for hit in hits {
            let better = self.hits.get(&hit.id).is_none_or(|known| hit.why < known.why);
            if better {
                self.hits.insert(hit.id, hit);
            }
        }
    }

    fn best(self) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self.hits.into_values().collect();
        hits.sort_by(|a, b| a.why.cmp(&b.why).then(b.km.cmp(&a.km)).then(a.id.cmp(&b.id)));
        hits.truncate(self.limit);
        hits
    }
}
