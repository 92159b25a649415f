#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use programme::examples::BRIDGE_KM;
use store::jobs::{Handlers, Worker};
use tower::ServiceExt;
use web::testing::{Answer, House, Visitor};

use crate::Rooms;
use crate::programmes::{Draft, Version};
use crate::testing::{approve, both, rooms};

struct Desk {
    rooms: Rooms,
    app: Router,
    /// Writes and proposes.
    one: Visitor,
    /// Decides.
    other: Visitor,
}

impl Desk {
    async fn new(house: &House) -> Self {
        let rooms = rooms(house).await;
        approve(house, &rooms.loyalty, BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        let app = house.app(crate::pages::pages(rooms.clone()));
        let (one, other) = (house.staff(Role::Loyalty).await, house.staff(Role::Manager).await);
        Self { rooms, app, one, other }
    }

    /// The versions, newest first.
    async fn versions(&self) -> Vec<Version> {
        self.rooms.loyalty.programme_versions(&self.one.actor, "bridge-km").await.unwrap()
    }

    async fn begin(&self) -> Version {
        let source = self.versions().await[0].id.to_string();
        let fields = [("source", source.as_str()), ("valid_from", "2027-01-01"), ("note", "try")];
        let made = self.one.post(&self.app, "/programmes/new", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text);
        self.versions().await.remove(0)
    }

    async fn text(&self, version: &Version) -> String {
        self.rooms.loyalty.programme_version(&self.one.actor, version.id).await.unwrap().1
    }

    async fn post(
        &self,
        who: &Visitor,
        version: &Version,
        rest: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        who.post(&self.app, &format!("{}{rest}", super::href(version)), fields).await
    }
}

#[tokio::test]
async fn rules_are_read_in_words_in_both_languages() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let version = desk.versions().await.remove(0);
        let href = super::href(&version);
        let agent = house.staff(Role::Agent).await;
        for path in ["/programmes", "/programmes/bridge-km", href.as_str()] {
            let page = agent.get(&desk.app, path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
        }
        let page = agent.get(&desk.app, &href).await.text;
        for words in ["300%", "12 rolling months", "36 months from the end of the month", "Silver"]
        {
            assert!(page.contains(words), "{words}");
        }
        assert!(!page.contains("months_from_month_end") && !page.contains("<textarea"));
        let page = agent.reading("zh-CN").get(&desk.app, &href).await.text;
        for words in ["滚动 12 个月", "自入账月末起 36 个月", "银卡", "公务舱"] {
            assert!(page.contains(words), "{words}");
        }
        for rest in ["/text", "/changes", "/flight"] {
            let page = desk.one.get(&desk.app, &format!("{href}{rest}")).await;
            assert_eq!(page.status, 200, "{rest}: {}", page.text);
        }
        let file = desk.one.get(&desk.app, &format!("{href}/toml")).await;
        assert_eq!(file.text, BRIDGE_KM);
        let missing = uuid::Uuid::nil();
        for path in [
            "/programmes/none",
            &format!("/programmes/bridge-km/versions/{missing}"),
            "/programmes/bridge-km/versions/x",
            &format!("/programmes/tern-fare/versions/{}", version.id),
        ] {
            assert_eq!(desk.one.get(&desk.app, path).await.status, 404, "{path}");
        }
        let stranger = house.stranger().get(&desk.app, &href).await;
        assert_ne!(stranger.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_draft_goes_from_a_copy_to_force_by_two_people() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let draft = desk.begin().await;
        assert_eq!((draft.version, draft.note.as_str()), (8, "try"));
        let (base, href) = (draft.hash.as_str(), super::href(&draft));
        let fields = [("base", base), ("int-j/factor", "260%"), ("int-j/segments", "2.5")];
        let saved = desk.post(&desk.one, &draft, "/tables/accrual.classes", &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let text = desk.text(&draft).await;
        assert!(text.contains("factor = \"260%\"") && text.contains("# A class is listed once"));
        let page = desk.other.get(&desk.app, &format!("{href}/changes")).await.text;
        assert!(page.contains("250%") && page.contains("260%"), "{page}");
        let flight = "/flight?tier=SILVER&from=PEK&to=NRT&carrier=JB&class=J&cabin=business\
            &fare=9000&day=2027-02-01";
        let page = desk.one.get(&desk.app, &format!("{href}{flight}")).await.text;
        assert!(page.contains("× 250%") && page.contains("× 260%"), "{page}");
        let early = desk.post(&desk.other, &draft, "/decision", &[("decision", "approve")]).await;
        assert_eq!(early.status, 422, "not proposed yet");
        let stale = desk.post(&desk.one, &draft, "/propose", &[("base", base)]).await;
        assert_eq!(stale.status, 422, "not the draft that was read");
        let now = desk.versions().await.remove(0);
        let fields = [("base", now.hash.as_str()), ("note", "J up")];
        for _ in 0..2 {
            let proposed = desk.post(&desk.one, &draft, "/propose", &fields).await;
            assert_eq!(proposed.status, 303, "{}", proposed.text);
        }
        let page = desk.one.get(&desk.app, &href).await.text;
        assert!(page.contains("another person has to approve") && !page.contains("\"approve\""));
        let own = desk.post(&desk.one, &draft, "/decision", &[("decision", "approve")]).await;
        assert_eq!(own.status, 422, "{}", own.text);
        let agent = house.staff(Role::Agent).await;
        let denied = desk.post(&agent, &draft, "/decision", &[("decision", "approve")]).await;
        assert_eq!(denied.status, 403);
        let fields = [("decision", "approve"), ("note", "fine")];
        for _ in 0..2 {
            let done = desk.post(&desk.other, &draft, "/decision", &fields).await;
            assert_eq!(done.status, 303, "{}", done.text);
        }
        let late = desk.post(&desk.other, &draft, "/decision", &[("decision", "refuse")]).await;
        assert_eq!(late.status, 422, "decided otherwise");
        let now = desk.versions().await.remove(0);
        assert_eq!((now.state.as_str(), now.decided_note.as_str()), ("approved", "fine"));
        let kept = [("base", now.hash.as_str()), ("int-j/factor", "1%")];
        let kept = desk.post(&desk.one, &draft, "/tables/accrual.classes", &kept).await;
        assert_eq!(kept.status, 409, "what is approved is never written again");
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_who_save_is_shown_what_differs() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let draft = desk.begin().await;
        let text = desk.text(&draft).await;
        let theirs = text.replace("factor = \"250%\"", "factor = \"240%\"").replace('\n', "\r\n");
        let day = [("base", draft.hash.as_str()), ("valid_from", "2027-01-01"), ("note", "")];
        let mut fields = day.to_vec();
        fields.push(("text", theirs.as_str()));
        let first = desk.post(&desk.other, &draft, "/text", &fields).await;
        assert_eq!(first.status, 303, "{}", first.text);
        assert!(!desk.text(&draft).await.contains('\r'));
        let mine = text.replace("months_from_month_end = 36", "months_from_month_end = 24");
        let mut fields = day.to_vec();
        fields.push(("text", mine.as_str()));
        let second = desk.post(&desk.one, &draft, "/text", &fields).await;
        assert_eq!(second.status, 422);
        for words in ["240%", "36 months", "24 months", "months_from_month_end = 24"] {
            assert!(second.text.contains(words), "{words}");
        }
        assert!(desk.text(&draft).await.contains("240%"), "nothing half saved");
        let row = [("base", draft.hash.as_str()), ("policy.months_from_month_end", "12")];
        let row = desk.post(&desk.one, &draft, "/rows/expiry/36-months", &row).await;
        assert_eq!(row.status, 422, "rows are no way round it");
        let now = desk.versions().await.remove(0);
        assert!(second.text.contains(&now.hash), "saving again is over what is there now");
        let mut fields = vec![("base", now.hash.as_str()), ("valid_from", "2027-01-01")];
        fields.push(("text", mine.as_str()));
        let again = desk.post(&desk.one, &draft, "/text", &fields).await;
        assert_eq!(again.status, 303);
    })
    .await;
}

#[tokio::test]
async fn rows_are_changed_copied_and_taken_out_by_forms() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let draft = desk.begin().await;
        let base = async || desk.versions().await.remove(0).hash;
        let form = format!("{}/rows/expiry/36-months", super::href(&draft));
        let page = desk.one.get(&desk.app, &form).await;
        assert!(
            page.text.contains("name=\"policy.months_from_month_end\" type=\"text\" value=\"36\"")
        );
        let now = base().await;
        let fields = [
            ("base", now.as_str()),
            ("id", "36-months"),
            ("valid_from", "2013-01-08"),
            ("policy.months_from_month_end", "30"),
            ("valid_to", ""),
        ];
        let saved = desk.post(&desk.one, &draft, "/rows/expiry/36-months", &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        assert!(desk.text(&draft).await.contains("months_from_month_end = 30"));
        let now = base().await;
        let fields = [("base", now.as_str()), ("name", "golden-week"), ("like", "")];
        let added = desk.post(&desk.one, &draft, "/tables/accrual.promotions/add", &fields).await;
        assert_eq!(added.status, 303, "{}", added.text);
        assert!(desk.one.get(&desk.app, added.location()).await.text.contains("golden-week"));
        let now = base().await;
        let fields = [("base", now.as_str()), ("name", "golden-week"), ("like", "")];
        let twice = desk.post(&desk.one, &draft, "/tables/accrual.promotions/add", &fields).await;
        assert_eq!(twice.status, 422, "a second click adds nothing");
        let fields = [("base", now.as_str())];
        let remove = "/rows/accrual.promotions/golden-week/remove";
        assert_eq!(desk.post(&desk.one, &draft, remove, &fields).await.status, 303);
        assert!(!desk.text(&draft).await.contains("golden-week"));
        let now = base().await;
        for (field, wrong) in
            [("int-j/factor", "much"), ("int-j/factor", "250"), ("x/factor", "1%")]
        {
            let fields = [("base", now.as_str()), (field, wrong)];
            let refused = desk.post(&desk.one, &draft, "/tables/accrual.classes", &fields).await;
            assert_eq!(refused.status, 422, "{field} {wrong}");
        }
        let fields = [("base", now.as_str()), ("policy.months_from_month_end", "soon")];
        let refused = desk.post(&desk.one, &draft, "/rows/expiry/36-months", &fields).await;
        assert!(refused.status == 422 && refused.text.contains("value=\"soon\""));
        assert_eq!(base().await, now, "nothing was saved");
        let agent = house.staff(Role::Agent).await;
        let fields = [("base", now.as_str()), ("int-j/factor", "1%")];
        let denied = desk.post(&agent, &draft, "/tables/accrual.classes", &fields).await;
        assert_eq!(denied.status, 403);
        assert_eq!(agent.get(&desk.app, &form).await.status, 403);
        let other = desk.post(&desk.one, &draft, "/tables/no.such", &fields).await;
        assert_eq!(other.status, 404);
    })
    .await;
}

