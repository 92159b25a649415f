//! The filter tree: conditions joined by "and" or "or", in brackets.
//!
//! In a link it is text: `tier:in:gold|platinum;(km:gte:10000,flights:gte:3)`.
//! `;` is "and", `,` is "or", one kind per bracket; `key:op:value|value`; `!` takes the meaning from
//! the character after it. The tree names columns, operators and values; [`super::sql`] alone turns
//! it into SQL, with every value bound.

use std::fmt::Write as _;

use super::spec::{Column, Kind, ListSpec};

/// Deepest bracket, most conditions, longest text: a link stays a link.
const MAX_DEPTH: usize = 4;
const MAX_CONDITIONS: usize = 40;
const MAX_TEXT: usize = 4000;

/// How the parts of a bracket are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// All must hold.
    And,
    /// One must hold.
    Or,
}

/// A condition's comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal (text, number, date).
    Is,
    /// Not equal.
    Not,
    /// Text contains.
    Has,
    /// Text begins with.
    Starts,
    /// `>`
    Gt,
    /// `≥`
    Gte,
    /// `<`
    Lt,
    /// `≤`
    Lte,
    /// From … to, both included.
    Between,
    /// One of.
    In,
    /// None of.
    Out,
    /// Within the last N days.
    Last,
    /// More than N days ago.
    Older,
    /// Within the next N days.
    Next,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nothing there.
    Empty,
    /// Something there.
    Filled,
}

const OPS: &[(Op, &str)] = &[
    (Op::Is, "is"),
    (Op::Not, "not"),
    (Op::Has, "has"),
    (Op::Starts, "starts"),
    (Op::Gt, "gt"),
    (Op::Gte, "gte"),
    (Op::Lt, "lt"),
    (Op::Lte, "lte"),
    (Op::Between, "between"),
    (Op::In, "in"),
    (Op::Out, "out"),
    (Op::Last, "last"),
    (Op::Older, "older"),
    (Op::Next, "next"),
    (Op::Yes, "yes"),
    (Op::No, "no"),
    (Op::Empty, "empty"),
    (Op::Filled, "filled"),
];

impl Op {
    /// As in links and text keys (`list-op-gte`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        OPS.iter().find(|(op, _)| *op == self).map_or("is", |(_, name)| name)
    }

    /// By name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        OPS.iter().find(|(_, its)| *its == name).map(|(op, _)| *op)
    }

    /// The operators a kind of column has, the most usual first.
    #[must_use]
    pub fn of(column: &Column) -> Vec<Self> {
        let mut ops = match column.kind {
            Kind::Text => vec![Self::Has, Self::Is, Self::Not, Self::Starts, Self::In],
            Kind::Number | Kind::Decimal => {
                vec![Self::Gte, Self::Lte, Self::Gt, Self::Lt, Self::Between, Self::Is, Self::Not]
            }
            Kind::Date | Kind::Time => {
                vec![
                    Self::Last,
                    Self::Older,
                    Self::Next,
                    Self::Between,
                    Self::Gte,
                    Self::Lt,
                    Self::Is,
                ]
            }
            Kind::Choice => vec![Self::In, Self::Out],
            Kind::Bool => vec![Self::Yes, Self::No],
        };
        if column.nullable {
            ops.extend([Self::Empty, Self::Filled]);
        }
        ops
    }

    /// Fewest and most values.
    #[must_use]
    pub fn values(self) -> (usize, usize) {
        match self {
            Self::Yes | Self::No | Self::Empty | Self::Filled => (0, 0),
            Self::Between => (2, 2),
            Self::In | Self::Out => (1, 200),
            _ => (1, 1),
        }
    }
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Column key (known to the list).
    pub key: String,
    /// Comparison.
    pub op: Op,
    /// Compared with; counts and kinds have been checked.
    pub values: Vec<String>,
}

/// A condition or a bracket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One comparison.
    One(Condition),
    /// A bracket.
    Group(Join, Vec<Node>),
}

/// Why a filter could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Longer or deeper than a filter may be.
    #[error("the filter is too long")]
    TooLong,
    /// Brackets or joiners do not fit.
    #[error("the filter cannot be read at character {0}")]
    Syntax(usize),
    /// The list has no such column.
    #[error("the list has no column {0}")]
    Column(String),
    /// The column has no such comparison.
    #[error("column {0} has no comparison {1}")]
    Op(String, String),
    /// The value does not fit the column.
    #[error("a value for column {0} does not fit")]
    Value(String),
}

