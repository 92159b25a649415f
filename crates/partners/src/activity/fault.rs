//! What can be wrong with a file, and with a row.

use serde::{Deserialize, Serialize};

/// Why a whole file is refused: nothing of it is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A byte that is no UTF-8, by its place in the line from 1.
    NotUtf8(usize),
    /// Longer than [`super::format::LONGEST`].
    LineTooLong,
    /// Neither header, row nor trailer, or control characters in it.
    NotARecord,
    /// Another version of the format.
    Version,
    /// Batch, day or number of columns of the header.
    Header,
    /// Its figures or number of columns.
    Trailer,
    /// The number of a row is none.
    RowNumber,
    /// Base or bonus of a row is no whole number: the totals cannot be worked out.
    Figure,
    /// Nothing in it.
    Empty,
    /// The first line is no header, or there is a second one.
    HeaderPlace,
    /// Rows do not count up from 1.
    RowOrder,
    /// No trailer at the end.
    NoTrailer,
    /// Something after the trailer.
    AfterTrailer,
    /// The trailer says another number of rows.
    Rows,
    /// Another sum of base miles.
    Base,
    /// Another sum of bonus miles.
    Bonus,
    /// The header names another partner.
    Partner,
    /// The header names another programme.
    Programme,
    /// Larger than [`super::files::LARGEST`].
    TooLarge,
    /// Another file had this batch number and was taken.
    BatchTaken,
}

impl Fault {
    /// Stable; its texts are `partners-fault-<code>` and `partners-fault-<code>-fix`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotUtf8(_) => "not-utf8",
            Self::LineTooLong => "line-too-long",
            Self::NotARecord => "not-a-record",
            Self::Version => "version",
            Self::Header => "header",
            Self::Trailer => "trailer",
            Self::RowNumber => "row-number",
            Self::Figure => "figure",
            Self::Empty => "empty",
            Self::HeaderPlace => "header-place",
            Self::RowOrder => "row-order",
            Self::NoTrailer => "no-trailer",
            Self::AfterTrailer => "after-trailer",
            Self::Rows => "rows",
            Self::Base => "base",
            Self::Bonus => "bonus",
            Self::Partner => "partner",
            Self::Programme => "programme",
            Self::TooLarge => "too-large",
            Self::BatchTaken => "batch-taken",
        }
    }
}

/// A fault with its place and, where two figures differ, both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    /// [`Fault::code`]
    pub code: String,
    /// Line from 1.
    pub line: i64,
    /// What the file says, or the place in the line.
    pub said: String,
    /// What was found.
    pub found: String,
}

impl Located {
    /// A fault on a line.
    #[must_use]
    pub fn new(fault: Fault, line: i64) -> Self {
        let said = match fault {
            Fault::NotUtf8(at) => at.to_string(),
            _ => String::new(),
        };
        Self { code: fault.code().to_owned(), line, said, found: String::new() }
    }

    /// With what the file says and what was found.
    #[must_use]
    pub fn differs(mut self, said: &impl ToString, found: &impl ToString) -> Self {
        (self.said, self.found) = (said.to_string(), found.to_string());
        self
    }
}

crate::words::words!(
    /// Why a row was not posted.
    Reject {
        /// Not 21 columns.
        Columns = "columns",
        /// Neither accrue, reverse nor redeem.
        Action = "action",
        /// No kind of activity there is.
        Kind = "kind",
        /// No reference, too long, or other characters than letters, digits and `. _ / -`.
        Reference = "reference",
        /// No member number.
        MemberNo = "member-no",
        /// No surname, or too long.
        Name = "name",
        /// No day.
        Date = "date",
        /// No quantity.
        Quantity = "quantity",
        /// No currency.
        Currency = "currency",
        /// No miles, or too many.
        Miles = "miles",
        /// A reversal without the original's reference, or that on another row.
        Original = "original",
        /// Carrier, number or places of a flight.
        Flight = "flight",
        /// The ticket is not 13 digits, or the coupon is none.
        Ticket = "ticket",
        /// The agreement does not cover the kind.
        NotAgreed = "not-agreed",
        /// No rate holds on the day.
        NoRate = "no-rate",
        /// The rate gives other base miles.
        RateDiffers = "rate-differs",
        /// More miles than a row may have.
        OverMost = "over-most",
        /// After the day the file was received.
        InFuture = "in-future",
        /// Longer ago than the agreement allows.
        TooOld = "too-old",
        /// Before the member joined.
        BeforeJoining = "before-joining",
        /// Nobody has this number.
        NotAMember = "not-a-member",
        /// Surname or first letter differ.
        NameMismatch = "name-mismatch",
        /// The account is closed, or the person was erased.
        MemberClosed = "member-closed",
        /// The account is frozen.
        MemberFrozen = "member-frozen",
        /// The reference, or the same flight, was posted before.
        Duplicate = "duplicate",
        /// The flight is credited by our own records.
        FlightCredited = "flight-credited",
        /// The original was taken back before.
        Reversed = "reversed",
        /// Member or miles differ from the original's.
        OriginalDiffers = "original-differs",
        /// The member has fewer miles.
        Insufficient = "insufficient",
        /// The ledger refused it for another reason.
        Ledger = "ledger",
    }
);
