//! Why a flight earned what it did.

use kernel::Lang;

use super::words::{
    amount, amounts, cabin, day, money, number, of, segments, source, status, tier_named, unit,
};
use crate::Id;
use crate::accrual::{Accrued, Refusal, Step};
use crate::document::{MinApplied, Programme};

pub(super) fn sentences(programme: &Programme, accrued: &Accrued, lang: Lang) -> Vec<String> {
    let steps = accrued.steps.iter().map(|step| match lang {
        Lang::En => english(programme, step),
        Lang::ZhCn => chinese(programme, step),
    });
    let refused = accrued.refused.iter().map(|why| match lang {
        Lang::En => refused_en(programme, why),
        Lang::ZhCn => refused_zh(programme, why),
    });
    steps.chain(refused).collect()
}

fn miles(programme: &Programme, n: i64, lang: Lang) -> String {
    amount(n, programme.unit, lang)
}

fn promotion(programme: &Programme, row: &Id, lang: Lang) -> String {
    let found = programme.accrual.promotions.iter().find(|one| one.id == *row);
    found.map_or_else(|| row.to_string(), |one| one.name.get(lang).to_owned())
}

fn english(p: &Programme, step: &Step) -> String {
    let lang = Lang::En;
    match step {
        Step::Agreement { row, codeshare, marketing, operating, table, .. } => {
            let share = codeshare.as_ref().map_or_else(String::new, |id| format!(", {id}"));
            if marketing == operating {
                format!("Flown and sold by {operating}: the table of {table} holds [{row}].")
            } else {
                format!(
                    "Sold by {marketing} and flown by {operating}: the table of {table} holds \
                     [{row}{share}]."
                )
            }
        }
        Step::Class { row, class, cabin: of_cabin, factor, segments: worth } => {
            let place = of_cabin.map_or_else(String::new, |c| format!(", {}", cabin(c, lang)));
            let worth = segments(worth.0, lang);
            format!("Class {class}{place}: {factor} of the distance and {worth} [{row}].")
        }
        Step::Distance { source: from, given, given_unit, amount: n } => {
            let given_text = amount(*given, *given_unit, lang);
            let said = source(*from, lang);
            if *given_unit == p.distance_unit {
                format!("Distance {given_text} ({said}).")
            } else {
                format!("Distance {given_text} ({said}) = {}.", amount(*n, p.distance_unit, lang))
            }
        }
        Step::Minimum { row, applied, before, amount: n } => {
            let what = match applied {
                MinApplied::Before => "The distance is raised to the minimum",
                MinApplied::After => "The award is raised to the minimum",
            };
            let unit_name = unit(p.distance_unit, *n, lang);
            format!("{what}: {} → {} {unit_name} [{row}].", number(*before), number(*n))
        }
        Step::Award { base, factor, amount: n } => {
            format!("Award: {} × {factor} = {}.", number(*base), miles(p, *n, lang))
        }
        Step::Fare { row, fare_minor, surcharge_minor, rate, amount: n, .. } => {
            let fare = fare_words(p, *fare_minor, *surcharge_minor, " + surcharges ");
            format!("Award: {fare} × {rate} = {} [{row}].", miles(p, *n, lang))
        }
        Step::Age { row, years, percent, base, amount: n } => {
            let (base, n) = (number(*base), miles(p, *n, lang));
            format!("At {years} years {percent} is credited: {base} × {percent} = {n} [{row}].")
        }
        Step::Bonus { row, tier, of: what, base, percent, amount: n } => {
            let (tier, what) = (tier_named(p, tier, lang), of(*what, lang));
            let (base, n) = (number(*base), miles(p, *n, lang));
            format!("{tier} bonus: {percent} of {what}, {base} × {percent} = {n} [{row}].")
        }
        Step::Promotion { .. } => promotion_en(p, step),
        Step::Qualifying { amounts: counted, .. } => {
            format!("Counts for tiers: {}.", amounts(p, counted, lang))
        }
        Step::SpendUnknown => {
            format!("No qualifying spend: the fare in {} is not known.", p.currency)
        }
    }
}

fn fare_words(p: &Programme, fare_minor: i64, surcharge_minor: i64, plus: &str) -> String {
    match surcharge_minor {
        0 => money(fare_minor, p),
        _ => format!("({}{plus}{})", money(fare_minor, p), money(surcharge_minor, p)),
    }
}

