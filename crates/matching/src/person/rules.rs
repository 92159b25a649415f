//! What is certain either way: vetoes, and links that need no arithmetic.

use serde::{Deserialize, Serialize};

use super::findings::{BOOKING, DOCUMENT, MEMBER};
use super::names::NameMatch;
use super::prepared::Person;
use crate::dates::DateMatch;
use crate::model::Finding;

/// Why two records are never of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Veto {
    /// Two complete birth dates that no exchange of day and month and no single slip explains.
    BirthDates,
    /// Two valid identity-card numbers.
    IdentityCards,
    /// Two passengers of one booking under names that do not agree.
    OtherPassenger,
}

/// Why two records are certainly of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certain {
    /// The same valid identity-card number and names that agree, or nearly so beside the same
    /// birth date.
    IdentityCard,
    /// The same passport, issuing country and birth date, names that agree.
    Passport,
    /// The same frequent-flyer number, names that agree.
    Member,
}

/// Why a pair is not linked although its weight would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cap {
    /// Only name, birth date and the like agree: no document, membership, contact or address
    /// of one's own.
    NothingOwn,
    /// The names do not agree well enough.
    Names,
    /// Two places on one booking.
    TwoPlaces,
}

/// Vetoes that follow from birth dates and identity cards alone; cheap, and what clusters ask most.
pub(super) fn facts_apart(a: &Person, b: &Person) -> Option<Veto> {
    if let (Some(one), Some(other)) = (a.complete_birth(), b.complete_birth()) {
        let contradictory = !matches!(
            one.date.compare(other.date),
            DateMatch::Same | DateMatch::Swapped | DateMatch::Typo
        );
        if contradictory {
            return Some(Veto::BirthDates);
        }
    }
    let (mine, yours) = (a.cards(), b.cards());
    let mut differ = mine.flat_map(|card| yours.clone().map(move |other| card != other));
    // A record that holds both numbers is of either's owner, whichever: not of both.
    let first = differ.next()?;
    (first && differ.all(|differs| differs)).then_some(Veto::IdentityCards)
}

/// The veto between two records, if any; the same both ways.
pub(super) fn veto(a: &Person, b: &Person) -> Option<Veto> {
    if let Some(veto) = facts_apart(a, b) {
        return Some(veto);
    }
    let together = a.bookings.iter().any(|m| b.bookings.iter().any(|y| y.booking == m.booking));
    if !together {
        return None;
    }
    let pairs = || a.names.iter().flat_map(|mine| b.names.iter().map(|yours| mine.compare(yours)));
    let best = pairs().min()?;
    let same_place =
        a.source == b.source && a.bookings.iter().any(|m| m.position > 0 && b.bookings.contains(m));
    let other = best.is_other() || best == NameMatch::Given;
    (other && !same_place).then_some(Veto::OtherPassenger)
}

/// The rule that links two records for certain, if any and nothing speaks against it.
pub(super) fn certain(
    a: &Person,
    b: &Person,
    name: Option<NameMatch>,
    found: &[Finding],
) -> Option<Certain> {
    if found[BOOKING].level == 2 {
        return None;
    }
    let compatible = name.is_some_and(NameMatch::is_compatible);
    // Not the surname alone: a twin is entered under the other's number.
    let nearly =
        matches!(name, Some(NameMatch::OneLetter | NameMatch::Romanised | NameMatch::Given));
    let births = (a.complete_birth(), b.complete_birth());
    let born_same = matches!(births, (Some(one), Some(other)) if one.date == other.date);
    match (found[DOCUMENT].level, found[MEMBER].level) {
        // A number without a name beside it is a slip of a form, not a person.
        (0, _) if compatible || nearly && born_same => Some(Certain::IdentityCard),
        (1, _) if compatible && born_same => Some(Certain::Passport),
        // J SMITH on that number may be John or Jane: miles go to the spouse's.
        (_, 0) if compatible && name != Some(NameMatch::Partial) => Some(Certain::Member),
        _ => None,
    }
}
