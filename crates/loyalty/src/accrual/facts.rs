//! Keeping facts as they were handed in: other rules may be asked about them.

use std::collections::HashMap;

use programme::accrual::Fact;
use store::{Col, Tx, Value};

use super::{Answer, Derived, FlownFact};
use crate::replay::pack::{pack, unpack};
use crate::{Loyalty, Result};

const FACT: &[Col] = &[
    Col::text("key"),
    Col::uuid("member_id"),
    Col::date("flight_date"),
    Col::date("posted_on"),
    Col::text("packed"),
];

impl Loyalty {
    /// Flights as they were told last, by the keys of their segments; those withdrawn are missing.
    pub(crate) async fn facts_of(
        &self,
        tx: &mut Tx,
        keys: impl Iterator<Item = &str>,
    ) -> Result<HashMap<String, Fact>> {
        let rows: Vec<Vec<Value>> = keys.map(|key| vec![key.into()]).collect();
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<(String, String)> = tx
            .with_rows_all(
                &[Col::text("key")],
                rows,
                "SELECT f.key, f.packed FROM input JOIN loyalty_fact f ON f.key = input.key",
            )
            .await?;
        let facts = found.into_iter().filter_map(|(key, line)| Some((key, unpack(&line)?)));
        Ok(facts.collect())
    }

    /// Keeps the facts that were derived just now; what is nobody's or was taken away is dropped.
    pub(super) async fn keep_facts(
        &self,
        tx: &mut Tx,
        facts: &[FlownFact],
        answers: &HashMap<usize, Answer>,
    ) -> Result<()> {
        let (mut kept, mut gone): (Vec<Vec<Value>>, Vec<Vec<Value>>) = Default::default();
        for (at, answer) in answers {
            let Some(one) = facts.get(*at) else { continue };
            match (answer.derived, one.member, &one.fact) {
                (Derived::Earned | Derived::Refused, Some(member), Some(fact))
                    if answer.reason != "member-not-found" =>
                {
                    kept.push(vec![
                        (&one.key).into(),
                        member.uuid().into(),
                        fact.flight_date.into(),
                        self.today().into(),
                        pack(fact).into(),
                    ]);
                }
                (Derived::Earned | Derived::Refused | Derived::Nobody | Derived::Withdrawn, ..) => {
                    gone.push(vec![(&one.key).into()]);
                }
                _ => {}
            }
        }
        if !gone.is_empty() {
            let statement = "DELETE FROM loyalty_fact WHERE key IN (SELECT key FROM input)";
            tx.with_rows(&[Col::text("key")], gone, statement).await?;
        }
        if !kept.is_empty() {
            // In one order, so that two batches do not wait for each other.
            kept.sort_by_cached_key(|row| format!("{:?}", row.first()));
            tx.bulk(
                "loyalty_fact",
                FACT,
                kept,
                "ON CONFLICT (key) DO UPDATE SET flight_date = excluded.flight_date,
                    packed = excluded.packed, member_id = excluded.member_id,
                    posted_on = CASE WHEN loyalty_fact.member_id = excluded.member_id
                        THEN loyalty_fact.posted_on ELSE excluded.posted_on END",
            )
            .await?;
        }
        Ok(())
    }
}
