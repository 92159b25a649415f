//! Benefits in words: what they are, why they are given or not, what a milestone asks.

use chrono::FixedOffset;
use kernel::Lang;

use super::words::{cabin, day, join, tier, tier_named, ways};
use crate::Carrier;
use crate::document::{BenefitRow, Market, MilestoneRow, Per, Programme, Rank};
use crate::entitlement::{Because, Entitlement, Flight, Milestone};

pub(super) fn airlines(of: &[Carrier], lang: Lang) -> String {
    let names: Vec<String> = of.iter().map(ToString::to_string).collect();
    match lang {
        Lang::En => join(&names, ", ", " and ", ""),
        Lang::ZhCn => names.join("、"),
    }
}

pub(super) fn market(market: Market, lang: Lang) -> &'static str {
    match (market, lang) {
        (Market::Domestic, Lang::En) => "domestic",
        (Market::Domestic, Lang::ZhCn) => "国内",
        (Market::Regional, Lang::En) => "regional",
        (Market::Regional, Lang::ZhCn) => "地区",
        (Market::International, Lang::En) => "international",
        (Market::International, Lang::ZhCn) => "国际",
    }
}

pub(super) fn listed<T: Copy>(
    of: &[T],
    lang: Lang,
    name: impl Fn(T, Lang) -> &'static str,
) -> String {
    let names: Vec<String> = of.iter().map(|one| name(*one, lang).to_owned()).collect();
    match lang {
        Lang::En => join(&names, ", ", " and ", ""),
        Lang::ZhCn => names.join("、"),
    }
}

fn often(count: u32, per: Per, lang: Lang) -> String {
    match (per, lang) {
        (Per::Flight, Lang::En) => format!("{count} a flight"),
        (Per::CalendarYear, Lang::En) => format!("{count} a calendar year"),
        (Per::MembershipYear, Lang::En) => format!("{count} a membership year"),
        (Per::TierPeriod, Lang::En) => format!("{count} while the tier lasts"),
        (Per::Flight, Lang::ZhCn) => format!("每航班 {count} 次"),
        (Per::CalendarYear, Lang::ZhCn) => format!("每自然年 {count} 次"),
        (Per::MembershipYear, Lang::ZhCn) => format!("每会籍年 {count} 次"),
        (Per::TierPeriod, Lang::ZhCn) => format!("等级有效期内 {count} 次"),
    }
}

/// `2 while the tier lasts · by choice · on flights of JB`
pub(super) fn terms(row: &BenefitRow, lang: Lang) -> String {
    let zh = lang == Lang::ZhCn;
    let mut parts = Vec::new();
    if let Some(allowance) = row.allowance {
        parts.push(often(allowance.count, allowance.per, lang));
    }
    if row.by_choice {
        parts.push(if zh { "达标自选" } else { "by choice" }.to_owned());
    }
    if row.companions > 0 {
        let n = row.companions;
        parts.push(match (zh, n) {
            (true, _) => format!("可带 {n} 位同行人"),
            (false, 1) => "also for 1 companion".to_owned(),
            (false, _) => format!("also for {n} companions"),
        });
    }
    if let Some(hours) = row.until_hours_before {
        parts.push(if zh {
            format!("起飞前 {hours} 小时截止")
        } else {
            format!("until {hours} hours before departure")
        });
    }
    if !row.operating.is_empty() {
        let names = airlines(&row.operating, lang);
        parts.push(if zh { format!("限 {names} 承运") } else { format!("flown by {names}") });
    }
    if !row.marketing.is_empty() {
        let names = airlines(&row.marketing, lang);
        parts.push(if zh {
            format!("限 {names} 航班号")
        } else {
            format!("with a flight number of {names}")
        });
    }
    if !row.markets.is_empty() {
        let names = listed(&row.markets, lang, market);
        parts.push(if zh { format!("限{names}航线") } else { format!("on {names} routes") });
    }
    if !row.cabins.is_empty() {
        let names = listed(&row.cabins, lang, cabin);
        parts.push(if zh { format!("限{names}") } else { format!("in {names}") });
    }
    parts.join(" · ")
}

