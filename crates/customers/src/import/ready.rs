//! Rows made ready for the database: stated, hashed and sealed.
//!
//! That is half the work of an import and needs no transaction, so whoever reads a long file does
//! it in a thread of its own while the batch before is being written.

use access::Vault;

use super::input::{MemberInput, Stated, filled, seal_record, stated};
use crate::contacts::{self, Sealed};
use crate::model::{ContactKind, Profile};
use crate::profile::row::Unplaced;
use crate::{Customers, Result};

/// A row for [`Customers::apply_ready`]. It is ready for the feed it was made ready for.
pub struct ReadyMember {
    pub(super) source_key: String,
    pub(super) stated: Stated,
    /// The row of a customer of whom nothing else is known.
    pub(super) alone: Unplaced,
    /// Everything personal, for the source record.
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) contacts: Vec<Sealed>,
    pub(super) documents: Vec<Sealed>,
}

impl Customers {
    /// Makes rows of the feed `source` ready, in their order.
    ///
    /// # Errors
    /// When the vault fails.
    pub fn ready(&self, source: &str, rows: &[MemberInput]) -> Result<Vec<ReadyMember>> {
        ready_all(self.access().vault(), source, rows)
    }
}

pub(super) fn ready_all(
    vault: &Vault,
    source: &str,
    rows: &[MemberInput],
) -> Result<Vec<ReadyMember>> {
    rows.iter().map(|row| ready(vault, source, row)).collect()
}

fn ready(vault: &Vault, source: &str, row: &MemberInput) -> Result<ReadyMember> {
    let stated = stated(vault, row);
    let mut profile = Profile::default();
    crate::profile::draft::restore(&mut profile, &stated.data)?;
    let mut reach = Vec::new();
    for (kind, text) in [(ContactKind::Phone, &row.phone), (ContactKind::Email, &row.email)] {
        if let Some(text) = filled(text.as_ref()) {
            reach.push(contacts::seal_contact(vault, kind, text, source)?);
        }
    }
    let mut documents = Vec::new();
    if let Some((kind, text)) = &row.document
        && !text.reveal().trim().is_empty()
    {
        documents.push(contacts::seal_document(vault, *kind, text.reveal(), source)?);
    }
    Ok(ReadyMember {
        source_key: row.source_key.clone(),
        stated,
        alone: Unplaced::of(&profile),
        sealed: seal_record(vault, row)?,
        contacts: reach,
        documents,
    })
}
