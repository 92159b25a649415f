//! Measures reading on one core: `parse_speed FORMAT FILE REPEATS`.
//!
//! `split` takes the file apart into Type B messages and reads each with [`formats::read`]; `whole`
//! reads the file as one message. Any other format is `whole`, but for `pnl` and its kin. Decoding,
//! envelope, detection, records and checks are all in the time; reading the file and cutting it are not.

mod clock;

use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;

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
    let mut speeds = clock::Speeds::default();
    let mut findings = 0;
    for _ in 0..repeats.max(1) {
        findings = speeds.of(bytes.len(), || {
            let read = |piece: &std::ops::Range<usize>| {
                let text = formats::text::decode(&bytes[piece.clone()]);
                black_box(formats::read(&text)).diagnostics.len()
            };
            pieces.iter().map(read).sum()
        });
    }
    let (megabytes, count) = (bytes.len() as f64 / 1e6, pieces.len());
    let mut out = std::io::stdout();
    writeln!(out, "{format}: {megabytes:.1} MB in {count} messages, {findings} findings")?;
    write!(out, "{speeds}")?;
    Ok(())
}
