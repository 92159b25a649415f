//! The window's sum over the year behind and ahead, with each day on which something leaves it.

use chrono::NaiveDate;
use programme::qualify::{Advice, RollOff};
use programme::{Amounts, Programme};
use serde_json::json;
use web::Ctx;
use web::chart::{Chart, Row};

use super::words;
use crate::ledger::Unit;

/// Which of the measures is drawn.
#[derive(Clone, Copy)]
struct Measure {
    unit: Unit,
    of: fn(&Amounts) -> i64,
    least: i64,
}

/// One measure of several.
type Of = fn(&Amounts) -> i64;

/// The measure the goal asks for; of several the one that is nearest.
fn measure(advice: &Advice) -> Option<Measure> {
    let have = advice.goal.have;
    let all: [(Unit, Of); 3] = [
        (Unit::QualifyingDistance, |a| a.distance),
        (Unit::QualifyingSegments, |a| a.segments),
        (Unit::QualifyingSpend, |a| a.spend),
    ];
    let asked = advice.goal.need.ways().into_iter().flat_map(|least| {
        all.into_iter().filter_map(move |(unit, of)| {
            Some(Measure { unit, of, least: of(&least) }).filter(|one| one.least > 0)
        })
    });
    asked.max_by_key(|one| ((one.of)(&have).saturating_mul(1_000) / one.least).clamp(0, 1_000))
}

/// The chart of a goal, or nothing where there is nothing to draw.
pub(super) fn rolling(ctx: &Ctx, rules: &Programme, advice: &Advice, said: &str) -> Option<Chart> {
    let measure = measure(advice)?;
    let draw = |n: i64| drawn(rules, measure.unit, n);
    let points: Vec<_> = advice
        .graph
        .iter()
        .map(|point| {
            let value = (measure.of)(&point.have);
            let amount = words::amount(ctx, Some(rules), measure.unit, value);
            json!({ "value": [iso(point.on), draw(value)],
                "tip": format!("{} · {amount}", ctx.date(point.on)) })
        })
        .collect();
    if points.len() < 3 {
        return None;
    }
    let (first, last) = (advice.graph.first()?.on, advice.graph.last()?.on);
    let least = words::amount(ctx, Some(rules), measure.unit, measure.least);
    let option = json!({
        "grid": { "left": 52, "right": 16, "top": 20, "bottom": 24 },
        "xAxis": { "type": "time", "min": iso(first), "max": iso(last) },
        "yAxis": { "type": "value", "min": 0 },
        "series": [{
            "type": "line", "step": "end", "symbol": "none", "data": points,
            "lineStyle": { "width": 2, "color": "var(--accent-solid)" },
            "itemStyle": { "color": "var(--accent-solid)" },
            "markLine": { "symbol": "none", "silent": true, "data": [
                { "yAxis": draw(measure.least), "label": { "formatter": least,
                    "position": "insideEndTop" } },
                { "xAxis": iso(ctx.today()), "label": { "formatter": ctx.t("loyalty-chart-today"),
                    "position": "insideEndTop" } },
            ] },
        }],
    });
    let tier = rules.tier(advice.goal.tier).map(|tier| tier.name.get(ctx.lang)).unwrap_or_default();
    let caption = ctx.t2("loyalty-chart-caption", "tier", tier, "least", least);
    let headers = ["loyalty-chart-day", "loyalty-chart-leaves", "loyalty-chart-left"];
    let rows = advice.goal.rolls_off.iter().map(|roll| row(ctx, rules, roll, measure)).collect();
    Some(
        Chart::new("tier-window", said, option)
            .caption(caption)
            .size("m")
            .table(headers.iter().map(|key| ctx.t(key)).collect(), rows),
    )
}

fn row(ctx: &Ctx, rules: &Programme, roll: &RollOff, measure: Measure) -> Row {
    let amount = |of: &Amounts| words::amount(ctx, Some(rules), measure.unit, (measure.of)(of));
    Row::new(vec![ctx.date(roll.on), amount(&roll.amounts), amount(&roll.left)])
}

fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// In the unit of the axis: whole segments, whole money.
#[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
fn drawn(rules: &Programme, unit: Unit, n: i64) -> f64 {
    match unit {
        Unit::QualifyingSegments => n as f64 / 100.0,
        Unit::QualifyingSpend => {
            n as f64 / 10_f64.powi(i32::try_from(rules.currency.exponent()).unwrap_or(2))
        }
        _ => n as f64,
    }
}
