//! A segment row: who flew when, from where to where, in what, for how much.

use chrono::NaiveDate;
use kernel::names::PersonName;

use super::Issue;
use super::mapper::Taken;
use super::members::name;
use crate::mapping::fields::Field;

/// One flown (or booked, or missed) segment.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are the glossary's")]
pub struct SegmentRow {
    pub row: u64,
    /// Unique within the source.
    pub key: String,
    /// The member's key within the source.
    pub member_key: String,
    pub member_no: Option<String>,
    pub name: Option<PersonName>,
    pub flight_date: NaiveDate,
    /// Local minutes after midnight.
    pub departs_minute: Option<i64>,
    pub carrier: Option<String>,
    pub flight_no: Option<String>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub booking_class: Option<String>,
    pub cabin: Option<&'static str>,
    pub km: i64,
    pub fare_minor: Option<i64>,
    pub currency: Option<String>,
    pub discount: Option<f64>,
    pub booked_on: Option<NaiveDate>,
    pub channel: Option<&'static str>,
    pub outcome: &'static str,
    pub record_locator: Option<String>,
    pub ticket_coupon: Option<String>,
    pub seat: Option<String>,
    pub party_size: Option<i64>,
    pub extras_minor: Option<i64>,
}

impl SegmentRow {
    pub(super) fn build(taken: &mut Taken<'_>, issues: &mut Vec<Issue>) -> Option<Self> {
        let (member_no, member_key) = taken.key(issues)?;
        let Some(flight_date) = taken.date(Field::FlightDate) else {
            taken.needed(Field::FlightDate, issues);
            return None;
        };
        let (origin, destination) = (taken.text(Field::Origin), taken.text(Field::Destination));
        let between = || {
            kernel::airports::distance_km(origin.as_deref()?, destination.as_deref()?)
                .map(kernel::Km::get)
        };
        let Some(km) = taken.whole(Field::Km).or_else(between) else {
            taken.needed(Field::Km, issues);
            return None;
        };
        let (carrier, flight_no) = flight(taken.text(Field::Carrier), taken.text(Field::FlightNo));
        let mut segment = Self {
            row: taken.row,
            key: String::new(),
            member_key,
            member_no,
            name: name(taken),
            flight_date,
            departs_minute: taken.whole(Field::DepartsAt),
            carrier,
            flight_no,
            origin,
            destination,
            booking_class: taken.text(Field::BookingClass),
            cabin: taken.word(Field::Cabin),
            km,
            fare_minor: taken.whole(Field::FareMinor).or_else(|| taken.whole(Field::Fare)),
            currency: taken.text(Field::Currency),
            discount: taken.number(Field::Discount),
            booked_on: taken.date(Field::BookedOn).filter(|booked| *booked <= flight_date),
            channel: taken.word(Field::Channel),
            outcome: taken.word(Field::Outcome).unwrap_or("flown"),
            record_locator: taken.text(Field::RecordLocator),
            ticket_coupon: taken.text(Field::TicketCoupon),
            seat: taken.text(Field::Seat),
            party_size: taken.whole(Field::PartySize),
            extras_minor: taken.whole(Field::ExtrasMinor).or_else(|| taken.whole(Field::Extras)),
        };
        segment.key = taken.text(Field::SegmentKey).unwrap_or_else(|| segment.own_key());
        Some(segment)
    }

    /// Without a key of the source: the ticket's coupon; without one the passenger, the day and the
    /// flight; where no flight is named, what else there is to tell two rows apart.
    fn own_key(&self) -> String {
        if let Some(coupon) = self.ticket_coupon.as_deref().filter(|text| is_coupon(text)) {
            return coupon.to_owned();
        }
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let flight = format!(
            "{}{}{}{}",
            part(&self.carrier),
            part(&self.flight_no),
            part(&self.origin),
            part(&self.destination)
        );
        let mut key = format!("{}|{}|{flight}", self.member_key, self.flight_date);
        if let Some(minute) = self.departs_minute {
            key.push_str(&format!("|{minute}"));
        }
        if self.flight_no.is_none() {
            let discount = self.discount.unwrap_or(0.0).to_bits();
            key.push_str(&format!("|{}|{}|{discount:x}", self.km, self.fare_minor.unwrap_or(0)));
        }
        key
    }
}

/// Files name a flight as carrier and number, as `CZ3101` in one column, or as both at once.
fn flight(carrier: Option<String>, number: Option<String>) -> (Option<String>, Option<String>) {
    let Some(text) = number else { return (carrier, None) };
    let tail = |at: usize| {
        let (carrier, number) = text.split_at_checked(at)?;
        let digits = number.trim_end_matches(|last: char| last.is_ascii_alphabetic());
        let looks_so = (1..=4).contains(&digits.len())
            && number.len() - digits.len() <= 1
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && carrier.bytes().any(|byte| byte.is_ascii_alphabetic());
        looks_so.then(|| (carrier.to_owned(), number.to_owned()))
    };
    match (&carrier, tail(2), tail(3)) {
        (Some(known), Some((prefix, number)), _) | (Some(known), _, Some((prefix, number)))
            if *known == prefix =>
        {
            (carrier, Some(number))
        }
        (None, Some((prefix, number)), _) => (Some(prefix), Some(number)),
        _ => (carrier, Some(text)),
    }
}

/// A ticket's 13 digits with the number of the coupon, as messages write it: `7841234567890C1`.
fn is_coupon(text: &str) -> bool {
    text.split_once('C').is_some_and(|(ticket, coupon)| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        ticket.len() == 13 && digits(ticket) && coupon.len() == 1 && digits(coupon)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flights_are_named_in_three_ways() {
        let named = |carrier: &str, number: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let (carrier, number) = flight(some(carrier), some(number));
            format!("{} {}", carrier.unwrap_or_default(), number.unwrap_or_default())
        };
        assert_eq!(named("CZ", "3101"), "CZ 3101");
        assert_eq!(named("CZ", "CZ3101"), "CZ 3101");
        assert_eq!(named("", "CZ3101"), "CZ 3101");
        assert_eq!(named("", "9C8515A"), "9C 8515A");
        assert_eq!(named("", "3101"), " 3101");
        assert_eq!(named("MU", "CZ3101"), "MU CZ3101", "a contradiction is left as it stands");
    }

    #[test]
    fn a_coupon_needs_its_number() {
        assert!(is_coupon("7841234567890C1"));
        assert!(!is_coupon("7841234567890"));
        assert!(!is_coupon("784123456789CC1"));
    }
}
