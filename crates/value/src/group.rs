//! The five kinds of customer, and lifecycle states, as words of data.

use stats::{GroupName, Lifecycle, ValueKind};

/// The kinds in the order every page shows them.
pub const ORDER: [ValueKind; 5] =
    [ValueKind::Keep, ValueKind::Develop, ValueKind::WinBack, ValueKind::General, ValueKind::Low];

/// The word kept with customers and in results: `keep`, `develop`, `winback`, `general`, `low`.
#[must_use]
pub fn code(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Keep => "keep",
        ValueKind::Develop => "develop",
        ValueKind::WinBack => "winback",
        ValueKind::General => "general",
        ValueKind::Low => "low",
    }
}

/// The kind of a word, `None` for any other word.
#[must_use]
pub fn parse(word: &str) -> Option<ValueKind> {
    ORDER.into_iter().find(|kind| code(*kind) == word)
}

/// A group's word: the kind, and a number when a run has several groups of one kind (`keep-2`).
#[must_use]
pub fn name_code(name: GroupName) -> String {
    if name.number == 0 {
        code(name.kind).to_owned()
    } else {
        format!("{}-{}", code(name.kind), name.number)
    }
}

/// A group's name out of its word.
#[must_use]
pub fn parse_name(word: &str) -> Option<GroupName> {
    match word.split_once('-') {
        None => Some(GroupName { kind: parse(word)?, number: 0 }),
        Some((kind, number)) => {
            Some(GroupName { kind: parse(kind)?, number: number.parse().ok()? })
        }
    }
}

/// The place of a lifecycle state in results: one byte.
#[must_use]
pub fn lifecycle_code(state: Lifecycle) -> u8 {
    Lifecycle::ALL.iter().position(|s| *s == state).and_then(|n| u8::try_from(n).ok()).unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for kind in ORDER {
            assert_eq!(parse(code(kind)), Some(kind));
            for number in [0, 2] {
                let name = GroupName { kind, number };
                assert_eq!(parse_name(&name_code(name)), Some(name));
            }
        }
        assert_eq!(parse("win-back"), None);
        assert_eq!(parse_name("keep-x"), None);
    }
}
