//! The words and links of a list page, prepared for its template.

use super::filter::{Condition, FilterError, Join, Node, Op};
use super::page::{Choices, List};
use super::query::{ListQuery, Place};
use super::saved::Saved;
use super::spec::{Column, Kind, ListSpec};
use crate::{Ctx, url};

/// A tab: a built-in or saved view.
pub(crate) struct Tab {
    pub label: String,
    pub href: String,
    pub current: bool,
    pub shared: bool,
}

/// A piece of the filter line.
pub(crate) enum Piece {
    Open,
    Close,
    /// "and" / "or": a link that turns one into the other.
    Join {
        word: String,
        href: String,
    },
    Chip(Box<Chip>),
}

/// A condition as a chip with its form.
pub(crate) struct Chip {
    pub label: String,
    pub op: String,
    pub value: String,
    pub remove: String,
    pub or_href: String,
    pub editor: Editor,
}

/// The form of a condition.
pub(crate) struct Editor {
    pub set: String,
    pub label: String,
    pub kind: &'static str,
    /// (value, word, chosen)
    pub ops: Vec<(&'static str, String, bool)>,
    /// (value, word, chosen)
    pub choices: Vec<(String, String, bool)>,
    pub values: Vec<String>,
    pub error: Option<String>,
    pub open: bool,
}

impl Editor {
    /// The value at `at`, for the template.
    pub fn value(&self, at: usize) -> &str {
        self.values.get(at).map_or("", String::as_str)
    }

    /// All values in one field.
    pub fn joined(&self) -> String {
        self.values.join(", ")
    }
}

/// A heading.
pub(crate) struct Head {
    pub label: String,
    pub unit: String,
    pub numeric: bool,
    pub sort: Option<String>,
    /// `ascending`, `descending` or `none`.
    pub state: &'static str,
}

/// Everything the page shows around its rows.
pub(crate) struct Around {
    pub tabs: Vec<Tab>,
    pub pieces: Vec<Piece>,
    /// (word, link) of columns that can be a condition.
    pub addable: Vec<(String, String)>,
    pub fresh: Option<Editor>,
    pub heads: Vec<Head>,
    /// State of the list as hidden fields of its forms.
    pub hidden: Vec<(&'static str, String)>,
    /// (key, word, chosen)
    pub columns: Vec<(&'static str, String, bool)>,
    pub edited: bool,
    pub edited_id: Option<String>,
    pub mine: bool,
    pub revert: String,
    pub sorted: String,
    pub saved_text: String,
    pub export_csv: String,
    pub export_xlsx: String,
    pub clear: String,
    /// The view that is open, as its buttons name it.
    pub current: String,
    /// The reader's own name of it.
    pub name: String,
    pub shared: bool,
    pub adding: bool,
    /// Kind of the jump's field (`text`, `number`, `date`), or empty for none.
    pub jump: &'static str,
    pub jump_label: String,
}

/// Builds the links of one list page.
pub(crate) struct Builder<'a> {
    pub ctx: &'a Ctx,
    pub list: &'a List,
    pub query: &'a ListQuery,
    pub wrong: Option<&'a FilterError>,
}

impl Builder<'_> {
    fn spec(&self) -> &'static ListSpec {
        self.list.spec
    }

    fn href(&self, query: &ListQuery, extra: &[(&str, String)]) -> String {
        format!("{}?{}", self.ctx.path, query.link(self.spec(), Place::First, extra))
    }

    pub fn view(&self, saved: &[Saved]) -> Around {
        let query = self.query;
        let saved_text = query.saved_text(self.spec());
        let began = self.began(saved);
        let edited = began.as_ref().is_some_and(|(text, _)| *text != saved_text);
        let own = saved.iter().find(|view| view.id.to_string() == query.view);
        Around {
            tabs: self.tabs(saved),
            pieces: self.pieces(),
            addable: self.addable(),
            fresh: self.fresh(),
            heads: self.heads(),
            hidden: self.hidden(),
            columns: self.columns(),
            edited,
            edited_id: own.filter(|view| view.mine).map(|view| view.id.to_string()),
            mine: own.is_some_and(|view| view.mine),
            revert: format!("{}?{}", self.ctx.path, url::query(&[("view", query.view.clone())])),
            sorted: self.sorted(),
            export_csv: self.href(query, &[("export", "csv".to_owned())]),
            export_xlsx: self.href(query, &[("export", "xlsx".to_owned())]),
            clear: self
                .href(&ListQuery { filter: None, search: String::new(), ..query.clone() }, &[]),
            current: query.view.clone(),
            name: own.map(|view| view.name.clone()).unwrap_or_default(),
            shared: own.is_some_and(|view| view.shared),
            jump: self.jump(),
            jump_label: self.jump_label(),
            adding: query.edit.starts_with("new@"),
            saved_text,
        }
    }

