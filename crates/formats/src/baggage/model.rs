//! Records of baggage information messages.

use serde::Serialize;

use crate::flight::{Airport, FlightDesignator};
use crate::when::DayMonth;

/// Which message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Source: checked in or transferred, to be sorted.
    Bsm,
    /// Processed: seen, loaded, screened.
    Bpm,
    /// Transfer: arriving with a flight, leaving with another.
    Btm,
    /// Unload.
    Bum,
    /// Not seen.
    Bns,
    /// Control: flight opened, closed, acknowledgements.
    Bcm,
    /// Manifest.
    Bmm,
    /// Request.
    Brq,
}

impl Kind {
    /// Reads the three letters.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Some(match text {
            "BSM" => Self::Bsm,
            "BPM" => Self::Bpm,
            "BTM" => Self::Btm,
            "BUM" => Self::Bum,
            "BNS" => Self::Bns,
            "BCM" => Self::Bcm,
            "BMM" => Self::Bmm,
            "BRQ" => Self::Brq,
            _ => return None,
        })
    }
}

/// One baggage information message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message<'t> {
    /// Which message.
    pub kind: Kind,
    /// `CHG`, `DEL`, `FOM`, … below the identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<&'t str>,
    /// In order: repeated elements belong to what stands before them.
    pub elements: Vec<Element<'t>>,
    /// Lines that are no elements, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
    /// `ENDBSM` was there.
    pub ended: bool,
}

/// `.X/…`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Element<'t> {
    /// The letter.
    pub code: char,
    /// Everything after the first slash, word for word.
    pub text: &'t str,
    /// What it says, if it is typed.
    #[serde(skip_serializing_if = "Body::is_verbatim")]
    pub body: Body<'t>,
}

/// What an element says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body<'t> {
    /// `.V/1LLHR/1/…`: version, source, station.
    Version {
        /// Of the data dictionary.
        version: Option<u32>,
        /// L local, T transfer, X terminating, R remote.
        source: Option<char>,
        /// Where the bag is.
        station: Option<Airport>,
    },
    /// `.F/CA1501/05FEB/SHA/Y`: leaving with.
    Outbound(FlightPoint<'t>),
    /// `.I/…`: arrived with.
    Inbound(FlightPoint<'t>),
    /// `.O/…`: going on with.
    Onward(FlightPoint<'t>),
    /// `.N/0999781487002`.
    Tags(BagTags<'t>),
    /// `.S/Y/12A/C/051/…`.
    Status(Status<'t>),
    /// `.W/K/2/31`.
    Weight(Weight),
    /// `.P/2ZHANG/WEIMR/XINMS`.
    Names(Names<'t>),
    /// `.J/S/AGENT/SCANNER/05FEB/1059L/PLACE`.
    Processing(Processing<'t>),
    /// `.L/K2XQ9A`.
    Locator(&'t str),
    /// `.Y/CA123456789/G`: frequent flyer.
    FrequentFlyer {
        /// Airline and number as written.
        number: &'t str,
        /// Tier, if told.
        tier: Option<&'t str>,
    },
    /// `.E/PRIO`: exceptions.
    Exceptions(Vec<&'t str>),
    /// Everything else: the text says it.
    Verbatim,
}

impl Body<'_> {
    /// Nothing beyond the element's text.
    #[must_use]
    pub const fn is_verbatim(&self) -> bool {
        matches!(self, Self::Verbatim)
    }
}

/// Flight, day, station, class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FlightPoint<'t> {
    /// The flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flight: Option<FlightDesignator<'t>>,
    /// Local day of departure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<DayMonth>,
    /// Destination; of an inbound flight the origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<Airport>,
    /// Booking class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'t str>,
}

/// Ten digits and how many tags in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BagTags<'t> {
    /// The first licence plate: leading digit, airline's three digits, six of number.
    pub first: &'t str,
    /// 1 to 999.
    pub count: u16,
}

impl BagTags<'_> {
    /// All licence plates, ten digits each. The six digits of the number wrap around.
    pub fn plates(&self) -> impl Iterator<Item = String> {
        let issuer = self.first.get(..4).unwrap_or_default();
        let number: u32 = self.first.get(4..).and_then(|text| text.parse().ok()).unwrap_or(0);
        (0..u32::from(self.count))
            .map(move |next| format!("{issuer}{:06}", (number + next) % 1_000_000))
    }
}

/// `.S`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Status<'t> {
    /// Y: may be loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_load: Option<bool>,
    /// Seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<&'t str>,
    /// Of the passenger: C checked in, B boarded, N not checked in, S standby.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passenger: Option<&'t str>,
    /// Check-in sequence number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<&'t str>,
    /// Security number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<&'t str>,
    /// Y: may be carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_transport: Option<bool>,
    /// Of the tag: A active, I inactive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<&'t str>,
}

/// `.W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Weight {
    /// K kilograms, L pounds, P pieces only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<char>,
    /// Checked pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u32>,
    /// Of all of them, in the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
}

/// `.P`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Names<'t> {
    /// Said before the surname; of the given names if not.
    pub count: u32,
    /// Surname.
    pub surname: &'t str,
    /// Given names with their titles, one for each person.
    pub given: Vec<&'t str>,
}

/// `.J`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Processing<'t> {
    /// Kind of place: S sorting, L loading, R receiving and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_kind: Option<&'t str>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<&'t str>,
    /// With what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<&'t str>,
    /// Day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<DayMonth>,
    /// HHMM or HHMMSS, L local or Z UTC, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<&'t str>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<&'t str>,
}

