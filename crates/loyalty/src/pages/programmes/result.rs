//! What a comparison came to: the answer in a sentence, then charts and tables, then the method.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use kernel::Money;
use programme::Programme;
use serde_json::json;
use store::jobs::Job;
use web::chart::{Chart, Row as ChartRow};
use web::{Ctx, PageError, PageResult};

use super::machine;
use crate::replay::{Named, Replay, Tally, cost};
use crate::{Error, Rooms, permissions};

#[derive(Template)]
#[template(path = "loyalty/programmes/result.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    code: String,
    href: String,
    title: String,
    span: String,
    /// While it is not done.
    open: bool,
    state: (String, &'static str),
    failure: String,
    percent: Option<u8>,
    result: Option<View>,
    may_run: bool,
}

struct View {
    answer: String,
    /// Without flights there is nothing to draw.
    has_flights: bool,
    /// Whether anybody is above the lowest tier.
    has_tiers: bool,
    figures: Vec<(String, String, String, String)>,
    headers: Vec<String>,
    matrix: Vec<(String, Vec<Cell>)>,
    tiers: Chart,
    months: Chart,
    minding: Vec<Mind>,
    method: String,
}

/// Members that went from one tier to another.
struct Cell {
    count: String,
    /// `up`, `down` or neither.
    way: &'static str,
}

struct Mind {
    href: String,
    name: String,
    number: String,
    tiers: String,
    before: String,
    after: String,
    lost: String,
}

struct Names {
    programme: [Programme; 2],
}

impl Names {
    async fn of(ctx: &Ctx, rooms: &Rooms, replay: &Replay) -> Result<Self, PageError> {
        let [before, after] = replay.versions;
        let (_, one) = rooms.loyalty.programme_version(&ctx.actor, before.0).await?;
        let (_, other) = rooms.loyalty.programme_version(&ctx.actor, after.0).await?;
        let read = |text: &str| Programme::from_toml(text).map_err(Error::from);
        Ok(Self { programme: [read(&one)?, read(&other)?] })
    }

    fn tier(&self, ctx: &Ctx, side: usize, at: usize) -> String {
        let tier = self.programme[side].tiers.get(at);
        tier.map_or_else(|| at.to_string(), |tier| tier.name.get(ctx.lang).to_owned())
    }

    fn money(&self, ctx: &Ctx, minor: i64) -> String {
        ctx.money(&Money::new(minor, self.programme[1].currency))
    }

    /// The place among the tiers after of one before.
    fn same(&self, at: usize) -> usize {
        let tier = self.programme[0].tiers.get(at);
        let rank = tier.and_then(|tier| self.programme[1].rank(tier.code.as_str()));
        rank.map_or(at, |rank| usize::from(rank.0))
    }
}

fn signed(ctx: &Ctx, n: i64) -> String {
    if n > 0 { format!("+{}", ctx.num(n)) } else { ctx.num(n) }
}

fn view(ctx: &Ctx, names: &Names, replay: &Replay, tally: &Tally, named: &[Named]) -> View {
    let rate = replay.minor_per_thousand;
    let [up, down] = tally.moved;
    let liability = cost(tally.outstanding[1], rate) - cost(tally.outstanding[0], rate);
    let key = match liability {
        n if n < 0 => "programme-run-answer-less",
        0 => "programme-run-answer-same",
        _ => "programme-run-answer-more",
    };
    let [richer, poorer] = tally.richer;
    let answer = ctx.tv(
        key,
        &[
            ("members", ctx.num(tally.members)),
            ("up", ctx.num(up)),
            ("down", ctx.num(down)),
            ("poorer", ctx.num(poorer)),
            ("richer", ctx.num(richer)),
            ("liability", names.money(ctx, liability.abs())),
        ],
    );
    View {
        answer,
        has_flights: tally.flights > 0,
        has_tiers: tally.matrix.iter().enumerate().any(|(from, row)| {
            row.iter().enumerate().any(|(to, count)| *count > 0 && from.max(to) > 0)
        }),
        figures: figures(ctx, names, tally, rate),
        headers: (0..names.programme[1].tiers.len()).map(|at| names.tier(ctx, 1, at)).collect(),
        matrix: matrix(ctx, names, tally),
        tiers: tiers(ctx, names, tally),
        months: months(ctx, names, tally, rate),
        minding: named.iter().map(|one| mind(ctx, names, one)).collect(),
        method: ctx.tv(
            "programme-run-method",
            &[
                ("rate", names.money(ctx, rate)),
                ("flights", ctx.num(tally.flights)),
                ("from", ctx.date(replay.span.from)),
                ("to", ctx.date(replay.span.to)),
            ],
        ),
    }
}

