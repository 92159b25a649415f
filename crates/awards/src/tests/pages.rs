use access::Role;
use axum::Router;
use web::testing::Visitor;

use super::{CARD, Desk, KM, LOUNGE, both, item, ticket};
use crate::{Rooms, State};

struct Seat {
    app: Router,
    clerk: Visitor,
}

impl Seat {
    async fn at(desk: &Desk) -> Self {
        let rooms = Rooms { web: desk.house.web.clone(), awards: desk.awards.clone() };
        let app = desk.house.app(crate::pages::pages(rooms));
        Self { app, clerk: desk.house.staff(Role::Loyalty).await }
    }

    /// The page in both languages, the English one returned.
    async fn page(&self, path: &str) -> String {
        let zh = self.clerk.clone().reading("zh-CN").get(&self.app, path).await;
        assert_eq!(zh.status, 200, "{path}: {}", zh.text);
        let en = self.clerk.get(&self.app, path).await;
        for text in [&zh.text, &en.text] {
            assert!(!text.contains('⟨'), "{path}: {text}");
        }
        en.text
    }
}

/// What stands in the first field of a name.
fn value(text: &str, name: &str) -> String {
    let at = text.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name}"));
    let rest = &text[at + name.len() + 15..];
    rest[..rest.find('"').unwrap()].to_owned()
}

