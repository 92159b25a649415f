//! The check finds every kind of damage, at its place.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

async fn damaged(desk: &Desk, statement: &'static str, expected: &[Part]) {
    let mut tx = desk.ledger.db().begin().await.unwrap();
    tx.script(statement).await.unwrap();
    tx.commit().await.unwrap();
    let checked = desk.ledger.check().await.unwrap();
    let mut parts: Vec<Part> = checked.differences.iter().map(|it| it.part).collect();
    parts.dedup();
    assert_eq!(parts, expected, "{statement}: {:?}", checked.differences);
}

/// Books with something of everything in them.
async fn filled(desk: &Desk) {
    let earned = desk.must(desk.earn(desk.one, 100, day(9))).await;
    let hold = desk.must(desk.hold(desk.one, 40)).await;
    let step = Step::Settle { hold: hold.id, amount: Some(10) };
    desk.must(desk.transfer(step)).await;
    desk.must(desk.spend(desk.one, 20)).await;
    desk.must(desk.reverse(&earned, Some(5), Shortfall::Refuse)).await;
    desk.sound().await;
}

async fn each(statement: &'static str, expected: &[Part]) {
    both(async |desk| {
        filled(&desk).await;
        damaged(&desk, statement, expected).await;
    })
    .await;
}

#[tokio::test]
async fn kept_sums_that_were_changed_are_found() {
    each(
        "UPDATE ledger_account SET balance = balance + 1 WHERE role = 'redemption' AND unit = 'miles'",
        &[Part::Balance, Part::DoubleEntry],
    )
    .await;
    each(
        "UPDATE ledger_account SET balance = 7 WHERE balance = 35",
        &[Part::Balance, Part::DoubleEntry, Part::Lots],
    )
    .await;
    each("UPDATE ledger_account SET seq = seq + 1 WHERE balance = 35", &[Part::Balance]).await;
    each("UPDATE ledger_hold SET settled = 11", &[Part::Hold, Part::Waiting]).await;
    each("UPDATE ledger_hold SET restored = 1", &[Part::Hold]).await;
    each("UPDATE ledger_lot SET remaining = remaining + 1", &[Part::Lot, Part::Lots]).await;
    each("UPDATE ledger_account SET next_expiry = '9999-12-31'", &[Part::Lots]).await;
}

#[tokio::test]
async fn transfers_that_were_changed_are_found() {
    each(
        "UPDATE ledger_transfer SET amount = 21 WHERE amount = 20",
        &[Part::Balance, Part::Running, Part::Uses],
    )
    .await;
    each(
        "DELETE FROM ledger_transfer WHERE amount = 20",
        &[Part::Balance, Part::Running, Part::Lot],
    )
    .await;
    each("UPDATE ledger_lot_use SET amount = 21 WHERE amount = 20", &[Part::Lot, Part::Uses]).await;
    each("UPDATE ledger_transfer SET kind = 'post' WHERE kind = 'settle'", &[Part::Hold]).await;
    each(
        "UPDATE ledger_transfer SET credit_id = (SELECT a.id FROM ledger_account a
            WHERE a.unit = 'qualifying-spend' AND a.role = 'redemption') WHERE amount = 20",
        &[Part::Balance, Part::Sides],
    )
    .await;
}
