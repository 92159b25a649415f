//! A small server with made-up rows that shows what the floor can draw: `cargo run -p web --example
//! gallery`, then http://127.0.0.1:8099 (agent and password are printed). For looking at, and for
//! the screenshots of the design.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "an example")]

use access::Role;
use askama::Template;
use axum::extract::{FromRef, State};
use axum::routing::get;
use axum::{Router, response::IntoResponse};
use kernel::names::PersonName;
use store::{Col, Migration, Value, sql};
use uuid::Uuid;
use web::chart::{Chart, Flow, Node, Point, Row, Spoke};
use web::form::{Errors, Form};
use web::list::{BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Slot};
use web::{Ctx, NavEntry, PageResult, Toast, Web, chart};

const TABLES: Migration = Migration {
    name: "20260101_000000_gallery",
    text: "CREATE TABLE flyer (id UUID PRIMARY KEY, native TEXT, surname TEXT NOT NULL, given TEXT NOT NULL,
           sort TEXT NOT NULL, number TEXT NOT NULL, tier TEXT NOT NULL, grp TEXT NOT NULL, km BIGINT NOT NULL,
           flights BIGINT, seen TIMESTAMPTZ, city TEXT);\nCREATE INDEX flyer_km ON flyer (km, id);",
};

const EN: &str = "
gallery-title = Customers
gallery-all = All customers
gallery-gold = Gold and above
gallery-away = Away for long
gallery-name = Name
gallery-no = Member no.
gallery-tier = Tier
gallery-group = Value
gallery-km = Distance
gallery-flights = Flights, 12 m
gallery-seen = Last flight
gallery-city = City
gallery-import = Import
gallery-new = New customer
gallery-tag = Tag
gallery-charts = Charts and pieces
gallery-form = Form
tier-ordinary = Ordinary
tier-silver = Silver
tier-gold = Gold
tier-platinum = Platinum
group-keep = Important to keep
group-develop = Important to develop
group-winback = Important to win back
group-general = General
group-low = Low value
unit-km = km
gallery-answer = 8.6 % of members bring 35.9 % of flown revenue.
nav-gallery = Charts
nav-form = Form
";
const ZH: &str = "
gallery-title = 客户
gallery-all = 全部客户
gallery-gold = 金卡及以上
gallery-away = 久未乘机
gallery-name = 姓名
gallery-no = 会员号
gallery-tier = 等级
gallery-group = 价值
gallery-km = 里程
gallery-flights = 航班 12 个月
gallery-seen = 上次乘机
gallery-city = 城市
gallery-import = 导入
gallery-new = 新建客户
gallery-tag = 打标签
gallery-charts = 图表与部件
gallery-form = 表单
tier-ordinary = 普卡
tier-silver = 银卡
tier-gold = 金卡
tier-platinum = 白金卡
group-keep = 重要保持
group-develop = 重要发展
group-winback = 重要挽留
group-general = 一般价值
group-low = 低价值
unit-km = km
gallery-answer = 8.6 % 的会员带来 35.9 % 的飞行收入。
nav-gallery = 图表
nav-form = 表单
";

const READ: access::Permission = access::Permission::new("gallery.read");
const TABLE: access::PermissionTable = &[(READ, &[Role::Administrator])];

const TIERS: &[(&str, &str)] = &[
    ("ordinary", "tier-ordinary"),
    ("silver", "tier-silver"),
    ("gold", "tier-gold"),
    ("platinum", "tier-platinum"),
];
const GROUPS: &[(&str, &str)] = &[
    ("keep", "group-keep"),
    ("develop", "group-develop"),
    ("winback", "group-winback"),
    ("general", "group-general"),
    ("low", "group-low"),
];

