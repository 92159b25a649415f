//! Drafting, proposing and deciding.

use access::{Actor, Details, Target};
use chrono::NaiveDate;
use kernel::Outcome;
use programme::Engine;
use sha2::{Digest, Sha256};
use store::{Tx, sql};

use super::{Located, Version, VersionId, VersionState, check, load, text_of};
use crate::events::ProgrammeChanged;
use crate::{Error, Loyalty, Result, events, permissions};

/// Longest note, in characters.
const NOTE: usize = 500;

/// A version to be written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The document, as TOML.
    pub text: String,
    /// First day of the flights it holds for, once approved.
    pub valid_from: NaiveDate,
    /// Why.
    pub note: String,
}

/// A version that was written, and what does not fit in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// The version.
    pub id: VersionId,
    /// Errors first; with one it cannot be proposed.
    pub findings: Vec<Located>,
}

impl Loyalty {
    /// Writes a draft: a new version, or again one that is still a draft, found by the document's
    /// code and number.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Document`] with line and column when it is no programme;
    /// [`Error::Invalid`] naming `text` (code) or `note`; [`Error::Refused`] `loyalty-version-kept`
    /// when that number was proposed or decided.
    pub async fn draft_programme(&self, actor: &Actor, draft: Draft) -> Result<Drafted> {
        let mut tx = self.db().begin().await?;
        let drafted = self.draft_programme_in(&mut tx, actor, &draft).await?;
        tx.commit().await?;
        Ok(drafted)
    }

