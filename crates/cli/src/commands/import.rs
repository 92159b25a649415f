//! `import`: a file of this machine through the same door as the browser's.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use access::Actor;
use app::App;
use feeds::imports::{DryRun, Run, StoredIssue};
use feeds::mapping::{shipped, shipped_names};
use feeds::{Counts, Feeds, FileKind, ImportId, MappingRef, Report};
use serde_json::{Value, json};

use super::Ctx;
use crate::args::{self, ImportFile};
use crate::fail::{Fail, file as at_file};
use crate::output::{Progress, Rows};
use crate::words;

/// Issues read at a time for the error file.
const PAGE: i64 = 1_000;

pub(crate) async fn run(ctx: Ctx, import: args::Import) -> Result<(), Fail> {
    let (kind, file) = match import {
        args::Import::Members(file) => (FileKind::Members, file),
        args::Import::Segments(file) => (FileKind::Segments, file),
        args::Import::Activity(file) => (FileKind::Activity, file),
        args::Import::Mappings => return mappings(&ctx),
    };
    if !file.file.is_file() {
        return Err(Fail::missing(format!("There is no file {}.", file.file.display()))
            .hint("check the path"));
    }
    let app = ctx.app().await?;
    let mapping = mapping(&file.mapping)?;
    if file.dry_run {
        check(&ctx, &app, &file, &mapping).await
    } else {
        bring_in(&ctx, &app, kind, &file, &mapping).await
    }
}

/// A file when there is one of that name, otherwise a shipped or saved mapping.
fn mapping(asked: &str) -> Result<MappingRef, Fail> {
    let path = Path::new(asked);
    if path.is_file() {
        let text = std::fs::read_to_string(path).map_err(at_file(path))?;
        return Ok(MappingRef::Text(text));
    }
    Ok(MappingRef::Name(asked.to_owned()))
}

async fn bring_in(
    ctx: &Ctx,
    app: &App,
    kind: FileKind,
    file: &ImportFile,
    mapping: &MappingRef,
) -> Result<(), Fail> {
    let actor = Actor::system("command line");
    let feeds = app.feeds();
    let began = Instant::now();
    let id = feeds.import_file(&actor, &file.file, Some(kind), mapping, file.policy.into()).await?;
    let (report, end) = drawn(began);
    let done = feeds.run_import(id, report).await;
    end();
    let import = done?;
    if let Some(path) = &file.errors {
        error_file(feeds, &actor, id, path).await?;
    }
    print(ctx, &import.counts, Some(id));
    reasons(ctx, &serde_json::to_value(&import.reasons).unwrap_or_default());
    ctx.output.say(&format!("Imported in {:.1} s.", began.elapsed().as_secs_f64()));
    refused(import.counts.rejected, file.errors.is_none())
}

async fn check(ctx: &Ctx, app: &App, file: &ImportFile, mapping: &MappingRef) -> Result<(), Fail> {
    let mapping = app.feeds().mapping(mapping).await?;
    let (report, end) = drawn(Instant::now());
    let done = app.feeds().dry_run(&file.file, &mapping, report).await;
    end();
    let DryRun { report: found, .. } = done?;
    print(ctx, &found.counts, None);
    reasons(ctx, &serde_json::to_value(&found.reasons).unwrap_or_default());
    ctx.output.say("Nothing was written: this was a dry run.");
    refused(found.counts.rejected, false)
}

fn refused(rows: u64, hint_at_file: bool) -> Result<(), Fail> {
    if rows == 0 {
        return Ok(());
    }
    let fail = Fail::partly(format!("{rows} rows were not imported; the reasons are above."));
    Err(if hint_at_file {
        fail.hint("--errors FILE lists each row; correct it there and import that file")
    } else {
        fail.hint("correct them and import the file again: rows that are in change nothing")
    })
}

