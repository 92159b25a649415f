//! A mapping bound to a file's header: the one way rows become records.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::cell::{self, Cell, Reading, Refusal};
use super::{Issue, Level, MemberRow, MonthRow, SegmentRow};
use crate::cells::date::Order;
use crate::file::{Damage, Fault, Row};
use crate::mapping::fields::{COUNT, Field, FileKind, Type};
use crate::mapping::{Column, Mapping, MappingError, Repeats, Target};

/// Texts that mean "no value" in every file.
const NULLS: &[&str] = &["NULL", "null", "Null", "\\N", "N/A", "n/a", "#N/A", "None", "NaN", "nan"];

/// What a row became.
#[derive(Clone, Debug)]
pub enum Record {
    /// A member, with or without summed-up activity.
    Member(Box<MemberRow>),
    /// A flown segment.
    Segment(Box<SegmentRow>),
    /// A member's month.
    Month(Box<MonthRow>),
}

struct Bound {
    name: String,
    index: usize,
    target: Target,
    reading: Reading,
    values: HashMap<String, String>,
    rejects: bool,
}

/// Reads rows of one file by one mapping.
pub struct Mapper {
    kind: FileKind,
    repeats: Repeats,
    bound: Vec<Bound>,
    nulls: Vec<String>,
    constants: Vec<(Field, Cell)>,
    extra_constants: Vec<(String, String)>,
    summed: bool,
    cells: Vec<Cell>,
    extras: Vec<(String, String)>,
}

impl Mapper {
    /// Binds `mapping` to the columns of a file. `decimal` is the file's decimal mark.
    ///
    /// # Errors
    /// [`MappingError::Missing`] names every column that is asked for and not there.
    pub fn new(mapping: &Mapping, header: &[String], decimal: char) -> Result<Self, MappingError> {
        mapping.check()?;
        let (mut bound, mut missing) = (Vec::<Bound>::new(), Vec::new());
        for column in &mapping.columns {
            let Some(index) = find(header, column) else {
                if !column.optional {
                    missing.push(column.name.clone());
                }
                continue;
            };
            let target = Target::parse(&column.field, mapping.kind).ok_or_else(|| {
                MappingError::Field { column: column.name.clone(), field: column.field.clone() }
            })?;
            if let Some(other) = bound.iter().find(|other| other.target == target) {
                return Err(MappingError::Twice {
                    field: match target {
                        Target::Field(field) => field.key(),
                        Target::Extra(_) => "extra",
                    },
                    first: other.name.clone(),
                    second: column.name.clone(),
                });
            }
            bound.push(bind(column, index, target, mapping, decimal, &header[index]));
        }
        if !missing.is_empty() {
            return Err(MappingError::Missing(missing));
        }
        let summed = mapping.kind == FileKind::Members
            && bound.iter().any(|column| column.target == Target::Field(Field::Flights));
        let (constants, extra_constants) = constants(mapping, decimal)?;
        let mapper = Self {
            kind: mapping.kind,
            repeats: mapping.repeats,
            bound,
            nulls: mapping.nulls.clone(),
            constants,
            extra_constants,
            summed,
            cells: vec![Cell::None; COUNT],
            extras: Vec::new(),
        };
        mapper.check_key()?;
        Ok(mapper)
    }

    /// After optional columns fell away, a row must still say whom it is about, and when.
    fn check_key(&self) -> Result<(), MappingError> {
        let has = |field: Field| {
            self.bound.iter().any(|column| column.target == Target::Field(field))
                || self.constants.iter().any(|(known, _)| *known == field)
        };
        if !has(Field::MemberNo) && !has(Field::MemberKey) {
            return Err(MappingError::Key(Field::MemberNo.key()));
        }
        if self.summed && !has(Field::ObservedOn) {
            return Err(MappingError::Key(Field::ObservedOn.key()));
        }
        Ok(())
    }

