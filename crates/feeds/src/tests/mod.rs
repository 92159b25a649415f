//! Whole imports on both engines: by the service, by the pages, killed, and with real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bad_input;
mod crash;
mod fetch;
mod files;
mod flow;
mod ground;
mod keeping;
mod message_crash;
mod message_pages;
mod messages;
mod pages;
mod quarantine;
mod real_data;
mod sources;
mod speed;
mod texts;
mod tracking;
