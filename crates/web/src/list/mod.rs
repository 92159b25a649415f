//! Server-side lists: columns, sorting, filter groups, keyset pages, saved views, files, bulk
//! actions — from one [`ListSpec`] and one [`ListRow`] per list. See README.md for a whole page.

mod cell;
mod export;
pub mod filter;
mod page;
mod pick;
pub mod query;
pub mod saved;
pub mod spec;
mod sql;
mod view;

#[cfg(test)]
mod tests;

pub use cell::{Cell, svg};
pub use filter::{Condition, FilterError, Join, Node, Op};
pub use page::{Action, Bulk, Choices, Empty, List, ListRow};
pub use pick::Picked;
pub use query::{Asked, ListQuery, Place};
pub use spec::{BuiltIn, Column, Covering, Kind, ListSpec, Slot};
pub use sql::{Rows, Today, conditions, count, fetch, ids};
