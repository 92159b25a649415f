//! The flight line and the lines between it and the first total.

use crate::detect::Kind;
use crate::envelope::TimeGroup;
use crate::flight::FlightDesignator;
use crate::passenger_list::connection::three;
use crate::passenger_list::model::{
    Availability, Change, Compartment, Configuration, Flight, Numerics,
};
use crate::passenger_list::parse::Reader;
use crate::passenger_list::{rules, section};
use crate::when::DayMonth;

/// Which table of the heading the next line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    None,
    /// After `AVAIL` (or `TRANSIT`): the stations come next.
    Stations {
        transit: bool,
    },
    /// Then the numbers.
    Rows {
        transit: bool,
    },
    /// After `RBD`: more compartments may come on the next line.
    Classes,
}

/// A table of more rows is no table of an aircraft.
const MOST_ROWS: usize = 64;

/// `UT298/22NOV AER PART1` and its sloppier kin.
pub(crate) struct FlightLine<'t> {
    pub(crate) designator: FlightDesignator<'t>,
    pub(crate) date: Option<DayMonth>,
    /// The words behind the date.
    pub(crate) rest: &'t str,
}

impl<'t> FlightLine<'t> {
    /// Reads designator and date.
    pub(crate) fn read(line: &'t str) -> Option<Self> {
        let (flight, after) = line.split_once('/')?;
        let designator = designator(flight.trim())?;
        let after = after.trim_start();
        let end = after.find(' ').unwrap_or(after.len());
        let (date, rest) = after.split_at_checked(end)?;
        // A year behind the month is tolerated.
        let read = date.get(..5).and_then(DayMonth::read);
        let read = read.filter(|_| matches!(date.len(), 5 | 7 | 9));
        Some(Self { designator, date: read, rest: rest.trim_start() })
    }
}

/// As [`FlightDesignator::read`], and airlines of two Cyrillic letters.
fn designator(text: &str) -> Option<FlightDesignator<'_>> {
    if let Some(read) = FlightDesignator::read(text) {
        return Some(read);
    }
    let cut = text.char_indices().nth(2)?.0;
    let (airline, rest) = text.split_at_checked(cut)?;
    if airline.is_ascii() || !airline.chars().all(char::is_alphanumeric) {
        return None;
    }
    let rest = rest.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (figures, suffix) = rest.split_at_checked(digits)?;
    let number = figures.parse().ok().filter(|_| (1..=5).contains(&digits))?;
    let mut suffix = suffix.chars();
    let first = suffix.next();
    (suffix.next().is_none() && first.is_none_or(char::is_alphabetic)).then_some(FlightDesignator {
        airline,
        number,
        suffix: first,
    })
}

/// `PART1`, `PART 1`.
pub(crate) fn part_number(text: &str) -> Option<u16> {
    let number = text.strip_prefix("PART")?.trim();
    let digits =
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|part| digits && *part > 0)
}

