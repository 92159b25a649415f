#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = formats::text::decode(bytes);
    let (pass, _) = formats::boarding_pass::parse(text.as_str());
    let written = formats::boarding_pass::write(&pass);
    let _ = formats::boarding_pass::parse(&written);
});
