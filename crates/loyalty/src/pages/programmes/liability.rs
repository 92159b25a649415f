//! What a programme owes: the answer in a sentence, by age, by last day, by month, and what finance
//! says of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use chrono::{Datelike, NaiveDate};
use kernel::{Currency, Money};
use serde_json::json;
use web::chart::{Chart, Row as ChartRow};
use web::form::{Errors, Fields};
use web::{Ctx, PageError, PageResult, Toast};

use super::result::{drawn, field};
use crate::liability::{Basis, COHORTS, Liability, Movement, Movements, Open, Report, Valuation};
use crate::{Error, Rooms, permissions};

/// Months that are drawn and listed.
const SHOWN: usize = 24;
/// Ages, in months, at which the bands of the table begin.
const BANDS: [i32; 6] = [0, 6, 12, 18, 24, 36];

#[derive(Template)]
#[template(path = "loyalty/programmes/liability.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    code: String,
    name: String,
    currency: String,
    value: String,
    share: String,
    days: Vec<(String, String)>,
    day: String,
    working: bool,
    columns: Vec<&'static str>,
    may_edit: bool,
    may_export: bool,
    view: Option<View>,
}

struct View {
    answer: String,
    made: String,
    tiles: Vec<(String, String, String)>,
    ages: Vec<[String; 5]>,
    total: [String; 5],
    coming: Option<Chart>,
    /// From the second month on.
    history: Option<Chart>,
    months: Vec<(String, Vec<String>)>,
    /// Whether the movements tie, and the sentence about it.
    ties: (bool, String),
    earlier: bool,
    method: String,
}

/// What is shown of a programme.
struct Names {
    name: String,
    currency: Currency,
}

impl Names {
    async fn of(ctx: &Ctx, rooms: &Rooms, code: &str) -> Result<Self, PageError> {
        let rules = rooms.loyalty.rules_shown(&ctx.actor, code).await?;
        Ok(Self { name: rules.name.get(ctx.lang).to_owned(), currency: rules.currency })
    }

    fn money(&self, ctx: &Ctx, minor: i64) -> String {
        ctx.money(&Money::new(minor, self.currency))
    }
}

fn share(ctx: &Ctx, hundredths: i64) -> String {
    ctx.pct(drawn(hundredths) / 10_000.0)
}

/// Whole months between the month of coming and the day of the report.
fn age(open: &Open, day: NaiveDate) -> i32 {
    let months = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month()).unwrap_or(1);
    months(day) - months(open.month)
}

fn ages(ctx: &Ctx, names: &Names, it: &Liability) -> Vec<[String; 5]> {
    let mut sums = [[0_i64; 3]; BANDS.len()];
    for open in &it.slices {
        let band = BANDS.iter().rposition(|from| age(open, it.day) >= *from).unwrap_or(0);
        let own = [open.left, open.expected, open.deferred_minor];
        for (sum, n) in sums[band].iter_mut().zip(own) {
            *sum += n;
        }
    }
    let line = |name: String, [left, expected, minor]: [i64; 3]| {
        let of = drawn(left) / drawn(it.miles.max(1));
        [name, ctx.num(left), ctx.pct(of), ctx.num(expected), names.money(ctx, minor)]
    };
    let mut lines = Vec::new();
    for (at, sum) in sums.iter().enumerate().filter(|(_, sum)| sum[0] != 0) {
        let name = match BANDS.get(at + 1) {
            Some(next) => ctx.t2("liability-age", "from", BANDS[at], "to", *next),
            None => ctx.t1("liability-age-over", "from", BANDS[at]),
        };
        lines.push(line(name, *sum));
    }
    let deferred: i64 = it.slices.iter().map(|open| open.deferred_minor).sum();
    let rest = it.held - it.owed;
    if rest != 0 || it.held != 0 {
        let name = ctx.t("liability-held-less-owed");
        lines.push(line(name, [rest, 0, it.deferred_minor - deferred]));
    }
    lines
}

