//! What comes in from outside.

pub mod cells;
pub mod file;
pub mod mapping;
pub mod rows;

#[cfg(test)]
mod fuzz_tests;