/// The arithmetic of a promotion, the same in both languages; a fixed amount needs none.
fn sum(base: i64, percent: crate::Percent, fixed: i64) -> String {
    match (percent.0, fixed) {
        (0, _) => String::new(),
        (_, 0) => format!("{} × {percent} = ", number(base)),
        _ => format!("{} × {percent} + {} = ", number(base), number(fixed)),
    }
}

fn promotion_en(p: &Programme, step: &Step) -> String {
    let Step::Promotion {
        row, base, percent, fixed, full, amount: n, distance, segments: s, ..
    } = step
    else {
        return String::new();
    };
    let mut text = format!("{}: ", promotion(p, row, Lang::En));
    if *full > 0 {
        text += &format!("{}{}", sum(*base, *percent, *fixed), miles(p, *full, Lang::En));
        if n < full {
            text += &format!(", of which cap and budget leave {}", miles(p, *n, Lang::En));
        }
    }
    if *distance > 0 || *s > 0 {
        let more = crate::Amounts { distance: *distance, segments: *s, ..crate::Amounts::ZERO };
        let comma = if *full > 0 { "; " } else { "" };
        text += &format!("{comma}{} more for tiers", amounts(p, &more, Lang::En));
    }
    text + &format!(" [{row}].")
}

fn chinese(p: &Programme, step: &Step) -> String {
    let lang = Lang::ZhCn;
    match step {
        Step::Agreement { row, codeshare, marketing, operating, table, .. } => {
            let share = codeshare.as_ref().map_or_else(String::new, |id| format!("、{id}"));
            if marketing == operating {
                format!("{operating} 销售并承运：适用 {table} 的累积表〔{row}〕。")
            } else {
                format!(
                    "{marketing} 销售、{operating} 承运：适用 {table} 的累积表〔{row}{share}〕。"
                )
            }
        }
        Step::Class { row, class, cabin: of_cabin, factor, segments: worth } => {
            let place = of_cabin.map_or_else(String::new, |c| format!("（{}）", cabin(c, lang)));
            let worth = segments(worth.0, lang);
            format!("{class} 舱{place}：按航距的 {factor} 累积，计 {worth}〔{row}〕。")
        }
        Step::Distance { source: from, given, given_unit, amount: n } => {
            let given_text = amount(*given, *given_unit, lang);
            let said = source(*from, lang);
            if *given_unit == p.distance_unit {
                format!("航距 {given_text}（{said}）。")
            } else {
                format!("航距 {given_text}（{said}）= {}。", amount(*n, p.distance_unit, lang))
            }
        }
        Step::Minimum { row, applied, before, amount: n } => {
            let what = match applied {
                MinApplied::Before => "航距不足最低标准，按最低标准计",
                MinApplied::After => "累积额不足最低标准，按最低标准计",
            };
            let unit_name = unit(p.distance_unit, *n, lang);
            format!("{what}：{} → {} {unit_name}〔{row}〕。", number(*before), number(*n))
        }
        Step::Award { base, factor, amount: n } => {
            format!("累积：{} × {factor} = {}。", number(*base), miles(p, *n, lang))
        }
        Step::Fare { row, fare_minor, surcharge_minor, rate, amount: n, .. } => {
            let fare = fare_words(p, *fare_minor, *surcharge_minor, " + 附加费 ");
            format!("累积：{fare} × {rate} = {}〔{row}〕。", miles(p, *n, lang))
        }
        Step::Age { row, years, percent, base, amount: n } => {
            let (base, n) = (number(*base), miles(p, *n, lang));
            format!("{years} 周岁按 {percent} 累积：{base} × {percent} = {n}〔{row}〕。")
        }
        Step::Bonus { row, tier, of: what, base, percent, amount: n } => {
            let (tier, what) = (tier_named(p, tier, lang), of(*what, lang));
            let (base, n) = (number(*base), miles(p, *n, lang));
            format!("{tier}奖励：{what}的 {percent}，{base} × {percent} = {n}〔{row}〕。")
        }
        Step::Promotion { .. } => promotion_zh(p, step),
        Step::Qualifying { amounts: counted, .. } => {
            format!("计入定级：{}。", amounts(p, counted, lang))
        }
        Step::SpendUnknown => format!("不计定级消费：{} 票价未知。", p.currency),
    }
}

