//! A member row: the person, the membership, and activity summed up over a window.

use chrono::{Days, NaiveDate};
use kernel::names::PersonName;

use super::Issue;
use super::mapper::Taken;
use crate::mapping::fields::Field;

/// One member.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// Row in the file.
    pub row: u64,
    /// Unique within the source.
    pub key: String,
    /// The member's number, when the file has one.
    pub member_no: Option<String>,
    /// The person's name.
    pub name: Option<PersonName>,
    /// male, female
    pub gender: Option<&'static str>,
    /// Day of birth.
    pub birth_date: Option<NaiveDate>,
    /// City as cleaned.
    pub city: Option<String>,
    /// Province as cleaned.
    pub province: Option<String>,
    /// Two letters.
    pub country: Option<String>,
    /// As in the file.
    pub language: Option<String>,
    /// ordinary … lifetime
    pub tier: Option<&'static str>,
    /// Day of joining; the first of the month when only that is known.
    pub joined_on: Option<NaiveDate>,
    /// Day of leaving.
    pub cancelled_on: Option<NaiveDate>,
    /// International form.
    pub phone: Option<kernel::Personal<String>>,
    /// Small letters.
    pub email: Option<kernel::Personal<String>>,
    /// Identity card.
    pub id_card: Option<kernel::Personal<String>>,
    /// Passport.
    pub passport: Option<kernel::Personal<String>>,
    /// Attributes kept as text.
    pub extra: Vec<(String, String)>,
    /// Activity over the observation window.
    pub summary: Option<Summary>,
}

/// Activity of one member over a window ending on `observed_on`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are the glossary's")]
pub struct Summary {
    pub observed_on: NaiveDate,
    pub joined_on: Option<NaiveDate>,
    pub tenure_days: Option<i64>,
    pub first_flight_on: Option<NaiveDate>,
    pub last_flight_on: Option<NaiveDate>,
    pub last_flight_days: Option<i64>,
    pub flights: i64,
    pub km: i64,
    pub coefficient: Option<f64>,
    /// Minor units; `None` = not known, which the cleaning rule of the value run looks at.
    pub fare_year_1: Option<i64>,
    pub fare_year_2: Option<i64>,
    pub points: Option<i64>,
    pub exchanges: Option<i64>,
    pub kept: Option<bool>,
}

impl MemberRow {
    pub(super) fn build(
        taken: &mut Taken<'_>,
        summed: bool,
        issues: &mut Vec<Issue>,
    ) -> Option<Self> {
        let (member_no, key) = taken.key(issues)?;
        let joined_on = joined(taken);
        let summary = if summed { Some(summary(taken, joined_on, issues)?) } else { None };
        let age = taken.whole(Field::Age);
        let mut extra = std::mem::take(taken.extras);
        if let Some(age) = age {
            extra.push(("age".to_owned(), age.to_string()));
        }
        let mut personal = |field| taken.text(field).map(kernel::Personal::new);
        let (phone, email) = (personal(Field::Phone), personal(Field::Email));
        let (id_card, passport) = (personal(Field::IdCard), personal(Field::Passport));
        Some(Self {
            row: taken.row,
            key,
            member_no,
            name: name(taken),
            gender: taken.word(Field::Gender),
            birth_date: taken.date(Field::BirthDate),
            city: taken.text(Field::City),
            province: taken.text(Field::Province),
            country: taken.text(Field::Country),
            language: taken.text(Field::Language),
            tier: taken.word(Field::Tier),
            joined_on,
            cancelled_on: taken.date(Field::CancelledOn).or_else(|| {
                first_of(taken.whole(Field::CancelledYear), taken.whole(Field::CancelledMonth))
            }),
            phone,
            email,
            id_card,
            passport,
            extra,
            summary,
        })
    }
}

/// The day of joining: as given, the first of the month given, or so many days before the
/// observation date.
fn joined(taken: &Taken<'_>) -> Option<NaiveDate> {
    taken
        .date(Field::JoinedOn)
        .or_else(|| first_of(taken.whole(Field::JoinedYear), taken.whole(Field::JoinedMonth)))
        .or_else(|| {
            let days = u64::try_from(taken.whole(Field::TenureDays)?).ok()?;
            taken.date(Field::ObservedOn)?.checked_sub_days(Days::new(days))
        })
}

fn first_of(year: Option<i64>, month: Option<i64>) -> Option<NaiveDate> {
    let month = u32::try_from(month?).ok()?;
    NaiveDate::from_ymd_opt(i32::try_from(year?).ok()?, month, 1)
}

/// The name from whatever columns there are.
pub(super) fn name(taken: &mut Taken<'_>) -> Option<PersonName> {
    let (surname, given) = (taken.text(Field::Surname), taken.text(Field::Given));
    let native = taken.text(Field::NameNative);
    let whole = taken.text(Field::Name);
    let native =
        native.or_else(|| whole.clone().filter(|name| name.chars().any(kernel::names::is_hanzi)));
    let name = match (native, surname, given) {
        (Some(native), None, None) => PersonName::from_native(&native),
        (Some(native), surname, given) => PersonName::from_both(
            &native,
            surname.as_deref().unwrap_or_default(),
            given.as_deref().unwrap_or_default(),
        ),
        (None, None, None) => PersonName::parse(&whole?),
        (None, surname, given) => {
            let joined =
                [surname.as_deref(), given.as_deref()].into_iter().flatten().collect::<String>();
            if joined.chars().any(kernel::names::is_hanzi) {
                PersonName::from_native(&joined)
            } else {
                PersonName::from_latin(
                    surname.as_deref().unwrap_or_default(),
                    given.as_deref().unwrap_or_default(),
                )
            }
        }
    };
    (!name.is_empty()).then_some(name)
}

fn summary(
    taken: &mut Taken<'_>,
    joined_on: Option<NaiveDate>,
    issues: &mut Vec<Issue>,
) -> Option<Summary> {
    for field in [Field::ObservedOn, Field::Flights, Field::Km] {
        if taken.whole(field).is_none() && taken.date(field).is_none() {
            taken.needed(field, issues);
            return None;
        }
    }
    let observed_on = taken.date(Field::ObservedOn)?;
    let days_since =
        |day: NaiveDate| Some((observed_on - day).num_days()).filter(|days| *days >= 0);
    let last_flight_on = taken.date(Field::LastFlightOn);
    Some(Summary {
        observed_on,
        joined_on,
        tenure_days: taken.whole(Field::TenureDays).or_else(|| joined_on.and_then(days_since)),
        first_flight_on: taken.date(Field::FirstFlightOn),
        last_flight_on,
        last_flight_days: taken
            .whole(Field::LastFlightDays)
            .or_else(|| last_flight_on.and_then(days_since)),
        flights: taken.whole(Field::Flights)?,
        km: taken.whole(Field::Km)?,
        coefficient: taken.number(Field::Coefficient),
        fare_year_1: taken.whole(Field::FareYear1),
        fare_year_2: taken.whole(Field::FareYear2),
        points: taken.whole(Field::Points),
        exchanges: taken.whole(Field::Exchanges),
        kept: taken.word(Field::Kept).map(|word| word == "true"),
    })
}
