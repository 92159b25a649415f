//! Records as columns: every value is stored once and known by a number.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::dates::Digits;
use crate::hash::{KeyMap, of_bytes};
use crate::text::Sketch;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One text; the empty one is missing.
    Text,
    /// A text from the same stock of values as an earlier column, so that the two can be compared
    /// with each other: given name and surname.
    TextLike(usize),
    /// A date in eight digits; anything else is missing.
    Date,
    /// Several texts, parted by this character: telephone numbers.
    List(char),
}

/// A stock of distinct texts. Number 0 is the missing one.
#[derive(Default)]
struct Stock {
    bytes: String,
    /// Where each text ends; text `n` starts where `n - 1` ends.
    ends: Vec<u32>,
    sketches: Vec<Sketch>,
    numbers: KeyMap<u64, u32>,
}

impl Stock {
    fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let mut hash = of_bytes(text.as_bytes());
        while let Some(number) = self.numbers.get(&hash) {
            if self.text(*number) == text {
                return *number;
            }
            hash = hash.wrapping_add(1);
        }
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
        let number = self.ends.len() as u32;
        self.numbers.insert(hash, number);
        number
    }

    fn text(&self, number: u32) -> &str {
        let at = number as usize;
        let start = if at > 1 { self.ends[at - 2] } else { 0 };
        let end = if at > 0 { self.ends[at - 1] } else { 0 };
        &self.bytes[start as usize..end as usize]
    }

    fn len(&self) -> usize {
        self.ends.len() + 1
    }
}

struct Column {
    kind: Kind,
    stock: usize,
    /// Where each row's numbers end, for lists only.
    ends: Vec<u32>,
    numbers: Vec<u32>,
    /// By number: the share of filled rows that hold the value.
    shares: Vec<f32>,
    /// By number, for dates only.
    dates: Vec<Option<Digits>>,
}

/// Records, one value of each column a row. At most 4 billion rows, 4 GiB of distinct text a column.
pub struct Table {
    columns: Vec<Column>,
    stocks: Vec<Stock>,
    rows: u32,
}

/// A table being filled.
pub struct TableBuilder(Table);

impl TableBuilder {
    /// An empty table. A `TextLike` that points to no earlier text column has a stock of its own.
    #[must_use]
    pub fn new(kinds: &[Kind]) -> Self {
        let mut stocks = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        for kind in kinds {
            let stock = match kind {
                Kind::TextLike(other) if *other < columns.len() => columns[*other].stock,
                _ => {
                    stocks.push(Stock::default());
                    stocks.len() - 1
                }
            };
            columns.push(Column {
                kind: *kind,
                stock,
                ends: Vec::new(),
                numbers: Vec::new(),
                shares: Vec::new(),
                dates: Vec::new(),
            });
        }
        Self(Table { columns, stocks, rows: 0 })
    }

    /// Adds a record. Values beyond the columns are dropped, absent ones are missing.
    pub fn push(&mut self, values: &[&str]) {
        let Table { columns, stocks, rows } = &mut self.0;
        for (at, column) in columns.iter_mut().enumerate() {
            let value = values.get(at).map_or("", |text| text.trim());
            let stock = &mut stocks[column.stock];
            match column.kind {
                Kind::Text | Kind::TextLike(_) => column.numbers.push(stock.number(value)),
                Kind::Date => {
                    let date = Digits::read(value);
                    column.numbers.push(if date.is_some() { stock.number(value) } else { 0 });
                }
                Kind::List(separator) => {
                    let from = column.numbers.len();
                    for part in value.split(separator).map(str::trim).filter(|p| !p.is_empty()) {
                        column.numbers.push(stock.number(part));
                    }
                    column.numbers[from..].sort_unstable();
                    column.ends.push(column.numbers.len() as u32);
                }
            }
        }
        *rows += 1;
    }

    /// Counts the values and closes the table.
    #[must_use]
    pub fn finish(self) -> Table {
        let mut table = self.0;
        for stock in &mut table.stocks {
            stock.numbers = KeyMap::default();
            stock.bytes.shrink_to_fit();
            stock.ends.shrink_to_fit();
            stock.sketches = (0..stock.len() as u32).map(|n| Sketch::of(stock.text(n))).collect();
        }
        let (stocks, rows) = (&table.stocks, table.rows);
        table.columns.par_iter_mut().for_each(|column| {
            column.numbers.shrink_to_fit();
            let stock = &stocks[column.stock];
            let mut counts = vec![0_u32; stock.len()];
            for number in &column.numbers {
                counts[*number as usize] += 1;
            }
            let filled = match column.kind {
                Kind::List(_) => rows,
                _ => rows - counts[0],
            };
            column.shares = counts.iter().map(|n| *n as f32 / filled.max(1) as f32).collect();
            if column.kind == Kind::Date {
                column.dates =
                    (0..stock.len() as u32).map(|n| Digits::read(stock.text(n))).collect();
            }
        });
        table
    }
}

impl Table {
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The number of a row's value; 0 when missing, and for lists.
    #[must_use]
    pub fn number(&self, column: usize, row: u32) -> u32 {
        let column = &self.columns[column];
        if column.ends.is_empty() { column.numbers[row as usize] } else { 0 }
    }

    /// The numbers of a row's values, ascending; of a list's or the one of another column.
    #[must_use]
    pub fn numbers(&self, column: usize, row: u32) -> &[u32] {
        let column = &self.columns[column];
        let row = row as usize;
        if column.ends.is_empty() {
            let one = &column.numbers[row..=row];
            return if one[0] == 0 { &[] } else { one };
        }
        let start = if row == 0 { 0 } else { column.ends[row - 1] };
        &column.numbers[start as usize..column.ends[row] as usize]
    }

    #[must_use]
    pub fn text(&self, column: usize, number: u32) -> &str {
        self.stocks[self.columns[column].stock].text(number)
    }

    /// Both texts the two numbers stand for.
    #[must_use]
    pub(crate) fn texts(&self, column: usize, left: u32, right: u32) -> (&str, &str) {
        let stock = &self.stocks[self.columns[column].stock];
        (stock.text(left), stock.text(right))
    }

    #[must_use]
    pub(crate) fn sketches(&self, column: usize, left: u32, right: u32) -> (Sketch, Sketch) {
        let stock = &self.stocks[self.columns[column].stock];
        (stock.sketches[left as usize], stock.sketches[right as usize])
    }

    #[must_use]
    pub(crate) fn date(&self, column: usize, number: u32) -> Option<Digits> {
        self.columns[column].dates.get(number as usize).copied().flatten()
    }

    /// The share of filled rows that hold the value, 0–1.
    #[must_use]
    pub fn share(&self, column: usize, number: u32) -> f32 {
        self.columns[column].shares.get(number as usize).copied().unwrap_or(0.0)
    }
}
