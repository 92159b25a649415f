//! `value`: run, show, list.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use access::Actor;
use serde_json::{Value as Json, json};
use value::run::{Source, Step, Watch};
use value::{Run, RunParams};

use super::{Ctx, value_files};
use crate::args;
use crate::fail::Fail;
use crate::output::{Format, Progress, Rows};
use crate::words;

pub(crate) async fn run(ctx: Ctx, command: args::Value) -> Result<(), Fail> {
    let actor = Actor::system("command line");
    match command {
        args::Value::Run(args) if args.segments.is_some() => value_files::run(&ctx, args).await,
        args::Value::Run(args) => {
            let app = ctx.app().await?;
            let (watch, end) = watch();
            let done = app.value().run(&actor, &params(&args), &watch).await;
            end();
            let run = done?;
            print(&ctx, &run)
        }
        args::Value::Show { run } => {
            let run = ctx.app().await?.value().show_word(&actor, &run).await?;
            print(&ctx, &run)
        }
        args::Value::List => {
            let runs = ctx.app().await?.value().list(&actor, 1000).await?;
            list(&ctx, &runs);
            Ok(())
        }
    }
}

pub(crate) fn params(args: &args::ValueRun) -> RunParams {
    RunParams {
        observed_on: args.observed_on,
        window_months: args.window_months,
        source: Source::Auto,
        k: args.k as usize,
        starts: args.starts as usize,
        seed: args.seed,
        publish: !args.no_publish,
    }
}

/// A watch that draws a line, and what takes the line away.
pub(crate) fn watch() -> (Watch, impl FnOnce()) {
    let progress = Arc::new(Mutex::new(Progress::default()));
    let began = Instant::now();
    let drawn = progress.clone();
    let watch: Watch = Arc::new(move |step: Step| {
        if let Ok(mut progress) = drawn.lock() {
            progress.show(&line(&step), began.elapsed());
        }
        ControlFlow::Continue(())
    });
    let end = move || {
        if let Ok(mut progress) = progress.lock() {
            progress.end();
        }
    };
    (watch, end)
}

fn line(step: &Step) -> String {
    let phase = words::text(step.phase.key(), &[]).unwrap_or_else(|| step.phase.key().to_owned());
    match step.total {
        Some(total) if total > 0 => format!("{phase} {} / {total}", step.done),
        _ => phase,
    }
}

fn print(ctx: &Ctx, run: &Run) -> Result<(), Fail> {
    let json = serde_json::to_value(run)
        .map_err(|error| Fail::new(format!("The run could not be printed: {error}.")))?;
    if ctx.output.format == Format::Json {
        ctx.output.json(&json);
        return Ok(());
    }
    tables(ctx, &json);
    Ok(())
}

/// The run as tables: counts, features, clusters.
pub(crate) fn tables(ctx: &Ctx, run: &Json) {
    let mut counts = Rows::new(&["count", "members"]);
    for (key, label) in
        [("rows_read", "read"), ("rows_valued", "valued"), ("rows_clustered", "in clusters")]
    {
        counts.push(vec![json!(label), run[key].clone()]);
    }
    for (key, label) in [("dropped", "dropped"), ("left_out", "valued, in no cluster")] {
        for (reason, count) in run[key].as_object().into_iter().flatten() {
            counts.push(vec![json!(format!("{label}: {reason}")), count.clone()]);
        }
    }
    ctx.output.rows(&counts);
    let mut features = Rows::new(&["feature", "min", "max", "mean", "std"]);
    for key in ["l", "r", "f", "m", "c"] {
        let of = |what: &str| rounded(&run["features"][key][what], 4);
        let name = json!(key.to_uppercase());
        features.push(vec![name, of("min"), of("max"), of("mean"), of("std")]);
    }
    ctx.output.text("");
    ctx.output.rows(&features);
    let mut clusters = Rows::new(&["cluster", "members", "L", "R", "F", "M", "C"]);
    let names = run["names"].as_array().into_iter().flatten();
    for (index, name) in names.enumerate() {
        let centre = |axis: usize| rounded(&run["centres"][index][axis], 3);
        let size = run["sizes"][index].clone();
        clusters.push(vec![
            name.clone(),
            size,
            centre(0),
            centre(1),
            centre(2),
            centre(3),
            centre(4),
        ]);
    }
    ctx.output.text("");
    ctx.output.rows(&clusters);
    let inertia = rounded(&run["inertia"], 1);
    ctx.output.say(&format!(
        "k = {}, inertia {inertia}, observed on {}; run {}",
        run["k"],
        run["observed_on"].as_str().unwrap_or("–"),
        run["id"].as_str().unwrap_or("–"),
    ));
}

fn rounded(value: &Json, places: i32) -> Json {
    match value.as_f64() {
        Some(x) => {
            let scale = 10_f64.powi(places);
            json!((x * scale).round() / scale)
        }
        None => value.clone(),
    }
}

fn list(ctx: &Ctx, runs: &[Run]) {
    let mut rows =
        Rows::new(&["id", "created_at", "status", "observed_on", "k", "valued", "published_at"]);
    for run in runs {
        let report = run.report.as_ref();
        rows.push(vec![
            json!(run.id),
            json!(run.created_at),
            json!(run.status.as_str()),
            json!(report.map(|report| report.observed_on)),
            json!(run.params.k),
            json!(report.map(|report| report.rows_valued)),
            json!(run.published_at),
        ]);
    }
    ctx.output.rows(&rows);
    if runs.is_empty() {
        ctx.output.say("There are no runs yet: jetbridge value run");
    }
}
