//! The list of flights, and the list of one flight's passengers.

use axum::extract::{Path, State};
use chrono::NaiveDate;
use kernel::names::PersonName;
use store::SqlBuilder;
use uuid::Uuid;
use web::list::{BuiltIn, Cell, Column, Empty, List, ListRow, ListSpec, Slot};
use web::{Ctx, PageError, PageResult};

use super::{Rooms, words};
use crate::{FlightOut, permissions};

const STATUSES: &[(&str, &str)] = &[
    ("planned", "flights-status-planned"),
    ("departed", "flights-status-departed"),
    ("arrived", "flights-status-arrived"),
    ("diverted", "flights-status-diverted"),
    ("cancelled", "flights-status-cancelled"),
];

const COLUMNS: &[Column] = &[
    Column::text("no", "flights-col-flight", "(f.carrier || f.number)")
        .not_null()
        .slot(Slot::Lead)
        .folded(upper),
    Column::date("day", "flights-col-day", "f.flight_date").not_null().slot(Slot::Left),
    Column::time("departs", "flights-col-departs", "f.departs_at")
        .sortable()
        .not_null()
        .no_filter()
        .slot(Slot::Right),
    Column::text("from", "flights-col-from", "f.origin").not_null().folded(upper).slot(Slot::Left2),
    Column::text("to", "flights-col-to", "f.destination").not_null().folded(upper),
    Column::choice("status", "flights-col-status", "f.status", STATUSES).not_null().slot(Slot::Top),
    Column::number("delay", "flights-col-delay", "f.delay_minutes").unit("flights-unit-minutes"),
    Column::number("booked", "flights-col-booked", "f.booked").not_null().slot(Slot::Right2),
    Column::number("flown", "flights-col-flown", "f.flown").not_null(),
    Column::number("missed", "flights-col-no-show", "f.no_show").not_null(),
    Column::number("irregular", "flights-col-irregular", "f.irregular").not_null(),
    Column::bool("scheduled", "flights-col-scheduled", "f.scheduled").not_null().optional(),
];

const VIEWS: &[BuiltIn] = &[
    BuiltIn { key: "all", label: "flights-view-all", query: "" },
    BuiltIn { key: "coming", label: "flights-view-coming", query: "f=day:next:3&sort=departs" },
    BuiltIn { key: "late", label: "flights-view-late", query: "f=delay:gte:15" },
    BuiltIn { key: "off", label: "flights-view-off", query: "f=status:in:cancelled|diverted" },
    BuiltIn { key: "odd", label: "flights-view-irregular", query: "f=irregular:gte:1" },
    BuiltIn { key: "strange", label: "flights-view-unscheduled", query: "f=scheduled:no" },
];

/// All dated flights, the last departure first.
pub const LIST: ListSpec = ListSpec {
    key: "flights",
    title: "flights-list-title",
    select: "f.id, f.carrier, f.number, f.flight_date, f.origin, f.destination, f.departs_at, \
        f.timed, f.scheduled, f.status, f.delay_minutes, f.booked, f.flown, f.no_show, f.irregular",
    from: "flight f",
    base: "",
    id: "f.id",
    columns: COLUMNS,
    sort: "-departs",
    views: VIEWS,
    search: Some(quick),
    count_cap: 10_000,
    covering: None,
};

fn upper(typed: &str) -> String {
    typed.trim().to_uppercase()
}

/// `CA1501`, `1501`, `PEK`, `PEK-SHA`.
fn quick(typed: &str, out: &mut SqlBuilder) {
    let typed = upper(typed);
    if let Some((from, to)) = typed.split_once(['-', '–', ' '])
        && from.len() == 3
        && to.len() == 3
    {
        out.push("(f.origin = ").bind(from).push(" AND f.destination = ").bind(to).push(")");
        return;
    }
    if typed.len() == 3 && typed.bytes().all(|byte| byte.is_ascii_uppercase()) {
        out.push("(f.origin = ").bind(typed.as_str()).push(" OR f.destination = ");
        out.bind(typed.as_str()).push(")");
        return;
    }
    match formats::FlightDesignator::read(&typed) {
        Some(of) => {
            out.push("(f.carrier = ").bind(of.airline).push(" AND f.number = ");
            out.bind(crate::messages::key::number(&of)).push(")");
        }
        None => {
            out.push("f.number = ").bind(typed.trim_start_matches('0'));
        }
    }
}

impl ListRow for FlightOut {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        format!("{} {}", self.designator(), ctx.date(self.flight_date))
    }

    fn href(&self) -> Option<String> {
        Some(Self::href(self))
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        match key {
            "no" => Cell::Title(self.designator(), Self::href(self)),
            "day" => Cell::Date(self.flight_date),
            "departs" if self.timed => {
                Cell::Code(words::local(self.departs_at, &self.origin, self.flight_date))
            }
            "from" => Cell::Code(self.origin.clone()),
            "to" => Cell::Code(self.destination.clone()),
            "status" => words::status(ctx, &self.status),
            "delay" => self.delay_minutes.map_or(Cell::Empty, Cell::Num),
            "booked" => Cell::Num(self.booked),
            "flown" => Cell::Num(self.flown),
            "missed" => Cell::Num(self.no_show),
            "irregular" => Cell::Num(self.irregular),
            "scheduled" => Cell::Flag(self.scheduled),
            _ => Cell::Empty,
        }
    }
}

