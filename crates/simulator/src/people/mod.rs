//! Who the members are: name, home, contacts, documents, likings. All of it invented, and marked
//! so: mobile numbers begin with +86 154 (given to no operator) or +999 (no country), mail goes to
//! example.com, identity numbers come from area 99 and passports begin with XX, which do not exist.

mod names;
mod relatives;

use chrono::{Datelike, NaiveDate};
use kernel::Lang;
use kernel::airports::Airport;
use kernel::names::PersonName;
use kernel::{id_card, member_no};

use crate::calendar::Calendar;
use crate::dice::{Dice, cumulative};
use crate::latent::{Archetype, Latent};
use crate::network::Network;
use crate::tiers::Tier;
use names::Names;
pub(crate) use relatives::{Relation, compound_surname};

/// Member numbers are nine digits from here on, and a check digit.
const FIRST_NUMBER: u64 = 100_000_000;
const NUMBERS: u64 = 900_000_000;
/// Coprime to [`NUMBERS`]: multiplying by it scatters the indexes over all numbers, each once.
const SCATTER: u64 = 618_033_989;

/// The largest airline there can be.
pub const MOST_MEMBERS: u64 = 10_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gender {
    Man,
    Woman,
}

impl Gender {
    /// `M` or `F`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Man => "M",
            Self::Woman => "F",
        }
    }
}

/// Where tickets are bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    App,
    Web,
    Wechat,
    CallCentre,
    Counter,
    Agency,
    Corporate,
}

impl Channel {
    pub const ALL: [Self; 7] = [
        Self::App,
        Self::Web,
        Self::Wechat,
        Self::CallCentre,
        Self::Counter,
        Self::Agency,
        Self::Corporate,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Web => "web",
            Self::Wechat => "wechat",
            Self::CallCentre => "call-centre",
            Self::Counter => "counter",
            Self::Agency => "agency",
            Self::Corporate => "corporate",
        }
    }

    /// Whether the airline sells without a middleman.
    #[must_use]
    pub fn is_direct(self) -> bool {
        !matches!(self, Self::Agency | Self::Corporate)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeatLiking {
    Window,
    Aisle,
    Front,
    None,
}

impl SeatLiking {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Aisle => "aisle",
            Self::Front => "front",
            Self::None => "",
        }
    }
}

/// One member of the programme, as the airline's own file knows them.
#[derive(Clone, PartialEq)]
pub struct Member {
    /// Place in the airline, from 0.
    pub index: u64,
    /// Ten digits, check digit last.
    pub member_no: String,
    pub name: PersonName,
    pub gender: Gender,
    pub born: NaiveDate,
    /// The airport of the city the member lives in.
    pub home: &'static Airport,
    pub joined: NaiveDate,
    pub tier: Tier,
    pub language: Lang,
    pub mobile: String,
    pub email: Option<String>,
    /// `resident-id` or `passport`.
    pub document_kind: &'static str,
    pub document_no: String,
    pub seat: SeatLiking,
    /// IATA special meal code, empty for none.
    pub meal: &'static str,
    pub channel: Channel,
}

/// Everything about a member but the tier, which flying decides.
pub(crate) struct Person {
    pub(crate) member: Member,
    /// Station of the home city.
    pub(crate) home: usize,
}

pub(crate) struct People {
    names: Names,
    offset: u64,
}

impl People {
    pub(crate) fn new(seed: u64) -> Self {
        Self { names: Names::new(), offset: seed % NUMBERS }
    }

    pub(crate) fn member_no(&self, index: u64) -> String {
        let scattered = (index * SCATTER + self.offset) % NUMBERS;
        member_no::with_check(FIRST_NUMBER + scattered)
    }

    pub(crate) fn draw(
        &self,
        index: u64,
        latent: &Latent,
        calendar: &Calendar,
        network: &Network,
        dice: &mut Dice,
    ) -> Person {
        let habits = latent.archetype.habits();
        let man = dice.chance(habits.men);
        let joined = calendar.day(latent.joined);
        let born = birth(latent.archetype, joined, calendar.window.to, dice);
        let foreign = dice.chance(0.06);
        let home = network.residence(!foreign || dice.chance(0.3), dice);
        let airport = network.stations[home].airport;
        let name = self.name(man, born.year(), foreign, airport, dice);
        let chinese = name.native.is_some();
        let (document_kind, document_no) = document(chinese, index, born, man, dice);
        let member = Member {
            index,
            member_no: self.member_no(index),
            gender: if man { Gender::Man } else { Gender::Woman },
            born,
            home: airport,
            joined,
            tier: Tier::Ordinary,
            language: if chinese { Lang::ZhCn } else { Lang::En },
            mobile: mobile(chinese, index),
            email: dice.chance(0.87).then(|| email(&name, index)),
            document_kind,
            document_no,
            seat: seat(latent.archetype, dice),
            meal: meal(&name, dice),
            channel: channel(latent.archetype, dice),
            name,
        };
        Person { member, home }
    }

