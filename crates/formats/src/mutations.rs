//! Ways to spoil a message, and to put down what was read of it, for tests.

use proptest::prelude::*;
use serde::Serialize;

use crate::Diagnostic;

/// The tree of a record and a line for each finding, for snapshots.
pub fn tree_and_findings((read, notes): &(impl Serialize, Vec<Diagnostic>)) -> String {
    let mut told = serde_json::to_string_pretty(read).unwrap();
    for note in notes {
        let Diagnostic { severity, code, line, column, .. } = note;
        told.push_str(&format!("\n{severity:?} {code} {line}:{column}"));
    }
    told
}

/// One spoiling of a text. Positions are taken modulo its length.
#[derive(Clone, Debug)]
pub enum Mutation {
    DeleteLine(usize),
    RepeatLine(usize),
    SwapLines(usize, usize),
    DeleteChar(usize),
    PutChar(usize, char),
    Cut(usize),
}

pub fn any_mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let place = 0_usize..100_000;
    let sign = prop_oneof![
        any::<char>(),
        "[A-Z0-9/+:'?\n <>&;.-]".prop_map(|text| text.chars().next().unwrap_or(' '))
    ];
    let one = prop_oneof![
        place.clone().prop_map(Mutation::DeleteLine),
        place.clone().prop_map(Mutation::RepeatLine),
        (place.clone(), place.clone()).prop_map(|(one, two)| Mutation::SwapLines(one, two)),
        place.clone().prop_map(Mutation::DeleteChar),
        (place.clone(), sign).prop_map(|(at, sign)| Mutation::PutChar(at, sign)),
        place.prop_map(Mutation::Cut),
    ];
    proptest::collection::vec(one, 1..6)
}

pub fn spoil(text: &str, mutations: &[Mutation]) -> String {
    mutations.iter().fold(text.to_owned(), |text, mutation| spoil_once(&text, mutation))
}

fn spoil_once(text: &str, mutation: &Mutation) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut signs: Vec<char> = text.chars().collect();
    if signs.is_empty() {
        return String::new();
    }
    let (line, sign) = (lines.len(), signs.len());
    match mutation {
        Mutation::DeleteLine(at) => drop(lines.remove(at % line)),
        Mutation::RepeatLine(at) => lines.insert(at % line, lines[at % line]),
        Mutation::SwapLines(one, two) => lines.swap(one % line, two % line),
        Mutation::DeleteChar(at) => {
            signs.remove(at % sign);
            return signs.into_iter().collect();
        }
        Mutation::PutChar(at, with) => {
            signs[at % sign] = *with;
            return signs.into_iter().collect();
        }
        Mutation::Cut(at) => return signs.into_iter().take(at % sign).collect(),
    }
    lines.concat()
}

/// Each text that `text` becomes when one of its lines is spoilt: a letter in the middle of it is
/// replaced. The number of the line comes with it.
pub fn each_line_spoilt(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let count = text.lines().count();
    (0..count).filter_map(move |spoilt| {
        let mut changed = false;
        let lines = text.lines().enumerate().map(|(at, line)| {
            if at != spoilt || line.chars().count() < 4 {
                return line.to_owned();
            }
            changed = true;
            let middle = line.chars().count() / 2;
            line.chars()
                .enumerate()
                .map(|(at, sign)| if at == middle { '#' } else { sign })
                .collect()
        });
        let lines: Vec<String> = lines.collect();
        changed.then(|| (spoilt, lines.join("\n") + "\n"))
    })
}
