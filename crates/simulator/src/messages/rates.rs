//! How often what goes wrong.

use serde::{Deserialize, Serialize};

/// Shares between 0 and 1. The defaults are those of an ordinary airline, not of a bad day: where a
/// public figure is known it is near that, the others are judged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rates {
    // Names, by booking.
    /// A title behind the given name; half of these glued to it.
    pub title: f64,
    /// Surname and given name changed places.
    pub swapped: f64,
    /// One letter wrong, missing, doubled, or two changed places.
    pub typo: f64,
    /// `n` for `ng` and the like, of Chinese names.
    pub nasal: f64,
    /// The old spelling of `ü` in a paper (`LV`, `LU`), by person.
    pub old_umlaut: f64,
    /// The other spelling of `ü` than the paper's, by booking.
    pub other_umlaut: f64,
    /// The everyday reading of a character that is read otherwise as a surname, by booking.
    pub reading: f64,
    /// A compound surname cut after its first character, by booking.
    pub compound_cut: f64,
    /// Blanks between the syllables of a given name.
    pub spaced: f64,
    /// Chinese people of Hong Kong, Macao and Taiwan under the spelling used there, by person.
    pub romanised: f64,
    /// Foreign women who married: one of two surnames by booking.
    pub married: f64,
    /// A middle name that only some bookings have, of foreigners, by person.
    pub middle: f64,
    // What is said about a person, by booking.
    /// A member's number is left out.
    pub member_left_out: f64,
    /// One digit of the member's number is wrong.
    pub member_wrong: f64,
    /// Another's number of the same booking is given for both.
    pub member_of_other: f64,
    /// No identity number or travel document, on domestic and on other flights.
    pub document_missing: (f64, f64),
    /// One character of it is wrong.
    pub document_wrong: f64,
    /// A passport that was renewed: either number is given, by person.
    pub document_renewed: f64,
    /// Day and month of birth changed places, or a digit is wrong.
    pub birth_wrong: f64,
    /// No telephone.
    pub phone_missing: f64,
    /// The agency's telephone for the passenger's, of bookings made by one.
    pub agency_phone: f64,
    /// An e-mail address is given.
    pub email: f64,
    // Bookings.
    /// Made by an agency (a zipf-like few make most).
    pub agency: f64,
    /// On the account of a company.
    pub corporate: f64,
    /// Two adults or more, or with children.
    pub family: f64,
    /// A tour of 8 to 24 under one locator.
    pub group: f64,
    /// A second booking of the same person for the way on or back, the same day.
    pub second_booking: f64,
    /// Comes back within a week on the same booking.
    pub comes_back: f64,
    /// Goes on through a hub, of those who arrive at one.
    pub goes_on: f64,
    /// Under the flight number of another airline, on flights that have one.
    pub codeshare: f64,
    // The day.
    /// Booked after the PNL; taken off; told anew.
    pub added: f64,
    pub deleted: f64,
    pub changed: f64,
    pub no_show: f64,
    /// Boarded without a booking.
    pub go_show: f64,
    /// Boarded with a booking that the list did not have.
    pub no_record: f64,
    /// Checked in and left behind.
    pub offloaded: f64,
    /// Flew later the same day on another flight.
    pub changed_flight: f64,
    pub upgraded: f64,
    pub downgraded: f64,
    /// Gave another programme number at check-in.
    pub number_replaced: f64,
    /// Staff on standby.
    pub staff: f64,
    pub cancelled: f64,
    pub diverted: f64,
    // Messages.
    /// Sent twice.
    pub repeated: f64,
    /// Parts of a list in another order.
    pub shuffled: f64,
    /// An ADL before its PNL.
    pub adl_first: f64,
    /// A PFS and PRL half a day late.
    pub late: f64,
    /// A PFS that was wrong about somebody, and then one that was right.
    pub corrected: f64,
    /// Cut off somewhere; two in three are sent again whole.
    pub truncated: f64,
    /// A list that ends with the word of another.
    pub wrong_end: f64,
    /// A flight that the schedule file does not have.
    pub unscheduled: f64,
    /// A payment card number in a remark, by passenger.
    pub card: f64,
    // Beside the lists.
    /// A boarding pass is scanned, by passenger flown.
    pub boarding_pass: f64,
    /// Somebody who books direct does so on the website, seen there before and then known.
    pub web: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            title: 0.45,
            swapped: 0.006,
            typo: 0.008,
            nasal: 0.004,
            old_umlaut: 0.30,
            other_umlaut: 0.10,
            reading: 0.12,
            compound_cut: 0.06,
            spaced: 0.03,
            romanised: 0.70,
            married: 0.06,
            middle: 0.25,
            member_left_out: 0.38,
            member_wrong: 0.004,
            member_of_other: 0.003,
            document_missing: (0.06, 0.03),
            document_wrong: 0.003,
            document_renewed: 0.08,
            birth_wrong: 0.008,
            phone_missing: 0.22,
            agency_phone: 0.45,
            email: 0.24,
            agency: 0.40,
            corporate: 0.14,
            family: 0.24,
            group: 0.004,
            second_booking: 0.03,
            comes_back: 0.5,
            goes_on: 0.18,
            codeshare: 0.12,
            added: 0.04,
            deleted: 0.025,
            changed: 0.04,
            no_show: 0.022,
            go_show: 0.006,
            no_record: 0.005,
            offloaded: 0.002,
            changed_flight: 0.004,
            upgraded: 0.004,
            downgraded: 0.0006,
            number_replaced: 0.003,
            staff: 0.006,
            cancelled: 0.008,
            diverted: 0.002,
            repeated: 0.015,
            shuffled: 0.03,
            adl_first: 0.01,
            late: 0.02,
            corrected: 0.015,
            truncated: 0.003,
            wrong_end: 0.003,
            unscheduled: 0.003,
            card: 0.0005,
            boarding_pass: 0.01,
            web: 0.25,
        }
    }
}

impl Rates {
    /// Nothing wrong on the wire: messages arrive once, whole, in order. People stay as they are.
    #[must_use]
    pub fn clean_wire(self) -> Self {
        Self {
            repeated: 0.0,
            shuffled: 0.0,
            adl_first: 0.0,
            late: 0.0,
            corrected: 0.0,
            truncated: 0.0,
            wrong_end: 0.0,
            unscheduled: 0.0,
            card: 0.0,
            ..self
        }
    }
}
