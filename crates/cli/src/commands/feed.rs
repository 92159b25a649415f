//! `feed`: messages of this machine through the same door as those of the network.

use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use access::Actor;
use app::App;
use chrono::{DateTime, Utc};
use feeds::Feeds;
use feeds::coupons::Coupons;
use feeds::messages::{Delivery, PROCESS, Settled};
use serde_json::json;
use store::jobs::{self, Handlers, Worker};

use super::Ctx;
use super::feed_files::{self, Holds, Input};
use crate::args;
use crate::fail::{Fail, file as at_file};
use crate::output::{Progress, Rows};
use crate::words;

/// Files and bytes kept in one transaction.
const FILES: usize = 400;
const BYTES: u64 = 8 * 1024 * 1024;
/// The longest file read: a schedule of a large airline has some hundred megabytes.
const LARGEST: u64 = 512 * 1024 * 1024;

/// Where the work stands, and whether somebody wants it to end.
struct Watch {
    progress: Mutex<Progress>,
    began: Instant,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// Ctrl-C ends the work between two transactions; a second one ends the program.
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = stop.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if asked.swap(true, Ordering::SeqCst) {
                    std::process::exit(130);
                }
            }
        });
        Self { progress: Mutex::default(), began: Instant::now(), stop }
    }

    fn show(&self, line: &str) {
        if let Ok(mut progress) = self.progress.lock() {
            progress.show(line, self.began.elapsed());
        }
    }

    fn end(&self) {
        if let Ok(mut progress) = self.progress.lock() {
            progress.end();
        }
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

#[derive(Default)]
struct Counts {
    files: u64,
    messages: u64,
    duplicates: u64,
    coupons: Coupons,
    events: u64,
    events_refused: u64,
}

pub(crate) async fn run(ctx: Ctx, args: args::Feed) -> Result<(), Fail> {
    let found = feed_files::find(&args.paths)?;
    let app = ctx.app().await?;
    let watch = Watch::start();
    let since = app.clock().now();
    let mut counts = Counts::default();
    let done = take_all(&app, &args, &found.inputs, &watch, &mut counts).await;
    watch.end();
    done?;
    for path in &found.passed_over {
        ctx.output.say(&format!("Passed over {}: it holds no messages.", path.display()));
    }
    summary(&ctx, app.feeds(), &counts, since, &watch).await
}

async fn take_all(
    app: &App,
    args: &args::Feed,
    inputs: &[Input],
    watch: &Watch,
    counts: &mut Counts,
) -> Result<(), Fail> {
    // The schedule first: flights exist before anybody speaks of them.
    for holds in [Holds::Schedule, Holds::Messages] {
        let inputs: Vec<&Input> = inputs.iter().filter(|input| input.holds == holds).collect();
        if !inputs.is_empty() {
            keep(app.feeds(), args, &inputs, watch, counts).await?;
        }
        // What an earlier run left behind is applied too, whatever was given now.
        if !args.no_apply {
            apply(app, watch).await?;
        }
    }
    others(app.feeds(), args, inputs, watch, counts).await
}

/// Coupons and web events, which are no messages.
async fn others(
    feeds: &Feeds,
    args: &args::Feed,
    inputs: &[Input],
    watch: &Watch,
    counts: &mut Counts,
) -> Result<(), Fail> {
    let actor = Actor::system("command line");
    for input in inputs {
        if watch.is_over() {
            return Ok(());
        }
        match input.holds {
            Holds::Coupons => {
                let told = |rows: u64| {
                    watch.show(&format!("taken {rows} coupons"));
                    !watch.is_over()
                };
                let as_of = args.as_of.or(input.day);
                let taken = match feeds.take_coupons(&actor, &input.path, as_of, told).await {
                    Err(feeds::Error::Cancelled) => return Ok(()),
                    taken => taken?,
                };
                counts.coupons = counts.coupons.plus(taken);
                counts.files += 1;
            }
            Holds::Events => {
                let bytes = read(&input.path)?;
                let lines = String::from_utf8_lossy(&bytes);
                let source = format!("{}-web", args.source);
                let (new, refused) = feeds.take_events(&actor, &source, &lines).await?;
                counts.events += new;
                counts.events_refused += refused;
                counts.files += 1;
            }
            Holds::Schedule | Holds::Messages => {}
        }
    }
    Ok(())
}

/// Hands files to the door, many in one transaction, never more than a few megabytes at a time.
async fn keep(
    feeds: &Feeds,
    args: &args::Feed,
    inputs: &[&Input],
    watch: &Watch,
    counts: &mut Counts,
) -> Result<(), Fail> {
    let actor = Actor::system("command line");
    let mut batch = Vec::new();
    let mut size = 0;
    for (n, input) in inputs.iter().enumerate() {
        if watch.is_over() {
            return Ok(());
        }
        let bytes = read(&input.path)?;
        size += bytes.len() as u64;
        let name = input.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        batch.push(Delivery { bytes, name, as_of: args.as_of.or(input.day) });
        let last = n + 1 == inputs.len();
        if batch.len() < FILES && size < BYTES && !last {
            continue;
        }
        size = 0;
        counts.files += batch.len() as u64;
        let got = feeds.receive_all(&actor, &args.source, std::mem::take(&mut batch)).await?;
        counts.messages += got.len() as u64;
        counts.duplicates += got.iter().filter(|one| one.duplicate).count() as u64;
        watch.show(&format!("kept {} of {} files", n + 1, inputs.len()));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Fail> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes).map_err(at_file(path))?;
    } else {
        let file = std::fs::File::open(path).map_err(at_file(path))?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(at_file(path))?;
    }
    Ok(bytes)
}