async fn upload(desk: &Desk, who: &Visitor, csrf: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_bytes()), ("valid_from", b"2027-01-01")] {
        body.extend(
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend(value);
        body.extend(b"\r\n");
    }
    let head = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.toml\"\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--XX--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri("/programmes/upload")
        .header("accept-language", "en")
        .header("cookie", format!("jb_session={}", who.token))
        .header("accept", "text/html")
        .header("content-type", "multipart/form-data; boundary=XX");
    let answer = desk.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: head.status.as_u16(), headers: head.headers, text }
}

#[tokio::test]
async fn a_file_is_a_draft_or_says_where_it_is_wrong() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let (one, csrf) = (desk.one.clone(), desk.one.csrf.clone());
        let next = BRIDGE_KM.replace("version = 7\n", "version = 12\n");
        let made = upload(&desk, &one, &csrf, next.as_bytes()).await;
        assert_eq!(made.status, 303, "{}", made.text);
        assert_eq!(desk.versions().await[0].version, 12);
        let again = upload(&desk, &one, &csrf, next.as_bytes()).await;
        assert!(again.status == 422 && again.text.contains("already"), "{}", again.text);
        let bad = next.replace("version = 12", "version = 13\nsurprise = 1");
        let bad = upload(&desk, &one, &csrf, bad.as_bytes()).await;
        assert!(bad.status == 422 && bad.text.contains("surprise"), "{}", bad.text);
        let long = "#".repeat((2 << 20) + 10);
        let deep = format!("a = {}", "[".repeat(50_000));
        for hostile in
            [long.as_bytes(), deep.as_bytes(), b"\xff\xfe\x00", b"", b"<script>alert(1)</script>"]
        {
            let refused = upload(&desk, &one, &csrf, hostile).await;
            assert!(matches!(refused.status, 413 | 422), "{}", refused.status);
            assert!(!refused.text.contains("<script>alert"));
        }
        assert_eq!(desk.versions().await.len(), 2, "nothing of it was kept");
        let forged = upload(&desk, &one, "x", next.as_bytes()).await;
        assert_eq!(forged.status, 403);
        let agent = house.staff(Role::Agent).await;
        let csrf = agent.csrf.clone();
        assert_eq!(upload(&desk, &agent, &csrf, next.as_bytes()).await.status, 403);
        assert_eq!(agent.get(&desk.app, "/programmes/new").await.status, 403);
        let wrong = [("source", "x"), ("valid_from", "soon")];
        assert_eq!(one.post(&desk.app, "/programmes/new", &wrong).await.status, 422);
        let example = [("source", "tern-fare"), ("valid_from", "2027-01-01")];
        assert_eq!(one.post(&desk.app, "/programmes/new", &example).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn the_time_machine_is_asked_waited_for_and_read() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let draft = desk.begin().await;
        let before = desk.versions().await[1].id.to_string();
        let after = draft.id.to_string();
        let path = "/programmes/bridge-km/time-machine";
        let page = desk.one.get(&desk.app, path).await;
        assert!(page.status == 200 && page.text.contains("Nothing compared yet"));
        let fields = [
            ("before", before.as_str()),
            ("after", after.as_str()),
            ("from", "2025-01-01"),
            ("to", "2026-10-31"),
            ("cost", "40.00"),
        ];
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.post(&desk.app, path, &fields).await.status, 403);
        let begun = desk.one.post(&desk.app, path, &fields).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        let run = begun.location().to_owned();
        let again = desk.one.post(&desk.app, path, &fields).await;
        assert_eq!(again.location(), run, "a second click");
        let page = agent.get(&desk.app, &run).await;
        assert!(page.status == 200 && page.text.contains("hx-trigger"), "{}", page.text);
        let mut handlers = Handlers::default();
        desk.rooms.loyalty.handlers(&mut handlers);
        let worker = Worker::new(house.web.db.clone(), house.clock.clone(), handlers, 1);
        worker.drain().await.unwrap();
        let page = agent.reading("zh-CN").get(&desk.app, &run).await;
        assert!(page.text.contains("会员中") && page.text.contains("变化矩阵"), "{}", page.text);
        let file = desk.one.get(&desk.app, &format!("{run}/export")).await;
        assert!(file.status == 200 && file.text.starts_with('\u{feff}'));
        assert_eq!(desk.one.post(&desk.app, &format!("{run}/stop"), &[]).await.status, 303);
        for (field, wrong) in [("to", "2020-01-01"), ("from", "x"), ("cost", "-1"), ("after", "x")]
        {
            let mut fields = fields.to_vec();
            fields.retain(|(name, _)| *name != field);
            fields.push((field, wrong));
            let refused = desk.one.post(&desk.app, path, &fields).await;
            assert_eq!(refused.status, 422, "{field}: {}", refused.text);
        }
        let other = run.replace("bridge-km", "bay-year");
        assert_eq!(desk.one.get(&desk.app, &other).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_number_is_taken_once() {
    both(async |house| {
        let desk = Desk::new(&house).await;
        let text = BRIDGE_KM.replace("version = 7\n", "version = 9\n");
        let draft = Draft { text, valid_from: "2027-01-01".parse().unwrap(), note: String::new() };
        let new = crate::programmes::Base::New;
        let (loyalty, one, other) = (&desk.rooms.loyalty, &desk.one.actor, &desk.other.actor);
        let (a, b) = futures::join!(
            loyalty.save_programme(one, &draft, new),
            loyalty.save_programme(other, &draft, new)
        );
        assert_eq!([a.is_ok(), b.is_ok()].into_iter().filter(|ok| *ok).count(), 1, "{a:?} {b:?}");
    })
    .await;
}

#[test]
fn every_table_has_its_name_and_every_field_its_label() {
    let texts = crate::TEXTS.map(|(_, text)| text);
    for text in texts {
        let has = |key: String| text.lines().any(|line| line.starts_with(&format!("{key} =")));
        for spec in super::tables::ALL {
            let key = spec.place.replace(['.', '_'], "-");
            assert!(has(format!("programme-table-{key}")), "{key}");
            for field in spec.columns.iter().chain(spec.optional.iter().map(|(name, _)| name)) {
                let key = field.replace('_', "-");
                assert!(has(format!("programme-field-{key}")), "{key}");
            }
        }
        for example in programme::examples::ALL {
            let document: toml::Table = toml::from_str(example).unwrap();
            every_key(&toml::Value::Table(document), &mut |key| {
                let label = format!("programme-field-{}", key.replace('_', "-"));
                let table = ["tiers", "expiry", "alliance"].contains(&key);
                let part = ["accrual", "qualification", "redemption", "benefits", "members"];
                let list =
                    super::tables::ALL.iter().any(|it| it.place.ends_with(&format!(".{key}")));
                assert!(table || part.contains(&key) || list || has(label), "{key}");
            });
        }
    }
}

fn every_key(value: &toml::Value, say: &mut impl FnMut(&str)) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                say(key);
                every_key(value, say);
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|value| every_key(value, say)),
        _ => {}
    }
}
