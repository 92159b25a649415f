//! Reads names: `1RAHARJO/BAMBANGMR`, several on a line, groups without given names.

use super::{NameElement, Person, rules};
use crate::diagnostic::Diagnostics;
use crate::names::{TITLES, split_title};

/// A line of names begins with a count and a letter.
pub(super) fn is_line(line: &str) -> bool {
    begins(line.trim_start())
}

fn begins(text: &str) -> bool {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let surname = text.get(digits..).unwrap_or_default().chars().take(NAME);
    let mut surname = surname.take_while(|sign| !matches!(sign, '/' | ' ' | '.')).peekable();
    let letter = surname.peek().is_some_and(|first| first.is_alphabetic());
    (1..=3).contains(&digits) && letter && !surname.any(|sign| sign.is_ascii_digit())
}

/// Elements of a line, divided by a blank before a count.
pub(super) fn read_line<'t>(
    line: &'t str,
    notes: &mut Diagnostics<'t>,
    into: &mut Vec<NameElement<'t>>,
) {
    let mut rest = line.trim();
    while begins(rest) && into.len() < MOST {
        let mut blanks = rest.match_indices(' ').map(|(at, _)| at);
        let end = blanks.find(|at| rest.get(at + 1..).is_some_and(begins));
        let (element, after) = rest.split_at(end.unwrap_or(rest.len()));
        into.push(read(element, notes));
        rest = after.trim_start();
    }
}

/// More than any aircraft seats.
const MOST: usize = 1_000;

fn read<'t>(element: &'t str, notes: &mut Diagnostics<'t>) -> NameElement<'t> {
    let element = element.trim();
    let digits = element.bytes().take_while(u8::is_ascii_digit).count();
    let (count, text) = element.split_at(digits);
    let count = count.parse().unwrap_or(1);
    let (surname, given) = text.split_once('/').unwrap_or((text, ""));
    let people = if given.is_empty() { Vec::new() } else { people(given, count) };
    let name = NameElement { count, surname: surname.trim(), people, text };
    if name.people.len() > usize::from(count) {
        notes.at(rules::NAME_COUNT, element);
    }
    name
}

/// `BUDISANTOSO/MR/ANGGARA/MR`: a title may be glued or stand in a field of its own. If there are
/// more fields than people, a title ends a person.
fn people(given: &str, count: u16) -> Vec<Person<'_>> {
    let mut people: Vec<Person<'_>> = Vec::new();
    let mut start = 0;
    let mut titled: Vec<(usize, usize, Option<&str>)> = Vec::new();
    for field in given.split('/') {
        let end = start + field.len();
        let trimmed = field.trim();
        let title = TITLES.contains(&trimmed);
        match titled.last_mut() {
            Some((_, _, free @ None)) if title => *free = Some(trimmed),
            _ => titled.push((start, end, None)),
        }
        start = end + 1;
    }
    let ends_with_titles = titled.iter().filter(|(.., title)| title.is_some()).count();
    let join = titled.len() > usize::from(count) && ends_with_titles == usize::from(count);
    let mut from = None;
    for (start, end, title) in titled {
        let first = from.unwrap_or(start);
        if join && title.is_none() {
            from = Some(first);
            continue;
        }
        from = None;
        let text = given.get(first..end).unwrap_or_default().trim();
        let (given, glued) = split_title(text);
        people.push(match title {
            Some(_) => Person { given: text, title },
            None => Person { given, title: glued },
        });
    }
    people.retain(|person| *person != Person::default());
    people
}

/// The names behind `-` in a request: `-1A/BMR 1C/DMRS`. What stands before and behind them
/// (`.TEXT`) comes back.
pub(super) fn reference<'t>(
    text: &'t str,
    notes: &mut Diagnostics<'t>,
) -> (&'t str, Vec<NameElement<'t>>, &'t str) {
    let at = text
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| text.get(at + 1..).is_some_and(|after| begins(after) && named(after)));
    let Some((before, after)) = at.and_then(|at| text.split_at_checked(at)) else {
        return (text, Vec::new(), "");
    };
    let after = after.get(1..).unwrap_or_default();
    let (names, rest) = after.split_once('.').unwrap_or((after, ""));
    let mut read = Vec::new();
    read_line(names, notes, &mut read);
    (before, read, rest)
}

/// A name has a slash before the next stop: telephone numbers (`866-1A`) have not.
fn named(text: &str) -> bool {
    let near = text.get(..text.floor_char_boundary(NAME)).unwrap_or(text);
    near.split('.').next().is_some_and(|words| words.contains('/'))
}

/// Longer than any name.
const NAME: usize = 80;
