//! Puts records together.

use std::collections::VecDeque;

use super::model::{Block, Carrier, FlightLeg, Leg, Record, Schedule, SegmentData};
use super::records::{Finding, Records, Row, records};
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics, MOST_KEPT};

/// Segment data follow their leg at once, or after the other legs of the same flight.
const MOST_LEGS_BACK: usize = 32;

/// Carriers of one file; there are some fifteen hundred in the world.
const MOST_BLOCKS: usize = 10_000;

/// Reads a whole file. Memory grows with the file: some 300 bytes a leg.
#[must_use]
pub fn parse(text: &str) -> (Schedule<'_>, Vec<Diagnostic>) {
    let mut found = Diagnostics::of(text);
    let schedule = read(text, &mut found);
    (schedule, found.finish())
}

/// [`parse`] for a piece of a text that `found` was made for.
pub fn read<'t>(body: &'t str, found: &mut Diagnostics<'t>) -> Schedule<'t> {
    let mut schedule = Schedule::default();
    for row in records(body) {
        for finding in &row.findings {
            found.at(finding.rule, row.text.get(finding.span.clone()).unwrap_or(row.text));
        }
        match row.record {
            Record::Header(header) => {
                schedule.header.get_or_insert(header);
            }
            Record::Carrier(_) if schedule.blocks.len() >= MOST_BLOCKS => {
                found.at(rules::STRAY_RECORD, row.text);
                schedule.unknown.push(row.text);
            }
            Record::Carrier(carrier) => {
                check_end(&schedule, row.text, found);
                schedule.blocks.push(Block { carrier: Some(carrier), ..Block::default() });
            }
            Record::Leg(leg) => {
                let leg = FlightLeg { leg, data: Vec::new() };
                block(&mut schedule, row.text, found).legs.push(leg);
            }
            Record::Data(data) => {
                let block = block(&mut schedule, row.text, found);
                let mut legs = block.legs.iter_mut().rev().take(MOST_LEGS_BACK);
                match legs.find(|leg| leg.leg.holds(&data)) {
                    Some(leg) => leg.data.push(data),
                    None => {
                        found.at(rules::STRAY_DATA, row.text);
                        block.stray.push(data);
                    }
                }
            }
            Record::Trailer(_) if ended(&schedule) => {
                found.at(rules::STRAY_RECORD, row.text);
                schedule.unknown.push(row.text);
            }
            Record::Trailer(trailer) => {
                let block = block(&mut schedule, row.text, found);
                let named = block.carrier.map(|carrier| carrier.airline);
                if named.is_some_and(|airline| airline != trailer.airline) {
                    found.at(rules::OTHER_TRAILER, row.text);
                }
                block.trailer = Some(trailer);
            }
            Record::Filler => {}
            Record::Unknown(text) => schedule.unknown.push(text),
        }
    }
    check_end(&schedule, body.get(body.len()..).unwrap_or_default(), found);
    schedule
}

fn ended(schedule: &Schedule<'_>) -> bool {
    schedule.blocks.last().is_none_or(|block| block.trailer.is_some())
}

/// The block that records belong to; a new one after a trailer or before any carrier.
fn block<'a, 't>(
    schedule: &'a mut Schedule<'t>,
    at: &'t str,
    found: &mut Diagnostics<'t>,
) -> &'a mut Block<'t> {
    if ended(schedule) && schedule.blocks.len() < MOST_BLOCKS {
        found.at(rules::NO_CARRIER, at);
        schedule.blocks.push(Block::default());
    }
    let last = schedule.blocks.len().saturating_sub(1);
    &mut schedule.blocks[last]
}

fn check_end<'t>(schedule: &Schedule<'t>, at: &'t str, found: &mut Diagnostics<'t>) {
    if schedule.blocks.last().is_some_and(|block| block.trailer.is_none()) {
        found.at(rules::NO_TRAILER, at);
    }
}

