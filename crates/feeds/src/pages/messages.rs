//! `/feeds/messages`: all messages, and replaying many of them.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use chrono::{DateTime, NaiveDate, Utc};
use store::SqlBuilder;
use uuid::Uuid;
use web::form::Fields;
use web::list::{Action, BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Picked, Slot};
use web::{Ctx, PageResult, Toast};

use super::Rooms;
use super::words::source_name;
use crate::messages::{Selection, Status};
use crate::{Error, permissions};

const SELECT: &str = "m.id, m.kind, m.carrier, m.flight_number, m.flight_date, m.board, m.part, \
    m.status, m.partial, m.reason, m.errors, m.warnings, m.people, m.repeats, \
    m.said_at, m.received_at, m.name, s.name AS source";

const STATUSES: &[(&str, &str)] = &[
    ("waiting", "feeds-message-waiting"),
    ("buffered", "feeds-message-buffered"),
    ("applied", "feeds-message-applied"),
    ("quarantined", "feeds-message-quarantined"),
    ("ignored", "feeds-message-ignored"),
];
const REASONS: &[(&str, &str)] = &[
    ("feeds-refused-unknown", "feeds-refused-unknown"),
    ("feeds-refused-no-flight", "feeds-refused-no-flight"),
    ("feeds-refused-program", "feeds-refused-program"),
    ("feeds-refused-abort", "feeds-refused-abort"),
    ("feeds-refused-text-gone", "feeds-refused-text-gone"),
    ("feeds-refused-many-parts", "feeds-refused-many-parts"),
    ("feeds-refused-many-lists", "feeds-refused-many-lists"),
    ("feeds-ignored-kind", "feeds-ignored-kind"),
    ("feeds-ignored-by-hand", "feeds-ignored-by-hand"),
    ("feeds-ignored-replaced", "feeds-ignored-replaced"),
    ("feeds-ignored-sent-again", "feeds-ignored-sent-again"),
];

/// All messages, newest first.
pub(crate) const LIST: ListSpec = ListSpec {
    key: "messages",
    title: "feeds-messages-title",
    select: SELECT,
    from: "feed_message m JOIN feed_source s ON s.id = m.source_id",
    base: "TRUE",
    id: "m.id",
    columns: &[
        Column::choice("kind", "feeds-col-kind", "m.kind", &[]).not_null().slot(Slot::Lead),
        Column::text("flight", "feeds-col-flight", "(m.carrier || m.flight_number)")
            .not_null()
            .folded(designator)
            .slot(Slot::Left),
        Column::date("day", "feeds-col-day", "m.flight_date").slot(Slot::Left2),
        Column::choice("status", "feeds-col-status", "m.status", STATUSES)
            .not_null()
            .slot(Slot::Top),
        Column::number("people", "feeds-col-people", "m.people").not_null(),
        Column::number("errors", "feeds-col-errors", "m.errors").not_null(),
        Column::number("warnings", "feeds-col-warnings", "m.warnings").not_null().optional(),
        Column::choice("source", "feeds-col-source", "s.name", &[]).not_null(),
        Column::time("said", "feeds-col-said", "m.said_at").not_null().optional(),
        Column::time("received", "feeds-col-received", "m.received_at")
            .sortable()
            .not_null()
            .slot(Slot::Right),
        Column::choice("reason", "feeds-col-reason", "m.reason", REASONS).only_filter(),
        Column::bool("partial", "feeds-col-partial", "m.partial").not_null().only_filter(),
        Column::number("repeats", "feeds-col-repeats", "m.repeats").not_null().optional(),
        Column::text("file", "feeds-col-file", "m.name").not_null().optional(),
    ],
    sort: "-received",
    views: &[
        BuiltIn { key: "all", label: "feeds-view-all", query: "" },
        BuiltIn { key: "aside", label: "feeds-view-quarantine", query: "f=status:in:quarantined" },
        BuiltIn {
            key: "waiting",
            label: "feeds-view-waiting",
            query: "f=status:in:waiting|buffered",
        },
        BuiltIn { key: "errors", label: "feeds-view-errors", query: "f=errors:gt:0" },
    ],
    search: Some(quick),
    count_cap: 10_000,
    covering: None,
};

