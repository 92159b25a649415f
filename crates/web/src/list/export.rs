//! The whole view as a file. CSV goes out row by row; XLSX is written to a temporary file in
//! constant memory and sent from there.

use access::{Details, Target};
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};
use chrono::Datelike;
use futures::StreamExt;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

use super::cell::Cell;
use super::page::{List, ListRow};
use super::query::ListQuery;
use super::spec::Column;
use super::sql::{self, Today};
use crate::Ctx;
use crate::error::{PageError, PageResult};
use kernel::Kind;

/// Rows an Excel sheet can hold, less the heading.
const SHEET: u32 = 1_048_575;
/// Bytes of CSV per part.
const PART: usize = 64 * 1024;

pub(super) async fn serve<R: ListRow>(
    ctx: &Ctx,
    tx: store::Tx,
    list: &List,
    query: &ListQuery,
    today: Today,
    format: &str,
) -> PageResult {
    if !list.may_export(ctx) {
        return Err(PageError::new(Kind::Forbidden, "access-denied"));
    }
    let columns = query.columns(list.spec);
    let heads: Vec<String> = columns.iter().map(|column| head(ctx, column)).collect();
    let statement = sql::everything(list.spec, query, list.scope.as_ref(), today);
    record(ctx, list.spec.key, format).await?;
    let name = format!("{}-{}.{format}", list.spec.key, ctx.date(ctx.today()));
    let job = Export { ctx: ctx.clone(), tx, statement, columns, heads };
    let body = if format == "csv" { csv::<R>(job) } else { xlsx::<R>(job).await? };
    Ok(file(body, format, &name))
}

/// Files of people leave a row in the trail before the first byte goes out.
async fn record(ctx: &Ctx, list: &'static str, format: &str) -> Result<(), PageError> {
    let mut tx = ctx.web.db.begin().await?;
    let target = Target::new("list", list);
    let details = Details::new().code("format", format);
    ctx.web.access.record(&mut tx, &ctx.actor, "web.list-exported", &target, details).await?;
    Ok(tx.commit().await?)
}

struct Export {
    ctx: Ctx,
    tx: store::Tx,
    statement: store::Sql,
    columns: Vec<&'static Column>,
    heads: Vec<String>,
}

fn head(ctx: &Ctx, column: &Column) -> String {
    let label = ctx.t(column.label);
    column.unit.map_or(label.clone(), |unit| format!("{label} {}", ctx.t(unit)))
}

fn file(body: Body, format: &str, name: &str) -> Response<Body> {
    let mut answer = Response::new(body);
    let kind = match format {
        "csv" => "text/csv; charset=utf-8",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    answer
}

/// A failure in the middle of a stream: the connection is cut, so that half a file is not taken for
/// a whole one.
#[derive(Debug, thiserror::Error)]
#[error("the export stopped")]
struct Stopped;

impl From<store::Error> for Stopped {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "an export stopped in the middle");
        Self
    }
}

fn csv<R: ListRow>(mut job: Export) -> Body {
    let (send, receive) = mpsc::channel::<Result<Bytes, Stopped>>(4);
    tokio::spawn(async move {
        // The mark at the beginning tells Excel that this is UTF-8.
        let mut part = String::from("\u{feff}");
        line(&mut part, job.heads.iter().map(String::as_str));
        let (ctx, columns) = (&job.ctx, &job.columns);
        let each = |row: R| -> Result<(), Stopped> {
            let cells: Vec<String> =
                columns.iter().map(|column| csv_text(&row.cell(column.key, ctx), ctx)).collect();
            line(&mut part, cells.iter().map(String::as_str));
            if part.len() < PART {
                return Ok(());
            }
            // Waits for the reader, so memory stays flat; a reader who left ends the work.
            let full = Bytes::from(std::mem::take(&mut part));
            tokio::task::block_in_place(|| send.blocking_send(Ok(full))).map_err(|_| Stopped)
        };
        let end = job.tx.each(job.statement, each).await;
        let rest = end.map(|()| Bytes::from(part));
        send.send(rest).await.ok();
    });
    let stream = futures::stream::unfold(receive, |mut receive| async {
        receive.recv().await.map(|part| (part, receive))
    });
    Body::from_stream(stream.boxed())
}

