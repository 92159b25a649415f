//! `/members/{id}/redeem`: what for, what it costs, what is left; then it is held.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Currency, Money, Outcome};
use loyalty::MemberId;
use loyalty::members::nominees::Nominee;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::head::Head;
use super::{id_of, words};
use crate::wish::Flight;
use crate::{Ask, Awards, Quote, Rooms, Wish, permissions, say};

type Choices = Vec<(String, String)>;

/// A way to pay in words.
struct OfferView {
    price: String,
    after: String,
    missing: Option<String>,
    source: String,
    token: String,
    id: String,
}

/// A quote in words.
struct QuoteView {
    what: String,
    available: String,
    expiring: Option<String>,
    left: Option<String>,
    until: String,
    needs_ticket: bool,
    offers: Vec<OfferView>,
}

#[derive(Template)]
#[template(path = "awards/redeem.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    head: Head,
    kind: &'static str,
    fields: &'a Fields,
    errors: Errors,
    cabins: Choices,
    people: Choices,
    items: Choices,
    quote: Option<QuoteView>,
    query: String,
}

impl Page<'_> {
    fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    fn quantity(&self) -> &str {
        Some(self.value("quantity")).filter(|it| !it.is_empty()).unwrap_or("1")
    }

    /// The same page about another kind.
    fn tabs(&self) -> [(&'static str, String, bool); 3] {
        ["item", "ticket", "upgrade"]
            .map(|kind| (kind, self.ctx.t(&format!("awards-kind-{kind}")), kind == self.kind))
    }
}

/// The wish that fields describe; what is not filled in is named by the service.
fn wish(fields: &Fields, kind: &str, currency: Currency) -> Wish {
    let text = |name: &str| fields.get(name).trim().to_owned();
    if kind == "item" {
        // Amounts that are none are as wrong as none at all.
        return Wish::Item { sku: text("sku"), quantity: text("quantity").parse().unwrap_or(0) };
    }
    let flight = Flight {
        day: text("day").parse().unwrap_or_default(),
        departs: text("departs").parse().ok(),
        origin: text("origin"),
        destination: text("destination"),
        carrier: text("carrier"),
        cabin: text("cabin"),
        nominee: text("nominee").parse().ok(),
    };
    if kind == "upgrade" {
        return Wish::Upgrade { flight, class: text("class") };
    }
    let fare = text("fare");
    let fare_minor = match Money::parse(&fare, currency) {
        _ if fare.is_empty() => None,
        Some(money) => Some(money.minor),
        None => Some(0),
    };
    Wish::Ticket { flight, fare_minor }
}

/// `GET /members/{id}/redeem?kind=…`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::REDEEM)?;
    let member: MemberId = id_of(&id)?;
    let fields = Fields(web::url::pairs(&ctx.query));
    let head = Head::of(&ctx, &rooms, member).await?;
    let kind = match fields.get("kind") {
        "ticket" => "ticket",
        "upgrade" => "upgrade",
        _ => "item",
    };
    let (mut quote, mut errors) = (None, Errors::none());
    if fields.has("ask") {
        let part = fields.get("part").trim().replace(',', "").parse().ok();
        let currency = head.rules().map_or(Currency::CNY, |rules| rules.currency);
        let wish = wish(&fields, kind, currency);
        match rooms.awards.quote(&ctx.actor, member, wish, part).await {
            Ok(found) => quote = Some(quoted(&ctx, &found)),
            Err(error) => errors = words::mistakes(&ctx, error)?,
        }
    }
    let nominees = rooms.awards.loyalty().nominees(&ctx.actor, member).await?;
    let wrong = !errors.is_empty();
    let page = Page {
        cabins: cabins(&ctx),
        people: people(&ctx, &nominees),
        items: items(&ctx, &rooms.awards, &head).await?,
        query: ctx.query.clone(),
        ctx: &ctx,
        head,
        kind,
        fields: &fields,
        errors,
        quote,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

fn cabins(ctx: &Ctx) -> Choices {
    let words = ["economy", "premium", "business", "first"];
    words.map(|word| (word.to_owned(), say::cabin(word, ctx.lang).to_owned())).into()
}

fn people(ctx: &Ctx, nominees: &[Nominee]) -> Choices {
    let own = (String::new(), ctx.t("awards-for-member"));
    let each = nominees.iter().map(|one| (one.id.to_string(), ctx.name(&one.name)));
    std::iter::once(own).chain(each).collect()
}

/// What is offered today, with its price.
async fn items(ctx: &Ctx, awards: &Awards, head: &Head) -> Result<Choices, PageError> {
    let Some(rules) = head.rules() else { return Ok(Vec::new()) };
    let today = awards.today();
    let all = awards.items(&ctx.actor).await?;
    let all = all.iter().filter(|it| rules.code == *it.programme && it.is_offered(today));
    let item = |item: &crate::catalogue::Item| {
        let price = rules.item_price(&item.sku, head.rank, today).ok()?;
        let name = say::item(Some(rules), &item.sku, ctx.lang);
        let price = words::price(ctx, rules, price.miles, price.minor);
        Some((item.sku.clone(), format!("{name} · {price}")))
    };
    Ok(all.filter_map(item).collect())
}

fn quoted(ctx: &Ctx, quote: &Quote) -> QuoteView {
    let rules = quote.rules.programme();
    let miles = |n| say::miles(rules, n, ctx.lang);
    let offer = |one: &crate::Quoted| OfferView {
        price: words::price(ctx, rules, one.offer.miles, one.offer.minor),
        after: miles(one.after),
        missing: (one.missing > 0).then(|| miles(one.missing)),
        source: words::source(ctx, rules, i64::from(rules.version), &one.offer),
        token: one.token.clone(),
        id: kernel::ids::v7(ctx.now).to_string(),
    };
    let expiring = |(day, n)| ctx.t2("awards-first-out", "amount", miles(n), "day", ctx.date(day));
    QuoteView {
        what: say::wish(Some(rules), &quote.wish, ctx.lang),
        available: miles(quote.available),
        expiring: quote.expiring.map(expiring),
        left: quote.left.map(|n| ctx.t1("awards-left", "n", ctx.num(n))),
        until: ctx.at(quote.valid_until),
        needs_ticket: quote.wish.flight().is_some(),
        offers: quote.offers.iter().map(offer).collect(),
    }
}

/// `POST /members/{id}/redeem`
pub(super) async fn redeem(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let member: MemberId = id_of(&id)?;
    let made: Option<Uuid> = fields.get("id").parse().ok();
    let ask = Ask {
        id: made.ok_or_else(PageError::not_found)?.into(),
        member,
        token: fields.get("quote").to_owned(),
        confirm: true,
        device: None,
    };
    match rooms.awards.redeem(&ctx.actor, &ask).await {
        Ok(done) => Ok(told(&ctx, &done)),
        Err(error) => {
            // Back to the question: the answer may be another by now.
            let toast = words::bad(&ctx, error)?;
            let query = fields.get("query");
            Ok(ctx.see(&format!("/members/{member}/redeem?{query}")).toast(toast).into_response())
        }
    }
}

fn told(ctx: &Ctx, done: &Outcome<crate::Redemption>) -> Response {
    let (Outcome::Done(made) | Outcome::AlreadyDone(made)) = done;
    let to = format!("/redemptions/{}", made.id);
    let said = ctx.t(&format!("awards-now-{}", made.state.as_str()));
    ctx.see(&to).toast(Toast::good(said)).into_response()
}
