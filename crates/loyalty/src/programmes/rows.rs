//! Changing single rows of a document whose text stays the truth: comments, order and layout of
//! everything else are kept.

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, days, percentages.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// Words in a row.
    List,
}

/// One value of a row, with the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Names and places from the row on: `need.any.0.distance`.
    pub path: String,
    /// What it may hold.
    pub kind: Kind,
    /// As typed into a form.
    pub text: String,
}

/// Why a row was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotChanged {
    /// The text is no TOML of the kind that can be changed in parts.
    Text,
    /// There is no such table, row or field.
    Missing,
    /// The field does not take what was typed.
    Field(String),
    /// A row of that name is there.
    Taken,
}

type Result<T> = std::result::Result<T, NotChanged>;

fn read(text: &str) -> Result<DocumentMut> {
    text.parse().map_err(|_| NotChanged::Text)
}

fn table_mut<'a>(document: &'a mut DocumentMut, place: &str) -> Option<&'a mut Item> {
    let mut at = document.as_item_mut();
    for name in place.split('.') {
        at = at.as_table_like_mut()?.get_mut(name)?;
    }
    Some(at)
}

fn named(table: &dyn TableLike) -> Option<&str> {
    table.get("id").or_else(|| table.get("code"))?.as_str()
}

fn row_mut<'a>(item: &'a mut Item, row: &str) -> Option<&'a mut dyn TableLike> {
    match item {
        Item::ArrayOfTables(tables) => tables
            .iter_mut()
            .find(|table| named(*table) == Some(row))
            .map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(list)) => list
            .iter_mut()
            .filter_map(Value::as_inline_table_mut)
            .find(|table| named(*table) == Some(row))
            .map(|table| table as &mut dyn TableLike),
        _ => None,
    }
}

/// The values of a row, in the order of the text.
///
/// # Errors
/// [`NotChanged::Text`], [`NotChanged::Missing`].
pub fn leaves(text: &str, place: &str, row: &str) -> Result<Vec<Leaf>> {
    let mut document = read(text)?;
    let table = table_mut(&mut document, place).ok_or(NotChanged::Missing)?;
    let row = row_mut(table, row).ok_or(NotChanged::Missing)?;
    let mut found = Vec::new();
    for (name, item) in row.iter() {
        match item {
            Item::Value(value) => gather(name, value, &mut found),
            Item::Table(table) => {
                let inline = table.clone().into_inline_table();
                gather(name, &Value::InlineTable(inline), &mut found);
            }
            _ => {}
        }
    }
    Ok(found)
}

fn gather(path: &str, value: &Value, found: &mut Vec<Leaf>) {
    let mut leaf = |kind, text| found.push(Leaf { path: path.to_owned(), kind, text });
    match value {
        Value::String(text) => leaf(Kind::Text, text.value().clone()),
        Value::Integer(number) => leaf(Kind::Number, number.value().to_string()),
        Value::Boolean(is) => leaf(Kind::Flag, if *is.value() { "1" } else { "" }.to_owned()),
        Value::Array(list) if list.iter().all(Value::is_str) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            leaf(Kind::List, words.join(", "));
        }
        Value::Array(list) => {
            for (at, one) in list.iter().enumerate() {
                gather(&format!("{path}.{at}"), one, found);
            }
        }
        Value::InlineTable(table) => {
            for (name, one) in table.iter() {
                gather(&format!("{path}.{name}"), one, found);
            }
        }
        Value::Float(_) | Value::Datetime(_) => {}
    }
}

fn typed(kind: Kind, text: &str) -> Option<Value> {
    let text = text.trim();
    Some(match kind {
        Kind::Text => text.into(),
        Kind::Number => {
            let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
            plain.parse::<i64>().ok()?.into()
        }
        Kind::Flag => matches!(text, "1" | "on" | "true").into(),
        Kind::List => {
            let parted = |c: char| matches!(c, ',' | '，' | '、' | ';' | '；' | '\n');
            text.split(parted).map(str::trim).filter(|word| !word.is_empty()).collect()
        }
    })
}