fn coming(ctx: &Ctx, it: &Liability) -> Option<Chart> {
    let mut months: BTreeMap<NaiveDate, [i64; 2]> = BTreeMap::new();
    for open in it.slices.iter().filter(|open| open.last_day.year() < 9_999) {
        let Some(month) = open.last_day.with_day(1) else { continue };
        let sum = months.entry(month).or_default();
        sum[0] += open.expected;
        sum[1] += open.left - open.expected;
    }
    if months.is_empty() {
        return None;
    }
    let series = |at: usize, key: &str, color: &str| {
        let data: Vec<f64> = months.values().map(|sum| drawn(sum[at])).collect();
        json!({ "type": "bar", "stack": "all", "name": ctx.t(key), "data": data,
            "itemStyle": { "color": color } })
    };
    let names: Vec<String> = months.keys().map(|it| it.format("%Y-%m").to_string()).collect();
    let option = json!({
        "grid": { "left": 72, "right": 8, "top": 32, "bottom": 28 },
        "legend": { "top": 0, "left": 0 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "data": names },
        "yAxis": { "type": "value", "min": 0, "splitNumber": 3 },
        "series": [
            series(1, "liability-used-up", "var(--accent-solid)"),
            series(0, "liability-lost", "mix(--accent-solid,--bg,0.55)"),
        ],
    });
    let rows = months.iter().map(|(month, [lost, used])| {
        ChartRow::new(vec![ctx.month(*month), ctx.num(*used), ctx.num(*lost)])
    });
    let headers = ["programme-month", "liability-used-up", "liability-lost"];
    let chart = Chart::new("coming", ctx.t("liability-coming"), option)
        .unit(ctx.t("liability-miles"))
        .table(headers.map(|key| ctx.t(key)).to_vec(), rows.collect());
    Some(chart)
}

fn latest(months: &[Movement]) -> &[Movement] {
    months.get(months.len().saturating_sub(SHOWN)..).unwrap_or_default()
}

fn history(ctx: &Ctx, moved: &Movements) -> Option<Chart> {
    let shown = latest(&moved.months);
    if shown.len() < 2 {
        return None;
    }
    let names: Vec<String> = shown.iter().map(|it| it.month.format("%Y-%m").to_string()).collect();
    let bar = |key: &str, color: &str, of: fn(&Movement) -> i64| {
        let data: Vec<f64> = shown.iter().map(|it| drawn(of(it))).collect();
        json!({ "type": "bar", "stack": "all", "name": ctx.t(key), "data": data,
            "itemStyle": { "color": color } })
    };
    let closing: Vec<f64> = shown.iter().map(|it| drawn(it.closing)).collect();
    let option = json!({
        "grid": { "left": 72, "right": 8, "top": 32, "bottom": 28 },
        "legend": { "top": 0, "left": 0 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "data": names },
        "yAxis": { "type": "value", "splitNumber": 4 },
        "series": [
            bar("liability-in", "var(--accent-solid)", |it| it.issued + it.bought + it.redeposited),
            bar("liability-out", "mix(--accent-solid,--bg,0.55)", |it| {
                it.redeemed + it.expired + it.issue_reversed + it.adjusted
            }),
            { "type": "line", "name": ctx.t("liability-closing"), "data": closing,
                "symbol": "none", "lineStyle": { "width": 2, "color": "var(--text-2)" },
                "itemStyle": { "color": "var(--text-2)" } },
        ],
    });
    let rows = shown.iter().map(|it| {
        let came = it.issued + it.bought + it.redeposited;
        let went = it.redeemed + it.expired + it.issue_reversed + it.adjusted;
        let figures = [came, went, it.closing].map(|n| ctx.num(n));
        ChartRow::new([vec![ctx.month(it.month)], figures.to_vec()].concat())
    });
    let headers = ["programme-month", "liability-in", "liability-out", "liability-closing"];
    let chart = Chart::new("history", ctx.t("liability-history"), option)
        .unit(ctx.t("liability-miles"))
        .table(headers.map(|key| ctx.t(key)).to_vec(), rows.collect());
    Some(chart)
}

