#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;

use crate::testing::{actor, apply, both, import, member, service};
use crate::{DocumentKind, MemberInput, Policy, Why};

fn people() -> Vec<MemberInput> {
    let mut people = vec![
        member("1", "6218045731", "周启明"),
        member("2", "6203118907", "林婉清"),
        member("3", "6211605816", "欧阳承泽"),
        member("4", "6218330294", "吕梓涵"),
        member("5", "6252008743", "Priya Raman"),
        member("6", "6218045000", "周其鸣"),
        member("7", "", "单玉"),
        member("8", "6222773912", "孙浩然"),
    ];
    people[0].phone = Some("138 1234 5678".to_owned().into());
    people[0].email = Some("qiming@example.com".to_owned().into());
    people[0].document = Some((DocumentKind::IdCard, "11010519491231002X".to_owned().into()));
    people
}

#[tokio::test]
async fn the_right_person_comes_first_however_they_are_named() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        apply(&customers, import(&house), &people(), Policy::Create).await;
        customers.start().await.unwrap();
        let cases: &[(&str, &str, Why)] = &[
            ("周启明", "周启明", Why::Name),
            ("周启", "周启明", Why::NameBegins),
            ("启明", "周启明", Why::NameBegins),
            ("zhouqiming", "周启明", Why::Name),
            ("Zhou Qiming", "周启明", Why::Name),
            ("qiming zhou", "周启明", Why::Name),
            ("zhou qim", "周启明", Why::NameBegins),
            ("oycz", "欧阳承泽", Why::Initials),
            ("lin wq", "林婉清", Why::Initials),
            ("lvzihan", "吕梓涵", Why::Name),
            ("lü zihan", "吕梓涵", Why::Name),
            ("6218 0457 31", "周启明", Why::MemberNo),
            ("62180457", "周启明", Why::MemberNoBegins),
            ("13812345678", "周启明", Why::Phone),
            ("+86 138-1234-5678", "周启明", Why::Phone),
            ("QIMING@example.com", "周启明", Why::Email),
            ("11010519491231002x", "周启明", Why::Document),
            ("ouyagn chengze", "欧阳承泽", Why::Similar),
            ("linwanqign", "林婉清", Why::Similar),
            ("sunhoaran", "孙浩然", Why::Similar),
            ("Ramen Priya", "Priya Raman", Why::Similar),
            ("raman", "Priya Raman", Why::NameBegins),
            ("danyu", "单玉", Why::OtherSpelling),
            ("shan yu", "单玉", Why::Name),
            ("孙昊然", "孙浩然", Why::SoundsLike),
        ];
        for (typed, name, why) in cases {
            let hits = customers.search(&agent, typed, 10).await.unwrap();
            let first = hits.first().unwrap_or_else(|| panic!("nobody for {typed}"));
            assert_eq!(first.name.display(kernel::Lang::ZhCn), *name, "{typed}: {hits:?}");
            assert_eq!(first.why, *why, "{typed}");
        }
        for nothing in ["", "  ", "!!!", "13900000000", "x@example.com", "qqqq", "欧阳锋克"] {
            let hits = customers.search(&agent, nothing, 10).await.unwrap();
            assert!(hits.is_empty(), "{nothing}: {hits:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn homophones_come_after_the_name_itself() {
    both(async |house| {
        let customers = service(&house);
        let agent = actor(&house, Role::Agent).await;
        apply(&customers, import(&house), &people(), Policy::Create).await;
        customers.start().await.unwrap();
        let hits = customers.search(&agent, "周其鸣", 10).await.unwrap();
        let names: Vec<String> =
            hits.iter().map(|hit| hit.name.display(kernel::Lang::ZhCn)).collect();
        assert_eq!(names, ["周其鸣", "周启明"]);
        let hits = customers.search(&agent, "zqm", 10).await.unwrap();
        assert_eq!(hits.len(), 2);
        assert_eq!(customers.search(&agent, "zqm", 1).await.unwrap().len(), 1);
    })
    .await;
}
