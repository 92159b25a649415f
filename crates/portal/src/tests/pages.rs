use ::access::Actor;
use chrono::Duration;
use loyalty::ledger::{Book, NEVER, Role, Step, Transfer, TransferId, Unit};
use loyalty::members::Member;

use super::{Answer, Browser, World, both};
use crate::read::Show;
use crate::testing::{self, Leg, PROGRAMME};

const LEGS: &[Leg] = &[
    (10, "PVG", "PEK", "Y", "economy", "flown"),
    (12, "PEK", "PVG", "Y", "economy", "flown"),
    (50, "PVG", "FRA", "J", "business", "flown"),
    (60, "FRA", "PVG", "J", "business", "flown"),
    (70, "PVG", "PEK", "X", "economy", "flown"),
    (80, "PVG", "PEK", "Y", "economy", "no-show"),
];

async fn flyer(world: &World) -> (Member, Browser) {
    let member = world.member("周启明").await;
    let answers = testing::fly(&world.portal, world.clock(), &member, LEGS).await;
    assert_eq!(answers.len(), 5);
    let ahead = world.portal.now() + Duration::days(5);
    testing::book(&world.portal, &member, ahead, ("PVG", "NRT")).await;
    let browser = world.browser(&member).await;
    (member, browser)
}

/// Has the ledger move miles between a member and the programme.
pub(super) async fn post(world: &World, member: &Member, amount: i64, code: &str) {
    let (loyalty, now) = (&world.portal.parts().loyalty, world.portal.now());
    let mut tx = world.portal.parts().db.begin().await.unwrap();
    let accounts = loyalty.ledger().accounts_of(&mut tx, member.id).await.unwrap();
    let account = accounts.iter().find(|it| it.book.unit == Unit::Miles).unwrap().id;
    let book = Book::new(PROGRAMME, Unit::Miles);
    let role = if amount > 0 { Role::Issuance } else { Role::Redemption };
    let other = loyalty.ledger().role(&mut tx, &book, role, "").await.unwrap();
    let (debit, credit) = if amount > 0 { (other, account) } else { (account, other) };
    let expires_on = (amount > 0).then_some(NEVER);
    let step = Step::Post { debit, credit, amount: amount.abs(), expires_on };
    let transfer = Transfer::new(TransferId::new(now), code, now, step);
    let outcomes = loyalty.ledger().post_in(&mut tx, &[transfer]).await.unwrap();
    assert!(outcomes[0].is_posted(), "{outcomes:?}");
    tx.commit().await.unwrap();
    world.clock().advance(Duration::seconds(1));
}

