//! Files a person can hold in the head. (Functions are clippy's: `too-many-lines-threshold`.)

use super::Offence;
use crate::tree::{File, Tree};

const LINES: usize = 600;
/// Width of a comment: code is rustfmt's.
const WIDTH: usize = 120;
/// Generated or given files.
const EXCEPT: &[&str] = &["docs/openapi.json", "assets/package-lock.json", "crates/kernel/data/"];

pub(super) fn check(tree: &Tree, said: &mut Vec<Offence>) {
    for file in tree.files.iter().filter(|file| is_ours(file)) {
        let lines = file.text.lines().count();
        if lines > LINES {
            said.push(Offence::new(
                &file.path,
                format!("{lines} lines"),
                format!("split it by concept; {LINES} is the limit, 150 the aim"),
            ));
        }
    }
    for file in tree.rust() {
        for (index, line) in file.text.lines().enumerate() {
            let long = is_comment(line) && line.chars().count() > WIDTH;
            if long {
                said.push(Offence::new(
                    format!("{}:{}", file.path, index + 1),
                    format!("a line of {} characters", line.chars().count()),
                    format!("break it; {WIDTH} is the limit"),
                ));
            }
        }
    }
}

fn is_ours(file: &File) -> bool {
    matches!(file.ending(), "rs" | "ts" | "html" | "css" | "py")
        && !EXCEPT.iter().any(|given| file.path.starts_with(given))
}

/// Tables and addresses in comments cannot be broken.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") && !line.contains('|') && !line.contains("://")
}
