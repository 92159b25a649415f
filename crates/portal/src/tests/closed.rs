use ::access::Actor;
use loyalty::ledger::AccountState;
use store::outbox::Event;

use super::both;
use crate::Error;

#[tokio::test]
async fn a_frozen_member_reads_why_and_nothing_else() {
    both(async |world| {
        let (member, system) = (world.member("林夏").await, Actor::system("test"));
        let browser = world.browser(&member).await;
        let loyalty = &world.portal.parts().loyalty;
        let half = AccountState::DebitsFrozen;
        let _ = loyalty.freeze(&system, member.id, half, "dispute").await.unwrap();
        assert!(browser.get("/my").await.text.contains("Your account is protected"));
        let whole = AccountState::Frozen;
        let _ = loyalty.freeze(&system, member.id, whole, "takeover").await.unwrap();
        for path in ["/my", "/my/miles", "/my/profile", "/my/card", "/my/trips", "/my/tier"] {
            let page = browser.get(path).await;
            assert!(page.text.contains("This account is frozen."), "{path}");
            assert!(!page.text.contains("somebody") && !page.text.contains("林夏"), "{path}");
        }
        let refused = world.portal.invite(&world.agent(), member.id).await;
        assert!(matches!(refused, Err(Error::Refused("portal-member-frozen"))));
        assert_eq!(browser.post("/my/password", &[("current", "x")]).await.status, 200, "the same");
        assert_eq!(browser.post("/my/sign-out", &[]).await.location, "/my/sign-in");
    })
    .await;
}

#[tokio::test]
async fn a_merged_member_is_told_where_the_miles_are() {
    both(async |world| {
        let (gone, stays) = (world.member("林夏").await, world.member("Lin Xia").await);
        let browser = world.browser(&gone).await;
        let system = Actor::system("test");
        let _ =
            world.portal.parts().loyalty.merge_members(&system, gone.id, stays.id).await.unwrap();
        let page = browser.clone().reading("zh-CN").get("/my").await;
        let number = kernel::member_no::grouped(&stays.member_no);
        assert!(page.text.contains(&format!("请用 {number} 登录")), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_left_of_a_member_who_was_erased() {
    both(async |world| {
        let member = world.member("林夏").await;
        let browser = world.browser(&member).await;
        world.code(&member).await;
        let data = serde_json::json!({});
        let subject = format!("member/{}", member.id);
        let event = Event::new(loyalty::events::FORGOTTEN, subject, world.portal.now(), data);
        for _ in 0..2 {
            world.portal.forget(&event).await.unwrap();
        }
        let mut tx = world.portal.parts().db.read().await.unwrap();
        for table in crate::PERSONAL_TABLES {
            let mut count = store::SqlBuilder::new("SELECT COUNT(*) FROM ");
            count.push(table);
            let rows: i64 = tx.value(count.build()).await.unwrap();
            assert_eq!(rows, 0, "{table}");
        }
        drop(tx);
        assert_eq!(browser.get("/my").await.status, 303);
    })
    .await;
}
