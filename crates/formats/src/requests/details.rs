//! The meaning of one request.

use serde::Serialize;

/// What a request says, by its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Details<'t> {
    /// DOCS, PSPT: a travel document.
    Document(Document<'t>),
    /// DOCA: an address for the authorities.
    Address(Address<'t>),
    /// DOCO: a visa or another document.
    Visa(Visa<'t>),
    /// TKNE, TKNA, TKNM: a ticket.
    Ticket(TicketCoupon),
    /// FQTV, FQTR, FQTU, FQTS: a membership.
    Membership(Membership<'t>),
    /// CTCE, CTCM, CTCR, CTCH, CTCB, CTCT, CTCP, CTCF.
    Contact(super::Contact<'t>),
    /// INFT, INF: an infant on somebody's lap.
    Infant(Infant<'t>),
    /// CHLD: a child's birth, `05APR10`.
    Child(&'t str),
    /// FOID: identification.
    Identity(Identity<'t>),
    /// CLID, and OSI with CLID: a company's number with the airline. Never a member.
    Company(&'t str),
}

/// As written in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// M, MI.
    Male,
    /// F, FI.
    Female,
    /// U.
    Undisclosed,
    /// X.
    Unspecified,
}

/// `P/GBR/512731999/GBR/20SEP12/FI/25OCT17/BELT/SOPHY OLIVIA/MIDDLE/H`. Empty fields are empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document<'t> {
    /// P passport, I identity card, V visa, C, A, AC, IP, F ….
    #[serde(skip_serializing_if = "str::is_empty")]
    pub kind: &'t str,
    /// Country that issued it, two or three letters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub issued_by: &'t str,
    /// Number of the document.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub number: &'t str,
    /// Two or three letters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub nationality: &'t str,
    /// `20SEP12` or `20SEP2012`; see [`super::born_on`].
    #[serde(skip_serializing_if = "str::is_empty")]
    pub born: &'t str,
    /// M, F, U, X; with an I behind it the document is an infant's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The document is of an infant.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub infant: bool,
    /// `25OCT17`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub expires: &'t str,
    /// Surname.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub surname: &'t str,
    /// First given name.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub given: &'t str,
    /// Second given name.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub middle: &'t str,
    /// The passport is of several people, and this one is its holder.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub holder: bool,
}

/// `R/US/STREET/CITY/STATE/ZIP`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Address<'t> {
    /// R residence, D destination.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub kind: &'t str,
    /// Two or three letters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub country: &'t str,
    /// House and street.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub street: &'t str,
    /// City.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub city: &'t str,
    /// State, province.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub state: &'t str,
    /// Postal code.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub postal_code: &'t str,
}

/// `BIRTH PLACE/V/17317323/LONDON/18MAR17/USA`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Visa<'t> {
    /// Where the passenger was born.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub birth_place: &'t str,
    /// V visa, K known traveller, R redress.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub kind: &'t str,
    /// Number of the document.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub number: &'t str,
    /// Where it was issued.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub issued_at: &'t str,
    /// `18MAR17`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub issued: &'t str,
    /// Country it is valid for.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub country: &'t str,
}

/// A ticket and, if said, the coupon of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct TicketCoupon {
    /// Thirteen digits; ten if the sender left out the airline's three.
    pub number: String,
    /// 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<u8>,
    /// The ticket is of the infant on the passenger's lap.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub infant: bool,
}

/// A number in a frequent-flyer programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Membership<'t> {
    /// Airline of the programme.
    pub airline: &'t str,
    /// The number, without the airline before it.
    pub number: &'t str,
    /// Tier and other text behind it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub rest: &'t str,
}

/// An infant without a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Infant<'t> {
    /// Surname.
    pub surname: &'t str,
    /// Given names.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub given: &'t str,
    /// `20SEP12`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub born: &'t str,
}

/// `PP0306355301`, `NI110105194912310021`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity<'t> {
    /// PP passport, NI national identity, FF frequent flyer, CC card, DL driving licence, ID locally
    /// defined, TN ticket, CN confirmation, BC; empty if the sender did not say.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub kind: &'t str,
    /// The number. Empty for a payment card, whose number is never kept.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub number: &'t str,
}
