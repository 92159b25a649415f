#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = formats::text::decode(bytes);
    let (read, notes) = formats::pnrgov::parse(text.as_str());
    for note in &notes {
        assert!(text.as_str().get(note.span.clone()).is_some());
    }
    let _ = serde_json::to_string(&read);
});
