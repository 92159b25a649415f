//! Any bytes through everything: no panic, findings inside the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = formats::text::decode(bytes);
    let read = formats::read(&text);
    for found in &read.diagnostics {
        assert!(text.as_str().get(found.span.clone()).is_some());
        let _ = formats::diagnostic::drawn(found, &text);
    }
});