fn links(page: &Answer) -> Vec<String> {
    let parts = page.text.split("href=\"/my/miles/").skip(1);
    parts.map(|part| format!("/my/miles/{}", part.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn a_beginner_reads_the_next_step_and_no_zeros() {
    both(async |world| {
        let member = world.member("林夏").await;
        let browser = world.browser(&member).await;
        let home = browser.get("/my").await;
        assert_eq!(home.status, 200, "{}", home.text);
        assert!(home.text.contains("No miles yet") && home.text.contains("No trip booked"));
        assert!(!home.text.contains("class=\"p-big\""));
        assert!(home.text.contains("On the way to Silver"), "{}", home.text);
        assert!(home.text.contains("class=\"barcode\"") && !home.text.contains("style="));
        for path in ["/my/miles", "/my/tier", "/my/card", "/my/trips", "/my/profile"] {
            for lang in ["en", "zh-CN"] {
                let page = browser.clone().reading(lang).get(path).await;
                assert_eq!(page.status, 200, "{path} {lang}: {}", page.text);
            }
        }
        assert!(browser.get("/my/trips").await.text.contains("the day after"));
    })
    .await;
}

#[tokio::test]
async fn home_says_what_there_is_what_it_is_enough_for_and_what_is_missing() {
    both(async |world| {
        let (member, browser) = flyer(&world).await;
        let home = browser.get("/my").await.text;
        assert!(home.contains(&kernel::member_no::grouped(&member.member_no)));
        assert!(home.contains("Economy tickets") && home.contains("one way"), "{home}");
        assert!(home.contains("can be used until"), "{home}");
        assert!(home.contains("Booked ") && home.contains("JB "), "{home}");
        assert!(home.contains("PVG") && home.contains("NRT") && home.contains("Will earn about"));
        let chinese = browser.reading("zh-CN").get("/my").await.text;
        assert!(
            chinese.contains("单程经济舱机票") && chinese.contains("预计可累积约"),
            "{chinese}"
        );
        assert!(!chinese.contains("economy"), "{chinese}");
    })
    .await;
}

#[tokio::test]
async fn a_line_explains_itself_with_rules_version_and_arithmetic() {
    both(async |world| {
        let (_, browser) = flyer(&world).await;
        let page = browser.get("/my/miles").await;
        let lines = links(&page);
        assert!(lines.len() >= 4, "{}", page.text);
        assert!(page.text.contains("Flight JB1503 PVG–FRA"), "{}", page.text);
        let last = browser.get(lines.last().unwrap()).await;
        assert_eq!(last.status, 200);
        assert!(last.text.contains("version 7") && last.text.contains("Award: "), "{}", last.text);
        assert!(last.text.contains("Qualifying distance"));
        let chinese = browser.reading("zh-CN").get(lines.last().unwrap()).await;
        assert!(chinese.text.contains("第 7 版"), "{}", chinese.text);
    })
    .await;
}

#[tokio::test]
async fn another_members_line_is_not_found() {
    both(async |world| {
        let (_, theirs) = flyer(&world).await;
        let lines = links(&theirs.get("/my/miles").await);
        let mine = world.browser(&world.member("何雨").await).await;
        for path in lines.iter().map(String::as_str).chain(["/my/miles/x", "/my/nowhere"]) {
            let page = mine.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(page.text.contains("href=\"/my\""), "back to the portal: {}", page.text);
        }
        assert!(!mine.get("/my/trips").await.text.contains("FRA"));
    })
    .await;
}

#[tokio::test]
async fn the_statement_is_read_to_its_end_with_a_running_balance() {
    both(async |world| {
        let (one, other) = (world.member("林夏").await, world.member("Lin Xia").await);
        for n in 1..=70 {
            post(&world, if n % 3 == 0 { &other } else { &one }, n * 10, "gift").await;
        }
        post(&world, &one, -300, "redeem-award").await;
        let system = Actor::system("test");
        let loyalty = &world.portal.parts().loyalty;
        let _ = loyalty.merge_members(&system, other.id, one.id).await.unwrap();
        let member = loyalty.member(&system, one.id).await.unwrap();
        let (mut after, mut all) = (None, Vec::new());
        loop {
            let page =
                world.portal.statement(&member, Show::All, after.as_deref(), 13).await.unwrap();
            all.extend(page.entries);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(all.len(), 71, "two accounts as one");
        assert_eq!(all[0].balance, 70 * 71 / 2 * 10 - 300);
        for two in all.windows(2) {
            assert_eq!(two[0].balance - two[0].change, two[1].balance);
            assert!(two[0].transfer.recorded_at >= two[1].transfer.recorded_at);
        }
        assert_eq!(all[70].balance, all[70].change);
        let used = world.portal.statement(&member, Show::Used, None, 30).await.unwrap();
        assert_eq!((used.entries.len(), used.next), (1, None));
        assert_eq!(used.entries[0].balance, all[0].balance);
        let browser = world.browser(&member).await;
        let page = browser.get("/my/miles").await.text;
        assert!(page.contains("rel=\"next\"") && page.contains("Miles used"), "{page}");
        assert_eq!(browser.get("/my/miles?after=nonsense").await.status, 422);
        assert!(browser.get("/my/miles?show=expired").await.text.contains("Nothing of this kind"));
    })
    .await;
}

#[tokio::test]
async fn a_balance_is_told_for_any_day_that_was() {
    both(async |world| {
        let member = world.member("林夏").await;
        let day = world.portal.today();
        post(&world, &member, 500, "gift").await;
        world.clock().advance(Duration::days(3));
        post(&world, &member, 250, "gift").await;
        let browser = world.browser(&member).await;
        let page = browser.get(&format!("/my/miles?on={day}")).await.text;
        assert!(page.contains("you had 500."), "{page}");
        let page = browser.get(&format!("/my/miles?on={}", world.portal.today())).await.text;
        assert!(page.contains("you had 750."), "{page}");
        for wrong in ["2999-01-01", "soon"] {
            let page = browser.get(&format!("/my/miles?on={wrong}")).await;
            assert!(page.text.contains("a day up to today"), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn tier_and_trips_say_why() {
    both(async |world| {
        let (_, browser) = flyer(&world).await;
        let tier = browser.get("/my/tier").await.text;
        assert!(tier.contains("counts until before") || tier.contains("What counts"), "{tier}");
        assert!(tier.contains("What the tier gives you") && tier.contains("version 7"));
        let trips = browser.get("/my/trips").await.text;
        assert!(trips.contains("JB1503 PVG–FRA") && trips.contains(">+"), "{trips}");
        assert!(trips.contains("Nothing earned"), "{trips}");
        assert!(trips.contains("You were not on board"), "{trips}");
        let chinese = browser.reading("zh-CN").get("/my/trips").await.text;
        assert!(chinese.contains("未累积") && !chinese.contains("Nothing earned"), "{chinese}");
    })
    .await;
}

#[tokio::test]
async fn the_demos_member_is_shown_on_the_sign_in_page_and_only_there() {
    both(async |world| {
        let member = world.member("林夏").await;
        let stranger = world.with("");
        assert!(!stranger.get("/my/sign-in").await.text.contains("Demo member"));
        crate::demo_member(&world.portal, member.id, "sky after rain").await.unwrap();
        let page = stranger.get("/my/sign-in").await.text;
        assert!(page.contains("sky after rain") && page.contains(&member.member_no), "{page}");
        let fields = [
            ("programme", PROGRAMME),
            ("number", &member.member_no),
            ("password", "sky after rain"),
        ];
        assert_eq!(stranger.post("/my/sign-in", &fields).await.location, "/my");
    })
    .await;
}

#[tokio::test]
async fn a_member_sees_benefits_and_chooses_once() {
    both(async |world| {
        let member = world.member("周启明").await;
        let browser = world.browser(&member).await;
        let plain = browser.get("/my/benefits").await;
        assert_eq!(plain.status, 200, "{}", plain.text);
        assert!(plain.text.contains("Silver adds") && !plain.text.contains('⟨'));
        let loyalty = &world.portal.parts().loyalty;
        let gold = loyalty::members::NewTier {
            member: member.id,
            tier: "GOLD".to_owned(),
            rank: 2,
            valid_from: world.portal.today(),
            valid_to: "2028-10-31".parse().unwrap(),
            reason: "upgrade".to_owned(),
            detail: serde_json::json!({}),
        };
        let mut tx = world.portal.parts().db.begin().await.unwrap();
        loyalty.put_tiers(&mut tx, &[gold]).await.unwrap();
        tx.exec(
            store::sql(
                "INSERT INTO loyalty_activity (id, member_id, key, flown_on, posted_on, distance,
                    segments, spend, lifetime) VALUES ($1, $1, 'x', $2, $2, 0, 0, 30000000, 0)",
            )
            .bind(member.id.uuid())
            .bind(world.portal.today()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let page = browser.get("/my/benefits").await;
        assert!(page.text.contains("One benefit can be chosen"), "{}", page.text);
        let at = page.text.find("name=\"key\" value=\"").unwrap() + 18;
        let key = page.text[at..at + 36].to_owned();
        let pick = |benefit: &'static str| {
            [
                ("key", key.clone()),
                ("milestone", "spend-300k".to_owned()),
                ("period_from", "2026-01-01".to_owned()),
                ("benefit", benefit.to_owned()),
            ]
        };
        let send = async |benefit| {
            let fields = pick(benefit);
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            browser.post("/my/benefits/choose", &fields).await
        };
        assert_eq!(send("upgrade-voucher").await.status, 303);
        assert_eq!(send("upgrade-voucher").await.status, 303, "a second click");
        assert_eq!(send("companion-ticket").await.status, 422, "another under the same id");
        let page = browser.get("/my/benefits").await;
        assert!(page.text.contains("2 of 2 left"), "{}", page.text);
        let zh = browser.clone().reading("zh-CN").get("/my/benefits").await;
        assert!(zh.text.contains("共 2 次，还剩 2 次") && !zh.text.contains('⟨'));
    })
    .await;
}
