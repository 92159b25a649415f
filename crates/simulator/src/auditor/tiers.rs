//! Tiers, day by day.

use chrono::{Datelike, NaiveDate};

use super::rules::{Need, Rules, Step, Window, month_end, month_start, months_back, months_on};

/// What counts towards a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub distance: i64,
    pub segments: i64,
    pub spend: i64,
    pub lifetime: i64,
}

impl Counts {
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    pub fn add(&mut self, other: &Self) {
        self.distance += other.distance;
        self.segments += other.segments;
        self.spend += other.spend;
        self.lifetime += other.lifetime;
    }
}

/// What a flight counted, when it was flown and when it came into the account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Activity {
    pub flown: NaiveDate,
    pub posted: NaiveDate,
    pub counts: Counts,
}

/// A row of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub rank: usize,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub reason: &'static str,
}

/// The tier held by rule.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub rank: usize,
    pub to: Option<NaiveDate>,
}

/// Of whom and by what.
pub(super) struct Subject<'a> {
    pub rules: &'a Rules,
    pub joined: NaiveDate,
    pub born: NaiveDate,
    pub activity: &'a [Activity],
}

fn met(need: &Need, have: &Counts) -> bool {
    match need {
        Need::All(list) => list.iter().all(|one| met(one, have)),
        Need::Any(list) => list.iter().any(|one| met(one, have)),
        Need::Distance(least) => have.distance >= *least,
        Need::Segments(least) => have.segments >= *least,
        Need::SpendMinor(least) => have.spend >= *least,
        Need::Lifetime(least) => have.lifetime >= *least,
    }
}

impl Subject<'_> {
    /// What was flown in a span and in the account by `known`.
    fn sum(&self, from: NaiveDate, to: NaiveDate, known: NaiveDate) -> Counts {
        let mut sum = Counts::default();
        for one in self.activity {
            if from <= one.flown && one.flown <= to && one.posted <= known && one.flown <= known {
                sum.add(&one.counts);
            }
        }
        sum
    }

    fn window(&self, window: Window, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        match window {
            Window::RollingMonths(n) => {
                // Until the same day n months later; from the end of a month to the end of one.
                let back = months_back(day, n);
                let back = if day == month_end(day) { month_end(back) } else { back };
                (back.succ_opt().unwrap_or(back), day)
            }
            Window::CalendarYear => (NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day), day),
            Window::MembershipYear => {
                let mut from = self.joined;
                let mut years = 0;
                while months_on(self.joined, 12 * (years + 1)) <= day {
                    years += 1;
                    from = months_on(self.joined, 12 * years);
                }
                (from, day)
            }
            Window::Lifetime => (NaiveDate::MIN, day),
            Window::BeforeExpiry { months, months_before } => {
                let last = month_end(months_back(month_start(day), months_before));
                (months_back(month_start(last), months - 1), last)
            }
        }
    }

    fn reached(&self, row: &Step, day: NaiveDate) -> bool {
        let (from, to) = self.window(row.window, day);
        met(&row.need, &self.sum(from, to, day))
    }

    fn upgrade(&self, held: &mut Held, day: NaiveDate, rows: &mut Vec<Row>) {
        if self.rules.tiers_from(self.born, day).is_some_and(|from| day < from) {
            return;
        }
        for rank in (held.rank + 1..self.rules.tiers.len()).rev() {
            let code = self.rules.code(rank);
            let mut steps = self.rules.qualification.upgrades.iter();
            let step =
                steps.find(|row| row.tier == code && row.days.hold(day) && self.reached(row, day));
            let Some(step) = step else { continue };
            let for_life = self.rules.tiers[rank].lifetime;
            let to = if for_life { None } else { step.validity.last_day(day) };
            let reason = if to.is_none() { "lifetime" } else { "upgrade" };
            rows.push(Row { rank, from: day, to, reason });
            *held = Held { rank, to };
            return;
        }
    }

    fn renewal(&self, rank: usize, last: NaiveDate) -> Option<&Step> {
        let rows = &self.rules.qualification;
        let own = |row: &&Step| row.tier == self.rules.code(rank);
        let mut moved = rows.transitions.iter();
        let moved = moved.find(|it| it.expires_from <= last && last <= it.expires_to);
        let special = moved.and_then(|it| {
            rows.renewals.iter().filter(own).find(|row| it.renew_on.contains(&row.id))
        });
        special.or_else(|| rows.renewals.iter().filter(own).find(|row| row.days.hold(last)))
    }

    /// What follows a last day.
    fn end(&self, held: &mut Held, last: NaiveDate, rows: &mut Vec<Row>) {
        let next = last.succ_opt().unwrap_or(last);
        if let Some(row) = self.renewal(held.rank, last).filter(|row| self.reached(row, last)) {
            held.to = row.validity.last_day(next);
            rows.push(Row { rank: held.rank, from: next, to: held.to, reason: "renewal" });
            return;
        }
        let code = self.rules.code(held.rank);
        let landings = || self.rules.qualification.landings.iter().filter(|it| it.days.hold(last));
        let own = landings().find(|row| row.tier.as_deref() == Some(code));
        let landing = own.or_else(|| landings().find(|row| row.tier.is_none()));
        let below = held.rank - 1;
        let rank = match landing.map(|row| row.landing.as_str()) {
            Some("one-down") => below,
            Some("requalify") => (1..=below)
                .rev()
                .find(|rank| self.renewal(*rank, last).is_some_and(|row| self.reached(row, last)))
                .unwrap_or(0),
            Some("named") => {
                let named = landing.and_then(|row| row.falls_to.as_deref());
                named.map_or(0, |code| self.rules.rank(code)).min(below)
            }
            _ => 0,
        };
        let to = landing.filter(|_| rank > 0).and_then(|row| row.validity.last_day(next));
        let reason = if rank > 0 { "soft-landing" } else { "downgrade" };
        rows.push(Row { rank, from: next, to, reason });
        *held = Held { rank, to };
    }

    /// Decides every day of a span, and `today`, which is not over. Returns new rows.
    pub fn decide(&self, mut held: Held, from: NaiveDate, today: NaiveDate) -> Vec<Row> {
        let mut rows = Vec::new();
        while let Some(last) = held.to.filter(|last| *last < from && from <= today) {
            self.end(&mut held, last, &mut rows);
        }
        let mut day = from;
        while day < today {
            self.upgrade(&mut held, day, &mut rows);
            if held.to == Some(day) {
                self.end(&mut held, day, &mut rows);
            }
            day = day.succ_opt().unwrap_or(today);
        }
        if from <= today && held.to != Some(today) {
            self.upgrade(&mut held, today, &mut rows);
        }
        rows
    }
}
