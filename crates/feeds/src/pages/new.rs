//! `/imports/new`: choose a file. With scripts it goes up in parts and resumes; without, as a plain
//! form. Samples of each kind can be downloaded.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use web::{Ctx, PageError, PageResult};

use super::{Rooms, words};
use crate::mapping::fields::FileKind;
use crate::permissions;

#[derive(Template)]
#[template(path = "feeds/new.html")]
struct New<'a> {
    ctx: &'a Ctx,
    steps: Vec<(String, &'static str, usize)>,
    kinds: Vec<(String, String)>,
    errors: web::form::Errors,
}

pub async fn page(ctx: Ctx, State(_): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::IMPORT)?;
    Ok(render(&ctx, axum::http::StatusCode::OK, web::form::Errors::none()))
}

/// The page, with what was wrong with the file before.
pub fn render(
    ctx: &Ctx,
    status: axum::http::StatusCode,
    errors: web::form::Errors,
) -> axum::response::Response {
    let mut kinds = vec![(String::new(), ctx.t("feeds-kind-auto"))];
    kinds.extend(
        FileKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), words::kind(ctx, *kind))),
    );
    ctx.page_with(status, &New { ctx, steps: words::steps(ctx, 0), kinds, errors })
}

/// An invented file with the columns of a kind.
pub async fn sample(ctx: Ctx, State(_): State<Rooms>, Path(name): Path<String>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let text = match name.as_str() {
        "members.csv" => include_str!("../../samples/members.csv"),
        "segments.csv" => include_str!("../../samples/segments.csv"),
        "activity.csv" => include_str!("../../samples/activity.csv"),
        _ => return Err(PageError::not_found()),
    };
    let disposition = format!("attachment; filename=\"jetbridge-sample-{name}\"");
    Ok((
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)],
        format!("\u{feff}{text}"),
    )
        .into_response())
}