type Figure = fn(&Movement) -> i64;

/// The columns of a month, in their order on the page and in the file.
const COLUMNS: [(&str, Figure); 9] = [
    ("liability-opening", |it| it.opening),
    ("liability-issued", |it| it.issued),
    ("liability-bought", |it| it.bought),
    ("liability-redeemed", |it| it.redeemed),
    ("liability-redeposited", |it| it.redeposited),
    ("liability-reversed", |it| it.issue_reversed),
    ("liability-adjusted", |it| it.adjusted),
    ("liability-expired", |it| it.expired),
    ("liability-closing", |it| it.closing),
];

fn months(ctx: &Ctx, moved: &Movements) -> Vec<(String, Vec<String>)> {
    let cell = |n: i64| if n == 0 { "–".to_owned() } else { ctx.num(n) };
    let line =
        |it: &Movement| (ctx.month(it.month), COLUMNS.iter().map(|(_, of)| cell(of(it))).collect());
    latest(&moved.months).iter().rev().map(line).collect()
}

/// What the estimate rests on, in words.
fn basis(ctx: &Ctx, it: &Liability) -> String {
    let (n, least) = (ctx.num(it.cohorts), ctx.num(COHORTS));
    match it.breakage {
        Some(by) if by.basis == Basis::Cohorts => {
            ctx.t2("liability-basis-cohorts", "n", n, "share", share(ctx, by.share))
        }
        Some(by) => ctx.tv(
            "liability-basis-assumed",
            &[("share", share(ctx, by.share)), ("n", n), ("least", least)],
        ),
        None => ctx.t2("liability-basis-none", "n", n, "least", least),
    }
}

fn tiles(ctx: &Ctx, names: &Names, it: &Liability) -> Vec<(String, String, String)> {
    let tile = |key: &str, value: String, note: String| (ctx.t(key), value, note);
    let none = String::new;
    let breaks = it.breakage.map(|by| (ctx.num(by.miles), share(ctx, by.share)));
    let (lost, of) = breaks.unwrap_or_else(|| ("–".to_owned(), none()));
    vec![
        tile("liability-outstanding", ctx.num(it.miles), none()),
        tile("liability-lost", lost, of),
        tile("liability-deferred", names.money(ctx, it.deferred_minor), none()),
        tile("liability-held", ctx.num(it.held), none()),
        tile("liability-owed", ctx.num(it.owed), none()),
    ]
}

fn view(ctx: &Ctx, names: &Names, report: &Report, by: &Valuation) -> View {
    let (it, moved) = (report.liability(by), report.movements());
    let lost = it.breakage.map_or(0, |by| by.miles);
    let deferred = names.money(ctx, it.deferred_minor);
    let key = match (it.valuation.minor_per_thousand, it.breakage) {
        (0, _) => "liability-answer-no-value",
        (_, None) => "liability-answer-no-estimate",
        _ => "liability-answer",
    };
    let answer = ctx.tv(
        key,
        &[
            ("miles", ctx.num(it.miles)),
            ("lost", ctx.num(lost)),
            ("deferred", deferred.clone()),
            ("day", ctx.day(it.day)),
        ],
    );
    let ties = if moved.ties {
        ctx.t1("liability-ties", "miles", ctx.num(moved.books))
    } else {
        let closing = moved.months.last().map_or(0, |it| it.closing);
        ctx.t2("liability-ties-not", "closing", ctx.num(closing), "books", ctx.num(moved.books))
    };
    let whole = ctx.pct(1.0);
    View {
        answer,
        made: ctx.t1("liability-made", "at", ctx.at(it.made_at)),
        tiles: tiles(ctx, names, &it),
        ages: ages(ctx, names, &it),
        total: [ctx.t("liability-total"), ctx.num(it.miles), whole, ctx.num(lost), deferred],
        coming: coming(ctx, &it),
        history: history(ctx, &moved),
        months: months(ctx, &moved),
        ties: (moved.ties, ties),
        earlier: moved.months.len() > SHOWN,
        method: basis(ctx, &it),
    }
}

