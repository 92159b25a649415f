//! Reads any bytes as a tracing file.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decoded = formats::text::decode(bytes);
    let text = decoded.as_str();
    let (file, _) = formats::baggage::tracing::parse(text);
    let _ = (file.tags().count(), file.flights().count(), file.airline());
});
