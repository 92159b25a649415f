//! `/imports/mappings`: shipped and saved mappings, as files to take away.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use web::form::Fields;
use web::{Ctx, PageResult, Toast};

use super::{Rooms, words};
use crate::imports::MappingRef;
use crate::permissions;

struct Line {
    name: String,
    title: String,
    kind: String,
    columns: String,
    shipped: bool,
    saved: Option<askama::filters::Safe<String>>,
}

#[derive(Template)]
#[template(path = "feeds/mappings.html")]
struct Mappings<'a> {
    ctx: &'a Ctx,
    lines: Vec<Line>,
    may_import: bool,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let lines = rooms
        .feeds
        .mappings(&ctx.actor)
        .await?
        .into_iter()
        .map(|listed| Line {
            title: listed.mapping.title.get(ctx.lang.as_str()).cloned().unwrap_or_default(),
            kind: words::kind(&ctx, listed.mapping.kind),
            columns: ctx.num(listed.mapping.columns.len()),
            shipped: listed.shipped,
            saved: listed.saved_at.map(|at| ctx.ago(at)),
            name: listed.mapping.name,
        })
        .collect();
    let may_import = ctx.actor.may(permissions::IMPORT).is_ok();
    Ok(ctx.page(&Mappings { ctx: &ctx, lines, may_import }))
}

pub async fn download(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let name = name.strip_suffix(".toml").unwrap_or(&name).to_owned();
    let mapping = rooms.feeds.mapping(&MappingRef::Name(name)).await?;
    let text = mapping.to_toml().map_err(crate::Error::Mapping)?;
    let file: String =
        mapping.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{file}.toml\"");
    let headers =
        [(CONTENT_TYPE, "application/toml".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, text).into_response())
}

pub async fn delete(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
    _: Fields,
) -> PageResult {
    rooms.feeds.delete_mapping(&ctx.actor, &name).await?;
    let toast = Toast::good(ctx.t1("feeds-mapping-deleted", "name", name));
    Ok(ctx.see("/imports/mappings").toast(toast).into_response())
}