impl kernel::Explain for FilterError {
    fn kind(&self) -> kernel::Kind {
        kernel::Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "list-filter-long",
            Self::Syntax(_) => "list-filter-syntax",
            Self::Column(_) => "list-filter-column",
            Self::Op(..) => "list-filter-op",
            Self::Value(_) => "list-filter-value",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong => Vec::new(),
            Self::Syntax(at) => vec![("at", at.to_string())],
            Self::Column(key) | Self::Value(key) => vec![("column", key.clone())],
            Self::Op(key, op) => vec![("column", key.clone()), ("op", op.clone())],
        }
    }
}

impl Condition {
    /// Checks names, counts and kinds of values against the list.
    ///
    /// # Errors
    /// When the column, the comparison or a value does not fit.
    pub fn checked(
        spec: &ListSpec,
        key: &str,
        op: &str,
        values: Vec<String>,
    ) -> Result<Self, FilterError> {
        let column = spec
            .column(key)
            .filter(|column| column.filterable)
            .ok_or_else(|| FilterError::Column(key.to_owned()))?;
        let op = Op::parse(op)
            .filter(|op| Op::of(column).contains(op))
            .ok_or_else(|| FilterError::Op(key.to_owned(), op.to_owned()))?;
        let wrong = || FilterError::Value(key.to_owned());
        let (least, most) = op.values();
        if values.len() < least || values.len() > most {
            return Err(wrong());
        }
        let fits = |value: &String| match (column.kind, op) {
            (_, Op::Last | Op::Older | Op::Next) => value.parse::<u16>().is_ok_and(|days| days > 0),
            (Kind::Number, _) => value.parse::<i64>().is_ok(),
            (Kind::Decimal, _) => value.parse::<f64>().is_ok_and(f64::is_finite),
            (Kind::Date | Kind::Time, _) => value.parse::<chrono::NaiveDate>().is_ok(),
            (Kind::Choice, _) if !column.choices.is_empty() => {
                column.choices.iter().any(|(known, _)| known == value)
            }
            _ => !value.is_empty() && value.len() <= 200 && !value.contains('\0'),
        };
        if values.iter().all(fits) {
            Ok(Self { key: key.to_owned(), op, values })
        } else {
            Err(wrong())
        }
    }
}

impl Node {
    /// Reads the text of a link.
    ///
    /// # Errors
    /// See [`FilterError`]; the position counts characters from 0.
    pub fn parse(text: &str, spec: &ListSpec) -> Result<Option<Self>, FilterError> {
        if text.is_empty() {
            return Ok(None);
        }
        if text.len() > MAX_TEXT {
            return Err(FilterError::TooLong);
        }
        let mut reader = Reader { text: text.chars().collect(), at: 0, count: 0, spec };
        let node = reader.group(0)?;
        if reader.at < reader.text.len() {
            return Err(FilterError::Syntax(reader.at));
        }
        Ok(Some(node.simplified()))
    }

