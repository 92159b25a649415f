//! The one place that writes: data on standard output, talk on standard error.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use clap::ValueEnum;
use comfy_table::{CellAlignment, Table, presets};
use serde_json::Value;

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated, with a header.
    Csv,
}

/// A table of results: headers, rows, and which columns hold numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) headers: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Rows {
    pub(crate) fn new(headers: &[&'static str]) -> Self {
        Self { headers: headers.to_vec(), rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<Value>) {
        self.rows.push(row);
    }

    fn objects(&self) -> Value {
        let object = |row: &Vec<Value>| {
            let pairs = self.headers.iter().map(|name| (*name).to_owned()).zip(row.iter().cloned());
            Value::Object(pairs.collect())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }
}

/// A line on standard output. Whoever reads it may have read enough (`… | head`): that ends the
/// program without a complaint.
fn put(line: &str) {
    let mut out = anstream::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Where a command writes, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
}

impl Output {
    /// Prints a table of results.
    pub(crate) fn rows(self, rows: &Rows) {
        match self.format {
            Format::Table if rows.rows.is_empty() => {}
            Format::Table => put(&drawn(rows).to_string()),
            Format::Json => self.json(&rows.objects()),
            Format::Csv => {
                put(&rows.headers.join(","));
                for row in &rows.rows {
                    put(&row.iter().map(|value| csv(&plain(value))).collect::<Vec<_>>().join(","));
                }
            }
        }
    }

    /// Prints one record: as a list of facts, or as itself in JSON.
    pub(crate) fn record(self, record: &Value, facts: &Rows) {
        match self.format {
            Format::Json => self.json(record),
            Format::Table | Format::Csv => self.rows(facts),
        }
    }

    /// Prints JSON, whatever the format.
    pub(crate) fn json(self, value: &Value) {
        put(&serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// Prints a text as it is.
    pub(crate) fn text(self, text: &str) {
        put(text);
    }

    /// Says something to the person at the terminal.
    pub(crate) fn say(self, text: &str) {
        anstream::eprintln!("{text}");
    }

    /// Says why the command failed, and what to do.
    pub(crate) fn fail(self, fail: &crate::fail::Fail) {
        anstream::eprintln!("\x1b[1;31merror:\x1b[0m {}", fail.sentence());
        for hint in fail.hints() {
            anstream::eprintln!("  \x1b[1mhint:\x1b[0m {hint}");
        }
    }
}

fn drawn(rows: &Rows) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(rows.headers.clone());
    for row in &rows.rows {
        table.add_row(row.iter().map(plain).collect::<Vec<_>>());
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        let numbers = rows.rows.iter().any(|row| row.get(index).is_some_and(Value::is_number));
        if numbers {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(many) => many.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A cell as CSV writes it.
pub(crate) fn csv(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A line that says how far a job is: redrawn on a terminal, a line now and then elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    last: String,
    shown: Duration,
}

impl Progress {
    /// Shows `line` at `elapsed` since the work began.
    pub(crate) fn show(&mut self, line: &str, elapsed: Duration) {
        if line == self.last {
            return;
        }
        let terminal = std::io::stderr().is_terminal();
        if terminal {
            eprint!("\r\x1b[2K{line}");
            std::io::stderr().flush().ok();
        } else if elapsed >= self.shown + Duration::from_secs(10) {
            eprintln!("{line}");
            self.shown = elapsed;
        } else {
            return;
        }
        line.clone_into(&mut self.last);
    }

    /// Takes the line away.
    pub(crate) fn end(&mut self) {
        if std::io::stderr().is_terminal() && !self.last.is_empty() {
            eprint!("\r\x1b[2K");
        }
        self.last.clear();
    }
}
