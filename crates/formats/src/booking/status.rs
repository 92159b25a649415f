//! Action, advice and status codes of AIRIMP: what is asked, answered or held.

use serde::Serialize;

/// A code and for how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Status<'t> {
    /// Two letters.
    pub code: &'t str,
    /// How many seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u16>,
}

/// What kind of thing a code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The sender asks or sells.
    Request,
    /// The sender answers.
    Reply,
    /// The sender says what it holds.
    Holding,
    /// The sender cancels.
    Cancel,
    /// The sender tells of a change.
    Advice,
    /// Booked elsewhere; held for information.
    Passive,
}

/// What a booking holds once a code has been acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// HK.
    Confirmed,
    /// HL.
    Waitlisted,
    /// HN: asked, not answered.
    Requested,
    /// The flight is no part of the booking any more.
    Nothing,
}

/// Code, kind, what is held afterwards, meaning.
type Row = (&'static str, Kind, Held, &'static str);

const ROWS: &[Row] = &[
    ("DS", Kind::Request, Held::Requested, "desires segment"),
    ("FS", Kind::Request, Held::Confirmed, "free sale"),
    ("IN", Kind::Request, Held::Requested, "if not holding, need"),
    ("IS", Kind::Request, Held::Confirmed, "if not holding, sold"),
    ("LL", Kind::Request, Held::Waitlisted, "add to waitlist"),
    ("NA", Kind::Request, Held::Requested, "need this or the alternative"),
    ("NN", Kind::Request, Held::Requested, "need"),
    ("PA", Kind::Request, Held::Waitlisted, "priority waitlist"),
    ("PN", Kind::Request, Held::Requested, "pending need"),
    ("PE", Kind::Request, Held::Waitlisted, "priority waitlist, no other space"),
    ("SA", Kind::Request, Held::Waitlisted, "space available"),
    ("SS", Kind::Request, Held::Confirmed, "sold"),
    ("KK", Kind::Reply, Held::Confirmed, "confirming"),
    ("KL", Kind::Reply, Held::Confirmed, "confirming from waitlist"),
    ("NO", Kind::Reply, Held::Nothing, "no action taken"),
    ("UC", Kind::Reply, Held::Nothing, "unable, waitlist closed"),
    ("UN", Kind::Reply, Held::Nothing, "unable, flight or service not offered"),
    ("US", Kind::Reply, Held::Waitlisted, "unable to accept sale, waitlisted"),
    ("UU", Kind::Reply, Held::Waitlisted, "unable, waitlisted"),
    ("HK", Kind::Holding, Held::Confirmed, "holding confirmed"),
    ("HI", Kind::Holding, Held::Confirmed, "holding confirmed, document issued"),
    ("HL", Kind::Holding, Held::Waitlisted, "holding on waitlist"),
    ("HN", Kind::Holding, Held::Requested, "holding, reply awaited"),
    ("HS", Kind::Holding, Held::Confirmed, "holding sold"),
    ("RR", Kind::Holding, Held::Confirmed, "reconfirmed"),
    ("HX", Kind::Cancel, Held::Nothing, "have cancelled"),
    ("IX", Kind::Cancel, Held::Nothing, "if holding, cancel"),
    ("OX", Kind::Cancel, Held::Nothing, "cancel if the alternative is available"),
    ("XK", Kind::Cancel, Held::Nothing, "cancelled, no message"),
    ("XL", Kind::Cancel, Held::Nothing, "cancel from waitlist"),
    ("XR", Kind::Cancel, Held::Nothing, "cancellation recommended"),
    ("XX", Kind::Cancel, Held::Nothing, "cancel"),
    ("SC", Kind::Advice, Held::Confirmed, "schedule changed"),
    ("TK", Kind::Advice, Held::Confirmed, "holding confirmed, new times"),
    ("TL", Kind::Advice, Held::Waitlisted, "holding on waitlist, new times"),
    ("TN", Kind::Advice, Held::Requested, "reply awaited, new times"),
    ("WK", Kind::Advice, Held::Nothing, "was confirmed"),
    ("WL", Kind::Advice, Held::Nothing, "was on waitlist"),
    ("WN", Kind::Advice, Held::Nothing, "was requested"),
    ("BK", Kind::Passive, Held::Confirmed, "booked elsewhere"),
    ("BL", Kind::Passive, Held::Waitlisted, "waitlisted elsewhere"),
    ("GK", Kind::Passive, Held::Confirmed, "booked elsewhere"),
    ("GL", Kind::Passive, Held::Waitlisted, "waitlisted elsewhere"),
    ("GN", Kind::Passive, Held::Requested, "requested elsewhere"),
    ("MK", Kind::Passive, Held::Confirmed, "booked elsewhere, no message"),
    ("PB", Kind::Passive, Held::Confirmed, "passive booking"),
    ("PK", Kind::Passive, Held::Confirmed, "passive, confirmed"),
    ("PL", Kind::Passive, Held::Waitlisted, "passive, on waitlist"),
    ("PU", Kind::Passive, Held::Confirmed, "passive, updated"),
    ("PX", Kind::Passive, Held::Nothing, "passive, cancelled"),
    ("YK", Kind::Passive, Held::Confirmed, "booked elsewhere, no message"),
    ("YG", Kind::Passive, Held::Confirmed, "booked elsewhere"),
];

fn row(code: &str) -> Option<&'static Row> {
    ROWS.iter().find(|(name, ..)| *name == code)
}

/// A known code.
#[must_use]
pub fn is_known(code: &str) -> bool {
    row(code).is_some()
}

impl Status<'_> {
    /// What kind of thing it says.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        row(self.code).map(|(_, kind, ..)| *kind)
    }

    /// What the booking holds once the receiver has acted upon it: KK leads to HK, US to HL, UC to
    /// nothing.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        row(self.code).map(|(_, _, held, _)| *held)
    }

    /// In plain English.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        row(self.code).map(|(.., meaning)| *meaning)
    }
}
