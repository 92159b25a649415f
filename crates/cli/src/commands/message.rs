//! `message inspect`: what is read of an airline message, and what is wrong with it. Nothing is stored.

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;

use formats::diagnostic::{Diagnostic, drawn};
use formats::text::{self, Charset, Text};
use formats::{Envelope, Read, Severity};
use serde_json::{Value, json};

use super::Ctx;
use crate::args::Message;
use crate::fail::{self, Fail};
use crate::output::{Format, Rows};

/// A message is some kilobytes, a schedule file some hundred megabytes.
const LARGEST: u64 = 1 << 30;

pub(crate) fn run(ctx: &Ctx, message: &Message) -> Result<(), Fail> {
    let Message::Inspect { file } = message;
    let bytes = bytes(file)?;
    let whole = text::decode(&bytes);
    let pieces = formats::envelope::split(whole.as_str());
    if pieces.is_empty() {
        return Err(Fail::usage("The message is empty.").hint("give a file that holds one"));
    }
    let mut found = Found::default();
    let ended = lines_ended(whole.as_str(), &pieces);
    for (n, (piece, line)) in pieces.iter().zip(ended).enumerate() {
        let place = Place { n: n + 1, of: pieces.len(), line };
        let piece = whole.as_str().get(piece.clone()).unwrap_or_default();
        let piece = text::decode(piece.as_bytes());
        show(ctx, &formats::read(&piece), &piece, &place, &mut found)?;
    }
    found.print(ctx);
    match found.errors {
        0 => Ok(()),
        errors => Err(Fail::partly(format!("{errors} places could not be read."))
            .hint("what is around them was read; correct the places marked as errors")),
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, Fail> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        let mut input = std::io::stdin().lock().take(LARGEST);
        input.read_to_end(&mut bytes).map_err(fail::file(file))?;
    } else {
        let input = std::fs::File::open(file).map_err(fail::file(file))?;
        input.take(LARGEST).read_to_end(&mut bytes).map_err(fail::file(file))?;
    }
    Ok(bytes)
}

/// Of each piece, the lines of the file that ended before it. In one pass, however many there are.
fn lines_ended(text: &str, pieces: &[Range<usize>]) -> Vec<usize> {
    let (mut ended, mut counted) = (0, 0);
    let mut of = |piece: &Range<usize>| {
        let between = text.get(counted..piece.start).unwrap_or_default();
        let open = !between.is_empty() && !between.ends_with(['\n', '\r']);
        ended += text::lines(between).count() - usize::from(open);
        counted = piece.start;
        ended
    };
    pieces.iter().map(&mut of).collect()
}

/// Which of several messages, and how many lines ended before it.
struct Place {
    n: usize,
    of: usize,
    line: usize,
}

/// What is printed at the end, for programs.
#[derive(Default)]
struct Found {
    errors: usize,
    trees: Vec<Value>,
    rows: Rows,
}

impl Found {
    fn print(&mut self, ctx: &Ctx) {
        match ctx.output.format {
            Format::Table => {}
            Format::Json => ctx.output.json(&Value::Array(std::mem::take(&mut self.trees))),
            Format::Csv => {
                self.rows.headers =
                    vec!["message", "line", "column", "severity", "code", "kept", "text"];
                ctx.output.rows(&self.rows);
            }
        }
    }
}

fn show(
    ctx: &Ctx,
    read: &Read<'_>,
    text: &Text<'_>,
    place: &Place,
    found: &mut Found,
) -> Result<(), Fail> {
    let is_error = |said: &&Diagnostic| said.severity == Severity::Error;
    found.errors += read.diagnostics.iter().filter(is_error).count();
    let broken = |error| Fail::new(format!("The message could not be printed: {error}."));
    match ctx.output.format {
        Format::Json => found.trees.push(serde_json::to_value(read).map_err(broken)?),
        Format::Csv => {
            for said in &read.diagnostics {
                found.rows.push(vec![
                    json!(place.n),
                    json!(place.line + said.line as usize),
                    json!(said.column),
                    json!(said.severity),
                    json!(said.code),
                    json!(said.kept),
                    json!(said.message),
                ]);
            }
        }
        Format::Table => {
            let many = place.of > 1;
            let which = if many { format!(" {} of {}", place.n, place.of) } else { String::new() };
            ctx.output.text(&format!("\x1b[1m{}{which}\x1b[0m", read.kind));
            let Read { charset, envelope, message, .. } = read;
            let told = Told { charset: *charset, envelope, message };
            let json = serde_json::to_string_pretty(&told).map_err(broken)?;
            ctx.output.text(&tree(&json));
            for said in &read.diagnostics {
                ctx.output.text(&finding(said, text, place.line));
            }
        }
    }
    Ok(())
}

