//! A segment as other domains tell it, read as the fact the rules ask for.

use chrono::NaiveDate;
use kernel::Currency;
use programme::accrual::{Coupon, CouponStatus, Fact};
use programme::document::{Cabin, Market, TicketKind};
use programme::{BookingClass, Carrier, Station};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::facts::PREFIX;

/// One segment of one customer, as it is known. What is empty or missing is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Where it comes from.
    pub source: String,
    /// Unique within the source.
    pub source_key: String,
    /// The record it hangs on.
    pub record: Option<Uuid>,
    /// Local day of departure.
    pub flight_date: NaiveDate,
    /// Two or three letters.
    pub carrier: Option<String>,
    /// With or without the carrier in front.
    pub flight_no: Option<String>,
    /// IATA code.
    pub origin: Option<String>,
    /// IATA code.
    pub destination: Option<String>,
    /// RBD letter.
    pub booking_class: Option<String>,
    /// first, business, premium, economy
    pub cabin: Option<String>,
    /// Great-circle kilometres.
    pub km: i64,
    /// Minor units of `currency`.
    pub fare_minor: Option<i64>,
    /// Three letters.
    pub currency: Option<String>,
    /// Day of booking.
    pub booked_on: Option<NaiveDate>,
    /// flown, no-show, refunded, changed, cancelled, booked
    pub outcome: String,
    /// Ticket and coupon.
    pub coupon: Option<String>,
}

crate::ledger::words!(
    /// What the rules cannot do without, and nobody told.
    Lacking {
        /// The airline whose flight number it is.
        Carrier = "carrier",
        /// The flight's number.
        Flight = "flight",
        /// Where it began or ended, or an airport nobody knows.
        Airport = "airport",
        /// The booking class.
        Class = "class",
    }
);

impl Segment {
    /// What accrual knows the segment by, whoever flew it.
    #[must_use]
    pub fn key(&self) -> String {
        key(&self.source, &self.source_key)
    }

    /// The fact.
    ///
    /// # Errors
    /// The first thing that is lacking.
    pub fn fact(&self) -> Result<Fact, Lacking> {
        let text = |of: &Option<String>| of.as_deref().unwrap_or_default().trim().to_owned();
        let (carrier, flight_no) = designator(&text(&self.carrier), &text(&self.flight_no))?;
        let station = |of: &Option<String>| Station::parse(&text(of)).map_err(|_| Lacking::Airport);
        let (origin, destination) = (station(&self.origin)?, station(&self.destination)?);
        let market = Market::between(origin.as_str(), destination.as_str());
        let booking_class =
            BookingClass::parse(&text(&self.booking_class)).map_err(|_| Lacking::Class)?;
        Ok(Fact {
            flight_date: self.flight_date,
            flight_no,
            origin,
            destination,
            market: market.ok_or(Lacking::Airport)?,
            marketing: carrier,
            operating: carrier,
            booking_class,
            flown_class: None,
            involuntary: false,
            cabin: cabin(&text(&self.cabin)),
            tpm_miles: None,
            great_circle_km: (self.km > 0).then_some(self.km),
            fare_minor: self.fare_minor,
            surcharge_minor: 0,
            currency: Currency::parse(&text(&self.currency)).unwrap_or(Currency::CNY),
            ticket: TicketKind::Ordinary,
            status: status(&self.outcome),
            coupon: coupon(&text(&self.coupon)),
            booked_on: self.booked_on,
            seat: true,
            claimed_on: None,
            credited_elsewhere: false,
        })
    }

    /// It was flown.
    #[must_use]
    pub fn is_flown(&self) -> bool {
        status(&self.outcome) == CouponStatus::Flown
    }
}

/// What accrual knows a segment by, of its source and its key there.
#[must_use]
pub fn key(source: &str, source_key: &str) -> String {
    let plain = format!("{PREFIX}{source}:{source_key}");
    if plain.len() <= 120 && plain.bytes().all(|byte| byte.is_ascii_graphic()) {
        return plain;
    }
    let hash = Sha256::digest(plain.as_bytes());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{PREFIX}#{hex}")
}

