//! Bookings: who is in them, and what they say about each.

use chrono::{Datelike, Duration, NaiveDate};

use super::dirt::Dirt;
use super::population::{Someone, Who};
use super::rates::Rates;
use super::spelling;
use crate::dice::Dice;
use crate::fares::BookingClass;
use crate::people::Channel;
use crate::tiers::Tier;

/// Offices that sell tickets; a few sell most.
pub(crate) const AGENCIES: u16 = 120;
/// Companies with an account.
pub(crate) const COMPANIES: u16 = 60;
/// Telephones of agencies and companies, beyond those of any person.
const AGENCY_PHONES: u64 = 99_990_000;
const COMPANY_PHONES: u64 = 99_980_000;

/// How a booking comes to the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Made in time.
    Listed,
    /// Sold so late that no list has it.
    NoRecord,
    /// Turned up without any.
    GoShow,
}

/// One flight of a booking.
#[derive(Clone, Debug)]
pub(crate) struct Hop {
    pub(crate) number: u16,
    pub(crate) day: NaiveDate,
    /// Legs of the flight that are flown: first, and the one after the last.
    pub(crate) legs: (usize, usize),
    pub(crate) class: BookingClass,
    /// 1 to 4.
    pub(crate) coupon: u8,
    /// Fen, without taxes.
    pub(crate) fare: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Booking {
    /// Six letters and digits.
    pub(crate) locator: String,
    /// A reservation system's own.
    pub(crate) other: Option<(&'static str, String)>,
    pub(crate) travellers: Vec<Traveller>,
    pub(crate) hops: Vec<Hop>,
    pub(crate) agency: Option<u16>,
    pub(crate) company: Option<u16>,
    /// Name of a tour.
    pub(crate) tour: Option<String>,
    pub(crate) channel: Channel,
    pub(crate) booked_on: NaiveDate,
    /// Sold under the number of another airline.
    pub(crate) partner: bool,
    pub(crate) staff: bool,
    pub(crate) listing: Listing,
    /// Departure control knows the locator.
    pub(crate) located: bool,
    pub(crate) payment: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Traveller {
    pub(crate) who: Who,
    pub(crate) surname: String,
    /// Without the title, as readers see it.
    pub(crate) given: String,
    /// With the title.
    pub(crate) sent: String,
    pub(crate) child: bool,
    /// Ten digits behind the airline's 000.
    pub(crate) ticket: u64,
    pub(crate) said: Said,
    pub(crate) infant: Option<Infant>,
    pub(crate) dirt: Dirt,
}

/// What a booking says of somebody beside the name. `None` and empty: nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) member: Option<String>,
    pub(crate) tier: &'static str,
    /// Text of the FOID remark: `NI…`, `PP…`.
    pub(crate) identity: Option<String>,
    /// Text of the DOCS remark behind the status.
    pub(crate) passport: Option<String>,
    /// Text of the DOCA remark behind the status.
    pub(crate) address: Option<String>,
    /// Digits.
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) refused: bool,
    pub(crate) child_born: Option<NaiveDate>,
    pub(crate) meal: &'static str,
    pub(crate) wheelchair: bool,
}

/// A child on somebody's lap.
#[derive(Clone, Debug)]
pub(crate) struct Infant {
    pub(crate) surname: String,
    pub(crate) given: String,
    pub(crate) born: NaiveDate,
    pub(crate) ticket: u64,
}

/// What all statements of one booking share.
pub(crate) struct Circumstances<'a> {
    pub(crate) rates: &'a Rates,
    pub(crate) seed: u64,
    pub(crate) day: NaiveDate,
    pub(crate) abroad: bool,
    pub(crate) agency: Option<u16>,
    pub(crate) company: Option<u16>,
}

