use super::*;

const NEW: &str = "/members/new";

#[tokio::test]
async fn somebody_new_is_enrolled_once() {
    both(async |house| {
        let desk = desk(&house).await;
        desk.pages(NEW).await;
        let form = desk.pages("/members/new?person=new").await;
        let key = value(&form, "key");
        let count = async || -> i64 {
            let mut tx = desk.loyalty.db().read().await.unwrap();
            let all = "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_member";
            tx.value(store::sql(all)).await.unwrap()
        };
        let before = count().await;
        let mut fields = vec![
            ("key", key.as_str()),
            ("person", "new"),
            ("name", ""),
            ("birth_date", "1990-04-05"),
            ("programme", KM),
        ];
        let bad = desk.clerk.post(&desk.app, NEW, &fields).await;
        assert!(bad.status == 422 && bad.text.contains("1990-04-05"), "{}", bad.text);
        fields[2] = ("name", "陈思远");
        fields[3] = ("birth_date", "2025-04-05");
        assert_eq!(desk.clerk.post(&desk.app, NEW, &fields).await.status, 422, "too young");
        fields[3] = ("birth_date", "1990-04-05");
        fields[4] = ("programme", "other");
        assert_eq!(desk.clerk.post(&desk.app, NEW, &fields).await.status, 422);
        fields[4] = ("programme", KM);
        let analyst = house.staff(Role::Analyst).await;
        assert_eq!(analyst.get(&desk.app, NEW).await.status, 403);
        assert_eq!(analyst.post(&desk.app, NEW, &fields).await.status, 403);
        assert_eq!(count().await, before);
        for _ in 0..2 {
            let done = desk.clerk.post(&desk.app, NEW, &fields).await;
            assert_eq!(done.location(), format!("/members/{key}"), "{}", done.text);
        }
        assert_eq!(count().await, before + 1, "the second click finds the first");
        assert!(desk.pages(&format!("/members/{key}")).await.contains("陈思远"));
    })
    .await;
}

#[tokio::test]
async fn a_known_customer_and_a_child_with_its_guardian() {
    both(async |house| {
        let desk = desk(&house).await;
        let actor = &desk.clerk.actor;
        let known = desk.loyalty.member(actor, desk.one).await.unwrap();
        let customer = known.customer.unwrap().to_string();
        let found = desk.pages("/members/new?q=%E5%91%A8%E5%90%AF%E6%98%8E").await;
        assert!(found.contains(&format!("customer={customer}")), "{found}");
        desk.pages(&format!("/members/new?customer={customer}")).await;
        let again = [("customer", customer.as_str()), ("programme", KM)];
        let already = desk.clerk.post(&desk.app, NEW, &again).await;
        assert_eq!(already.location(), desk.at(""), "leads to the member");

        let mut child = vec![
            ("person", "new"),
            ("name", "周小满"),
            ("birth_date", "2019-06-01"),
            ("programme", KM),
            ("guardian", ""),
        ];
        let alone = desk.clerk.post(&desk.app, NEW, &child).await;
        assert!(alone.status == 422 && alone.text.contains("adult"), "{}", alone.text);
        child[4] = ("guardian", "000");
        let unknown = desk.clerk.post(&desk.app, NEW, &child).await;
        assert!(unknown.status == 422 && unknown.text.contains("no member"), "{}", unknown.text);
        child[4] = ("guardian", known.member_no.as_str());
        let done = desk.clerk.post(&desk.app, NEW, &child).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let page = desk.pages(done.location()).await;
        assert!(page.contains("Child") && page.contains("ZHOU Qiming"), "{page}");
        assert!(
            desk.pages(&desk.at("")).await.contains("ZHOU Xiaoman"),
            "the guardian's page names it"
        );
        let children = desk.page(&desk.clerk, "/members?f=kind:in:child").await;
        assert!(children.contains("周小满"), "{children}");
        drop(house);
    })
    .await;
}

#[tokio::test]
async fn members_are_searched_by_number() {
    both(async |house| {
        let desk = desk(&house).await;
        let no = desk.loyalty.member(&desk.clerk.actor, desk.one).await.unwrap().member_no;
        let found = desk.loyalty.find_members(&desk.clerk.actor, &no[..5], 9).await.unwrap();
        assert!(found.iter().any(|one| one.id == desk.one));
        for odd in ["", "6", "%", "ab'--"] {
            let found = desk.loyalty.find_members(&desk.clerk.actor, odd, 9).await.unwrap();
            assert!(found.is_empty(), "{odd}");
        }
        drop(house);
    })
    .await;
}
