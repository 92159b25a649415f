//! The auditor: a small model of a programme that knows nothing of the code it audits.
//!
//! It hears the same [`Moment`]s, keeps plain lists for each member and works things out step by
//! step from the words of the programme's document and section B of the published rules. What it
//! says at the end is compared figure by figure with what the house kept.

mod account;
mod books;
mod earn;
mod facts;
mod movement;
mod numbers;
mod rules;
mod tiers;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};

use crate::loyalty::{Act, Moment, State};
use account::Account;
use books::{Held, Settled};
use facts::Kept;
use rules::Rules;
use tiers::{Activity, Row, Subject};

pub use account_figures::{Figures, HeapLeft, TierRow};
pub use movement::Movement;

mod account_figures {
    //! What the auditor says of a member.

    use chrono::NaiveDate;

    /// Miles with a last day.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct HeapLeft {
        /// Last day of use; 9999-12-31 for ever.
        pub until: NaiveDate,
        /// Day they came.
        pub since: NaiveDate,
        /// How many are left.
        pub left: i64,
    }

    /// A tier in the history, as recorded.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TierRow {
        /// Its code.
        pub tier: String,
        /// First day.
        pub from: NaiveDate,
        /// Last day; `None` for life.
        pub to: Option<NaiveDate>,
        /// Why: `upgrade`, `renewal`, `by-hand` …
        pub reason: String,
    }

    /// Everything the auditor knows of a member.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Figures {
        /// Miles; below zero when owed.
        pub miles: i64,
        /// Qualifying distance, segments (hundredths), spend (minor units), distance for life.
        pub qualifying: [i64; 4],
        /// What is left with its days, in order.
        pub heaps: Vec<HeapLeft>,
        /// The history, oldest first.
        pub tiers: Vec<TierRow>,
        /// Miles that were spent and not taken back, and what is invoiced for them.
        pub given_up: (i64, i64),
    }
}

/// A member.
#[derive(Clone, Debug)]
struct Person {
    born: NaiveDate,
    joined: NaiveDate,
    state: State,
    merged_into: Option<usize>,
    miles: Account,
    qualifying: [i64; 4],
    activity: Vec<Activity>,
    /// As recorded, oldest first.
    tiers: Vec<Row>,
    by_hand: Vec<Row>,
    /// Both, as recorded.
    history: Vec<(bool, Row)>,
    decided: Option<NaiveDate>,
    /// The segment that was the first.
    first: Option<String>,
    given_up: (i64, i64),
}

/// What became of a step, in the words of the house; empty where it has none.
pub type Verdict = &'static str;

/// The model.
pub struct Auditor {
    rules: Rules,
    people: HashMap<usize, Person>,
    /// Who was merged into somebody.
    merged: HashMap<usize, BTreeSet<usize>>,
    kept: HashMap<String, Kept>,
    /// Miles that promotions gave, to one and to all.
    given: HashMap<(String, Option<usize>), i64>,
    asked: HashMap<u128, crate::loyalty::Step>,
    holds: HashMap<u128, Held>,
    settled: HashMap<u128, Settled>,
    movement: Movement,
    /// Adjustments so far.
    by_hand: u128,
    now: NaiveDateTime,
}

impl Auditor {
    /// A model of the programme of a document.
    ///
    /// # Errors
    /// When the document is none.
    pub fn new(document: &str) -> Result<Self, String> {
        let rules: Rules = toml::from_str(document).map_err(|error| error.to_string())?;
        Ok(Self {
            rules,
            people: HashMap::new(),
            merged: HashMap::new(),
            kept: HashMap::new(),
            given: HashMap::new(),
            asked: HashMap::new(),
            holds: HashMap::new(),
            settled: HashMap::new(),
            movement: Movement::default(),
            by_hand: 0,
            now: NaiveDateTime::default(),
        })
    }

    fn today(&self) -> NaiveDate {
        self.now.date()
    }

    /// Codes of the tiers, lowest first.
    #[must_use]
    pub fn tier_codes(&self) -> Vec<String> {
        self.rules.tiers.iter().map(|tier| tier.code.clone()).collect()
    }

    /// Takes in what happens. Returns what became of each part of it, in order.
    pub fn hear(&mut self, moment: &Moment) -> Vec<Verdict> {
        self.now = moment.at;
        match &moment.act {
            Act::Enrol { who, born, .. } => {
                self.enrol(*who, *born);
                Vec::new()
            }
            Act::Facts { said, killed } => {
                let first = self.facts(said);
                // A batch that was killed is told twice; whether the first time counted is open.
                if *killed { Vec::new() } else { first }
            }
            Act::Books(asked) => asked.iter().map(|one| self.book(one)).collect(),
            Act::Adjust { who, amount, expires_on } => {
                vec![self.adjust(*who, *amount, *expires_on)]
            }
            Act::Tier { who, rank, valid_from, valid_to } => {
                let row =
                    Row { rank: *rank, from: *valid_from, to: Some(*valid_to), reason: "by-hand" };
                let person = self.person(*who);
                person.by_hand.push(row.clone());
                person.history.push((true, row));
                Vec::new()
            }
            Act::Freeze { who, state } => {
                let all = self.group(*who);
                for one in all {
                    self.person(one).state = *state;
                }
                Vec::new()
            }
            Act::Merge { from, into } => {
                self.person(*from).merged_into = Some(*into);
                self.merged.entry(*into).or_default().insert(*from);
                Vec::new()
            }
            Act::Unmerge { from } => {
                let into = self.person(*from).merged_into.take();
                if let Some(into) = into {
                    self.merged.entry(into).or_default().remove(from);
                    self.person(*from).state = self.person(into).state;
                }
                Vec::new()
            }
            Act::Night => {
                self.night();
                Vec::new()
            }
        }
    }

