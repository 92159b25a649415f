//! What became of a passenger: the decision table, pure.
//!
//! Sources are asked in order: the ticket's coupon, the lists of who flew (PRL, ETL), the list of
//! exceptions (PFS) together with who was booked (PNL), the boarding pass at the gate.

mod latest;
mod segment;
mod settle;
#[cfg(test)]
mod tests;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$each])* $variant),*
        }

        impl $name {
            /// All of them, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As kept, exchanged and used in text keys.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The word read back.
            #[must_use]
            pub fn read(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|of| of.as_str() == word)
            }
        }
    };
}

words! {
    /// What became of a passenger of a flight.
    Outcome {
        /// Booked; the flight is not settled yet.
        Booked = "booked",
        /// Flew as booked.
        Flown = "flown",
        /// Flew without a booking the list knew, having asked to be taken along.
        GoShow = "go-show",
        /// Flew with a booking the list did not know.
        NoRecord = "no-record",
        /// Booked and did not come.
        NoShow = "no-show",
        /// Checked in and taken off again.
        Offloaded = "offloaded",
        /// Came and was not taken, for want of a seat.
        Denied = "denied",
        /// Waited for a seat and got none.
        NotCarried = "not-carried",
        /// Flew on another flight instead.
        Moved = "moved",
        /// The ticket was given back.
        Refunded = "refunded",
        /// The ticket was exchanged.
        Changed = "changed",
        /// The booking was taken back before departure.
        Cancelled = "cancelled",
        /// The flight was.
        FlightCancelled = "flight-cancelled",
        /// Waits for a seat.
        Waitlisted = "waitlisted",
        /// Sources say nothing usable, or an unknown word.
        Unclear = "unclear",
    }
}

words! {
    /// What an outcome rests on, best first.
    Basis {
        /// The status of the ticket's coupon.
        Coupon = "coupon",
        /// The list of those who flew.
        Prl = "prl",
        /// The list of electronic tickets that flew.
        Etl = "etl",
        /// The list of exceptions, with the list of those booked.
        Pfs = "pfs",
        /// A boarding pass read at the gate.
        Scan = "scan",
        /// The booking alone.
        Booking = "booking",
        /// What happened to the flight.
        Flight = "flight",
    }
}

words! {
    /// A cabin other than the one booked.
    ClassChange {
        /// None.
        None = "",
        /// A better one.
        Upgrade = "upgrade",
        /// A worse one.
        Downgrade = "downgrade",
        /// Told to be another, not which.
        Changed = "changed",
    }
}

impl Outcome {
    /// The passenger was carried.
    #[must_use]
    pub const fn is_flown(self) -> bool {
        matches!(self, Self::Flown | Self::GoShow | Self::NoRecord)
    }

    /// Nothing more is to be expected.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        !matches!(self, Self::Booked | Self::Waitlisted | Self::Unclear)
    }

    /// Something went otherwise than planned, which somebody may want to look at.
    #[must_use]
    pub const fn is_irregular(self) -> bool {
        matches!(self, Self::Offloaded | Self::Denied | Self::NotCarried | Self::Unclear)
    }
}

/// Where the booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booking {
    /// Confirmed.
    Booked,
    /// On the waiting list.
    Waitlisted,
    /// Taken back.
    Deleted,
    /// Nobody spoke of one.
    Unlisted,
}

/// What the sources say of one passenger. Cabins are ranked (see `messages::cabin`), 0 unknown.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The booking.
    pub booking: Booking,
    /// Rank of the cabin booked.
    pub booked_rank: u8,
    /// Status of the coupon: `flown`, `refunded`, `exchanged`, `void`, `open`, …
    pub coupon: Option<&'a str>,
    /// On the PRL, with the rank of the cabin there.
    pub on_prl: Option<u8>,
    /// The PRL is complete: who is not on it did not fly.
    pub prl_complete: bool,
    /// On the ETL.
    pub on_etl: bool,
    /// The category of the PFS and the rank of the cabin there.
    pub pfs: Option<(&'a str, u8)>,
    /// The PFS is complete: who is not on it flew as booked.
    pub pfs_complete: bool,
    /// A complete PNL is known: who is nowhere booked flew without a record.
    pub pnl_known: bool,
    /// A boarding pass was read at the gate.
    pub scanned: bool,
    /// The leg was cancelled.
    pub cancelled: bool,
}

/// What they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What became of the passenger.
    pub outcome: Outcome,
    /// By whose word.
    pub basis: Basis,
    /// In another cabin.
    pub class_change: ClassChange,
}

/// The decision table.
#[must_use]
pub fn decide(of: &Evidence<'_>) -> Decision {
    let (outcome, basis) = outcome(of);
    let class_change = if outcome.is_flown() { class_change(of) } else { ClassChange::None };
    Decision { outcome, basis, class_change }
}