/// `GET /flights`
pub(super) async fn page(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    List::new(&LIST)
        .export(permissions::EXPORT)
        .empty(Empty {
            icon: "plane",
            title: ctx.t("flights-empty-title"),
            text: ctx.t("flights-empty-text"),
            action: None,
        })
        .serve::<FlightOut>(&ctx)
        .await
}

const OUTCOMES: &[(&str, &str)] = &[
    ("booked", "flights-outcome-booked"),
    ("flown", "flights-outcome-flown"),
    ("go-show", "flights-outcome-go-show"),
    ("no-record", "flights-outcome-no-record"),
    ("no-show", "flights-outcome-no-show"),
    ("offloaded", "flights-outcome-offloaded"),
    ("denied", "flights-outcome-denied"),
    ("not-carried", "flights-outcome-not-carried"),
    ("moved", "flights-outcome-moved"),
    ("refunded", "flights-outcome-refunded"),
    ("changed", "flights-outcome-changed"),
    ("cancelled", "flights-outcome-cancelled"),
    ("flight-cancelled", "flights-outcome-flight-cancelled"),
    ("waitlisted", "flights-outcome-waitlisted"),
    ("unclear", "flights-outcome-unclear"),
];
const CHANGES: &[(&str, &str)] = &[
    ("upgrade", "flights-change-upgrade"),
    ("downgrade", "flights-change-downgrade"),
    ("changed", "flights-change-changed"),
];
const CABINS: &[(&str, &str)] = &[
    ("first", "flights-cabin-first"),
    ("business", "flights-cabin-business"),
    ("premium", "flights-cabin-premium"),
    ("economy", "flights-cabin-economy"),
];
const TIERS: &[(&str, &str)] = &[
    ("ordinary", "flights-tier-ordinary"),
    ("silver", "flights-tier-silver"),
    ("gold", "flights-tier-gold"),
    ("platinum", "flights-tier-platinum"),
    ("lifetime", "flights-tier-lifetime"),
];
const GROUPS: &[(&str, &str)] = &[
    ("keep", "flights-group-keep"),
    ("develop", "flights-group-develop"),
    ("winback", "flights-group-winback"),
    ("general", "flights-group-general"),
    ("low", "flights-group-low"),
];

const PASSENGER_COLUMNS: &[Column] = &[
    Column::text("name", "flights-col-name", "p.surname")
        .sortable()
        .not_null()
        .folded(upper)
        .slot(Slot::Lead),
    Column::choice("outcome", "flights-col-outcome", "p.outcome", OUTCOMES)
        .not_null()
        .slot(Slot::Top),
    Column::choice("tier", "flights-col-tier", "COALESCE(c.tier, '')", TIERS)
        .not_null()
        .slot(Slot::Left),
    Column::choice("group", "flights-col-group", "COALESCE(c.value_group, '')", GROUPS)
        .not_null()
        .slot(Slot::Left2),
    Column::choice("cabin", "flights-col-cabin", "p.cabin", CABINS).not_null().slot(Slot::Right),
    Column::text("class", "flights-col-class", "p.booking_class").not_null().folded(upper),
    Column::text("seat", "flights-col-seat", "p.seat").not_null().slot(Slot::Right2),
    Column::choice("change", "flights-col-change", "p.class_change", CHANGES).not_null(),
    Column::text("locator", "flights-col-locator", "p.locator").not_null().folded(upper),
    Column::text("off", "flights-col-to", "p.off_point").not_null().folded(upper).optional(),
    Column::number("party", "flights-col-party", "p.party").not_null().optional(),
    Column::bool("staff", "flights-col-staff", "p.staff").not_null().optional(),
    Column::text("corporate", "flights-col-corporate", "p.corporate").not_null().optional(),
    Column::text("ticket", "flights-col-ticket", "p.ticket").not_null().optional(),
];

/// Passengers of one flight; the page limits it to that.
pub const PASSENGERS: ListSpec = ListSpec {
    key: "flight-passengers",
    title: "flights-passengers-title",
    select: PASSENGER_SELECT,
    from: "flight_passenger p LEFT JOIN customer c ON c.id = p.customer_id",
    base: "",
    id: "p.id",
    columns: PASSENGER_COLUMNS,
    sort: "name",
    views: &[
        BuiltIn { key: "all", label: "flights-view-everybody", query: "" },
        BuiltIn { key: "missed", label: "flights-outcome-no-show", query: "f=outcome:in:no-show" },
        BuiltIn {
            key: "odd",
            label: "flights-view-irregular",
            query: "f=outcome:in:offloaded|denied|not-carried|unclear",
        },
    ],
    search: None,
    count_cap: 10_000,
    covering: None,
};

