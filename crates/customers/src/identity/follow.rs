//! New versions of imported records follow the ones before them: to the same home, through the same
//! splits, so that taking a merge or a split back takes them along.

use store::{Col, Tx, Value, sql};

use crate::Result;

/// Source, key and member number of records that were just written.
pub(crate) async fn follow(tx: &mut Tx, written: Vec<Vec<Value>>) -> Result<()> {
    let any: Option<i64> =
        tx.value_maybe(sql("SELECT seq FROM identity_event ORDER BY seq LIMIT 1")).await?;
    if any.is_none() {
        return Ok(());
    }
    let columns = [Col::text("source"), Col::text("source_key"), Col::text("number")];
    // The one just written is the newest of its key.
    const WRITTEN: &str = "input
        JOIN source_record n ON n.source = input.source AND n.source_key = input.source_key
        JOIN source_record p ON p.source = n.source AND p.source_key = n.source_key
            AND p.version = n.version - 1";
    tx.with_rows(
        &columns,
        written.clone(),
        &format!(
            "UPDATE customer_link SET home = o.home FROM {WRITTEN}
             JOIN customer_link o ON o.source_record_id = p.id AND o.home IS NOT NULL
             WHERE customer_link.source_record_id = n.id AND customer_link.home IS NULL"
        ),
    )
    .await?;
    tx.with_rows(
        &columns,
        written.clone(),
        &format!(
            "INSERT INTO identity_split (record_id, event_id) SELECT n.id, s.event_id
             FROM {WRITTEN} JOIN identity_split s ON s.record_id = p.id
             WHERE TRUE ON CONFLICT (record_id, event_id) DO NOTHING"
        ),
    )
    .await?;
    // A first record by the number of somebody who is merged away.
    tx.with_rows(
        &columns,
        written,
        "UPDATE customer_link SET home = c.id FROM input
         JOIN source_record n ON n.source = input.source AND n.source_key = input.source_key
            AND n.version = 1
         JOIN customer_link o ON o.source_record_id = n.id AND o.evidence = 'member-no'
         JOIN customer c ON c.merged_into = o.customer_id AND c.member_no = input.number
            AND c.member_no <> ''
         WHERE customer_link.source_record_id = n.id AND customer_link.home IS NULL",
    )
    .await?;
    Ok(())
}
