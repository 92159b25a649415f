//! Every code, field and word has its sentence in both languages.

use kernel::Lang;
use web::texts::Texts;

use crate::cells::words::Vocabulary;
use crate::mapping::fields::{Field, FileKind, Type};

#[test]
fn both_languages_say_the_same_things() {
    let texts = Texts::new(&[crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
}

#[test]
fn everything_that_can_be_found_or_chosen_has_a_text() {
    let texts = Texts::new(&[crate::TEXTS]).unwrap();
    let mut keys = Vec::new();
    let source = [
        include_str!("../rows/cell.rs"),
        include_str!("../rows/mapper.rs"),
        include_str!("../imports/reader.rs"),
        include_str!("../imports/check.rs"),
    ]
    .concat();
    for piece in source.split('"').skip(1).step_by(2) {
        let code =
            piece.contains('-') && piece.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if code && !piece.starts_with("feeds-") {
            keys.push(format!("feeds-issue-{piece}"));
        }
    }
    assert!(keys.len() > 25, "{keys:?}");
    for field in Field::ALL {
        keys.push(format!("feeds-field-{}", field.key().replace('_', "-")));
        if let Type::Word(words) = field.kind() {
            keys.extend(words.values().map(|word| format!("feeds-word-{word}")));
        }
    }
    for kind in FileKind::ALL {
        keys.extend(["kind", "title"].map(|part| format!("feeds-{part}-{}", kind.as_str())));
    }
    assert!(Vocabulary::Outcome.values().count() > 3);
    for lang in [Lang::En, Lang::ZhCn] {
        for key in &keys {
            assert!(texts.has(lang, key), "{key} in {}", lang.as_str());
        }
    }
}

#[test]
fn every_finding_of_every_reader_is_told_in_both_languages() {
    let all = [
        formats::baggage::rules::ALL,
        formats::boarding_pass::rules::ALL,
        formats::booking::rules::ALL,
        formats::edifact::rules::ALL,
        formats::envelope::rules::ALL,
        formats::load::rules::ALL,
        formats::movement::rules::ALL,
        formats::ndc::rules::ALL,
        formats::passenger_list::rules::ALL,
        formats::paxlst::rules::ALL,
        formats::pnrgov::rules::ALL,
        formats::psm::rules::ALL,
        formats::ptm::rules::ALL,
        formats::schedule::rules::ALL,
        formats::schedule_change::rules::ALL,
    ];
    let texts = Texts::new(&[crate::TEXTS]).unwrap();
    let rules: Vec<_> = all.into_iter().flatten().collect();
    assert!(rules.len() > 200);
    for lang in [Lang::En, Lang::ZhCn] {
        for rule in &rules {
            let key = format!("feeds-finding-{}", rule.code);
            assert!(texts.has(lang, &key), "{key} in {}", lang.as_str());
        }
    }
}
