//! What happened to a tier, what is missing, and what would help.

use kernel::Lang;

use super::words::{amounts, day, join, money, tier, ways};
use crate::document::Programme;
use crate::qualify::{Advice, Aim, Decision, Goal, Kind, Stage, Trip, Way};

pub(super) fn decision(p: &Programme, decision: &Decision, lang: Lang) -> String {
    let (from, to) = (tier(p, decision.from, lang), tier(p, decision.to, lang));
    let effective = day(decision.effective, lang);
    let until = decision.valid_to.map(|last| day(last, lang));
    let basis = decision.window.map(|window| {
        let have = amounts(p, &decision.have, lang);
        let row = decision.row.as_ref().map_or("", |row| row.as_str());
        match lang {
            _ if window.from == chrono::NaiveDate::MIN => match lang {
                Lang::En => format!(": {have} up to {} [{row}]", day(window.to, lang)),
                Lang::ZhCn => format!("：截至 {} 共 {have}〔{row}〕", day(window.to, lang)),
            },
            Lang::En => {
                let (first, last) = (day(window.from, lang), day(window.to, lang));
                format!(": {have} from {first} to {last} [{row}]")
            }
            Lang::ZhCn => {
                let (first, last) = (day(window.from, lang), day(window.to, lang));
                format!("：{first}至{last}共 {have}〔{row}〕")
            }
        }
    });
    let basis = basis.unwrap_or_default();
    match lang {
        Lang::En => {
            let until = until.map_or_else(String::new, |last| format!(" until {last}"));
            match decision.kind {
                Kind::Upgrade => format!("{to} from {effective}{until}{basis}."),
                Kind::Lifetime => format!("{to} for life from {effective}{basis}."),
                Kind::Renew => format!("{to} renewed{until}{basis}."),
                Kind::SoftLanding | Kind::Downgrade => {
                    format!("{from} not renewed; {to} from {effective}{until}{basis}.")
                }
                Kind::Keep => format!("{to} kept{until}."),
            }
        }
        Lang::ZhCn => {
            let until = until.map_or_else(String::new, |last| format!("，有效期至 {last}"));
            match decision.kind {
                Kind::Upgrade => format!("自 {effective} 起升为{to}{until}{basis}。"),
                Kind::Lifetime => format!("自 {effective} 起为{to}，终身有效{basis}。"),
                Kind::Renew => format!("{to}保级成功{until}{basis}。"),
                Kind::SoftLanding | Kind::Downgrade => {
                    format!("{from}未保级，自 {effective} 起为{to}{until}{basis}。")
                }
                Kind::Keep => format!("保持{to}{until}。"),
            }
        }
    }
}

pub(super) fn goal(p: &Programme, goal: &Goal, lang: Lang) -> String {
    let name = tier(p, goal.tier, lang);
    if goal.met {
        return match (lang, goal.aim) {
            (Lang::En, Aim::Keep) => format!("Enough to keep {name}."),
            (Lang::En, Aim::Raise) => format!("Enough for {name}."),
            (Lang::ZhCn, Aim::Keep) => format!("已达到{name}的保级标准。"),
            (Lang::ZhCn, Aim::Raise) => format!("已达到{name}的标准。"),
        };
    }
    missing(p, goal, &goal.missing, goal.fly_by, lang)
}

fn missing(
    p: &Programme,
    goal: &Goal,
    least: &[crate::Amounts],
    by: Option<chrono::NaiveDate>,
    lang: Lang,
) -> String {
    let (name, least) = (tier(p, goal.tier, lang), ways(p, least, lang));
    let posted = goal.post_by.filter(|post| Some(*post) != by).map(|last| day(last, lang));
    let by = by.map(|last| day(last, lang));
    match lang {
        Lang::En => {
            let verb = if goal.aim == Aim::Keep { "keep" } else { "reach" };
            let by = by.map_or_else(String::new, |last| format!(", flown by {last}"));
            let posted =
                posted.map_or_else(String::new, |last| format!(" and in the account by {last}"));
            format!("To {verb} {name}: {least} more{by}{posted}.")
        }
        Lang::ZhCn => {
            let verb = if goal.aim == Aim::Keep { "保住" } else { "升至" };
            let by = by.map_or_else(String::new, |last| format!("，须于 {last} 前（含）乘机"));
            let posted = posted.map_or_else(String::new, |last| format!("、{last} 前（含）入账"));
            format!("{verb}{name}还需 {least}{by}{posted}。")
        }
    }
}

pub(super) fn advice(p: &Programme, advice: &Advice, trips: &[Trip], lang: Lang) -> Vec<String> {
    let goal = &advice.goal;
    let mut said = Vec::new();
    let Some((first, later)) = advice.stages.split_first() else {
        let name = tier(p, goal.tier, lang);
        said.push(match (lang, goal.met) {
            (_, true) => self::goal(p, goal, lang),
            (Lang::En, false) => format!("With what is booked you have enough for {name}."),
            (Lang::ZhCn, false) => format!("加上已订行程，即可达到{name}的标准。"),
        });
        return said;
    };
    said.push(missing(p, goal, &first.missing, first.until, lang));
    if let Some(next) = later.first() {
        said.push(rises(p, first, next, lang));
    }
    let ways: Vec<String> = advice.ways.iter().map(|one| way(p, one, trips, lang)).collect();
    if !ways.is_empty() {
        said.push(match lang {
            Lang::En => format!("Enough would be {}.", join(&ways, "; or ", "; or ", "")),
            Lang::ZhCn => format!("例如：{}。", join(&ways, "；或 ", "；或 ", "")),
        });
    }
    if let Some(next) = advice.forecast.first() {
        let sentence = decision(p, next, lang);
        said.push(match lang {
            Lang::En => format!("Without further flights: {sentence}"),
            Lang::ZhCn => format!("若不再乘机：{sentence}"),
        });
    }
    said
}

/// What is missing once older flights no longer count.
fn rises(p: &Programme, first: &Stage, next: &Stage, lang: Lang) -> String {
    let after = first.until.map(|last| day(last, lang)).unwrap_or_default();
    let least = ways(p, &next.missing, lang);
    match lang {
        Lang::En => format!("After {after} older flights no longer count: then {least} more."),
        Lang::ZhCn => format!("{after}之后较早的航班不再计入，届时还需 {least}。"),
    }
}

fn way(p: &Programme, way: &Way, trips: &[Trip], lang: Lang) -> String {
    let parts: Vec<String> = way
        .trips
        .iter()
        .filter_map(|(place, times)| Some(format!("{times} × {}", trips.get(*place)?.label)))
        .collect();
    let parts = parts.join(" + ");
    match (way.cost_minor, lang) {
        (None, _) => parts,
        (Some(cost), Lang::En) => format!("{parts} (about {})", money(cost, p)),
        (Some(cost), Lang::ZhCn) => format!("{parts}（约 {}）", money(cost, p)),
    }
}