    /// Columns of the file that are not imported, by index.
    pub fn unused<'a>(&self, header: &'a [String]) -> Vec<&'a str> {
        let used = |index: usize| self.bound.iter().any(|column| column.index == index);
        header
            .iter()
            .enumerate()
            .filter(|(index, _)| !used(*index))
            .map(|(_, name)| name.as_str())
            .collect()
    }

    /// The finding for a row that could not be taken apart.
    #[must_use]
    pub fn fault(row: u64, fault: &Fault) -> Issue {
        let (code, args) = match fault {
            Fault::TooLong { limit } => {
                ("row-long", vec![("limit".to_owned(), (limit / 1_024).to_string())])
            }
            Fault::OpenQuote => ("open-quote", Vec::new()),
            Fault::Ragged { found, expected } => (
                "ragged",
                vec![
                    ("found".to_owned(), found.to_string()),
                    ("expected".to_owned(), expected.to_string()),
                ],
            ),
        };
        Issue {
            row,
            column: String::new(),
            value: String::new(),
            level: Level::Reject,
            code: code.to_owned(),
            args,
        }
    }

    /// Reads one row. Findings are added to `issues`; `None` when the row is rejected.
    pub fn map(&mut self, row: &Row, issues: &mut Vec<Issue>) -> Option<Record> {
        let before = issues.len();
        self.read_cells(row, issues);
        let mut taken = Taken { cells: &mut self.cells, extras: &mut self.extras, row: row.number };
        let record = match self.kind {
            FileKind::Members => {
                MemberRow::build(&mut taken, self.summed, issues).map(Box::new).map(Record::Member)
            }
            FileKind::Segments => {
                SegmentRow::build(&mut taken, issues).map(Box::new).map(Record::Segment)
            }
            FileKind::Activity => {
                MonthRow::build(&mut taken, self.repeats, issues).map(Box::new).map(Record::Month)
            }
        };
        let rejected = issues[before..].iter().any(|issue| issue.level == Level::Reject);
        record.filter(|_| !rejected)
    }

    fn read_cells(&mut self, row: &Row, issues: &mut Vec<Issue>) {
        self.cells.fill(Cell::None);
        self.extras.clear();
        self.extras.extend(self.extra_constants.iter().cloned());
        for (field, cell) in &self.constants {
            self.cells[*field as usize] = cell.clone();
        }
        for column in &self.bound {
            match one(column, row, &self.nulls) {
                Ok(None) => {}
                Ok(Some((cell, tidied))) => {
                    if tidied {
                        let refusal = Refusal { code: "place-trimmed", args: Vec::new() };
                        issues.push(issue(column, row, refusal, Level::Tidy));
                    }
                    match &column.target {
                        Target::Field(field) => self.cells[*field as usize] = cell,
                        Target::Extra(name) => {
                            if let Cell::Text(text) = cell {
                                self.extras.push((name.clone(), text));
                            }
                        }
                    }
                }
                Err(refusal) => {
                    let level = match refusal.code {
                        "encoding" | "nul" => Level::Reject,
                        _ if column.rejects => Level::Reject,
                        _ => Level::Blank,
                    };
                    issues.push(issue(column, row, refusal, level));
                }
            }
        }
    }
}

/// The values of one row, taken out field by field.
pub(super) struct Taken<'a> {
    cells: &'a mut [Cell],
    pub extras: &'a mut Vec<(String, String)>,
    pub row: u64,
}

