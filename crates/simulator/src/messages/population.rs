//! Everybody who may fly: members, people who are none, and those who travel with them.

use chrono::{Datelike, NaiveDate};
use kernel::airports::Airport;
use kernel::names::PersonName;

use crate::Airline;
use crate::dice::{Dice, Stream};
use crate::people::{Channel, Gender, Relation};
use crate::tiers::Tier;

/// People beyond this index are no members: made like them, their member number forgotten.
const OUTSIDERS: u64 = 5_000_000;
const MOST_OUTSIDERS: u64 = 4_990_000;

/// One human being, by the head of the family and the place in it, 0 for the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Who {
    pub(crate) head: u64,
    pub(crate) place: u8,
}

impl Who {
    /// `M0000123`, `X0000045`, `M0000123-2`.
    pub(crate) fn id(self) -> String {
        let (letter, number) =
            if self.head < OUTSIDERS { ('M', self.head) } else { ('X', self.head - OUTSIDERS) };
        match self.place {
            0 => format!("{letter}{number:07}"),
            place => format!("{letter}{number:07}-{place}"),
        }
    }
}

/// What is true of somebody.
#[derive(Clone)]
pub(crate) struct Someone {
    pub(crate) who: Who,
    pub(crate) member_no: Option<String>,
    pub(crate) tier: Tier,
    pub(crate) name: PersonName,
    pub(crate) gender: Gender,
    pub(crate) born: NaiveDate,
    pub(crate) mobile: Option<String>,
    pub(crate) email: Option<String>,
    /// A resident's identity card rather than a passport.
    pub(crate) resident: bool,
    pub(crate) document_no: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) nationality: &'static str,
    pub(crate) home: &'static Airport,
    pub(crate) meal: &'static str,
    pub(crate) channel: Channel,
}

impl Someone {
    /// Whole years on a day.
    pub(crate) fn age(&self, on: NaiveDate) -> i32 {
        let had = (on.month(), on.day()) >= (self.born.month(), self.born.day());
        on.year() - self.born.year() - i32::from(!had)
    }

    /// Number of the passport, before or after it was renewed.
    pub(crate) fn passport(&self, new: bool) -> String {
        let index = match self.who.place {
            0 => self.who.head,
            place => 20_000_000 + self.who.head * 8 + u64::from(place),
        };
        format!("{}{index:07}", if new { "XY" } else { "XX" })
    }

    /// Randomness of this person alone, the same whenever asked.
    pub(crate) fn dice(&self, seed: u64) -> Dice {
        Dice::new(seed, self.who.head * 8 + u64::from(self.who.place), Stream::Papers)
    }
}

/// Who lives with a head of family.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Household {
    pub(crate) spouse: bool,
    /// Places 2 to 4 are children.
    pub(crate) children: u8,
}

pub(crate) struct Population<'a> {
    airline: &'a Airline,
    members: u64,
    outsiders: u64,
    /// Chance that a head is a member.
    share: f64,
}

impl<'a> Population<'a> {
    /// `daily`: passengers a day. So many are members that a member flies at most about every two
    /// weeks; the others come from a pool of which one in sixty flies on a day.
    pub(crate) fn new(airline: &'a Airline, daily: f64) -> Self {
        let members = airline.config().members.min(OUTSIDERS);
        let share = (members as f64 * 0.07 / daily.max(1.0)).min(0.45);
        let outsiders = (daily * (1.0 - share) * 60.0) as u64;
        Self { airline, members, outsiders: outsiders.clamp(1_000, MOST_OUTSIDERS), share }
    }

    /// A head of family at random; members only if there are any.
    pub(crate) fn head(&self, dice: &mut Dice) -> u64 {
        if self.members > 0 && dice.chance(self.share) {
            dice.below(self.members as usize) as u64
        } else {
            self.outsider(dice)
        }
    }

    pub(crate) fn outsider(&self, dice: &mut Dice) -> u64 {
        OUTSIDERS + dice.below(self.outsiders as usize) as u64
    }

    /// Without making the whole person.
    pub(crate) fn member_no(&self, who: Who) -> Option<String> {
        let member = who.place == 0 && who.head < OUTSIDERS;
        member.then(|| self.airline.people.member_no(who.head))
    }

    pub(crate) fn someone(&self, who: Who) -> Someone {
        let member = self.airline.story(who.head).member;
        let foreign = member.name.native.is_none();
        let nationality = match member.home.country {
            country @ ("HK" | "MO" | "TW") if !foreign => country,
            "CN" | "HK" | "MO" | "TW" if foreign => {
                // Foreigners who live here come from anywhere.
                ["US", "GB", "DE", "AU", "CA", "RU", "IN", "FR"][(who.head % 8) as usize]
            }
            _ if !foreign => "CN",
            country => country,
        };
        let someone = Someone {
            who: Who { place: 0, ..who },
            member_no: (who.head < OUTSIDERS).then_some(member.member_no.clone()),
            tier: member.tier,
            name: member.name.clone(),
            gender: member.gender,
            born: member.born,
            mobile: Some(member.mobile.clone()),
            email: member.email.clone(),
            resident: member.document_kind == "resident-id",
            document_no: member.document_no.clone(),
            nationality,
            home: member.home,
            meal: member.meal,
            channel: member.channel,
        };
        if who.place == 0 {
            return someone;
        }
        let seed = self.airline.config().seed;
        let mut dice = Dice::new(seed, who.head * 8 + u64::from(who.place), Stream::Family);
        let relation = match who.place {
            1 => Relation::Spouse,
            2..=4 => Relation::Child(dice.between(0, 15) as u8),
            5 => Relation::Parent,
            _ => Relation::Friend,
        };
        let until = self.airline.config().until;
        let of = self.airline.people.relative(&member, relation, who.place, until, &mut dice);
        Someone {
            who,
            member_no: None,
            tier: Tier::Ordinary,
            name: of.name,
            gender: of.gender,
            born: of.born,
            mobile: of.mobile,
            email: of.email,
            resident: of.document_kind == "resident-id",
            document_no: of.document_no,
            ..someone
        }
    }

    /// The same for the same head, always.
    pub(crate) fn household(&self, head: u64) -> Household {
        let mut dice = Dice::new(self.airline.config().seed, head * 8, Stream::Family);
        let children = *dice.pick(&[0, 0, 1, 1, 1, 2, 2, 3]);
        Household { spouse: dice.chance(0.7), children }
    }
}
