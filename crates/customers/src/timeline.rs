//! What happened with a customer, newest first, merged from the sources of all domains.
//!
//! Every source is a keyset read: "the newest `limit` before this place", in the order (moment,
//! id), both descending. A page asks each source for one page and keeps the newest of all: the cost
//! is the number of sources times the page, however long the history is.

use std::sync::Arc;

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use futures::future::{BoxFuture, try_join_all};
use kernel::page::{BadCursor, Cursor, Page};
use serde_json::json;
use sqlx::types::Json;
use store::SqlBuilder;
use uuid::Uuid;

use crate::model::CustomerId;
use crate::{Customers, Error, Result, changes, notes, permissions, profile, tasks};

/// A place in the order of a timeline: items strictly older come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    /// Moment of the last item shown.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

impl Before {
    fn encode(self) -> String {
        Cursor(vec![json!(self.at.timestamp_micros()), json!(self.id)]).encode()
    }

    fn decode(text: &str) -> Result<Self> {
        let Cursor(values) = Cursor::decode(text)?;
        let [at, id] = values.as_slice() else { return Err(Error::Cursor(BadCursor)) };
        let at = at.as_i64().and_then(DateTime::from_timestamp_micros);
        let id = id.as_str().and_then(|id| id.parse().ok());
        match (at, id) {
            (Some(at), Some(id)) => Ok(Self { at, id }),
            _ => Err(Error::Cursor(BadCursor)),
        }
    }
}

/// How a thing is to be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Plain.
    #[default]
    Neutral,
    /// Went well.
    Good,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warn,
    /// Went wrong.
    Bad,
}

impl Tone {
    /// As the stylesheet knows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A value inside [`Words`].
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Words as they are.
    Text(String),
    /// A whole number, grouped.
    Num(i64),
    /// A day in a sentence.
    Date(NaiveDate),
    /// IATA code of an airport.
    Airport(String),
    /// Name of a feed.
    Source(String),
    /// Another text.
    Key(&'static str),
    /// Several texts, listed.
    Keys(Vec<&'static str>),
}

/// A sentence in whichever language the reader reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Words {
    /// A text and its values.
    Key(&'static str, Vec<(&'static str, Arg)>),
    /// As somebody wrote it.
    Text(String),
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineItem {
    /// When.
    pub at: DateTime<Utc>,
    /// Identity; also the order among things of one moment.
    pub id: Uuid,
    /// Only the day is known.
    pub day_only: bool,
    /// What.
    pub title: Words,
    /// More of it.
    pub detail: Option<Words>,
    /// A word at the end of the line.
    pub tag: Option<(Tone, Words)>,
    /// Colours the node.
    pub tone: Tone,
    /// Where to read on.
    pub href: Option<String>,
}

/// Reads a page of one source.
pub type Fetch = Arc<
    dyn Fn(CustomerId, Option<Before>, i64) -> BoxFuture<'static, Result<Vec<TimelineItem>>>
        + Send
        + Sync,
>;

/// One kind of thing that happens to customers.
#[derive(Clone)]
pub struct TimelineSource {
    /// Name in links.
    pub key: &'static str,
    /// Text key of its filter.
    pub label_key: &'static str,
    /// Lucide icon.
    pub icon: &'static str,
    /// Newest first, strictly before the place given.
    pub fetch: Fetch,
}

/// An item and the source it is from.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Key of the source.
    pub source: &'static str,
    /// Icon of the source.
    pub icon: &'static str,
    /// What happened.
    pub item: TimelineItem,
}

