//! `simulate`: days of the synthetic airline as messages, for `feed` to take in.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use app::grades;
use serde_json::{Value, json};
use simulator::Config;
use simulator::messages::{Plan, Rates, folder};
use simulator::write::{MANIFEST, Manifest};

use super::Ctx;
use crate::args::{Simulate, SimulateDay};
use crate::fail::{self, Fail};
use crate::output::Rows;

/// Members when neither the call nor a demo says how many, and the seed.
const MEMBERS: u64 = 20_000;
const SEED: u64 = 7;

pub(crate) async fn run(ctx: &Ctx, simulate: &Simulate) -> Result<(), Fail> {
    match simulate {
        Simulate::Day(day) => write(ctx, day),
        Simulate::Grade { dir } => grade(ctx, dir).await,
        Simulate::Years(args) => super::years::run(ctx, args).await,
    }
}

async fn grade(ctx: &Ctx, dir: &Path) -> Result<(), Fail> {
    let app = ctx.app().await?;
    let run = grades::run(&app, dir).await;
    app.db().close().await;
    let run = run?;
    let grade = &run.grade;
    let identity = &grade.identity;
    let mut facts = Rows::new(&["what", "value", "target"]);
    let mut fact = |what: &str, value: Value, target: &str| {
        facts.push(vec![what.into(), value, target.into()]);
    };
    let four = |share: f64| Value::from(format!("{share:.4}"));
    let of = |(all, right): (u64, u64)| Value::from(format!("{right} of {all}"));
    fact("mentions", identity.mentions.into(), "");
    fact("mentions found", identity.placed.into(), "");
    for (source, counts) in &identity.by_source {
        fact(&format!("found: {source}"), of(*counts), "");
    }
    fact("people", identity.people.into(), "");
    fact("customers", identity.customers.into(), "");
    fact("precision of pairs", four(identity.precision()), "");
    fact("recall of pairs", four(identity.recall()), "");
    fact("F1 of pairs", four(identity.f1()), &format!(">= {}", grades::F1));
    let below = format!("< {}", grades::FALSE_MERGES);
    fact("mixed customers", format!("{:.5}", identity.false_merges()).into(), &below);
    let target = format!(">= {}", grades::OUTCOMES);
    fact("outcomes right", four(grade.outcomes.accuracy()), &target);
    fact("segments kept, of flown", of((grade.segments.flown, grade.segments.kept)), "");
    fact("departure delays right", of(grade.legs.departed), "");
    fact("arrival delays right", of(grade.legs.arrived), "");
    fact("cancelled known", of(grade.legs.cancelled), "");
    fact("diverted known", of(grade.legs.diverted), "");
    let record = serde_json::to_value(&run).unwrap_or_default();
    ctx.output.record(&record, &facts);
    ctx.output.say(&format!("Kept: /admin/grades/{}", run.id));
    Ok(())
}

fn write(ctx: &Ctx, args: &SimulateDay) -> Result<(), Fail> {
    let rates = if args.clean { Rates::default().clean_wire() } else { Rates::default() };
    let plan = Plan::new(airline(&ctx.config.data.dir, args), args.date)
        .with_days(args.days)
        .with_flights(usize::try_from(args.flights).unwrap_or(usize::MAX))
        .with_load(f64::from(args.load) / 100.0)
        .with_rates(rates);
    if args.out == Path::new("-") {
        return stream(ctx, plan);
    }
    let written = folder::write(plan, &args.out, |day, written| {
        ctx.output.say(&format!("{}  {} messages so far", day.date, written.messages));
        true
    });
    let written = written.map_err(fail::file(&args.out))?;
    let mut facts = Rows::new(&["what", "value"]);
    for (what, value) in [
        ("days", Value::from(written.days)),
        ("messages", Value::from(written.messages)),
        ("bytes", Value::from(written.bytes)),
        ("members", Value::from(plan.airline.members)),
        ("seed", Value::from(plan.airline.seed)),
    ] {
        facts.push(vec![what.into(), value]);
    }
    let record = json!({
        "days": written.days, "messages": written.messages, "bytes": written.bytes,
        "members": plan.airline.members, "seed": plan.airline.seed,
    });
    ctx.output.record(&record, &facts);
    Ok(())
}

fn stream(ctx: &Ctx, plan: Plan) -> Result<(), Fail> {
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let done = folder::stream(plan, &mut out).and_then(|written| out.flush().map(|()| written));
    match done {
        Ok(written) => {
            ctx.output.say(&format!(
                "{} messages of {} days. Coupons and web events are written to folders only.",
                written.messages, written.days
            ));
            Ok(())
        }
        // Whoever reads it has read enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Fail::new(format!("The stream broke off: {error}."))),
    }
}

/// The demo's airline, if the data folder has one and the call asks for no other: its members are
/// those who fly.
fn airline(data: &Path, args: &SimulateDay) -> Config {
    let file = std::fs::read(data.join("demo").join(MANIFEST));
    let demo = file.ok().and_then(|text| serde_json::from_slice::<Manifest>(&text).ok());
    let fits = |of: &Config| {
        args.members.is_none_or(|members| u64::from(members) == of.members)
            && args.seed.is_none_or(|seed| seed == of.seed)
    };
    if let Some(demo) = demo.map(|demo| demo.config).filter(fits) {
        return demo;
    }
    let until = args.date.pred_opt().unwrap_or(args.date);
    Config::new(until)
        .with_members(args.members.map_or(MEMBERS, u64::from))
        .with_seed(args.seed.unwrap_or(SEED))
}
