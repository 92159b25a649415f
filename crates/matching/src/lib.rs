//! The mathematics of record linkage: which records tell of the same person, and how sure that is.
//!
//! Records in, evidence out. Nothing here reads a database or knows what a customer is.

pub mod blocks;
mod cluster;
pub mod dates;
pub mod em;
pub mod hash;
pub mod model;
pub mod person;
mod predict;
pub mod scheme;
mod source;
pub mod table;
pub mod text;

pub use cluster::{Clusters, Link, cluster};
pub use em::{Session, Training, train};
pub use model::{Bands, Finding, MISSING, Model, probability};
pub use predict::{Scored, predict};
pub use source::Records;
pub use table::{Table, TableBuilder};
