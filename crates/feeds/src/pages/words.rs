//! Sentences for findings, reasons and failures, in the reader's language.

use web::Ctx;

use crate::file::Shape;
use crate::imports::{Counts, Failure, Import, ReasonCount, Status};
use crate::mapping::fields::FileKind;
use crate::rows::Level;

/// The sentence for a finding.
pub fn sentence(ctx: &Ctx, code: &str, args: &[(String, String)]) -> String {
    let values: Vec<(&str, String)> = args
        .iter()
        .map(|(key, value)| match key.as_str() {
            "field" => ("field", ctx.t(&format!("feeds-field-{}", value.replace('_', "-")))),
            "words" => ("words", many(ctx, value)),
            "first" => {
                ("first", value.parse::<u64>().map_or_else(|_| value.clone(), |n| ctx.num(n)))
            }
            key => (key, value.clone()),
        })
        .collect();
    ctx.tv(&format!("feeds-issue-{code}"), &values)
}

/// The sentence for all rows with the same finding: it names no single row or date.
fn summary(ctx: &Ctx, reason: &ReasonCount) -> String {
    let key = format!("feeds-reason-{}", reason.code);
    if reason.rows > 1 && ctx.has(&key) {
        ctx.t(&key)
    } else {
        sentence(ctx, &reason.code, &reason.args)
    }
}

/// What a source is called: those of the program have names, others are called as they were set up.
pub(super) fn source_name(ctx: &Ctx, name: &str) -> String {
    let key = format!("feeds-source-of-{name}");
    if ctx.has(&key) { ctx.t(&key) } else { name.to_owned() }
}

/// What is wrong with a source, and what to do; the second may be empty.
pub(super) fn problem(ctx: &Ctx, of: &crate::sources::Problem) -> (String, String) {
    let word = |name: &str, value: &str| {
        let key = format!("collect-{name}-{}", slug(value));
        if ctx.has(&key) { ctx.t(&key) } else { value.to_owned() }
    };
    let values: Vec<(&str, String)> =
        of.args.iter().map(|(name, value)| (name.as_str(), word(name, value))).collect();
    let hint = format!("{}-hint", of.code);
    let hint = if ctx.has(&hint) { ctx.tv(&hint, &values) } else { String::new() };
    let text = if ctx.has(&of.code) { ctx.tv(&of.code, &values) } else { of.code.clone() };
    (text, hint)
}

/// `it is for another name` → `it-is-for-another-name`: the end of a text key.
fn slug(words: &str) -> String {
    let parts = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// `male, female` in the reader's language; the file may say either.
fn many(ctx: &Ctx, words: &str) -> String {
    let word = |word: &str| {
        let key = format!("feeds-word-{word}");
        if ctx.has(&key) { ctx.t(&key) } else { word.to_owned() }
    };
    words.split(", ").map(word).collect::<Vec<_>>().join(&ctx.t("list-comma"))
}

/// Why an import stopped, and what to do.
pub fn failure(ctx: &Ctx, failure: &Failure) -> (String, String) {
    let values: Vec<(&str, String)> =
        failure.args.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    let key = format!("error-{}", failure.code);
    (ctx.tv(&key, &values), ctx.tv(&format!("{key}-hint"), &values))
}

/// What became of the rows a finding is about.
pub fn level(ctx: &Ctx, level: Level) -> String {
    ctx.t(&format!("feeds-level-{}", level.as_str()))
}

/// State of the mark beside a level.
pub fn level_state(level: Level) -> &'static str {
    match level {
        Level::Reject => "bad",
        Level::Blank => "warn",
        Level::Tidy | Level::Repeat => "info",
    }
}

/// A status as a word with its mark: state, icon, word.
pub fn status(ctx: &Ctx, import: &Import) -> (&'static str, &'static str, String) {
    let (state, icon) = match import.status {
        Status::Done => ("good", "check"),
        Status::Failed => ("bad", "circle-alert"),
        Status::Cancelled | Status::Reverted => ("", "minus"),
        Status::Uploading | Status::Mapping | Status::Checked => ("warn", "circle-question-mark"),
        _ => ("info", "loader"),
    };
    (state, icon, ctx.t(&format!("feeds-status-{}", import.status.as_str())))
}

