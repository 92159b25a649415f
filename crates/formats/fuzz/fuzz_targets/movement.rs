//! Reads any bytes as a movement message, writes what was read and reads that.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decoded = formats::text::decode(bytes);
    let text = decoded.as_str();
    let (message, _) = formats::movement::parse(text);
    let written = formats::movement::write(&message);
    let (again, _) = formats::movement::parse(&written);
    let _ = (message.movements.len(), again.movements.len());
});
