//! Writes an airline and says how long it took: `cargo run -p simulator --example generate --
//! DIR [MEMBERS] [csv|parquet|both]`.

use std::path::PathBuf;

use simulator::write::{Format, write_all};
use simulator::{Airline, Config};

#[allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().ok_or("usage: generate DIR [MEMBERS] [FORMAT]")?);
    let members = args.next().map_or(Ok(20_000), |n| n.parse())?;
    let formats: &[Format] = match args.next().as_deref() {
        Some("csv") => &[Format::Csv],
        Some("parquet") => &[Format::Parquet],
        _ => &[Format::Csv, Format::Parquet],
    };
    std::fs::create_dir_all(&dir)?;
    let airline = Airline::new(Config::new("2026-10-31".parse()?).with_members(members));
    let start = std::time::Instant::now();
    airline.for_each_chunk::<()>(4_096, |_| Ok(())).map_err(|()| "stopped")?;
    println!("generated in {:.2?}", start.elapsed());
    let start = std::time::Instant::now();
    let manifest = write_all(&airline, &dir, formats, |_| true)?;
    println!("generated and written in {:.2?}: {:?}", start.elapsed(), manifest.totals);
    Ok(())
}
