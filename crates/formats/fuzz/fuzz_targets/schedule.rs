//! Reads any bytes as a schedule file, expands it, writes it and reads that.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decoded = formats::text::decode(bytes);
    let text = decoded.as_str();
    let (schedule, _) = formats::schedule::parse(text);
    let first = formats::when::Day { year: 2026, month: 1, day: 1 };
    let last = formats::when::Day { year: 2026, month: 12, day: 31 };
    for (carrier, leg) in schedule.legs() {
        let mode = carrier.map_or(formats::schedule::TimeMode::Local, |carrier| carrier.mode());
        let _ = leg.leg.operations(mode, first, last).count();
    }
    let _ = formats::schedule::parse(&formats::schedule::write(&schedule));
    let _ = formats::schedule::legs(text).count();
});