const LIST: ListSpec = ListSpec {
    key: "flyers",
    title: "gallery-title",
    select: "p.id, p.native, p.surname, p.given, p.number, p.tier, p.grp, p.km, p.flights, p.seen, p.city",
    from: "flyer p",
    base: "",
    id: "p.id",
    columns: &[
        Column::text("name", "gallery-name", "p.sort")
            .sortable()
            .not_null()
            .slot(Slot::Lead)
            .folded(kernel::names::fold),
        Column::text("no", "gallery-no", "p.number").not_null(),
        Column::choice("tier", "gallery-tier", "p.tier", TIERS).not_null().slot(Slot::Top),
        Column::choice("group", "gallery-group", "p.grp", GROUPS).not_null().slot(Slot::Left),
        Column::time("seen", "gallery-seen", "p.seen").sortable().slot(Slot::Right),
        Column::number("flights", "gallery-flights", "p.flights").sortable(),
        Column::number("km", "gallery-km", "p.km")
            .unit("unit-km")
            .sortable()
            .not_null()
            .slot(Slot::Right2),
        Column::text("city", "gallery-city", "p.city").slot(Slot::Left2),
    ],
    sort: "-km",
    views: &[
        BuiltIn { key: "all", label: "gallery-all", query: "" },
        BuiltIn { key: "gold", label: "gallery-gold", query: "f=tier:in:gold|platinum" },
        BuiltIn {
            key: "away",
            label: "gallery-away",
            query: "f=(seen:older:300,flights:empty);km:gte:10000&sort=seen",
        },
    ],
    search: Some(|typed, sql| {
        sql.push("p.sort LIKE ").bind(format!("{}%", kernel::names::fold(typed)));
    }),
    count_cap: 10_000,
    covering: None,
};

#[derive(sqlx::FromRow)]
struct Flyer {
    id: Uuid,
    native: Option<String>,
    surname: String,
    given: String,
    number: String,
    tier: String,
    grp: String,
    km: i64,
    flights: Option<i64>,
    seen: Option<chrono::DateTime<chrono::Utc>>,
    city: Option<String>,
}

impl Flyer {
    fn name(&self) -> PersonName {
        match &self.native {
            Some(native) => PersonName::from_native(native),
            None => PersonName::from_latin(&self.surname, &self.given),
        }
    }
}

impl ListRow for Flyer {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        ctx.name(&self.name())
    }

    fn href(&self) -> Option<String> {
        Some("/gallery".to_owned())
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "name" => Cell::Who(Box::new(self.name()), "/gallery".to_owned()),
            "no" => Cell::Code(kernel::member_no::grouped(&self.number)),
            "tier" => Cell::Tier(self.tier.clone(), ctx.t(&format!("tier-{}", self.tier))),
            "group" => Cell::Group(self.grp.clone(), ctx.t(&format!("group-{}", self.grp))),
            "seen" => Cell::ago(self.seen),
            "flights" => Cell::num(self.flights),
            "km" => Cell::Num(self.km),
            "city" => Cell::text(self.city.clone()),
            _ => Cell::Empty,
        }
    }
}

#[derive(Clone)]
struct Rooms {
    web: Web,
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

async fn customers(ctx: Ctx) -> PageResult {
    let empty = Empty {
        icon: "users",
        title: ctx.t("gallery-title"),
        text: ctx.t("gallery-answer"),
        action: None,
    };
    List::new(&LIST)
        .total(400)
        .export(READ)
        .side()
        .action(ctx.t("gallery-import"), "/form", "upload")
        .action(ctx.t("gallery-new"), "/form", "plus")
        .bulk(ctx.t("gallery-tag"), "/customers/tag", "tag")
        .empty(empty)
        .serve::<Flyer>(&ctx)
        .await
}

#[derive(Template)]
#[template(
    source = r##"{% extends "web/plain.html" %}
{% block title %}{{ ctx.t("gallery-charts") }}{% endblock %}
{% block crumbs %}<nav class="crumbs" aria-label="{{ ctx.t("crumbs") }}"><ol><li><a href="/customers">{{ ctx.t("gallery-title") }}</a></li><li aria-current="page">{{ ctx.t("gallery-charts") }}</li></ol></nav>{% endblock %}
{% block heading %}{{ ctx.t("gallery-charts") }} {{ ui::tag("k = 5", "good", "check") }}{% endblock %}
{% block actions %}{{ ui::link_button(ctx.t("gallery-form"), "/form", "pencil", "outline") }}{% endblock %}
{% block page %}<div class="start">{{ ui::answer(ctx.t("gallery-answer")) }}
<div class="two-col">{% for c in charts %}{% call ui::panel(c.id, c.label) %}{{ ui::chart(c) }}{% endcall %}{% endfor %}
{% call ui::panel("pieces", "Pieces") %}<p>{{ ui::status("Done", "good", "circle-check") }} {{ ui::status("Late", "warn", "clock") }} {{ ui::tag("new", "accent") }} {{ ui::tier("gold", ctx.t("tier-gold")) }} {{ ui::group("keep", ctx.t("group-keep")) }} {{ ui::copy("6218045731", ctx.t("copy")) }}</p>{{ ui::bar(62, "62 %") }}{% call ui::callout(ctx.t("gallery-answer"), "warn", "triangle-alert") %}{% endcall %}{% call ui::empty("inbox", ctx.t("list-none"), ctx.t("jobs-none-text")) %}{{ ui::link_button(ctx.t("gallery-import"), "/form", "upload") }}{% endcall %}{% endcall %}
</div></div>{% endblock %}"##,
    ext = "html"
)]
struct Gallery<'a> {
    ctx: &'a Ctx,
    charts: Vec<Chart>,
}

