//! The whole of value on both engines: from facts in the lake to pages.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use access::{Actor, Role};
use chrono::{Days, NaiveDate};
use customers::{CustomerId, Customers, MemberInput, Policy};
use kernel::names::PersonName;
use lake::arrow::array::{
    ArrayRef, Date32Array, FixedSizeBinaryArray, Float64Array, Int64Array, StringArray,
};
use lake::arrow::record_batch::RecordBatch;
use lake::{Lake, LakeConfig, ParquetOptions, ParquetOut, column};
use store::jobs::{Handlers, Worker};
use web::testing::House;

use crate::facts::{Reason, segments};
use crate::run::compare::MoversAsked;
use crate::run::export::Format;
use crate::run::{RunStatus, Source, unwatched};
use crate::scheme::Attribute;
use crate::{Error, Rooms, RunParams, Value, WeightOf};

const MEMBERS: usize = 300;

/// What the five kinds of member do: days since joining, flights, days since the last one,
/// kilometres of each, coefficient.
const KINDS: [(u64, u64, u64, i64, f64); 5] = [
    (1500, 60, 5, 1500, 0.8),
    (900, 5, 60, 1600, 2.1),
    (3300, 12, 70, 1250, 0.7),
    (400, 8, 60, 1100, 0.65),
    (900, 2, 600, 1000, 0.6),
];

struct Stage {
    house: House,
    customers: Customers,
    lake: Lake,
    value: Value,
    ids: Vec<CustomerId>,
    _folder: tempfile::TempDir,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn both(body: impl AsyncFn(Stage)) {
    let migrations = [customers::MIGRATIONS, crate::MIGRATIONS];
    let tables = [customers::permissions::TABLE, crate::permissions::TABLE];
    let texts: [&[web::texts::Source]; 2] = [&customers::TEXTS, crate::TEXTS];
    web::testing::both(&migrations, &tables, &texts, async |house| {
        body(stage(house).await).await;
    })
    .await;
}

async fn stage(house: House) -> Stage {
    let web = house.web.clone();
    let customers = Customers::new(web.db.clone(), house.clock.clone(), web.access.clone());
    let observed = day("2026-03-31");
    let members: Vec<MemberInput> = (0..MEMBERS)
        .map(|n| MemberInput {
            source_key: format!("M{n}"),
            name: Some(PersonName::parse(if n % 2 == 0 { "周启明" } else { "Anna Berg" })),
            joined_on: observed.checked_sub_days(Days::new(KINDS[n % 5].0 + n as u64 / 5)),
            ..MemberInput::default()
        })
        .collect();
    let mut tx = web.db.begin().await.unwrap();
    let import = kernel::ids::v7(store::testing::NOW);
    customers.apply_members(&mut tx, "test", import, &members, Policy::Create).await.unwrap();
    let keys: Vec<String> = (0..MEMBERS).map(|n| format!("M{n}")).collect();
    let found = customers.ids_by_source_key(&mut tx, "test", &keys).await.unwrap();
    tx.commit().await.unwrap();
    let ids = keys.iter().map(|key| found[key]).collect();
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path(), LakeConfig::default()).unwrap();
    let clock = house.clock.clone();
    let value = Value::new(
        web.db.clone(),
        clock,
        web.access.clone(),
        lake.clone(),
        customers.clone(),
        None,
    );
    value.start().await.unwrap();
    value.start().await.unwrap();
    Stage { house, customers, lake, value, ids, _folder: folder }
}

/// One flown segment.
struct Flown {
    who: CustomerId,
    on: NaiveDate,
    km: i64,
    fare: Option<i64>,
    discount: f64,
    cabin: &'static str,
}

impl Stage {
    fn actor(&self) -> Actor {
        Actor::system("test")
    }

