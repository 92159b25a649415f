//! Any text: the envelope's ranges are inside it, and what is written of it is read the same.
#![no_main]

use formats::diagnostic::Diagnostics;
use formats::envelope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = envelope::read(text, &mut Diagnostics::of(text));
    assert!(text.get(read.content.clone()).is_some());
    assert!(text.get(read.body.clone()).is_some());
    for piece in envelope::split(text) {
        assert!(text.get(piece).is_some());
    }
    let written = format!("{}PNL\r\n", envelope::write(&read));
    let short = written.lines().all(|line| line.len() <= 64);
    if short && read.origin.is_some() && !read.destinations.is_empty() {
        let again = envelope::read(&written, &mut Diagnostics::of(&written));
        assert_eq!((again.origin, again.destinations), (read.origin, read.destinations));
    }
});
