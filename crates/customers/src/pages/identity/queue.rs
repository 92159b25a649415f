//! The list of pairs that wait, and of those decided.

use axum::extract::State;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use kernel::Outcome;
use kernel::names::PersonName;
use uuid::Uuid;
use web::form::Fields;
use web::list::{Action, BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Slot};
use web::{Ctx, PageResult, Toast};

use super::super::Rooms;
use super::super::words::called;
use crate::identity::{PAIR, WAITS};
use crate::permissions;
use crate::profile::row::name_of;

const BANDS: &[(&str, &str)] =
    &[("review", "identity-band-review"), ("link", "identity-band-link")];
const STATUSES: &[(&str, &str)] = &[
    ("same", "identity-status-same"),
    ("different", "identity-status-different"),
    ("later", "identity-status-later"),
    ("joined", "identity-status-joined"),
];

const SELECT: &str = "r.id, r.band, r.status, r.weight, r.found_at, r.decided_at,
    a.name_native AS one_native, a.surname AS one_surname, a.given AS one_given,
    a.member_no AS one_no, b.name_native AS other_native, b.surname AS other_surname,
    b.given AS other_given, b.member_no AS other_no";

const COLUMNS: &[Column] = &[
    Column::text("one", "identity-col-one", "a.full_key").not_null().slot(Slot::Lead),
    Column::text("other", "identity-col-other", "b.full_key").not_null().slot(Slot::Left),
    Column::decimal("weight", "identity-col-weight", "r.weight")
        .sortable()
        .not_null()
        .slot(Slot::Right),
    Column::choice("band", "identity-col-band", "r.band", BANDS).not_null().slot(Slot::Top),
    Column::time("found", "identity-col-found", "r.found_at").sortable().not_null(),
];

const DECIDED_COLUMNS: &[Column] = &[
    COLUMNS[0],
    COLUMNS[1],
    COLUMNS[2],
    Column::choice("status", "identity-col-status", "r.status", STATUSES)
        .not_null()
        .slot(Slot::Top),
    Column::time("decided", "identity-col-decided", "r.decided_at"),
    COLUMNS[4],
];

/// Pairs that wait for somebody.
pub(crate) const OPEN: ListSpec = ListSpec {
    key: "identity",
    title: "identity-title",
    select: SELECT,
    from: PAIR,
    base: WAITS,
    id: "r.id",
    columns: COLUMNS,
    sort: "-weight",
    views: &[
        BuiltIn { key: "all", label: "identity-view-all", query: "" },
        BuiltIn { key: "newest", label: "identity-view-newest", query: "sort=-found" },
    ],
    search: None,
    count_cap: 10_000,
    covering: None,
};

/// Pairs somebody or the machine decided.
pub(crate) const DECIDED: ListSpec = ListSpec {
    key: "identity-decided",
    title: "identity-decided-title",
    base: "r.status <> 'open'",
    columns: DECIDED_COLUMNS,
    sort: "-found",
    views: &[BuiltIn { key: "all", label: "identity-view-decided", query: "" }],
    ..OPEN
};

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    band: String,
    status: String,
    weight: f64,
    found_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    one_native: String,
    one_surname: String,
    one_given: String,
    one_no: String,
    other_native: String,
    other_surname: String,
    other_given: String,
    other_no: String,
}

impl Row {
    fn one(&self) -> PersonName {
        name_of(self.one_native.clone(), self.one_surname.clone(), self.one_given.clone())
    }

    fn other(&self) -> PersonName {
        name_of(self.other_native.clone(), self.other_surname.clone(), self.other_given.clone())
    }

    fn page(&self) -> String {
        format!("/identity/review/{}", self.id)
    }
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        called(ctx, &self.one(), &self.one_no)
    }

    fn href(&self) -> Option<String> {
        Some(self.page())
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "one" => Cell::Title(called(ctx, &self.one(), &self.one_no), self.page()),
            "other" => Cell::Text(called(ctx, &self.other(), &self.other_no)),
            "weight" => Cell::Dec(self.weight, 1),
            "band" => Cell::Tag(
                if self.band == "link" { "warn" } else { "info" },
                ctx.t(&format!("identity-band-{}", self.band)),
            ),
            "status" => Cell::Text(ctx.t(&format!("identity-status-{}", self.status))),
            "found" => Cell::Ago(self.found_at),
            "decided" => Cell::ago(self.decided_at),
            _ => Cell::Empty,
        }
    }
}

/// `GET /identity`
pub(in crate::pages) async fn open(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut list = List::new(&OPEN).note(ctx.t("identity-note")).empty(Empty {
        icon: "users",
        title: ctx.t("identity-empty-title"),
        text: ctx.t("identity-empty-text"),
        action: Some(Action {
            text: ctx.t("identity-decided-title"),
            href: "/identity/decided".to_owned(),
            icon: "history",
        }),
    });
    if ctx.actor.may(permissions::RUN).is_ok() {
        list = list.action(ctx.t("identity-run"), "/identity/run", "play");
    }
    list.serve::<Row>(&ctx).await
}

/// `GET /identity/decided`
pub(in crate::pages) async fn decided(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let list = List::new(&DECIDED).crumb(ctx.t("identity-title"), "/identity").empty(Empty {
        icon: "history",
        title: ctx.t("identity-decided-empty"),
        text: ctx.t("identity-decided-empty-text"),
        action: None,
    });
    list.serve::<Row>(&ctx).await
}

#[derive(askama::Template)]
#[template(path = "identity/run.html")]
struct Ask<'a> {
    ctx: &'a Ctx,
}

/// `GET /identity/run`: what a search does, and the button.
pub(in crate::pages) async fn ask_run(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::RUN)?;
    Ok(ctx.page(&Ask { ctx: &ctx }))
}

/// `POST /identity/run`
pub(in crate::pages) async fn run(ctx: Ctx, State(rooms): State<Rooms>, _: Fields) -> PageResult {
    let started = rooms.customers.start_run(&ctx.actor).await?;
    let key = match started {
        Outcome::Done(_) => "identity-run-started",
        Outcome::AlreadyDone(_) => "identity-run-running",
    };
    Ok(ctx.see("/identity").toast(Toast::info(ctx.t(key))).into_response())
}
