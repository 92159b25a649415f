//! Measures the reading of PNRGOV on one core: `pnrgov_speed MEGABYTES REPEATS [FILE]`.
//!
//! A push of invented bookings, all different, is made up in memory (and written to FILE, if one is
//! named), then read once message by message (what a feed does) and once as a whole.

mod clock;

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;

use formats::Diagnostics;
use formats::pnrgov::{Messages, parse};

const SURNAMES: [&str; 8] =
    ["OUYANG", "LINDHOLM", "O?'NEIL", "NAKAMURA", "VIRTANEN", "OKAFOR", "ROSSI", "KOWALSKI"];
const GIVEN: [&str; 6] = ["XIAOMINGMR", "ASTRIDMS", "PAT MR", "KENJI", "EEROMR", "NGOZI MRS"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: pnrgov_speed MEGABYTES REPEATS [FILE]";
    let megabytes: usize = arguments.next().ok_or(usage)?.parse()?;
    let repeats: usize = arguments.next().ok_or(usage)?.parse()?;
    let text = push(megabytes * 1_000_000)?;
    if let Some(file) = arguments.next() {
        std::fs::write(file, &text)?;
    }
    let (mut by_message, mut whole) = (clock::Speeds::default(), clock::Speeds::default());
    for _ in 0..repeats.max(1) {
        by_message.of(text.len(), || {
            let mut notes = Diagnostics::of(&text);
            let mut messages = Messages::of(&text, &mut notes);
            while let Some(message) = messages.next(&mut notes) {
                black_box(message);
            }
        });
        drop(whole.of(text.len(), || black_box(parse(&text))));
    }
    let mut out = std::io::stdout();
    let size = text.len() as f64 / 1e6;
    write!(out, "{size:.0} MB, message by message\n{by_message}as a whole\n{whole}")?;
    Ok(())
}

/// An interchange of about `size` bytes; 200 bookings a message.
fn push(size: usize) -> Result<String, std::fmt::Error> {
    let mut out = String::with_capacity(size + 100_000);
    out.push_str("UNA:+.?*'\r\nUNB+IATA:1+CA++261123:0210+0310A7'\r\n");
    let mut number = 0_usize;
    let mut messages = 0;
    while out.len() < size {
        messages += 1;
        writeln!(out, "UNH+{messages}+PNRGOV:13:1:IA+CA931/231126/{messages}'")?;
        out.push_str("MSG+:22'\r\nORG+CA:BJS+08301234'\r\n");
        out.push_str("TVL+231126:1330:231126:1725+PEK+FRA+CA+931'\r\nEQN+200'\r\n");
        for _ in 0..200 {
            number += 1;
            booking(&mut out, number)?;
        }
        writeln!(out, "UNT+{}+{messages}'", 200 * 34 + 6)?;
    }
    writeln!(out, "UNZ+{messages}+0310A7'")?;
    Ok(out)
}

fn booking(out: &mut String, number: usize) -> std::fmt::Result {
    let locator = format!("{:06}", number % 1_000_000);
    out.push_str("SRC'\r\n");
    write!(out, "RCI+CA:{locator}::011026:0915+1E:H{locator}'\r\n")?;
    out.push_str("SSR+AVML:HK:2:CA'\r\nDAT+700:201126:1010+710:021026:1200'\r\n");
    out.push_str("IFT+4:28::YY+CTCT BJS 010 6459 0000 EXAMPLE TRAVEL'\r\n");
    out.push_str("ORG+CA:BJS+08301234:BJS123+++T+CN:CNY+A0517'\r\n");
    write!(out, "ADD++702:{number} DONGSI STREET:BEIJING:BEIJING::CN:100010'\r\n")?;
    for place in 1..=2 {
        let surname = SURNAMES.get((number + place) % SURNAMES.len()).unwrap_or(&"LI");
        let given = GIVEN.get((number * 7 + place) % GIVEN.len()).unwrap_or(&"MEI");
        write!(out, "TIF+{surname}+{given}:A:{place}'\r\nFTI+CA:{number:012}:::GOLD'\r\n")?;
        write!(
            out,
            "SSR+DOCS:HK::CA:::::/P/CHN/E{number:08}/CHN/12JUL64/M/23AUG29/{surname}/X'\r\n"
        )?;
        write!(out, "TKT+999{number:09}{place}:T:1'\r\nMON+B:2888.00:CNY+T:3257.94:CNY'\r\n")?;
        out.push_str("TXD++310.00:::CN+850.00:::YQ'\r\nDAT+710:021026:1200'\r\n");
        out.push_str("FOP+CC::3257.94:VI:XXXXXXXXXXXX1186:0211'\r\n");
    }
    out.push_str("TVL+231126:1330::1725+PEK+FRA+CA+931:J'\r\nRPI+2+HK'\r\nAPD+77W'\r\n");
    out.push_str("SSR+SEAT:HK:2:CA:::PEK:FRA+11A::1+11C::2'\r\nDAT+2:231126:1105'\r\n");
    write!(out, "TRI++{}:::1'\r\nTIF+OUYANG+XIAOMINGMR:A:1'\r\nSSD+011A++++J'\r\n", number % 400)?;
    write!(out, "TBD++2:34:700++HP:PEK-{}+999:{number:010}:2:FRA'\r\n", number % 400)?;
    out.push_str("ABI+1+:PEKRR+BJS++CA'\r\n");
    out.push_str("LTS+0/O/NM/OUYANG/XIAOMINGMR BOOKED BY TELEPHONE'\r\n");
    Ok(())
}
