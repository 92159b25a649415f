//! Every fixture, read and written down as a tree. A change of a tree is a change for every consumer.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn fixtures(folder: &str) -> Vec<PathBuf> {
    // Cargo says which checkout asks: a target folder may be shared.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap();
    let folder = Path::new(&own).join("fixtures").join(folder);
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// The tree with one line for each leaf-like value: what `serde_json` would spread over ten.
fn tree(value: &serde_json::Value, indent: usize, out: &mut String) {
    let pad = "  ".repeat(indent);
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                if key == "diagnostics" || key == "sent" {
                    continue;
                }
                let flat = value.to_string();
                if flat.len() + pad.len() + key.len() <= 96 && key != "names" {
                    writeln!(out, "{pad}{key}: {flat}").unwrap();
                } else {
                    writeln!(out, "{pad}{key}:").unwrap();
                    tree(value, indent + 1, out);
                }
            }
        }
        serde_json::Value::Array(values) => {
            for value in values {
                let flat = value.to_string();
                if flat.len() + pad.len() <= 96 {
                    writeln!(out, "{pad}- {flat}").unwrap();
                } else {
                    writeln!(out, "{pad}-").unwrap();
                    tree(value, indent + 1, out);
                }
            }
        }
        value => writeln!(out, "{pad}{value}").unwrap(),
    }
}

fn golden(folder: &str) {
    for path in fixtures(folder) {
        let bytes = std::fs::read(&path).unwrap();
        let text = formats::text::decode(&bytes);
        let read = formats::read(&text);
        let mut out = String::new();
        tree(&serde_json::to_value(&read).unwrap(), 0, &mut out);
        for found in &read.diagnostics {
            let (line, column) = (found.line, found.column);
            writeln!(out, "{line}:{column} {:?} {} ({:?})", found.severity, found.code, found.kept)
                .unwrap();
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        insta::assert_snapshot!(format!("{folder}-{name}"), out);
    }
}

macro_rules! golden {
    ($($folder:ident)*) => {
        $(#[test] fn $folder() { golden(stringify!($folder)); })*
    };
}

golden! { envelope pnl adl pfs prl etl ftl tpm psm ptm }
