//! What other domains may hear about customers. Each type carries its version; a test holds every
//! shape that was ever said.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::outbox::Event;
use uuid::Uuid;

use crate::CustomerId;

/// A customer was made by a person. Imports say one event of their own, statements [`MADE`].
pub const CREATED: &str = "customers.profile.created.v1";
/// A profile was edited.
pub const EDITED: &str = "customers.profile.edited.v1";
/// A customer was put in the trash.
pub const TRASHED: &str = "customers.profile.trashed.v1";
/// A customer was taken out of the trash.
pub const RESTORED: &str = "customers.profile.restored.v1";
/// A person was erased.
pub const FORGOTTEN: &str = "customers.profile.forgotten.v1";
/// A note was added or removed.
pub const NOTE_CHANGED: &str = "customers.note.changed.v1";
/// A task was added or done.
pub const TASK_CHANGED: &str = "customers.task.changed.v1";
/// Tags of one customer changed.
pub const TAGGED: &str = "customers.tags.changed.v1";
/// A bulk action was carried out.
pub const BULK_APPLIED: &str = "customers.bulk.applied.v1";
/// Records went from one customer to another: facts that hang on them have another customer now.
/// Data: `{"moves": [{"record", "from", "to"}, …]}`, at most 500 a time. Read the links as they are
/// when it arrives: more may have moved since.
pub const LINKS_MOVED: &str = "customers.links.moved.v1";
/// Customers were made of statements that nobody matched, or of records split from somebody.
/// Data: `{"customers": […]}`, at most 500 a time.
pub const MADE: &str = "customers.profiles.made.v1";
/// A bulk action was undone.
pub const BULK_UNDONE: &str = "customers.bulk.undone.v1";

/// Data of [`CREATED`], [`EDITED`], [`TRASHED`], [`RESTORED`] and [`FORGOTTEN`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChanged {
    /// Whose profile.
    pub customer: CustomerId,
    /// The version after the change.
    pub version: i64,
    /// Names of the fields that changed; never their values.
    pub fields: Vec<String>,
    /// The staff user who did it, if one did.
    pub actor: Option<Uuid>,
}

/// Data of [`NOTE_CHANGED`], [`TASK_CHANGED`] and [`TAGGED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Whose.
    pub customer: CustomerId,
    /// The note or task; nil for tags.
    pub id: Uuid,
    /// `added`, `edited`, `removed`, `done`, `reopened`.
    pub what: String,
    /// The staff user who did it.
    pub actor: Uuid,
}

/// Data of [`BULK_APPLIED`] and [`BULK_UNDONE`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkDone {
    /// The bulk action.
    pub bulk: Uuid,
    /// `tag`, `untag`, `assign`, `trash`, `restore`.
    pub action: String,
    /// Customers touched.
    pub touched: i64,
    /// The staff user who asked.
    pub actor: Uuid,
}

/// The event with `data` about a customer.
pub(crate) fn about<T: Serialize>(
    type_: &str,
    customer: CustomerId,
    at: DateTime<Utc>,
    data: &T,
) -> Result<Event, store::Error> {
    Ok(Event::new(type_, subject(customer), at, serde_json::to_value(data)?))
}

/// The event with `data` about a bulk action.
pub(crate) fn about_bulk(
    type_: &str,
    bulk: Uuid,
    at: DateTime<Utc>,
    data: &BulkDone,
) -> Result<Event, store::Error> {
    Ok(Event::new(type_, format!("bulk/{bulk}"), at, serde_json::to_value(data)?))
}

/// A record that went to another customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The record facts hang on.
    pub record: Uuid,
    /// Whose it was.
    pub from: Uuid,
    /// Whose it is.
    pub to: Uuid,
}

/// Data of [`LINKS_MOVED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinksMoved {
    /// At most 500.
    pub moves: Vec<Move>,
}

/// Data of [`MADE`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// At most 500.
    pub customers: Vec<CustomerId>,
}

/// Moves, or customers, told in one event.
const MOST: usize = 500;

/// Tells other domains which facts have another customer now.
pub(crate) async fn links_moved(
    tx: &mut store::Tx,
    at: DateTime<Utc>,
    moved: &[Move],
) -> Result<(), store::Error> {
    for part in moved.chunks(MOST) {
        let data = LinksMoved { moves: part.to_vec() };
        let event = about(LINKS_MOVED, CustomerId::from(part[0].to), at, &data)?;
        store::outbox::say(tx, &event).await?;
    }
    Ok(())
}

/// Tells other domains of customers that no person and no import made.
pub(crate) async fn made(
    tx: &mut store::Tx,
    at: DateTime<Utc>,
    customers: &[CustomerId],
) -> Result<(), store::Error> {
    for part in customers.chunks(MOST) {
        let event = about(MADE, part[0], at, &Made { customers: part.to_vec() })?;
        store::outbox::say(tx, &event).await?;
    }
    Ok(())
}

/// `customer/0193…`
pub(crate) fn subject(customer: CustomerId) -> String {
    format!("{}/{customer}", CustomerId::KIND)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    const ID: &str = "019aa2b0-0000-7000-8000-000000000001";

    /// Old shapes stay readable for ever: add a line, never change one.
    #[test]
    fn every_shape_ever_said_is_still_read_and_written() {
        let profile = json!({"customer": ID, "version": 3, "fields": ["city"], "actor": ID});
        let read: ProfileChanged = serde_json::from_value(profile.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), profile);

        let attached = json!({"customer": ID, "id": ID, "what": "added", "actor": ID});
        let read: Attached = serde_json::from_value(attached.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), attached);

        let bulk = json!({"bulk": ID, "action": "tag", "touched": 7, "actor": ID});
        let read: BulkDone = serde_json::from_value(bulk.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), bulk);

        let made = json!({"customers": [ID]});
        let read: Made = serde_json::from_value(made.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), made);

        let moved = json!({"moves": [{"record": ID, "from": ID, "to": ID}]});
        let read: LinksMoved = serde_json::from_value(moved.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), moved);
    }

    #[test]
    fn events_name_their_customer() {
        let id: CustomerId = ID.parse().unwrap();
        let data = ProfileChanged { customer: id, version: 1, fields: Vec::new(), actor: None };
        let event = about(CREATED, id, store::testing::NOW, &data).unwrap();
        assert_eq!(event.subject, format!("customer/{ID}"));
        assert_eq!(event.type_, "customers.profile.created.v1");
    }
}
