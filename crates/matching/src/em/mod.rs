//! Estimating a model without labels: u from random pairs, m by expectation–maximisation over
//! candidates of training rules, the prior from all candidates.
//!
//! Pairs are counted by pattern (the levels they reached, with the frequency of each value in
//! coarse steps), so that a step of EM costs patterns, not pairs. Counts are whole numbers and
//! patterns are walked in order: the result is the same on any number of cores.

mod fit;
mod pattern;

use crate::blocks::Candidates;
use crate::hash::{mix, scramble};
use crate::model::Model;
use crate::source::Records;

use fit::Fit;
use pattern::Patterns;

/// A session of EM: candidates of one rule, and the comparisons that rule says nothing about.
pub struct Session {
    pub candidates: Candidates,
    /// Comparisons whose m this session estimates; the others agree by the rule's own making.
    pub learns: Vec<usize>,
}

/// How a model is estimated.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// Random pairs to estimate u from; all pairs when there are no more.
    pub random_pairs: u64,
    /// Candidate pairs of a session, beyond which they are sampled.
    pub session_pairs: u64,
    pub seed: u64,
    /// Times the whole is repeated with what was learnt.
    pub rounds: usize,
}

impl Default for Training {
    fn default() -> Self {
        Self { random_pairs: 1_000_000, session_pairs: 1_000_000, seed: 1, rounds: 3 }
    }
}

/// Estimates the model of these records; `candidates` are those the model will be used on.
#[must_use]
pub fn train<R: Records>(
    records: &R,
    sessions: &[Session],
    candidates: &Candidates,
    training: Training,
) -> Model {
    let blank = records.blank_model();
    let mut model = blank.clone();
    if records.rows() < 2 {
        return model;
    }
    let random = Patterns::of_random(records, training.random_pairs, training.seed);
    let counted = |candidates: &Candidates, salt: u64| {
        let all = candidates.pairs_at_most().max(1);
        let share = (training.session_pairs as f64 / all as f64).min(1.0);
        Patterns::of_candidates(records, candidates, share, mix(training.seed, salt))
    };
    let trained: Vec<Patterns> =
        sessions.iter().enumerate().map(|(at, s)| counted(&s.candidates, at as u64 + 1)).collect();
    let whole = counted(candidates, scramble(training.seed));
    let total = f64::from(records.rows()) * f64::from(records.rows() - 1) / 2.0;
    fit::random_first(&mut model, &random);
    // Until candidates tell better: every other record has a partner.
    model.prior = 0.5 / f64::from(records.rows());
    for _ in 0..training.rounds.max(1) {
        let learnt: Vec<(Fit, &[usize])> = sessions
            .iter()
            .zip(&trained)
            .map(|(session, patterns)| {
                (fit::learn(&model, &blank, patterns, session), &*session.learns)
            })
            .collect();
        fit::join(&mut model, &learnt);
        model.prior = fit::prior(&model, &whole, total);
        fit::random_again(&mut model, &random);
    }
    model
}
