//! Notes, tasks and tags follow their customer.

use std::collections::{BTreeSet, HashSet};

use store::{Col, Tx, Value};
use uuid::Uuid;

use super::refold::Steps;
use crate::Result;

/// Notes, tasks and tags go where their customer goes, and come back with it.
pub(super) async fn settle(tx: &mut Tx, ids: &BTreeSet<Uuid>, steps: &Steps) -> Result<()> {
    let rows = || ids.iter().map(|id| vec![(*id).into()]).collect::<Vec<Vec<Value>>>();
    for table in ["customer_note", "customer_task"] {
        let found: Vec<(Uuid, Uuid, Option<Uuid>)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows(),
                &format!(
                    "SELECT b.id, b.customer_id, b.home FROM input
                     JOIN {table} b ON b.customer_id = input.id"
                ),
            )
            .await?;
        let moved = found
            .into_iter()
            .filter_map(|(id, customer, home)| {
                let home = home.unwrap_or(customer);
                let to = steps.customer(home);
                (to != customer)
                    .then(|| vec![id.into(), to.into(), (home != to).then_some(home).into()])
            })
            .collect();
        tx.with_rows(
            &[Col::uuid("id"), Col::uuid("customer"), Col::uuid("home")],
            moved,
            &format!(
                "UPDATE {table} SET customer_id = input.customer, home = input.home
                 FROM input WHERE {table}.id = input.id"
            ),
        )
        .await?;
    }
    tags(tx, rows(), steps).await
}

/// A tag both have stays with each: it is hidden while merged, and there again afterwards.
async fn tags(tx: &mut Tx, rows: Vec<Vec<Value>>, steps: &Steps) -> Result<()> {
    let found: Vec<(String, Uuid, Option<Uuid>)> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            "SELECT t.tag, t.customer_id, t.home FROM input
             JOIN customer_tag t ON t.customer_id = input.id",
        )
        .await?;
    let mut there: HashSet<(String, Uuid)> =
        found.iter().map(|(tag, customer, _)| (tag.clone(), *customer)).collect();
    let mut moved = Vec::new();
    for (tag, customer, home) in found {
        let home = home.unwrap_or(customer);
        let to = steps.customer(home);
        if to == customer || !there.insert((tag.clone(), to)) {
            continue;
        }
        there.remove(&(tag.clone(), customer));
        let kept = (home != to).then_some(home);
        moved.push(vec![tag.into(), customer.into(), to.into(), kept.into()]);
    }
    tx.with_rows(
        &[Col::text("tag"), Col::uuid("was"), Col::uuid("customer"), Col::uuid("home")],
        moved,
        "UPDATE customer_tag SET customer_id = input.customer, home = input.home
         FROM input WHERE customer_tag.tag = input.tag AND customer_tag.customer_id = input.was",
    )
    .await?;
    Ok(())
}
