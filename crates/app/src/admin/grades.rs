//! Grades of simulated days: the list of runs, and one run with its worst errors.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use kernel::{Cursor, Uuid};
use serde::Deserialize;
use simulator::grade::{Grade, Merge, Split};
use web::{Ctx, PageError, PageResult};

use super::{Tab, tabs};
use crate::grades::{self, Line, Run};
use crate::{Rooms, permissions};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
}

impl Asked {
    fn place(&self) -> Option<(DateTime<Utc>, Uuid)> {
        let cursor = Cursor::decode(self.after.as_deref()?).ok()?;
        let at = cursor.0.first()?.as_str()?.parse().ok()?;
        Some((at, cursor.0.get(1)?.as_str()?.parse().ok()?))
    }
}

struct Row {
    line: Line,
    days: String,
    f1: String,
    false_merges: String,
    outcomes: String,
    good: bool,
}

#[derive(Template)]
#[template(path = "app/grades.html")]
struct List<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    previous: Option<String>,
    next: Option<String>,
}

pub(super) async fn list(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> PageResult {
    ctx.actor.may(permissions::SYSTEM_READ)?;
    let place = asked.place();
    let (lines, more) = grades::list(&rooms.app, place).await?;
    let next = lines.last().filter(|_| more).map(|last| {
        let cursor = Cursor(vec![last.at.to_rfc3339().into(), last.id.to_string().into()]);
        format!("/admin/grades?after={}", web::url::encode(&cursor.encode()))
    });
    let row = |line: Line| Row {
        days: days(&line.first_day, &line.last_day),
        f1: ctx.dec(line.f1, 4),
        false_merges: percent(&ctx, line.false_merges),
        outcomes: percent(&ctx, line.outcomes_right),
        good: line.f1 >= grades::F1 && line.false_merges < grades::FALSE_MERGES,
        line,
    };
    Ok(ctx.page(&List {
        ctx: &ctx,
        tabs: tabs(&ctx),
        rows: lines.into_iter().map(row).collect(),
        // Backwards by the browser: the first page is the newest.
        previous: place.map(|_| "/admin/grades".to_owned()),
        next,
    }))
}

fn days(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("{first} – {last}") }
}

/// Two decimals: targets are as small as a tenth of a per cent.
fn percent(ctx: &Ctx, share: f64) -> String {
    format!("{}\u{a0}%", ctx.dec(share * 100.0, 2))
}

/// One figure beside what it is to reach.
struct Figure {
    name: String,
    value: String,
    /// Of the gauge, 0 to 100.
    filled: u32,
    target: String,
    /// `good`, `bad`, or empty without a target.
    tone: &'static str,
}

/// A row of the confusion table.
struct Outcome {
    word: String,
    passengers: u64,
    /// In the order of the columns; whether it is the right one.
    counts: Vec<(u64, bool)>,
    right: String,
}