fn figures(
    ctx: &Ctx,
    names: &Names,
    tally: &Tally,
    rate: i64,
) -> Vec<(String, String, String, String)> {
    let row = |key: &str, [before, after]: [i64; 2]| {
        (ctx.t(key), ctx.num(before), ctx.num(after), signed(ctx, after - before))
    };
    let money = |key: &str, miles: [i64; 2]| {
        let [before, after] = miles.map(|miles| cost(miles, rate));
        let less = if after < before { "−" } else { "" };
        let change = format!("{less}{}", names.money(ctx, (after - before).abs()));
        (ctx.t(key), names.money(ctx, before), names.money(ctx, after), change)
    };
    vec![
        row("programme-run-issued", tally.issued),
        money("programme-run-issued-cost", tally.issued),
        row("programme-run-outstanding", tally.outstanding),
        money("programme-run-liability", tally.outstanding),
    ]
}

fn matrix(ctx: &Ctx, names: &Names, tally: &Tally) -> Vec<(String, Vec<Cell>)> {
    let rows = tally.matrix.iter().enumerate().map(|(from, row)| {
        let held = names.same(from);
        let cell = |(to, count): (usize, &u64)| Cell {
            count: if *count == 0 { "–".to_owned() } else { ctx.num(*count) },
            way: match to.cmp(&held) {
                _ if *count == 0 => "",
                std::cmp::Ordering::Less => "down",
                std::cmp::Ordering::Greater => "up",
                std::cmp::Ordering::Equal => "",
            },
        };
        (names.tier(ctx, 0, from), row.iter().enumerate().map(cell).collect())
    });
    rows.collect()
}

#[allow(clippy::cast_precision_loss, reason = "a drawing")]
pub(super) fn drawn<N: Copy + TryInto<i64>>(n: N) -> f64 {
    n.try_into().unwrap_or(i64::MAX) as f64
}

fn pair(ctx: &Ctx, names: &[String], [before, after]: [Vec<f64>; 2]) -> serde_json::Value {
    let [then, now] = ["programme-run-before-rules", "programme-run-after-rules"];
    json!({
        "grid": { "left": 64, "right": 8, "top": 32, "bottom": 28 },
        "legend": { "top": 0, "left": 0 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "data": names },
        "yAxis": { "type": "value", "min": 0, "splitNumber": 3 },
        "series": [
            { "type": "bar", "name": ctx.t(then), "data": before,
                "itemStyle": { "color": "mix(--accent-solid,--bg,0.55)" } },
            { "type": "bar", "name": ctx.t(now), "data": after,
                "itemStyle": { "color": "var(--accent-solid)" } },
        ],
    })
}

