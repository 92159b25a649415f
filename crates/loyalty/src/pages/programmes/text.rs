//! The whole document as text: read with line numbers and findings, written for a draft. Whoever
//! saves over what a colleague saved meanwhile is shown what differs first.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use programme::Programme;
use programme::document::changes;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::compare::{ChangeLine, lines};
use super::show::{Head, Said, said as finding};
use super::{draft, said, version};
use crate::programmes::{self, Base, Draft, Version};
use crate::{Error, Rooms};

#[derive(Template)]
#[template(path = "loyalty/programmes/text.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    head: Head,
    /// As it is kept, or as it was typed.
    text: String,
    lines: Vec<(usize, String, Vec<Said>)>,
    findings: Vec<Said>,
    base: String,
    valid_from: String,
    note: String,
    /// What a colleague's differs in.
    differs: Vec<ChangeLine>,
}

struct Typed<'a> {
    text: &'a str,
    valid_from: String,
    note: String,
    differs: Vec<ChangeLine>,
}

async fn render(
    ctx: &Ctx,
    rooms: &Rooms,
    version: &Version,
    typed: Typed<'_>,
    errors: &Errors,
) -> PageResult {
    let head = Head::new(ctx, rooms, version, typed.text, "text").await?;
    let found = programmes::check(typed.text).map(|(_, found)| found).unwrap_or_default();
    let lines = typed.text.lines().enumerate().map(|(at, line)| {
        let number = at + 1;
        let here = found.iter().filter(|it| it.lines.contains(&number));
        (number, line.to_owned(), here.map(|it| finding(ctx, it)).collect())
    });
    let page = Page {
        lines: lines.collect(),
        findings: found.iter().map(|it| finding(ctx, it)).collect(),
        text: typed.text.to_owned(),
        base: version.hash.clone(),
        valid_from: typed.valid_from,
        note: typed.note,
        differs: typed.differs,
        head,
        errors,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

pub async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    let typed = Typed {
        text: &text,
        valid_from: version.valid_from.to_string(),
        note: version.note.clone(),
        differs: Vec::new(),
    };
    render(&ctx, &rooms, &version, typed, &Errors::none()).await
}

pub async fn save(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let (version, kept) = draft(&ctx, &rooms, (&code, &id)).await?;
    // Forms send line ends as CR LF.
    let text = fields.get("text").replace("\r\n", "\n");
    let mut errors = Errors::none();
    let valid_from = fields.get("valid_from").trim().parse().unwrap_or_else(|_| {
        errors.add("valid_from", ctx.t("programme-day-wrong"));
        version.valid_from
    });
    let mut differs = Vec::new();
    if errors.is_empty() {
        let new = Draft { text: text.clone(), valid_from, note: fields.get("note").to_owned() };
        let base = Base::Hash(fields.get("base"));
        match save_as(&ctx, &rooms, &version, &new, base).await {
            Ok(()) => return saved(&ctx, &super::href(&version), "/text"),
            Err(error @ Error::Refused("loyalty-draft-changed")) => {
                errors.add("text", said(&ctx, &error));
                differs = between(&ctx, &kept, &text)?;
            }
            Err(error) => wrong(&ctx, error, &mut errors)?,
        }
    }
    let (valid_from, note) = (fields.get("valid_from").to_owned(), fields.get("note").to_owned());
    let typed = Typed { text: &text, valid_from, note, differs };
    render(&ctx, &rooms, &version, typed, &errors).await
}

/// Keeps the text as this very version.
pub async fn save_as(
    ctx: &Ctx,
    rooms: &Rooms,
    version: &Version,
    draft: &Draft,
    base: Base<'_>,
) -> Result<(), Error> {
    let document = Programme::from_toml(&draft.text)?;
    let own = document.code.as_str() == version.programme;
    if !own || i64::from(document.version) != version.version {
        return Err(Error::Refused("loyalty-draft-renumbered"));
    }
    rooms.loyalty.save_programme(&ctx.actor, draft, base).await.map(|_| ())
}

pub fn saved(ctx: &Ctx, href: &str, rest: &str) -> PageResult {
    let toast = Toast::good(ctx.t("programme-saved"));
    Ok(ctx.see(&format!("{href}{rest}")).toast(toast).into_response())
}

fn wrong(ctx: &Ctx, error: Error, errors: &mut Errors) -> Result<(), PageError> {
    match error {
        Error::Document(_) | Error::Refused(_) => errors.add("text", said(ctx, &error)),
        Error::Invalid(fields) => {
            for one in fields {
                errors.add(one.field, ctx.t(&format!("error-{}", one.code)));
            }
        }
        error => return Err(error.into()),
    }
    Ok(())
}

/// What the second text changes in the first, where both are programmes.
pub fn between(ctx: &Ctx, kept: &str, typed: &str) -> Result<Vec<ChangeLine>, PageError> {
    let read = |text: &str| Programme::from_toml(text).map_err(Error::from);
    let (old, new) = (read(kept)?, read(typed)?);
    Ok(lines(ctx, [&old, &new], &changes(&old, &new).map_err(Error::from)?))
}

pub async fn download(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    let name = format!("{}-{}.toml", version.programme, version.version);
    let headers = [
        (CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
}
