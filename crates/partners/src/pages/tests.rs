#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;
use axum::Router;

use crate::Rooms;
use crate::claims::{Asked, Channel, ClaimId};
use crate::testing::{Desk, both};

fn app(desk: &Desk) -> Router {
    let rooms = Rooms { web: desk.house.web.clone(), partners: desk.partners.clone() };
    desk.house.app(crate::pages::pages(rooms))
}

fn hanzi(text: &str) -> bool {
    text.chars().any(kernel::names::is_hanzi)
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "page after page")]
async fn every_page_reads_in_both_languages() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let app = app(&desk);
        let admin = desk.house.staff(Role::Administrator).await;
        for path in ["/claims", "/claims/new", "/partners", "/partners/new"] {
            for lang in ["en", "zh-CN"] {
                let page = admin.clone().reading(lang).get(&app, path).await;
                assert_eq!(page.status, 200, "{path} {lang}: {}", page.text);
            }
        }
        let member = desk.member("Mary O'Neill").await;
        let partner = desk.hotel().await;
        desk.advance(60);
        desk.coupon("7811234567890", "ONEILL/MARY", 30, "flown", "Y").await;
        let row = |n: i64, reference: &str| {
            format!(
                "R,{n},accrue,hotel,{reference},{},ONEILL,M,2026-12-20,888,CNY,888,0,,,,,,,,",
                member.member_no
            )
        };
        let text = format!(
            "H,1,HARBOUR,B1,2026-12-31,{}\n{}\n{}\nT,2,1776,0\n",
            crate::testing::KM,
            row(1, "S-1"),
            row(2, "S-1")
        );
        let receive =
            desk.partners.receive_file(&admin.actor, partner.id, "a.csv", text.as_bytes());
        let file = receive.await.unwrap().into_inner();
        desk.partners.post_file(file.id).await.unwrap();
        let bad = desk.partners.receive_file(&admin.actor, partner.id, "b.csv", b"H,1\n").await;
        let bad = bad.unwrap().into_inner();
        let month = desk.partners.month_of(desk.partners.now());
        desk.advance(40);
        let admin = desk.again(Role::Administrator).await;
        let invoice = desk.partners.issue(&admin.actor, partner.id, &month).await.unwrap();
        let invoice = invoice.into_inner();
        let asked = Asked {
            flight: "QJ1419".to_owned(),
            date: desk.day(30).to_string(),
            origin: "TFU".to_owned(),
            destination: "HGH".to_owned(),
            ..Asked::default()
        };
        let id = ClaimId::new(desk.partners.now());
        let claim = desk.partners.claim(&admin.actor, id, member.id, Channel::Agent, &asked).await;
        let claim = claim.unwrap().into_inner();
        let at = format!("/partners/{}", partner.id);
        let paths = [
            "/claims".to_owned(),
            format!("/claims/new?q={}", member.member_no),
            format!("/claims/{}", claim.id),
            format!("/members/{}/claims/new", member.id),
            "/partners".to_owned(),
            at.clone(),
            format!("{at}/files"),
            format!("{at}/files/{}", file.id),
            format!("{at}/files/{}?outcome=all", file.id),
            format!("{at}/files/{}", bad.id),
            format!("{at}/statements/{month}"),
            format!("{at}/invoices/{}", invoice.id),
        ];
        for path in &paths {
            let page = admin.get(&app, path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            let main = page.text.split("<main").nth(1).unwrap_or_default();
            let main = main.split("</main>").next().unwrap_or_default();
            let foreign: Vec<&str> =
                main.lines().filter(|line| hanzi(line) && !line.contains("中文")).collect();
            assert!(foreign.is_empty(), "{path}: {foreign:?}");
            let zh = admin.clone().reading("zh-CN").get(&app, path).await;
            assert_eq!(zh.status, 200, "{path}: {}", zh.text);
            assert!(hanzi(&zh.text));
        }
        let csv = admin.get(&app, &format!("{at}/invoices/{}/invoice.csv", invoice.id)).await;
        assert!(csv.text.contains(",issued,hotel,1,888,90.00,79.92,,CNY\r\n"), "{}", csv.text);
        let wrong = admin.get(&app, &format!("{at}/statements/2026-13")).await;
        assert_eq!(wrong.status, 404);

        // A claim by form, twice with one key; a decision; a form with mistakes.
        let form = format!("/members/{}/claims/new", member.id);
        let key = ClaimId::new(desk.partners.now()).to_string();
        let day = desk.day(31).to_string();
        let fields = [
            ("key", key.as_str()),
            ("flight", "QJ1419"),
            ("date", day.as_str()),
            ("origin", "TFU"),
            ("destination", "HGH"),
        ];
        let one = admin.post(&app, &form, &fields).await;
        let two = admin.post(&app, &form, &fields).await;
        assert_eq!((one.status, one.location()), (303, two.location()));
        let wrong = admin.post(&app, &form, &[("flight", "x")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("Give the flight number"));
        let refuse = [("decision", "refuse"), ("reason", "no-proof")];
        let done = admin.post(&app, one.location(), &refuse).await;
        assert_eq!(done.status, 303);
        let add = admin.post(&app, "/partners/new", &[("code", "x")]).await;
        assert_eq!(add.status, 422);
        let rate = [
            ("kind", "hotel"),
            ("per", "night"),
            ("miles", "500.5"),
            ("most", "9000"),
            ("valid_from", "2026-06-01"),
        ];
        assert_eq!(admin.post(&app, &format!("{at}/rates"), &rate).await.status, 303);
        assert!(admin.get(&app, &at).await.text.contains("500.5 miles for each night"));
    })
    .await;
}
