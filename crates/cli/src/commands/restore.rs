//! `restore`: an archive into an empty data folder, and into an empty database when it is
//! PostgreSQL. Everything is unpacked and checked aside first; nothing half-restored is left.

use std::path::{Path, PathBuf};

use serde_json::json;
use store::{Db, Engine, sql};

use super::Ctx;
use super::archive::{self, Manifest};
use super::backup::{self, POSTGRES, SQLITE};
use crate::fail::{Fail, file as at_file};
use crate::output::Rows;

pub(crate) async fn run(ctx: Ctx, from: &Path, only_verify: bool) -> Result<(), Fail> {
    let dir = ctx.config.data.dir.clone();
    let aside = aside(&ctx, &dir)?;
    let done = restore(&ctx, from, &dir, &aside, only_verify).await;
    std::fs::remove_dir_all(&aside).ok();
    let manifest = done?;
    let mut rows = Rows::new(&["archive", "engine", "written_at", "version", "files"]);
    rows.push(vec![
        json!(from.display().to_string()),
        json!(manifest.engine),
        json!(manifest.created_at),
        json!(manifest.version),
        json!(manifest.files.len()),
    ]);
    ctx.output.rows(&rows);
    ctx.output.say(if only_verify {
        "Every file is as it was written."
    } else {
        "Restored. `jetbridge check` looks it over, `jetbridge serve` starts it."
    });
    Ok(())
}

async fn restore(
    ctx: &Ctx,
    from: &Path,
    dir: &Path,
    aside: &Path,
    only_verify: bool,
) -> Result<Manifest, Fail> {
    let manifest = archive::unpack(from, aside)?;
    if only_verify {
        return Ok(manifest);
    }
    let engine = if ctx.config.database.url.is_empty() { "sqlite" } else { "postgres" };
    if manifest.engine != engine {
        return Err(Fail::usage(format!(
            "The archive holds a {} database, the configuration names a {engine} one.",
            manifest.engine
        ))
        .hint("set database.url to fit the archive"));
    }
    refuse_full(dir)?;
    if engine == "postgres" {
        let dump = aside.join(POSTGRES);
        load(&ctx.config.store(), &ctx.config.database_url(), &dump).await?;
        std::fs::remove_file(&dump).ok();
    } else if !aside.join(SQLITE).is_file() {
        return Err(Fail::new("The archive holds no database."));
    }
    std::fs::create_dir_all(dir).map_err(at_file(dir))?;
    let parts: Vec<_> = std::fs::read_dir(aside)
        .map_err(at_file(aside))?
        .collect::<Result<_, _>>()
        .map_err(at_file(aside))?;
    for part in parts {
        let target = dir.join(part.file_name());
        std::fs::rename(part.path(), &target).map_err(at_file(&target))?;
    }
    Ok(manifest)
}

/// A folder beside the data folder, so that moving into place is one step on one disk.
fn aside(ctx: &Ctx, dir: &Path) -> Result<PathBuf, Fail> {
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let aside = parent.join(format!(".jetbridge-restore-{}", kernel::ids::v7(ctx.clock.now())));
    std::fs::create_dir_all(&aside).map_err(at_file(&aside))?;
    Ok(aside)
}

fn refuse_full(dir: &Path) -> Result<(), Fail> {
    let taken =
        ["jetbridge.db", "secret.key", "lake", "blobs"].iter().find(|name| dir.join(name).exists());
    match taken {
        None => Ok(()),
        Some(name) => Err(Fail::usage(format!(
            "The data folder {} is not empty: it has {name}.",
            dir.display()
        ))
        .hint("choose a new folder with --data-dir, or move the old one away")),
    }
}

async fn load(config: &store::Config, url: &str, dump: &Path) -> Result<(), Fail> {
    let db = Db::open(config).await?;
    let tables: i64 = match db.engine() {
        Engine::Sqlite => 0,
        Engine::Postgres => {
            let mut tx = db.read().await?;
            tx.value(sql(
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'",
            ))
            .await?
        }
    };
    db.close().await;
    if tables > 0 {
        return Err(Fail::usage("The PostgreSQL database is not empty.")
            .hint("create a new one (createdb) and name it in database.url"));
    }
    let mut command = backup::postgres_program("pg_restore", url)?;
    command
        .args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"])
        .arg(dump);
    backup::finish(command, "pg_restore")
}