impl<'t> Reader<'t, '_> {
    /// Takes the flight line; false if the line is something else, which is then read as that.
    pub(super) fn flight_line(&mut self, line: &'t str) -> bool {
        let Some(read) = FlightLine::read(line) else {
            let other = matches!(line.as_bytes().first(), Some(b'-' | b'.' | b'0'..=b'9'))
                || HEADINGS.iter().any(|heading| line.starts_with(heading));
            self.said.at(rules::BAD_FLIGHT, line);
            // A line that names a part was meant to be the flight line.
            self.part(line.find("PART").and_then(|at| line.get(at..)), line);
            return !other || self.list.part.is_some();
        };
        if read.date.is_none() {
            self.said.at(rules::BAD_FLIGHT_DATE, line);
        }
        let (board, rest) = match three(read.rest) {
            Some((board, rest)) if !read.rest.starts_with("PART") => (board, rest),
            _ => ("", read.rest),
        };
        if board.is_empty() {
            self.said.at(rules::NO_BOARD, line);
        }
        self.list.flight = Some(Flight { designator: read.designator, date: read.date, board });
        let part = rest.find("PART").and_then(|at| rest.get(at..));
        self.part(part, line);
        true
    }

    fn part(&mut self, part: Option<&str>, line: &'t str) {
        self.list.part = part.and_then(part_number);
        match part {
            Some(_) if self.list.part.is_none() => self.said.at(rules::WRONG_PART, line),
            None if self.list.flight.is_some() => self.said.at(rules::NO_PART, line),
            _ => {}
        }
    }

    /// Takes a line of the heading; false if it is not one.
    pub(super) fn heading_line(&mut self, line: &'t str, shown: &'t str) -> bool {
        let table = self.table;
        match table {
            Table::Stations { transit } => {
                self.table = Table::Rows { transit };
                if self.stations(transit, shown) {
                    return true;
                }
            }
            Table::Rows { transit } if self.row(transit, shown) => return true,
            _ => {}
        }
        // A station may be called like a heading, but `ANA/` comes only from one.
        let named = || HEADINGS.iter().any(|heading| shown.starts_with(heading));
        if self.list.kind == Kind::Pfs && !named() && self.numerics(line, shown) {
            return true;
        }
        if matches!(shown.as_bytes().first(), Some(b'-' | b'.' | b'0'..=b'9')) {
            return false;
        }
        if self.table == Table::Classes && self.more_classes(shown) {
            return true;
        }
        self.table = Table::None;
        if let Some(number) = shown.strip_prefix("ANA/") {
            self.association(number, shown);
        } else if let Some(seats) = shown.strip_prefix("CFG/") {
            self.configuration(seats);
        } else if let Some(words) = shown.strip_prefix("RBD ") {
            self.table = Table::Classes;
            self.compartments(words);
        } else if let Some(time) = shown.strip_prefix("ATD/") {
            self.list.departed = TimeGroup::read(time.trim());
            if self.list.departed.is_none() {
                self.said.at(rules::BAD_DEPARTURE, shown);
            }
        } else if shown == "AVAIL" || shown == "TRANSIT" {
            self.table = Table::Stations { transit: shown == "TRANSIT" };
        } else if shown == "FQT" || shown.starts_with("FQT ") || shown == "RBD" {
            self.list.other.push(shown);
        } else {
            return self.other_heading(shown);
        }
        true
    }

    fn other_heading(&mut self, shown: &'t str) -> bool {
        // Something stood before the flight line.
        if self.list.flight.is_none()
            && FlightLine::read(shown).is_some_and(|read| read.date.is_some())
        {
            return self.flight_line(shown);
        }
        let meant_below = matches!(shown, "NIL" | "ADD" | "CHG" | "DEL")
            || (self.list.kind == Kind::Pfs
                && (section::is_category(shown) || section::is_odd_category(shown)))
            || super::line::looks_like_totals(shown)
            || super::line::looks_like_name(shown);
        if !meant_below {
            self.said.at(rules::UNKNOWN_HEADING, shown);
            self.list.other.push(shown);
        }
        !meant_below
    }

    fn association(&mut self, number: &'t str, shown: &'t str) {
        let number = number.trim();
        let good =
            (3..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        if !good {
            self.said.at(rules::BAD_ASSOCIATION, shown);
        }
        self.list.association = Some(number);
    }

    /// `007C056Y`, `012F030C/SVX/010F`.
    fn configuration(&mut self, seats: &'t str) {
        let mut station = None;
        for piece in seats.split(['/', ' ']).filter(|piece| !piece.is_empty()) {
            if let Some((code, "")) = three(piece) {
                station = Some(code);
                continue;
            }
            let mut rest = piece;
            while !rest.is_empty() {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let (number, after) = rest.split_at_checked(digits).unwrap_or((rest, ""));
                let letter = after.chars().next().filter(|char| char.is_uppercase());
                let seats = number.parse().ok().filter(|_| (1..=3).contains(&digits));
                let (Some(seats), Some(letter)) = (seats, letter) else {
                    self.said.at(rules::BAD_CONFIGURATION, rest);
                    break;
                };
                let (compartment, behind) =
                    after.split_at_checked(letter.len_utf8()).unwrap_or((after, ""));
                if self.list.configuration.len() < MOST_ROWS {
                    let one = Configuration { station, compartment, seats };
                    self.list.configuration.push(one);
                }
                rest = behind;
            }
        }
    }

    /// `F/F C/C Y/YKMU`.
    fn compartments(&mut self, words: &'t str) {
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            let read = word.split_once('/').filter(|(code, classes)| {
                code.chars().count() == 1
                    && !classes.is_empty()
                    && classes.chars().all(|class| class.is_uppercase() || class == '?')
            });
            match read {
                Some((code, classes)) if self.list.compartments.len() < MOST_ROWS => {
                    self.list.compartments.push(Compartment { code, classes });
                }
                _ => self.said.at(rules::BAD_COMPARTMENT, word),
            }
        }
    }

    /// `Y/YBMHQV W/WS` on a line of its own below `RBD`.
    fn more_classes(&mut self, shown: &'t str) -> bool {
        let one =
            |word: &str| word.split_once('/').is_some_and(|(code, _)| code.chars().count() == 1);
        let more = shown.split(' ').filter(|word| !word.is_empty()).all(one);
        if more {
            self.compartments(shown);
        }
        more
    }

    fn availability(&mut self, transit: bool) -> &mut Availability<'t> {
        if transit { &mut self.list.transit } else { &mut self.list.available }
    }

    fn stations(&mut self, transit: bool, shown: &'t str) -> bool {
        let words = || shown.split(' ').filter(|word| !word.is_empty());
        if !words().all(|word| three(word).is_some_and(|(_, rest)| rest.is_empty())) {
            self.said.at(rules::BAD_AVAILABILITY, shown);
            return false;
        }
        self.availability(transit).stations = words().take(MOST_ROWS).collect();
        true
    }

    /// `Y007  012`, `Y004-`.
    fn row(&mut self, transit: bool, shown: &'t str) -> bool {
        let Some(letter) = shown.chars().next().filter(|char| char.is_uppercase()) else {
            return false;
        };
        let (compartment, rest) = shown.split_at_checked(letter.len_utf8()).unwrap_or((shown, ""));
        let number = |word: &str| {
            let (figures, sign) = word.strip_suffix('-').map_or((word, 1), |figures| (figures, -1));
            let number: i16 = figures.parse().ok().filter(|number| (0..10_000).contains(number))?;
            Some(number * sign)
        };
        let words = rest.split(' ').filter(|word| !word.is_empty());
        let numbers: Option<Vec<i16>> = words.take(MOST_ROWS).map(number).collect();
        let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else { return false };
        let rows = &mut self.availability(transit).rows;
        if rows.len() < MOST_ROWS {
            rows.push((compartment, numbers));
        }
        true
    }

    /// `VKO 00/000/000`, `JNB /5/070`, and lines that go on with them after a blank.
    fn numerics(&mut self, line: &'t str, shown: &'t str) -> bool {
        let figures = |text: &str| {
            let plain = text.trim_start_matches("PAD").bytes().all(|byte| {
                byte.is_ascii_digit() || matches!(byte, b'/' | b' ' | b'P' | b'A' | b'D' | b'-')
            });
            plain && text.bytes().any(|byte| byte.is_ascii_digit())
        };
        let continued = line.starts_with(' ') && figures(shown) && !self.list.numerics.is_empty();
        let (destination, text) = match three(shown) {
            Some((destination, rest)) if rest.starts_with([' ', '/']) && figures(rest) => {
                (destination, rest.trim())
            }
            _ if continued => ("", shown),
            _ => return false,
        };
        if !continued {
            let (numbers, pad) = (Vec::new(), Vec::new());
            self.list.numerics.push(Numerics { destination, numbers, pad });
        }
        let mut odd = false;
        if let Some(of) = self.list.numerics.last_mut() {
            let (before, pad) = text.split_once("PAD").unwrap_or((text, ""));
            odd |= read_figures(before, &mut of.numbers);
            odd |= read_figures(pad, &mut of.pad);
        }
        if odd {
            self.said.at(rules::BAD_NUMERICS, shown);
        }
        true
    }
}

const HEADINGS: [&str; 8] = ["ANA/", "CFG/", "RBD ", "ATD/", "AVAIL", "TRANSIT", "FQT", "NIL"];

/// Adds the slashed numbers of a text; tells whether one of them is none.
fn read_figures(text: &str, numbers: &mut Vec<Option<u16>>) -> bool {
    let text = text.trim_matches([' ', '-']);
    // A slash at the end of a line goes on with the next.
    let text = text.strip_suffix('/').unwrap_or(text);
    let mut odd = false;
    if !text.is_empty() {
        for figure in text.split('/').take(MOST_ROWS) {
            let number = figure.trim().parse().ok();
            odd |= number.is_none();
            if numbers.len() < MOST_ROWS {
                numbers.push(number);
            }
        }
    }
    odd
}

/// For readers of other lists: what an indicator line says.
impl Change {
    /// `ADD`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Del => "DEL",
            Self::Add => "ADD",
            Self::Chg => "CHG",
        }
    }
}