/// Airline and number, whether or not the number says the airline as well.
fn designator(carrier: &str, number: &str) -> Result<(Carrier, String), Lacking> {
    let number = number.to_ascii_uppercase();
    let digits = |text: &str| -> String {
        let text = text.trim().trim_start_matches('0');
        text.chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let carrier = match (carrier.is_empty(), number.get(..2)) {
        (false, _) => carrier.to_ascii_uppercase(),
        (true, Some(first)) if !first.bytes().all(|byte| byte.is_ascii_digit()) => first.to_owned(),
        (true, _) => return Err(Lacking::Carrier),
    };
    let code = Carrier::parse(&carrier).map_err(|_| Lacking::Carrier)?;
    let number = digits(number.strip_prefix(&carrier).unwrap_or(&number));
    if number.is_empty() {
        return Err(Lacking::Flight);
    }
    Ok((code, number))
}

fn cabin(word: &str) -> Option<Cabin> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

fn status(outcome: &str) -> CouponStatus {
    match outcome {
        "flown" => CouponStatus::Flown,
        "no-show" => CouponStatus::NoShow,
        "refunded" => CouponStatus::Refunded,
        "changed" => CouponStatus::Exchanged,
        "cancelled" => CouponStatus::Voided,
        _ => CouponStatus::Open,
    }
}

/// Thirteen digits and one or two more, however they are separated.
fn coupon(text: &str) -> Option<Coupon> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = digits.get(13..).filter(|rest| (1..=2).contains(&rest.len()))?;
    Some(Coupon { ticket: digits.get(..13)?.to_owned(), number: number.parse().ok()? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn segment() -> Segment {
        let some = |text: &str| Some(text.to_owned());
        Segment {
            source: "segments".to_owned(),
            source_key: "1".to_owned(),
            flight_date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            carrier: some("JB"),
            flight_no: some("JB0831"),
            origin: some("PVG"),
            destination: some("FRA"),
            booking_class: some("y"),
            km: 8_850,
            outcome: "flown".to_owned(),
            ..Segment::default()
        }
    }

    #[test]
    fn numbers_are_read_with_and_without_the_airline() {
        for (carrier, number, expected) in [
            ("JB", "JB0831", Ok(("JB", "831"))),
            ("JB", "831", Ok(("JB", "831"))),
            ("", "JB831", Ok(("JB", "831"))),
            ("", "3U8633", Ok(("3U", "8633"))),
            ("", "831", Err(Lacking::Carrier)),
            ("JB", "", Err(Lacking::Flight)),
        ] {
            let of = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let one = Segment { carrier: of(carrier), flight_no: of(number), ..segment() };
            let read = one.fact().map(|fact| (fact.marketing.to_string(), fact.flight_no));
            let expected = expected.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(read, expected, "{carrier} {number}");
        }
    }

    #[test]
    fn what_is_lacking_is_named() {
        let nowhere = Segment { origin: Some("QQQ".to_owned()), ..segment() };
        assert_eq!(nowhere.fact(), Err(Lacking::Airport));
        assert_eq!(Segment { booking_class: None, ..segment() }.fact(), Err(Lacking::Class));
    }

    #[test]
    fn coupons_are_read_however_they_are_separated() {
        for text in ["7811234567890/2", "781-1234567890-2", "78112345678902"] {
            let read = coupon(text).unwrap();
            assert_eq!((read.ticket.as_str(), read.number), ("7811234567890", 2), "{text}");
        }
        assert_eq!(coupon("7811234567890"), None);
        assert_eq!(coupon("781123456789"), None);
    }

    #[test]
    fn keys_are_ascii_and_never_too_long() {
        let odd = Segment { source_key: "东方 1".repeat(100), ..segment() };
        assert!(odd.key().is_ascii() && odd.key().len() < 160);
        assert_eq!(segment().key(), "seg:segments:1");
    }
}
