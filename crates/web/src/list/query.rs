//! What a link says about a list: order, filter, columns, place. The link is the view.

use uuid::Uuid;

use super::filter::{Condition, FilterError, Join, Node, Op, path};
use super::spec::{Column, ListSpec};
use crate::form::Fields;
use crate::url;

const ROWS: i64 = 50;
const MOST_ROWS: i64 = 200;

/// Where a page of rows begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// At the beginning.
    #[default]
    First,
    /// After this row.
    After(Uuid),
    /// Before this row.
    Before(Uuid),
}

/// One reader's view of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// Sorted by this column of the list …
    pub sort: &'static str,
    /// … downwards.
    pub desc: bool,
    /// Only rows for which this holds.
    pub filter: Option<Node>,
    /// Quick search.
    pub search: String,
    /// Columns, when the reader chose them.
    pub cols: Option<Vec<&'static str>>,
    /// Which page.
    pub place: Place,
    /// Begin where the sorted column reaches this (a jump by letter, number or day).
    pub from: String,
    /// Rows per page.
    pub rows: i64,
    /// The saved or built-in view it began with.
    pub view: String,
    /// The condition being edited: `0.1`, or `new.<column>` with an optional `@<path>`.
    pub edit: String,
}

/// What else a request to a list can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Show it.
    Show,
    /// A condition or the columns were changed by a form: go to the link that says so.
    Changed,
    /// The form that changed a condition does not fit; show it with this.
    Wrong(FilterError),
    /// A file of all rows: `csv` or `xlsx`.
    Export(String),
}

impl ListQuery {
    /// The list as it stands when nobody asks for anything.
    #[must_use]
    pub fn usual(spec: &ListSpec) -> Self {
        let (sort, desc) = order(spec, spec.sort).unwrap_or((spec.columns[0].key, false));
        Self {
            sort,
            desc,
            filter: None,
            search: String::new(),
            cols: None,
            place: Place::First,
            from: String::new(),
            rows: ROWS,
            view: String::new(),
            edit: String::new(),
        }
    }

    /// Reads a query string.
    ///
    /// # Errors
    /// When the filter cannot be read; the reader is told where and offered the list without it.
    pub fn parse(text: &str, spec: &ListSpec) -> Result<(Self, Asked), FilterError> {
        Self::usual(spec).apply(&Fields(url::pairs(text)), spec)
    }

    /// Puts what `fields` say over this.
    ///
    /// # Errors
    /// See [`ListQuery::parse`].
    pub fn apply(mut self, fields: &Fields, spec: &ListSpec) -> Result<(Self, Asked), FilterError> {
        let mut asked = Asked::Show;
        if let Some((sort, desc)) = order(spec, fields.get("sort")) {
            (self.sort, self.desc) = (sort, desc);
        }
        if fields.has("f") {
            self.filter = Node::parse(fields.get("f"), spec)?;
        }
        if fields.has("q") {
            self.search = fields.get("q").trim().chars().take(100).collect();
        }
        if fields.has("cols") {
            self.cols = columns(spec, fields.get("cols").split(','));
        }
        if fields.has("col") {
            self.cols = columns(spec, fields.all("col"));
            asked = Asked::Changed;
        }
        if let Ok(rows) = fields.get("n").parse::<i64>() {
            self.rows = rows.clamp(1, MOST_ROWS);
        }
        if let Ok(id) = fields.get("after").parse() {
            self.place = Place::After(id);
        } else if let Ok(id) = fields.get("before").parse() {
            self.place = Place::Before(id);
        } else {
            self.from = fields.get("from").trim().chars().take(40).collect();
        }
        fields.get("view").clone_into(&mut self.view);
        fields.get("edit").clone_into(&mut self.edit);
        if fields.has("set") {
            asked = self.set(fields, spec);
        }
        if matches!(fields.get("export"), "csv" | "xlsx") {
            asked = Asked::Export(fields.get("export").to_owned());
        }
        Ok((self, asked))
    }

