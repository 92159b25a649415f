//! Durable jobs: work that outlives a request, a connection and a crash.
//!
//! A job is enqueued in the transaction that decides on it ([`enqueue`]). A [`Worker`] takes it
//! with a lease, runs the handler of its kind, and keeps the lease alive; a process that dies lets
//! the lease run out, and another worker starts the job again from its last checkpoint. Handlers
//! report progress ([`JobCtx::progress`]), which is also where a cancellation arrives.

mod model;
mod queue;
mod worker;

pub use model::{ENDED, Ended, Failure, Job, JobCtx, JobError, New, Status};
pub use queue::{cancel, enqueue, forget_done, get, list, open_of, recent};
pub use worker::{Handler, Handlers, Periodic, Worker};

#[cfg(test)]
mod tests;
