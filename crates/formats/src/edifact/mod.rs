//! EDIFACT syntax (ISO 9735, as IATA uses it): segments, elements and components, borrowed from the
//! text.
//!
//! The delimiters come from `UNA` if there is one, else from the way `UNB` is written, else they are
//! `: + . ? '`. Lines may break anywhere, inside a tag too. Release characters, unescaped
//! terminators, missing terminators and text around the interchange are all met in life; see
//! [`rules`].

mod delimiters;
pub mod rules;
mod segment;
mod tokens;

#[cfg(test)]
mod tests;

pub use delimiters::Delimiters;
pub use segment::{Segment, Tag};
pub use tokens::Tokens;