    /// The form of one condition was sent: `set` says which (see [`ListQuery::edit`]).
    fn set(&mut self, fields: &Fields, spec: &ListSpec) -> Asked {
        fields.get("set").clone_into(&mut self.edit);
        let (what, at) = self.edit.split_once('@').unwrap_or((&self.edit, ""));
        let known = self.filter.as_ref().and_then(|tree| tree.at(&path(what)));
        let new = what.strip_prefix("new.");
        let Some(key) = new.or(known.map(|condition| condition.key.as_str())) else {
            return Asked::Changed;
        };
        let values = values(fields);
        let condition = match Condition::checked(spec, key, fields.get("op"), values) {
            Ok(condition) => Node::One(condition),
            Err(error) => return Asked::Wrong(error),
        };
        let tree = self.filter.take();
        self.filter = Some(match (tree, new) {
            (None, _) => condition,
            (Some(tree), None) => tree.with(&path(what), &mut |_| condition.clone()),
            (Some(tree), Some(_)) if at.is_empty() => tree.joined(Join::And, condition),
            (Some(tree), Some(_)) => {
                tree.with(&path(at), &mut |node| node.joined(Join::Or, condition.clone()))
            }
        });
        self.edit.clear();
        self.place = Place::First;
        Asked::Changed
    }

    /// The columns to show, in order.
    #[must_use]
    pub fn columns(&self, spec: &ListSpec) -> Vec<&'static Column> {
        match &self.cols {
            Some(chosen) => chosen.iter().filter_map(|key| spec.column(key)).collect(),
            None => spec.columns.iter().filter(|column| column.default && column.shown).collect(),
        }
    }

    /// What can be kept as a view: without page, edit and view name.
    #[must_use]
    pub fn saved_text(&self, spec: &ListSpec) -> String {
        let usual = Self::usual(spec);
        let sort = if (self.sort, self.desc) == (usual.sort, usual.desc) {
            String::new()
        } else {
            self.sort_text()
        };
        let filter = self.filter.as_ref().map(Node::to_text).unwrap_or_default();
        let cols = self.cols.as_ref().map(|cols| cols.join(",")).unwrap_or_default();
        let rows = if self.rows == usual.rows { String::new() } else { self.rows.to_string() };
        url::query(&[
            ("f", filter),
            ("q", self.search.clone()),
            ("sort", sort),
            ("cols", cols),
            ("n", rows),
        ])
    }

    /// `-km` or `km`.
    #[must_use]
    pub fn sort_text(&self) -> String {
        format!("{}{}", if self.desc { "-" } else { "" }, self.sort)
    }

    /// The whole link's query, with this place and these extras.
    #[must_use]
    pub fn link(&self, spec: &ListSpec, place: Place, extra: &[(&str, String)]) -> String {
        let (after, before) = match place {
            Place::First => (String::new(), String::new()),
            Place::After(id) => (id.to_string(), String::new()),
            Place::Before(id) => (String::new(), id.to_string()),
        };
        let mut text = self.saved_text(spec);
        let mut rest = vec![("view", self.view.clone()), ("after", after), ("before", before)];
        rest.extend(extra.iter().map(|(name, value)| (*name, value.clone())));
        let rest = url::query(&rest);
        if !text.is_empty() && !rest.is_empty() {
            text.push('&');
        }
        text.push_str(&rest);
        text
    }
}

/// Values of a condition's form. Days have a field of their own; lists of words may stand in one
/// field, parted by commas; what an operator does not take is left aside.
fn values(fields: &Fields) -> Vec<String> {
    let op = Op::parse(fields.get("op")).unwrap_or(Op::Is);
    let (_, most) = op.values();
    let name = if matches!(op, Op::Last | Op::Older | Op::Next) { "days" } else { "v" };
    let parts = fields.all(name).flat_map(|value| match op {
        Op::In | Op::Out => value.split([',', '，', '、', '\n']).collect(),
        _ => vec![value],
    });
    let trimmed = parts.map(|part| part.trim().to_owned());
    trimmed.filter(|value| !value.is_empty()).take(most).collect()
}

fn order(spec: &ListSpec, text: &str) -> Option<(&'static str, bool)> {
    let (key, desc) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
    let column = spec.columns.iter().find(|column| column.key == key && column.sortable)?;
    Some((column.key, desc))
}

fn columns<'a>(spec: &ListSpec, keys: impl Iterator<Item = &'a str>) -> Option<Vec<&'static str>> {
    let mut known: Vec<&'static str> = Vec::new();
    for key in keys {
        if let Some(column) = spec.columns.iter().find(|column| column.key == key && column.shown)
            && !known.contains(&column.key)
        {
            known.push(column.key);
        }
    }
    (!known.is_empty()).then_some(known)
}