    /// The saved text of the view this one began with, and whether it is the reader's own.
    fn began(&self, saved: &[Saved]) -> Option<(String, bool)> {
        let normal = |text: &str| {
            ListQuery::parse(text, self.spec()).ok().map(|(query, _)| query.saved_text(self.spec()))
        };
        if let Some(built_in) = self.spec().views.iter().find(|view| view.key == self.query.view) {
            return normal(built_in.query).map(|text| (text, false));
        }
        let own = saved.iter().find(|view| view.id.to_string() == self.query.view)?;
        normal(&own.query).map(|text| (text, own.mine))
    }

    fn tabs(&self, saved: &[Saved]) -> Vec<Tab> {
        let current = self.query.view.as_str();
        let first = self.spec().views.first().map_or("", |view| view.key);
        let current = if current.is_empty() { first } else { current };
        let tab = |key: &str, label: String, shared: bool| Tab {
            label,
            href: format!("{}?{}", self.ctx.path, url::query(&[("view", key.to_owned())])),
            current: key == current,
            shared,
        };
        let built_in =
            self.spec().views.iter().map(|view| tab(view.key, self.ctx.t(view.label), false));
        let own =
            saved.iter().map(|view| tab(&view.id.to_string(), view.name.clone(), view.shared));
        built_in.chain(own).collect()
    }

    fn pieces(&self) -> Vec<Piece> {
        let mut out = Vec::new();
        if let Some(tree) = &self.query.filter {
            self.piece(&mut out, tree, &mut Vec::new(), true);
        }
        out
    }

    fn piece(&self, out: &mut Vec<Piece>, node: &Node, at: &mut Vec<usize>, top: bool) {
        match node {
            Node::One(condition) => out.push(Piece::Chip(Box::new(self.chip(condition, at)))),
            Node::Group(join, parts) => {
                if !top {
                    out.push(Piece::Open);
                }
                for (n, part) in parts.iter().enumerate() {
                    if n > 0 {
                        out.push(self.join(*join, at));
                    }
                    at.push(n);
                    self.piece(out, part, at, false);
                    at.pop();
                }
                if !top {
                    out.push(Piece::Close);
                }
            }
        }
    }

    fn join(&self, join: Join, at: &[usize]) -> Piece {
        let (word, other) = match join {
            Join::And => ("list-and", Join::Or),
            Join::Or => ("list-or", Join::And),
        };
        let turned = self.query.filter.clone().map(|tree| {
            tree.with(at, &mut |node| match node {
                Node::Group(_, parts) => Node::Group(other, parts),
                one @ Node::One(_) => one,
            })
        });
        let href = self.href(&ListQuery { filter: turned, ..self.query.clone() }, &[]);
        Piece::Join { word: self.ctx.t(word), href }
    }

    fn chip(&self, condition: &Condition, at: &[usize]) -> Chip {
        let place = at.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        // A lone condition is the whole tree; an empty name would be the form nobody opened.
        let place = if place.is_empty() { "_".to_owned() } else { place };
        let column = self.spec().column(&condition.key);
        let without = self.query.filter.clone().and_then(|tree| tree.without(at));
        let label = column.map_or_else(String::new, |column| self.label(column));
        Chip {
            op: self.ctx.t(&format!("list-op-{}", op_text(column, condition.op))),
            value: column.map_or_else(String::new, |column| self.words(column, condition)),
            remove: self.href(&ListQuery { filter: without, ..self.query.clone() }, &[]),
            or_href: self.href(self.query, &[("edit", format!("new@{place}"))]),
            editor: self.editor(&place, column, Some(condition)),
            label,
        }
    }

    fn label(&self, column: &Column) -> String {
        let label = self.ctx.t(column.label);
        match column.unit {
            Some(unit) => format!("{label} {}", self.ctx.t(unit)),
            None => label,
        }
    }

    /// The values of a condition as the reader knows them.
    fn words(&self, column: &Column, condition: &Condition) -> String {
        let days = matches!(condition.op, Op::Last | Op::Older | Op::Next);
        let choices = self.choices(column);
        let word = |value: &String| {
            let number = value.parse::<i64>().ok().filter(|_| column.numeric() || days);
            let known = choices.iter().find(|(its, _)| its == value).map(|(_, word)| word.clone());
            known.or_else(|| number.map(crate::format::whole)).unwrap_or_else(|| value.clone())
        };
        let words: Vec<String> = condition.values.iter().map(word).collect();
        match condition.op {
            Op::Between => words.join(" – "),
            Op::Last | Op::Older | Op::Next => self.ctx.t1("list-days", "n", words.join("")),
            _ => words.join(&self.ctx.t("list-comma")),
        }
    }

    fn choices(&self, column: &Column) -> Choices {
        if !column.choices.is_empty() {
            return column
                .choices
                .iter()
                .map(|(v, key)| ((*v).to_owned(), self.ctx.t(key)))
                .collect();
        }
        self.list.choices.get(column.key).cloned().unwrap_or_default()
    }

