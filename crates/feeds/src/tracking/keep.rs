//! Events into the database, and to the customer as soon as it is known whose they are.

use std::collections::{BTreeMap, HashMap, HashSet};

use access::Vault;
use chrono::{DateTime, Duration, Utc};
use customers::identity::{Membership, Statement};
use kernel::Personal;
use kernel::names::PersonName;
use serde_json::Value as Json;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::call::Call;
use crate::{Feeds, Result, sources};

/// A call with its names as hashes.
struct Named {
    id: Uuid,
    call: Call,
    anonymous: Option<Vec<u8>>,
    user: Option<Vec<u8>>,
    /// An alias does not say whether its former name was signed in: both are meant.
    previous: Vec<Vec<u8>>,
}

/// The keyed hash under which a name of a web source is kept. `kind` is `user` or `anonymous`.
pub(super) fn name_key(vault: &Vault, source: Uuid, kind: &str, name: &str) -> Vec<u8> {
    vault.keyed_hash(&format!("web.{kind}"), &format!("{source}|{name}"))
}

impl Named {
    fn of(vault: &Vault, source: Uuid, call: Call, at: DateTime<Utc>) -> Self {
        let key = |kind: &str, name: &String| name_key(vault, source, kind, name);
        let previous = call.previous_id.iter();
        Self {
            id: kernel::ids::v7(at),
            user: call.user_id.as_ref().map(|name| key("user", name)),
            anonymous: call.anonymous_id.as_ref().map(|name| key("anonymous", name)),
            previous: previous
                .flat_map(|name| [key("user", name), key("anonymous", name)])
                .collect(),
            call,
        }
    }

    /// All names of the person in this call.
    fn names(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.user.iter().chain(&self.anonymous).chain(&self.previous)
    }
}

impl Feeds {
    /// Keeps calls of a web source, in one transaction. Calls that were here before change nothing.
    /// Returns how many were new.
    ///
    /// # Errors
    /// The database failed and nothing was kept.
    pub(crate) async fn keep_calls(&self, source: Uuid, calls: Vec<Call>) -> Result<u64> {
        let (now, vault) = (self.now(), self.access().vault());
        let mut all = Vec::with_capacity(calls.len());
        let mut rows = Vec::with_capacity(calls.len());
        for (n, call) in calls.into_iter().enumerate() {
            let at = now + Duration::microseconds(i64::try_from(n).unwrap_or(0));
            let sealed = vault.seal(&call.said.to_string()).map_err(access::Error::from)?;
            let named = Named::of(vault, source, call, at);
            rows.push(row(source, &named, sealed, now));
            all.push(named);
        }
        let mut tx = self.db().begin().await?;
        let then = "ON CONFLICT (source_id, message_id) DO NOTHING";
        tx.bulk("web_event", COLUMNS, rows, then).await?;
        let fresh = fresh(&mut tx, all).await?;
        let newest = fresh.iter().map(|one| one.call.occurred_at).max();
        sources::heard(&mut tx, source, newest, now).await?;
        self.identify(&mut tx, source, &fresh, now).await?;
        join_known(&mut tx, &fresh).await?;
        tx.commit().await?;
        Ok(fresh.len() as u64)
    }

    /// Who the people of identify and alias calls are; what they did before joins them.
    async fn identify(
        &self,
        tx: &mut Tx,
        source: Uuid,
        fresh: &[Named],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut stated: BTreeMap<&Vec<u8>, (Statement, &Named)> = BTreeMap::new();
        for one in fresh {
            let (Some(key), Some(statement)) =
                (one.user.as_ref().or(one.anonymous.as_ref()), statement(source, one))
            else {
                continue;
            };
            stated.insert(key, (statement, one));
        }
        let (statements, said): (Vec<Statement>, Vec<&Named>) = stated.into_values().unzip();
        let placed = self.customers().place(tx, statements).await?;
        let mut known = Vec::new();
        for (placed, one) in placed.iter().zip(said) {
            for name in one.names() {
                known.push((name.clone(), placed.record.uuid(), placed.customer.uuid()));
            }
        }
        aliases(tx, fresh, &mut known).await?;
        if known.is_empty() {
            return Ok(());
        }
        known.sort();
        known.dedup_by(|a, b| a.0 == b.0);
        learn(tx, known, now).await
    }
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("source_id"),
    Col::text("message_id"),
    Col::text("kind"),
    Col::text("name"),
    Col::text("path"),
    Col::bytes("anonymous_key"),
    Col::bytes("user_key"),
    Col::time("occurred_at"),
    Col::time("received_at"),
    Col::bytes("sealed"),
];