fn tiers(ctx: &Ctx, names: &Names, tally: &Tally) -> Chart {
    let count = names.programme[1].tiers.len().max(names.programme[0].tiers.len());
    let mut sums = vec![[0_u64; 2]; count];
    for (from, row) in tally.matrix.iter().enumerate() {
        for (to, members) in row.iter().enumerate() {
            if let Some(sum) = sums.get_mut(names.same(from)) {
                sum[0] += members;
            }
            if let Some(sum) = sums.get_mut(to) {
                sum[1] += members;
            }
        }
    }
    // Most members hold the lowest tier: beside it the others could not be seen.
    let shown: Vec<(usize, [u64; 2])> = sums.into_iter().enumerate().skip(1).collect();
    let name = |(at, _): &(usize, [u64; 2])| names.tier(ctx, 1, *at);
    let option = pair(
        ctx,
        &shown.iter().map(name).collect::<Vec<_>>(),
        [
            shown.iter().map(|(_, sum)| drawn(sum[0])).collect(),
            shown.iter().map(|(_, sum)| drawn(sum[1])).collect(),
        ],
    );
    let rows =
        shown.iter().map(|it| ChartRow::new(vec![name(it), ctx.num(it.1[0]), ctx.num(it.1[1])]));
    let headers = ["programme-tier", "programme-run-before-rules", "programme-run-after-rules"];
    Chart::new("tiers", ctx.t("programme-run-tiers"), option)
        .table(headers.map(|key| ctx.t(key)).to_vec(), rows.collect())
}

fn months(ctx: &Ctx, names: &Names, tally: &Tally, rate: i64) -> Chart {
    let major = |miles: i64| drawn(cost(miles, rate)) / 10_f64.powi(exponent(names));
    let option = pair(
        ctx,
        &tally.months.keys().map(|month| month.format("%Y-%m").to_string()).collect::<Vec<_>>(),
        [
            tally.months.values().map(|sum| major(sum[0])).collect(),
            tally.months.values().map(|sum| major(sum[1])).collect(),
        ],
    );
    let rows = tally.months.iter().map(|(month, sum)| {
        let [before, after] = sum.map(|miles| names.money(ctx, cost(miles, rate)));
        ChartRow::new(vec![ctx.month(*month), before, after])
    });
    let headers = ["programme-month", "programme-run-before-rules", "programme-run-after-rules"];
    Chart::new("months", ctx.t("programme-run-months"), option)
        .unit(names.programme[1].currency.as_str())
        .table(headers.map(|key| ctx.t(key)).to_vec(), rows.collect())
}

fn exponent(names: &Names) -> i32 {
    i32::try_from(names.programme[1].currency.exponent()).unwrap_or(2)
}

fn mind(ctx: &Ctx, names: &Names, one: &Named) -> Mind {
    let it = &one.minding;
    let [before, after] = it.tiers.map(usize::from);
    let known = !one.number.is_empty();
    let name = one.name.as_ref().map(|name| ctx.name(name));
    Mind {
        href: if known { format!("/members/{}", it.member) } else { String::new() },
        name: name.unwrap_or_else(|| ctx.t("programme-run-nobody")),
        number: one.number.clone(),
        tiers: if it.tiers_lost > 0 {
            format!("{} → {}", names.tier(ctx, 0, before), names.tier(ctx, 1, after))
        } else {
            names.tier(ctx, 1, after)
        },
        before: ctx.num(it.miles[0]),
        after: ctx.num(it.miles[1]),
        lost: signed(ctx, it.miles[1] - it.miles[0]),
    }
}

async fn find(
    ctx: &Ctx,
    rooms: &Rooms,
    code: &str,
    run: &str,
) -> Result<(Replay, Option<Job>), PageError> {
    let id = run.parse::<uuid::Uuid>().map_err(|_| PageError::not_found())?;
    let (replay, job) = rooms.loyalty.replay(&ctx.actor, id.into()).await?;
    if replay.programme == code { Ok((replay, job)) } else { Err(PageError::not_found()) }
}

