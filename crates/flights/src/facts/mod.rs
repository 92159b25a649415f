//! The three tables of facts and the one way rows get into them and out again.
//!
//! A fact is known by `(source, source_key)`. Sent again with the same values it is unchanged; sent
//! with others it replaces the old row, which is copied to `<table>_before` under the import that
//! replaced it. Undoing an import deletes the rows it made and puts back the rows it replaced,
//! except where a later import has written since.

mod apply;
mod fingerprint;
mod revert;

pub(crate) use apply::{apply, mark_stale};
pub(crate) use fingerprint::Fingerprint;
pub(crate) use revert::forget_before;

use chrono::NaiveDate;
use customers::CustomerId;
use store::{Col, Value};
use uuid::Uuid;

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is new.
    Created,
    /// It replaced what was there.
    Updated,
    /// It was there already, value by value.
    Unchanged,
    /// The policy says to leave it.
    Skipped,
}

/// What one call of a revert did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reverted {
    /// Rows deleted or put back.
    pub undone: u64,
    /// Rows kept because a later import wrote them.
    pub kept_changed_later: u64,
    /// Call again.
    pub more: bool,
}

/// A table of facts: its names and its own columns, beside the ones all have.
pub(crate) struct Table {
    pub name: &'static str,
    pub before: &'static str,
    /// Name and type of each own column, in the order of [`Fact::values`].
    pub columns: &'static [(&'static str, Col)],
    /// Name of the Parquet table kept from it.
    pub lake: Option<&'static str>,
}

/// One row on its way into a table.
pub(crate) struct Fact {
    pub customer: CustomerId,
    pub source_key: String,
    pub fingerprint: i64,
    /// The Parquet partition it belongs to: its month, or `None` for the one of all.
    pub month: Option<NaiveDate>,
    pub values: Vec<Value>,
}

/// Columns every table of facts has, after `id`.
pub(crate) const COMMON: &[(&str, Col)] = &[
    ("customer_id", Col::uuid("customer_id")),
    ("source", Col::text("source")),
    ("source_key", Col::text("source_key")),
    ("created_import", Col::uuid("created_import")),
    ("import_id", Col::uuid("import_id")),
    ("fingerprint", Col::i64("fingerprint")),
];

impl Table {
    /// All columns but `id`, separated by commas.
    fn names(&self) -> String {
        let all = COMMON.iter().chain(self.columns).map(|(name, _)| *name);
        all.collect::<Vec<_>>().join(", ")
    }

    /// `id`, the common columns and the table's own, for writing.
    fn cols(&self) -> Vec<Col> {
        std::iter::once(Col::uuid("id"))
            .chain(COMMON.iter().chain(self.columns).map(|(_, column)| *column))
            .collect()
    }
}

impl Fact {
    fn row(self, id: Uuid, source: &str, import: Uuid) -> Vec<Value> {
        let mut row: Vec<Value> = vec![
            id.into(),
            self.customer.uuid().into(),
            source.into(),
            self.source_key.into(),
            import.into(),
            import.into(),
            self.fingerprint.into(),
        ];
        row.extend(self.values);
        row
    }
}

/// Name of a month's partition, `2014-03`, or `all`.
pub(crate) fn partition(month: Option<NaiveDate>) -> String {
    month.map_or_else(|| "all".to_owned(), |day| day.format("%Y-%m").to_string())
}

/// `name = excluded.name, …` of all columns but the `keys`, for `ON CONFLICT … DO UPDATE SET`.
pub(crate) fn sets(columns: &[(&str, Col)], keys: &[&str]) -> String {
    let own = columns.iter().filter(|(name, _)| !keys.contains(name));
    own.map(|(name, _)| format!("{name} = excluded.{name}")).collect::<Vec<_>>().join(", ")
}
