//! Reading tables: unpacking, letters, dialect, rows; and finding all of that out from the file.

pub mod dialect;
pub mod encoding;
mod error;
mod inspect;
mod parquet;
mod profile;
mod records;
mod table;
mod unpack;

pub use error::FileError;
pub use inspect::{Facts, inspect, sha256};
pub use profile::{Profile, Values};
pub use records::{Damage, Dialect, Fault, Next, Records, Row};
pub use table::{Shape, Table};
pub use unpack::{Limits, Packing};
