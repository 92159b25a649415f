//! The order of the arithmetic: award, age, tier bonus, promotions, and what counts towards a tier.

use super::eligible::Found;
use super::fact::{Fact, Member};
use super::promote::{Earning, Seen, any, promote};
use super::step::{Accrued, Origin, Posting, Refusal, Step};
use crate::document::{
    AccrualTerms, Basis, DistanceSource, MinApplied, Of, QualifyingDistance, Row,
};
use crate::{Amounts, Carrier, Engine, Id, Measure, Percent, Unit};

/// The award on its way.
#[derive(Clone, Copy)]
struct Award {
    /// What bonuses on the base are a part of.
    base: i64,
    amount: i64,
}

impl Engine {
    /// What a flight earns a member.
    ///
    /// The same inputs give the same answer, whenever and in whatever order they are asked. What
    /// was posted before is not known here: see [`super::difference`].
    #[must_use]
    pub fn accrue(&self, fact: &Fact, member: &Member) -> Accrued {
        let programme = self.programme();
        let mut accrued = Accrued {
            key: fact.key(&member.number),
            programme: programme.code.clone(),
            version: programme.version,
            flight_date: fact.flight_date,
            postings: Vec::new(),
            steps: Vec::with_capacity(8),
            refused: None,
        };
        let earned = self
            .find(fact, member, &mut accrued.steps)
            .and_then(|found| self.earn(fact, member, &found, &mut accrued.steps));
        match earned {
            Ok(postings) => accrued.postings = postings,
            Err(refusal) => accrued.refused = Some(refusal),
        }
        accrued
    }

    fn earn(
        &self,
        fact: &Fact,
        member: &Member,
        found: &Found<'_>,
        steps: &mut Vec<Step>,
    ) -> Result<Vec<Posting>, Refusal> {
        let rounding = found.terms.rounding;
        let mut award = match found.agreement.basis {
            Basis::Distance => {
                let distance = self.distance(fact, found.terms, steps)?;
                self.award(fact, found, distance, found.row.factor, Some(steps))
            }
            Basis::Fare => self.fare(fact, found, steps)?,
        };
        if let Some((row, years, percent)) = found.age.filter(|age| age.2 != Percent::WHOLE) {
            let (row, base) = (row.clone(), award.amount);
            let amount = percent.of(base, rounding);
            steps.push(Step::Age { row, years, percent, base, amount });
            award = Award { base: percent.of(award.base, rounding), amount };
        }
        let mut postings = Postings::default();
        postings.add(Measure::Redeemable, Origin::Flight, award.amount);
        let bonus = self.bonus(fact, found, award, steps);
        postings.add(Measure::Redeemable, Origin::TierBonus, bonus);
        let qualifying = self.qualifying(fact, found, award, steps);
        let seen = Seen { fact, class: found.class, cabin: found.row.cabin, tier: found.tier };
        let running = award.amount.saturating_add(bonus);
        let earning = Earning { base: award.base, award: award.amount, running, qualifying };
        let promoted = promote(self.promotions(), &seen, member, earning, rounding);
        for (measure, amount) in Measure::ALL[1..].iter().zip(qualifying.values()) {
            postings.add(*measure, Origin::Flight, amount);
        }
        for step in &promoted {
            if let Step::Promotion { row, amount, distance, segments, .. } = step {
                let origin = || Origin::Promotion(row.clone());
                postings.add(Measure::Redeemable, origin(), *amount);
                postings.add(Measure::Distance, origin(), *distance);
                postings.add(Measure::Segments, origin(), *segments);
            }
        }
        steps.extend(promoted);
        if postings.0.is_empty() { Err(Refusal::Zero) } else { Ok(postings.0) }
    }

    /// The distance in the programme's unit.
    fn distance(
        &self,
        fact: &Fact,
        terms: &AccrualTerms,
        steps: &mut Vec<Step>,
    ) -> Result<i64, Refusal> {
        let (source, given) = given_distance(fact, terms).ok_or(Refusal::DistanceUnknown)?;
        let given_unit = unit_of(source);
        let amount = given_unit.convert(given, self.programme().distance_unit);
        steps.push(Step::Distance { source, given, given_unit, amount });
        Ok(amount)
    }

    /// Distance, minimum and factor. Says its steps where they are wanted: qualifying distance
    /// with a factor of its own goes the same way silently.
    fn award(
        &self,
        fact: &Fact,
        found: &Found<'_>,
        distance: i64,
        factor: Percent,
        steps: Option<&mut Vec<Step>>,
    ) -> Award {
        let rounding = found.terms.rounding;
        let minimum = self.minimum(fact, found).filter(|_| factor.0 > 0);
        let (mut base, mut said) = (distance, Vec::with_capacity(2));
        let raise = |amount: &mut i64, said: &mut Vec<Step>| {
            if let Some((row, least)) = minimum.filter(|(_, least)| least > amount) {
                let (row, applied) = (row.clone(), found.agreement.min_applied);
                said.push(Step::Minimum { row, applied, before: *amount, amount: least });
                *amount = least;
            }
        };
        let before = found.agreement.min_applied == MinApplied::Before;
        if before {
            raise(&mut base, &mut said);
        }
        let mut amount = factor.of(base, rounding);
        said.push(Step::Award { base, factor, amount });
        if !before {
            raise(&mut amount, &mut said);
        }
        if let Some(steps) = steps {
            steps.extend(said);
        }
        Award { base, amount }
    }

