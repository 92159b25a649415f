//! The conditional items that every leg repeats.

use super::columns::Columns;
use super::{Leg, rules};
use crate::diagnostic::Diagnostics;

/// Airline 3, serial 10, selectee 1, document check 1, marketing carrier 3, programme 3, number 16,
/// staff 1, bags 3, fast track 1.
const PROGRAMME: usize = 18;
const NUMBER: usize = 21;

/// The items, cut where the pass is.
#[derive(Debug, Default)]
pub(super) struct Repeated<'t> {
    leg: Leg<'t>,
    /// They fit their columns.
    sound: bool,
    /// Where they end.
    until: usize,
}

impl<'t> Repeated<'t> {
    /// Puts the items into `leg`; where they end comes back, unless they are nonsense.
    pub(super) fn fill(&self, leg: &mut Leg<'t>) -> Option<usize> {
        if !self.sound {
            return None;
        }
        let items = self.leg.clone();
        *leg = Leg {
            airline_numeric: items.airline_numeric,
            document_serial: items.document_serial,
            selectee: items.selectee,
            document_check: items.document_check,
            marketing_carrier: items.marketing_carrier,
            programme: items.programme,
            frequent_flyer: items.frequent_flyer,
            staff: items.staff,
            free_bags: items.free_bags,
            fast_track: items.fast_track,
            ..leg.clone()
        };
        Some(self.until)
    }
}

/// Reads columns `start` to `end`, which the pass says are `said` long.
pub(super) fn read<'t>(
    all: &Columns<'t>,
    start: usize,
    end: usize,
    carrier: Option<&str>,
    said: usize,
    notes: &mut Diagnostics<'t>,
) -> Repeated<'t> {
    let field = |from: usize, to: usize| all.field((start + from).min(end), (start + to).min(end));
    let sign = |from: usize| all.sign(start + from).filter(|_| start + from < end);
    let numeric = field(0, 3);
    let serial = field(3, 13);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = numeric.is_none_or(|numeric| numeric.len() == 3 && digits(numeric))
        && serial.is_none_or(|serial| serial.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let marketing_carrier = field(15, 18);
    let mut leg = Leg {
        airline_numeric: numeric,
        document_serial: serial,
        selectee: sign(13),
        document_check: sign(14),
        marketing_carrier,
        ..Leg::default()
    };
    let known = [carrier, marketing_carrier];
    let narrow = field(PROGRAMME, NUMBER).is_some_and(|code| is_narrow(code, &known));
    // A field too narrow moves those after it; unless the sender made up for it behind the number.
    let block = all.cut((start + PROGRAMME).min(end), (start + NUMBER + 16).min(end));
    let short = end < start + said;
    let moved = usize::from(narrow && (short || !bags_fit(all, start + NUMBER + 17, end)));
    if narrow && sound {
        notes.at(rules::NARROW_PROGRAMME, block);
        leg.programme = field(PROGRAMME, PROGRAMME + 2);
        leg.frequent_flyer = field(PROGRAMME + 2, NUMBER + 16 - moved);
    } else {
        leg.programme = field(PROGRAMME, NUMBER);
        leg.frequent_flyer = field(NUMBER, NUMBER + 16);
    }
    let rest = NUMBER + 16 - moved;
    leg.staff = sign(rest);
    leg.free_bags = field(rest + 1, rest + 4);
    leg.fast_track = sign(rest + 4);
    let items = start.saturating_add(said).min(start + 42 - moved);
    Repeated { leg, sound, until: items.min(end) }
}

/// Two characters of an airline, and then the first of the number.
fn is_narrow(code: &str, carriers: &[Option<&str>]) -> bool {
    let bytes = code.as_bytes();
    let two = code.get(..2);
    match bytes {
        [first, second, third] => {
            let airline = first.is_ascii_alphabetic() || second.is_ascii_alphabetic();
            let known = carriers.iter().flatten().any(|carrier| Some(*carrier) == two);
            airline && (third.is_ascii_digit() || (third.is_ascii_alphabetic() && known))
        }
        _ => false,
    }
}

/// `20K`, `2PC`, or blank.
fn bags_fit(all: &Columns<'_>, at: usize, end: usize) -> bool {
    let bags = all.cut(at.saturating_add(1).min(end), at.saturating_add(4).min(end));
    let blank = bags.trim().is_empty();
    let unit = bags.ends_with(['K', 'L', 'P', 'C']);
    blank || (bags.len() == 3 && unit && bags.starts_with(|first: char| first.is_ascii_digit()))
}
