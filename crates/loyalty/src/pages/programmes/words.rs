//! Rules in words: what a value of a row means to somebody who reads no TOML.

use chrono::NaiveDate;
use programme::Programme;
use programme::document::{Criterion, Text};
use programme::say;
use toml::{Table, Value};
use web::Ctx;

/// Fields whose values are words of the document, with the beginning of their texts' keys.
const CHOSEN: &[(&str, &str)] = &[
    ("rounding", "programme-word-"),
    ("distance_sources", "programme-word-"),
    ("qualifying_distance", "programme-qualifying-"),
    ("class_from", "programme-class-"),
    ("eligibility_by", "programme-word-"),
    ("table_by", "programme-word-"),
    ("relation", "programme-word-"),
    ("basis", "programme-word-"),
    ("min_applied", "programme-word-"),
    ("markets", "programme-word-"),
    ("cabin", "programme-word-"),
    ("cabins", "programme-word-"),
    ("to", "programme-word-"),
    ("unit", "programme-word-"),
    ("of", "programme-of-"),
    ("tickets", "programme-ticket-"),
    ("open_to", "programme-open-"),
    ("stacking", "programme-stacking-"),
    ("landing", "programme-landing-"),
    ("policy", "programme-negative-"),
    ("kind", "programme-benefit-"),
    ("weekdays", "programme-day-"),
];

/// The name of a table.
pub fn table(ctx: &Ctx, place: &str) -> String {
    let key = format!("programme-table-{}", place.replace(['.', '_'], "-"));
    if ctx.has(&key) { ctx.t(&key) } else { place.to_owned() }
}

/// The name of a field, or of the way to a value in it.
pub fn field(ctx: &Ctx, path: &str) -> String {
    let step = |name: &str| {
        let key = format!("programme-field-{}", name.replace('_', "-"));
        if ctx.has(&key) { ctx.t(&key) } else { name.to_owned() }
    };
    let steps = path.split('.').filter(|name| name.parse::<usize>().is_err());
    steps.map(step).collect::<Vec<_>>().join(" · ")
}

fn and(ctx: &Ctx, words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(if ctx.zh() { "、" } else { ", " })
}

fn tier(ctx: &Ctx, programme: &Programme, code: &str) -> String {
    let found = programme.rank(code).and_then(|rank| programme.tier(rank));
    found.map_or_else(|| code.to_owned(), |tier| tier.name.get(ctx.lang).to_owned())
}

/// A value of a field in words.
pub fn value(ctx: &Ctx, programme: &Programme, name: &str, value: &Value) -> String {
    match (name, value) {
        ("need", value) => value
            .clone()
            .try_into::<Criterion>()
            .map_or_else(|_| value.to_string(), |need| say::need(programme, &need, ctx.lang)),
        ("name", value) => value
            .clone()
            .try_into::<Text>()
            .map_or_else(|_| value.to_string(), |text| text.get(ctx.lang).to_owned()),
        ("tier" | "falls_to", Value::String(code)) => tier(ctx, programme, code),
        ("tiers" | "first_at_once", Value::Array(codes)) => {
            let codes = codes.iter().filter_map(Value::as_str);
            and(ctx, codes.map(|code| tier(ctx, programme, code)))
        }
        ("window", value) => choice(ctx, "programme-window-", value),
        ("validity", value) => choice(ctx, "programme-validity-", value),
        ("fee", value) => choice(ctx, "programme-fee-", value),
        ("policy", Value::Table(_)) => choice(ctx, "programme-policy-", value),
        ("policy", Value::String(word)) if word == "never" => {
            choice(ctx, "programme-policy-", value)
        }
        ("allowance", Value::Table(of)) => {
            let count = of.get("count").and_then(Value::as_integer).unwrap_or_default();
            let per = of.get("per").and_then(Value::as_str).unwrap_or_default();
            ctx.t1(&format!("programme-per-{per}"), "n", count)
        }
        ("flights", Value::Table(filter)) => flights(ctx, programme, filter),
        (name, Value::Array(list)) => {
            let words = list.iter().map(|one| plain(ctx, name, one));
            and(ctx, words)
        }
        (name, one) => plain(ctx, name, one),
    }
}

/// One of several kinds, with a number: `{ rolling_months = 12 }` or `"calendar_year"`.
fn choice(ctx: &Ctx, start: &str, value: &Value) -> String {
    let key = |word: &str| format!("{start}{}", word.replace('_', "-"));
    match value {
        Value::String(word) => ctx.t(&key(word)),
        Value::Table(of) => {
            let Some((word, inner)) = of.iter().next() else { return String::new() };
            match inner {
                Value::Table(more) => {
                    let n =
                        |name: &str| more.get(name).and_then(Value::as_integer).unwrap_or_default();
                    ctx.t2(&key(word), "n", n("months"), "before", n("months_before"))
                }
                Value::Integer(n) => ctx.t1(&key(word), "n", ctx.num(*n)),
                other => ctx.t1(&key(word), "n", plain(ctx, "", other)),
            }
        }
        other => other.to_string(),
    }
}

fn flights(ctx: &Ctx, programme: &Programme, filter: &Table) -> String {
    let said = filter.iter().filter(|(_, it)| it.as_array().is_none_or(|list| !list.is_empty()));
    let said = said.filter(|(_, it)| it.as_bool() != Some(false));
    let words = said.map(|(name, it)| {
        let text = match (name.as_str(), it) {
            ("routes", Value::Array(routes)) => and(ctx, routes.iter().map(route)),
            _ => value(ctx, programme, name, it),
        };
        format!("{}: {text}", field(ctx, name))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { ctx.t("programme-all-flights") } else { words.join("; ") }
}

fn route(value: &Value) -> String {
    let code = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("?");
    let both = value.get("both_ways").and_then(Value::as_bool).unwrap_or(false);
    format!("{} {} {}", code("origin"), if both { "↔" } else { "→" }, code("destination"))
}

fn plain(ctx: &Ctx, name: &str, value: &Value) -> String {
    match value {
        Value::String(word) => {
            if let Some((_, start)) = CHOSEN.iter().find(|(field, _)| *field == name) {
                let key = format!("{start}{}", word.to_ascii_lowercase());
                return if ctx.has(&key) { ctx.t(&key) } else { word.clone() };
            }
            let day = word.parse::<NaiveDate>();
            day.map_or_else(|_| word.clone(), |day| ctx.date(day))
        }
        Value::Integer(n) => ctx.num(*n),
        Value::Boolean(is) => ctx.t(if *is { "programme-yes" } else { "programme-no" }),
        other => other.to_string(),
    }
}

/// A side of a change: TOML back into words.
pub fn side(ctx: &Ctx, programme: &Programme, name: Option<&str>, toml: &str) -> String {
    let Ok(read) = toml::from_str::<Table>(&format!("x = {toml}")) else { return toml.to_owned() };
    let Some(it) = read.get("x") else { return toml.to_owned() };
    match (name, it) {
        (Some(name), it) => value(ctx, programme, name, it),
        (None, Value::Table(row)) => {
            let fields = row.iter().filter(|(name, _)| !matches!(name.as_str(), "id" | "source"));
            let words = fields.map(|(name, it)| {
                format!("{}: {}", field(ctx, name), value(ctx, programme, name, it))
            });
            words.collect::<Vec<_>>().join("; ")
        }
        (None, it) => plain(ctx, "", it),
    }
}
