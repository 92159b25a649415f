#![allow(clippy::unwrap_used, reason = "tests")]
use access::{Purpose, Role};
use kernel::Explain;
use kernel::names::PersonName;
use store::sql;

use crate::notes::LONGEST;
use crate::tasks::NewTask;
use crate::testing::{actor, apply, both, import, member, service};
use crate::{Applied, Draft, Error, MemberInput, PERSONAL_TABLES, Policy, Set, Tier, timeline};

fn zhou() -> Draft {
    Draft {
        name: Set::To(PersonName::from_native("周启明")),
        member_no: Set::To("6218 0457 31".into()),
        tier: Set::To(Some(Tier::Gold)),
        phone: Set::To("138 1234 5678".to_owned().into()),
        email: Set::To("qiming@example.com".to_owned().into()),
        ..Draft::default()
    }
}

#[tokio::test]
async fn an_edit_needs_the_version_it_was_read_at_and_a_conflict_names_who_and_what() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        let sales = actor(&house, Role::Sales).await;
        let made = customers.create(&agent, zhou()).await.unwrap();
        assert_eq!((made.version, made.profile.member_no.as_str()), (1, "6218045731"));
        let city = |name: &str| Draft { city: Set::To(name.to_owned()), ..Draft::default() };
        let edited = customers.edit(&agent, made.id, 1, city("上海")).await.unwrap().into_inner();
        assert_eq!((edited.customer.version, edited.fields.as_slice()), (2, ["city"].as_slice()));
        let same = customers.edit(&agent, made.id, 2, city("上海")).await.unwrap();
        assert!(same.is_repeat(), "nothing new is no edit");
        let late = customers.edit(&sales, made.id, 1, city("北京")).await;
        let Err(Error::Changed(by)) = late else { panic!("{late:?}") };
        assert_eq!(by.who, agent.name);
        assert_eq!(by.fields, ["city"]);
        assert_eq!(by.version, 2);
        let phone = Draft { phone: Set::To("13900001111".to_owned().into()), ..Draft::default() };
        customers.edit(&sales, made.id, 2, phone).await.unwrap().into_inner();
        let whole = customers.whole(&agent, made.id).await.unwrap();
        let masks: Vec<&str> = whole.contacts.iter().map(|c| c.masked.as_str()).collect();
        assert_eq!(masks, ["+86 139****1111", "q***@example.com"]);
    })
    .await;
}

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        let auditor = actor(&house, Role::Auditor).await;
        let nobody = customers.create(&agent, Draft::default()).await;
        assert!(matches!(nobody, Err(Error::Invalid(_))), "{nobody:?}");
        customers.create(&agent, zhou()).await.unwrap();
        let twin = customers.create(&agent, zhou()).await;
        assert!(matches!(twin, Err(Error::MemberNoTaken)), "{twin:?}");
        let denied = customers.create(&auditor, zhou()).await;
        assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
        let missing = crate::CustomerId::new(store::testing::NOW);
        let read = customers.get(&agent, missing).await;
        assert_eq!(read.map_err(|e| e.code()), Err("customers-not-found"));
    })
    .await;
}

#[tokio::test]
async fn trash_takes_out_of_search_and_restore_brings_back() {
    both(async |house| {
        let customers = service(&house);
        let manager = actor(&house, Role::Manager).await;
        let agent = actor(&house, Role::Agent).await;
        let made = customers.create(&manager, zhou()).await.unwrap();
        assert!(matches!(customers.trash(&agent, made.id).await, Err(Error::Denied(_))));
        let later = || house.clock.advance(chrono::Duration::seconds(1));
        later();
        assert!(!customers.trash(&manager, made.id).await.unwrap().is_repeat());
        later();
        assert!(customers.trash(&manager, made.id).await.unwrap().is_repeat());
        assert!(customers.search(&agent, "周启明", 5).await.unwrap().is_empty());
        let edit = customers.edit(&agent, made.id, 2, zhou()).await;
        assert!(matches!(edit, Err(Error::InTrash)), "{edit:?}");
        assert!(!customers.restore(&manager, made.id).await.unwrap().is_repeat());
        assert_eq!(customers.search(&agent, "周启明", 5).await.unwrap().len(), 1);
        let mut tx = customers.db().read().await.unwrap();
        let said: Vec<String> =
            tx.values(sql("SELECT type FROM outbox_event ORDER BY id")).await.unwrap();
        assert_eq!(
            said.iter().filter(|t| t.starts_with("customers.profile.")).collect::<Vec<_>>(),
            [
                "customers.profile.created.v1",
                "customers.profile.trashed.v1",
                "customers.profile.restored.v1"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn revealing_needs_a_purpose_one_may_have_and_leaves_a_trace() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        let auditor = actor(&house, Role::Auditor).await;
        let made = customers.create(&agent, zhou()).await.unwrap();
        let shown = customers.reveal(&agent, made.id, Purpose::ServeCaller).await.unwrap();
        let phone = shown.iter().find(|one| one.kind == "phone").unwrap();
        assert_eq!(phone.value.reveal(), "+8613812345678");
        assert!(!format!("{shown:?}").contains("138"));
        assert!(customers.reveal(&auditor, made.id, Purpose::ServeCaller).await.is_err());
        let mut tx = customers.db().read().await.unwrap();
        let target = access::Target::new("customer", made.id);
        let seen = customers.access().reveals_of(&mut tx, &target, 5).await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].by, seen[0].purpose), (agent.id, Purpose::ServeCaller));
    })
    .await;
}

