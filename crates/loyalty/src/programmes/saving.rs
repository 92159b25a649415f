//! Saving a draft that was read before: not over what somebody else saved meanwhile.

use access::Actor;
use chrono::NaiveDate;
use programme::Programme;
use store::{Tx, sql};

use super::{Draft, Drafted, Version, VersionId};
use crate::{Error, Loyalty, Result, permissions};

/// What a draft is written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base<'a> {
    /// Nothing: its number must be new.
    New,
    /// The draft with this hash.
    Hash(&'a str),
}

/// The number after the highest a programme has.
#[must_use]
pub fn next_version(all: &[Version], programme: &str) -> i64 {
    let own = all.iter().filter(|one| one.programme == programme);
    own.map(|one| one.version).max().unwrap_or(0) + 1
}

impl Loyalty {
    /// [`Loyalty::draft_programme`], but never over another draft than the one that was read.
    ///
    /// # Errors
    /// As there; [`Error::Refused`] `loyalty-draft-changed` when somebody else saved meanwhile,
    /// `loyalty-version-exists` when the number of a new one is taken.
    pub async fn save_programme(
        &self,
        actor: &Actor,
        draft: &Draft,
        base: Base<'_>,
    ) -> Result<Drafted> {
        actor.may(permissions::PROGRAMME)?;
        let document = Programme::from_toml(&draft.text)?;
        let (code, version) = (document.code.as_str(), i64::from(document.version));
        let mut tx = self.db().begin().await?;
        match base {
            Base::New => self.reserve(&mut tx, actor, code, version, draft.valid_from).await?,
            Base::Hash(hash) => hold(&mut tx, code, version, hash).await?,
        }
        let drafted = self.draft_programme_in(&mut tx, actor, draft).await?;
        tx.commit().await?;
        Ok(drafted)
    }

    /// Takes the number, so that of two who do one waits and finds it taken.
    async fn reserve(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        code: &str,
        version: i64,
        valid_from: NaiveDate,
    ) -> Result<()> {
        let first = tx
            .exec(
                sql("INSERT INTO loyalty_programme (id, programme, version, state, valid_from,
                        text, hash, note, written_at, written_by, decided_note)
                     VALUES ($1, $2, $3, 'draft', $4, '', '', '', $5, $6, '')
                     ON CONFLICT (programme, version) DO NOTHING")
                .bind(VersionId::new(self.now()).uuid())
                .bind(code)
                .bind(version)
                .bind(valid_from)
                .bind(self.now())
                .bind(actor.id),
            )
            .await?;
        if first == 1 { Ok(()) } else { Err(Error::Refused("loyalty-version-exists")) }
    }

    /// Every version of every programme, by code, newest number first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn all_programme_versions(&self, actor: &Actor) -> Result<Vec<Version>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let mut query = store::SqlBuilder::new("SELECT ");
        query.push(super::VERSION);
        query.push(" FROM loyalty_programme ORDER BY programme, version DESC");
        let rows: Vec<super::Row> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Version::try_from).collect::<Result<_, _>>()?)
    }
}

/// Holds the draft that was read until the end of the transaction.
async fn hold(tx: &mut Tx, code: &str, version: i64, hash: &str) -> Result<()> {
    let held = tx
        .exec(
            sql("UPDATE loyalty_programme SET hash = hash
                 WHERE programme = $1 AND version = $2 AND hash = $3 AND state = 'draft'")
            .bind(code)
            .bind(version)
            .bind(hash),
        )
        .await?;
    if held == 1 {
        return Ok(());
    }
    let state: Option<String> = tx
        .value_maybe(
            sql("SELECT state FROM loyalty_programme WHERE programme = $1 AND version = $2")
                .bind(code)
                .bind(version),
        )
        .await?;
    Err(Error::Refused(match state.as_deref() {
        Some("draft") => "loyalty-draft-changed",
        Some(_) => "loyalty-version-kept",
        None => "loyalty-draft-renumbered",
    }))
}
