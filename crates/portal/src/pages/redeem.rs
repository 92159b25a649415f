//! Miles for things and tickets: what is offered, what it costs, the member's redemptions and
//! vouchers. Things are the member's at once; a ticket is asked for and issued by the airline.

use access::Actor;
use askama::Template;
use awards::pages::{standing, words as said};
use awards::wish::Flight;
use awards::{Ask, Kind, Quote, Redemption, RedemptionId, VoucherId, Wish, say};
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use kernel::{Explain, Uuid};
use programme::Programme;
use web::form::{Errors, Fields};
use web::{PageError, PageResult, Toast};

use super::Rooms;
use super::ctx::{MyCtx, Posted};
use crate::Error;
use crate::barcode::{Barcode, code_128};

/// Redemptions of a page.
const SHOWN: i64 = 100;

struct ThingView {
    href: String,
    name: String,
    price: String,
    note: String,
    enough: bool,
}

struct OfferView {
    price: String,
    note: String,
    enough: bool,
    token: String,
    id: String,
}

struct QuoteView {
    what: String,
    has: String,
    first: Option<String>,
    is_flight: bool,
    offers: Vec<OfferView>,
}

/// A line of a list: where to, what, beside it, below it.
struct RowView {
    href: String,
    what: String,
    beside: String,
    good: bool,
    below: String,
}

fn me(ctx: &MyCtx) -> Actor {
    Actor::member(ctx.session.member.id.uuid())
}

/// What went wrong, as a member needs to know it: remedies are for staff.
fn plain(ctx: &MyCtx, error: &awards::Error) -> String {
    ctx.tv(&format!("error-{}", error.code()), &error.args())
}

fn mistakes(ctx: &MyCtx, error: awards::Error) -> Result<Errors, PageError> {
    if matches!(error, awards::Error::Invalid(_)) {
        return said::mistakes(ctx, error);
    }
    if !said::is_mistake(&error) {
        return Err(error.into());
    }
    let mut errors = Errors::none();
    errors.add("", plain(ctx, &error));
    Ok(errors)
}

#[derive(Template)]
#[template(path = "portal/redeem.html")]
struct RedeemPage<'a> {
    ctx: &'a MyCtx,
    balance: String,
    things: Vec<ThingView>,
}

/// `GET /my/redeem`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let card = portal.card(member).await?;
    let miles = portal.miles(member).await?.balance;
    let awards = &portal.parts().awards;
    let mut things = Vec::new();
    if let Some(engine) = card.engine.as_deref() {
        let rules = engine.programme();
        let items = awards.items(&me(&ctx)).await?;
        for item in items.iter().filter(|it| rules.code == *it.programme) {
            let price = rules.item_price(&item.sku, card.rank(), portal.today());
            let Ok(price) = price else { continue };
            if !item.is_offered(portal.today()) || item.left() == Some(0) {
                continue;
            }
            let missing = (price.miles - miles).max(0);
            let note = match (missing, item.left()) {
                (0, Some(left)) => ctx.t1("portal-redeem-left", "n", ctx.num(left)),
                (0, None) => String::new(),
                (missing, _) => {
                    let amount = say::miles(rules, missing, ctx.lang);
                    ctx.t1("portal-redeem-missing", "amount", amount)
                }
            };
            things.push(ThingView {
                href: format!("/my/redeem/item?sku={}", web::url::encode(&item.sku)),
                name: say::item(Some(rules), &item.sku, ctx.lang),
                price: said::price(&ctx, rules, price.miles, price.minor),
                note,
                enough: missing == 0,
            });
        }
    }
    let engine = card.engine.as_deref();
    let number = || ctx.num(miles);
    let balance = engine.map_or_else(number, |it| say::miles(it.programme(), miles, ctx.lang));
    Ok(ctx.page(&RedeemPage { ctx: &ctx, balance, things }))
}