fn promotion_zh(p: &Programme, step: &Step) -> String {
    let Step::Promotion {
        row, base, percent, fixed, full, amount: n, distance, segments: s, ..
    } = step
    else {
        return String::new();
    };
    let mut text = format!("“{}”：", promotion(p, row, Lang::ZhCn));
    if *full > 0 {
        text += &format!("{}{}", sum(*base, *percent, *fixed), miles(p, *full, Lang::ZhCn));
        if n < full {
            text += &format!("，受上限或预算限制，实得 {}", miles(p, *n, Lang::ZhCn));
        }
    }
    if *distance > 0 || *s > 0 {
        let more = crate::Amounts { distance: *distance, segments: *s, ..crate::Amounts::ZERO };
        let comma = if *full > 0 { "；" } else { "" };
        text += &format!("{comma}另计定级 {}", amounts(p, &more, Lang::ZhCn));
    }
    text + &format!("〔{row}〕。")
}

fn refused_en(p: &Programme, why: &Refusal) -> String {
    let why = match why {
        Refusal::NotFlown { status: s } => format!("the coupon is {}", status(*s, Lang::En)),
        Refusal::CreditedElsewhere => "another programme was given this flight".to_owned(),
        Refusal::OutsideProgramme => "the programme has no rules for this day".to_owned(),
        Refusal::BeforeJoining { first } => {
            format!("flights count from {} on", day(*first, Lang::En))
        }
        Refusal::ClaimTooLate { last } => {
            format!("it could be claimed until {}", day(*last, Lang::En))
        }
        Refusal::NoAgreement { carrier } => format!("{carrier} is no partner on this day"),
        Refusal::Excluded { row } => format!("this kind of ticket or class is excluded [{row}]"),
        Refusal::ClassNotListed { carrier, class } => {
            format!("class {class} is not in the table of {carrier}")
        }
        Refusal::CabinUnknown { class } => {
            format!("class {class} is sold in several cabins, and the cabin is not known")
        }
        Refusal::ClassEarnsNothing { row } => format!("this class earns nothing [{row}]"),
        Refusal::Age { row, years } => format!("at {years} years nothing is credited [{row}]"),
        Refusal::DistanceUnknown => "the distance is not known".to_owned(),
        Refusal::FareUnknown => "the fare is not known".to_owned(),
        Refusal::ForeignCurrency => format!("the fare is not in {}", p.currency),
        Refusal::NoRate { tier } => format!("tier {tier} has no rate for fares"),
        Refusal::Zero => format!("it comes to 0 {}", unit(p.unit, 0, Lang::En)),
    };
    format!("Nothing earned: {why}.")
}

fn refused_zh(p: &Programme, why: &Refusal) -> String {
    let why = match why {
        Refusal::NotFlown { status: s } => format!("票联{}", status(*s, Lang::ZhCn)),
        Refusal::CreditedElsewhere => "该航班已累积至其他计划".to_owned(),
        Refusal::OutsideProgramme => "计划在该日没有规则".to_owned(),
        Refusal::BeforeJoining { first } => {
            format!("仅累积 {} 起的航班", day(*first, Lang::ZhCn))
        }
        Refusal::ClaimTooLate { last } => format!("补登截止于 {}", day(*last, Lang::ZhCn)),
        Refusal::NoAgreement { carrier } => format!("{carrier} 在该日不是合作伙伴"),
        Refusal::Excluded { row } => format!("该类客票或舱位不予累积〔{row}〕"),
        Refusal::ClassNotListed { carrier, class } => {
            format!("{carrier} 的累积表没有 {class} 舱")
        }
        Refusal::CabinUnknown { class } => format!("{class} 舱在多个舱位等级销售，舱位等级未知"),
        Refusal::ClassEarnsNothing { row } => format!("该舱位不予累积〔{row}〕"),
        Refusal::Age { row, years } => format!("{years} 周岁不予累积〔{row}〕"),
        Refusal::DistanceUnknown => "航距未知".to_owned(),
        Refusal::FareUnknown => "票价未知".to_owned(),
        Refusal::ForeignCurrency => format!("票价币种不是 {}", p.currency),
        Refusal::NoRate { tier } => format!("等级 {tier} 没有票价累积标准"),
        Refusal::Zero => format!("计算结果为 0 {}", unit(p.unit, 0, Lang::ZhCn)),
    };
    format!("未累积：{why}。")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hundredths, Unit};

    #[test]
    fn promotions_say_their_arithmetic() {
        let percent = crate::Percent(5_000);
        assert_eq!(sum(1_000, percent, 0), "1,000 × 50% = ");
        assert_eq!(sum(1_000, percent, 20), "1,000 × 50% + 20 = ");
        assert_eq!(sum(1_000, crate::Percent(0), 20), "");
        assert_eq!(Hundredths(125).to_string(), "1.25");
        assert_eq!(amount(1, Unit::Points, Lang::En), "1 point");
    }
}
