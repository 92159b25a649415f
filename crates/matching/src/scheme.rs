//! Comparisons of a table's columns, as data.

use serde::{Deserialize, Serialize};

use crate::dates::DateMatch;
use crate::model::{self, Bands, Finding, MISSING, Model, VERSION};
use crate::source::Records;
use crate::table::Table;
use crate::text::{Sketch, edits, jaro_winkler};

/// Comparison results a thread remembers, for each comparison.
const REMEMBERED: usize = 1 << 12;

/// How two values are compared; a level is reached when no earlier one was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    Same,
    /// Equal in another column that is derived from this one: the part of an address before `@`.
    SameIn(usize),
    Close(Close),
    /// As `Close`, in a derived column.
    CloseIn(usize, Close),
    /// Dates that agree at least so well.
    Date(DateMatch),
    /// Lists with a value in common; the rarest one counts.
    Overlap,
}

/// Texts that pass either bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Close {
    /// Least Jaro–Winkler similarity; above 1 for none.
    pub similarity: f64,
    /// Most edits, in texts longer than twice as many letters.
    pub edits: u8,
}

impl Close {
    /// Whether edits and similarity may pass, by what is known without reading the texts.
    fn may(self, one: Sketch, other: Sketch) -> (bool, bool) {
        let most = u32::from(self.edits);
        let shorter = one.length().min(other.length());
        (
            most * 2 < shorter && one.edits_at_least(other) <= most,
            self.similarity <= 1.0 && one.similarity_at_most(other) >= self.similarity,
        )
    }

    fn holds(self, table: &Table, column: usize, a: u32, b: u32) -> bool {
        let (one, other) = table.sketches(column, a, b);
        let (by_edits, by_similarity) = self.may(one, other);
        if !by_edits && !by_similarity {
            return false;
        }
        let (left, right) = table.texts(column, a, b);
        (by_edits && edits(left, right, self.edits).is_some())
            || (by_similarity && jaro_winkler(left, right) >= self.similarity)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    pub code: String,
    pub test: Test,
    /// How far the value's frequency counts, 0–1.
    pub by_frequency: f64,
}

impl Rung {
    #[must_use]
    pub fn new(code: &str, test: Test, by_frequency: f64) -> Self {
        Self { code: code.to_owned(), test, by_frequency }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// One column, and columns derived from it; the last level, `different`, is implied.
    Of { code: String, column: usize, rungs: Vec<Rung> },
    /// Given name and surname ([`Kind::TextLike`](crate::table::Kind) each other), in the order
    /// that fits better. Gives two findings, `given` and `surname`; of names in exchanged order
    /// the better agreement is told as the surname's, so that the finding is the same both ways.
    Names { given: usize, surname: usize },
}

impl Comparison {
    #[must_use]
    pub fn of(code: &str, column: usize, rungs: Vec<Rung>) -> Self {
        Self::Of { code: code.to_owned(), column, rungs }
    }
}

/// Comparisons in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    pub name: String,
    pub comparisons: Vec<Comparison>,
}

/// Levels of a name, in the written order and, from `EXCHANGED` on, in the other.
const NAME_LEVELS: [&str; 8] = [
    "same",
    "close",
    "similar",
    "different",
    "same_exchanged",
    "close_exchanged",
    "similar_exchanged",
    "different_exchanged",
];
const DIFFERENT: u8 = 3;
const EXCHANGED: u8 = 4;
const CLOSE: Close = Close { similarity: 0.92, edits: 1 };
const SIMILAR: Close = Close { similarity: 0.80, edits: 2 };

/// A table under a scheme.
pub struct Schemed<'a> {
    pub table: &'a Table,
    pub scheme: &'a Scheme,
}

/// Levels found for pairs of value numbers, one slot for each hash of a pair.
pub struct Remembered {
    slots: Vec<Vec<(u64, u8)>>,
}

impl Remembered {
    fn level(&mut self, at: usize, left: u32, right: u32, find: impl FnOnce() -> u8) -> u8 {
        let pair = u64::from(left.min(right)) << 32 | u64::from(left.max(right));
        let slots = &mut self.slots[at];
        let slot = &mut slots[crate::hash::scramble(pair) as usize % REMEMBERED];
        if slot.0 != pair {
            *slot = (pair, find());
        }
        slot.1
    }
}