/// Numbers plainly, without grouping.
fn csv_text(cell: &Cell, ctx: &Ctx) -> String {
    match cell {
        Cell::Num(n) => n.to_string(),
        Cell::Dec(x, _) | Cell::Share(x) => x.to_string(),
        Cell::Money(money) => money.decimal(),
        other => harmless(other.plain(ctx)),
    }
}

/// A spreadsheet must not take words for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

#[derive(Debug, thiserror::Error)]
enum XlsxFailure {
    #[error("the workbook could not be written")]
    Write(#[from] XlsxError),
    #[error("the rows could not be read")]
    Read(#[from] store::Error),
    #[error("the temporary file could not be used")]
    File(#[from] std::io::Error),
}

impl kernel::Explain for XlsxFailure {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn code(&self) -> &'static str {
        "export"
    }
}

async fn xlsx<R: ListRow>(mut job: Export) -> Result<Body, XlsxFailure> {
    let mut book = Workbook::new();
    let mut sheet = new_sheet(&mut book, &job.heads)?;
    let mut at = 0_u32;
    let (ctx, columns, heads) = (&job.ctx, &job.columns, &job.heads);
    let each = |row: R| -> Result<(), XlsxFailure> {
        if at == SHEET {
            sheet = new_sheet(&mut book, heads)?;
            at = 0;
        }
        at += 1;
        let page = book.worksheet_from_index(sheet)?;
        for (x, column) in (0_u16..).zip(columns.iter()) {
            put(page, at, x, &row.cell(column.key, ctx), ctx)?;
        }
        Ok(())
    };
    job.tx.each(job.statement, each).await?;
    let place = tempfile::NamedTempFile::new()?;
    let path = place.path().to_owned();
    tokio::task::spawn_blocking(move || book.save(&path))
        .await
        .map_err(std::io::Error::other)??;
    let file = tokio::fs::File::open(place.path()).await?;
    // The open file outlives its name: nothing to clean up afterwards.
    drop(place);
    Ok(Body::from_stream(ReaderStream::new(file)))
}

fn new_sheet(book: &mut Workbook, heads: &[String]) -> Result<usize, XlsxError> {
    let bold = Format::new().set_bold();
    let count = book.worksheets().len();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_freeze_panes(1, 0)?;
    for (x, head) in (0_u16..).zip(heads) {
        sheet.set_column_width(x, 18)?;
        sheet.write_with_format(0, x, head, &bold)?;
    }
    Ok(count)
}

fn put(sheet: &mut Worksheet, y: u32, x: u16, cell: &Cell, ctx: &Ctx) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        #[expect(clippy::cast_precision_loss, reason = "Excel keeps numbers as doubles")]
        Cell::Num(n) => {
            sheet.write(y, x, *n as f64)?;
        }
        Cell::Dec(value, _) => {
            sheet.write(y, x, *value)?;
        }
        Cell::Share(value) => {
            sheet.write_with_format(y, x, *value, &Format::new().set_num_format("0.0%"))?;
        }
        Cell::Date(date) => {
            let day = ExcelDateTime::from_ymd(
                u16::try_from(date.year()).unwrap_or(1900),
                u8::try_from(date.month()).unwrap_or(1),
                u8::try_from(date.day()).unwrap_or(1),
            )?;
            sheet.write_with_format(y, x, &day, &Format::new().set_num_format("yyyy-mm-dd"))?;
        }
        other => {
            sheet.write(y, x, other.plain(ctx))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it_and_defuses_formulas() {
        let mut out = String::new();
        line(&mut out, ["a", "b,c", "d\"e"].into_iter());
        assert_eq!(out, "a,\"b,c\",\"d\"\"e\"\r\n");
        assert_eq!(harmless("=1+1".to_owned()), "'=1+1");
        assert_eq!(harmless("周启明".to_owned()), "周启明");
    }
}