#[tokio::test]
async fn a_person_can_be_handed_out_and_erased_without_rest() {
    both(async |house| {
        let customers = service(&house);
        let manager = actor(&house, Role::Manager).await;
        let rows = [MemberInput {
            phone: Some("13812345678".to_owned().into()),
            ..member("1", "100", "单玉")
        }];
        let applied = apply(&customers, import(&house), &rows, Policy::Create).await;
        let Applied::Created(id) = applied[0] else { panic!("{applied:?}") };
        customers.add_note(&manager, id, "likes windows").await.unwrap();
        customers.add_tag(&manager, id, "vip").await.unwrap().into_inner();
        let task = NewTask { title: "call".into(), ..NewTask::default() };
        customers.add_task(&manager, id, task).await.unwrap();
        let all = customers.export(&manager, id).await.unwrap().0.to_string();
        for part in ["+8613812345678", "13812345678", "likes windows", "vip", "单玉"] {
            assert!(all.contains(part), "{part} is missing");
        }
        assert!(!customers.forget(&manager, id).await.unwrap().is_repeat());
        assert!(customers.forget(&manager, id).await.unwrap().is_repeat());
        let mut tx = customers.db().read().await.unwrap();
        // By no column of theirs can it be seen whose their rows were.
        const OTHERS: &[(&str, &str)] = &[("source_record", "id"), ("identity_tally", "key")];
        for (table, _) in PERSONAL_TABLES.iter().chain(OTHERS) {
            let mut count = store::SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM ");
            count.push(table);
            let left: i64 = tx.value(count.build()).await.unwrap();
            assert_eq!(left, 0, "{table} still holds the person");
        }
    })
    .await;
}

/// A table of this domain that names a customer must be known to the eraser.
#[test]
fn every_table_with_a_person_is_listed() {
    let text = crate::MIGRATIONS.iter().map(|m| m.text).collect::<Vec<_>>().join("\n");
    for table in text.split("CREATE TABLE ").skip(1) {
        let name = table.split_whitespace().next().unwrap();
        let body = table.split(");").next().unwrap();
        if body.contains("customer_id") {
            assert!(PERSONAL_TABLES.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}

#[tokio::test]
async fn notes_tags_and_tasks_have_limits_and_show_in_the_timeline() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        let made = customers.create(&agent, zhou()).await.unwrap();
        let id = made.id;
        assert!(customers.add_note(&agent, id, &"字".repeat(LONGEST)).await.is_ok());
        let long = customers.add_note(&agent, id, &"字".repeat(LONGEST + 1)).await;
        assert!(matches!(long, Err(Error::Text(_))));
        assert!(matches!(customers.add_note(&agent, id, "  ").await, Err(Error::Text(_))));
        house.clock.advance(chrono::Duration::minutes(1));
        let new = NewTask { title: "确认接机".into(), ..NewTask::default() };
        let task = customers.add_task(&agent, id, new).await.unwrap();
        assert!(!customers.finish_task(&agent, id, task, true).await.unwrap().is_repeat());
        assert!(customers.finish_task(&agent, id, task, true).await.unwrap().is_repeat());
        assert!(!customers.add_tag(&agent, id, " frequent  flyer ").await.unwrap().is_repeat());
        assert!(customers.add_tag(&agent, id, "frequent flyer").await.unwrap().is_repeat());
        assert_eq!(customers.tags(&agent).await.unwrap(), ["frequent flyer"]);
        let sources = customers.timeline_sources();
        let page = timeline::read(&sources, &[], id, None, 10).await.unwrap();
        let kinds: Vec<&str> = page.items.iter().map(|entry| entry.source).collect();
        assert_eq!(kinds[0], "tasks");
        assert!(kinds.contains(&"notes") && kinds.contains(&"profile"), "{kinds:?}");
        let notes = customers.notes(&agent, id, 10).await.unwrap();
        let stranger = actor(&house, Role::Sales).await;
        let other = customers.remove_note(&stranger, id, notes[0].id).await;
        assert!(matches!(other, Err(Error::NotFound("note"))), "not theirs");
        customers.remove_note(&agent, id, notes[0].id).await.unwrap().into_inner();
        customers.remove_tag(&agent, id, "frequent flyer").await.unwrap().into_inner();
        assert!(customers.tags(&agent).await.unwrap().is_empty());
    })
    .await;
}
