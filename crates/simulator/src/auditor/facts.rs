//! Words about segments: which counts, what it earns, what has to be put right.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use sha2::{Digest, Sha256};

use super::account::NEVER;
use super::earn::{Flyer, For, Posting, Unit};
use super::tiers::{Activity, Counts};
use super::{Auditor, Verdict};
use crate::loyalty::{Said, State};

/// A posting that stands.
#[derive(Clone, Debug)]
struct Standing {
    id: u128,
    who: usize,
    unit: Unit,
    what: For,
    amount: i64,
    /// What of the transfer was neither taken back nor ran out, but for what ran out.
    left: i64,
}

/// The last word about a segment.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    said: Said,
    /// It was heard and not taken.
    blocked: bool,
    /// What stands was derived with these.
    who: Option<usize>,
    flown: Option<NaiveDate>,
    since: Option<NaiveDate>,
    is_first: bool,
    standing: Vec<Standing>,
}

/// The n-th transfer of a revision: ids follow from key, revision and place, after the moment.
fn id(key: &str, revision: i64, n: usize) -> u128 {
    let hash = Sha256::digest(format!("accrual\n{key}\n{revision}\n{n}"));
    let mut bytes = [0; 16];
    bytes[6..].copy_from_slice(&hash[..10]);
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    u128::from_be_bytes(bytes)
}

/// What to take back.
struct Less {
    who: usize,
    unit: Unit,
    what: For,
    need: i64,
}

fn place(unit: Unit) -> Option<usize> {
    match unit {
        Unit::Miles => None,
        Unit::Distance => Some(0),
        Unit::Segments => Some(1),
        Unit::Spend => Some(2),
        Unit::Lifetime => Some(3),
    }
}

impl Auditor {
    /// One batch: the flights by day, and of a day by key; then the tiers of whoever it changed.
    pub(super) fn facts(&mut self, said: &[Said]) -> Vec<Verdict> {
        let mut order: Vec<usize> = (0..said.len()).collect();
        order.sort_by_key(|at| {
            let one = &said[*at];
            (one.flight.as_ref().map(|flight| flight.flight_date), one.key.clone())
        });
        let mut verdicts = vec![""; said.len()];
        let mut changed = BTreeSet::new();
        for at in order {
            verdicts[at] = self.fact(&said[at], &mut changed);
        }
        let roots: BTreeSet<usize> = changed.into_iter().map(|who| self.root(who)).collect();
        for root in roots {
            let group = self.group(root);
            self.decide(root, &group, false);
        }
        verdicts
    }

    fn fact(&mut self, said: &Said, changed: &mut BTreeSet<usize>) -> Verdict {
        let before = self.kept.get(&said.key).cloned();
        if let Some(kept) = &before {
            let same = kept.said.member == said.member && kept.said.flight == said.flight;
            if said.revision < kept.said.revision {
                return "stale";
            }
            if said.revision == kept.said.revision && !same {
                return "clash";
            }
            if same && !kept.blocked {
                let revision = said.revision;
                if let Some(kept) = self.kept.get_mut(&said.key) {
                    kept.said.revision = revision;
                }
                return "unchanged";
            }
        }
        let (postings, verdict) = self.due_for(said, before.as_ref());
        self.put_right(said, before, &postings, verdict, changed)
    }

    /// What a word is worth now.
    fn due_for(&self, said: &Said, before: Option<&Kept>) -> (Vec<Posting>, Verdict) {
        let Some(flight) = &said.flight else { return (Vec::new(), "withdrawn") };
        let Some(who) = said.member else { return (Vec::new(), "nobody") };
        let Some(person) = self.people.get(&who) else { return (Vec::new(), "refused") };
        let given = |row: &str| {
            // Without what stands for this segment itself.
            let own = |of: Option<usize>| -> i64 {
                let standing = before.into_iter().flat_map(|kept| &kept.standing);
                standing
                    .filter(|it| it.unit == Unit::Miles && it.what == For::Promotion(row.into()))
                    .filter(|it| of.is_none_or(|who| it.who == who))
                    .map(|it| it.amount)
                    .sum()
            };
            let sum = |of| self.given.get(&(row.to_owned(), of)).copied().unwrap_or(0);
            (sum(Some(who)) - own(Some(who)), sum(None) - own(None))
        };
        let flyer = Flyer {
            tier: self.tier_for(who, flight.flight_date),
            born: person.born,
            joined: person.joined,
            is_first: person.first.as_ref().is_none_or(|key| *key == said.key),
            given: &given,
        };
        let postings = self.rules.earn(flight, &flyer);
        let verdict = if postings.is_empty() { "refused" } else { "earned" };
        (postings, verdict)
    }

