//! Ways to reach a customer and identity documents: sealed by the vault, found by keyed hash,
//! shown with their middle hidden, seen in clear only for a stated purpose.

use std::collections::HashMap;

use access::Vault;
use kernel::names::narrow;
use kernel::{Personal, id_card, personal, phone};
use serde::{Deserialize, Serialize};
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::error::Result;
use crate::model::{Contact, ContactKind, CustomerId, Document, DocumentKind};

/// An e-mail address in the form it is hashed in, or `None` when it is none.
pub(crate) fn normal_email(text: &str) -> Option<String> {
    let text = narrow(text).trim().to_lowercase();
    let (user, host) = text.rsplit_once('@')?;
    let plausible = !user.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'));
    plausible.then_some(text)
}

/// A document number in the form it is hashed in, or `None` when it cannot be one. Identity cards
/// are checked by their own rule; a number that fails it is refused only for that kind.
pub(crate) fn normal_document(kind: DocumentKind, text: &str) -> Option<String> {
    let plain: String = narrow(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_uppercase)
        .collect();
    match kind {
        DocumentKind::IdCard => id_card::normalise(&plain),
        DocumentKind::Passport | DocumentKind::Other => {
            let right =
                (4..=24).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric());
            right.then_some(plain)
        }
    }
}

/// A value ready to be kept: its kind, keyed hash, sealed text and mask.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub kind: String,
    #[serde(with = "base64_bytes")]
    pub hash: Vec<u8>,
    #[serde(with = "base64_bytes")]
    pub sealed: Vec<u8>,
    pub masked: String,
    pub source: String,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({})", self.kind)
    }
}

mod base64_bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD_NO_PAD.decode(text).map_err(serde::de::Error::custom)
    }
}

/// The keyed hash of a phone number, e-mail address or document, whatever form it was typed in.
pub(crate) fn hash_contact(vault: &Vault, kind: ContactKind, normal: &str) -> Vec<u8> {
    vault.keyed_hash(kind.as_str(), normal)
}

/// Documents share one space of hashes: a searcher seldom says which kind a number is.
pub(crate) fn hash_document(vault: &Vault, normal: &str) -> Vec<u8> {
    vault.keyed_hash("document", normal)
}

/// Seals a contact as given. A text that is no number or address is kept too (a feed said it) but
/// hashed as it stands.
pub(crate) fn seal_contact(
    vault: &Vault,
    kind: ContactKind,
    text: &str,
    source: &str,
) -> Result<Sealed> {
    let text = text.trim();
    let (normal, masked) = match kind {
        ContactKind::Phone => {
            let normal = phone::normalise(text).unwrap_or_else(|| text.to_owned());
            let masked = personal::mask_phone(&normal);
            (normal, masked)
        }
        ContactKind::Email => {
            let normal = normal_email(text).unwrap_or_else(|| text.to_lowercase());
            let masked = personal::mask_email(&normal);
            (normal, masked)
        }
    };
    Ok(Sealed {
        kind: kind.as_str().to_owned(),
        hash: hash_contact(vault, kind, &normal),
        sealed: vault.seal(&normal)?,
        masked,
        source: source.to_owned(),
    })
}

/// Seals an identity document.
pub(crate) fn seal_document(
    vault: &Vault,
    kind: DocumentKind,
    text: &str,
    source: &str,
) -> Result<Sealed> {
    let normal = normal_document(kind, text).unwrap_or_else(|| narrow(text).trim().to_uppercase());
    Ok(Sealed {
        kind: kind.as_str().to_owned(),
        hash: hash_document(vault, &normal),
        sealed: vault.seal(&normal)?,
        masked: personal::mask_document(&normal),
        source: source.to_owned(),
    })
}

#[derive(sqlx::FromRow)]
struct SealedRow {
    customer_id: Uuid,
    kind: String,
    hash: Vec<u8>,
    sealed: Vec<u8>,
    masked: String,
    source: String,
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    kind: String,
    masked: String,
    source: String,
    expires_on: Option<chrono::NaiveDate>,
    hash: Vec<u8>,
}

/// Values as rows of their table.
pub(crate) fn shelved(values: Vec<(CustomerId, Sealed)>) -> Vec<Vec<Value>> {
    let row = |(customer, value): (CustomerId, Sealed)| {
        vec![
            customer.uuid().into(),
            value.kind.into(),
            value.hash.into(),
            value.sealed.into(),
            value.masked.into(),
            value.source.into(),
        ]
    };
    values.into_iter().map(row).collect()
}

