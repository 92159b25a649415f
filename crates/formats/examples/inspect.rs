//! Prints what was read of a message: `inspect FILE`.

use std::error::Error;
use std::io::Write as _;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: inspect FILE")?;
    let bytes = std::fs::read(path)?;
    let text = formats::text::decode(&bytes);
    let read = formats::read(&text);
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &read)?;
    for diagnostic in &read.diagnostics {
        let level = diagnostic.severity;
        write!(
            out,
            "\n{level:?} {}\n{}",
            diagnostic.code,
            formats::diagnostic::drawn(diagnostic, &text)
        )?;
    }
    writeln!(out)?;
    Ok(())
}
