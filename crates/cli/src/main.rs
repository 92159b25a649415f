//! `jetbridge`: everything an operator does, on the command line.

mod args;
mod commands;
mod config;
mod fail;
mod output;
mod words;

use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use fail::Fail;
use output::Output;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output { format: cli.format };
    match run(cli, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fail) => {
            output.fail(&fail);
            fail.exit_code()
        }
    }
}

fn run(cli: Cli, output: Output) -> Result<(), Fail> {
    let config = config::load(cli.config.as_deref(), cli.data_dir)?;
    let quiet = !matches!(cli.command, args::Command::Serve(_) | args::Command::Worker);
    let mut of_log = config.clone();
    if quiet && std::env::var_os("JETBRIDGE_LOG__LEVEL").is_none() {
        "warn".clone_into(&mut of_log.log.level);
    }
    // Before the runtime: the exporter of traces brings a thread of its own.
    let flush = server::logs::install(&of_log).map_err(|error| {
        Fail::usage(format!("{error}.")).hint("read [log] and [telemetry] in the configuration")
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(4 * 1024 * 1024)
        .build()
        .map_err(|error| Fail::new(format!("No threads could be started: {error}.")))?;
    let done = runtime.block_on(commands::run(cli.command, config, output));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    drop(flush);
    done
}
