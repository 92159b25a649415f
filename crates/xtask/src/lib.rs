//! The house rules as a program.
//!
//! `cargo run -p xtask -- tidy` reads the workspace and names every place that breaks a rule:
//! crates that use a higher floor, files too long, SQL that only one engine understands, texts that
//! are missing in a language or used nowhere, routes without a guard, secrets. It only reads;
//! `xtask openapi` writes the snapshot of the HTTP interface.

pub mod literals;
pub mod openapi;
pub mod routes;
pub mod tidy;
pub mod tree;
