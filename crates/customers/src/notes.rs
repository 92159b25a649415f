//! Notes: what staff want the next colleague to know.

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde::Serialize;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use crate::model::{CustomerId, NoteId};
use crate::{Customers, Error, Result, events, permissions, profile};

/// Longest note, in characters.
pub const LONGEST: usize = 4_000;

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Note {
    /// Identity.
    #[schema(value_type = Uuid)]
    pub id: NoteId,
    /// Who wrote it.
    pub author_id: Uuid,
    /// Its text.
    pub body: String,
    /// Counts the changes.
    pub version: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: Uuid,
    author_id: Uuid,
    body: String,
    version: i64,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

impl From<NoteRow> for Note {
    fn from(row: NoteRow) -> Self {
        Self {
            id: row.id.into(),
            author_id: row.author_id,
            body: row.body,
            version: row.version,
            created_at: row.created_at,
            changed_at: row.changed_at,
        }
    }
}

/// Notes of a customer, newest first, before a moment.
pub(crate) async fn of(
    tx: &mut Tx,
    customer: CustomerId,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Note>> {
    let mut query = SqlBuilder::new(
        "SELECT id, author_id, body, version, created_at, changed_at FROM customer_note
         WHERE customer_id = ",
    );
    query.bind(customer.uuid());
    if let Some((at, id)) = before {
        query.push(" AND (created_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(limit);
    let rows: Vec<NoteRow> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Note::from).collect())
}

fn tidy(body: &str) -> Result<String> {
    let body = body.trim().replace("\r\n", "\n").replace('\0', "");
    if body.is_empty() || body.chars().count() > LONGEST {
        return Err(Error::Text(LONGEST));
    }
    Ok(body)
}

impl Customers {
    /// The newest notes.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn notes(&self, actor: &Actor, id: CustomerId, limit: i64) -> Result<Vec<Note>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        profile::load(&mut tx, id).await?;
        of(&mut tx, id, None, limit.clamp(1, 200)).await
    }

    /// Writes a note.
    ///
    /// # Errors
    /// [`Error::Text`], [`Error::NotFound`], [`Error::Denied`].
    pub async fn add_note(&self, actor: &Actor, id: CustomerId, body: &str) -> Result<NoteId> {
        let mut tx = self.db().begin().await?;
        let note = self.add_note_in(&mut tx, actor, id, body).await?;
        tx.commit().await?;
        Ok(note)
    }

    /// [`Customers::add_note`] in a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn add_note_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CustomerId,
        body: &str,
    ) -> Result<NoteId> {
        actor.may(permissions::EDIT)?;
        let body = tidy(body)?;
        profile::load(tx, id).await?;
        let now = self.now();
        let note = NoteId::new(now);
        tx.exec(
            sql("INSERT INTO customer_note
                    (id, customer_id, author_id, body, version, created_at, changed_at)
                 VALUES ($1, $2, $3, $4, 1, $5, $5)")
            .bind(note.uuid())
            .bind(id.uuid())
            .bind(actor.id)
            .bind(body)
            .bind(now),
        )
        .await?;
        self.say_note(tx, actor, id, note, "added").await?;
        Ok(note)
    }

    /// Removes a note. Its author may, and whoever may put customers in the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a note that is not there or not the actor's; [`Error::Denied`].
    pub async fn remove_note(
        &self,
        actor: &Actor,
        id: CustomerId,
        note: NoteId,
    ) -> Result<Outcome<()>> {
        actor.may(permissions::EDIT)?;
        let anyone = actor.may(permissions::TRASH).is_ok();
        let mut tx = self.db().begin().await?;
        let removed = tx
            .exec(
                sql("DELETE FROM customer_note WHERE id = $1 AND customer_id = $2
                       AND ($3 = TRUE OR author_id = $4)")
                .bind(note.uuid())
                .bind(id.uuid())
                .bind(anyone)
                .bind(actor.id),
            )
            .await?;
        if removed == 0 {
            return Err(Error::NotFound("note"));
        }
        self.say_note(&mut tx, actor, id, note, "removed").await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    async fn say_note(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CustomerId,
        note: NoteId,
        what: &str,
    ) -> Result<()> {
        let data = events::Attached {
            customer: id,
            id: note.uuid(),
            what: what.to_owned(),
            actor: actor.id,
        };
        let event = events::about(events::NOTE_CHANGED, id, self.now(), &data)?;
        store::outbox::say(tx, &event).await?;
        let target = Target::new(CustomerId::KIND, id);
        let details = Details::new().code("what", what).id("note", note.uuid());
        self.access().record(tx, actor, "customers.noted", &target, details).await?;
        Ok(())
    }
}
