//! Whole walks: nothing here but tests, in one binary (`tests/main.rs`).
//!
//! Each starts a server of its own on a free port over a fresh database, on SQLite and, when
//! `JETBRIDGE_TEST_POSTGRES` is set, on PostgreSQL, and does what a person, a program or a
//! stranger would do. The walks in a browser need Chromium and Node.js with the packages of
//! `assets/`; they say aloud when they are skipped.
