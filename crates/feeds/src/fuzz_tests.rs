//! Whatever the bytes: no panic, bounded memory, every row either a record or a finding.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use crate::file::{Limits, Next, Row, Table, inspect};
use crate::mapping::{FileHints, shipped, shipped_names, suggest};
use crate::rows::{Level, Mapper};

fn chew(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fuzz");
    std::fs::write(&path, bytes).unwrap();
    let limits = Limits { record: 4_096, free: 1 << 20, ..Limits::default() };
    let Ok(facts) = inspect(&path, &FileHints::default(), &limits, true) else { return };
    let kind = suggest::kind_of(&facts.header);
    let suggestions = suggest::suggest(&facts, kind, None);
    let guessed = suggest::as_mapping(&suggestions, kind, "fuzz", None, &facts.header);
    let all = shipped_names().filter_map(shipped).chain([guessed]);
    for mapping in all {
        let Ok(mut mapper) = Mapper::new(&mapping, &facts.header, facts.shape.decimal) else {
            continue;
        };
        let mut table = Table::open(&path, &facts.shape, &limits).unwrap();
        let (mut row, mut issues) = (Row::default(), Vec::new());
        loop {
            match table.next(&mut row) {
                Err(_) | Ok(Next::End) => break,
                Ok(Next::Fault(fault)) => issues.push(Mapper::fault(row.number, &fault)),
                Ok(Next::Row) => {
                    let before = issues.len();
                    let record = mapper.map(&row, &mut issues);
                    let rejected =
                        issues[before..].iter().any(|issue| issue.level == Level::Reject);
                    assert_eq!(record.is_none(), rejected, "a row without record has a reason");
                }
            }
        }
    }
}

const HEADERS: &[&str] = &[
    "MEMBER_NO,FFP_DATE,FLIGHT_COUNT,SEG_KM_SUM,LOAD_TIME,avg_discount,AGE,WORK_CITY\n",
    "Loyalty Number,Year,Month,Total Flights,Distance,Points Accumulated,Points Redeemed\n",
    "member_no;flight_date;origin;destination;km;fare;discount;cabin\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        chew(&bytes);
    }

    #[test]
    fn any_cells_below_a_known_header(
        header in 0..HEADERS.len(),
        cells in "([-+0-9.,;/:|\"\r\n\t年月日 TZeE%男金PEKSHA\u{0}\u{3000}\u{fffd}]|[a-z]){0,400}",
    ) {
        chew(format!("{}{cells}", HEADERS[header]).as_bytes());
    }

    #[test]
    fn any_damage_to_good_rows(
        header in 0..HEADERS.len(),
        at in 0_usize..400,
        byte in any::<u8>(),
    ) {
        let row = "1,2014/3/31,4,580717,3/31/2014,0.96,31,beijing\n".repeat(8);
        let mut bytes = format!("{}{row}", HEADERS[header]).into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        chew(&bytes);
    }
}
