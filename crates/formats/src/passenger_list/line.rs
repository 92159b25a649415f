//! What a line is, by its look alone.

use crate::detect::Kind;
use crate::diagnostic::Rule;
use crate::passenger_list::element::Code;
use crate::passenger_list::model::End;
use crate::passenger_list::rules;

/// What an END line says, and what is wrong with it. None if the line is none.
pub(crate) fn read_end(line: &str, kind: Kind, part: Option<u16>) -> Option<(End, Option<Rule>)> {
    let rest = line.strip_prefix("END")?.trim_ascii_start();
    if let Some(number) = rest.strip_prefix("PART") {
        let number = number.trim_ascii_start();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = number.parse().ok().filter(|part| (1..1000).contains(part));
        let wrong = number.is_none() || part.is_some_and(|part| Some(part) != number);
        let end = End::Part(number.or(part).unwrap_or_default());
        return Some((end, wrong.then_some(rules::WRONG_PART)));
    }
    let word = rest.split(' ').next().unwrap_or_default();
    if word == kind.name() {
        return Some((End::Last, None));
    }
    Kind::of_identifier(word).map(|_| (End::Last, Some(rules::WRONG_END)))
}

/// Control characters off both ends, and blanks off the start if there is a control among them.
pub(super) fn trim_controls(line: &str) -> &str {
    match (line.as_bytes().first(), line.as_bytes().last()) {
        (Some(first), Some(last)) if *first < b' ' || *last < b' ' || *last == 0x7F => {
            line.trim_matches(|char: char| char.is_ascii_control())
        }
        _ => line,
    }
}

/// Where the next ` .X/` of a line begins (its dot), from byte `from` on.
pub(super) fn next_element(line: &str, from: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    // Most lines have no other dot.
    let first = from + memchr::memchr(b'.', bytes.get(from..)?)?;
    memchr::memchr_iter(b'.', bytes.get(first..)?).map(|at| at + first).find(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let label =
            bytes.iter().skip(at + 1).take(4).take_while(|byte| byte.is_ascii_alphanumeric());
        let length = label.count();
        before == Some(&b' ')
            && (1..=3).contains(&length)
            && match bytes.get(at + 1 + length) {
                Some(b'/') => true,
                None | Some(b' ') => {
                    let label = line.get(at + 1..at + 1 + length).unwrap_or_default();
                    matches!(
                        Code::of(label),
                        Code::StaffBooked | Code::StaffStandby | Code::Waitlisted
                    )
                }
                Some(_) => false,
            }
    })
}

/// `ZHANG/SAN`: letters, one slash or more, nothing else.
pub(super) fn looks_like_name(line: &str) -> bool {
    line.contains('/')
        && line.chars().all(|char| char.is_uppercase() || matches!(char, '/' | ' ' | '-'))
}

/// `SHA003Y`: a total that lost its hyphen.
pub(super) fn looks_like_totals(line: &str) -> bool {
    match *line.as_bytes() {
        [a, b, c, d, e, class] | [a, b, c, d, e, b'0'..=b'9', class] => {
            [a, b, c, class].iter().all(u8::is_ascii_uppercase)
                && [d, e].iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}
