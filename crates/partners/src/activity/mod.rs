//! Activity files: received and checked whole, then posted row by row as transfers from the
//! partner's account.
//!
//! A file that does not add up is refused and nothing of it is posted. What is taken is posted by
//! the job, five hundred rows a transaction with the place in the file beside them: killed and
//! repeated it goes on where it stood. A row's transfer has an id that follows from partner, batch
//! and row.

mod acknowledge;
mod decide;
pub(crate) mod fault;
pub mod files;
pub mod format;
mod load;
mod look;
mod post;
mod read;
mod run;
#[cfg(test)]
mod tests;

pub use acknowledge::RowOut;
pub use fault::{Located, Reject};
pub use files::{FileId, PartnerFile, Status};
pub use read::{Checked, check};
pub use run::FILE_JOB;

crate::words::words!(
    /// What became of a row.
    RowOutcome {
        /// In the books.
        Posted = "posted",
        /// Not posted; the code says why.
        Rejected = "rejected",
        /// A reversal that came before what it takes back: carried out when that comes.
        Waiting = "waiting",
    }
);
