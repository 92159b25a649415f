//! What the page of one customer shows of value: a card on top and the explanation beside.

use std::sync::Arc;

use askama::Template;
use customers::{CustomerId, Panel, Place};
use web::{Ctx, PageError};

use super::view::{kind_of, name_of};
use crate::error::Error;
use crate::explain::{Because, Explained, FeatureLine};
use crate::scheme::Attribute;
use crate::{Value, permissions};

/// The panels for the customer page.
#[must_use]
pub fn panels(value: &Value) -> Vec<Panel> {
    let (deck, why) = (value.clone(), value.clone());
    vec![
        Panel {
            key: "value",
            title_key: "value-panel-deck",
            order: 10,
            place: Place::Deck,
            render: Arc::new(move |ctx, id| {
                let value = deck.clone();
                Box::pin(async move { card(&value, &ctx, id).await })
            }),
        },
        Panel {
            key: "value-why",
            title_key: "value-panel-why",
            order: 20,
            place: Place::Side,
            render: Arc::new(move |ctx, id| {
                let value = why.clone();
                Box::pin(async move { explanation(&value, &ctx, id).await })
            }),
        },
    ]
}

#[derive(Template)]
#[template(path = "value/deck.html")]
struct Deck {
    kind: &'static str,
    group: Option<String>,
    none: String,
    because: String,
}

fn unrendered(error: askama::Error) -> Error {
    Error::Broken(Box::new(error))
}

async fn explained(
    value: &Value,
    ctx: &Ctx,
    id: CustomerId,
) -> Result<Option<Explained>, PageError> {
    if !ctx.may(permissions::READ.as_str()) {
        return Ok(None);
    }
    Ok(value.explain(&ctx.actor, id).await?)
}

async fn card(value: &Value, ctx: &Ctx, id: CustomerId) -> Result<Option<String>, PageError> {
    let Some(found) = explained(value, ctx, id).await? else { return Ok(None) };
    let deck = Deck {
        kind: found.group.as_deref().map_or("general", kind_of),
        group: found.group.as_deref().map(|word| name_of(ctx, word)),
        none: ctx.t("value-panel-none"),
        because: in_words(ctx, &found.because, 2),
    };
    Ok(Some(deck.render().map_err(unrendered)?))
}

/// The text of a reason; a single day or month has words of its own.
fn worded(reason: &Because) -> &'static str {
    match (reason.key, reason.number.round() as i64) {
        ("value-because-lately", 0) => "value-because-same-day",
        ("value-because-lately", 1) => "value-because-day-before",
        ("value-because-months-ago", 1) => "value-because-month-before",
        (key, _) => key,
    }
}

/// The reasons as one line of words.
pub fn in_words(ctx: &Ctx, because: &[Because], most: usize) -> String {
    let one = |reason: &Because| {
        let number = match reason.key {
            "value-because-premium" => ctx.pct(reason.number),
            "value-because-cabin-high" | "value-because-cabin-low" => ctx.dec(reason.number, 2),
            "value-because-lately" | "value-because-away" | "value-because-months-ago" => {
                ctx.dec(reason.number, 0)
            }
            _ => ctx.dec(reason.number, 1),
        };
        let median = ctx.dec(reason.median, if reason.key.contains("cabin") { 2 } else { 1 });
        ctx.t2(worded(reason), "n", number, "median", median)
    };
    because.iter().take(most).map(one).collect::<Vec<_>>().join(&ctx.t("value-and"))
}

#[derive(Template)]
#[template(path = "value/why.html")]
struct Why<'a> {
    ctx: &'a Ctx,
    title: Option<String>,
    score: String,
    sentence: String,
    lines: Vec<Line>,
    note: String,
    run: String,
}

struct Line {
    letter: &'static str,
    label: String,
    unit: String,
    value: String,
    median: String,
    width: String,
    adds: String,
    spoken: String,
}

async fn explanation(
    value: &Value,
    ctx: &Ctx,
    id: CustomerId,
) -> Result<Option<String>, PageError> {
    let Some(found) = explained(value, ctx, id).await? else { return Ok(None) };
    let title = found.group.as_deref().map(|word| name_of(ctx, word));
    let weights = found.features.iter().filter(|line| line.adds.is_some());
    let weighed: Vec<String> =
        weights.map(|line| ctx.t(&format!("value-attribute-{}", line.attribute.code()))).collect();
    let day = ctx.day(found.observed_on);
    let why = Why {
        score: ctx.dec(found.score, 0),
        sentence: in_words(ctx, &found.because, 3),
        lines: found.features.iter().map(|feature| line(ctx, feature)).collect(),
        note: ctx.tv(
            "value-why-note",
            &[
                ("weighed", weighed.join(&ctx.t("value-and"))),
                ("version", found.scheme_version.to_string()),
                ("day", day),
                ("months", found.window_months.to_string()),
            ],
        ),
        run: format!("/value/runs/{}", found.run),
        title,
        ctx,
    };
    Ok(Some(why.render().map_err(unrendered)?))
}

fn line(ctx: &Ctx, feature: &FeatureLine) -> Line {
    let (letter, places, scale, unit) = match feature.attribute {
        Attribute::Length => ("L", 0, 1.0, "value-unit-months"),
        Attribute::Recency => ("R", 0, 30.0, "value-unit-days"),
        Attribute::Frequency => ("F", 0, 1.0, ""),
        Attribute::Mileage => ("M", 0, 1.0, "value-unit-km"),
        Attribute::Coefficient => ("C", 2, 1.0, ""),
        _ => ("V", 0, 1.0, ""),
    };
    let show = |value: f64| ctx.dec(value * scale, places);
    let unit = if unit.is_empty() { String::new() } else { ctx.t(unit) };
    let value = feature.value.map_or_else(|| "—".to_owned(), show);
    let median = show(feature.median);
    let label = ctx.t(&format!("value-attribute-{}", feature.attribute.code()));
    // The bar grows with what is good: recent flights, not old ones.
    let good = if feature.attribute.less_is_better() { 1.0 - feature.rank } else { feature.rank };
    Line {
        spoken: ctx.tv(
            "value-line-spoken",
            &[
                ("label", label.clone()),
                ("value", value.clone()),
                ("median", median.clone()),
                ("unit", unit.clone()),
            ],
        ),
        letter,
        label,
        unit,
        value,
        median,
        width: format!("{:.0}", good * 100.0),
        adds: feature.adds.map_or_else(|| "—".to_owned(), |adds| ctx.dec(adds, 1)),
    }
}
