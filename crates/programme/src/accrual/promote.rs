//! Promotions: which apply, in what order, and how much of them is left.

use chrono::Datelike;

use super::fact::{Fact, Member, PromotionUse};
use super::step::Step;
use crate::document::{Cabin, FlightFilter, Of, OpenTo, PromotionRow, Route, Row, Stacking};
use crate::{Amounts, BookingClass, Id, Percent, Rounding};

/// What promotions are a part of.
pub(super) struct Earning {
    pub(super) base: i64,
    pub(super) award: i64,
    pub(super) running: i64,
    pub(super) qualifying: Amounts,
}

/// The flight as filters see it.
pub(super) struct Seen<'a> {
    pub(super) fact: &'a Fact,
    pub(super) class: BookingClass,
    pub(super) cabin: Option<Cabin>,
    pub(super) tier: &'a Id,
}

/// Runs through `rows`, which are in stacking order, and gives the steps of those that apply.
pub(super) fn promote(
    rows: &[PromotionRow],
    seen: &Seen<'_>,
    member: &Member,
    mut earning: Earning,
    rounding: Rounding,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for row in rows.iter().filter(|row| applies(row, seen, member)) {
        let exclusive = row.stacking == Stacking::Exclusive;
        if exclusive && !steps.is_empty() {
            continue;
        }
        let base = match row.of.unwrap_or(Of::Award) {
            Of::Base => earning.base,
            Of::Award => earning.award,
            Of::Running => earning.running,
        };
        let percent = row.percent.unwrap_or_default();
        let fixed = row.fixed.unwrap_or_default();
        let full = percent.of(base, rounding).saturating_add(fixed);
        let amount = full.min(left(row, &member.used)).max(0);
        let extra = row.qualifying.unwrap_or(Percent::ZERO);
        let distance = extra.of(earning.qualifying.distance, rounding);
        let segments = extra.of(earning.qualifying.segments, rounding);
        if amount == 0 && distance == 0 && segments == 0 {
            continue;
        }
        earning.running = earning.running.saturating_add(amount);
        let (row, of) = (row.id.clone(), row.percent.and(row.of));
        steps.push(Step::Promotion {
            row,
            of,
            base,
            percent,
            fixed,
            full,
            amount,
            distance,
            segments,
        });
        if exclusive {
            break;
        }
    }
    steps
}

/// What cap and budget leave.
fn left(row: &PromotionRow, used: &[PromotionUse]) -> i64 {
    let used = used.iter().find(|one| one.row == row.id);
    let (by_member, by_all) = used.map_or((0, 0), |one| (one.by_member, one.by_all));
    let rest = |limit: Option<i64>, gone: i64| limit.map_or(i64::MAX, |l| l.saturating_sub(gone));
    rest(row.cap_per_member, by_member).min(rest(row.budget, by_all))
}

fn applies(row: &PromotionRow, seen: &Seen<'_>, member: &Member) -> bool {
    if !row.span().contains(seen.fact.flight_date) {
        return false;
    }
    let day = seen.fact.flight_date;
    let is_registered = || member.registered.iter().any(|it| it.row == row.id && it.on <= day);
    if row.open_to == OpenTo::Registered && !is_registered() {
        return false;
    }
    let booking_limited = row.booked_from.is_some() || row.booked_to.is_some();
    let booked_within = seen.fact.booked_on.is_some_and(|day| {
        row.booked_from.is_none_or(|from| from <= day) && row.booked_to.is_none_or(|to| day <= to)
    });
    (!booking_limited || booked_within) && flight_fits(&row.flights, seen, member)
}

fn flight_fits(filter: &FlightFilter, seen: &Seen<'_>, member: &Member) -> bool {
    let fact = seen.fact;
    any(&filter.operating, &fact.operating)
        && any(&filter.marketing, &fact.marketing)
        && any(&filter.markets, &fact.market)
        && any(&filter.classes, &seen.class)
        && any(&filter.weekdays, &fact.flight_date.weekday())
        && any(&filter.tiers, seen.tier)
        && (filter.cabins.is_empty() || seen.cabin.is_some_and(|c| filter.cabins.contains(&c)))
        && (filter.routes.is_empty() || filter.routes.iter().any(|route| on_route(route, fact)))
        && (!filter.first_flight || member.first_flight)
}

fn on_route(route: &Route, fact: &Fact) -> bool {
    let goes = |from, to| fact.origin == from && fact.destination == to;
    goes(route.origin, route.destination)
        || (route.both_ways && goes(route.destination, route.origin))
}

/// An empty list means all.
pub(super) fn any<T: PartialEq>(list: &[T], one: &T) -> bool {
    list.is_empty() || list.contains(one)
}
