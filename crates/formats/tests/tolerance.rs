//! Messages that arrive damaged: nothing panics, and what was not touched is still read.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formats::{Message, Read};
use proptest::prelude::*;

const FIXTURES: &[&str] = &[
    include_str!("../fixtures/pnl/ca_four_kinds_of_remark.txt"),
    include_str!("../fixtures/pnl/zh_part1.txt"),
    include_str!("../fixtures/pnl/zh_part2.txt"),
    include_str!("../fixtures/pnl/su_cyrillic.txt"),
    include_str!("../fixtures/pnl/af_elements_on_name_line.txt"),
    include_str!("../fixtures/adl/mu_changes.txt"),
    include_str!("../fixtures/adl/missing_indicator.txt"),
    include_str!("../fixtures/pfs/ca_categories.txt"),
    include_str!("../fixtures/pfs/blanks_and_title.txt"),
    include_str!("../fixtures/pfs/no_counts.txt"),
    include_str!("../fixtures/prl/ca_flown.txt"),
    include_str!("../fixtures/etl/ca_departed.txt"),
    include_str!("../fixtures/ftl/ca_members.txt"),
    include_str!("../fixtures/tpm/ho_manifest.txt"),
    include_str!("../fixtures/psm/ca_services.txt"),
    include_str!("../fixtures/ptm/ca_transfers.txt"),
    include_str!("../fixtures/envelope/frame_and_controls.txt"),
    include_str!("../fixtures/envelope/named_fields.txt"),
    include_str!("../fixtures/pnl/broken_everywhere.txt"),
];

/// Reads bytes, looks at everything a consumer may look at, and gives the surnames and given names.
fn read_all(bytes: &[u8]) -> Vec<String> {
    let text = formats::text::decode(bytes);
    let read = formats::read(&text);
    for found in &read.diagnostics {
        assert!(found.span.end <= text.as_str().len());
        assert!(text.as_str().get(found.span.clone()).is_some(), "{} cuts a character", found.code);
        let _ = formats::diagnostic::drawn(found, &text);
    }
    serde_json::to_string(&read).unwrap();
    names(&read)
}

