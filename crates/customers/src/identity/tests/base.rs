//! Imports, the whole base, bounds.

use access::Role;
use store::jobs::{Handlers, Worker};
use store::sql;

use super::*;
use crate::testing::{actor, apply, import, member};
use crate::{Applied, Policy};

async fn drain(house: &web::testing::House, customers: &Customers) {
    let mut handlers = Handlers::default();
    customers.handlers(&mut handlers);
    let clock = house.clock.clone();
    Worker::new(customers.db().clone(), clock, handlers, 1).drain().await.unwrap();
}

#[tokio::test]
async fn imported_members_are_found_by_passengers_before_and_after() {
    both(async |house| {
        let customers = service(&house);
        let birth = day(1990, 2, 3);
        let early = one(&customers, phone(born(said("a", "ZHOU/QIMING"), birth), "13812345678"));
        let early = early.await;
        house.clock.advance(chrono::Duration::minutes(1));
        let mut rows = vec![member("1", "6218045737", "周启明"), member("2", "", "林婉清")];
        rows[0].birth_date = Some(birth);
        rows[0].phone = Some("138 1234 5678".to_owned().into());
        rows[1].birth_date = Some(day(1985, 5, 6));
        rows[1].phone = Some("13900002222".to_owned().into());
        let applied = apply(&customers, import(&house), &rows, Policy::CreateOrUpdate).await;
        let (Applied::Created(zhou), Applied::Created(lin)) = (applied[0], applied[1]) else {
            panic!("{applied:?}")
        };
        customers.bulk_mode_off().await.unwrap();
        drain(&house, &customers).await;
        let agent = actor(&house, Role::Agent).await;
        assert_eq!(customers.current(&agent, zhou).await.unwrap(), early, "the older id stays");
        let read = customers.get(&agent, early).await.unwrap();
        assert_eq!(read.profile.member_no, "6218045737");
        assert_eq!(read.profile.name.native.as_deref(), Some("周启明"), "a member file's name");

        let late = phone(born(said("b", "LIN/WANQING"), day(1985, 5, 6)), "+8613900002222");
        assert_eq!(one(&customers, late).await, lin);
        let card = Membership { programme: "JB".into(), number: "6218 0457 37".into() };
        let by_number = Statement { memberships: vec![card], ..said("c", "ZHOU/QIMING") };
        assert_eq!(one(&customers, by_number.clone()).await, early);
        let wife =
            Statement { source_key: "d".into(), names: said("", "WU/LILI").names, ..by_number };
        assert_ne!(one(&customers, wife).await, early, "miles go to the husband's number");
        // A second file by the number, now with the survivor; and back when that is undone.
        let step = customers.steps(&agent, early, 9).await.unwrap()[0].id;
        rows[0].city = Some("上海".into());
        house.clock.advance(chrono::Duration::minutes(1));
        apply(&customers, import(&house), &rows, Policy::Update).await;
        assert_eq!(customers.get(&agent, early).await.unwrap().profile.city, "上海");
        let card = [member("k", "6218045737", "")];
        let mut tx = customers.db().begin().await.unwrap();
        let by_number = customers
            .apply_members(&mut tx, "cards", import(&house), &card, Policy::Update)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(by_number, [Applied::Unchanged(early)]);
        house.clock.advance(chrono::Duration::minutes(1));
        customers.undo_step(&agent, step).await.unwrap().into_inner();
        let back = customers.get(&agent, zhou).await.unwrap();
        assert_eq!((back.profile.city.as_str(), back.trashed_at), ("上海", None));
        assert_eq!(back.profile.member_no, "6218045737");
        let records = customers.records(&agent, zhou, 9).await.unwrap();
        assert_eq!(records.iter().filter(|record| record.source == "cards").count(), 1);
        assert_eq!(customers.get(&agent, early).await.unwrap().profile.member_no, "");
    })
    .await;
}

#[tokio::test]
async fn an_agencys_telephone_ties_nobody_and_truncated_names_are_found() {
    both(async |house| {
        let customers = service(&house);
        let names = [
            "WANG/LI",
            "ZHAO/YUN",
            "SUN/QUAN",
            "QIAN/DUO",
            "FENG/XIN",
            "CHU/SHENG",
            "WEI/GUO",
            "JIANG/NAN",
            "SHEN/JIE",
            "HAN/MEI",
            "LI/LEI",
            "WANG/LI",
        ];
        let all = names.iter().enumerate();
        let statements =
            all.map(|(n, name)| phone(said(&format!("g{n}"), name), "13800000000")).collect();
        let placed = place(&customers, statements).await;
        assert!(placed.iter().all(|p| p.way == Way::Made), "an agency's number");

        let long = said("l", "VENKATARAMANAN/SUBRAMANIAM");
        let base = one(&customers, phone(long, "+919812345678")).await;
        let cut = phone(said("m", "VENKATARAMANAN/SUBRA"), "+91 98123 45678");
        assert_eq!(one(&customers, cut).await, base, "cut at twenty characters");
        let shared = |key: &str, name: &str| Statement {
            emails: vec!["family@example.com".to_owned().into()],
            ..said(key, name)
        };
        let mother = one(&customers, shared("x", "GARCIA/MARIA")).await;
        let daughter = one(&customers, shared("y", "GARCIA/LUCIA")).await;
        assert_ne!(mother, daughter, "a family's e-mail");
    })
    .await;
}

