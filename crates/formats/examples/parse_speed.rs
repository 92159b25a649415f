//! Measures reading on one core: `parse_speed FORMAT FILE REPEATS`.
//!
//! `split` takes the file apart into Type B messages and reads each with [`formats::read`]; `whole`
//! reads the file as one message. Any other format is `whole`, but for `pnl` and its kin. Decoding,
//! envelope, detection, records and checks are all in the time; reading the file and cutting it are not.

use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: parse_speed FORMAT FILE REPEATS";
    let format = arguments.next().ok_or(usage)?;
    let bytes = std::fs::read(arguments.next().ok_or(usage)?)?;
    let repeats: usize = arguments.next().ok_or(usage)?.parse()?;
    let lists = ["split", "pnl", "adl", "pfs", "prl", "etl", "ftl", "psm", "ptm"];
    let whole = std::iter::once(0..bytes.len());
    let pieces: Vec<_> = if lists.contains(&format.as_str()) {
        formats::envelope::split(std::str::from_utf8(&bytes)?)
    } else {
        whole.collect()
    };
    let (mut speeds, mut core_speeds) = (Vec::new(), Vec::new());
    let mut findings = 0;
    for _ in 0..repeats.max(1) {
        findings = 0;
        let on_core = time_on_core();
        let begun = Instant::now();
        for piece in &pieces {
            let text = formats::text::decode(&bytes[piece.clone()]);
            findings += black_box(formats::read(&text)).diagnostics.len();
        }
        let megabytes = bytes.len() as f64 / 1e6;
        speeds.push(megabytes / begun.elapsed().as_secs_f64());
        if let Some((before, after)) = on_core.zip(time_on_core()) {
            core_speeds.push(megabytes / (after - before));
        }
    }
    let (megabytes, count) = (bytes.len() as f64 / 1e6, pieces.len());
    let mut out = std::io::stdout();
    writeln!(out, "{format}: {megabytes:.1} MB in {count} messages, {findings} findings")?;
    for (name, speeds) in [("by the clock", &mut speeds), ("of time on the core", &mut core_speeds)]
    {
        speeds.sort_by(f64::total_cmp);
        let best = speeds.last().copied().unwrap_or_default();
        let median = speeds.get(speeds.len() / 2).copied().unwrap_or_default();
        writeln!(out, "  best {best:.0} MB/s, median {median:.0} MB/s {name}")?;
    }
    Ok(())
}

/// Seconds this thread ran so far, without the time others had the core; Linux only.
fn time_on_core() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
