//! The list of members.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use store::SqlBuilder;
use uuid::Uuid;
use web::list::{Action, BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Slot};
use web::{Ctx, PageResult};

use super::words;
use crate::ledger::NEVER;
use crate::{Rooms, permissions};

const STATES: &[(&str, &str)] = &[
    ("open", "loyalty-state-open"),
    ("debits-frozen", "loyalty-state-debits-frozen"),
    ("frozen", "loyalty-state-frozen"),
    ("merged", "loyalty-state-merged"),
    ("closed", "loyalty-state-closed"),
];
const KINDS: &[(&str, &str)] =
    &[("ordinary", "loyalty-kind-ordinary"), ("child", "loyalty-kind-child")];

const COLUMNS: &[Column] = &[
    Column::text("name", "loyalty-col-member", "c.full_key").folded(name_key).slot(Slot::Lead),
    Column::text("no", "loyalty-col-number", "m.member_no")
        .sortable()
        .not_null()
        .folded(kernel::member_no::plain)
        .slot(Slot::Left),
    Column::choice("programme", "loyalty-col-programme", "m.programme", &[]).not_null().optional(),
    Column::choice("tier", "loyalty-col-tier", "n.tier", &[]).slot(Slot::Top),
    Column::date("tier_to", "loyalty-col-tier-to", "n.valid_to").slot(Slot::Right2),
    Column::number("miles", "loyalty-col-miles", "a.balance").slot(Slot::Right),
    Column::date("expiry", "loyalty-col-next-expiry", "a.next_expiry"),
    Column::choice("kind", "loyalty-col-kind", "m.kind", KINDS).not_null().optional(),
    Column::choice(
        "state",
        "loyalty-col-state",
        "CASE WHEN m.merged_into IS NOT NULL THEN 'merged' ELSE m.state END",
        STATES,
    )
    .not_null()
    .slot(Slot::Left2),
    Column::time("since", "loyalty-col-since", "m.enrolled_at").sortable().not_null(),
];

const VIEWS: &[BuiltIn] = &[
    BuiltIn { key: "all", label: "loyalty-view-all", query: "" },
    BuiltIn { key: "high", label: "loyalty-view-elite", query: "f=rank:gte:1" },
    BuiltIn { key: "ending", label: "loyalty-view-ending", query: "f=tier_to:next:60" },
    BuiltIn { key: "expiring", label: "loyalty-view-expiring", query: "f=expiry:next:90" },
    BuiltIn {
        key: "frozen",
        label: "loyalty-view-frozen",
        query: "f=state:in:frozen|debits-frozen",
    },
    BuiltIn { key: "children", label: "loyalty-view-children", query: "f=kind:in:child" },
];

/// Everybody but the forgotten, latest enrolled first. Balance and tier are cached beside the
/// books and the history, so that a page is a walk along one index.
pub const LIST: ListSpec = ListSpec {
    key: "members",
    title: "loyalty-list-title",
    select: "m.id, m.programme, m.member_no, m.kind, m.state, m.merged_into, m.enrolled_at, \
        c.name_native, c.surname, c.given, n.tier, n.rank, n.valid_to, a.balance, a.next_expiry",
    from: "loyalty_member m \
        LEFT JOIN customer c ON c.id = m.customer_id \
        LEFT JOIN loyalty_tier_now n ON n.member_id = m.id \
        LEFT JOIN ledger_account a ON a.owner_id = m.id AND a.programme = m.programme \
            AND a.unit = 'miles'",
    base: "m.forgotten_at IS NULL",
    id: "m.id",
    columns: COLUMNS_ALL,
    sort: "-since",
    views: VIEWS,
    search: Some(quick),
    count_cap: 10_000,
    covering: None,
};

const COLUMNS_ALL: &[Column] = &{
    let mut all = [COLUMNS[0]; COLUMNS.len() + 1];
    let mut at = 0;
    while at < COLUMNS.len() {
        all[at] = COLUMNS[at];
        at += 1;
    }
    all[at] = Column::number("rank", "loyalty-col-rank", "n.rank").only_filter();
    all
};

/// Beginnings of numbers, and of names in either script. Each is an index range, bounded.
fn quick(typed: &str, out: &mut SqlBuilder) {
    let plain = kernel::member_no::plain(typed);
    if plain.bytes().any(|byte| byte.is_ascii_digit()) {
        out.push("(m.member_no >= ").bind(plain.as_str()).push(" AND m.member_no <= ");
        out.bind(format!("{plain}ZZZZ")).push(")");
        return;
    }
    let from = name_key(typed);
    out.push("m.customer_id IN (SELECT id FROM (SELECT id FROM customer WHERE full_key >= ");
    out.bind(from.as_str()).push(" AND full_key <= ").bind(format!("{from}zzzzzzzz"));
    out.push(" LIMIT 5000) AS r)");
}

