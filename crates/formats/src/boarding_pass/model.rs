//! A boarding pass as a record. Blank columns are `None`.

use serde::Serialize;

use crate::flight::Airport;
use crate::names::Name;

/// One pass: a passenger on one to nine legs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BoardingPass<'t> {
    /// `SURNAME/GIVEN` as printed, without the padding; at most 20 characters, so it may be cut.
    pub name: &'t str,
    /// The pass stands for an electronic ticket. Some airlines leave this blank all the same.
    pub electronic_ticket: bool,
    /// 1 to 8 by the book, any character in life; none if there are no conditional items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<char>,
    /// Items about the pass as a whole.
    #[serde(skip_serializing_if = "Issue::is_empty")]
    pub issue: Issue<'t>,
    /// In the order flown.
    pub legs: Vec<Leg<'t>>,
    /// Signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<Security<'t>>,
    /// Whatever followed the last field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<&'t str>,
}

/// Conditional items about the pass as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Issue<'t> {
    /// 0 adult, 1 male, 2 female, 3 child, 4 infant, 5 no passenger, 6 adult with infant, 7
    /// unaccompanied minor; X and U (version 8) unspecified and undisclosed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passenger_description: Option<char>,
    /// W web, K kiosk, R remote kiosk, M mobile, O airport agent, T town agent, V third party, A
    /// automatic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_in_source: Option<char>,
    /// As above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuance_source: Option<char>,
    /// Last digit of the year, and day of the year: `6225`. See [`BoardingPass::issued_on`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<(u8, u16)>,
    /// B boarding pass, I itinerary receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_type: Option<char>,
    /// Airline that issued the pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<&'t str>,
    /// Up to three runs of bag tags: 13 characters, a leading digit, the airline's three, six of the
    /// tag, and three for how many follow it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bag_tags: Vec<&'t str>,
}

impl Issue<'_> {
    /// Nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One flight of the pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Leg<'t> {
    /// Record locator of the operating carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<&'t str>,
    /// Board point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Airport>,
    /// Off point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Airport>,
    /// Operating carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<&'t str>,
    /// Flight number without leading zeros.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Operational suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<char>,
    /// 1 to 366. See [`BoardingPass::flown_on`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_year: Option<u16>,
    /// Compartment code: a cabin or a booking class, as the airline likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compartment: Option<char>,
    /// As printed: `001A`, `28C`, `INF`, `GATE`. See [`Leg::seat_label`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<&'t str>,
    /// Check-in sequence number as printed: `0025`, `001D`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<&'t str>,
    /// 0 not checked in, 1 checked in, 2 bag not yet checked, 3 and 4 documents, 5 and 6 standby, 7
    /// revalidation, 8 original board line used, 9 up or down grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<char>,
    /// First three digits of the ticket number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airline_numeric: Option<&'t str>,
    /// The other ten digits of the ticket number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_serial: Option<&'t str>,
    /// 0 no, 1 selectee, 3 known passenger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selectee: Option<char>,
    /// 0 not required, 1 required, 2 done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_check: Option<char>,
    /// Marketing carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing_carrier: Option<&'t str>,
    /// Airline of the frequent-flyer programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<&'t str>,
    /// Number in that programme, as printed: some airlines append `/P` for the tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequent_flyer: Option<&'t str>,
    /// Industry or agency discount: 0 to 9, A to F.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<char>,
    /// `20K`, `2PC`, `50L`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_bags: Option<&'t str>,
    /// Y, N, or Q (from version 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fast_track: Option<char>,
    /// The airline's own data, blanks included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private: Option<&'t str>,
}

/// `^`, a type, a length and a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Security<'t> {
    /// 1 to 9; 1 is the resolution's own, 4 the American agency's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<char>,
    /// The signature.
    pub data: &'t str,
}

impl<'t> BoardingPass<'t> {
    /// Surname, given names and title.
    #[must_use]
    pub fn passenger(&self) -> Name<'t> {
        Name::read(self.name)
    }

    /// The name fills its 20 columns: it may have been cut.
    #[must_use]
    pub fn name_may_be_cut(&self) -> bool {
        self.name.chars().count() >= 20
    }
}

impl<'t> Leg<'t> {
    /// Thirteen digits: the airline's three and the document's ten.
    #[must_use]
    pub fn ticket(&self) -> Option<String> {
        let (airline, serial) = (self.airline_numeric?, self.document_serial?);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = airline.len() == 3 && serial.len() == 10 && digits(airline) && digits(serial);
        (fits && serial != "0000000000").then(|| format!("{airline}{serial}"))
    }

    /// `1A` for `001A`; none for `INF`, `GATE` and the like.
    #[must_use]
    pub fn seat_label(&self) -> Option<&'t str> {
        let seat = self.seat?.trim_start_matches('0');
        seat.starts_with(|first: char| first.is_ascii_digit()).then_some(seat)
    }

    /// The check-in sequence as a number: 25 for `0025`.
    #[must_use]
    pub fn sequence_number(&self) -> Option<u32> {
        let digits = self.sequence?.trim_end_matches(|last: char| !last.is_ascii_digit());
        digits.trim_start().parse().ok()
    }
}
