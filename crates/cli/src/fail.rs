//! How a command fails: one sentence, hints, an exit code.

use std::process::ExitCode;

use kernel::{Explain, Kind};

/// Ended badly for a reason outside the call.
const FAILED: u8 = 1;
/// The command line or the configuration is wrong.
const USAGE: u8 = 2;
/// Something that was asked for does not exist.
const MISSING: u8 = 3;
/// The work ended, but not all of it was good: rows refused, a check that found something.
const PARTLY: u8 = 4;
/// The database or another service did not answer; trying later may help.
const UNAVAILABLE: u8 = 5;

/// A failed command.
#[derive(Clone, Debug)]
pub(crate) struct Fail {
    sentence: String,
    hints: Vec<String>,
    code: u8,
}

impl std::fmt::Display for Fail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Fail {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), hints: Vec::new(), code: FAILED }
    }

    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self { code: USAGE, ..Self::new(sentence) }
    }

    pub(crate) fn missing(sentence: impl Into<String>) -> Self {
        Self { code: MISSING, ..Self::new(sentence) }
    }

    pub(crate) fn partly(sentence: impl Into<String>) -> Self {
        Self { code: PARTLY, ..Self::new(sentence) }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }

    /// Any error of the program, told in the words its pages use. Causes follow the sentence, as an
    /// operator needs them.
    pub(crate) fn explained(error: &(dyn Explain + 'static)) -> Self {
        let (sentence, hint) = crate::words::of(error);
        let mut sentence = sentence.unwrap_or_else(|| error.to_string());
        let mut cause = error.source();
        while let Some(source) = cause {
            sentence.push_str("\n  because ");
            sentence.push_str(&source.to_string());
            cause = source.source();
        }
        let code = match error.kind() {
            Kind::Invalid => USAGE,
            Kind::NotFound => MISSING,
            Kind::Unavailable | Kind::RateLimited => UNAVAILABLE,
            _ => FAILED,
        };
        Self { sentence, hints: hint.into_iter().collect(), code }
    }
}

impl<E: Explain + 'static> From<E> for Fail {
    fn from(error: E) -> Self {
        Self::explained(&error)
    }
}

/// Files the command itself reads and writes.
pub(crate) fn file(path: &std::path::Path) -> impl Fn(std::io::Error) -> Fail + '_ {
    move |error| {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check who may read and write there",
            std::io::ErrorKind::StorageFull => "make room on the disk, then run the command again",
            _ => "check the disk and the path, then run the command again",
        };
        Fail::new(format!("{}: {error}.", path.display())).hint(hint)
    }
}
