//! An order message as a record, the same for all versions. Empty fields are left out of the tree.

use std::borrow::Cow;

use serde::Serialize;

use crate::flight::Airport;
use crate::when::{Day, TimeOfDay};

type Word<'t> = Cow<'t, str>;

fn blank(word: &Word<'_>) -> bool {
    word.is_empty()
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message<'t> {
    /// Local name of the message element: `IATA_OrderViewRS`.
    #[serde(skip_serializing_if = "blank")]
    pub name: Word<'t>,
    /// Which family of schemas it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// As the message says (`17.2`, `19.2`), else from its namespace (`2019.2`).
    #[serde(skip_serializing_if = "blank")]
    pub version: Word<'t>,
    /// Orders.
    pub orders: Vec<Order<'t>>,
    /// Everybody in it.
    pub passengers: Vec<Passenger<'t>>,
    /// Flights.
    pub segments: Vec<Segment<'t>>,
    /// E-mail addresses, telephone numbers and postal addresses that passengers refer to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactInfo<'t>>,
    /// Tickets and other documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<TicketDocument<'t>>,
    /// Errors and warnings of the sender.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem<'t>>,
}

/// Families of schemas. Elements have other names and places in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// 15.2 to 17.2.
    Edist,
    /// 18.1 to 20.x: a namespace for each message.
    PerMessage,
    /// 21.3 and later: `IATA_OffersAndOrders…` with common types.
    CommonTypes,
}

/// What the sender complains about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Problem<'t> {
    /// `Error` or `Warning`.
    pub kind: Word<'t>,
    /// Code.
    #[serde(skip_serializing_if = "blank")]
    pub code: Word<'t>,
    /// Text.
    #[serde(skip_serializing_if = "blank")]
    pub text: Word<'t>,
}

/// An order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Order<'t> {
    /// Order id.
    #[serde(skip_serializing_if = "blank")]
    pub id: Word<'t>,
    /// Airline that owns it.
    #[serde(skip_serializing_if = "blank")]
    pub owner: Word<'t>,
    /// As the sender calls it: OPENED, CLOSED, OPEN, DRAFT ….
    #[serde(skip_serializing_if = "blank")]
    pub status: Word<'t>,
    /// What it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Money<'t>>,
    /// Record locators of airlines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bookings: Vec<BookingReference<'t>>,
    /// What was ordered.
    pub items: Vec<Item<'t>>,
}

/// An amount of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Money<'t> {
    /// Decimal, as written.
    pub amount: Word<'t>,
    /// Three letters.
    #[serde(skip_serializing_if = "blank")]
    pub currency: Word<'t>,
}

/// A record locator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BookingReference<'t> {
    /// Airline or system it is of.
    #[serde(skip_serializing_if = "blank")]
    pub system: Word<'t>,
    /// `T72IXL`.
    pub locator: Word<'t>,
}

/// A priced part of an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Item<'t> {
    /// Item id.
    #[serde(skip_serializing_if = "blank")]
    pub id: Word<'t>,
    /// Airline that owns it.
    #[serde(skip_serializing_if = "blank")]
    pub owner: Word<'t>,
    /// Status.
    #[serde(skip_serializing_if = "blank")]
    pub status: Word<'t>,
    /// Price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money<'t>>,
    /// Services: one flight or extra for one passenger, or for several.
    pub services: Vec<Service<'t>>,
}

/// A service: what is delivered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Service<'t> {
    /// Service id.
    #[serde(skip_serializing_if = "blank")]
    pub id: Word<'t>,
    /// [`Passenger::id`] of whom it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passengers: Vec<Word<'t>>,
    /// [`Segment::id`] of what it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Word<'t>>,
    /// Status: HK, CONFIRMED ….
    #[serde(skip_serializing_if = "blank")]
    pub status: Word<'t>,
    /// Delivery status: READY TO PROCEED, DELIVERED ….
    #[serde(skip_serializing_if = "blank")]
    pub delivery: Word<'t>,
    /// Id of the definition of an extra.
    #[serde(skip_serializing_if = "blank")]
    pub definition: Word<'t>,
    /// Row and column.
    #[serde(skip_serializing_if = "blank")]
    pub seat: Word<'t>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Passenger<'t> {
    /// By which others refer to this person.
    pub id: Word<'t>,
    /// PTC: ADT, CHD, INF ….
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Surname.
    #[serde(skip_serializing_if = "blank")]
    pub surname: Word<'t>,
    /// Given names; several are joined by blanks.
    #[serde(skip_serializing_if = "blank")]
    pub given: Word<'t>,
    /// Title.
    #[serde(skip_serializing_if = "blank")]
    pub title: Word<'t>,
    /// Birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<Day>,
    /// M, F, X, U, or words.
    #[serde(skip_serializing_if = "blank")]
    pub sex: Word<'t>,
    /// The adult of an infant.
    #[serde(skip_serializing_if = "blank")]
    pub adult: Word<'t>,
    /// [`ContactInfo::id`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact_refs: Vec<Word<'t>>,
    /// Contacts that stand in the passenger.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactInfo<'t>>,
    /// Memberships of this person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<Membership<'t>>,
    /// Numbers of the person's company with an airline (CLID). Never memberships.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companies: Vec<Company<'t>>,
    /// Travel documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<IdentityDocument<'t>>,
}