    /// As text for a link.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, true);
        out
    }

    fn write(&self, out: &mut String, top: bool) {
        match self {
            Self::One(condition) => {
                let _ = write!(out, "{}:{}", condition.key, condition.op.as_str());
                for (at, value) in condition.values.iter().enumerate() {
                    out.push(if at == 0 { ':' } else { '|' });
                    for c in value.chars() {
                        if "!;,()|:".contains(c) {
                            out.push('!');
                        }
                        out.push(c);
                    }
                }
            }
            Self::Group(join, parts) => {
                if !top {
                    out.push('(');
                }
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        out.push(if *join == Join::And { ';' } else { ',' });
                    }
                    part.write(out, false);
                }
                if !top {
                    out.push(')');
                }
            }
        }
    }

    /// Brackets of one, and brackets that join like their surroundings, fall away.
    #[must_use]
    pub fn simplified(self) -> Self {
        let Self::Group(join, parts) = self else { return self };
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part.simplified() {
                Self::Group(inner, parts) if inner == join => flat.extend(parts),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::Group(join, flat) }
    }

    /// The tree without the part at `path`; `None` when nothing is left.
    #[must_use]
    pub fn without(self, path: &[usize]) -> Option<Self> {
        let (&first, rest) = path.split_first()?;
        match self {
            Self::One(_) => Some(self),
            Self::Group(join, parts) => {
                let kept = parts.into_iter().enumerate().filter_map(|(at, part)| {
                    if at == first { part.without(rest) } else { Some(part) }
                });
                let kept: Vec<Self> = kept.collect();
                (!kept.is_empty()).then(|| Self::Group(join, kept).simplified())
            }
        }
    }

    /// The tree with `change` applied to the part at `path`.
    #[must_use]
    pub fn with(self, path: &[usize], change: &mut dyn FnMut(Self) -> Self) -> Self {
        match (path.split_first(), self) {
            (None, node) => change(node).simplified(),
            (Some((&first, rest)), Self::Group(join, parts)) => {
                let parts = parts
                    .into_iter()
                    .enumerate()
                    .map(|(at, part)| if at == first { part.with(rest, change) } else { part });
                Self::Group(join, parts.collect()).simplified()
            }
            (Some(_), node) => node,
        }
    }

    /// Whether every condition asks for one of these columns.
    #[must_use]
    pub fn asks_only(&self, keys: &[&str]) -> bool {
        match self {
            Self::One(condition) => keys.contains(&condition.key.as_str()),
            Self::Group(_, parts) => parts.iter().all(|part| part.asks_only(keys)),
        }
    }

    /// The condition at `path`.
    #[must_use]
    pub fn at(&self, path: &[usize]) -> Option<&Condition> {
        match (path.split_first(), self) {
            (None, Self::One(condition)) => Some(condition),
            (Some((&first, rest)), Self::Group(_, parts)) => parts.get(first)?.at(rest),
            _ => None,
        }
    }

    /// This and `other`, joined.
    #[must_use]
    pub fn joined(self, join: Join, other: Self) -> Self {
        Self::Group(join, vec![self, other]).simplified()
    }
}

/// `0.2` → `[0, 2]`; `_` is the whole tree.
#[must_use]
pub fn path(text: &str) -> Vec<usize> {
    text.split('.').filter_map(|part| part.parse().ok()).take(MAX_DEPTH + 1).collect()
}

struct Reader<'a> {
    text: Vec<char>,
    at: usize,
    count: usize,
    spec: &'a ListSpec,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn group(&mut self, depth: usize) -> Result<Node, FilterError> {
        if depth > MAX_DEPTH {
            return Err(FilterError::TooLong);
        }
        let mut parts = vec![self.part(depth)?];
        let mut join = None;
        while let Some(c @ (';' | ',')) = self.peek() {
            let this = if c == ';' { Join::And } else { Join::Or };
            if *join.get_or_insert(this) != this {
                return Err(FilterError::Syntax(self.at));
            }
            self.at += 1;
            parts.push(self.part(depth)?);
        }
        Ok(Node::Group(join.unwrap_or(Join::And), parts))
    }

    fn part(&mut self, depth: usize) -> Result<Node, FilterError> {
        if self.peek() == Some('(') {
            self.at += 1;
            let node = self.group(depth + 1)?;
            if self.peek() != Some(')') {
                return Err(FilterError::Syntax(self.at));
            }
            self.at += 1;
            return Ok(node);
        }
        self.count += 1;
        if self.count > MAX_CONDITIONS {
            return Err(FilterError::TooLong);
        }
        let key = self.word()?;
        if self.peek() != Some(':') {
            return Err(FilterError::Syntax(self.at));
        }
        self.at += 1;
        let op = self.word()?;
        let mut values = Vec::new();
        let mut mark = ':';
        while self.peek() == Some(mark) {
            self.at += 1;
            values.push(self.word()?);
            mark = '|';
        }
        Ok(Node::One(Condition::checked(self.spec, &key, &op, values)?))
    }

    /// Characters up to the next one with a meaning; `!` takes the meaning away.
    fn word(&mut self) -> Result<String, FilterError> {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            match c {
                ';' | ',' | '(' | ')' | '|' | ':' => break,
                '!' => {
                    self.at += 1;
                    word.push(self.peek().ok_or(FilterError::Syntax(self.at))?);
                }
                _ => word.push(c),
            }
            self.at += 1;
        }
        Ok(word)
    }
}
