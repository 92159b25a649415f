#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod enrolment;
mod people;
mod standing;
