//! k-means alone, timed: `kmeans_bench FILE COLUMNS [K] [STARTS] [REPEATS] [SEED] [whole]`, where
//! FILE holds raw little-endian `f64`, one column after the other (`bench/peers/features.py` writes
//! it). `whole` makes every start run over all rows.

use std::process::ExitCode;

use stats::{Params, Table, kmeans, standardise};

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: usize| -> usize {
        args.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let Some(Ok(bytes)) = args.first().map(std::fs::read) else {
        eprintln!("usage: kmeans_bench FILE COLUMNS [K] [STARTS] [REPEATS] [SEED] [whole]");
        return ExitCode::FAILURE;
    };
    let values: Vec<f64> =
        bytes.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect();
    let rows = values.len() / number(1, 5);
    drop(bytes);
    let columns = values.chunks_exact(rows).map(<[f64]>::to_vec).collect();
    for _ in 0..number(4, 1) {
        let run = || {
            let began = std::time::Instant::now();
            let table = Table::new(Vec::clone(&columns))?;
            let (table, _) = standardise(table)?;
            let ready = began.elapsed();
            let (starts, seed) = (number(3, 10), number(5, 1) as u64);
            let scout = args.last().is_none_or(|last| last != "whole");
            let params = Params { starts, seed, scout, ..Params::of(number(2, 5)) };
            let found = kmeans(&table, params)?;
            let seconds = (began.elapsed() - ready).as_secs_f64();
            eprintln!(
                "rows {rows} standardise {:.3} s kmeans {seconds:.3} s inertia {:.4} steps {} \
                 settled {} sizes {:?}",
                ready.as_secs_f64(),
                found.inertia,
                found.iterations,
                found.settled,
                found.sizes
            );
            for start in &found.starts {
                eprintln!("  {start:?}");
            }
            Ok::<(), stats::StatsError>(())
        };
        if let Err(error) = run() {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