pub async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, run)): Path<(String, String)>,
) -> PageResult {
    let (replay, job) = find(&ctx, &rooms, &code, &run).await?;
    let names = Names::of(&ctx, &rooms, &replay).await?;
    let result = match &replay.tally {
        Some(tally) => {
            let named = rooms.loyalty.minding(&ctx.actor, &replay, false).await?;
            Some(view(&ctx, &names, &replay, tally, &named))
        }
        None => None,
    };
    let failure = job.as_ref().and_then(|job| job.failure.as_ref()).map(|failure| {
        ctx.tv(
            &format!("error-{}", failure.code),
            &failure
                .args
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect::<Vec<_>>(),
        )
    });
    let [(_, before), (_, after)] = replay.versions;
    let page = Page {
        href: format!("/programmes/{code}/time-machine/{}", replay.id),
        title: ctx.tv(
            "programme-run-title",
            &[
                ("name", names.programme[1].name.get(ctx.lang).to_owned()),
                ("before", before.to_string()),
                ("after", after.to_string()),
            ],
        ),
        span: format!("{} – {}", ctx.date(replay.span.from), ctx.date(replay.span.to)),
        open: result.is_none() && job.as_ref().is_some_and(|job| job.status.is_open()),
        state: machine::state(&ctx, &replay, job.as_ref()),
        failure: failure.unwrap_or_default(),
        percent: job.as_ref().and_then(Job::percent),
        may_run: ctx.may(permissions::PROGRAMME.as_str()),
        result,
        code,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// A field of a CSV file; nothing in it is a formula to a spreadsheet.
pub(super) fn field(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = text.parse::<i64>().is_ok();
    let text = if risky && !number { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn csv(ctx: &Ctx, names: &Names, replay: &Replay, tally: &Tally, named: &[Named]) -> String {
    let rate = replay.minor_per_thousand;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let head = |keys: &[&str]| keys.iter().map(|key| ctx.t(key)).collect::<Vec<_>>();
    let sides = ["programme-run-before-rules", "programme-run-after-rules"];
    rows.push(head(&["programme-run-figure", sides[0], sides[1]]));
    for (key, [before, after]) in [
        ("programme-run-issued", tally.issued),
        ("programme-run-issued-cost", tally.issued.map(|miles| cost(miles, rate))),
        ("programme-run-outstanding", tally.outstanding),
        ("programme-run-liability", tally.outstanding.map(|miles| cost(miles, rate))),
    ] {
        rows.push(vec![ctx.t(key), before.to_string(), after.to_string()]);
    }
    rows.push(Vec::new());
    rows.push(head(&[
        "programme-run-before-rules",
        "programme-run-after-rules",
        "programme-members",
    ]));
    for (from, row) in tally.matrix.iter().enumerate() {
        for (to, members) in row.iter().enumerate().filter(|(_, members)| **members > 0) {
            let (then, now) = (names.tier(ctx, 0, from), names.tier(ctx, 1, to));
            rows.push(vec![then, now, members.to_string()]);
        }
    }
    rows.push(Vec::new());
    rows.push(head(&["programme-month", sides[0], sides[1]]));
    for (month, sum) in &tally.months {
        rows.push(vec![month.to_string(), sum[0].to_string(), sum[1].to_string()]);
    }
    rows.push(Vec::new());
    rows.push(head(&["programme-member", "programme-tier", "programme-tier", sides[0], sides[1]]));
    for one in named {
        let it = &one.minding;
        rows.push(vec![
            one.number.clone(),
            names.tier(ctx, 0, it.tiers[0].into()),
            names.tier(ctx, 1, it.tiers[1].into()),
            it.miles[0].to_string(),
            it.miles[1].to_string(),
        ]);
    }
    let line = |row: Vec<String>| row.iter().map(|text| field(text)).collect::<Vec<_>>().join(",");
    // The mark lets a spreadsheet know that it is UTF-8.
    format!("\u{feff}{}\r\n", rows.into_iter().map(line).collect::<Vec<_>>().join("\r\n"))
}

pub async fn export(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, run)): Path<(String, String)>,
) -> PageResult {
    let (replay, _) = find(&ctx, &rooms, &code, &run).await?;
    let names = Names::of(&ctx, &rooms, &replay).await?;
    let Some(tally) = &replay.tally else { return Err(PageError::not_found()) };
    let named = rooms.loyalty.minding(&ctx.actor, &replay, true).await?;
    let [(_, before), (_, after)] = replay.versions;
    let name = format!("{}-{before}-{after}.csv", replay.programme);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, csv(&ctx, &names, &replay, tally, &named)).into_response())
}
