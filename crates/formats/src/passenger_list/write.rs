//! Lists to messages: parts of 60 lines, lines of 64 characters.

use std::fmt::Write as _;

use crate::detect::Kind;
use crate::envelope::{self, Envelope};
use crate::flight::FlightDesignator;
use crate::passenger_list::element::{Code, Element};
use crate::passenger_list::model::{
    Availability, Change, Group, Numerics, PassengerList, Section, wide,
};
use crate::when::DayMonth;

/// Lines of one part, envelope and END line included.
const LINES: usize = 60;
/// Characters of one line (RP 1707b).
const WIDTH: usize = 64;

/// Writes a list line by line and cuts it into parts. Names and their elements stay together; totals
/// and indicators are repeated in each part. Feed it in the order of the message.
#[derive(Clone, Debug)]
pub struct ListWriter {
    kind: Kind,
    envelope: String,
    flight: String,
    association: Option<String>,
    parts: Vec<Vec<String>>,
    lines: Vec<String>,
    /// Lines that open a part, before anything is said in it.
    opening: usize,
    /// The total and the indicator in force.
    state: Vec<String>,
    /// A name with its elements, not yet in a part.
    block: Vec<String>,
}

impl ListWriter {
    /// A list of one flight. `date` is the local day of departure from `board`.
    #[must_use]
    pub fn new(
        kind: Kind,
        envelope: &Envelope<'_>,
        flight: FlightDesignator<'_>,
        date: DayMonth,
        board: &str,
    ) -> Self {
        let mut line = flight.airline.to_owned();
        let _ = write!(line, "{:03}", flight.number);
        line.extend(flight.suffix);
        let _ = write!(line, "/{date} {board}");
        let mut writer = Self {
            kind,
            envelope: envelope::write(envelope),
            flight: line,
            association: None,
            parts: Vec::new(),
            lines: Vec::new(),
            opening: 0,
            state: Vec::new(),
            block: Vec::new(),
        };
        writer.open_part();
        writer
    }

    /// `ANA/123456`: three to six digits. Before anything else.
    #[must_use]
    pub fn with_association(mut self, number: &str) -> Self {
        self.association = Some(clean(number));
        self.lines.clear();
        self.open_part();
        self
    }

    /// A line of the heading, such as `CFG/030C180Y` or `RBD C/CJ Y/YBM`. Stands in the first part only.
    pub fn heading(&mut self, line: &str) {
        self.put(vec![clean_end(line)]);
    }

    /// `-SHA003C`, `-SHA003C-PAD001`, `-SHA`.
    pub fn totals(&mut self, section: &Section<'_>) {
        self.flush();
        let mut line = format!("-{}", section.destination);
        if let Some(count) = section.count {
            let _ = write!(line, "{count:03}{}", section.class);
        }
        if let Some(pad) = section.pad {
            let _ = write!(line, "-PAD{pad:03}");
        }
        self.state.clear();
        self.put(vec![line.clone()]);
        self.state.push(line);
    }

    /// `ADD`, `CHG`, `DEL` of an ADL.
    pub fn indicator(&mut self, change: Change) {
        self.below_total(change.as_str().to_owned());
    }

    /// `NOSHO 18V` of a PFS.
    pub fn category(&mut self, category: &str, count: Option<u16>, class: &str) {
        let mut line = clean(category);
        match count {
            Some(count) => {
                let _ = write!(line, " {count:03}{class}");
            }
            None if !class.is_empty() => {
                let _ = write!(line, " {class}");
            }
            None => {}
        }
        self.below_total(line);
    }

    fn below_total(&mut self, line: String) {
        self.flush();
        self.state.truncate(1);
        self.put(vec![line.clone()]);
        self.state.push(line);
    }

