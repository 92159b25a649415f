//! The mathematics of customer value. Numbers in, numbers out: no files, no clock, no globals, and
//! randomness only from a seed. The README has the words, the invariants and the sources.
//!
//! The order in which a value run uses it: [`Table`] (finite numbers by column) → [`standardise()`]
//! → [`kmeans()`], with [`choose_k`] beside it → [`name_groups`] or [`match_groups`] and
//! [`carry_names`] → [`spread_by_group`], [`pareto()`], [`RankTable`], [`WeightedScheme`],
//! [`Migration`], [`LifecycleRules`].

mod assignment;
mod choose;
mod error;
mod kmeans;
mod lifecycle;
mod lrfmc;
mod migration;
mod pareto;
mod random;
mod ranks;
mod scheme;
mod silhouette;
mod spread;
mod standardise;
mod table;

pub use assignment::assign;
pub use choose::{Candidate, ChooseK, choose_k};
pub use error::StatsError;
pub use kmeans::{
    Clustering, MOST_GROUPS, Params, Progress, SAMPLE, Start, WHOLE, Watch, kmeans, kmeans_watched,
};
pub use lifecycle::{Lifecycle, LifecycleFacts, LifecycleRules, VipState};
pub use lrfmc::{
    Continues, GroupName, SAME_KIND, ValueKind, carry_names, match_groups, name_groups,
};
pub use migration::Migration;
pub use pareto::{Pareto, ParetoPoint, pareto};
pub use ranks::{KNOTS, RankTable};
pub use scheme::{Points, Score, WHOLE_WEIGHT, Weight, WeightedScheme};
pub use silhouette::{EXACT, Silhouette, silhouette};
pub use spread::{Spread, quantile_of_sorted, spread_by_group};
pub use standardise::{Scale, Scaler, standardise};
pub use table::Table;
