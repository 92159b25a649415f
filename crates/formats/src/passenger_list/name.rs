//! Name elements: `2WANG/WU/XIAOBAOCHD-B2`, and titles glued to given names.

use serde::Serialize;

use crate::passenger_list::model::{Group, Name, Passenger, PersonKind, narrow};
use crate::passenger_list::parse::Reader;
use crate::passenger_list::rules;

/// Nameless seats one message may claim; no aircraft has more.
pub(super) const MOST_NAMELESS: u32 = 2_000;

/// A form of address or passenger type at the end of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Title {
    /// MR
    Mr,
    /// MRS
    Mrs,
    /// MS
    Ms,
    /// MISS
    Miss,
    /// MSTR: a boy.
    Mstr,
    /// CHD: a child.
    Chd,
    /// INF: an infant.
    Inf,
    /// DR
    Dr,
}

/// Longest first, so that `MRS` is not `MS`.
const TITLES: [(&str, Title); 8] = [
    ("MSTR", Title::Mstr),
    ("MISS", Title::Miss),
    ("MRS", Title::Mrs),
    ("CHD", Title::Chd),
    ("INF", Title::Inf),
    ("MR", Title::Mr),
    ("MS", Title::Ms),
    ("DR", Title::Dr),
];

/// Given names that end like a title: Aleksandr, Leandr, Adams, Williams.
const NO_TITLE: [&str; 10] =
    ["SANDR", "XANDR", "ZANDR", "KANDR", "EANDR", "YANDR", "ADAMS", "LIAMS", "ABRAMS", "ARMS"];

impl Title {
    /// `MR`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        TITLES.iter().find(|(_, title)| *title == self).map_or("", |(text, _)| text)
    }

    const fn kind(self) -> PersonKind {
        match self {
            Self::Mstr | Self::Chd => PersonKind::Child,
            Self::Inf => PersonKind::Infant,
            _ => PersonKind::Adult,
        }
    }
}

/// Takes the title off given names: `WUMR`, `WU MR`, `ANASTASIAM RS` (broken by a line end). It stays
/// if fewer than two letters would be left, unless the title is all there is (`SMITH/MR`).
#[must_use]
pub fn split_title(sent: &str) -> (&str, Option<Title>) {
    let sent = sent.trim_ascii_end();
    let Some((title, length)) = title_at_end(sent.as_bytes()) else { return (sent, None) };
    let before = sent.get(..sent.len() - length).unwrap_or_default();
    let given = before.trim_ascii_end();
    if given.is_empty() || given.len() < before.len() {
        return (given, Some(title));
    }
    let lone = given.chars().filter(|char| char.is_alphabetic()).nth(1).is_none();
    let alike = matches!(title, Title::Dr | Title::Ms);
    let is_name = || alike && NO_TITLE.iter().any(|name| sent.ends_with(name));
    if lone || is_name() { (sent, None) } else { (given, Some(title)) }
}

/// The title and its length. One of three letters or more may hold one blank: `MIS S`.
fn title_at_end(sent: &[u8]) -> Option<(Title, usize)> {
    if !matches!(sent.last(), Some(b'R' | b'S' | b'D' | b'F')) {
        return None;
    }
    let found = match sent {
        [.., b'M', b'S', b'T', b'R'] => (Title::Mstr, 4),
        [.., b'M', b'I', b'S', b'S'] => (Title::Miss, 4),
        [.., b'M', b'R', b'S'] => (Title::Mrs, 3),
        [.., b'C', b'H', b'D'] => (Title::Chd, 3),
        [.., b'I', b'N', b'F'] => (Title::Inf, 3),
        [.., b'M', b'R'] => (Title::Mr, 2),
        [.., b'M', b'S'] => (Title::Ms, 2),
        [.., b'D', b'R'] => (Title::Dr, 2),
        [.., b'M', b' ', b'R', b'S'] | [.., b'M', b'R', b' ', b'S'] => (Title::Mrs, 4),
        [.., b'C', b' ', b'H', b'D'] | [.., b'C', b'H', b' ', b'D'] => (Title::Chd, 4),
        [.., b'I', b' ', b'N', b'F'] | [.., b'I', b'N', b' ', b'F'] => (Title::Inf, 4),
        [.., b'M', b' ', b'S', b'T', b'R'] => (Title::Mstr, 5),
        [.., b'M', b'S', b' ', b'T', b'R'] | [.., b'M', b'S', b'T', b' ', b'R'] => (Title::Mstr, 5),
        [.., b'M', b' ', b'I', b'S', b'S'] => (Title::Miss, 5),
        [.., b'M', b'I', b' ', b'S', b'S'] | [.., b'M', b'I', b'S', b' ', b'S'] => (Title::Miss, 5),
        _ => return None,
    };
    Some(found)
}

/// Takes off several titles (`ANNA MISS CHD`): the form of address wins, the kind is the youngest.
fn split_titles(sent: &str) -> (&str, Option<Title>, PersonKind) {
    let (mut given, title) = split_title(sent);
    let Some(mut title) = title else { return (given, None, PersonKind::Adult) };
    let mut kind = title.kind();
    if let (rest, Some(second)) = split_title(given)
        && !rest.is_empty()
    {
        given = rest;
        if kind == PersonKind::Adult {
            kind = second.kind();
        } else {
            title = second;
        }
    }
    (given, Some(title), kind)
}

