//! What one flight earns: section B.1 of the rules, with the rows of the document.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::rules::{Agreement, Class, Rules, Terms, months_on};
use crate::loyalty::Flight;

/// In the order of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Unit {
    Miles,
    Distance,
    Segments,
    Spend,
    Lifetime,
}

/// What for, in the order in which it is posted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum For {
    Flight,
    Tier,
    Promotion(String),
}

/// So much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub unit: Unit,
    pub what: For,
    pub amount: i64,
}

/// Who flew, as of the day of the flight.
pub(super) struct Flyer<'a> {
    pub tier: usize,
    pub born: NaiveDate,
    pub joined: NaiveDate,
    pub is_first: bool,
    /// What a promotion has given: to this member, to all.
    pub given: &'a dyn Fn(&str) -> (i64, i64),
}

fn divide(rounding: &str, n: i128, by: i128) -> i64 {
    let whole = if rounding == "down" { n / by } else { (2 * n + by) / (2 * by) };
    i64::try_from(whole).unwrap_or(i64::MAX)
}

fn part(rounding: &str, percent: i64, of: i64) -> i64 {
    divide(rounding, i128::from(of) * i128::from(percent), 10_000)
}

fn in_unit(distance: i64, from: &str, to: &str) -> i64 {
    let distance = i128::from(distance);
    match (from, to) {
        ("miles", "km") => divide("half-up", distance * 1_609_344, 1_000_000),
        ("km", "miles") => divide("half-up", distance * 1_000_000, 1_609_344),
        _ => i64::try_from(distance).unwrap_or(i64::MAX),
    }
}

fn any(list: &[String], one: &str) -> bool {
    list.is_empty() || list.iter().any(|it| it == one)
}

/// What the rows come to for a flight.
struct Case<'r> {
    terms: &'r Terms,
    agreement: &'r Agreement,
    row: &'r Class,
    table: &'r str,
    tier: &'r str,
    age: Option<i64>,
}

impl Rules {
    /// The postings of a flight; empty when it earns nothing.
    pub fn earn(&self, flight: &Flight, who: &Flyer<'_>) -> Vec<Posting> {
        self.case(flight, who)
            .and_then(|case| self.postings(flight, who, &case))
            .unwrap_or_default()
    }