fn kind_of(value: &Value) -> Option<Kind> {
    match value {
        Value::String(_) => Some(Kind::Text),
        Value::Integer(_) => Some(Kind::Number),
        Value::Boolean(_) => Some(Kind::Flag),
        Value::Array(list) if list.iter().all(Value::is_str) => Some(Kind::List),
        _ => None,
    }
}

fn below<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    let Some((first, rest)) = path.split_first() else { return Some(value) };
    let next = match value {
        Value::InlineTable(table) => table.get_mut(first)?,
        Value::Array(list) => list.get_mut(first.parse().ok()?)?,
        _ => return None,
    };
    below(next, rest)
}

fn value_mut<'a>(row: &'a mut dyn TableLike, path: &[&str]) -> Option<&'a mut Value> {
    let (first, rest) = path.split_first()?;
    match row.get_mut(first)? {
        Item::Value(value) => below(value, rest),
        Item::Table(table) => value_mut(table, rest),
        _ => None,
    }
}

/// Sets fields of a row. A field that is not there yet is added when `optional` knows its kind; one
/// that `optional` knows and is typed empty is taken out. What is typed as it was stays to the byte.
///
/// # Errors
/// Any of [`NotChanged`]; nothing is changed then.
pub fn set(
    text: &str,
    place: &str,
    row: &str,
    fields: &[(String, String)],
    optional: impl Fn(&str) -> Option<Kind>,
) -> Result<String> {
    let mut document = read(text)?;
    let table = table_mut(&mut document, place).ok_or(NotChanged::Missing)?;
    if let Some((_, name)) = fields.iter().find(|(path, _)| path == "id" || path == "code")
        && name.trim() != row
        && row_mut(table, name.trim()).is_some()
    {
        return Err(NotChanged::Taken);
    }
    let row = row_mut(table, row).ok_or(NotChanged::Missing)?;
    for (path, typed_in) in fields {
        let wrong = || NotChanged::Field(path.clone());
        let steps: Vec<&str> = path.split('.').collect();
        let known = optional(path);
        let empty = typed_in.trim().is_empty();
        match value_mut(row, &steps) {
            Some(_)
                if known.is_some_and(|kind| kind != Kind::Flag) && empty && steps.len() == 1 =>
            {
                row.remove(path);
            }
            Some(value) => {
                let kind = kind_of(value).ok_or_else(wrong)?;
                let mut new = typed(kind, typed_in).ok_or_else(wrong)?;
                if !same(value, &new) {
                    *new.decor_mut() = value.decor().clone();
                    *value = new;
                }
            }
            None if empty => {}
            None => {
                let kind = known.ok_or(NotChanged::Missing)?;
                let new = typed(kind, typed_in).ok_or_else(wrong)?;
                row.insert(path, Item::Value(new));
            }
        }
    }
    Ok(document.to_string())
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Integer(a), Value::Integer(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.as_str() == b.as_str())
        }
        _ => false,
    }
}

/// Adds a row beside one that is there, as its copy under another name.
///
/// # Errors
/// [`NotChanged::Text`], [`NotChanged::Missing`], [`NotChanged::Taken`].
pub fn copy(text: &str, place: &str, like: &str, name: &str) -> Result<String> {
    let mut document = read(text)?;
    let table = table_mut(&mut document, place).ok_or(NotChanged::Missing)?;
    if row_mut(table, name).is_some() {
        return Err(NotChanged::Taken);
    }
    match table {
        Item::ArrayOfTables(tables) => {
            let found = tables.iter().find(|table| named(*table) == Some(like));
            let mut new = found.ok_or(NotChanged::Missing)?.clone();
            rename(&mut new, name);
            new.decor_mut().set_prefix("\n");
            let mut all = ArrayOfTables::new();
            for table in tables.iter() {
                all.push(table.clone());
                if named(table) == Some(like) {
                    all.push(new.clone());
                }
            }
            *tables = all;
        }
        Item::Value(Value::Array(list)) => {
            let at = list
                .iter()
                .position(|one| one.as_inline_table().and_then(|table| named(table)) == Some(like));
            let at = at.ok_or(NotChanged::Missing)?;
            let mut new = list.get(at).cloned().ok_or(NotChanged::Missing)?;
            if let Some(table) = new.as_inline_table_mut() {
                rename(table, name);
            }
            new.decor_mut().set_prefix("\n  ");
            list.insert_formatted(at + 1, new);
        }
        _ => return Err(NotChanged::Missing),
    }
    Ok(document.to_string())
}

