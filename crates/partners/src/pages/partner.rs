//! `/partners/{id}`: the agreement, files, months and invoices of a partner.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kernel::Money;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::refusal;
use crate::activity::{PartnerFile, Status};
use crate::agreements::{Kind, NewPrice, NewRate, Partner, PartnerId, Per};
use crate::{Error, Rooms, permissions};

/// Files shown.
const FILES: i64 = 25;

struct RateLine {
    kind: String,
    from: String,
    sentence: String,
    most: String,
}

struct PriceLine {
    from: String,
    sell: String,
    buy: String,
}

pub(super) struct FileLine {
    href: String,
    name: String,
    batch: String,
    tone: &'static str,
    icon: &'static str,
    status: String,
    figures: String,
    at: String,
}

struct Month {
    href: String,
    name: String,
}

struct InvoiceLine {
    href: String,
    number: String,
    month: String,
    total: String,
}

#[derive(Template)]
#[template(path = "partners/partner.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    partner: &'a Partner,
    name: String,
    kinds: Vec<(String, String)>,
    pers: Vec<(String, String)>,
    rates: Vec<RateLine>,
    prices: Vec<PriceLine>,
    files: Vec<FileLine>,
    months: Vec<Month>,
    invoices: Vec<InvoiceLine>,
    lacks: Option<String>,
    shortfall: String,
    today: NaiveDate,
    may_agree: bool,
    may_send: bool,
}

impl Show<'_> {
    fn send(&self) -> String {
        format!("/partners/{}/files", self.partner.id)
    }
}

/// An amount of the partner's money.
pub(super) fn money(ctx: &Ctx, partner: &Partner, minor: i64) -> String {
    ctx.money(&Money::new(minor, partner.currency))
}

/// A file in a line.
pub(super) fn file_line(ctx: &Ctx, file: &PartnerFile) -> FileLine {
    let (tone, icon) = match file.status {
        Status::Refused => ("bad", "circle-x"),
        Status::Posting => ("info", "loader"),
        Status::Done if file.rejected + file.waiting > 0 => ("warn", "triangle-alert"),
        Status::Done => ("good", "circle-check"),
    };
    let figures = match (&file.fault, file.status) {
        (Some(fault), _) => ctx.t(&format!("partners-fault-{}", fault.code)),
        (None, _) => ctx.tv(
            "partners-file-figures",
            &[
                ("posted", ctx.num(file.posted)),
                ("rejected", ctx.num(file.rejected)),
                ("miles", ctx.num(file.issued)),
            ],
        ),
    };
    FileLine {
        href: format!("/partners/{}/files/{}", file.partner, file.id),
        name: file.name.clone(),
        batch: file.batch.clone(),
        tone,
        icon,
        status: ctx.t(&format!("partners-status-{}", file.status.as_str())),
        figures,
        at: ctx.at(file.received_at),
    }
}