fn row(source: Uuid, one: &Named, sealed: Vec<u8>, now: DateTime<Utc>) -> Vec<Value> {
    vec![
        one.id.into(),
        source.into(),
        one.call.message_id.as_str().into(),
        one.call.kind.into(),
        one.call.name.as_str().into(),
        one.call.path.as_str().into(),
        one.anonymous.clone().into(),
        one.user.clone().into(),
        one.call.occurred_at.into(),
        now.into(),
        sealed.into(),
    ]
}

/// Those that were not here before.
async fn fresh(tx: &mut Tx, all: Vec<Named>) -> Result<Vec<Named>> {
    let asked = all.iter().map(|one| vec![one.id.into()]).collect();
    let kept: Vec<(Uuid,)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            asked,
            "SELECT e.id FROM web_event e JOIN input ON input.id = e.id",
        )
        .await?;
    let kept: HashSet<Uuid> = kept.into_iter().map(|(id,)| id).collect();
    Ok(all.into_iter().filter(|one| kept.contains(&one.id)).collect())
}

/// What an identify says, if it says anything by which somebody can be known.
fn statement(source: Uuid, one: &Named) -> Option<Statement> {
    if one.call.kind != "identify" {
        return None;
    }
    let traits = &one.call.traits;
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| traits.get(*name).and_then(Json::as_str));
        found.map(str::trim).filter(|text| !text.is_empty() && text.len() <= 200).map(str::to_owned)
    };
    let email = text(&["email"]);
    let phone = text(&["phone", "mobile"]);
    let member = text(&["memberNumber", "member_number", "member_no", "memberNo"]);
    if email.is_none() && phone.is_none() && member.is_none() {
        return None;
    }
    let given = text(&["firstName", "first_name"]).unwrap_or_default();
    let surname = text(&["lastName", "last_name"]).unwrap_or_default();
    let name = match (surname.is_empty(), text(&["name"])) {
        (false, _) => Some(PersonName::from_latin(&surname, &given)),
        (true, Some(name)) => Some(PersonName::parse(&name)),
        (true, None) => None,
    };
    let programme = text(&["programme", "program"]).unwrap_or_default();
    let key = one.user.as_ref().map(|key| ("u", key));
    let (kind, key) = key.or_else(|| one.anonymous.as_ref().map(|key| ("a", key)))?;
    let born = text(&["birthday", "birthDate"]);
    Some(Statement {
        source: "web".to_owned(),
        source_key: format!("{source}/{kind}/{}", hex::encode(key)),
        said_at: one.call.occurred_at,
        names: name.into_iter().collect(),
        birth_date: born.and_then(|day| day.get(..10)?.parse().ok()),
        memberships: member.map(|number| Membership { programme, number }).into_iter().collect(),
        phones: phone.map(Personal::new).into_iter().collect(),
        emails: email.map(Personal::new).into_iter().collect(),
        ..Statement::default()
    })
}

type Known = (Vec<u8>, Uuid, Uuid);

/// An alias, or a call with two names, gives to each what is known of the other.
async fn aliases(tx: &mut Tx, fresh: &[Named], known: &mut Vec<Known>) -> Result<()> {
    let joins = fresh.iter().filter(|one| matches!(one.call.kind, "alias" | "identify"));
    let joins: Vec<&Named> = joins.filter(|one| one.names().count() > 1).collect();
    let names = joins.iter().flat_map(|one| one.names()).map(|name| vec![name.clone().into()]);
    let rows: Vec<Vec<Value>> = names.collect();
    let found: Vec<Known> = tx
        .with_rows_all(
            &[Col::bytes("name_key")],
            rows,
            "SELECT k.name_key, k.record_id, k.customer_id
             FROM web_known k JOIN input ON input.name_key = k.name_key",
        )
        .await?;
    let mut by_name: HashMap<Vec<u8>, (Uuid, Uuid)> =
        found.into_iter().map(|(name, record, customer)| (name, (record, customer))).collect();
    by_name.extend(known.iter().map(|(name, record, of)| (name.clone(), (*record, *of))));
    for one in joins {
        // What a signed-in name means counts more than what an anonymous one meant.
        let Some(of) = one.names().find_map(|name| by_name.get(name).copied()) else { continue };
        for name in one.names() {
            by_name.entry(name.clone()).or_insert(of);
            known.push((name.clone(), of.0, of.1));
        }
    }
    Ok(())
}

/// Writes down whose names these are, and gives them what nobody had done before.
async fn learn(tx: &mut Tx, known: Vec<Known>, now: DateTime<Utc>) -> Result<()> {
    let columns = [
        Col::bytes("name_key"),
        Col::uuid("record_id"),
        Col::uuid("customer_id"),
        Col::time("known_at"),
    ];
    let rows: Vec<Vec<Value>> = known
        .into_iter()
        .map(|(name, record, customer)| {
            vec![name.into(), record.into(), customer.into(), now.into()]
        })
        .collect();
    let then = "ON CONFLICT (name_key) DO UPDATE SET record_id = EXCLUDED.record_id,
        customer_id = EXCLUDED.customer_id, known_at = EXCLUDED.known_at";
    tx.bulk("web_known", &columns, rows.clone(), then).await?;
    for name in ["anonymous_key", "user_key"] {
        let statement = format!(
            "UPDATE web_event SET record_id = input.record_id, customer_id = input.customer_id
             FROM input WHERE web_event.{name} = input.name_key AND web_event.customer_id IS NULL"
        );
        tx.with_rows(&columns, rows.clone(), &statement).await?;
    }
    Ok(())
}

