//! The list of customers and the trash.

use access::Actor;
use axum::extract::State;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use kernel::member_no;
use kernel::names::{PersonName, fold, is_hanzi};
use store::{SqlBuilder, sql};
use uuid::Uuid;
use web::list::{
    Action, BuiltIn, Cell, Choices, Column, Covering, Empty, List, ListRow, ListSpec, Slot,
};
use web::{Ctx, PageResult};

use super::Rooms;
use crate::model::known_day;
use crate::profile::row::name_of;
use crate::search::native_key;
use crate::{Customers, Result, permissions};

const SELECT: &str = "c.id, c.name_native, c.surname, c.given, c.member_no, c.tier, \
    c.value_group, c.value_score, c.lifecycle, c.last_flight_on, c.last_route, c.flights, c.km, \
    c.coefficient, c.city, c.province, c.country, c.owner, c.joined_on, c.birth_date, c.gender, \
    c.observed_on, c.created_at, c.changed_at, c.trashed_at";

const TIERS: &[(&str, &str)] = &[
    ("ordinary", "customers-tier-ordinary"),
    ("silver", "customers-tier-silver"),
    ("gold", "customers-tier-gold"),
    ("platinum", "customers-tier-platinum"),
    ("lifetime", "customers-tier-lifetime"),
];
const GROUPS: &[(&str, &str)] = &[
    ("keep", "customers-group-keep"),
    ("develop", "customers-group-develop"),
    ("winback", "customers-group-winback"),
    ("general", "customers-group-general"),
    ("low", "customers-group-low"),
];
const LIFECYCLES: &[(&str, &str)] = &[
    ("prospect", "customers-lifecycle-prospect"),
    ("new", "customers-lifecycle-new"),
    ("growing", "customers-lifecycle-growing"),
    ("mature", "customers-lifecycle-mature"),
    ("at-risk", "customers-lifecycle-at-risk"),
    ("dormant", "customers-lifecycle-dormant"),
    ("lost", "customers-lifecycle-lost"),
    ("won-back", "customers-lifecycle-won-back"),
];
const GENDERS: &[(&str, &str)] = &[
    ("female", "customers-gender-female"),
    ("male", "customers-gender-male"),
    ("other", "customers-gender-other"),
];

/// Names typed in Chinese are compared by their reading, as names are sorted by it.
fn name_key(typed: &str) -> String {
    if typed.chars().any(is_hanzi) {
        return PersonName::from_native(typed).keys().full_key;
    }
    fold(typed)
}

/// Dates whose "not known" is a value for sorting are filtered through a `CASE`, so that "more
/// than a year ago" does not mean "never".
const COLUMNS: &[Column] = &[
    Column::text("name", "customers-col-name", "c.full_key")
        .sortable()
        .not_null()
        .slot(Slot::Lead)
        .folded(name_key),
    Column::text("no", "customers-col-member-no", "c.member_no")
        .sortable()
        .not_null()
        .folded(member_no::plain),
    Column::choice("tier", "customers-col-tier", "c.tier", TIERS).not_null().slot(Slot::Top),
    Column::choice("group", "customers-col-group", "c.value_group", GROUPS)
        .not_null()
        .slot(Slot::Left),
    Column::choice("life", "customers-col-lifecycle", "c.lifecycle", LIFECYCLES)
        .not_null()
        .slot(Slot::Left2),
    Column::date("last", "customers-col-last", "c.last_flight_on")
        .sortable()
        .not_null()
        .no_filter()
        .slot(Slot::Right),
    Column::date(
        "last_on",
        "customers-col-last",
        "CASE WHEN c.last_flight_on > '0001-01-01' THEN c.last_flight_on END",
    )
    .only_filter(),
    Column::number("flights", "customers-col-flights", "c.flights").sortable().not_null(),
    Column::number("km", "customers-col-km", "c.km")
        .unit("customers-unit-km")
        .sortable()
        .not_null()
        .slot(Slot::Right2),
    Column::decimal("score", "customers-col-score", "c.value_score")
        .sortable()
        .not_null()
        .optional(),
    Column::decimal("coefficient", "customers-col-coefficient", "c.coefficient")
        .not_null()
        .optional(),
    Column::text("city", "customers-col-city", "c.city").sortable().not_null(),
    Column::text("province", "customers-col-province", "c.province").not_null().optional(),
    Column::choice("country", "customers-col-country", "c.country", &[]).not_null().optional(),
    Column::choice("owner", "customers-col-owner", "c.owner", &[]).not_null().optional(),
    Column::date("joined", "customers-col-joined", "c.joined_on")
        .sortable()
        .not_null()
        .no_filter()
        .optional(),
    Column::date(
        "joined_on",
        "customers-col-joined",
        "CASE WHEN c.joined_on > '0001-01-01' THEN c.joined_on END",
    )
    .only_filter(),
    Column::number("birth_month", "customers-col-birth-month", "(c.birthday / 100)")
        .not_null()
        .only_filter(),
    Column::choice("gender", "customers-col-gender", "c.gender", GENDERS).not_null().optional(),
    Column::date("observed", "customers-col-observed", "c.observed_on").optional(),
    Column::time("created", "customers-col-created", "c.created_at").not_null().optional(),
    Column::time("changed", "customers-col-changed", "c.changed_at").not_null().optional(),
    Column::choice("tag", "customers-col-tag", "t.tag", &[])
        .only_filter()
        .exists("EXISTS (SELECT 1 FROM customer_tag t WHERE t.customer_id = c.id AND {})"),
];

