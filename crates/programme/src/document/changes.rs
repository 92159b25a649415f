//! What differs between two versions: for whoever approves one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::{BadDocument, Programme};

/// One difference. A row that is new or gone is one change of the whole row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The table, or the field of the programme itself: `accrual.classes`, `version`.
    pub place: String,
    /// The row: by `id`, tiers by `code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The row's field; `None` when the row is new or gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// As TOML; `None` when it was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// As TOML; `None` when it is no longer there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What makes `old` into `new`, by place and row. The order of rows is no difference, but for
/// tiers, whose order is a rule: a moved tier changes the field `order`.
///
/// # Errors
/// [`BadDocument`] when a number does not fit TOML.
pub fn changes(old: &Programme, new: &Programme) -> Result<Vec<Change>, BadDocument> {
    let table = |programme: &Programme| {
        Table::try_from(programme).map_err(|error| BadDocument {
            line: None,
            column: None,
            what: error.to_string(),
        })
    };
    let mut found = Vec::new();
    tables("", &table(old)?, &table(new)?, &mut found);
    let order = |programme: &Programme| {
        let codes = programme.tiers.iter().map(|tier| tier.code.to_string());
        codes.collect::<Vec<_>>().join(" < ")
    };
    let (before, after) = (order(old), order(new));
    if before != after {
        found.push(Change {
            place: "tiers".to_owned(),
            row: None,
            field: Some("order".to_owned()),
            before: Some(before),
            after: Some(after),
        });
    }
    Ok(found)
}

fn tables(place: &str, old: &Table, new: &Table, found: &mut Vec<Change>) {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
        match (old.get(key), new.get(key)) {
            (Some(Value::Table(old)), Some(Value::Table(new))) => tables(&place, old, new, found),
            (old, new) if has_rows(old) || has_rows(new) => {
                rows(&place, list(old), list(new), found);
            }
            (old, new) if old != new => found.push(Change {
                place,
                row: None,
                field: None,
                before: old.map(ToString::to_string),
                after: new.map(ToString::to_string),
            }),
            _ => {}
        }
    }
}

fn rows(place: &str, old: &[Value], new: &[Value], found: &mut Vec<Change>) {
    let names: BTreeSet<&str> = old.iter().chain(new).filter_map(name).collect();
    for row in names {
        let of = |list: &'_ [Value]| {
            list.iter().find(|one| name(one) == Some(row)).and_then(Value::as_table).cloned()
        };
        let mut say = |field: Option<&String>, before: Option<String>, after: Option<String>| {
            let (place, row) = (place.to_owned(), Some(row.to_owned()));
            found.push(Change { place, row, field: field.cloned(), before, after });
        };
        match (of(old), of(new)) {
            (Some(old), Some(new)) => {
                let fields: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for field in fields {
                    let (before, after) = (old.get(field), new.get(field));
                    if before != after {
                        let text = |value: Option<&Value>| value.map(ToString::to_string);
                        say(Some(field), text(before), text(after));
                    }
                }
            }
            (old, new) => {
                let text = |table: Option<Table>| table.map(|one| Value::Table(one).to_string());
                say(None, text(old), text(new));
            }
        }
    }
}

fn has_rows(value: Option<&Value>) -> bool {
    list(value).iter().any(|one| name(one).is_some())
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> Option<&str> {
    let table = value.as_table()?;
    table.get("id").or_else(|| table.get("code"))?.as_str()
}
