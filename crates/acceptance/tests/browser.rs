//! Walks in a real browser: `browser/walk.mjs` drives Chromium, this file gives it a house.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use access::Role;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::house::{House, PASSWORD};
use crate::main_job;
use crate::trust::between;

/// The checkout whose tests these are.
pub fn root() -> PathBuf {
    let asked = std::env::var_os("CARGO_MANIFEST_DIR");
    let own = asked.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&own).join("../..").canonicalize().unwrap()
}

/// Chromium, or `None` after saying why there is none.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("JETBRIDGE_CHROMIUM").map(PathBuf::from);
    let found = named.or_else(|| {
        let path = std::env::var_os("PATH")?;
        ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
            .find(|program| program.is_file())
    });
    let ready = root().join("assets/node_modules/playwright-core").is_dir();
    match found {
        Some(program) if ready => Some(program),
        _ => {
            let must = std::env::var_os("JETBRIDGE_TEST_BROWSER").is_some();
            assert!(!must, "Chromium or the packages of assets/ are missing");
            eprintln!(
                "skipped: no browser (script/test gets Chromium and the packages of assets/)"
            );
            None
        }
    }
}

/// Runs one walk; every problem it found fails the test together.
async fn walk(chromium: &Path, house: &House, task: Value) {
    let email = house.account(Role::Administrator).await;
    let mut task = task;
    task["base"] = json!(house.base);
    task["chromium"] = json!(chromium);
    task["modules"] = json!(root().join("assets"));
    task["account"] = json!({"email": email, "password": PASSWORD});
    let mut child = Command::new("node")
        .arg(root().join("crates/acceptance/browser/walk.mjs"))
        .arg(task.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("Node.js starts");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut problems, mut done) = (Vec::new(), false);
    while let Some(line) = lines.next_line().await.unwrap() {
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        done |= told["done"].is_number();
        for problem in told["problems"].as_array().into_iter().flatten() {
            problems.push(format!("{}: {}", told["step"], problem));
        }
    }
    assert!(child.wait().await.unwrap().success());
    assert!(done, "the walk broke off");
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

fn shots() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("screenshots")
}

