//! Findings row by row: as a page, and as a file to correct the rows by.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use uuid::Uuid;
use web::{Ctx, PageError, PageResult};

use super::{Rooms, words};
use crate::imports::{Import, Run, StoredIssue};

/// Findings on a page.
const LIMIT: i64 = 100;
/// Findings read at a time for the file.
const CHUNK: i64 = 5_000;

#[derive(Deserialize)]
pub struct Asked {
    run: Option<String>,
    code: Option<String>,
    after: Option<i64>,
}

impl Asked {
    fn run(&self) -> Run {
        if self.run.as_deref() == Some("check") { Run::Check } else { Run::Import }
    }
}

struct Line {
    row: String,
    column: String,
    value: String,
    state: String,
    level: String,
    text: String,
}

#[derive(Template)]
#[template(path = "feeds/issues.html")]
struct Issues<'a> {
    ctx: &'a Ctx,
    import: &'a Import,
    lines: Vec<Line>,
    next: Option<String>,
    csv: String,
}

pub async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let import = rooms.feeds.import(&ctx.actor, id.into()).await?;
    let (run, after) = (asked.run(), asked.after.unwrap_or(-1));
    let code = asked.code.as_deref();
    let mut found =
        rooms.feeds.issues(&ctx.actor, import.id, run, code, (after, LIMIT + 1)).await?;
    let more = found.len() as i64 > LIMIT;
    found.truncate(usize::try_from(LIMIT).unwrap_or(100));
    let query = match code {
        Some(code) => format!("run={}&code={}", run.as_str(), code),
        None => format!("run={}", run.as_str()),
    };
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| format!("/imports/{}/issues?{query}&after={}", import.id, last.n));
    let lines = found.iter().map(|issue| line(&ctx, issue)).collect();
    let csv = format!("/imports/{}/issues.csv?{query}", import.id);
    Ok(ctx.page(&Issues { ctx: &ctx, import: &import, lines, next, csv }))
}

fn line(ctx: &Ctx, issue: &StoredIssue) -> Line {
    let args: Vec<(String, String)> =
        issue.args.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    Line {
        row: ctx.num(issue.row),
        column: issue.column.clone(),
        value: issue.value.clone(),
        state: words::level_state(issue.level).to_owned(),
        level: words::level(ctx, issue.level),
        text: words::sentence(ctx, &issue.code, &args),
    }
}

/// Row number, column, value, what became of it, reason; in the reader's language.
pub async fn csv(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let import = rooms.feeds.import(&ctx.actor, id.into()).await?;
    let name = format!("import-{}-rows.csv", import.created_at.format("%Y%m%d-%H%M"));
    let head: Vec<String> = ["row", "column", "value", "level", "reason"]
        .iter()
        .map(|key| ctx.t(&format!("feeds-csv-{key}")))
        .collect();
    let first = record(&head).map(|bytes| [b"\xef\xbb\xbf".as_slice(), &bytes].concat());
    let state = Some((ctx, rooms, asked, -1_i64));
    let rest = stream::try_unfold(state, move |state| async move {
        let Some((ctx, rooms, asked, after)) = state else { return Ok(None) };
        let code = asked.code.as_deref();
        let found = rooms
            .feeds
            .issues(&ctx.actor, id.into(), asked.run(), code, (after, CHUNK))
            .await
            .map_err(std::io::Error::other)?;
        let Some(last) = found.last().map(|issue| issue.n) else { return Ok(None) };
        let bytes = chunk(&ctx, &found)?;
        let ended = (found.len() as i64) < CHUNK;
        Ok::<_, std::io::Error>(Some((bytes, (!ended).then_some((ctx, rooms, asked, last)))))
    });
    let first = first.map_err(|_| PageError::new(kernel::Kind::Internal, "internal"))?;
    let body = stream::once(async move { Ok(Bytes::from(first)) });
    let body = Body::from_stream(futures::StreamExt::chain(body, rest));
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok::<Response, PageError>((headers, body).into_response())
}

fn chunk(ctx: &Ctx, found: &[StoredIssue]) -> std::io::Result<Bytes> {
    let mut all = Vec::new();
    for issue in found {
        let line = line(ctx, issue);
        let row = issue.row.to_string();
        all.extend(record(&[row, line.column, line.value, line.level, line.text])?);
    }
    Ok(Bytes::from(all))
}

/// One line; what a spreadsheet would run as a formula is defused.
fn record(cells: &[String]) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    let safe = cells.iter().map(|cell| {
        let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
            || (cell.starts_with('-') && cell.parse::<f64>().is_err());
        if formula { format!("'{cell}") } else { cell.clone() }
    });
    writer.write_record(safe)?;
    writer.into_inner().map_err(|error| error.into_error())
}