fn asked_day(ctx: &Ctx) -> Option<NaiveDate> {
    Fields(web::url::pairs(&ctx.query)).get("day").parse().ok()
}

async fn render(
    ctx: &Ctx,
    rooms: &Rooms,
    code: &str,
    typed: Option<&Fields>,
    errors: &Errors,
) -> PageResult {
    let names = Names::of(ctx, rooms, code).await?;
    let by = rooms.loyalty.valuation(&ctx.actor, code).await?;
    let report = rooms.loyalty.liability_report(&ctx.actor, code, asked_day(ctx)).await?;
    let days = rooms.loyalty.liability_days(&ctx.actor, code).await?;
    let usual = Fields(vec![
        ("value".to_owned(), Money::new(by.minor_per_thousand, names.currency).decimal()),
        ("share".to_owned(), by.assumed_share.map(hundredths).unwrap_or_default()),
    ]);
    let get = |name: &str| typed.unwrap_or(&usual).get(name).to_owned();
    let page = Page {
        currency: names.currency.as_str().to_owned(),
        value: get("value"),
        share: get("share"),
        days: days.iter().map(|day| (day.to_string(), ctx.date(*day))).collect(),
        day: report.as_ref().map(|it| it.day.to_string()).unwrap_or_default(),
        columns: COLUMNS.map(|(key, _)| key).to_vec(),
        working: rooms.loyalty.reporting(code).await?.is_some(),
        may_export: ctx.may(permissions::EXPORT.as_str()),
        may_edit: ctx.may(permissions::PROGRAMME.as_str()),
        view: report.map(|report| view(ctx, &names, &report, &by)),
        name: names.name,
        code: code.to_owned(),
        errors,
        ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

/// `1234` as `12.34`.
fn hundredths(n: i64) -> String {
    let text = format!("{}.{:02}", n / 100, n % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share typed in per cent, in hundredths of one.
fn read_share(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches(['%', '％']).trim_end();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let n: i64 = format!("{whole}{part:0<2}").parse().ok()?;
    (n <= 10_000).then_some(n)
}

/// `GET /programmes/{code}/liability`
pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(code): Path<String>) -> PageResult {
    render(&ctx, &rooms, &code, None, &Errors::none()).await
}

/// `POST /programmes/{code}/liability`
pub async fn save(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(code): Path<String>,
    fields: Fields,
) -> PageResult {
    ctx.actor.may(permissions::PROGRAMME)?;
    let names = Names::of(&ctx, &rooms, &code).await?;
    let mut errors = Errors::none();
    let value = fields.get("value").trim().replace([',', '，'], "");
    let minor = if value.is_empty() {
        Some(0)
    } else {
        Money::parse(&value, names.currency).map(|money| money.minor)
    };
    if minor.is_none() {
        errors.add("value", ctx.t("error-loyalty-replay-cost"));
    }
    let typed = fields.get("share").trim();
    let assumed_share = read_share(typed);
    if !typed.is_empty() && assumed_share.is_none() {
        errors.add("share", ctx.t("error-loyalty-share"));
    }
    if errors.is_empty() {
        let said = Valuation { minor_per_thousand: minor.unwrap_or_default(), assumed_share };
        match rooms.loyalty.set_valuation(&ctx.actor, &code, &said).await {
            Ok(()) => {
                let to = format!("/programmes/{code}/liability");
                return Ok(ctx
                    .see(&to)
                    .toast(Toast::good(ctx.t("liability-saved")))
                    .into_response());
            }
            Err(Error::Invalid(wrong)) => {
                for one in wrong {
                    errors.add("value", ctx.t(&format!("error-{}", one.code)));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    render(&ctx, &rooms, &code, Some(&fields), &errors).await
}

/// `POST /programmes/{code}/liability/now`
pub async fn again(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(code): Path<String>,
    _fields: Fields,
) -> PageResult {
    rooms.loyalty.report_again(&ctx.actor, &code).await?;
    let to = format!("/programmes/{code}/liability");
    Ok(ctx.see(&to).toast(Toast::good(ctx.t("liability-begun"))).into_response())
}

fn csv(ctx: &Ctx, names: &Names, report: &Report, by: &Valuation) -> String {
    let it = report.liability(by);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let head = |keys: &[&str]| keys.iter().map(|key| ctx.t(key)).collect::<Vec<_>>();
    let decimal = |minor: i64| Money::new(minor, names.currency).decimal();
    let amount = format!("{} ({})", ctx.t("liability-deferred"), names.currency.as_str());
    rows.push(vec![ctx.t("liability-day"), it.day.to_string()]);
    rows.push(vec![ctx.t("liability-outstanding"), it.miles.to_string()]);
    rows.push(vec![ctx.t("liability-held"), it.held.to_string()]);
    rows.push(vec![ctx.t("liability-owed"), it.owed.to_string()]);
    let lost = it.breakage.map(|by| by.miles.to_string()).unwrap_or_default();
    rows.push(vec![ctx.t("liability-lost"), lost]);
    rows.push(vec![amount.clone(), decimal(it.deferred_minor)]);
    rows.push(Vec::new());
    let mut columns = vec!["programme-month"];
    columns.extend(COLUMNS.map(|(key, _)| key));
    rows.push(head(&columns));
    for month in &report.months {
        let figures = COLUMNS.iter().map(|(_, of)| of(month).to_string());
        rows.push(std::iter::once(month.month.to_string()).chain(figures).collect());
    }
    rows.push(Vec::new());
    let lots = ["liability-came", "liability-last-day", "liability-brought", "liability-left"];
    rows.push([head(&lots), head(&["liability-lost"]), vec![amount]].concat());
    for open in &it.slices {
        let forever = open.last_day.year() >= 9_999;
        let last = if forever { String::new() } else { open.last_day.to_string() };
        let figures = [open.brought, open.left, open.expected].map(|n| n.to_string());
        let minor = decimal(open.deferred_minor);
        rows.push([vec![open.month.to_string(), last], figures.to_vec(), vec![minor]].concat());
    }
    let line = |row: Vec<String>| row.iter().map(|text| field(text)).collect::<Vec<_>>().join(",");
    format!("\u{feff}{}\r\n", rows.into_iter().map(line).collect::<Vec<_>>().join("\r\n"))
}

/// `GET /programmes/{code}/liability/export`
pub async fn export(ctx: Ctx, State(rooms): State<Rooms>, Path(code): Path<String>) -> PageResult {
    ctx.actor.may(permissions::EXPORT)?;
    let names = Names::of(&ctx, &rooms, &code).await?;
    let by = rooms.loyalty.valuation(&ctx.actor, &code).await?;
    let report = rooms.loyalty.liability_report(&ctx.actor, &code, asked_day(&ctx)).await?;
    let report = report.ok_or_else(PageError::not_found)?;
    let name = format!("{code}-liability-{}.csv", report.day);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, csv(&ctx, &names, &report, &by)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_they_are_written() {
        for (text, n) in [("12", 1_200), ("12.5 %", 1_250), ("0.05", 5), ("100%", 10_000)] {
            assert_eq!(read_share(text), Some(n), "{text}");
            assert_eq!(read_share(&hundredths(n)), Some(n), "{text}");
        }
        for text in ["", "-1", "100.01", "1.234", "ten", "1e2", "９"] {
            assert_eq!(read_share(text), None, "{text}");
        }
    }
}
