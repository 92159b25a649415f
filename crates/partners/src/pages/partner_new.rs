//! `/partners/new`: an agreement with a partner.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::Outcome;
use loyalty::ledger::Shortfall;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::mistakes;
use crate::agreements::{Kind, NewPartner, PartnerId};
use crate::{Rooms, permissions};

#[derive(Template)]
#[template(path = "partners/new.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    key: String,
    fields: &'a Fields,
    programmes: Vec<(String, String)>,
    kinds: Vec<(&'static str, String, bool)>,
    shortfalls: Vec<(String, String)>,
    errors: Errors,
}

/// `GET /partners/new`
pub(super) async fn ask(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let fields = Fields(vec![
        ("currency".to_owned(), "CNY".to_owned()),
        ("window_days".to_owned(), "180".to_owned()),
    ]);
    show(&ctx, &rooms, &fields, Errors::none()).await
}

async fn show(ctx: &Ctx, rooms: &Rooms, fields: &Fields, errors: Errors) -> PageResult {
    ctx.actor.may(permissions::AGREE)?;
    let mut tx = ctx.web.db.read().await?;
    let book = rooms.partners.loyalty().rulebook(&mut tx).await?;
    drop(tx);
    let mut programmes: Vec<(String, String)> = book
        .iter()
        .map(|(code, engine)| (code.clone(), engine.programme().name.get(ctx.lang).to_owned()))
        .collect();
    programmes.sort();
    let key = fields.get("key").parse().unwrap_or_else(|_| PartnerId::new(ctx.now));
    let kinds = Kind::ALL.iter().map(|kind| {
        let chosen = fields.all("kinds").any(|it| it == kind.as_str());
        (kind.as_str(), ctx.t(&format!("partners-kind-{}", kind.as_str())), chosen)
    });
    let shortfalls = ["owe", "refuse"]
        .map(|word| (word.to_owned(), ctx.t(&format!("partners-shortfall-{word}"))));
    let wrong = !errors.is_empty();
    let page = Show {
        ctx,
        key: key.to_string(),
        fields,
        programmes,
        kinds: kinds.collect(),
        shortfalls: shortfalls.into(),
        errors,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page_with(status, &page))
}

/// `POST /partners/new`: the form's own id is the partner's.
pub(super) async fn add(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    ctx.actor.may(permissions::AGREE)?;
    let key = fields.get("key").parse().unwrap_or_else(|_| PartnerId::new(ctx.now));
    let get = |name: &str| fields.get(name).trim().to_owned();
    let new = NewPartner {
        code: get("code").to_ascii_uppercase(),
        programme: get("programme"),
        name_en: get("name_en"),
        name_zh: get("name_zh"),
        kinds: fields.all("kinds").filter_map(|kind| kind.parse().ok()).collect(),
        currency: get("currency").to_ascii_uppercase(),
        mailbox: get("mailbox"),
        window_days: get("window_days").parse().unwrap_or(0),
        shortfall: if get("shortfall") == "refuse" { Shortfall::Refuse } else { Shortfall::Owe },
    };
    match rooms.partners.add_partner(&ctx.actor, key, new).await {
        Ok(made) => {
            let said = match &made {
                Outcome::Done(_) => Toast::good(ctx.t("partners-added")),
                Outcome::AlreadyDone(_) => Toast::info(ctx.t("partners-added-before")),
            };
            let href = format!("/partners/{}", made.into_inner().id);
            Ok(ctx.see(&href).toast(said).into_response())
        }
        Err(error) => show(&ctx, &rooms, &fields, mistakes(&ctx, error)?).await,
    }
}
