//! A row of a file of coupons.

use chrono::NaiveDate;
use store::Value;

use crate::facts::Fingerprint;
use crate::messages::FlightKey;
use crate::messages::mention::Mention;

/// One coupon as a file tells it. Empty texts mean that nothing was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CouponInput {
    /// Line of the file, from 1.
    pub line: u32,
    /// Thirteen digits; a hyphen behind the third is borne.
    pub ticket_number: String,
    /// From 1.
    pub coupon: i64,
    /// `open`, `flown`, `refunded`, `exchanged`, `void`, or the letters of the industry (`O F R E V`).
    pub status: String,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// IATA number of the agency, or a name.
    pub agent: String,
    /// web, app, agency, …
    pub channel: String,
    /// Who sold the flight under its number.
    pub marketing_carrier: String,
    /// Number and suffix.
    pub flight_number: String,
    /// Local day of departure.
    pub flight_date: Option<NaiveDate>,
    /// IATA code.
    pub origin: String,
    /// IATA code.
    pub destination: String,
    /// RBD letter.
    pub booking_class: String,
    /// For instance `Y1OW`.
    pub fare_basis: String,
    /// Minor units of `currency`.
    pub fare_minor: Option<i64>,
    /// Minor units of `currency`.
    pub tax_minor: Option<i64>,
    /// Against full fare.
    pub discount: Option<f64>,
    /// Three letters.
    pub currency: String,
    /// As written; a card number is masked before it is kept.
    pub form_of_payment: String,
    /// A company's number with the airline.
    pub corporate_id: String,
    /// Of an inclusive tour or a contract.
    pub tour_code: String,
    /// PNR.
    pub record_locator: String,
    /// Surname, Latin or Chinese.
    pub surname: String,
    /// Given names.
    pub given: String,
    /// Frequent-flyer number with the marketing carrier.
    pub member_no: String,
    /// Day it was flown.
    pub flown_on: Option<NaiveDate>,
}

impl CouponInput {
    /// Puts texts into their one form. `Err` with the reason when it is no coupon.
    pub(super) fn tidy(mut self) -> Result<Self, &'static str> {
        let digits: String = self.ticket_number.chars().filter(char::is_ascii_digit).collect();
        // A fourteenth digit is the check digit.
        if !matches!(digits.len(), 13 | 14) {
            return Err("flights-refused-ticket");
        }
        self.ticket_number = digits.chars().take(13).collect();
        if !(1..=16).contains(&self.coupon) {
            return Err("flights-refused-coupon");
        }
        self.status = status(&self.status).ok_or("flights-refused-status")?.to_owned();
        self.form_of_payment = masked(&self.form_of_payment);
        for text in [
            &mut self.marketing_carrier,
            &mut self.origin,
            &mut self.destination,
            &mut self.booking_class,
            &mut self.currency,
            &mut self.record_locator,
            &mut self.surname,
            &mut self.given,
        ] {
            *text = text.trim().to_uppercase();
        }
        let number = self.flight_number.trim().to_uppercase();
        self.flight_number = number.trim_start_matches('0').to_owned();
        Ok(self)
    }

    /// The flight it was sold for; `None` for an open coupon.
    pub(super) fn flight(&self) -> Option<FlightKey> {
        let whole = !self.marketing_carrier.is_empty()
            && !self.flight_number.is_empty()
            && !self.origin.is_empty();
        Some(FlightKey {
            carrier: self.marketing_carrier.clone(),
            number: self.flight_number.clone(),
            date: self.flight_date?,
            board: self.origin.clone(),
        })
        .filter(|_| whole)
    }

    /// What it says of a passenger.
    pub(super) fn mention(&self) -> Mention {
        let (given, title) = formats::names::split_title(&self.given);
        let mut mention = Mention {
            board: self.origin.clone(),
            off: self.destination.clone(),
            surname: self.surname.clone(),
            given: given.to_owned(),
            kind: "adult",
            class: self.booking_class.clone(),
            ticket: self.ticket_number.clone(),
            coupon: self.coupon,
            booked_on: self.issued_on,
            corporate: self.corporate_id.clone(),
            nameable: !self.surname.is_empty(),
            ..Mention::default()
        };
        if !self.record_locator.is_empty() {
            let system = self.marketing_carrier.clone();
            mention.locators.push((system, self.record_locator.clone()));
        }
        if !self.member_no.is_empty() {
            mention.person.membership(&self.marketing_carrier, &self.member_no);
        }
        mention.person.gender = title.and_then(crate::messages::mention::gender_of_title);
        mention
    }

    pub(super) fn fingerprint(&self) -> i64 {
        let text = |text: &String| Value::from(text.as_str());
        Fingerprint::of(&[
            text(&self.status),
            self.issued_on.into(),
            text(&self.agent),
            text(&self.channel),
            text(&self.marketing_carrier),
            text(&self.flight_number),
            self.flight_date.into(),
            text(&self.origin),
            text(&self.destination),
            text(&self.booking_class),
            text(&self.fare_basis),
            self.fare_minor.into(),
            self.tax_minor.into(),
            self.discount.into(),
            text(&self.currency),
            text(&self.form_of_payment),
            text(&self.corporate_id),
            text(&self.tour_code),
            text(&self.record_locator),
            text(&self.surname),
            text(&self.given),
            text(&self.member_no),
            self.flown_on.into(),
        ])
    }
}

/// A coupon of that status flies nobody any more.
pub(crate) fn is_over(status: &str) -> bool {
    matches!(status, "refunded" | "exchanged" | "void")
}

fn status(said: &str) -> Option<&'static str> {
    Some(match said.trim().to_ascii_lowercase().as_str() {
        "open" | "o" | "i" | "airport" | "a" | "al" | "checked-in" | "c" | "ck" | "suspended"
        | "s" => "open",
        "flown" | "f" | "used" | "lifted" | "l" | "b" => "flown",
        "refunded" | "r" | "rf" => "refunded",
        "exchanged" | "e" | "x" => "exchanged",
        "void" | "v" => "void",
        _ => return None,
    })
}

/// Of a number as long as a card's the last four digits stay.
fn masked(payment: &str) -> String {
    let payment = payment.trim();
    let digits = payment.chars().filter(char::is_ascii_digit).count();
    if digits < 9 {
        return payment.to_owned();
    }
    let mut left = digits;
    payment
        .chars()
        .map(|c| {
            if !c.is_ascii_digit() {
                return c;
            }
            left -= 1;
            if left < 4 { c } else { '*' }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_do_not_stay() {
        assert_eq!(masked("CCVI4111111111111111"), "CCVI************1111");
        assert_eq!(masked("CCVI4111 1111 1111 1111/0529"), "CCVI**** **** **** ****/0529");
        assert_eq!(masked("CA"), "CA");
        assert_eq!(masked("CCVI************1111"), "CCVI************1111");
    }

    #[test]
    fn what_is_no_coupon_is_refused() {
        let coupon = |ticket: &str, coupon, status: &str| CouponInput {
            ticket_number: ticket.into(),
            coupon,
            status: status.into(),
            ..CouponInput::default()
        };
        let tidy = |of: CouponInput| of.tidy().map(|of| of.status);
        assert_eq!(tidy(coupon("999-2345678901", 1, "F")), Ok("flown".to_owned()));
        assert_eq!(tidy(coupon("99923456", 1, "F")), Err("flights-refused-ticket"));
        assert_eq!(tidy(coupon("9992345678901", 0, "F")), Err("flights-refused-coupon"));
        assert_eq!(tidy(coupon("9992345678901", 1, "gone")), Err("flights-refused-status"));
    }
}
