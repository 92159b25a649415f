//! The list of claims.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use sqlx::types::Json;
use store::SqlBuilder;
use uuid::Uuid;
use web::list::{Action, BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Slot};
use web::{Ctx, PageResult};

use super::words;
use crate::{Rooms, permissions};

const STATES: &[(&str, &str)] = &[
    ("waiting", "claims-state-waiting"),
    ("review", "claims-state-review"),
    ("accepted", "claims-state-accepted"),
    ("credited", "claims-state-credited"),
    ("explained", "claims-state-explained"),
];
const CHANNELS: &[(&str, &str)] = &[
    ("member", "claims-channel-member"),
    ("agent", "claims-channel-agent"),
    ("program", "claims-channel-program"),
];

/// Claims, latest first.
pub const LIST: ListSpec = ListSpec {
    key: "claims",
    title: "claims-list-title",
    select: "r.id, r.carrier, r.flight_no, r.flight_date, r.origin, r.destination, r.state, \
        r.verdict, r.detail, r.claimed_at, r.channel, r.miles, m.member_no, c.name_native, \
        c.surname, c.given",
    from: "retro_claim r JOIN loyalty_member m ON m.id = r.member_id \
        LEFT JOIN customer c ON c.id = m.customer_id",
    base: "",
    id: "r.id",
    columns: &[
        Column::text("member", "claims-col-member", "m.member_no")
            .folded(kernel::member_no::plain)
            .slot(Slot::Lead),
        Column::text("flight", "claims-col-flight", "r.carrier || r.flight_no")
            .not_null()
            .slot(Slot::Left),
        Column::date("date", "claims-col-date", "r.flight_date").not_null().slot(Slot::Left2),
        Column::choice("state", "claims-col-state", "r.state", STATES).not_null().slot(Slot::Top),
        Column::text("verdict", "claims-col-verdict", "r.verdict").not_null().no_filter(),
        Column::number("miles", "claims-col-miles", "r.miles").slot(Slot::Right),
        Column::choice("channel", "claims-col-channel", "r.channel", CHANNELS)
            .not_null()
            .optional(),
        Column::time("at", "claims-col-at", "r.claimed_at")
            .sortable()
            .not_null()
            .slot(Slot::Right2),
    ],
    sort: "-at",
    views: &[
        BuiltIn { key: "all", label: "claims-view-all", query: "" },
        BuiltIn { key: "review", label: "claims-view-review", query: "f=state:in:review" },
        BuiltIn { key: "waiting", label: "claims-view-waiting", query: "f=state:in:waiting" },
        BuiltIn { key: "done", label: "claims-view-done", query: "f=state:in:credited|explained" },
    ],
    search: Some(quick),
    count_cap: 10_000,
    covering: None,
};

/// Beginnings of member numbers and flights.
fn quick(typed: &str, out: &mut SqlBuilder) {
    let plain = kernel::member_no::plain(typed).to_ascii_uppercase();
    out.push("(m.member_no >= ").bind(plain.as_str()).push(" AND m.member_no <= ");
    out.bind(format!("{plain}ZZZZ")).push(" OR r.carrier || r.flight_no = ");
    out.bind(plain).push(")");
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    carrier: String,
    flight_no: String,
    flight_date: NaiveDate,
    origin: String,
    destination: String,
    state: String,
    verdict: String,
    detail: Json<serde_json::Value>,
    claimed_at: DateTime<Utc>,
    channel: String,
    miles: Option<i64>,
    member_no: String,
    name_native: Option<String>,
    surname: Option<String>,
    given: Option<String>,
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
        format!("/claims/{}", self.id)
    }
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        let name = self.name();
        if name.is_empty() { self.member_no.clone() } else { ctx.name(&name) }
    }

    fn href(&self) -> Option<String> {
        Some(self.page())
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "member" if self.name().is_empty() => {
                Cell::Title(kernel::member_no::grouped(&self.member_no), self.page())
            }
            "member" => Cell::Who(Box::new(self.name()), self.page()),
            "flight" => {
                let flight = format!("{}{}", self.carrier, self.flight_no);
                Cell::Code(format!("{flight} {}–{}", self.origin, self.destination))
            }
            "date" => Cell::Date(self.flight_date),
            "state" => {
                let words = ctx.t(&format!("claims-state-{}", self.state));
                match self.state.parse() {
                    Ok(state) => {
                        let (tone, icon) = words::tone(state);
                        Cell::Status(tone, icon, words)
                    }
                    Err(_) => Cell::Text(words),
                }
            }
            "verdict" => match (self.state.parse(), self.verdict.parse()) {
                (Ok(state), Ok(verdict)) => {
                    Cell::Soft(words::said(ctx, "verdict", (state, verdict), &self.detail.0))
                }
                _ => Cell::Empty,
            },
            "miles" => self.miles.map_or(Cell::Empty, Cell::Num),
            "channel" => Cell::Text(ctx.t(&format!("claims-channel-{}", self.channel))),
            "at" => Cell::Ago(self.claimed_at),
            _ => Cell::Empty,
        }
    }
}

/// `GET /claims`
pub(super) async fn page(ctx: Ctx, State(_rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::CLAIMS_READ)?;
    let may = ctx.actor.may(permissions::CLAIM).is_ok();
    let action =
        || Action { text: ctx.t("claims-new"), href: "/claims/new".to_owned(), icon: "plus" };
    let mut list = List::new(&LIST).export(permissions::EXPORT).empty(Empty {
        icon: "plane",
        title: ctx.t("claims-empty-title"),
        text: ctx.t("claims-empty-text"),
        action: may.then(action),
    });
    if may {
        list = list.action(ctx.t("claims-new"), "/claims/new", "plus");
    }
    list.serve::<Row>(&ctx).await
}
