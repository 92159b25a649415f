//! `/awards`: the things of the shop with their stock, how each is offered, and what was redeemed
//! last.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use programme::Programme;
use programme::document::{ItemRow, Row as _};
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::words;
use super::words::LineView;
use crate::catalogue::{Form, Item, Settings};
use crate::{Error, Rooms, permissions};

/// Latest redemptions shown.
const LATEST: i64 = 20;

struct ItemView {
    name: String,
    href: String,
    price: String,
    form: String,
    left: String,
    reserved: String,
    issued: String,
    state: (String, &'static str),
}

struct Shop {
    name: String,
    items: Vec<ItemView>,
}

#[derive(Template)]
#[template(path = "awards/catalogue.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    shops: Vec<Shop>,
    latest: Vec<LineView>,
}

fn href(programme: &str, sku: &str) -> String {
    format!("/awards/items/{}/{}", web::url::encode(programme), web::url::encode(sku))
}

/// `GET /awards`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let (awards, today) = (&rooms.awards, rooms.awards.today());
    let kept = awards.items(&ctx.actor).await?;
    let kept: HashMap<(&str, &str), &Item> =
        kept.iter().map(|it| ((it.programme.as_str(), it.sku.as_str()), it)).collect();
    let mut tx = ctx.web.db.read().await?;
    let book = awards.loyalty().rulebook(&mut tx).await?;
    drop(tx);
    let mut shops = Vec::new();
    for engine in book.values() {
        let rules = engine.programme();
        let rows = rules.redemption.shop.iter().filter(|row| row.span().contains(today));
        let item = |row: &ItemRow| {
            let known = kept.get(&(rules.code.as_str(), row.sku.as_str())).copied();
            view(&ctx, rules, row, known, today)
        };
        let items: Vec<ItemView> = rows.map(item).collect();
        shops.push(Shop { name: rules.name.get(ctx.lang).to_owned(), items });
    }
    shops.sort_by(|one, other| one.name.cmp(&other.name));
    let latest = awards.latest(&ctx.actor, LATEST).await?;
    let line = |one: &crate::Redemption| {
        let rules = book.get(&one.programme).map(|engine| engine.programme());
        LineView::new(&ctx, rules, one)
    };
    let page = Page { ctx: &ctx, latest: latest.iter().map(line).collect(), shops };
    Ok(ctx.page(&page))
}

fn view(
    ctx: &Ctx,
    rules: &Programme,
    row: &ItemRow,
    item: Option<&Item>,
    today: NaiveDate,
) -> ItemView {
    let count = |n: fn(&Item) -> i64| item.map_or_else(|| "—".to_owned(), |it| ctx.num(n(it)));
    let left = item.map(Item::left);
    let state = match item {
        None => (ctx.t("awards-item-unset"), ""),
        Some(item) if !item.is_offered(today) => (ctx.t("awards-item-off"), ""),
        Some(item) if item.left() == Some(0) => (ctx.t("awards-item-out"), "warn"),
        Some(_) => (ctx.t("awards-item-on"), "good"),
    };
    let tiers: Vec<&str> = row.tiers.iter().map(|code| tier(ctx, rules, code.as_str())).collect();
    let name = row.name.get(ctx.lang).to_owned();
    ItemView {
        name: if tiers.is_empty() { name } else { format!("{name} · {}", tiers.join(", ")) },
        href: href(rules.code.as_str(), row.sku.as_str()),
        price: words::price(ctx, rules, row.miles, row.minor),
        form: item.map_or_else(|| "—".to_owned(), |it| form(ctx, it.form)),
        left: match left {
            None => "—".to_owned(),
            Some(None) => ctx.t("awards-no-end"),
            Some(Some(n)) => ctx.num(n),
        },
        reserved: count(|it| it.reserved),
        issued: count(|it| it.issued),
        state,
    }
}

fn tier<'a>(ctx: &Ctx, rules: &'a Programme, code: &'a str) -> &'a str {
    let tier = rules.rank(code).and_then(|rank| rules.tier(rank));
    tier.map_or(code, |tier| tier.name.get(ctx.lang))
}

fn form(ctx: &Ctx, form: Form) -> String {
    ctx.t(&format!("awards-form-{}", form.as_str()))
}

#[derive(Template)]
#[template(path = "awards/item.html")]
struct ItemPage<'a> {
    ctx: &'a Ctx,
    name: String,
    price: String,
    action: String,
    item: Option<Item>,
    forms: Vec<(String, String)>,
    fields: Fields,
    errors: Errors,
    id: String,
    may: bool,
}

impl ItemPage<'_> {
    fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    fn on(&self, name: &str) -> bool {
        !self.fields.get(name).is_empty()
    }

    /// How many there are, in one sentence.
    fn stock(&self) -> String {
        let Some(item) = &self.item else { return self.ctx.t("awards-stock-unset") };
        let (reserved, issued) = (self.ctx.num(item.reserved), self.ctx.num(item.issued));
        match item.left() {
            None => self.ctx.t2("awards-stock-endless", "reserved", reserved, "issued", issued),
            Some(left) => {
                let left = self.ctx.num(left);
                let (r, i) = ("reserved", "issued");
                self.ctx.t3("awards-stock-left", "left", left, r, reserved, i, issued)
            }
        }
    }

    fn is_limited(&self) -> bool {
        self.item.as_ref().is_some_and(|item| item.stocked.is_some())
    }
}

