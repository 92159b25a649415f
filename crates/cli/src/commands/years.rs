//! `simulate years`: years of membership life through the real services, with faults, and an
//! independent auditor that works every figure out for itself.

use std::sync::Arc;

use app::App;
use chrono::{DateTime, Utc};
use kernel::FixedClock;
use serde_json::{Value, json};
use years::{FIRST, Services, Setup, live};

use super::Ctx;
use crate::args::SimulateYears;
use crate::fail::Fail;
use crate::output::Rows;

/// Differences that are told.
const TOLD: usize = 20;

pub(crate) async fn run(ctx: &Ctx, args: &SimulateYears) -> Result<(), Fail> {
    let setup = Setup {
        members: usize::try_from(args.members).unwrap_or(usize::MAX),
        first: FIRST,
        years: args.years,
        seed: args.seed,
        faults: args.faults,
        nights: args.nights,
        pace: args.pace,
    };
    let say = |text: &str| ctx.output.say(text);
    let clock = Arc::new(FixedClock::at(DateTime::<Utc>::UNIX_EPOCH));
    let app = App::open(&ctx.config, clock.clone()).await?;
    let loyalty = app.loyalty().clone();
    let actor = access::Actor::system("simulate");
    let known = loyalty.programme_versions(&actor, &args.programme).await?;
    if !known.is_empty() {
        return Err(Fail::usage("The programme is in this database already.")
            .hint("give an empty folder by --data-dir"));
    }
    let (db, access) = (app.db().clone(), app.access().clone());
    let services = Services { db, access, zone: loyalty.zone(), loyalty, clock };
    let report = live(services, &args.programme, setup, say).await?;
    app.db().close().await;
    let mut facts = Rows::new(&["what", "value"]);
    for (what, value) in [
        ("members", report.members),
        ("facts told", report.facts),
        ("transfers asked for", report.asked),
        ("nights", report.nights),
        ("transfers in the books", report.transfers),
        ("figures compared", report.figures),
        ("differences", report.differences.len() as u64),
        ("seconds", report.seconds),
    ] {
        facts.push(vec![what.into(), Value::from(value)]);
    }
    for one in report.differences.iter().take(TOLD) {
        say(&format!("{}: {} is kept, {} is audited", one.place, one.kept, one.audited));
    }
    let record = json!({
        "programme": args.programme, "seed": args.seed, "members": report.members,
        "facts": report.facts, "asked": report.asked, "nights": report.nights,
        "transfers": report.transfers, "figures": report.figures,
        "differences": report.differences.len(), "seconds": report.seconds,
    });
    ctx.output.record(&record, &facts);
    if report.differences.is_empty() {
        return Ok(());
    }
    Err(Fail::partly(format!("{} figures are not the auditor's.", report.differences.len()))
        .hint("the first places are named above; the same seed gives the same years"))
}