#[derive(Template)]
#[template(path = "portal/redeem_one.html")]
struct OnePage<'a> {
    ctx: &'a MyCtx,
    title: String,
    is_ticket: bool,
    fields: &'a Fields,
    errors: Errors,
    cabins: Vec<(String, String)>,
    people: Vec<(String, String)>,
    quote: Option<QuoteView>,
    query: String,
}

impl OnePage<'_> {
    fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }
}

/// `GET /my/redeem/item?sku=…`
pub(super) async fn item(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let fields = Fields(web::url::pairs(&ctx.query));
    let quantity = fields.get("quantity").trim();
    let quantity = if quantity.is_empty() { "1" } else { quantity };
    // What is no number is out of range.
    let quantity = quantity.parse().unwrap_or(0);
    let wish = Wish::Item { sku: fields.get("sku").to_owned(), quantity };
    ask(&ctx, &rooms, &fields, Some(wish)).await
}

/// `GET /my/redeem/ticket?…`
pub(super) async fn ticket(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let fields = Fields(web::url::pairs(&ctx.query));
    let text = |name: &str| fields.get(name).trim().to_owned();
    let flight = Flight {
        day: text("day").parse().unwrap_or_default(),
        departs: None,
        origin: text("origin"),
        destination: text("destination"),
        carrier: text("carrier"),
        cabin: text("cabin"),
        nominee: text("nominee").parse().ok(),
    };
    let wish = Wish::Ticket { flight, fare_minor: None };
    ask(&ctx, &rooms, &fields, fields.has("ask").then_some(wish)).await
}

async fn ask(ctx: &MyCtx, rooms: &Rooms, fields: &Fields, wish: Option<Wish>) -> PageResult {
    let member = ctx.session.member.id;
    let awards = &rooms.portal.parts().awards;
    let is_ticket = wish.as_ref().is_none_or(|wish| wish.kind() == Kind::Ticket);
    let (mut quote, mut errors) = (None, Errors::none());
    if let Some(wish) = wish {
        match awards.quote(&me(ctx), member, wish, None).await {
            Ok(found) => quote = Some(quoted(ctx, &found)),
            Err(error) => errors = mistakes(ctx, error)?,
        }
    }
    let mut people = vec![(String::new(), ctx.t("portal-redeem-me"))];
    if is_ticket {
        let nominees = awards.loyalty().nominees(&crate::Portal::reader(), member).await?;
        let today = rooms.portal.today();
        let ready = nominees.iter().filter(|one| one.effective_on <= today);
        people.extend(ready.map(|one| (one.id.to_string(), ctx.name(&one.name))));
    }
    let cabins = ["economy", "premium", "business", "first"];
    let title = match &quote {
        Some(quote) => quote.what.clone(),
        None if is_ticket => ctx.t("portal-redeem-ticket"),
        None => ctx.t("portal-redeem"),
    };
    let wrong = !errors.is_empty();
    let page = OnePage {
        ctx,
        title,
        is_ticket,
        fields,
        errors,
        cabins: cabins.map(|it| (it.to_owned(), say::cabin(it, ctx.lang).to_owned())).into(),
        people,
        quote,
        query: ctx.query.clone(),
    };
    Ok(if wrong { ctx.wrong(&page) } else { ctx.page(&page) })
}

fn quoted(ctx: &MyCtx, quote: &Quote) -> QuoteView {
    let rules = quote.rules.programme();
    let miles = |n| say::miles(rules, n, ctx.lang);
    let offer = |one: &awards::Quoted| OfferView {
        price: said::price(ctx, rules, one.offer.miles, one.offer.minor),
        note: if one.missing > 0 {
            ctx.t1("portal-redeem-missing", "amount", miles(one.missing))
        } else {
            ctx.t1("portal-redeem-after", "amount", miles(one.after))
        },
        enough: one.missing == 0,
        token: one.token.clone(),
        id: kernel::ids::v7(ctx.now).to_string(),
    };
    let first = |(day, n)| ctx.t2("portal-redeem-first", "amount", miles(n), "day", ctx.day(day));
    QuoteView {
        what: say::wish(Some(rules), &quote.wish, ctx.lang),
        has: ctx.t1("portal-redeem-has", "amount", miles(quote.available)),
        first: quote.expiring.map(first),
        is_flight: quote.wish.flight().is_some(),
        offers: quote.offers.iter().map(offer).collect(),
    }
}

