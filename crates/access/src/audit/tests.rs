#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;
use kernel::Uuid;
use store::{Db, sql};

use super::*;
use crate::testing::{self, House};
use crate::{Actor, Role, permissions};

async fn write(house: &House, count: i64) {
    for number in 0..count {
        let mut tx = house.access.db().begin().await.unwrap();
        let target = Target::new("customer", Uuid::from_u128(number as u128));
        let details = Details::new().count("rows", number).codes("fields", ["phone", "email"]);
        house
            .access
            .record(&mut tx, &Actor::system("test"), "customers.edited", &target, details)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

async fn tamper(db: &Db, statement: &'static str) {
    let mut tx = db.begin().await.unwrap();
    tx.script(statement).await.unwrap();
    tx.commit().await.unwrap();
}

async fn broken(house: &House) -> Option<(i64, BreakKind)> {
    let found = verify(house.access.db(), None).await.unwrap();
    found.broken.map(|broken| (broken.seq, broken.what))
}

#[tokio::test]
async fn an_untouched_chain_verifies_from_empty_on() {
    testing::both(async |house| {
        let empty = verify(house.access.db(), None).await.unwrap();
        assert_eq!((empty.rows, empty.broken), (0, None));
        write(&house, 5).await;
        let five = verify(house.access.db(), None).await.unwrap();
        assert_eq!((five.rows, five.head.seq, five.broken), (5, 5, None));
        assert_eq!(five.head.hash.len(), 64);
    })
    .await;
}

#[tokio::test]
async fn every_way_of_tampering_is_found_at_its_place() {
    const HIDE: &str = "UPDATE access_audit_head SET seq = 4,
        hash = (SELECT hash FROM access_audit WHERE seq = 4) WHERE id = 1";
    let cases: &[(&[&str], (i64, BreakKind))] = &[
        (
            &["UPDATE access_audit SET action = 'customers.read' WHERE seq = 3"],
            (3, BreakKind::Edited),
        ),
        (&["UPDATE access_audit SET target_id = 'x' WHERE seq = 2"], (2, BreakKind::Edited)),
        (
            &["UPDATE access_audit SET details = '{\"rows\":99}' WHERE seq = 4"],
            (4, BreakKind::Edited),
        ),
        (&["UPDATE access_audit SET actor_name = 'other' WHERE seq = 1"], (1, BreakKind::Edited)),
        (&["DELETE FROM access_audit WHERE seq = 3"], (3, BreakKind::Missing)),
        (&["DELETE FROM access_audit WHERE seq = 1"], (1, BreakKind::Missing)),
        (&["DELETE FROM access_audit WHERE seq = 5"], (5, BreakKind::WrongEnd)),
        (&["DELETE FROM access_audit"], (1, BreakKind::WrongEnd)),
        (
            &[
                "UPDATE access_audit SET seq = 99 WHERE seq = 2",
                "UPDATE access_audit SET seq = 2 WHERE seq = 3",
                "UPDATE access_audit SET seq = 3 WHERE seq = 99",
            ],
            (2, BreakKind::Edited),
        ),
        (
            &[
                "DELETE FROM access_audit WHERE seq = 3",
                "UPDATE access_audit SET seq = 3 WHERE seq = 4",
                "UPDATE access_audit SET seq = 4 WHERE seq = 5",
                HIDE,
            ],
            (3, BreakKind::Edited),
        ),
        (&["DELETE FROM access_audit_head"], (6, BreakKind::WrongEnd)),
    ];
    for (statements, expected) in cases {
        testing::both(async |house| {
            write(&house, 5).await;
            for statement in *statements {
                tamper(house.access.db(), statement).await;
            }
            assert_eq!(broken(&house).await, Some(*expected), "{statements:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_row_of_another_chain_does_not_link() {
    testing::both(async |house| {
        write(&house, 3).await;
        // A forger who computes the hash of the changed row alone.
        let mut tx = house.access.db().begin().await.unwrap();
        let mut row: super::chain::Row =
            tx.one(sql("SELECT * FROM access_audit WHERE seq = 2")).await.unwrap();
        row.prev_hash = vec![7; 32];
        let hash = row.expected_hash();
        tx.exec(
            sql("UPDATE access_audit SET prev_hash = $1, hash = $2 WHERE seq = 2")
                .bind(row.prev_hash)
                .bind(hash),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(broken(&house).await, Some((2, BreakKind::Unlinked)));
    })
    .await;
}

#[tokio::test]
async fn an_anchor_finds_a_chain_that_was_cut_and_mended() {
    testing::both(async |house| {
        write(&house, 5).await;
        let kept = verify(house.access.db(), None).await.unwrap().head;
        let again = verify(house.access.db(), Some(&kept)).await.unwrap();
        assert_eq!(again.broken, None);
        tamper(
            house.access.db(),
            "DELETE FROM access_audit WHERE seq = 5;
             UPDATE access_audit_head SET seq = 4,
                 hash = (SELECT hash FROM access_audit WHERE seq = 4) WHERE id = 1;",
        )
        .await;
        assert_eq!(broken(&house).await, None, "in itself the shorter chain is sound");
        let found = verify(house.access.db(), Some(&kept)).await.unwrap().broken.unwrap();
        assert_eq!((found.seq, found.what), (5, BreakKind::Missing));
        house.clock.advance(Duration::seconds(1));
        write(&house, 1).await;
        let found = verify(house.access.db(), Some(&kept)).await.unwrap().broken.unwrap();
        assert_eq!((found.seq, found.what), (5, BreakKind::NotAnchored));
    })
    .await;
}

#[tokio::test]
async fn writers_side_by_side_make_one_chain() {
    testing::both(async |house| {
        let house = std::sync::Arc::new(house);
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let house = house.clone();
            writers.spawn(async move { write(&house, 10).await });
        }
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
        // One that is rolled back leaves no gap.
        let mut tx = house.access.db().begin().await.unwrap();
        let details = Details::new();
        let actor = Actor::system("test");
        house.access.record(&mut tx, &actor, "x", &Target::none(), details).await.unwrap();
        drop(tx);
        write(&house, 1).await;
        let found = verify(house.access.db(), None).await.unwrap();
        assert_eq!((found.rows, found.broken), (81, None));
    })
    .await;
}

#[tokio::test]
async fn the_list_filters_and_turns_pages() {
    testing::both(async |house| {
        write(&house, 5).await;
        let auditor = house.staff(Role::Auditor);
        house.clock.advance(Duration::hours(1));
        let later = kernel::Clock::now(&*house.clock);
        let mut tx = house.access.db().begin().await.unwrap();
        let target = Target::new("run", "r1");
        house.access.record(&mut tx, &auditor, "value.run", &target, Details::new()).await.unwrap();
        tx.commit().await.unwrap();

        let list = async |filter: Filter| {
            let page = house.access.audit_entries(&auditor, &filter).await.unwrap();
            (page.items.iter().map(|entry| entry.seq).collect::<Vec<_>>(), page)
        };
        let all = Filter::default;
        assert_eq!(list(all()).await.0, [6, 5, 4, 3, 2, 1]);
        let by = Filter { actor: Some(auditor.id), ..all() };
        assert_eq!(list(by).await.0, [6]);
        let domain = Filter { action: Some("customers.*".into()), ..all() };
        assert_eq!(list(domain).await.0, [5, 4, 3, 2, 1]);
        let action = Filter { action: Some("value.run".into()), ..all() };
        assert_eq!(list(action).await.0, [6]);
        let target =
            Filter { target_kind: Some("run".into()), target_id: Some("r1".into()), ..all() };
        assert_eq!(list(target).await.0, [6]);
        assert_eq!(list(Filter { from: Some(later), ..all() }).await.0, [6]);
        assert_eq!(list(Filter { to: Some(later), ..all() }).await.0, [5, 4, 3, 2, 1]);

        let (first, page) = list(Filter { limit: 4, ..all() }).await;
        assert_eq!((first, page.prev), (vec![6, 5, 4, 3], None));
        let (second, page) = list(Filter { limit: 4, after: page.next, ..all() }).await;
        assert_eq!((second, page.next), (vec![2, 1], None));
        let (back, page) = list(Filter { limit: 4, before: page.prev, ..all() }).await;
        assert_eq!((back, page.prev), (vec![6, 5, 4, 3], None));

        let names = house.access.audit_actions(&auditor).await.unwrap();
        assert_eq!(names, ["customers.edited", "value.run"]);
        let bad = Filter { after: Some("AAAA".into()), ..all() };
        let refused = house.access.audit_entries(&auditor, &bad).await.unwrap_err();
        assert_eq!(kernel::Explain::code(&refused), "bad-cursor");
        let agent = house.staff(Role::Agent);
        assert!(agent.may(permissions::AUDIT_READ).is_err());
        assert!(house.access.audit_entries(&agent, &all()).await.is_err());
        assert!(house.access.audit_actions(&agent).await.is_err());
    })
    .await;
}
