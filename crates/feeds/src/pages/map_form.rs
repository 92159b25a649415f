//! The posted mapping page read back into a mapping.

use std::collections::BTreeMap;

use web::form::Fields;

use crate::file::Shape;
use crate::imports::Import;
use crate::mapping::fields::FileKind;
use crate::mapping::{Column, FileHints, Mapping};

/// Reads the form over `base`, the mapping the page was drawn from: what the page does not show
/// (scales, null texts, repeats) stays.
pub fn read(fields: &Fields, import: &Import, base: &Mapping, kind: FileKind) -> Mapping {
    let mut mapping = Mapping { kind, columns: Vec::new(), ..base.clone() };
    mapping.name = Some(fields.get("name").trim())
        .filter(|name| !name.is_empty())
        .map_or_else(|| default_name(import), |name| name.chars().take(60).collect());
    let source = fields.get("source").trim();
    if !source.is_empty() {
        mapping.source = source.chars().take(60).collect();
    }
    mapping.file = hints(fields, &base.file, import.shape.as_ref());
    constant(&mut mapping, fields, "observed_on");
    for (index, name) in import.columns.iter().enumerate() {
        let chosen = fields.get(&format!("f.{index}"));
        if chosen.is_empty() {
            continue;
        }
        let field =
            if chosen == "extra" { format!("extra.{}", slug(name)) } else { chosen.to_owned() };
        let earlier = base.columns.iter().find(|column| column.name == *name);
        let earlier = earlier.filter(|column| column.field == field);
        let mut column =
            Column { name: name.clone(), field, ..earlier.cloned().unwrap_or_default() };
        let format = fields.get(&format!("d.{index}"));
        if !format.is_empty() {
            column.format = (format != "YMD").then(|| format.to_owned());
        }
        if fields.has(&format!("shown.{index}")) {
            column.reject = fields.has(&format!("b.{index}")).then_some(false);
        }
        let values = values(fields, index);
        if !values.is_empty() {
            column.values = values;
        }
        mapping.columns.push(column);
    }
    mapping
}

/// `members_2014q1.csv` → `members_2014q1`
pub fn default_name(import: &Import) -> String {
    let stem = import.file_name.split('.').next().unwrap_or_default();
    let name: String = stem
        .chars()
        .map(
            |letter| if letter.is_alphanumeric() || "-_ .".contains(letter) { letter } else { '-' },
        )
        .take(60)
        .collect();
    if name.is_empty() { "mapping".to_owned() } else { name }
}

fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let plain: String =
        lower.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(60).collect();
    plain.trim_matches('_').to_owned()
}

/// What the file's values stand for: `k.<column>.<n>` says the value, `v.<column>.<n>` the word.
fn values(fields: &Fields, index: usize) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for n in 0..64 {
        let key = format!("k.{index}.{n}");
        if !fields.has(&key) {
            break;
        }
        values
            .insert(fields.get(&key).to_owned(), fields.get(&format!("v.{index}.{n}")).to_owned());
    }
    values
}

fn constant(mapping: &mut Mapping, fields: &Fields, key: &str) {
    if !fields.has(key) {
        return;
    }
    let value = fields.get(key).trim();
    if value.is_empty() || mapping.kind != FileKind::Members {
        mapping.constants.remove(key);
    } else {
        mapping.constants.insert(key.to_owned(), value.to_owned());
    }
}

/// What was found out about the file stays unsaid, so that a remembered mapping also reads the next
/// file when that one is written otherwise; only what somebody set differently is kept.
fn hints(fields: &Fields, base: &FileHints, shape: Option<&Shape>) -> FileHints {
    if !fields.has("encoding") {
        return base.clone();
    }
    let given = |name: &str| Some(fields.get(name)).filter(|text| !text.is_empty());
    let encoding = given("encoding").map(str::to_owned);
    let delimiter = given("delimiter").and_then(|text| match text {
        "tab" => Some('\t'),
        other => other.chars().next(),
    });
    let header = given("header").map(|text| text == "yes");
    let decimal = given("decimal").and_then(|text| text.chars().next());
    let Some(shape) = shape else { return FileHints { encoding, delimiter, header, decimal } };
    FileHints {
        encoding: said(encoding, &shape.encoding, &base.encoding),
        delimiter: said(delimiter, &shape.delimiter, &base.delimiter),
        header: said(header, &shape.header, &base.header),
        decimal: said(decimal, &shape.decimal, &base.decimal),
    }
}

/// `given`, unless that is how the file is read anyway.
fn said<T: Clone + PartialEq>(given: Option<T>, found: &T, before: &Option<T>) -> Option<T> {
    if given.as_ref() == Some(found) { before.clone() } else { given }
}
