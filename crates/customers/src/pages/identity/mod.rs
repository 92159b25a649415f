//! Pages for saying who is who: pairs that wait, one pair, the records of a customer, merging.

pub(super) mod merge;
pub(crate) mod queue;
pub(super) mod records;
pub(super) mod review;
mod waterfall;