async fn gallery(ctx: Ctx) -> PageResult {
    let charts = charts(&ctx);
    Ok(ctx.page(&Gallery { ctx: &ctx, charts }))
}

fn charts(ctx: &Ctx) -> Vec<Chart> {
    let months: Vec<Point> = (1..=12)
        .map(|month| Point {
            name: month.to_string(),
            value: f64::from((month * 37) % 19),
            href: Some("/customers".to_owned()),
        })
        .collect();
    let curve: Vec<(f64, f64)> = (0..=20)
        .map(|x| (f64::from(x) * 5.0, 100.0 * (1.0 - (1.0 - f64::from(x) / 20.0).powi(3))))
        .collect();
    let marks = [(20.0, 48.8, "20 % → 48.8 %".to_owned())];
    vec![
        centres(ctx),
        spread(),
        Chart::new("bars", "Thousand km by month", chart::bars(&months, "{value}"))
            .unit("thousand km"),
        Chart::new("line", "Rows per second", chart::line(&months, "12,500 rows/s")).size("m"),
        Chart::new("pareto", "Revenue", chart::pareto(&curve, "members", "revenue", &marks)),
        moves(ctx),
    ]
}

fn group_name(ctx: &Ctx, key: &str) -> String {
    ctx.t(&format!("group-{key}"))
}

type Centre = (&'static str, [f64; 5], Option<(usize, &'static str)>);

const CENTRES: [Centre; 5] = [
    ("keep", [0.48, 0.80, 2.48, 2.42, 0.31], Some((2, "left"))),
    ("develop", [0.05, 0.0, -0.23, -0.23, 2.20], Some((4, "bottom"))),
    ("winback", [1.16, 0.38, -0.09, -0.09, -0.16], Some((0, "right"))),
    ("general", [-0.70, 0.41, -0.16, -0.16, -0.25], None),
    ("low", [-0.31, -1.69, -0.57, -0.54, -0.17], None),
];

fn centres(ctx: &Ctx) -> Chart {
    let words = ["L length", "R recency", "F frequency", "M mileage", "C coefficient"];
    let axes: Vec<(String, String)> =
        words.iter().map(|word| ((*word).to_owned(), word[..1].to_owned())).collect();
    let spokes: Vec<Spoke> = CENTRES
        .iter()
        .map(|(key, values, label)| Spoke {
            key: (*key).to_owned(),
            name: group_name(ctx, key),
            values: values.to_vec(),
            label: *label,
        })
        .collect();
    let (radar, narrow) = chart::radar(&axes, &spokes, -2.0, 2.8);
    let rows = CENTRES.iter().map(|(key, values, _)| {
        let cells = std::iter::once(group_name(ctx, key))
            .chain(values.iter().map(|value| ctx.dec(value, 2)))
            .collect();
        Row::linked(cells, format!("/customers?f=group:in:{key}"))
    });
    let heads = ["", "L", "R", "F", "M", "C"].iter().map(|head| (*head).to_owned()).collect();
    Chart::new("radar", "Five group centres", radar)
        .narrow(narrow)
        .size("l")
        .table(heads, rows.collect())
}

