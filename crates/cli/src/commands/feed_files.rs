//! The files `feed` was given, in the order they are taken in.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::fail::{Fail, file as at_file};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    /// A schedule: taken in before what flies by it.
    Schedule,
    /// Messages.
    Messages,
    /// A file of coupons, by its header.
    Coupons,
    /// Web events: a body of `/v1/batch` in each line.
    Events,
}

/// A file to be taken in.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub path: PathBuf,
    pub holds: Holds,
    /// The day its folder is named after.
    pub day: Option<NaiveDate>,
}

/// Files that were found but are not messages.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub inputs: Vec<Input>,
    pub passed_over: Vec<PathBuf>,
}

/// All files under `paths`; folders in the order of names, and of each the schedule first.
pub(super) fn find(paths: &[PathBuf]) -> Result<Found, Fail> {
    let mut found = Found::default();
    for path in paths {
        if path == Path::new("-") {
            let holds = Holds::Messages;
            found.inputs.push(Input { path: path.clone(), holds, day: None });
        } else if path.is_dir() {
            walk(path, &mut found, 0)?;
        } else if path.is_file() {
            take(path.clone(), &mut found);
        } else {
            return Err(Fail::missing(format!("There is no file {}.", path.display()))
                .hint("check the path"));
        }
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Found, depth: usize) -> Result<(), Fail> {
    let mut files = Vec::new();
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at_file(folder))? {
        let path = entry.map_err(at_file(folder))?.path();
        let name = name_of(&path);
        // The simulator keeps there what only its grader may read.
        if name.starts_with('.') || name == "truth" {
            continue;
        }
        if path.is_dir() { folders.push(path) } else { files.push(path) }
    }
    files.sort();
    folders.sort();
    for file in files {
        take(file, found);
    }
    for folder in folders {
        if depth < 8 {
            walk(&folder, found, depth + 1)?;
        }
    }
    Ok(())
}

fn take(path: PathBuf, found: &mut Found) {
    let name = name_of(&path).to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let holds = match ending {
        "csv" if feeds::coupons::is_coupons(&first_line(&path)) => Holds::Coupons,
        "csv" | "tsv" | "json" | "parquet" | "md" => return found.passed_over.push(path),
        "ndjson" => Holds::Events,
        "ssim" => Holds::Schedule,
        _ => Holds::Messages,
    };
    let day = path.ancestors().find_map(|folder| name_of(folder).parse().ok());
    found.inputs.push(Input { path, holds, day });
}

fn first_line(path: &Path) -> String {
    use std::io::{BufRead as _, Read as _};
    let mut line = Vec::new();
    if let Ok(file) = std::fs::File::open(path) {
        let mut start = std::io::BufReader::new(file.take(4_096));
        start.read_until(b'\n', &mut line).ok();
    }
    String::from_utf8_lossy(&line).into_owned()
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn files_are_found_in_order_and_know_their_day() {
        let folder = tempfile::tempdir().unwrap();
        let day = folder.path().join("2026-03-02");
        std::fs::create_dir_all(day.join("truth")).unwrap();
        for name in ["002-ADL.txt", "001-PNL.txt", "schedule.ssim", "other.csv", ".hidden"] {
            std::fs::write(day.join(name), "x").unwrap();
        }
        std::fs::write(day.join("coupons.csv"), "ticket_number,coupon\n").unwrap();
        std::fs::write(day.join("truth/people.csv"), "x").unwrap();
        let found = find(&[folder.path().to_owned()]).unwrap();
        let names: Vec<&str> = found.inputs.iter().map(|input| name_of(&input.path)).collect();
        assert_eq!(names, ["001-PNL.txt", "002-ADL.txt", "coupons.csv", "schedule.ssim"]);
        assert_eq!(found.inputs[3].holds, Holds::Schedule);
        assert_eq!(found.inputs[2].holds, Holds::Coupons);
        assert_eq!(found.inputs[0].day, NaiveDate::from_ymd_opt(2026, 3, 2));
        assert_eq!(found.passed_over.len(), 1);
        assert!(find(&[folder.path().join("none")]).is_err());
    }
}
