//! Numbers, days, units and the words of the trade.

use chrono::{Datelike, NaiveDate};
use kernel::{Lang, Money};

use crate::accrual::CouponStatus;
use crate::document::{Cabin, DistanceSource, Of, Programme, Rank};
use crate::{Amounts, Hundredths, Id, Unit};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `1,234,567`
pub(super) fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `31 May 2020`, `2020年5月31日`
pub(super) fn day(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::En => {
            let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
            format!("{} {month} {}", day.day(), day.year())
        }
        Lang::ZhCn => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
    }
}

pub(super) fn unit(unit: Unit, n: i64, lang: Lang) -> &'static str {
    match (unit, lang) {
        (Unit::Km, Lang::En) => "km",
        (Unit::Km, Lang::ZhCn) => "公里",
        (Unit::Miles, Lang::En) if n == 1 => "mile",
        (Unit::Miles, Lang::En) => "miles",
        (Unit::Miles, Lang::ZhCn) => "英里",
        (Unit::Points, Lang::En) if n == 1 => "point",
        (Unit::Points, Lang::En) => "points",
        (Unit::Points, Lang::ZhCn) => "积分",
    }
}

/// `1,234 km`
pub(super) fn amount(n: i64, of: Unit, lang: Lang) -> String {
    format!("{} {}", number(n), unit(of, n, lang))
}

pub(super) fn money(minor: i64, programme: &Programme) -> String {
    let text = Money::new(minor, programme.currency).decimal();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), number);
    match part.trim_end_matches('0') {
        "" => format!("{} {whole}", programme.currency),
        _ => format!("{} {whole}.{part}", programme.currency),
    }
}

pub(super) fn segments(hundredths: i64, lang: Lang) -> String {
    let n = Hundredths(hundredths);
    match (lang, hundredths) {
        (Lang::En, 100) => "1 qualifying segment".to_owned(),
        (Lang::En, _) => format!("{n} qualifying segments"),
        (Lang::ZhCn, _) => format!("{n} 个定级航段"),
    }
}

/// All measures that are not zero: `5,000 km, 3 qualifying segments and CNY 2,000`.
pub(super) fn amounts(programme: &Programme, have: &Amounts, lang: Lang) -> String {
    let mut parts = Vec::new();
    if have.distance != 0 {
        let unit = programme.distance_unit;
        parts.push(match lang {
            Lang::En => format!("{} of qualifying distance", amount(have.distance, unit, lang)),
            Lang::ZhCn => format!("{}定级里程", amount(have.distance, unit, lang)),
        });
    }
    if have.segments != 0 {
        parts.push(segments(have.segments, lang));
    }
    if have.spend != 0 {
        parts.push(match lang {
            Lang::En => format!("{} of qualifying spend", money(have.spend, programme)),
            Lang::ZhCn => format!("{} 定级消费", money(have.spend, programme)),
        });
    }
    if have.lifetime != 0 {
        let lifetime = amount(have.lifetime, programme.distance_unit, lang);
        parts.push(match lang {
            Lang::En => format!("{lifetime} towards a lifetime"),
            Lang::ZhCn => format!("{lifetime}终身里程"),
        });
    }
    match lang {
        Lang::En => join(&parts, ", ", " and ", "nothing"),
        Lang::ZhCn => join(&parts, "、", "和 ", "零"),
    }
}

/// Ways, any one of which is enough.
pub(super) fn ways(programme: &Programme, ways: &[Amounts], lang: Lang) -> String {
    let each: Vec<String> = ways.iter().map(|way| amounts(programme, way, lang)).collect();
    match lang {
        Lang::En => join(&each, ", or ", ", or ", "nothing"),
        Lang::ZhCn => join(&each, "；或 ", "；或 ", "零"),
    }
}

pub(super) fn join(parts: &[String], comma: &str, last: &str, none: &str) -> String {
    match parts {
        [] => none.to_owned(),
        [one] => one.clone(),
        [head @ .., tail] => format!("{}{last}{tail}", head.join(comma)),
    }
}

pub(super) fn tier(programme: &Programme, rank: Rank, lang: Lang) -> String {
    programme.tier(rank).map_or_else(String::new, |tier| tier.name.get(lang).to_owned())
}

pub(super) fn tier_named(programme: &Programme, code: &Id, lang: Lang) -> String {
    programme.rank(code.as_str()).map_or_else(|| code.to_string(), |r| tier(programme, r, lang))
}

pub(super) fn cabin(cabin: Cabin, lang: Lang) -> &'static str {
    match (cabin, lang) {
        (Cabin::Economy, Lang::En) => "economy",
        (Cabin::Economy, Lang::ZhCn) => "经济舱",
        (Cabin::Premium, Lang::En) => "premium economy",
        (Cabin::Premium, Lang::ZhCn) => "超级经济舱",
        (Cabin::Business, Lang::En) => "business",
        (Cabin::Business, Lang::ZhCn) => "公务舱",
        (Cabin::First, Lang::En) => "first",
        (Cabin::First, Lang::ZhCn) => "头等舱",
    }
}

pub(super) fn source(source: DistanceSource, lang: Lang) -> &'static str {
    match (source, lang) {
        (DistanceSource::Tpm, Lang::En) => "ticketed point mileage",
        (DistanceSource::Tpm, Lang::ZhCn) => "客票点里程 TPM",
        (DistanceSource::GreatCircle, Lang::En) => "great circle",
        (DistanceSource::GreatCircle, Lang::ZhCn) => "大圆距离",
    }
}

pub(super) fn of(of: Of, lang: Lang) -> &'static str {
    match (of, lang) {
        (Of::Base, Lang::En) => "the base",
        (Of::Base, Lang::ZhCn) => "基础里程",
        (Of::Award, Lang::En) => "the award",
        (Of::Award, Lang::ZhCn) => "累积里程",
        (Of::Running, Lang::En) => "everything so far",
        (Of::Running, Lang::ZhCn) => "已累积总额",
    }
}

pub(super) fn status(status: CouponStatus, lang: Lang) -> &'static str {
    match (status, lang) {
        (CouponStatus::Flown, Lang::En) => "flown",
        (CouponStatus::Flown, Lang::ZhCn) => "已使用",
        (CouponStatus::Open, Lang::En) => "not used yet",
        (CouponStatus::Open, Lang::ZhCn) => "尚未使用",
        (CouponStatus::NoShow, Lang::En) => "a no-show",
        (CouponStatus::NoShow, Lang::ZhCn) => "误机未到",
        (CouponStatus::Refunded, Lang::En) => "refunded",
        (CouponStatus::Refunded, Lang::ZhCn) => "已退票",
        (CouponStatus::Exchanged, Lang::En) => "exchanged",
        (CouponStatus::Exchanged, Lang::ZhCn) => "已换开",
        (CouponStatus::Voided, Lang::En) => "voided",
        (CouponStatus::Voided, Lang::ZhCn) => "已作废",
    }
}
