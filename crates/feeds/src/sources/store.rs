//! The SQL of sources.

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Folder, Kind};
use crate::{Error, Feeds, Result, permissions};

/// A source as it is set.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Source {
    /// Identity.
    pub id: Uuid,
    /// Name in addresses and on the command line.
    pub name: String,
    /// How it hands things in.
    pub kind: Kind,
    /// Whether a folder is watched and events are taken.
    pub active: bool,
    /// Silence of more minutes than these is told.
    pub expected_minutes: Option<i64>,
    /// Since when silence has been told.
    pub silent_since: Option<DateTime<Utc>>,
    /// When something came in last.
    pub received_at: Option<DateTime<Utc>>,
    /// When the newest of its messages was made.
    pub said_at: Option<DateTime<Utc>>,
    /// The watched folder.
    pub folder: Option<Folder>,
    /// The last letters of the write key, when there is one.
    pub write_key_hint: Option<String>,
    /// What keeps the folder from being read: a text key.
    pub problem: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What an operator sets.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct Setting {
    /// Name: small letters, digits, hyphens.
    #[serde(default)]
    pub name: String,
    /// `messages`, `folder` or `web`; fixed once made.
    pub kind: Option<Kind>,
    /// Whether a folder is watched and events are taken.
    pub active: bool,
    /// Silence of more minutes than these is told.
    pub expected_minutes: Option<i64>,
    /// The folder to watch.
    pub folder: Option<Folder>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    kind: String,
    config: Json<serde_json::Value>,
    active: bool,
    expected_minutes: Option<i64>,
    silent_since: Option<DateTime<Utc>>,
    write_key_hint: Option<String>,
    received_at: Option<DateTime<Utc>>,
    said_at: Option<DateTime<Utc>>,
    problem: Option<Json<serde_json::Value>>,
    created_at: DateTime<Utc>,
}

impl From<Row> for Source {
    fn from(row: Row) -> Self {
        let problem = row.problem.as_ref().and_then(|json| json.0.get("code"));
        Self {
            id: row.id,
            name: row.name,
            kind: Kind::parse(&row.kind).unwrap_or(Kind::Messages),
            active: row.active,
            expected_minutes: row.expected_minutes,
            silent_since: row.silent_since,
            received_at: row.received_at,
            said_at: row.said_at,
            folder: serde_json::from_value(row.config.0).ok(),
            write_key_hint: row.write_key_hint,
            problem: problem.and_then(|code| code.as_str()).map(str::to_owned),
            created_at: row.created_at,
        }
    }
}

const SELECT: &str = "SELECT id, name, kind, config, active, expected_minutes, silent_since, \
    write_key_hint, received_at, said_at, problem, created_at FROM feed_source";

/// Sources there can be.
const MOST: i64 = 500;

pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Source>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" ORDER BY name LIMIT ").bind(MOST);
    let rows: Vec<Row> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Source::from).collect())
}

pub(super) async fn load(tx: &mut Tx, name: &str) -> Result<Source> {
    let mut query = SqlBuilder::new(SELECT);
    query.push(" WHERE name = ").bind(name);
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.map(Source::from).ok_or(Error::NoSource)
}

fn check_name(name: &str) -> Result<()> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 60 || !name.bytes().all(fits) {
        return Err(Error::SourceName);
    }
    Ok(())
}

/// The source of that name, made if there is none.
pub(crate) async fn named(tx: &mut Tx, name: &str, kind: Kind, now: DateTime<Utc>) -> Result<Uuid> {
    check_name(name)?;
    let known = sql("SELECT id FROM feed_source WHERE name = $1").bind(name);
    if let Some(id) = tx.value_maybe(known.clone()).await? {
        return Ok(id);
    }
    if tx.value::<i64>(sql("SELECT COUNT(*) FROM feed_source")).await? >= MOST {
        return Err(Error::SourceSetting("many"));
    }
    tx.exec(
        sql("INSERT INTO feed_source (id, name, kind, title, config, active, created_at)
             VALUES ($1, $2, $3, '', $4, TRUE, $5) ON CONFLICT (name) DO NOTHING")
        .bind(kernel::ids::v7(now))
        .bind(name)
        .bind(kind.as_str())
        .bind(json!({}))
        .bind(now),
    )
    .await?;
    Ok(tx.value(known).await?)
}

/// Something came in from the source.
pub(crate) async fn heard(
    tx: &mut Tx,
    source: Uuid,
    said_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_source SET received_at = $2, silent_since = NULL,
                said_at = CASE WHEN said_at IS NULL OR said_at < $3 THEN $3 ELSE said_at END
             WHERE id = $1")
        .bind(source)
        .bind(now)
        .bind(said_at),
    )
    .await?;
    Ok(())
}

impl Feeds {
    /// All sources, by name.
    ///
    /// # Errors
    /// Denied; the database failed.
    pub async fn sources(&self, actor: &Actor) -> Result<Vec<Source>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        all(&mut tx).await
    }

    /// One source.
    ///
    /// # Errors
    /// Denied; [`Error::NoSource`].
    pub async fn source(&self, actor: &Actor, name: &str) -> Result<Source> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        load(&mut tx, name).await
    }

    /// Makes a source or changes how it is set. The same again changes nothing.
    ///
    /// # Errors
    /// Denied; [`Error::SourceName`], [`Error::SourceSetting`].
    pub async fn set_source(&self, actor: &Actor, setting: &Setting) -> Result<Source> {
        actor.may(permissions::SOURCES)?;
        if setting.expected_minutes.is_some_and(|minutes| !(1..=525_600).contains(&minutes)) {
            return Err(Error::SourceSetting("minutes"));
        }
        if let Some(folder) = &setting.folder {
            folder.check()?;
        }
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let kind = setting.kind.unwrap_or(Kind::Messages);
        let id = named(&mut tx, &setting.name, kind, now).await?;
        let source = load(&mut tx, &setting.name).await?;
        if source.kind == Kind::Folder && setting.folder.is_none() {
            return Err(Error::SourceSetting("folder"));
        }
        let config = match source.kind {
            Kind::Folder => serde_json::to_value(&setting.folder)?,
            Kind::Messages | Kind::Web => json!({}),
        };
        tx.exec(
            sql("UPDATE feed_source SET config = $2, active = $3, expected_minutes = $4,
                    silent_since = CASE WHEN $4 IS NULL THEN NULL ELSE silent_since END,
                    problem = NULL
                 WHERE id = $1")
            .bind(id)
            .bind(config)
            .bind(setting.active)
            .bind(setting.expected_minutes),
        )
        .await?;
        let target = Target::new("feed-source", id);
        self.access().record(&mut tx, actor, "feeds.source.set", &target, Details::new()).await?;
        let source = load(&mut tx, &setting.name).await?;
        tx.commit().await?;
        Ok(source)
    }
}