/// `POST /my/redeem`
pub(super) async fn send(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Posted(form): Posted,
) -> PageResult {
    let id: Uuid = form.get("id").parse().map_err(|_| PageError::from(Error::NotFound))?;
    let ask = Ask {
        id: id.into(),
        member: ctx.session.member.id,
        token: form.get("quote").to_owned(),
        confirm: true,
        device: Some(ctx.device.clone()),
    };
    match rooms.portal.parts().awards.redeem(&me(&ctx), &ask).await {
        Ok(done) => {
            let made = done.into_inner();
            let told = Toast::good(ctx.t(&format!("portal-redeemed-{}", made.state.as_str())));
            Ok(ctx.see(&format!("/my/redemptions/{}", made.id)).toast(told).into_response())
        }
        Err(error) => {
            // Back to the question: the answer may be another by now.
            let kind = if form.get("kind") == "ticket" { "ticket" } else { "item" };
            let to = format!("/my/redeem/{kind}?{}", form.get("query"));
            Ok(ctx.see(&to).toast(bad(&ctx, error)?).into_response())
        }
    }
}

fn bad(ctx: &MyCtx, error: awards::Error) -> Result<Toast, PageError> {
    match &error {
        awards::Error::Invalid(fields) => {
            let code = fields.first().map_or("awards-invalid", |field| field.code);
            Ok(Toast::bad(ctx.t(&format!("error-{code}"))))
        }
        known if said::is_mistake(known) => Ok(Toast::bad(plain(ctx, known))),
        _ => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "portal/redemptions.html")]
struct ListPage<'a> {
    ctx: &'a MyCtx,
    rows: Vec<RowView>,
    vouchers: bool,
}

async fn rules(rooms: &Rooms, of: &str, version: i64) -> Option<std::sync::Arc<programme::Engine>> {
    rooms.portal.parts().loyalty.programme_numbered(of, version).await.ok()
}

/// `GET /my/redemptions`
pub(super) async fn list(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let awards = &rooms.portal.parts().awards;
    let all = awards.redemptions(&me(&ctx), ctx.session.member.id, None, SHOWN).await?;
    let mut rows = Vec::with_capacity(all.len());
    for one in &all {
        let engine = rules(&rooms, &one.programme, one.version).await;
        let programme = engine.as_deref().map(programme::Engine::programme);
        let made = one.made_at.with_timezone(&ctx.zone).date_naive();
        rows.push(RowView {
            href: format!("/my/redemptions/{}", one.id),
            what: say::wish(programme, &one.wish, ctx.lang),
            beside: price(&ctx, programme, one),
            good: false,
            below: format!("{} · {}", ctx.day(made), said::state(&ctx, one.state)),
        });
    }
    Ok(ctx.page(&ListPage { ctx: &ctx, rows, vouchers: false }))
}

fn price(ctx: &MyCtx, rules: Option<&Programme>, of: &Redemption) -> String {
    let plain = || ctx.num(of.miles);
    rules.map_or_else(plain, |rules| said::price(ctx, rules, of.miles, of.minor))
}

#[derive(Template)]
#[template(path = "portal/redemption.html")]
struct ShowPage<'a> {
    ctx: &'a MyCtx,
    id: String,
    what: String,
    price: String,
    stands: (String, &'static str, &'static str),
    next: String,
    vouchers: Vec<RowView>,
    can_cancel: bool,
}

fn own<T: From<Uuid>>(id: &str) -> Result<T, PageError> {
    Ok(id.parse::<Uuid>().map_err(|_| PageError::from(Error::NotFound))?.into())
}

