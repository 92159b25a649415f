//! A service message as it was sent.

use std::borrow::Cow;

use serde::Serialize;

use crate::passenger_list::{Connection, End, Flight, Title};

/// One part of a PSM.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ServiceList<'t> {
    /// None if the flight line is missing or cannot be read.
    pub flight: Option<Flight<'t>>,
    /// `PART1`.
    pub part: Option<u16>,
    /// Whether more parts follow.
    pub end: End,
    /// In the order sent.
    pub destinations: Vec<Destination<'t>>,
    /// Lines below `SI`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplementary: Vec<&'t str>,
    /// Lines that are not known, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// `-GVA 5PAX/11SSR`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Destination<'t> {
    /// Three letters.
    pub code: &'t str,
    /// Passengers with services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passengers: Option<u16>,
    /// Services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u16>,
    /// `BLND 000F 002Y`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<ServiceCount<'t>>,
    /// `F CLASS 2PAX/3SSR`. Names before any class line are in one without a class.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cabins: Vec<Cabin<'t>>,
}

/// `BLND 000F 002Y`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceCount<'t> {
    /// `BLND`
    pub code: &'t str,
    /// Number and class.
    pub numbers: Vec<(u16, &'t str)>,
}

/// `F CLASS 2PAX/3SSR`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cabin<'t> {
    /// One letter; empty if names came before any class line.
    pub class: &'t str,
    /// Passengers with services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passengers: Option<u16>,
    /// Services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u16>,
    /// Who.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<ServedName<'t>>,
}

/// `1MILLER/JACKMR 1D` and the lines below it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ServedName<'t> {
    /// Seats.
    pub count: u16,
    /// As sent.
    pub surname: &'t str,
    /// Given names without title, and titles.
    pub passengers: Vec<(&'t str, Option<Title>)>,
    /// `1D`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<&'t str>,
    /// Onward or inbound flights; the message does not say which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<Connection<'t>>,
    /// What they need.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service<'t>>,
    /// Byte of the message at which the name begins.
    #[serde(skip)]
    pub at: usize,
}

/// `LANG SPEAKS ONLY NORWEGIAN`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service<'t> {
    /// `LANG`
    pub code: &'t str,
    /// Lines joined with a blank.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub text: Cow<'t, str>,
}

impl<'t> ServiceList<'t> {
    /// Every name with its destination and class.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str, &ServedName<'t>)> {
        self.destinations.iter().flat_map(|destination| {
            destination.cabins.iter().flat_map(move |cabin| {
                cabin.names.iter().map(move |name| (destination.code, cabin.class, name))
            })
        })
    }
}
