//! `check`: is what is stored whole?

use std::path::{Path, PathBuf};

use access::audit;
use app::App;
use serde_json::{Value, json};
use store::{Engine, sql};

use super::Ctx;
use crate::args::Part;
use crate::fail::Fail;
use crate::output::Rows;

const ALL: [Part; 5] = [Part::Db, Part::Audit, Part::Lake, Part::Files, Part::Ledger];

struct Finding {
    part: &'static str,
    checked: u64,
    problem: Option<String>,
}

pub(crate) async fn run(ctx: Ctx, parts: &[Part]) -> Result<(), Fail> {
    let parts = if parts.is_empty() { &ALL[..] } else { parts };
    let app = ctx.app().await?;
    let mut findings = Vec::new();
    for part in parts {
        let found = match part {
            Part::Db => database(&app).await?,
            Part::Audit => trail(&app).await?,
            Part::Lake => parquet(&ctx.config.lake_dir())?,
            Part::Files => uploads(&app, &ctx.config.blob_dir()).await?,
            Part::Ledger => books(&app).await?,
        };
        findings.extend(found);
    }
    let mut rows = Rows::new(&["part", "checked", "result"]);
    for finding in &findings {
        let result = finding.problem.clone().map_or(json!("ok"), Value::String);
        rows.push(vec![json!(finding.part), json!(finding.checked), result]);
    }
    ctx.output.rows(&rows);
    match findings.iter().filter(|finding| finding.problem.is_some()).count() {
        0 => Ok(()),
        many => Err(Fail::partly(format!("{many} checks found something.")).hint(
            "restore the last good backup beside this data and compare (docs/en/operations.md)",
        )),
    }
}

async fn database(app: &App) -> Result<Vec<Finding>, Fail> {
    app.db().ping().await?;
    let mut found = vec![Finding {
        part: "db: schema",
        checked: app::migrations().len() as u64,
        problem: None,
    }];
    if app.db().engine() == Engine::Sqlite {
        let mut tx = app.db().read().await?;
        let said: Vec<String> = tx.values(sql("PRAGMA integrity_check")).await?;
        let whole = said.iter().all(|line| line == "ok");
        let problem = (!whole).then(|| said.join("; "));
        found.push(Finding { part: "db: integrity", checked: 1, problem });
        let orphans: Vec<String> =
            tx.values(sql("SELECT \"table\" FROM pragma_foreign_key_check")).await?;
        let problem = (!orphans.is_empty())
            .then(|| format!("{} rows point to rows that are not there", orphans.len()));
        found.push(Finding { part: "db: references", checked: 1, problem });
    }
    Ok(found)
}

async fn trail(app: &App) -> Result<Vec<Finding>, Fail> {
    let verified = audit::verify(app.db(), None).await?;
    let problem = verified
        .broken
        .map(|broken| format!("the chain breaks at entry {} ({:?})", broken.seq, broken.what));
    let checked = u64::try_from(verified.rows).unwrap_or(0);
    Ok(vec![Finding { part: "audit: chain", checked, problem }])
}

/// Works the books out anew; the first differences are named.
async fn books(app: &App) -> Result<Vec<Finding>, Fail> {
    let checked = app.loyalty().ledger().check().await?;
    let place = |found: &loyalty::ledger::Difference| {
        format!(
            "{} of {}: {} is kept, {} follows",
            found.part.as_str(),
            found.place,
            found.kept,
            found.found
        )
    };
    let first: Vec<String> = checked.differences.iter().take(20).map(place).collect();
    let more = checked.differences.len().saturating_sub(first.len());
    let mut problem = first.join("; ");
    if more > 0 {
        problem.push_str(&format!("; and {more} more"));
    }
    let problem = (!problem.is_empty()).then_some(problem);
    let checked = u64::try_from(checked.transfers).unwrap_or(0);
    Ok(vec![Finding { part: "ledger: books", checked, problem }])
}

fn parquet(folder: &Path) -> Result<Vec<Finding>, Fail> {
    let mut files = Vec::new();
    gather(folder, &mut files).map_err(crate::fail::file(folder))?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "parquet"));
    let mut bad = Vec::new();
    for file in &files {
        if let Err(error) = read_through(file) {
            bad.push(format!("{}: {error}", file.display()));
        }
    }
    let problem = (!bad.is_empty()).then(|| bad.join("; "));
    Ok(vec![Finding { part: "lake: files", checked: files.len() as u64, problem }])
}

fn read_through(file: &Path) -> Result<(), lake::LakeError> {
    for batch in lake::ParquetIn::open(file)?.batches()? {
        batch?;
    }
    Ok(())
}

/// Files of uploads that broke off are normal; a finished one that is gone is not.
async fn uploads(app: &App, folder: &Path) -> Result<Vec<Finding>, Fail> {
    let mut tx = app.db().read().await?;
    let wanted: Vec<uuid::Uuid> = tx
        .values(sql("SELECT id FROM feed_import
             WHERE file_gone = FALSE AND file_path IS NULL AND status <> 'uploading'"))
        .await?;
    let gone: Vec<String> = wanted
        .iter()
        .filter(|id| !folder.join(id.simple().to_string()).is_file())
        .map(ToString::to_string)
        .collect();
    let problem = (!gone.is_empty()).then(|| format!("missing: {}", gone.join(", ")));
    Ok(vec![Finding { part: "files: imports", checked: wanted.len() as u64, problem }])
}

/// All files below `folder`; none when it is not there.
pub(crate) fn gather(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), into)?;
        } else {
            into.push(entry.path());
        }
    }
    Ok(())
}