/// As [`shelved`], for values that stand together by customer: each customer's value once.
pub(crate) fn shelved_once(mut values: Vec<(CustomerId, Sealed)>) -> Vec<Vec<Value>> {
    let mut kept = 0;
    for at in 0..values.len() {
        let (customer, value) = &values[at];
        let of_customer = values[..kept].iter().rev().take_while(|(other, _)| other == customer);
        let has = |other: &Sealed| other.kind == value.kind && other.hash == value.hash;
        if !of_customer.into_iter().any(|(_, other)| has(other)) {
            values.swap(kept, at);
            kept += 1;
        }
    }
    values.truncate(kept);
    shelved(values)
}

const SHELVED: &[Col] = &[
    Col::uuid("customer_id"),
    Col::text("kind"),
    Col::bytes("hash"),
    Col::bytes("sealed"),
    Col::text("masked"),
    Col::text("source"),
];

/// The two tables of sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shelf {
    Contact,
    Document,
}

impl Shelf {
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Contact => "customer_contact",
            Self::Document => "customer_document",
        }
    }

    /// Puts values on the shelf; one that is there already stays.
    pub(crate) async fn put(
        self,
        tx: &mut Tx,
        values: Vec<(CustomerId, Sealed)>,
    ) -> store::Result<()> {
        self.put_rows(tx, shelved(values)).await
    }

    /// Puts rows made by [`shelved`] on the shelf.
    async fn put_rows(self, tx: &mut Tx, rows: Vec<Vec<Value>>) -> store::Result<()> {
        if !rows.is_empty() {
            let then = "ON CONFLICT (customer_id, kind, hash) DO NOTHING";
            tx.bulk(self.table(), SHELVED, rows, then).await?;
        }
        Ok(())
    }

    /// Puts rows made by [`shelved`] on the shelf, of customers who have nothing on it yet. Each
    /// value once: see [`shelved_once`].
    pub(crate) async fn put_first(self, tx: &mut Tx, rows: Vec<Vec<Value>>) -> store::Result<()> {
        tx.bulk(self.table(), SHELVED, rows, "").await?;
        Ok(())
    }

    /// Takes what `source` had said from the shelf, for the given customers. An empty kind means
    /// every kind.
    pub(crate) async fn take_from_source(
        self,
        tx: &mut Tx,
        whose: Vec<(CustomerId, &str)>,
        source: &str,
    ) -> store::Result<()> {
        let rows: Vec<Vec<Value>> = whose
            .into_iter()
            .map(|(customer, kind)| vec![customer.uuid().into(), kind.into(), source.into()])
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let table = self.table();
        tx.with_rows(
            &[Col::uuid("customer_id"), Col::text("kind"), Col::text("source")],
            rows,
            &format!(
                "DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM input
                   WHERE input.customer_id = {table}.customer_id AND input.source = {table}.source
                     AND (input.kind = {table}.kind OR input.kind = ''))
                 AND customer_id IN (SELECT customer_id FROM input)"
            ),
        )
        .await?;
        Ok(())
    }

    /// Takes everything of the given customers from the shelf.
    pub(crate) async fn clear(self, tx: &mut Tx, whose: &[CustomerId]) -> store::Result<()> {
        let rows = whose.iter().map(|customer| vec![customer.uuid().into()]).collect();
        let table = self.table();
        tx.with_rows(
            &[Col::uuid("customer_id")],
            rows,
            &format!("DELETE FROM {table} WHERE customer_id IN (SELECT customer_id FROM input)"),
        )
        .await?;
        Ok(())
    }

    /// All values of the given customers, sealed.
    pub(crate) async fn of(
        self,
        tx: &mut Tx,
        whose: &[CustomerId],
    ) -> store::Result<HashMap<CustomerId, Vec<Sealed>>> {
        let rows: Vec<Vec<Value>> =
            whose.iter().map(|customer| vec![customer.uuid().into()]).collect();
        let table = self.table();
        let found: Vec<SealedRow> = tx
            .with_rows_all(
                &[Col::uuid("customer_id")],
                rows,
                &format!(
                    "SELECT {table}.customer_id, kind, hash, sealed, masked, source FROM {table}
                     JOIN input ON input.customer_id = {table}.customer_id
                     ORDER BY {table}.customer_id, kind, hash"
                ),
            )
            .await?;
        let mut values: HashMap<CustomerId, Vec<Sealed>> = HashMap::new();
        for row in found {
            let value = Sealed {
                kind: row.kind,
                hash: row.hash,
                sealed: row.sealed,
                masked: row.masked,
                source: row.source,
            };
            values.entry(row.customer_id.into()).or_default().push(value);
        }
        Ok(values)
    }

    /// Customers with a value of this hash.
    pub(crate) async fn find(self, tx: &mut Tx, hash: &[u8]) -> store::Result<Vec<CustomerId>> {
        let query = match self {
            Self::Contact => sql("SELECT DISTINCT customer_id FROM customer_contact
                                  WHERE hash = $1 LIMIT 50"),
            Self::Document => sql("SELECT DISTINCT customer_id FROM customer_document
                                   WHERE hash = $1 LIMIT 50"),
        };
        let found: Vec<Uuid> = tx.values(query.bind(hash.to_vec())).await?;
        Ok(found.into_iter().map(CustomerId::from).collect())
    }
}

/// The masked contacts of one customer: staff's own first, then by kind.
pub(crate) async fn contacts_of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Contact>> {
    let rows: Vec<(String, String, String, Vec<u8>)> = tx
        .all(
            sql("SELECT kind, masked, source, hash FROM customer_contact
                 WHERE customer_id = $1 ORDER BY kind DESC, source, hash")
            .bind(customer.uuid()),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(kind, masked, source, hash)| {
            Some(Contact { kind: ContactKind::read(&kind)?, masked, source, hash })
        })
        .collect())
}

/// The masked documents of one customer.
pub(crate) async fn documents_of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Document>> {
    let rows: Vec<DocumentRow> = tx
        .all(
            sql("SELECT kind, masked, source, expires_on, hash FROM customer_document
                 WHERE customer_id = $1 ORDER BY kind, source, hash")
            .bind(customer.uuid()),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Document {
                kind: DocumentKind::read(&row.kind)?,
                masked: row.masked,
                source: row.source,
                expires_on: row.expires_on,
                hash: row.hash,
            })
        })
        .collect())
}

