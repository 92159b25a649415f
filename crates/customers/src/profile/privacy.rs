//! What the law asks of every place that holds a person: show in clear for a purpose, hand out
//! everything, erase everything.

use access::{Actor, Details, Purpose, Target};
use kernel::{Outcome, Personal};
use serde_json::{Value, json};
use sqlx::types::Json;
use store::{Tx, sql};
use uuid::Uuid;

use super::load;
use crate::contacts::{self, Shelf};
use crate::model::CustomerId;
use crate::{Customers, Error, Result, events, permissions, tags};

/// One contact or document in clear.
#[derive(Clone, Debug)]
pub struct Revealed {
    /// `phone`, `email`, `id-card`, `passport`, `other`.
    pub kind: String,
    /// The value.
    pub value: Personal<String>,
}

/// Everything this domain holds about a person. `Debug` prints dots.
#[derive(Clone)]
pub struct Export(pub Value);

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Export(•••)")
    }
}

/// Tables that hold a person, by the column that says which: what [`Customers::forget`] empties.
/// The personal-data test holds it against the schema.
pub const PERSONAL_TABLES: &[(&str, &str)] = &[
    ("customer", "id"),
    ("customer_also", "customer_id"),
    ("customer_contact", "customer_id"),
    ("customer_document", "customer_id"),
    ("customer_link", "customer_id"),
    ("customer_change", "customer_id"),
    ("customer_note", "customer_id"),
    ("customer_tag", "customer_id"),
    ("customer_task", "customer_id"),
    ("identity_review", "one_id"),
    ("identity_apart", "one_id"),
    ("identity_event", "from_id"),
    ("identity_split", "record_id"),
    ("identity_key", "record_id"),
];

impl Customers {
    /// Shows contacts and documents in clear, for a purpose, with a trace in the audit trail.
    ///
    /// # Errors
    /// [`Error::Access`] (denied) when the actor's roles do not hold the purpose.
    pub async fn reveal(
        &self,
        actor: &Actor,
        id: CustomerId,
        purpose: Purpose,
    ) -> Result<Vec<Revealed>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().begin().await?;
        load(&mut tx, id).await?;
        let opened = contacts::open_all(&mut tx, self.access().vault(), id).await?;
        let target = Target::new(CustomerId::KIND, id);
        let fields = ["contacts", "documents"];
        self.access().reveal(&mut tx, actor, purpose, &target, &fields).await?;
        tx.commit().await?;
        Ok(opened
            .into_iter()
            .map(|clear| Revealed { kind: clear.kind, value: clear.value })
            .collect())
    }

    /// Everything we hold about a person, in clear, for the person.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn export(&self, actor: &Actor, id: CustomerId) -> Result<Export> {
        actor.may(permissions::PRIVACY)?;
        let mut tx = self.db().begin().await?;
        let customer = load(&mut tx, id).await?;
        let contacts: Vec<Value> = contacts::open_all(&mut tx, self.access().vault(), id)
            .await?
            .into_iter()
            .map(|clear| json!({"kind": clear.kind, "value": clear.value.reveal()}))
            .collect();
        let records = records(&mut tx, self, id).await?;
        let notes: Vec<(String, chrono::DateTime<chrono::Utc>)> = tx
            .all(
                sql(
                    "SELECT body, created_at FROM customer_note WHERE customer_id = $1 ORDER BY id",
                )
                .bind(id.uuid()),
            )
            .await?;
        let profile = &customer.profile;
        let all = json!({
            "id": id,
            "name": profile.name,
            "gender": profile.gender,
            "birth_date": profile.birth_date,
            "city": profile.city,
            "province": profile.province,
            "country": profile.country,
            "language": profile.language,
            "member_no": profile.member_no,
            "tier": profile.tier,
            "joined_on": profile.joined_on,
            "cancelled_on": profile.cancelled_on,
            "published": customer.published,
            "contacts": contacts,
            "tags": tags::of(&mut tx, id).await?,
            "notes": notes.iter().map(|(body, at)| json!({"at": at, "text": body})).collect::<Vec<_>>(),
            "source_records": records,
        });
        let target = Target::new(CustomerId::KIND, id);
        self.access().record(&mut tx, actor, "customers.exported", &target, Details::new()).await?;
        tx.commit().await?;
        Ok(Export(all))
    }

    /// Erases a person from this domain: profile, contacts, documents, notes, tags, tasks, history
    /// and the source records only they are linked to. Other domains do the same on the event.
    ///
    /// # Errors
    /// [`Error::Denied`]. Erasing twice is [`Outcome::AlreadyDone`].
    pub async fn forget(&self, actor: &Actor, id: CustomerId) -> Result<Outcome<()>> {
        actor.may(permissions::PRIVACY)?;
        let mut tx = self.db().begin().await?;
        // A customer merged away is the person it was merged into.
        let id = match crate::identity::merge::current(&mut tx, id).await {
            Ok(id) => id,
            Err(Error::NotFound(_)) => return Ok(Outcome::AlreadyDone(())),
            Err(other) => return Err(other),
        };
        let version = match load(&mut tx, id).await {
            Ok(customer) => customer.version,
            Err(Error::NotFound(_)) => return Ok(Outcome::AlreadyDone(())),
            Err(other) => return Err(other),
        };
        let now = self.now();
        // Others may not have heard yet that what was merged into this one is this one.
        for gone in delete(self, &mut tx, &[id]).await? {
            let data = events::ProfileChanged {
                customer: gone,
                version: version + 1,
                fields: vec!["forgotten".to_owned()],
                actor: Some(actor.id),
            };
            let event = events::about(events::FORGOTTEN, gone, now, &data)?;
            store::outbox::say(&mut tx, &event).await?;
        }
        let target = Target::new(CustomerId::KIND, id);
        self.access()
            .record(&mut tx, actor, "customers.forgotten", &target, Details::new())
            .await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }
}

