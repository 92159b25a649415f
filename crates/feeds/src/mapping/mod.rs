//! Mappings: the catalogue of fields, the mapping itself, the shipped ones, and suggestions.

pub mod fields;
mod model;
mod shipped;
pub mod suggest;

pub use model::{Column, FileHints, Mapping, MappingError, Repeats, Target, VERSION};
pub use shipped::{by_name as shipped, fitting as shipped_fitting, names as shipped_names};
