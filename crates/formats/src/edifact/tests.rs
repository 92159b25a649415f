//! Syntax by the book and from life.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostics;

fn known(tag: Tag) -> bool {
    matches!(&tag.0, b"UNB" | b"UNH" | b"UNT" | b"UNZ" | b"TIF" | b"FTI" | b"ABI")
}

fn read(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let mut notes = Diagnostics::of(text);
    let mut tokens = Tokens::of(text, known, &mut notes);
    let mut told = Vec::new();
    while let Some(segment) = tokens.next(&mut notes) {
        let elements = (1..=segment.element_count()).map(|element| {
            let components = 0..segment.component_count(element);
            components.map(|at| segment.get(element, at).into_owned()).collect::<Vec<_>>().join("|")
        });
        told.push(format!("{} {}", segment.tag.as_str(), elements.collect::<Vec<_>>().join(" + ")));
    }
    (told, notes.finish().into_iter().map(|note| note.code).collect())
}

#[test]
fn segments_by_the_book() {
    let (told, notes) = read("UNA:+.? 'UNB+IATA:1+CA'TIF+O?'NEIL+A?+B??:A:1'UNZ+1'");
    assert_eq!(told, ["UNB IATA|1 + CA", "TIF O'NEIL + A+B?|A|1", "UNZ 1"]);
    assert!(notes.is_empty());
}

#[test]
fn delimiters_of_every_sender() {
    let expected = ["UNB IATA|1 + CA", "UNH 1 + PNRGOV|11", "TIF LI + MEI|A"];
    for text in [
        "UNB+IATA:1+CA'UNH+1+PNRGOV:11'TIF+LI+MEI:A'",
        "UNA:-.? *UNB-IATA:1-CA*UNH-1-PNRGOV:11*TIF-LI-MEI:A*",
        "UNB*IATA:1*CA#\nUNH*1*PNRGOV:11#\nTIF*LI*MEI:A#\n",
        "UNB\u{1d}IATA\u{1f}1\u{1d}CA\u{1c}UNH\u{1d}1\u{1d}PNRGOV\u{1f}11\u{1c}TIF\u{1d}LI\u{1d}MEI\u{1f}A\u{1c}",
        "QU X\n.Y 1\nUNA:+.?*'\r\nUNB+IATA:1+CA'\r\nU\r\nNH+1+PNR\r\nGOV:11'TIF+LI+M\nEI:A'",
    ] {
        assert_eq!(read(text).0, expected, "{text}");
    }
    let (told, notes) = read("UNA:+\\*'\nUNB+IATA:1+CA'UNH+1+PNRGOV:11'TIF+L\\'I+MEI:A'");
    assert_eq!(told[2], "TIF L'I + MEI|A");
    assert_eq!(notes, ["edifact-bad-una"]);
    assert_eq!(read("UNA:+.\\*\u{2019} UNB+IATA:1+CA'UNH+1+PNRGOV:11'TIF+LI+MEI:A'").0, expected);
}

#[test]
fn terminators_lost_and_found() {
    let (told, notes) = read("UNB+IATA:1'TIF+O'NEIL+PAT:A'TIF+LI\u{2019}\nTIF+HO\nFTI+CA:1'ABI+1");
    assert_eq!(told, ["UNB IATA|1", "TIF O'NEIL + PAT|A", "TIF LI", "TIF HO", "FTI CA|1", "ABI 1"]);
    assert_eq!(
        notes,
        [
            "edifact-unescaped-terminator",
            "edifact-typographic-terminator",
            "edifact-missing-terminator",
            "edifact-missing-terminator"
        ]
    );
}

#[test]
fn a_tag_glued_to_digits_begins_a_segment() {
    let (told, notes) = read("UNB+IATA:1'FTI+CA:061210:1200TIF+LI+MEI'FTI+CA:5'TIF+LATIF+ALI'");
    assert_eq!(
        told,
        ["UNB IATA|1", "FTI CA|061210|1200", "TIF LI + MEI", "FTI CA|5", "TIF LATIF + ALI"]
    );
    assert_eq!(notes, ["edifact-missing-terminator"]);
}

#[test]
fn question_marks_in_text_stay() {
    assert_eq!(read("UNB+IATA:1'\nTIF+WHY? NO+OK?'\nFTI+CA'").0[1], "TIF WHY? NO + OK?");
}

#[test]
fn text_behind_the_interchange_is_passed_over() {
    let (told, notes) = read("UNB+IATA:1'UNZ+1'\n\nEmail: it's secured + more'\nUNB+IATA:1'UNZ+1");
    assert_eq!(told.len(), 4);
    assert_eq!(notes, ["edifact-text-after", "edifact-missing-terminator"]);
}

#[test]
fn hostile_texts_end_in_time() {
    let plus = format!("UNB+IATA:1'TIF{}", "+".repeat(3_000_000));
    assert_eq!(read(&plus).1, ["edifact-segment-too-long"]);
    for unit in ["'", "\n", "?", "'\n", "UNA", "UNZ'", "TIF'", "' ", "\u{2019}", "UN", "UNA:+.?*'"]
    {
        let text = format!("UNB+IATA:1'{}", unit.repeat(1_000_000 / unit.len()));
        let _ = read(&text);
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(UN[ABHZ][:+.? ']{0,8}\\PC{0,30}){0,6}|[A-Z+:'?\n ]{0,200}") {
        let _ = read(&text);
    }
}
