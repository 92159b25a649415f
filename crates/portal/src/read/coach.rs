//! The way to a tier: what counts, what is booked, what is missing until when.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use kernel::Lang;
use loyalty::tiers::{Outlook, Sight};
use programme::qualify::{Activity, Aim, Goal, Trip};
use programme::{Amounts, Measure, say};

use super::{Card, Coming, Usual};
use crate::{Portal, Result};

/// Usual journeys the coach proposes.
const WAYS: usize = 4;

/// What the coach says to one member.
#[derive(Clone, Debug)]
pub struct Coach {
    /// Where the member stands, with the rules of today.
    pub sight: Sight,
    /// Keep or raise.
    pub aim: Option<Aim>,
    /// The tier aimed at, in words.
    pub tier: String,
    /// What is missing, until when, what would do: the first is the one to read.
    pub sentences: Vec<String>,
    /// Have, booked, needed, of each measure the nearest way asks for.
    pub bars: Vec<Bar>,
    /// What counts, by month of flying, oldest first; of windows that move, with the day each rolls
    /// off.
    pub months: Vec<Month>,
    /// Every goal in words, keeping first.
    pub goals: Vec<String>,
}

/// One measure of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Which.
    pub measure: Measure,
    /// Counts today.
    pub have: i64,
    /// Will be added by what is booked.
    pub booked: i64,
    /// Is asked.
    pub need: i64,
}

impl Bar {
    /// Parts of the bar in percent: have, booked, where the mark of what is needed stands.
    #[must_use]
    pub fn parts(&self) -> (i64, i64, i64) {
        let whole = self.need.max(self.have.saturating_add(self.booked)).max(1);
        let part = |n: i64| n.clamp(0, whole).saturating_mul(100) / whole;
        (part(self.have), part(self.booked), part(self.need))
    }
}

/// A month of flights that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub month: NaiveDate,
    /// What was flown in it.
    pub amounts: Amounts,
    /// First day from which something of it no longer counts.
    pub rolls_off: Option<NaiveDate>,
}

impl Portal {
    /// What the coach says. `None` when no rules hold today.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn coach(
        &self,
        card: &Card,
        coming: &[Coming],
        usual: &[Usual],
        lang: Lang,
    ) -> Result<Option<Coach>> {
        if card.engine.is_none() {
            return Ok(None);
        }
        let booked = coming.iter().filter(|one| one.worth != Amounts::ZERO);
        let booked = booked.map(|one| Activity::new(one.booked.flight_date, one.worth)).collect();
        let trips = self.trips(card, usual);
        let outlook = Outlook { booked, trips };
        let loyalty = &self.parts().loyalty;
        let sight = loyalty.progress(&Self::reader(), card.member.id, &outlook).await?;
        let rules = sight.engine.programme();
        let advice = sight.advice.as_ref();
        let sentences = advice.map_or_else(Vec::new, |advice| {
            let said = say::advice(rules, advice, &outlook.trips, lang);
            said.iter().map(|sentence| without_rows(sentence)).collect()
        });
        let goal = advice.map(|advice| &advice.goal);
        let more = advice.map_or(Amounts::ZERO, |advice| advice.booked);
        let tier = goal.and_then(|goal| rules.tier(goal.tier));
        let goals = sight.goals.iter().map(|goal| without_rows(&say::goal(rules, goal, lang)));
        Ok(Some(Coach {
            aim: goal.map(|goal| goal.aim),
            tier: tier.map(|tier| tier.name.get(lang).to_owned()).unwrap_or_default(),
            sentences,
            bars: goal.map_or_else(Vec::new, |goal| bars(goal, more)),
            months: moving(&sight).or(goal).map_or_else(Vec::new, |goal| months(goal, &sight)),
            goals: goals.collect(),
            sight,
        }))
    }

    fn trips(&self, card: &Card, usual: &[Usual]) -> Vec<Trip> {
        let today = self.today();
        let trips = usual.iter().take(WAYS).map(|journey| {
            let (amounts, _) = self.worth(card, journey, today);
            let Usual { origin, destination, class, .. } = journey;
            Trip { label: format!("{origin}–{destination} ({class})"), amounts, cost_minor: None }
        });
        trips.filter(|trip| trip.amounts != Amounts::ZERO).collect()
    }
}

/// Names of rule rows are for staff and for explanations; the sentence is whole without them.
fn without_rows(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut inside = false;
    for letter in sentence.chars() {
        match letter {
            '[' | '〔' => {
                inside = true;
                out.truncate(out.trim_end().len());
            }
            ']' | '〕' => inside = false,
            letter if !inside => out.push(letter),
            _ => {}
        }
    }
    out
}

/// The way of the goal that is nearest, measure by measure.
fn bars(goal: &Goal, booked: Amounts) -> Vec<Bar> {
    let measures = [Measure::Distance, Measure::Segments, Measure::Spend, Measure::Lifetime];
    let (have, more) = (goal.have.values(), booked.values());
    let of = |least: &Amounts| -> Vec<Bar> {
        let asked = measures.into_iter().zip(least.values()).enumerate();
        asked
            .filter(|(_, (_, need))| *need > 0)
            .map(|(at, (measure, need))| Bar { measure, have: have[at], booked: more[at], need })
            .collect()
    };
    let ways = goal.need.ways();
    let near = ways.iter().map(of).max_by_key(|bars| {
        let parts = bars.iter().map(|bar| {
            bar.have.saturating_add(bar.booked).clamp(0, bar.need).saturating_mul(1_000) / bar.need
        });
        (parts.min().unwrap_or(0), std::cmp::Reverse(bars.len()))
    });
    near.unwrap_or_default()
}

/// The nearest goal whose window moves along: its months are those that roll off.
fn moving(sight: &Sight) -> Option<&Goal> {
    let moves = |goal: &&Goal| goal.aim == Aim::Raise && !goal.rolls_off.is_empty();
    sight.goals.iter().find(moves)
}

fn months(goal: &Goal, sight: &Sight) -> Vec<Month> {
    let mut months: BTreeMap<NaiveDate, Month> = BTreeMap::new();
    let joined_on = sight.standing.joined_on;
    for one in sight.activity.iter().filter(|one| goal.window.contains(one.on)) {
        let month = one.on.with_day(1).unwrap_or(one.on);
        let off = goal.kind.rolls_off(one.on, joined_on);
        let entry =
            months.entry(month).or_insert(Month { month, amounts: Amounts::ZERO, rolls_off: off });
        entry.amounts += one.amounts;
        entry.rolls_off = entry.rolls_off.into_iter().chain(off).min();
    }
    months.into_values().filter(|month| month.amounts != Amounts::ZERO).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_left_out_of_sentences() {
        assert_eq!(
            without_rows("Without further flights: Silver until 31 May 2027: 1 km [renew-silver]."),
            "Without further flights: Silver until 31 May 2027: 1 km."
        );
        assert_eq!(without_rows("保持银卡〔renew-silver〕。"), "保持银卡。");
    }

    #[test]
    fn parts_of_a_bar_stay_within_it() {
        let bar = |have, booked, need| Bar { measure: Measure::Distance, have, booked, need };
        assert_eq!(bar(50, 25, 100).parts(), (50, 25, 100));
        assert_eq!(bar(-5, 0, 100).parts(), (0, 0, 100));
        assert_eq!(bar(300, 100, 200).parts(), (75, 25, 50));
        assert_eq!(bar(0, 0, 0).parts(), (0, 0, 0));
    }
}
