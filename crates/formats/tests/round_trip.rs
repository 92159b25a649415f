//! What is written is read back the same: envelopes, and lists of every kind, in one part or many.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formats::diagnostic::Diagnostics;
use formats::envelope::{self, Address, Envelope, TimeGroup};
use formats::passenger_list::{self, Change, Group, ListWriter, PassengerList, Section};
use formats::{DayMonth, FlightDesignator, Kind};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct PlannedName {
    surname: String,
    givens: Vec<String>,
    group: Option<(String, u16)>,
    elements: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
struct PlannedSection {
    destination: String,
    class: String,
    count: u16,
    pad: Option<u16>,
    mark: usize,
    names: Vec<PlannedName>,
}

#[derive(Clone, Debug)]
struct Plan {
    kind: Kind,
    association: Option<String>,
    number: u32,
    sections: Vec<PlannedSection>,
}

/// Text of remarks: long enough to be continued, with blanks and hyphens where they hurt.
fn remark() -> impl Strategy<Value = (String, String)> {
    let code = prop_oneof![Just("OTHS"), Just("TKNE"), Just("DOCS"), Just("FQTV"), Just("VGML")];
    let text = "[A-Z0-9/ -]{0,180}[A-Z0-9]";
    (code, text).prop_map(|(code, text)| ("R".to_owned(), format!("{code} HK1 {text}")))
}

fn element() -> impl Strategy<Value = (String, String)> {
    let fixed = |label: &str, text: &str| Just((label.to_owned(), text.to_owned()));
    prop_oneof![
        4 => remark(),
        2 => "[A-Z0-9]{6}".prop_map(|code| ("L".to_owned(), format!("{code}/1E"))),
        1 => fixed("O", "CA981J22PEKJFK1300"),
        1 => fixed("M", "ZH1515Y22PEKSHA"),
        1 => fixed("ID2", ""),
        1 => fixed("W", "K/1/18"),
        1 => fixed("X9", "WHATEVER IT SAYS"),
    ]
}

fn name() -> impl Strategy<Value = PlannedName> {
    let given = "[A-Z]{2,8}(MR|MRS| MS|CHD)?";
    let group = prop::option::of(("[A-D]", 1..9_u16));
    let parts = (
        "[A-Z]{2,10}",
        prop::collection::vec(given, 0..4),
        group,
        prop::collection::vec(element(), 0..7),
    );
    parts.prop_map(|(surname, givens, group, elements)| PlannedName {
        surname,
        givens,
        group,
        elements,
    })
}

fn section() -> impl Strategy<Value = PlannedSection> {
    let class = prop::sample::select(vec!["J", "Y", "B", "M"]);
    let names = prop::collection::vec(name(), 0..12);
    ("[A-Z]{3}", class, 0..400_u16, prop::option::of(0..9_u16), 0..3_usize, names).prop_map(
        |(destination, class, count, pad, mark, names)| PlannedSection {
            destination,
            class: class.to_owned(),
            count,
            pad,
            mark,
            names,
        },
    )
}

fn plan() -> impl Strategy<Value = Plan> {
    let kind = prop::sample::select(vec![Kind::Pnl, Kind::Adl, Kind::Pfs, Kind::Prl, Kind::Etl]);
    let association = prop::option::of("[0-9]{3,6}");
    let sections = prop::collection::vec(section(), 0..8);
    (kind, association, 1..9_999_u32, sections).prop_map(|(kind, association, number, sections)| {
        Plan { kind, association, number, sections }
    })
}

fn heading() -> Envelope<'static> {
    Envelope {
        priority: Some("QU"),
        destinations: ["PEKKMCA", "SHAKNCA"].into_iter().filter_map(Address::read).collect(),
        origin: Address::read("BJSRMCA"),
        time: TimeGroup::read("211530"),
        signature: Some("CA"),
        ..Envelope::default()
    }
}

