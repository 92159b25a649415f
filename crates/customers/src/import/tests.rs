#![allow(clippy::unwrap_used, reason = "tests")]
use std::collections::BTreeSet;
use std::sync::Arc;

use access::Role;
use kernel::names::PersonName;
use serde_json::Value;
use store::sql;

use super::bulk_mode::SET_ASIDE;
use crate::testing::{actor, apply, both, import, member, service};
use crate::{
    Applied, Customers, Draft, LastFlight, MemberInput, Policy, Set, Standing, Tier, UNDO_DAYS,
};

fn rows() -> Vec<MemberInput> {
    vec![
        MemberInput {
            tier: Some(Tier::Gold),
            city: Some("上海".into()),
            phone: Some("13812345678".to_owned().into()),
            ..member("1", "6218 0457 31", "周启明")
        },
        member("2", "6203118907", "林婉清"),
        MemberInput {
            email: Some("Priya@Example.com".to_owned().into()),
            ..member("3", "", "Priya Raman")
        },
    ]
}

/// Everything the import could have changed, as text, to compare before and after.
async fn dump(customers: &Customers) -> String {
    let mut tx = customers.db().read().await.unwrap();
    let people: Vec<(uuid::Uuid, String, String, String, String)> = tx
        .all(sql("SELECT id, name_native, member_no, tier, city FROM customer ORDER BY id"))
        .await
        .unwrap();
    let contacts: Vec<(uuid::Uuid, String, String, String)> = tx
        .all(sql("SELECT customer_id, kind, masked, source FROM customer_contact
                  ORDER BY customer_id, kind, hash"))
        .await
        .unwrap();
    let records: Vec<(String, String, i64)> = tx
        .all(sql("SELECT source, source_key, version FROM source_record
                  ORDER BY source, source_key, version"))
        .await
        .unwrap();
    format!("{people:?}\n{contacts:?}\n{records:?}")
}

#[tokio::test]
async fn rows_are_created_updated_skipped_and_the_same_file_again_changes_nothing() {
    both(async |house| {
        let customers = service(&house);
        let (first, second) = (import(&house), import(&house));
        let created = apply(&customers, first, &rows(), Policy::Create).await;
        assert!(created.iter().all(|a| matches!(a, Applied::Created(_))), "{created:?}");
        let before = dump(&customers).await;
        let again = apply(&customers, second, &rows(), Policy::CreateOrUpdate).await;
        assert!(again.iter().all(|a| matches!(a, Applied::Unchanged(_))), "{again:?}");
        assert_eq!(dump(&customers).await, before);

        let mut changed = rows();
        changed[0].tier = Some(Tier::Platinum);
        changed.push(member("4", "", "Erik Hansen"));
        let skipped = apply(&customers, second, &changed, Policy::Create).await;
        assert_eq!(skipped[0], Applied::Skipped);
        assert!(matches!(skipped[3], Applied::Created(_)));
        changed.push(member("5", "", "Nobody Yet"));
        let updated = apply(&customers, second, &changed, Policy::Update).await;
        assert!(matches!(updated[0], Applied::Updated(_)));
        assert!(matches!(updated[1], Applied::Unchanged(_)));
        assert_eq!(updated[4], Applied::Skipped);
        let Applied::Updated(id) = updated[0] else { return };
        let agent = actor(&house, Role::Agent).await;
        let zhou = customers.whole(&agent, id).await.unwrap();
        assert_eq!(zhou.customer.profile.tier, Some(Tier::Platinum));
        assert_eq!(zhou.customer.version, 2);
        assert_eq!(zhou.contacts.len(), 1);
        assert_eq!(zhou.contacts[0].masked, "+86 138****5678");
    })
    .await;
}

#[tokio::test]
async fn repeated_keys_in_one_batch_are_one_person_and_numbers_join_sources() {
    both(async |house| {
        let customers = service(&house);
        let first = import(&house);
        let mut twice = vec![member("1", "100", "周启明"), member("1", "100", "周启明")];
        twice[1].city = Some("北京".into());
        let applied = apply(&customers, first, &twice, Policy::CreateOrUpdate).await;
        let (Applied::Created(one), Applied::Updated(two)) = (applied[0], applied[1]) else {
            panic!("{applied:?}")
        };
        assert_eq!(one, two);
        // Another feed calls the same member by another key.
        let mut tx = customers.db().begin().await.unwrap();
        let other = customers
            .apply_members(&mut tx, "cards", first, &[member("x9", "100", "")], Policy::Update)
            .await
            .unwrap();
        assert_eq!(other, [Applied::Unchanged(one)]);
        let keys = ["x9".to_owned(), "none".to_owned()];
        let known = customers.ids_by_source_key(&mut tx, "cards", &keys).await.unwrap();
        assert_eq!(known.get("x9"), Some(&one));
        assert_eq!(known.len(), 1);
        // A number that belongs to somebody else is not taken over.
        customers
            .apply_members(&mut tx, "crm", first, &[member("2", "200", "林婉清")], Policy::Create)
            .await
            .unwrap();
        let grab = customers
            .apply_members(&mut tx, "crm", first, &[member("2", "100", "林婉清")], Policy::Update)
            .await
            .unwrap();
        assert!(matches!(grab[0], Applied::Unchanged(_)), "{grab:?}");
        let numbers = ["100".to_owned(), "200".to_owned()];
        let owners = customers.ids_by_member_no(&mut tx, &numbers).await.unwrap();
        assert_eq!(owners.get("100"), Some(&one));
        assert_eq!(owners.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_import_is_taken_back_whole_and_later_edits_stay() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        let (first, second) = (import(&house), import(&house));
        apply(&customers, first, &rows(), Policy::Create).await;
        let before = dump(&customers).await;

        let mut changed = rows();
        changed[0].tier = Some(Tier::Platinum);
        changed[0].phone = Some("13900001111".to_owned().into());
        changed[1].city = Some("北京".into());
        changed.push(member("4", "", "Erik Hansen"));
        changed.push(member("5", "", "Amina Yusuf"));
        let applied = apply(&customers, second, &changed, Policy::CreateOrUpdate).await;
        let Applied::Created(erik) = applied[3] else { panic!("{applied:?}") };
        customers.add_note(&agent, erik, "called").await.unwrap();

        let mut undone = 0;
        let mut kept = 0;
        loop {
            let mut tx = customers.db().begin().await.unwrap();
            let part = customers.revert_import(&mut tx, second, 1).await.unwrap();
            tx.commit().await.unwrap();
            undone += part.undone;
            kept += part.kept_changed_later;
            if !part.more {
                break;
            }
        }
        assert_eq!((undone, kept), (3, 1), "two changes, Amina; Erik has a note");
        customers.forget(&actor(&house, Role::Manager).await, erik).await.unwrap().into_inner();
        assert_eq!(dump(&customers).await, before);
        let old = customers.search(&agent, "13812345678", 5).await.unwrap();
        assert_eq!(old.len(), 1, "the old number is back");
        assert!(customers.search(&agent, "13900001111", 5).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_staff_changed_after_an_import_is_not_reverted_and_facts_keep_a_customer() {
    both(async |house| {
        let agent = actor(&house, Role::Agent).await;
        let first = import(&house);
        let plain = service(&house);
        let applied = apply(&plain, first, &rows(), Policy::Create).await;
        let (Applied::Created(zhou), Applied::Created(lin)) = (applied[0], applied[1]) else {
            panic!("{applied:?}")
        };
        let draft = Draft { city: Set::To("苏州".into()), ..Draft::default() };
        plain.edit(&agent, zhou, 1, draft).await.unwrap().into_inner();
        let customers = plain.with_in_use(Arc::new(move |_, asked| {
            Box::pin(async move { Ok(asked.into_iter().filter(|id| *id == lin).collect()) })
        }));
        let mut tx = customers.db().begin().await.unwrap();
        let done = customers.revert_import(&mut tx, first, 100).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((done.undone, done.kept_changed_later, done.more), (1, 2, false));
        assert_eq!(customers.get(&agent, zhou).await.unwrap().profile.city, "苏州");
        assert!(customers.get(&agent, lin).await.is_ok());
        assert_eq!(UNDO_DAYS, 30);
    })
    .await;
}

#[tokio::test]
async fn set_aside_indexes_are_those_of_the_schema_and_come_back() {
    both(async |house| {
        let customers = service(&house);
        let names = async |customers: &Customers| -> BTreeSet<String> {
            let mut tx = customers.db().read().await.unwrap();
            let text = match customers.db().engine() {
                store::Engine::Sqlite => {
                    "SELECT name || ' ' || sql FROM sqlite_master
                     WHERE type = 'index' AND sql IS NOT NULL"
                }
                store::Engine::Postgres => {
                    "SELECT indexname || ' ' || indexdef FROM pg_indexes
                     WHERE schemaname = current_schema()"
                }
            };
            let all: Vec<String> = tx.values(sql(text)).await.unwrap();
            let squeeze = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
            all.iter()
                .map(squeeze)
                .map(|text| text.replace("IF NOT EXISTS ", ""))
                .filter(|text| SET_ASIDE.iter().any(|(_, index, _)| text.starts_with(index)))
                .collect()
        };
        let before = names(&customers).await;
        assert!(!customers.bulk_mode_on(19_999).await.unwrap());
        assert!(customers.bulk_mode_on(20_000).await.unwrap());
        let left = names(&customers).await;
        assert!(left.iter().all(|text| text.starts_with("customer_member_no_key")), "{left:?}");
        customers.bulk_mode_off().await.unwrap();
        assert_eq!(names(&customers).await, before);
        customers.bulk_mode_off().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn standings_are_published_only_where_they_differ() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        let applied = apply(&customers, import(&house), &rows(), Policy::Create).await;
        let Applied::Created(zhou) = applied[0] else { panic!("{applied:?}") };
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let Applied::Created(other) = applied[1] else { panic!("{applied:?}") };
        let standing = Standing {
            customer: zhou,
            last_flight_on: Some(day),
            last_route: Some("PVG-FRA".into()),
            flights: 138,
            km: 271_000,
            coefficient: Some(1.18),
            value_group: Some("keep"),
            value_score: Some(97.0),
            lifecycle: Some("mature"),
            observed_on: day,
        };
        let mut tx = customers.db().begin().await.unwrap();
        let one = std::slice::from_ref(&standing);
        assert_eq!(customers.publish_standing(&mut tx, one).await.unwrap(), 1);
        assert_eq!(customers.publish_standing(&mut tx, one).await.unwrap(), 0);
        // A summary knows the day and no route: who has no segment keeps it.
        let summary = [Standing { customer: other, last_route: None, ..standing.clone() }];
        assert_eq!(customers.publish_standing(&mut tx, &summary).await.unwrap(), 1);
        let none = [LastFlight { customer: other, day: None, route: None }];
        assert_eq!(customers.publish_last_flights(&mut tx, &none).await.unwrap(), 0);
        let less = Standing { value_group: None, value_score: None, km: 5, ..standing };
        assert_eq!(
            customers.publish_standing(&mut tx, std::slice::from_ref(&less)).await.unwrap(),
            1
        );
        // A flight after the day the run looked at stays.
        let later = day.succ_opt();
        let flown = [LastFlight { customer: zhou, day: later, route: Some("CAN-PEK".into()) }];
        assert_eq!(customers.publish_last_flights(&mut tx, &flown).await.unwrap(), 1);
        assert_eq!(customers.publish_last_flights(&mut tx, &flown).await.unwrap(), 0);
        assert_eq!(customers.publish_standing(&mut tx, &[less]).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let read = customers.get(&agent, zhou).await.unwrap();
        assert_eq!(read.version, 1, "derived data is no edit");
        assert_eq!(read.published.km, 5);
        assert_eq!(read.published.last_flight_on, later);
        assert_eq!(read.published.last_route, "CAN-PEK");
        assert_eq!(read.published.value_group.map(crate::ValueGroup::as_str), Some("keep"));
    })
    .await;
}

#[tokio::test]
async fn records_hold_no_contact_in_clear() {
    both(async |house| {
        let customers = service(&house);
        apply(&customers, import(&house), &rows(), Policy::Create).await;
        let mut tx = customers.db().read().await.unwrap();
        let data: Vec<sqlx::types::Json<Value>> =
            tx.values(sql("SELECT data FROM source_record")).await.unwrap();
        let text = format!("{data:?}");
        assert!(!text.contains("13812345678") && !text.to_lowercase().contains("priya@"));
        let name = PersonName::from_native("周启明");
        assert!(text.contains(name.native.as_deref().unwrap_or("?")));
    })
    .await;
}
