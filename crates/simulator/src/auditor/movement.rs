//! What came and went, by the month in which it was recorded.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDateTime};

/// Miles of a month. All are as they change what members have: redeemed miles are below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Earned by flying.
    pub issued: i64,
    /// From partners.
    pub bought: i64,
    /// Spent.
    pub redeemed: i64,
    /// Run out.
    pub expired: i64,
    /// Corrected by hand.
    pub adjusted: i64,
    /// Earned and taken back.
    pub issue_reversed: i64,
    /// Spent and given back.
    pub redeposited: i64,
}

/// All months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Movement {
    /// By year and month.
    pub months: BTreeMap<(i32, u32), Month>,
    /// Waits in holds.
    pub held: i64,
}

impl Movement {
    pub(super) fn at(&mut self, recorded: NaiveDateTime) -> &mut Month {
        self.months.entry((recorded.year(), recorded.month())).or_default()
    }
}
