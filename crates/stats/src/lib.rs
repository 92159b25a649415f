pub mod error;
pub mod kmeans;
mod random;
pub mod standardise;
pub mod table;
pub use error::StatsError;
pub use kmeans::*;
pub use standardise::*;
pub use table::Table;