/// A report that draws a line, and what takes the line away.
fn drawn(began: Instant) -> (Report, impl FnOnce()) {
    let progress = Arc::new(Mutex::new(Progress::default()));
    let drawn = progress.clone();
    let report: Report = Arc::new(move |step| {
        let key = step.phase.key();
        let phase = words::text(key, &[]).unwrap_or_else(|| key.to_owned());
        let line = match step.total {
            Some(total) => format!("{phase} {} / {total}", step.done),
            None => format!("{phase} {}", step.done),
        };
        if let Ok(mut progress) = drawn.lock() {
            progress.show(&line, began.elapsed());
        }
        Box::pin(async { Ok(()) })
    });
    let end = move || {
        if let Ok(mut progress) = progress.lock() {
            progress.end();
        }
    };
    (report, end)
}

fn print(ctx: &Ctx, counts: &Counts, id: Option<ImportId>) {
    let mut json = serde_json::to_value(counts).unwrap_or_default();
    let mut facts = Rows::new(&["count", "rows"]);
    for (name, value) in json.as_object().into_iter().flatten() {
        if value.as_u64().unwrap_or(0) > 0 {
            facts.push(vec![json!(name.replace('_', " ")), value.clone()]);
        }
    }
    json["import"] = json!(id);
    ctx.output.record(&json, &facts);
}

/// Why rows were refused or changed, with the first of each.
fn reasons(ctx: &Ctx, reasons: &Value) {
    for reason in reasons.as_array().into_iter().flatten() {
        let text = |key: &str| reason[key].as_str().unwrap_or_default();
        let args: Vec<(String, String)> =
            serde_json::from_value(reason["args"].clone()).unwrap_or_default();
        let many = match reason["rows"].as_u64() {
            Some(2..) => words::told(&format!("feeds-reason-{}", text("code")), &args),
            _ => None,
        };
        let sentence = many.unwrap_or_else(|| sentence(text("code"), &args));
        let column = match text("column") {
            "" => String::new(),
            column => format!("{column}: "),
        };
        ctx.output
            .say(&format!("{} × {column}{sentence} (row {})", reason["rows"], reason["first_row"]));
    }
}

fn sentence(code: &str, args: &[(String, String)]) -> String {
    words::told(&format!("feeds-issue-{code}"), args).unwrap_or_else(|| code.to_owned())
}

/// The refused rows as CSV: row, column, value (masked), reason.
async fn error_file(feeds: &Feeds, actor: &Actor, id: ImportId, path: &Path) -> Result<(), Fail> {
    let file = std::fs::File::create(path).map_err(at_file(path))?;
    let mut out = std::io::BufWriter::new(file);
    writeln!(out, "row,column,value,level,reason").map_err(at_file(path))?;
    let mut after = 0;
    loop {
        let issues = feeds.issues(actor, id, Run::Import, None, (after, PAGE)).await?;
        for issue in &issues {
            writeln!(out, "{}", line(issue)).map_err(at_file(path))?;
        }
        match issues.last() {
            Some(last) => after = last.n,
            None => break,
        }
    }
    out.flush().map_err(at_file(path))
}

fn line(issue: &StoredIssue) -> String {
    let args: Vec<(String, String)> =
        issue.args.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let level = serde_json::to_value(issue.level).unwrap_or_default();
    let cells = [
        issue.row.to_string(),
        issue.column.clone(),
        issue.value.clone(),
        level.as_str().unwrap_or_default().to_owned(),
        sentence(&issue.code, &args),
    ];
    cells.map(|cell| crate::output::csv(&cell)).join(",")
}

fn mappings(ctx: &Ctx) -> Result<(), Fail> {
    let mut rows = Rows::new(&["name", "kind", "title"]);
    for name in shipped_names() {
        let Some(mapping) = shipped(name) else { continue };
        let title = mapping.title.get(words::lang().as_str()).cloned().unwrap_or_default();
        rows.push(vec![json!(name), json!(mapping.kind.as_str()), json!(title)]);
    }
    ctx.output.rows(&rows);
    ctx.output.say("Mappings saved in the browser can be named as well; or give a file.");
    Ok(())
}

impl From<args::Policy> for feeds::Policy {
    fn from(policy: args::Policy) -> Self {
        match policy {
            args::Policy::Create => Self::Create,
            args::Policy::Update => Self::Update,
            args::Policy::CreateOrUpdate => Self::CreateOrUpdate,
        }
    }
}
