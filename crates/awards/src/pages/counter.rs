//! `/awards/vouchers`: a voucher at a counter. What it is is shown first; then it is used, once.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header::CACHE_CONTROL};
use kernel::Personal;
use loyalty::MemberId;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult};

use super::one::standing;
use super::words;
use crate::vouchers::{Use, Voucher};
use crate::{Error, Rooms, permissions, say};

struct Found {
    what: String,
    state: String,
    tone: (&'static str, &'static str),
    days: String,
    redemption: String,
    is_good: bool,
    asks_member: bool,
}

#[derive(Template)]
#[template(path = "awards/counter.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    fields: &'a Fields,
    errors: Errors,
    found: Option<Found>,
    used: bool,
    id: String,
}

impl Page<'_> {
    fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    fn is_good(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.is_good)
    }

    fn asks_member(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.asks_member)
    }
}

/// `GET /awards/vouchers`
pub(super) async fn page(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::VOUCHER)?;
    let fields = Fields::default();
    Ok(answer(&ctx, &fields, Errors::none(), (None, false)))
}

fn answer(
    ctx: &Ctx,
    fields: &Fields,
    errors: Errors,
    (found, used): (Option<Found>, bool),
) -> axum::response::Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let kept = fields.get("id").parse::<Uuid>().ok();
    let id = kept.unwrap_or_else(|| kernel::ids::v7(ctx.now)).to_string();
    let mut answer = ctx.page_with(status, &Page { ctx, fields, errors, found, used, id });
    // The code stands in the form.
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// `POST /awards/vouchers`: looks the code up; with `do` it is used.
pub(super) async fn send(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    ctx.actor.may(permissions::VOUCHER)?;
    let code = Personal::new(fields.get("code").to_owned());
    let uses = !fields.get("do").is_empty();
    let done = if uses {
        used(&ctx, &rooms, &fields, &code).await
    } else {
        rooms.awards.voucher(&ctx.actor, &code).await
    };
    match done {
        Ok(voucher) => {
            let found = found(&ctx, &rooms, &voucher).await?;
            Ok(answer(&ctx, &fields, Errors::none(), (Some(found), uses)))
        }
        Err(error @ Error::NotFound("voucher")) => {
            let mut errors = Errors::none();
            errors.add("code", words::error(&ctx, &error));
            Ok(answer(&ctx, &fields, errors, (None, false)))
        }
        Err(error) => {
            let errors = words::mistakes(&ctx, error)?;
            let known = rooms.awards.voucher(&ctx.actor, &code).await?;
            let found = found(&ctx, &rooms, &known).await?;
            Ok(answer(&ctx, &fields, errors, (Some(found), false)))
        }
    }
}

async fn used(
    ctx: &Ctx,
    rooms: &Rooms,
    fields: &Fields,
    code: &Personal<String>,
) -> Result<Voucher, Error> {
    let id = fields.get("id").parse().map_err(|_| Error::NotFound("voucher"))?;
    let known = rooms.awards.voucher(&ctx.actor, code).await?;
    let typed = fields.get("member").trim();
    let member: Option<MemberId> = if typed.is_empty() {
        None
    } else {
        let found = rooms.awards.loyalty().member_by_no(&ctx.actor, &known.programme, typed).await;
        match found {
            Ok(member) => Some(member.id),
            Err(loyalty::Error::NotFound(_)) => None,
            Err(other) => return Err(other.into()),
        }
    };
    let asked = Use {
        id,
        code: code.clone(),
        scope: fields.get("scope").trim().to_owned(),
        member,
        place: fields.get("place").to_owned(),
    };
    Ok(rooms.awards.use_voucher(&ctx.actor, &asked).await?.into_inner())
}

async fn found(ctx: &Ctx, rooms: &Rooms, of: &Voucher) -> Result<Found, web::PageError> {
    let mut tx = ctx.web.db.read().await?;
    let engine = rooms.awards.loyalty().rulebook(&mut tx).await?.remove(&of.programme);
    let rules = engine.as_deref().map(programme::Engine::programme);
    let today = rooms.awards.today();
    let (key, tone) = standing(of, today);
    Ok(Found {
        what: say::item(rules, &of.sku, ctx.lang),
        state: ctx.t(key),
        tone,
        days: match of.used_at {
            Some(at) => ctx.t1("awards-used-at", "at", ctx.at(at)),
            None => ctx.t1("awards-good-to", "day", ctx.date(of.last_day)),
        },
        redemption: format!("/redemptions/{}", of.redemption),
        is_good: of.is_good(today),
        asks_member: !of.is_transferable,
    })
}