/// `GET /partners/{id}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let id: PartnerId = super::id(&id)?;
    let partners = &rooms.partners;
    let partner = partners.partner(&ctx.actor, id).await?;
    let (rates, prices) = partners.terms(&ctx.actor, id).await?;
    let files = partners.files(&ctx.actor, id, FILES).await?;
    let months = partners.months(&ctx.actor, id).await?;
    let invoices = partners.invoices(&ctx.actor, id).await?;
    let word = |kind: &Kind| ctx.t(&format!("partners-kind-{}", kind.as_str()));
    let lacks = match (rates.is_empty(), prices.is_empty()) {
        (true, _) => Some(ctx.t("partners-lacks-rate")),
        (_, true) => Some(ctx.t("partners-lacks-price")),
        _ => None,
    };
    let show = Show {
        name: partner.name(ctx.lang).to_owned(),
        kinds: partner.kinds.iter().map(|it| (it.as_str().to_owned(), word(it))).collect(),
        pers: Per::ALL
            .iter()
            .map(|per| (per.as_str().to_owned(), ctx.t(&format!("partners-per-{}", per.as_str()))))
            .collect(),
        rates: rates
            .iter()
            .map(|rate| RateLine {
                kind: word(&rate.kind),
                from: ctx.date(rate.valid_from),
                sentence: ctx.t1(
                    &format!("partners-rate-{}", rate.per.as_str()),
                    "miles",
                    thousandths(rate.milli),
                ),
                most: ctx.num(rate.most),
            })
            .collect(),
        prices: prices
            .iter()
            .map(|price| PriceLine {
                from: ctx.date(price.valid_from),
                sell: money(&ctx, &partner, price.sell_minor),
                buy: money(&ctx, &partner, price.buy_minor),
            })
            .collect(),
        files: files.iter().map(|file| file_line(&ctx, file)).collect(),
        months: months
            .into_iter()
            .map(|month| Month {
                href: format!("/partners/{id}/statements/{month}"),
                name: month_name(&ctx, &month),
            })
            .collect(),
        invoices: invoices
            .iter()
            .map(|one| InvoiceLine {
                href: format!("/partners/{id}/invoices/{}", one.id),
                number: one.number.clone(),
                month: month_name(&ctx, &one.document.month),
                total: money(&ctx, &partner, one.document.total_minor),
            })
            .collect(),
        lacks,
        shortfall: ctx.t(&format!("partners-shortfall-{}", partner.shortfall.as_str())),
        today: ctx.now.with_timezone(&ctx.zone).date_naive(),
        may_agree: ctx.actor.may(permissions::AGREE).is_ok(),
        may_send: ctx.actor.may(permissions::RECEIVE).is_ok(),
        partner: &partner,
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

/// A month in words, or as it was given.
pub(super) fn month_name(ctx: &Ctx, month: &str) -> String {
    crate::settlement::month(month).map_or_else(|| month.to_owned(), |(day, _)| ctx.month(day))
}

/// Thousandths without needless noughts: `1`, `0.5`.
fn thousandths(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A decimal with at most `places` as a whole number of its last place.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > places || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

fn told(
    ctx: &Ctx,
    id: PartnerId,
    done: Result<(), Error>,
    good: &str,
) -> Result<Response, PageError> {
    let said = match done {
        Ok(()) => Toast::good(ctx.t(good)),
        Err(error @ Error::Refused(_)) => Toast::bad(refusal(ctx, &error)),
        Err(Error::Invalid(fields)) => {
            let code = fields.first().map_or("partners-invalid", |field| field.code);
            Toast::bad(ctx.t(&format!("error-{code}")))
        }
        Err(other) => return Err(other.into()),
    };
    Ok(ctx.see(&format!("/partners/{id}")).toast(said).into_response())
}

/// `POST /partners/{id}/rates`
pub(super) async fn rate(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::AGREE)?;
    let id: PartnerId = super::id(&id)?;
    let done = match rate_of(&fields) {
        Ok(new) => rooms.partners.add_rate(&ctx.actor, id, new).await,
        Err(error) => Err(error),
    };
    told(&ctx, id, done, "partners-rate-added")
}

fn rate_of(fields: &Fields) -> Result<NewRate, Error> {
    let kind: Kind =
        fields.get("kind").parse().map_err(|_| Error::invalid("kind", "partners-kinds"))?;
    let per: Per =
        fields.get("per").parse().map_err(|_| Error::invalid("per", "partners-milli"))?;
    let day = fields.get("valid_from").parse();
    let valid_from = day.map_err(|_| Error::invalid("valid_from", "partners-day"))?;
    let typed = fields.get("miles").trim();
    let milli = if per == Per::Partner && typed.is_empty() { Some(0) } else { scaled(typed, 3) };
    let milli = milli.ok_or(Error::invalid("milli", "partners-milli"))?;
    let most = fields.get("most").trim().parse();
    let most = most.map_err(|_| Error::invalid("most", "partners-most"))?;
    Ok(NewRate { kind, valid_from, per, milli, most })
}

/// `POST /partners/{id}/prices`
pub(super) async fn price(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::AGREE)?;
    let id: PartnerId = super::id(&id)?;
    let partner = rooms.partners.partner(&ctx.actor, id).await?;
    let done = match price_of(&fields, &partner) {
        Ok(new) => rooms.partners.add_price(&ctx.actor, id, new).await,
        Err(error) => Err(error),
    };
    told(&ctx, id, done, "partners-price-added")
}

fn price_of(fields: &Fields, partner: &Partner) -> Result<NewPrice, Error> {
    let day = fields.get("valid_from").parse();
    let valid_from = day.map_err(|_| Error::invalid("valid_from", "partners-day"))?;
    let places = usize::try_from(partner.currency.exponent()).unwrap_or(2);
    let price = |name: &'static str| {
        scaled(fields.get(name), places).ok_or(Error::invalid(name, "partners-price"))
    };
    Ok(NewPrice { valid_from, sell_minor: price("sell")?, buy_minor: price("buy")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_scaled_without_floats() {
        for (text, places, expected) in [
            ("1", 3, Some(1_000)),
            ("0.5", 3, Some(500)),
            ("90.5", 2, Some(9_050)),
            ("1.2345", 3, None),
            ("-1", 2, None),
            ("", 2, None),
        ] {
            assert_eq!(scaled(text, places), expected, "{text}");
        }
        assert_eq!((thousandths(1_000), thousandths(500)), ("1".to_owned(), "0.5".to_owned()));
    }
}