fn names(read: &Read<'_>) -> Vec<String> {
    let pair = |surname: &str, given: &str| format!("{surname}/{given}");
    match &read.message {
        Message::PassengerList(list) => {
            let people = list.people().map(|person| {
                let _ = (person.key(), person.infants(), person.seat(), person.party());
                let _ =
                    (person.marketing(), person.corporate(), person.born(), person.compartment());
                let _ = (person.locators().count(), person.onward().count(), person.tier());
                let _ = (person.contacts().count(), person.bag_tags().count(), person.bags());
                pair(person.surname(), person.given())
            });
            people.collect()
        }
        Message::Services(list) => {
            let each = list.names().flat_map(|(_, _, name)| {
                name.passengers.iter().map(|(given, _)| pair(name.surname, given))
            });
            each.collect()
        }
        Message::Transfers(list) => {
            let each = list.transfers.iter().flat_map(|transfer| &transfer.names);
            each.flat_map(|name| name.passengers.iter().map(|(given, _)| pair(name.surname, given)))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn without_line(text: &str, line: usize) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    lines.filter(|(index, _)| *index != line).map(|(_, line)| line).collect()
}

/// `few` without the names that are in `many`, each as often as it is there.
fn lost(many: &[String], few: &[String]) -> Vec<String> {
    let mut left = few.to_vec();
    let mut gone = Vec::new();
    for name in many {
        match left.iter().position(|other| other == name) {
            Some(at) => drop(left.remove(at)),
            None => gone.push(name.clone()),
        }
    }
    gone
}

#[test]
fn every_line_may_be_missing() {
    for text in FIXTURES {
        let all = read_all(text.as_bytes());
        for (index, line) in text.lines().enumerate() {
            let damaged = without_line(text, index);
            let gone = lost(&all, &read_all(damaged.as_bytes()));
            let own: usize = line.split('/').count() * 25;
            let identifier = line.trim().len() == 3;
            assert!(identifier || gone.len() <= own.min(3), "without {line:?} {gone:?} are gone");
            for name in gone.iter().filter(|_| !identifier) {
                let surname = name.split('/').next().unwrap();
                assert!(line.contains(surname), "without {line:?} {name} is gone");
            }
        }
    }
}

#[test]
fn every_line_may_be_garbled() {
    for text in FIXTURES {
        let all = read_all(text.as_bytes());
        for (index, line) in text.lines().enumerate() {
            if line.trim().len() == 3 || line.starts_with('=') {
                continue;
            }
            for garbage in ["#@!%", "", "....", "-", "9", ".R", ".X/", "\u{7f}\u{1}", "ЖЖЖ/Ж"] {
                let lines = text.lines().enumerate();
                let lines = lines.map(|(at, line)| if at == index { garbage } else { line });
                let damaged = lines.collect::<Vec<_>>().join("\n");
                let gone = lost(&all, &read_all(damaged.as_bytes()));
                for name in gone {
                    let surname = name.split('/').next().unwrap();
                    assert!(line.contains(surname), "{garbage:?} for {line:?}: {name} is gone");
                }
            }
        }
    }
}

#[test]
fn hostile_sizes_stay_linear() {
    let begun = std::time::Instant::now();
    let many = |line: &str| format!("PNL\nCA1/22NOV PEK PART1\n-SHA001Y\n{}", line.repeat(200_000));
    for line in [
        "\n",
        "1A/B\n",
        "999A\n",
        "1A-ZZ9\n",
        ".L/ABCDE/CA\n",
        "-AAA000Y\n",
        "1A/B\n.RN/X\n",
        "A\n",
        "1A/B-C2\n.L/ABCDE\n",
        "ADD\n",
        "1/\n",
        " \n",
        ".R/TKNE -1A/B\n",
        "ENDPNL\n",
    ] {
        read_all(many(line).as_bytes());
    }
    let name = "PNL\nCA1/22NOV PEK PART1\n-SHA001Y\n1A/B\n.R/OTHS ";
    for piece in ["-", "-1A/B", " .", " .R/", "/", "A", "Ж", " ", "-1A/Q"] {
        read_all(format!("{name}{}", piece.repeat(400_000)).as_bytes());
        read_all(format!("{name}X\n{}", format!(".RN/{piece}\n").repeat(100_000)).as_bytes());
        read_all(piece.repeat(1_000_000).as_bytes());
        let wide = format!(
            "PNL\nCA1/22NOV PEK PART1\n-SHA001Y\n9A{}\n",
            format!("/{piece}").repeat(50_000)
        );
        read_all(wide.as_bytes());
    }
    assert!(begun.elapsed().as_secs() < 300, "took {:?}", begun.elapsed());
}

#[derive(Clone, Debug)]
enum Damage {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Cut(usize),
    Replace(usize, char),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<usize>().prop_map(Damage::Delete),
        any::<usize>().prop_map(Damage::Double),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Damage::Swap(a, b)),
        any::<usize>().prop_map(Damage::Cut),
        (any::<usize>(), any::<char>()).prop_map(|(at, char)| Damage::Replace(at, char)),
    ]
}

fn damaged(text: &str, how: &Damage) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let count = lines.len().max(1);
    match how {
        _ if lines.is_empty() => {}
        Damage::Delete(at) => drop(lines.remove(at % count)),
        Damage::Double(at) => lines.insert(at % count, lines[at % count]),
        Damage::Swap(a, b) => lines.swap(a % count, b % count),
        Damage::Cut(at) => return text.chars().take(at % (text.len() + 1)).collect(),
        Damage::Replace(at, with) => {
            let at = at % text.chars().count().max(1);
            let chars = text.chars().enumerate();
            return chars.map(|(index, char)| if index == at { *with } else { char }).collect();
        }
    }
    lines.concat()
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn no_lines_panic(lines in prop::collection::vec("[A-Z0-9./ -]{0,70}", 0..40), kind in 0..9_usize) {
        let kind = ["PNL", "ADL", "PFS", "PRL", "ETL", "PSM", "PTM", "TPM", ""][kind];
        read_all(format!("{kind}\nCA1501/22NOV PEK PART1\n{}", lines.join("\n")).as_bytes());
    }

    #[test]
    fn no_damage_panics(
        fixture in 0..FIXTURES.len(),
        how in prop::collection::vec(damage(), 1..6),
    ) {
        let mut text = FIXTURES[fixture].to_owned();
        for one in &how {
            text = damaged(&text, one);
        }
        read_all(text.as_bytes());
        for piece in formats::envelope::split(&text) {
            prop_assert!(text.get(piece).is_some());
        }
    }
}
