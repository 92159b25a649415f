//! Writes big inputs for measuring: `generate_messages FORMAT MEGABYTES FILE`.
//!
//! `pnl`: lists in many parts, as a full aircraft sends them, and single messages between them, one
//! behind the other. Everyone in them is invented, by a counter and a table of syllables.

use std::error::Error;
use std::io::Write;

use formats::envelope::{Address, Envelope, TimeGroup};
use formats::passenger_list::{Group, ListWriter, Section};
use formats::{DayMonth, FlightDesignator, Kind};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: generate_messages FORMAT MEGABYTES FILE";
    let format = arguments.next().ok_or(usage)?;
    let megabytes: usize = arguments.next().ok_or(usage)?.parse()?;
    let file = std::fs::File::create(arguments.next().ok_or(usage)?)?;
    let mut out = std::io::BufWriter::new(file);
    match format.as_str() {
        "pnl" => lists(megabytes * 1_000_000, &mut out)?,
        other => return Err(format!("no generator for {other}").into()),
    }
    out.flush()?;
    Ok(())
}

/// A small generator with a fixed seed: the same input on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.roll(10) as u8)).collect()
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'A' + self.roll(26) as u8)).collect()
    }
}

const SURNAMES: [&str; 16] = [
    "ZHANG",
    "WANG",
    "LI",
    "ZHAO",
    "OUYANG",
    "SITU",
    "LYU",
    "XU",
    "MUELLER",
    "ANDERSSON",
    "GARCIA",
    "NGUYEN",
    "PETROV",
    "TANAKA",
    "KIM",
    "OKONKWO",
];
const SYLLABLES: [&str; 16] = [
    "XIAO", "MING", "HUA", "LI", "JIAN", "GUO", "YU", "FANG", "WEI", "LEI", "TING", "JUN", "HAO",
    "BO", "SHENG", "NA",
];
const TITLES: [&str; 4] = ["", "MR", "MS", " MRS"];
const CLASSES: [&str; 12] = ["J", "C", "D", "Y", "B", "M", "U", "H", "Q", "V", "W", "S"];

fn lists(bytes: usize, out: &mut impl Write) -> std::io::Result<()> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut written = 0;
    let mut number = 100;
    while written < bytes {
        // One in three is a small list in one part, the others are full aircraft.
        let passengers = if number % 3 == 0 { 12 } else { 160 + dice.roll(180) };
        for part in one_list(number, passengers, &mut dice) {
            out.write_all(part.as_bytes())?;
            written += part.len();
        }
        number = if number == 9_999 { 100 } else { number + 1 };
    }
    Ok(())
}

fn one_list(number: u32, passengers: usize, dice: &mut Dice) -> Vec<String> {
    let envelope = Envelope {
        priority: Some("QU"),
        destinations: ["PEKKMCA", "SHAKNCA"].into_iter().filter_map(Address::read).collect(),
        origin: Address::read("BJSRMCA"),
        time: TimeGroup::read("211530"),
        ..Envelope::default()
    };
    let flight = FlightDesignator { airline: "CA", number, suffix: None };
    let date = DayMonth { day: 22, month: 11 };
    let mut writer = ListWriter::new(Kind::Pnl, &envelope, flight, date, "PEK");
    writer.heading("CFG/030C210Y");
    writer.heading("RBD C/CJDZR Y/YBMUHQVWSTLPNK");
    writer.heading("AVAIL");
    writer.heading(" PEK  SHA");
    writer.heading("C004");
    writer.heading("Y021");
    let mut left = passengers;
    for class in CLASSES {
        let here = left.min(passengers / CLASSES.len() + 1);
        left -= here;
        let count = u16::try_from(here).ok();
        writer.totals(&Section { destination: "SHA", class, count, ..Section::default() });
        let mut seated = 0;
        let mut group = 0;
        while seated < here {
            seated += one_name(&mut writer, &mut group, here - seated, dice);
        }
    }
    writer.finish()
}

fn one_name(writer: &mut ListWriter, group: &mut usize, most: usize, dice: &mut Dice) -> usize {
    let party = (1 + dice.roll(10) / 8).min(most);
    let surname = dice.pick(&SURNAMES);
    let title = dice.pick(&TITLES);
    let given =
        |dice: &mut Dice| format!("{}{}{title}", dice.pick(&SYLLABLES), dice.pick(&SYLLABLES));
    let givens: Vec<String> = (0..party).map(|_| given(dice)).collect();
    let sent: Vec<&str> = givens.iter().map(String::as_str).collect();
    let id = format!(
        "{}{}",
        char::from(b'A' + (*group / 26 % 26) as u8),
        char::from(b'A' + (*group % 26) as u8)
    );
    *group += 1;
    let size = u16::try_from(party).unwrap_or(1);
    let tied = (party > 1).then_some(Group { id: &id, size });
    writer.name(size, surname, &sent, tied);
    writer.element("L", &format!("N{}/CA", dice.letters(5)));
    if dice.roll(3) > 0 {
        writer.element("L", &format!("K{}/1E", dice.letters(5)));
    }
    if dice.roll(5) == 0 {
        writer.element("O", "CA981J22PEKJFK1300");
    }
    for given in &givens {
        let whose = if party > 1 { format!("-1{surname}/{given}") } else { String::new() };
        writer.element("R", &format!("TKNE HK1 999{}/1{whose}", dice.digits(10)));
        if dice.roll(10) < 4 {
            writer.element("R", &format!("FQTV CA 00{}{whose}", dice.digits(10)));
        }
        match dice.roll(10) {
            0..=4 => writer.element("R", &format!("FOID HK1 NI{}{whose}", dice.digits(18))),
            _ => {
                let number = dice.digits(8);
                let text = format!(
                    "DOCS HK1/P/CHN/E{number}/CHN/02FEB90/F/01JAN33/{surname}/{given}{whose}"
                );
                writer.element("R", &text);
            }
        }
        if dice.roll(3) == 0 {
            writer.element("R", &format!("CTCM HK1 86138{}{whose}", dice.digits(8)));
        }
        if dice.roll(4) == 0 {
            writer.element("R", &format!("SEAT HK1 {}A{whose}", 10 + dice.roll(40)));
        }
    }
    party
}