/// Deletes customers, those merged into them, and their source records. Rows of the tables in
/// [`PERSONAL_TABLES`] go with their customer. Returns all who went.
pub(crate) async fn delete(
    customers: &Customers,
    tx: &mut Tx,
    ids: &[CustomerId],
) -> Result<Vec<CustomerId>> {
    let columns = [store::Col::uuid("id")];
    let rows = || ids.iter().map(|id| vec![id.uuid().into()]).collect::<Vec<_>>();
    // Those merged into them are the same people.
    let merged: Vec<(Uuid,)> = tx
        .with_rows_all(
            &columns,
            rows(),
            "SELECT c.id FROM input JOIN customer c ON c.merged_into = input.id",
        )
        .await?;
    let mut all = ids.to_vec();
    all.extend(merged.into_iter().map(|(id,)| CustomerId::from(id)));
    let rows = || all.iter().map(|id| vec![id.uuid().into()]).collect::<Vec<_>>();
    let records: Vec<(Uuid,)> = tx
        .with_rows_all(
            &columns,
            rows(),
            "SELECT l.source_record_id FROM input
             JOIN customer_link l ON l.customer_id = input.id",
        )
        .await?;
    let records: Vec<Vec<store::Value>> =
        records.into_iter().map(|(id,)| vec![id.into()]).collect();
    customers.drop_keys(tx, records.clone()).await?;
    tx.with_rows(&columns, records, "DELETE FROM source_record WHERE id IN (SELECT id FROM input)")
        .await?;
    for shelf in [Shelf::Contact, Shelf::Document] {
        shelf.clear(tx, &all).await?;
    }
    tx.with_rows(&columns, rows(), "DELETE FROM customer WHERE id IN (SELECT id FROM input)")
        .await?;
    Ok(all)
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    id: Uuid,
    source: String,
    data: Json<Value>,
    sealed: Option<Vec<u8>>,
}

async fn records(tx: &mut Tx, customers: &Customers, id: CustomerId) -> Result<Vec<Value>> {
    let found: Vec<RecordRow> = tx
        .all(
            sql("SELECT r.id, r.source, r.data, r.sealed FROM source_record r
                 JOIN customer_link l ON l.source_record_id = r.id
                 WHERE l.customer_id = $1 ORDER BY r.id")
            .bind(id.uuid()),
        )
        .await?;
    let mut out = Vec::with_capacity(found.len());
    for RecordRow { id: record, source, data, sealed } in found {
        let personal = match sealed {
            Some(sealed) => {
                let text = customers.access().vault().open(&sealed)?;
                serde_json::from_str(text.reveal())?
            }
            None => Value::Null,
        };
        out.push(json!({"id": record, "source": source, "data": data.0, "personal": personal}));
    }
    Ok(out)
}