/// `GET /my/redemptions/{id}`
pub(super) async fn show(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let (awards, id): (_, RedemptionId) = (&rooms.portal.parts().awards, own(&id)?);
    let of = awards.redemption(&me(&ctx), id).await?.redemption;
    let engine = rules(&rooms, &of.programme, of.version).await;
    let programme = engine.as_deref().map(programme::Engine::programme);
    let vouchers = awards.vouchers_of(&me(&ctx), id).await?;
    let today = rooms.portal.today();
    let page = ShowPage {
        id: id.to_string(),
        what: say::wish(programme, &of.wish, ctx.lang),
        price: price(&ctx, programme, &of),
        stands: (said::state(&ctx, of.state), said::tone(of.state).0, said::tone(of.state).1),
        next: ctx.t1(&format!("portal-redeem-next-{}", of.state.as_str()), "at", ctx.at(of.due_at)),
        vouchers: vouchers.iter().map(|one| row(&ctx, programme, one, today)).collect(),
        can_cancel: of.state.is_open(),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

fn row(
    ctx: &MyCtx,
    rules: Option<&Programme>,
    of: &awards::vouchers::Voucher,
    today: chrono::NaiveDate,
) -> RowView {
    let (key, _) = standing(of, today);
    RowView {
        href: format!("/my/vouchers/{}", of.id),
        what: say::item(rules, &of.sku, ctx.lang),
        beside: ctx.t(key),
        good: of.is_good(today),
        below: match of.used_at {
            Some(at) => ctx.t1("awards-used-at", "at", ctx.at(at)),
            None => ctx.t1("awards-good-to", "day", ctx.day(of.last_day)),
        },
    }
}

/// `POST /my/redemptions/{id}/cancel`
pub(super) async fn cancel(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _form: Posted,
) -> PageResult {
    let id: RedemptionId = own(&id)?;
    let told = match rooms.portal.parts().awards.cancel(&me(&ctx), id).await {
        Ok(_) => Toast::good(ctx.t("awards-now-cancelled")),
        Err(error) => bad(&ctx, error)?,
    };
    Ok(ctx.see(&format!("/my/redemptions/{id}")).toast(told).into_response())
}

/// `GET /my/vouchers`
pub(super) async fn vouchers(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let member = &ctx.session.member;
    let mut all = rooms.portal.parts().awards.vouchers(&me(&ctx), member.id).await?;
    let (card, today) = (rooms.portal.card(member).await?, rooms.portal.today());
    let rules = card.engine.as_deref().map(programme::Engine::programme);
    // Those that are still good first, the soonest to end before the others.
    all.sort_by_key(|one| (!one.is_good(today), one.last_day));
    let rows = all.iter().map(|one| row(&ctx, rules, one, today)).collect();
    Ok(ctx.page(&ListPage { ctx: &ctx, rows, vouchers: true }))
}

#[derive(Template)]
#[template(path = "portal/voucher.html")]
struct VoucherPage<'a> {
    ctx: &'a MyCtx,
    what: String,
    stands: (String, &'static str, &'static str),
    days: String,
    code: Option<String>,
    bars: Option<Barcode>,
    mine_only: bool,
}

/// `GET /my/vouchers/{id}`: the code, for the counter's scanner, while it is good.
pub(super) async fn voucher(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: VoucherId = own(&id)?;
    let (of, code) = rooms.portal.parts().awards.reveal(&me(&ctx), id).await?;
    let card = rooms.portal.card(&ctx.session.member).await?;
    let rules = card.engine.as_deref().map(programme::Engine::programme);
    let today = rooms.portal.today();
    let view = row(&ctx, rules, &of, today);
    let code = code.filter(|_| of.is_good(today)).map(|code| code.reveal().clone());
    let (key, tone) = standing(&of, today);
    let page = VoucherPage {
        bars: code.as_ref().and_then(|code| code_128(&code.replace('-', ""))),
        what: view.what,
        stands: (ctx.t(key), tone.0, tone.1),
        days: view.below,
        code,
        mine_only: !of.is_transferable,
        ctx: &ctx,
    };
    let mut answer: Response = ctx.page(&page);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
