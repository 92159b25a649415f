//! A message as people read it: numbered lines, findings under them, and what was understood.

use formats::diagnostic::Diagnostic;
use formats::text::{self, Text};
use formats::{Kind, Message, Read, Severity};
use web::Ctx;

/// Lines shown; the API has them all.
const MOST_LINES: usize = 3_000;
/// Letters of a line shown. EDIFACT may come as one line.
const MOST_LETTERS: usize = 300;
/// Bytes of the tree shown.
const MOST_TREE: usize = 120_000;

/// A line and what was found in it.
pub(super) struct Line {
    pub n: usize,
    pub text: String,
    pub found: Vec<Found>,
}

/// A finding in words.
pub(super) struct Found {
    pub state: &'static str,
    pub icon: &'static str,
    pub code: &'static str,
    pub sentence: String,
    pub kept: String,
    /// Blanks and carets, to stand under the line.
    pub caret: String,
}

/// One message laid out.
pub(super) struct Reading {
    pub kind: String,
    pub lines: Vec<Line>,
    /// More lines than are shown.
    pub cut: bool,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub tree: String,
    /// Letters and digits are dots: what they are is shown for a purpose.
    pub hidden: bool,
}

/// Reads decoded text. Letters and digits that may be personal are dots unless `clear`.
pub(super) fn reading(ctx: &Ctx, text: &Text<'_>, clear: bool) -> Reading {
    let read = formats::read(text);
    let hide = !clear && is_personal(read.kind);
    let count = |of: Severity| read.diagnostics.iter().filter(|said| said.severity == of).count();
    let mut lines = Vec::new();
    let mut found = read.diagnostics.iter().peekable();
    let mut all = text::lines(text.as_str());
    for (at, line) in all.by_ref().take(MOST_LINES).enumerate() {
        let n = at + 1;
        let mut here = Vec::new();
        while let Some(said) = found.next_if(|said| said.line as usize <= n) {
            here.push(shown(ctx, said));
        }
        let text = if hide { masked(&read, at, &line) } else { line.text.to_owned() };
        lines.push(Line { n, text: bounded(&text), found: here });
    }
    if let Some(last) = lines.last_mut() {
        // What is wrong with the message as a whole stands behind its end.
        last.found.extend(found.take(200).map(|said| shown(ctx, said)));
    }
    Reading {
        kind: super::messages::kind(ctx, read.kind.name()),
        cut: all.next().is_some(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        tree: if hide { String::new() } else { tree(&read) },
        lines,
        hidden: hide,
    }
}

fn bounded(text: &str) -> String {
    let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut out: String = text.chars().take(MOST_LETTERS).map(printable).collect();
    if text.chars().nth(MOST_LETTERS).is_some() {
        out.push('…');
    }
    out
}

fn shown(ctx: &Ctx, said: &Diagnostic) -> Found {
    let (state, icon) = match said.severity {
        Severity::Error => ("bad", "circle-alert"),
        Severity::Warning => ("warn", "triangle-alert"),
        Severity::Note => ("info", "info"),
    };
    let key = format!("feeds-finding-{}", said.code);
    let kept = serde_json::to_value(said.kept).unwrap_or_default();
    let column = (said.column as usize).saturating_sub(1);
    let width = said.span.len().clamp(1, 40);
    let caret = if column < MOST_LETTERS {
        format!("{}{}", " ".repeat(column), "^".repeat(width.min(MOST_LETTERS - column)))
    } else {
        String::new()
    };
    Found {
        state,
        icon,
        code: said.code,
        sentence: if ctx.has(&key) { ctx.t(&key) } else { said.message.to_owned() },
        kept: ctx.t(&format!("feeds-kept-{}", kept.as_str().unwrap_or("verbatim"))),
        caret,
    }
}

/// Kinds that name people. Movements, loads and schedules do not.
pub(super) fn is_personal(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Mvt | Kind::Mva | Kind::Div | Kind::Ldm | Kind::Ssm | Kind::Asm | Kind::Ssim
    )
}

/// What tells the lines of a list apart stays, all else becomes dots.
fn masked(read: &Read<'_>, at: usize, line: &text::Line<'_>) -> String {
    let heading = line.start < read.envelope.body.start || at < 2;
    let structure = ["-", "END", "CFG/", "RBD ", "AVAIL", "NUM", "ANA/"];
    let list = matches!(
        read.message,
        Message::PassengerList(_) | Message::Services(_) | Message::Transfers(_)
    );
    let flight = line.start == read.envelope.body.start;
    let told = structure.iter().any(|start| line.text.starts_with(start));
    if list && (heading || flight || told) {
        return line.text.to_owned();
    }
    let keep = match line.text.as_bytes() {
        [b'.', _, b'/', rest @ ..] if list => {
            3 + rest.iter().take(4).take_while(|byte| byte.is_ascii_uppercase()).count()
        }
        [first, ..] if list && first.is_ascii_digit() => 1,
        [a, b, c, ..] if [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) => 3,
        _ => 0,
    };
    let dot = |(at, c): (usize, char)| if at >= keep && c.is_alphanumeric() { '•' } else { c };
    line.text.chars().enumerate().map(dot).collect()
}

fn tree(read: &Read<'_>) -> String {
    let told = serde_json::json!({ "envelope": &read.envelope, "message": &read.message });
    let mut tree = serde_json::to_string_pretty(&told).unwrap_or_default();
    if tree.len() > MOST_TREE {
        let mut end = MOST_TREE;
        while !tree.is_char_boundary(end) {
            end -= 1;
        }
        tree.truncate(end);
        tree.push_str("\n…");
    }
    tree
}