    fn put_right(
        &mut self,
        said: &Said,
        before: Option<Kept>,
        postings: &[Posting],
        verdict: Verdict,
        changed: &mut BTreeSet<usize>,
    ) -> Verdict {
        let today = self.today();
        let old = before.as_ref().map_or(&[][..], |kept| kept.standing.as_slice());
        let old_day = before.as_ref().and_then(|kept| kept.flown);
        let flown = said.flight.as_ref().map(|flight| flight.flight_date).or(old_day);
        let who = said.member.filter(|who| self.people.contains_key(who));
        let stays = |one: &Standing| Some(one.who) == who && old_day == flown;
        let (more, less) = differences(old, postings, who, stays);
        if let Some(who) = who.filter(|_| !more.is_empty()) {
            let ahead = flown.is_some_and(|day| day > today);
            let frozen = self.people.get(&who).is_some_and(|one| one.state == State::Frozen);
            if ahead || frozen {
                return self.block(said, before);
            }
        }
        if !less.is_empty() && old_day.is_some_and(|day| day > today) {
            return self.block(said, before);
        }
        let kept_since = before
            .as_ref()
            .filter(|kept| kept.who == who && kept.standing.iter().any(|it| Some(it.who) == who));
        let since = kept_since.and_then(|kept| kept.since).unwrap_or(today);
        let mut standing = old.to_vec();
        let mut n = 0;
        if let Some(who) = who {
            for (unit, what, amount) in more {
                let id = id(&said.key, said.revision, n);
                n += 1;
                self.give(id, who, (unit, amount), (flown, since));
                standing.push(Standing { id, who, unit, what, amount, left: amount });
            }
        }
        for one in less {
            self.take_back(&mut standing, &one);
        }
        standing.retain(|one| one.amount > 0);
        self.count(old, old_day, &standing, flown, changed);
        self.promoted(old, &standing);
        let is_first = verdict == "earned"
            && who
                .and_then(|who| self.people.get(&who))
                .is_some_and(|one| one.first.as_ref().is_none_or(|key| *key == said.key));
        if let Some(kept) = before.as_ref().filter(|kept| kept.is_first)
            && let Some(was) = kept.who
        {
            self.person(was).first = None;
        }
        if let Some(who) = who.filter(|_| is_first) {
            self.person(who).first = Some(said.key.clone());
        }
        let (said, since, blocked) = (said.clone(), Some(since), false);
        let key = said.key.clone();
        self.kept.insert(key, Kept { said, blocked, who, flown, since, is_first, standing });
        verdict
    }

    /// What stood stands, and the word is kept to be told again.
    fn block(&mut self, said: &Said, before: Option<Kept>) -> Verdict {
        let mut kept = before.unwrap_or(Kept {
            said: said.clone(),
            blocked: true,
            who: said.member,
            flown: said.flight.as_ref().map(|flight| flight.flight_date),
            since: None,
            is_first: false,
            standing: Vec::new(),
        });
        (kept.said, kept.blocked) = (said.clone(), true);
        self.kept.insert(said.key.clone(), kept);
        "blocked"
    }

    fn give(
        &mut self,
        id: u128,
        who: usize,
        (unit, amount): (Unit, i64),
        (flown, since): (Option<NaiveDate>, NaiveDate),
    ) {
        let (today, now) = (self.today(), self.now);
        if let Some(at) = place(unit) {
            self.person(who).qualifying[at] += amount;
            return;
        }
        let day = flown.unwrap_or(today);
        let tier = self.rules.code(self.tier_for(who, day)).to_owned();
        let last = |posted| self.rules.last_day(&tier, posted).unwrap_or(NEVER);
        let mut until = last(since);
        if until < today {
            until = last(today).max(today);
        }
        self.expire(who);
        let person = self.person(who);
        person.miles.bring(id, amount, until, day.and_time(NaiveTime::MIN));
        let at = person.miles.record(now);
        self.movement.at(at).issued += amount;
    }

