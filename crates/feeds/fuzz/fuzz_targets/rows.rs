//! From any bytes to records: no panic, bounded memory.
#![no_main]

use std::io::Write;

use feeds::file::{Limits, Next, Row, Table, inspect};
use feeds::mapping::{FileHints, shipped, shipped_names};
use feeds::rows::Mapper;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = tempfile::NamedTempFile::new() else { return };
    if file.write_all(bytes).is_err() {
        return;
    }
    let limits = Limits { record: 4_096, free: 1 << 20, ..Limits::default() };
    let Ok(facts) = inspect(file.path(), &FileHints::default(), &limits, true) else { return };
    for mapping in shipped_names().filter_map(shipped) {
        let Ok(mut mapper) = Mapper::new(&mapping, &facts.header, facts.shape.decimal) else {
            continue;
        };
        let Ok(mut table) = Table::open(file.path(), &facts.shape, &limits) else { continue };
        let (mut row, mut issues) = (Row::default(), Vec::new());
        while let Ok(next) = table.next(&mut row) {
            match next {
                Next::End => break,
                Next::Fault(fault) => issues.push(Mapper::fault(row.number, &fault)),
                Next::Row => drop(mapper.map(&row, &mut issues)),
            }
        }
    }
});
