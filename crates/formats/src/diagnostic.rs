//! What a parser has to say about a message, and where.

use std::ops::Range;

use serde::Serialize;

use crate::text::Text;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Unusual but well understood: a dialect, a blank line, an unknown element kept verbatim.
    Note,
    /// Read on, but somebody may be missing something: a bad date in a document, a wrong total.
    Warning,
    /// A part of the message could not be understood; the rest was.
    Error,
}

/// What became of the place a diagnostic points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// Read as if it had been written properly.
    Repaired,
    /// Kept word for word, without being understood.
    Verbatim,
    /// The element was kept, the bad field of it left empty.
    WithoutField,
    /// Left out of the record. The raw message still holds it.
    LeftOut,
}

/// One finding. Its text never quotes the message: messages hold personal data, and diagnostics
/// are logged. Whoever may see the message shows the place through `span`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Stable and searchable: `pnl-wrong-part-number`. The key of its translation.
    pub code: &'static str,
    /// One English sentence without any of the message's own text.
    pub message: &'static str,
    /// What became of the place.
    pub kept: Kept,
    /// Counted from 1, in lines of the message as it came.
    pub line: u32,
    /// Counted from 1, in characters.
    pub column: u32,
    /// Bytes of the decoded text; may be empty, never outside it.
    pub span: Range<usize>,
}

/// The code, severity, sentence and outcome of one kind of finding. Declared as constants beside the
/// parser that uses them, so that one list of all codes can be checked for translations.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// See [`Diagnostic::code`].
    pub code: &'static str,
    /// See [`Diagnostic::severity`].
    pub severity: Severity,
    /// See [`Diagnostic::message`].
    pub message: &'static str,
    /// See [`Diagnostic::kept`].
    pub kept: Kept,
}

impl Rule {
    /// A note.
    #[must_use]
    pub const fn note(code: &'static str, kept: Kept, message: &'static str) -> Self {
        Self { code, severity: Severity::Note, message, kept }
    }

    /// A warning.
    #[must_use]
    pub const fn warning(code: &'static str, kept: Kept, message: &'static str) -> Self {
        Self { code, severity: Severity::Warning, message, kept }
    }

    /// An error.
    #[must_use]
    pub const fn error(code: &'static str, kept: Kept, message: &'static str) -> Self {
        Self { code, severity: Severity::Error, message, kept }
    }
}

/// How many findings one message keeps. A hostile file gets no more memory than this; the count
/// of the others is kept.
pub const MOST_KEPT: usize = 1_000;

/// Collects findings while a message is read.
#[derive(Clone, Debug)]
pub struct Diagnostics<'t> {
    text: &'t str,
    found: Vec<(Rule, Range<usize>)>,
    more: usize,
}

impl<'t> Diagnostics<'t> {
    /// For a message whose decoded text is `text`; every span given to [`Self::add`] is of it.
    #[must_use]
    pub const fn of(text: &'t str) -> Self {
        Self { text, found: Vec::new(), more: 0 }
    }

    /// Notes `rule` about the piece `at`, which must be borrowed from the message's text; any other
    /// piece is told at the start of the message.
    pub fn at(&mut self, rule: Rule, at: &str) {
        let start = (at.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let inside = start.checked_add(at.len()).is_some_and(|end| end <= self.text.len());
        self.add(rule, if inside { start..start + at.len() } else { 0..0 });
    }

    /// Notes `rule` about a span of the text.
    pub fn add(&mut self, rule: Rule, span: Range<usize>) {
        if self.found.len() < MOST_KEPT {
            self.found.push((rule, span));
        } else {
            self.more += 1;
        }
    }

    /// Findings so far, those beyond [`MOST_KEPT`] included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.found.len() + self.more
    }

    /// Nothing to say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// In the order of the text, each with its line and column.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|(_, span)| span.start);
        let mut place = Place::new(self.text);
        let told = self.found.into_iter().map(|(rule, span)| {
            let (line, column) = place.of(span.start);
            let Rule { code, severity, message, kept } = rule;
            Diagnostic { severity, code, message, kept, line, column, span }
        });
        told.collect()
    }
}

/// Lines and columns of ascending offsets, in one pass over the text.
struct Place<'t> {
    text: &'t str,
    line: u32,
    line_start: usize,
    seen: usize,
}

impl<'t> Place<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, line: 1, line_start: 0, seen: 0 }
    }

    fn of(&mut self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let bytes = self.text.as_bytes();
        while self.seen < offset {
            let ends = match bytes[self.seen] {
                b'\n' => true,
                b'\r' => bytes.get(self.seen + 1) != Some(&b'\n'),
                _ => false,
            };
            self.seen += 1;
            if ends {
                self.line += 1;
                self.line_start = self.seen;
            }
        }
        let before = self.text.get(self.line_start..offset).unwrap_or_default();
        (self.line, u32::try_from(before.chars().count()).unwrap_or(u32::MAX).saturating_add(1))
    }
}

/// Draws a finding under its line, for a terminal: the line, and carets below the place.
#[must_use]
pub fn drawn(diagnostic: &Diagnostic, text: &Text<'_>) -> String {
    let all = text.as_str();
    let start = diagnostic.span.start.min(all.len());
    let from = all[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let to = all[start..].find(['\n', '\r']).map_or(all.len(), |at| start + at);
    let line = all.get(from..to).unwrap_or_default();
    let length = all.get(start..diagnostic.span.end.min(to).max(start)).unwrap_or_default();
    let carets = "^".repeat(length.chars().count().max(1));
    let pad = " ".repeat(diagnostic.column.saturating_sub(1) as usize);
    let number = diagnostic.line;
    format!("{number:>5} | {line}\n      | {pad}{carets} {}", diagnostic.message)
}
