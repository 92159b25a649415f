//! Writes movement messages.

use std::fmt::Write as _;

use super::model::{Delay, Message, Movement, Stamp};

/// The body of the message, lines ended by LF, without an envelope. What was read and holds no
/// repaired places reads back as the same record.
#[must_use]
pub fn write(message: &Message<'_>) -> String {
    let mut out = String::new();
    let mut last = None;
    for movement in &message.movements {
        if last != Some(movement.kind) {
            out.push_str(if message.correction && last.is_none() { "COR " } else { "" });
            out.push_str(movement.kind.as_str());
            out.push('\n');
            last = Some(movement.kind);
        }
        write_movement(&mut out, movement);
    }
    if let Some(part) = message.part {
        let _ = writeln!(out, "PART {part} END");
    }
    out
}

fn write_movement(out: &mut String, movement: &Movement<'_>) {
    if let Some(flight) = movement.flight {
        let _ = write!(out, "{flight}");
        if let Some(day) = movement.day {
            let _ = write!(out, "/{day:02}");
        }
        let months = movement.month.map(|month| crate::DayMonth { day: 1, month }.to_string());
        out.push_str(months.as_deref().and_then(|text| text.get(2..)).unwrap_or_default());
        let station = movement.station.map(|station| station.to_string()).unwrap_or_default();
        let _ = writeln!(out, ".{}.{station}", movement.registration.unwrap_or_default());
    }
    let mut line = Line::default();
    line.pair("AD", movement.off_block, movement.airborne);
    line.single("ED", movement.estimated_departure);
    line.single("NI", movement.next_information);
    line.single("EO", movement.estimated_take_off);
    line.pair("AA", movement.touch_down, movement.on_block);
    line.single("RR", movement.return_to_ramp);
    line.pair("FR", movement.return_touch_down, movement.return_on_block);
    for estimate in &movement.estimated_arrivals {
        line.single("EA", Some(estimate.time));
        if let Some(airport) = estimate.airport {
            line.word(airport.as_str());
        }
    }
    line.single("EB", movement.estimated_on_block);
    line.end(out);
    if let Some(day) = movement.leg_day {
        let _ = writeln!(out, "FLD{day:02}");
    }
    write_delays(out, &movement.delays);
    if let Some(reason) = movement.diversion_reason {
        let _ = writeln!(out, "DR{reason}");
    }
    if let Some(passengers) = &movement.passengers {
        let counts: Vec<_> = passengers.counts.iter().map(u32::to_string).collect();
        let name = if counts.is_empty() { "" } else { "PX" };
        let _ = write!(out, "{name}{}", counts.join("/"));
        match passengers.infants {
            Some(infants) if counts.is_empty() => drop(write!(out, "INF{infants}")),
            Some(infants) => drop(write!(out, "+{infants}")),
            None => {}
        }
        out.push('\n');
    }
    for figure in &movement.figures {
        let _ = writeln!(out, "{}{}", figure.name, figure.value);
    }
    for text in &movement.other {
        let _ = writeln!(out, "{text}");
    }
    for text in &movement.supplementary {
        let _ = writeln!(out, "SI {text}");
    }
}

/// The elements of one line, blanks between them.
#[derive(Default)]
struct Line(String);

impl Line {
    fn word(&mut self, word: &str) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }

    fn single(&mut self, name: &str, stamp: Option<Stamp>) {
        if let Some(stamp) = stamp {
            self.word(&format!("{name}{stamp}"));
        }
    }

    fn pair(&mut self, name: &str, first: Option<Stamp>, second: Option<Stamp>) {
        let text = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.to_string()).unwrap_or_default();
        match (first, second) {
            (None, None) => {}
            (first, None) => self.single(name, first),
            (first, second) => self.word(&format!("{name}{}/{}", text(first), text(second))),
        }
    }

    fn end(self, out: &mut String) {
        if !self.0.is_empty() {
            out.push_str(&self.0);
            out.push('\n');
        }
    }
}

/// Two causes to a list: DL, then EDL; sub-codes of all in DLA.
fn write_delays(out: &mut String, delays: &[Delay<'_>]) {
    for (list, pair) in delays.chunks(2).enumerate() {
        let told = |delay: &Delay<'_>| delay.code.is_some() || delay.minutes.is_some();
        let Some(last) = pair.iter().rposition(told) else { continue };
        let pair = pair.get(..=last).unwrap_or(pair);
        let codes = pair.iter().map(|delay| delay.code.unwrap_or_default().to_owned());
        let timed = pair.iter().rposition(|delay| delay.minutes.is_some()).map_or(0, |at| at + 1);
        let durations = pair.iter().take(timed).map(|delay| {
            delay.minutes.map(|m| format!("{:02}{:02}", m / 60, m % 60)).unwrap_or_default()
        });
        let parts: Vec<_> = codes.chain(durations).collect();
        let _ = writeln!(out, "{}{}", if list == 0 { "DL" } else { "EDL" }, parts.join("/"));
    }
    if delays.iter().any(|delay| delay.sub_code.is_some()) {
        let codes: Vec<_> = delays.iter().map(|delay| delay.sub_code.unwrap_or_default()).collect();
        let _ = writeln!(out, "DLA{}", codes.join("/"));
    }
}
