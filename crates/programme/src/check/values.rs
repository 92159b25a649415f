//! Numbers beyond what can be meant, and fields that must not be empty.

use super::finding::{Finding, Problem, Severity};
use crate::document::{
    BenefitRow, Criterion, Fee, Landing, Programme, PromotionRow, Validity, Window,
};
use crate::{Id, Percent};

/// Longest list of a row.
const MOST_ENTRIES: usize = 200;
pub(super) const SHORT: &str = "one of up to 200";

struct Place<'f> {
    found: &'f mut Vec<Finding>,
    place: &'static str,
    row: &'f Id,
}

impl Place<'_> {
    fn say(&mut self, problem: Problem) {
        let (place, rows) = (self.place, vec![self.row.clone()]);
        self.found.push(Finding { severity: Severity::Error, place, rows, problem });
    }

    fn percent(&mut self, field: &'static str, value: Percent, most: i64, allowed: &'static str) {
        if !(0..=most * 100).contains(&value.0) {
            self.say(Problem::OutOfRange { field, value: value.to_string(), allowed });
        }
    }

    fn least(&mut self, field: &'static str, value: i64, least: i64, allowed: &'static str) {
        if value < least {
            self.say(Problem::OutOfRange { field, value: value.to_string(), allowed });
        }
    }

    fn filled<T>(&mut self, field: &'static str, list: &[T]) {
        if list.is_empty() {
            self.say(Problem::Missing { field });
        }
    }

    fn criterion(&mut self, need: &Criterion) {
        match need {
            Criterion::Distance(least) | Criterion::SpendMinor(least) => {
                self.least("need", *least, 1, "1 or more");
            }
            Criterion::Lifetime(least) => self.least("need", *least, 1, "1 or more"),
            Criterion::Segments(least) => self.least("need", least.0, 1, "0.01 or more"),
            Criterion::All(parts) | Criterion::Any(parts) => {
                self.filled("need", parts);
                parts.iter().for_each(|part| self.criterion(part));
            }
        }
    }

    fn need(&mut self, need: &Criterion) {
        self.criterion(need);
        let ways = need.count_ways();
        if ways > Criterion::MOST_WAYS {
            let (field, value) = ("need", format!("a tree with {ways} ways to meet it"));
            self.say(Problem::OutOfRange { field, value, allowed: "one with up to 32" });
        }
    }

    /// Lists are crossed with each other to find gaps: a list without bound would take for ever.
    fn short<T>(&mut self, field: &'static str, list: &[T]) {
        if list.len() > MOST_ENTRIES {
            let value = format!("a list of {}", list.len());
            self.say(Problem::OutOfRange { field, value, allowed: SHORT });
        }
    }

    fn validity(&mut self, validity: Validity) {
        if let Validity::EndOfMonth(months) = validity {
            self.least("validity", i64::from(months), 1, "1 month or more");
        }
    }
}

pub(super) fn check(programme: &Programme, found: &mut Vec<Finding>) {
    accrual(programme, found);
    qualification(programme, found);
    for row in &programme.accrual.promotions {
        promotion(row, &mut Place { found, place: "accrual.promotions", row: &row.id });
    }
    redemption(programme, found);
    for row in &programme.benefits.catalogue {
        benefit(row, &mut Place { found, place: "benefits.catalogue", row: &row.id });
    }
    for row in &programme.benefits.milestones {
        let mut at = Place { found, place: "benefits.milestones", row: &row.id };
        at.need(&row.need);
        at.filled("choices", &row.choices);
        at.least("choose", i64::from(row.choose), 1, "1 or more");
        if matches!(row.window, Window::BeforeExpiry { .. }) || empty(row.window) {
            at.say(wrong_window());
        }
    }
}