    fn case<'r>(&'r self, flight: &'r Flight, who: &Flyer<'_>) -> Option<Case<'r>> {
        let day = flight.flight_date;
        let terms = self.accrual.terms.iter().find(|row| row.days.hold(day))?;
        if flight.status != "flown" || flight.credited_elsewhere {
            return None;
        }
        if day < who.joined - TimeDelta::days(terms.days_before_joining) {
            return None;
        }
        if flight.claimed_on.is_some_and(|on| on > months_on(day, terms.claim_months)) {
            return None;
        }
        let special = self.accrual.codeshares.iter().find(|row| {
            flight.marketing != flight.operating
                && row.days.hold(day)
                && any(&row.marketing, flight.marketing)
                && any(&row.operating, flight.operating)
        });
        let (eligible, table) = special.map_or_else(
            || (terms.eligibility_by.as_str(), terms.table_by.as_str()),
            |row| (row.eligibility_by.as_str(), row.table_by.as_str()),
        );
        let airline =
            |by: &str| if by == "marketing" { flight.marketing } else { flight.operating };
        let (eligible, table) = (airline(eligible), airline(table));
        let agreed = |carrier: &str| {
            let mut rows = self.accrual.carriers.iter();
            rows.find(|row| row.days.hold(day) && row.carriers.iter().any(|it| it == carrier))
        };
        agreed(eligible)?;
        let agreement = agreed(table)?;
        // What the airline changed does not cost the class of the ticket.
        let class = match flight.flown_class {
            Some(flown) if terms.class_from == "flown" && !flight.involuntary => flown,
            _ => flight.booking_class,
        };
        let excluded = self.accrual.exclusions.iter().any(|row| {
            row.days.hold(day)
                && (row.classes.is_empty() || row.classes.contains(&class))
                && any(&row.tickets, flight.ticket)
        });
        if excluded {
            return None;
        }
        let fitting: Vec<&Class> = self
            .accrual
            .classes
            .iter()
            .filter(|row| row.days.hold(day) && row.carriers.iter().any(|it| it == table))
            .filter(|row| row.classes.contains(&class) && any(&row.markets, flight.market))
            .filter(|row| match (&row.cabin, flight.cabin) {
                (Some(row), Some(flight)) => row == flight,
                _ => true,
            })
            .collect();
        // In several cabins and nobody says in which: not guessed.
        let [row] = fitting.as_slice() else { return None };
        if row.factor == 0 && row.segments == 0 {
            return None;
        }
        let years = day.years_since(who.born);
        let age = self.accrual.ages.iter().find(|row| {
            row.days.hold(day)
                && years.is_some_and(|years| row.from_age <= years && years <= row.to_age)
                && row.seat.is_none_or(|seat| seat == flight.seat)
        });
        let age = age.map(|row| row.percent);
        if age == Some(0) {
            return None;
        }
        let tier = self.code(who.tier);
        Some(Case { terms, agreement, row, table, tier, age })
    }

    fn distance(&self, flight: &Flight, terms: &Terms) -> Option<i64> {
        terms.distance_sources.iter().find_map(|source| {
            let (given, unit) = match source.as_str() {
                "tpm" => (flight.tpm_miles, "miles"),
                _ => (flight.great_circle_km, "km"),
            };
            given.map(|given| in_unit(given, unit, &self.distance_unit))
        })
    }

    /// Base and award, before age.
    fn award(&self, flight: &Flight, case: &Case<'_>) -> Option<(i64, i64)> {
        let (day, rounding) = (flight.flight_date, case.terms.rounding.as_str());
        if case.agreement.basis == "fare" {
            let fare = flight.fare_minor?;
            if flight.currency != self.currency {
                return None;
            }
            let mut rates = self.accrual.rates.iter();
            let rate = rates.find(|row| row.days.hold(day) && row.tier == case.tier)?;
            let more = if case.terms.fare_with_surcharges { flight.surcharge_minor } else { 0 };
            let money = i128::from(fare + more) * i128::from(rate.points_per_unit);
            let points = divide(rounding, money, 100 * 100);
            return Some((points, points));
        }
        let mut base = self.distance(flight, case.terms)?;
        let cabin = case.row.cabin.as_deref().or(flight.cabin);
        let least = self.accrual.minimums.iter().find(|row| {
            row.days.hold(day)
                && any(&row.carriers, case.table)
                && cabin.is_some_and(|cabin| row.cabins.iter().any(|it| it == cabin))
        });
        let least = least.filter(|_| case.row.factor > 0);
        let least = least.map_or(0, |row| in_unit(row.distance, &row.unit, &self.distance_unit));
        let before = case.agreement.min_applied == "before";
        if before {
            base = base.max(least);
        }
        let award = part(rounding, case.row.factor, base);
        Some((base, if before { award } else { award.max(least) }))
    }

    fn postings(&self, flight: &Flight, who: &Flyer<'_>, case: &Case<'_>) -> Option<Vec<Posting>> {
        let (day, rounding) = (flight.flight_date, case.terms.rounding.as_str());
        let (mut base, mut award) = self.award(flight, case)?;
        let share = case.age.unwrap_or(10_000);
        (base, award) = (part(rounding, share, base), part(rounding, share, award));
        let bonus = self.accrual.bonuses.iter().find(|row| {
            row.days.hold(day) && row.tier == case.tier && any(&row.carriers, case.table)
        });
        let bonus = bonus.map_or(0, |row| {
            part(rounding, row.percent, if row.of == "base" { base } else { award })
        });
        let counted = if case.terms.qualifying_distance == "award" { award } else { 0 };
        let qualifies = case.agreement.qualifies;
        let distance = if qualifies { counted } else { 0 };
        let segments = if qualifies { part(rounding, share, case.row.segments) } else { 0 };
        let for_life = |carrier: &str| {
            self.accrual.carriers.iter().any(|row| {
                row.days.hold(day)
                    && row.carriers.iter().any(|it| it == carrier)
                    && row.lifetime_from.is_some_and(|from| from <= day)
            })
        };
        let both = for_life(flight.operating) && for_life(flight.marketing);
        let more = if case.terms.spend_with_surcharges { flight.surcharge_minor } else { 0 };
        let home = case.agreement.spend && flight.currency == self.currency;
        let spend = flight.fare_minor.filter(|_| home).map_or(0, |fare| fare + more);
        let mut all = vec![
            (Unit::Miles, For::Flight, award),
            (Unit::Miles, For::Tier, bonus),
            (Unit::Distance, For::Flight, distance),
            (Unit::Segments, For::Flight, segments),
            (Unit::Spend, For::Flight, spend),
            (Unit::Lifetime, For::Flight, if both { counted } else { 0 }),
        ];
        all.extend(self.promoted(flight, who, case, (base, award, bonus), (distance, segments)));
        let real = all.into_iter().filter(|one| one.2 > 0);
        Some(real.map(|(unit, what, amount)| Posting { unit, what, amount }).collect())
    }

    fn promoted(
        &self,
        flight: &Flight,
        who: &Flyer<'_>,
        case: &Case<'_>,
        (base, award, bonus): (i64, i64, i64),
        (distance, segments): (i64, i64),
    ) -> Vec<(Unit, For, i64)> {
        let rounding = case.terms.rounding.as_str();
        let mut rows: Vec<_> = self.accrual.promotions.iter().collect();
        rows.sort_by_key(|row| (row.order, row.id.clone()));
        let (mut all, mut applied, mut running) = (Vec::new(), 0, award + bonus);
        for row in rows {
            let alone = row.stacking == "exclusive";
            if !fits(row, flight, who, case.tier) || (alone && applied > 0) {
                continue;
            }
            let of = match row.of.as_str() {
                "base" => base,
                "running" => running,
                _ => award,
            };
            let (own, everybody) = (who.given)(&row.id);
            let left = row.cap_per_member.map_or(i64::MAX, |most| most - own);
            let left = left.min(row.budget.map_or(i64::MAX, |most| most - everybody));
            let miles = (part(rounding, row.percent, of) + row.fixed).min(left).max(0);
            let extra = [distance, segments].map(|amount| part(rounding, row.qualifying, amount));
            if miles == 0 && extra == [0, 0] {
                continue;
            }
            applied += 1;
            running += miles;
            let what = || For::Promotion(row.id.clone());
            all.push((Unit::Miles, what(), miles));
            all.push((Unit::Distance, what(), extra[0]));
            all.push((Unit::Segments, what(), extra[1]));
            if alone {
                break;
            }
        }
        all
    }
}

fn fits(row: &super::rules::Promotion, flight: &Flight, who: &Flyer<'_>, tier: &str) -> bool {
    let filter = &row.flights;
    let goes = |from: &str, to: &str| flight.origin == from && flight.destination == to;
    let weekday = flight.flight_date.weekday().to_string();
    // Nobody registers for a promotion here.
    row.open_to == "all"
        && row.days.hold(flight.flight_date)
        && row.booked_to.is_none_or(|to| flight.booked_on.is_some_and(|on| on <= to))
        && any(&filter.operating, flight.operating)
        && any(&filter.marketing, flight.marketing)
        && any(&filter.markets, flight.market)
        && any(&filter.weekdays, &weekday)
        && any(&filter.tiers, tier)
        && (!filter.first_flight || who.is_first)
        && (filter.routes.is_empty()
            || filter.routes.iter().any(|way| {
                goes(&way.origin, &way.destination)
                    || (way.both_ways && goes(&way.destination, &way.origin))
            }))
}