fn written(plan: &Plan) -> Vec<String> {
    let flight = FlightDesignator { airline: "CA", number: plan.number, suffix: None };
    let date = DayMonth { day: 22, month: 11 };
    let mut writer = ListWriter::new(plan.kind, &heading(), flight, date, "PEK");
    if let Some(number) = &plan.association {
        writer = writer.with_association(number);
    }
    writer.heading("CFG/030C210Y");
    writer.heading("RBD J/J Y/YBM");
    for section in &plan.sections {
        let PlannedSection { destination, class, count, pad, mark, names } = section;
        let (class, count) = (class.as_str(), Some(*count));
        let of_total = Section { destination, class, count, pad: *pad, ..Section::default() };
        match plan.kind {
            Kind::Pfs => {
                writer.totals(&Section { destination, ..Section::default() });
                writer.category(["NOSHO", "GOSHO", "QQQQQ"][*mark], count, class);
            }
            Kind::Adl => {
                writer.totals(&of_total);
                writer.indicator([Change::Del, Change::Add, Change::Chg][*mark]);
            }
            _ => writer.totals(&of_total),
        }
        for name in names {
            let givens: Vec<&str> = name.givens.iter().map(String::as_str).collect();
            let group = name.group.as_ref().map(|(id, size)| Group { id, size: *size });
            let count = u16::try_from(givens.len().max(1)).unwrap();
            writer.name(count, &name.surname, &givens, group);
            for (label, text) in &name.elements {
                writer.element(label, text);
            }
        }
    }
    writer.finish()
}

fn read(parts: &[String]) -> PassengerList<'_> {
    let parts = parts.iter().rev().map(|part| passenger_list::parse(part).0).collect();
    let merged = passenger_list::merge(parts).unwrap();
    assert!(merged.is_complete);
    merged.list
}

fn tree(list: &PassengerList<'_>) -> String {
    serde_json::to_string_pretty(list).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn lists_come_back(plan in plan()) {
        let parts = written(&plan);
        for part in &parts {
            prop_assert!(part.lines().all(|line| line.chars().count() <= 64), "{part}");
        }
        let list = read(&parts);
        // What was planned is there.
        let planned: Vec<String> = plan.sections.iter().flat_map(|of| &of.names).map(|name| {
            format!("{}/{}", name.surname, name.givens.join("/"))
        }).collect();
        let found: Vec<String> = list.names.iter().map(|name| {
            let range = name.passengers.start as usize..name.passengers.end as usize;
            let givens: Vec<&str> = list.passengers[range].iter().map(|one| one.sent).collect();
            format!("{}/{}", name.surname, givens.join("/"))
        }).collect();
        prop_assert_eq!(planned, found);
        let planned: Vec<&str> = plan.sections.iter().flat_map(|of| &of.names)
            .flat_map(|name| &name.elements).map(|(_, text)| text.as_str()).collect();
        let found: Vec<&str> = list.elements.iter().map(|element| element.text.trim_end()).collect();
        prop_assert_eq!(planned, found);
        // What was read is written the same, and read the same again.
        let again = passenger_list::write(&heading(), &list).unwrap();
        prop_assert_eq!(tree(&read(&again)), tree(&list));
    }

    #[test]
    fn envelopes_come_back(
        addresses in prop::collection::vec("[A-Z0-9]{7}", 0..30),
        origin in "[A-Z]{5}[A-Z0-9]{2}",
        priority in prop::option::of(prop::sample::select(vec!["QU", "QD", "QK", "QN", "QX", "SS"])),
        signature in prop::option::of("[A-Z]{2}"),
        time in prop::option::of((1..=31_u8, 0..24_u8, 0..60_u8, prop::option::of(0..60_u8))),
        references in prop::collection::vec("[A-Z]{3}[0-9]{2}", 0..3),
    ) {
        let time = time.map(|(day, hour, minute, second)| TimeGroup { day, hour, minute, second });
        let sent = Envelope {
            priority,
            destinations: addresses.iter().filter_map(|address| Address::read(address)).collect(),
            origin: Address::read(&origin),
            signature: signature.as_deref(),
            time,
            references: references.iter().map(String::as_str).collect(),
            identifier: Some("PNL"),
            ..Envelope::default()
        };
        let text = format!("{}PNL\r\nCA1/22NOV PEK PART1\r\n", envelope::write(&sent));
        let mut said = Diagnostics::of(&text);
        let read = envelope::read(&text, &mut said);
        prop_assert_eq!(read.body_of(&text), "CA1/22NOV PEK PART1\r\n");
        prop_assert_eq!(Envelope { content: 0..0, body: 0..0, ..read }, sent);
    }
}

/// A gateway's header names the priority whatever it is; before addresses it would hide them.
#[test]
fn a_priority_nobody_would_read_is_not_written() {
    let sent = Envelope { priority: Some("1A\u{0}\u{e}"), ..heading() };
    let text = format!("{}PNL\r\n", envelope::write(&sent));
    let read = envelope::read(&text, &mut Diagnostics::of(&text));
    assert_eq!((read.priority, read.destinations), (None, sent.destinations));
    assert_eq!(read.origin, sent.origin);
}
