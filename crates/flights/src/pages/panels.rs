//! Activity by month as a chart with its table; habits with their evidence.

use std::sync::Arc;

use askama::Template;
use customers::{CustomerId, Panel, Place};
use serde_json::json;
use web::chart::{Chart, Row};
use web::{Ctx, PageError};

use super::{bookings, broken, words};
use crate::{Flights, MonthActivity, Preferences, permissions};

/// Months the chart shows.
const MONTHS: u32 = 24;

/// The panels of this domain, for `customers`' 360° page.
#[must_use]
pub fn panels(flights: &Flights) -> Vec<Panel> {
    let (for_chart, for_habits, for_trips) = (flights.clone(), flights.clone(), flights.clone());
    vec![
        Panel {
            key: "bookings",
            title_key: "flights-panel-bookings",
            order: 10,
            place: Place::Side,
            render: Arc::new(move |ctx, customer| {
                let flights = for_trips.clone();
                Box::pin(async move { bookings::panel(&flights, ctx, customer).await })
            }),
        },
        Panel {
            key: "activity",
            title_key: "flights-panel-activity",
            order: 20,
            place: Place::Side,
            render: Arc::new(move |ctx, customer| {
                let flights = for_chart.clone();
                Box::pin(async move { activity(&flights, ctx, customer).await })
            }),
        },
        Panel {
            key: "habits",
            title_key: "flights-panel-habits",
            order: 30,
            place: Place::Facts,
            render: Arc::new(move |ctx, customer| {
                let flights = for_habits.clone();
                Box::pin(async move { habits(&flights, ctx, customer).await })
            }),
        },
    ]
}

#[derive(Template)]
#[template(path = "flights/activity.html")]
struct Activity<'a> {
    ctx: &'a Ctx,
    sentence: String,
    chart: Chart,
}

async fn activity(
    flights: &Flights,
    ctx: Ctx,
    customer: CustomerId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::READ).is_err() {
        return Ok(None);
    }
    let mut tx = ctx.web.db.read().await?;
    let months = flights.activity_by_month(&mut tx, customer, MONTHS).await?;
    drop(tx);
    if months.is_empty() {
        return Ok(None);
    }
    let (flown, km) = months.iter().fold((0, 0), |(f, k), month| (f + month.flights, k + month.km));
    let sentence =
        ctx.t3("flights-activity-sentence", "flights", flown, "km", km, "months", months.len());
    let chart = chart(&ctx, &months, sentence.clone());
    Ok(Some(Activity { ctx: &ctx, sentence, chart }.render().map_err(broken)?))
}

fn chart(ctx: &Ctx, months: &[MonthActivity], sentence: String) -> Chart {
    let names: Vec<String> =
        months.iter().map(|month| month.month.format("%Y-%m").to_string()).collect();
    let bars: Vec<_> = months
        .iter()
        .zip(&names)
        .map(|(month, name)| {
            let tip = ctx.t3(
                "flights-activity-tip",
                "month",
                name.clone(),
                "flights",
                ctx.num(month.flights),
                "km",
                ctx.num(month.km),
            );
            json!({ "value": month.flights, "name": name, "tip": tip })
        })
        .collect();
    let option = json!({
        "grid": { "left": 28, "right": 8, "top": 8, "bottom": 22 },
        "xAxis": { "type": "category", "data": names },
        "yAxis": { "type": "value", "minInterval": 1 },
        "series": [{ "type": "bar", "data": bars, "itemStyle": { "color": "var(--accent-solid)" } }],
    });
    let rows = months
        .iter()
        .zip(&names)
        .map(|(month, name)| {
            Row::new(vec![name.clone(), ctx.num(month.flights), ctx.num(month.km)])
        })
        .collect();
    let headers = ["flights-col-month", "flights-col-flights", "flights-col-km"];
    Chart::new("flights-by-month", sentence, option)
        .caption(ctx.t("flights-activity-caption"))
        .size("s")
        .table(headers.iter().map(|key| ctx.t(key)).collect(), rows)
}

#[derive(Template)]
#[template(path = "flights/habits.html")]
struct Habits {
    rows: Vec<(String, String, String)>,
}

async fn habits(
    flights: &Flights,
    ctx: Ctx,
    customer: CustomerId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::READ).is_err() {
        return Ok(None);
    }
    let mut tx = ctx.web.db.read().await?;
    let learned = flights.preferences(&mut tx, customer).await?;
    drop(tx);
    let rows = rows(&ctx, &learned);
    if rows.is_empty() {
        return Ok(None);
    }
    Ok(Some(Habits { rows }.render().map_err(broken)?))
}

/// Label, value and evidence of everything worth saying.
fn rows(ctx: &Ctx, learned: &Preferences) -> Vec<(String, String, String)> {
    let evidence = |of: i64, among: i64| {
        ctx.t2("flights-evidence", "of", ctx.num(of), "among", ctx.num(among))
    };
    let mut rows = Vec::new();
    for habit in &learned.habits {
        let key = format!("flights-{}-{}", habit.kind, habit.value);
        let value =
            if habit.kind == "home" { words::airport(ctx, &habit.value) } else { ctx.t(&key) };
        let label = ctx.t(&format!("flights-habit-{}", habit.kind));
        rows.push((label, value, evidence(habit.of, habit.among)));
    }
    for route in learned.routes.iter().take(2) {
        rows.push((
            ctx.t("flights-habit-route"),
            route.value.clone(),
            evidence(route.of, route.among),
        ));
    }
    if let Some(days) = learned.lead_days {
        let value = ctx.t1("flights-lead-days", "days", days);
        rows.push((ctx.t("flights-habit-lead"), value, ctx.t("flights-median")));
    }
    let all = learned.trips;
    let shares = [
        ("flights-habit-last-minute", learned.last_minute, learned.lead_among, 0.3),
        ("flights-habit-no-show", learned.no_show, all, 0.05),
        ("flights-habit-changed", learned.changed, all, 0.1),
        ("flights-habit-low-fare", learned.low_fare, all, 0.3),
        ("flights-habit-agency", learned.agency, all, 0.5),
    ];
    for (label, share, among, worth) in shares {
        if let Some(share) = share.filter(|share| *share >= worth) {
            let trips = ctx.t1("flights-of-trips", "n", among);
            rows.push((ctx.t(label), ctx.pct(share), trips));
        }
    }
    if let Some(party) = learned.party.filter(|party| *party >= 1.5) {
        rows.push((ctx.t("flights-habit-party"), ctx.dec(party, 1), ctx.t("flights-mean")));
    }
    if let (Some(minor), Some(currency)) = (learned.extras_minor, &learned.currency)
        && minor > 0
        && let Ok(currency) = kernel::Currency::parse(currency)
    {
        let money = ctx.money(&kernel::Money::new(minor, currency));
        rows.push((ctx.t("flights-habit-extras"), money, ctx.t("flights-mean")));
    }
    rows
}