impl Circumstances<'_> {
    /// What the booking says of one of its people; `head` is the first of them.
    pub(crate) fn traveller(
        &self,
        someone: &Someone,
        head: &Someone,
        ticket: u64,
        dice: &mut Dice,
    ) -> Traveller {
        let rates = self.rates;
        let (name, mut dirt) = spelling::of_booking(someone, rates, self.seed, dice);
        let age = someone.age(self.day);
        let title = spelling::title(someone, age, rates, dice);
        let sent =
            if name.given.is_empty() { String::new() } else { format!("{}{title}", name.given) };
        let mut said = Said::default();
        self.membership(someone, &mut said, &mut dirt, dice);
        self.documents(someone, age, &mut said, &mut dirt, dice);
        self.contacts(someone, head, &mut said, &mut dirt, dice);
        said.meal = if dice.chance(0.6) { someone.meal } else { "" };
        said.wheelchair = dice.chance(if age > 70 { 0.05 } else { 0.002 });
        Traveller {
            who: someone.who,
            given: formats::passenger_list::split_title(&sent).0.to_owned(),
            surname: name.surname,
            sent,
            child: age < 12,
            ticket,
            said,
            infant: None,
            dirt,
        }
    }

    fn membership(&self, who: &Someone, said: &mut Said, dirt: &mut Dirt, dice: &mut Dice) {
        let Some(number) = &who.member_no else { return };
        if dice.chance(self.rates.member_left_out) {
            dirt.add(Dirt::MEMBER_LEFT_OUT);
            return;
        }
        let wrong = dice.chance(self.rates.member_wrong);
        dirt.add_if(wrong, Dirt::MEMBER_WRONG);
        said.member = Some(if wrong { other_digit(number, dice) } else { number.clone() });
        said.tier = match who.tier {
            Tier::Silver => "SILVER",
            Tier::Gold => "GOLD",
            Tier::Platinum | Tier::LifetimePlatinum => "PLATINUM",
            Tier::Ordinary => "",
        };
    }

    fn documents(
        &self,
        who: &Someone,
        age: i32,
        said: &mut Said,
        dirt: &mut Dirt,
        dice: &mut Dice,
    ) {
        let rates = self.rates;
        let missing = if self.abroad { rates.document_missing.1 } else { rates.document_missing.0 };
        let missing = if age < 12 { missing + 0.3 } else { missing };
        let mut born = who.born;
        if dice.chance(rates.birth_wrong) {
            born = other_day(born, dice);
            dirt.add_if(born != who.born, Dirt::BIRTH_WRONG);
        }
        if age < 12 {
            said.child_born = Some(born);
        }
        if dice.chance(missing) {
            dirt.add(Dirt::DOCUMENT_MISSING);
            return;
        }
        let wrong = dice.chance(rates.document_wrong);
        dirt.add_if(wrong, Dirt::DOCUMENT_WRONG);
        let typed = |number: String, dice: &mut Dice| {
            if wrong { other_digit(&number, dice) } else { number }
        };
        if who.resident && !self.abroad {
            said.identity = Some(format!("NI{}", typed(who.document_no.clone(), dice)));
            return;
        }
        let renewed = who.dice(self.seed ^ 2).chance(rates.document_renewed);
        let new = renewed && dice.chance(0.5);
        dirt.add_if(new, Dirt::DOCUMENT_RENEWED);
        let number = typed(who.passport(new), dice);
        if !self.abroad && dice.chance(0.5) {
            said.identity = Some(format!("PP{number}"));
            return;
        }
        let (paper, _) = spelling::of_papers(who, rates, self.seed);
        let expires = self.day + Duration::days(dice.between(200, 3_400));
        let country = who.nationality;
        let gender = who.gender.as_str();
        said.passport = Some(format!(
            "P/{country}/{number}/{country}/{}/{gender}/{}/{}/{}",
            short(born),
            short(expires),
            paper.surname,
            paper.given
        ));
        said.address = (self.abroad && dice.chance(0.04))
            .then(|| format!("R/{country}//{}", who.home.city_en.to_uppercase()));
    }

    fn contacts(
        &self,
        who: &Someone,
        head: &Someone,
        said: &mut Said,
        dirt: &mut Dirt,
        dice: &mut Dice,
    ) {
        let (rates, age) = (self.rates, who.age(self.day));
        let office = match (self.agency, self.company) {
            (_, Some(company)) => Some((COMPANY_PHONES + u64::from(company), 0.3)),
            (Some(agency), None) => Some((AGENCY_PHONES + u64::from(agency), rates.agency_phone)),
            _ => None,
        };
        let others = who.who != head.who;
        if let Some((phone, _)) = office.filter(|(_, chance)| dice.chance(*chance)) {
            said.phone = Some(digits(&crate::people::mobile_of(phone), dice));
            dirt.add(Dirt::AGENCY_PHONE);
        } else if others && (age < 14 || dice.chance(0.45)) && head.mobile.is_some() {
            said.phone = head.mobile.as_deref().map(|phone| digits(phone, dice));
            dirt.add(Dirt::PHONE_SHARED);
        } else if !dice.chance(rates.phone_missing) {
            said.phone = who.mobile.as_deref().map(|phone| digits(phone, dice));
        }
        dirt.add_if(said.phone.is_none(), Dirt::PHONE_MISSING);
        if !dice.chance(rates.email) || age < 14 {
            said.refused = said.phone.is_none() && dice.chance(0.05);
            return;
        }
        if let Some(agency) = self.agency.filter(|_| dice.chance(0.5)) {
            said.email = Some(format!("ticketing@agency{agency}.example.com"));
            dirt.add(Dirt::EMAIL_SHARED);
        } else if others && dice.chance(0.3) {
            said.email.clone_from(&head.email);
            dirt.add_if(said.email.is_some(), Dirt::EMAIL_SHARED);
        } else {
            said.email.clone_from(&who.email);
        }
    }
}

