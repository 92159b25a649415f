use chrono::{Days, Duration};
use loyalty::programmes::{Draft, example};

use ::access::Role;

use super::{World, both};
use crate::testing::{self, PROGRAMME};

/// Approves rules with a promotion to register for over ten days from today on.
async fn offer(world: &World) {
    let (from, to) = (world.portal.today(), world.portal.today() + Days::new(9));
    let first = "[[accrual.promotions]]\nid = \"first-flight\"";
    let row = format!(
        "[[accrual.promotions]]\nid = \"ten-days\"\nvalid_from = \"{from}\"\nvalid_to = \"{to}\"\n\
         name = {{ en = \"Ten days twice\", zh = \"十日双倍\" }}\nopen_to = \"registered\"\n\
         order = 1\nstacking = \"add\"\npercent = \"100%\"\nof = \"award\"\n\
         source = \"invented\"\n\n{first}"
    );
    let text = example(PROGRAMME).unwrap().replace(first, &row);
    let text = text.replace("version = 7\n", "version = 8\n");
    let (one, other) = (
        testing::staff(&world.portal, Role::Loyalty),
        testing::staff(&world.portal, Role::Manager),
    );
    let loyalty = &world.portal.parts().loyalty;
    let draft = Draft { text, valid_from: from, note: String::new() };
    let id = loyalty.draft_programme(&one, draft).await.unwrap().id;
    let _ = loyalty.propose_programme(&one, id).await.unwrap();
    let _ = loyalty.decide_programme(&other, id, true, "").await.unwrap();
}

#[tokio::test]
async fn a_member_registers_with_one_tap_and_sees_it() {
    both(async |world| {
        offer(&world).await;
        let member = world.member("周启明").await;
        let browser = world.browser(&member).await;
        assert!(browser.get("/my").await.text.contains("/my/promotions"));
        let page = browser.get("/my/promotions").await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("Ten days twice"), "{}", page.text);
        assert!(page.text.contains("100% of the award extra"), "{}", page.text);
        assert!(!page.text.contains("Double miles in spring"), "it has ended: {}", page.text);
        let zh = browser.clone().reading("zh-CN").get("/my/promotions").await.text;
        assert!(zh.contains("十日双倍") && zh.contains("立即报名") && !zh.contains('⟨'), "{zh}");

        let to = "/my/promotions/ten-days";
        let forged = browser.send(axum::http::Method::POST, to, String::new()).await;
        assert_eq!(forged.status, 403, "without the form's token: {}", forged.text);
        for _ in 0..2 {
            let done = browser.post(to, &[]).await;
            assert_eq!((done.status, done.location.as_str()), (303, "/my/promotions"));
        }
        let page = browser.get("/my/promotions").await.text;
        assert!(page.contains("Registered on") && !page.contains(to), "{page}");
        let reader = crate::Portal::reader();
        let loyalty = &world.portal.parts().loyalty;
        let counts = loyalty.registered_counts(&reader, PROGRAMME).await.unwrap();
        assert_eq!(counts.get("ten-days"), Some(&1));
        let done = loyalty.register(&reader, member.id, "ten-days").await.unwrap();
        assert!(done.into_inner().by_member);

        let ended = browser.post("/my/promotions/spring-double", &[]).await;
        assert!(ended.status == 422 && ended.text.contains("has ended"), "{}", ended.text);
        assert_eq!(browser.post("/my/promotions/none", &[]).await.status, 404);
        world.clock().advance(Duration::hours(20));
        let still = browser.get("/my/promotions").await.text;
        assert!(still.contains("Ten days twice"), "{still}");
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_disappears_and_trips_count_what_is_registered() {
    both(async |world| {
        offer(&world).await;
        let member = world.member("林夏").await;
        let ahead = world.portal.now() + Duration::days(5);
        testing::book(&world.portal, &member, ahead, ("PVG", "NRT")).await;
        let estimate = async || {
            let card = world.portal.card(&member).await.unwrap();
            world.portal.coming(&card).await.unwrap()[0].miles
        };
        let plain = estimate().await;
        assert!(plain > 0);
        let own = ::access::Actor::member(member.id.uuid());
        let loyalty = &world.portal.parts().loyalty;
        let _ = loyalty.register(&own, member.id, "ten-days").await.unwrap();
        assert_eq!(estimate().await, 2 * plain);
        world.clock().advance(Duration::days(10));
        let page = world.browser(&member).await.get("/my/promotions").await.text;
        assert!(!page.contains("Ten days twice"), "{page}");
    })
    .await;
}