/// What is read, without its findings, which are drawn below it.
#[derive(serde::Serialize)]
struct Told<'a> {
    charset: Charset,
    envelope: &'a Envelope<'a>,
    message: &'a formats::Message<'a>,
}

/// JSON laid out by serde, for people: names, values, a dash for each of many.
fn tree(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut dash = false;
    for line in json.lines() {
        let told = line.trim();
        let depth = (line.len() - told.len()).saturating_sub(2);
        match told.trim_end_matches(',') {
            "}" | "]" => continue,
            "{" | "[" => {
                dash |= depth > 0;
                continue;
            }
            told => {
                let indent = if dash { depth.saturating_sub(2) } else { depth };
                out.extend(std::iter::repeat_n(' ', indent));
                if std::mem::take(&mut dash) {
                    out.push_str("- ");
                }
                out.push_str(&entry(told));
                out.push('\n');
            }
        }
    }
    out
}

/// `"surname": "WANG"` as `surname: WANG`, the name in another colour.
fn entry(told: &str) -> String {
    let (name, value) = match told.split_once("\": ") {
        Some((name, value)) if name.starts_with('"') => (&name[1..], value),
        _ => ("", told),
    };
    let value = value.trim_end_matches(['{', '[']);
    let plain = serde_json::from_str::<Value>(value).ok();
    let value = match plain {
        Some(Value::String(text)) => shown(&text),
        _ => value.trim_end().to_owned(),
    };
    if name.is_empty() {
        return value;
    }
    let gap = if value.is_empty() { "" } else { " " };
    format!("\x1b[36m{}\x1b[0m:{gap}{value}", shown(name))
}

/// Without control characters: a message must not paint the terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn finding(said: &Diagnostic, text: &Text<'_>, before: usize) -> String {
    let (colour, word) = match said.severity {
        Severity::Error => ("31", "error"),
        Severity::Warning => ("33", "warning"),
        Severity::Note => ("34", "note"),
    };
    let line = before + said.line as usize;
    let (column, code) = (said.column, said.code);
    let drawn: Vec<String> = drawn(said, text).lines().map(shown).collect();
    let place = format!("line {line}, column {column}");
    format!("\x1b[1;{colour}m{word}\x1b[0m [{code}] {place}\n{}", drawn.join("\n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn findings_are_told_in_lines_of_the_file() {
        let text = "PNL\r\nCA1501/22NOV PEK PART1\r\n-SHA001Y\r\n1LI/NAMR\r\nENDPNL\r\n".repeat(3);
        let pieces = formats::envelope::split(&text);
        assert_eq!(pieces.len(), 3);
        for (piece, ended) in pieces.iter().zip(lines_ended(&text, &pieces)) {
            let of_piece = text::lines(&text[piece.clone()]).position(|line| line.text == "PNL");
            let told = ended + of_piece.unwrap() + 1;
            let at = text[..piece.start].lines().count();
            assert!(told == at + 1, "line {told} told, line {} meant", at + 1);
        }
    }

    #[test]
    fn trees_are_laid_out_for_people_and_paint_nothing() {
        let json = json!({
            "flight": {"number": 1501, "days": ["22NOV", "23NOV"]},
            "names": [{"given": "XIAO\u{1b}[31m", "surname": "WANG"}, {"surname": "LI"}],
            "none": [],
        });
        let told = tree(&serde_json::to_string_pretty(&json).unwrap());
        let plain = told.replace("\x1b[36m", "").replace("\x1b[0m", "");
        assert_eq!(
            plain,
            "flight:\n  days:\n    22NOV\n    23NOV\n  number: 1501\nnames:\n  - given: \
             XIAO\u{fffd}[31m\n    surname: WANG\n  - surname: LI\nnone: []\n"
        );
    }
}
