//! Any text as PSM and as PTM.
#![no_main]

use formats::diagnostic::Diagnostics;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let all = 0..text.len();
    let services = formats::psm::read_body(text, all.clone(), &mut Diagnostics::of(text));
    assert!(services.names().count() <= text.len());
    let transfers = formats::ptm::read_body(text, all, &mut Diagnostics::of(text));
    assert!(transfers.transfers.len() <= text.len());
});