    fn name(
        &self,
        man: bool,
        born: i32,
        foreign: bool,
        home: &Airport,
        dice: &mut Dice,
    ) -> PersonName {
        if foreign {
            // Foreigners living in China come from anywhere; people of Hong Kong and Taipei have
            // Chinese names.
            return match home.country {
                "HK" | "MO" | "TW" => self.names.han(man, born, dice),
                country => self.names.foreign(country, man, dice),
            };
        }
        let (uyghur, tibetan) = match home.iata {
            "URC" => (0.30, 0.0),
            "KHG" | "AKU" | "HTN" | "YIN" | "KRL" => (0.65, 0.0),
            "LXA" | "LZY" => (0.0, 0.75),
            "XNN" | "JZH" => (0.0, 0.20),
            _ => (0.004, 0.003),
        };
        match dice.unit() {
            x if x < uyghur => self.names.uyghur(man, dice),
            x if x < uyghur + tibetan => self.names.tibetan(man, dice),
            _ => self.names.han(man, born, dice),
        }
    }
}

/// A birth date that makes the member as old as their kind is, and of age when joining.
fn birth(archetype: Archetype, joined: NaiveDate, until: NaiveDate, dice: &mut Dice) -> NaiveDate {
    let (young, old) = archetype.habits().ages;
    let middle = (young + old) as f64 / 2.0;
    let age = middle + (old - young) as f64 / 4.0 * dice.normal();
    let days = (age.clamp(young as f64, old as f64) * 365.25) as i64 + dice.between(0, 364);
    let born = until - chrono::Duration::days(days);
    let latest = joined - chrono::Duration::days(16 * 366);
    born.min(latest)
}

fn document(
    chinese: bool,
    index: u64,
    born: NaiveDate,
    man: bool,
    dice: &mut Dice,
) -> (&'static str, String) {
    if !chinese {
        return ("passport", format!("XX{index:07}"));
    }
    let order = dice.below(450) * 2 + 100 + usize::from(man);
    let body = format!("99{:04}{}{order:03}", index % 10_000, born.format("%Y%m%d"));
    let check = id_card::check_of(&body).unwrap_or('X');
    ("resident-id", format!("{body}{check}"))
}

/// The Chinese mobile number at `index`, below 100 million.
pub(crate) fn mobile_of(index: u64) -> String {
    mobile(true, index)
}

fn mobile(chinese: bool, index: u64) -> String {
    // Scattered within the eight digits left, each once.
    let digits = index * 61_803_399 % 100_000_000;
    if chinese { format!("+86154{digits:08}") } else { format!("+9991{digits:08}") }
}

fn email(name: &PersonName, index: u64) -> String {
    let keys = name.keys();
    let parts = [keys.given_key.as_str(), keys.surname_key.as_str()];
    let user = parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(".");
    format!("{user}.{index}@example.com")
}

fn seat(archetype: Archetype, dice: &mut Dice) -> SeatLiking {
    let aisle = archetype.habits().business * 0.45 + 0.15;
    match dice.unit() {
        x if x < aisle => SeatLiking::Aisle,
        x if x < aisle + 0.38 => SeatLiking::Window,
        x if x < aisle + 0.44 => SeatLiking::Front,
        _ => SeatLiking::None,
    }
}

fn meal(name: &PersonName, dice: &mut Dice) -> &'static str {
    let uyghur = name.native.as_ref().is_some_and(|n| n.contains('·'));
    match dice.unit() {
        x if uyghur && x < 0.85 => "MOML",
        x if x < 0.012 => "MOML",
        x if x < 0.035 => "VGML",
        x if x < 0.042 => "DBML",
        x if x < 0.047 => "AVML",
        x if x < 0.051 => "LSML",
        _ => "",
    }
}

fn channel(archetype: Archetype, dice: &mut Dice) -> Channel {
    let business = archetype.habits().business;
    let weights =
        [0.36, 0.10, 0.16, 0.04, 0.02, 0.34 - 0.15 * business, 0.45 * business * business];
    Channel::ALL[dice.weighted(&cumulative(weights))]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn member_numbers_are_valid_and_unique() {
        let people = People::new(7);
        let made: HashSet<String> = (0..50_000).map(|index| people.member_no(index)).collect();
        assert_eq!(made.len(), 50_000);
        assert!(made.iter().all(|no| no.len() == 10 && member_no::is_valid(no)));
        assert!(member_no::is_valid(&people.member_no(MOST_MEMBERS - 1)));
    }

    #[test]
    fn mobiles_are_unique_numbers_nobody_has() {
        let made: HashSet<String> = (0..50_000).map(|index| mobile(true, index)).collect();
        assert_eq!(made.len(), 50_000);
        for number in made.iter().take(100).chain([&mobile(false, MOST_MEMBERS - 1)]) {
            assert_eq!(kernel::phone::normalise(number).as_ref(), Some(number));
        }
    }
}
