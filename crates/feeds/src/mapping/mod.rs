//! Mappings: the catalogue of fields, the mapping itself, the shipped ones, and suggestions.

pub mod fields;
mod model;
mod shipped;
pub mod suggest;

pub use model::{Column, FileHints, Mapping, MappingError, Repeats, Target, VERSION};
pub use shipped::{by_name as shipped, names as shipped_names, fitting as shipped_fitting};