fn accrual(programme: &Programme, found: &mut Vec<Finding>) {
    let accrual = &programme.accrual;
    for row in &accrual.terms {
        let mut at = Place { found, place: "accrual.terms", row: &row.id };
        at.filled("distance_sources", &row.distance_sources);
        at.least("claim_months", i64::from(row.claim_months), 1, "1 or more");
    }
    for row in &accrual.carriers {
        let mut at = Place { found, place: "accrual.carriers", row: &row.id };
        at.filled("carriers", &row.carriers);
        at.short("carriers", &row.carriers);
    }
    for row in &accrual.codeshares {
        let mut at = Place { found, place: "accrual.codeshares", row: &row.id };
        at.short("marketing", &row.marketing);
        at.short("operating", &row.operating);
    }
    for row in &accrual.classes {
        let mut at = Place { found, place: "accrual.classes", row: &row.id };
        at.filled("carriers", &row.carriers);
        at.filled("classes", &row.classes);
        at.short("carriers", &row.carriers);
        at.short("markets", &row.markets);
        at.short("classes", &row.classes);
        at.percent("factor", row.factor, 1_000, "0% to 1000%");
        at.percent(
            "qualifying_factor",
            row.qualifying_factor.unwrap_or_default(),
            1_000,
            "0% to 1000%",
        );
        if !(0..=1_000).contains(&row.segments.0) {
            let (field, value) = ("segments", row.segments.to_string());
            at.say(Problem::OutOfRange { field, value, allowed: "0 to 10" });
        }
    }
    for row in &accrual.minimums {
        let mut at = Place { found, place: "accrual.minimums", row: &row.id };
        at.filled("cabins", &row.cabins);
        at.short("cabins", &row.cabins);
        at.short("markets", &row.markets);
        at.short("carriers", &row.carriers);
        at.least("distance", row.distance, 1, "1 or more");
    }
    for row in &accrual.rates {
        let mut at = Place { found, place: "accrual.rates", row: &row.id };
        at.short("carriers", &row.carriers);
        at.least("points_per_unit", row.points_per_unit.0, 0, "0 or more");
    }
    for row in &accrual.bonuses {
        let mut at = Place { found, place: "accrual.bonuses", row: &row.id };
        at.short("carriers", &row.carriers);
        at.percent("percent", row.percent, 500, "0% to 500%");
        if row.of == crate::document::Of::Running {
            let (field, value) = ("of", "running".to_owned());
            at.say(Problem::OutOfRange { field, value, allowed: "base or award" });
        }
    }
    for row in &accrual.ages {
        let mut at = Place { found, place: "accrual.ages", row: &row.id };
        at.percent("percent", row.percent, 100, "0% to 100%");
        let (from, to) = (i64::from(row.from_age), i64::from(row.to_age));
        at.least("to_age", to, from, "from_age or more");
    }
    for row in &accrual.exclusions {
        let mut at = Place { found, place: "accrual.exclusions", row: &row.id };
        let lists = [row.carriers.len(), row.markets.len(), row.classes.len(), row.tickets.len()];
        if lists.iter().all(|length| *length == 0) {
            at.say(Problem::Missing { field: "what is excluded" });
        }
    }
}

fn promotion(row: &PromotionRow, at: &mut Place<'_>) {
    at.percent("percent", row.percent.unwrap_or_default(), 1_000, "0% to 1000%");
    at.percent("qualifying", row.qualifying.unwrap_or_default(), 500, "0% to 500%");
    at.least("fixed", row.fixed.unwrap_or_default(), 0, "0 or more");
    at.least("cap_per_member", row.cap_per_member.unwrap_or_default(), 0, "0 or more");
    at.least("budget", row.budget.unwrap_or_default(), 0, "0 or more");
    if row.percent.is_some() != row.of.is_some() {
        at.say(Problem::Missing { field: "percent and of go together; one" });
    }
    if row.percent.is_none() && row.fixed.is_none() && row.qualifying.is_none() {
        at.say(Problem::Missing { field: "percent, fixed or qualifying" });
    }
    if row.booked_from.zip(row.booked_to).is_some_and(|(from, to)| to < from) {
        at.say(Problem::EndsBeforeItBegins);
    }
}

