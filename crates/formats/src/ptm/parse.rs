//! Lines to a transfer message.

use std::ops::Range;

use crate::detect::Kind;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::envelope;
use crate::flight::FlightDesignator;
use crate::passenger_list::connection::three;
use crate::passenger_list::heading::{FlightLine, part_number};
use crate::passenger_list::line::read_end;
use crate::passenger_list::{Flight, rules as list_rules, split_title};
use crate::ptm::model::{Transfer, TransferList, TransferName};
use crate::ptm::rules;
use crate::text::lines;
use crate::when::number;

/// Reads a whole message, envelope and all.
#[must_use]
pub fn parse(text: &str) -> (TransferList<'_>, Vec<Diagnostic>) {
    let mut said = Diagnostics::of(text);
    let envelope = envelope::read(text, &mut said);
    let list = read_body(text, envelope.body, &mut said);
    (list, said.finish())
}

/// Reads the lines of `text` within `body`, which begin with the flight line.
#[must_use]
pub fn read_body<'t>(
    text: &'t str,
    body: Range<usize>,
    said: &mut Diagnostics<'t>,
) -> TransferList<'t> {
    let mut list = TransferList::default();
    let (mut flight_seen, mut ended) = (false, false);
    let start = body.start;
    for line in lines(text.get(body).unwrap_or_default()) {
        let shown = line.text.trim_matches(|char: char| char.is_ascii_control() || char == ' ');
        if shown.is_empty() {
            continue;
        }
        if ended {
            said.at(list_rules::AFTER_END, shown);
        } else if let Some((end, wrong)) = read_end(shown, Kind::Ptm, list.part) {
            if let Some(rule) = wrong {
                said.at(rule, shown);
            }
            (list.end, ended) = (end, true);
        } else if !std::mem::replace(&mut flight_seen, true) {
            if !flight(&mut list, shown, said) {
                transfer_line(&mut list, shown, start + line.start, said);
            }
        } else if shown == "NIL" {
            list.nil = true;
        } else {
            transfer_line(&mut list, shown, start + line.start, said);
        }
    }
    if !ended {
        said.add(list_rules::NO_END, text.len()..text.len());
    }
    list
}

/// `SK210/14AUG KRSOSL PART1`; false if the line is a transfer already.
fn flight<'t>(list: &mut TransferList<'t>, line: &'t str, said: &mut Diagnostics<'t>) -> bool {
    let read = FlightLine::read(line).filter(|read| read.date.is_some() || line.contains("PART"));
    let Some(read) = read else {
        said.at(list_rules::BAD_FLIGHT, line);
        return read_transfer(line, 0, &mut Diagnostics::of(line)).is_none();
    };
    if read.date.is_none() {
        said.at(list_rules::BAD_FLIGHT_DATE, line);
    }
    let from = three(read.rest).filter(|_| !read.rest.starts_with("PART"));
    let (board, rest) = from.unwrap_or(("", read.rest));
    let rest = rest.trim_start();
    let to = three(rest).filter(|_| !rest.starts_with("PART"));
    let (transfer, rest) = to.unwrap_or(("", rest));
    if board.is_empty() || transfer.is_empty() {
        said.at(rules::NO_TRANSFER, line);
    }
    list.flight = Some(Flight { designator: read.designator, date: read.date, board });
    list.transfer = transfer;
    list.part = rest.find("PART").and_then(|at| part_number(rest.get(at..)?));
    if list.part.is_none() {
        said.at(list_rules::NO_PART, line);
    }
    true
}

fn transfer_line<'t>(
    list: &mut TransferList<'t>,
    line: &'t str,
    at: usize,
    said: &mut Diagnostics<'t>,
) {
    if let Some(transfer) = read_transfer(line, at, said) {
        list.transfers.push(transfer);
        return;
    }
    let last = list.transfers.last_mut();
    match last {
        // Names and elements may go on below.
        Some(last) if line.starts_with('.') => last.elements.push(line),
        Some(last) if line.contains('/') && !line.bytes().any(|byte| byte.is_ascii_digit()) => {
            last.names.extend(names(line));
        }
        _ => {
            said.at(rules::BAD_TRANSFER, line);
            list.other.push(line);
        }
    }
}

