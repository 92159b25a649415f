//! Reads any bytes as baggage messages.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decoded = formats::text::decode(bytes);
    let text = decoded.as_str();
    let (messages, _) = formats::baggage::parse(text);
    for group in messages.iter().flat_map(|message| message.groups()) {
        let _ = group.tags().flat_map(|tags| tags.plates()).count();
    }
});
