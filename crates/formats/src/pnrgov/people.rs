//! The people of a booking, what is asked for them and what they pay.

use serde::Serialize;

use super::{Stamp, Word, blank};
use crate::flight::Airport;

/// An address or a telephone number.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Address<'t> {
    /// 700 postal, 701 contact, 702 billing.
    #[serde(skip_serializing_if = "blank")]
    pub purpose: Word<'t>,
    /// House and street.
    #[serde(skip_serializing_if = "blank")]
    pub street: Word<'t>,
    /// City.
    #[serde(skip_serializing_if = "blank")]
    pub city: Word<'t>,
    /// State or province.
    #[serde(skip_serializing_if = "blank")]
    pub state: Word<'t>,
    /// Two letters.
    #[serde(skip_serializing_if = "blank")]
    pub country: Word<'t>,
    /// Postal code. Some senders put the telephone number here.
    #[serde(skip_serializing_if = "blank")]
    pub postal_code: Word<'t>,
    /// Telephone number or free text.
    #[serde(skip_serializing_if = "blank")]
    pub text: Word<'t>,
}

/// A special service request (SSR). See [`Request::details`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request<'t> {
    /// `DOCS`, `VGML`, `WCHR`.
    pub code: Word<'t>,
    /// `HK`, `NN`.
    pub status: Word<'t>,
    /// How many.
    pub count: Option<u16>,
    /// Airline asked.
    pub airline: Word<'t>,
    /// Board point, if the request is about one flight.
    pub from: Option<Airport>,
    /// Off point.
    pub to: Option<Airport>,
    /// Free text.
    pub text: Word<'t>,
    /// Whom it is for, and with which seat.
    pub targets: Vec<Target<'t>>,
}

/// A passenger that a request is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Target<'t> {
    /// Seat or measure: `15A`.
    #[serde(skip_serializing_if = "blank")]
    pub value: Word<'t>,
    /// [`Passenger::reference`].
    #[serde(skip_serializing_if = "blank")]
    pub passenger: Word<'t>,
}

/// A text of an IFT segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Note<'t> {
    /// 28 OSI, 15 fare calculation, 43 sponsor, 63 attribute, 733 group name.
    #[serde(skip_serializing_if = "blank")]
    pub subject: Word<'t>,
    /// Airline it is for.
    #[serde(skip_serializing_if = "blank")]
    pub airline: Word<'t>,
    /// The text, elements joined by blanks.
    #[serde(skip_serializing_if = "blank")]
    pub text: Word<'t>,
}

/// A person in the booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Passenger<'t> {
    /// Surname.
    pub surname: Word<'t>,
    /// Given names, with a title glued or spaced to them; see [`Passenger::name`].
    #[serde(skip_serializing_if = "blank")]
    pub given: Word<'t>,
    /// A adult, C child, IN infant, and what senders invent; empty if not said.
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// By which other segments name this person: `2`, `1.1`.
    #[serde(skip_serializing_if = "blank")]
    pub reference: Word<'t>,
    /// Not a person but a group whose members are not named, or not all of them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub group: bool,
    /// Travels with an infant on the lap.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub with_infant: bool,
    /// Memberships.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<Programme<'t>>,
    /// Requests for this person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request<'t>>,
    /// Texts about this person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note<'t>>,
    /// Addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address<'t>>,
    /// Unique references in other systems (REF).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Word<'t>>,
    /// Fare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fare: Option<Fare<'t>>,
    /// Excess baggage as written (EBD).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excess_bags: Vec<&'t str>,
    /// Tickets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket<'t>>,
}

/// A frequent-flyer membership.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Programme<'t> {
    /// Airline of the programme.
    pub airline: Word<'t>,
    /// Number.
    pub number: Word<'t>,
    /// Tier, as text or as a letter.
    #[serde(skip_serializing_if = "blank")]
    pub tier: Word<'t>,
}

/// What kind of fare is paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fare<'t> {
    /// N normal, A … by the code list of the sender.
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Fare basis or discount: `MIL24`.
    #[serde(skip_serializing_if = "blank")]
    pub basis: Word<'t>,
}

/// A ticket, its price and how it was paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ticket<'t> {
    /// As written; see [`Ticket::thirteen`].
    pub number: Word<'t>,
    /// T ticket, E, J ….
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Booklets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booklets: Option<u16>,
    /// Amounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub money: Vec<Money<'t>>,
    /// Taxes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax<'t>>,
    /// Pricing details as written (PTK).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing: Option<&'t str>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Stamp::is_empty")]
    pub issued: Stamp,
    /// Forms of payment, without card numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment<'t>>,
}

/// `T:2957.94:GBP`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Money<'t> {
    /// B base, T total, E equivalent.
    pub kind: Word<'t>,
    /// Decimal, as written.
    pub amount: Word<'t>,
    /// Three letters.
    #[serde(skip_serializing_if = "blank")]
    pub currency: Word<'t>,
}

/// `8.50:::YQ`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tax<'t> {
    /// Code: `YQ`.
    #[serde(skip_serializing_if = "blank")]
    pub code: Word<'t>,
    /// Decimal, as written.
    pub amount: Word<'t>,
    /// Three letters.
    #[serde(skip_serializing_if = "blank")]
    pub currency: Word<'t>,
}

/// A form of payment. Neither the number nor the expiry of a card is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Payment<'t> {
    /// CC card, CA cash, MS miscellaneous, CK cheque.
    pub form: Word<'t>,
    /// Decimal, as written.
    #[serde(skip_serializing_if = "blank")]
    pub amount: Word<'t>,
    /// Card scheme: `VI`.
    #[serde(skip_serializing_if = "blank")]
    pub scheme: Word<'t>,
    /// Last four digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_four: String,
    /// Who pays, if it is somebody else: name, address and telephone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payer: Vec<Word<'t>>,
}
