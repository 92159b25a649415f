//! Promotions in words: what they give, for which flights, to whom.

use chrono::Weekday;
use kernel::Lang;

use super::benefits::{airlines, listed, market};
use super::words::{amount, cabin, day, of, tier_named};
use crate::document::{FlightFilter, Programme, PromotionRow, Route};

fn weekday(of: Weekday, lang: Lang) -> &'static str {
    let at = of.num_days_from_monday() as usize;
    let names = match lang {
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        Lang::ZhCn => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    };
    names.get(at).copied().unwrap_or_default()
}

fn route(route: &Route) -> String {
    let way = if route.both_ways { "⇄" } else { "→" };
    format!("{} {way} {}", route.origin, route.destination)
}

fn gives(programme: &Programme, row: &PromotionRow, lang: Lang) -> Vec<String> {
    let zh = lang == Lang::ZhCn;
    let mut parts = Vec::new();
    if let Some(percent) = row.percent {
        let base = row.of.map_or_else(String::new, |base| of(base, lang).to_owned());
        parts.push(match (zh, base.is_empty()) {
            (true, true) => format!("额外奖励 {percent}"),
            (true, false) => format!("额外奖励{base}的 {percent}"),
            (false, true) => format!("{percent} extra"),
            (false, false) => format!("{percent} of {base} extra"),
        });
    }
    if let Some(fixed) = row.fixed {
        let fixed = amount(fixed, programme.unit, lang);
        let text =
            if zh { format!("每航班额外 {fixed}") } else { format!("{fixed} extra a flight") };
        parts.push(text);
    }
    if let Some(percent) = row.qualifying {
        parts.push(if zh {
            format!("定级里程与航段额外 {percent}")
        } else {
            format!("{percent} more qualifying distance and segments")
        });
    }
    if let Some(cap) = row.cap_per_member {
        let cap = amount(cap, programme.unit, lang);
        parts.push(if zh {
            format!("每人最多 {cap}")
        } else {
            format!("at most {cap} a member")
        });
    }
    parts
}

fn flights(programme: &Programme, filter: &FlightFilter, lang: Lang) -> Vec<String> {
    let zh = lang == Lang::ZhCn;
    let said = |zh_text: String, en: String| if zh { zh_text } else { en };
    let texts = |of: Vec<String>| of.join(if zh { "、" } else { ", " });
    let mut parts = Vec::new();
    if !filter.operating.is_empty() {
        let names = airlines(&filter.operating, lang);
        parts.push(said(format!("限 {names} 承运"), format!("flown by {names}")));
    }
    if !filter.marketing.is_empty() {
        let names = airlines(&filter.marketing, lang);
        parts.push(said(format!("限 {names} 航班号"), format!("with a flight number of {names}")));
    }
    if !filter.markets.is_empty() {
        let names = listed(&filter.markets, lang, market);
        parts.push(said(format!("限{names}航线"), format!("on {names} routes")));
    }
    if !filter.routes.is_empty() {
        let names = texts(filter.routes.iter().map(route).collect());
        parts.push(said(format!("限 {names}"), names));
    }
    if !filter.cabins.is_empty() {
        let names = listed(&filter.cabins, lang, cabin);
        parts.push(said(format!("限{names}"), format!("in {names}")));
    }
    if !filter.classes.is_empty() {
        let names = texts(filter.classes.iter().map(ToString::to_string).collect());
        parts.push(said(format!("限舱位 {names}"), format!("in classes {names}")));
    }
    if !filter.weekdays.is_empty() {
        let names = texts(filter.weekdays.iter().map(|it| weekday(*it, lang).to_owned()).collect());
        parts.push(said(format!("限{names}出发"), format!("departing {names}")));
    }
    if !filter.tiers.is_empty() {
        let names = filter.tiers.iter().map(|code| tier_named(programme, code, lang));
        let names = texts(names.collect());
        parts.push(said(format!("限{names}"), format!("for {names}")));
    }
    if filter.first_flight {
        parts.push(said("限首次乘机".to_owned(), "on the first flight".to_owned()));
    }
    parts
}

/// `100% of the award extra · at most 10,000 km a member · flown by JB · booked by 28 Feb 2026`
pub(super) fn terms(programme: &Programme, row: &PromotionRow, lang: Lang) -> String {
    let zh = lang == Lang::ZhCn;
    let mut parts = gives(programme, row, lang);
    parts.extend(flights(programme, &row.flights, lang));
    if let Some(from) = row.booked_from {
        let from = day(from, lang);
        parts.push(if zh { format!("{from}起订票") } else { format!("booked from {from}") });
    }
    if let Some(to) = row.booked_to {
        let to = day(to, lang);
        parts.push(if zh {
            format!("{to}前（含当日）订票")
        } else {
            format!("booked by {to}")
        });
    }
    parts.join(" · ")
}