const VIEWS: &[BuiltIn] = &[
    BuiltIn { key: "all", label: "customers-view-all", query: "" },
    BuiltIn { key: "keep", label: "customers-view-keep", query: "f=group:in:keep" },
    BuiltIn { key: "at-risk", label: "customers-view-at-risk", query: "f=life:in:at-risk" },
    BuiltIn {
        key: "sleeping",
        label: "customers-view-sleeping",
        query: "f=tier:in:gold|platinum|lifetime;life:in:dormant|lost",
    },
    BuiltIn { key: "new", label: "customers-view-new", query: "f=life:in:new&sort=-joined" },
    // People known from travel or the web alone.
    BuiltIn { key: "travel", label: "customers-view-travel", query: "f=no:empty&sort=name" },
];

/// Everybody outside the trash. Counts are exact up to 10,000 and say "10,000+" beyond; the whole
/// base and bulk actions are counted exactly.
pub const LIST: ListSpec = ListSpec {
    key: "customers",
    title: "customers-list-title",
    select: SELECT,
    from: "customer c",
    base: "c.trashed_at IS NULL",
    id: "c.id",
    columns: COLUMNS,
    sort: "-km",
    views: VIEWS,
    search: Some(quick),
    count_cap: 10_000,
    covering: Some(Covering {
        from: "customer c INDEXED BY customer_facets",
        columns: &["group", "tier", "life", "city", "km", "flights", "last_on", "joined_on"],
    }),
};

/// The trash.
pub const TRASH: ListSpec = ListSpec {
    key: "customers-trash",
    title: "customers-trash-title",
    base: "c.trashed_at IS NOT NULL AND c.merged_into IS NULL",
    views: &[BuiltIn { key: "all", label: "customers-view-trash", query: "" }],
    sort: "name",
    ..LIST
};

/// The same list, ids only: for previous and next on the page of one customer.
pub(super) const NEIGHBOURS: ListSpec = ListSpec { select: "c.id", ..LIST };

