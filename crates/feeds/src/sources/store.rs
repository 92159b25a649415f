//! The SQL of sources.

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use kernel::Explain;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Folder, Kind, Mailbox, Secrets, Sftp};
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
    /// The folder on a server.
    pub sftp: Option<Sftp>,
    /// The mailbox.
    pub mailbox: Option<Mailbox>,
    /// Whether a password or key is kept for signing in.
    pub signs_in: bool,
    /// The last letters of the write key, when there is one.
    pub write_key_hint: Option<String>,
    /// What keeps it from being read.
    pub problem: Option<Problem>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What keeps a source from being read, or something in it from being taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A text key.
    pub code: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<(String, String)>,
}

impl Problem {
    pub(super) fn plain(code: &str) -> Self {
        Self { code: code.to_owned(), args: Vec::new() }
    }

    pub(super) fn of(error: &dyn Explain) -> Self {
        let args = error.args().into_iter().map(|(name, value)| (name.to_owned(), value));
        Self { code: format!("error-{}", error.code()), args: args.collect() }
    }
}

/// What an operator sets.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct Setting {
    /// Name: small letters, digits, hyphens.
    #[serde(default)]
    pub name: String,
    /// Fixed once made.
    pub kind: Option<Kind>,
    /// Whether a folder is watched and events are taken.
    pub active: bool,
    /// Silence of more minutes than these is told.
    pub expected_minutes: Option<i64>,
    /// The folder to watch.
    pub folder: Option<Folder>,
    /// The folder to fetch from.
    pub sftp: Option<Sftp>,
    /// The mailbox to fetch from.
    pub mailbox: Option<Mailbox>,
    /// What to sign in with.
    #[serde(default, flatten)]
    pub secrets: Secrets,
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
    signs_in: bool,
    received_at: Option<DateTime<Utc>>,
    said_at: Option<DateTime<Utc>>,
    problem: Option<Json<Problem>>,
    created_at: DateTime<Utc>,
}

impl Source {
    /// As it is kept.
    fn config(&self) -> serde_json::Value {
        match (&self.sftp, &self.mailbox) {
            (Some(sftp), _) => json!(sftp),
            (_, Some(mailbox)) => json!(mailbox),
            _ => json!({}),
        }
    }
}

impl From<Row> for Source {
    fn from(row: Row) -> Self {
        let kind = Kind::parse(&row.kind).unwrap_or(Kind::Messages);
        let config = row.config.0;
        Self {
            id: row.id,
            name: row.name,
            kind,
            active: row.active,
            expected_minutes: row.expected_minutes,
            silent_since: row.silent_since,
            received_at: row.received_at,
            said_at: row.said_at,
            folder: read(kind == Kind::Folder, &config),
            sftp: read(kind == Kind::Sftp, &config),
            mailbox: read(kind == Kind::Mailbox, &config),
            signs_in: row.signs_in,
            write_key_hint: row.write_key_hint,
            problem: row.problem.map(|problem| problem.0),
            created_at: row.created_at,
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(is: bool, config: &serde_json::Value) -> Option<T> {
    if is { T::deserialize(config).ok() } else { None }
}

const SELECT: &str = "SELECT id, name, kind, config, active, expected_minutes, silent_since, \
    write_key_hint, secret IS NOT NULL AS signs_in, received_at, said_at, problem, created_at \
    FROM feed_source";

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
        sql("INSERT INTO feed_source (id, name, kind, config, active, created_at)
             VALUES ($1, $2, $3, $4, TRUE, $5) ON CONFLICT (name) DO NOTHING")
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

impl Setting {
    fn check(&self) -> Result<()> {
        if self.expected_minutes.is_some_and(|minutes| !(1..=525_600).contains(&minutes)) {
            return Err(Error::SourceSetting("minutes"));
        }
        if let Some(folder) = &self.folder {
            folder.check()?;
        }
        if let Some(sftp) = &self.sftp {
            sftp.check()?;
        }
        if let Some(mailbox) = &self.mailbox {
            mailbox.check()?;
        }
        Ok(())
    }

    /// What is kept for a source of `kind`; it must be given.
    fn config(&self, kind: Kind) -> Result<serde_json::Value> {
        let (given, config) = match kind {
            Kind::Folder => (self.folder.is_some(), serde_json::to_value(&self.folder)?),
            Kind::Sftp => (self.sftp.is_some(), serde_json::to_value(&self.sftp)?),
            Kind::Mailbox => (self.mailbox.is_some(), serde_json::to_value(&self.mailbox)?),
            Kind::Messages | Kind::Web => (true, json!({})),
        };
        if given { Ok(config) } else { Err(Error::SourceSetting(kind.as_str())) }
    }
}

/// What tells one mailbox or folder from another: where it is and whose.
fn place(config: &serde_json::Value) -> [Option<&serde_json::Value>; 4] {
    ["host", "port", "user", "folder"].map(|name| config.get(name))
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
        setting.check()?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let kind = setting.kind.unwrap_or(Kind::Messages);
        let id = named(&mut tx, &setting.name, kind, now).await?;
        let source = load(&mut tx, &setting.name).await?;
        let config = setting.config(source.kind)?;
        if source.kind.is_fetched() && !source.signs_in && !setting.secrets.is_given() {
            return Err(Error::SourceSetting("secret"));
        }
        let elsewhere = place(&config) != place(&source.config());
        if setting.secrets.is_given() {
            let sealed = setting.secrets.seal(self.access().vault())?;
            let secret = sql("UPDATE feed_source SET secret = $2 WHERE id = $1");
            tx.exec(secret.bind(id).bind(sealed)).await?;
        } else if elsewhere && source.signs_in {
            // A password is not carried to another server.
            return Err(Error::SourceSetting("secret-again"));
        }
        if elsewhere {
            let anew = sql("UPDATE feed_source SET bookmark = NULL WHERE id = $1").bind(id);
            tx.exec(anew).await?;
        }
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