/// One value in clear.
pub(crate) struct Clear {
    pub kind: String,
    pub value: Personal<String>,
}

/// Opens all contacts and documents of a customer.
pub(crate) async fn open_all(
    tx: &mut Tx,
    vault: &Vault,
    customer: CustomerId,
) -> Result<Vec<Clear>> {
    let mut opened = Vec::new();
    for shelf in [Shelf::Contact, Shelf::Document] {
        for value in shelf.of(tx, &[customer]).await?.remove(&customer).unwrap_or_default() {
            opened.push(Clear { kind: value.kind, value: vault.open(&value.sealed)? });
        }
    }
    Ok(opened)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn addresses_and_numbers_have_one_form() {
        assert_eq!(normal_email(" Anna@Example.COM ").as_deref(), Some("anna@example.com"));
        for bad in ["anna", "@example.com", "anna@", "anna@host", "a b@example.com", "a@.com"] {
            assert_eq!(normal_email(bad), None, "{bad}");
        }
        let passport = normal_document(DocumentKind::Passport, "e 1234-5678").unwrap();
        assert_eq!(passport, "E12345678");
        assert_eq!(normal_document(DocumentKind::Passport, "123"), None);
        assert!(normal_document(DocumentKind::IdCard, "11010519491231002x").is_some());
        assert!(normal_document(DocumentKind::IdCard, "110105194912310021").is_none());
    }

    #[test]
    fn sealed_values_hide_and_open_again() {
        let vault = Vault::for_tests();
        let value = seal_contact(&vault, ContactKind::Phone, "138 1234 5678", "crm").unwrap();
        assert_eq!(value.masked, "+86 138****5678");
        assert!(!format!("{value:?}").contains("138"));
        assert_eq!(vault.open(&value.sealed).unwrap().reveal(), "+8613812345678");
        let same = seal_contact(&vault, ContactKind::Phone, "+86-138-1234-5678", "").unwrap();
        assert_eq!(same.hash, value.hash);
        assert_ne!(same.sealed, value.sealed, "sealing twice never looks the same");
        let back: Sealed = serde_json::from_value(serde_json::to_value(&value).unwrap()).unwrap();
        assert_eq!(back, value);
    }
}
