//! Weighted schemes: a score from 0 to 100 as the sum of what each attribute adds. Schemes are data:
//! versions are added, never changed, so that an old score can always be explained.

mod model;
pub mod preview;
mod store;

pub(crate) use model::checked;
pub use model::{Attribute, Scheme, SchemeVersion, Subject, WeightOf};
pub(crate) use store::{add, current, list, load, save, seed};