/// What the rows of a file are.
pub fn kind(ctx: &Ctx, kind: FileKind) -> String {
    ctx.t(&format!("feeds-kind-{}", kind.as_str()))
}

/// `62,988 rows · 23 columns · 12.4 MB · GB18030 · comma`
pub fn file_line(ctx: &Ctx, import: &Import) -> String {
    let mut parts = Vec::new();
    if let Some(rows) = import.rows_total {
        let key = if import.rows_exact { "feeds-file-rows" } else { "feeds-file-rows-about" };
        parts.push(ctx.t1(key, "n", rows));
    }
    if !import.columns.is_empty() {
        parts.push(ctx.t1("feeds-file-columns", "n", import.columns.len()));
    }
    parts.push(ctx.bytes(import.file_bytes));
    if let Some(shape) = &import.shape {
        parts.extend(shape_words(ctx, shape));
    }
    parts.join(" · ")
}

fn shape_words(ctx: &Ctx, shape: &Shape) -> Vec<String> {
    if shape.packing == crate::file::Packing::Parquet {
        return vec!["Parquet".to_owned()];
    }
    let mut words = vec![shape.encoding.clone(), delimiter(ctx, shape.delimiter)];
    if shape.packing != crate::file::Packing::Plain {
        words.push(shape.packing.as_str().to_owned());
    }
    if shape.decimal == ',' {
        words.push(ctx.t("feeds-decimal-comma"));
    }
    words
}

/// A delimiter's name.
pub fn delimiter(ctx: &Ctx, delimiter: char) -> String {
    ctx.t(match delimiter {
        ';' => "feeds-delimiter-semicolon",
        '\t' => "feeds-delimiter-tab",
        '|' => "feeds-delimiter-pipe",
        _ => "feeds-delimiter-comma",
    })
}

/// A reason with its count, ready for the table.
pub struct ReasonLine {
    pub text: String,
    pub column: String,
    pub rows: String,
    pub first: String,
    pub level: String,
    pub state: String,
    pub href: String,
}

/// The reasons of a run, most rows first.
pub fn reasons(ctx: &Ctx, import: &Import, run: &str, all: &[ReasonCount]) -> Vec<ReasonLine> {
    let mut sorted: Vec<&ReasonCount> = all.iter().collect();
    sorted.sort_by(|a, b| a.level.cmp(&b.level).then(b.rows.cmp(&a.rows)));
    sorted
        .into_iter()
        .map(|reason| ReasonLine {
            text: summary(ctx, reason),
            column: reason.column.clone(),
            rows: ctx.num(reason.rows),
            first: ctx.t1("feeds-row", "n", ctx.num(reason.first_row)),
            level: level(ctx, reason.level),
            state: level_state(reason.level).to_owned(),
            href: format!("/imports/{}/issues?run={run}&code={}", import.id, reason.code),
        })
        .collect()
}

/// Control totals of the rows, where the file speaks of flights.
pub fn sums(ctx: &Ctx, counts: &Counts) -> Option<String> {
    let sums = [
        ("feeds-sum-flights", counts.flights),
        ("feeds-sum-km", counts.km),
        ("feeds-sum-redeemed", counts.points_redeemed),
    ];
    let told: Vec<String> =
        sums.iter().filter(|(_, n)| *n != 0).map(|(key, n)| ctx.t1(key, "n", *n)).collect();
    (!told.is_empty()).then(|| ctx.t1("feeds-sums", "sums", told.join(" · ")))
}

/// The four steps: key, state (`done`, `now`, `next`).
pub fn steps(ctx: &Ctx, now: usize) -> Vec<(String, &'static str, usize)> {
    ["feeds-step-file", "feeds-step-map", "feeds-step-check", "feeds-step-import"]
        .iter()
        .enumerate()
        .map(|(n, key)| {
            let state = match n.cmp(&now) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "next",
            };
            (ctx.t(key), state, n + 1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::slug;

    #[test]
    fn reasons_of_servers_have_words_in_chinese() {
        let texts = web::texts::Texts::new(&[collect::TEXTS]).unwrap();
        for reason in ["its issuer is not known", "it is broken, or the passphrase is wrong"] {
            let key = format!("collect-reason-{}", slug(reason));
            assert!(texts.has(kernel::Lang::ZhCn, &key), "{key}");
        }
    }
}