fn spread() -> Chart {
    let quantiles = [
        ("keep", [24.0, 34.0, 42.0, 55.0, 86.0]),
        ("develop", [2.0, 3.0, 6.0, 12.0, 26.0]),
        ("winback", [2.0, 4.0, 9.0, 15.0, 26.0]),
        ("general", [2.0, 4.0, 8.0, 13.0, 24.0]),
        ("low", [2.0, 2.0, 3.0, 5.0, 9.0]),
    ];
    let rows: Vec<(&str, [f64; 5], String)> =
        quantiles.iter().map(|(key, q)| (*key, *q, format!("median {}", q[2]))).collect();
    Chart::new("box", "Flights by group", chart::boxes(&rows, (90.0, 30.0))).size("m")
}

fn moves(ctx: &Ctx) -> Chart {
    let node = |key: &str, left: bool, colour| Node {
        name: format!("{left}{key}"),
        label: format!("{} 1,200", group_name(ctx, key)),
        short: "1,200".to_owned(),
        colour,
        left,
    };
    let nodes: Vec<Node> = [true, false]
        .iter()
        .flat_map(|left| chart::GROUPS.map(|(key, colour, _)| node(key, *left, colour)))
        .collect();
    let flow = |a: &str, b: &str| Flow {
        from: format!("true{a}"),
        to: format!("false{b}"),
        value: if a == b { 1000 } else { 40 },
        tip: format!("{a} → {b}"),
        href: None,
        same: a == b,
    };
    let flows: Vec<Flow> =
        chart::GROUPS.iter().flat_map(|(a, ..)| chart::GROUPS.map(|(b, ..)| flow(a, b))).collect();
    let (sankey, narrow) = chart::sankey(&nodes, &flows);
    Chart::new("sankey", "Moves", sankey).narrow(narrow).size("l")
}

#[derive(Template)]
#[template(
    source = r##"{% extends "web/plain.html" %}
{% block title %}{{ ctx.t("gallery-form") }}{% endblock %}
{% block heading %}{{ ctx.t("gallery-form") }}{% endblock %}
{% block page %}<form class="form" method="post" action="/form" data-guard>{{ ui::csrf() }}{{ ui::wrong(errors) }}
{{ ui::field("name", ctx.t("gallery-name"), form.name, errors, required=true) }}
{{ ui::select("tier", ctx.t("gallery-tier"), tiers, form.tier.as_str(), errors) }}
{{ ui::area("note", ctx.t("gallery-answer"), form.note, errors, help=ctx.t("password-help")) }}
{{ ui::tick("shared", ctx.t("list-view-share"), false) }}
<div class="btn-row">{{ ui::button(ctx.t("save"), "check") }}<button class="btn" data-variant="outline" type="button" data-confirm="{{ ctx.t("list-view-delete-ask") }}" data-confirm-do="{{ ctx.t("list-view-delete") }}">{{ ctx.t("list-view-delete") }}</button></div></form>{% endblock %}"##,
    ext = "html"
)]
struct FormPage<'a> {
    ctx: &'a Ctx,
    form: &'a Sent,
    errors: &'a Errors,
    tiers: Vec<(String, String)>,
}

#[derive(Default, serde::Deserialize)]
struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    note: String,
}

fn tiers(ctx: &Ctx) -> Vec<(String, String)> {
    TIERS.iter().map(|(value, key)| ((*value).to_owned(), ctx.t(key))).collect()
}

async fn form(ctx: Ctx) -> PageResult {
    let tiers = tiers(&ctx);
    Ok(ctx.page(&FormPage { ctx: &ctx, form: &Sent::default(), errors: &Errors::none(), tiers }))
}