/// Now and then two people of a booking have one member number, that of one of them.
pub(crate) fn confuse_members(travellers: &mut [Traveller], rates: &Rates, dice: &mut Dice) {
    let Some(number) = travellers.iter().find_map(|of| of.said.member.clone()) else { return };
    if travellers.len() < 2 || travellers.len() > 4 || !dice.chance(rates.member_of_other * 8.0) {
        return;
    }
    if let Some(other) = travellers.iter_mut().find(|of| of.said.member.is_none() && !of.child) {
        other.said.member = Some(number);
        other.dirt.add(Dirt::MEMBER_OF_OTHER);
    }
}

/// `04NOV60`.
pub(crate) fn short(day: NaiveDate) -> String {
    day.format("%d%b%y").to_string().to_uppercase()
}

/// As a booking writes a telephone: with the country's digits, or as it is dialled at home.
fn digits(phone: &str, dice: &mut Dice) -> String {
    let bare = phone.trim_start_matches('+');
    match bare.strip_prefix("86").filter(|_| dice.chance(0.4)) {
        Some(home) => home.to_owned(),
        None => bare.to_owned(),
    }
}

/// One digit changed to another, not the first two.
pub(crate) fn other_digit(number: &str, dice: &mut Dice) -> String {
    let mut bytes = number.as_bytes().to_vec();
    let last = bytes.len().saturating_sub(1);
    let at = 2 + dice.below(last.saturating_sub(2));
    if let Some(byte) = bytes.get_mut(at).filter(|byte| byte.is_ascii_digit()) {
        *byte = b'0' + (*byte - b'0' + 1 + dice.below(8) as u8) % 10;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Day and month swapped if that is a day, else another day of the month.
fn other_day(born: NaiveDate, dice: &mut Dice) -> NaiveDate {
    let swapped = NaiveDate::from_ymd_opt(born.year(), born.day(), born.month());
    let near = born.with_day(1 + (born.day() + dice.below(9) as u32) % 28);
    swapped.filter(|_| dice.chance(0.6)).or(near).unwrap_or(born)
}