    /// `2WANG/WU/XIAOBAOCHD-B2`: given names as they are to be sent, titles included. The line is
    /// written as it is, however long.
    pub fn name(&mut self, count: u16, surname: &str, givens: &[&str], group: Option<Group<'_>>) {
        self.flush();
        let mut line = format!("{count}{surname}");
        for given in givens {
            line.push('/');
            line.push_str(given);
        }
        if let Some(Group { id, size }) = group {
            let _ = write!(line, "-{id}{size}");
        }
        self.block.push(clean_end(&line));
    }

    /// An element of the last name: `label` is what stands between dot and slash. A remark longer than
    /// a line goes on with `.RN/`.
    pub fn element(&mut self, label: &str, text: &str) {
        let text = clean_end(text);
        if label.is_empty() {
            self.block.push(text);
            return;
        }
        let mut rest = text.as_str();
        let mut prefix = format!(".{label}/");
        while label == "R" && rest.chars().count() + prefix.len() > WIDTH {
            let cut = cut_at(rest, WIDTH - prefix.len());
            let (head, tail) = rest.split_at_checked(cut).unwrap_or((rest, ""));
            self.block.push(format!("{prefix}{head}"));
            rest = tail;
            ".RN/".clone_into(&mut prefix);
        }
        self.block.push(format!("{prefix}{rest}"));
    }

    /// The messages, one for each part, lines ended by `\r\n`.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        self.flush();
        self.lines.push(format!("END{}", self.kind));
        self.parts.push(std::mem::take(&mut self.lines));
        let envelope = &self.envelope;
        let join = |lines: Vec<String>| {
            let mut out = envelope.clone();
            for line in lines {
                out.push_str(&line);
                out.push_str("\r\n");
            }
            out
        };
        self.parts.into_iter().map(join).collect()
    }

    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        if !block.is_empty() {
            self.put(block);
        }
    }

    fn put(&mut self, block: Vec<String>) {
        let around = self.envelope.lines().count() + 1;
        let full = self.lines.len() + block.len() + around > LINES;
        if full && self.lines.len() > self.opening {
            self.lines.push(format!("ENDPART{}", self.parts.len() + 1));
            let part = std::mem::take(&mut self.lines);
            self.parts.push(part);
            self.open_part();
            // A total that opens the part itself is not repeated before itself.
            let opens_total = block.first().is_some_and(|line| line.starts_with('-'));
            if !opens_total {
                self.lines.extend(self.state.iter().cloned());
            }
            self.opening = self.lines.len();
        }
        self.lines.extend(block);
    }

    fn open_part(&mut self) {
        self.lines.push(self.kind.name().to_owned());
        self.lines.push(format!("{} PART{}", self.flight, self.parts.len() + 1));
        self.lines.extend(self.association.iter().map(|number| format!("ANA/{number}")));
        self.opening = self.lines.len();
    }
}

/// Where to break a text of more than `width` characters: not before or behind a blank, which a
/// network may lose at the end of a line.
fn cut_at(text: &str, width: usize) -> usize {
    let at = |count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let mut count = width;
    while count > 1 && text.get(..at(count)).is_some_and(|head| head.ends_with(' ')) {
        count -= 1;
    }
    at(count)
}