/// `ca 1501` as it is kept.
fn designator(typed: &str) -> String {
    typed.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn quick(typed: &str, out: &mut SqlBuilder) {
    let flight = designator(typed);
    out.push("((m.carrier || m.flight_number) = ").bind(flight.as_str());
    out.push(" OR m.kind = ").bind(flight.as_str()).push(")");
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    carrier: String,
    flight_number: String,
    flight_date: Option<NaiveDate>,
    board: String,
    part: Option<i64>,
    status: String,
    partial: bool,
    reason: Option<String>,
    errors: i64,
    warnings: i64,
    people: i64,
    repeats: i64,
    said_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    name: String,
    source: String,
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        format!("{} {}{} {}", self.kind, self.carrier, self.flight_number, ctx.at(self.received_at))
    }

    fn href(&self) -> Option<String> {
        Some(format!("/feeds/messages/{}", self.id))
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "kind" => {
                let part = self.part.map(|part| format!(" {}", ctx.t1("feeds-part", "n", part)));
                let text = format!("{}{}", kind(ctx, &self.kind), part.unwrap_or_default());
                Cell::Title(text, format!("/feeds/messages/{}", self.id))
            }
            "flight" if self.carrier.is_empty() => Cell::Empty,
            "flight" => {
                Cell::Code(format!("{}{} {}", self.carrier, self.flight_number, self.board))
            }
            "day" => Cell::date(self.flight_date),
            "status" => status_cell(ctx, self),
            "people" => Cell::Num(self.people),
            "errors" => Cell::Num(self.errors),
            "warnings" => Cell::Num(self.warnings),
            "source" => Cell::Soft(source_name(ctx, &self.source)),
            "said" => Cell::Ago(self.said_at),
            "received" => Cell::Ago(self.received_at),
            "repeats" => Cell::Num(self.repeats),
            "file" => Cell::Soft(self.name.clone()),
            _ => Cell::Empty,
        }
    }
}

fn status_cell(ctx: &Ctx, row: &Row) -> Cell {
    let status = Status::parse(&row.status).unwrap_or(Status::Waiting);
    let (state, icon, word) = status_words(ctx, status, row.partial);
    match row.reason.as_deref().filter(|_| status == Status::Quarantined) {
        Some(reason) if ctx.has(reason) => {
            Cell::Many(vec![Cell::Status(state, icon, word), Cell::Soft(ctx.t(reason))])
        }
        _ => Cell::Status(state, icon, word),
    }
}

/// State, icon and words of a status.
pub(super) fn status_words(
    ctx: &Ctx,
    status: Status,
    partial: bool,
) -> (&'static str, &'static str, String) {
    let word = ctx.t(&format!("feeds-message-{}", status.as_str()));
    match status {
        Status::Waiting => ("info", "clock", word),
        Status::Buffered => ("info", "layers", word),
        Status::Applied if partial => ("warn", "circle-check", ctx.t("feeds-message-partial")),
        Status::Applied => ("good", "circle-check", word),
        Status::Quarantined => ("bad", "circle-alert", word),
        Status::Ignored => ("", "archive", word),
    }
}

/// The kind in words: its identifier, or that it is unknown.
pub(super) fn kind(ctx: &Ctx, kind: &str) -> String {
    if kind == "unknown" { ctx.t("feeds-kind-unknown") } else { kind.to_owned() }
}

/// `GET /feeds/messages`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let kinds = formats::Kind::ALL.iter();
    let kinds = kinds.map(|one| (one.name().to_owned(), kind(&ctx, one.name()))).collect();
    let sources = rooms.feeds.sources(&ctx.actor).await?;
    let named = sources.into_iter().map(|of| (of.name.clone(), source_name(&ctx, &of.name)));
    let mut list = List::new(&LIST)
        .choices("kind", kinds)
        .choices("source", named.collect())
        .crumb(ctx.t("feeds-title"), "/feeds")
        .empty(Empty {
            icon: "inbox",
            title: ctx.t("feeds-messages-empty"),
            text: ctx.t("feeds-messages-empty-text"),
            action: Some(Action {
                text: ctx.t("feeds-inspect-title"),
                href: "/feeds/inspect".to_owned(),
                icon: "scan-search",
            }),
        })
        .action(ctx.t("feeds-inspect-title"), "/feeds/inspect", "scan-search");
    if ctx.actor.may(permissions::REPLAY).is_ok() {
        list = list.bulk(ctx.t("feeds-replay"), "/feeds/messages/bulk/replay", "rotate-cw");
    }
    list.serve::<Row>(&ctx).await
}

#[derive(Template)]
#[template(path = "feeds/replay.html")]
struct Ask<'a> {
    ctx: &'a Ctx,
    count: i64,
    hidden: Vec<(&'static str, String)>,
    back: String,
}

fn selection(ctx: &Ctx, fields: &Fields) -> Result<Selection, web::PageError> {
    let zone = ctx.zone.name().to_owned();
    Ok(Selection { picked: Picked::read(fields)?, today: ctx.today(), zone })
}

/// `POST /feeds/messages/bulk/replay`: how many would it be?
pub(super) async fn ask(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let selection = selection(&ctx, &fields)?;
    let count = rooms.feeds.count_replay(&ctx.actor, &selection).await?;
    let hidden = selection.picked.hidden();
    let back = web::flash::own(fields.get("back"));
    Ok(ctx.page(&Ask { ctx: &ctx, count, hidden, back }))
}

/// `POST /feeds/messages/bulk/replay/run`
pub(super) async fn run(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let selection = selection(&ctx, &fields)?;
    let toast = match rooms.feeds.start_replay(&ctx.actor, &selection).await {
        Ok(_) => Toast::info(ctx.t("feeds-replay-started")),
        Err(Error::NothingAside) => Toast::warn(ctx.t("error-feeds-nothing-aside")),
        Err(other) => return Err(other.into()),
    };
    Ok(ctx.see("/feeds/messages").toast(toast).into_response())
}
