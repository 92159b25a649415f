//! From the text of one field to a typed value: dates, numbers, places, words. Pure.

pub mod date;
pub mod number;
pub mod place;
pub mod words;