/// The quick box: beginnings of names in either script and order, and of member numbers. Each is
/// an index range, bounded.
fn quick(typed: &str, out: &mut SqlBuilder) {
    let folded = fold(typed);
    let mut ranges: Vec<(&str, String, &str)> = Vec::new();
    if folded.chars().any(is_hanzi) {
        ranges.push(("native_key", native_key(&folded), "zzzz"));
    } else if folded.chars().any(|c| c.is_ascii_digit()) {
        ranges.push(("member_no", folded.to_uppercase(), "ZZZZ"));
    } else {
        ranges.push(("full_key", folded.clone(), "zzzzzzzz"));
        ranges.push(("given_first_key", folded, "zzzzzzzz"));
    }
    out.push("c.id IN (");
    for (at, (column, from, last)) in ranges.into_iter().enumerate() {
        out.push(if at > 0 { " UNION " } else { "" });
        out.push("SELECT id FROM (SELECT id FROM customer WHERE ").push(column).push(" >= ");
        out.bind(from.as_str()).push(" AND ").push(column).push(" <= ");
        out.bind(format!("{from}{last}")).push(" LIMIT 5000) AS r").push(&at.to_string());
    }
    out.push(")");
}

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    name_native: String,
    surname: String,
    given: String,
    member_no: String,
    tier: String,
    value_group: String,
    value_score: f64,
    lifecycle: String,
    last_flight_on: NaiveDate,
    last_route: String,
    flights: i64,
    km: i64,
    coefficient: f64,
    city: String,
    province: String,
    country: String,
    owner: String,
    joined_on: NaiveDate,
    birth_date: Option<NaiveDate>,
    gender: String,
    observed_on: Option<NaiveDate>,
    created_at: chrono::DateTime<chrono::Utc>,
    changed_at: chrono::DateTime<chrono::Utc>,
    trashed_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Row {
    pub fn name(&self) -> PersonName {
        name_of(self.name_native.clone(), self.surname.clone(), self.given.clone())
    }

    /// The page of the customer; it remembers the list for previous and next.
    fn page(&self, ctx: &Ctx) -> String {
        let base = format!("/customers/{}", self.id);
        if ctx.path != "/customers" || ctx.query.is_empty() {
            return base;
        }
        let kept: Vec<(&str, String)> = vec![("in", ctx.query.clone())];
        format!("{base}?{}", web::url::query(&kept))
    }

    fn last(&self, ctx: &Ctx) -> Cell {
        let Some(day) = known_day(self.last_flight_on) else { return Cell::Empty };
        let when = Cell::Soft(super::words::days_ago(ctx, day));
        if self.last_route.is_empty() {
            return Cell::Many(vec![Cell::Date(day), when]);
        }
        Cell::Many(vec![Cell::Code(self.last_route.replace('-', "–")), when])
    }

    fn life(&self, ctx: &Ctx) -> Cell {
        let Some(life) = crate::Lifecycle::read(&self.lifecycle) else { return Cell::Empty };
        let words = ctx.t(&format!("customers-lifecycle-{}", life.as_str()));
        match life {
            crate::Lifecycle::AtRisk => Cell::Status("warn", "trending-down", words),
            crate::Lifecycle::Lost => Cell::Status("bad", "user-x", words),
            _ => Cell::Text(words),
        }
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        let name = self.name();
        if name.is_empty() { member_no::grouped(&self.member_no) } else { ctx.name(&name) }
    }

    fn href(&self) -> Option<String> {
        Some(format!("/customers/{}", self.id))
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        let observed = self.observed_on.is_some();
        match key {
            "name" if self.name().is_empty() => {
                Cell::Title(super::words::nameless(ctx, &self.member_no), self.page(ctx))
            }
            "name" => Cell::Who(Box::new(self.name()), self.page(ctx)),
            "no" => {
                filled(&self.member_no).map_or(Cell::Empty, |no| Cell::Code(member_no::grouped(no)))
            }
            "tier" => filled(&self.tier).map_or(Cell::Empty, |tier| {
                Cell::Tier(tier.to_owned(), ctx.t(&format!("customers-tier-{tier}")))
            }),
            "group" => filled(&self.value_group).map_or(Cell::Empty, |group| {
                Cell::Group(group.to_owned(), ctx.t(&format!("customers-group-short-{group}")))
            }),
            "life" => self.life(ctx),
            "last" => self.last(ctx),
            "flights" => cell_if(observed, Cell::Num(self.flights)),
            "km" => cell_if(observed, Cell::Num(self.km)),
            "score" => cell_if(!self.value_group.is_empty(), Cell::Dec(self.value_score, 1)),
            "coefficient" => cell_if(self.coefficient > 0.0, Cell::Dec(self.coefficient, 2)),
            "city" => cell_if(!self.city.is_empty(), Cell::Soft(self.city.clone())),
            "province" => Cell::text(filled(&self.province)),
            "country" => {
                Cell::text(filled(&self.country).map(|it| kernel::countries::name(it, ctx.lang)))
            }
            "owner" => Cell::text(super::words::owner_of(ctx, &self.owner)),
            "joined" => Cell::date(known_day(self.joined_on)),
            "birth" => Cell::date(self.birth_date),
            "gender" => filled(&self.gender)
                .map_or(Cell::Empty, |g| Cell::Text(ctx.t(&format!("customers-gender-{g}")))),
            "observed" => Cell::date(self.observed_on),
            "created" => Cell::Ago(self.created_at),
            "changed" => Cell::Ago(self.changed_at),
            "trashed" => Cell::ago(self.trashed_at),
            _ => Cell::Empty,
        }
    }
}

