//! A list over HTTP: page, forms that change it, files, views.
#![allow(clippy::unwrap_used, reason = "tests")]

use access::{Permission, Role};
use axum::Router;
use axum::routing::get;
use store::{Migration, sql};
use uuid::Uuid;
use web::list::{BuiltIn, Cell, Column, List, ListRow, ListSpec, Slot};
use web::testing::{self, House};
use web::{Ctx, PageResult};

const TABLE: Migration = Migration {
    name: "20260101_000000_things",
    text: "CREATE TABLE thing (id UUID PRIMARY KEY, name TEXT NOT NULL, size BIGINT NOT NULL);",
};
const EXPORT: Permission = Permission::new("things.export");
const TEXTS: &[web::texts::Source] = &[
    (kernel::Lang::En, "things = Things\nthing-name = Name\nthing-size = Size\nthings-all = All\n"),
    (
        kernel::Lang::ZhCn,
        "things = 物品\nthing-name = 名称\nthing-size = 大小\nthings-all = 全部\n",
    ),
];
const LIST: ListSpec = ListSpec {
    key: "things",
    title: "things",
    select: "t.id, t.name, t.size",
    from: "thing t",
    base: "",
    id: "t.id",
    columns: &[
        Column::text("name", "thing-name", "t.name").sortable().not_null().slot(Slot::Lead),
        Column::number("size", "thing-size", "t.size").sortable().not_null(),
    ],
    sort: "name",
    views: &[BuiltIn { key: "all", label: "things-all", query: "" }],
    search: None,
    count_cap: 100,
    covering: None,
};

#[derive(sqlx::FromRow)]
struct Thing {
    id: Uuid,
    name: String,
    size: i64,
}

impl ListRow for Thing {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, _: &Ctx) -> String {
        self.name.clone()
    }

    fn cell(&self, key: &str, _: &Ctx) -> Cell {
        match key {
            "name" => Cell::Title(self.name.clone(), format!("/things/{}", self.id)),
            _ => Cell::Num(self.size),
        }
    }
}

async fn page(ctx: Ctx) -> PageResult {
    List::new(&LIST).export(EXPORT).bulk("Tag".to_owned(), "/tag", "tag").serve::<Thing>(&ctx).await
}

