//! `backup`: database, key file, Parquet files and uploads in one archive, while others work.
//!
//! The database is copied first, the files after it: a file the copy speaks of is there already.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use store::Engine;

use super::archive::Writer;
use super::{Ctx, check};
use crate::fail::{Fail, file as at_file};
use crate::output::Rows;

/// The database inside the archive.
pub(crate) const SQLITE: &str = "jetbridge.db";
pub(crate) const POSTGRES: &str = "postgres.dump";

pub(crate) async fn run(ctx: Ctx, archive: &Path) -> Result<(), Fail> {
    let app = ctx.app().await?;
    let now = ctx.clock.now();
    let mut writer = Writer::create(archive)?;
    let written = async {
        let scratch = archive.with_extension("part");
        let (name, engine) = match app.db().engine() {
            Engine::Sqlite => {
                app.db().copy_sqlite_to(&scratch).await?;
                (SQLITE, "sqlite")
            }
            Engine::Postgres => {
                dump(&ctx.config.database_url(), &scratch)?;
                (POSTGRES, "postgres")
            }
        };
        let added = writer.add(name, &scratch);
        std::fs::remove_file(&scratch).ok();
        added?;
        add_files(&mut writer, &ctx.config.data.dir)?;
        writer.finish(engine, now)
    }
    .await;
    let manifest = written.inspect_err(|_| drop(std::fs::remove_file(archive)))?;
    let bytes: u64 = manifest.files.values().map(|entry| entry.bytes).sum();
    let mut rows = Rows::new(&["archive", "engine", "files", "bytes"]);
    rows.push(vec![
        json!(archive.display().to_string()),
        json!(manifest.engine),
        json!(manifest.files.len()),
        json!(bytes),
    ]);
    ctx.output.rows(&rows);
    ctx.output
        .say("The archive holds the key of the encrypted fields: keep it as safe as the data.");
    Ok(())
}

/// Everything in the data folder but the live database and files under way.
fn add_files(writer: &mut Writer, dir: &Path) -> Result<(), Fail> {
    let mut files = Vec::new();
    check::gather(dir, &mut files).map_err(at_file(dir))?;
    for file in files {
        let name = file.strip_prefix(dir).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let live =
            name.starts_with("jetbridge.db") || name.ends_with(".tmp") || name.ends_with(".part");
        if !live {
            writer.add(&name, &file)?;
        }
    }
    Ok(())
}

fn dump(url: &str, to: &Path) -> Result<(), Fail> {
    let mut command = postgres_program("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to);
    finish(command, "pg_dump")
}

/// A PostgreSQL program pointed at `url`. The password travels in the environment: a command line
/// can be read by everybody on the machine.
pub(crate) fn postgres_program(name: &str, url: &str) -> Result<Command, Fail> {
    let found =
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        return Err(Fail::new(format!("The program “{name}” is missing."))
            .hint(
                "install PostgreSQL's client programs (Debian: apt-get install postgresql-client)",
            )
            .hint("their version must not be older than the server's"));
    }
    let (address, password) = without_password(url);
    let mut command = Command::new(name);
    command.arg("--dbname").arg(address);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

pub(crate) fn finish(mut command: Command, name: &str) -> Result<(), Fail> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Fail::new(format!("{name} could not be started: {error}.")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Fail::new(format!("{name} failed: {}", said.trim()))
        .hint("its version must not be older than the server's; nothing was left behind"))
}

fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let authority = rest.split('/').next().unwrap_or(rest);
    let Some((user, _)) = authority.rsplit_once('@') else { return (url.to_owned(), None) };
    let Some((name, password)) = user.split_once(':') else { return (url.to_owned(), None) };
    let plain = url.replacen(&format!("{scheme}://{user}@"), &format!("{scheme}://{name}@"), 1);
    (plain, Some(decoded(password)))
}

/// `%40` → `@`
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_address() {
        let (address, password) = without_password("postgres://jb:p%40ss@db.example.com:5432/jb");
        assert_eq!(address, "postgres://jb@db.example.com:5432/jb");
        assert_eq!(password.as_deref(), Some("p@ss"));
        let (address, password) = without_password("postgres://jb@localhost/jb");
        assert_eq!((address.as_str(), password), ("postgres://jb@localhost/jb", None));
    }
}