/// `DY1256/14 AMS 1V 0B THAWEEKIT/MONNAPA`, `SU12/N LED 2 Y 3B45K …`
fn read_transfer<'t>(line: &'t str, at: usize, said: &mut Diagnostics<'t>) -> Option<Transfer<'t>> {
    let (first, rest) = word(line);
    let mut parts = first.split('/');
    let flight = FlightDesignator::read(parts.next()?)?;
    // Day, then a smoking indicator of old times.
    let day = parts.next().and_then(|day| number(day.get(..2)?));
    let (destination, rest) = word(rest);
    three(destination).filter(|(_, rest)| rest.is_empty())?;
    let (seats, class, rest) = seats(rest);
    if seats.is_none() {
        said.at(rules::BAD_SEATS, line);
    }
    let (bags, weight, rest) = bags(rest);
    if bags.is_none() {
        said.at(rules::BAD_BAGS, line);
    }
    let cut = rest.find(" .").unwrap_or(rest.len());
    let (named, after) = rest.split_at_checked(cut).unwrap_or((rest, ""));
    let elements = after.split(" .").filter(|element| !element.is_empty()).collect();
    let names = names(named).collect();
    Some(Transfer { flight, day, destination, seats, class, bags, weight, names, elements, at })
}

fn word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// `2Y`, `2 Y`
fn seats(text: &str) -> (Option<u16>, &str, &str) {
    let (first, rest) = word(text);
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    let (figures, class) = first.split_at_checked(digits).unwrap_or((first, ""));
    let Some(seats) = figures.parse().ok().filter(|_| digits <= 3) else {
        return (None, "", text);
    };
    match class.chars().count() {
        1 => (Some(seats), class, rest),
        0 => {
            let (class, behind) = word(rest);
            let one = class.chars().count() == 1;
            (Some(seats), if one { class } else { "" }, if one { behind } else { rest })
        }
        _ => (None, "", text),
    }
}

/// `3B`, `3B45K`
fn bags(text: &str) -> (Option<u16>, Option<(u16, char)>, &str) {
    let (first, rest) = word(text);
    let Some((pieces, weight)) = first.split_once('B') else { return (None, None, text) };
    let Some(pieces) = pieces.parse().ok() else { return (None, None, text) };
    let unit = weight.chars().last().filter(|unit| matches!(unit, 'K' | 'L'));
    let figures = weight.get(..weight.len().saturating_sub(1)).and_then(|of| of.parse().ok());
    (Some(pieces), figures.zip(unit), rest)
}

/// `HANSEN/OLE MR/KARI OLSEN/PER`: a word with a slash begins a surname, unless it is the first.
fn names(text: &str) -> impl Iterator<Item = TransferName<'_>> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        let mut slashed = false;
        let mut at = 0;
        for piece in rest.split(' ') {
            if slashed && is_new_name(piece) {
                end = at;
                break;
            }
            slashed |= piece.contains('/');
            at += piece.len() + 1;
        }
        let one = rest.get(..end).unwrap_or_default().trim();
        rest = rest.get(end..).unwrap_or_default().trim_start();
        let (surname, givens) = one.split_once('/').unwrap_or((one, ""));
        let passengers = givens.split('/').map(|given| split_title(given.trim())).collect();
        Some(TransferName { surname: surname.trim(), passengers })
    })
}

/// `OLSEN/PER`, but not `MR/KARI`: a title of the name before.
fn is_new_name(piece: &str) -> bool {
    piece.split_once('/').is_some_and(|(before, _)| {
        let (given, title) = split_title(before);
        let is_title = given.is_empty() && title.is_some();
        !before.is_empty() && !is_title
    })
}
