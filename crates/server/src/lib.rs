//! The HTTP process: listens, guards every request, works on jobs, counts, and stops in order.
//!
//! [`serve`] runs pages and, unless the configuration leaves them to others, jobs. [`work`] runs
//! jobs alone. Any number of either may share one PostgreSQL. A stop (SIGTERM, Ctrl-C) lets requests
//! under way end, hands back the leases of jobs and closes the database.

mod guard;
mod health;
pub mod logs;
mod metrics;
mod process;
mod worker;

pub use process::{Serving, serve, start, work};
