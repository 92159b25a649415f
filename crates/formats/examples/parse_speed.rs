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
    let mut speeds = Vec::new();
    let mut findings = 0;
    for _ in 0..repeats.max(1) {
        findings = 0;
        let begun = Instant::now();
        for piece in &pieces {
            let text = formats::text::decode(&bytes[piece.clone()]);
            findings += black_box(formats::read(&text)).diagnostics.len();
        }
        speeds.push(bytes.len() as f64 / 1e6 / begun.elapsed().as_secs_f64());
    }
    speeds.sort_by(f64::total_cmp);
    let best = speeds.last().copied().unwrap_or_default();
    let median = speeds.get(speeds.len() / 2).copied().unwrap_or_default();
    writeln!(
        std::io::stdout(),
        "{format}: {:.1} MB in {} messages, {findings} findings; best {best:.0} MB/s, median {median:.0} MB/s",
        bytes.len() as f64 / 1e6,
        pieces.len(),
    )?;
    Ok(())
}
