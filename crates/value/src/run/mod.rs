//! A value run: facts → groups with names → a result file and a row → customers told their standing.
//!
//! The order of things: [`perform`] brings the lake up to date, gathers facts at the observation
//! date, hands them to [`engine`] (pure, all cores), writes `runs/<id>.parquet` and the row, and
//! [`publish`] tells customers. A run that is killed starts again from the beginning under the same
//! identity; nothing it leaves is looked at before its row says so.

pub mod cluster;
pub mod compare;
pub mod describe;
pub mod engine;
pub mod export;
pub mod files;
pub mod lifecycle;
pub mod model;
mod perform;
mod publish;
pub mod result;
pub(crate) mod rows;
mod store;
mod truth;

pub use model::{
    Group, PerFeature, Phase, Range, Report, Run, RunParams, RunStatus, Source, Step, Truth, Watch,
    unwatched,
};
pub(crate) use store::{keep_choose_k, latest_published, list, load, load_choose_k, published_id};
