//! Reads any bytes as a schedule message.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decoded = formats::text::decode(bytes);
    let text = decoded.as_str();
    let (message, _) = formats::schedule_change::parse(text);
    let day = formats::when::Day { year: 2026, month: 11, day: 30 };
    for change in &message.changes {
        let _ = change.periods.iter().filter(|period| period.flies_on(day)).count();
        let _ = change.legs.iter().filter_map(|leg| leg.arrival.on(day)).count();
    }
});
