//! The list of partners.

use axum::extract::State;
use chrono::{DateTime, Utc};
use uuid::Uuid;
use web::list::{Action, BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Slot};
use web::{Ctx, PageResult};

use crate::{Rooms, permissions};

/// Partners with the balance of their account turned round: what members got less what they spent.
pub const LIST: ListSpec = ListSpec {
    key: "partners",
    title: "partners-list-title",
    select: "p.id, p.code, p.name_en, p.name_zh, p.programme, p.currency, \
        -a.balance AS given, \
        (SELECT MAX(f.received_at) FROM partner_file f WHERE f.partner_id = p.id) AS last_at, \
        (SELECT COUNT(*) FROM partner_file f WHERE f.partner_id = p.id) AS files",
    from: "partner p JOIN ledger_account a ON a.id = p.account_id",
    base: "",
    id: "p.id",
    columns: &[
        Column::text("name", "partners-col-name", "p.name_en").not_null().slot(Slot::Lead),
        Column::text("code", "partners-col-code", "p.code").sortable().not_null().slot(Slot::Left),
        Column::text("programme", "partners-col-programme", "p.programme").not_null().optional(),
        Column::number("given", "partners-col-given", "-a.balance").not_null().slot(Slot::Right),
        Column::number("files", "partners-col-files", "0").not_null().no_filter(),
        Column::time("last", "partners-col-last", "p.created_at").no_filter().slot(Slot::Right2),
    ],
    sort: "code",
    views: &[BuiltIn { key: "all", label: "partners-view-all", query: "" }],
    search: None,
    count_cap: 10_000,
    covering: None,
};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    code: String,
    name_en: String,
    name_zh: String,
    programme: String,
    given: i64,
    last_at: Option<DateTime<Utc>>,
    files: i64,
}

impl Row {
    fn name(&self, ctx: &Ctx) -> String {
        if ctx.zh() { self.name_zh.clone() } else { self.name_en.clone() }
    }
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        self.name(ctx)
    }

    fn href(&self) -> Option<String> {
        Some(format!("/partners/{}", self.id))
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "name" => Cell::Title(self.name(ctx), format!("/partners/{}", self.id)),
            "code" => Cell::Code(self.code.clone()),
            "programme" => Cell::Code(self.programme.clone()),
            "given" => Cell::Num(self.given),
            "files" => Cell::Num(self.files),
            "last" => self.last_at.map_or(Cell::Empty, Cell::Ago),
            _ => Cell::Empty,
        }
    }
}

/// `GET /partners`
pub(super) async fn page(ctx: Ctx, State(_rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let may = ctx.actor.may(permissions::AGREE).is_ok();
    let action =
        || Action { text: ctx.t("partners-new"), href: "/partners/new".to_owned(), icon: "plus" };
    let mut list = List::new(&LIST).export(permissions::EXPORT).empty(Empty {
        icon: "handshake",
        title: ctx.t("partners-empty-title"),
        text: ctx.t("partners-empty-text"),
        action: may.then(action),
    });
    if may {
        list = list.action(ctx.t("partners-new"), "/partners/new", "plus");
    }
    list.serve::<Row>(&ctx).await
}