/// Names typed in Chinese are compared by their reading, as names are sorted by it.
fn name_key(typed: &str) -> String {
    if typed.chars().any(kernel::names::is_hanzi) {
        return PersonName::from_native(typed).keys().full_key;
    }
    kernel::names::fold(typed)
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: Uuid,
    programme: String,
    member_no: String,
    kind: String,
    state: String,
    merged_into: Option<Uuid>,
    enrolled_at: DateTime<Utc>,
    name_native: Option<String>,
    surname: Option<String>,
    given: Option<String>,
    tier: Option<String>,
    rank: Option<i64>,
    valid_to: Option<NaiveDate>,
    balance: Option<i64>,
    next_expiry: Option<NaiveDate>,
}

impl Row {
    fn name(&self) -> PersonName {
        PersonName {
            native: self.name_native.clone().filter(|native| !native.is_empty()),
            surname: self.surname.clone().unwrap_or_default(),
            given: self.given.clone().unwrap_or_default(),
        }
    }

    fn page(&self) -> String {
        format!("/members/{}", self.id)
    }
}

/// State, icon and words of a member's state.
pub(super) fn state(ctx: &Ctx, state: &str) -> Cell {
    let words = ctx.t(&format!("loyalty-state-{state}"));
    match state {
        "open" => Cell::Text(words),
        "debits-frozen" => Cell::Status("warn", "lock", words),
        "frozen" => Cell::Status("bad", "lock", words),
        "merged" => Cell::Status("info", "merge", words),
        _ => Cell::Status("", "ban", words),
    }
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        let name = self.name();
        if name.is_empty() { words::number(&self.member_no) } else { ctx.name(&name) }
    }

    fn href(&self) -> Option<String> {
        Some(self.page())
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "name" if self.name().is_empty() => {
                Cell::Title(words::number(&self.member_no), self.page())
            }
            "name" => Cell::Who(Box::new(self.name()), self.page()),
            "no" => Cell::Code(words::number(&self.member_no)),
            "programme" => Cell::Code(self.programme.clone()),
            "tier" => {
                let code = self.tier.as_deref().unwrap_or_default();
                let key = words::tier_key(code, self.rank.unwrap_or(0));
                Cell::Tier(key.to_owned(), words::tier_name(ctx, None, code))
            }
            "tier_to" => Cell::date(self.valid_to),
            "miles" => Cell::num(self.balance),
            "expiry" => Cell::date(self.next_expiry.filter(|day| *day < NEVER)),
            "kind" => Cell::Text(ctx.t(&format!("loyalty-kind-{}", self.kind))),
            "state" if self.merged_into.is_some() => state(ctx, "merged"),
            "state" => state(ctx, &self.state),
            "since" => Cell::Date(self.enrolled_at.with_timezone(&ctx.zone).date_naive()),
            _ => Cell::Empty,
        }
    }
}

/// `GET /members`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut tx = ctx.web.db.read().await?;
    let book = rooms.loyalty.rulebook(&mut tx).await?;
    drop(tx);
    let mut programmes = Vec::new();
    let mut tiers: Vec<(String, String)> = Vec::new();
    for (code, engine) in &book {
        let rules = engine.programme();
        programmes.push((code.clone(), rules.name.get(ctx.lang).to_owned()));
        for tier in rules.tiers.iter().skip(1) {
            if !tiers.iter().any(|(known, _)| known == tier.code.as_str()) {
                tiers.push((tier.code.to_string(), tier.name.get(ctx.lang).to_owned()));
            }
        }
    }
    programmes.sort();
    let may_enrol = ctx.actor.may(permissions::ENROL).is_ok();
    let enrol = || Action {
        text: ctx.t("loyalty-enrol"),
        href: "/members/new".to_owned(),
        icon: "user-plus",
    };
    let mut list = List::new(&LIST)
        .export(permissions::EXPORT)
        .side()
        .choices("programme", programmes)
        .choices("tier", tiers)
        .empty(Empty {
            icon: "award",
            title: ctx.t("loyalty-empty-title"),
            text: ctx.t("loyalty-empty-text"),
            action: may_enrol.then(enrol),
        })
        .action(ctx.t("loyalty-proposals-title"), "/members/proposals", "clipboard-check")
        .action(ctx.t("loyalty-reviews-title"), "/members/reviews", "shield-alert");
    if may_enrol {
        list = list.action(ctx.t("loyalty-enrol"), "/members/new", "user-plus");
    }
    list.serve::<Row>(&ctx).await
}