    /// [`Loyalty::draft_programme`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn draft_programme_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        draft: &Draft,
    ) -> Result<Drafted> {
        actor.may(permissions::PROGRAMME)?;
        note(&draft.note)?;
        let (document, findings) = check(&draft.text)?;
        let code = document.code.as_str();
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !(1..=20).contains(&code.len()) || !code.bytes().all(letter) {
            return Err(Error::invalid("text", "loyalty-programme-code"));
        }
        let new = VersionId::new(self.now());
        let hash: String = Sha256::digest(draft.text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let written: Option<uuid::Uuid> = tx
            .value_maybe(
                sql("INSERT INTO loyalty_programme (id, programme, version, state, valid_from,
                        text, hash, note, written_at, written_by, decided_note)
                     VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, '')
                     ON CONFLICT (programme, version) DO UPDATE
                     SET valid_from = excluded.valid_from, text = excluded.text,
                        hash = excluded.hash, note = excluded.note,
                        written_at = excluded.written_at, written_by = excluded.written_by
                     WHERE loyalty_programme.state = 'draft'
                     RETURNING id")
                .bind(new.uuid())
                .bind(code)
                .bind(i64::from(document.version))
                .bind(draft.valid_from)
                .bind(&draft.text)
                .bind(&hash)
                .bind(draft.note.trim())
                .bind(self.now())
                .bind(actor.id),
            )
            .await?;
        let id = written.map(VersionId::from).ok_or(Error::Refused("loyalty-version-kept"))?;
        let version = load(tx, id).await?;
        self.tell(tx, actor, "loyalty.programme-drafted", &version).await?;
        Ok(Drafted { id, findings })
    }

    /// Puts a draft before another person. Again is [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Contradictory`] when the rules do not fit
    /// each other; [`Error::Refused`] `loyalty-version-decided`.
    pub async fn propose_programme(&self, actor: &Actor, id: VersionId) -> Result<Outcome<()>> {
        self.propose_programme_as(actor, id, None, None).await
    }

    /// [`Loyalty::propose_programme`] with a note in place of the draft's, and only when the draft
    /// is still the one with this hash.
    ///
    /// # Errors
    /// As there; [`Error::Refused`] `loyalty-draft-changed`; [`Error::Invalid`] naming `note`.
    pub async fn propose_programme_as(
        &self,
        actor: &Actor,
        id: VersionId,
        why: Option<&str>,
        hash: Option<&str>,
    ) -> Result<Outcome<()>> {
        actor.may(permissions::PROGRAMME)?;
        note(why.unwrap_or_default())?;
        let mut tx = self.db().begin().await?;
        let first = tx
            .exec(
                sql("UPDATE loyalty_programme SET state = 'proposed', proposed_at = $2,
                        proposed_by = $3, note = COALESCE($4, note)
                     WHERE id = $1 AND state = 'draft' AND hash = COALESCE($5, hash)")
                .bind(id.uuid())
                .bind(self.now())
                .bind(actor.id)
                .bind(why.map(|why| why.trim().to_owned()))
                .bind(hash.map(str::to_owned)),
            )
            .await?
            == 1;
        let version = load(&mut tx, id).await?;
        if !first {
            return match version.state {
                VersionState::Proposed => Ok(Outcome::AlreadyDone(())),
                VersionState::Draft => Err(Error::Refused("loyalty-draft-changed")),
                _ => Err(Error::Refused("loyalty-version-decided")),
            };
        }
        Engine::new(check(&text_of(&mut tx, id).await?)?.0)?;
        self.tell(&mut tx, actor, "loyalty.programme-proposed", &version).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// Approves or refuses what was proposed. Nobody approves what they wrote or proposed, by
    /// whichever key or session; they may refuse, that is withdraw it. The first approval opens
    /// the programme's books. Deciding the same again is [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `loyalty-own-proposal`,
    /// `loyalty-version-not-proposed`, `loyalty-version-decided` (otherwise), `loyalty-version-low`
    /// when a higher number was approved before; [`Error::Contradictory`].
    pub async fn decide_programme(
        &self,
        actor: &Actor,
        id: VersionId,
        approve: bool,
        why: &str,
    ) -> Result<Outcome<()>> {
        let needed = if approve { permissions::PROGRAMME_APPROVE } else { permissions::PROGRAMME };
        actor.may(needed)?;
        note(why)?;
        let state = if approve { VersionState::Approved } else { VersionState::Refused };
        let mut tx = self.db().begin().await?;
        // Written first: of two who decide at once the second waits, and finds it decided.
        let first = tx
            .exec(
                sql("UPDATE loyalty_programme SET state = $2, decided_at = $3, decided_by = $4,
                        decided_note = $5
                     WHERE id = $1 AND state = 'proposed'")
                .bind(id.uuid())
                .bind(state.as_str())
                .bind(self.now())
                .bind(actor.id)
                .bind(why.trim()),
            )
            .await?
            == 1;
        let version = load(&mut tx, id).await?;
        if !first {
            return match version.state {
                now if now == state => Ok(Outcome::AlreadyDone(())),
                VersionState::Draft => Err(Error::Refused("loyalty-version-not-proposed")),
                _ => Err(Error::Refused("loyalty-version-decided")),
            };
        }
        let proposed_by = version.proposed.map(|(_, who)| who);
        let own = version.written.1 == actor.id || proposed_by == Some(actor.id);
        if approve && own {
            return Err(Error::Refused("loyalty-own-proposal"));
        }
        if !approve && !own {
            actor.may(permissions::PROGRAMME_APPROVE)?;
        }
        if approve {
            self.put_in_force(&mut tx, &version).await?;
        }
        self.tell(&mut tx, actor, "loyalty.programme-decided", &version).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    async fn put_in_force(&self, tx: &mut Tx, version: &Version) -> Result<()> {
        let higher: i64 = tx
            .value(
                sql("SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_programme
                     WHERE programme = $1 AND state = 'approved' AND version > $2")
                .bind(&version.programme)
                .bind(version.version),
            )
            .await?;
        if higher > 0 {
            return Err(Error::Refused("loyalty-version-low"));
        }
        // Rules may have become stricter since it was proposed.
        Engine::new(check(&text_of(tx, version.id).await?)?.0)?;
        self.ledger().open_programme(tx, &version.programme).await?;
        // Flights that no rules held for are asked about again.
        if version.valid_from <= self.today() {
            self.mark_programme_due(tx, &version.programme).await?;
            self.earn_soon(tx).await?;
        }
        Ok(())
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        version: &Version,
    ) -> Result<()> {
        let said = ProgrammeChanged {
            id: version.id,
            programme: version.programme.clone(),
            version: version.version,
            state: version.state,
            valid_from: version.valid_from,
        };
        events::programme(tx, self.now(), &said).await?;
        let details = Details::new()
            .code("programme", &version.programme)
            .count("version", version.version)
            .code("state", version.state.as_str())
            .code("hash", &format!("sha256:{}", version.hash.get(..32).unwrap_or_default()));
        let target = Target::new(VersionId::KIND, version.id);
        self.access().record(tx, actor, action, &target, details).await?;
        Ok(())
    }
}

fn note(text: &str) -> Result<()> {
    let fits = text.chars().count() <= NOTE && !text.chars().any(|c| c == '\0');
    if fits { Ok(()) } else { Err(Error::invalid("note", "loyalty-note")) }
}