    fn take_back(&mut self, standing: &mut [Standing], less: &Less) {
        let (today, now) = (self.today(), self.now);
        let is_miles = less.unit == Unit::Miles;
        let rule = self.rules.members.negative_balance.iter().find(|row| row.days.hold(today));
        let owes = !is_miles || rule.is_none_or(|row| row.policy == "carried");
        let rate = rule.and_then(|row| row.minor_per_thousand);
        let (mut need, mut missing) = (less.need, 0);
        for one in standing.iter_mut().rev() {
            let fits = one.who == less.who && one.unit == less.unit && one.what == less.what;
            if !fits || need == 0 {
                continue;
            }
            // What has run out counts as gone; it is booked out only where something is taken.
            let mut seen = self.person(less.who).miles.clone();
            seen.expire(today, now);
            let (gone, there) = (seen.expired_of(one.id), seen.balance.max(0));
            let part = need.min(one.amount);
            need -= part;
            // What ran out was not the member's any more, and is not claimed.
            let part = part.min((one.left - gone).max(0));
            let taken = if owes { part } else { part.min(there) };
            missing += part - taken;
            if taken == 0 {
                continue;
            }
            one.amount -= taken;
            one.left -= taken;
            if is_miles {
                self.expire(less.who);
            }
            let id = one.id;
            match place(less.unit) {
                Some(at) => self.person(less.who).qualifying[at] -= taken,
                None => {
                    let account = &mut self.person(less.who).miles;
                    account.take(taken, Some(id), now);
                    let at = account.recorded;
                    self.movement.at(at).issue_reversed -= taken;
                }
            }
        }
        if missing > 0 {
            let person = self.person(less.who);
            person.given_up.0 += missing;
            person.given_up.1 += rate.map_or(0, |rate| missing * rate / 1_000);
        }
    }

    /// What changed towards tiers.
    fn count(
        &mut self,
        old: &[Standing],
        old_day: Option<NaiveDate>,
        new: &[Standing],
        new_day: Option<NaiveDate>,
        changed: &mut BTreeSet<usize>,
    ) {
        let mut sums: BTreeMap<(usize, NaiveDate), Counts> = BTreeMap::new();
        for (list, day, sign) in [(old, old_day, -1), (new, new_day, 1)] {
            let Some(day) = day else { continue };
            for one in list {
                let sum = sums.entry((one.who, day)).or_default();
                let amount = sign * one.amount;
                match one.unit {
                    Unit::Miles => {}
                    Unit::Distance => sum.distance += amount,
                    Unit::Segments => sum.segments += amount,
                    Unit::Spend => sum.spend += amount,
                    Unit::Lifetime => sum.lifetime += amount,
                }
            }
        }
        let posted = self.today();
        for ((who, flown), counts) in sums {
            if !counts.is_zero() {
                changed.insert(who);
                self.person(who).activity.push(Activity { flown, posted, counts });
            }
        }
    }

    fn promoted(&mut self, old: &[Standing], new: &[Standing]) {
        for (list, sign) in [(old, -1), (new, 1)] {
            for one in list.iter().filter(|one| one.unit == Unit::Miles) {
                let For::Promotion(row) = &one.what else { continue };
                for of in [Some(one.who), None] {
                    *self.given.entry((row.clone(), of)).or_insert(0) += sign * one.amount;
                }
            }
        }
    }
}

type More = Vec<(Unit, For, i64)>;

/// What to give, and what to take back: first whatever does not stay at all, then, of the rest, by
/// unit and cause what stands too much.
fn differences(
    old: &[Standing],
    postings: &[Posting],
    who: Option<usize>,
    stays: impl Fn(&Standing) -> bool,
) -> (More, Vec<Less>) {
    let mut less: Vec<Less> = old
        .iter()
        .filter(|one| !stays(one))
        .map(|one| Less { who: one.who, unit: one.unit, what: one.what.clone(), need: one.amount })
        .collect();
    let mut more = Vec::new();
    let Some(who) = who else { return (more, less) };
    let mut sums: BTreeMap<(Unit, For), i64> = BTreeMap::new();
    for one in postings {
        *sums.entry((one.unit, one.what.clone())).or_insert(0) += one.amount;
    }
    for one in old.iter().filter(|one| stays(one)) {
        *sums.entry((one.unit, one.what.clone())).or_insert(0) -= one.amount;
    }
    for ((unit, what), amount) in sums {
        match amount {
            1.. => more.push((unit, what, amount)),
            0 => {}
            _ => less.push(Less { who, unit, what, need: -amount }),
        }
    }
    (more, less)
}