    #[expect(clippy::expect_used, reason = "a plan that names somebody who never joined is wrong")]
    fn person(&mut self, who: usize) -> &mut Person {
        self.people.get_mut(&who).expect("members join before anything happens to them")
    }

    fn enrol(&mut self, who: usize, born: NaiveDate) {
        let miles = Account { recorded: self.now, ..Account::default() };
        let person = Person {
            born,
            joined: self.today(),
            state: State::Open,
            merged_into: None,
            miles,
            qualifying: [0; 4],
            activity: Vec::new(),
            tiers: Vec::new(),
            by_hand: Vec::new(),
            history: Vec::new(),
            decided: None,
            first: None,
            given_up: (0, 0),
        };
        self.people.insert(who, person);
    }

    fn root(&self, who: usize) -> usize {
        let mut at = who;
        while let Some(into) = self.people.get(&at).and_then(|one| one.merged_into) {
            at = into;
        }
        at
    }

    /// A member and those merged into it.
    fn group(&self, root: usize) -> Vec<usize> {
        let merged = self.merged.get(&root).into_iter().flatten().copied();
        std::iter::once(root).chain(merged).collect()
    }

    fn night(&mut self) {
        self.end_holds();
        let everybody: Vec<usize> = self.people.keys().copied().collect();
        for who in &everybody {
            self.expire(*who);
        }
        for who in everybody {
            if self.people.get(&who).is_some_and(|one| one.merged_into.is_none()) {
                let group = self.group(who);
                self.decide(who, &group, true);
            }
        }
    }

    /// Decides the days of a member that are not decided.
    fn decide(&mut self, root: usize, group: &[usize], nightly: bool) {
        let today = self.today();
        let over = today.pred_opt().unwrap_or(today);
        let Some(person) = self.people.get(&root) else { return };
        if nightly && person.decided.is_some_and(|to| to >= over) {
            return;
        }
        let from = person.decided.and_then(|day| day.succ_opt()).unwrap_or(person.joined);
        let activity: Vec<Activity> = group
            .iter()
            .filter_map(|who| self.people.get(who))
            .flat_map(|one| one.activity.iter().copied())
            .collect();
        let (joined, born) = (person.joined, person.born);
        let held = person.tiers.last().map(|row| tiers::Held { rank: row.rank, to: row.to });
        let subject = Subject { rules: &self.rules, joined, born, activity: &activity };
        let rows = subject.decide(held.unwrap_or_default(), from, today);
        let person = self.person(root);
        person.history.extend(rows.iter().map(|row| (false, row.clone())));
        person.tiers.extend(rows);
        person.decided = Some(person.decided.map_or(over, |to| to.max(over)));
    }

    /// The tier a flight of a day earns with: the last recorded by rule that covers it, or a higher
    /// one by hand. What a flight lifts the member to holds from the next day on.
    fn tier_for(&self, who: usize, day: NaiveDate) -> usize {
        let Some(person) = self.people.get(&self.root(who)) else { return 0 };
        let covers = |row: &&Row| {
            let lifted = matches!(row.reason, "upgrade" | "lifetime");
            let begun = if lifted { row.from < day } else { row.from <= day };
            begun && row.to.is_none_or(|to| day <= to)
        };
        let by_rule = person.tiers.iter().rev().find(covers).map_or(0, |row| row.rank);
        let by_hand = person.by_hand.iter().filter(covers).map(|row| row.rank).max();
        by_rule.max(by_hand.unwrap_or(0))
    }

    /// What a member has.
    #[must_use]
    pub fn figures(&self, who: usize) -> Option<Figures> {
        let person = self.people.get(&who)?;
        let heaps = person.miles.heaps.iter().filter(|heap| heap.left > 0);
        let tiers = person.history.iter().map(|(_, row)| TierRow {
            tier: self.rules.code(row.rank).to_owned(),
            from: row.from,
            to: row.to,
            reason: row.reason.to_owned(),
        });
        Some(Figures {
            miles: person.miles.balance,
            qualifying: person.qualifying,
            heaps: heaps
                .map(|heap| HeapLeft { until: heap.until, since: heap.at.date(), left: heap.left })
                .collect(),
            tiers: tiers.collect(),
            given_up: person.given_up,
        })
    }

    /// What moved in each month, and what is held now.
    #[must_use]
    pub fn movement(&self) -> &Movement {
        &self.movement
    }
}
