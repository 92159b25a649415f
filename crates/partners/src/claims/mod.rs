//! Claims of missing miles: judged at once against flown facts, credited or explained.
//!
//! A claim never posts. When the flight is found, flown, free and proven, the record it hangs on
//! becomes the member's (`customers`), and the ordinary accrual gives what the flight is worth: so
//! refunds and corrections go on working. What is not known yet waits and is judged again by the
//! job; what a machine must not decide goes to a person with the evidence.

mod ask;
mod attach;
mod decide;
mod ground;
mod judge;
mod run;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use flights::Counted;
use kernel::names::PersonName;
use loyalty::MemberId;
use uuid::Uuid;

pub use ask::{Asked, Channel};
pub use decide::{Decision, REASONS};
pub use ground::{Candidate, Earned, Ground};
pub use judge::{Judged, Proof, judge};
pub use run::CLAIMS_JOB;
pub use store::{Claim, Happened};

kernel::typed_id!(
    /// A claim.
    ClaimId, "claim"
);

/// How long a claim waits for messages about its flight.
pub const WAITS: Duration = Duration::days(14);
/// Between two looks at a claim that waits.
const LOOKS: Duration = Duration::hours(6);
/// How long the ordinary accrual may take before a person looks.
const CREDITS: Duration = Duration::days(3);

crate::words::words!(
    /// Where a claim stands.
    State {
        /// The flight is not known yet; judged again by itself.
        Waiting = "waiting",
        /// Somebody looks at it.
        Review = "review",
        /// The flight is the member's; miles come with the next run of accrual.
        Accepted = "accepted",
        /// Miles are in the account.
        Credited = "credited",
        /// Nothing comes of it; the verdict says why.
        Explained = "explained",
    }
);

impl State {
    /// Nothing more happens by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Credited | Self::Explained)
    }
}

crate::words::words!(
    /// What was found: a closed list. Its sentences are `claims-verdict-<code>` for staff and
    /// `claims-told-<code>` for the member.
    Verdict {
        /// Found, flown, free, proven.
        Found = "found",
        /// On the member's record already; accrual looks at it.
        OwnFlight = "own-flight",
        /// In this member's account already.
        AlreadyYours = "already-yours",
        /// In somebody else's account.
        AlreadyAnother = "already-another",
        /// The name on the ticket is not the member's, or not the passenger's.
        OtherName = "other-name",
        /// After the last day it could be claimed.
        TooOld = "too-old",
        /// Before the member joined.
        BeforeJoining = "before-joining",
        /// The programme has no agreement with the airline.
        NoAgreement = "no-agreement",
        /// The class, ticket or fare earns nothing.
        NotEarning = "not-earning",
        /// No-show, refunded, changed or cancelled.
        NotFlown = "not-flown",
        /// No message or file has told of it yet.
        NotKnownYet = "not-known-yet",
        /// The name is on the flight, but neither ticket nor booking was shown.
        NotProven = "not-proven",
        /// Several passengers fit.
        Several = "several",
        /// Waited and still unknown.
        NeverTold = "never-told",
        /// The flight is another member's, and not credited.
        AnotherMember = "another-member",
        /// What is known of the passenger speaks against one person.
        Contradiction = "contradiction",
        /// What is known of the flight does not do for the rules.
        Lacking = "lacking",
        /// More claims than allowed.
        Limit = "limit",
        /// The account is frozen.
        Frozen = "frozen",
        /// Accrual did not take it in time.
        Stuck = "stuck",
        /// Somebody decided that nothing comes of it.
        Refused = "refused",
    }
);

/// Airline and number of a segment, whether or not the number says the airline as well.
#[must_use]
pub fn flight_of(segment: &Counted) -> Option<(String, String)> {
    let text = |of: &Option<String>| of.as_deref().unwrap_or_default().trim().to_ascii_uppercase();
    let (carrier, number) = (text(&segment.carrier), text(&segment.flight_no));
    if carrier.is_empty() {
        return formats::FlightDesignator::read(&number)
            .map(|it| (it.airline.to_owned(), designated(&it)));
    }
    let digits = number.strip_prefix(&carrier).unwrap_or(&number).trim_start_matches('0');
    (!digits.is_empty()).then(|| (carrier, digits.to_owned()))
}

/// Number and suffix of a designator.
fn designated(of: &formats::FlightDesignator<'_>) -> String {
    let suffix = of.suffix.map(String::from).unwrap_or_default();
    format!("{}{suffix}", of.number)
}

/// What a claim is about, as it was given and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Two or three letters.
    pub carrier: String,
    /// Without leading zeros.
    pub number: String,
    /// Local day of departure.
    pub date: NaiveDate,
    /// IATA code.
    pub origin: String,
    /// IATA code.
    pub destination: String,
    /// RBD letter, or empty.
    pub class: String,
    /// Thirteen digits, or empty.
    pub ticket: String,
    /// Of the booking, or empty.
    pub locator: String,
    /// From the boarding pass, or empty.
    pub seat: String,
    /// A boarding pass was shown.
    pub by_pass: bool,
    /// As on the ticket.
    pub name: PersonName,
}

impl About {
    /// `JB831`
    #[must_use]
    pub fn designator(&self) -> String {
        format!("{}{}", self.carrier, self.number)
    }
}

/// Whose claim, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The member.
    pub member: MemberId,
    /// How it came.
    pub channel: Channel,
    /// The member of staff or the program.
    pub actor: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}