impl Records for Schemed<'_> {
    type Scratch = Remembered;

    fn rows(&self) -> u32 {
        self.table.rows()
    }

    fn scratch(&self) -> Remembered {
        let slots = vec![vec![(u64::MAX, 0); REMEMBERED]; self.scheme.comparisons.len()];
        Remembered { slots }
    }

    fn compare(&self, left: u32, right: u32, scratch: &mut Remembered, found: &mut [Finding]) {
        let mut to = 0;
        for (at, comparison) in self.scheme.comparisons.iter().enumerate() {
            match comparison {
                Comparison::Of { column, rungs, .. } => {
                    found[to] = self.value(at, *column, rungs, (left, right), scratch);
                    to += 1;
                }
                Comparison::Names { given, surname } => {
                    let names = self.names(at, (*given, *surname), (left, right), scratch);
                    found[to..to + 2].copy_from_slice(&names);
                    to += 2;
                }
            }
        }
    }

    fn blank_model(&self) -> Model {
        let mut comparisons = Vec::new();
        for comparison in &self.scheme.comparisons {
            match comparison {
                Comparison::Of { code, rungs, .. } => {
                    let mut levels: Vec<_> =
                        rungs.iter().map(|r| (r.code.as_str(), r.by_frequency)).collect();
                    levels.push(("different", 0.0));
                    comparisons.push(blank(code, &levels));
                }
                Comparison::Names { .. } => {
                    let levels: Vec<_> = NAME_LEVELS
                        .iter()
                        .zip([1.0, 0.5, 0.5, 0.0, 1.0, 0.5, 0.5, 0.0])
                        .map(|(code, by_frequency)| (*code, by_frequency))
                        .collect();
                    comparisons.push(blank("given", &levels));
                    comparisons.push(blank("surname", &levels));
                }
            }
        }
        Model {
            version: VERSION,
            name: self.scheme.name.clone(),
            prior: 1e-4,
            comparisons,
            bands: Bands::default(),
        }
    }
}

/// A comparison before training: nearly all matches agree, nearly all others do not.
fn blank(code: &str, levels: &[(&str, f64)]) -> model::Comparison {
    let others = (levels.len() - 1) as f64;
    let level = |(at, (code, by_frequency)): (usize, &(&str, f64))| model::Level {
        code: (*code).to_owned(),
        m: if at == 0 { 0.8 } else { 0.2 / others },
        u: if at + 1 == levels.len() { 0.9 } else { 0.1 / others },
        by_frequency: *by_frequency,
        base: 0.0,
    };
    model::Comparison {
        code: code.to_owned(),
        levels: levels.iter().enumerate().map(level).collect(),
    }
}

