//! May a flight earn at all, and which rows hold for it.

use chrono::Days;
use kernel::dates::add_months;

use super::fact::{CouponStatus, Fact, Member};
use super::promote::any;
use super::step::{Refusal, Step};
use crate::document::{AccrualTerms, CarrierRow, ClassFrom, ClassRow, Party, Row, on};
use crate::{BookingClass, Carrier, Engine, Id, Percent};

/// The rows that hold for a flight.
pub(super) struct Found<'e> {
    pub(super) terms: &'e AccrualTerms,
    pub(super) agreement: &'e CarrierRow,
    pub(super) table: Carrier,
    pub(super) class: BookingClass,
    pub(super) row: &'e ClassRow,
    pub(super) tier: &'e Id,
    pub(super) age: Option<(&'e Id, u32, Percent)>,
}

impl Engine {
    /// The rows that hold, or why nothing is earned.
    pub(super) fn find<'e>(
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
