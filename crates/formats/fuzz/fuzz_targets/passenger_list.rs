//! Any text as a list of any kind; two halves as two parts; what is written is read again.
#![no_main]

use formats::Kind;
use formats::diagnostic::Diagnostics;
use formats::envelope::Envelope;
use formats::passenger_list::{self, merge};
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 7] =
    [Kind::Pnl, Kind::Adl, Kind::Pfs, Kind::Prl, Kind::Etl, Kind::Ftl, Kind::Tpm];

fuzz_target!(|input: (u8, &str)| {
    let (kind, text) = input;
    let kind = KINDS[usize::from(kind) % KINDS.len()];
    let read =
        |text| passenger_list::read_body(kind, text, 0..str::len(text), &mut Diagnostics::of(text));
    let list = read(text);
    for person in list.people() {
        let _ = (person.key(), person.infants(), person.seat(), person.party(), person.born());
        let _ = (person.marketing(), person.corporate(), person.compartment(), person.bags());
        let _ = (person.details().count(), person.shared().count(), person.locators().count());
    }
    if let Some(parts) = passenger_list::write(&Envelope::default(), &list) {
        let again = parts.iter().map(|part| passenger_list::parse(part).0).collect();
        assert!(merge(again).is_some());
    }
    let half = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (first, second) = text.split_at(half);
    let merged = merge(vec![read(first), read(second)]);
    assert!(
        merged.is_some_and(|merged| merged.list.people().count() == merged.list.passengers.len())
    );
});