    fn editor(&self, set: &str, column: Option<&Column>, now: Option<&Condition>) -> Editor {
        let Some(column) = column else {
            let (label, kind) = (String::new(), "text");
            return Editor {
                set: set.to_owned(),
                label,
                kind,
                ops: vec![],
                choices: vec![],
                values: vec![],
                error: None,
                open: false,
            };
        };
        let chosen = now.map(|condition| condition.op);
        let ops = Op::of(column).into_iter().map(|op| {
            let word = self.ctx.t(&format!("list-op-{}", op_text(Some(column), op)));
            (op.as_str(), word, chosen == Some(op))
        });
        let values = now.map(|condition| condition.values.clone()).unwrap_or_default();
        let choices = self.choices(column).into_iter().map(|(value, word)| {
            let chosen = values.contains(&value);
            (value, word, chosen)
        });
        let here = self.query.edit == set;
        let choices: Vec<_> = choices.collect();
        let kind = match column.kind {
            Kind::Choice if !choices.is_empty() => "choice",
            Kind::Choice | Kind::Text => "text",
            Kind::Number => "number",
            Kind::Decimal => "decimal",
            Kind::Date | Kind::Time => "date",
            Kind::Bool => "bool",
        };
        Editor {
            set: set.to_owned(),
            label: self.label(column),
            kind,
            ops: ops.collect(),
            choices,
            values,
            error: self.wrong.filter(|_| here).map(|_| self.ctx.t("list-value-wrong")),
            open: here,
        }
    }

    /// The form of a condition that is not there yet: `edit=new.km`, `edit=new.km@0.1`.
    fn fresh(&self) -> Option<Editor> {
        let rest = self.query.edit.strip_prefix("new.")?;
        let key = rest.split('@').next()?;
        let column = self.spec().column(key).filter(|column| column.filterable)?;
        let mut editor = self.editor(&self.query.edit, Some(column), None);
        editor.open = true;
        Some(editor)
    }

    fn addable(&self) -> Vec<(String, String)> {
        // `edit=new@0.1` came from "or …" on a chip: the new condition joins that one.
        let at =
            self.query.edit.strip_prefix("new@").map(|at| format!("@{at}")).unwrap_or_default();
        let filters = self.spec().columns.iter().filter(|column| column.filterable);
        filters
            .map(|column| {
                let edit = format!("new.{}{at}", column.key);
                (self.label(column), self.href(self.query, &[("edit", edit)]))
            })
            .collect()
    }

    fn heads(&self) -> Vec<Head> {
        let heads = self.query.columns(self.spec()).into_iter().map(|column| {
            let mine = column.key == self.query.sort;
            let desc = if mine {
                !self.query.desc
            } else {
                column.numeric() || matches!(column.kind, Kind::Date | Kind::Time)
            };
            let next = ListQuery { sort: column.key, desc, ..self.query.clone() };
            Head {
                label: self.ctx.t(column.label),
                unit: column.unit.map(|unit| self.ctx.t(unit)).unwrap_or_default(),
                numeric: column.numeric(),
                sort: column.sortable.then(|| self.href(&next, &[])),
                state: match (mine, self.query.desc) {
                    (false, _) => "none",
                    (true, false) => "ascending",
                    (true, true) => "descending",
                },
            }
        });
        heads.collect()
    }

    fn hidden(&self) -> Vec<(&'static str, String)> {
        let cols = self.query.cols.as_ref().map(|cols| cols.join(",")).unwrap_or_default();
        let all = [
            ("f", self.query.filter.as_ref().map(Node::to_text).unwrap_or_default()),
            ("sort", self.query.sort_text()),
            ("cols", cols),
            ("view", self.query.view.clone()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn columns(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = self.query.columns(self.spec());
        let shown = self.spec().columns.iter().filter(|column| column.shown);
        shown
            .map(|c| (c.key, self.label(c), chosen.iter().any(|other| other.key == c.key)))
            .collect()
    }

    fn jump(&self) -> &'static str {
        match self.spec().column(self.query.sort).map(|column| column.kind) {
            Some(Kind::Text) => "text",
            Some(Kind::Number | Kind::Decimal) => "number",
            Some(Kind::Date | Kind::Time) => "date",
            _ => "",
        }
    }

    fn jump_label(&self) -> String {
        let column = self.spec().column(self.query.sort);
        let label = column.map_or_else(String::new, |column| self.label(column));
        self.ctx.t1("list-jump-to", "column", label)
    }

    /// "By distance, high to low".
    fn sorted(&self) -> String {
        let Some(column) = self.spec().column(self.query.sort) else { return String::new() };
        let way = match (column.kind, self.query.desc) {
            (Kind::Date | Kind::Time, true) => "list-sorted-newest",
            (Kind::Date | Kind::Time, false) => "list-sorted-oldest",
            (Kind::Number | Kind::Decimal, true) => "list-sorted-high",
            (Kind::Number | Kind::Decimal, false) => "list-sorted-low",
            (_, true) => "list-sorted-za",
            (_, false) => "list-sorted-az",
        };
        self.ctx.t1(way, "column", self.ctx.t(column.label))
    }
}

/// Dates have words of their own for the same comparisons.
fn op_text(column: Option<&Column>, op: Op) -> &'static str {
    let date = column.is_some_and(|column| matches!(column.kind, Kind::Date | Kind::Time));
    match op {
        Op::Is if date => "on",
        Op::Gte if date => "since",
        Op::Lt if date => "before",
        op => op.as_str(),
    }
}