fn rename(row: &mut dyn TableLike, name: &str) {
    let key = if row.contains_key("id") { "id" } else { "code" };
    row.insert(key, Item::Value(name.into()));
}

/// Adds a row given as TOML at the end of a table, which is made when it is not there.
///
/// # Errors
/// [`NotChanged::Text`], [`NotChanged::Missing`], [`NotChanged::Taken`].
pub fn add(text: &str, place: &str, row: &str) -> Result<String> {
    let mut document = read(text)?;
    let mut new: Table = read(row)?.as_table().clone();
    new.set_implicit(false);
    new.decor_mut().set_prefix("\n");
    let name = named(&new).ok_or(NotChanged::Missing)?.to_owned();
    let (parent, key) = place.rsplit_once('.').map_or(("", place), |(parent, key)| (parent, key));
    let holder = if parent.is_empty() {
        document.as_table_mut() as &mut dyn TableLike
    } else {
        let root = document.as_table_mut();
        let made = root.entry(parent).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        made.as_table_like_mut().ok_or(NotChanged::Missing)?
    };
    let none = || Item::ArrayOfTables(ArrayOfTables::new());
    let table = holder.entry(key).or_insert_with(none);
    if row_mut(table, &name).is_some() {
        return Err(NotChanged::Taken);
    }
    match table {
        Item::ArrayOfTables(tables) => tables.push(new),
        Item::Value(Value::Array(list)) => {
            let mut inline: InlineTable = new.into_inline_table();
            inline.decor_mut().set_prefix("\n  ");
            list.push_formatted(Value::InlineTable(inline));
        }
        _ => return Err(NotChanged::Missing),
    }
    Ok(document.to_string())
}

/// Takes a row out.
///
/// # Errors
/// [`NotChanged::Text`], [`NotChanged::Missing`].
pub fn remove(text: &str, place: &str, row: &str) -> Result<String> {
    let mut document = read(text)?;
    match table_mut(&mut document, place).ok_or(NotChanged::Missing)? {
        Item::ArrayOfTables(tables) => {
            let at = tables.iter().position(|table| named(table) == Some(row));
            tables.remove(at.ok_or(NotChanged::Missing)?);
        }
        Item::Value(Value::Array(list)) => {
            let is =
                |one: &Value| one.as_inline_table().and_then(|table| named(table)) == Some(row);
            let at = list.iter().position(is).ok_or(NotChanged::Missing)?;
            list.remove(at);
        }
        _ => return Err(NotChanged::Missing),
    }
    Ok(document.to_string())
}