/// A number in a frequent-flyer programme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Membership<'t> {
    /// Airline of the programme.
    #[serde(skip_serializing_if = "blank")]
    pub airline: Word<'t>,
    /// Number.
    pub number: Word<'t>,
    /// Name of the programme.
    #[serde(skip_serializing_if = "blank")]
    pub programme: Word<'t>,
    /// Tier.
    #[serde(skip_serializing_if = "blank")]
    pub tier: Word<'t>,
}

/// A company's number with an airline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Company<'t> {
    /// The airline.
    #[serde(skip_serializing_if = "blank")]
    pub airline: Word<'t>,
    /// The number.
    pub number: Word<'t>,
}

/// A travel document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IdentityDocument<'t> {
    /// PT, P, ID …, as written.
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Number.
    pub number: Word<'t>,
    /// Country that issued it.
    #[serde(skip_serializing_if = "blank")]
    pub issued_by: Word<'t>,
    /// Nationality.
    #[serde(skip_serializing_if = "blank")]
    pub nationality: Word<'t>,
    /// Last day of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
}

/// How to reach somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ContactInfo<'t> {
    /// By which passengers refer to it.
    #[serde(skip_serializing_if = "blank")]
    pub id: Word<'t>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Word<'t>>,
    /// Telephone numbers: country code, area and number as far as written, with a plus sign if there
    /// is a country code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Street, city, postal code, country.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<Word<'t>>,
}

/// Where and when a flight departs or arrives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// Airport.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airport: Option<Airport>,
    /// Local day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Local time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
}

/// A flight.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Segment<'t> {
    /// By which services refer to it.
    #[serde(skip_serializing_if = "blank")]
    pub id: Word<'t>,
    /// Marketing carrier.
    #[serde(skip_serializing_if = "blank")]
    pub carrier: Word<'t>,
    /// Flight number.
    #[serde(skip_serializing_if = "blank")]
    pub number: Word<'t>,
    /// Operating carrier.
    #[serde(skip_serializing_if = "blank")]
    pub operating: Word<'t>,
    /// Flight number of the operating carrier.
    #[serde(skip_serializing_if = "blank")]
    pub operating_number: Word<'t>,
    /// Booking class.
    #[serde(skip_serializing_if = "blank")]
    pub class: Word<'t>,
    /// Cabin.
    #[serde(skip_serializing_if = "blank")]
    pub cabin: Word<'t>,
    /// Departure.
    pub departure: Stop,
    /// Arrival.
    pub arrival: Stop,
    /// Id of a marketing or operating segment that tells the rest (21.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refers_to: Vec<Word<'t>>,
}

/// Tickets issued to one passenger.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TicketDocument<'t> {
    /// [`Passenger::id`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passengers: Vec<Word<'t>>,
    /// Record locators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bookings: Vec<BookingReference<'t>>,
    /// The tickets.
    pub tickets: Vec<Ticket<'t>>,
}

/// A ticket or another document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ticket<'t> {
    /// As written; thirteen digits by the book.
    pub number: Word<'t>,
    /// T ticket, J electronic miscellaneous document, Y ….
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Day of issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Day>,
    /// Coupons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<Coupon<'t>>,
}

/// A coupon.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coupon<'t> {
    /// 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u8>,
    /// I, F, O, R, E ….
    #[serde(skip_serializing_if = "blank")]
    pub status: Word<'t>,
    /// [`Segment::id`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Word<'t>>,
}
