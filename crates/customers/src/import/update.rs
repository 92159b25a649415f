//! Rows about customers who are there already: what the feed says anew is taken over, what was
//! there before is kept for undo.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};
use sqlx::types::Json as Column;
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::apply::{BY_MEMBER_NO, BY_SOURCE_KEY, Batch, NewRecord, Renewed, write_records};
use super::input::{Applied, says_anew, take_over};
use crate::changes::{self, Author, Change};
use crate::contacts::{Sealed, Shelf};
use crate::model::{Customer, CustomerId, RecordId};
use crate::profile::{draft, row};
use crate::{Customers, Result, identity};

type Values = HashMap<CustomerId, Vec<Sealed>>;

/// What is known about one row's customer: the feed's last words, contacts, documents.
#[derive(Clone, Copy)]
struct Known<'a> {
    before: Option<&'a Map<String, Json>>,
    reach: &'a Values,
    papers: &'a Values,
}

/// What a round of renewals writes, gathered.
#[derive(Default)]
struct Writes {
    profiles: Vec<row::Written>,
    changes: Vec<Change>,
    contacts: Vec<(CustomerId, Sealed)>,
    documents: Vec<(CustomerId, Sealed)>,
    old_contacts: Vec<(CustomerId, &'static str)>,
    old_documents: Vec<(CustomerId, &'static str)>,
}

pub(super) async fn renew_all(
    customers: &Customers,
    tx: &mut Tx,
    batch: Batch<'_>,
    renewed: Vec<Renewed>,
    results: &mut [Applied],
) -> Result<()> {
    if renewed.is_empty() {
        return Ok(());
    }
    let ids: Vec<CustomerId> = renewed.iter().map(|row| row.customer).collect();
    let mut current = row::by_ids(tx, &ids).await?;
    let previous = previous_data(tx, &renewed).await?;
    let reach = Shelf::Contact.of(tx, &ids).await?;
    let papers = Shelf::Document.of(tx, &ids).await?;
    let mut writes = Writes::default();
    let mut records = Vec::with_capacity(renewed.len());
    for mut row in renewed {
        let Some(customer) = current.get_mut(&row.customer) else { continue };
        if row.number_taken {
            row.row.stated.data.remove("member_no");
        }
        let before = row.previous.and_then(|(record, _)| previous.get(&record));
        let known = Known { before, reach: &reach, papers: &papers };
        let changed = renew(batch, &row, known, customer, &mut writes)?;
        results[row.index] =
            if changed { Applied::Updated(row.customer) } else { Applied::Unchanged(row.customer) };
        records.push(NewRecord {
            customer: row.customer,
            version: row.previous.map_or(1, |(_, version)| version + 1),
            evidence: if row.previous.is_some() { BY_SOURCE_KEY } else { BY_MEMBER_NO },
            source_key: row.row.source_key,
            stated: row.row.stated,
            sealed: row.row.sealed,
        });
    }
    customers.dictionary().learn(tx, &writes.profiles).await?;
    row::rewrite(tx, writes.profiles).await?;
    let written: Vec<Vec<Value>> = records
        .iter()
        .map(|r| vec![batch.source.into(), (&r.source_key).into(), (&r.stated.member_no).into()])
        .collect();
    write_records(tx, batch, records).await?;
    identity::follow::follow(tx, written).await?;
    Shelf::Contact.take_from_source(tx, writes.old_contacts, batch.source).await?;
    Shelf::Document.take_from_source(tx, writes.old_documents, batch.source).await?;
    Shelf::Contact.put(tx, writes.contacts).await?;
    Shelf::Document.put(tx, writes.documents).await?;
    changes::write(tx, Author::import(batch.import), batch.now, writes.changes).await?;
    Ok(())
}

/// One row. Returns whether it changed anything.
fn renew(
    batch: Batch<'_>,
    row: &Renewed,
    Known { before, reach, papers }: Known<'_>,
    customer: &mut Customer,
    writes: &mut Writes,
) -> Result<bool> {
    let id = row.customer;
    let old = customer.profile.clone();
    let mut fields = take_over(&mut customer.profile, &row.row.stated.data, before)?;
    let mut kept = draft::keep(&old, &fields);
    for value in &row.row.contacts {
        let field = if value.kind == "phone" { "phone" } else { "email" };
        if says_anew(field, &row.row.stated.data, before) && !has(reach, id, value) {
            fields.push(field);
            writes.old_contacts.push((id, field));
            writes.contacts.push((id, value.clone()));
            let all = reach.get(&id).map_or(&[] as &[Sealed], Vec::as_slice);
            kept.insert(Shelf::Contact.table().to_owned(), changes::sealed_json(all)?);
        }
    }
    for value in &row.row.documents {
        if says_anew("document", &row.row.stated.data, before) && !has(papers, id, value) {
            fields.push("document");
            writes.old_documents.push((id, ""));
            writes.documents.push((id, value.clone()));
            let all = papers.get(&id).map_or(&[] as &[Sealed], Vec::as_slice);
            kept.insert(Shelf::Document.table().to_owned(), changes::sealed_json(all)?);
        }
    }
    if fields.is_empty() {
        return Ok(false);
    }
    customer.version += 1;
    writes.profiles.push(row::written(
        id,
        customer.version,
        customer.created_at,
        batch.now,
        &customer.profile,
    ));
    writes.changes.push(Change { customer: id, version: customer.version, fields, before: kept });
    Ok(true)
}

fn has(values: &Values, id: CustomerId, value: &Sealed) -> bool {
    values
        .get(&id)
        .is_some_and(|all| all.iter().any(|v| v.kind == value.kind && v.hash == value.hash))
}

/// What the feed said last time.
async fn previous_data(
    tx: &mut Tx,
    renewed: &[Renewed],
) -> store::Result<HashMap<RecordId, Map<String, Json>>> {
    let rows: Vec<Vec<Value>> = renewed
        .iter()
        .filter_map(|row| row.previous)
        .map(|(record, _)| vec![record.uuid().into()])
        .collect();
    let found: Vec<(Uuid, Column<Map<String, Json>>)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            "SELECT r.id, r.data FROM source_record r JOIN input ON input.id = r.id",
        )
        .await?;
    Ok(found.into_iter().map(|(id, data)| (id.into(), data.0)).collect())
}