/// Fields of a form as a thing is set up now.
fn filled(item: Option<&Item>) -> Fields {
    let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
    let set = item.map(|item| item.settings.clone()).unwrap_or(Settings {
        form: Form::Voucher,
        partner: String::new(),
        scope: String::new(),
        voucher_days: 365,
        is_transferable: true,
        is_offered: true,
        last_day: None,
        is_limited: true,
    });
    let fields = [
        ("form", set.form.as_str().to_owned()),
        ("partner", set.partner),
        ("scope", set.scope),
        ("voucher_days", set.voucher_days.to_string()),
        ("is_transferable", flag(set.is_transferable)),
        ("is_offered", flag(set.is_offered)),
        ("last_day", set.last_day.map(|day| day.to_string()).unwrap_or_default()),
        ("is_limited", flag(set.is_limited)),
    ];
    Fields(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

async fn show(
    ctx: &Ctx,
    rooms: &Rooms,
    (programme, sku): (&str, &str),
    (fields, errors): (Option<Fields>, Errors),
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let items = rooms.awards.items(&ctx.actor).await?;
    let item = items.into_iter().find(|it| it.programme == programme && it.sku == sku);
    let mut tx = ctx.web.db.read().await?;
    let engine = rooms.awards.loyalty().rulebook(&mut tx).await?.remove(programme);
    drop(tx);
    let engine = engine.ok_or_else(PageError::not_found)?;
    let rules = engine.programme();
    let row = rules.redemption.shop.iter().find(|row| row.sku == *sku);
    let row = row.ok_or_else(PageError::not_found)?;
    let wrong = !errors.is_empty();
    let page = ItemPage {
        name: row.name.get(ctx.lang).to_owned(),
        price: words::price(ctx, rules, row.miles, row.minor),
        action: href(programme, sku),
        forms: Form::ALL.iter().map(|it| (it.as_str().to_owned(), form(ctx, *it))).collect(),
        fields: fields.unwrap_or_else(|| filled(item.as_ref())),
        id: kernel::ids::v7(ctx.now).to_string(),
        may: ctx.actor.may(permissions::CATALOGUE).is_ok(),
        item,
        errors,
        ctx,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

/// `GET /awards/items/{programme}/{sku}`
pub(super) async fn item(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((programme, sku)): Path<(String, String)>,
) -> PageResult {
    show(&ctx, &rooms, (&programme, &sku), (None, Errors::none())).await
}

/// `POST /awards/items/{programme}/{sku}`
pub(super) async fn set(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((programme, sku)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let of = (programme.as_str(), sku.as_str());
    let done = match settings(&fields) {
        Ok(settings) => rooms.awards.set_item(&ctx.actor, of, &settings).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let said = Toast::good(ctx.t("awards-item-saved"));
            Ok(ctx.see(&href(&programme, &sku)).toast(said).into_response())
        }
        Err(error) => {
            let errors = words::mistakes(&ctx, error)?;
            show(&ctx, &rooms, of, (Some(fields), errors)).await
        }
    }
}

fn settings(fields: &Fields) -> Result<Settings, Error> {
    let day = fields.get("last_day").trim();
    let last_day = match day.parse::<NaiveDate>() {
        Ok(day) => Some(day),
        Err(_) if day.is_empty() => None,
        Err(_) => return Err(Error::invalid("last_day", "awards-last-day")),
    };
    let form = fields.get("form").parse();
    Ok(Settings {
        form: form.map_err(|_| Error::invalid("form", "awards-form"))?,
        partner: fields.get("partner").trim().to_owned(),
        scope: fields.get("scope").trim().to_owned(),
        // What is no number is out of range.
        voucher_days: fields.get("voucher_days").trim().parse().unwrap_or(0),
        is_transferable: !fields.get("is_transferable").is_empty(),
        is_offered: !fields.get("is_offered").is_empty(),
        last_day,
        is_limited: !fields.get("is_limited").is_empty(),
    })
}

/// `POST /awards/items/{programme}/{sku}/stock`
pub(super) async fn stock(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((programme, sku)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let of = (programme.as_str(), sku.as_str());
    let id: Uuid = fields.get("id").parse().map_err(|_| PageError::not_found())?;
    let change = fields.get("change").trim().parse().unwrap_or(0);
    match rooms.awards.stock_item(&ctx.actor, of, id, change).await {
        Ok(_) => {
            let said = Toast::good(ctx.t("awards-stocked"));
            Ok(ctx.see(&href(&programme, &sku)).toast(said).into_response())
        }
        Err(error) => {
            let errors = words::mistakes(&ctx, error)?;
            show(&ctx, &rooms, of, (None, errors)).await
        }
    }
}