#[tokio::test]
async fn a_clerk_redeems_shows_and_takes_back() {
    both(async |desk| {
        desk.rich(30_000).await;
        let seat = Seat::at(&desk).await;
        let member = format!("/members/{}", desk.member);
        let empty = seat.page(&format!("{member}/redemptions")).await;
        assert!(empty.contains("Nothing redeemed yet"));
        seat.page(&format!("{member}/redeem")).await;
        seat.page(&format!("{member}/redeem?kind=upgrade")).await;
        let asked =
            seat.page(&format!("{member}/redeem?kind=item&ask=1&sku={CARD}&quantity=1")).await;
        assert!(asked.contains("29,200 km left afterwards"), "{asked}");
        let fields = [("id", value(&asked, "id")), ("quote", value(&asked, "quote"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let mut places = Vec::new();
        for _ in 0..2 {
            let done = seat.clerk.post(&seat.app, &format!("{member}/redeem"), &fields).await;
            assert_eq!(done.status, 303, "{}", done.text);
            places.push(done.location().to_owned());
        }
        assert_eq!(places[0], places[1], "a second click finds the first");
        let one = seat.page(&places[0]).await;
        assert!(one.contains("Can be used") && one.contains("costs 80 km"), "{one}");
        assert!(one.contains(&format!("action=\"{}/redeposit\"", places[0])), "{one}");
        let id = places[0].rsplit('/').next().unwrap().parse::<uuid::Uuid>().unwrap();
        let vouchers = desk.awards.vouchers_of(&desk.clerk, id.into()).await.unwrap();
        let show = format!("{}/vouchers/{}", places[0], vouchers[0].id);
        let shown = seat.clerk.post(&seat.app, &show, &[]).await;
        let at = shown.text.find("class=\"code\">").unwrap();
        let code = &shown.text[at + 13..at + 32];
        assert_eq!(code.split('-').count(), 4, "{code}");

        seat.page("/awards/vouchers").await;
        let looked = seat.clerk.post(&seat.app, "/awards/vouchers", &[("code", code)]).await;
        assert!(looked.text.contains("Use it now"), "{}", looked.text);
        let use_id = value(&looked.text, "id");
        let fields = [("code", code), ("id", use_id.as_str()), ("do", "use"), ("place", "T2")];
        for _ in 0..2 {
            let used = seat.clerk.post(&seat.app, "/awards/vouchers", &fields).await;
            assert!(used.text.contains("The voucher was used."), "{}", used.text);
        }
        let other = [("code", code), ("id", "019aa2b0-0000-7000-8000-000000000009"), ("do", "use")];
        let twice = seat.clerk.post(&seat.app, "/awards/vouchers", &other).await;
        assert_eq!(twice.status, 422);
        assert!(twice.text.contains("was used before"), "{}", twice.text);
        let guessed = [("code", "no")];
        assert_eq!(seat.clerk.post(&seat.app, "/awards/vouchers", &guessed).await.status, 422);
        assert!(seat.page(&places[0]).await.contains("A voucher of it was used"));
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_asked_for_with_its_number() {
    both(async |desk| {
        desk.rich(30_000).await;
        let seat = Seat::at(&desk).await;
        let day = desk.awards.today() + chrono::Days::new(20);
        let member = format!("/members/{}", desk.member);
        let query = format!("kind=ticket&ask=1&origin=SZX&destination=PEK&day={day}&carrier=JB");
        let asked = seat.page(&format!("{member}/redeem?{query}&cabin=economy")).await;
        assert!(asked.contains("award-cn-cn-economy"), "{asked}");
        let wrong = format!("{member}/redeem?kind=ticket&ask=1&origin=XXX&cabin=economy");
        let wrong = seat.clerk.get(&seat.app, &wrong).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("name=\"origin\" type=\"text\" value=\"XXX\""));
        let made = desk.redeem(ticket(day), false).await.unwrap();
        let at = format!("/redemptions/{}", made.id);
        assert!(seat.page(&at).await.contains("Confirm it before then"));
        let none = seat.clerk.post(&seat.app, &format!("{at}/confirm"), &[]).await;
        assert_eq!(none.status, 422);
        let said = [("reference", "479-2400000001")];
        let done = seat.clerk.post(&seat.app, &format!("{at}/confirm"), &said).await;
        assert_eq!(done.status, 303);
        let page = seat.page(&at).await;
        assert!(page.contains("479-2400000001") && page.contains("10,000 km spent"), "{page}");
        let told = [("fee_miles", value(&page, "fee_miles")), ("fee_minor", "0".to_owned())];
        let told: Vec<(&str, &str)> = told.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let back = seat.clerk.post(&seat.app, &format!("{at}/redeposit"), &told).await;
        assert_eq!(back.status, 303);
        assert_eq!(desk.state(made.id).await, State::Redeposited);
        assert!(seat.page(&at).await.contains("9,000 km taken back to the account"));
        let other = desk.redeem(item(LOUNGE, 1), false).await.unwrap();
        let at = format!("/redemptions/{}", other.id);
        assert!(seat.page(&at).await.contains("Receipt for"));
        seat.clerk.post(&seat.app, &format!("{at}/cancel"), &[]).await;
        assert_eq!(desk.state(other.id).await, State::Cancelled);
        assert!(seat.page(&format!("{member}/redemptions")).await.contains("Cancelled"));
    })
    .await;
}

#[tokio::test]
async fn the_shelf_is_kept() {
    both(async |desk| {
        let seat = Seat::at(&desk).await;
        let page = seat.page("/awards").await;
        assert!(page.contains("Not set up") && page.contains("No limit"), "{page}");
        let at = format!("/awards/items/{KM}/{LOUNGE}");
        seat.page(&at).await;
        let bad = [("form", "voucher"), ("voucher_days", "x"), ("last_day", "")];
        assert_eq!(seat.clerk.post(&seat.app, &at, &bad).await.status, 422);
        let good = [
            ("form", "voucher"),
            ("voucher_days", "90"),
            ("is_offered", "1"),
            ("is_limited", "1"),
            ("is_transferable", "1"),
        ];
        assert_eq!(seat.clerk.post(&seat.app, &at, &good).await.status, 303);
        let page = seat.page(&at).await;
        assert!(page.contains("0 left"), "{page}");
        let id = value(&page, "id");
        let fields = [("id", id.as_str()), ("change", "7")];
        for _ in 0..2 {
            let done = seat.clerk.post(&seat.app, &format!("{at}/stock"), &fields).await;
            assert_eq!(done.status, 303, "{}", done.text);
        }
        assert!(seat.page(&at).await.contains("7 left"));
        let none = [("id", id.as_str()), ("change", "")];
        let none = seat.clerk.post(&seat.app, &format!("{at}/stock"), &none).await;
        assert_eq!(none.status, 422);
        let nowhere = seat.clerk.get(&seat.app, "/awards/items/none/none").await;
        assert_eq!(nowhere.status, 404);
        for path in ["/redemptions/x", "/redemptions/019aa2b0-0000-7000-8000-000000000009"] {
            assert_eq!(seat.clerk.get(&seat.app, path).await.status, 404);
        }
    })
    .await;
}
