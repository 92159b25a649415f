use super::*;

#[tokio::test]
async fn the_list_finds_members_by_name_number_tier_and_what_runs_out() {
    both(async |house| {
        let desk = desk(&house).await;
        let all = desk.pages("/members").await;
        let page = format!("/members/{}", desk.one);
        assert!(all.contains(&page) && all.contains(&format!("/members/{}", desk.other)));
        assert!(all.contains("Ordinary"), "{all}");
        assert!(!desk.page(&desk.clerk, "/members?f=tier:in:SILVER").await.contains(&page));
        // 14,000 × 300 % = 42,000 qualifying kilometres: silver.
        assert_eq!(desk.fly("a", 1, "J", 14_000).await, Derived::Earned);
        let silver = desk.page(&desk.clerk, "/members?f=tier:in:SILVER").await;
        assert!(silver.contains(&page) && silver.contains("Silver"), "{silver}");
        assert!(!silver.contains(&format!("/members/{}", desk.other)));
        let no = desk.loyalty.member(&desk.clerk.actor, desk.one).await.unwrap().member_no;
        for query in ["q=%E5%91%A8", "q=zhou", "f=rank:gte:1", "f=miles:gte:40000"] {
            let found = desk.page(&desk.clerk, &format!("/members?{query}")).await;
            assert!(found.contains(&page), "{query}: {found}");
            assert!(!found.contains(&format!("/members/{}", desk.other)), "{query}");
        }
        let found = desk.page(&desk.clerk, &format!("/members?q={}", &no[..6])).await;
        assert!(found.contains(&page));
        desk.credit(desk.other, 500, 1, desk.loyalty.today() + Days::new(40)).await;
        let soon = desk.page(&desk.clerk, "/members?f=expiry:next:90").await;
        assert!(soon.contains(&format!("/members/{}", desk.other)) && !soon.contains(&page));
        let none = desk.page(&desk.clerk, "/members?f=kind:in:child").await;
        assert!(!none.contains(&page));
        let file = desk.manager.get(&desk.app, "/members?export=csv").await;
        assert!(file.status == 200 && file.text.contains("ZHOU Qiming"), "{}", file.text);
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.get(&desk.app, "/members?export=csv").await.status, 403);
        assert_ne!(house.stranger().get(&desk.app, "/members").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn tiers_of_today_follow_the_calendar() {
    both(async |house| {
        let desk = desk(&house).await;
        desk.fly("a", 1, "J", 14_000).await;
        let tier = async || -> (String, Option<NaiveDate>) {
            let mut tx = desk.loyalty.db().read().await.unwrap();
            let of = "SELECT tier, valid_to FROM loyalty_tier_now WHERE member_id = $1";
            tx.one(store::sql(of).bind(desk.one.uuid())).await.unwrap()
        };
        let (code, last) = tier().await;
        assert_eq!(code, "SILVER");
        let days = last.unwrap() - desk.loyalty.today();
        house.clock.advance(days + Duration::days(1));
        assert_eq!(tier().await.0, "SILVER", "nobody has looked");
        assert_eq!(desk.loyalty.note_due_tiers().await.unwrap(), 1);
        assert_eq!(tier().await.0, "", "over, and nothing was decided");
        assert_eq!(desk.loyalty.note_due_tiers().await.unwrap(), 0, "again: nothing");
        desk.loyalty.evaluate_tiers().await.unwrap();
        assert_eq!(tier().await.0, "BASE", "decided by the night");
    })
    .await;
}

#[tokio::test]
async fn the_account_shows_miles_tier_and_the_coach() {
    both(async |house| {
        let desk = desk(&house).await;
        let empty = desk.pages(&desk.at("")).await;
        assert!(empty.contains("Nothing has been posted yet"), "{empty}");
        desk.fly("k", 1, "Y", 1_700).await;
        let rising = desk.pages(&desk.at("")).await;
        assert!(rising.contains("To reach Silver") && rising.contains("jb-chart"), "{rising}");
        assert!(rising.contains("No longer counts from"), "each day of rolling off: {rising}");
        desk.fly("a", 1, "J", 14_000).await;
        desk.credit(desk.one, 700, 1, desk.loyalty.today() + Days::new(20)).await;
        let page = desk.pages(&desk.at("")).await;
        let day = desk.loyalty.today() + Days::new(20);
        for expected in ["44,570", "700", "Silver", "To reach Gold", "TFU–HGH", "Reached by flying"]
        {
            assert!(page.contains(expected), "{expected} in {page}");
        }
        assert!(page.contains(&format!("700 km expire after {day}")), "{page}");
        let who = house.staff(Role::Analyst).await;
        let read = desk.page(&who, &desk.at("")).await;
        assert!(!read.contains("/adjust") && !read.contains("/freeze"), "{read}");
        for bad in ["/members/nobody", "/members/018f0000-0000-7000-8000-000000000000"] {
            assert_eq!(desk.clerk.get(&desk.app, bad).await.status, 404, "{bad}");
        }
        let of = desk.loyalty.member(&who.actor, desk.one).await.unwrap().customer.unwrap();
        let profile = desk.page(&desk.clerk, &format!("/customers/{of}")).await;
        for expected in ["Membership", "44,570", "To keep Silver", "Open the account"] {
            assert!(profile.contains(expected), "{expected} in {profile}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_statement_explains_filters_pages_and_looks_back() {
    both(async |house| {
        let desk = desk(&house).await;
        desk.fly("coupon:9992100000001/1", 1, "Y", 1_700).await;
        let said = desk.pages(&desk.at("/statement")).await;
        for expected in ["QJ1419 TFU–HGH", "1,700 × 110%", "Bridge Club, version 7", "+1,870"] {
            assert!(said.contains(expected), "{expected} in {said}");
        }
        let today = desk.loyalty.today();
        let before = today - Days::new(1);
        let then =
            |on: NaiveDate, known: NaiveDate| desk.at(&format!("/statement?on={on}&known={known}"));
        // Flown thirty days ago, known since today.
        let known = desk.page(&desk.clerk, &then(desk.day, today)).await;
        assert!(known.contains("1,870 km on"), "{known}");
        let unknown = desk.page(&desk.clerk, &then(desk.day, before)).await;
        assert!(unknown.contains(">0 km on") && unknown.contains("No lines"), "{unknown}");
        let early = desk.page(&desk.clerk, &then(desk.day - Days::new(1), today)).await;
        assert!(early.contains(">0 km on"), "{early}");
        for (kind, there) in [("earned", true), ("used", false), ("expired", false)] {
            let page = desk.page(&desk.clerk, &desk.at(&format!("/statement?kind={kind}"))).await;
            assert_eq!(page.contains("+1,870"), there, "{kind}: {page}");
        }
        let units = desk.page(&desk.clerk, &desk.at("/statement?unit=qualifying-segments")).await;
        assert!(units.contains("+1"), "{units}");
        for odd in ["?unit=x&kind=y&on=z&before=q&of=w", "?on=99999-01-01", "?known=-5000-01-01"] {
            desk.page(&desk.clerk, &desk.at(&format!("/statement{odd}"))).await;
        }
        desk.credit(desk.one, 10, 120, today + Days::new(400)).await;
        let first = desk.page(&desk.clerk, &desk.at("/statement")).await;
        assert!(first.contains("3,070") && !first.contains("QJ1419"), "{first}");
        let second = desk.page(&desk.clerk, &desk.at("/statement?before=72")).await;
        assert!(second.contains("before=22"), "{second}");
        let last = desk.page(&desk.clerk, &desk.at("/statement?before=22")).await;
        assert!(last.contains("QJ1419"), "{last}");
        // With a day in the past, balances add up from what is shown.
        let back = desk.page(&desk.clerk, &then(desk.day, today)).await;
        assert!(back.contains("1,870") && !back.contains("3,070"), "{back}");
        let csv = desk.manager.get(&desk.app, &desk.at("/statement?export=csv&kind=earned")).await;
        assert_eq!(csv.status, 200, "{}", csv.text);
        assert_eq!(csv.text.lines().count(), 122, "{}", csv.text);
        assert!(csv.text.contains("QJ1419 TFU–HGH"), "{}", csv.text);
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.get(&desk.app, &desk.at("/statement?export=csv")).await.status, 403);
        let nobody = "/members/018f0000-0000-7000-8000-000000000000/statement";
        assert_eq!(desk.clerk.get(&desk.app, nobody).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn flights_say_what_they_earned_or_why_nothing() {
    both(async |house| {
        let desk = desk(&house).await;
        assert!(desk.pages(&desk.at("/accruals")).await.contains("No flights yet"));
        assert_eq!(desk.fly("a/1", 1, "Y", 1_700).await, Derived::Earned);
        assert_eq!(desk.fly("a/1", 2, "J", 1_700).await, Derived::Earned);
        let mut fact = flight(desk.day, "Y", 1_700);
        fact.status = programme::accrual::CouponStatus::Refunded;
        let (member, fact) = (Some(desk.one), Some(fact));
        let fact = FlownFact { key: "b/1".to_owned(), revision: 1, member, fact };
        let answer = desk.loyalty.accrue(vec![fact]).await.unwrap().pop().unwrap();
        assert_eq!(answer.derived, Derived::Refused);
        let all = desk.pages(&desk.at("/accruals")).await;
        assert!(all.contains("Earned") && all.contains("was not flown"), "{all}");
        let one = desk.pages(&desk.at("/accruals?key=a%2F1")).await;
        for expected in ["QJ1419 TFU–HGH", "Revision 1", "Revision 2", "+3,230", "300%"] {
            assert!(one.contains(expected), "{expected} in {one}");
        }
        let refused = desk.page(&desk.clerk, &desk.at("/accruals?key=b%2F1")).await;
        assert!(refused.contains("Nothing stands"), "{refused}");
        let others = format!("/members/{}/accruals?key=a%2F1", desk.other);
        assert_eq!(desk.clerk.get(&desk.app, &others).await.status, 404, "of somebody else");
        assert_eq!(desk.clerk.get(&desk.app, &desk.at("/accruals?key=x")).await.status, 404);
    })
    .await;
}
