//! `serve`, `worker`, `migrate`.

use std::net::SocketAddr;

use app::App;
use serde_json::json;

use super::Ctx;
use crate::args::Serve;
use crate::fail::Fail;
use crate::output::{Output, Rows};

pub(crate) async fn serve(mut ctx: Ctx, args: &Serve) -> Result<(), Fail> {
    if let Some(listen) = args.listen {
        ctx.config.server.listen = listen;
    }
    let app = ctx.app().await?;
    first_administrator(&app, ctx.output).await?;
    listen(ctx, app, |output, address| output.say(&format!("Jetbridge: {}", url(address)))).await
}

/// Serves until told to stop; `ready` tells the person where.
pub(crate) async fn listen(
    ctx: Ctx,
    app: App,
    ready: impl FnOnce(Output, SocketAddr),
) -> Result<(), Fail> {
    let (config, output) = (ctx.config, ctx.output);
    let wanted = config.server.listen;
    server::serve(app, &config, |address| ready(output, address)).await.map_err(|error| {
        Fail::new(format!("{wanted} cannot be listened on: {error}."))
            .hint("choose another address and port with --listen 127.0.0.1:8081")
            .hint("or stop the program that has it")
    })
}

/// The address as a link for the person at this machine.
pub(crate) fn url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// A database without staff gets one administrator, whose password is said once.
async fn first_administrator(app: &App, output: Output) -> Result<(), Fail> {
    let created =
        app.access().ensure_first_administrator("admin@jetbridge.local", "Administrator").await?;
    if let Some(account) = created {
        output.say(&format!(
            "First start. Sign in with {} and the one-time password {}",
            account.email.reveal(),
            account.password.reveal()
        ));
    }
    Ok(())
}

pub(crate) async fn worker(ctx: Ctx) -> Result<(), Fail> {
    let app = ctx.app().await?;
    ctx.output.say("Working on jobs. Stop with Ctrl-C or SIGTERM.");
    server::work(app, &ctx.config).await;
    Ok(())
}

pub(crate) async fn migrate(ctx: Ctx) -> Result<(), Fail> {
    let ran = App::migrate(&ctx.config, &ctx.clock).await?;
    let mut rows = Rows::new(&["migration"]);
    for name in &ran {
        rows.push(vec![json!(name)]);
    }
    ctx.output.rows(&rows);
    ctx.output.say(&match ran.len() {
        0 => "The database is up to date.".to_owned(),
        1 => "1 migration was run.".to_owned(),
        many => format!("{many} migrations were run."),
    });
    Ok(())
}
