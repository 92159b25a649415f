//! Passengers of a dated flight: one row each, whatever number of messages speak of them.

pub(crate) mod find;
pub(crate) mod manifest;
pub(crate) mod passenger;
pub(crate) mod row;

pub(crate) use manifest::Manifest;