#[tokio::test]
async fn the_whole_base_is_searched_and_sure_pairs_are_joined() {
    both(async |house| {
        let customers = service(&house);
        let analyst = actor(&house, Role::Analyst).await;
        let mut rows: Vec<_> = (0..30)
            .map(|n| member(&format!("{n}"), "", ["周启明", "林婉清", "欧阳承泽"][n % 3]))
            .collect();
        for (n, row) in rows.iter_mut().enumerate() {
            // Ten people, each three times.
            row.birth_date = Some(day(1950 + (n % 3) as i32 + 3 * (n / 9) as i32, 3, 4));
            row.phone = Some(format!("1380000{:04}", (n % 3) + 3 * (n / 9)).into());
        }
        apply(&customers, import(&house), &rows, Policy::Create).await;
        assert!(!customers.start_run(&analyst).await.unwrap().is_repeat());
        assert!(customers.start_run(&analyst).await.unwrap().is_repeat(), "one at a time");
        drain(&house, &customers).await;
        let mut tx = customers.db().read().await.unwrap();
        let left: i64 =
            tx.value(sql("SELECT COUNT(*) FROM customer WHERE merged_into IS NULL")).await.unwrap();
        assert_eq!(left, 12, "four groups of three people");
        let linked: i64 = tx
            .value(sql(
                "SELECT COUNT(*) FROM customer_link l JOIN customer c ON c.id = l.customer_id
                        WHERE c.merged_into IS NULL",
            ))
            .await
            .unwrap();
        assert_eq!(linked, 30);
    })
    .await;
}

#[tokio::test]
async fn placing_is_send_and_hostile_statements_are_cut() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    both(async |house| {
        let customers = service(&house);
        let long = "字".repeat(5_000);
        let hostile = Statement {
            source_key: long.clone(),
            names: vec![PersonName::from_native(&long); 100],
            city: Some(long.clone()),
            phones: (0..100).map(|n| format!("+861380000{n:04}\u{0}").into()).collect(),
            ..said("", "X/Y")
        };
        let mut tx = customers.db().begin().await.unwrap();
        let placed = send(customers.place(&mut tx, vec![hostile.clone()])).await.unwrap();
        let again = customers.place(&mut tx, vec![hostile]).await.unwrap();
        assert_eq!((again[0].way, again[0].record), (Way::Known, placed[0].record));
        let none = customers.place(&mut tx, Vec::new()).await.unwrap();
        assert!(none.is_empty());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn identity_cards_link_and_part_and_people_staff_entered_are_found() {
    both(async |house| {
        let customers = service(&house);
        let card = |key: &str, name: &str, number: &str| {
            let document = StatedDocument {
                kind: DocumentKind::IdCard,
                number: number.to_owned().into(),
                country: Some("CN".into()),
                expires_on: None,
            };
            Statement { documents: vec![document], ..said(key, name) }
        };
        let first = one(&customers, card("a", "周启明", "11010519491231002X")).await;
        let again = one(&customers, card("b", "ZHOU/QIMING", "11010519491231002x")).await;
        assert_eq!(again, first, "one card is one person");
        let body = "11010519800101001";
        let second = format!("{body}{}", kernel::id_card::check_of(body).unwrap());
        assert!(kernel::id_card::normalise(&second).is_some());
        let other = phone(card("c", "周启明", &second), "13812345678");
        let _ =
            one(&customers, phone(card("a", "周启明", "11010519491231002X"), "13812345678")).await;
        assert_ne!(one(&customers, other).await, first, "two cards are two people");

        let manager = actor(&house, Role::Manager).await;
        let draft = crate::Draft {
            name: crate::Set::To(PersonName::from_native("林婉清")),
            birth_date: crate::Set::To(Some(day(1985, 5, 6))),
            phone: crate::Set::To("13900002222".to_owned().into()),
            ..crate::Draft::default()
        };
        let made = customers.create(&manager, draft).await.unwrap();
        let met = phone(born(said("d", "LIN/WANQING"), day(1985, 5, 6)), "13900002222");
        assert_eq!(one(&customers, met).await, made.id);
        let origins = customers.get(&manager, made.id).await.unwrap();
        let origins = customers.origins(&manager, &origins).await.unwrap();
        assert_eq!(origins["name"], Origin::Staff);

        // Erasing a customer erases those merged into it, with their records and keys.
        house.clock.advance(chrono::Duration::seconds(1));
        let away = one(&customers, said("e", "LIN/WANQIN")).await;
        customers.merge(&manager, made.id, away).await.unwrap().into_inner();
        customers.forget(&manager, away).await.unwrap().into_inner();
        let mut tx = customers.db().read().await.unwrap();
        for id in [made.id, away] {
            assert!(crate::profile::load(&mut tx, id).await.is_err());
        }
        let left: i64 = tx
            .value(sql("SELECT COUNT(*) FROM identity_key k WHERE NOT EXISTS
                        (SELECT 1 FROM source_record r WHERE r.id = k.record_id)"))
            .await
            .unwrap();
        assert_eq!(left, 0, "no key without its record");
    })
    .await;
}
