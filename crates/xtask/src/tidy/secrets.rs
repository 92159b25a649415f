//! Nothing of anybody's machine, and no key, in the repository.

use regex::Regex;

use super::Offence;
use crate::tree::Tree;

/// What gives a secret or a machine away. Written in pieces, so that this file is not its own find.
const PATTERNS: &[(&str, &str)] = &[
    (concat!("-----BEGIN [A-Z ]*PRIVATE", " KEY-----"), "a private key"),
    (concat!("AKIA", "[0-9A-Z]{16}"), "a cloud access key"),
    (concat!("gh[pousr]_", "[A-Za-z0-9]{36}"), "an access token"),
    (concat!("jb_", "[A-Za-z0-9_-]{40,}"), "an API key"),
    (
        concat!("(?:^|[\\s\"'`(=])/(?:root|home/[a-z]+|Users/[a-z]+)", "/"),
        "a path of somebody's machine",
    ),
    (concat!("(?:^|[\\s\"'`(=])/wo", "rk/"), "a path of somebody's machine"),
];

pub(super) fn check(tree: &Tree, said: &mut Vec<Offence>) {
    for (pattern, name) in PATTERNS {
        let Ok(pattern) = Regex::new(pattern) else { continue };
        for file in tree.files.iter().filter(|file| !file.path.ends_with("package-lock.json")) {
            if let Some(hit) = pattern.find(&file.text) {
                said.push(Offence::new(
                    file.place(hit.start()),
                    format!("this looks like {name}"),
                    "take it out; configuration and environment are where such things live",
                ));
            }
        }
    }
}
