//! `demo`: an airline with customers, flights and value in one command. Run again, it only starts.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use app::demo::{self, Phase, Watch};

use super::{Ctx, serve};
use crate::args::Demo;
use crate::fail::Fail;
use crate::output::Progress;
use crate::words;

pub(crate) async fn run(mut ctx: Ctx, args: Demo) -> Result<(), Fail> {
    if let Some(listen) = args.serve.listen {
        ctx.config.server.listen = listen;
    }
    let began = Instant::now();
    let mut app = ctx.app().await?;
    if demo::make_accounts(&app).await? {
        // The sign-in page learns of its accounts when the services are built.
        app.db().close().await;
        app = ctx.app().await?;
    }
    let progress = Arc::new(Mutex::new(Progress::default()));
    let folder = ctx.config.data.dir.join("demo");
    let watch = watch(&progress, began);
    let approver = demo::approver(&app).await?;
    let filled = demo::fill(&app, &folder, args.members, args.seed, &approver, &watch).await;
    if let Ok(mut progress) = progress.lock() {
        progress.end();
    }
    if let Some(filled) = filled? {
        ctx.output.say(&format!(
            "{} members and {} segments imported and valued in {:.0} s.",
            filled.members,
            filled.segments,
            began.elapsed().as_secs_f64()
        ));
    }
    if args.no_serve {
        app.db().close().await;
        return Ok(());
    }
    let shown = demo::accounts_shown(app.db()).await?;
    serve::listen(ctx, app, move |output, address| {
        output.say(&format!("\nJetbridge: {}\n", serve::url(address)));
        if let Some(shown) = shown {
            for (email, role) in &shown.accounts {
                let role = words::text(role, &[]).unwrap_or_else(|| role.clone());
                output.say(&format!("  {email:26} {role}"));
            }
            output.say(&format!("\nPassword of each: {}    Stop: Ctrl-C", shown.password));
        }
    })
    .await
}

fn watch(progress: &Arc<Mutex<Progress>>, began: Instant) -> Watch {
    let progress = progress.clone();
    Arc::new(move |phase: Phase| {
        if let Ok(mut progress) = progress.lock() {
            progress.show(&line(&phase), began.elapsed());
        }
    })
}

fn line(phase: &Phase) -> String {
    let what = words::text(phase.key(), &[]).unwrap_or_else(|| phase.key().to_owned());
    match phase.figures() {
        (done, Some(all)) => format!("{what} {done} / {all}"),
        (0, None) => what,
        (done, None) => format!("{what} {done}"),
    }
}
