//! Versions of a programme's rules: drafted, proposed, and approved by another person.
//!
//! A version holds for flights from its first day on, until one with a later first day; of two with
//! one first day the one approved later. What is approved is never written again.

mod changing;
pub mod rows;
mod saving;
mod timeline;

#[cfg(test)]
mod tests;

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use programme::Programme;
use programme::check::{Finding, Severity};
use programme::document::{Change, changes};
use store::{Tx, sql};
use uuid::Uuid;

pub use changing::{Draft, Drafted};
pub use saving::{Base, next_version};
pub(crate) use timeline::{Timeline, in_force};

use crate::{Error, Loyalty, Result, permissions};

kernel::typed_id!(
    /// A version of a programme's rules.
    VersionId, "programme"
);

crate::ledger::words!(
    /// Where a version stands.
    VersionState {
        /// Being written.
        Draft = "draft",
        /// Waits for another person.
        Proposed = "proposed",
        /// Holds from its first day on.
        Approved = "approved",
        /// Turned down, or withdrawn.
        Refused = "refused",
    }
);

/// A version without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Identity.
    pub id: VersionId,
    /// Code of the programme.
    pub programme: String,
    /// The document's number, quoted in explanations.
    pub version: i64,
    /// Where it stands.
    pub state: VersionState,
    /// First day of the flights it holds for.
    pub valid_from: NaiveDate,
    /// SHA-256 of the text, in hexadecimal.
    pub hash: String,
    /// Why, in the words of whoever wrote it.
    pub note: String,
    /// When and by whom written last.
    pub written: (DateTime<Utc>, Uuid),
    /// When and by whom proposed.
    pub proposed: Option<(DateTime<Utc>, Uuid)>,
    /// When and by whom decided.
    pub decided: Option<(DateTime<Utc>, Uuid)>,
    /// In the words of whoever decided.
    pub decided_note: String,
}

/// A finding and where it is in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// What does not fit.
    pub finding: Finding,
    /// Lines of the rows it is about, counted from 1.
    pub lines: Vec<usize>,
}

impl Located {
    /// Whether the version cannot be proposed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.finding.severity == Severity::Error
    }
}

/// Everything found in a text, errors first.
///
/// # Errors
/// [`Error::Document`] with the place when it is no programme.
pub fn check(text: &str) -> Result<(Programme, Vec<Located>)> {
    let document = Programme::from_toml(text)?;
    let found = programme::check::check(&document);
    let located = found.into_iter().map(|finding| {
        let lines = finding.lines(text);
        Located { finding, lines }
    });
    let located = located.collect();
    Ok((document, located))
}

const VERSION: &str =
    "id, programme, version, state, valid_from, hash, note, written_at, written_by,
    proposed_at, proposed_by, decided_at, decided_by, decided_note";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    programme: String,
    version: i64,
    state: String,
    valid_from: NaiveDate,
    hash: String,
    note: String,
    written_at: DateTime<Utc>,
    written_by: Uuid,
    proposed_at: Option<DateTime<Utc>>,
    proposed_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    decided_note: String,
}

impl TryFrom<Row> for Version {
    type Error = crate::UnknownWord;
    fn try_from(row: Row) -> Result<Self, crate::UnknownWord> {
        Ok(Self {
            id: row.id.into(),
            programme: row.programme,
            version: row.version,
            state: row.state.parse()?,
            valid_from: row.valid_from,
            hash: row.hash,
            note: row.note,
            written: (row.written_at, row.written_by),
            proposed: row.proposed_at.zip(row.proposed_by),
            decided: row.decided_at.zip(row.decided_by),
            decided_note: row.decided_note,
        })
    }
}

async fn load(tx: &mut Tx, id: VersionId) -> Result<Version> {
    let mut query = store::SqlBuilder::new("SELECT ");
    query.push(VERSION).push(" FROM loyalty_programme WHERE id = ").bind(id.uuid());
    let row: Option<Row> = tx.maybe(query.build()).await?;
    Ok(row.ok_or(Error::NotFound("version"))?.try_into()?)
}

/// A version with its text.
pub(crate) async fn read_version(tx: &mut Tx, id: VersionId) -> Result<(Version, String)> {
    Ok((load(tx, id).await?, text_of(tx, id).await?))
}

async fn text_of(tx: &mut Tx, id: VersionId) -> Result<String> {
    let text: Option<String> = tx
        .value_maybe(sql("SELECT text FROM loyalty_programme WHERE id = $1").bind(id.uuid()))
        .await?;
    text.ok_or(Error::NotFound("version"))
}

impl Loyalty {
    /// All versions of a programme, newest number first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn programme_versions(&self, actor: &Actor, programme: &str) -> Result<Vec<Version>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let mut query = store::SqlBuilder::new("SELECT ");
        query.push(VERSION).push(" FROM loyalty_programme WHERE programme = ").bind(programme);
        query.push(" ORDER BY version DESC");
        let rows: Vec<Row> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Version::try_from).collect::<Result<_, _>>()?)
    }

    /// A version with its text: what was drafted, to the byte.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn programme_version(
        &self,
        actor: &Actor,
        id: VersionId,
    ) -> Result<(Version, String)> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        Ok((load(&mut tx, id).await?, text_of(&mut tx, id).await?))
    }

    /// What a version changes against the approved one that holds on its first day: for whoever
    /// decides. `None` when nothing holds then.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn programme_changes(
        &self,
        actor: &Actor,
        id: VersionId,
    ) -> Result<Option<(VersionId, Vec<Change>)>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let version = load(&mut tx, id).await?;
        let before: Option<Uuid> = tx
            .value_maybe(
                sql("SELECT id FROM loyalty_programme
                     WHERE programme = $1 AND state = 'approved' AND valid_from <= $2 AND id <> $3
                     ORDER BY valid_from DESC, decided_at DESC NULLS LAST, version DESC
                     LIMIT 1")
                .bind(&version.programme)
                .bind(version.valid_from)
                .bind(id.uuid()),
            )
            .await?;
        let Some(before) = before.map(VersionId::from) else { return Ok(None) };
        let old = Programme::from_toml(&text_of(&mut tx, before).await?)?;
        let new = Programme::from_toml(&text_of(&mut tx, id).await?)?;
        Ok(Some((before, changes(&old, &new)?)))
    }
}

/// The text of a shipped programme by its code: `bridge-km`, `bay-year`, `tern-fare`.
#[must_use]
pub fn example(code: &str) -> Option<&'static str> {
    let line = format!("code = \"{code}\"");
    programme::examples::ALL.into_iter().find(|text| text.lines().any(|it| it == line))
}