/// Gives the document another number.
///
/// # Errors
/// [`NotChanged::Text`], [`NotChanged::Missing`].
pub fn renumber(text: &str, version: i64) -> Result<String> {
    let mut document = read(text)?;
    let item = document.get_mut("version").ok_or(NotChanged::Missing)?;
    let value = item.as_value_mut().ok_or(NotChanged::Missing)?;
    let decor = value.decor().clone();
    *value = version.into();
    *value.decor_mut() = decor;
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use programme::Programme;
    use programme::document::changes;
    use programme::examples::BRIDGE_KM;

    use super::*;

    fn lines_that_differ(old: &str, new: &str) -> Vec<String> {
        let old: Vec<&str> = old.lines().collect();
        new.lines().filter(|line| !old.contains(line)).map(str::to_owned).collect()
    }

    fn pair(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    fn valid_to(path: &str) -> Option<Kind> {
        (path == "valid_to").then_some(Kind::Text)
    }

    #[test]
    fn one_field_changes_one_line() {
        let fields = [pair("factor", "260%"), pair("classes", "J，C"), pair("id", "int-j")];
        let new = set(BRIDGE_KM, "accrual.classes", "int-j", &fields, valid_to).unwrap();
        let differ = lines_that_differ(BRIDGE_KM, &new);
        assert_eq!(differ.len(), 1, "{differ:?}");
        assert!(differ[0].contains("factor = \"260%\"") && differ[0].contains("[\"J\", \"C\"]"));
        assert!(new.contains("# A class is listed once"), "comments stay");
        let same = set(BRIDGE_KM, "accrual.classes", "int-j", &[pair("factor", "250%")], valid_to);
        assert_eq!(same.unwrap(), BRIDGE_KM);
    }

    #[test]
    fn thresholds_and_months_are_reached_by_their_way() {
        let found = leaves(BRIDGE_KM, "qualification.renewals", "renew-gold-2026").unwrap();
        let at = |path: &str| found.iter().find(|leaf| leaf.path == path).unwrap().clone();
        assert_eq!(at("need.any.0.distance").text, "70000");
        assert_eq!(at("need.any.1.segments").kind, Kind::Text);
        let fields = [pair("need.any.0.distance", "65,000"), pair("valid_to", "2027-12-31")];
        let place = "qualification.renewals";
        let new = set(BRIDGE_KM, place, "renew-gold-2026", &fields, valid_to).unwrap();
        let old = Programme::from_toml(BRIDGE_KM).unwrap();
        let changed = changes(&old, &Programme::from_toml(&new).unwrap()).unwrap();
        let fields: Vec<_> = changed.iter().filter_map(|one| one.field.as_deref()).collect();
        assert_eq!(fields, ["need", "valid_to"], "{changed:?}");
        let back = set(&new, place, "renew-gold-2026", &[pair("valid_to", "")], valid_to).unwrap();
        assert!(!back.contains("2027-12-31"));
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let place = "qualification.renewals";
        let one = |fields: &[(String, String)]| {
            set(BRIDGE_KM, place, "renew-gold-2026", fields, valid_to)
        };
        let word = one(&[pair("need.any.0.distance", "many")]);
        assert_eq!(word, Err(NotChanged::Field("need.any.0.distance".to_owned())));
        assert_eq!(one(&[pair("need.any.7.distance", "1")]), Err(NotChanged::Missing));
        assert_eq!(one(&[pair("id", "renew-silver-2026")]), Err(NotChanged::Taken));
        assert_eq!(set(BRIDGE_KM, "name", "x", &[], valid_to), Err(NotChanged::Missing));
        assert_eq!(set("a = ", "x", "x", &[], valid_to), Err(NotChanged::Text));
    }

    #[test]
    fn rows_come_and_go_in_both_ways_of_writing() {
        for (place, like) in [("accrual.classes", "int-j"), ("redemption.shop", "shop-lounge")] {
            let like = if place == "redemption.shop" {
                let document: toml::Table = toml::from_str(BRIDGE_KM).unwrap();
                document["redemption"]["shop"][0]["id"].as_str().unwrap().to_owned()
            } else {
                like.to_owned()
            };
            let more = copy(BRIDGE_KM, place, &like, "another").unwrap();
            assert_eq!(copy(&more, place, &like, "another"), Err(NotChanged::Taken));
            let (old, new) = (BRIDGE_KM, more.as_str());
            let [old, new] = [old, new].map(|text| Programme::from_toml(text).unwrap());
            let changed = changes(&old, &new).unwrap();
            assert_eq!(changed.len(), 1, "{changed:?}");
            let back = remove(&more, place, "another").unwrap();
            assert_eq!(changes(&old, &Programme::from_toml(&back).unwrap()).unwrap(), []);
        }
        let row = "id = \"x\"\nvalid_from = \"2026-01-01\"\ncarriers = [\"ZJ\"]\nsource = \"\"\n";
        let more = add(BRIDGE_KM, "accrual.exclusions", row).unwrap();
        assert!(Programme::from_toml(&more).is_ok());
        assert!(renumber(BRIDGE_KM, 9).unwrap().contains("\nversion = 9\n"));
    }
}