/// EXST, CBBG, STCR, ZZ: a seat, not a person.
#[must_use]
pub(super) fn is_special(surname: &str) -> bool {
    matches!(surname, "EXST" | "CBBG" | "STCR" | "ZZ" | "EXTRA SEAT")
}

/// Splits `-B2` off.
pub(crate) fn split_group(line: &str) -> (&str, Option<Group<'_>>) {
    let line = line.trim_ascii_end();
    if !line.as_bytes().last().is_some_and(u8::is_ascii_digit) {
        return (line, None);
    }
    let found = memchr::memrchr(b'-', line.as_bytes()).and_then(|dash| {
        let tail = line.get(dash + 1..)?;
        let letters = tail.bytes().take_while(u8::is_ascii_uppercase).count();
        let (id, size) = tail.split_at_checked(letters)?;
        let fits = (1..=2).contains(&letters)
            && (1..=3).contains(&size.len())
            && size.bytes().all(|byte| byte.is_ascii_digit());
        let size = size.parse().ok().filter(|size| fits && *size > 0)?;
        Some((line.get(..dash)?, Some(Group { id, size })))
    });
    found.unwrap_or((line, None))
}

/// Letters, blanks, hyphens; Cyrillic letters as well.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b' ' | b'-' | b'/'))
        || name.chars().all(|char| char.is_uppercase() || matches!(char, ' ' | '-' | '/'))
}

impl<'t> Reader<'t, '_> {
    /// Reads a name element, `digits` figures of count before the surname.
    pub(super) fn name(&mut self, line: &'t str, digits: usize) {
        self.close_name();
        let section = self.section_for_name(line);
        let count: u16 = line.get(..digits).and_then(|count| count.parse().ok()).unwrap_or(1);
        let (names, group) = split_group(line.get(digits..).unwrap_or_default());
        // What begins with neither a letter nor a slash is hardly a name: it stands for one seat.
        let begins = names.chars().next().is_none_or(|char| char.is_alphabetic() || char == '/');
        let count = if begins { count.max(1) } else { 1 };
        if !is_plain(names) {
            self.said.at(rules::NAME_CHARACTERS, names);
        }
        let (surname, givens) = match memchr::memchr(b'/', names.as_bytes()) {
            Some(slash) => names.split_at_checked(slash).unwrap_or((names, "")),
            None => (names, ""),
        };
        let surname = surname.trim_ascii();
        let index = narrow(self.list.names.len());
        let first = self.list.passengers.len();
        self.passengers(index, surname, givens, count);
        let booking = self.booking(index, group, section);
        if let Some(booking) = self.list.bookings.get_mut(booking as usize) {
            booking.seats = booking.seats.saturating_add(u32::from(count));
        }
        let elements = narrow(self.list.elements.len());
        self.list.names.push(Name {
            surname,
            count,
            group,
            section,
            booking,
            passengers: narrow(first)..narrow(self.list.passengers.len()),
            elements: elements..elements,
            at: self.offset(line),
        });
        self.open = true;
        self.remark_open = false;
    }

    fn passengers(&mut self, name: u32, surname: &'t str, givens: &'t str, count: u16) {
        let special = is_special(surname);
        let first = self.list.passengers.len();
        let wanted = usize::from(count);
        let parts = || memchr::memchr_iter(b'/', givens.as_bytes()).take(1 + wanted * 2).count();
        for sent in givens.get(1..).into_iter().flat_map(|givens| givens.split('/')) {
            let sent = sent.trim_ascii();
            let so_far = self.list.passengers.len() - first;
            let (given, title, kind) = split_titles(sent);
            // `1PRATAMA/ARIEL/MR`: the title as a name of its own, one name more than counted.
            if so_far > 0 && given.is_empty() && title.is_some() && parts() > wanted {
                let end = self.offset(sent) as usize + sent.len();
                let begins = self.list.passengers.last().map_or(0, |last| self.offset(last.sent));
                let both = self.text.get(begins as usize..end).unwrap_or(sent);
                if let Some(last) = self.list.passengers.last_mut() {
                    (last.sent, last.title, last.kind) = (both, title, kind);
                }
                continue;
            }
            if so_far >= wanted && sent.is_empty() {
                continue;
            }
            if so_far == wanted {
                self.said.at(rules::TOO_MANY_NAMES, sent);
            }
            let kind = if special { PersonKind::Seat } else { kind };
            self.list.passengers.push(Passenger { name, given, sent, title, kind });
        }
        self.fill_up(name, first, wanted, special, surname);
    }

    /// Passengers that were counted and not named.
    fn fill_up(&mut self, name: u32, first: usize, wanted: usize, special: bool, surname: &'t str) {
        let blank = self.list.passengers.get(first..).unwrap_or_default();
        let copied = blank.first().filter(|_| special).map_or("", |passenger| passenger.sent);
        let named = blank.len();
        let blank = named < wanted || blank.iter().any(|passenger| passenger.given.is_empty());
        if blank && !special && (surname.is_empty() || named > 0) {
            self.said.at(rules::BLANK_NAME, surname);
        }
        for _ in named..wanted {
            // One nameless passenger is always kept: the element's own.
            if self.list.passengers.len() > first {
                if self.nameless >= MOST_NAMELESS {
                    self.said.at(rules::TOO_MANY_SEATS, surname);
                    return;
                }
                self.nameless += 1;
            }
            let kind = if special { PersonKind::Seat } else { PersonKind::Adult };
            let (given, sent) = (copied, copied);
            self.list.passengers.push(Passenger { name, given, sent, title: None, kind });
        }
    }
}