/// New events of people who are known already.
async fn join_known(tx: &mut Tx, fresh: &[Named]) -> Result<()> {
    for name in ["user_key", "anonymous_key"] {
        let rows = fresh.iter().map(|one| vec![one.id.into()]).collect();
        let statement = format!(
            "UPDATE web_event SET record_id = k.record_id, customer_id = k.customer_id
             FROM input JOIN web_known k ON TRUE
             WHERE web_event.id = input.id AND k.name_key = web_event.{name}
                AND web_event.customer_id IS NULL"
        );
        tx.with_rows(&[Col::uuid("id")], rows, &statement).await?;
    }
    Ok(())
}

/// The source a write key is for.
pub(super) async fn source_of(feeds: &Feeds, key: &str) -> Result<Option<Uuid>> {
    let mut tx = feeds.db().read().await?;
    sources::of_write_key(&mut tx, key).await
}

impl Feeds {
    /// Links of records have moved: the events follow. Reads where each record is now, so that
    /// hearing twice or late is no harm.
    ///
    /// # Errors
    /// The database failed; tried again.
    pub(crate) async fn follow_links(&self, moves: &Json) -> Result<()> {
        let all = moves.get("moves").and_then(Json::as_array);
        let records = all.into_iter().flatten().filter_map(|one| one.get("record")?.as_str());
        let rows: Vec<Vec<Value>> = records
            .filter_map(|record| record.parse::<Uuid>().ok())
            .map(|record| vec![record.into()])
            .collect();
        let mut tx = self.db().begin().await?;
        for table in ["web_event", "web_known"] {
            let statement = format!(
                "UPDATE {table} SET customer_id = l.customer_id
                 FROM input JOIN record_owner l ON l.record_id = input.record_id
                 WHERE {table}.record_id = input.record_id
                    AND {table}.customer_id <> l.customer_id"
            );
            tx.with_rows(&[Col::uuid("record_id")], rows.clone(), &statement).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Web events of a customer, newest first.
    pub(super) async fn events_of(
        &self,
        customer: Uuid,
        before: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> store::Result<Vec<Seen>> {
        let (at, id) = before.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
        let at = at.min(self.now() + Duration::days(36_500));
        let mut tx = self.db().read().await?;
        tx.all(
            sql("SELECT id, kind, name, path, occurred_at FROM web_event
                 WHERE customer_id = $1 AND (occurred_at, id) < ($2, $3)
                 ORDER BY occurred_at DESC, id DESC LIMIT $4")
            .bind(customer)
            .bind(at)
            .bind(id)
            .bind(limit),
        )
        .await
    }
}

/// An event on a timeline.
#[derive(sqlx::FromRow)]
pub(super) struct Seen {
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub path: String,
    pub occurred_at: DateTime<Utc>,
}

impl Feeds {
    /// Takes bodies of `/v1/batch`, one in each line of a file, for a web source of that name,
    /// made if there is none. What was sent long ago happened long ago. Returns how many events
    /// were new, and how many lines were refused.
    ///
    /// # Errors
    /// Denied; the source is of another kind; the database failed.
    pub async fn take_events(
        &self,
        actor: &access::Actor,
        source: &str,
        lines: &str,
    ) -> Result<(u64, u64)> {
        actor.may(crate::permissions::RECEIVE)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let id = sources::named(&mut tx, source, sources::Kind::Web, now).await?;
        tx.commit().await?;
        let (mut new, mut refused) = (0, 0);
        let mut calls = Vec::new();
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let sent = serde_json::from_str::<Json>(line).ok();
            let sent = sent.as_ref().and_then(|body| body.get("sentAt")?.as_str());
            let sent = sent.and_then(|at| DateTime::parse_from_rfc3339(at).ok());
            let at = sent.map_or(now, |at| at.with_timezone(&Utc).min(now));
            match super::call::calls("batch", line.as_bytes(), at) {
                Ok(of_line) => calls.extend(of_line),
                Err(_) => refused += 1,
            }
            if calls.len() >= 2_000 {
                new += self.keep_calls(id, std::mem::take(&mut calls)).await?;
            }
        }
        if !calls.is_empty() {
            new += self.keep_calls(id, calls).await?;
        }
        Ok((new, refused))
    }
}