    /// The flights of everybody up to `observed`. Member 0 of the first kind stops flying when
    /// `asleep`; the last member never paid, the last but one has no fares.
    fn flights(&self, observed: NaiveDate, asleep: bool) -> Vec<Flown> {
        let mut flown = Vec::new();
        for (n, who) in self.ids.iter().enumerate() {
            let (_, flights, last, km, discount) = KINDS[n % 5];
            let last = if n == 0 && asleep { 650 } else { last };
            let flights = if n == 0 && asleep { 2 } else { flights + n as u64 % 2 };
            let step = ((700 - last) / flights).max(1);
            for flight in 0..flights {
                let back = Days::new(last + flight * step);
                flown.push(Flown {
                    who: *who,
                    on: observed.checked_sub_days(back).unwrap(),
                    km: km + n as i64 % 7,
                    fare: match MEMBERS - n {
                        1 => Some(0),
                        2 => None,
                        _ => Some(50_000),
                    },
                    discount: discount + (n / 5) as f64 * 0.001,
                    cabin: if n % 5 == 1 { "business" } else { "economy" },
                });
            }
        }
        flown
    }

    fn write(&self, flown: &[Flown]) {
        let ids = flown.iter().map(|f| f.who.uuid().into_bytes());
        let texts = |of: fn(&Flown) -> &'static str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(flown.iter().map(of)))
        };
        let days = flown.iter().map(|f| column::day_number(f.on));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(FixedSizeBinaryArray::try_from_iter(ids).unwrap()),
            Arc::new(Date32Array::from_iter_values(days)),
            Arc::new(Int64Array::from_iter_values(flown.iter().map(|f| f.km))),
            Arc::new(Int64Array::from_iter(flown.iter().map(|f| f.fare))),
            Arc::new(Float64Array::from_iter_values(flown.iter().map(|f| f.discount))),
            texts(|_| "flown"),
            texts(|_| "PVG"),
            texts(|_| "PEK"),
            texts(|f| f.cabin),
        ];
        let batch = RecordBatch::try_new(segments::schema(), columns).unwrap();
        let path = self.lake.table_dir("segments").unwrap().join("all.parquet");
        let mut out = ParquetOut::create(path, batch.schema(), ParquetOptions::default()).unwrap();
        out.write(&batch).unwrap();
        out.finish().unwrap();
    }

    async fn run(&self, observed: &str) -> crate::Run {
        let params = RunParams { observed_on: Some(day(observed)), ..RunParams::default() };
        self.value.run(&self.actor(), &params, &unwatched()).await.unwrap()
    }

    async fn group_of(&self, n: usize) -> String {
        let mut tx = self.house.web.db.read().await.unwrap();
        let query = store::sql("SELECT value_group FROM customer WHERE id = $1");
        tx.value::<String>(query.bind(self.ids[n].uuid())).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_finds_the_kinds_says_who_was_dropped_and_tells_customers() {
    both(async |stage| {
        let none = stage.value.run(&stage.actor(), &RunParams::default(), &unwatched()).await;
        assert!(matches!(none, Err(Error::NoFacts)));
        stage.write(&stage.flights(day("2026-03-31"), false));
        let run = stage.run("2026-03-31").await;
        assert_eq!(run.status, RunStatus::Published);
        let report = run.report().unwrap();
        assert_eq!(report.source, Source::Segments);
        assert_eq!((report.rows_read, report.rows_valued, report.rows_clustered), (300, 298, 298));
        let dropped: Vec<(Reason, u64)> = report.dropped.iter().map(|(r, n)| (*r, *n)).collect();
        assert_eq!(dropped, [(Reason::NoFareRecord, 1), (Reason::NoFarePaid, 1)]);
        for (n, group) in ["keep", "develop", "winback", "general", "low"].into_iter().enumerate() {
            assert_eq!(stage.group_of(n).await, group, "member {n}");
        }
        assert_eq!(stage.group_of(MEMBERS - 1).await, "");
        let shares: f64 = report.groups.iter().map(|group| group.revenue_share).sum();
        assert!((shares - 1.0).abs() < 1e-9);
        let shown = stage.value.show_word(&stage.actor(), "latest").await.unwrap();
        assert_eq!(shown.id, run.id);
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!(json["dropped"]["no-fare-record"], 1);
        assert_eq!(json["sizes"].as_array().unwrap().len(), 5);
        assert!(json["features"]["m"]["max"].as_f64().unwrap() > 90_000.0);
        assert!(stage.value.show_word(&stage.actor(), "nothing").await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_explanation_adds_up_and_says_what_is_special() {
    both(async |stage| {
        stage.write(&stage.flights(day("2026-03-31"), false));
        stage.run("2026-03-31").await;
        for n in [0, 1, 2, 3, 4, 57] {
            let found = stage.value.explain(&stage.actor(), stage.ids[n]).await.unwrap().unwrap();
            let parts: f64 = found.features.iter().filter_map(|line| line.adds).sum();
            assert!((parts - found.score).abs() < 1e-9, "{parts} against {}", found.score);
            assert_eq!(found.because.len(), 3);
        }
        let keep = stage.value.explain(&stage.actor(), stage.ids[0]).await.unwrap().unwrap();
        assert_eq!(keep.group.as_deref(), Some("keep"));
        assert_eq!(keep.because[0].key, "value-because-flies-more");
        let develop = stage.value.explain(&stage.actor(), stage.ids[1]).await.unwrap().unwrap();
        assert_eq!(develop.premium_share, Some(1.0));
        assert_eq!(develop.because[0].key, "value-because-premium");
        let dropped = stage.value.explain(&stage.actor(), stage.ids[MEMBERS - 1]).await.unwrap();
        assert_eq!(dropped, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_stay_moves_are_counted_and_movers_come_with_the_cause() {
    both(async |stage| {
        stage.write(&stage.flights(day("2026-03-31"), false));
        let first = stage.run("2026-03-31").await;
        stage.write(&stage.flights(day("2026-06-30"), true));
        let second = stage.run("2026-06-30").await;
        let report = second.report().unwrap();
        assert_eq!(report.previous, Some(first.id));
        assert!(report.groups.iter().all(|g| g.continues.is_some_and(|c| c.previous.is_some())));
        let found = stage.value.compare(&stage.actor(), first.id, second.id).await.unwrap();
        assert_eq!(Some(&found.migration), report.migration.as_ref());
        assert_eq!((found.in_both, found.moved), (298, 1));
        let asked = MoversAsked { limit: 10, ..MoversAsked::default() };
        let pair = (first.id, second.id);
        let (movers, total) = stage.value.moved(&stage.actor(), pair, asked).await.unwrap();
        assert_eq!(total, 1);
        assert_eq!(movers[0].customer, stage.ids[0].uuid());
        assert_eq!(
            (movers[0].from.as_deref(), movers[0].to.as_deref()),
            (Some("keep"), Some("low"))
        );
        assert!(movers[0].causes.iter().any(|cause| cause.feature == 2 && cause.change < 0.0));
        let none =
            MoversAsked { from: Some("low".to_owned()), limit: 10, ..MoversAsked::default() };
        assert_eq!(stage.value.moved(&stage.actor(), pair, none).await.unwrap().1, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_weights_are_previewed_versioned_and_refused_when_stale() {
    both(async |stage| {
        let actor = stage.actor();
        stage.write(&stage.flights(day("2026-03-31"), false));
        let schemes = stage.value.schemes(&actor).await.unwrap();
        assert_eq!(schemes.len(), 2, "starting twice adds nothing");
        let scheme = schemes.iter().find(|s| s.subject.as_str() == "customer").unwrap();
        let other = [WeightOf { attribute: Attribute::Coefficient, basis_points: 10_000 }];
        let early = stage.value.preview(&actor, scheme.id, &other).await;
        assert!(matches!(early, Err(Error::NothingPublished)));
        stage.run("2026-03-31").await;
        let same = stage.value.preview(&actor, scheme.id, &scheme.current.weights).await.unwrap();
        assert_eq!((same.members, same.up, same.down), (298, 0, 0));
        let preview = stage.value.preview(&actor, scheme.id, &other).await.unwrap();
        assert!(preview.up > 0 && preview.down > 0 && !preview.movers.is_empty());
        assert_eq!(preview.moves.iter().flatten().sum::<u64>(), 298);

        let short = [WeightOf { attribute: Attribute::Coefficient, basis_points: 9_000 }];
        let refused = stage.value.change_scheme(&actor, scheme.id, 1, &short, "").await;
        assert!(matches!(refused, Err(Error::Weights { .. })));
        let changed = stage.value.change_scheme(&actor, scheme.id, 1, &other, "cabin").await;
        assert_eq!(changed.unwrap().into_inner(), 2);
        let again = stage.value.change_scheme(&actor, scheme.id, 2, &other, "").await.unwrap();
        assert!(again.is_repeat());
        let stale =
            stage.value.change_scheme(&actor, scheme.id, 1, &scheme.current.weights, "").await;
        assert!(matches!(stale, Err(Error::SchemeChanged { current: 2 })));
        let run = stage.run("2026-03-31").await;
        assert_eq!(run.report().unwrap().scheme.unwrap().version, 2);
        assert_eq!(stage.value.scheme(&actor, scheme.id).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_perform_publish_and_look_for_k_and_a_second_click_starts_nothing() {
    both(async |stage| {
        let analyst = stage.house.staff(Role::Analyst).await.actor;
        stage.write(&stage.flights(day("2026-03-31"), false));
        let params = RunParams { publish: false, ..RunParams::default() };
        let started = stage.value.start_run(&analyst, &params).await.unwrap();
        let again = stage.value.start_run(&analyst, &params).await.unwrap();
        assert!(!started.is_repeat() && again.is_repeat());
        let id = started.into_inner();
        assert_eq!(again.into_inner(), id);
        let mut handlers = Handlers::default();
        crate::jobs::handlers(&stage.value, &mut handlers);
        let web = &stage.house.web;
        let worker = Worker::new(web.db.clone(), stage.house.clock.clone(), handlers, 1);
        worker.drain().await.unwrap();
        let run = stage.value.show(&analyst, id).await.unwrap();
        assert_eq!(run.status, RunStatus::Ready);
        assert_eq!(stage.group_of(0).await, "", "not told yet");
        let _ = stage.value.start_publish(&analyst, id).await.unwrap();
        let _ = stage.value.start_choose_k(&analyst, id).await.unwrap();
        worker.drain().await.unwrap();
        assert_eq!(stage.group_of(0).await, "keep");
        let found = stage.value.choose_k(&analyst, id).await.unwrap().unwrap();
        assert_eq!(found.candidates.len(), 9);
        assert_eq!(found.best_silhouette, Some(5));
        let agent = stage.house.staff(Role::Agent).await.actor;
        let refused = stage.value.start_run(&agent, &params).await;
        assert!(matches!(refused, Err(Error::Denied(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_exported_in_each_format() {
    both(async |stage| {
        stage.write(&stage.flights(day("2026-03-31"), false));
        let run = stage.run("2026-03-31").await;
        for format in [Format::Csv, Format::Xlsx, Format::Parquet] {
            let group = Some("keep".to_owned());
            let file = stage.value.export(&stage.actor(), run.id, group, format).await.unwrap();
            let answer = crate::run::export::response(file);
            let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            match format {
                Format::Csv => {
                    let text = String::from_utf8(bytes.to_vec()).unwrap();
                    assert_eq!(text.lines().count(), 61, "60 members of the kind and a heading");
                    assert!(text.contains("周启明") && text.contains(",keep,"));
                }
                Format::Xlsx => assert_eq!(&bytes[..2], b"PK"),
                Format::Parquet => assert_eq!(&bytes[..4], b"PAR1"),
            }
        }
        let left = std::fs::read_dir(stage.lake.table_dir(".export").unwrap()).unwrap().count();
        assert_eq!(left, 0, "nothing is left behind");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_renders_in_both_languages_and_refuses_who_may_not() {
    both(async |stage| {
        stage.write(&stage.flights(day("2026-03-31"), false));
        let rooms = Rooms { web: stage.house.web.clone(), value: stage.value.clone() };
        let (api, _) = crate::api::api(rooms.clone()).split_for_parts();
        let app = stage.house.app(crate::pages::pages(rooms).merge(api));
        let analyst = stage.house.staff(Role::Analyst).await;
        let empty = analyst.get(&app, "/value").await;
        assert_eq!(empty.status, 200);
        assert!(empty.text.contains("No value run yet"));
        let first = stage.run("2026-03-31").await.id;
        stage.write(&stage.flights(day("2026-06-30"), true));
        let second = stage.run("2026-06-30").await.id;
        let scheme = stage.value.schemes(&stage.actor()).await.unwrap()[0].id;
        let pages = [
            "/value".to_owned(),
            "/value/runs".to_owned(),
            "/value/runs/new".to_owned(),
            format!("/value/runs/{second}"),
            format!("/value/runs/{second}/dropped"),
            format!("/value/compare?then={first}&now={second}"),
            format!("/value/moved?then={first}&now={second}"),
            "/value/schemes".to_owned(),
            "/value/schemes/new".to_owned(),
            format!("/value/schemes/{scheme}"),
            format!("/value/schemes/{scheme}?preview=1&coefficient=100"),
            "/api/v1/value/runs".to_owned(),
            "/api/v1/value/runs/latest".to_owned(),
            "/api/v1/value/groups".to_owned(),
            "/api/v1/value/schemes".to_owned(),
            format!("/api/v1/customers/{}/value", stage.ids[0]),
        ];
        let chinese = stage.house.staff(Role::Manager).await.reading("zh-CN");
        for path in &pages {
            let may = !path.ends_with("/new");
            for reader in [&analyst, &chinese].into_iter().take(1 + usize::from(may)) {
                let page = reader.get(&app, path).await;
                assert_eq!(page.status, 200, "{path}: {}", page.text);
                assert!(!page.text.contains('⟨'), "{path} lacks a text: {}", page.text);
            }
            let stranger = stage.house.stranger().get(&app, path).await;
            assert!(stranger.status == 303 || stranger.status == 401, "{path}");
        }
        let shown = chinese.get(&app, &format!("/value/runs/{second}")).await.text;
        for words in ["重要保持", "清洗报告", "无票价记录", "迁移"] {
            assert!(shown.contains(words), "{words} is missing");
        }
        let preview = analyst.get(&app, &pages[10]).await.text;
        assert!(preview.contains("would rise"), "the preview is shown");
        let wrong = analyst.post(&app, "/value/runs", &[("k", "99")]).await;
        assert_eq!(wrong.status, 422);
        let started = analyst.post(&app, "/value/runs", &[("k", "5"), ("publish", "1")]).await;
        assert_eq!(started.status, 303);
        let waiting = analyst.get(&app, started.location()).await;
        assert!(waiting.text.contains("under way"), "{}", waiting.text);
        assert_eq!(chinese.get(&app, "/value/runs/new").await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panels_of_a_customer_say_why() {
    both(async |stage| {
        stage.write(&stage.flights(day("2026-03-31"), false));
        stage.run("2026-03-31").await;
        let panels = crate::pages::panels(&stage.value);
        let rooms = customers::Rooms::new(
            stage.house.web.clone(),
            stage.customers.clone(),
            panels,
            Vec::new(),
        );
        let app = stage.house.app(customers::pages(rooms));
        let agent = stage.house.staff(Role::Agent).await;
        let page = agent.get(&app, &format!("/customers/{}", stage.ids[0])).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("Important to keep"));
        assert!(page.text.contains("× the median"));
    })
    .await;
}

#[test]
fn the_words_are_the_same_in_both_languages() {
    let texts = web::texts::Texts::new(&[crate::TEXTS]).unwrap();
    let different = web::texts::differences(&texts);
    assert!(different.is_empty(), "{different:?}");
}