/// The newest `limit` items of the sources asked for, before a place.
///
/// # Errors
/// [`Error::Cursor`]; whatever a source fails with.
pub async fn read(
    sources: &[TimelineSource],
    keys: &[String],
    customer: CustomerId,
    before: Option<&str>,
    limit: i64,
) -> Result<Page<Entry>> {
    let before = before.map(Before::decode).transpose()?;
    let limit = limit.clamp(1, 200);
    let asked =
        sources.iter().filter(|source| keys.is_empty() || keys.iter().any(|key| key == source.key));
    let pages = try_join_all(asked.map(|source| async move {
        let items = (source.fetch)(customer, before, limit + 1).await?;
        let (key, icon) = (source.key, source.icon);
        Ok::<_, Error>(items.into_iter().map(move |item| Entry { source: key, icon, item }))
    }))
    .await?;
    let mut entries: Vec<Entry> = pages.into_iter().flatten().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.item.at, entry.item.id)));
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = entries.len() > most;
    entries.truncate(most);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|entry| Before { at: entry.item.at, id: entry.item.id }.encode());
    Ok(Page { items: entries, next, prev: None })
}

impl Customers {
    /// The sources this domain has: notes, tasks, changes to the profile, what feeds said.
    #[must_use]
    pub fn timeline_sources(&self) -> Vec<TimelineSource> {
        let source = |key, label_key, icon, fetch| TimelineSource { key, label_key, icon, fetch };
        vec![
            source("notes", "customers-tl-notes", "sticky-note", self.fetch_with(note_items)),
            source("tasks", "customers-tl-tasks", "list-todo", self.fetch_with(task_items)),
            source("profile", "customers-tl-profile", "pencil", self.fetch_with(change_items)),
            source("records", "customers-tl-records", "database", self.fetch_with(record_items)),
            source("merges", "customers-tl-merges", "git-merge", self.fetch_with(step_items)),
        ]
    }

    fn fetch_with<F>(&self, items: fn(Self, CustomerId, Option<Before>, i64) -> F) -> Fetch
    where
        F: Future<Output = Result<Vec<TimelineItem>>> + Send + 'static,
    {
        let customers = self.clone();
        Arc::new(move |customer, before, limit| {
            Box::pin(items(customers.clone(), customer, before, limit))
        })
    }

    /// Checks that the actor may read and the customer is there.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn check_readable(&self, actor: &Actor, id: CustomerId) -> Result<()> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        profile::load(&mut tx, id).await?;
        Ok(())
    }

    async fn who(&self, ids: Vec<Uuid>) -> Result<std::collections::BTreeMap<Uuid, String>> {
        if ids.is_empty() {
            return Ok(std::collections::BTreeMap::new());
        }
        Ok(self.access().names(&ids).await?)
    }
}

fn place(before: Option<Before>) -> Option<(DateTime<Utc>, Uuid)> {
    before.map(|before| (before.at, before.id))
}

fn plain(at: DateTime<Utc>, id: Uuid, title: Words, detail: Option<Words>) -> TimelineItem {
    TimelineItem {
        at,
        id,
        day_only: false,
        title,
        detail,
        tag: None,
        tone: Tone::Neutral,
        href: None,
    }
}