fn qualification(programme: &Programme, found: &mut Vec<Finding>) {
    let rules = &programme.qualification;
    for row in &rules.upgrades {
        let mut at = Place { found, place: "qualification.upgrades", row: &row.id };
        at.need(&row.need);
        at.validity(row.validity);
        if matches!(row.window, Window::BeforeExpiry { .. }) || empty(row.window) {
            at.say(wrong_window());
        }
    }
    for row in &rules.renewals {
        let mut at = Place { found, place: "qualification.renewals", row: &row.id };
        at.need(&row.need);
        at.validity(row.validity);
        if empty(row.window) {
            at.say(wrong_window());
        }
    }
    for row in &rules.landings {
        let mut at = Place { found, place: "qualification.landings", row: &row.id };
        at.validity(row.validity);
        if (row.landing == Landing::Named) != row.falls_to.is_some() {
            at.say(Problem::Missing { field: "falls_to, which goes with `named`," });
        }
    }
    for row in &rules.transitions {
        let mut at = Place { found, place: "qualification.transitions", row: &row.id };
        at.filled("renew_on", &row.renew_on);
        if row.expires_to < row.expires_from {
            at.say(Problem::EndsBeforeItBegins);
        }
    }
    for row in &rules.challenges {
        let mut at = Place { found, place: "qualification.challenges", row: &row.id };
        at.need(&row.need);
        at.validity(row.validity);
        at.least("days", i64::from(row.days), 1, "1 or more");
    }
    for row in &rules.matches {
        let mut at = Place { found, place: "qualification.matches", row: &row.id };
        at.filled("statuses", &row.statuses);
        at.validity(row.validity);
    }
}

/// A window without a month.
fn empty(window: Window) -> bool {
    matches!(
        window,
        Window::RollingMonths(0)
            | Window::CalendarMonths(0)
            | Window::BeforeExpiry { months: 0, .. }
    )
}

fn wrong_window() -> Problem {
    let (field, value) = ("window", "one that does not fit here".to_owned());
    let allowed = "rolling_months or calendar_months of 1 or more, calendar_year, \
                   membership_year, lifetime; \
                   before_expiry of 1 or more months for renewals";
    Problem::OutOfRange { field, value, allowed }
}

fn benefit(row: &BenefitRow, at: &mut Place<'_>) {
    at.filled("tiers", &row.tiers);
    if let Some(allowance) = row.allowance {
        at.least("allowance.count", i64::from(allowance.count), 1, "1 or more");
    }
}

fn redemption(programme: &Programme, found: &mut Vec<Finding>) {
    let redemption = &programme.redemption;
    for row in &redemption.zones {
        let mut at = Place { found, place: "redemption.zones", row: &row.id };
        if row.countries.is_empty() && row.airports.is_empty() {
            at.say(Problem::Missing { field: "countries or airports" });
        }
    }
    for row in &redemption.chart {
        let mut at = Place { found, place: "redemption.chart", row: &row.id };
        at.short("operating", &row.operating);
        at.least("miles", row.miles, 1, "1 or more");
    }
    for row in &redemption.dynamic {
        let mut at = Place { found, place: "redemption.dynamic", row: &row.id };
        at.short("operating", &row.operating);
        at.least("miles_per_hundred", row.miles_per_hundred, 1, "1 or more");
        at.least("step", row.step, 1, "1 or more");
        at.least("most", row.most.unwrap_or(i64::MAX), row.least, "`least` or more");
    }
    for row in &redemption.upgrades {
        let mut at = Place { found, place: "redemption.upgrades", row: &row.id };
        at.filled("classes", &row.classes);
        at.least("miles", row.miles, 1, "1 or more");
        let to = row.distance_to.unwrap_or(i64::MAX);
        at.least("distance_to", to, row.distance_from, "distance_from or more");
    }
    for row in &redemption.shop {
        let mut at = Place { found, place: "redemption.shop", row: &row.id };
        at.least("miles", row.miles, 0, "0 or more");
        at.least("minor", row.minor, 0, "0 or more");
    }
    for row in &redemption.mixes {
        let mut at = Place { found, place: "redemption.mixes", row: &row.id };
        at.percent("least_miles", row.least_miles, 100, "0% to 100%");
        at.least("minor_per_thousand", row.minor_per_thousand, 1, "1 or more");
        at.least("step", row.step, 1, "1 or more");
    }
    for row in &redemption.redeposits {
        let mut at = Place { found, place: "redemption.redeposits", row: &row.id };
        match row.fee {
            Fee::Miles(amount) | Fee::Minor(amount) => at.least("fee", amount, 0, "0 or more"),
            Fee::Percent(percent) => at.percent("fee", percent, 100, "0% to 100%"),
            Fee::Refused => {}
        }
    }
    for row in &programme.members.pools {
        let mut at = Place { found, place: "members.pools", row: &row.id };
        at.percent("contribute_at_most", row.contribute_at_most, 100, "0% to 100%");
        at.least("most", i64::from(row.most), 2, "2 or more");
    }
}
