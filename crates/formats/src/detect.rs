//! Which kind of message it is, from its bytes alone.
//!
//! Cheap: a few lines at the start are looked at, and the last line of a list that came without its
//! identifier. Nothing here says that the message is well formed.

use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::envelope::{self, Envelope};
use crate::flight::FlightDesignator;
use crate::text::lines;

/// How far into a message of unknown shape the first words are sought, in bytes.
const LOOKED_AT: usize = 4_096;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)*) => {
        /// The kinds of message this crate reads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As it is written in a message where it is written there: `PNL`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// Passenger name list (RP 1708).
    Pnl "PNL",
    /// Additions and deletions list (RP 1708).
    Adl "ADL",
    /// Passenger final sales (RP 1719).
    Pfs "PFS",
    /// Passenger reconcile list (RP 1719b).
    Prl "PRL",
    /// Electronic ticket list (RP 1719c).
    Etl "ETL",
    /// Frequent traveller list.
    Ftl "FTL",
    /// Passenger service message (RP 1715).
    Psm "PSM",
    /// Passenger transfer message (RP 1718).
    Ptm "PTM",
    /// Teletype passenger manifest (RP 1717).
    Tpm "TPM",
    /// Aircraft movement (AHM 780).
    Mvt "MVT",
    /// Aircraft movement in the older form (AHM 780).
    Mva "MVA",
    /// Aircraft diversion (AHM 781).
    Div "DIV",
    /// Load (AHM 583).
    Ldm "LDM",
    /// Standard schedules (SSIM chapter 4).
    Ssm "SSM",
    /// Ad hoc schedules (SSIM chapter 5).
    Asm "ASM",
    /// A schedule file (SSIM chapter 7).
    Ssim "SSIM",
    /// Baggage source (RP 1745).
    Bsm "BSM",
    /// Baggage processed (RP 1745).
    Bpm "BPM",
    /// Baggage tracing: missing bag.
    Ahl "AHL",
    /// Baggage tracing: found bag.
    Ohd "OHD",
    /// Baggage tracing: forwarded bag.
    Fwd "FWD",
    /// A boarding pass's bar code (RESO 792).
    Bcbp "BCBP",
    /// Passenger name records for governments (EDIFACT).
    Pnrgov "PNRGOV",
    /// Advance passenger information (EDIFACT).
    Paxlst "PAXLST",
    /// A booking message.
    Airimp "AIRIMP",
    /// An order of NDC (XML).
    NdcOrder "NDC",
    /// None of these.
    Unknown "unknown",
}

impl Kind {
    /// The kind whose identifier line is `word`: `PNL`.
    #[must_use]
    pub fn of_identifier(word: &str) -> Option<Self> {
        let kind = match word {
            "PNL" => Self::Pnl,
            "ADL" => Self::Adl,
            "PFS" => Self::Pfs,
            "PRL" => Self::Prl,
            "ETL" => Self::Etl,
            "FTL" => Self::Ftl,
            "PSM" => Self::Psm,
            "PTM" => Self::Ptm,
            "TPM" => Self::Tpm,
            "MVT" => Self::Mvt,
            "MVA" => Self::Mva,
            "DIV" => Self::Div,
            "LDM" => Self::Ldm,
            "SSM" => Self::Ssm,
            "ASM" => Self::Asm,
            "BSM" => Self::Bsm,
            "BPM" => Self::Bpm,
            "AHL" => Self::Ahl,
            "OHD" => Self::Ohd,
            "FWD" => Self::Fwd,
            _ => return None,
        };
        Some(kind)
    }