/// Columns of [`PassengerRow`].
pub(super) const PASSENGER_SELECT: &str = "p.id, p.customer_id, p.surname, p.given, \
    p.off_point, p.outcome, p.basis, p.class_change, \
    p.booking_class, p.flown_class, p.cabin, p.seat, p.locator, p.party, p.staff, p.corporate, \
    p.ticket, p.coupon, c.tier, c.value_group, c.name_native, c.surname AS known_surname, \
    c.given AS known_given";

/// A passenger with what is known of the customer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PassengerRow {
    id: Uuid,
    customer_id: Option<Uuid>,
    surname: String,
    given: String,
    off_point: String,
    outcome: String,
    basis: String,
    class_change: String,
    booking_class: String,
    flown_class: String,
    cabin: String,
    seat: String,
    locator: String,
    party: i64,
    staff: bool,
    corporate: String,
    ticket: String,
    coupon: i64,
    tier: Option<String>,
    value_group: Option<String>,
    name_native: Option<String>,
    known_surname: Option<String>,
    known_given: Option<String>,
}

impl PassengerRow {
    /// As the customer is called, else as the message had it.
    fn name(&self) -> PersonName {
        let native = self.name_native.as_deref().unwrap_or_default();
        let (surname, given) = (
            self.known_surname.clone().unwrap_or_default(),
            self.known_given.clone().unwrap_or_default(),
        );
        let known = PersonName {
            native: Some(native.to_owned()).filter(|native| !native.is_empty()),
            surname,
            given,
        };
        if known.is_empty() {
            return crate::messages::mention::person_name(&self.surname, &self.given);
        }
        known
    }

    fn class(&self, ctx: &Ctx) -> Cell {
        let booked = self.booking_class.clone();
        if self.class_change.is_empty() || self.flown_class == booked {
            return if booked.is_empty() { Cell::Empty } else { Cell::Code(booked) };
        }
        let tone = if self.class_change == "downgrade" { "warn" } else { "info" };
        let words = ctx.t(&format!("flights-change-{}", self.class_change));
        let classes = Cell::Code(format!("{booked} → {}", self.flown_class));
        Cell::Many(vec![classes, Cell::Tag(tone, words)])
    }
}

impl ListRow for PassengerRow {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        ctx.name(&self.name())
    }

    fn href(&self) -> Option<String> {
        self.customer_id.map(|id| format!("/customers/{id}"))
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        let code = |text: &String| {
            if text.is_empty() { Cell::Empty } else { Cell::Code(text.clone()) }
        };
        match key {
            "name" => match self.customer_id {
                Some(id) => Cell::Who(Box::new(self.name()), format!("/customers/{id}")),
                None if self.surname.is_empty() => Cell::Soft(ctx.t("flights-nameless")),
                None => Cell::Text(ctx.name(&self.name())),
            },
            "outcome" => words::outcome(ctx, &self.outcome, &self.basis),
            "tier" => {
                self.tier.clone().filter(|tier| !tier.is_empty()).map_or(Cell::Empty, |tier| {
                    let words = ctx.t(&format!("flights-tier-{tier}"));
                    Cell::Tier(tier, words)
                })
            }
            "group" => self.value_group.clone().filter(|group| !group.is_empty()).map_or(
                Cell::Empty,
                |group| {
                    let words = ctx.t(&format!("flights-group-{group}"));
                    Cell::Group(group, words)
                },
            ),
            "cabin" if self.cabin.is_empty() => Cell::Empty,
            "cabin" => Cell::Text(ctx.t(&format!("flights-cabin-{}", self.cabin))),
            "class" => self.class(ctx),
            "seat" => code(&self.seat),
            "change" if self.class_change.is_empty() => Cell::Empty,
            "change" => Cell::Text(ctx.t(&format!("flights-change-{}", self.class_change))),
            "locator" => code(&self.locator),
            "off" => code(&self.off_point),
            "party" => Cell::Num(self.party),
            "staff" => Cell::Flag(self.staff),
            "corporate" => code(&self.corporate),
            "ticket" if !self.ticket.is_empty() => {
                Cell::Code(format!("{}/{}", self.ticket, self.coupon))
            }
            _ => Cell::Empty,
        }
    }
}

/// `GET /flights/{designator}/{date}/passengers`
pub(super) async fn passengers(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((designator, date)): Path<(String, NaiveDate)>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut tx = ctx.web.db.read().await?;
    let flight = rooms.flights.flight(&mut tx, &designator, date).await?;
    drop(tx);
    let Some(flight) = flight else { return Err(PageError::not_found()) };
    let mut scope = SqlBuilder::new("p.flight_id = ");
    scope.bind(flight.id);
    let title = ctx.t2(
        "flights-passengers-of",
        "flight",
        flight.designator(),
        "date",
        ctx.date(flight.flight_date),
    );
    List::new(&PASSENGERS)
        .scope(scope)
        .title(title)
        .crumb(ctx.t("flights-list-title"), "/flights")
        .crumb(flight.designator(), flight.href())
        .export(permissions::EXPORT)
        .empty(Empty {
            icon: "users",
            title: ctx.t("flights-nobody"),
            text: ctx.t("flights-nobody-text"),
            action: None,
        })
        .serve::<PassengerRow>(&ctx)
        .await
}