fn cell_if(yes: bool, cell: Cell) -> Cell {
    if yes { cell } else { Cell::Empty }
}

/// `GET /customers`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let customers = &rooms.customers;
    let tags = customers.tags(&ctx.actor).await?;
    let owners = super::words::owners(&ctx, &customers.owners_in_use().await?).await?;
    let may = |permission: access::Permission| ctx.actor.may(permission).is_ok();
    let mut list = List::new(&LIST)
        .total(customers.total().await?)
        .export(permissions::EXPORT)
        .side()
        .choices("tag", tags.into_iter().map(|tag| (tag.clone(), tag)).collect())
        .choices("owner", owners)
        .choices("country", countries(&ctx))
        .empty(Empty {
            icon: "users",
            title: ctx.t("customers-empty-title"),
            text: ctx.t("customers-empty-text"),
            action: Some(Action {
                text: ctx.t("customers-empty-action"),
                href: "/imports/new".to_owned(),
                icon: "upload",
            }),
        });
    if may(permissions::EDIT) {
        list = list.action(ctx.t("customers-new"), "/customers/new", "plus");
    }
    if may(permissions::BULK) {
        if may(permissions::EDIT) {
            list = list.bulk(ctx.t("customers-bulk-tag"), "/customers/bulk/tag", "tag").bulk(
                ctx.t("customers-bulk-assign"),
                "/customers/bulk/assign",
                "user-round-check",
            );
        }
        if may(permissions::TRASH) {
            list = list.bulk(ctx.t("customers-bulk-trash"), "/customers/bulk/trash", "trash-2");
        }
    }
    list.serve::<Row>(&ctx).await
}

fn countries(ctx: &Ctx) -> Choices {
    let all = kernel::countries::all(ctx.lang).iter();
    all.map(|it| (it.code.to_owned(), it.name(ctx.lang).to_owned())).collect()
}

/// `GET /customers/trash`
pub(super) async fn trash(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut list = List::new(&TRASH)
        .crumb(ctx.t("customers-list-title"), "/customers")
        .note(ctx.t("customers-trash-note"))
        .empty(Empty {
            icon: "trash-2",
            title: ctx.t("customers-trash-empty"),
            text: ctx.t("customers-trash-empty-text"),
            action: None,
        });
    let may = |permission: access::Permission| ctx.actor.may(permission).is_ok();
    if may(permissions::BULK) && may(permissions::TRASH) {
        let text = ctx.t("customers-bulk-restore");
        list = list.bulk(text, "/customers/bulk/restore", "archive-restore");
    }
    list.serve::<Row>(&ctx).await
}

/// `GET /customers/mine`: a link everybody can have in common.
pub(super) async fn mine(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    Ok(ctx.see(&format!("/customers?f=owner:in:{}", ctx.actor.id)).into_response())
}

impl Customers {
    /// Staff who look after somebody.
    pub(crate) async fn owners_in_use(&self) -> Result<Vec<Uuid>> {
        let mut tx = self.db().read().await?;
        // Jumps from owner to owner in the index.
        let owners: Vec<String> = tx
            .values(sql("WITH RECURSIVE each(owner) AS (
                    SELECT MIN(owner) FROM customer WHERE owner <> ''
                    UNION ALL
                    SELECT (SELECT MIN(c.owner) FROM customer c
                            WHERE c.owner <> '' AND c.owner > each.owner)
                    FROM each WHERE each.owner IS NOT NULL)
                 SELECT owner FROM each WHERE owner IS NOT NULL LIMIT 500"))
            .await?;
        Ok(owners.into_iter().filter_map(|owner| owner.parse().ok()).collect())
    }

    /// Staff who can be given customers: (id, name), by name.
    pub(crate) async fn possible_owners(&self) -> Result<Choices> {
        let filter = access::UserFilter { limit: 200, ..access::UserFilter::default() };
        let page = self.access().users(&Actor::system("customers.owners"), &filter).await?;
        let mut owners: Choices = page
            .items
            .into_iter()
            // Work can be given to somebody who has not signed in yet, not to somebody who left.
            .filter(|user| user.state != access::UserState::Disabled)
            .map(|user| (user.id.to_string(), user.name.into_revealed()))
            .collect();
        owners.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(owners)
    }
}
