//! The snapshot of the HTTP interface in `docs/openapi.json`.

use std::path::Path;
use std::process::Command;

const FILE: &str = "docs/openapi.json";

/// Asks the program for its OpenAPI document and writes it down, or with `only_check` compares.
///
/// # Errors
/// When the program cannot be run, or the snapshot is out of date.
pub fn snapshot(root: &Path, only_check: bool) -> Result<String, String> {
    let ran = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "cli", "--", "openapi"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if !ran.status.success() {
        return Err(format!("jetbridge openapi failed:\n{}", String::from_utf8_lossy(&ran.stderr)));
    }
    let now = String::from_utf8_lossy(&ran.stdout).into_owned();
    let file = root.join(FILE);
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    if before == now {
        return Ok(format!("{FILE} is up to date"));
    }
    if only_check {
        return Err(format!("{FILE} is out of date\n  hint: cargo run -p xtask -- openapi"));
    }
    std::fs::write(&file, now).map_err(|error| format!("{FILE}: {error}"))?;
    Ok(format!("{FILE} written"))
}
