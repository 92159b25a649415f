//! Whole imports on both engines: by the service, by the pages, killed, and with real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bad_input;
mod crash;
mod files;
mod flow;
mod ground;
mod messages;
mod pages;
mod real_data;
mod speed;
mod texts;