impl Taken<'_> {
    pub fn text(&mut self, field: Field) -> Option<String> {
        match std::mem::take(&mut self.cells[field as usize]) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn word(&self, field: Field) -> Option<&'static str> {
        match self.cells[field as usize] {
            Cell::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn whole(&self, field: Field) -> Option<i64> {
        match self.cells[field as usize] {
            Cell::Whole(number) => Some(number),
            _ => None,
        }
    }

    pub fn number(&self, field: Field) -> Option<f64> {
        match self.cells[field as usize] {
            Cell::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn date(&self, field: Field) -> Option<NaiveDate> {
        match self.cells[field as usize] {
            Cell::Date(day) => Some(day),
            _ => None,
        }
    }

    /// The row cannot be used without `field`.
    pub fn needed(&self, field: Field, issues: &mut Vec<Issue>) {
        // A wrong value has been told already.
        let told = issues.iter().rev().take_while(|issue| issue.row == self.row);
        if told.into_iter().any(|issue| issue.level == Level::Reject) {
            return;
        }
        issues.push(Issue {
            row: self.row,
            column: String::new(),
            value: String::new(),
            level: Level::Reject,
            code: if field == Field::MemberNo { "key-missing" } else { "needed" }.to_owned(),
            args: vec![("field".to_owned(), field.key().to_owned())],
        });
    }

    /// The member's number and the key the row is known by.
    pub fn key(&mut self, issues: &mut Vec<Issue>) -> Option<(Option<String>, String)> {
        let number = self.text(Field::MemberNo);
        let key = self.text(Field::MemberKey);
        match (number, key) {
            (Some(number), Some(key)) => Some((Some(number), key)),
            (Some(number), None) => Some((Some(number.clone()), number)),
            (None, Some(key)) => Some((None, key)),
            (None, None) => {
                self.needed(Field::MemberNo, issues);
                None
            }
        }
    }
}

fn find(header: &[String], column: &Column) -> Option<usize> {
    let names = || std::iter::once(&column.name).chain(&column.aliases);
    let exact = names().find_map(|name| header.iter().position(|known| known == name));
    exact.or_else(|| {
        names().find_map(|name| {
            header.iter().position(|known| known.trim().eq_ignore_ascii_case(name.trim()))
        })
    })
}

fn bind(
    column: &Column,
    index: usize,
    target: Target,
    mapping: &Mapping,
    decimal: char,
    name: &str,
) -> Bound {
    let (ty, vital) = match &target {
        Target::Field(field) => (field.kind(), field.is_vital(mapping.kind)),
        Target::Extra(_) => (Type::Text(500), false),
    };
    let order = column.format.as_deref().and_then(Order::parse).unwrap_or_default();
    Bound {
        name: name.to_owned(),
        index,
        target,
        reading: Reading {
            ty,
            order,
            decimal,
            scale: column.scale.unwrap_or(1.0),
            check_digit: column.check_digit,
        },
        values: column.values.iter().map(|(from, to)| (from.clone(), to.clone())).collect(),
        rejects: column.reject.unwrap_or(vital),
    }
}

type Constants = (Vec<(Field, Cell)>, Vec<(String, String)>);

fn constants(mapping: &Mapping, decimal: char) -> Result<Constants, MappingError> {
    let (mut fields, mut extras) = (Vec::new(), Vec::new());
    for (name, value) in &mapping.constants {
        match Target::parse(name, mapping.kind) {
            Some(Target::Extra(name)) => extras.push((name, value.clone())),
            Some(Target::Field(field)) => {
                let reading = Reading {
                    ty: field.kind(),
                    order: Order::Ymd,
                    decimal,
                    scale: 1.0,
                    check_digit: false,
                };
                let (cell, _) = cell::read(value.trim(), &reading).map_err(|_| {
                    MappingError::Value { column: name.clone(), value: value.clone() }
                })?;
                fields.push((field, cell));
            }
            None => {
                return Err(MappingError::Field { column: "—".into(), field: name.clone() });
            }
        }
    }
    Ok((fields, extras))
}

fn one(column: &Bound, row: &Row, nulls: &[String]) -> Result<Option<(Cell, bool)>, Refusal> {
    let text = row.get(column.index).map_err(|damage| Refusal {
        code: match damage {
            Damage::Encoding => "encoding",
            Damage::Nul => "nul",
        },
        args: Vec::new(),
    })?;
    // A place of marks only is told, so blanks of other kinds are looked at as well.
    if text.is_empty() || NULLS.contains(&text) || nulls.iter().any(|null| null == text) {
        return Ok(None);
    }
    if !column.values.is_empty()
        && let Some(meant) = column.values.get(text)
    {
        return if meant.is_empty() {
            Ok(None)
        } else {
            cell::read(meant, &column.reading).map(Some)
        };
    }
    cell::read(text, &column.reading).map(Some)
}

fn issue(column: &Bound, row: &Row, refusal: Refusal, level: Level) -> Issue {
    Issue {
        row: row.number,
        column: column.name.clone(),
        value: cell::shown(&row.lossy(column.index), column.reading.ty),
        level,
        code: refusal.code.to_owned(),
        args: refusal.args.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
    }
}