/// A leg out of a file that is not held in memory.
#[derive(Clone, Debug)]
pub struct LegRow<'t> {
    /// The carrier record it stands under.
    pub carrier: Option<Carrier<'t>>,
    /// The leg and its segment data.
    pub leg: FlightLeg<'t>,
    /// Line of the leg, from 1.
    pub line: u32,
    /// What there is to say about its records and those passed over before it.
    pub diagnostics: Vec<Diagnostic>,
}

/// All legs of a file, each with its segment data, whether they follow the leg or the last leg of
/// its itinerary. Holds one itinerary at a time; allocates only for legs that have data or
/// findings.
#[must_use]
pub fn legs(text: &str) -> Legs<'_> {
    Legs {
        rows: records(text),
        carrier: None,
        ready: VecDeque::new(),
        held: None,
        found: Vec::new(),
    }
}

/// See [`legs`].
#[derive(Clone, Debug)]
pub struct Legs<'t> {
    rows: Records<'t>,
    carrier: Option<Carrier<'t>>,
    /// Legs of one itinerary, all of their data found.
    ready: VecDeque<LegRow<'t>>,
    /// The first leg of the next.
    held: Option<LegRow<'t>>,
    found: Vec<Diagnostic>,
}

impl<'t> Iterator for Legs<'t> {
    type Item = LegRow<'t>;

    #[inline]
    fn next(&mut self) -> Option<LegRow<'t>> {
        if self.ready.is_empty() {
            self.itinerary();
        }
        self.ready.pop_front()
    }
}

impl<'t> Legs<'t> {
    /// What was found after the last leg that was handed out.
    #[must_use]
    pub fn left_over(&self) -> &[Diagnostic] {
        &self.found
    }

    fn itinerary(&mut self) {
        self.ready.extend(self.held.take());
        while let Some(mut row) = self.rows.next() {
            match row.record {
                Record::Leg(leg) => {
                    self.tell(&row);
                    let diagnostics = std::mem::take(&mut self.found);
                    let carrier = self.carrier;
                    let next = FlightLeg { leg, data: Vec::new() };
                    let next = LegRow { carrier, leg: next, line: row.line, diagnostics };
                    let goes_on = |last: &LegRow<'_>| same_itinerary(&last.leg.leg, &leg);
                    let few = self.ready.len() < MOST_LEGS_BACK;
                    if self.ready.back().is_none_or(|last| few && goes_on(last)) {
                        self.ready.push_back(next);
                    } else {
                        self.held = Some(next);
                        return;
                    }
                }
                Record::Data(data) => {
                    let mut legs = self.ready.iter_mut().rev();
                    match legs.find(|row| row.leg.leg.holds(&data)) {
                        Some(row) => row.leg.data.push(data),
                        None => row.findings.push(stray()),
                    }
                    self.tell(&row);
                }
                Record::Carrier(carrier) => {
                    self.tell(&row);
                    self.carrier = Some(carrier);
                }
                Record::Trailer(_) => {
                    self.tell(&row);
                    self.carrier = None;
                }
                _ => self.tell(&row),
            }
        }
    }

    #[inline]
    fn tell(&mut self, row: &Row<'_>) {
        if !row.findings.is_empty() && self.found.len() < MOST_KEPT {
            self.found.extend(row.diagnostics());
        }
    }
}

fn same_itinerary(one: &Leg, other: &Leg) -> bool {
    (one.airline, one.number, one.suffix, one.variation)
        == (other.airline, other.number, other.suffix, other.variation)
}

const fn stray() -> Finding {
    Finding { rule: rules::STRAY_DATA, span: 0..0 }
}

impl<'t> Schedule<'t> {
    /// All legs with the carrier record each stands under.
    pub fn legs(&self) -> impl Iterator<Item = (Option<&Carrier<'t>>, &FlightLeg<'t>)> {
        self.blocks
            .iter()
            .flat_map(|block| block.legs.iter().map(move |leg| (block.carrier.as_ref(), leg)))
    }

    /// All segment data without a leg.
    pub fn stray(&self) -> impl Iterator<Item = &SegmentData<'t>> {
        self.blocks.iter().flat_map(|block| &block.stray)
    }
}
