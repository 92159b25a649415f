//! The order of the arithmetic: may it earn at all, whose tables, class, award, age, tier bonus,
//! promotions, and what counts towards a tier.

use chrono::Days;
use kernel::dates::add_months;

use super::fact::{CouponStatus, Fact, Member};
use super::promote::{Earning, Seen, any, promote};
use super::step::{Accrued, Origin, Posting, Refusal, Step};
use crate::document::{
    AccrualTerms, Basis, CarrierRow, ClassFrom, ClassRow, DistanceSource, MinApplied, Of, Party,
    QualifyingDistance, Row, on,
};
use crate::{Amounts, BookingClass, Carrier, Engine, Id, Measure, Percent, Unit};

/// The rows that hold for a flight.
struct Found<'e> {
    terms: &'e AccrualTerms,
    agreement: &'e CarrierRow,
    table: Carrier,
    class: BookingClass,
    row: &'e ClassRow,
    tier: &'e Id,
    age: Option<(&'e Id, u32, Percent)>,
}

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

    fn find<'e>(
        &'e self,
        fact: &Fact,
        member: &Member,
        steps: &mut Vec<Step>,
    ) -> Result<Found<'e>, Refusal> {
        let programme = self.programme();
        let accrual = &programme.accrual;
        let day = fact.flight_date;
        let terms = on(&accrual.terms, day).ok_or(Refusal::OutsideProgramme)?;
        may_earn(fact, member, terms)?;
        let (codeshare, eligibility, table) = self.parties(fact, terms);
        let agreement = |carrier: Carrier| {
            let mut rows = accrual.carriers.iter();
            rows.find(|row| row.carriers.contains(&carrier) && row.span().contains(day))
                .ok_or(Refusal::NoAgreement { carrier })
        };
        agreement(eligibility)?;
        let agreement = agreement(table)?;
        steps.push(Step::Agreement {
            row: agreement.id.clone(),
            terms: terms.id.clone(),
            codeshare: codeshare.cloned(),
            marketing: fact.marketing,
            operating: fact.operating,
            table,
            rounding: terms.rounding,
        });
        let class = deciding_class(fact, terms.class_from);
        let excluded = accrual.exclusions.iter().find(|row| {
            row.span().contains(day)
                && (any(&row.carriers, &fact.marketing) || any(&row.carriers, &fact.operating))
                && any(&row.markets, &fact.market)
                && any(&row.classes, &class)
                && any(&row.tickets, &fact.ticket)
        });
        if let Some(row) = excluded {
            return Err(Refusal::Excluded { row: row.id.clone() });
        }
        let row = self.class_row(fact, table, class)?;
        steps.push(Step::Class {
            row: row.id.clone(),
            class,
            cabin: row.cabin,
            factor: row.factor,
            segments: row.segments,
        });
        if row.factor.0 == 0 && row.segments.0 == 0 {
            return Err(Refusal::ClassEarnsNothing { row: row.id.clone() });
        }
        let age = self.age(fact, member);
        if let Some((row, years, Percent::ZERO)) = age {
            return Err(Refusal::Age { row: row.clone(), years });
        }
        let tier = programme.tier(member.tier).ok_or(Refusal::OutsideProgramme)?;
        Ok(Found { terms, agreement, table, class, row, tier: &tier.code, age })
    }

    /// The codeshare row, and the airlines that decide eligibility and table.
    fn parties(&self, fact: &Fact, terms: &AccrualTerms) -> (Option<&Id>, Carrier, Carrier) {
        let shared = fact.marketing != fact.operating;
        let special = self.programme().accrual.codeshares.iter().find(|row| {
            shared
                && row.span().contains(fact.flight_date)
                && any(&row.marketing, &fact.marketing)
                && any(&row.operating, &fact.operating)
        });
        let (eligibility, table) = special
            .map_or((terms.eligibility_by, terms.table_by), |r| (r.eligibility_by, r.table_by));
        let of = |party| match party {
            Party::Marketing => fact.marketing,
            Party::Operating => fact.operating,
        };
        (special.map(|row| &row.id), of(eligibility), of(table))
    }

    fn class_row(
        &self,
        fact: &Fact,
        table: Carrier,
        class: BookingClass,
    ) -> Result<&ClassRow, Refusal> {
        let mut fitting = self.class_rows(table, class).filter(|row| {
            row.span().contains(fact.flight_date)
                && any(&row.markets, &fact.market)
                && row.cabin.zip(fact.cabin).is_none_or(|(row, flight)| row == flight)
        });
        let row = fitting.next().ok_or(Refusal::ClassNotListed { carrier: table, class })?;
        match fitting.next() {
            Some(_) => Err(Refusal::CabinUnknown { class }),
            None => Ok(row),
        }
    }

    fn age(&self, fact: &Fact, member: &Member) -> Option<(&Id, u32, Percent)> {
        let years = fact.flight_date.years_since(member.birth_date?)?;
        let row = self.programme().accrual.ages.iter().find(|row| {
            row.span().contains(fact.flight_date)
                && (row.from_age..=row.to_age).contains(&years)
                && row.seat.is_none_or(|seat| seat == fact.seat)
        })?;
        Some((&row.id, years, row.percent))
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

/// What can be said before any table is opened.
fn may_earn(fact: &Fact, member: &Member, terms: &AccrualTerms) -> Result<(), Refusal> {
    if fact.status != CouponStatus::Flown {
        return Err(Refusal::NotFlown { status: fact.status });
    }
    if fact.credited_elsewhere {
        return Err(Refusal::CreditedElsewhere);
    }
    let before = Days::new(u64::from(terms.days_before_joining));
    let first = member.joined_on.checked_sub_days(before).unwrap_or(member.joined_on);
    if fact.flight_date < first {
        return Err(Refusal::BeforeJoining { first });
    }
    let months = i32::try_from(terms.claim_months).unwrap_or(i32::MAX);
    let last = add_months(fact.flight_date, months);
    match fact.claimed_on {
        Some(day) if day > last => Err(Refusal::ClaimTooLate { last }),
        _ => Ok(()),
    }
}

/// An involuntary change never costs the member the class of the ticket.
fn deciding_class(fact: &Fact, from: ClassFrom) -> BookingClass {
    match from {
        ClassFrom::Flown if !fact.involuntary => fact.flown_class.unwrap_or(fact.booking_class),
        _ => fact.booking_class,
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
