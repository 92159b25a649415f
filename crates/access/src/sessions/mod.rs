//! Browser sessions: a random token in a cookie, only its hash in the database.

mod model;
mod service;
pub(crate) mod store;

pub use model::{NewSession, Origin, Session, SessionRow, csrf_matches};

#[cfg(test)]
mod tests;