/// Every page in one language, both themes, wide and narrow.
async fn look_at_every_page(lang: &str) {
    let Some(chromium) = chromium() else { return };
    let house = House::sqlite().await;
    main_job::fill(&house, 1_500).await;
    walk(&chromium, &house, json!({"walk": "look", "shots": shots(), "langs": [lang]})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_in_chinese() {
    look_at_every_page("zh-CN").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_in_english() {
    look_at_every_page("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_with_mouse_and_keyboard() {
    let Some(chromium) = chromium() else { return };
    let house = House::sqlite().await;
    main_job::fill(&house, 400).await;
    walk(&chromium, &house, json!({"walk": "main"})).await;
    house.close().await;
}

/// The messages of a flight, as its systems sent them: the ADL's flight line is garbled.
async fn send_the_flight(house: &House, wrong: &str, right: &str) {
    let analyst = house.signed_in(Role::Analyst).await;
    let fields = [("name", "switch"), ("days", "30"), ("scopes", "feeds.*")];
    let page = analyst.post("/admin/keys", &fields).await.text().await.unwrap();
    let token = between(&page, "class=\"secret\"><span>", "<").to_owned();
    let door = format!("{}/api/v1/feeds/switch/messages?as_of=2026-11-24", house.base);
    let folder = root().join("examples/messages");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    // The schedule first, then in the order of the time in their names.
    files.sort_by_key(|file| (file.extension().is_some_and(|end| end == "txt"), file.clone()));
    for file in files {
        let mut text = std::fs::read_to_string(&file).unwrap();
        if text.contains("\nADL\r\n") {
            assert!(text.contains(right));
            text = text.replace(right, wrong);
        }
        let request = reqwest::Client::new().post(&door).bearer_auth(&token).body(text);
        assert_eq!(request.send().await.unwrap().status(), 202, "{}", file.display());
    }
    for _ in 0..200 {
        let of = |status| format!("/api/v1/feeds/messages?status={status}");
        let aside = analyst.json(&of("quarantined")).await;
        let waiting = analyst.json(&of("waiting")).await;
        let items = |of: &Value| of["items"].as_array().unwrap().len();
        if items(&aside) == 1 && items(&waiting) == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the messages were not settled in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_mended_and_replayed_and_a_customer_taken_apart() {
    let Some(chromium) = chromium() else { return };
    let house = House::sqlite().await;
    let (wrong, right) = ("JB42B9/2ANOV SHA", "JB4289/24NOV SHA");
    send_the_flight(&house, wrong, right).await;
    let task = json!({
        "walk": "messages", "wrong": wrong, "right": right,
        "flight": "/flights/JB4289/2026-11-24", "person": "Yuxuan",
    });
    walk(&chromium, &house, task).await;
    house.close().await;
}

/// The picture of the README is made here, from the synthetic airline: set
/// `JETBRIDGE_WRITE_PICTURE` to make it anew.
#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_the_readme() {
    let Some(chromium) = chromium() else { return };
    let house = House::sqlite().await;
    main_job::fill(&house, 5_000).await;
    let run = main_job::latest_run(&house).await;
    let file = if std::env::var_os("JETBRIDGE_WRITE_PICTURE").is_some() {
        root().join("docs/images/value.png")
    } else {
        std::fs::create_dir_all(shots()).unwrap();
        shots().join("readme.png")
    };
    let task = json!({"walk": "picture", "path": format!("/value/runs/{run}"), "file": file});
    walk(&chromium, &house, task).await;
    let picture = std::fs::metadata(&file).unwrap().len();
    assert!(picture > 20_000, "the picture is {picture} bytes long");
    assert!(root().join("docs/images/value.png").is_file(), "the README's picture is there");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_changed_tried_approved_and_quoted_in_a_statement() {
    let Some(chromium) = chromium() else { return };
    let house = House::sqlite().await;
    main_job::fill(&house, 400).await;
    let signs_in = |email: String| json!({"email": email, "password": PASSWORD});
    let author = signs_in(house.account(Role::Loyalty).await);
    let approver = signs_in(house.account(Role::Manager).await);
    let today = house.app.clock().now().with_timezone(&house.app.loyalty().zone()).date_naive();
    let task = json!({
        "walk": "rules", "author": author, "approver": approver, "programme": "bridge-km",
        "row": "dom-y", "factor": "137%", "from": today, "shots": shots(),
    });
    walk(&chromium, &house, task).await;
    let member = fly(&house, today).await;
    // 2,000 kilometres at 137 % are 2,740.
    let task = json!({
        "walk": "quoted", "author": author, "member": member, "flight": "2,740",
        "english": ["137%", "dom-y", "version 8"], "chinese": ["137", "dom-y", "第 8 版"],
    });
    walk(&chromium, &house, task).await;
    house.close().await;
}

/// A domestic flight of 2,000 km today in class Y, flown by a member of the lowest tier.
async fn fly(house: &House, day: chrono::NaiveDate) -> uuid::Uuid {
    let mut tx = house.app.db().read().await.unwrap();
    let member: uuid::Uuid = tx
        .value(store::sql(
            "SELECT m.id FROM loyalty_member m
             LEFT JOIN loyalty_tier_now n ON n.member_id = m.id
             WHERE m.state = 'open' AND COALESCE(n.rank, 0) = 0 ORDER BY m.id LIMIT 1",
        ))
        .await
        .unwrap();
    drop(tx);
    let fact = json!({
        "flight_date": day, "flight_no": "1419", "origin": "TFU", "destination": "HGH",
        "market": "domestic", "marketing": "QJ", "operating": "QJ", "booking_class": "Y",
        "great_circle_km": 2_000, "currency": "CNY", "seat": true,
    });
    let fact = loyalty::accrual::FlownFact {
        key: "walk:1".to_owned(),
        revision: 1,
        member: Some(member.into()),
        fact: Some(serde_json::from_value(fact).unwrap()),
    };
    let answers = house.app.loyalty().accrue(vec![fact]).await.unwrap();
    assert_eq!(answers[0].derived, loyalty::accrual::Derived::Earned, "{answers:?}");
    member
}
