//! From a row of text to a checked record, with everything that is wrong told by place. Pure: no
//! database, no clock; the same rows always give the same records and the same reports.

mod activity;
mod cell;
mod issue;
mod mapper;
mod members;
mod segments;

pub use activity::MonthRow;
pub use cell::Cell;
pub use issue::{Issue, Level, REJECTING};
pub use mapper::{Mapper, Record};
pub use members::{MemberRow, Summary};
pub use segments::SegmentRow;
