//! The comparisons of two persons.

use super::counts::Counts;
use super::names::NameMatch;
use super::prepared::{Person, name_key};
use super::record::{Document, DocumentKind};
use crate::dates::DateMatch;
use crate::model::Finding;

/// Comparisons in the model's order; see [`airline`](super::airline) for their levels.
pub const NAME: usize = 0;
pub const BIRTH: usize = 1;
pub const GENDER: usize = 2;
pub const NATIONALITY: usize = 3;
pub const DOCUMENT: usize = 4;
pub const MEMBER: usize = 5;
pub const PHONE: usize = 6;
pub const EMAIL: usize = 7;
pub const ADDRESS: usize = 8;
pub const BOOKING: usize = 9;
/// Comparisons of two persons.
pub const COMPARISONS: usize = 10;

/// Different names on a contact beyond which it is an agency's or a company's and says nothing.
pub const SHARED_BY: u32 = 8;

/// What all comparisons found, and how the names agree; the same both ways.
pub(super) fn compare(
    counts: &Counts,
    a: &Person,
    b: &Person,
    found: &mut [Finding],
) -> Option<NameMatch> {
    let name = names(counts, a, b);
    found[NAME] = name.map_or(Finding::NONE, |(_, finding)| finding);
    let name = name.map(|(how, _)| how);
    // What two differently named people share is their family's, agency's or company's.
    let other = name.is_some_and(NameMatch::is_other);
    found[BIRTH] = birth(a, b);
    found[GENDER] = same(a.gender, b.gender);
    found[NATIONALITY] = same(a.nationality, b.nationality);
    found[DOCUMENT] = documents(a, b);
    found[MEMBER] = members(a, b, other);
    found[PHONE] = contacts(counts, &a.phones, &b.phones, other);
    found[EMAIL] = contacts(counts, &a.emails, &b.emails, other);
    found[ADDRESS] = addresses(counts, a, b, other);
    found[BOOKING] = bookings(a, b, name);
    name
}

/// The closest agreement of any two names, the rarer name counting.
fn names(counts: &Counts, a: &Person, b: &Person) -> Option<(NameMatch, Finding)> {
    let mut best: Option<(NameMatch, f32)> = None;
    for mine in &a.names {
        for yours in &b.names {
            let how = mine.compare(yours);
            let share = counts.share(name_key(mine)).max(counts.share(name_key(yours)));
            let better =
                |(so_far, least): (NameMatch, f32)| how < so_far || how == so_far && share < least;
            if best.is_none_or(better) {
                best = Some((how, share));
            }
        }
    }
    best.map(|(how, share)| (how, Finding { level: how as u8, share }))
}

fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> Finding {
    match (a, b) {
        (Some(a), Some(b)) => Finding::level(u8::from(a != b)),
        _ => Finding::NONE,
    }
}

/// 0 same, 1 swapped, 2 typo, 3 the year where no more is known, 4 different.
fn birth(a: &Person, b: &Person) -> Finding {
    let (Some(one), Some(other)) = (a.birth, b.birth) else { return Finding::NONE };
    if !one.is_complete() || !other.is_complete() {
        let year = one.date.year() == other.date.year();
        // A placeholder's year may be a guess too: no evidence against.
        return if year { Finding::level(3) } else { Finding::NONE };
    }
    Finding::level(match one.date.compare(other.date) {
        DateMatch::Same => 0,
        DateMatch::Swapped => 1,
        DateMatch::Typo => 2,
        _ => 4,
    })
}

/// 0 same identity card, 1 same passport and country, 2 same number otherwise, 3 other passports of
/// one country, 4 other identity cards.
fn documents(a: &Person, b: &Person) -> Finding {
    let mut best: Option<u8> = None;
    for one in &a.documents {
        for other in &b.documents {
            if let Some(level) = pair(*one, *other) {
                best = Some(best.map_or(level, |so_far| so_far.min(level)));
            }
        }
    }
    best.map_or(Finding::NONE, Finding::level)
}

fn pair(one: Document, other: Document) -> Option<u8> {
    let kind = (one.kind == other.kind).then_some(one.kind);
    let country = one.country == other.country && one.country.is_some();
    let valid = one.valid && other.valid;
    match (one.key == other.key, kind) {
        (true, Some(DocumentKind::IdentityCard)) if valid => Some(0),
        (true, Some(DocumentKind::Passport)) if country => Some(1),
        (true, _) => Some(2),
        (false, Some(DocumentKind::Passport)) if country => Some(3),
        (false, Some(DocumentKind::IdentityCard)) if valid => Some(4),
        _ => None,
    }
}

/// 0 the same number, 1 other numbers of one programme.
fn members(a: &Person, b: &Person, other: bool) -> Finding {
    let (mut shared, mut apart) = (false, false);
    for mine in &a.members {
        for yours in &b.members {
            shared |= mine.key == yours.key;
            apart |= mine.programme == yours.programme;
        }
    }
    match (shared, apart) {
        // Miles go to the spouse's number.
        (true, _) if other => Finding::NONE,
        (true, _) => Finding::level(0),
        (false, true) => Finding::level(1),
        (false, false) => Finding::NONE,
    }
}

/// 0 a contact in common, its rarest holder number counting; 1 none. Contacts that too many names
/// hold are as good as absent.
fn contacts(counts: &Counts, a: &[u64], b: &[u64], other: bool) -> Finding {
    let own = |key: &&u64| counts.holders(**key) <= SHARED_BY;
    let rarest = a
        .iter()
        .filter(|key| b.binary_search(key).is_ok())
        .filter(own)
        .map(|key| counts.share(*key))
        .reduce(f32::min);
    match rarest {
        Some(_) if other => Finding::NONE,
        Some(share) => Finding { level: 0, share },
        None if a.iter().any(|k| own(&k)) && b.iter().any(|k| own(&k)) => Finding::level(1),
        None => Finding::NONE,
    }
}

/// 0 the same address, 1 the same city, 2 other cities.
fn addresses(counts: &Counts, a: &Person, b: &Person, other: bool) -> Finding {
    if let (Some(one), Some(two)) = (a.address, b.address)
        && one == two
        && counts.holders(one) <= SHARED_BY
    {
        return if other { Finding::NONE } else { Finding { level: 0, share: counts.share(one) } };
    }
    match (a.city, b.city) {
        (Some(one), Some(two)) if one == two => Finding { level: 1, share: counts.share(one) },
        (Some(_), Some(_)) => Finding::level(2),
        _ => Finding::NONE,
    }
}

/// 0 the same place on a booking, 1 a booking in common under names that agree, 2 two passengers.
fn bookings(a: &Person, b: &Person, name: Option<NameMatch>) -> Finding {
    let mut best: Option<u8> = None;
    for mine in &a.bookings {
        for yours in b.bookings.iter().filter(|yours| yours.booking == mine.booking) {
            // Places are numbered by each source in its own way.
            let comparable = a.source == b.source && mine.position > 0 && yours.position > 0;
            let agrees = name.is_some_and(NameMatch::is_compatible);
            let level = match (agrees, comparable) {
                (true, true) if mine.position == yours.position => 0,
                (true, false) => 1,
                (true, true) => 2,
                (false, true) if mine.position == yours.position => continue,
                (false, _) if name.is_none() => continue,
                (false, _) => 2,
            };
            best = Some(best.map_or(level, |so_far| so_far.max(level)));
        }
    }
    best.map_or(Finding::NONE, Finding::level)
}
