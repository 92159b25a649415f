//! A checked programme, prepared for being asked millions of times.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::check::{Finding, Severity, check};
use crate::document::{ClassRow, Programme, PromotionRow, Rank, Row, UpgradeRow, Window};
use crate::{BookingClass, Carrier};

/// A programme whose rules do not contradict each other. All questions go to it.
#[derive(Clone, Debug)]
pub struct Engine {
    programme: Programme,
    /// Places in `accrual.classes`.
    classes: HashMap<(Carrier, BookingClass), Vec<usize>>,
    /// In stacking order.
    promotions: Vec<PromotionRow>,
    /// The kinds of window upgrades look at.
    windows: Vec<Window>,
    /// Highest tier first.
    upgrades: Vec<Upgrade>,
    /// Days on which an upgrade row begins to hold: somebody may rise without flying.
    breaks: Vec<NaiveDate>,
}

/// An upgrade row, found quickly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upgrade {
    pub(crate) rank: Rank,
    /// Place in [`Engine::windows`].
    pub(crate) window: usize,
    /// Place in `qualification.upgrades`.
    pub(crate) row: usize,
}

/// The rules contradict each other; what must be put right.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the programme has {} errors, the first: {}", .0.len(), first(.0))]
pub struct Contradictory(pub Vec<Finding>);

fn first(findings: &[Finding]) -> String {
    findings.first().map(ToString::to_string).unwrap_or_default()
}

impl Engine {
    /// Checks and prepares a programme. Warnings do not hinder.
    ///
    /// # Errors
    /// [`Contradictory`] with every finding that is an error.
    pub fn new(programme: Programme) -> Result<Self, Contradictory> {
        let mut errors = check(&programme);
        errors.retain(|finding| finding.severity == Severity::Error);
        if errors.is_empty() { Ok(Self::prepare(programme)) } else { Err(Contradictory(errors)) }
    }

    fn prepare(programme: Programme) -> Self {
        let mut classes: HashMap<_, Vec<usize>> = HashMap::new();
        for (place, row) in programme.accrual.classes.iter().enumerate() {
            for carrier in &row.carriers {
                for class in &row.classes {
                    classes.entry((*carrier, *class)).or_default().push(place);
                }
            }
        }
        let mut promotions = programme.accrual.promotions.clone();
        promotions.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let rows = &programme.qualification.upgrades;
        let (mut windows, mut upgrades) = (Vec::new(), Vec::with_capacity(rows.len()));
        for (place, row) in rows.iter().enumerate() {
            let known = windows.iter().position(|window| *window == row.window);
            let window = known.unwrap_or(windows.len());
            if known.is_none() {
                windows.push(row.window);
            }
            let rank = programme.rank(row.tier.as_str()).unwrap_or_default();
            upgrades.push(Upgrade { rank, window, row: place });
        }
        upgrades.sort_by_key(|upgrade| std::cmp::Reverse(upgrade.rank));
        let mut breaks: Vec<NaiveDate> = rows.iter().map(|row| row.valid_from).collect();
        breaks.sort_unstable();
        breaks.dedup();
        Self { programme, classes, promotions, windows, upgrades, breaks }
    }

    /// The rules.
    #[must_use]
    pub fn programme(&self) -> &Programme {
        &self.programme
    }

    pub(crate) fn class_rows(
        &self,
        table: Carrier,
        class: BookingClass,
    ) -> impl Iterator<Item = &ClassRow> {
        let places = self.classes.get(&(table, class)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.programme.accrual.classes.get(*place))
    }

    pub(crate) fn promotions(&self) -> &[PromotionRow] {
        &self.promotions
    }

    pub(crate) fn windows(&self) -> &[Window] {
        &self.windows
    }

    pub(crate) fn upgrades(&self) -> &[Upgrade] {
        &self.upgrades
    }

    pub(crate) fn upgrade_row(&self, place: usize) -> Option<&UpgradeRow> {
        self.programme.qualification.upgrades.get(place)
    }

    /// The next day after `day` on which an upgrade row begins.
    pub(crate) fn next_break(&self, day: NaiveDate) -> Option<NaiveDate> {
        let place = self.breaks.partition_point(|begins| *begins <= day);
        self.breaks.get(place).copied()
    }

    /// Whether distance on an airline counts for a lifetime tier on a day.
    pub(crate) fn counts_for_life(&self, carrier: Carrier, day: NaiveDate) -> bool {
        self.programme.accrual.carriers.iter().any(|row| {
            row.carriers.contains(&carrier)
                && row.span().contains(day)
                && row.lifetime_from.is_some_and(|from| from <= day)
        })
    }
}
