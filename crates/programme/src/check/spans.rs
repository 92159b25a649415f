//! Rows that should follow each other without gap and overlap, cell by cell.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::finding::{Finding, Problem, Severity};
use crate::Id;
use crate::document::{Row, Span};

/// Most combinations of carrier, market, cabin and class that one table may decide; the largest
/// programme there is has some tens of thousands.
const MOST_CELLS: usize = 500_000;

/// How closely the rows of a table must follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    /// On every day of the programme.
    Always,
    /// No day left out between the first and the last.
    NoHoles,
    /// Only never two at once.
    Apart,
    /// As `NoHoles`, but several may hold at once.
    Together,
}

/// Looks at one table. `cells` names what a row decides; two rows with a cell in common must not
/// share a day.
pub(super) fn follow<R: Row>(
    place: &'static str,
    rows: &[R],
    cover: Cover,
    whole: Span,
    cells: impl Fn(&R) -> Vec<String>,
    found: &mut Vec<Finding>,
) {
    let mut by_cell: BTreeMap<String, Vec<(&Id, Span)>> = BTreeMap::new();
    let mut count = 0;
    for row in rows {
        // A row whose days are wrong is reported as such, not as a gap.
        if row.span().to.is_some_and(|to| to < row.valid_from()) {
            continue;
        }
        if count > MOST_CELLS {
            let (field, value) = ("the table", format!("more than {MOST_CELLS} combinations"));
            let problem = Problem::OutOfRange { field, value, allowed: "fewer" };
            let rows = vec![row.id().clone()];
            found.push(Finding { severity: Severity::Error, place, rows, problem });
            return;
        }
        for cell in cells(row) {
            count += 1;
            by_cell.entry(cell).or_default().push((row.id(), row.span()));
        }
    }
    // The same two rows usually meet in many cells; one finding says it.
    let mut said = BTreeSet::new();
    for (cell, mut rows) in by_cell {
        rows.sort_by_key(|(id, span)| (span.from, (*id).clone()));
        for (rows, severity, problem) in faults(&cell, &rows, cover, whole) {
            if said.insert((rows.clone(), problem.code())) {
                found.push(Finding { severity, place, rows, problem });
            }
        }
    }
}

trait ValidFrom {
    fn valid_from(&self) -> NaiveDate;
}

impl<R: Row> ValidFrom for R {
    fn valid_from(&self) -> NaiveDate {
        self.span().from
    }
}

fn faults(
    cell: &str,
    rows: &[(&Id, Span)],
    cover: Cover,
    whole: Span,
) -> Vec<(Vec<Id>, Severity, Problem)> {
    let mut faults = Vec::new();
    let named = || cell.to_owned();
    let Some((first, rest)) = rows.split_first() else { return faults };
    if cover == Cover::Always && first.1.from > whole.from {
        let problem = Problem::Gap { cell: named(), from: whole.from, to: before(first.1.from) };
        faults.push((vec![first.0.clone()], Severity::Error, problem));
    }
    // The row that lasts longest so far.
    let (mut last, mut until) = (first.0, first.1.to);
    for (id, span) in rest {
        let pair = vec![last.clone(), (*id).clone()];
        match until {
            Some(end) if span.from > end => {
                let from = after(end);
                if cover != Cover::Apart && from < span.from {
                    let problem = Problem::Gap { cell: named(), from, to: before(span.from) };
                    faults.push((pair, Severity::Error, problem));
                }
            }
            _ if cover == Cover::Together => {}
            _ => {
                let problem = Problem::Overlap { cell: named(), from: span.from };
                faults.push((pair, Severity::Error, problem));
            }
        }
        if until.is_some_and(|end| span.to.is_none_or(|to| to > end)) {
            (last, until) = (id, span.to);
        }
    }
    if let Some(on) = until.filter(|end| whole.to.is_none_or(|to| *end < to)) {
        let severity = match cover {
            Cover::Always => Severity::Error,
            Cover::NoHoles | Cover::Together => Severity::Warning,
            Cover::Apart => return faults,
        };
        faults.push((vec![last.clone()], severity, Problem::Ends { cell: named(), on }));
    }
    faults
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