fn outcome(of: &Evidence<'_>) -> (Outcome, Basis) {
    match of.coupon {
        Some("flown") => return (carried(of), Basis::Coupon),
        Some("refunded") => return (Outcome::Refunded, Basis::Coupon),
        Some("exchanged") => return (Outcome::Changed, Basis::Coupon),
        Some("void") => return (Outcome::Cancelled, Basis::Coupon),
        _ => {}
    }
    if of.on_prl.is_some() {
        return (carried(of), Basis::Prl);
    }
    if of.on_etl {
        return (carried(of), Basis::Etl);
    }
    if of.prl_complete {
        return absent(of);
    }
    if let Some((category, _)) = of.pfs {
        return (of_category(category, of.booking), Basis::Pfs);
    }
    match of.booking {
        Booking::Booked if of.pfs_complete => (Outcome::Flown, Basis::Pfs),
        Booking::Waitlisted if of.pfs_complete && !of.scanned => (Outcome::NotCarried, Basis::Pfs),
        _ if of.scanned && !of.cancelled => (carried(of), Basis::Scan),
        Booking::Deleted => (Outcome::Cancelled, Basis::Booking),
        _ if of.cancelled => (Outcome::FlightCancelled, Basis::Flight),
        Booking::Booked => (Outcome::Booked, Basis::Booking),
        Booking::Waitlisted => (Outcome::Waitlisted, Basis::Booking),
        // Sold, and no list spoke of it yet.
        Booking::Unlisted if of.coupon.is_some() => (Outcome::Booked, Basis::Coupon),
        Booking::Unlisted => (Outcome::Unclear, Basis::Booking),
    }
}

/// Carried: with or without a booking, as the PFS tells it.
fn carried(of: &Evidence<'_>) -> Outcome {
    match of.pfs {
        Some(("GOSHO", _)) => Outcome::GoShow,
        Some(("NOREC", _)) => Outcome::NoRecord,
        // Nobody spoke of a booking although a list of bookings is known.
        _ if of.booking == Booking::Unlisted && of.pnl_known => Outcome::NoRecord,
        _ => Outcome::Flown,
    }
}

/// Not on a complete PRL: the PFS may tell why.
fn absent(of: &Evidence<'_>) -> (Outcome, Basis) {
    if let Some((category, _)) = of.pfs {
        let told = of_category(category, of.booking);
        // The list of those who flew knows better than the list of exceptions.
        let outcome = if told.is_flown() { Outcome::Unclear } else { told };
        return (outcome, Basis::Pfs);
    }
    match of.booking {
        Booking::Booked => (Outcome::NoShow, Basis::Prl),
        Booking::Waitlisted => (Outcome::NotCarried, Basis::Prl),
        Booking::Deleted => (Outcome::Cancelled, Basis::Booking),
        Booking::Unlisted => (Outcome::Unclear, Basis::Prl),
    }
}

/// The categories of RP 1719 and those in circulation.
fn of_category(category: &str, booking: Booking) -> Outcome {
    match category {
        "NOSHO" => Outcome::NoShow,
        "CHGFL" => Outcome::Moved,
        "GOSHO" => Outcome::GoShow,
        "NOREC" => Outcome::NoRecord,
        "CFMWL" | "IDPAD" | "FQTVN" | "INVOL" | "CHGSG" | "CHGCL" | "APIPX" => Outcome::Flown,
        "OFFLK" | "OFFLN" | "OFFLD" => Outcome::Offloaded,
        "GOSHN" => Outcome::NotCarried,
        "DNBRD" | "DENBD" | "DBOAR" => Outcome::Denied,
        // A list without categories is no list of exceptions: those on it were there.
        "" if booking == Booking::Unlisted => Outcome::NoRecord,
        "" => Outcome::Flown,
        _ => Outcome::Unclear,
    }
}

fn class_change(of: &Evidence<'_>) -> ClassChange {
    let told = of.pfs.is_some_and(|(category, _)| category == "INVOL");
    let flown = of.on_prl.or(of.pfs.filter(|_| told).map(|(_, rank)| rank)).unwrap_or(0);
    if flown == 0 || of.booked_rank == 0 || of.booking == Booking::Unlisted {
        return if told { ClassChange::Changed } else { ClassChange::None };
    }
    match flown.cmp(&of.booked_rank) {
        std::cmp::Ordering::Greater => ClassChange::Upgrade,
        std::cmp::Ordering::Less => ClassChange::Downgrade,
        std::cmp::Ordering::Equal if told => ClassChange::Changed,
        std::cmp::Ordering::Equal => ClassChange::None,
    }
}