    /// Lists that [`crate::passenger_list`] reads.
    #[must_use]
    pub const fn is_passenger_list(self) -> bool {
        use Kind::{Adl, Etl, Ftl, Pfs, Pnl, Prl, Tpm};
        matches!(self, Pnl | Adl | Pfs | Prl | Etl | Ftl | Tpm)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

/// The kind of a whole message, envelope and all.
#[must_use]
pub fn detect(text: &str) -> Kind {
    kind(text, &envelope::read(text, &mut Diagnostics::of(text)))
}

/// The kind of a message whose envelope was read already.
#[must_use]
pub fn kind(text: &str, envelope: &Envelope<'_>) -> Kind {
    if let Some(known) = envelope.identifier.and_then(Kind::of_identifier) {
        return known;
    }
    let content = envelope.content_of(text);
    by_opening(content)
        .or_else(|| by_ending(content))
        .or_else(|| by_shape(content, !envelope.is_bare()))
        .unwrap_or(Kind::Unknown)
}

/// Formats that begin with a mark of their own.
fn by_opening(content: &str) -> Option<Kind> {
    let start = head(content);
    let first = lines(start).next()?.text;
    if ["UNA", "UNB", "UNH", "UNG"].iter().any(|tag| first.starts_with(tag)) {
        let paxlst = memchr::memmem::find(start.as_bytes(), b"PAXLST").is_some();
        return Some(if paxlst { Kind::Paxlst } else { Kind::Pnrgov });
    }
    if first.starts_with('<') {
        return xml_root(start).filter(|name| is_order(name)).map(|_| Kind::NdcOrder);
    }
    match first.as_bytes() {
        [b'1', ..] if first.contains("AIRLINE STANDARD SCHEDULE") => Some(Kind::Ssim),
        [b'1'..=b'5', second, ..]
            if (190..=202).contains(&first.len()) && !second.is_ascii_lowercase() =>
        {
            Some(Kind::Ssim)
        }
        [b'M', b'1'..=b'9' | b'X', rest @ ..] if rest.len() >= 28 && !first.starts_with("MVT") => {
            Some(Kind::Bcbp)
        }
        _ => None,
    }
}

/// Type B texts without an identifier line: movements, and bookings if there is an envelope.
fn by_shape(content: &str, enveloped: bool) -> Option<Kind> {
    let mut shown = lines(head(content)).map(|line| line.text.trim());
    let mut shown = shown.by_ref().filter(|line| !line.is_empty());
    let first = shown.next()?;
    let second = shown.next().unwrap_or_default();
    if is_movement(first, second) {
        return Some(Kind::Mvt);
    }
    let is_name = |line: &str| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let then = line.get(digits..).and_then(|rest| rest.chars().next());
        (1..=3).contains(&digits) && then.is_some_and(char::is_alphabetic)
    };
    let element = |line: &str| line.starts_with("SSR ") || line.starts_with("OSI ");
    // Identifiers of bookings proper among the three-letter words of AIRIMP.
    let divided = matches!(first, "DVD" | "PDM" | "ASC" | "NCO" | "NAR" | "BPR" | "RLR");
    let other = is_identifier(first) && !divided;
    let near = [second, shown.next().unwrap_or_default(), shown.next().unwrap_or_default()];
    let books = near.iter().any(|line| is_name(line)) || near.iter().any(|line| element(line));
    (enveloped && !other && !is_list_flight(first) && books).then_some(Kind::Airimp)
}

/// A passenger list that lost its first line still ends with `ENDPNL`.
fn by_ending(content: &str) -> Option<Kind> {
    let trimmed = content.trim_end();
    let last = trimmed.rsplit(['\n', '\r']).next()?.trim();
    Kind::of_identifier(last.strip_prefix("END")?)
}

fn is_list_flight(line: &str) -> bool {
    FlightDesignator::read_start(line).is_some_and(|(_, rest)| rest.starts_with('/'))
}

/// `SD200/21.PMDFG.CDG` above a line of times.
fn is_movement(first: &str, second: &str) -> bool {
    let Some((_, rest)) = FlightDesignator::read_start(first) else { return false };
    let day = rest.strip_prefix('/').unwrap_or_default();
    let dotted = day
        .as_bytes()
        .get(..3)
        .is_some_and(|day| day.first().is_some_and(u8::is_ascii_digit) && day.contains(&b'.'));
    const TIMES: [&str; 10] = ["AD", "AA", "ED", "EA", "NI", "EO", "EB", "RR", "FR", "DL"];
    dotted && TIMES.iter().any(|code| second.starts_with(code))
}

/// The local name of the root element; of what is in the body, if the root is a SOAP envelope.
fn xml_root(start: &str) -> Option<&str> {
    let mut wrapped = false;
    for piece in start.split('<').skip(1).take(64) {
        let Some(letter) = piece.chars().next() else { continue };
        if matches!(letter, '?' | '!') {
            continue;
        }
        let end = piece.find(|char: char| char.is_whitespace() || matches!(char, '>' | '/'));
        let name = piece.get(..end.unwrap_or(piece.len()))?;
        let local = name.rsplit(':').next().unwrap_or(name);
        match local {
            "Envelope" => wrapped = true,
            "Header" | "Body" | "" if wrapped => {}
            // Whatever stands in the SOAP header.
            _ if wrapped && !is_order(local) => {}
            _ => return Some(local),
        }
    }
    None
}

/// `OrderViewRS`, `IATA_OrderViewRS`, `OrderCreateRQ`.
fn is_order(name: &str) -> bool {
    name.strip_prefix("IATA_").unwrap_or(name).starts_with("Order")
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Three capitals alone on their line, `COR` before or behind them or not.
pub(crate) fn is_identifier(line: &str) -> bool {
    let capitals =
        |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut words = line.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(word), None, _) => capitals(word),
        (Some("COR"), Some(word), None) | (Some(word), Some("COR"), None) => capitals(word),
        _ => false,
    }
}

/// The identifier at `at`: the word, whether it is a correction, and where the body begins.
pub(crate) fn identifier(text: &str, at: usize) -> (Option<&str>, bool, usize) {
    let mut correction = false;
    let mut begins = at;
    for line in lines(text.get(at..).unwrap_or_default()).take(8) {
        let shown = line.text.trim_matches(|char: char| char.is_ascii_control() || char == ' ');
        let end = after_line(text, at + line.start + line.text.len());
        if shown.is_empty() {
            continue;
        }
        if shown == "COR" {
            (correction, begins) = (true, end);
            continue;
        }
        // `PDM` alone says that the message may have come before; bookings have it for a name.
        if shown == "PDM" && next_is_known(text, end) {
            begins = end;
            continue;
        }
        if is_identifier(shown) {
            let mut words = shown.split_ascii_whitespace();
            correction |= words.clone().any(|word| word == "COR");
            return (words.find(|word| *word != "COR"), correction, end);
        }
        let first = shown.split([' ', '/']).next().unwrap_or_default();
        // Tracing messages go on behind the word, and some senders forget the line end.
        let leads = matches!(first, "AHL" | "OHD" | "FWD") && first.len() < shown.len();
        return if leads { (Some(first), correction, begins) } else { (None, correction, begins) };
    }
    (None, correction, begins)
}

fn next_is_known(text: &str, at: usize) -> bool {
    let mut shown = lines(text.get(at..).unwrap_or_default()).take(4).map(|line| line.text.trim());
    shown.find(|line| !line.is_empty()).is_some_and(|line| Kind::of_identifier(line).is_some())
}

/// Where the line begins that follows the one which ends at `end`.
pub(crate) fn after_line(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    end + if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}
