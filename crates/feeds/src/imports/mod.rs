//! Imports: a file on its way into the customers' facts.
//!
//! uploading → mapping → checking → checked → queued → importing → done (→ reverting → reverted);
//! failed and cancelled imports can go on. A batch of rows, its findings, its counts and the point
//! reached are one transaction, so a killed process goes on exactly behind the last batch.

mod abreast;
mod apply;
mod check;
mod issues;
mod jobs;
mod model;
mod reader;
mod revert;
mod run;
mod start;
mod store;
mod sweep;
mod uploads;

pub(crate) use self::store::{policy, policy_name};
pub use check::DryRun;
pub use issues::{Run, StoredIssue};
pub use jobs::{CHECK, IMPORT, REVERT, SWEEP, handlers};
pub use model::{
    CheckReport, Counts, Failure, Import, ImportId, Phase, Progress, ReasonCount, Report, Status,
    Times, UNDO_DAYS,
};
pub use start::{MappingRef, silent};
pub use uploads::Preview;