async fn send(ctx: Ctx, State(_rooms): State<Rooms>, Form(sent): Form<Sent>) -> PageResult {
    let mut errors = Errors::none();
    if sent.note.is_empty() {
        errors.add("note", ctx.t("list-value-wrong"));
        let tiers = tiers(&ctx);
        let page = FormPage { ctx: &ctx, form: &sent, errors: &errors, tiers };
        return Ok(ctx.page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    Ok(ctx
        .see("/customers")
        .toast(Toast::good(ctx.t("list-view-saved")).undo("/form"))
        .into_response())
}

async fn fill(web: &Web) {
    let mut tx = web.db.begin().await.unwrap();
    let names = [
        "林婉清",
        "欧阳承泽",
        "周启明",
        "司徒慧敏",
        "吕梓涵",
        "曾国栋",
        "徐若曦",
        "马依拉·艾山",
        "Katharina Vogel",
        "Erik Hansen",
        "Priya Raman",
    ];
    let rows = (0..400_i64).map(|n| {
        let at = usize::try_from(n).unwrap();
        let name = PersonName::parse(names[at % names.len()]);
        let seen = web.clock.now() - chrono::Duration::hours(n * 29 + 3);
        vec![
            Value::from(kernel::ids::v7(web.clock.now())),
            Value::Text(name.native.clone()),
            Value::from(name.surname.as_str()),
            Value::from(name.given.as_str()),
            Value::from(name.keys().full_key),
            Value::from(kernel::member_no::with_check(621_804_573 + n.unsigned_abs() * 7)),
            Value::from(TIERS[(at * 7) % 4].0),
            Value::from(GROUPS[(at * 3) % 5].0),
            Value::from(212_480 - n * 511),
            Value::Int((n % 9 != 8).then_some(104 - n % 100)),
            Value::Time((n % 13 != 12).then_some(seen)),
            Value::from(["北京", "上海", "广州", "法兰克福"][at % 4]),
        ]
    });
    let columns = [
        Col::uuid("id"),
        Col::text("native"),
        Col::text("surname"),
        Col::text("given"),
        Col::text("sort"),
        Col::text("number"),
        Col::text("tier"),
        Col::text("grp"),
        Col::i64("km"),
        Col::i64("flights"),
        Col::time("seen"),
        Col::text("city"),
    ];
    tx.bulk("flyer", &columns, rows.collect(), "").await.unwrap();
    tx.exec(sql("UPDATE flyer SET city = NULL WHERE km < 100000")).await.unwrap();
    tx.commit().await.unwrap();
}

fn nav() -> Vec<NavEntry> {
    let entry = |section, key, href, icon, letter| NavEntry {
        section,
        key,
        href,
        icon,
        any_of: &[],
        letter,
        phone: true,
    };
    vec![
        entry("", "home", "/", "house", 'h'),
        entry("know", "customers", "/customers", "users", 'c'),
        entry("know", "gallery", "/gallery", "gem", 'v'),
        entry("run", "form", "/form", "upload", 'i'),
        entry("run", "jobs", "/jobs", "list-checks", 'j'),
    ]
}

#[tokio::main]
async fn main() {
    let scratch =
        store::testing::Scratch::sqlite(&[access::MIGRATIONS, web::MIGRATIONS, &[TABLES]]).await;
    let texts: &[web::texts::Source] = &[(kernel::Lang::En, EN), (kernel::Lang::ZhCn, ZH)];
    let house = web::testing::House::new(scratch.db.clone(), &[TABLE], &[texts], nav()).await;
    fill(&house.web).await;
    let visitor = house.staff(Role::Administrator).await;
    let rooms = Rooms { web: house.web.clone() };
    let pages = Router::new()
        .route("/", get(gallery))
        .route("/customers", get(customers))
        .route("/gallery", get(gallery))
        .route("/form", get(form).post(send))
        .with_state(rooms);
    let document = utoipa::openapi::OpenApiBuilder::new().build();
    let app = house.app(pages.merge(web::api::pages(&house.web, &document)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await.unwrap();
    println!("http://127.0.0.1:8099  administrator@jetbridge.example  {}", web::testing::PASSWORD);
    println!("session {}", visitor.token);
    axum::serve(listener, app).await.unwrap();
}
