//! A group taken away as a file: CSV, XLSX or Parquet, row by row, whatever its size.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::{Actor, Details, Target};
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use customers::CustomerId;
use futures::StreamExt;
use kernel::Lang;
use lake::arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use lake::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use lake::arrow::record_batch::RecordBatch;
use lake::{ParquetIn, ParquetOptions, ParquetOut};
use rust_xlsxwriter::{Workbook, XlsxError};
use uuid::Uuid;

use super::result;
use super::rows::{self, Member};
use crate::error::{Error, Result};
use crate::{Value, permissions};

/// Rows Excel can hold, the heading included.
const XLSX_ROWS: u32 = 1_048_576;
const BATCH: usize = 8_192;
const HEADINGS: [&str; 10] = [
    "customer_id",
    "name",
    "length_months",
    "recency_months",
    "flights",
    "km",
    "coefficient",
    "group",
    "score",
    "lifecycle",
];

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text with a byte order mark, which Excel needs to read Chinese.
    Csv,
    /// A workbook.
    Xlsx,
    /// Columns, for other programs.
    Parquet,
}

impl Format {
    /// The format of a word; CSV for any other.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "xlsx" => Self::Xlsx,
            "parquet" => Self::Parquet,
            _ => Self::Csv,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// A file ready to be sent. It is gone from its folder already; what is open stays readable.
#[derive(Debug)]
pub struct Exported {
    file: File,
    name: String,
    format: Format,
}

/// Answers with the file, part by part.
#[must_use]
pub fn response(exported: Exported) -> Response {
    let reader = tokio::fs::File::from_std(exported.file);
    let parts = futures::stream::unfold(reader, |mut reader| async move {
        use tokio::io::AsyncReadExt;
        let mut part = vec![0; 65_536];
        match reader.read(&mut part).await {
            Ok(0) => None,
            Ok(n) => {
                part.truncate(n);
                Some((Ok(part), reader))
            }
            Err(error) => Some((Err(error), reader)),
        }
    });
    let headers = [
        (CONTENT_TYPE, exported.format.media_type().to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", exported.name)),
    ];
    (headers, Body::from_stream(parts.boxed())).into_response()
}

impl Value {
    /// Writes the members of a run, or of one of its groups, to a file. Audited.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoRun`], [`Error::NotReady`], [`Error::Lake`].
    pub async fn export(
        &self,
        actor: &Actor,
        id: Uuid,
        group: Option<String>,
        format: Format,
    ) -> Result<Exported> {
        actor.may(permissions::EXPORT)?;
        let run = self.find(id).await?;
        let observed_on = run.report()?.observed_on;
        let folder = self.lake().table_dir(".export")?;
        let at = kernel::ids::v7(self.clock().now());
        let path = folder.join(format!("{at}.{}", format.ending()));
        let mut out = Out::create(&path, format)?;
        let file = ParquetIn::open(result::path(&self.runs_dir()?, id))?.batch_rows(BATCH);
        let mut count = 0;
        for batch in file.batches()? {
            let mut members = rows::members(&batch?)?;
            members.retain(|m| group.is_none() || m.name == group);
            if !out.has_room(members.len()) {
                break;
            }
            let ids: Vec<CustomerId> =
                members.iter().map(|m| CustomerId::from(m.customer)).collect();
            let mut tx = self.db().read().await?;
            let names = self.customers().names(&mut tx, &ids).await?;
            drop(tx);
            let lines = members.iter().map(|member| {
                let name = names.get(&CustomerId::from(member.customer));
                (member, name.map(|name| name.display(Lang::ZhCn)).unwrap_or_default())
            });
            out.write(&lines.collect::<Vec<_>>())?;
            count += ids.len();
        }
        out.finish()?;
        let file = File::open(&path).map_err(|e| Error::Broken(Box::new(e)))?;
        std::fs::remove_file(&path).ok();
        let mut tx = self.db().begin().await?;
        let details = Details::new()
            .count("rows", i64::try_from(count).unwrap_or(i64::MAX))
            .code("format", format.ending())
            .code("group", group.as_deref().unwrap_or("all"));
        let target = Target::new("value-run", id);
        self.0.access.record(&mut tx, actor, "value.exported", &target, details).await?;
        tx.commit().await?;
        let group = group.as_deref().unwrap_or("all");
        let name = format!("value-{observed_on}-{group}.{}", format.ending());
        Ok(Exported { file, name, format })
    }
}

enum Out {
    Csv(BufWriter<File>),
    Xlsx { book: Box<Workbook>, path: PathBuf, row: u32 },
    Parquet(Box<ParquetOut>),
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Broken(Box::new(error))
}

fn schema() -> SchemaRef {
    let kinds = [
        DataType::Utf8,
        DataType::Utf8,
        DataType::Float64,
        DataType::Float64,
        DataType::Int64,
        DataType::Int64,
        DataType::Float64,
        DataType::Utf8,
        DataType::Float64,
        DataType::Utf8,
    ];
    let fields = HEADINGS.iter().zip(kinds).map(|(name, kind)| Field::new(*name, kind, true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

impl Out {
    fn create(path: &Path, format: Format) -> Result<Self> {
        match format {
            Format::Csv => {
                let mut file = BufWriter::new(File::create(path).map_err(broken)?);
                write!(file, "\u{feff}{}\r\n", HEADINGS.join(",")).map_err(broken)?;
                Ok(Self::Csv(file))
            }
            Format::Xlsx => {
                let mut book = Box::new(Workbook::new());
                let sheet = book.add_worksheet_with_constant_memory().map_err(broken)?;
                for (column, heading) in (0_u16..).zip(HEADINGS) {
                    sheet.write_string(0, column, heading).map_err(broken)?;
                }
                Ok(Self::Xlsx { book, path: path.to_owned(), row: 1 })
            }
            Format::Parquet => {
                let out = ParquetOut::create(path, schema(), ParquetOptions::default())?;
                Ok(Self::Parquet(Box::new(out)))
            }
        }
    }

    fn has_room(&self, rows: usize) -> bool {
        match self {
            Self::Xlsx { row, .. } => u64::from(*row) + rows as u64 <= u64::from(XLSX_ROWS),
            _ => true,
        }
    }

    fn write(&mut self, lines: &[(&Member, String)]) -> Result<()> {
        match self {
            Self::Csv(file) => {
                lines.iter().try_for_each(|(m, name)| csv_line(file, m, name)).map_err(broken)
            }
            Self::Xlsx { book, row, .. } => {
                let sheet = book.worksheet_from_index(0).map_err(broken)?;
                for (member, name) in lines {
                    xlsx_line(sheet, *row, member, name).map_err(broken)?;
                    *row += 1;
                }
                Ok(())
            }
            Self::Parquet(out) => Ok(out.write(&columns(lines)?)?),
        }
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut file) => file.flush().map_err(broken),
            Self::Xlsx { mut book, path, .. } => book.save(path).map_err(broken),
            Self::Parquet(out) => Ok(out.finish().map(drop)?),
        }
    }
}

fn number(value: f64, places: usize) -> String {
    if value.is_finite() { format!("{value:.places$}") } else { String::new() }
}

fn csv_line(file: &mut impl Write, member: &Member, name: &str) -> std::io::Result<()> {
    let [l, r, f, m, c] = member.lrfmc;
    write!(
        file,
        "{},{},{},{},{f:.0},{m:.0},{},{},{},{}\r\n",
        member.customer,
        csv_text(name),
        number(l, 2),
        number(r, 2),
        number(c, 4),
        member.name.as_deref().unwrap_or(""),
        score(member).map_or_else(String::new, |s| number(s, 2)),
        member.lifecycle.map_or("", stats::Lifecycle::code),
    )
}

/// A text as a CSV field; a leading `=`, `+`, `-` or `@` is kept from being taken for a formula.
fn csv_text(text: &str) -> String {
    let guarded = match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

fn score(member: &Member) -> Option<f64> {
    member.group.map(|_| f64::from(member.score) / 100.0)
}

fn xlsx_line(
    sheet: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    member: &Member,
    name: &str,
) -> Result<(), XlsxError> {
    let [l, r, f, m, c] = member.lrfmc;
    sheet.write_string(row, 0, member.customer.to_string())?;
    sheet.write_string(row, 1, name)?;
    for (column, value) in [(2, l), (3, r), (4, f), (5, m), (6, c)] {
        if value.is_finite() {
            sheet.write_number(row, column, value)?;
        }
    }
    sheet.write_string(row, 7, member.name.as_deref().unwrap_or(""))?;
    if let Some(score) = score(member) {
        sheet.write_number(row, 8, score)?;
    }
    sheet.write_string(row, 9, member.lifecycle.map_or("", stats::Lifecycle::code))?;
    Ok(())
}

fn columns(lines: &[(&Member, String)]) -> Result<RecordBatch> {
    let float = |of: fn(&Member) -> f64| -> ArrayRef {
        let values = lines.iter().map(|(m, _)| Some(of(m)).filter(|v| v.is_finite()));
        Arc::new(Float64Array::from_iter(values))
    };
    let int = |of: fn(&Member) -> f64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(lines.iter().map(|(m, _)| of(m) as i64)))
    };
    let ids = StringArray::from_iter_values(lines.iter().map(|(m, _)| m.customer.to_string()));
    let names = StringArray::from_iter_values(lines.iter().map(|(_, name)| name));
    let groups = StringArray::from_iter(lines.iter().map(|(m, _)| m.name.as_deref()));
    let scores = Float64Array::from_iter(lines.iter().map(|(m, _)| score(m)));
    let states =
        StringArray::from_iter(lines.iter().map(|(m, _)| m.lifecycle.map(stats::Lifecycle::code)));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids),
        Arc::new(names),
        float(|m| m.lrfmc[0]),
        float(|m| m.lrfmc[1]),
        int(|m| m.lrfmc[2]),
        int(|m| m.lrfmc[3]),
        float(|m| m.lrfmc[4]),
        Arc::new(groups),
        Arc::new(scores),
        Arc::new(states),
    ];
    Ok(RecordBatch::try_new(schema(), columns).map_err(lake::LakeError::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_break_out_of_a_field_or_become_a_formula() {
        assert_eq!(csv_text("周启明"), "周启明");
        assert_eq!(csv_text("Smith, \"Al\""), "\"Smith, \"\"Al\"\"\"");
        assert_eq!(csv_text("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
