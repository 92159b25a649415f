//! The value pipeline over Parquet files, timed: what `jetbridge value run --segments …` does, for
//! `bench/`. `value_files SEGMENTS MEMBERS OUT [K] [STARTS] [SEED]`
#![allow(clippy::print_stderr, reason = "a benchmark talks")]

use std::process::ExitCode;

use lake::{Lake, LakeConfig};
use value::RunParams;
use value::run::files::{self, Files};
use value::run::unwatched;

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [segments, members, out, rest @ ..] = args.as_slice() else {
        eprintln!("usage: value_files SEGMENTS MEMBERS OUT [K] [STARTS] [SEED]");
        return ExitCode::FAILURE;
    };
    let number = |at: usize, usual: u64| rest.get(at).and_then(|t| t.parse().ok()).unwrap_or(usual);
    let params = RunParams {
        k: number(0, 5) as usize,
        starts: number(1, 10) as usize,
        seed: number(2, 7),
        ..RunParams::default()
    };
    let files = Files { segments: segments.into(), members: members.into(), out: out.into() };
    let spill = std::env::temp_dir().join(format!("value-files-{}", std::process::id()));
    let result = match Lake::open(&spill, LakeConfig::default()) {
        Ok(lake) => files::run(&lake, &files, &params, &unwatched()).await,
        Err(error) => Err(error.into()),
    };
    std::fs::remove_dir_all(&spill).ok();
    let (report, seconds) = match result {
        Ok(done) => done,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    eprintln!(
        "jetbridge: members {} features {:.2}s kmeans {:.2}s write {:.2}s total {:.2}s peak {:.0}MB \
         inertia {:.3} sizes {:?}",
        report.rows_clustered,
        seconds.features,
        seconds.cluster,
        seconds.write,
        seconds.features + seconds.cluster + seconds.write,
        peak(),
        report.inertia,
        report.sizes
    );
    ExitCode::SUCCESS
}

/// The most memory this process had, in megabytes, as Linux tells.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