/// Runs the job of the service here, or waits for the process that runs it already.
async fn apply(app: &App, watch: &Watch) -> Result<(), Fail> {
    let feeds = app.feeds();
    let mut handlers = Handlers::default();
    feeds::messages::handlers(feeds, &mut handlers);
    let worker = Worker::new(app.db().clone(), app.clock().clone(), handlers, 1);
    let mut running = tokio::spawn(async move { worker.drain().await });
    let mut total = 0;
    loop {
        let ended = tokio::time::timeout(Duration::from_millis(400), &mut running).await;
        let waiting = feeds.waiting().await?;
        total = total.max(waiting.waiting);
        let done = total - waiting.waiting.min(total);
        watch.show(&format!("applied {done} of {total} messages"));
        match ended {
            Err(_) if watch.is_over() => {
                stop(app).await?;
                running.await.ok();
                return Ok(());
            }
            Err(_) => {}
            Ok(drained) => {
                let drained = drained.map_err(|_| Fail::new("The work stopped unexpectedly."))?;
                drained?;
                if !is_running(app).await? || watch.is_over() {
                    return Ok(());
                }
                // Another process has the job; its lease ends half a minute after it dies.
                let mut handlers = Handlers::default();
                feeds::messages::handlers(feeds, &mut handlers);
                let worker = Worker::new(app.db().clone(), app.clock().clone(), handlers, 1);
                tokio::time::sleep(Duration::from_millis(600)).await;
                running = tokio::spawn(async move { worker.drain().await });
            }
        }
    }
}

async fn is_running(app: &App) -> Result<bool, Fail> {
    let mut tx = app.db().read().await?;
    Ok(jobs::open_of(&mut tx, PROCESS).await?.is_some())
}

async fn stop(app: &App) -> Result<(), Fail> {
    let mut tx = app.db().begin().await?;
    if let Some(job) = jobs::open_of(&mut tx, PROCESS).await? {
        jobs::cancel(&mut tx, job.id, app.clock().now()).await?;
    }
    Ok(tx.commit().await?)
}

async fn summary(
    ctx: &Ctx,
    feeds: &Feeds,
    counts: &Counts,
    since: DateTime<Utc>,
    watch: &Watch,
) -> Result<(), Fail> {
    let settled = feeds.settled_since(since).await?;
    let left = feeds.waiting().await?;
    let seconds = watch.began.elapsed().as_secs_f64();
    let json = json!({
        "files": counts.files, "messages": counts.messages, "duplicates": counts.duplicates,
        "applied": settled.applied, "quarantined": settled.quarantined,
        "ignored": settled.ignored, "waiting": left.waiting, "parts_waiting": left.buffered,
        "read": settled.read, "changed": settled.changed, "reasons": settled.reasons,
        "coupons": counts.coupons.read, "coupons_changed": counts.coupons.changed,
        "coupons_refused": counts.coupons.refused, "web_events": counts.events,
        "web_events_refused": counts.events_refused,
        "seconds": (seconds * 1_000.0).round() / 1_000.0,
    });
    let mut facts = Rows::new(&["count", "messages"]);
    for (name, value) in json.as_object().into_iter().flatten() {
        if value.as_u64().unwrap_or(0) > 0 {
            facts.push(vec![json!(name.replace('_', " ")), value.clone()]);
        }
    }
    ctx.output.record(&json, &facts);
    for (reason, n) in &settled.reasons {
        let sentence = words::text(reason, &[]).unwrap_or_else(|| reason.clone());
        ctx.output.say(&format!("{n} × {sentence}"));
    }
    ctx.output.say(&format!("Fed in {seconds:.1} s."));
    told(&settled, left.buffered, watch)
}

fn told(settled: &Settled, buffered: u64, watch: &Watch) -> Result<(), Fail> {
    if watch.is_over() {
        return Err(Fail::partly("Stopped. What was kept stays.")
            .hint("the same command again goes on where it stood"));
    }
    if settled.quarantined > 0 {
        let sentence = format!("{} messages were put aside; why is above.", settled.quarantined);
        return Err(Fail::partly(sentence).hint("correct and replay them under /feeds/messages"));
    }
    if buffered > 0 {
        return Err(Fail::partly(format!("{buffered} parts wait for the rest of their lists."))
            .hint("after 20 minutes `serve` or the next `feed` applies what is there"));
    }
    Ok(())
}
