//! Who travels with a member: husband or wife, children, parents, friends. They follow from the
//! member alone, so that the same family is met again on the next trip.

use chrono::{Datelike, Duration, NaiveDate};
use kernel::airports::Airport;
use kernel::names::PersonName;

use super::names::Names;
use super::{Gender, Member, People, document, email, mobile};
use crate::dice::Dice;

/// Relatives have numbers of their own from here on, beyond those of any member.
const FIRST: u64 = 20_000_000;
/// Relatives of one member at most.
const MOST: u64 = 8;

/// What somebody is to the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Spouse,
    /// Years old.
    Child(u8),
    Parent,
    Friend,
}

/// A relative, as far as an airline gets to know one.
pub(crate) struct Relative {
    pub(crate) name: PersonName,
    pub(crate) gender: Gender,
    pub(crate) born: NaiveDate,
    pub(crate) mobile: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) document_kind: &'static str,
    pub(crate) document_no: String,
}

impl People {
    /// The relative at `place` (1 to 7) of `head`, `dice` being that relative's own.
    pub(crate) fn relative(
        &self,
        head: &Member,
        relation: Relation,
        place: u8,
        on: NaiveDate,
        dice: &mut Dice,
    ) -> Relative {
        let man = match relation {
            Relation::Spouse => head.gender == Gender::Woman,
            _ => dice.chance(0.5),
        };
        let born = birth(head, relation, on, dice);
        let name = self.name_beside(head, relation, man, born, dice);
        let index = FIRST + head.index * MOST + u64::from(place);
        let chinese = name.native.is_some();
        let (document_kind, document_no) = document(chinese, index, born, man, dice);
        let grown = !matches!(relation, Relation::Child(age) if age < 13);
        let reachable = grown && dice.chance(0.92);
        Relative {
            gender: if man { Gender::Man } else { Gender::Woman },
            born,
            mobile: reachable.then(|| mobile(chinese, index)),
            email: (grown && dice.chance(0.5)).then(|| email(&name, index)),
            document_kind,
            document_no,
            name,
        }
    }

    fn name_beside(
        &self,
        head: &Member,
        relation: Relation,
        man: bool,
        born: NaiveDate,
        dice: &mut Dice,
    ) -> PersonName {
        // Children bear their father's name, and so does his father.
        let shares = match relation {
            Relation::Child(_) => head.gender == Gender::Man || dice.chance(0.1),
            Relation::Parent => man,
            Relation::Spouse => head.name.native.is_none() && dice.chance(0.6),
            Relation::Friend => false,
        };
        let year = born.year();
        match head.name.native.as_deref() {
            None => self.foreign_beside(head.home, head, shares, man, dice),
            Some(native) if native.contains('·') => self.names.uyghur(man, dice),
            Some(_) if head.name.surname.is_empty() => self.names.tibetan(man, dice),
            Some(native) => match Names::han_surname(native).filter(|_| shares) {
                Some(surname) => self.names.han_named(surname, man, year, dice),
                None => self.names.han(man, year, dice),
            },
        }
    }

    fn foreign_beside(
        &self,
        home: &Airport,
        head: &Member,
        shares: bool,
        man: bool,
        dice: &mut Dice,
    ) -> PersonName {
        let own = self.names.foreign(home.country, man, dice);
        if shares { PersonName::from_latin(&head.name.surname, &own.given) } else { own }
    }
}

/// The Latin spelling of the first character of a compound surname: `OU` of 欧阳.
pub(crate) fn compound_surname(native: &str) -> Option<String> {
    let surname = Names::han_surname(native)?;
    let first: String = surname.chars().take(1).collect();
    (surname.chars().count() > 1)
        .then(|| PersonName::from_native(&format!("王{first}")).given.to_uppercase())
}

fn birth(head: &Member, relation: Relation, on: NaiveDate, dice: &mut Dice) -> NaiveDate {
    let days = match relation {
        Relation::Child(age) => {
            return on - Duration::days(i64::from(age) * 365 + dice.between(10, 340));
        }
        Relation::Spouse | Relation::Friend => (dice.normal() * 900.0) as i64,
        Relation::Parent => -dice.between(22, 34) * 365 + dice.between(0, 364),
    };
    let born = head.born + Duration::days(days);
    born.min(on - Duration::days(18 * 366))
}
