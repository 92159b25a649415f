//! Reads any bytes as a load message.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decoded = formats::text::decode(bytes);
    let text = decoded.as_str();
    let (message, _) = formats::load::parse(text);
    let _ = (message.seated(), message.weights().count());
});
