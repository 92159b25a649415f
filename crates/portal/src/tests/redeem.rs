use awards::catalogue::{Form, Settings};
use chrono::Duration;
use loyalty::limits::{Action, Limit, What};
use loyalty::members::Member;

use super::pages::post;
use super::{Browser, PASSWORD, World, both};
use crate::pages::{DEVICE, MEMBER};
use crate::testing::PROGRAMME;

const CARD: &str = "card-reissue-base";

async fn shop(world: &World) -> (Member, Browser) {
    let settings = Settings {
        form: Form::Voucher,
        partner: String::new(),
        scope: String::new(),
        voucher_days: 30,
        is_transferable: false,
        is_offered: true,
        last_day: None,
        is_limited: false,
    };
    let system = ::access::Actor::system("fixture");
    let awards = &world.portal.parts().awards;
    for sku in [CARD, "lounge-pass"] {
        awards.set_item(&system, (PROGRAMME, sku), &settings).await.unwrap();
    }
    let member = world.member("林夏").await;
    let browser = world.browser(&member).await;
    (member, browser)
}

/// What stands in the first field of a name.
fn value(text: &str, name: &str) -> String {
    let at = text.find(&format!("name=\"{name}\" value=\"")).unwrap();
    let rest = &text[at + name.len() + 15..];
    rest[..rest.find('"').unwrap()].to_owned()
}

fn link(text: &str, begin: &str) -> String {
    let at = text.find(&format!("href=\"{begin}")).unwrap() + 6;
    text[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_member_redeems_and_shows_the_voucher() {
    both(async |world| {
        let (member, browser) = shop(&world).await;
        let poor = browser.get("/my/redeem").await;
        assert!(poor.text.contains("more needed"), "{}", poor.text);
        for path in ["/my/vouchers", "/my/redemptions", "/my/redeem/ticket"] {
            assert_eq!(browser.get(path).await.status, 200, "{path}");
        }
        post(&world, &member, 20_000, "partner-bank").await;
        let asked = browser.get(&format!("/my/redeem/item?sku={CARD}")).await;
        assert!(asked.text.contains("19,200 km left afterwards"), "{}", asked.text);
        let fields = [("id", value(&asked.text, "id")), ("quote", value(&asked.text, "quote"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let mut places = Vec::new();
        for _ in 0..2 {
            let done = browser.post("/my/redeem", &fields).await;
            assert_eq!(done.status, 303, "{}", done.text);
            places.push(done.location);
        }
        assert_eq!(places[0], places[1]);
        let one = browser.get(&places[0]).await;
        let at = link(&one.text, "/my/vouchers/");
        let shown = browser.get(&at).await;
        assert!(shown.text.contains("<rect") && shown.text.contains("Only you can use it"));
        for path in ["/my/redeem", "/my/redemptions", "/my/vouchers", &at, &places[0], "/my/miles"]
        {
            let zh = browser.clone().reading("zh-CN").get(path).await;
            assert_eq!(zh.status, 200, "{path}");
            assert!(!zh.text.contains('⟨'), "{path}: {}", zh.text);
        }
        let miles = browser.get("/my/miles").await;
        assert!(miles.text.contains("Card made again"), "{}", miles.text);

        let stranger = world.member("周启明").await;
        let other = world.browser(&stranger).await;
        for path in [&places[0], &at] {
            assert_eq!(other.get(path).await.status, 404, "{path}");
        }
        let cancel = format!("{}/cancel", places[0]);
        assert_eq!(other.post(&cancel, &[]).await.status, 404);
        let stolen = other.post("/my/redeem", &fields).await;
        assert_eq!(stolen.status, 303);
        assert!(stolen.location.starts_with("/my/redeem/item"), "{}", stolen.location);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_asked_for_and_called_off() {
    both(async |world| {
        let (member, browser) = shop(&world).await;
        post(&world, &member, 20_000, "partner-bank").await;
        let day = world.portal.today() + chrono::Days::new(20);
        let query = format!("ask=1&origin=SZX&destination=PEK&day={day}&carrier=JB&cabin=economy");
        let asked = browser.get(&format!("/my/redeem/ticket?{query}")).await;
        assert!(asked.text.contains("Ask for this ticket"), "{}", asked.text);
        let wrong = browser.get("/my/redeem/ticket?ask=1&origin=XXX").await;
        assert_eq!(wrong.status, 422);
        let fields = [("id", value(&asked.text, "id")), ("quote", value(&asked.text, "quote"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let done = browser.post("/my/redeem", &fields).await;
        let one = browser.get(&done.location).await;
        assert!(one.text.contains("Your miles are kept until"), "{}", one.text);
        let off = browser.post(&format!("{}/cancel", done.location), &[]).await;
        assert_eq!(off.status, 303);
        let one = browser.get(&done.location).await;
        assert!(one.text.contains("your miles are back") && !one.text.contains("/cancel\""));
    })
    .await;
}

/// Signs in by the page. The browser, with its name and session.
async fn sign_in(world: &World, member: &Member, device: &str) -> Browser {
    let mut browser = world.with("");
    device.clone_into(&mut browser.device);
    let number = member.member_no.as_str();
    let fields = [("programme", PROGRAMME), ("number", number), ("password", PASSWORD)];
    let signed = browser.post("/my/sign-in", &fields).await;
    assert_eq!(signed.location, "/my", "{}", signed.text);
    let cookie = |name: &str| {
        let line = signed.cookie.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains("HttpOnly; SameSite=Lax"), "{line}");
        line[name.len() + 1..].split(';').next().unwrap().to_owned()
    };
    Browser { device: cookie(DEVICE), ..world.with(&cookie(MEMBER)) }
}

/// Whether a redemption is done at once; otherwise it waits for a look.
async fn is_done_at_once(browser: &Browser) -> bool {
    let asked = browser.get(&format!("/my/redeem/item?sku={CARD}")).await;
    let fields = [("id", value(&asked.text, "id")), ("quote", value(&asked.text, "quote"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let sent = browser.post("/my/redeem", &fields).await;
    assert!(sent.location.starts_with("/my/redemptions/"), "{} {}", sent.status, sent.location);
    browser.get(&sent.location).await.text.contains("href=\"/my/vouchers/")
}

#[tokio::test]
async fn a_redemption_from_a_new_device_waits_for_a_look() {
    both(async |world| {
        let (member, _) = shop(&world).await;
        post(&world, &member, 20_000, "partner-bank").await;
        let limit = Limit {
            id: kernel::ids::v7(world.portal.now()),
            programme: PROGRAMME.to_owned(),
            what: What::NewDevice,
            hours: 24,
            most_count: None,
            most_amount: None,
            action: Action::Review,
            valid_from: world.portal.now(),
            valid_to: None,
        };
        let system = ::access::Actor::system("fixture");
        world.portal.parts().loyalty.add_limit(&system, &limit).await.unwrap();

        let phone = sign_in(&world, &member, "").await;
        assert!(!is_done_at_once(&phone).await);
        world.clock().advance(Duration::hours(25));
        let known = sign_in(&world, &member, &phone.device).await;
        assert_eq!(known.device, phone.device, "a browser keeps its name");
        assert!(is_done_at_once(&known).await);
        let other = sign_in(&world, &member, "").await;
        assert_ne!(other.device, phone.device);
        assert!(!is_done_at_once(&other).await);
        // A session that was taken to another browser is not on the member's device.
        let stolen = Browser { device: String::new(), ..known };
        assert!(!is_done_at_once(&stolen).await);
    })
    .await;
}