#[derive(Template)]
#[template(path = "app/grade.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    run: &'a Run,
    grade: &'a Grade,
    days: String,
    figures: Vec<Figure>,
    words: Vec<String>,
    outcomes: Vec<Outcome>,
    dirt: Vec<(String, u64, u64, u64)>,
    merges: Vec<(&'a Merge, String)>,
    splits: Vec<(&'a Split, String)>,
    facts: Vec<(String, String)>,
}

pub(super) async fn show(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    ctx.actor.may(permissions::SYSTEM_READ)?;
    let Some(run) = grades::get(&rooms.app, id).await? else {
        return Err(PageError::not_found());
    };
    let grade = &run.grade;
    let (columns, outcomes) = outcomes(&ctx, grade);
    let identity = &grade.identity;
    let kind = |word: &str| ctx.t(&format!("grades-dirt-{word}"));
    let kinds = |words: &[String]| {
        let words = words.iter().map(|word| kind(word));
        words.collect::<Vec<_>>().join(&ctx.t("list-comma"))
    };
    let dirt = identity.by_dirt.iter();
    Ok(ctx.page(&Show {
        ctx: &ctx,
        tabs: tabs(&ctx),
        days: days(&grade.days.0, &grade.days.1),
        figures: figures(&ctx, grade),
        words: columns.iter().map(|word| outcome_word(&ctx, word)).collect(),
        outcomes,
        dirt: dirt.map(|row| (kind(&row.kind), row.mentions, row.merged, row.split)).collect(),
        merges: identity.merges.iter().map(|merge| (merge, kinds(&merge.dirt))).collect(),
        splits: identity.splits.iter().map(|split| (split, kinds(&split.dirt))).collect(),
        facts: facts(&ctx, grade),
        grade,
        run: &run,
    }))
}

fn figures(ctx: &Ctx, grade: &Grade) -> Vec<Figure> {
    let identity = &grade.identity;
    let filled = |share: f64| (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    let tone = |reached: bool| if reached { "good" } else { "bad" };
    let at_least = |key: &str, share: f64, target: f64, value: String| Figure {
        name: ctx.t(key),
        value,
        filled: filled(share),
        target: ctx.t1("grades-at-least", "n", percent(ctx, target)),
        tone: tone(share >= target),
    };
    let plain = |key: &str, share: f64| Figure {
        name: ctx.t(key),
        value: percent(ctx, share),
        filled: filled(share),
        target: String::new(),
        tone: "",
    };
    let (f1, accuracy) = (identity.f1(), grade.outcomes.accuracy());
    vec![
        at_least("grades-f1", f1, grades::F1, ctx.dec(f1, 4)),
        Figure {
            name: ctx.t("grades-false-merges"),
            value: percent(ctx, identity.false_merges()),
            // The gauge is full at ten times what is allowed.
            filled: filled(identity.false_merges() / (10.0 * grades::FALSE_MERGES)),
            target: ctx.t1("grades-below", "n", percent(ctx, grades::FALSE_MERGES)),
            tone: tone(identity.false_merges() < grades::FALSE_MERGES),
        },
        at_least("grades-outcomes", accuracy, grades::OUTCOMES, percent(ctx, accuracy)),
        plain("grades-precision", identity.precision()),
        plain("grades-recall", identity.recall()),
        plain("grades-coverage", identity.coverage()),
    ]
}

fn outcome_word(ctx: &Ctx, word: &str) -> String {
    let key = format!("grades-outcome-{word}");
    // A word of a later version stands for itself.
    if ctx.has(&key) { ctx.t(&key) } else { word.to_owned() }
}

/// The columns of the confusion table by their words, and its rows.
fn outcomes(ctx: &Ctx, grade: &Grade) -> (Vec<String>, Vec<Outcome>) {
    let mut columns: Vec<String> =
        grade.outcomes.rows.iter().map(|row| row.outcome.clone()).collect();
    let known: BTreeSet<&String> = grade.outcomes.rows.iter().map(|row| &row.outcome).collect();
    let taken = grade.outcomes.rows.iter().flat_map(|row| row.taken_for.keys());
    let others: BTreeSet<&String> = taken.filter(|word| !known.contains(word)).collect();
    columns.extend(others.into_iter().cloned());
    let rows = grade.outcomes.rows.iter().map(|row| {
        let count = |word: &String| row.taken_for.get(word).copied().unwrap_or(0);
        let right = count(&row.outcome);
        Outcome {
            word: outcome_word(ctx, &row.outcome),
            passengers: row.passengers,
            counts: columns.iter().map(|word| (count(word), *word == row.outcome)).collect(),
            right: percent(ctx, right as f64 / row.passengers.max(1) as f64),
        }
    });
    let rows = rows.collect();
    (columns, rows)
}

fn facts(ctx: &Ctx, grade: &Grade) -> Vec<(String, String)> {
    let (legs, segments) = (&grade.legs, &grade.segments);
    let of = |(all, right): (u64, u64)| ctx.t2("grades-of", "n", right, "all", all);
    let sources = grade.identity.by_source.iter();
    let found =
        sources.map(|(source, counts)| (ctx.t(&format!("grades-source-{source}")), of(*counts)));
    let rest = [
        (ctx.t("grades-departures"), of(legs.departed)),
        (ctx.t("grades-arrivals"), of(legs.arrived)),
        (ctx.t("grades-cancelled"), of(legs.cancelled)),
        (ctx.t("grades-diverted"), of(legs.diverted)),
        (ctx.t("grades-cabins"), of(grade.outcomes.moved)),
        (ctx.t("grades-segments"), of((segments.flown, segments.kept))),
        (ctx.t("grades-km"), ctx.t2("grades-of", "n", segments.km_kept, "all", segments.km_flown)),
    ];
    found.chain(rest).collect()
}
