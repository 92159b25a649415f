use super::*;

/// The rules with a promotion to register for over sixty days from today on.
fn rules(day: NaiveDate) -> String {
    let to = day + Days::new(59);
    let row = format!(
        "[[accrual.promotions]]\nid = \"autumn\"\nvalid_from = \"{day}\"\nvalid_to = \"{to}\"\n\
         name = {{ en = \"Autumn twice\", zh = \"秋日双倍\" }}\nopen_to = \"registered\"\n\
         order = 1\nstacking = \"add\"\npercent = \"100%\"\nof = \"award\"\n\
         source = \"invented\"\n\n[[accrual.promotions]]\nid = \"first-flight\""
    );
    let first = "[[accrual.promotions]]\nid = \"first-flight\"";
    let text = examples::BRIDGE_KM.replace(first, &row);
    text.replace("version = 7\n", "version = 8\n")
}

#[tokio::test]
async fn promotions_are_listed_and_staff_registers_by_number() {
    both(async |house| {
        let desk = desk(&house).await;
        let today = desk.loyalty.today();
        approve(&house, &desk.loyalty, &rules(today), today).await;
        let list = desk.pages("/promotions").await;
        assert!(list.contains("Autumn twice") && list.contains("members who register"), "{list}");
        assert!(list.contains("100% of the award extra"), "{list}");
        assert!(list.contains("Double miles in spring") && list.contains("ended"), "{list}");
        let at = format!("/promotions/{KM}/autumn");
        assert!(desk.pages(&at).await.contains("Not worked out yet"));

        let clerk = &desk.clerk;
        let nobody = clerk.post(&desk.app, &at, &[("number", "123")]).await;
        assert!(nobody.status == 422 && nobody.text.contains("has this number"), "{}", nobody.text);
        let no = desk.loyalty.member(&clerk.actor, desk.one).await.unwrap().member_no;
        for _ in 0..2 {
            let done = clerk.post(&desk.app, &at, &[("number", &no)]).await;
            assert_eq!((done.status, done.location()), (303, at.as_str()), "{}", done.text);
        }
        assert!(desk.pages(&at).await.contains("Registered: 1"));
        let ended = format!("/promotions/{KM}/spring-double");
        let late = clerk.post(&desk.app, &ended, &[("number", &no)]).await;
        assert!(late.status == 422, "{}", late.text);
        assert!(!desk.page(clerk, &ended).await.contains("name=\"number\""), "no form for it");
        assert_eq!(clerk.get(&desk.app, &format!("/promotions/{KM}/none")).await.status, 404);
        let analyst = house.staff(Role::Analyst).await;
        assert_eq!(analyst.post(&desk.app, &at, &[("number", &no)]).await.status, 403);
        assert!(!desk.page(&analyst, &at).await.contains("name=\"number\""));
    })
    .await;
}

#[tokio::test]
async fn the_effect_is_worked_out_when_asked_for() {
    both(async |house| {
        let desk = desk(&house).await;
        let today = desk.loyalty.today();
        approve(&house, &desk.loyalty, &rules(today), today).await;
        let _ = desk.loyalty.register(&desk.clerk.actor, desk.one, "autumn").await.unwrap();
        house.clock.advance(Duration::days(3));
        let clerk = house.staff(Role::Loyalty).await;
        let (member, fact) = (Some(desk.one), Some(flight(today, "Y", 1_000)));
        let fact = FlownFact { key: "a".to_owned(), revision: 1, member, fact };
        desk.loyalty.accrue(vec![fact]).await.unwrap();
        let at = format!("/promotions/{KM}/autumn");
        let asked = clerk.post(&desk.app, "/promotions/effect", &[("back", &at)]).await;
        assert_eq!((asked.status, asked.location()), (303, at.as_str()));
        crate::promotions::work(&house, &desk.loyalty).await;
        let page = desk.page(&clerk, &at).await;
        assert!(page.contains("1,100") && page.contains("CNY"), "{page}");
        assert!(page.contains("fewer than 30 members") && page.contains("no proof"), "{page}");
        assert!(desk.page(&clerk, "/promotions").await.contains("1,100"));
        let sales = house.staff(Role::Sales).await;
        assert_eq!(sales.post(&desk.app, "/promotions/effect", &[]).await.status, 403);
        let away = clerk.post(&desk.app, "/promotions/effect", &[("back", "//evil")]).await;
        assert_eq!(away.location(), "/promotions");
    })
    .await;
}
