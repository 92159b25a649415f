//! Contacts and documents follow the records that state them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use store::{Col, Tx};
use uuid::Uuid;

use super::stated;
use super::survive::Said;
use crate::Result;
use crate::contacts::{Sealed, Shelf};
use crate::model::CustomerId;

/// Kind and hash of a value.
type Value = (String, Vec<u8>);

/// Gives each customer the values its records state now, and takes those from it that it had by
/// records which are another's now. What staff entered goes where its customer goes.
///
/// `stated` are records with their customer before and after, `owners` customers with whose they
/// were and are.
pub(super) async fn settle(
    tx: &mut Tx,
    stated: &[(Uuid, Uuid, &Said)],
    owners: &[(Uuid, Uuid, Uuid)],
) -> Result<()> {
    let ids: Vec<CustomerId> = owners.iter().map(|(id, ..)| (*id).into()).collect();
    for shelf in [Shelf::Contact, Shelf::Document] {
        let there = shelf.of(tx, &ids).await?;
        let mut before = by_records(shelf, stated.iter().map(|(was, _, said)| (*was, *said)));
        let mut after = by_records(shelf, stated.iter().map(|(_, is, said)| (*is, *said)));
        for (id, was, is) in owners {
            for value in there.get(&CustomerId::from(*id)).into_iter().flatten() {
                if value.source.is_empty() {
                    let key = (value.kind.clone(), value.hash.clone());
                    before.entry(*was).or_default().insert(key.clone());
                    after.entry(*is).or_default().insert(key);
                }
            }
        }
        let kept: HashMap<Value, &Sealed> = there
            .values()
            .flatten()
            .map(|value| ((value.kind.clone(), value.hash.clone()), value))
            .collect();
        let explained: BTreeSet<&Value> = before.values().chain(after.values()).flatten().collect();
        let (mut put, mut taken) = (Vec::new(), Vec::new());
        // A customer that is merged away keeps its shelf for the day it comes back.
        for (id, was, is) in owners.iter().filter(|(id, _, is)| id == is) {
            let none = BTreeSet::new();
            let (had, has) = (before.get(id).unwrap_or(&none), after.get(id).unwrap_or(&none));
            // While it was away, what it had from others may have gone elsewhere.
            let stale: BTreeSet<Value> = there
                .get(&CustomerId::from(*id))
                .into_iter()
                .flatten()
                .filter(|_| was != id)
                .map(|value| (value.kind.clone(), value.hash.clone()))
                .filter(|value| explained.contains(value))
                .collect();
            for value in has.difference(had) {
                if let Some(sealed) = kept.get(value) {
                    let mut sealed = (*sealed).clone();
                    // Staff's own stays with the customer it was entered for.
                    if sealed.source.is_empty() {
                        sealed.source = "merged".to_owned();
                    }
                    put.push((CustomerId::from(*is), sealed));
                }
            }
            for (kind, hash) in had.union(&stale).filter(|value| !has.contains(*value)) {
                taken.push(vec![(*id).into(), kind.into(), hash.clone().into()]);
            }
        }
        shelf.put(tx, put).await?;
        let table = shelf.table();
        tx.with_rows(
            &[Col::uuid("customer_id"), Col::text("kind"), Col::bytes("hash")],
            taken,
            &format!(
                "DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM input
                    WHERE input.customer_id = {table}.customer_id AND input.kind = {table}.kind
                      AND input.hash = {table}.hash AND {table}.source <> '')
                 AND customer_id IN (SELECT customer_id FROM input)"
            ),
        )
        .await?;
    }
    Ok(())
}

fn by_records<'a>(
    shelf: Shelf,
    stated: impl Iterator<Item = (Uuid, &'a Said)>,
) -> BTreeMap<Uuid, BTreeSet<Value>> {
    let mut found: BTreeMap<Uuid, BTreeSet<Value>> = BTreeMap::new();
    for (customer, said) in stated {
        let values = found.entry(customer).or_default();
        match shelf {
            Shelf::Contact => values.extend(
                stated::contact_hashes(&said.data)
                    .into_iter()
                    .map(|(kind, hash)| (kind.as_str().to_owned(), hash)),
            ),
            Shelf::Document => values.extend(
                stated::document_hashes(&said.data)
                    .into_iter()
                    .map(|document| (document.kind.as_str().to_owned(), document.hash)),
            ),
        }
    }
    found
}
