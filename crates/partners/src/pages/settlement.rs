//! The statement of a month, and the invoice that keeps it.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use kernel::{Currency, Money};
use web::{Ctx, PageResult, Toast};

use super::partner::{money, month_name};
use super::refusal;
use crate::agreements::{Partner, PartnerId};
use crate::settlement::{Invoice, InvoiceId, Line, Statement};
use crate::{Error, Rooms, permissions};

struct Row {
    what: String,
    rows: String,
    miles: String,
    price: String,
    amount: String,
}

fn rows(ctx: &Ctx, lines: &[Line], currency: Currency) -> Vec<Row> {
    let money = |minor| ctx.money(&Money::new(minor, currency));
    lines
        .iter()
        .map(|line| Row {
            what: format!(
                "{} · {}",
                ctx.t(&format!("partners-what-{}", line.what.as_str())),
                ctx.t(&format!("partners-kind-{}", line.kind.as_str()))
            ),
            rows: ctx.num(line.rows),
            miles: ctx.num(line.miles),
            price: money(line.price_minor),
            amount: money(line.amount_minor),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "partners/statement.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    partner: &'a Partner,
    name: String,
    month: String,
    statement: &'a Statement,
    rows: Vec<Row>,
    total: String,
    answer: String,
    invoice: Option<(String, String)>,
    may: bool,
}

/// `GET /partners/{id}/statements/{month}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, month)): Path<(String, String)>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: PartnerId = super::id(&id)?;
    if crate::settlement::month(&month).is_none() {
        return Err(web::PageError::not_found());
    }
    let partner = rooms.partners.partner(&ctx.actor, id).await?;
    let statement = rooms.partners.statement(&ctx.actor, id, &month).await?;
    let invoices = rooms.partners.invoices(&ctx.actor, id).await?;
    let invoice = invoices.into_iter().find(|one| one.document.month == month);
    let total = money(&ctx, &partner, statement.total_minor.abs());
    let key = if statement.total_minor < 0 { "partners-we-owe" } else { "partners-they-owe" };
    let show = Show {
        name: partner.name(ctx.lang).to_owned(),
        month: month_name(&ctx, &month),
        rows: self::rows(&ctx, &statement.lines, partner.currency),
        answer: ctx.t2(key, "name", partner.name(ctx.lang), "total", total),
        total: money(&ctx, &partner, statement.total_minor),
        may: invoice.is_none()
            && statement.is_over
            && !statement.lines.is_empty()
            && ctx.actor.may(permissions::INVOICE).is_ok(),
        invoice: invoice.map(|one| (format!("/partners/{id}/invoices/{}", one.id), one.number)),
        partner: &partner,
        statement: &statement,
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

/// `POST /partners/{id}/statements/{month}`: issues the invoice.
pub(super) async fn issue(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, month)): Path<(String, String)>,
    _fields: web::form::Fields,
) -> PageResult {
    let id: PartnerId = super::id(&id)?;
    match rooms.partners.issue(&ctx.actor, id, &month).await {
        Ok(issued) => {
            let said = if issued.is_repeat() {
                Toast::info(ctx.t("partners-invoice-before"))
            } else {
                Toast::good(ctx.t("partners-invoice-issued"))
            };
            let invoice = issued.into_inner();
            let href = format!("/partners/{id}/invoices/{}", invoice.id);
            Ok(ctx.see(&href).toast(said).into_response())
        }
        Err(error @ (Error::Refused(_) | Error::Untied { .. })) => {
            let said = Toast::bad(refusal(&ctx, &error));
            let href = format!("/partners/{id}/statements/{month}");
            Ok(ctx.see(&href).toast(said).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "partners/invoice.html")]
struct Paper<'a> {
    ctx: &'a Ctx,
    id: PartnerId,
    invoice: &'a Invoice,
    name: String,
    title: String,
    month: String,
    issued: String,
    rows: Vec<Row>,
    total: String,
    sound: bool,
    may_export: bool,
    as_file: String,
}

async fn of(ctx: &Ctx, rooms: &Rooms, id: &str, invoice: &str) -> Result<Invoice, web::PageError> {
    ctx.actor.may(permissions::READ)?;
    let (id, invoice): (PartnerId, InvoiceId) = (super::id(id)?, super::id(invoice)?);
    let found = rooms.partners.invoice(&ctx.actor, invoice).await?;
    if found.partner == id { Ok(found) } else { Err(Error::NotFound("invoice").into()) }
}

/// `GET /partners/{id}/invoices/{invoice}`
pub(super) async fn invoice(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, invoice)): Path<(String, String)>,
) -> PageResult {
    let invoice = of(&ctx, &rooms, &id, &invoice).await?;
    let document = &invoice.document;
    let currency = Currency::parse(&document.currency).unwrap_or(Currency::CNY);
    let credit = document.total_minor < 0;
    let title = if credit { "partners-credit-note" } else { "partners-invoice" };
    let name = if ctx.zh() { &document.name_zh } else { &document.name_en };
    let page = Paper {
        id: invoice.partner,
        name: name.clone(),
        title: ctx.t1(title, "number", invoice.number.as_str()),
        month: month_name(&ctx, &document.month),
        issued: ctx.at(invoice.issued_at),
        rows: rows_of(&ctx, document, currency),
        total: ctx.money(&Money::new(document.total_minor, currency)),
        sound: invoice.is_sound(),
        may_export: ctx.actor.may(permissions::EXPORT).is_ok(),
        as_file: format!("/partners/{}/invoices/{}/invoice.csv", invoice.partner, invoice.id),
        invoice: &invoice,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

fn rows_of(ctx: &Ctx, document: &crate::settlement::Issued, currency: Currency) -> Vec<Row> {
    rows(ctx, &document.lines, currency)
}

/// `GET /partners/{id}/invoices/{invoice}/invoice.csv`: figures and codes only, so that no cell
/// begins with what a spreadsheet takes for a formula; what we owe stands in a column of its own.
pub(super) async fn csv(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, invoice)): Path<(String, String)>,
) -> PageResult {
    ctx.actor.may(permissions::EXPORT)?;
    let invoice = of(&ctx, &rooms, &id, &invoice).await?;
    let document = &invoice.document;
    let currency = Currency::parse(&document.currency).unwrap_or(Currency::CNY);
    let decimal = |minor: i64| Money::new(minor.abs(), currency).decimal();
    let mut text =
        "invoice,month,partner,what,kind,rows,miles,price_per_1000,they_owe,we_owe,currency\r\n"
            .to_owned();
    let mut put = |what: &str, kind: &str, rows: i64, miles: i64, price: &str, amount: i64| {
        let (they, we) = if amount < 0 {
            (String::new(), decimal(amount))
        } else {
            (decimal(amount), String::new())
        };
        let (number, month, code) = (&invoice.number, &document.month, &document.partner);
        let _ = write!(
            text,
            "{number},{month},{code},{what},{kind},{rows},{miles},{price},{they},{we},{}\r\n",
            document.currency
        );
    };
    for line in &document.lines {
        let price = decimal(line.price_minor);
        let (what, kind) = (line.what.as_str(), line.kind.as_str());
        put(what, kind, line.rows, line.miles, &price, line.amount_minor);
    }
    let (rows, miles) = (
        document.lines.iter().map(|line| line.rows).sum(),
        document.lines.iter().map(|line| line.miles).sum(),
    );
    put("total", "", rows, miles, "", document.total_minor);
    let name = format!("attachment; filename=\"{}.csv\"", invoice.number);
    let head = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((head, text).into_response())
}
