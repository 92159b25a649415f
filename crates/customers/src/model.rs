//! The words of a customer's profile. No I/O.

use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernel::names::PersonName;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::typed_id!(
    /// A person we know.
    CustomerId,
    "customer"
);
kernel::typed_id!(
    /// One thing a feed said about a person.
    RecordId,
    "source-record"
);
kernel::typed_id!(
    /// A note on a customer.
    NoteId,
    "note"
);
kernel::typed_id!(
    /// A task about a customer.
    TaskId,
    "task"
);

/// A word that is not one of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not one of the known words")]
pub struct UnknownWord;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            utoipa::ToSchema)]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $word)] $variant),*
        }

        impl $name {
            /// In the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As kept, exchanged and used in text keys.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// `None` for the empty word, which stands for "not known" in the database.
            #[must_use]
            pub fn read(word: &str) -> Option<Self> {
                word.parse().ok()
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $($word => Ok(Self::$variant),)* _ => Err(UnknownWord) }
            }
        }
    };
}

words! {
    /// As the person or the document says.
    Gender { Female = "female", Male = "male", Other = "other" }
}
words! {
    /// Standing in the frequent-flyer programme, lowest first.
    Tier {
        Ordinary = "ordinary",
        Silver = "silver",
        Gold = "gold",
        Platinum = "platinum",
        Lifetime = "lifetime",
    }
}
words! {
    /// What kind of identity document.
    DocumentKind { IdCard = "id-card", Passport = "passport", Other = "other" }
}
words! {
    /// A way to reach a person.
    ContactKind { Phone = "phone", Email = "email" }
}
words! {
    /// The five kinds of customer by value (row B2).
    ValueGroup {
        Keep = "keep",
        Develop = "develop",
        Winback = "winback",
        General = "general",
        Low = "low",
    }
}
words! {
    /// Where a customer stands in their life with the airline (row B4).
    Lifecycle {
        Prospect = "prospect",
        New = "new",
        Growing = "growing",
        Mature = "mature",
        AtRisk = "at-risk",
        Dormant = "dormant",
        Lost = "lost",
        WonBack = "won-back",
    }
}

/// The day that stands for "not known" in columns that lists sort by.
pub(crate) const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// `None` for the day that stands for "not known".
pub(crate) fn known_day(day: NaiveDate) -> Option<NaiveDate> {
    (day > NO_DAY).then_some(day)
}

/// `101`…`1231`, for "birthday this week"; 0 when not known.
pub(crate) fn birthday(birth: Option<NaiveDate>) -> i64 {
    birth.map_or(0, |day| i64::from(day.month() * 100 + day.day()))
}

/// Who a customer is. Contacts and documents are kept apart, sealed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// In both scripts, as far as known.
    pub name: PersonName,
    /// As stated.
    pub gender: Option<Gender>,
    /// As stated.
    pub birth_date: Option<NaiveDate>,
    /// As written by the source; empty when not known, like the next three.
    pub city: String,
    /// Province or state.
    pub province: String,
    /// Country, usually ISO 3166-1 alpha-2.
    pub country: String,
    /// Preferred language, BCP 47.
    pub language: String,
    /// The staff user who looks after the customer.
    pub owner_id: Option<Uuid>,
    /// Digits without blanks; empty for people who are not members.
    pub member_no: String,
    /// Tier of a member.
    pub tier: Option<Tier>,
    /// Day of joining the programme.
    pub joined_on: Option<NaiveDate>,
    /// Day of leaving it.
    pub cancelled_on: Option<NaiveDate>,
}

/// What value and flights last published about a customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Published {
    /// Day of the last flight.
    pub last_flight_on: Option<NaiveDate>,
    /// `PVG-FRA`.
    pub last_route: String,
    /// Flights in the observation window.
    pub flights: i64,
    /// Kilometres in the observation window.
    pub km: i64,
    /// Mean cabin discount coefficient.
    pub coefficient: Option<f64>,
    /// One of the five groups.
    pub value_group: Option<ValueGroup>,
    /// 0–100 by the current scheme.
    pub value_score: Option<f64>,
    /// Where the customer stands.
    pub lifecycle: Option<Lifecycle>,
    /// Day the figures were observed on; `None` before the first value run.
    pub observed_on: Option<NaiveDate>,
}

/// A customer as loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// Identity.
    pub id: CustomerId,
    /// Counts the changes to the profile; the first is 1.
    pub version: i64,
    /// When first heard of.
    pub created_at: DateTime<Utc>,
    /// When the profile last changed.
    pub changed_at: DateTime<Utc>,
    /// In the trash since; of a customer merged into another, out of lists since.
    pub trashed_at: Option<DateTime<Utc>>,
    /// Who this customer is now, once merged into another.
    pub merged_into: Option<CustomerId>,
    /// Who it is.
    pub profile: Profile,
    /// What it is worth.
    pub published: Published,
}

/// A way to reach the customer, masked.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Contact {
    /// Phone or e-mail.
    pub kind: ContactKind,
    /// With the middle hidden.
    pub masked: String,
    /// Which feed said it; empty for staff.
    pub source: String,
    #[serde(skip)]
    pub(crate) hash: Vec<u8>,
}

/// An identity document, masked.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Document {
    /// Which kind.
    pub kind: DocumentKind,
    /// With the middle hidden.
    pub masked: String,
    /// Which feed said it; empty for staff.
    pub source: String,
    /// Last day of validity.
    pub expires_on: Option<NaiveDate>,
    #[serde(skip)]
    pub(crate) hash: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_the_empty_one_is_none() {
        for tier in Tier::ALL {
            assert_eq!(Tier::read(tier.as_str()), Some(*tier));
        }
        assert_eq!(Lifecycle::read("at-risk"), Some(Lifecycle::AtRisk));
        assert_eq!(Tier::read(""), None);
        assert_eq!(Tier::read("Gold"), None);
    }

    #[test]
    fn the_unknown_day_is_no_day() {
        assert_eq!(known_day(NO_DAY), None);
        let day = NaiveDate::from_ymd_opt(1979, 6, 3);
        assert_eq!(day.and_then(known_day), day);
        assert_eq!(birthday(day), 603);
        assert_eq!(birthday(None), 0);
    }
}
