//! A transfer message as it was sent.

use serde::Serialize;

use crate::flight::FlightDesignator;
use crate::passenger_list::{End, Flight, Title};

/// One part of a PTM.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TransferList<'t> {
    /// The arriving flight; `board` is where it comes from.
    pub flight: Option<Flight<'t>>,
    /// Where passengers change.
    pub transfer: &'t str,
    /// `PART1`.
    pub part: Option<u16>,
    /// Whether more parts follow.
    pub end: End,
    /// The message says that there is nobody.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nil: bool,
    /// In the order sent.
    pub transfers: Vec<Transfer<'t>>,
    /// Lines that are not known, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// `SK4780/14 BGO 2Y 3B HANSEN/OLEMR/KARIMRS`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Transfer<'t> {
    /// The flight they go on with.
    pub flight: FlightDesignator<'t>,
    /// Day of the month, local; the arriving flight's if None.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// Where they go.
    pub destination: &'t str,
    /// Seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// Booking class.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub class: &'t str,
    /// Checked bags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bags: Option<u16>,
    /// Their weight, and K or L.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<(u16, char)>,
    /// Who.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<TransferName<'t>>,
    /// ` .L/NABC12` and the like, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<&'t str>,
    /// Byte of the message at which the line begins.
    #[serde(skip)]
    pub at: usize,
}

/// `HANSEN/OLEMR/KARIMRS`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransferName<'t> {
    /// As sent.
    pub surname: &'t str,
    /// Given names without title, and titles.
    pub passengers: Vec<(&'t str, Option<Title>)>,
}