async fn both<F: AsyncFn(House, Router)>(body: F) {
    let tables = &[&[(EXPORT, &[Role::Analyst] as &[Role])] as access::PermissionTable];
    testing::both(&[&[TABLE]], tables, &[TEXTS], async |house| {
        let mut tx = house.web.db.begin().await.unwrap();
        for n in 0..60_i64 {
            let name = if n == 7 { "<script>\"7\"".to_owned() } else { format!("Thing {n:02}") };
            let row = sql("INSERT INTO thing (id, name, size) VALUES ($1, $2, $3)");
            tx.exec(row.bind(Uuid::from_u128(n.unsigned_abs().into())).bind(name).bind(n * 1000))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let pages = Router::new().route("/things", get(page)).with_state(house.web.clone());
        let app = house.app(pages);
        body(house, app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_rows_escaped_and_leads_on() {
    both(async |house, app| {
        let analyst = house.staff(Role::Analyst).await;
        let first = analyst.get(&app, "/things").await;
        assert_eq!(first.status, 200);
        assert!(first.text.contains("&lt;script&gt;"), "what data holds is escaped");
        assert!(first.text.contains(r#"rel="next""#) && !first.text.contains(r#"rel="prev""#));
        let zh = analyst.reading("zh-CN").get(&app, "/things").await.text;
        assert!(zh.contains("物品") && !zh.contains('⟨'));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_condition_becomes_a_link_and_a_broken_link_a_way_out() {
    both(async |house, app| {
        let analyst = house.staff(Role::Analyst).await;
        let changed = analyst.get(&app, "/things?set=new.size&op=gte&v=50000&sort=-size").await;
        assert_eq!(
            (changed.status, changed.location()),
            (303, "/things?f=size:gte:50000&sort=-size")
        );
        let shown = analyst.get(&app, changed.location()).await.text;
        assert!(shown.contains("Thing 59") && !shown.contains("Thing 49"));
        let wrong = analyst.get(&app, "/things?set=new.size&op=gte&v=much").await;
        assert!(wrong.status == 200 && wrong.text.contains("does not fit the field"));
        let broken = analyst.get(&app, "/things?f=colour:is:red").await;
        assert_eq!(broken.status, 422);
        assert!(broken.text.contains(r#"href="/things""#), "the list without filters is offered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_hold_the_whole_view_and_leave_a_trace() {
    both(async |house, app| {
        let analyst = house.staff(Role::Analyst).await;
        let csv = analyst.get(&app, "/things?f=size:lt:3000&export=csv").await;
        assert_eq!(csv.status, 200);
        let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines, ["Name,Size", "Thing 00,0", "Thing 01,1000", "Thing 02,2000"]);
        let book = analyst.get(&app, "/things?export=xlsx").await;
        assert!(book.status == 200 && book.text.starts_with("PK"));
        let mut tx = house.web.db.read().await.unwrap();
        let trace = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM access_audit WHERE action = $1");
        assert_eq!(tx.value::<i64>(trace.bind("web.list-exported")).await.unwrap(), 2);
        drop(tx);
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.get(&app, "/things?export=csv").await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_kept_shared_opened_first_and_deleted_by_their_owner_only() {
    both(async |house, app| {
        let (analyst, agent) = (house.staff(Role::Analyst).await, house.staff(Role::Agent).await);
        let fields = [
            ("list", "things"),
            ("name", "Large ones"),
            ("query", "f=size:gte:50000"),
            ("back", "/things"),
        ];
        let saved = analyst.post(&app, "/views", &fields).await;
        assert_eq!(saved.status, 303);
        let link = saved.location().to_owned();
        let view = link.strip_prefix("/things?view=").unwrap().to_owned();
        let open = analyst.get(&app, &link).await.text;
        assert!(
            open.contains("Large ones") && open.contains("Thing 59") && !open.contains("Thing 49")
        );
        assert!(!agent.get(&app, "/things").await.text.contains("Large ones"), "private at first");
        let path = format!("/views/{view}");
        let act = async |who: &testing::Visitor, what: &str| {
            who.post(&app, &path, &[("what", what), ("list", "things"), ("back", "/things")])
                .await
                .status
        };
        assert_eq!(act(&agent, "delete").await, 404);
        let mut rename = vec![("what", "rename"), ("name", "Big ones"), ("back", "/things")];
        assert_eq!(agent.post(&app, &path, &rename).await.status, 404, "not theirs");
        assert_eq!(analyst.post(&app, &path, &rename).await.status, 303);
        assert!(analyst.get(&app, &link).await.text.contains("Big ones"));
        rename[1].1 = "  ";
        assert_eq!(analyst.post(&app, &path, &rename).await.status, 422);
        rename[1].1 = "Large ones";
        assert_eq!(analyst.post(&app, &path, &rename).await.status, 303);
        assert_eq!(act(&analyst, "share").await, 303);
        assert!(agent.get(&app, "/things").await.text.contains("Large ones"));
        assert_eq!(act(&agent, "first").await, 303);
        assert!(!agent.get(&app, "/things").await.text.contains("Thing 49"), "opens first");
        assert_eq!(act(&analyst, "delete").await, 303);
        assert!(
            agent.get(&app, "/things").await.text.contains("Thing 49"),
            "a deleted view is no trap"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_page_is_made_from_the_document() {
    both(async |house, _| {
        let document = serde_json::json!({
            "openapi": "3.1.0", "info": { "title": "Jetbridge", "version": "1" },
            "paths": { "/api/v1/things/{id}": { "post": { "tags": ["Things"], "summary": "Change a thing",
                "operationId": "change_thing",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Change" } } } },
                "responses": { "200": { "description": "Changed" } } } } },
            "components": { "schemas": { "Change": { "type": "object", "properties": { "size": { "type": "integer" } } } } }
        });
        let document: utoipa::openapi::OpenApi = serde_json::from_value(document).unwrap();
        let app = house.app(web::api::pages(&house.web, &document));
        let analyst = house.staff(Role::Analyst).await;
        let page = analyst.get(&app, "/api").await.text;
        for part in ["Change a thing", "/api/v1/things/{id}", "data-tryit", "&#34;size&#34;: 0", "Changed"] {
            assert!(page.contains(part), "{part}");
        }
        let raw = analyst.get(&app, "/api/v1/openapi.json").await;
        assert!(raw.status == 200 && raw.text.contains("change_thing"));
    })
    .await;
}
