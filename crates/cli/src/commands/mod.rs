//! One file per command.

mod archive;
mod backup;
mod check;
mod demo;
mod feed;
mod feed_files;
mod import;
mod message;
mod openapi;
mod restore;
mod serve;
mod simulate;
mod user;
mod value;
mod value_files;
mod years;

use std::sync::Arc;

use app::App;
use app::config::Config;
use kernel::{Clock, SystemClock};

use crate::args::Command;
use crate::fail::Fail;
use crate::output::Output;

/// What every command has.
pub(crate) struct Ctx {
    pub(crate) config: Config,
    pub(crate) output: Output,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Ctx {
    /// Opens the database, brings it to this version, and builds every service.
    pub(crate) async fn app(&self) -> Result<App, Fail> {
        Ok(App::open(&self.config, self.clock.clone()).await?)
    }
}

pub(crate) async fn run(command: Command, config: Config, output: Output) -> Result<(), Fail> {
    let ctx = Ctx { config, output, clock: Arc::new(SystemClock) };
    match command {
        Command::Demo(args) => demo::run(ctx, args).await,
        Command::Serve(args) => serve::serve(ctx, &args).await,
        Command::Worker => serve::worker(ctx).await,
        Command::Migrate => serve::migrate(ctx).await,
        Command::Import(import) => import::run(ctx, import).await,
        Command::Value(value) => value::run(ctx, value).await,
        Command::Feed(args) => feed::run(ctx, args).await,
        Command::Message(message) => message::run(&ctx, &message),
        Command::Simulate(simulate) => simulate::run(&ctx, &simulate).await,
        Command::Check(args) => check::run(ctx, &args.parts).await,
        Command::Backup(args) => backup::run(ctx, &args.archive).await,
        Command::Restore(args) => restore::run(ctx, &args.archive, args.verify).await,
        Command::User(user) => user::run(ctx, user).await,
        Command::Openapi => openapi::run(ctx).await,
    }
}
