//! One binary for all walks: it links the whole program once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

mod browser;
mod command_line;
mod doors;
mod house;
mod main_job;
mod trust;
mod words;