impl Schemed<'_> {
    fn value(
        &self,
        at: usize,
        column: usize,
        rungs: &[Rung],
        (left, right): (u32, u32),
        scratch: &mut Remembered,
    ) -> Finding {
        if rungs.iter().any(|rung| rung.test == Test::Overlap) {
            return self.lists(column, rungs, left, right);
        }
        let (a, b) = (self.table.number(column, left), self.table.number(column, right));
        if a == 0 || b == 0 {
            return Finding::NONE;
        }
        let rows = (left, right);
        let find = || {
            let holds = |rung: &Rung| self.holds(&rung.test, column, (a, b), rows);
            rungs.iter().position(holds).unwrap_or(rungs.len()) as u8
        };
        let level = match () {
            () if a == b => 0,
            // Dates are compared sooner than looked up.
            () if matches!(rungs, [Rung { test: Test::Date(_), .. }, ..]) => find(),
            () if rungs.iter().any(|rung| self.may(&rung.test, column, (a, b), rows)) => {
                scratch.level(at, a, b, find)
            }
            () => rungs.len() as u8,
        };
        let share = self.table.share(column, a).max(self.table.share(column, b));
        Finding { level, share }
    }

    fn holds(&self, test: &Test, column: usize, (a, b): (u32, u32), rows: (u32, u32)) -> bool {
        let derived = |other: usize| {
            let pair = (self.table.number(other, rows.0), self.table.number(other, rows.1));
            (pair.0 != 0 && pair.1 != 0).then_some(pair)
        };
        let close = |column: usize, (a, b): (u32, u32), close: &Close| {
            close.holds(self.table, column, a, b)
        };
        match test {
            Test::Same | Test::Overlap => a == b,
            Test::SameIn(other) => derived(*other).is_some_and(|(a, b)| a == b),
            Test::Close(bound) => close(column, (a, b), bound),
            Test::CloseIn(other, bound) => derived(*other).is_some_and(|p| close(*other, p, bound)),
            Test::Date(least) => match (self.table.date(column, a), self.table.date(column, b)) {
                (Some(a), Some(b)) => a.compare(b) <= *least,
                _ => false,
            },
        }
    }

    /// Whether the test may hold for two different values, by what is known at once: most pairs
    /// are settled by that.
    fn may(&self, test: &Test, column: usize, (a, b): (u32, u32), rows: (u32, u32)) -> bool {
        let close = |column: usize, a: u32, b: u32, bound: &Close| {
            let (one, other) = self.table.sketches(column, a, b);
            let (by_edits, by_similarity) = bound.may(one, other);
            by_edits || by_similarity
        };
        let derived =
            |other: usize| (self.table.number(other, rows.0), self.table.number(other, rows.1));
        match test {
            Test::Same | Test::Overlap => false,
            Test::Date(_) => true,
            Test::SameIn(other) => {
                let (a, b) = derived(*other);
                a == b && a != 0
            }
            Test::Close(bound) => close(column, a, b, bound),
            Test::CloseIn(other, bound) => {
                let (a, b) = derived(*other);
                close(*other, a, b, bound)
            }
        }
    }

    /// The rarest value two lists have in common; lists have no other rung.
    fn lists(&self, column: usize, rungs: &[Rung], left: u32, right: u32) -> Finding {
        let (a, b) = (self.table.numbers(column, left), self.table.numbers(column, right));
        if a.is_empty() || b.is_empty() {
            return Finding::NONE;
        }
        let common = a.iter().filter(|number| b.binary_search(number).is_ok());
        let rarest = common.map(|number| self.table.share(column, *number)).reduce(f32::min);
        match rarest {
            Some(share) => Finding { level: 0, share },
            None => Finding::level(rungs.len() as u8),
        }
    }

    fn names(
        &self,
        at: usize,
        (given, surname): (usize, usize),
        (left, right): (u32, u32),
        scratch: &mut Remembered,
    ) -> [Finding; 2] {
        let number = |column, row| self.table.number(column, row);
        let (g1, s1) = (number(given, left), number(surname, left));
        let (g2, s2) = (number(given, right), number(surname, right));
        let share = |a: u32, b: u32| {
            let of = |n| self.table.share(given, n).max(self.table.share(surname, n));
            of(a).max(of(b))
        };
        let mut part = |a: u32, b: u32| {
            if a == 0 || b == 0 {
                return Finding::NONE;
            }
            let level = if a == b { 0 } else { self.name(at, given, (a, b), scratch) };
            Finding { level, share: share(a, b) }
        };
        let straight = [part(g1, g2), part(s1, s2)];
        let good = |parts: &[Finding; 2]| {
            let of = |f: &Finding| i32::from(DIFFERENT.saturating_sub(f.level.min(DIFFERENT)));
            of(&parts[0]) + of(&parts[1])
        };
        if good(&straight) >= 5 {
            return straight;
        }
        let mut exchanged = [part(g1, s2), part(s1, g2)];
        // One more step is asked for, lest chance likeness of unlike names turns them round.
        if good(&exchanged) <= good(&straight) + 1 {
            return straight;
        }
        let rank = |f: &Finding| (f.level, f.share.to_bits());
        if rank(&exchanged[0]) < rank(&exchanged[1]) {
            exchanged.swap(0, 1);
        }
        exchanged.map(|f| match f.level {
            MISSING => f,
            level => Finding { level: level + EXCHANGED, ..f },
        })
    }

    fn name(&self, at: usize, column: usize, (a, b): (u32, u32), scratch: &mut Remembered) -> u8 {
        let (one, other) = self.table.sketches(column, a, b);
        if SIMILAR.may(one, other) == (false, false) {
            return DIFFERENT;
        }
        scratch.level(at, a, b, || match () {
            () if CLOSE.holds(self.table, column, a, b) => 1,
            () if SIMILAR.holds(self.table, column, a, b) => 2,
            () => DIFFERENT,
        })
    }
}