fn clean(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

fn clean_end(text: &str) -> String {
    clean(text.trim_end())
}

/// Writes a whole list as one message or several. None if it has no flight with a date. What was kept
/// word for word is written word for word.
#[must_use]
pub fn write(envelope: &Envelope<'_>, list: &PassengerList<'_>) -> Option<Vec<String>> {
    let flight = list.flight.as_ref()?;
    let mut writer =
        ListWriter::new(list.kind, envelope, flight.designator, flight.date?, flight.board);
    if let Some(number) = list.association {
        writer = writer.with_association(number);
    }
    write_heading(&mut writer, list);
    let mut before: Option<&Section<'_>> = None;
    for section in &list.sections {
        let of_total =
            |section: &Section<'_>| section.change.is_some() || section.category.is_some();
        let again = before.is_some_and(|before| {
            of_total(section)
                && before.destination == section.destination
                && (section.category.is_some() || before.class == section.class)
        });
        if !again && !section.destination.is_empty() {
            let bare = section.category.is_some();
            let total = Section {
                destination: section.destination,
                class: if bare { "" } else { section.class },
                count: section.count.filter(|_| !bare),
                pad: section.pad.filter(|_| !bare),
                ..Section::default()
            };
            writer.totals(&total);
        }
        if let Some(change) = section.change {
            writer.indicator(change);
        }
        if let Some(category) = section.category {
            writer.category(category, section.count, section.class);
        }
        write_names(&mut writer, list, section);
        before = Some(section);
    }
    Some(writer.finish())
}

fn write_heading(writer: &mut ListWriter, list: &PassengerList<'_>) {
    let mut seats = String::new();
    let mut station = None;
    for one in &list.configuration {
        if one.station != station {
            let _ = write!(seats, "/{}/", one.station.unwrap_or_default());
            station = one.station;
        }
        let _ = write!(seats, "{:03}{}", one.seats, one.compartment);
    }
    if !seats.is_empty() {
        writer.heading(&format!("CFG/{seats}"));
    }
    if !list.compartments.is_empty() {
        let words = list.compartments.iter().map(|of| format!(" {}/{}", of.code, of.classes));
        writer.heading(&format!("RBD{}", words.collect::<String>()));
    }
    if let Some(time) = list.departed {
        writer.heading(&format!("ATD/{time}"));
    }
    write_table(writer, "AVAIL", &list.available);
    write_table(writer, "TRANSIT", &list.transit);
    for numerics in &list.numerics {
        writer.heading(&numerics_line(numerics));
    }
    for line in &list.other {
        writer.heading(line);
    }
    if list.nil {
        writer.heading("NIL");
    }
}

fn write_table(writer: &mut ListWriter, title: &str, table: &Availability<'_>) {
    if table.stations.is_empty() && table.rows.is_empty() {
        return;
    }
    writer.heading(title);
    let stations = table.stations.iter().map(|station| format!(" {station} "));
    writer.heading(&stations.collect::<String>());
    for (compartment, numbers) in &table.rows {
        let numbers = numbers.iter().map(|number| {
            let sign = if *number < 0 { "-" } else { "" };
            format!("{:03}{sign}", number.unsigned_abs())
        });
        writer.heading(&format!("{compartment}{}", numbers.collect::<Vec<_>>().join("  ")));
    }
}

fn numerics_line(numerics: &Numerics<'_>) -> String {
    let figures = |numbers: &[Option<u16>]| {
        let each = numbers.iter().map(|number| number.map(|of| format!("{of:03}")));
        each.map(Option::unwrap_or_default).collect::<Vec<_>>().join("/")
    };
    let mut line = format!("{} {}", numerics.destination, figures(&numerics.numbers));
    if !numerics.pad.is_empty() {
        let _ = write!(line, " PAD{}", figures(&numerics.pad));
    }
    line
}

fn write_names(writer: &mut ListWriter, list: &PassengerList<'_>, section: &Section<'_>) {
    for name in list.names.get(wide(&section.names)).unwrap_or_default() {
        let passengers = list.passengers.get(wide(&name.passengers)).unwrap_or_default();
        let mut givens: Vec<&str> = passengers.iter().map(|passenger| passenger.sent).collect();
        while givens.last().is_some_and(|given| given.is_empty()) {
            givens.pop();
        }
        if givens.is_empty() && name.surname.is_empty() {
            givens.push("");
        }
        writer.name(name.count, name.surname, &givens, name.group);
        for element in list.elements.get(wide(&name.elements)).unwrap_or_default() {
            write_element(writer, element);
        }
    }
}

fn write_element(writer: &mut ListWriter, element: &Element<'_>) {
    let label = if element.code == Code::Remark { "R" } else { element.label };
    writer.element(label, &element.text);
}