async fn note_items(
    customers: Customers,
    customer: CustomerId,
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<TimelineItem>> {
    let mut tx = customers.db().read().await?;
    let found = notes::of(&mut tx, customer, place(before), limit).await?;
    drop(tx);
    let names = customers.who(found.iter().map(|note| note.author_id).collect()).await?;
    Ok(found
        .into_iter()
        .map(|note| {
            let who = names.get(&note.author_id).cloned().unwrap_or_default();
            let title = Words::Key("customers-tl-note", vec![("who", Arg::Text(who))]);
            plain(note.created_at, note.id.uuid(), title, Some(Words::Text(note.body)))
        })
        .collect())
}

async fn task_items(
    customers: Customers,
    customer: CustomerId,
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<TimelineItem>> {
    let mut tx = customers.db().read().await?;
    let found = tasks::made_before(&mut tx, customer, place(before), limit).await?;
    Ok(found
        .into_iter()
        .map(|task| {
            let detail = task
                .due_on
                .map(|day| Words::Key("customers-tl-due", vec![("day", Arg::Date(day))]));
            let title = Words::Key("customers-tl-task", vec![("title", Arg::Text(task.title))]);
            let mut item = plain(task.created_at, task.id.uuid(), title, detail);
            item.tag = Some(if task.done_at.is_some() {
                (Tone::Good, Words::Key("customers-task-done", Vec::new()))
            } else {
                (Tone::Info, Words::Key("customers-task-open", Vec::new()))
            });
            item
        })
        .collect())
}

/// Text key of a profile field's name.
#[must_use]
pub fn field_key(field: &str) -> &'static str {
    match field {
        "name" => "customers-field-name",
        "gender" => "customers-field-gender",
        "birth_date" => "customers-field-birth-date",
        "city" => "customers-field-city",
        "province" => "customers-field-province",
        "country" => "customers-field-country",
        "language" => "customers-field-language",
        "owner_id" => "customers-field-owner",
        "member_no" => "customers-field-member-no",
        "tier" => "customers-field-tier",
        "joined_on" => "customers-field-joined-on",
        "cancelled_on" => "customers-field-cancelled-on",
        "phone" => "customers-field-phone",
        "email" => "customers-field-email",
        "document" => "customers-field-document",
        "trashed" => "customers-field-trashed",
        "restored" => "customers-field-restored",
        _ => "customers-field-other",
    }
}

async fn change_items(
    customers: Customers,
    customer: CustomerId,
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<TimelineItem>> {
    let mut tx = customers.db().read().await?;
    let found = changes::of(&mut tx, customer, place(before), limit).await?;
    drop(tx);
    let names = customers.who(found.iter().filter_map(|c| c.actor_id).collect()).await?;
    Ok(found
        .into_iter()
        .map(|change| {
            let who = change.actor_id.and_then(|id| names.get(&id).cloned());
            let title = match (who, change.actor_kind.as_str()) {
                (Some(who), _) => {
                    Words::Key("customers-tl-edited-by", vec![("who", Arg::Text(who))])
                }
                (None, "import") => Words::Key("customers-tl-edited-import", Vec::new()),
                _ => Words::Key("customers-tl-edited", Vec::new()),
            };
            let fields = Words::Key(
                "customers-tl-fields",
                vec![("fields", Arg::Keys(change.fields.0.iter().map(|f| field_key(f)).collect()))],
            );
            let detail = (!change.fields.0.is_empty()).then_some(fields);
            plain(change.at, change.id, title, detail)
        })
        .collect())
}

/// Since when each source knows the customer: one item a source, however much it said since.
async fn record_items(
    customers: Customers,
    customer: CustomerId,
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<TimelineItem>> {
    let mut tx = customers.db().read().await?;
    let found: Vec<(String, DateTime<Utc>, i64)> = tx
        .all(
            store::sql(
                "SELECT r.source, MIN(r.recorded_at), COUNT(*)
                 FROM customer_link l JOIN source_record r ON r.id = l.source_record_id
                 WHERE l.unlinked_at IS NULL AND l.customer_id = $1 GROUP BY r.source",
            )
            .bind(customer.uuid()),
        )
        .await?;
    let item = |(source, at, count): (String, DateTime<Utc>, i64)| {
        // A place of its own among items of the same moment, the same on every page (FNV-1a).
        let place = source.bytes().fold(customer.uuid().as_u128(), |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013B)
        });
        let id = Uuid::from_u128(place);
        let title = Words::Key("customers-tl-record", vec![("source", Arg::Source(source))]);
        let detail = Words::Key("customers-tl-records-n", vec![("n", Arg::Num(count))]);
        let mut item = plain(at, id, title, Some(detail));
        item.href = Some(format!("/customers/{customer}/records"));
        item
    };
    let mut items: Vec<TimelineItem> = found.into_iter().map(item).collect();
    items.retain(|item| before.is_none_or(|before| (item.at, item.id) < (before.at, before.id)));
    items.sort_by_key(|item| std::cmp::Reverse((item.at, item.id)));
    items.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(items)
}

/// Merges and splits.
async fn step_items(
    customers: Customers,
    customer: CustomerId,
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<TimelineItem>> {
    let mut tx = customers.db().read().await?;
    let found = crate::identity::steps_of(&mut tx, customer, place(before), limit).await?;
    Ok(found
        .into_iter()
        .map(|step| {
            let key =
                if step.kind == "merge" { "customers-tl-merged" } else { "customers-tl-split" };
            let detail = Words::Key("customers-tl-records-n", vec![("n", Arg::Num(step.moved))]);
            let mut item = plain(step.at, step.id, Words::Key(key, Vec::new()), Some(detail));
            item.href = Some(format!("/customers/{customer}/records"));
            if step.undone_at.is_some() {
                item.tag = Some((Tone::Neutral, Words::Key("customers-tl-undone", Vec::new())));
            }
            item
        })
        .collect())
}

/// A source record behind a profile.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Record {
    /// Identity.
    pub id: Uuid,
    /// Which feed.
    pub source: String,
    /// What the feed calls the person.
    pub source_key: String,
    /// Which version of that key.
    pub version: i64,
    /// The import it came with.
    pub import_id: Option<Uuid>,
    /// What the feed said; contacts and documents by keyed hash only.
    pub data: Json<serde_json::Map<String, serde_json::Value>>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Why it is thought to be this customer.
    pub evidence: String,
    /// What it was compared with and what that found: codes and weights.
    pub detail: Option<Json<serde_json::Value>>,
    /// `member` or `person`.
    pub kind: String,
    /// When the source said it, where it says.
    pub said_at: Option<DateTime<Utc>>,
}

/// Source records of a customer, newest first.
pub(crate) async fn records(
    tx: &mut store::Tx,
    customer: CustomerId,
    limit: i64,
) -> Result<Vec<Record>> {
    let mut query = SqlBuilder::new(
        "SELECT r.id, r.source, r.source_key, r.version, r.import_id, r.data, r.recorded_at,
            l.evidence, l.detail, r.kind, r.said_at
         FROM customer_link l JOIN source_record r ON r.id = l.source_record_id
         WHERE l.unlinked_at IS NULL AND l.customer_id = ",
    );
    query.bind(customer.uuid()).push(" ORDER BY r.recorded_at DESC, r.id DESC LIMIT ").bind(limit);
    Ok(tx.all(query.build()).await?)
}

impl Customers {
    /// The source records behind a profile, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn records(&self, actor: &Actor, id: CustomerId, limit: i64) -> Result<Vec<Record>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        profile::load(&mut tx, id).await?;
        records(&mut tx, id, limit.clamp(1, 200)).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use store::testing::NOW;

    fn source(key: &'static str, every_secs: i64, count: i64) -> TimelineSource {
        let items: Vec<TimelineItem> = (0..count)
            .map(|n| {
                let at = NOW - chrono::Duration::seconds(n * every_secs);
                let id = kernel::ids::v7(at);
                plain(at, id, Words::Text(format!("{key}{n}")), None)
            })
            .collect();
        let fetch: Fetch = Arc::new(move |_, before, limit| {
            let most = usize::try_from(limit).unwrap();
            let page: Vec<TimelineItem> = items
                .iter()
                .filter(|i| before.is_none_or(|b| (i.at, i.id) < (b.at, b.id)))
                .take(most)
                .cloned()
                .collect();
            Box::pin(async move { Ok(page) })
        });
        TimelineSource { key, label_key: "x", icon: "x", fetch }
    }

    #[tokio::test]
    async fn pages_of_several_sources_join_without_gap_or_repeat() {
        let sources = [source("a", 3, 40), source("b", 5, 40), source("c", 5, 1)];
        let id = CustomerId::new(NOW);
        let mut seen = Vec::new();
        let mut before: Option<String> = None;
        loop {
            let page = read(&sources, &[], id, before.as_deref(), 7).await.unwrap();
            assert!(page.items.len() <= 7);
            seen.extend(page.items.into_iter().map(|e| (e.item.at, e.item.id)));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 81);
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]));
        let only = read(&sources, &["b".to_owned()], id, None, 200).await.unwrap();
        assert_eq!(only.items.len(), 40);
        assert!(read(&sources, &[], id, Some("nonsense"), 7).await.is_err());
    }
}
