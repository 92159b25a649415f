//! `cargo run -p xtask -- COMMAND`
#![expect(clippy::print_stderr, clippy::print_stdout, reason = "a tool for the terminal")]

use std::process::ExitCode;

use xtask::{openapi, routes, tidy, tree::Tree};

const HELP: &str = "\
cargo run -p xtask -- COMMAND

  tidy      checks the house rules; ends with 1 when one is broken
  routes    lists every route the code declares, with its guard
  openapi   writes docs/openapi.json from the program (`--check` only compares)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let tree = match Tree::read() {
        Ok(tree) => tree,
        Err(error) => return fail(&error),
    };
    match arguments.first().map(String::as_str) {
        Some("tidy") => report(&tidy::check(&tree)),
        Some("routes") => {
            for route in routes::declared(&tree) {
                println!("{:7} {:44} {}", route.verb, route.path, route.guard());
            }
            ExitCode::SUCCESS
        }
        Some("openapi") => {
            let only_check = arguments.iter().any(|argument| argument == "--check");
            match openapi::snapshot(&tree.root, only_check) {
                Ok(said) => {
                    eprintln!("{said}");
                    ExitCode::SUCCESS
                }
                Err(error) => fail(&error),
            }
        }
        _ => {
            eprintln!("{HELP}");
            ExitCode::from(2)
        }
    }
}

fn report(found: &tidy::Report) -> ExitCode {
    for offence in &found.offences {
        eprintln!("{}: {}\n  hint: {}", offence.place, offence.what, offence.hint);
    }
    eprintln!(
        "tidy: {} files, {} crates, {} routes, {} texts; {} offences",
        found.files,
        found.crates,
        found.routes,
        found.texts,
        found.offences.len()
    );
    if found.offences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fail(error: &str) -> ExitCode {
    eprintln!("xtask: {error}");
    ExitCode::FAILURE
}