pub(super) fn sentence(
    programme: &Programme,
    row: &BenefitRow,
    entitled: &Entitlement,
    (flight, zone): (&Flight, FixedOffset),
    rank: Rank,
    lang: Lang,
) -> String {
    let zh = lang == Lang::ZhCn;
    let named = tier(programme, rank, lang);
    match entitled.because {
        Because::Tier | Because::Chosen => given(entitled, (&named, zone), lang),
        Because::TierLacks => {
            let first = row.tiers.iter().min_by_key(|code| programme.rank(code.as_str()));
            let first = first.map(|code| tier_named(programme, code, lang)).unwrap_or_default();
            if zh {
                format!("{named}无此权益，{first}起享有。")
            } else {
                format!("{named} does not have it; it begins with {first}.")
            }
        }
        Because::NotChosen => if zh {
            "属自选权益，尚未选择。"
        } else {
            "It must be chosen at a milestone, and was not."
        }
        .to_owned(),
        Because::OtherAirline => {
            let (by, names) =
                if row.operating.is_empty() || row.operating.contains(&flight.operating) {
                    (flight.marketing, airlines(&row.marketing, lang))
                } else {
                    (flight.operating, airlines(&row.operating, lang))
                };
            if zh {
                format!("限 {names} 航班，本航班为 {by}。")
            } else {
                format!("Only on flights of {names}; this one is of {by}.")
            }
        }
        Because::OtherMarket => {
            let (only, this) = (listed(&row.markets, lang, market), market(flight.market, lang));
            if zh {
                format!("限{only}航线，本航班为{this}航线。")
            } else {
                format!("Only on {only} routes; this one is {this}.")
            }
        }
        Because::OtherCabin => {
            let (only, this) = (listed(&row.cabins, lang, cabin), cabin(flight.cabin, lang));
            if zh {
                format!("限{only}，本次订座为{this}。")
            } else {
                format!("Only in {only}; the booking is in {this}.")
            }
        }
        Because::TooLate => {
            let at = hour(entitled, zone, lang);
            let hours = row.until_hours_before.unwrap_or_default();
            if zh {
                format!("须在起飞前 {hours} 小时（{at}）之前，现已过时。")
            } else {
                format!("Too late: it ended {hours} hours before departure, at {at}.")
            }
        }
        Because::UsedUp => used_up(row, lang),
    }
}

fn used_up(row: &BenefitRow, lang: Lang) -> String {
    let often = row.allowance.map(|it| often(it.count, it.per, lang)).unwrap_or_default();
    match lang {
        Lang::En => format!("All used: {often}."),
        Lang::ZhCn => format!("已用完（{often}）。"),
    }
}

fn hour(entitled: &Entitlement, zone: FixedOffset, lang: Lang) -> String {
    let Some(until) = entitled.until else { return String::new() };
    let local = until.with_timezone(&zone);
    format!("{} {}", day(local.date_naive(), lang), local.format("%H:%M"))
}

fn given(entitled: &Entitlement, (named, zone): (&str, FixedOffset), lang: Lang) -> String {
    let zh = lang == Lang::ZhCn;
    let chosen = entitled.because == Because::Chosen;
    let mut text = match (zh, chosen) {
        (true, false) => format!("{named}权益"),
        (true, true) => "自选权益".to_owned(),
        (false, false) => format!("{named} has it"),
        (false, true) => "Chosen".to_owned(),
    };
    if let Some(left) = entitled.remaining {
        text.push_str(&if zh { format!("，还剩 {left} 次") } else { format!(", {left} left") });
    }
    if entitled.companions > 0 {
        let n = entitled.companions;
        text.push_str(&match (zh, n) {
            (true, _) => format!("，可带 {n} 位同行人"),
            (false, 1) => ", also for 1 companion".to_owned(),
            (false, _) => format!(", also for {n} companions"),
        });
    }
    if entitled.until.is_some() {
        let at = hour(entitled, zone, lang);
        text.push_str(&if zh { format!("，截止 {at}") } else { format!(", until {at}") });
    }
    text.push_str(if zh { "。" } else { "." });
    text
}

pub(super) fn milestone(
    programme: &Programme,
    row: &MilestoneRow,
    milestone: &Milestone,
    lang: Lang,
) -> String {
    let name = row.name.get(lang);
    match (milestone.reached, lang) {
        (true, Lang::En) => format!("{name}: reached."),
        (true, Lang::ZhCn) => format!("{name}：已达标。"),
        (false, Lang::En) => {
            format!("{name}: {} to go.", ways(programme, &milestone.missing, lang))
        }
        (false, Lang::ZhCn) => {
            format!("{name}：还差 {}。", ways(programme, &milestone.missing, lang))
        }
    }
}