/// Elements that belong together: one passenger's or one flight's bags.
#[derive(Clone, Copy, Debug)]
pub struct Group<'m, 't> {
    /// Elements before all groups (version, inbound flight of a transfer) and of the group.
    pub shared: &'m [Element<'t>],
    /// Of this group.
    pub own: &'m [Element<'t>],
    outbound: Option<&'m FlightPoint<'t>>,
    inbound: Option<&'m FlightPoint<'t>>,
}

impl<'m, 't> Group<'m, 't> {
    /// Takes note of the flights among `elements`.
    fn pass(&mut self, elements: &'m [Element<'t>]) {
        for element in elements {
            match &element.body {
                Body::Outbound(point) => self.outbound = Some(point),
                Body::Inbound(point) => self.inbound = Some(point),
                _ => {}
            }
        }
    }

    fn bodies(&self) -> impl Iterator<Item = &'m Body<'t>> {
        self.own.iter().chain(self.shared).map(|element| &element.body)
    }

    /// The flight the bags leave with: the last one named before or among them.
    #[must_use]
    pub const fn outbound(&self) -> Option<&'m FlightPoint<'t>> {
        self.outbound
    }

    /// The flight the bags came with.
    #[must_use]
    pub const fn inbound(&self) -> Option<&'m FlightPoint<'t>> {
        self.inbound
    }

    /// The bags.
    pub fn tags(&self) -> impl Iterator<Item = &'m BagTags<'t>> {
        self.own.iter().filter_map(|element| match &element.body {
            Body::Tags(tags) => Some(tags),
            _ => None,
        })
    }

    /// The people.
    pub fn names(&self) -> impl Iterator<Item = &'m Names<'t>> {
        self.own.iter().filter_map(|element| match &element.body {
            Body::Names(names) => Some(names),
            _ => None,
        })
    }

    /// The booking.
    #[must_use]
    pub fn locator(&self) -> Option<&'t str> {
        self.bodies().find_map(|body| match body {
            Body::Locator(locator) => Some(*locator),
            _ => None,
        })
    }

    /// Seat, authority to load and so on.
    #[must_use]
    pub fn status(&self) -> Option<&'m Status<'t>> {
        self.bodies().find_map(|body| match body {
            Body::Status(status) => Some(status),
            _ => None,
        })
    }
}

impl<'t> Message<'t> {
    /// The station of `.V`.
    #[must_use]
    pub fn station(&self) -> Option<Airport> {
        self.elements.iter().find_map(|element| match element.body {
            Body::Version { station, .. } => station,
            _ => None,
        })
    }

    /// The bags of one passenger or group each: a new one begins with the first tag or outbound
    /// flight after something that was said about the tags before.
    #[must_use]
    pub fn groups(&self) -> Vec<Group<'_, 't>> {
        let is = |element: &Element<'t>, codes: &str| codes.contains(element.code);
        let begin = self.elements.iter().position(|element| !is(element, "VI"));
        let Some(begin) = begin else { return Vec::new() };
        let (shared, rest) = self.elements.split_at_checked(begin).unwrap_or_default();
        let mut groups = Vec::new();
        let mut group = Group { shared, own: &[], outbound: None, inbound: None };
        group.pass(shared);
        let (mut from, mut tagged, mut told) = (0, false, false);
        for (at, element) in rest.iter().enumerate() {
            let next = (is(element, "FI") && tagged) || (is(element, "N") && tagged && told);
            if next {
                group.own = rest.get(from..at).unwrap_or_default();
                group.pass(group.own);
                groups.push(group);
                (from, tagged, told) = (at, false, false);
            }
            tagged |= is(element, "N");
            told |= tagged && is(element, "PSL");
        }
        group.own = rest.get(from..).unwrap_or_default();
        group.pass(group.own);
        groups.push(group);
        groups
    }
}