    fn minimum(&self, fact: &Fact, found: &Found<'_>) -> Option<(&Id, i64)> {
        let cabin = found.row.cabin.or(fact.cabin)?;
        let row = self.programme().accrual.minimums.iter().find(|row| {
            row.cabins.contains(&cabin)
                && row.span().contains(fact.flight_date)
                && any(&row.carriers, &found.table)
                && any(&row.markets, &fact.market)
        })?;
        Some((&row.id, row.unit.convert(row.distance, self.programme().distance_unit)))
    }

    fn fare(
        &self,
        fact: &Fact,
        found: &Found<'_>,
        steps: &mut Vec<Step>,
    ) -> Result<Award, Refusal> {
        let programme = self.programme();
        let fare_minor = fact.fare_minor.filter(|fare| *fare >= 0).ok_or(Refusal::FareUnknown)?;
        if fact.currency != programme.currency {
            return Err(Refusal::ForeignCurrency);
        }
        let mut rates = programme.accrual.rates.iter();
        let rate = rates
            .find(|row| {
                row.tier == *found.tier
                    && row.span().contains(fact.flight_date)
                    && any(&row.carriers, &found.table)
            })
            .ok_or_else(|| Refusal::NoRate { tier: found.tier.clone() })?;
        let counted = found.terms.fare_with_surcharges;
        let surcharge_minor = if counted { fact.surcharge_minor.max(0) } else { 0 };
        let per = 10_i64.pow(programme.currency.exponent());
        let money = i128::from(fare_minor) + i128::from(surcharge_minor);
        let amount = found
            .terms
            .rounding
            .divide(money * i128::from(rate.points_per_unit.0), i128::from(per) * 100);
        let (row, rate) = (rate.id.clone(), rate.points_per_unit);
        steps.push(Step::Fare { row, fare_minor, surcharge_minor, per, rate, amount });
        Ok(Award { base: amount, amount })
    }

    fn bonus(&self, fact: &Fact, found: &Found<'_>, award: Award, steps: &mut Vec<Step>) -> i64 {
        let mut rows = self.programme().accrual.bonuses.iter();
        let row = rows.find(|row| {
            row.tier == *found.tier
                && row.span().contains(fact.flight_date)
                && any(&row.carriers, &found.table)
        });
        let Some(row) = row.filter(|_| award.amount > 0) else { return 0 };
        let base = if row.of == Of::Base { award.base } else { award.amount };
        let amount = row.percent.of(base, found.terms.rounding);
        let (tier, of, percent) = (row.tier.clone(), row.of, row.percent);
        steps.push(Step::Bonus { row: row.id.clone(), tier, of, base, percent, amount });
        amount
    }

    /// What counts towards a tier.
    fn qualifying(
        &self,
        fact: &Fact,
        found: &Found<'_>,
        award: Award,
        steps: &mut Vec<Step>,
    ) -> Amounts {
        let (terms, agreement) = (found.terms, found.agreement);
        let part = |amount: i64| match found.age {
            Some((_, _, percent)) => percent.of(amount, terms.rounding),
            None => amount,
        };
        let unit = self.programme().distance_unit;
        let flown = || {
            given_distance(fact, terms).map_or(0, |(source, d)| unit_of(source).convert(d, unit))
        };
        let distance = match (terms.qualifying_distance, found.row.qualifying_factor) {
            (QualifyingDistance::None, _) => 0,
            (QualifyingDistance::Flown, _) => part(flown()),
            (QualifyingDistance::Award, Some(factor)) => {
                part(self.award(fact, found, flown(), factor, None).amount)
            }
            (QualifyingDistance::Award, None) => award.amount,
        };
        let mut amounts = Amounts::ZERO;
        if agreement.qualifies {
            amounts.distance = distance;
            amounts.segments = part(found.row.segments.0);
        }
        let group = |carrier: Carrier| self.counts_for_life(carrier, fact.flight_date);
        if group(fact.operating) && group(fact.marketing) {
            amounts.lifetime = distance;
        }
        if agreement.spend {
            let home = fact.currency == self.programme().currency;
            match fact.fare_minor.filter(|fare| home && *fare >= 0) {
                Some(fare) if terms.spend_with_surcharges => {
                    amounts.spend = fare.saturating_add(fact.surcharge_minor.max(0));
                }
                Some(fare) => amounts.spend = fare,
                None => steps.push(Step::SpendUnknown),
            }
        }
        steps.push(Step::Qualifying { distance_by: terms.qualifying_distance, amounts });
        amounts
    }
}

/// The first distance the flight has, in the order of the terms.
fn given_distance(fact: &Fact, terms: &AccrualTerms) -> Option<(DistanceSource, i64)> {
    terms.distance_sources.iter().find_map(|source| {
        let given = match source {
            DistanceSource::Tpm => fact.tpm_miles,
            DistanceSource::GreatCircle => fact.great_circle_km,
        };
        given.filter(|distance| *distance > 0).map(|distance| (*source, distance))
    })
}

fn unit_of(source: DistanceSource) -> Unit {
    match source {
        DistanceSource::Tpm => Unit::Miles,
        DistanceSource::GreatCircle => Unit::Km,
    }
}

#[derive(Default)]
struct Postings(Vec<Posting>);

impl Postings {
    fn add(&mut self, measure: Measure, origin: Origin, amount: i64) {
        if amount > 0 {
            self.0.push(Posting { measure, origin, amount });
        }
    }
}
