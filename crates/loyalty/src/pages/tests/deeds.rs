use super::*;

#[tokio::test]
async fn freezing_asks_for_a_reason_and_taking_it_off_for_a_role() {
    both(async |house| {
        let desk = desk(&house).await;
        let care = house.staff(Role::Care).await;
        let to = desk.at("/freeze");
        desk.pages(&to).await;
        let bad = care.post(&desk.app, &to, &[("state", "frozen"), ("reason", "mood")]).await;
        assert_eq!(bad.status, 422, "{}", bad.text);
        let bad = care.post(&desk.app, &to, &[("state", "closed"), ("reason", "fraud")]).await;
        assert_eq!(bad.status, 422, "{}", bad.text);
        for _ in 0..2 {
            let done = care.post(&desk.app, &to, &[("state", "frozen"), ("reason", "fraud")]).await;
            assert_eq!((done.status, done.location()), (303, desk.at("").as_str()));
        }
        let page = desk.pages(&desk.at("")).await;
        assert!(page.contains("Frozen"), "{page}");
        assert!(desk.page(&desk.clerk, "/members?f=state:in:frozen").await.contains(&desk.at("")));
        let off = [("state", "open"), ("reason", "dispute")];
        assert_eq!(care.post(&desk.app, &to, &off).await.status, 403);
        assert_eq!(desk.clerk.post(&desk.app, &to, &off).await.status, 303);
        let analyst = house.staff(Role::Analyst).await;
        assert_eq!(analyst.get(&desk.app, &to).await.status, 403);
        assert_eq!(analyst.post(&desk.app, &to, &off).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn cards_and_nominees_are_kept_once() {
    both(async |house| {
        let desk = desk(&house).await;
        let cards = desk.at("/cards");
        let again = [("medium", "plastic"), ("after", "1")];
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &cards, &again).await.status, 303);
        }
        let all = desk.loyalty.cards(&desk.clerk.actor, desk.one).await.unwrap();
        assert_eq!(all.len(), 2, "the second click issues none");
        assert_eq!(desk.clerk.post(&desk.app, &cards, &[("medium", "gold")]).await.status, 404);
        let block = desk.at("/cards/2/block");
        assert_eq!(desk.clerk.post(&desk.app, &block, &[("reason", "lost")]).await.status, 303);
        assert!(desk.pages(&desk.at("")).await.contains("lost"));

        let to = desk.at("/nominees");
        desk.pages(&to).await;
        let mut fields =
            vec![("name", "Zhou Xiao"), ("birth_date", "2000-02-03"), ("document", "E1234567")];
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &to, &fields).await.status, 303);
        }
        let page = desk.pages(&desk.at("")).await;
        assert!(page.contains("E*****67") && !page.contains("E1234567"), "{page}");
        let named = desk.loyalty.nominees(&desk.clerk.actor, desk.one).await.unwrap();
        assert_eq!(named.len(), 1);
        fields[1] = ("birth_date", "2020-02-03");
        fields[2] = ("document", "E7654321");
        let young = desk.clerk.post(&desk.app, &to, &fields).await;
        assert!(young.status == 422 && young.text.contains("consent"), "{}", young.text);
        fields[1] = ("birth_date", "soon");
        assert_eq!(desk.clerk.post(&desk.app, &to, &fields).await.status, 422);
        let remove = desk.at(&format!("/nominees/{}/remove", named[0].id));
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &remove, &[]).await.status, 303);
        }
        assert!(desk.loyalty.nominees(&desk.clerk.actor, desk.one).await.unwrap().is_empty());
        let sales = house.staff(Role::Sales).await;
        for path in [&cards, &to, &remove] {
            assert_eq!(sales.post(&desk.app, path, &again).await.status, 403, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_memberships_are_shown_merged_and_two_again() {
    both(async |house| {
        let desk = desk(&house).await;
        desk.fly("a", 1, "Y", 1_700).await;
        let no = desk.loyalty.member(&desk.clerk.actor, desk.other).await.unwrap().member_no;
        let found = desk.pages(&desk.at(&format!("/merge?q={no}"))).await;
        assert!(found.contains(&format!("other={}", desk.other)), "{found}");
        let both = desk.pages(&desk.at(&format!("/merge?other={}", desk.other))).await;
        assert!(both.contains("Is merged") && both.contains("1,870"), "{both}");
        let other = desk.other.to_string();
        let to = desk.at("/merge");
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.post(&desk.app, &to, &[("other", &other)]).await.status, 403);
        for _ in 0..2 {
            let done = desk.clerk.post(&desk.app, &to, &[("other", &other)]).await;
            assert_eq!(done.location(), format!("/members/{other}"), "{}", done.text);
        }
        let stays = desk.pages(&format!("/members/{other}")).await;
        assert!(stays.contains("1,870"), "its miles are shown with the other's: {stays}");
        let statement = desk.pages(&format!("/members/{other}/statement?of={}", desk.one)).await;
        assert!(statement.contains("QJ1419"), "{statement}");
        let gone = desk.pages(&desk.at("")).await;
        assert!(gone.contains("Merged") && !gone.contains("/adjust"), "{gone}");
        let merge = desk.loyalty.merges_of(&desk.clerk.actor, desk.one).await.unwrap()[0].id;
        let undo = format!("/members/merges/{merge}/undo");
        assert_eq!(agent.post(&desk.app, &undo, &[]).await.status, 403);
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &undo, &[]).await.location(), desk.at(""));
        }
        assert!(desk.pages(&desk.at("")).await.contains("/adjust"));
        let own = desk.one.to_string();
        let told = desk.clerk.post(&desk.app, &to, &[("other", &own)]).await;
        assert_eq!(told.location(), desk.at(""), "with itself: told, not done");
        let nobody = "/members/merges/018f0000-0000-7000-8000-000000000000/undo";
        assert_eq!(desk.clerk.post(&desk.app, nobody, &[]).await.status, 404);
    })
    .await;
}
