//! Redemptions in words, in both languages: for pages, and for the lines of a statement, which keep
//! what was said when they were written.

use kernel::Lang;
use programme::{Programme, Unit};
use serde_json::{Value, json};

use crate::RedemptionId;
use crate::price::Offer;
use crate::wish::{Flight, Wish};

/// What was asked for: `Award ticket Shenzhen–Beijing, 2027-01-12, economy`.
#[must_use]
pub fn wish(rules: Option<&Programme>, wish: &Wish, lang: Lang) -> String {
    match (wish, lang) {
        (Wish::Ticket { flight, .. }, Lang::En) => {
            format!("Award ticket {}, {}", route(flight, lang), cabin(&flight.cabin, lang))
        }
        (Wish::Ticket { flight, .. }, Lang::ZhCn) => {
            format!("奖励机票 {}，{}", route(flight, lang), cabin(&flight.cabin, lang))
        }
        (Wish::Upgrade { flight, .. }, Lang::En) => {
            format!("Upgrade to {} {}", cabin(&flight.cabin, lang), route(flight, lang))
        }
        (Wish::Upgrade { flight, .. }, Lang::ZhCn) => {
            format!("升舱至{} {}", cabin(&flight.cabin, lang), route(flight, lang))
        }
        (Wish::Item { sku, quantity: 1 }, _) => item(rules, sku, lang),
        (Wish::Item { sku, quantity }, _) => format!("{} × {quantity}", item(rules, sku, lang)),
    }
}

fn route(flight: &Flight, lang: Lang) -> String {
    let city = |iata: &str| match kernel::airports::find(iata) {
        Some(airport) => airport.city(lang).to_owned(),
        None => iata.to_owned(),
    };
    let (from, to) = (city(&flight.origin), city(&flight.destination));
    match lang {
        Lang::En => format!("{from}–{to}, {}", flight.day),
        Lang::ZhCn => format!("{from}–{to}，{}", flight.day),
    }
}

/// A cabin's name.
#[must_use]
pub fn cabin(word: &str, lang: Lang) -> &'static str {
    match (word, lang) {
        ("premium", Lang::En) => "premium economy",
        ("premium", Lang::ZhCn) => "超级经济舱",
        ("business", Lang::En) => "business class",
        ("business", Lang::ZhCn) => "公务舱",
        ("first", Lang::En) => "first class",
        ("first", Lang::ZhCn) => "头等舱",
        (_, Lang::En) => "economy",
        (_, Lang::ZhCn) => "经济舱",
    }
}

/// A thing's name by the rules, else its code.
#[must_use]
pub fn item(rules: Option<&Programme>, sku: &str, lang: Lang) -> String {
    let row = rules.and_then(|rules| rules.redemption.shop.iter().find(|row| row.sku == *sku));
    row.map_or_else(|| sku.to_owned(), |row| row.name.get(lang).to_owned())
}

/// `12,000 km`.
#[must_use]
pub fn miles(rules: &Programme, n: i64, lang: Lang) -> String {
    let n = web::format::whole(n);
    match (rules.unit, lang) {
        (Unit::Km, Lang::En) => format!("{n} km"),
        (Unit::Km, Lang::ZhCn) => format!("{n} 公里"),
        (Unit::Miles, Lang::En) => format!("{n} miles"),
        (Unit::Miles, Lang::ZhCn) => format!("{n} 里程"),
        (Unit::Points, Lang::En) => format!("{n} points"),
        (Unit::Points, Lang::ZhCn) => format!("{n} 积分"),
    }
}

/// What a transfer of a redemption is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    Held,
    Settled,
    Cancelled,
    Lapsed,
    Back { fee: i64 },
}

/// The explanation of a transfer: what was bought by which row, and the line in both languages.
pub(crate) fn explanation(
    rules: &Programme,
    id: RedemptionId,
    (wish, offer): (&Wish, &Offer),
    line: Line,
) -> Value {
    let one = |lang| sentence(rules, wish, line, lang);
    json!({
        "redemption": id, "award": wish.kind(), "row": offer.row, "mix": offer.mix,
        "version": rules.version, "programme": rules.code,
        "says": {"en": one(Lang::En), "zh-CN": one(Lang::ZhCn)},
    })
}

fn sentence(rules: &Programme, of: &Wish, line: Line, lang: Lang) -> String {
    let what = wish(Some(rules), of, lang);
    match (line, lang) {
        (Line::Held | Line::Settled, _) => what,
        (Line::Cancelled, Lang::En) => format!("Cancelled: {what}"),
        (Line::Cancelled, Lang::ZhCn) => format!("已取消：{what}"),
        (Line::Lapsed, Lang::En) => format!("Not confirmed in time: {what}"),
        (Line::Lapsed, Lang::ZhCn) => format!("逾期未确认：{what}"),
        (Line::Back { fee: 0 }, Lang::En) => format!("Taken back: {what}"),
        (Line::Back { fee: 0 }, Lang::ZhCn) => format!("已退还：{what}"),
        (Line::Back { fee }, Lang::En) => {
            format!("Taken back: {what} (fee {})", miles(rules, fee, lang))
        }
        (Line::Back { fee }, Lang::ZhCn) => {
            format!("已退还：{what}（手续费 {}）", miles(rules, fee, lang))
        }
    }
}
