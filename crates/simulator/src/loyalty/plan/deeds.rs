//! What is asked of the ledger: miles bought, spent, held, and what follows a hold.

use chrono::{Datelike, Days, TimeDelta};

use super::{Follow, Later, Years, after};
use crate::dice::Dice;
use crate::loyalty::{Act, Asked, Step};

impl Years {
    pub(super) fn deeds(&mut self, dice: &mut Dice, asked: &mut Vec<Asked>) {
        let day = self.day;
        let joined = self.people.partition_point(|one| one.joins <= day);
        for who in 0..joined {
            let amount = dice.between(1, 60) * dice.between(1, 200);
            let step = match dice.below(1_500) {
                0..=2 => {
                    let last = after(day, dice.between(20, 420));
                    let expires_on =
                        if dice.chance(0.5) { last } else { last.with_day(1).unwrap_or(last) };
                    Step::Buy { who, amount, expires_on: expires_on.max(day) }
                }
                3..=5 => Step::Spend { who, amount },
                6..=8 => {
                    let lasts = TimeDelta::days(dice.between(1, 25));
                    let due = dice.chance(0.7).then(|| self.clock + lasts);
                    Step::Hold { who, amount, due }
                }
                _ => continue,
            };
            let id = self.id(dice);
            asked.push(Asked { id, at: self.clock, step });
            if let Step::Hold { .. } = step {
                self.end_of_hold(dice, id, amount);
            }
        }
    }

    fn end_of_hold(&mut self, dice: &mut Dice, hold: u128, held: i64) {
        let on = after(self.day, dice.between(1, 22));
        let part = |dice: &mut Dice| dice.chance(0.3).then(|| dice.between(1, held.max(1)));
        let grace = |dice: &mut Dice| dice.chance(0.5).then(|| after(on, dice.between(0, 30)));
        match dice.below(10) {
            0..=5 => {
                let step = Step::Settle { hold, amount: part(dice) };
                let days = u64::try_from(dice.between(1, 60)).unwrap_or(1);
                let taken_back = dice.chance(0.4);
                let follow = if taken_back { Follow::Redeposit(days) } else { Follow::Nothing };
                self.push_later(on, Later::Asked(step, follow));
                if dice.chance(0.3) {
                    let step = Step::Settle { hold, amount: None };
                    self.push_later(after(on, 1), Later::Asked(step, Follow::Nothing));
                }
            }
            6 | 7 => {
                let step = Step::Release { hold, amount: part(dice), grace: grace(dice) };
                self.push_later(on, Later::Asked(step, Follow::Nothing));
            }
            _ => {}
        }
    }

    pub(super) fn follow(&mut self, id: u128, follow: Follow) {
        let Follow::Redeposit(days) = follow else { return };
        let on = self.day + Days::new(days);
        let grace = (days % 2 == 0).then(|| on + Days::new(30));
        let step = Step::Redeposit { settled: id, amount: None, grace };
        self.push_later(on, Later::Asked(step, Follow::Nothing));
    }

    pub(super) fn ask(&mut self, dice: &mut Dice, mut asked: Vec<Asked>) {
        if self.setup.faults {
            // Asked again: the same day, and days later.
            for one in asked.clone() {
                if dice.chance(0.05) {
                    asked.push(one);
                }
            }
            if !self.past.is_empty() && dice.chance(0.2) {
                asked.push(*dice.pick(&self.past));
            }
            self.past.extend(asked.iter().rev().take(20).copied());
            let over = self.past.len().saturating_sub(500);
            self.past.drain(..over);
        }
        for part in asked.chunks(1_500) {
            self.put(Act::Books(part.to_vec()));
        }
    }
}
