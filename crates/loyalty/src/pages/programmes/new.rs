//! Beginning a version: from a shipped example, from one there is, or from a file.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use kernel::Kind;
use programme::Programme;
use web::form::{Errors, Fields, Guard};
use web::{Ctx, PageError, PageResult, Toast};

use super::said;
use crate::programmes::{self, Base, Draft, VersionId, next_version, rows};
use crate::{Error, Rooms, permissions};

/// Examples by code.
const EXAMPLES: [&str; 3] = ["bridge-km", "bay-year", "tern-fare"];

#[derive(Template)]
#[template(path = "loyalty/programmes/new.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    sources: Vec<(String, String)>,
    source: String,
    valid_from: String,
    why: String,
}

async fn render(ctx: &Ctx, rooms: &Rooms, fields: &Fields, errors: &Errors) -> PageResult {
    let all = rooms.loyalty.all_programme_versions(&ctx.actor).await?;
    let version = |it: &programmes::Version| {
        let words = ctx.t2("programme-copy-of", "code", &it.programme, "n", it.version);
        (it.id.to_string(), words)
    };
    let example = |code: &str| {
        let words = programme::examples::read(code).and_then(Result::ok);
        let name = words.map_or_else(|| code.to_owned(), |it| it.name.get(ctx.lang).to_owned());
        (code.to_owned(), ctx.t1("programme-example", "name", name))
    };
    let mut sources: Vec<(String, String)> = all.iter().map(version).collect();
    sources.extend(EXAMPLES.map(example));
    let tomorrow = ctx.today().succ_opt().unwrap_or(ctx.today());
    let given = fields.get("valid_from");
    let page = Page {
        sources,
        source: fields.get("source").to_owned(),
        valid_from: if given.is_empty() { tomorrow.to_string() } else { given.to_owned() },
        why: fields.get("note").to_owned(),
        errors,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

pub async fn form(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::PROGRAMME)?;
    let asked = Fields(web::url::pairs(&ctx.query));
    render(&ctx, &rooms, &asked, &Errors::none()).await
}

fn day(ctx: &Ctx, text: &str, errors: &mut Errors) -> NaiveDate {
    text.trim().parse().unwrap_or_else(|_| {
        errors.add("valid_from", ctx.t("programme-day-wrong"));
        ctx.today()
    })
}

pub async fn begin(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    ctx.actor.may(permissions::PROGRAMME)?;
    let mut errors = Errors::none();
    let valid_from = day(&ctx, fields.get("valid_from"), &mut errors);
    let text = source(&ctx, &rooms, fields.get("source")).await?;
    let Some(text) = text else {
        errors.add("source", ctx.t("programme-source-missing"));
        return render(&ctx, &rooms, &fields, &errors).await;
    };
    if errors.is_empty() {
        let draft = Draft { text, valid_from, note: fields.get("note").to_owned() };
        match keep(&ctx, &rooms, &draft).await {
            Ok(href) => return made(&ctx, &href),
            Err(error) => wrong(&ctx, error, "source", &mut errors)?,
        }
    }
    render(&ctx, &rooms, &fields, &errors).await
}

fn made(ctx: &Ctx, href: &str) -> PageResult {
    Ok(ctx.see(href).toast(Toast::good(ctx.t("programme-made"))).into_response())
}

async fn keep(ctx: &Ctx, rooms: &Rooms, draft: &Draft) -> Result<String, Error> {
    let code = Programme::from_toml(&draft.text)?.code;
    let made = rooms.loyalty.save_programme(&ctx.actor, draft, Base::New).await?;
    Ok(format!("/programmes/{code}/versions/{}", made.id))
}

/// What the form can be mended by stays in it; the rest is a page of its own.
fn wrong(ctx: &Ctx, error: Error, field: &str, errors: &mut Errors) -> Result<(), PageError> {
    match error {
        Error::Document(_) | Error::Refused(_) => errors.add(field, said(ctx, &error)),
        Error::Invalid(fields) => {
            for one in fields {
                let to = if one.field == "note" { "note" } else { field };
                errors.add(to, ctx.t(&format!("error-{}", one.code)));
            }
        }
        error => return Err(error.into()),
    }
    Ok(())
}

/// The text to begin with, under the next number there is.
async fn source(ctx: &Ctx, rooms: &Rooms, source: &str) -> Result<Option<String>, PageError> {
    let text = match source.parse::<uuid::Uuid>() {
        Ok(id) => rooms.loyalty.programme_version(&ctx.actor, VersionId::from(id)).await?.1,
        Err(_) => match programmes::example(source).filter(|_| EXAMPLES.contains(&source)) {
            Some(text) => text.to_owned(),
            None => return Ok(None),
        },
    };
    let programme = Programme::from_toml(&text).map_err(Error::from)?;
    let all = rooms.loyalty.programme_versions(&ctx.actor, programme.code.as_str()).await?;
    if all.is_empty() {
        return Ok(Some(text));
    }
    let next = next_version(&all, programme.code.as_str());
    Ok(Some(rows::renumber(&text, next).unwrap_or(text)))
}

pub async fn upload(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    guard: Guard,
    mut form: Multipart,
) -> PageResult {
    ctx.actor.may(permissions::PROGRAMME)?;
    let broken = |_| PageError::new(Kind::Invalid, "form");
    let (mut checked, mut fields, mut file) = (false, Fields::default(), None);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        // One byte over the limit is enough to be told that it is too long.
        let mut bytes = Vec::new();
        while let Some(more) = field.chunk().await.map_err(broken)? {
            if bytes.len() <= Programme::MOST_BYTES {
                bytes.extend_from_slice(&more);
            }
        }
        match name.as_str() {
            "file" => file = Some(bytes),
            "csrf" => {
                guard.check(&String::from_utf8_lossy(&bytes))?;
                checked = true;
            }
            _ => fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    if !checked {
        guard.header()?;
    }
    let mut errors = Errors::none();
    let valid_from = day(&ctx, fields.get("valid_from"), &mut errors);
    match String::from_utf8(file.unwrap_or_default()) {
        Ok(text) if text.trim().is_empty() => {
            errors.add("file", ctx.t("programme-file-missing"));
        }
        Ok(text) if errors.is_empty() => {
            let draft = Draft { text, valid_from, note: fields.get("note").to_owned() };
            match keep(&ctx, &rooms, &draft).await {
                Ok(href) => return made(&ctx, &href),
                Err(error) => wrong(&ctx, error, "file", &mut errors)?,
            }
        }
        Ok(_) => {}
        Err(_) => errors.add("file", ctx.t("programme-file-not-text")),
    }
    render(&ctx, &rooms, &fields, &errors).await
}
